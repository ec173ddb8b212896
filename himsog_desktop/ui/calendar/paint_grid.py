"""Paints what lies under the tiles: open and closed hours, breaks and blocks, the lines of the grid.

Colours come from the theme only. Everything is in the coordinates of the whole day; the caller has
translated the painter by the scroll position. What a clip does not touch is not visited.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap, QRegion, QStaticText, QTransform

from himsog_desktop.ui.calendar.geometry import Mark
from himsog_desktop.ui.calendar.labels import SPANS, one_line
from himsog_desktop.ui.calendar.layout import DayLayout
from himsog_desktop.ui.theme.theme import TextStyle, Theme

HATCH = 8
"""Distance of the lines of a hatch."""
PERIODS = 32


class Band(NamedTuple):
    """A stretch of a column that is not simply open, in pixels down."""

    top: int
    bottom: int
    kind: str
    text: str


class Line(NamedTuple):
    """A line of the grid."""

    y: int
    hour: bool


def rects_of(region: QRegion) -> list[QRect]:
    """The rectangles of a region (Qt's binding iterates, its type stubs do not say so)."""
    found: list[QRect] = list(region)  # type: ignore[call-overload]
    return found


def plain_text(text: str, style: TextStyle) -> QStaticText:
    """Text laid out once, always plain: what data holds is never markup."""
    made = QStaticText(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.prepare(QTransform(), style.font)
    return made


def elided(text: str, style: TextStyle, width: float) -> str:
    """The text cut to a width with an ellipsis; ``""`` where not even one letter and the ellipsis fit."""
    if style.fits(text, width):
        return text
    cut = style.metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    return cut if len(cut) > 1 and style.metrics.horizontalAdvance(cut) <= width else ""


@lru_cache(maxsize=8)
def hatch_brush(ground: str, line: str, ratio: float) -> QBrush:
    """Diagonal hatching, sharp at any pixel ratio.

    The texture holds many periods: filling with a large one is four times as fast as with a small one.
    """
    period = max(round(HATCH * ratio), 2)
    side = period * PERIODS
    pixmap = QPixmap(side, side)
    pixmap.fill(QColor(ground))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(line), 1.25 * ratio))
    for offset in range(0, 2 * side + 1, period):
        painter.drawLine(QPointF(offset + 1, -1), QPointF(offset - side - 1, side + 1))
    painter.end()
    brush = QBrush(pixmap)
    if ratio != 1.0:
        brush.setTransform(QTransform.fromScale(HATCH / period, HATCH / period))
    return brush


