"""Where every tile of a day or a week stands, and what lies under a point. No Qt.

A column is a provider's day, or a clinic day of the week: then it has a time scale of its own, and an
appointment over midnight stands in two columns.

Appointments that stand (all but cancelled ones) share the width of their column in lanes. A cancelled
one is thin: a single line where its time is otherwise free, else a sliver in the gutter at the
column's edge, so that it never takes room from the one booked in its place.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from himsog_desktop.domain.day import DayPage, Tile
from himsog_desktop.domain.time import Micros
from himsog_desktop.ui.calendar.columns import MOST_VISIBLE, Interval, Overflow, Place, arrange, overflow, visible
from himsog_desktop.ui.calendar.geometry import ColumnScale, TimeScale

GUTTER = 12
NARROW_GUTTER = 8
"""Width kept free at a column's trailing edge: slivers, and where to click beside a tile."""
NARROW = 150
PADDING = 3
LANE_GAP = 2
LEAST_HEIGHT = 8
"""Least height of a tile: it can still be seen and hit."""
THIN = 22
"""Height of a cancelled tile at scale 1."""
CHIP_WIDTH = 26
"""Width of the "+n" at scale 1."""
SLIVER = 5
EDGE = 6
"""Height of the strip at a tile's bottom that resizes it."""
HEAD = 4
"""Height of the strip at its top that changes when it starts; none on a low tile."""

CANCELLED = "CANCELLED"


class Box(NamedTuple):
    """One tile's place in the coordinates of the whole day, in whole pixels."""

    y: int
    x: int
    width: int
    height: int
    column: int
    number: int
    sliver: bool

    @property
    def bottom(self) -> int:
        """The first pixel below."""
        return self.y + self.height

    @property
    def right(self) -> int:
        """The first pixel to the right."""
        return self.x + self.width


class Chip(NamedTuple):
    """A "+n": appointments of a crowded group that have no lane of their own."""

    y: int
    x: int
    width: int
    height: int
    column: int
    ids: tuple[str, ...]


class Hit(NamedTuple):
    """What lies under a point: its column and time always, a tile or a "+n" where there is one.

    ``edge``: at the tile's lower end, ``head``: at its upper one.
    """

    column: int
    instant: Micros
    tile_id: str | None
    edge: bool
    chip: Chip | None
    head: bool = False


class _Plan(NamedTuple):
    """A column as far as it does not depend on widths: top, height, which of its tiles, lane."""

    standing: list[tuple[int, int, int, Place]]
    lines: list[tuple[int, int, int]]
    slivers: list[tuple[int, int, int, Place]]
    extra: list[Overflow]


