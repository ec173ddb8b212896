"""What is listed: sections of ids, known from the top and growing while the rest is read. No Qt.

An id stands at one place until the list is read anew: rows stay where they are while their contents change.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from himsog_desktop.domain.listing import Opened, Piece


class Place(NamedTuple):
    """Where a row stands: the number of its section and its place in it."""

    section: int
    at: int


class Section:
    """The rows of one state. ``total`` may be more than what is known yet."""

    __slots__ = ("_firsts", "known", "pieces", "status", "total", "whole")

    def __init__(self, opened: Opened) -> None:
        self.status = opened.status
        self.pieces = [opened.piece] if opened.piece.ids else []
        self._firsts = [piece.first for piece in self.pieces]
        self.known = len(opened.piece.ids)
        self.total = max(opened.total, self.known)
        self.whole = self.known == self.total

    def add(self, piece: Piece) -> None:
        """What comes next; an empty piece ends the section."""
        if piece.ids:
            self.pieces.append(piece)
            self._firsts.append(piece.first)
            self.known = piece.first + len(piece.ids)
        else:
            self.whole = True
        self.total = self.known if self.whole else max(self.total, self.known)

    def end(self) -> None:
        """Nothing more comes."""
        self.whole = True
        self.total = self.known

    @property
    def last(self) -> str:
        """The last id that is known."""
        return self.pieces[-1].ids[-1]

    def id_at(self, at: int) -> str | None:
        """The id of a row, None while it is not known."""
        if not 0 <= at < self.known:
            return None
        piece = self.pieces[bisect_right(self._firsts, at) - 1]
        return piece.ids[at - piece.first]

    def place_of(self, key: str) -> int | None:
        """The place of an id."""
        for piece in self.pieces:
            at = piece.places.get(key)
            if at is not None:
                return at
        return None


class Found:
    """All sections."""

    __slots__ = ("sections",)

    def __init__(self, opened: tuple[Opened, ...] = ()) -> None:
        self.sections = [Section(one) for one in opened]

    @property
    def whole(self) -> bool:
        """Whether every id is known."""
        return all(section.whole for section in self.sections)

    @property
    def total(self) -> int:
        """How many rows there are."""
        return sum(section.total for section in self.sections)

    def pieces(self) -> Iterator[Piece]:
        """Everything that is known."""
        for section in self.sections:
            yield from section.pieces

    def find(self, key: str) -> Place | None:
        """Where an id stands."""
        for number, section in enumerate(self.sections):
            at = section.place_of(key)
            if at is not None:
                return Place(number, at)
        return None

    def id_at(self, place: Place) -> str | None:
        """The id at a place, None where there is none or it is not known yet."""
        if not 0 <= place.section < len(self.sections):
            return None
        return self.sections[place.section].id_at(place.at)

    def flat(self, place: Place) -> int:
        """The number of a row among all rows, from 0."""
        return sum(section.total for section in self.sections[: place.section]) + place.at

    def place(self, flat: int) -> Place | None:
        """The row of that number, None where there is none."""
        if flat < 0:
            return None
        for number, section in enumerate(self.sections):
            if flat < section.total:
                return Place(number, flat)
            flat -= section.total
        return None

    def between(self, one: Place, other: Place) -> list[str]:
        """The known ids from one row to another, both included, whichever is above."""
        low, high = sorted((one, other))
        found: list[str] = []
        for number in range(low.section, high.section + 1):
            section = self.sections[number]
            begin = low.at if number == low.section else 0
            end = high.at + 1 if number == high.section else section.known
            for piece in section.pieces:
                if piece.first < end and piece.first + len(piece.ids) > begin:
                    found += piece.ids[max(begin - piece.first, 0) : end - piece.first]
        return found
