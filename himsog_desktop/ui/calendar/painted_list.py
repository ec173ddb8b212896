"""What painted faces of the calendar share: the glow of what others changed, and the way to assistive tools.

A face that is read aloud keeps the protocol ``Read``: it says how many items it has, what each is called,
where it lies and what can be done with it. How Qt is told stands in ``painted_access``, which is loaded when
the first assistive tool asks.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from himsog_desktop.ui.calendar.glow import Glow

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPoint, QRect
    from PySide6.QtWidgets import QWidget

_exposed: list[object] = []


class Read(Protocol):
    """A painted list that is read aloud. Items go by their place, places are of the widget."""

    def read_title(self) -> str:
        """What the whole is called."""
        ...

    def read_help(self) -> str:
        """Which keys there are."""
        ...

    def read_busy(self) -> bool:
        """Whether it is still loading."""
        ...

    def read_count(self) -> int:
        """How many items there are."""
        ...

    def read_name(self, place: int) -> str:
        """What an item is called."""
        ...

    def read_description(self, place: int) -> str:
        """What stands beside its name."""
        ...

    def read_rect(self, place: int) -> QRect:
        """Where it lies."""
        ...

    def read_selected(self, place: int) -> bool | None:
        """Whether it is selected; None for what can't be."""
        ...

    def read_focus(self) -> int | None:
        """The item under the cursor."""
        ...

    def read_at(self, at: QPoint) -> int | None:
        """The item at a place of the widget."""
        ...

    def read_press(self, place: int) -> None:
        """Open it."""
        ...

    def read_go(self, place: int) -> None:
        """Put the cursor on it."""
        ...

    def read_toggle(self, place: int) -> None:
        """Select it, or no longer."""
        ...


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
        if isinstance(source, QWidget) and hasattr(source, "read_press"):
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
