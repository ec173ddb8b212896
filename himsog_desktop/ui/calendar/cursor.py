"""The keyboard's way through the day: stops, and how arrows lead from one to the next. No Qt.

A column's stops are its appointments, also cancelled and crowded-out ones, and its free rows, in
order of time. Up and down follow them, so that every appointment can be reached; left and right go
to the appointment beside, then to the neighbouring column at the same time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from himsog_desktop.domain.time import Micros
from himsog_desktop.ui.calendar.layout import CANCELLED, DayLayout


class Stop(NamedTuple):
    """Where the cursor can stand: a row of a column, or an appointment."""

    start: Micros
    end: Micros
    tile_id: str | None
    column: int


class Stops:
    """The stops of a layout, made per column when first asked for."""

    __slots__ = ("_layout", "_made")

    def __init__(self, layout: DayLayout) -> None:
        self._layout = layout
        self._made: dict[int, list[Stop]] = {}

    def of(self, column: int) -> list[Stop]:
        """A column's stops in order of time, side by side ones from the leading edge."""
        if column not in self._made:
            self._made[column] = self._make(column)
        return self._made[column]

    def _make(self, column: int) -> list[Stop]:
        layout = self._layout
        tiles, time = layout.tiles_of(column), layout.times[column]
        stops = [Stop(t.start, t.end, t.id, column) for t in tiles]
        covered = sorted((t.start, max(t.end, t.start + 1)) for t in tiles if t.status != CANCELLED)
        for start, end in _gaps(covered, time.start, time.end):
            stops += [Stop(a, b, None, column) for a, b in self._rows(column, start, end)]
        return sorted(stops, key=lambda s: (s.start, self._x(s), s.tile_id or ""))

    def _x(self, stop: Stop) -> int:
        if stop.tile_id is None:
            return -1
        box = self._layout.by_id.get(stop.tile_id)
        return 1 << 30 if box is None else box.x

    def _rows(self, column: int, start: Micros, end: Micros) -> list[tuple[Micros, Micros]]:
        """The rows of the grid in a free stretch; its beginning where no row begins in it."""
        time = self._layout.times[column]
        rows: list[tuple[Micros, Micros]] = []
        for a, b, anchor in self._stretches(column, start, end):
            first = anchor - (anchor - a) // time.step * time.step
            rows += [(at, min(at + time.step, b)) for at in range(first, b, time.step) if at >= a]
        if not rows or rows[0][0] - start >= time.step:
            rows.insert(0, (start, min(start + time.step, end)))
        return rows

    def _stretches(self, column: int, start: Micros, end: Micros) -> list[tuple[Micros, Micros, Micros]]:
        """A free stretch cut into open and closed ones, each with where its grid begins."""
        found: list[tuple[Micros, Micros, Micros]] = []
        at, begin = start, self._layout.times[column].start
        for a, b in self._layout.page.columns[column].open:
            if b <= at or a >= end:
                continue
            if a > at:
                found.append((at, a, begin))
            found.append((max(a, at), min(b, end), a))
            at = min(b, end)
        if at < end:
            found.append((at, end, begin))
        return found

    # ------------------------------------------------------------------------------------- moves

    def tile(self, tile_id: str) -> Stop | None:
        """The stop of an appointment, None when it is not on this page."""
        found = next((t for t in self._layout.page.tiles if t.id == tile_id), None)
        columns = [] if found is None else self._layout.columns_of(found)
        return None if found is None or not columns else Stop(found.start, found.end, tile_id, columns[0])

    def at(self, column: int, instant: Micros) -> Stop:
        """The stop of a column at an instant: an appointment that stands there before a free row."""
        stops = self.of(column)
        here = [s for s in stops if s.start <= instant < max(s.end, s.start + 1)]
        standing = [s for s in here if s.tile_id is not None and self._stands(s.tile_id)]
        if standing:
            return standing[-1]
        free = [s for s in here if s.tile_id is None]
        if free:
            return free[-1]
        if not stops:  # a day that the clock skips whole
            return Stop(instant, instant, None, column)
        return stops[max(bisect_right(stops, (instant, _FAR, "", 0)) - 1, 0)]

    def _stands(self, tile_id: str) -> bool:
        box = self._layout.by_id.get(tile_id)
        return box is None or not box.sliver

    def along(self, stop: Stop, steps: int) -> Stop:
        """So many stops down (negative: up) in the same column, held to its ends."""
        stops = self.of(stop.column) or [stop]
        return stops[min(max(self._index(stops, stop) + steps, 0), len(stops) - 1)]

    def appointment(self, stop: Stop, direction: int) -> Stop:
        """The next appointment of the column in a direction, the stop itself when there is none."""
        stops = self.of(stop.column)
        at = self._index(stops, stop) + direction
        while 0 <= at < len(stops):
            if stops[at].tile_id is not None:
                return stops[at]
            at += direction
        return stop

    def across(self, stop: Stop, columns: int, instant: Micros) -> Stop:
        """To the right (negative: left): the appointment beside, else the next column.

        ``instant`` is the time of this column beside which to go on.
        """
        beside = self._beside(stop, columns)
        if beside is not None:
            return beside
        column = stop.column + columns
        if not 0 <= column < self._layout.columns.count:
            return stop
        return self.at(column, self._layout.beside(instant, stop.column, column))

    def _beside(self, stop: Stop, direction: int) -> Stop | None:
        if stop.tile_id is None:
            return None
        here = self._x(stop)
        sign = -1 if (direction < 0) != self._layout.columns.rtl else 1
        beside = [
            s
            for s in self.of(stop.column)
            if s.tile_id is not None and s.start < stop.end and stop.start < s.end and (self._x(s) - here) * sign > 0
        ]
        return min(beside, key=lambda s: abs(self._x(s) - here), default=None)

    def first(self, column: int) -> Stop:
        """Where a day begins: its first appointment or open row."""
        return self.at(column, self._bounds(column)[0])

    def last(self, column: int) -> Stop:
        """Where a day ends: its last appointment or open row."""
        return self.at(column, self._bounds(column)[1] - 1)

    def _bounds(self, column: int) -> tuple[Micros, Micros]:
        layout = self._layout
        tiles, time = layout.tiles_of(column), layout.times[column]
        opened = layout.page.columns[column].open
        starts = [t.start for t in tiles] + [a for a, _ in opened]
        ends = [t.end for t in tiles] + [b for _, b in opened]
        return max(min(starts, default=time.start), time.start), min(max(ends, default=time.end), time.end)

    def _index(self, stops: list[Stop], stop: Stop) -> int:
        try:
            return stops.index(stop)
        except ValueError:
            return max(bisect_left(stops, (stop.start, 0, "", 0)), 0)


_FAR: Micros = 1 << 62


def _gaps(covered: list[tuple[Micros, Micros]], start: Micros, end: Micros) -> list[tuple[Micros, Micros]]:
    """What of a day no appointment covers."""
    found: list[tuple[Micros, Micros]] = []
    at = start
    for a, b in covered:
        if a > at:
            found.append((at, min(a, end)))
        at = max(at, b)
    if at < end:
        found.append((at, end))
    return found
