"""The page that stands for all others where nothing of the clinic may be shown: one button leads on.

Nobody is signed in; or who is signed in has a role that sees no patients (design, section 2, "Roles": "it").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from himsog_desktop.ui.appointments.fields import button
from himsog_desktop.ui.shell.controls import Surface, Text
from himsog_desktop.ui.shell.ringed import Ringed

if TYPE_CHECKING:
    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme

LINE = 560
"""How wide a line of the sentences is at most, at scale 1: longer ones are hard to read."""
_MIDDLE = Qt.AlignmentFlag.AlignHCenter


class StandIn(Surface):
    """The lock, two sentences, and the way to the connection (``ui.shell.pages.Page``).

    ``nobody``: nobody is signed in; else the person's role sees no patients.
    """

    asked = Signal()

    def __init__(self, look: ThemeSource, parent: QWidget, *, nobody: bool) -> None:
        super().__init__(look, parent, token="canvas")
        m = look.theme.metrics
        column = QVBoxLayout(self)
        column.setContentsMargins(m.xl, m.xl, m.xl, m.xl)
        column.setSpacing(m.m)
        self._nobody = nobody
        title = self.tr("Nobody is signed in") if nobody else self.tr("Your role sees no patients and no appointments")
        self.title = Text(look, title, self, style="title", wrap=True)
        self.words = Text(look, "", self, colour="muted", wrap=True)
        self.go = button(self.tr("Sign in") if nobody else self.tr("Server connection"), self, "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self.asked)
        for text in (self.title, self.words):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addStretch(2)
        column.addWidget(Ringed(look, "lock", self), 0, _MIDDLE)
        column.addWidget(self.title)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.words, 100)  # up to its widest; the rest is for the sides
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(m.s)
        column.addWidget(self.go, 0, _MIDDLE)
        column.addStretch(3)
        self.show_waiting(0)
        self.restyle(look.theme)

    def show_waiting(self, waiting: int) -> None:
        """How many changes wait, for whoever made them, to be sent."""
        if self._nobody:
            words = self.tr("The clinic's data is kept on this computer, encrypted. Sign in to see it.")
            when = self.tr("after the sign-in")
        else:
            words = self.tr(
                "The connection and the settings of this computer are yours. "
                "Who needs to see the clinic's days signs in with a login of her own."
            )
            when = self.tr("when the server can be reached")
        if waiting == 1:
            words += " " + self.tr("1 change waits to be sent; it goes out {0}.").format(when)
        elif waiting:
            words += " " + self.tr("{0} changes wait to be sent; they go out {1}.").format(f"{waiting:,}", when)
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
        self.words.setMaximumWidth(theme.metrics.px(LINE))
