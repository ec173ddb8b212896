"""The agenda by key and pointer: rows and days, selection by id over what is added and dropped, states."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from himsog_desktop.domain.agenda import AgendaDay
from himsog_desktop.ui.calendar.agenda_layout import EMPTY, HEADING, Line
from himsog_desktop.ui.calendar.agenda_paint import columns_of, empty_words
from himsog_desktop.ui.calendar.agenda_view import AgendaView
from himsog_desktop.ui.theme.theme import Theme, make_theme
from tests.support.days import FRIDAY, at, tile
from tests.support.months import agenda, agenda_day

KEY = Qt.Key
SATURDAY, SUNDAY, MONDAY = (FRIDAY + timedelta(days=n) for n in (1, 2, 3))
TILES = (
    tile("a", 9),
    tile("b", 10, status="CANCELLED"),
    tile("c", 11.5, status="PENDING"),
    tile("m", 9, day=MONDAY),
)
DAYS = (
    agenda_day(FRIDAY, *TILES),
    agenda_day(SATURDAY, free=12),
    agenda_day(SUNDAY, opened=False, note="Bonifacio Day"),
    agenda_day(MONDAY, *TILES),
)


def week_of(first: date, many: int = 8) -> tuple[AgendaDay, ...]:
    """Seven full days."""
    return tuple(
        agenda_day(day, *(tile(f"{day:%d}-{n}", 8 + n / 2, day=day) for n in range(many)))
        for day in (first + timedelta(days=i) for i in range(7))
    )


class Rig:
    """One agenda on screen and what it asked for."""

    def __init__(self, view: AgendaView) -> None:
        self.view = view
        self.heard: list[tuple[object, ...]] = []
        for name in ("open_requested", "book_requested", "day_requested", "more_requested", "retry_requested"):
            getattr(view, name).connect(lambda *values, name=name: self.heard.append((name, *values)))

    def show(self, *days: AgendaDay) -> None:
        self.view.set_part(agenda(*days))
        QApplication.processEvents()
        self.heard.clear()

    def key(self, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            QTest.keyClick(self.view, key, modifiers)

    def place(self, line: Line) -> QPoint:
        top, bottom = self.view.layout_.place(line)
        return QPoint(200, (top + bottom) // 2 - self.view.offset())

    def click(self, line: Line, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, modifiers, self.place(line))

    def asked(self, name: str) -> list[object]:
        return [entry[1] for entry in self.heard if entry[0] == name]


@pytest.fixture
def rig(qtbot: QtBot, theme: Theme) -> Iterator[Rig]:
    view = AgendaView(theme)
    view.now = lambda: at(10.7)
    view.resize(900, 500)
    view.show()
    view.activateWindow()
    view.setFocus(Qt.FocusReason.OtherFocusReason)
    QApplication.processEvents()
    made = Rig(view)
    yield made
    view.hide()
    shiboken6.delete(view)


def test_a_day_opens_at_what_comes_next(rig: Rig) -> None:
    rig.view.go_to_day(FRIDAY)
    rig.show(*DAYS)
    assert rig.view.day == FRIDAY
    assert rig.view.cursor_tile() == TILES[2]


def test_keys_go_through_rows_days_and_ends(rig: Rig) -> None:
    rig.show(*DAYS)
    rig.view.go_to("a")
    rig.key(KEY.Key_Down, KEY.Key_Down)
    assert rig.view.cursor_tile() == TILES[2]
    rig.key(KEY.Key_Down)
    assert rig.view.cursor_line() == Line(1, EMPTY)
    assert rig.view.day == SATURDAY
    rig.key(KEY.Key_Right, KEY.Key_Right)
    assert rig.view.cursor_tile() == TILES[3]
    rig.key(KEY.Key_Left, KEY.Key_Left, KEY.Key_Left, KEY.Key_End)
    assert rig.view.cursor_tile() == TILES[2]
    rig.key(KEY.Key_Home)
    assert rig.view.cursor_tile() == TILES[0]
    rig.key(KEY.Key_PageDown)
    assert rig.view.cursor_tile() == TILES[3]


def test_enter_opens_books_or_says_that_it_is_closed(rig: Rig) -> None:
    rig.show(*DAYS)
    rig.view.go_to("a")
    rig.key(KEY.Key_Return)
    assert rig.asked("open_requested") == ["a"]
    rig.view.move_cursor(Line(1, EMPTY))
    rig.key(KEY.Key_Return)
    assert rig.asked("book_requested") == [SATURDAY]
    rig.view.move_cursor(Line(2, EMPTY))
    rig.key(KEY.Key_Return)
    assert rig.asked("book_requested") == [SATURDAY]


def test_days_without_appointments_say_what_they_have(rig: Rig) -> None:
    assert empty_words(DAYS[1]) == "No appointments · 12 free times"
    assert empty_words(DAYS[2]) == "Closed · Bonifacio Day"
    assert empty_words(agenda_day(FRIDAY, free=0)) == "No appointments · nothing free"
    assert empty_words(agenda_day(FRIDAY)) == "No appointments"


def test_clicks_choose_a_row_a_stretch_or_the_day(rig: Rig) -> None:
    rig.show(*DAYS)
    rig.view.verticalScrollBar().setValue(0)
    rig.click(Line(0, 0))
    assert rig.asked("open_requested") == ["a"]
    rig.click(Line(0, 2), Qt.KeyboardModifier.ShiftModifier)
    assert rig.view.selection() == ["a", "b", "c"]
    rig.click(Line(0, 1), Qt.KeyboardModifier.ControlModifier)
    assert rig.view.selection() == ["a", "c"]
    rig.click(Line(3, HEADING))
    assert rig.asked("day_requested") == [MONDAY]
    rig.click(Line(1, EMPTY))
    assert rig.view.selection() == []


def test_what_is_seen_stays_when_days_come_above_it(rig: Rig) -> None:
    rig.show(*week_of(MONDAY))
    rig.view.go_to(f"{MONDAY + timedelta(days=3):%d}-2")
    top = rig.place(rig.view.cursor_line() or Line(0, 0))
    rig.view.set_part(agenda(*week_of(MONDAY - timedelta(days=7)), *week_of(MONDAY)))
    assert rig.place(rig.view.cursor_line() or Line(0, 0)) == top


def test_towards_either_end_more_is_asked_for(rig: Rig) -> None:
    rig.show(*week_of(MONDAY), *week_of(MONDAY + timedelta(days=7)), *week_of(MONDAY + timedelta(days=14)))
    rig.view.verticalScrollBar().setValue(rig.view.layout_.height // 2)
    rig.heard.clear()
    rig.view.verticalScrollBar().setValue(rig.view.verticalScrollBar().maximum())
    assert rig.asked("more_requested")[-1] == 1
    rig.view.verticalScrollBar().setValue(0)
    assert rig.asked("more_requested")[-1] == -1


def test_selection_is_by_id_over_what_is_dropped_and_lost_with_what_is_gone(rig: Rig) -> None:
    first, second = week_of(MONDAY), week_of(MONDAY + timedelta(days=7))
    rig.show(*first, *second)
    rig.view.set_selection({"23-0", "24-1", "30-0"})
    rig.view.set_part(agenda(*second))  # the first week was scrolled away
    assert rig.view.selection() == ["30-0", "23-0", "24-1"]
    rig.view.set_part(agenda(*first, *second))
    assert rig.view.selection() == ["23-0", "24-1", "30-0"]
    gone = first[0]._replace(tiles=first[0].tiles[1:])
    rig.view.set_part(agenda(gone, *first[1:], *second))
    assert rig.view.selection() == ["24-1", "30-0"]


def test_the_cursor_stays_in_its_day_when_its_row_is_gone(rig: Rig) -> None:
    rig.show(*DAYS)
    rig.view.go_to("b")
    rig.view.set_part(agenda(agenda_day(FRIDAY, TILES[0], TILES[2]), *DAYS[1:]))
    assert rig.view.cursor_tile() == TILES[2]
    rig.view.set_part(agenda(agenda_day(FRIDAY), *DAYS[1:]))
    assert rig.view.cursor_line() == Line(0, EMPTY)


def test_scrolling_says_which_day_it_stands_on(rig: Rig) -> None:
    days: list[date] = []
    rig.view.day_changed.connect(days.append)
    rig.show(*week_of(MONDAY), *week_of(MONDAY + timedelta(days=7)))
    rig.view.verticalScrollBar().setValue(rig.view.layout_.top(5) + 3)
    assert days[-1] == MONDAY + timedelta(days=5)


def test_what_has_no_room_goes_in_order_and_the_name_stays(rig: Rig) -> None:
    rig.show(*DAYS)
    wide = columns_of(rig.view)
    assert min(wide.name[1], wide.service[1], wide.provider[1], wide.state[1]) > 0
    for width in (640, 480, 330):
        rig.view.resize(width, 400)
        rig.view.grab()
    narrow = columns_of(rig.view)
    assert narrow.service[1] == narrow.provider[1] == narrow.state[1] == 0
    assert narrow.name[1] > 80


def test_times_have_room_on_either_clock(rig: Rig) -> None:
    rig.show(*DAYS)
    for hour12 in (False, True):
        rig.view.set_hour12(hour12)
        room = columns_of(rig.view).time[1]
        words = [rig.view.clock.range(at(hour), at(hour + 0.47)) for hour in (0, 8, 10.33, 11.75, 12.8, 22)]
        assert max(rig.view.theme.body.width(text) for text in words) <= room


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_painted_in_every_state_direction_and_scale(rig: Rig, scheme: str, qtbot: QtBot) -> None:
    rig.show(*DAYS)
    rig.view.set_theme(make_theme("dark" if scheme == "dark" else "light", 2.0))
    rig.view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    rig.view.set_selection({"a"})
    rig.view.set_hour12(True)
    rig.view.set_privacy(True)
    rig.view.grab()
    rig.view.set_error("The disk failed.")
    rig.view.grab()
    rig.view.set_part(agenda(*DAYS), {"a"})
    rig.view.grab()
    rig.view.set_loading()
    qtbot.waitUntil(lambda: rig.view.state == "skeleton", timeout=1000)
    rig.view.grab()
    rig.view.set_part(agenda(*DAYS))
    assert rig.view.state == "page"


def test_an_empty_agenda_invites_until_somebody_works_on_it(rig: Rig) -> None:
    rig.show(agenda_day(SATURDAY, free=3), agenda_day(SUNDAY, opened=False))
    assert rig.view.hint_lines() == rig.view.empty_hint
    rig.key(KEY.Key_Down)
    assert rig.view.hint_lines() == ()


def test_the_card_tells_the_rest(rig: Rig) -> None:
    rig.show(agenda_day(FRIDAY, tile("n", 9, note="First visit")))
    rig.view.go_to("n")
    rig.key(KEY.Key_I)
    card = rig.view.hand.card.shown
    assert card is not None
    assert "First visit" in [fact.text for fact in card.facts]
    rig.key(KEY.Key_Down)
    assert rig.view.hand.card.shown is None
