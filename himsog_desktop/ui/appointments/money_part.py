"""The services of an appointment with their prices, right-aligned, and the total below a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from himsog_desktop.ui.appointments.words import tip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from himsog_desktop.ui.theme.system import ThemeSource

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class MoneyPart(QWidget):
    """Painted rows: figures of one width, so that they line up."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.lines: list[tuple[str, str]] = []
        self.total = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._restyled)

    def show_sum(self, lines: Sequence[tuple[str, str]], total: str) -> None:
        """Names with prices, and what they come to."""
        self.lines, self.total = list(lines), total
        spoken = [f"{name} {price}" for name, price in self.lines]
        self.setAccessibleName(", ".join([*spoken, self.tr("total {0}").format(total)]))
        self.setToolTip(tip("\n".join(name for name, _ in self.lines)))
        self.setVisible(bool(self.lines))
        self._restyled()

    def _line(self) -> int:
        return self.look.theme.body.line + self.look.theme.metrics.xs

    def sizeHint(self) -> QSize:
        rows = len(self.lines) + (1 if len(self.lines) > 1 else 0)
        return QSize(200, rows * self._line() + (self.look.theme.metrics.s if rows > 1 else 0))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def _restyled(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setFont(theme.body.font)
        step, top = self._line(), 0
        for name, price in self.lines:
            width = round(theme.body.metrics.horizontalAdvance(price)) + 2
            room = self.width() - width - m.s
            painter.setPen(theme.text)
            words = theme.body.metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(0, top, room, step), _LEFT, words)
            painter.drawText(QRect(self.width() - width, top, width, step), _RIGHT, price)
            top += step
        if len(self.lines) > 1:
            painter.fillRect(QRect(0, top + m.xs - 1, self.width(), m.line), theme.line)
            top += m.s
            painter.setFont(theme.strong.font)
            painter.drawText(QRect(0, top, self.width(), step), _LEFT, self.tr("Total"))
            painter.drawText(QRect(0, top, self.width(), step), _RIGHT, self.total)
        painter.end()
