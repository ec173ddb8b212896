"""The soft rim around what a colleague changed: three seconds, then nothing moves any more."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from himsog_desktop.ui.calendar.day_paint import place_of

if TYPE_CHECKING:
    from himsog_desktop.ui.calendar.day_view import DayView

GLOW_S = 3.0
FADE_S = 1.0
TICK_MS = 60


class Glow:
    """What glows in one view. One timer, which stops with the last of it."""

    def __init__(self, view: DayView) -> None:
        self._view = view
        self._until: dict[str, float] = {}
        self._timer = QTimer(view)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)

    def start(self, ids: Collection[str]) -> None:
        """Let these glow from now on."""
        if ids:
            self._until.update(dict.fromkeys(ids, time.monotonic() + GLOW_S))
            if self._view.isVisible() and not self._timer.isActive():
                self._timer.start(self._wait())

    def clear(self) -> None:
        """Nothing glows: another day is shown."""
        self._until.clear()
        self._timer.stop()

    def pause(self) -> None:
        """The view is hidden."""
        self._timer.stop()

    def resume(self) -> None:
        """The view is shown again."""
        if self._until:
            self._timer.start(TICK_MS)

    def strengths(self) -> list[tuple[str, float]]:
        """What glows at present, and how strongly (0 to 1). With less motion there is no fading."""
        now = time.monotonic()
        if self._view.theme.reduced_motion:
            return [(tile_id, 1.0) for tile_id, until in self._until.items() if until > now]
        return [(tile_id, min((until - now) / FADE_S, 1.0)) for tile_id, until in self._until.items() if until > now]

    def _wait(self) -> int:
        """Until there is something new to paint: the fading, or with less motion only the end."""
        left = min(self._until.values()) - time.monotonic()
        if self._view.theme.reduced_motion:
            return max(round(left * 1000), 1)
        return max(round((left - FADE_S) * 1000), TICK_MS)

    def _tick(self) -> None:
        view = self._view
        layout, (x, y) = view.scene.layout, view.offset()
        now = time.monotonic()
        for tile_id in self._until:
            rect = None if layout is None else place_of(layout, tile_id)
            if rect is not None:
                view.viewport().update(rect.adjusted(-5, -5, 5, 5).translated(-x, -y))
        self._until = {tile_id: until for tile_id, until in self._until.items() if until > now}
        if self._until:
            self._timer.start(self._wait())
