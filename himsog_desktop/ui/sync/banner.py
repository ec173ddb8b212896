"""The red banner: sync has stopped and only a person can mend it. It covers nothing and asks for no keyboard.

Source: mission, expected, complaint 5 (sync stops silently).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from himsog_desktop.ui.appointments.fields import button
from himsog_desktop.ui.shell.controls import IconButton, Surface, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from himsog_desktop.ui.sync.words import Alarm
    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme


class Banner(Surface):
    """A sentence, that nothing is lost, and the one thing to do."""

    pressed = Signal()

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(look, parent, token="danger_tint", edges="b")
        self.shown: Alarm | None = None
        self._dismissed: Alarm | None = None
        self._row = QHBoxLayout(self)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.text = Text(look, "", self, style="strong", colour="danger", wrap=True)
        self.todo = Text(look, "", self, style="small", wrap=True)
        words.addWidget(self.text)
        words.addWidget(self.todo)
        self.go = button("", self, "primary")
        self.shut = IconButton(look, "cross", self.tr("Put the notice away"), self)
        self._row.addLayout(words, 1)
        self._row.addWidget(self.go)
        self._row.addWidget(self.shut)
        self.go.clicked.connect(self.pressed)
        self.shut.clicked.connect(self._put_away)
        self.restyle(look.theme)
        self.hide()

    def show_alarm(self, alarm: Alarm | None) -> bool:
        """Show it, or take it away when it is mended; whether it is new, and so to be said."""
        new = alarm is not None and alarm != self.shown
        self.shown = alarm
        if alarm is None:
            self._dismissed = None
        else:
            self.text.setText(alarm.text)
            self.todo.setText(alarm.todo)
            self.go.setText(alarm.button)
            self.setAccessibleName(f"{alarm.text} {alarm.todo}")
        self.setVisible(alarm is not None and alarm != self._dismissed)
        return new

    def _put_away(self) -> None:
        self._dismissed = self.shown
        self.hide()

    def restyle(self, theme: Theme) -> None:
        m = theme.metrics
        self._row.setContentsMargins(m.l + m.icon_large + m.m, m.s, m.m, m.s)
        self._row.setSpacing(m.m)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        from PySide6.QtGui import QPainter

        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        size = m.icon_large
        pixmap = theme.icon("alert", theme.tokens.danger, self.devicePixelRatioF(), size)
        painter.drawPixmap(m.l, (self.height() - size) // 2, pixmap)
        painter.end()
