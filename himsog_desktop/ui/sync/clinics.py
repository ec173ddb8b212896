"""Which clinic this computer is for, where a login works for several: a choice of those that the server named."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from himsog_desktop.ui.shell.controls import MenuButton, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from himsog_desktop.ui.theme.system import ThemeSource

Clinic = tuple[str, str]
"""Id and name."""


class Clinics(QWidget):
    """A label and a button with a menu. Out of sight until there is something to choose."""

    taken = Signal()

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.offered: tuple[Clinic, ...] = ()
        self.chosen = ""
        """The id of the clinic that was chosen; "" for none yet."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.theme.metrics.xs)
        self.label = Text(look, self.tr("Clinic that this computer is for"), self, style="small_strong", wrap=True)
        self.button = MenuButton(look, self.label.text(), self, outlined=True)
        column.addWidget(self.label)
        column.addWidget(self.button)
        self._menu: QMenu | None = None
        self.hide()

    def offer(self, clinics: Sequence[Clinic]) -> None:
        """These are to choose from; of one alone, or none, nothing is asked."""
        found = tuple(clinics)
        if found == self.offered:
            return
        self.offered = found
        self.chosen = ""
        if self._menu is not None:
            self._menu.deleteLater()
        self._menu = menu = QMenu(self)
        group = QActionGroup(menu)
        names = [name for _, name in found]
        for key, name in found:
            words = name if names.count(name) == 1 else f"{name} ({key[:8]})"
            action = menu.addAction(words.replace("&", "&&"))
            action.setCheckable(True)
            action.triggered.connect(partial(self._take, key, words))
            group.addAction(action)
        self.button.set_menu(menu)
        self._say(self.tr("Choose one of {0}").format(len(found)))
        self.setVisible(len(found) > 1)

    @property
    def missing(self) -> bool:
        """Whether there is a choice and nothing was chosen."""
        return len(self.offered) > 1 and not self.chosen

    def _take(self, key: str, words: str, _on: bool = False) -> None:
        self.chosen = key
        self._say(words)
        self.taken.emit()

    def _say(self, words: str) -> None:
        self.button.setText(words)
        self.button.setAccessibleName(f"{self.label.text()}: {words}")
        self.button.update()
