"""Overlap columns: which of several simultaneous appointments stands where. No Qt.

Connected appointments make a group; each takes the first lane that is free at its start. Taken in
order of start that uses exactly as many lanes as there are appointments at once (interval graphs are
perfect; the greedy colouring by start is optimal). Touching ends do not overlap. O(n log n).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

MOST_VISIBLE = 4
"""Lanes shown side by side; what stands in further ones is counted as "+n"."""


def visible(lanes: int, most: int) -> int:
    """How many of a group's lanes are seen side by side: two always are, more where there is room."""
    return lanes if lanes <= max(most, 2) else most


class Interval(NamedTuple):
    """What is to be placed: half-open, in any unit; ``end`` may equal ``start``."""

    start: int
    end: int
    id: str


class Place(NamedTuple):
    """Where one interval stands: ``lane`` of ``lanes``, ``span`` lanes wide, in group ``group``."""

    lane: int
    lanes: int
    span: int
    group: int


class Overflow(NamedTuple):
    """Intervals of a group that have no visible lane and overlap one another, in order of start."""

    start: int
    end: int
    group: int
    ids: tuple[str, ...]


def arrange(intervals: Iterable[Interval], shortest: int = 1, most: int = MOST_VISIBLE) -> dict[str, Place]:
    """A place for every interval, by id.

    One that is shorter than ``shortest`` is treated as that long, so that what has no length still
    takes room. Equal starts: the longer first, then by id. ``span`` counts the free lanes to the
    right, of the ``most`` that are visible, that a tile may spread over while it lasts.
    """
    if shortest < 1:
        raise ValueError("the shortest length must be 1 or more")
    longest_first = sorted(
        (Interval(i.start, max(i.end, i.start + shortest), i.id) for i in intervals),
        key=lambda i: (i.start, -i.end, i.id),
    )
    places: dict[str, Place] = {}
    group: list[tuple[Interval, int]] = []
    number = 0
    free: list[int] = []
    busy: list[tuple[int, int]] = []
    lanes = 0
    reach = None
    for interval in longest_first:
        if reach is not None and interval.start >= reach:
            _settle(group, lanes, number, places, most)
            group, free, busy, lanes, number = [], [], [], 0, number + 1
            reach = None
        while busy and busy[0][0] <= interval.start:
            heappush(free, heappop(busy)[1])
        if free:
            lane = heappop(free)
        else:
            lane, lanes = lanes, lanes + 1
        heappush(busy, (interval.end, lane))
        group.append((interval, lane))
        reach = interval.end if reach is None else max(reach, interval.end)
    if group:
        _settle(group, lanes, number, places, most)
    return places


def _settle(group: list[tuple[Interval, int]], lanes: int, number: int, places: dict[str, Place], most: int) -> None:
    if lanes == 1:
        for interval, _lane in group:
            places[interval.id] = Place(0, 1, 1, number)
        return
    shown = visible(lanes, most)
    by_lane: list[list[Interval]] = [[] for _ in range(shown)]
    for interval, lane in group:
        if lane < shown:
            by_lane[lane].append(interval)
    # Per lane, in order of start, a pointer that only moves on: linear in the group for each lane.
    at = [0] * shown
    for interval, lane in group:
        span = 1
        for right in range(lane + 1, shown):
            row = by_lane[right]
            i = at[right]
            # What ended before this one started can't meet any later one either.
            while i < len(row) and row[i].end <= interval.start:
                i += 1
            at[right] = i
            if i < len(row) and row[i].start < interval.end:
                break
            span += 1
        places[interval.id] = Place(lane, lanes, span if lane < shown else 1, number)


def _hidden(place: Place, most: int) -> bool:
    return place.lane >= visible(place.lanes, most)


def overflow(
    intervals: Sequence[Interval], places: dict[str, Place], shortest: int = 1, most: int = MOST_VISIBLE
) -> list[Overflow]:
    """What stands in no visible lane, joined where it overlaps, in order of start."""
    hidden = sorted((i.start, i.id, max(i.end, i.start + shortest)) for i in intervals if _hidden(places[i.id], most))
    found: list[Overflow] = []
    ids: list[str] = []
    begin = reach = 0

    def close() -> None:
        if ids:
            found.append(Overflow(begin, reach, places[ids[0]].group, tuple(ids)))
            ids.clear()

    for start, key, end in hidden:
        if not ids or start >= reach:
            close()
            begin, reach = start, end
        ids.append(key)
        reach = max(reach, end)
    close()
    return found
