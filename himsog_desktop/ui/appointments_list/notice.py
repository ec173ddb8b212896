"""What stands in place of the list when it could not be read: what happened, and Retry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout

from himsog_desktop.ui.shell.controls import Surface, Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from himsog_desktop.ui.theme.system import ThemeSource


class Notice(Surface):
    """A sentence and a button in the middle."""

    retried = Signal()

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.text = Text(look, "", self, wrap=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.again = QPushButton(self.tr("Retry"), self)
        self.again.setProperty("primary", "true")
        self.again.clicked.connect(self.retried)
        column = QVBoxLayout(self)
        m = look.theme.metrics
        column.setContentsMargins(m.xl, m.xl, m.xl, m.xl)
        column.setSpacing(m.l)
        column.addStretch(1)
        column.addWidget(self.text)
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)

    def show_error(self, text: str, button: str) -> None:
        """Say what happened, and what to do."""
        self.text.set_colour("danger")
        self._show(text, button)

    def show_nothing(self, text: str, button: str) -> None:
        """Nothing is found, and what to do."""
        self.text.set_colour("muted")
        self._show(text, button)

    def _show(self, text: str, button: str) -> None:
        self.text.setText(text)
        self.again.setText(button)
        self.setAccessibleName(text)
