"""What painted faces of the calendar share: the glow of what others changed, and the way to assistive tools.

A face that is read aloud has a ``Reader``: it says how many items there are, what each is called, where it lies
and what can be done with it. How Qt is told stands in ``painted_access``, which is loaded when
the first assistive tool asks.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Protocol

from himsog_desktop.ui.calendar.glow import Glow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtCore import QPoint, QRect
    from PySide6.QtWidgets import QWidget

    from himsog_desktop.domain.day import Tile

_exposed: list[object] = []


class Listed(Protocol):
    """What a reader asks of its view."""

    state: str
    selected: set[str]

    def set_selection(self, ids: Iterable[str]) -> None:
        """Select these."""
        ...


class Reader(ABC):
    """A painted list read aloud: a view's ``reader``. Items go by their place, places are of the widget."""

    view: Listed

    @abstractmethod
    def title(self) -> str:
        """What the whole is called."""

    @abstractmethod
    def help(self) -> str:
        """Which keys there are."""

    def busy(self) -> bool:
        """Whether it is still loading."""
        return self.view.state == "skeleton"

    @abstractmethod
    def count(self) -> int:
        """How many items there are."""

    @abstractmethod
    def name(self, place: int) -> str:
        """What an item is called."""

    @abstractmethod
    def description(self, place: int) -> str:
        """What stands beside its name."""

    @abstractmethod
    def rect(self, place: int) -> QRect:
        """Where it lies."""

    @abstractmethod
    def tile(self, place: int) -> Tile | None:
        """The appointment at a place."""

    def selected(self, place: int) -> bool | None:
        """Whether it is selected; None for what can't be."""
        tile = self.tile(place)
        return None if tile is None else tile.id in self.view.selected

    @abstractmethod
    def focus(self) -> int | None:
        """The item under the cursor."""

    @abstractmethod
    def at(self, at: QPoint) -> int | None:
        """The item at a place of the widget."""

    @abstractmethod
    def press(self, place: int) -> None:
        """Open it."""

    @abstractmethod
    def go(self, place: int) -> None:
        """Put the cursor on it."""

    def toggle(self, place: int) -> None:
        """Select it, or no longer."""
        tile = self.tile(place)
        if tile is not None:
            self.view.set_selection(self.view.selected ^ {tile.id})


class PaintedGlow(Glow):
    """The glow of a face that has no columns: ``rect_of`` says where an id is seen on ``surface``."""

    def __init__(self, view: QWidget, rect_of: Callable[[str], QRect | None], surface: QWidget | None = None) -> None:
        super().__init__(view)  # type: ignore[arg-type]
        self._rect_of = rect_of
        self._surface = surface or view

    def _tick(self) -> None:
        now = time.monotonic()
        for tile_id in self._until:
            rect = self._rect_of(tile_id)
            if rect is not None:
                self._surface.update(rect.adjusted(-5, -5, 5, 5))
        self._until = {tile_id: until for tile_id, until in self._until.items() if until > now}
        self.resume_if_fading()


def expose() -> None:
    """Tell Qt's accessibility how to read a painted list, once."""
    if _exposed:
        return
    from PySide6.QtGui import QAccessible
    from PySide6.QtWidgets import QWidget

    def factory(_key: str, source: object) -> object:
        if isinstance(source, QWidget) and isinstance(getattr(source, "reader", None), Reader):
            from himsog_desktop.ui.calendar.painted_access import interface_of

            return interface_of(source)
        return None

    _exposed.append(factory)  # Qt does not keep it alive
    QAccessible.installFactory(factory)


def heard() -> bool:
    """Whether somebody listens: a screen reader, or a test."""
    from PySide6.QtGui import QAccessible

    return QAccessible.isActive()


def say(view: QWidget, text: str) -> None:
    """Words that no item carries."""
    if heard():
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, text))


def tell_focus(view: QWidget) -> None:
    """The cursor is on another item."""
    if heard() and view.hasFocus():
        from himsog_desktop.ui.calendar.painted_access import tell_focus as tell

        tell(view)


def tell_changed(view: QWidget) -> None:
    """Other items are listed than before."""
    if heard():
        from PySide6.QtGui import QAccessible, QAccessibleEvent

        QAccessible.updateAccessibility(QAccessibleEvent(view, QAccessible.Event.ObjectReorder))
