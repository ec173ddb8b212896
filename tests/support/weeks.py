"""Small weeks for tests of columns that are days: what a test says is there, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

from himsog_desktop.domain.day import DayPage, ProviderColumn, Tile
from himsog_desktop.domain.time import MINUTE, zone
from himsog_desktop.ui.calendar.columns import MOST_VISIBLE
from himsog_desktop.ui.calendar.geometry import ColumnScale, TimeScale, axis
from himsog_desktop.ui.calendar.layout import DayLayout
from tests.support.days import FRIDAY, MANILA, at, tile

MONDAY = FRIDAY - timedelta(days=4)
NEW_YORK, HOWE = "America/New_York", "Australia/Lord_Howe"
NAMES = (("p0", "Dr Cruz"), ("p1", "Dr Lim"))


def days_of(first: date) -> list[date]:
    """The seven days from one on."""
    return [first + timedelta(days=number) for number in range(7)]


def week(*tiles: Tile, first: date = MONDAY, timezone: str = MANILA, providers: tuple[str, ...] = ("p0",)) -> DayPage:
    """A week with these appointments, open from 8 to 17 on each day."""
    where = zone(timezone)
    columns = tuple(
        ProviderColumn(
            day.isoformat(),
            f"{day:%a} {day.day} {day:%b}",
            None,
            30,
            True,
            ((at(8, day, timezone), at(17, day, timezone)),),
            (),
            *where.day_bounds(day),
            providers,
        )
        for day in days_of(first)
    )
    low, high = columns[0].start, columns[-1].end
    names = tuple(name for name in NAMES if name[0] in providers)
    return DayPage(first.isoformat(), timezone, low, high, columns, tuple(sorted(tiles)), names)


def minutes_after(tile_id: str, minutes: int, length: int, day: date, timezone: str = MANILA) -> Tile:
    """An appointment so many elapsed minutes after a day's start."""
    start = zone(timezone).day_bounds(day)[0] + minutes * MINUTE
    made = tile(tile_id, 0, length, day=day, timezone=timezone)
    return made._replace(start=start, end=start + length * MINUTE)


def lay_out(
    page: DayPage, zoom: int = 30, width: int = 1120, *, rtl: bool = False, most: int = MOST_VISIBLE
) -> DayLayout:
    """A page of a day or of days on scales of that size."""
    across = ColumnScale(len(page.columns), width, rtl=rtl)
    if not page.of_days:
        return DayLayout(page, TimeScale(page.start, page.end, zoom), across, most=most)
    bounds = tuple(page.bounds(number) for number in range(len(page.columns)))
    common = axis(zone(page.timezone), bounds)
    times = [TimeScale(*b, zoom, 1.0, pieces, common.tall) for b, pieces in zip(bounds, common.pieces, strict=True)]
    return DayLayout(page, TimeScale(0, common.tall, zoom), across, times=times, most=most)
