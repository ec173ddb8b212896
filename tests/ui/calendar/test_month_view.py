"""The month by key and pointer: one cursor for days and rows, carrying to another day, states, looks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from himsog_desktop.domain.month import MonthPage
from himsog_desktop.ui.calendar.month_geometry import MonthHit
from himsog_desktop.ui.calendar.month_view import MonthStop, MonthView
from himsog_desktop.ui.theme.theme import Theme, make_theme
from tests.support.days import FRIDAY, at, tile
from tests.support.months import month

KEY = Qt.Key
FRI = 25
"""The cell of Friday 20 November 2026."""
DAY_10 = date(2026, 11, 10)


class Rig:
    """One month on screen and what it asked for."""

    def __init__(self, view: MonthView) -> None:
        self.view = view
        self.heard: list[tuple[object, ...]] = []
        for name in ("open_requested", "day_requested", "went", "month_requested", "move_requested", "retry_requested"):
            getattr(view, name).connect(lambda *values, name=name: self.heard.append((name, *values)))

    def show(self, page: MonthPage) -> None:
        self.view.set_page(page)
        QApplication.processEvents()
        self.heard.clear()

    def key(self, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            QTest.keyClick(self.view, key, modifiers)

    def at_row(self, cell: int, row: int) -> QPoint:
        place = self.view.grid.row(cell, row)
        return QPoint(place.x + 30, place.y + place.height // 2 + self.view.top)

    def at_head(self, cell: int) -> QPoint:
        place = self.view.grid.cell(cell)
        return QPoint(place.x + place.width // 2, place.y + 4 + self.view.top)

    def click(self, at: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.view, Qt.MouseButton.LeftButton, modifiers, at)

    def drag(self, start: QPoint, to: QPoint, *, let_go: bool = True) -> None:
        QTest.mousePress(self.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
        QTest.mouseMove(self.view, start + QPoint(3, 0))
        QTest.mouseMove(self.view, to - QPoint(1, 0))
        QTest.mouseMove(self.view, to)
        if let_go:
            QTest.mouseRelease(self.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, to)


@pytest.fixture
def rig(qtbot: QtBot, theme: Theme) -> Iterator[Rig]:
    view = MonthView(theme)
    view.now = lambda: at(10.7)
    view.resize(1120, 760)
    view.show()
    view.activateWindow()
    view.setFocus(Qt.FocusReason.OtherFocusReason)
    QApplication.processEvents()
    made = Rig(view)
    yield made
    view.hide()
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(0, 0))
    shiboken6.delete(view)


THREE = (tile("a", 9), tile("b", 10, status="PENDING"), tile("c", 11, status="CANCELLED"))
MANY = tuple(tile(f"m{n}", 8 + n / 4) for n in range(20))


def test_it_opens_on_today(rig: Rig) -> None:
    rig.show(month(*THREE))
    assert rig.view.day == FRIDAY
    assert rig.view.cursor == MonthStop(FRI, -1)


def test_the_cursor_goes_by_days_and_through_the_rows_of_a_day(rig: Rig) -> None:
    rig.show(month(*THREE))
    rig.key(KEY.Key_Down)
    assert rig.view.cursor_tile() == THREE[0]
    rig.key(KEY.Key_Down)
    assert rig.view.cursor_tile() == THREE[1]
    rig.key(KEY.Key_Down)  # the cancelled one has no row: on to the week below
    assert rig.view.cursor == MonthStop(FRI + 7, -1)
    rig.key(KEY.Key_Up)
    assert rig.view.cursor_tile() == THREE[1]
    rig.key(KEY.Key_Left)
    assert rig.view.cursor == MonthStop(FRI - 1, -1)
    rig.key(KEY.Key_Right, KEY.Key_Right)
    assert rig.view.day == date(2026, 11, 21)
    rig.key(KEY.Key_Up, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert rig.view.day == date(2026, 11, 14)
    rig.key(KEY.Key_Home)
    assert rig.view.day == date(2026, 11, 9)
    rig.key(KEY.Key_End)
    assert rig.view.day == date(2026, 11, 15)
    rig.key(KEY.Key_Home, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert rig.view.day == date(2026, 11, 1)


def test_beyond_the_page_another_month_is_asked_for(rig: Rig) -> None:
    rig.show(month(*THREE))
    rig.view.move_cursor(MonthStop(0, -1))
    rig.key(KEY.Key_Left)
    assert rig.heard == [("went", date(2026, 10, 25))]
    rig.heard.clear()
    rig.key(KEY.Key_PageDown, KEY.Key_PageUp)
    assert rig.heard == [("month_requested", 1), ("month_requested", -1)]


def test_enter_opens_the_day_or_the_appointment_and_the_rest_of_a_day(rig: Rig) -> None:
    rig.show(month(*MANY))
    rig.key(KEY.Key_Return)
    assert rig.heard == [("day_requested", FRIDAY)]
    rig.heard.clear()
    rig.key(KEY.Key_Down, KEY.Key_Return)
    assert rig.heard == [("open_requested", "m0")]
    rig.heard.clear()
    shown = rig.view.shown(FRI)
    assert 0 < shown < len(MANY)
    rig.key(*[KEY.Key_Down] * shown, KEY.Key_Return)
    assert rig.view.cursor == MonthStop(FRI, shown)
    assert rig.heard == [("day_requested", FRIDAY)]


def test_space_and_shift_select_and_escape_gives_it_up(rig: Rig) -> None:
    rig.show(month(*MANY))
    rig.key(KEY.Key_Down, KEY.Key_Space)
    assert rig.view.selection() == ["m0"]
    rig.key(KEY.Key_Down, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert rig.view.selection() == ["m0", "m1"]
    rig.key(KEY.Key_Escape)
    assert rig.view.selection() == []


def test_selection_and_cursor_stay_with_their_appointments(rig: Rig) -> None:
    rig.show(month(*THREE))
    rig.view.set_selection({"a", "b"})
    rig.view.go_to("b")
    rig.view.set_page(month(tile("new", 8), THREE[1]))
    assert rig.view.selection() == ["b"]
    assert rig.view.cursor_tile() == THREE[1]
    rig.view.set_page(month())
    assert rig.view.selection() == []
    assert rig.view.cursor == MonthStop(FRI, -1)


def test_clicks_choose_open_and_double_clicks_go_into_the_day(rig: Rig) -> None:
    rig.show(month(*THREE))
    rig.click(rig.at_row(FRI, 0))
    assert rig.heard == [("open_requested", "a")]
    assert rig.view.selection() == ["a"]
    rig.click(rig.at_row(FRI, 1), Qt.KeyboardModifier.ControlModifier)
    assert rig.view.selection() == ["a", "b"]
    rig.heard.clear()
    rig.click(rig.at_head(10))
    assert rig.view.selection() == []
    assert rig.view.day == date(2026, 11, 5)
    assert not rig.heard
    QTest.mouseDClick(rig.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, rig.at_head(10))
    assert rig.heard == [("day_requested", date(2026, 11, 5))]


def test_a_click_on_the_rest_opens_that_day(rig: Rig) -> None:
    rig.show(month(*MANY))
    more = rig.view.grid.more(FRI, len(MANY))
    assert more is not None
    rig.click(QPoint(more.x + 30, more.y + 5 + rig.view.top))
    assert rig.heard == [("day_requested", FRIDAY)]


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


def test_large_letters_and_small_windows_show_counts(rig: Rig, theme: Theme) -> None:
    rig.show(month(*MANY))
    assert rig.view.shown(FRI) > 0
    rig.view.resize(400, 700)
    assert rig.view.shown(FRI) == 0
    rig.key(KEY.Key_Down)  # nothing but days to go through
    assert rig.view.cursor == MonthStop(FRI + 7, -1)
    rig.view.resize(1120, 420)
    rig.view.set_theme(make_theme("dark", 2.0))
    assert rig.view.shown(FRI) == 0
    rig.view.grab()


def test_more_room_asks_for_more_rows(rig: Rig) -> None:
    wanted: list[int] = []
    rig.view.capacity_changed.connect(wanted.append)
    rig.show(month(*MANY, limit=3))
    assert rig.view.shown(FRI) <= 3
    rig.view.resize(1120, 1400)
    assert wanted
    assert wanted[-1] == rig.view.grid.most > 3
    rig.view.grab()  # rows that were not read yet are no rows


@pytest.mark.parametrize("state", ["error", "skeleton"])
def test_states_keep_their_place_and_go_when_a_page_comes(rig: Rig, state: str, qtbot: QtBot) -> None:
    rig.show(month(*THREE))
    if state == "error":
        rig.view.set_error("The disk failed.\nNothing was lost.")
        assert rig.view.error_lines()[0] == "The month could not be read"
    else:
        rig.view.set_loading()
        assert rig.view.state == "page"  # under 100 ms nothing is shown as loading
        qtbot.waitUntil(lambda: rig.view.state == "skeleton", timeout=1000)
    rig.view.grab()
    rig.key(KEY.Key_Down, KEY.Key_Return)
    assert not rig.heard
    rig.view.set_page(month(*THREE))
    assert rig.view.state == "page"


def test_an_empty_month_says_so(rig: Rig) -> None:
    rig.show(month())
    assert rig.view.hint_lines() == rig.view.empty_hint
    rig.show(month(*THREE))
    assert rig.view.hint_lines() == ()
    rig.show(month()._replace(providers={}))
    assert rig.view.hint_lines()[0] == "No providers to show"


def test_names_are_initials_where_strangers_look(rig: Rig) -> None:
    rig.show(month(*THREE))
    plain = rig.view.grab().toImage()
    rig.view.set_privacy(True)
    assert rig.view.grab().toImage() != plain


def test_the_card_tells_of_an_appointment_and_of_a_day(rig: Rig) -> None:
    rig.show(month(*THREE))
    rig.key(KEY.Key_I)
    card = rig.view.hand.card.shown
    assert card is not None
    assert [fact.text for fact in card.facts] == [
        "Fri 20 Nov 2026",
        "2 appointments, 1 requested",
        "1 h of 8 h booked (12 %)",
        "7 h free",
    ]
    rig.key(KEY.Key_Down, KEY.Key_I)
    card = rig.view.hand.card.shown
    assert card is not None
    assert card.facts[0].text == "Reyes, Ana"
    rig.key(KEY.Key_Left)
    assert rig.view.hand.card.shown is None


def test_what_a_colleague_changed_glows(rig: Rig) -> None:
    rig.show(month(*THREE))
    rig.view.set_page(month(*THREE, tile("new", 8)), {"new", "elsewhere"})
    assert [key for key, _ in rig.view.glow.strengths()] == ["new"]
    rig.view.grab()


def test_a_month_beside_is_laid_out_ahead(rig: Rig, qtbot: QtBot) -> None:
    december = tile("far", 9, day=date(2026, 12, 15))
    rig.show(month(*THREE))
    rig.view.warm(month(december, day=date(2026, 12, 1)))
    qtbot.waitUntil(lambda: any(key == "far" for key, _ in rig.view.painter._faces), timeout=1000)