class DayLayout:
    """The places of a page's tiles on given scales. ``boxes`` and ``chips`` are per column, by top.

    ``before`` is another layout: of a column with the same tiles on the same scale the lanes are taken over.
    ``time`` is the scale of the axis; where columns are days, ``times`` are those of each. ``most`` is how many
    lanes may stand side by side.
    """

    __slots__ = (
        "_begins",
        "_mine",
        "_plans",
        "_tallest",
        "_tops",
        "_used",
        "boxes",
        "by_id",
        "chips",
        "columns",
        "hidden",
        "most",
        "numbers",
        "page",
        "time",
        "times",
    )

    def __init__(
        self,
        page: DayPage,
        time: TimeScale,
        columns: ColumnScale,
        scale: float = 1.0,
        before: DayLayout | None = None,
        *,
        times: list[TimeScale] | None = None,
        most: int = MOST_VISIBLE,
    ) -> None:
        self.page = page
        self.time = time
        self.times = times if times is not None else [time] * len(page.columns)
        self.columns = columns
        self.most = most
        self.numbers = {column.id: number for number, column in enumerate(page.columns)}
        """The column of an id: a provider's, or a date where columns are days."""
        self.boxes: list[list[Box]] = [[] for _ in page.columns]
        self.chips: list[list[Chip]] = [[] for _ in page.columns]
        self.by_id: dict[str, Box] = {}
        self.hidden: dict[str, Chip] = {}
        """The "+n" that a tile without a lane stands in."""
        self._mine: list[list[int]] = [[] for _ in page.columns]
        self._begins = [column.start for column in page.columns]
        self._used = [frozenset(column.providers) for column in page.columns] if page.of_days else []
        for index, tile in enumerate(page.tiles):
            for number in self.columns_of(tile):
                self._mine[number].append(index)
        same = before is not None and (before.time.hour_px, before.most) == (time.hour_px, most)
        self._plans = [self._planned(column, before if same else None) for column in range(len(page.columns))]
        for column, plan in enumerate(self._plans):
            self._place(column, plan, scale)
        self._tops = [[box.y for box in boxes] for boxes in self.boxes]
        self._tallest = [max((box.height for box in boxes), default=0) for boxes in self.boxes]

    def _planned(self, column: int, before: DayLayout | None) -> _Plan:
        tiles, time = self.tiles_of(column), self.times[column]
        if before is None or column >= len(before._mine) or before.times[column].pieces != time.pieces:
            return self._plan(tiles, time)
        return before._plans[column] if before.tiles_of(column) == tiles else self._plan(tiles, time)

    def columns_of(self, tile: Tile) -> list[int]:
        """The columns that an appointment stands in: one, or more where it runs over midnight of a week."""
        if not self._used:
            number = self.numbers.get(self.page.column_of(tile))
            return [] if number is None else [number]
        # Days follow one another: from the last that begins before it on, while they begin before its end.
        first = max(bisect_right(self._begins, tile.start) - 1, 0)
        last = bisect_left(self._begins, max(tile.end, tile.start + 1), first)
        return [number for number in range(first, last) if tile.provider_id in self._used[number]]

    def tiles_of(self, column: int) -> list[Tile]:
        """The appointments that stand in a column, in order of start."""
        tiles = self.page.tiles
        return [tiles[index] for index in self._mine[column]]

    def column_at(self, instant: Micros, provider_id: str = "") -> int | None:
        """The column in which an instant of a provider lies (``""``: of anybody), None when there is none."""
        if not self._used:
            return self.numbers.get(provider_id) if provider_id else (0 if self.page.columns else None)
        found = [n for n, c in enumerate(self.page.columns) if c.start <= instant < c.end]
        return found[0] if found and (not provider_id or provider_id in self._used[found[0]]) else None

    def columns_with(self, instant: Micros) -> list[int]:
        """All columns whose day an instant lies in."""
        return [n for n, time in enumerate(self.times) if time.start <= instant < time.end]

    def counts(self) -> list[int]:
        """How many appointments occupy time or took place, per column."""
        tiles = self.page.tiles
        return [sum(1 for index in mine if tiles[index].status != CANCELLED) for mine in self._mine]

    def _plan(self, tiles: list[Tile], time: TimeScale) -> _Plan:
        shortest = max(time.length(LEAST_HEIGHT), 1)
        plan = _Plan([], [], [], [])
        standing = [Interval(t.start, t.end, t.id) for t in tiles if t.status != CANCELLED]
        places = arrange(standing, shortest, self.most)
        if any(p.lanes > visible(p.lanes, self.most) for p in places.values()):
            plan.extra.extend(overflow(standing, places, shortest, self.most))
        covered = _Cover((start, end) for start, end, _ in standing)
        slivers: list[tuple[int, Tile]] = []
        for index, tile in enumerate(tiles):
            if tile.status != CANCELLED:
                place = places[tile.id]
                if place.lane < visible(place.lanes, self.most):
                    plan.standing.append((*_vertical(time, tile), index, place))
            elif covered.meets(tile.start, tile.end) or covered.meets_cancelled(tile.start):
                slivers.append((index, tile))
            else:
                covered.add_cancelled(tile.end)
                plan.lines.append((*_vertical(time, tile), index))
        if slivers:
            places = arrange([Interval(t.start, t.end, t.id) for _, t in slivers], shortest)
            plan.slivers.extend((*_vertical(time, tile), index, places[tile.id]) for index, tile in slivers)
        return plan

    def _place(self, column: int, plan: _Plan, scale: float) -> None:
        gutter = self.gutter(column)
        left = self.columns.left(column) + PADDING
        right = self.columns.right(column) - gutter
        chip_width = round(CHIP_WIDTH * scale)
        found, mine = self.boxes[column], self._mine[column]
        for y, height, index, place in plan.standing:
            lanes = visible(place.lanes, self.most)
            end = right - chip_width if place.lanes > lanes else right
            x0 = left + (end - left) * place.lane // lanes
            x1 = left + (end - left) * (place.lane + place.span) // lanes
            gap = LANE_GAP if place.lane + place.span < lanes or place.lanes > lanes else 0
            found.append(Box(y, x0, max(x1 - x0 - gap, 2), height, column, mine[index], False))
        thin = round(THIN * scale)
        for y, height, index in plan.lines:
            found.append(Box(y, left, right - left, min(height, thin), column, mine[index], False))
        room = gutter - 3
        for y, height, index, place in plan.slivers:
            step = min(SLIVER + 1, max(room // place.lanes, 1))
            x = right + 2 + min(place.lane * step, room - 2)
            found.append(Box(y, x, max(min(SLIVER, step - 1), 2), height, column, mine[index], True))
        if self.columns.rtl:
            found[:] = [self._mirrored(box) for box in found]
        found.sort()
        tiles = self.page.tiles
        for box in found:
            self.by_id.setdefault(tiles[box.number].id, box)
        time = self.times[column]
        for run in plan.extra:
            y0, y1 = round(time.y(run.start)), round(time.y_end(run.end))
            spot = Box(y0, right - chip_width, chip_width, max(y1 - y0 - 1, LEAST_HEIGHT), column, -1, False)
            spot = self._mirrored(spot)
            chip = Chip(spot.y, spot.x, spot.width, spot.height, column, run.ids)
            self.chips[column].append(chip)
            for tile_id in run.ids:
                self.hidden.setdefault(tile_id, chip)

    def gutter(self, column: int) -> int:
        """The width that is kept free in a column."""
        return NARROW_GUTTER if self.columns.right(column) - self.columns.left(column) < NARROW else GUTTER

    def _mirrored(self, box: Box) -> Box:
        if not self.columns.rtl:
            return box
        left, right = self.columns.left(box.column), self.columns.right(box.column)
        return box._replace(x=left + right - box.right)

    def beside(self, instant: Micros, column: int, other: int) -> Micros:
        """The instant of another column that stands at the same height."""
        return self.times[other].at(self.times[column].position(instant))

    def span(self, column: int, start: Micros, end: Micros) -> Box:
        """The place of a whole stretch of a column: a ghost, the cursor, a break."""
        left, right = self.columns.left(column), self.columns.right(column)
        time = self.times[column]
        y0, y1 = round(time.y(start)), round(time.y_end(end))
        return Box(y0, left, right - left, max(y1 - y0, 1), column, -1, False)

    def visible(self, column: int, top: float, bottom: float) -> list[Box]:
        """The boxes of a column that a stretch of pixels touches, in order of their tops."""
        tops = self._tops[column]
        first = bisect_left(tops, top - self._tallest[column])
        last = bisect_right(tops, bottom)
        return [box for box in self.boxes[column][first:last] if box.y + box.height > top and box.y < bottom]

    def outside(self, column: int, top: float, bottom: float) -> tuple[int, int]:
        """How many standing tiles lie wholly above and wholly below a stretch of pixels."""
        tiles = self.page.tiles
        above = below = 0
        for box in self.boxes[column]:
            if tiles[box.number].status == CANCELLED:
                continue
            if box.y + box.height <= top:
                above += 1
            elif box.y >= bottom:
                below += 1
        return above, below

    def hit(self, x: float, y: float) -> Hit | None:
        """What lies under a point, None beside all columns. The inverse of painting."""
        column = self.columns.at(x)
        if column is None or y < 0 or y >= self.time.height:
            return None
        instant = self.times[column].instant(y)
        for chip in self.chips[column]:
            if chip.x <= x < chip.x + chip.width and chip.y <= y < chip.y + chip.height:
                return Hit(column, instant, None, False, chip)
        for box in self.visible(column, y - 1, y + 1):
            if box.x <= x < box.right and box.y <= y < box.bottom:
                tall = box.height >= 4 * EDGE
                grip = EDGE if tall else max(box.height // 4, 2)
                found = self.page.tiles[box.number].id
                return Hit(column, instant, found, y >= box.bottom - grip, None, tall and y < box.y + HEAD)
        return Hit(column, instant, None, False, None)


def _vertical(time: TimeScale, tile: Tile) -> tuple[int, int]:
    y0, y1 = round(time.y(tile.start)), round(time.y_end(tile.end))
    # One pixel of air below, so that touching appointments are two things.
    return y0, max(y1 - y0 - 1, LEAST_HEIGHT)


class _Cover:
    """The time that a column's standing tiles cover, merged, and that of cancelled ones shown as lines."""

    __slots__ = ("_ends", "_last_cancelled", "_starts")

    def __init__(self, stretches: Iterable[tuple[Micros, Micros]]) -> None:
        self._starts: list[Micros] = []
        self._ends: list[Micros] = []
        self._last_cancelled: Micros | None = None
        for start, end in sorted(stretches):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def meets(self, start: Micros, end: Micros) -> bool:
        at = bisect_left(self._starts, max(end, start + 1)) - 1
        return at >= 0 and self._ends[at] > start

    def meets_cancelled(self, start: Micros) -> bool:
        return self._last_cancelled is not None and start < self._last_cancelled

    def add_cancelled(self, end: Micros) -> None:
        self._last_cancelled = max(end, self._last_cancelled or end)
