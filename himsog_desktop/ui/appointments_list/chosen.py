"""What is selected: ids, each named, so that what comes into the list later is never selected unseen. No Qt.

A hundred thousand at once are kept as the pieces of the list that they are, less what was taken out again:
selecting all costs nothing, and the pieces stay as they were when the list is read anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from himsog_desktop.domain.listing import Piece


class Chosen:
    """A set of ids."""

    __slots__ = ("_more", "_out", "_pieces", "_source", "version")

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self._out: set[str] = set()
        self._more: set[str] = set()
        self._source: object = None
        self.version = 0
        """Another number after every change."""

    def __len__(self) -> int:
        return sum(len(piece.ids) for piece in self._pieces) - len(self._out) + len(self._more)

    def __contains__(self, key: str) -> bool:
        return key in self._more or (key not in self._out and any(key in piece.places for piece in self._pieces))

    def __iter__(self) -> Iterator[str]:
        for piece in self._pieces:
            if self._out:
                yield from (key for key in piece.ids if key not in self._out)
            else:
                yield from piece.ids
        yield from self._more

    def ids(self) -> tuple[str, ...]:
        """Every id."""
        return tuple(self)

    def add(self, keys: Iterable[str]) -> None:
        """Select these as well."""
        for key in keys:
            if key in self:
                continue
            if key in self._out:
                self._out.discard(key)
            else:
                self._more.add(key)
        self.version += 1

    def remove(self, keys: Iterable[str]) -> None:
        """Select these no longer."""
        for key in keys:
            if key in self._more:
                self._more.discard(key)
            elif key in self:
                self._out.add(key)
        self.version += 1

    def toggle(self, key: str) -> None:
        """Select it, or no longer."""
        if key in self:
            self.remove((key,))
        else:
            self.add((key,))

    def clear(self) -> None:
        """Select nothing."""
        self._pieces, self._out, self._more = [], set(), set()
        self.version += 1

    def add_pieces(self, pieces: Iterable[Piece], source: object) -> None:
        """Select everything in these pieces of the list ``source``: pieces of one list hold no id twice."""
        if source is not self._source and self._pieces:
            # Pieces of the list before it was read anew: their ids, each by itself.
            self._more, self._pieces, self._out = set(self), [], set()
        self._source = source
        for piece in pieces:
            self._out -= piece.places.keys()
            if not any(piece is known for known in self._pieces):
                self._more -= piece.places.keys()
                self._pieces.append(piece)
        self.version += 1

    def remove_pieces(self, pieces: Iterable[Piece]) -> None:
        """Select nothing of these pieces of the list."""
        for piece in pieces:
            kept = [known for known in self._pieces if known is not piece]
            if len(kept) < len(self._pieces):
                self._pieces = kept
                self._out -= piece.places.keys()
            else:
                self.remove(piece.ids)
        self.version += 1

    def of(self, pieces: Iterable[Piece], source: object) -> int:
        """How many of what is in these pieces of the list ``source`` are selected."""
        found = 0
        for piece in pieces:
            keys = piece.places.keys()
            found += len(self._more & keys)
            if any(known is piece for known in self._pieces):
                found += len(piece.ids)
            elif source is not self._source:
                found += sum(len(known.places.keys() & keys) for known in self._pieces)
            # Another piece of the same list shares no id with those that are selected whole.
            found -= len(self._out & keys)
        return found
