"""An appointment carried about the month, by key and pointer: to another day, over the border, given back."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from himsog_desktop.ui.calendar.month_geometry import MonthHit
from tests.support.days import at, tile
from tests.support.months import month
from tests.ui.calendar.month_rig import FRI, THREE, Rig

KEY = Qt.Key
DAY_10 = date(2026, 11, 10)


def test_an_appointment_is_carried_to_another_day_at_the_same_wall_time(rig: Rig) -> None:
    rig.show(month(*THREE))
    rig.drag(rig.at_row(FRI, 0), rig.at_head(FRI - 10))
    assert rig.heard == [("move_requested", "a", "p0", at(9, DAY_10), at(9.5, DAY_10))]


def test_a_shaky_click_carries_nothing(rig: Rig) -> None:
    rig.show(month(*THREE))
    start = rig.at_row(FRI, 0)
    rig.drag(start, start + QPoint(9, 0))
    assert [kind for kind, *_ in rig.heard] == ["open_requested"]


def test_what_is_over_is_not_carried(rig: Rig) -> None:
    rig.show(month(tile("done", 9, status="COMPLETED")))
    rig.drag(rig.at_row(FRI, 0), rig.at_head(3))
    assert not [entry for entry in rig.heard if entry[0] == "move_requested"]


def test_the_ghost_names_the_new_time_and_why_not(rig: Rig) -> None:
    asked: list[tuple[object, ...]] = []

    def why_not(*question: object) -> list[str]:
        asked.append(question)
        return ["Already booked"]

    rig.view.why_not = why_not
    rig.show(month(*THREE))
    rig.drag(rig.at_row(FRI, 0), rig.at_head(FRI - 10), let_go=False)
    words = rig.view.hand.ghost_words()
    assert words is not None
    assert words[1] == ["Tue 10 Nov, 09:00–09:30", "Already booked"]
    assert asked[-1] == ("p0", at(9, DAY_10), at(9.5, DAY_10), "a")
    rig.view.grab()
    rig.key(KEY.Key_Escape)
    assert rig.view.hand.carry is None
    QTest.mouseRelease(rig.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, rig.at_head(FRI - 10))
    assert not rig.heard


def test_what_a_colleague_cancels_is_given_back_and_said(rig: Rig) -> None:
    said: list[str] = []
    rig.view.given_back.connect(lambda: said.append("given back"))
    rig.show(month(*THREE))
    rig.drag(rig.at_row(FRI, 0), rig.at_head(FRI - 10), let_go=False)
    # Somebody else's change of another one lets it go on.
    rig.view.set_page(month(THREE[0], tile("b", 10, status="CANCELLED"), THREE[2]), {"b"})
    assert rig.view.hand.carry is not None
    rig.view.set_page(month(tile("a", 9, status="CANCELLED"), *THREE[1:]), {"a"})
    assert rig.view.hand.carry is None
    assert said == ["given back"]
    QTest.mouseRelease(rig.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, rig.at_head(FRI - 10))
    assert not [entry for entry in rig.heard if entry[0] == "move_requested"]


def test_a_page_waits_for_what_is_carried_and_ends_it_when_it_is_gone(rig: Rig) -> None:
    rig.show(month(*THREE))
    rig.drag(rig.at_row(FRI, 0), rig.at_head(3), let_go=False)
    rig.view.set_page(month(*THREE, tile("new", 8)))
    assert rig.view.tile("new") is None
    rig.view.set_page(month(THREE[1]))
    assert rig.view.hand.carry is None
    assert rig.view.tile("a") is None
    QTest.mouseRelease(rig.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, rig.at_head(3))
    assert not [entry for entry in rig.heard if entry[0] == "move_requested"]


def test_letting_go_takes_the_page_that_waited(rig: Rig) -> None:
    rig.show(month(*THREE))
    rig.drag(rig.at_row(FRI, 0), rig.at_head(3), let_go=False)
    rig.view.set_page(month(*THREE, tile("new", 8)))
    QTest.mouseRelease(rig.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, rig.at_head(3))
    assert rig.view.tile("new") is not None
    assert rig.heard[-1][:2] == ("move_requested", "a")


def test_carried_by_keys(rig: Rig) -> None:
    rig.show(month(*THREE))
    rig.key(KEY.Key_Down, KEY.Key_R, KEY.Key_Left, KEY.Key_Up, KEY.Key_Return)
    there = date(2026, 11, 12)
    assert rig.heard == [("move_requested", "a", "p0", at(9, there), at(9.5, there))]
    rig.heard.clear()
    rig.key(KEY.Key_R, KEY.Key_Left)
    rig.view.clearFocus()  # the keyboard went elsewhere: given back
    assert rig.view.hand.carry is None
    assert not rig.heard


DECEMBER = date(2026, 12, 15)


def _turns(rig: Rig) -> list[int]:
    turned: list[int] = []
    rig.view.turn_requested.connect(turned.append)
    return turned


@pytest.mark.parametrize(("border", "months"), [("foot", 1), ("head", -1), ("after", 1), ("before", -1)])
def test_what_rests_at_a_border_is_carried_to_another_month(rig: Rig, border: str, months: int) -> None:
    turned = _turns(rig)
    rig.show(month(*THREE))
    view, middle = rig.view, rig.at_head(10)
    rest = {
        "foot": QPoint(middle.x(), view.height() - 3),
        "head": QPoint(middle.x(), 2),
        "after": QPoint(view.width() - 3, middle.y()),
        "before": QPoint(-3, middle.y()),
    }[border]
    rig.drag(rig.at_row(FRI, 0), middle, let_go=False)
    view.hand.turn.turn_on()
    assert turned == [], "in the middle nothing turns"
    QTest.mouseMove(view, rest)
    view.hand.turn.turn_on()
    view.hand.turn.turn_on()
    assert turned == [months], "asked once until it comes"
    there = DECEMBER if months > 0 else date(2026, 10, 15)
    view.set_page(month(tile("x", 9, day=there), day=there))
    carry = view.hand.carry
    assert carry is not None
    assert (carry.away, carry.source) == (True, -1)
    day = view.day_of(carry.cell)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, rest)
    assert rig.heard[-1] == ("move_requested", "a", "p0", at(9, day), at(9.5, day))


def test_let_go_before_the_other_month_is_there_moves_nothing(rig: Rig) -> None:
    rig.show(month(*THREE))
    foot = QPoint(rig.at_head(10).x(), rig.view.height() - 3)
    rig.drag(rig.at_row(FRI, 0), foot, let_go=False)
    rig.view.hand.turn.turn_on()
    QTest.mouseRelease(rig.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, foot)
    rig.view.set_page(month(day=DECEMBER))
    assert rig.view.hand.carry is None
    assert not [entry for entry in rig.heard if entry[0] == "move_requested"]


def test_what_is_carried_away_and_changed_by_somebody_is_given_back(rig: Rig) -> None:
    rig.show(month(*THREE))
    rig.key(KEY.Key_Down, KEY.Key_R, KEY.Key_PageDown)
    rig.view.set_page(month(day=DECEMBER))
    rig.view.set_page(month(tile("x", 9, day=DECEMBER), day=DECEMBER))
    assert rig.view.tile("x") is None, "the page waits"
    assert not rig.view.hand.lost(["b"])
    assert rig.view.hand.lost(["a"])
    assert rig.view.tile("x") is not None
    rig.key(KEY.Key_Return)
    assert not [entry for entry in rig.heard if entry[0] == "move_requested"]


def test_while_the_other_month_is_on_its_way_it_is_given_back_too(rig: Rig) -> None:
    for said in ({"ids": ["a"]}, {"ids": [], "everything": True}):
        rig.show(month(*THREE))
        rig.view.go_to("a")
        rig.key(KEY.Key_R, KEY.Key_PageDown)
        assert rig.view.hand.turn.turning
        assert rig.view.hand.lost(**said)  # type: ignore[arg-type]
        assert rig.view.hand.carry is None


def test_turned_back_before_the_other_month_comes(rig: Rig) -> None:
    rig.show(month(*THREE))
    rig.key(KEY.Key_Down, KEY.Key_R, KEY.Key_PageDown)
    rig.view.set_loading()
    rig.view.set_page(month(*THREE, tile("new", 8)))
    assert (rig.view.state, rig.view.hand.carry, rig.view.hand.turn.turning) == ("page", None, False)
    assert rig.view.tile("new") is not None


def test_another_month_than_the_one_that_was_stepped_to_takes_nothing(rig: Rig) -> None:
    rig.show(month(*THREE))
    rig.key(KEY.Key_Down, KEY.Key_R, KEY.Key_PageDown)
    rig.view.set_page(month(day=date(2027, 3, 1)))
    assert rig.view.hand.carry is None


def test_carried_over_the_border_by_keys_and_home_again(rig: Rig) -> None:
    turned = _turns(rig)
    rig.show(month(*THREE))
    last = rig.view.day_of(41)
    rig.key(KEY.Key_Down, KEY.Key_R, *[KEY.Key_Down] * 2, *[KEY.Key_Right] * 2)
    assert rig.view.hand.carry is not None
    assert rig.view.day_of(rig.view.hand.carry.cell) == last
    rig.key(KEY.Key_Right, KEY.Key_Right)
    assert turned == [1], "keys wait for the month that comes"
    rig.view.set_page(month(day=DECEMBER))
    there = date.fromordinal(last.toordinal() + 1)
    assert rig.view.day_of(rig.view.hand.carry.cell) == there
    rig.key(KEY.Key_PageUp)
    rig.view.set_page(month(*THREE))
    carry = rig.view.hand.carry
    assert (carry.away, carry.source) == (False, FRI)
    assert rig.view.day_of(carry.cell) == date(2026, 11, there.day)
    rig.key(KEY.Key_Return)
    day = date(2026, 11, there.day)
    assert rig.heard[-1] == ("move_requested", "a", "p0", at(9, day), at(9.5, day))


def test_from_right_to_left_the_arrows_go_where_they_point(rig: Rig) -> None:
    rig.view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    rig.show(month(*THREE))
    rig.key(KEY.Key_Left)
    assert rig.view.day == date(2026, 11, 21)
    assert rig.view.hand.hit(rig.at_row(FRI, 0).toPointF()) == MonthHit(FRI, "row", 0)
    rig.view.grab()
