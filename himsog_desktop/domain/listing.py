"""What the list of appointments shows: its rows, its sections and their orders. Plain tuples, no rules."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from himsog_desktop.domain.day import Tile
from himsog_desktop.domain.time import Micros

SECTIONS = ("PENDING", "CONFIRMED", "COMPLETED", "CANCELLED", "NO_SHOW")
"""The sections from top to bottom: one per state (APT-16)."""

ALWAYS = frozenset({"PENDING", "CONFIRMED"})
"""Sections that are shown whole; the others show the days of the range (APT-8)."""

FIRST = 256
"""So many ids of each section are read with its beginning; what lies beyond follows in larger pieces."""

PIECE = 16_384


class Order(StrEnum):
    """What the rows of a section are in order of; ``STATUS`` turns the sections themselves round."""

    TIME = "time"
    PATIENT = "patient"
    PROVIDER = "provider"
    STATUS = "status"
    CREATED = "created"


class Line(NamedTuple):
    """One row: the appointment as a calendar shows it, and when it was made."""

    tile: Tile
    created: Micros

    @property
    def source(self) -> str:
        """Who made it, a word of ``Source``."""
        return self.tile.source


class Piece(NamedTuple):
    """A stretch of a section: ids in order, and the place of each counted from ``first``."""

    first: int
    ids: tuple[str, ...]
    places: dict[str, int]


class Opened(NamedTuple):
    """The beginning of a section, and how many it holds in all."""

    status: str
    piece: Piece
    total: int
