"""The hot reads as prepared SQL: a day, a range, what is busy. No SQLAlchemy, no dataclasses.

Each is tested equal to its form in SQLAlchemy Core (``tests/storage/test_hot.py``). A range read finds
what starts in it or reaches into it: everything up to a day long by the clustered start, longer stays
by a small index of their own, so that the cost does not grow with the years kept.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from himsog_desktop.domain.day import Tile
from himsog_desktop.domain.time import DAY

if TYPE_CHECKING:
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.storage.connection import Raw

_TILE = (
    'start, id, "end", provider_id, status, patient_id, name, phone, services, note, visit, visit_since,'
    " location, lane, flags"
)
TILES = f"""
SELECT {_TILE} FROM tile WHERE start >= :low - {DAY} AND start < :high AND "end" > :low AND "end" - start <= {DAY}
UNION ALL
SELECT {_TILE} FROM tile INDEXED BY tile_long
 WHERE "end" - start > {DAY} AND "end" > :low AND start < :high
 ORDER BY start, id"""
"""Tiles that meet the half-open range."""

STARTING = f"SELECT {_TILE} FROM tile WHERE start >= ? AND start < ? ORDER BY start, id"

ONE = f"SELECT {_TILE} FROM tile WHERE start = ? AND id = ?"

_STANDING = "status <> 'CANCELLED'"
FIRST_OF_DAY = f"""
SELECT {_TILE} FROM tile
 WHERE start >= :low AND start < :high AND {_STANDING} AND provider_id IN (SELECT value FROM json_each(:providers))
 ORDER BY start, id LIMIT :limit"""
"""The first that stand of a day of these providers."""

LOADS = f"""
SELECT d.key, count(*), sum(a.status = 'PENDING'), sum(a.end_time - a.start_time)
  FROM json_each(:providers) AS p CROSS JOIN json_each(:days) AS d CROSS JOIN appointments AS a
 WHERE a.provider_id = p.value AND a.start_time >= d.value ->> 0 AND a.start_time < d.value ->> 1 AND a.{_STANDING}
 GROUP BY d.key"""
"""How much stands on each of these days, from the index of the providers' times alone."""

_SHORT = "start_time >= :low - {day} AND start_time < :high AND end_time > :low AND end_time - start_time <= {day}"
_ACTIVE = "status IN ('PENDING', 'CONFIRMED')"
BUSY = f"""
SELECT id, start_time, end_time FROM appointments
 WHERE provider_id = :provider AND {_SHORT.format(day=DAY)} AND {_ACTIVE}
UNION ALL
SELECT id, start_time, end_time FROM appointments INDEXED BY appointments_provider_long
 WHERE provider_id = :provider AND end_time - start_time > {DAY} AND end_time > :low AND start_time < :high
   AND {_ACTIVE}"""
"""Active appointments of a provider that meet the range."""

PATIENT_BUSY = f"""
SELECT id, start_time, end_time FROM appointments
 WHERE user_id = :patient AND start_time < :high AND end_time > :low AND {_ACTIVE}"""

_IN_ROOM = "appointment_rooms AS r ON r.appointment_id = t.id AND r.room_id = :room"
ROOM_BUSY = f"""
SELECT t.id, t.start, t."end" FROM tile AS t CROSS JOIN {_IN_ROOM}
 WHERE t.start >= :low - {DAY} AND t.start < :high AND t."end" > :low AND t."end" - t.start <= {DAY} AND t.{_ACTIVE}
UNION ALL
SELECT t.id, t.start, t."end" FROM tile AS t INDEXED BY tile_long CROSS JOIN {_IN_ROOM}
 WHERE t."end" - t.start > {DAY} AND t."end" > :low AND t.start < :high AND t.{_ACTIVE}"""
"""By way of the time, because a room is used for years and a range is days."""

ALL_BLOCKS = """
SELECT provider_id, start_time, end_time, title FROM blocks WHERE start_time < ? AND end_time > ? ORDER BY start_time"""

_USES = "appointment_rooms AS r ON r.appointment_id = t.id"
ROOMS_USED = f"""
SELECT t.id, r.room_id FROM tile AS t CROSS JOIN {_USES}
 WHERE t.start >= :low - {DAY} AND t.start < :high AND t."end" > :low AND t."end" - t.start <= {DAY}
UNION ALL
SELECT t.id, r.room_id FROM tile AS t INDEXED BY tile_long CROSS JOIN {_USES}
 WHERE t."end" - t.start > {DAY} AND t."end" > :low AND t.start < :high"""
