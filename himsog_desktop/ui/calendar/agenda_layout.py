"""The agenda in pixels: headings and rows of equal heights under each other, and back. No Qt.

Lines are numbered through: a heading for each day, then its appointments, or one line that says what the day
has in their place. Which line lies at a height is looked up by halving, so that years cost as much as a week.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from himsog_desktop.domain.agenda import AgendaDay


class Line(NamedTuple):
    """A line: the number of its day; its appointment's number, -1 on a heading, -2 where a day has none."""

    day: int
    row: int


HEADING, EMPTY = -1, -2


class AgendaLayout:
    """Days under each other, ``head`` pixels for a heading, ``row`` for everything else."""

    __slots__ = ("_tops", "days", "head", "height", "row", "where")

    def __init__(self, days: Sequence[AgendaDay], head: int, row: int) -> None:
        self.days = days
        self.head = head
        self.row = row
        self._tops: list[int] = []
        self.where: dict[str, Line] = {}
        """Where an appointment stands, by id."""
        y = 0
        for number, day in enumerate(days):
            self._tops.append(y)
            y += head + row * max(len(day.tiles), 1)
            for place, tile in enumerate(day.tiles):
                self.where[tile.id] = Line(number, place)
        self.height = y

    def top(self, day: int) -> int:
        """Where a day begins: its heading."""
        return self._tops[day]

    def bottom(self, day: int) -> int:
        """The first pixel below a day."""
        return self._tops[day + 1] if day + 1 < len(self._tops) else self.height

    def place(self, line: Line) -> tuple[int, int]:
        """Top and bottom of a line."""
        top = self._tops[line.day]
        if line.row == HEADING:
            return top, top + self.head
        top += self.head + self.row * max(line.row, 0)
        return top, top + self.row

    def day_at(self, y: float) -> int | None:
        """The day at a height, held to those that there are; None when there is none."""
        if not self._tops:
            return None
        return max(bisect_right(self._tops, y) - 1, 0)

    def at(self, y: float) -> Line | None:
        """The line at a height, None outside."""
        if not 0 <= y < self.height:
            return None
        day = self.day_at(y)
        assert day is not None
        below = y - self._tops[day] - self.head
        if below < 0:
            return Line(day, HEADING)
        return Line(day, int(below) // self.row if self.days[day].tiles else EMPTY)

    def lines(self, top: float, bottom: float) -> list[Line]:
        """The lines that a stretch of pixels touches, in order."""
        found: list[Line] = []
        line = self.at(max(top, 0))
        while line is not None and self.place(line)[0] < bottom:
            found.append(line)
            line = self.after(line)
        return found

    def after(self, line: Line) -> Line | None:
        """The line below."""
        tiles = len(self.days[line.day].tiles)
        if line.row == HEADING:
            return Line(line.day, 0 if tiles else EMPTY)
        if line.row != EMPTY and line.row + 1 < tiles:
            return Line(line.day, line.row + 1)
        return Line(line.day + 1, HEADING) if line.day + 1 < len(self.days) else None

    def stop(self, line: Line, step: int) -> Line | None:
        """Where the cursor goes, one down or up: headings are passed by."""
        if step > 0:
            found = self.after(line)
            return self.after(found) if found is not None and found.row == HEADING else found
        if line.row > 0:
            return Line(line.day, line.row - 1)
        return self.last(line.day - 1) if line.day else None

    def first(self, day: int) -> Line:
        """The first stop of a day."""
        return Line(day, 0 if self.days[day].tiles else EMPTY)

    def last(self, day: int) -> Line:
        """The last stop of a day."""
        return Line(day, len(self.days[day].tiles) - 1) if self.days[day].tiles else Line(day, EMPTY)

    def sticky(self, y: int) -> tuple[int, int] | None:
        """The day whose heading stays at the top when scrolled to ``y``, and how far the next one pushes it up."""
        day = self.day_at(y)
        if day is None:
            return None
        return day, min(self.bottom(day) - self.head - y, 0)
