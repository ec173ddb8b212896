"""Figures of sync in the window: what a colleague does comes onto the screen, and nothing stands still meanwhile."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

from himsog_desktop.services import syncing
from himsog_desktop.ui.bench.many import Ticks

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from himsog_desktop.ui.bench.figures import Taken
    from himsog_desktop.ui.bench.probe import Probe

ACTS = 24
"""How many acts the colleague does (``himsog_desktop.bench.sync``); the last of them ends the figure."""

AT_REST_S = 3.0
LONGEST_S = 120.0


def sync_delta_visible(probe: Probe) -> Taken:
    """The monotonic clock in nanoseconds at each paint of today that shows something new.

    Whoever asked knows when the colleague's acts were committed.
    """
    day = probe.workspace.day
    seen = _Seen(day.view.viewport(), lambda: None if day.view.page is None else day.view.page.tiles)
    until = time.monotonic() + LONGEST_S
    probe.until(lambda: len(seen.at) >= ACTS or time.monotonic() > until, "the acts", patience=LONGEST_S)
    probe.quiet(0.5)
    seen.stop()
    return [float(at) for at in seen.at], [], f"{len(seen.at)} new pictures of the day"


class _Seen(QObject):
    """Notes when the paint of something new has ended."""

    def __init__(self, widget: QWidget, shown: Callable[[], object]) -> None:
        super().__init__(widget)
        self.at: list[int] = []
        self._widget = widget
        self._shown = shown
        self._last = shown()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A paint counts when what is shown is another by then."""
        if event.type() == QEvent.Type.Paint:
            now = self._shown()
            if now != self._last:
                self._last = now
                # After the paint itself, which comes when all filters have let it through.
                QTimer.singleShot(0, self._note)
        return False

    def _note(self) -> None:
        self.at.append(time.monotonic_ns())

    def stop(self) -> None:
        """Look no more."""
        self._widget.removeEventFilter(self)
        self.deleteLater()


def sync_stall(probe: Probe) -> Taken:
    """The longest time between two ticks of the event loop from an empty profile to everything of the clinic here."""
    backend = probe.program.backend
    assert backend is not None
    desk = backend.here

    def filled() -> bool:
        desk.cache.forget()
        return syncing.status(desk).last_sync is not None

    ticks, began = Ticks(), time.monotonic()
    probe.until(filled, "the initial sync", patience=LONGEST_S, every_ms=50)
    probe.quiet(1.0)
    longest, took = ticks.stop(), time.monotonic() - began
    at_rest = Ticks()
    probe.quiet(AT_REST_S)
    return [longest], [at_rest.stop()], f"an initial sync of {took:.1f} s beside the window"
