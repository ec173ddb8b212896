"""Where everything stands in the list: rows and headings from top to bottom, columns from side to side. No Qt."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.ui.appointments_list.found import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

HEADING, EMPTY = -1, -2
"""In place of a row: the heading of a section, the line of one without rows."""


class Rows:
    """Headings and rows by height: heading, row and empty line are each as high as said, in pixels."""

    __slots__ = ("_tops", "counts", "empty", "heading", "height", "row")

    def __init__(self, counts: Sequence[int], heading: int, row: int, empty: int) -> None:
        self.counts = tuple(counts)
        self.heading, self.row, self.empty = heading, row, empty
        self._tops = [0]
        for count in self.counts:
            self._tops.append(self._tops[-1] + heading + (count * row if count else empty))
        self.height = self._tops[-1]

    def section_at(self, y: int) -> int:
        """The section at a height; the last one below all, -1 where there is none."""
        return min(max(bisect_right(self._tops, y) - 1, 0), len(self.counts) - 1)

    def at(self, y: int) -> Place | None:
        """What stands at a height; ``at`` is HEADING or EMPTY where it is no row."""
        if not 0 <= y < self.height:
            return None
        section = self.section_at(y)
        inside = y - self._tops[section] - self.heading
        if inside < 0:
            return Place(section, HEADING)
        return Place(section, inside // self.row if self.counts[section] else EMPTY)

    def top(self, place: Place) -> int:
        """The upper edge of a row, a heading or an empty line."""
        top = self._tops[place.section]
        if place.at == HEADING:
            return top
        return top + self.heading + max(place.at, 0) * self.row

    def bottom(self, section: int) -> int:
        """The lower edge of a section."""
        return self._tops[section + 1]

    def seen(self, top: int, bottom: int) -> list[Place]:
        """The rows and empty lines that meet a stretch, without headings."""
        found = []
        for section, count in enumerate(self.counts):
            begin, end = self._tops[section] + self.heading, self._tops[section + 1]
            if end <= top or begin >= bottom:
                continue
            if not count:
                found.append(Place(section, EMPTY))
                continue
            first = max(top - begin, 0) // self.row
            last = min((bottom - begin - 1) // self.row, count - 1)
            found += [Place(section, at) for at in range(first, last + 1)]
        return found


class Column(NamedTuple):
    """One column: its least width at scale 1, its share of what is left, its worth (what is low goes first)."""

    key: str
    word: str
    least: int
    share: int
    worth: int
    order: str | None = None


WHEN, PATIENT, PHONE, PROVIDER, SERVICES, STATUS, NOTE, SOURCE, CREATED = (
    "when", "patient", "phone", "provider", "services", "status", "note", "source", "created",
)  # fmt: skip
COLUMNS = (
    Column(WHEN, "When", 198, 0, 10, "time"),
    Column(PATIENT, "Patient", 130, 3, 9, "patient"),
    Column(PHONE, "Phone", 118, 0, 5),
    Column(PROVIDER, "Provider", 100, 2, 6, "provider"),
    Column(SERVICES, "Services", 110, 3, 4),
    Column(STATUS, "State", 118, 0, 8, "status"),
    Column(NOTE, "Note", 40, 0, 7),
    Column(SOURCE, "Source", 64, 0, 2),
    Column(CREATED, "Booked", 104, 0, 1, "created"),
)
CHOICE = 40
"""Width at scale 1 of the boxes to tick, before the first column."""


class Cell(NamedTuple):
    """A column where it stands."""

    column: Column
    x: int
    width: int


def fit(width: int, px: float, hidden: Collection[str] = ()) -> tuple[Cell, ...]:
    """The columns that have room, from the left: what is worth least gives way, the rest share what is left.

    ``px`` is the scale of text. When and who are always there.
    """
    shown = [column for column in COLUMNS if column.key not in hidden or column.worth > 8]
    room = width - round(CHOICE * px)
    while sum(round(column.least * px) for column in shown) > room and len(shown) > 2:
        shown.remove(min(shown, key=lambda column: column.worth))
    left = max(room - sum(round(column.least * px) for column in shown), 0)
    shares = sum(column.share for column in shown) or 1
    found, x = [], round(CHOICE * px)
    for column in shown:
        wide = round(column.least * px) + left * column.share // shares
        if len(shown) == 2 and room < sum(round(c.least * px) for c in shown):
            wide = room // 2
        found.append(Cell(column, x, wide))
        x += wide
    return tuple(found)
