"""The hover card of one view: made when it is first wanted, hidden, and forgotten with its look or its window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from himsog_desktop.ui.calendar.hover import HoverCard
    from himsog_desktop.ui.calendar.labels import Fact
    from himsog_desktop.ui.theme.theme import Theme


HOVER_MS = 400
"""How long the pointer rests before the card is there."""


class Card:
    """Keeps the card of a view, which shows it when it is ``due``: when the pointer has rested."""

    def __init__(self, view: QWidget, due: Callable[[], None]) -> None:
        self._view = view
        self._card: HoverCard | None = None
        self.rested = due
        self._timer = QTimer(view)
        self._timer.setSingleShot(True)
        self._timer.setInterval(HOVER_MS)
        self._timer.timeout.connect(due)

    def soon(self) -> None:
        """The pointer is on something: it is due when it rests."""
        self._timer.start()

    def show(self, words: list[Fact], surface: QWidget, rect: QRect, theme: Theme, style: str | None) -> str:
        """Show it beside a place of what is painted on; answers what a screen reader says."""
        from himsog_desktop.ui.calendar.hover import HoverCard

        window = self._view.window()
        if self._card is not None and self._card.parentWidget() is not window:
            self.drop()
        if self._card is None:
            self._card = HoverCard(window, theme)
        self._card.show_beside(words, QRect(surface.mapTo(window, rect.topLeft()), rect.size()), style)
        return ". ".join(fact.text for fact in words)

    @property
    def shown(self) -> HoverCard | None:
        """The card, while it is shown."""
        return self._card if self._card is not None and not self._card.isHidden() else None

    def hide(self) -> None:
        """No card, and none on its way."""
        self._timer.stop()
        if self._card is not None:
            self._card.hide()

    def drop(self) -> None:
        """Forget the card: its look or its window is another."""
        self.hide()
        if self._card is not None:
            self._card.setParent(None)
            self._card.deleteLater()
            self._card = None
