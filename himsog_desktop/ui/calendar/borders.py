"""What is dragged to a border: the day scrolls there, and at its sides another day comes.

Both go on while the pointer rests, the scrolling faster the deeper it is in the border.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.ui.calendar.day_view import DayView

SCROLL_MS = 16
BORDER = 28
"""How near to the border of the view a drag makes it scroll, in pixels."""
FASTEST = 18
"""Most pixels that a step of scrolling goes."""
TURN_MS = 700
"""How long what is dragged rests at the side of the day before the next day comes."""
SIDE = 12
"""Width of that side, inside the day; outside of it there is no end."""


class Borders:
    """The borders of one view. ``moved`` is called when something else lies under a pointer that rests."""

    def __init__(self, view: DayView, moved: Callable[[], None]) -> None:
        self._view = view
        self._moved = moved
        self._at = QPointF()
        self._scroll_timer = QTimer(view)
        self._scroll_timer.setInterval(SCROLL_MS)
        self._scroll_timer.timeout.connect(self._scroll_on)
        self._turn_timer = QTimer(view)
        self._turn_timer.setInterval(TURN_MS)
        self._turn_timer.timeout.connect(self.turn_on)

    def look(self, at: QPointF) -> None:
        """What is dragged is at a place of the viewport: begin, go on or stop."""
        self._at = at
        gesture = self._view.hand.gesture
        view = self._view
        taken = view.takes_at is not None and view.takes_at(view.viewport().mapToGlobal(at.toPoint()))
        if gesture is None or not gesture.active or taken:
            self.rest()
            return
        keep(self._scroll_timer, going=self._speed() != (0, 0))
        keep(self._turn_timer, going=bool(self._side()))

    def rest(self) -> None:
        """Nothing is dragged any more."""
        self._scroll_timer.stop()
        self._turn_timer.stop()

    def _speed(self) -> tuple[int, int]:
        """How far a step of scrolling goes: the nearer to the border, the further."""
        view = self._view.viewport()

        def pull(place: float, room: int) -> int:
            if place < BORDER:
                return -round(min((BORDER - place) / BORDER, 2.0) * FASTEST / 2)
            if place > room - BORDER:
                return round(min((place - room + BORDER) / BORDER, 2.0) * FASTEST / 2)
            return 0

        gesture = self._view.hand.gesture
        sideways = gesture is not None and gesture.kind == "move"
        return (pull(self._at.x(), view.width()) if sideways else 0), pull(self._at.y(), view.height())

    def _scroll_on(self) -> None:
        view = self._view
        dx, dy = self._speed()
        before = view.offset()
        view.horizontalScrollBar().setValue(before[0] + dx)
        view.verticalScrollBar().setValue(before[1] + dy)
        if view.offset() == before or view.hand.gesture is None:
            self._scroll_timer.stop()
            return
        self._moved()

    def _side(self) -> int:
        """Which way the day is turned where the pointer rests: 1 on, -1 back, 0 not at all."""
        view, gesture = self._view, self._view.hand.gesture
        if gesture is None or not gesture.carries:
            return 0
        if view.turner_at is not None:
            turner = view.turner_at(view.viewport().mapToGlobal(self._at.toPoint()))
            if turner:
                return turner
        x, width, bar = self._at.x(), view.viewport().width(), view.horizontalScrollBar()
        if not -SIDE <= self._at.y() <= view.viewport().height() + SIDE:
            return 0
        on = -1 if view.isRightToLeft() else 1
        if x < 0 and bar.value() == bar.minimum():
            return -on
        return on if x >= width - SIDE and bar.value() == bar.maximum() else 0

    def turn_on(self) -> None:
        """It has rested at a side for long enough."""
        side = self._side()
        if side and not self._view.hand.turning:
            self._view.hand.turn(side)


def keep(timer: QTimer, *, going: bool) -> None:
    """Start a timer, let it run on, or stop it."""
    if not going:
        timer.stop()
    elif not timer.isActive():
        timer.start()
