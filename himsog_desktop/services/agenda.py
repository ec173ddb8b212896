"""The coming (and past) days as a list reads them: a few days at a time, whole appointments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from himsog_desktop.domain.agenda import AgendaDay, AgendaPart
from himsog_desktop.services import openslots
from himsog_desktop.services.month import open_minutes, shown_providers
from himsog_desktop.storage import hot

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from himsog_desktop.domain.clinic import Provider
    from himsog_desktop.domain.day import Tile
    from himsog_desktop.services.desk import Desk


def agenda(desk: Desk, first: date, days: int, hidden: Iterable[str] = ()) -> AgendaPart:
    """So many days from the clinic date ``first``; ``hidden`` are ids of providers who are left out.

    Raises NoAccess for a role that sees no patients.
    """
    shown = shown_providers(desk, hidden)
    wanted = [first + timedelta(days=i) for i in range(days)]
    zone = desk.zone
    bounds = [zone.day_bounds(day) for day in wanted]
    ids = {p.id for p in shown}
    found: list[list[Tile]] = [[] for _ in wanted]
    number = 0
    for tile in hot.starting(desk.reader, bounds[0][0], bounds[-1][1]):
        while tile.start >= bounds[number][1]:
            number += 1
        if tile.provider_id in ids:
            found[number].append(tile)
    opened = open_minutes(desk, shown, wanted)
    empty = [day for day, tiles, (minutes, _) in zip(wanted, found, opened, strict=True) if minutes and not tiles]
    free = _free(desk, shown, empty)
    return AgendaPart(
        zone.name,
        tuple(
            AgendaDay(day.isoformat(), low, high, minutes > 0, note, free.get(day), tuple(tiles))
            for day, (low, high), (minutes, note), tiles in zip(wanted, bounds, opened, found, strict=True)
        ),
        {p.id: p.name for p in shown},
    )


def _free(desk: Desk, shown: Sequence[Provider], days: Sequence[date]) -> dict[date, int]:
    """How many times can be booked on these days, those that lie behind left out."""
    today = desk.zone.date_of(desk.now())
    counted = dict.fromkeys((day for day in days if day >= today), 0)
    if not counted:
        return {}
    first, last = min(counted), max(counted)
    for provider in shown:
        if not provider.bookable:
            continue
        for slot in openslots.free_slots(desk, provider.id, first, (last - first).days + 1):
            day = desk.zone.date_of(slot.start)
            if day in counted:
                counted[day] += 1
    return counted