"""The rooms of the appointments that meet the half-open range."""

BLOCKS = """
SELECT id, provider_id, start_time, end_time, title FROM blocks
 WHERE provider_id = :provider AND start_time < :high AND end_time > :low ORDER BY start_time"""


def tiles(raw: Raw, low: Micros, high: Micros) -> tuple[Tile, ...]:
    """Tiles that meet the half-open range, by start and id."""
    return tuple(map(Tile._make, raw.execute(TILES, {"low": low, "high": high})))


def starting(raw: Raw, low: Micros, high: Micros) -> tuple[Tile, ...]:
    """Tiles that start in the half-open range, by start and id."""
    return tuple(map(Tile._make, raw.execute(STARTING, (low, high))))


def tiles_of(raw: Raw, keys: list[tuple[Micros, str]]) -> list[Tile]:
    """The tiles of these (start, id) keys that are still there."""
    found = []
    for key in keys:
        row = raw.execute(ONE, key).fetchone()
        if row is not None:
            found.append(Tile._make(row))
    return found


def first_of_day(raw: Raw, low: Micros, high: Micros, providers: str, limit: int) -> tuple[Tile, ...]:
    """The first tiles that start in the range and are not cancelled; ``providers`` is a JSON list of ids."""
    found = raw.execute(FIRST_OF_DAY, {"low": low, "high": high, "providers": providers, "limit": limit})
    return tuple(map(Tile._make, found))


def loads(raw: Raw, days: list[tuple[Micros, Micros]], providers: str) -> dict[int, tuple[int, int, Micros]]:
    """By number of the day: how many start in it, how many of them are requests, the time they take in all.

    ``providers`` is a JSON list of ids; cancelled ones are left out, and days without any.
    """
    found = raw.execute(LOADS, {"providers": providers, "days": json.dumps(days)})
    return {number: (count, requested, length) for number, count, requested, length in found}


def busy(raw: Raw, provider_id: str, low: Micros, high: Micros) -> list[tuple[str, Micros, Micros]]:
    """(id, start, end) of a provider's active appointments that meet the range."""
    return raw.execute(BUSY, {"provider": provider_id, "low": low, "high": high}).fetchall()


def patient_busy(raw: Raw, patient_id: str, low: Micros, high: Micros) -> list[tuple[str, Micros, Micros]]:
    """The same of a patient's."""
    return raw.execute(PATIENT_BUSY, {"patient": patient_id, "low": low, "high": high}).fetchall()


def room_busy(raw: Raw, room_id: str, low: Micros, high: Micros) -> list[tuple[str, Micros, Micros]]:
    """The same of a room's."""
    return raw.execute(ROOM_BUSY, {"room": room_id, "low": low, "high": high}).fetchall()


def blocks_of_all(raw: Raw, low: Micros, high: Micros) -> list[tuple[str, Micros, Micros, str]]:
    """(provider, start, end, title) of everybody's blocked times that meet the range."""
    return raw.execute(ALL_BLOCKS, (high, low)).fetchall()


def blocks(raw: Raw, provider_id: str, low: Micros, high: Micros) -> list[tuple[str, str, Micros, Micros, str]]:
    """(id, provider, start, end, title) of blocked time that meets the range."""
    return raw.execute(BLOCKS, {"provider": provider_id, "low": low, "high": high}).fetchall()


def service_buffers(raw: Raw, ids: list[str]) -> dict[str, tuple[int, int]]:
    """Minutes that each of these appointments' services keep free before and after it."""
    return {
        row[0]: (row[1], row[2])
        for row in raw.execute(
            "SELECT b.appointment_id, max(d.buffer_before), max(d.buffer_after) FROM json_each(?) AS wanted"
            "  JOIN appointment_service AS b ON b.appointment_id = wanted.value"
            "  JOIN service_desk AS d ON d.service_id = b.service_id"
            " GROUP BY b.appointment_id HAVING max(d.buffer_before) > 0 OR max(d.buffer_after) > 0",
            (json.dumps(ids),),
        )
    }


def rooms_used(raw: Raw, low: Micros, high: Micros) -> list[tuple[str, str]]:
    """(appointment, room) of what meets the half-open range."""
    return raw.execute(ROOMS_USED, {"low": low, "high": high}).fetchall()


def people(raw: Raw) -> list[tuple[str, str, str]]:
    """(login, name, role's word) of everybody who works here, in the order they were made."""
    return raw.execute("SELECT login, name, role FROM staff WHERE active ORDER BY rowid").fetchall()
