"""Hands on a keyboard: keys to whoever has the keyboard, an eye on the screen, and another program beside."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from himsog_desktop.domain.day import Tile
from himsog_desktop.services import histories, lists
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.documents import AppointmentDoc, HistoryDoc
from himsog_desktop.ui.appointments.booking_panel import BookingPanel
from tests.ui.conftest import PASSPHRASE, Seat

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NOW = "2026-11-20T10:10:00+08:00"
_MOUSE = {
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
}


class MouseWatch(QObject):
    """Counts what came from a mouse."""

    events = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOUSE:
            self.events += 1
        return False


class Hands:
    """A receptionist with a phone at her ear."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat

    def keys(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key after the other, each with its answer awaited."""
        for key in keys:
            QTest.keyClick(self.seat.focus(), key, modifier)
            self.seat.settle()

    def type(self, text: str) -> None:
        """Letters, and their answer."""
        QTest.keyClicks(self.seat.focus(), text)
        self.seat.settle()

    def new_booking(self) -> BookingPanel:
        """Ctrl+N."""
        self.keys(KEY.Key_N, modifier=CONTROL)
        return self.panel()

    def panel(self) -> BookingPanel:
        """The booking panel that is open."""
        panel = self.seat.workspace.host.panel
        assert isinstance(panel, BookingPanel)
        return panel

    def patient_and_service(self, name: str = "reyes", service: str = "check") -> BookingPanel:
        """Ctrl+N, the name, Enter, the service, Enter."""
        panel = self.new_booking()
        self.type(name)
        self.keys(KEY.Key_Return)
        self.type(service)
        self.keys(KEY.Key_Return)
        assert panel.patient.patient is not None
        assert panel.services.chosen
        return panel

    # ---------------------------------------------------------------------------- what is seen

    def tiles(self) -> list[Tile]:
        """The appointments on the screen."""
        page = self.seat.workspace.day.view.page
        return list(page.tiles) if page is not None else []

    def tile(self, fits: Callable[[Tile], bool]) -> Tile | None:
        """The first appointment on the screen that fits."""
        return next((tile for tile in self.tiles() if fits(tile)), None)

    def stand_on(self, tile_id: str) -> None:
        """Put the grid's cursor on an appointment, as the arrows would."""
        assert self.seat.workspace.day.view.go_to(tile_id)

    # ---------------------------------------------------------------------------- what is kept

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Another program at the same files."""
        desk = self.seat.other_process()
        try:
            yield desk
        finally:
            desk.cache.close()

    def kept(self, appointment_id: str) -> AppointmentDoc:
        """The appointment as the cache has it."""
        with self.desk() as desk:
            return lists.appointment(desk, appointment_id)

    def history(self, appointment_id: str) -> list[HistoryDoc]:
        """What the cache knows of its past."""
        with self.desk() as desk:
            return histories.history(desk, appointment_id)

    def himsog(self, *argv: str) -> subprocess.Popen[str]:
        """The ``himsog`` command as a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "himsog_desktop.cli", "--profile", str(self.seat.folder), "--json", *argv],
            env={**os.environ, "HIMSOG_PASSPHRASE": PASSPHRASE, "HIMSOG_NOW": NOW},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@contextmanager
def no_mouse() -> Iterator[MouseWatch]:
    """Nothing of what happens inside comes from a mouse."""
    app = QApplication.instance()
    assert app is not None
    watch = MouseWatch()
    app.installEventFilter(watch)
    try:
        yield watch
    finally:
        app.removeEventFilter(watch)
    assert watch.events == 0
