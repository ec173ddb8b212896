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


class Span(NamedTuple):
    """A stretch of a column that is not simply open, with its words (break, block, override)."""

    start: Micros
    end: Micros
    kind: str
    text: str


class ProviderColumn(NamedTuple):
    """One column of the day: open stretches, and what lies in the way.

    ``open`` are half-open (start, end) instants, sorted, merged. ``spans`` have kind ``break``,
    ``block``, ``vacation``, ``holiday`` or ``override``.
    """

    id: str
    name: str
    specialty: str | None
    slot_minutes: int
    bookable: bool
    open: tuple[tuple[Micros, Micros], ...]
    spans: tuple[Span, ...]


class DayPage(NamedTuple):
    """A clinic day: bounds (23 to 25 hours), columns in order and tiles in order of start, id."""

    day: str
    timezone: str
    start: Micros
    end: Micros
    columns: tuple[ProviderColumn, ...]
    tiles: tuple[Tile, ...]
