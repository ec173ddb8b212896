"""Nothing needs attention: said so that it is a pleasure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from himsog_desktop.ui.appointments.fields import KeyButton
from himsog_desktop.ui.shell.controls import Surface, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme

_MIDDLE = Qt.AlignmentFlag.AlignHCenter


class Tick(QWidget):
    """A large tick in a ring."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        look.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        side = self.look.theme.metrics.px(72)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        done = theme.statuses["completed"]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self.width(), self.height())
        ring = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side).adjusted(2, 2, -2, -2)
        painter.setPen(QPen(done.bar, m.ring))
        painter.setBrush(done.tint)
        painter.drawEllipse(ring)
        size = m.px(34)
        at = QRect(round(ring.center().x() - size / 2), round(ring.center().y() - size / 2), size, size)
        painter.drawPixmap(at.topLeft(), theme.icon("tick", done.text_name, self.devicePixelRatioF(), size))
        painter.end()


class Empty(Surface):
    """The tick, two sentences, and a way back to the day."""

    left = Signal()

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(look, parent, token="canvas")
        m = look.theme.metrics
        column = QVBoxLayout(self)
        column.setContentsMargins(m.xl, m.xl, m.xl, m.xl)
        column.setSpacing(m.m)
        self.title = Text(look, self.tr("Nothing needs attention"), self, style="title", wrap=True)
        words = self.tr("Whatever was done at this desk, the server has taken it or will when it is reached.")
        self.words = Text(look, words, self, colour="muted", wrap=True)
        self.back = KeyButton(look, self.tr("Back to the day"), "T", self)
        self.back.clicked.connect(self.left)
        self.setAccessibleName(f"{self.title.text()}. {words}")
        for text in (self.title, self.words):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addStretch(2)
        column.addWidget(Tick(look, self), 0, _MIDDLE)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addSpacing(m.s)
        column.addWidget(self.back, 0, _MIDDLE)
        column.addStretch(3)
        self.restyle(look.theme)

    def restyle(self, theme: Theme) -> None:
        self.back.setMinimumWidth(theme.metrics.px(200))
