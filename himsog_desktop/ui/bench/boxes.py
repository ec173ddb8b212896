"""The floor of what paints tiles: the same tiles as bare boxes with their names."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from himsog_desktop.domain.day import DayPage


class Boxes(QWidget):
    """The floor: the same tiles as bare boxes with their names, nothing else."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._page: DayPage | None = None
        self.hide()

    def paint_of(self, page: DayPage) -> float:
        """Milliseconds to paint the boxes of a page once."""
        self._page = page
        self.resize(1600, 900)
        started = time.perf_counter()
        self.show()
        self.repaint()
        taken = (time.perf_counter() - started) * 1000
        self.hide()
        return taken

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Boxes."""
        page = self._page
        if page is None:
            return
        painter = QPainter(self)
        painter.setBrush(QColor(Qt.GlobalColor.lightGray))
        order = {column.id: i for i, column in enumerate(page.columns)}
        length = (page.end - page.start) // (len(order) or 1) if page.of_days else page.end - page.start
        wide, high = self.width() / max(len(order), 1), self.height() / length
        for tile in page.tiles:
            since = tile.start - page.start
            left = (since // length if page.of_days else order.get(tile.provider_id, 0)) * wide
            top = since % length * high
            box = QRectF(left, top, wide - 4, max((tile.end - tile.start) * high, 14))
            painter.drawRoundedRect(box, 6, 6)
            painter.drawText(box, 0, tile.name)
        painter.end()

    def paint_parts(self, page: DayPage, parts: list[QRect]) -> list[float]:
        """Milliseconds to paint the boxes that a part touches once more, for each of these."""
        self._page = page
        self.resize(1600, 900)
        self.show()
        self.repaint()
        taken = []
        for part in parts:
            started = time.perf_counter()
            self.repaint(part)
            taken.append((time.perf_counter() - started) * 1000)
        self.hide()
        return taken
