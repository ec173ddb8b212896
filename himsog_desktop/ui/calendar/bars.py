"""The bar at a tile's edge: each state has a pattern of its own, so that it is told without its colour. No Qt.

Requested is dashed and confirmed solid, as in the look; the patient in the house is a double line, completed a thin
one, cancelled dotted, no-show broken into steps. Where there is no room for an icon, the bar is what is left.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

WIDEST = 5
"""What a bar takes of a tile's width at most."""


class Piece(NamedTuple):
    """A part of a bar: from where to where along the edge, and across it, in pixels."""

    start: int
    length: int
    across: int
    width: int


class _Pattern(NamedTuple):
    """What comes again and again, and how far it is to the next."""

    pieces: tuple[Piece, ...]
    step: int


_SOLID: dict[str, tuple[tuple[int, int], ...]] = {
    # across and width
    "confirmed": ((0, 4),),
    "visit": ((0, 2), (3, 2)),
    "completed": ((0, 2),),
}
_BROKEN: dict[str, _Pattern] = {
    "requested": _Pattern((Piece(0, 5, 0, 4),), 8),
    "cancelled": _Pattern((Piece(0, 2, 0, 3),), 5),
    "no_show": _Pattern((Piece(0, 4, 0, 2), Piece(4, 4, 2, 2)), 8),
}


@lru_cache(maxsize=512)
def pieces(style: str, length: int, width: int = WIDEST) -> tuple[Piece, ...]:
    """The pieces of a bar of that length in pixels, no wider than ``width``; a solid one of an unknown state."""
    pattern = _BROKEN.get(style)
    if pattern is None:
        made = [Piece(0, length, across, wide) for across, wide in _SOLID.get(style, _SOLID["confirmed"])]
    else:
        first = 2 if length > 12 else 0  # clear of the round corner
        made = [
            Piece(at + part.start, min(part.length, length - first - at - part.start), part.across, part.width)
            for at in range(first, length - first, pattern.step)
            for part in pattern.pieces
        ]
    return tuple(
        piece._replace(width=min(piece.width, width - piece.across))
        for piece in made
        if piece.length > 0 and piece.across < width
    )
