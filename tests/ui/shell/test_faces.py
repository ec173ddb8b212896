"""Month and agenda in the real window: keys, the day in view goes along, acts, what others write, panels beside."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from himsog_desktop.domain.appointment import StatusAct
from himsog_desktop.domain.commands import SetStatus
from himsog_desktop.domain.day import Tile
from himsog_desktop.services import states
from himsog_desktop.ui.appointments.booking_panel import BookingPanel
from himsog_desktop.ui.shell.agenda import Agenda
from himsog_desktop.ui.shell.month import Month
from himsog_desktop.ui.shell.pages import FACES, CalendarPage
from tests.ui.conftest import NOW, Seat

TODAY = date(2026, 11, 20)


def month_of(seat: Seat) -> Month:
    seat.press(Qt.Key.Key_M)
    page = seat.workspace.page("month")
    assert isinstance(page, Month)
    seat.wait(lambda: page.view.page is not None)
    seat.settle()
    return page


def agenda_of(seat: Seat) -> Agenda:
    seat.press(Qt.Key.Key_A)
    page = seat.workspace.page("agenda")
    assert isinstance(page, Agenda)
    seat.wait(lambda: page.view.state == "page")
    seat.settle()
    return page


def coming(page: Month, status: str = "PENDING") -> Tile:
    """A coming appointment that has a row."""
    assert page.view.page is not None
    return next(
        tile
        for number, cell in enumerate(page.view.page.cells)
        for tile in cell.rows[: page.view.shown(number)]
        if tile.status == status and tile.start > NOW
    )


def test_the_switch_has_four_faces_and_the_day_goes_along(seat: Seat) -> None:
    assert [face.word for face in FACES] == ["Day", "Week", "Month", "Agenda"]
    page = month_of(seat)
    assert isinstance(page, CalendarPage)
    assert page.day == TODAY
    assert page.view.hasFocus()
    seat.press(Qt.Key.Key_Right)
    assert page.day == TODAY + timedelta(days=1)
    agenda = agenda_of(seat)
    assert agenda.day == TODAY + timedelta(days=1)
    seat.press(Qt.Key.Key_D)
    seat.settle()
    assert seat.workspace.day.day == TODAY + timedelta(days=1)
    assert seat.workspace.day.view.hasFocus()


def test_months_by_keys_and_today_again(seat: Seat) -> None:
    page = month_of(seat)
    seat.press(Qt.Key.Key_PageDown)
    seat.settle()
    assert page.view.page is not None
    assert page.view.page.month == "2026-12-01"
    assert page.day == date(2026, 12, 20)
    seat.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    seat.press(Qt.Key.Key_BracketLeft)
    seat.settle()
    assert page.view.page.month == "2026-10-01"
    seat.press(Qt.Key.Key_T)
    seat.settle()
    assert seat.workspace.pages.currentWidget() is page
    assert page.day == TODAY
    assert page.view.hasFocus()


def test_the_months_beside_are_read_ahead(seat: Seat) -> None:
    page = month_of(seat)
    seat.wait(lambda: len(page.model._pages) == 3)
    seat.press(Qt.Key.Key_PageUp)
    assert page.view.page is not None
    assert page.view.page.month == "2026-10-01"  # at once


def test_enter_leads_into_the_day(seat: Seat) -> None:
    month_of(seat)
    seat.press(Qt.Key.Key_Right)
    seat.press(Qt.Key.Key_Return)
    seat.settle()
    assert seat.workspace.pages.currentWidget() is seat.workspace.day
    assert seat.workspace.day.day == TODAY + timedelta(days=1)


def test_a_state_key_acts_on_the_row_under_the_cursor_and_undo_gives_it_back(seat: Seat) -> None:
    page = month_of(seat)
    tile = coming(page)
    page.view.go_to(tile.id)

    def status() -> str:
        found = page.view.tile(tile.id)
        return "" if found is None else found.status

    seat.press(Qt.Key.Key_C)
    seat.wait(lambda: status() == "CONFIRMED")
    assert page.view.cursor_tile() is not None
    seat.workspace.acts.undo()
    seat.wait(lambda: status() == "PENDING")


def test_details_open_beside_the_month_and_it_gets_the_keyboard_back(seat: Seat) -> None:
    page = month_of(seat)
    tile = coming(page)
    page.view.go_to(tile.id)
    seat.press(Qt.Key.Key_Return)
    seat.settle()
    panel = seat.workspace.host.panel
    assert panel is not None
    assert panel.shows(tile.id)
    assert seat.workspace.pages.currentWidget() is page
    assert page.view.cursor_held
    seat.workspace.host.close_panel()
    seat.settle()
    assert page.view.hasFocus()
    assert not page.view.cursor_held


def test_booking_opens_beside_with_the_day_of_the_cursor(seat: Seat) -> None:
    page = month_of(seat)
    seat.press(Qt.Key.Key_Right)
    seat.workspace.open_booking()
    seat.settle()
    panel = seat.workspace.host.panel
    assert isinstance(panel, BookingPanel)
    assert seat.workspace.pages.currentWidget() is page
    assert panel.time.base_day == TODAY + timedelta(days=1)


def test_dropped_on_another_day_it_moves_with_its_wall_time(seat: Seat) -> None:
    page = month_of(seat)
    view = page.view
    assert view.page is not None
    tile = coming(page, "CONFIRMED")
    source = next(n for n, cell in enumerate(view.page.cells) if tile in cell.rows)
    assert view.why_not is not None
    for cell in range(source + 1, 42):
        day = date.fromisoformat(view.page.cells[cell].day)
        start = view.clock.zone.instant(day, view.clock.zone.minutes_of(tile.start))
        if not view.why_not(tile.provider_id, start, start + tile.end - tile.start, tile.id):
            break
    else:
        pytest.fail("no day is free")
    row = view.grid.row(source, view.page.cells[source].rows.index(tile))
    at, to = QPoint(row.x + 20, row.y + view.top + 5), view.cell_rect(cell).center()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    QTest.mouseMove(view, at + QPoint(14, 0))
    QTest.mouseMove(view, to - QPoint(1, 0))
    QTest.mouseMove(view, to)
    assert view.hand.reasons == []
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, to)
    seat.wait(lambda: any(text.startswith("Moved") for text in seat.messages()))
    moved = seat.workspace.ready.backend.here.reader.execute(
        "SELECT start_time FROM appointments WHERE id = ?", (tile.id,)
    ).fetchone()
    assert moved[0] == start


def test_of_what_another_process_writes_only_its_days_are_read_and_glow(seat: Seat) -> None:
    page = month_of(seat)
    tile = coming(page)
    pages: list[object] = []
    page.model.page_ready.connect(pages.append)
    asked: list[object] = []
    read = page.model._read_days
    page.model._read_days = lambda desk, days, rows: (asked.append(tuple(days)), read(desk, days, rows))[1]
    other = seat.other_process()
    with other.cache:
        states.set_status(other, SetStatus(StatusAct.CONFIRM, (tile.id,)))
    seat.wait(lambda: page.view.tile(tile.id) is not None and page.view.tile(tile.id).status == "CONFIRMED")  # type: ignore[union-attr]
    assert asked == [(page.view.clock.zone.date_of(tile.start),)]
    assert tile.id in dict(page.view.glow.strengths())


def test_the_agenda_reads_on_in_both_directions_and_acts(seat: Seat) -> None:
    page = agenda_of(seat)
    view = page.view
    before = len(view.layout_.days)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    seat.wait(lambda: len(view.layout_.days) > before)
    first = view.layout_.days[0].day
    view.verticalScrollBar().setValue(0)
    seat.wait(lambda: view.layout_.days[0].day < first)
    seat.settle()
    page.go_today()
    seat.settle()
    tile = next(t for d in view.layout_.days for t in d.tiles if t.status == "PENDING" and t.start > NOW)
    view.go_to(tile.id)
    seat.press(Qt.Key.Key_Space)
    seat.press(Qt.Key.Key_C)
    seat.wait(lambda: view.tile(tile.id) is not None and view.tile(tile.id).status == "CONFIRMED")  # type: ignore[union-attr]
    assert view.selection() == [tile.id]
    seat.press(Qt.Key.Key_Return)
    seat.settle()
    assert seat.workspace.host.panel is not None
    assert seat.workspace.host.panel.shows(tile.id)
    assert seat.workspace.pages.currentWidget() is page


def test_an_error_is_said_and_tried_again(seat: Seat) -> None:
    for page in (month_of(seat), agenda_of(seat)):
        page.view.set_error("The disk failed.")
        page.retry()
        seat.settle()
        assert page.view.state == "page"


def test_hidden_providers_are_hidden_here_too(seat: Seat) -> None:
    page = month_of(seat)
    assert page.view.page is not None
    some = next(iter(page.view.page.providers))
    prefs = seat.workspace.prefs
    prefs.set(prefs.now._replace(hidden=(some,)))
    seat.wait(lambda: page.view.page is not None and some not in page.view.page.providers)
    agenda = agenda_of(seat)
    assert some not in agenda.view.providers
    assert all(t.provider_id != some for d in agenda.view.layout_.days for t in d.tiles)
