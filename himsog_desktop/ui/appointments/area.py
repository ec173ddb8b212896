"""The scrolled middle of a panel, and what stands in it while nothing has been read yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from himsog_desktop.ui.appointments.painting import paint_bars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from himsog_desktop.ui.theme.system import ThemeSource

SETTLED_MS = 150
"""After that a column has the height of what was put into it."""


class Area(QScrollArea):
    """The scrolled middle of a panel. Its column keeps its width when the scroll bar comes or goes.

    ``bring`` puts a part at the top, also while the column still grows.
    """

    def __init__(self, look: ThemeSource, content: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self._content = content
        self._wanted: QWidget | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        content.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._fit()
        self.verticalScrollBar().rangeChanged.connect(self._range_changed)

    def bring(self, widget: QWidget) -> None:
        """Bring a part to the top, as far as the column goes; also when it has still to grow."""
        self._wanted = widget
        self._bring()
        QTimer.singleShot(SETTLED_MS, self, self._forget)

    def _bring(self) -> None:
        if self._wanted is not None:
            self.verticalScrollBar().setValue(self._wanted.mapTo(self._content, QPoint(0, 0)).y())

    def _forget(self) -> None:
        self._wanted = None

    def _range_changed(self, _low: int, _high: int) -> None:
        self._fit()
        self._bring()

    def _fit(self) -> None:
        layout = self._content.layout()
        bar = self.verticalScrollBar()
        m = self.look.theme.metrics
        width = bar.sizeHint().width() if bar.maximum() > 0 else 0
        if layout is not None:
            layout.setContentsMargins(m.l, m.xs, max(m.l - width, m.xs), m.l)


class Skeleton(QWidget):
    """Grey bars of the size of what comes."""

    def __init__(self, look: ThemeSource, lines: Sequence[float], parent: QWidget) -> None:
        """``lines`` are lengths, each a part of the width."""
        super().__init__(parent)
        self.look = look
        self._lines = tuple(lines)
        self.setAccessibleName(self.tr("Loading"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, len(self._lines) * self.look.theme.metrics.px(28))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_bars(painter, self._lines, self.width(), m.px(28), m.px(12), theme.line, QPoint(0, 0))
        painter.end()
