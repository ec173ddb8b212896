"""What lies outside the view: the pills "2 earlier" and "3 later" of each column."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPoint, QRect

from himsog_desktop.ui.calendar.layout import DayLayout
from himsog_desktop.ui.calendar.paint_overlay import marker_rect

if TYPE_CHECKING:
    from himsog_desktop.ui.calendar.day_view import DayView


NARROW = 210
"""Width at scale 1 under which a pill is its number alone: it stands over names."""


class Marker(NamedTuple):
    """One pill, in the coordinates of the viewport."""

    rect: QRect
    text: str
    column: int
    up: bool


class Markers:
    """The pills of one view, made again when the page, the place or the size is another."""

    def __init__(self, view: DayView) -> None:
        self._view = view
        self._layout: DayLayout | None = None
        self._place: tuple[int, int, int, int] | None = None
        self._made: list[Marker] = []

    def shown(self) -> list[Marker]:
        """The pills of the columns that are seen."""
        view, layout = self._view, self._view.scene.layout
        if layout is None or view.state != "page":
            return []
        place = (*view.offset(), view.viewport().width(), view.viewport().height())
        if layout is not self._layout or place != self._place:
            self._layout, self._place = layout, place
            self._made = self._make(layout, *place)
        return self._made

    def _make(self, layout: DayLayout, x: int, y: int, width: int, height: int) -> list[Marker]:
        theme = self._view.theme
        found: list[Marker] = []
        for column in layout.columns.visible(x, x + width):
            left, right = layout.columns.left(column) - x, layout.columns.right(column) - x
            above, below = layout.outside(column, y, y + height)
            narrow = right - left < theme.metrics.px(NARROW)
            for count, word, up in ((above, "earlier", True), (below, "later", False)):
                if count:
                    text = f"{count}" if narrow else f"{count} {word}"
                    rect = marker_rect(theme, right, 0 if up else height, text, up=up)
                    found.append(Marker(rect, text, column, up))
        return found

    def at(self, place: QPoint) -> Marker | None:
        """The pill at a place of the viewport."""
        return next((marker for marker in self.shown() if marker.rect.contains(place)), None)

    def follow(self, marker: Marker) -> None:
        """Scroll to the nearest appointment that a pill counts."""
        view, layout = self._view, self._view.scene.layout
        if layout is None:
            return
        bar, height = view.verticalScrollBar(), view.viewport().height()
        boxes, air = layout.boxes[marker.column], view.theme.metrics.px(34)
        if marker.up:
            above = max((b for b in boxes if b.bottom <= bar.value()), key=lambda b: b.bottom, default=None)
            if above is not None:
                bar.setValue(above.y - air)
            return
        below = min((b for b in boxes if b.y >= bar.value() + height), key=lambda b: b.y, default=None)
        if below is not None:
            bar.setValue(below.bottom + air - height)
