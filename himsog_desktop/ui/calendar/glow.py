"""The soft rim around what a colleague changed: three seconds, then nothing moves any more.

With less motion nothing fades: the rim stays until a person was there to see it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

from himsog_desktop.ui.calendar.day_paint import place_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from himsog_desktop.ui.calendar.day_view import DayView

GLOW_S = 3.0
FADE_S = 1.0
TICK_MS = 60


class SeenWatch(QObject):
    """Calls back when a person is at a view again, ``GLOW_S`` after something began to glow in it.

    With less motion nothing fades by itself: what changed stays marked until somebody was there to see it.
    """

    def __init__(self, widgets: Sequence[QWidget], seen: Callable[[], None]) -> None:
        super().__init__(widgets[0])
        self._widgets = widgets
        self._seen = seen
        self._since: float | None = None

    def start(self) -> None:
        """Something glows from now on."""
        if self._since is None:
            for widget in self._widgets:
                widget.installEventFilter(self)
        self._since = time.monotonic()

    def stop(self) -> None:
        """Nothing glows any more."""
        if self._since is not None:
            for widget in self._widgets:
                widget.removeEventFilter(self)
        self._since = None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _HANDS and self._since is not None and time.monotonic() - self._since >= GLOW_S:
            self.stop()
            self._seen()
        return False


_HANDS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.FocusIn,
    }
)


class Glow:
    """What glows in one view. One timer, which stops with the last of it; with less motion until it was seen."""

    def __init__(self, view: DayView) -> None:
        self._view = view
        self._until: dict[str, float] = {}
        self._timer = QTimer(view)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        self._watch: SeenWatch | None = None

    def start(self, ids: Collection[str]) -> None:
        """Let these glow from now on."""
        if not ids:
            return
        if self._view.theme.reduced_motion:
            self._until.update(dict.fromkeys(ids, math.inf))
            if self._watch is None:
                viewport = getattr(self._view, "viewport", None)
                widgets = (self._view, viewport()) if viewport is not None else (self._view,)
                self._watch = SeenWatch(widgets, self._was_seen)
            self._watch.start()
            return
        self._until.update(dict.fromkeys(ids, time.monotonic() + GLOW_S))
        if self._view.isVisible() and not self._timer.isActive():
            self._timer.start(self._wait())

    def _was_seen(self) -> None:
        """A person is there: what stayed marked for her need not stay longer."""
        now = time.monotonic()
        self._until = {key: now if until == math.inf else until for key, until in self._until.items()}
        self._tick()

    def clear(self) -> None:
        """Nothing glows: another day is shown."""
        self._until.clear()
        self._timer.stop()
        if self._watch is not None:
            self._watch.stop()

    def pause(self) -> None:
        """The view is hidden."""
        self._timer.stop()

    def resume(self) -> None:
        """The view is shown again."""
        if any(until != math.inf for until in self._until.values()):
            self._timer.start(TICK_MS)

    def strengths(self) -> list[tuple[str, float]]:
        """What glows at present, and how strongly (0 to 1). With less motion there is no fading."""
        now = time.monotonic()
        if self._view.theme.reduced_motion:
            return [(tile_id, 1.0) for tile_id, until in self._until.items() if until > now]
        return [(tile_id, min((until - now) / FADE_S, 1.0)) for tile_id, until in self._until.items() if until > now]

    def _wait(self) -> int:
        """Until there is something new to paint: the fading, or with less motion only the end."""
        left = min(min(self._until.values()) - time.monotonic(), GLOW_S)
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
        self.resume_if_fading()

    def resume_if_fading(self) -> None:
        """Go on while something goes by itself."""
        if any(until != math.inf for until in self._until.values()):
            self._timer.start(self._wait())
