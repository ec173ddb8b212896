"""What the agenda lists: days in order, each with its appointments, or with what it has in their place."""

from __future__ import annotations

from typing import NamedTuple

from himsog_desktop.domain.day import Tile
from himsog_desktop.domain.time import Micros


class AgendaDay(NamedTuple):
    """A clinic day. An appointment belongs to the day that it starts on, cancelled ones too.

    ``open`` says whether anybody who is shown works on it, ``note`` why nobody does. ``free`` are the times
    that can still be booked; counted for open days to come on which nothing stands, None for all others.
    """

    day: str
    start: Micros
    end: Micros
    open: bool
    note: str
    free: int | None
    tiles: tuple[Tile, ...]

    @property
    def standing(self) -> int:
        """How many are not cancelled."""
        return sum(1 for tile in self.tiles if tile.status != "CANCELLED")


class AgendaPart(NamedTuple):
    """Some days in a row, and the names of providers by id."""

    timezone: str
    days: tuple[AgendaDay, ...]
    providers: dict[str, str]
