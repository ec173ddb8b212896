"""The titles of the columns, above the rows: a click puts the list in their order, another one turns it round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from himsog_desktop.ui.appointments_list.shape import Cell
    from himsog_desktop.ui.theme.system import ThemeSource


class ListHeader(QWidget):
    """One line of titles. The keyboard and a screen reader find the orders in the bar above ("Sorted by")."""

    order_asked = Signal(str)

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.order = "time"
        self.down = False
        self._cells: tuple[Cell, ...] = ()
        self._hover = ""
        self.setMouseTracking(True)
        look.changed.connect(self.update)

    def set_cells(self, cells: tuple[Cell, ...]) -> None:
        """The columns as they stand."""
        self._cells = cells
        self.update()

    def set_order(self, order: str, down: bool) -> None:
        """What the rows are in order of."""
        self.order, self.down = order, down
        self.update()

    def _mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def cell_at(self, x: int) -> Cell | None:
        """The column at a point."""
        if self._mirrored():
            x = self.width() - x
        return next((cell for cell in self._cells if cell.x <= x < cell.x + cell.width), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint().x())
        if cell is not None and cell.column.order is not None:
            self.order_asked.emit(cell.column.order)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint().x())
        order = (cell.column.order or "") if cell is not None else ""
        if order != self._hover:
            self._hover = order
            self.setCursor(Qt.CursorShape.PointingHandCursor if order else Qt.CursorShape.ArrowCursor)
            self.update()

    def leaveEvent(self, _event: QEvent) -> None:
        self._hover = ""
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.surface)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), theme.line)
        leading = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
        for cell in self._cells:
            order, word = cell.column.order, self.tr(cell.column.word)
            on = order is not None and order == self.order
            style = theme.small_strong if on else theme.small
            hot = on or (order is not None and order == self._hover)
            painter.setFont(style.font)
            painter.setPen(theme.text if hot else theme.muted)
            room = cell.width - m.s - (m.px(14) if on else 0)
            if not style.fits(word, room):
                word = style.metrics.elidedText(word, Qt.TextElideMode.ElideRight, room)
            width = round(style.metrics.horizontalAdvance(word)) + 1
            x = self.width() - cell.x - width if self._mirrored() else cell.x
            painter.drawText(QRect(x, 0, width, self.height()), leading, word)
            if on:
                size = m.px(12)
                x = x - size - m.xs if self._mirrored() else x + width + m.xs
                glyph = "chevron-down" if self.down else "chevron-up"
                icon = theme.icon(glyph, theme.tokens.text, self.devicePixelRatioF(), size)
                painter.drawPixmap(x, (self.height() - size) // 2, icon)
        painter.end()
