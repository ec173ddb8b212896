"""A large icon in a ring, above the words of a page that has nothing else to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from himsog_desktop.ui.theme.system import ThemeSource


class Ringed(QWidget):
    """The icon: quiet, or with ``status`` in the colours of that status."""

    def __init__(self, look: ThemeSource, icon: str, parent: QWidget, *, status: str = "") -> None:
        super().__init__(parent)
        self.look = look
        self._icon = icon
        self._status = status
        look.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        side = self.look.theme.metrics.px(72)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        line, ground, colour = theme.line, theme.surface, theme.tokens.muted
        if self._status:
            style = theme.statuses[self._status]
            line, ground, colour = style.bar, style.tint, style.text_name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self.width(), self.height())
        ring = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side).adjusted(2, 2, -2, -2)
        painter.setPen(QPen(line, m.ring))
        painter.setBrush(ground)
        painter.drawEllipse(ring)
        size = m.px(34)
        at = QRect(round(ring.center().x() - size / 2), round(ring.center().y() - size / 2), size, size)
        painter.drawPixmap(at.topLeft(), theme.icon(self._icon, colour, self.devicePixelRatioF(), size))
        painter.end()
