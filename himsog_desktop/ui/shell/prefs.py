"""What a person set for this window: look, clock, zoom, columns. Kept between starts by whoever made it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

PROVIDERS, ROOMS = "providers", "rooms"
"""What the day may have a column for."""


class Prefs(NamedTuple):
    """The settings in force. ``scheme`` is ``light``, ``dark`` or None (the system's); ``scale`` None too.

    ``hidden`` and ``order`` are ids of providers, ``rooms_hidden`` and ``rooms_order`` of rooms; ``columns`` says
    which of them the day shows; ``zoom`` is minutes of one row; ``privacy`` is never kept.
    ``keys`` are acts with the chords that a person gave them (``keymap``). ``contrast`` (high) and ``still``
    (less motion) are None as the system says. ``face`` is the page that was in view last, ``panel`` the width of
    the panel in pixels at scale 1. ``listing`` are words for filters, order and columns of the list, ``measure`` says
    whether the window times its own answers. ``beside`` is what the panel held: ``book``, or an appointment's id.
    """

    scheme: str | None = None
    scale: float | None = None
    hour12: bool = False
    zoom: int = 15
    narrow: bool = False
    hidden: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    privacy: bool = False
    keys: tuple[tuple[str, tuple[str, ...]], ...] = ()
    contrast: bool | None = None
    still: bool | None = None
    face: str | None = None
    panel: int | None = None
    listing: tuple[str, ...] = ()
    measure: bool = True
    beside: str | None = None
    columns: str = "providers"
    rooms_hidden: tuple[str, ...] = ()
    rooms_order: tuple[str, ...] = ()

    @property
    def by_rooms(self) -> bool:
        """Whether the day has a column per room."""
        return self.columns == ROOMS

    @property
    def shown_by(self) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """What decides about the columns: when it is another, days are read anew."""
        if self.by_rooms:
            return self.columns, self.rooms_hidden, self.rooms_order
        return self.columns, self.hidden, self.order

    def arranged(self, hidden: tuple[str, ...], order: tuple[str, ...]) -> Prefs:
        """With these columns hidden and in this order, of the kind that is shown."""
        if self.by_rooms:
            return self._replace(rooms_hidden=hidden, rooms_order=order)
        return self._replace(hidden=hidden, order=order)


class PrefsStore(QObject):
    """Holds the settings; ``changed`` tells everybody, ``keep`` writes them down."""

    changed = Signal(object, object)
    """New and old ``Prefs``."""

    def __init__(self, prefs: Prefs, keep: Callable[[Prefs], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = prefs
        self._keep = keep
        self._kept = prefs._replace(privacy=False)

    def set(self, prefs: Prefs) -> None:
        """Take over other settings, and keep them at once."""
        self.note(prefs)
        self.flush()

    def note(self, prefs: Prefs) -> None:
        """Take over what changes with every step (the page in view): kept with the next settings, or at the end."""
        old, self.now = self.now, prefs
        if prefs != old:
            self.changed.emit(prefs, old)

    def flush(self) -> None:
        """Keep what has not been kept yet."""
        wanted = self.now._replace(privacy=False)
        if wanted != self._kept:
            self._kept = wanted
            self._keep(self.now)
