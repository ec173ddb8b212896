"""How a day is laid over sheets: which hours and which providers go together, and who stands beside whom. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.time import HOUR, MINUTE, Micros

if TYPE_CHECKING:
    from collections.abc import Sequence

    from himsog_desktop.interchange.pdf_rows import PrintColumn, PrintDay, PrintRow

LEAST_LINE = 8.6
"""The least height of an appointment in points: one line that can be read."""
LEAST_HOUR, MOST_HOUR = 30.0, 90.0
"""Height of an hour in points."""


class Stretch(NamedTuple):
    """The hours of one sheet, and the height of one of them."""

    start: Micros
    end: Micros
    hour: float

    def y(self, instant: Micros) -> float:
        """Points below the top of the hours."""
        return (min(max(instant, self.start), self.end) - self.start) / HOUR * self.hour


class Placed(NamedTuple):
    """An appointment in its lane, one of so many beside each other."""

    row: PrintRow
    lane: int
    lanes: int


def hours_of(day: PrintDay) -> tuple[Micros, Micros]:
    """From the first to the last full hour in which anybody is open or booked; 8 to 17 of an empty day."""
    starts = [start for column in day.columns for start, _ in column.open]
    ends = [end for column in day.columns for _, end in column.open]
    rows = [row for column in day.columns for row in column.rows if not row.gone]
    starts += [row.start for row in rows]
    ends += [row.end for row in rows]
    if not starts:
        return day.zone.instant(day.day, 8 * 60), day.zone.instant(day.day, 17 * 60)
    low, high = max(min(starts), day.low), min(max(ends), day.high)
    low -= day.zone.minutes_of(low) % 60 * MINUTE
    over = day.zone.minutes_of(high) % 60
    high += (60 - over) * MINUTE if over else 0
    return max(low, day.low), max(min(high, day.high), low + HOUR)


def stretches(day: PrintDay, room: float) -> list[Stretch]:
    """The hours in as few sheets as hold them legibly: whole hours on each, of one height on all."""
    low, high = hours_of(day)
    hours = math.ceil((high - low) / HOUR)
    lengths = sorted(row.end - row.start for column in day.columns for row in column.rows if not row.gone)
    # The short ones decide, but not the one odd one: that one is drawn a little higher than it is long.
    short = lengths[len(lengths) // 20] if lengths else 30 * MINUTE
    needed = max(LEAST_LINE * HOUR / max(short, 10 * MINUTE), LEAST_HOUR)
    sheets = max(math.ceil(hours * needed / room), 1)
    each = math.ceil(hours / sheets)
    height = min(room / each, MOST_HOUR)
    return [Stretch(at, min(at + each * HOUR, high), height) for at in range(low, high, each * HOUR)]


def placed(rows: Sequence[PrintRow], least: Micros) -> list[Placed]:
    """Side by side what meets in time, everything taking at least ``least``; by start, then id.

    Within a group that hangs together all lanes are equally wide, and there are as many as meet at once.
    """
    found: list[Placed] = []
    group: list[tuple[PrintRow, int]] = []
    ends: list[Micros] = []
    reach: Micros | None = None
    for row in sorted(rows, key=lambda r: (r.start, r.id)):
        if reach is not None and row.start >= reach:
            found += [Placed(member, lane, len(ends)) for member, lane in group]
            group, ends, reach = [], [], None
        lane = next((i for i, end in enumerate(ends) if end <= row.start), len(ends))
        taken = max(row.end, row.start + least)
        if lane == len(ends):
            ends.append(taken)
        else:
            ends[lane] = taken
        group.append((row, lane))
        reach = taken if reach is None else max(reach, taken)
    return found + [Placed(member, lane, len(ends)) for member, lane in group]


def groups(columns: Sequence[PrintColumn], room: float, least: float) -> list[Sequence[PrintColumn]]:
    """Providers in groups that fit beside each other, as even as can be."""
    if not columns:
        return []
    most = max(int(room // least), 1)
    sheets = math.ceil(len(columns) / most)
    each = math.ceil(len(columns) / sheets)
    return [columns[i : i + each] for i in range(0, len(columns), each)]
