"""A receptionist for measurements: books through the real panel, key by key, and undoes it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from himsog_desktop.ui.appointments.booking_panel import BookingPanel

if TYPE_CHECKING:
    from himsog_desktop.ui.bench.probe import Probe


class Receptionist:
    """Works in one measured window."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe

    def book(self, name: str, service: str, place: int) -> float:
        """Book somebody of that name into the next free time but ``place``.

        Milliseconds from Enter on the button to the tile painted.
        """
        probe, workspace = self._probe, self._probe.workspace
        workspace.open_booking()
        panel = workspace.host.panel
        assert isinstance(panel, BookingPanel)
        probe.quiet()
        enter = Qt.Key.Key_Return
        probe.type(name)
        probe.until(lambda: len(panel.patient.results.rows) > 1, "patients found")
        probe.quiet()
        probe.key(enter, "\r")
        probe.until(lambda: panel.patient.patient is not None, "the patient")
        probe.type(service)
        probe.until(lambda: bool(panel.services.results.rows), "services found")
        probe.key(enter, "\r")
        probe.until(lambda: bool(panel.services.chosen), "the service")
        probe.quiet()
        probe.until(lambda: len(panel.time.found) > place, "free times")
        for _ in range(place):
            probe.key(Qt.Key.Key_Down)
        probe.key(enter, "\r")
        probe.until(panel.do_book.hasFocus, "the keyboard on the button")
        probe.quiet()
        view, patient, start = workspace.day.view, panel.patient.patient, panel.time.start
        assert patient is not None
        who = patient.id

        def there() -> bool:
            page = view.page
            return page is not None and any(t.patient_id == who and t.start == start for t in page.tiles)

        assert not there()
        started = time.perf_counter()
        probe.key(enter, "\r")
        probe.until_painted(view.viewport(), there, "the appointment")
        taken = (time.perf_counter() - started) * 1000
        probe.quiet()
        return taken

    def undo(self) -> None:
        """Take the last act back."""
        before = self._probe.workspace.messages.texts
        self._probe.workspace.acts.undo()
        self._probe.until(lambda: self._probe.workspace.messages.texts != before, "undone")
        self._probe.quiet()
