"""Time and providers to pixels and back. No Qt: numbers in, numbers out.

Down is *elapsed* time from the start of the clinic day, so a day of 23 or 25 hours is that long and
nothing is drawn twice or lost; labels are wall clock. Across are columns of equal width, never
narrower than a least width (then the day is wider than its window and scrolls). Painting and
hit-testing use the same two conversions, so one is the inverse of the other.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

from himsog_desktop.domain.time import HOUR, MINUTE, Micros, Zone

ZOOMS = (5, 10, 15, 20, 30, 60)
"""Minutes of one row of the grid."""

_HOUR_PX = {5: 288.0, 10: 168.0, 15: 112.0, 20: 96.0, 30: 72.0, 60: 44.0}
"""Height of an hour at scale 1: an appointment of one row holds a name, of 30 minutes two lines."""

LEAST_COLUMN = 103
"""Least width of a column at scale 1: twelve of them on a screen of 1366 beside a folded sidebar."""


def hour_height(zoom: int, scale: float = 1.0) -> float:
    """Pixels per hour at a zoom. Raises KeyError for a zoom that is none of ``ZOOMS``."""
    return float(round(_HOUR_PX[zoom] * scale))


def zoomed(zoom: int, steps: int) -> int:
    """The zoom that many steps closer (positive: fewer minutes a row), held to ``ZOOMS``."""
    at = ZOOMS.index(zoom) - steps
    return ZOOMS[min(max(at, 0), len(ZOOMS) - 1)]


class Mark(NamedTuple):
    """A line of the time axis: its instant, its wall clock in minutes of the day, whether it is a full hour."""

    instant: Micros
    wall: int
    hour: bool


class TimeScale:
    """Down: instants of one day to pixels. ``start`` and ``end`` are the day's bounds."""

    __slots__ = ("_per_micro", "end", "hour_px", "start", "step")

    def __init__(self, start: Micros, end: Micros, zoom: int, scale: float = 1.0) -> None:
        if end <= start:
            raise ValueError("a day ends after it starts")
        self.start = start
        self.end = end
        self.step: Micros = zoom * MINUTE
        self.hour_px = hour_height(zoom, scale)
        self._per_micro = self.hour_px / HOUR

    @property
    def height(self) -> float:
        """Pixels of the whole day."""
        return (self.end - self.start) * self._per_micro

    def y(self, instant: Micros) -> float:
        """Where an instant lies, held to the day."""
        return (min(max(instant, self.start), self.end) - self.start) * self._per_micro

    def instant(self, y: float) -> Micros:
        """The instant at a height, held to the day."""
        found = self.start + round(y / self._per_micro)
        return min(max(found, self.start), self.end)

    def length(self, pixels: float) -> Micros:
        """The time that many pixels are tall."""
        return round(pixels / self._per_micro)

    def snap(self, instant: Micros, anchor: Micros | None = None, *, nearest: bool = False) -> Micros:
        """The line of the grid at or before an instant (or the nearest), held to the day.

        The grid runs from ``anchor`` (the start of an open stretch), else from the start of the day:
        a provider who opens at 08:20 is booked at 08:20, not at 08:00.
        """
        base = self.start if anchor is None else anchor
        offset = instant - base
        steps = (2 * offset + self.step) // (2 * self.step) if nearest else offset // self.step
        return min(max(base + steps * self.step, self.start), self.end)


def anchor_of(instant: Micros, stretches: tuple[tuple[Micros, Micros], ...]) -> Micros | None:
    """The start of the open stretch that an instant lies in, None outside. ``stretches`` is sorted."""
    at = bisect_right(stretches, (instant, _FAR)) - 1
    if at >= 0 and stretches[at][0] <= instant < stretches[at][1]:
        return stretches[at][0]
    return None


_FAR: Micros = 1 << 62


@lru_cache(maxsize=64)
def marks(timezone: Zone, start: Micros, end: Micros, zoom: int) -> tuple[Mark, ...]:
    """The lines of a day at a zoom, with their wall clock: on a day of 25 hours one hour comes twice.

    A line lies where the wall clock is a multiple of the zoom, also after a shift of half an hour.
    """
    if _is_plain(timezone, start, end):
        return tuple(Mark(start + wall * MINUTE, wall, wall % 60 == 0) for wall in range(0, 1440, zoom))
    found: list[Mark] = []
    fine = 5 * MINUTE
    for instant in range(start, end, fine):
        wall = timezone.minutes_of(instant)
        if wall % zoom == 0:
            found.append(Mark(instant, wall, wall % 60 == 0))
    return tuple(found)


def _is_plain(timezone: Zone, start: Micros, end: Micros) -> bool:
    """Whether the clock runs from 0 to 24 without a shift, as on nearly every day."""
    hours = range(0, 24, 3)
    return end - start == 24 * HOUR and all(timezone.minutes_of(start + h * HOUR) == h * 60 for h in hours)


class ColumnScale:
    """Across: columns to pixels, in the coordinates of the whole (scrolled) day.

    ``rtl`` puts the first column at the right. Widths are whole pixels and add up exactly.
    """

    __slots__ = ("_edges", "count", "rtl", "width")

    def __init__(self, count: int, available: float, scale: float = 1.0, *, rtl: bool = False) -> None:
        if count < 0:
            raise ValueError("there can't be fewer than no columns")
        least = round(LEAST_COLUMN * scale)
        self.count = count
        self.rtl = rtl
        self.width = max(int(available), least * count)
        self._edges = [self.width * i // count for i in range(count + 1)] if count else [0]

    def left(self, column: int) -> int:
        """Left edge of a column."""
        return self._edges[self.count - 1 - column] if self.rtl else self._edges[column]

    def right(self, column: int) -> int:
        """Right edge of a column: the left one of its neighbour."""
        return self._edges[self.count - column] if self.rtl else self._edges[column + 1]

    def at(self, x: float) -> int | None:
        """The column at a place, None outside all of them."""
        if not self.count or x < 0 or x >= self.width:
            return None
        found = bisect_right(self._edges, x) - 1
        return self.count - 1 - found if self.rtl else found

    def nearest(self, x: float) -> int:
        """The column at a place, or the outermost one. Raises ValueError when there is none."""
        if not self.count:
            raise ValueError("there are no columns")
        found = self.at(min(max(x, 0.0), self.width - 1))
        return 0 if found is None else found

    def visible(self, left: float, right: float) -> range:
        """The columns that a stretch of pixels touches, in order of their numbers."""
        if not self.count or right <= 0 or left >= self.width or right <= left:
            return range(0)
        first = bisect_right(self._edges, max(left, 0.0)) - 1
        last = bisect_right(self._edges, min(right, self.width) - 0.001) - 1
        if self.rtl:
            first, last = self.count - 1 - last, self.count - 1 - first
        return range(first, last + 1)
