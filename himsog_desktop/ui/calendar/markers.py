"""What lies outside the view: "2 earlier" and "3 later" of each column, in a strip of their own below the day."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from himsog_desktop.ui.calendar.layout import DayLayout
from himsog_desktop.ui.calendar.paint_overlay import paint_text

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from himsog_desktop.ui.calendar.day_view import DayView
    from himsog_desktop.ui.theme.theme import Theme


NARROW = 230
"""Width of a column at scale 1 under which a marker is its number alone."""


class Marker(NamedTuple):
    """One count, in the coordinates of the strip."""

    rect: QRect
    text: str
    column: int
    up: bool


class Markers:
    """The counts of one view, made again when the page, the place or the size is another."""

    def __init__(self, view: DayView) -> None:
        self._view = view
        self._layout: DayLayout | None = None
        self._place: tuple[int, int, int, int] | None = None
        self._made: list[Marker] = []

    def shown(self) -> list[Marker]:
        """The counts of the columns that are seen."""
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
        m, style = theme.metrics, theme.small_strong
        icon = m.px(12) + m.xs
        found: list[Marker] = []
        for column in layout.columns.visible(x, x + width):
            left, right = layout.columns.left(column) - x, layout.columns.right(column) - x
            above, below = layout.outside(column, y, y + height)
            narrow = right - left < m.px(NARROW)
            for count, word, up in ((above, "earlier", True), (below, "later", False)):
                if count:
                    text = f"{count}" if narrow else f"{count} {word}"
                    wide = round(style.width(text)) + icon + 2 * m.xs
                    at = left + m.xs if up else right - m.xs - wide
                    found.append(Marker(QRect(at, 1, wide, foot_height(theme) - 1), text, column, up))
        return found

    def at(self, place: QPoint) -> Marker | None:
        """The count at a place of the strip."""
        return next((marker for marker in self.shown() if marker.rect.contains(place)), None)

    def follow(self, marker: Marker) -> None:
        """Scroll to the nearest appointment that a marker counts."""
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


def foot_height(theme: Theme) -> int:
    """How tall the strip is."""
    return theme.small.line + theme.metrics.xs


class Foot(QWidget):
    """The strip below the columns. A click on a count scrolls to the nearest that it counts."""

    def __init__(self, view: DayView) -> None:
        super().__init__(view)
        self._view = view
        self._painted: list[Marker] = []
        self._left = 0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)

    def place(self, rect: QRect, left: int) -> None:
        """Below the day and its hours; the columns begin at ``left``."""
        self._left = left - rect.left()
        self.setGeometry(rect)

    def _at(self, place: QPoint) -> Marker | None:
        return self._view.markers.at(place - QPoint(self._left, 0))

    def follow(self) -> None:
        """The day was scrolled or is another: paint again where a count is another."""
        if self._view.markers.shown() != self._painted:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        view = self._view
        theme, m = view.theme, view.theme.metrics
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.surface)
        painter.fillRect(QRect(0, 0, self.width(), m.line), theme.line)
        self._painted = view.markers.shown()
        size = m.px(12)
        for marker in self._painted:
            rect = marker.rect.translated(self._left, 0)
            name = "chevron-up" if marker.up else "chevron-down"
            icon = theme.icon(name, theme.tokens.muted, self.devicePixelRatioF(), size)
            painter.drawPixmap(rect.left() + m.xs, rect.center().y() - size // 2 + 1, icon)
            middle = rect.top() + rect.height() / 2
            paint_text(painter, theme.small_strong, theme.muted, rect.left() + 2 * m.xs + size, middle, marker.text)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A count is pressed."""
        marker = self._at(event.position().toPoint())
        if marker is not None:
            self._view.markers.follow(marker)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The press did it."""
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The hand over what can be pressed."""
        if self._at(event.position().toPoint()) is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            marker = self._at(event.pos())
            says = "" if marker is None else self.tr("Earlier") if marker.up else self.tr("Later")
            QToolTip.showText(event.globalPos(), says, self)
            return True
        return super().event(event)
