"""Frames and grey bars: what every painted part of the panels draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QColor


def paint_frame(painter: QPainter, rect: QRect, fill: QColor, line: QColor, width: int, radius: int = 6) -> None:
    """A rounded field with a line around it, sharp at any width of line."""
    half = width / 2
    painter.setPen(QPen(line, width) if width else Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(QRectF(rect).adjusted(half, half, -half, -half), radius, radius)


def paint_bars(
    painter: QPainter, lines: Sequence[float], width: int, step: int, height: int, colour: QColor, at: QPoint
) -> None:
    """Grey bars, one a line."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for i, part in enumerate(lines):
        top = at.y() + i * step + (step - height) / 2
        painter.drawRoundedRect(QRectF(at.x(), top, width * part, height), height / 3, height / 3)