class GridPainter:
    """The ground of one page on one layout. Make another when either changes."""

    def __init__(self, theme: Theme, layout: DayLayout, day_marks: tuple[Mark, ...], ratio: float) -> None:
        self._theme = theme
        self._layout = layout
        self._lines = [Line(round(layout.time.y(mark.instant)), mark.hour) for mark in day_marks]
        self._closed = hatch_brush(theme.tokens.canvas, theme.tokens.hatch, ratio)
        self._bands = [self._bands_of(number) for number in range(len(layout.page.columns))]
        self._grounds = [self._grounds_of(bands) for bands in self._bands]
        self._words: dict[tuple[str, int], tuple[QStaticText, float] | None] = {}

    def _bands_of(self, number: int) -> list[Band]:
        time, column = self._layout.times[number], self._layout.page.columns[number]
        bands = [Band(round(top), round(bottom), "closed", "") for top, bottom in time.gaps()]
        at = time.start
        for start, end in column.open:
            if start > at:
                bands.append(Band(round(time.y(at)), round(time.y_end(start)), "closed", ""))
            at = max(at, end)
        if at < time.end:
            bands.append(Band(round(time.y(at)), round(time.y_end(time.end)), "closed", ""))
        for span in column.spans:
            # Other hours are seen by what is open; only a reason is worth words.
            words = one_line(span.text) or ("" if span.kind == "override" else SPANS.get(span.kind, "Blocked"))
            top, bottom = round(time.y(span.start)), round(time.y_end(span.end))
            if bottom > top:
                bands.append(Band(top, bottom, span.kind, words))
        return bands

    def _grounds_of(self, bands: list[Band]) -> list[Band]:
        """The whole height of a column cut into grounds, so that no pixel is filled twice."""
        height = round(self._layout.time.height)
        grounds = [band for band in bands if band.kind != "override"]
        edges = sorted({0, height, *(b.top for b in grounds), *(b.bottom for b in grounds)})
        found: list[Band] = []
        for top, bottom in pairwise(edges):
            # What is blocked lies over closed hours, a break over both.
            kinds = {b.kind for b in grounds if b.top <= top and b.bottom >= bottom}
            kind = "break" if "break" in kinds else "closed" if kinds else "open"
            if found and found[-1].kind == kind:
                found[-1] = found[-1]._replace(bottom=bottom)
            else:
                found.append(Band(top, bottom, kind, ""))
        return found

    def paint(self, painter: QPainter, clip: QRect, seen: int) -> None:
        """Draw the part of the ground that a rectangle touches; ``seen`` is the top of what is seen."""
        layout, theme = self._layout, self._theme
        top, bottom = clip.top(), clip.bottom() + 1
        height = round(layout.time.height)
        columns = layout.columns.visible(clip.left(), clip.right() + 1)
        if not len(columns):
            painter.fillRect(clip, theme.canvas)
            return
        lefts = [layout.columns.left(column) for column in columns]
        rights = [layout.columns.right(column) for column in columns]
        left, right = max(min(lefts), clip.left()), min(max(rights), clip.right() + 1)
        for beside in rects_of(QRegion(clip).subtracted(QRegion(left, 0, right - left, height))):
            painter.fillRect(beside, theme.canvas)
        painter.setBrushOrigin(QPoint(0, 0))
        fills = {"open": theme.surface, "break": theme.canvas, "closed": self._closed}
        for column, x0, x1 in zip(columns, lefts, rights, strict=True):
            for band in self._grounds[column]:
                if band.bottom > top and band.top < bottom:
                    y0, y1 = max(band.top, top), min(band.bottom, bottom)
                    painter.fillRect(QRect(x0, y0, x1 - x0, y1 - y0), fills[band.kind])
        for line in self._lines:
            if top <= line.y < bottom:
                painter.fillRect(QRect(left, line.y, right - left, 1), theme.line if line.hour else theme.grid)
        for column, x0, x1 in zip(columns, lefts, rights, strict=True):
            for band in self._bands[column]:
                if band.text and band.bottom > top and band.top < bottom:
                    self._paint_words(painter, band, x0, x1, seen)
            painter.fillRect(QRect(x1 - 1, top, 1, min(bottom, height) - top), theme.line)

    def _paint_words(self, painter: QPainter, band: Band, left: int, right: int, seen: int) -> None:
        theme = self._theme
        style = theme.small
        if band.bottom - band.top < style.ink + 2:
            return
        width = right - left - 2 * theme.metrics.s
        key = (band.text, width)
        if key not in self._words:
            text = elided(band.text, style, width)
            self._words[key] = (plain_text(text, style), style.width(text)) if text else None
        words = self._words[key]
        if words is None:
            return
        # Low bands hold their words in the middle; tall ones near the top of what is seen of them.
        tall = band.bottom - band.top >= 3 * style.line
        middle = (band.top + band.bottom) / 2
        if tall:
            middle = min(max(band.top, seen) + style.line, band.bottom - style.line)
        baseline = round(middle + style.ink_ascent / 2)
        ground = QRect(left + theme.metrics.s - 3, round(middle - style.line / 2), round(words[1]) + 6, style.line)
        if band.bottom - band.top >= style.line and band.kind != "break":
            # Words stand on plain ground, not on the hatching.
            painter.fillRect(ground, theme.canvas)
        painter.setFont(style.font)
        painter.setPen(theme.muted)
        painter.drawStaticText(QPointF(left + theme.metrics.s, baseline - style.ascent), words[0])
