"""Icons as painter paths and as pixmaps kept by size and colour: no QtSvg, no files to open.

A pixmap is made once per name, size, colour and pixel ratio; drawing it again is a blit.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from himsog_desktop.ui.theme.glyphs import GLYPHS

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

FIELD = 16.0
"""Side of the field that the glyphs are drawn on."""

STROKE = 1.5
LARGE = 20.0
"""Stroke weight in pixels, even from 16 to 20 px so that all icons look equally heavy, growing above."""

_ARGUMENTS = {"M": 2, "L": 2, "C": 6, "Q": 4, "Z": 0, "O": 3, "D": 3, "R": 5}


class Glyph:
    """One icon as two paths: what is stroked, what is filled."""

    __slots__ = ("filled", "stroked")

    def __init__(self, drawing: str) -> None:
        self.stroked = QPainterPath()
        self.filled = QPainterPath()
        words = drawing.split()
        at = 0
        while at < len(words):
            word = words[at]
            count = _ARGUMENTS[word]
            self._add(word, [float(w) for w in words[at + 1 : at + 1 + count]])
            at += 1 + count

    def _add(self, word: str, n: list[float]) -> None:
        path = self.stroked
        if word == "M":
            path.moveTo(n[0], n[1])
        elif word == "L":
            path.lineTo(n[0], n[1])
        elif word == "C":
            path.cubicTo(n[0], n[1], n[2], n[3], n[4], n[5])
        elif word == "Q":
            path.quadTo(n[0], n[1], n[2], n[3])
        elif word == "Z":
            path.closeSubpath()
        elif word == "O":
            path.addEllipse(QPointF(n[0], n[1]), n[2], n[2])
        elif word == "D":
            self.filled.addEllipse(QPointF(n[0], n[1]), n[2], n[2])
        else:
            path.addRoundedRect(QRectF(n[0], n[1], n[2], n[3]), n[4], n[4])


@lru_cache(maxsize=128)
def glyph(name: str) -> Glyph:
    """The paths of an icon. Raises KeyError when there is none of that name."""
    return Glyph(GLYPHS[name])


def paint_icon(painter: QPainter, name: str, rect: QRectF, colour: QColor) -> None:
    """Draw an icon into a square, in one colour."""
    found = glyph(name)
    scale = rect.width() / FIELD
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(scale, scale)
    pen = QPen(colour, STROKE * max(1.0, rect.width() / LARGE) / scale)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(found.stroked, pen)
    painter.fillPath(found.filled, colour)
    painter.restore()


@lru_cache(maxsize=512)
def icon_pixmap(name: str, size: int, colour: str, ratio: float = 1.0) -> QPixmap:
    """An icon as a pixmap, kept. ``size`` in device-independent pixels, ``colour`` as ``#RRGGBB``."""
    glyph(name)  # an unknown name is refused before a painter is open
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_icon(painter, name, QRectF(0, 0, size, size), QColor(colour))
    painter.end()
    return pixmap


def icon(name: str, colour: str, disabled: str | None = None, size: int = 20) -> QIcon:
    """An icon for a button or an action, sharp at 1x and 2x; ``disabled`` is its colour when greyed."""
    from PySide6.QtGui import QIcon  # its enums cost 5 ms: nothing in the first paint needs one

    made = QIcon()
    for ratio in (1.0, 2.0):
        made.addPixmap(icon_pixmap(name, size, colour, ratio))
        if disabled is not None:
            made.addPixmap(icon_pixmap(name, size, disabled, ratio), QIcon.Mode.Disabled)
    return made


def icon_size(size: int) -> QSize:
    """The size to give a button's ``setIconSize``."""
    return QSize(size, size)
