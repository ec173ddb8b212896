"""Lanes side by side for appointments that overlap on one provider. Pure.

Design, section 2, "Never double-booked": of the active appointments of a provider, no two of one lane
overlap. An import applies no slot rules: what overlaps there goes to the next lane.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING

from himsog_desktop.domain.time import DAY

if TYPE_CHECKING:
    from himsog_desktop.domain.time import Micros

Span = tuple["Micros", "Micros", int]
"""Start, end (half-open) and lane."""

_FIRST = -(1 << 62)
"""Before any instant."""


class Column:
    """The active appointments of one provider, as far as they matter to those that are being placed."""

    __slots__ = ("_long", "_longest", "_short")

    def __init__(self) -> None:
        self._short: list[Span] = []
        self._longest: Micros = 0
        # A stay of months meets everything: kept apart, so that the others are found by their start.
        self._long: list[Span] = []

    def take(self, start: Micros, end: Micros, lane: int) -> None:
        """Something that is there."""
        if end - start > DAY:
            self._long.append((start, end, lane))
        else:
            insort(self._short, (start, end, lane))
            self._longest = max(self._longest, end - start)

    def place(self, start: Micros, end: Micros) -> int:
        """The lowest lane that is free for that time, taken at once."""
        used = {lane for s, e, lane in self._long if s < end and e > start}
        first = bisect_left(self._short, (start - self._longest, _FIRST, 0))
        before = bisect_left(self._short, (end, _FIRST, 0))
        used.update(lane for _, e, lane in self._short[first:before] if e > start)
        lane = 0
        while lane in used:
            lane += 1
        self.take(start, end, lane)
        return lane
