"""Small day pages for tests of the painted day: what a test says is there, and nothing else."""

from __future__ import annotations

from datetime import date

from himsog_desktop.domain.day import DayPage, ProviderColumn, Span, Tile
from himsog_desktop.domain.time import MINUTE, Micros, zone

MANILA = "Asia/Manila"
FRIDAY = date(2026, 11, 20)
SATURDAY = date(2026, 11, 21)


def at(hour: float, day: date = FRIDAY, timezone: str = MANILA) -> Micros:
    """The instant of a wall time: ``at(9.5)`` is 09:30."""
    return zone(timezone).instant(day, round(hour * 60))


def tile(
    tile_id: str,
    start: float,
    minutes: int = 30,
    provider: str = "p0",
    status: str = "CONFIRMED",
    *,
    name: str = "Reyes, Ana",
    services: str = "Check-up",
    phone: str | None = "+63 917 555 0001",
    note: str | None = None,
    visit: str | None = None,
    since: Micros | None = None,
    location: str = "in_person",
    flags: int = 0,
    day: date = FRIDAY,
    timezone: str = MANILA,
) -> Tile:
    """One appointment; ``start`` in hours of the day."""
    begins = at(start, day, timezone)
    return Tile(
        start=begins,
        id=tile_id,
        end=begins + minutes * MINUTE,
        provider_id=provider,
        status=status,
        patient_id=f"patient of {tile_id}",
        name=name,
        phone=phone,
        services=services,
        note=note,
        visit=visit,
        visit_since=since,
        location=location,
        lane=0,
        flags=flags,
    )


def column(
    number: int,
    opens: float = 8,
    closes: float = 17,
    *,
    name: str | None = None,
    slot: int = 30,
    spans: tuple[Span, ...] = (),
    day: date = FRIDAY,
    timezone: str = MANILA,
) -> ProviderColumn:
    """Provider ``p<number>``, open in one stretch; closed all day where it opens when it closes."""
    stretch = (at(opens, day, timezone), at(closes, day, timezone))
    return ProviderColumn(
        id=f"p{number}",
        name=name or ("Dr Cruz", "Dr Lim", "Dr Santos", "Dr Aquino")[number % 4],
        specialty="General practice",
        slot_minutes=slot,
        bookable=True,
        open=(stretch,) if stretch[1] > stretch[0] else (),
        spans=spans,
    )


def page(
    *tiles: Tile,
    columns: tuple[ProviderColumn, ...] | int = 3,
    day: date = FRIDAY,
    timezone: str = MANILA,
) -> DayPage:
    """A day with these appointments, in the order that the cache gives."""
    if isinstance(columns, int):
        columns = tuple(column(number, day=day, timezone=timezone) for number in range(columns))
    start, end = zone(timezone).day_bounds(day)
    return DayPage(day.isoformat(), timezone, start, end, columns, tuple(sorted(tiles)))
