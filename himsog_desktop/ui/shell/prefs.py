"""What a person set for this window: look, clock, zoom, columns. Kept between starts by whoever made it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal


class Prefs(NamedTuple):
    """The settings in force. ``scheme`` is ``light``, ``dark`` or None (the system's); ``scale`` None too.

    ``hidden`` and ``order`` are ids of providers; ``zoom`` is minutes of one row; ``privacy`` is never kept.
    ``keys`` are acts with the chords that a person gave them (``keymap``). ``contrast`` (high) and ``still``
    (less motion) are None as the system says. ``face`` is the page that was in view last, ``panel`` the width of
    the panel in pixels at scale 1.
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


class PrefsStore(QObject):
    """Holds the settings; ``changed`` tells everybody, ``keep`` writes them down."""

    changed = Signal(object, object)
    """New and old ``Prefs``."""

    def __init__(self, prefs: Prefs, keep: Callable[[Prefs], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = prefs
        self._keep = keep

    def set(self, prefs: Prefs) -> None:
        """Take over other settings."""
        old, self.now = self.now, prefs
        if prefs != old:
            if prefs._replace(privacy=False) != old._replace(privacy=False):
                self._keep(prefs)
            self.changed.emit(prefs, old)
