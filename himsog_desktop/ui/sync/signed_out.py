"""The page where nobody is signed in: nothing of the clinic is shown, nothing is wrong, one button leads on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from himsog_desktop.ui.appointments.fields import button
from himsog_desktop.ui.shell.controls import Surface, Text
from himsog_desktop.ui.shell.ringed import Ringed

if TYPE_CHECKING:
    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme

_MIDDLE = Qt.AlignmentFlag.AlignHCenter


class SignedOut(Surface):
    """The lock, two sentences, and the way to the sign-in (``ui.shell.pages.Page``)."""

    asked = Signal()

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(look, parent, token="canvas")
        m = look.theme.metrics
        column = QVBoxLayout(self)
        column.setContentsMargins(m.xl, m.xl, m.xl, m.xl)
        column.setSpacing(m.m)
        self.title = Text(look, self.tr("Nobody is signed in"), self, style="title", wrap=True)
        self.words = Text(look, "", self, colour="muted", wrap=True)
        self.go = button(self.tr("Sign in"), self, "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self.asked)
        for text in (self.title, self.words):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addStretch(2)
        column.addWidget(Ringed(look, "lock", self), 0, _MIDDLE)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addSpacing(m.s)
        column.addWidget(self.go, 0, _MIDDLE)
        column.addStretch(3)
        self.show_waiting(0)
        self.restyle(look.theme)

    def show_waiting(self, waiting: int) -> None:
        """How many changes wait for whoever made them."""
        words = self.tr("The clinic's data is kept on this computer, encrypted. Sign in to see it.")
        if waiting == 1:
            words += " " + self.tr("1 change waits to be sent; it goes out after the sign-in.")
        elif waiting:
            words += " " + self.tr("{0} changes wait to be sent; they go out after the sign-in.").format(f"{waiting:,}")
        self.words.setText(words)
        self.setAccessibleName(f"{self.title.text()}. {words}")

    def arrive(self) -> None:
        """See ``Page``."""
        self.go.setFocus(Qt.FocusReason.OtherFocusReason)

    def chosen(self) -> tuple[str, ...]:
        """No appointments here."""
        return ()

    def restyle(self, theme: Theme) -> None:
        self.go.setMinimumWidth(theme.metrics.px(200))
