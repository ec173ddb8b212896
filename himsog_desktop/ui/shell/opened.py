"""What an open profile hands to the window for its first paint, and what a new one hands over once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from himsog_desktop.domain.day import DayPage
    from himsog_desktop.domain.time import Zone
    from himsog_desktop.ports import Clock


class Opened(NamedTuple):
    """What the first paint shows. ``shared``: the profile has a server; ``nobody``: and nobody is signed in there.

    ``unseeing``: the role of who sits here sees no patients and no appointments.
    """

    clinic: str
    person: str
    zone: Zone
    clock: Clock
    day: date
    page: DayPage | None
    shared: bool = False
    nobody: bool = False
    unseeing: bool = False


class Made(NamedTuple):
    """A new profile: its data key, and the recovery key that is shown once."""

    key: bytes
    recovery_key: str
