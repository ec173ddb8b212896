"""The month in pixels: 42 cells, the rows within them, and back. No Qt: numbers in, numbers out.

Seven columns and six lines whose edges are whole pixels and add up exactly, so that every point belongs to
one cell. A cell is a head (the number of the day and its count), a load bar, and as many rows as stand in
it whole; where the appointments are more, its last row says "+n". A cell too small for a single row, or too
narrow for a name, shows its head alone: rows give way to counts.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Literal, NamedTuple

from himsog_desktop.domain.month import CELLS

COLUMNS, LINES = 7, 6

LEAST_ROW = 72
"""Width of a cell at scale 1 under which no name can be read: counts alone then."""

Part = Literal["day", "row", "more"]


class Place(NamedTuple):
    """A rectangle in whole pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first pixel beside it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first pixel below it."""
        return self.y + self.height


class MonthHit(NamedTuple):
    """What lies at a point: a cell; in it its row of that number, its "+n", or the day itself."""

    cell: int
    part: Part
    row: int


class MonthSizes(NamedTuple):
    """Heights inside a cell, of one look: what the type needs."""

    head: int
    bar: int
    row: int
    pad: int
    least_width: int


class MonthGrid:
    """The month in a rectangle at (0, 0). ``rtl`` puts Monday at the right."""

    __slots__ = ("_across", "_cells", "_down", "height", "rtl", "sizes", "width")

    def __init__(self, width: int, height: int, sizes: MonthSizes, *, rtl: bool = False) -> None:
        self.width = max(width, COLUMNS)
        self.height = max(height, LINES)
        self.sizes = sizes
        self.rtl = rtl
        self._across = [self.width * i // COLUMNS for i in range(COLUMNS + 1)]
        self._down = [self.height * i // LINES for i in range(LINES + 1)]
        self._cells = [self._placed(number) for number in range(CELLS)]

    def column_edges(self, column: int) -> tuple[int, int]:
        """Left and right edge of a day of the week, 0 = Monday."""
        at = COLUMNS - 1 - column if self.rtl else column
        return self._across[at], self._across[at + 1]

    def cell(self, number: int) -> Place:
        """The rectangle of a cell, line of the grid at its far edges included."""
        return self._cells[number]

    def _placed(self, number: int) -> Place:
        line, column = divmod(number, COLUMNS)
        left, right = self.column_edges(column)
        top = self._down[line]
        return Place(left, top, right - left, self._down[line + 1] - top)

    def cell_at(self, x: float, y: float) -> int | None:
        """The cell at a point, None outside the month."""
        if not (0 <= x < self.width and 0 <= y < self.height):
            return None
        column = bisect_right(self._across, x) - 1
        line = bisect_right(self._down, y) - 1
        return line * COLUMNS + (COLUMNS - 1 - column if self.rtl else column)

    def nearest(self, x: float, y: float) -> int:
        """The cell at a point, or the outermost one."""
        found = self.cell_at(min(max(x, 0), self.width - 1), min(max(y, 0), self.height - 1))
        assert found is not None
        return found

    def capacity(self, number: int) -> int:
        """How many rows stand whole in a cell; none in one too narrow for a name."""
        place, sizes = self.cell(number), self.sizes
        if place.width < sizes.least_width:
            return 0
        return max(place.height - self._top - sizes.pad, 0) // sizes.row

    @property
    def most(self) -> int:
        """The capacity of the roomiest cell: what has to be read of a day."""
        return max(self.capacity(line * COLUMNS) for line in range(LINES))

    @property
    def _top(self) -> int:
        return self.sizes.head + self.sizes.bar

    def shown(self, number: int, count: int) -> int:
        """How many of a cell's appointments have a row: the last place is for "+n" where not all have one."""
        room = self.capacity(number)
        return count if count <= room else max(room - 1, 0)

    def row(self, number: int, row: int) -> Place:
        """The rectangle of a row of a cell."""
        place, sizes = self._cells[number], self.sizes
        y = place.y + sizes.head + sizes.bar + row * sizes.row
        return Place(place.x + sizes.pad, y, place.width - 2 * sizes.pad - 1, sizes.row)

    def more(self, number: int, count: int) -> Place | None:
        """The rectangle of "+n"; None where all are shown, or where the head's count says it all."""
        room = self.capacity(number)
        return None if count <= room or not room else self.row(number, room - 1)

    def bar(self, number: int) -> Place:
        """Where the load is drawn."""
        place, sizes = self.cell(number), self.sizes
        return Place(place.x + sizes.pad, place.y + sizes.head, place.width - 2 * sizes.pad - 1, sizes.bar)

    def hit(self, x: float, y: float, counts: list[int]) -> MonthHit | None:
        """What lies at a point; ``counts`` are the appointments of each cell."""
        number = self.cell_at(x, y)
        if number is None:
            return None
        count = counts[number] if number < len(counts) else 0
        first = self.row(number, 0)
        if first.x <= x < first.right and y >= first.y:
            row = int(y - first.y) // self.sizes.row
            if row < self.shown(number, count):
                return MonthHit(number, "row", row)
            more = self.more(number, count)
            if more is not None and more.y <= y < more.bottom:
                return MonthHit(number, "more", row)
        return MonthHit(number, "day", -1)

    def line_of(self, number: int) -> int:
        """The week of a cell."""
        return number // COLUMNS

    def touched(self, top: int, bottom: int) -> range:
        """The cells of the weeks that a stretch of pixels touches."""
        if bottom <= 0 or top >= self.height or bottom <= top:
            return range(0)
        first = bisect_right(self._down, max(top, 0)) - 1
        last = bisect_right(self._down, min(bottom, self.height) - 1) - 1
        return range(first * COLUMNS, min((last + 1) * COLUMNS, CELLS))
