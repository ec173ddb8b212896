"""The window times its own answers: real keys through the window that the system would send them to."""

from __future__ import annotations

import json
import time

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from himsog_desktop.domain.speed import BLOCK, GOOD, Speeds
from himsog_desktop.services import health
from himsog_desktop.system import speedfile
from himsog_desktop.ui.shell.monitor import PULSE_MS, Monitor
from himsog_desktop.ui.shell.performance_panel import PerformancePanel, as_text
from tests.ui.conftest import Seat


@pytest.fixture
def monitor(seat: Seat) -> Monitor:
    seat.workspace.measure()
    found = seat.workspace.monitor
    assert found is not None
    assert found.on
    return found


def press(seat: Seat, key: Qt.Key) -> None:
    """As the system does: to the window, which hands it to whoever has the keyboard."""
    window = seat.program.window
    window.activateWindow()
    handle = window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, key)


def test_a_key_is_timed_to_the_paint_that_shows_what_it_did(seat: Seat, monitor: Monitor) -> None:
    press(seat, Qt.Key.Key_BracketRight)
    seat.wait(lambda: "day_after" in monitor.speeds.kinds)
    assert monitor.latest[-1].kind == "day_after"
    assert 0 < monitor.latest[-1].ms < 5000
    assert seat.workspace.day.view.page is not None
    assert seat.workspace.day.view.page.day == seat.workspace.day.day.isoformat()


def test_a_key_that_paints_nothing_is_not_counted(seat: Seat, monitor: Monitor) -> None:
    monitor.began("nothing")
    seat.wait(lambda: not monitor._open)
    assert "nothing" not in monitor.speeds.kinds


def test_a_stretch_without_answers_is_found_by_the_pulse(seat: Seat) -> None:
    now = 100.0
    monitor = Monitor(seat.program.window, seat.workspace.prefs, lambda: False, seat.workspace, lambda: now)
    monitor.began("book")
    now += PULSE_MS / 1000
    monitor._beat()
    assert BLOCK not in monitor.speeds.kinds
    now += 0.090
    monitor._beat()
    assert monitor.speeds.longest_block == pytest.approx(90, abs=0.1)
    now += 0.010
    monitor.painted()
    assert monitor.latest[-1].kind == "book"
    assert monitor.latest[-1].ms == pytest.approx(PULSE_MS + 100, abs=0.1)
    monitor.listen(on=False)


def test_what_still_runs_keeps_the_interaction_open(seat: Seat) -> None:
    now, busy = 0.0, True
    monitor = Monitor(seat.program.window, seat.workspace.prefs, lambda: busy, seat.workspace, lambda: now)
    monitor.began("book")
    now = 0.010
    monitor.painted()
    assert not monitor.latest
    now, busy = 0.045, False
    monitor.painted()
    assert [round(i.ms) for i in monitor.latest] == [45]
    monitor.listen(on=False)


def test_listening_costs_little_and_not_listening_nothing(seat: Seat, monitor: Monitor) -> None:
    handle = seat.program.window.windowHandle()
    event = QEvent(QEvent.Type.HoverMove)
    began = time.perf_counter()
    for _ in range(1000):
        monitor.eventFilter(handle, event)
    assert (time.perf_counter() - began) / 1000 < 200e-6  # ten times what is promised: no timed assertion by this
    monitor.listen(on=False)
    assert not monitor.on
    press(seat, Qt.Key.Key_BracketRight)
    QCoreApplication.processEvents()
    assert not monitor._open


def test_the_panel_tells_and_clears_and_copies(seat: Seat, monitor: Monitor) -> None:
    for _ in range(60):
        monitor.speeds.add("confirm", 12.0)
    seat.workspace.show_performance()
    panel = seat.workspace.host.panel
    assert isinstance(panel, PerformancePanel)
    assert "Confirm: 60" in panel.table.accessibleDescription()
    assert GOOD in panel.table.accessibleDescription()
    panel.copy.click()
    assert QGuiApplication.clipboard().text().splitlines()[1].startswith("confirm\t60\t")
    panel.forget.click()
    assert panel.table.rows == []


def test_counts_are_kept_without_anybodys_name_and_doctor_tells(seat: Seat, monitor: Monitor) -> None:
    for _ in range(90):
        monitor.speeds.add("confirm", 12.0)
    for _ in range(10):
        monitor.speeds.add("book", 700.0)
    desk = seat.other_process()
    seat.program.close_session()
    kept = speedfile.load(seat.folder)
    assert kept.kinds["confirm"].count == 90
    words = set(json.loads((seat.folder / speedfile.NAME).read_text()))
    assert words <= {"confirm", "book", BLOCK}
    finding = next(f for f in health.doctor(desk, seat.folder, thorough=False).findings if f.name == "speed")
    assert finding.level == health.WARNING
    assert "book 7" in finding.text or "book 6" in finding.text
    assert finding.todo
    speedfile.save(seat.folder, Speeds())
    finding = next(f for f in health.doctor(desk, seat.folder, thorough=False).findings if f.name == "speed")
    assert finding.level == health.OK
    desk.cache.close()


def test_a_damaged_file_counts_as_none(seat: Seat) -> None:
    (seat.folder / speedfile.NAME).write_bytes(b"\x00{not json")
    assert speedfile.load(seat.folder).kinds == {}
    assert as_text(Speeds()).startswith("kind\t")
