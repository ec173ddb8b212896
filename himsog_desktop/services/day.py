"""The clinic's day as a screen paints it. On the start path: prepared SQL only."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from himsog_desktop.domain.clinic import OverrideKind
from himsog_desktop.domain.day import NO_ROOM, ROOM, DayPage, ProviderColumn, Span
from himsog_desktop.domain.openings import Openings
from himsog_desktop.domain.time import Zone
from himsog_desktop.storage import hot, load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from himsog_desktop.domain.clinic import Provider
    from himsog_desktop.domain.day import Tile
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.storage.cache import Cache
    from himsog_desktop.storage.connection import Raw


def day_page(cache: Cache, day: date, hidden: Iterable[str] = (), order: Iterable[str] = ()) -> DayPage:
    """A clinic day: the columns in order, what is closed in them, and the tiles.

    ``hidden`` are ids of providers whose column is not shown; ``order`` puts these ids first.
    Providers who were suspended or rejected show only on days when they have appointments.
    """
    raw, zone = cache.reader, cache.zone
    low, high = zone.day_bounds(day)
    tiles = hot.tiles(raw, low, high)
    out = frozenset(hidden)
    used = {tile.provider_id for tile in tiles}
    providers = [p for p in load.providers(raw, cache.clinic.id) if p.id not in out and (p.bookable or p.id in used)]
    place = {key: i for i, key in enumerate(order)}
    providers.sort(key=lambda p: place.get(p.id, len(place)))
    blocked = blocked_time(raw, low, high)
    columns = tuple(_column(p, cache.clinic.id, zone, day, low, high, blocked.get(p.id, [])) for p in providers)
    return DayPage(day.isoformat(), zone.name, low, high, columns, tiles if not out else _of(tiles, out))


def room_page(
    cache: Cache, day: date, hidden: Iterable[str] = (), order: Iterable[str] = (), providers: Iterable[str] = ()
) -> DayPage:
    """A clinic day with a column per room, and a last one for what has no room.

    ``hidden`` and ``order`` are ids of rooms (``NO_ROOM``: none), ``providers`` those whose appointments are left
    out. A room is open when anybody is. Of several rooms the first that is shown counts.
    """
    page = day_page(cache, day, providers)
    out, place = frozenset(hidden), {key: i for i, key in enumerate(order)}
    shown = [room for room in cache.clinic.rooms if room.id not in out]
    shown.sort(key=lambda room: place.get(room.id, len(place)))
    first = {room.id: i for i, room in enumerate(shown)}
    used: dict[str, list[str]] = {}
    for key, room in hot.rooms_used(cache.reader, page.start, page.end):
        used.setdefault(key, []).append(room)
    rooms = {key: tuple(sorted(found, key=lambda r: (first.get(r, len(first)), r))) for key, found in used.items()}
    opened = tuple(merged(stretch for column in page.columns for stretch in column.open))
    slot = min((column.slot_minutes for column in page.columns), default=15)
    kinds = {"room": None}
    columns = [
        ProviderColumn(ROOM + room.id, room.name, kinds.get(room.kind, room.kind), slot, True, opened, ())
        for room in shown
    ]
    if NO_ROOM not in out:
        columns.append(ProviderColumn(ROOM, NO_ROOM_NAME, None, slot, True, opened, ()))
    ids = {column.id for column in columns}
    names = tuple((column.id, column.name) for column in page.columns)
    page = page._replace(columns=tuple(columns), names=names, rooms=rooms)
    return page._replace(tiles=tuple(tile for tile in page.tiles if page.column_of(tile) in ids))


NO_ROOM_NAME = "No room"
"""What stands above the column of appointments without one."""


def merged(stretches: Iterable[tuple[Micros, Micros]]) -> list[tuple[Micros, Micros]]:
    """Half-open stretches, joined where they touch, in order."""
    found: list[tuple[Micros, Micros]] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def tiles_at(cache: Cache, keys: list[tuple[Micros, str]]) -> list[Tile]:
    """The tiles of these (start, id) that are there now."""
    return hot.tiles_of(cache.reader, keys)


def _of(tiles: tuple[Tile, ...], hidden: frozenset[str]) -> tuple[Tile, ...]:
    return tuple(tile for tile in tiles if tile.provider_id not in hidden)


def blocked_time(raw: Raw, low: Micros, high: Micros) -> dict[str, list[Span]]:
    """Blocked time that meets a range, cut to it, per provider."""
    found: dict[str, list[Span]] = {}
    for provider, start, end, title in hot.blocks_of_all(raw, low, high):
        found.setdefault(provider, []).append(Span(max(start, low), min(end, high), "block", title))
    return found


_KIND = {OverrideKind.VACATION: "vacation", OverrideKind.HOLIDAY: "holiday"}


def _column(
    provider: Provider, clinic_id: str, zone: Zone, day: date, low: Micros, high: Micros, blocks: list[Span]
) -> ProviderColumn:
    openings = openings_of(provider, clinic_id, zone)
    return ProviderColumn(
        provider.id,
        provider.name,
        provider.specialty,
        provider.slot_minutes,
        provider.bookable,
        openings.open(day),
        spans_of(provider, openings, day, low, high, blocks),
    )


def openings_of(provider: Provider, clinic_id: str, zone: Zone) -> Openings:
    """When a provider works in a clinic."""
    mine = [h for h in provider.hours if h.clinic_id == clinic_id]
    return Openings(zone, mine, provider.overrides, provider.breaks)


def spans_of(
    provider: Provider, openings: Openings, day: date, low: Micros, high: Micros, blocks: list[Span]
) -> tuple[Span, ...]:
    """What lies in the way on a provider's day: breaks, days off, blocked time, in order."""
    zone = openings.zone
    spans = [Span(p.start, p.end, "break", p.name) for p in openings.pauses(day)]
    iso = day.isoformat()
    for override in provider.overrides:
        if override.date != iso or override.available:
            continue
        start = low if override.start is None else zone.instant(day, override.start)
        end = high if override.end is None else zone.instant(day, override.end)
        words = override.reason or override.kind.value.replace("_", " ").capitalize()
        spans.append(Span(start, end, _KIND.get(override.kind, "override"), words))
    spans += blocks
    spans.sort()
    return tuple(spans)
