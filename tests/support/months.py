"""Small months and agendas for tests of the painted faces."""

from __future__ import annotations

from datetime import date

from himsog_desktop.domain.agenda import AgendaDay, AgendaPart
from himsog_desktop.domain.day import Tile
from himsog_desktop.domain.month import MonthCell, MonthPage, days_of, first_of
from himsog_desktop.domain.time import MINUTE, zone
from tests.support.days import FRIDAY, MANILA

PROVIDERS = {"p0": "Dr Cruz", "p1": "Dr Lim", "p2": "Dr Santos"}


def cell(
    day: date, *tiles: Tile, limit: int = 8, opened: int = 480, note: str = "", timezone: str = MANILA
) -> MonthCell:
    """A day with these appointments, of which the first have a row."""
    low, high = zone(timezone).day_bounds(day)
    mine = sorted(tile for tile in tiles if low <= tile.start < high and tile.status != "CANCELLED")
    asked = sum(tile.status == "PENDING" for tile in mine)
    booked = sum(tile.end - tile.start for tile in mine) // MINUTE
    return MonthCell(day.isoformat(), low, high, len(mine), asked, booked, opened, note, tuple(mine[:limit]))


def month(*tiles: Tile, day: date = FRIDAY, limit: int = 8, closed: tuple[int, ...] = (6,)) -> MonthPage:
    """The month of a day; ``closed`` are days of the week, 0 = Monday."""
    cells = tuple(cell(one, *tiles, limit=limit, opened=0 if one.weekday() in closed else 480) for one in days_of(day))
    return MonthPage(first_of(day).isoformat(), MANILA, cells, PROVIDERS, limit)


def agenda_day(day: date, *tiles: Tile, opened: bool = True, note: str = "", free: int | None = None) -> AgendaDay:
    """A day of the agenda."""
    low, high = zone(MANILA).day_bounds(day)
    mine = tuple(sorted(tile for tile in tiles if low <= tile.start < high))
    return AgendaDay(day.isoformat(), low, high, opened, note, free if not mine else None, mine)


def agenda(*days: AgendaDay) -> AgendaPart:
    """Days in a row."""
    return AgendaPart(MANILA, days, PROVIDERS)
