"""Pictures that are painted once and kept: the "+n" of crowded groups; a full week has thirty of a few sizes."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap

from himsog_desktop.ui.calendar.layout import Chip
from himsog_desktop.ui.calendar.paint_overlay import paint_chip
from himsog_desktop.ui.theme.theme import Theme

MOST_CHIPS = 200


def blank(width: int, height: int, ratio: float) -> QPixmap:
    """An empty picture of so many pixels at scale 1."""
    made = QPixmap(math.ceil(width * ratio), math.ceil(height * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    return made


class Chips:
    """Draws "+n" and keeps what it drew. Make another for another theme or pixel ratio."""

    def __init__(self, theme: Theme, ratio: float) -> None:
        self._theme = theme
        self._ratio = ratio
        self._kept: dict[tuple[int, int, int], QPixmap] = {}

    def paint(self, painter: QPainter, chip: Chip) -> None:
        """Draw one at its place."""
        key = (chip.width, chip.height, len(chip.ids))
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) > MOST_CHIPS:
                self._kept.clear()
            found = self._kept[key] = blank(chip.width, chip.height, self._ratio)
            at_nought = QPainter(found)
            at_nought.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_chip(at_nought, chip._replace(x=0, y=0), self._theme)
            at_nought.end()
        painter.drawPixmap(chip.x, chip.y, found)
