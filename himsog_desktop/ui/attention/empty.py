"""Nothing needs attention: said so that it is a pleasure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from himsog_desktop.ui.appointments.fields import KeyButton
from himsog_desktop.ui.shell.controls import Surface, Text
from himsog_desktop.ui.shell.ringed import Ringed

if TYPE_CHECKING:
    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme

_MIDDLE = Qt.AlignmentFlag.AlignHCenter


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
        column.addWidget(Ringed(look, "tick", self, status="completed"), 0, _MIDDLE)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addSpacing(m.s)
        column.addWidget(self.back, 0, _MIDDLE)
        column.addStretch(3)
        self.restyle(look.theme)

    def restyle(self, theme: Theme) -> None:
        self.back.setMinimumWidth(theme.metrics.px(200))
