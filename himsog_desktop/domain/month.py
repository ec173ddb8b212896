"""What the month paints: 42 cells, each with its figures and the first of its appointments. Plain tuples."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from himsog_desktop.domain.day import Tile
from himsog_desktop.domain.time import Micros

CELLS = 42
"""Six weeks, always: nothing below the month moves when another one is shown."""


class MonthCell(NamedTuple):
    """One day. An appointment belongs to the day that it starts on; cancelled ones are left out.

    ``standing`` are how many, ``requested`` of them wait for an answer; ``booked`` and ``open`` are minutes of the
    providers shown, ``open`` 0 on a day that all of them are away. ``note`` says why, where there is a reason.
    ``rows`` are the first of the day, as many as were asked for.
    """

    day: str
    start: Micros
    end: Micros
    standing: int
    requested: int
    booked: int
    open: int
    note: str
    rows: tuple[Tile, ...]


class MonthPage(NamedTuple):
    """A month: its first day as ``YYYY-MM-DD``, the cells in order, the names of providers by id.

    ``limit`` is how many appointments of a day were read.
    """

    month: str
    timezone: str
    cells: tuple[MonthCell, ...]
    providers: dict[str, str]
    limit: int


def first_of(day: date) -> date:
    """The first of a day's month."""
    return day.replace(day=1)


def month_after(month: date, steps: int) -> date:
    """The first of the month so many months on (or back)."""
    number = month.year * 12 + month.month - 1 + steps
    return date(number // 12, number % 12 + 1, 1)


def days_of(month: date) -> tuple[date, ...]:
    """The 42 days that show a month: from the Monday at or before its first."""
    first = first_of(month)
    monday = first - timedelta(days=first.weekday())
    return tuple(monday + timedelta(days=i) for i in range(CELLS))


def same_day_of(month: date, day: date) -> date:
    """The day of the same number in another month; its last one where there is no such."""
    last = month_after(month, 1) - timedelta(days=1)
    return month.replace(day=min(day.day, last.day))
