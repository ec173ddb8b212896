"""The month by key and pointer: one cursor for days and rows, choosing, states, looks."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from himsog_desktop.ui.calendar.month_view import MonthStop
from himsog_desktop.ui.theme.theme import Theme, make_theme
from tests.support.days import FRIDAY, tile
from tests.support.months import month
from tests.ui.calendar.month_rig import FRI, THREE, Rig

KEY = Qt.Key
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
