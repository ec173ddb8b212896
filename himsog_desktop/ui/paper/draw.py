"""Draws a sheet with a ``QPainter``: letter by letter where it was laid out, so that preview, printer and PDF agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QGlyphRun, QPainter, QPen, QRawFont

from himsog_desktop.domain.marks import FIELD
from himsog_desktop.domain.paper import Block, Stroke, Words
from himsog_desktop.ui.theme.icons import STROKE, glyph

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.domain.paper import Mark, PaperPage
    from himsog_desktop.services.printing import Faces

MOST_FONTS = 80
"""Sizes of type that are kept, of all zooms together."""


def grey(value: float) -> QColor:
    """A grey from 0, black, to 1, white."""
    return QColor.fromRgbF(value, value, value)


class SheetPainter:
    """Draws pages; keeps the fonts that it made."""

    def __init__(self, faces: Faces) -> None:
        self._faces = (faces.regular, faces.strong)
        self._fonts: dict[tuple[bool, int], QRawFont] = {}

    def paint(
        self, painter: QPainter, page: PaperPage, scale: float, first: int = 0, enough: Callable[[], bool] | None = None
    ) -> int:
        """Draw a page whose corner is where the painter's origin is; ``scale`` is pixels a point.

        Begins with the item ``first`` and stops where ``enough`` says so; the number of the next item to draw.
        """
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = -1.0
        for number in range(first, len(page.items)):
            if enough is not None and number > first and number % 8 == 0 and enough():
                return number
            item = page.items[number]
            if isinstance(item, Words):
                if item.grey != ink:
                    ink = item.grey
                    painter.setPen(grey(ink))
                self._words(painter, item, scale)
                continue
            ink = -1.0
            if isinstance(item, Stroke):
                painter.setPen(_pen(item.width, item.grey, item.dash, scale))
                painter.drawLine(QLineF(item.x1 * scale, item.y1 * scale, item.x2 * scale, item.y2 * scale))
            elif isinstance(item, Block):
                self._block(painter, item, scale)
            else:
                self._mark(painter, item, scale)
        return len(page.items)

    def _words(self, painter: QPainter, item: Words, scale: float) -> None:
        face = self._faces[item.strong]
        font = self._font(item.strong, item.size * scale)
        indexes, places = [], []
        x, step = 0.0, item.size * scale
        for letter in item.text:
            indexes.append(face.glyphs.get(ord(letter), 0))
            places.append(QPointF(x, 0.0))
            x += face.advance(letter) * step
        run = QGlyphRun()
        run.setRawFont(font)
        run.setGlyphIndexes(indexes)
        run.setPositions(places)
        painter.drawGlyphRun(QPointF(item.x * scale, item.y * scale), run)

    def _font(self, strong: bool, pixels: float) -> QRawFont:
        key = (strong, round(pixels * 64))
        found = self._fonts.get(key)
        if found is None:
            if len(self._fonts) >= MOST_FONTS:
                self._fonts.clear()
            path = str(self._faces[strong].path)
            found = self._fonts[key] = QRawFont(path, pixels, QFont.HintingPreference.PreferNoHinting)
        return found

    @staticmethod
    def _block(painter: QPainter, item: Block, scale: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen if item.edge is None else _pen(item.line, item.edge, item.dash, scale))
        painter.setBrush(Qt.BrushStyle.NoBrush if item.fill is None else QBrush(grey(item.fill)))
        painter.drawRect(QRectF(item.x * scale, item.y * scale, item.width * scale, item.height * scale))

    @staticmethod
    def _mark(painter: QPainter, item: Mark, scale: float) -> None:
        found, ink = glyph(item.name), grey(item.grey)
        painter.save()
        painter.translate(item.x * scale, item.y * scale)
        painter.scale(item.size * scale / FIELD, item.size * scale / FIELD)
        pen = QPen(ink, STROKE)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(found.stroked, pen)
        painter.fillPath(found.filled, ink)
        painter.restore()


def _pen(width: float, value: float, dash: float, scale: float) -> QPen:
    pen = QPen(grey(value), width * scale)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    if dash:
        pen.setDashPattern([dash / width, dash / width])  # Qt counts dashes in widths of the pen
    return pen
