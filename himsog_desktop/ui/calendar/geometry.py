"""Time and providers to pixels and back. No Qt: numbers in, numbers out.

Down, one day is *elapsed* time from its start, so a day of 23 or 25 hours is that long and nothing is
drawn twice or lost; labels are wall clock. Several days stand beside one another on a common ``Axis`` of
wall clock: an hour that one of them has twice is there twice, and a day has a gap where it lacks an hour
of the axis. Across are columns of equal width, never narrower than a least width (then the day is wider
than its window and scrolls). Painting and hit-testing use the same two conversions, so one is the inverse
of the other.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from himsog_desktop.domain.time import HOUR, MINUTE, MINUTES_A_DAY, Micros, Zone

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


class Piece(NamedTuple):
    """A stretch of a day in which the clock runs on: its instants, its place on the axis, the wall clock there.

    ``at`` is counted from the top of the axis, ``wall`` from midnight; both in microseconds.
    """

    start: Micros
    end: Micros
    at: Micros
    wall: Micros


class TimeScale:
    """Down: instants of one day to pixels. ``start`` and ``end`` are the day's bounds.

    Without ``pieces`` the axis is the day itself. With them it is ``tall`` and common to several days: what of
    it lies in no piece is a gap, a stretch of the axis that this day has not.
    """

    __slots__ = ("_ats", "_per_micro", "_plain", "_starts", "end", "hour_px", "pieces", "start", "step", "tall")

    def __init__(
        self,
        start: Micros,
        end: Micros,
        zoom: int,
        scale: float = 1.0,
        pieces: tuple[Piece, ...] | None = None,
        tall: Micros = 0,
    ) -> None:
        if pieces is None:
            if end <= start:
                raise ValueError("a day ends after it starts")
            pieces, tall = (Piece(start, end, 0, 0),), end - start
        self.start = start
        self.end = end
        self.pieces = pieces
        self.tall = tall
        self._plain = len(pieces) == 1 and pieces[0][:3] == (start, end, 0)
        """Whether the axis is this day, as nearly always."""
        self._starts = [piece.start for piece in pieces]
        self._ats = [piece.at for piece in pieces]
        self.step: Micros = zoom * MINUTE
        self.hour_px = hour_height(zoom, scale)
        self._per_micro = self.hour_px / HOUR

    @property
    def height(self) -> float:
        """Pixels of the whole axis."""
        return self.tall * self._per_micro

    def position(self, instant: Micros) -> Micros:
        """Where on the axis a stretch that begins then begins, held to the day."""
        if self._plain:
            return min(max(instant, self.start), self.end) - self.start
        if not self.pieces:
            return 0
        piece = self.pieces[max(bisect_right(self._starts, instant) - 1, 0)]
        return piece.at + min(max(instant, piece.start), piece.end) - piece.start

    def end_position(self, instant: Micros) -> Micros:
        """Where on the axis a stretch that ends then ends: before a gap, not after it."""
        if self._plain:
            return min(max(instant, self.start), self.end) - self.start
        if not self.pieces:
            return 0
        piece = self.pieces[max(bisect_left(self._starts, instant) - 1, 0)]
        return piece.at + min(max(instant, piece.start), piece.end) - piece.start

    def at(self, position: Micros) -> Micros:
        """The instant at a place of the axis, held to the day; in a gap the one that comes after it."""
        if not self.pieces:
            return self.start
        piece = self.pieces[max(bisect_right(self._ats, position) - 1, 0)]
        return min(piece.start + max(position - piece.at, 0), piece.end)

    def y(self, instant: Micros) -> float:
        """Where an instant lies, held to the day."""
        return self.position(instant) * self._per_micro

    def y_end(self, instant: Micros) -> float:
        """Where a stretch that ends then ends, held to the day."""
        return self.end_position(instant) * self._per_micro

    def instant(self, y: float) -> Micros:
        """The instant at a height, held to the day."""
        return self.at(self.place(y))

    def place(self, y: float) -> Micros:
        """The place on the axis at a height."""
        return round(y / self._per_micro)

    def gaps(self) -> list[tuple[float, float]]:
        """The stretches of the axis that this day has not, in pixels."""
        found: list[tuple[float, float]] = []
        at: Micros = 0
        for piece in self.pieces:
            if piece.at > at:
                found.append((at * self._per_micro, piece.at * self._per_micro))
            at = piece.at + piece.end - piece.start
        if at < self.tall:
            found.append((at * self._per_micro, self.height))
        return found

    def length(self, pixels: float) -> Micros:
        """The time that many pixels are tall."""
        return round(pixels / self._per_micro)

    def snap(self, instant: Micros, anchor: Micros | None = None, *, nearest: bool = False) -> Micros:
        """The line of the grid at or before an instant (or the nearest), held to the day.

        The grid runs from ``anchor`` (the start of an open stretch), else from midnight by the wall clock:
        a provider who opens at 08:20 is booked at 08:20, not at 08:00.
        """
        base = self._midnight(instant) if anchor is None else anchor
        offset = instant - base
        steps = (2 * offset + self.step) // (2 * self.step) if nearest else offset // self.step
        return min(max(base + steps * self.step, self.start), self.end)

    def _midnight(self, instant: Micros) -> Micros:
        """When the clock that runs at an instant would have shown midnight."""
        if not self.pieces:
            return self.start
        piece = self.pieces[max(bisect_right(self._starts, instant) - 1, 0)]
        return piece.start - piece.wall


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


class Axis(NamedTuple):
    """The wall clock that several days share: how tall it is, and the pieces of each day on it.

    ``stretches`` are (place, wall clock, end of the wall clock) from the top, in minutes: one from 0 to 1440,
    or more where an hour comes twice.
    """

    tall: Micros
    pieces: tuple[tuple[Piece, ...], ...]
    stretches: tuple[tuple[int, int, int], ...]


class _Run(NamedTuple):
    """A stretch of a day between two changes of the clock; ``wall`` in minutes."""

    start: Micros
    end: Micros
    wall: int

    @property
    def wall_end(self) -> int:
        return self.wall + (self.end - self.start) // MINUTE


@lru_cache(maxsize=64)
def axis(timezone: Zone, days: tuple[tuple[Micros, Micros], ...]) -> Axis:
    """The axis of days with these bounds, each with its pieces on it."""
    runs = [_runs(timezone, start, end) for start, end in days]
    twice = sorted({again for one in runs for again in _repeated(one)}, key=lambda r: (r[1], r[0]))
    stretches: list[tuple[int, int, int]] = []
    at = wall = 0
    inserted: dict[tuple[int, int], int] = {}
    for low, high in twice:
        if high > wall:
            stretches.append((at, wall, high))
            at, wall = at + high - wall, high
        stretches.append((at, low, high))
        inserted[low, high] = at
        at += high - low
    if wall < MINUTES_A_DAY:
        stretches.append((at, wall, MINUTES_A_DAY))
        at += MINUTES_A_DAY - wall
    return Axis(at * MINUTE, tuple(_placed(one, twice, inserted) for one in runs), tuple(stretches))


@lru_cache(maxsize=32)
def axis_marks(of: Axis, zoom: int) -> tuple[Mark, ...]:
    """The lines of an axis. Their ``instant`` is the place on it."""
    return tuple(
        Mark((at + wall - low) * MINUTE, wall % MINUTES_A_DAY, wall % 60 == 0)
        for at, low, high in of.stretches
        for wall in range(-(-low // zoom) * zoom, high, zoom)
    )


def _runs(timezone: Zone, start: Micros, end: Micros) -> list[_Run]:
    if start >= end:
        return []
    if _is_plain(timezone, start, end):
        return [_Run(start, end, 0)]
    found: list[_Run] = []
    day = timezone.date_of(start)
    for instant in range(start, end, 5 * MINUTE):
        wall = timezone.minutes_of(instant)
        if timezone.date_of(instant) < day:
            wall -= MINUTES_A_DAY
        if found and found[-1].wall_end == wall:
            found[-1] = found[-1]._replace(end=min(instant + 5 * MINUTE, end))
        else:
            found.append(_Run(instant, min(instant + 5 * MINUTE, end), wall))
    return found


def _repeated(runs: list[_Run]) -> list[tuple[int, int]]:
    """The wall clock that comes again, as (from, to) in minutes."""
    return [(after.wall, before.wall_end) for before, after in pairwise(runs) if after.wall < before.wall_end]


def _placed(runs: list[_Run], twice: list[tuple[int, int]], inserted: dict[tuple[int, int], int]) -> tuple[Piece, ...]:
    """The pieces of a day: cut where the axis has something that this day has not, or has a second time."""
    found: list[Piece] = []

    def put(start: Micros, wall: int, until: int, at: int) -> Micros:
        end = start + (until - wall) * MINUTE
        last = found[-1] if found else None
        run_on = (
            None if last is None else (last.end, last.at + last.end - last.start, last.wall + last.end - last.start)
        )
        if last is not None and run_on == (start, at * MINUTE, wall * MINUTE):
            found[-1] = last._replace(end=end)
            return end
        found.append(Piece(start, end, at * MINUTE, wall * MINUTE))
        return end

    before: _Run | None = None
    for run in runs:
        start, wall = run.start, run.wall
        if before is not None and wall < before.wall_end:
            until = min(before.wall_end, run.wall_end)
            start = put(start, wall, until, inserted[run.wall, before.wall_end])
            wall = until
        cuts = sorted({high for _, high in twice if wall < high < run.wall_end})
        for until in (*cuts, run.wall_end):
            if until > wall:
                start = put(start, wall, until, wall + sum(b - a for a, b in twice if b <= wall))
                wall = until
        before = run
    return tuple(found)


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
