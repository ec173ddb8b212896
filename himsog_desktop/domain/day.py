"""What a day view paints: tiles and provider columns, as plain tuples read straight from the cache.

NamedTuples, not dataclasses: 140 of them are made before the first paint.
"""

from __future__ import annotations

from typing import NamedTuple

from himsog_desktop.domain.time import Micros

SYNC_PENDING = 1
SYNC_REFUSED = 2
SYNC_CONFLICT = 4
OUTCOME_MISSING = 8
OVERBOOKED = 16
PATIENT_ALERT = 32
"""Bits of ``Tile.flags``."""

MADE_AT_DESK = 64
MADE_BY_IMPORT = 128
MADE = MADE_AT_DESK | MADE_BY_IMPORT
"""Two more, who made it: neither is the web. They are there to be listed by; a calendar does not show them."""

MADE_BITS = {"desk": MADE_AT_DESK, "web": 0, "import": MADE_BY_IMPORT}
"""The words of ``Source`` as those bits."""

_SOURCES = {bits: word for word, bits in MADE_BITS.items()}

ROOM = "room:"
"""What the id of a room's column begins with; alone it is the column of what has no room."""

NO_ROOM = "none"
"""What stands for that column where a person's choice of columns is kept."""


def rooms_in(place: str) -> tuple[str, ...] | None:
    """The rooms that a column's id stands for; None for one of a provider or a day."""
    if not place.startswith(ROOM):
        return None
    return (place.removeprefix(ROOM),) if place != ROOM else ()


class Tile(NamedTuple):
    """One appointment as a calendar shows it. Column order is that of the cache's ``tile`` table.

    ``status`` and ``visit`` are the words of ``Status`` and ``VisitState``; ``services`` are names
    joined by ``"; "``; ``visit_since`` is when the visit state was entered.
    """

    start: Micros
    id: str
    end: Micros
    provider_id: str
    status: str
    patient_id: str
    name: str
    phone: str | None
    services: str
    note: str | None
    visit: str | None
    visit_since: Micros | None
    location: str
    lane: int
    flags: int

    @property
    def source(self) -> str:
        """Who made it, a word of ``Source``."""
        return _SOURCES[self.flags & MADE]


class Span(NamedTuple):
    """A stretch of a column that is not simply open, with its words (break, block, override)."""

    start: Micros
    end: Micros
    kind: str
    text: str


class ProviderColumn(NamedTuple):
    """One column of the day: open stretches, and what lies in the way.

    ``open`` are half-open (start, end) instants, sorted, merged. ``spans`` have kind ``break``,
    ``block``, ``vacation``, ``holiday`` or ``override``. A column that is a day of its own (of a week) has
    its bounds in ``start`` and ``end``, 0 where they are the page's; ``providers`` are then who is shown in
    it, and ``id`` is its date. The column of a room has an ``id`` that begins with ``ROOM``.
    """

    id: str
    name: str
    specialty: str | None
    slot_minutes: int
    bookable: bool
    open: tuple[tuple[Micros, Micros], ...]
    spans: tuple[Span, ...]
    start: Micros = 0
    end: Micros = 0
    providers: tuple[str, ...] = ()

    @property
    def provider(self) -> str:
        """The one whose column this is, a provider or a room, ``""`` where it is of several."""
        if not self.end:
            return self.id
        return self.providers[0] if len(self.providers) == 1 else ""


class DayPage(NamedTuple):
    """A clinic day: bounds (23 to 25 hours), columns in order and tiles in order of start, id.

    Or several days, each a column with bounds of its own: ``day`` is the first of them then, and ``names``
    are (id, name) of the providers. Or rooms: then ``rooms`` are those of each appointment that has any, the
    one in whose column it stands first, and ``names`` are there as well.
    """

    day: str
    timezone: str
    start: Micros
    end: Micros
    columns: tuple[ProviderColumn, ...]
    tiles: tuple[Tile, ...]
    names: tuple[tuple[str, str], ...] = ()
    rooms: dict[str, tuple[str, ...]] | None = None

    @property
    def of_rooms(self) -> bool:
        """Whether its columns are rooms."""
        return self.rooms is not None

    def column_of(self, tile: Tile) -> str:
        """The id of the column that an appointment stands in, where columns are not days."""
        if self.rooms is None:
            return tile.provider_id
        rooms = self.rooms.get(tile.id)
        return ROOM + rooms[0] if rooms else ROOM

    @property
    def of_days(self) -> bool:
        """Whether its columns are days."""
        return bool(self.columns) and self.columns[0].end > 0

    def bounds(self, column: int) -> tuple[Micros, Micros]:
        """The bounds of a column's day."""
        found = self.columns[column]
        return (found.start, found.end) if found.end else (self.start, self.end)

    def shows(self, provider_id: str) -> bool:
        """Whether a provider's appointments are on this page."""
        if self.names:
            return any(key == provider_id for key, _ in self.names)
        return any(column.id == provider_id for column in self.columns)

    def provider_name(self, provider_id: str) -> str:
        """What a provider is called, ``""`` for one who is not on this page."""
        if self.names:
            return next((name for key, name in self.names if key == provider_id), "")
        return next((column.name for column in self.columns if column.id == provider_id), "")
