"""What is kept between starts, through the real program: closed and opened again on the same profile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from himsog_desktop.domain.freshness import State
from himsog_desktop.ui.appointments.booking_panel import BookingPanel
from himsog_desktop.ui.shell import commands
from himsog_desktop.ui.shell.panel_host import WIDTH
from tests.ui.conftest import Seat

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def again(seat: Seat, qtbot: QtBot, qapp: QApplication) -> Iterator[list[Seat]]:
    """Where a second sitting at the same profile is put, to be closed."""
    opened: list[Seat] = []
    yield opened
    for other in opened:
        other.close()


def reopened(seat: Seat, again: list[Seat], qtbot: QtBot, qapp: QApplication) -> Seat:
    """Close the window as a person does, and start anew."""
    key = seat.key()
    seat.doors.keep_place(seat.program)
    seat.program.close_session()
    seat.program.window.hide()
    seat.doors.close()
    other = Seat(qtbot, qapp, seat.folder)
    again.append(other)
    other.open(key)
    return other


def test_the_face_and_the_panel_come_back_after_today_was_painted(
    seat: Seat, again: list[Seat], qtbot: QtBot, qapp: QApplication
) -> None:
    page = seat.workspace.day.view.page
    assert page is not None
    shown = page.tiles[3].id
    seat.press(Qt.Key.Key_W)
    seat.settle()
    seat.workspace.open_details(shown)
    seat.workspace.host.wider(100)
    seat.press(Qt.Key.Key_B, CONTROL)
    other = reopened(seat, again, qtbot, qapp)
    other.wait(lambda: other.workspace.face is not other.workspace.day)
    assert other.workspace.day.view.page is not None  # today was there first
    assert other.workspace.day.day == date(2026, 11, 20)
    other.wait(lambda: other.workspace.host.panel is not None and other.workspace.host.panel.shows(shown))
    assert other.workspace.prefs.now.panel == WIDTH + 100
    assert other.workspace.sidebar.narrow
    other.workspace.show_calendar()
    other.workspace.host.close_panel()
    third = reopened(other, again, qtbot, qapp)
    third.settle()
    assert third.workspace.pages.currentWidget() is third.workspace.day
    assert third.workspace.host.panel is None


def test_a_booking_that_was_being_typed_is_offered_after_a_lock(seat: Seat) -> None:
    seat.press(Qt.Key.Key_N, CONTROL)
    seat.type("zzyzx")
    seat.settle()
    key = seat.key()
    seat.program.lock()
    seat.program.open(key)
    seat.settle()
    seat.wait(lambda: isinstance(seat.workspace.host.panel, BookingPanel))
    panel = seat.workspace.host.panel
    assert isinstance(panel, BookingPanel)
    seat.wait(lambda: panel.offer.isVisible())


def test_the_settings_page_is_nobodys_place_to_begin(
    seat: Seat, again: list[Seat], qtbot: QtBot, qapp: QApplication
) -> None:
    seat.workspace.open_page("settings")
    other = reopened(seat, again, qtbot, qapp)
    assert other.workspace.pages.currentWidget() is other.workspace.day


def test_switching_pages_writes_nothing_until_the_end(seat: Seat) -> None:
    file = seat.folder / "settings.json"
    before = file.stat().st_mtime_ns if file.exists() else 0
    seat.press(Qt.Key.Key_W)
    seat.press(Qt.Key.Key_D)
    seat.press(Qt.Key.Key_W)
    assert (file.stat().st_mtime_ns if file.exists() else 0) == before
    seat.program.close_session()
    assert '"view": "week"' in file.read_text()


def test_the_edge_of_the_panel_is_drawn_and_a_double_click_gives_the_usual(seat: Seat) -> None:
    seat.window.resize(1600, 900)
    seat.press(Qt.Key.Key_N, CONTROL)
    host = seat.workspace.host
    width = host.width()
    edge = host._edge
    middle = QPoint(2, edge.height() // 2)
    QTest.mousePress(edge, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    QTest.mouseMove(edge, middle - QPoint(90, 0))
    QTest.mouseRelease(edge, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    host.draw_to(width + 90)
    host.edge_let_go()
    assert host.width() == width + 90
    assert seat.workspace.prefs.now.panel == WIDTH + 90
    QTest.mouseDClick(edge, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    assert host.width() == width
    assert seat.workspace.prefs.now.panel is None


def test_a_local_profile_says_up_to_date_on_every_page_and_nothing_turns(seat: Seat) -> None:
    mark = seat.workspace.status.mark
    assert mark is not None
    for page in ("today", "week", "month", "agenda", "appointments", "settings"):
        seat.workspace.open_page(page)
        assert mark.state is State.FRESH
        assert mark.text() == "Up to date"
    seat.settle()


def test_a_paper_is_nobodys_place_to_begin(seat: Seat, again: list[Seat], qtbot: QtBot, qapp: QApplication) -> None:
    seat.press(Qt.Key.Key_W)
    seat.settle()
    seat.workspace.take_keyboard()
    commands.do(seat.workspace, "print")
    seat.settle()
    other = reopened(seat, again, qtbot, qapp)
    other.wait(lambda: other.workspace.face_page == "week")
