"""Whether the cache agrees with itself: the file, the derived tables, and history with projection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.domain.day import MADE, MADE_AT_DESK, MADE_BY_IMPORT
from himsog_desktop.storage.connection import open_raw
from himsog_desktop.storage.entities import KINDS
from himsog_desktop.storage.images import Image, decode, image_of, record_of, whole
from himsog_desktop.storage.outbox import base_of, fold, pending

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from himsog_desktop.storage.connection import Raw

_TILE_FORM = f"""
SELECT a.start_time AS start, a.id AS id, a.end_time AS "end", a.provider_id, a.status, a.user_id,
       coalesce(p.corrected_name, u.name, a.patient_name),
       CASE WHEN u.id IS NULL THEN a.patient_phone ELSE p.phone END,
       coalesce((SELECT group_concat(name, '; ') FROM (
           SELECT coalesce(s.name, '') AS name FROM appointment_service AS b
             LEFT JOIN services AS s ON s.id = b.service_id
            WHERE b.appointment_id = a.id ORDER BY b.created_at)), ''),
       v.state, coalesce(d.location, 'in_person'), coalesce(d.lane, 0),
       CASE d.source WHEN 'desk' THEN {MADE_AT_DESK} WHEN 'import' THEN {MADE_BY_IMPORT} ELSE 0 END
  FROM appointments AS a
  LEFT JOIN appointment_desk AS d ON d.appointment_id = a.id
  LEFT JOIN user AS u ON u.id = a.user_id
  LEFT JOIN patients AS p ON p.user_id = a.user_id
  LEFT JOIN visit AS v ON v.appointment_id = a.id"""
_TILE = f"""
SELECT start, id, "end", provider_id, status, patient_id, name, phone, services, visit, location, lane, flags & {MADE}
  FROM tile"""
_MISSING = f"SELECT count(*) FROM ({_TILE_FORM} EXCEPT {_TILE})"
_EXTRA = f"SELECT count(*) FROM ({_TILE} EXCEPT {_TILE_FORM})"
_BATCH = 1_000


def file_is_sound(path: Path, key: bytes, *, thorough: bool = False) -> bool:
    """SQLite's own check of the file: quick, or every page and index.

    On a connection of its own: the check does not renew what FTS5 remembers of an index, so that one which
    others have written to since would be called corrupt by a connection that used it before.
    """
    check = "integrity_check" if thorough else "quick_check"
    raw = open_raw(path, key)
    try:
        return [row[0] for row in raw.execute(f"PRAGMA {check}").fetchall()] == ["ok"]  # sql: identifiers only
    finally:
        raw.close()


def wrong_tiles(raw: Raw) -> int:
    """How many tiles are not what the tables that they come from say, missing ones included."""
    missing = raw.execute(_MISSING).fetchone()[0]
    extra = raw.execute(_EXTRA).fetchone()[0]
    return max(int(missing), int(extra))


def wrong_search(raw: Raw) -> int:
    """By how many the patients and the two search indexes differ."""
    patients, words, prefix = raw.execute(
        "SELECT (SELECT count(*) FROM user WHERE role = 'USER'), (SELECT count(*) FROM patient_word),"
        " (SELECT count(*) FROM patient_prefix)"
    ).fetchone()
    return int(abs(patients - words) + abs(words - prefix))


def double_booked(raw: Raw) -> int:
    """How many active appointments overlap an earlier one of the same provider and lane."""
    rows = raw.execute(
        "SELECT a.provider_id, coalesce(d.lane, 0) AS lane, a.start_time, a.end_time FROM appointments AS a"
        " LEFT JOIN appointment_desk AS d ON d.appointment_id = a.id"
        " WHERE a.status IN ('PENDING', 'CONFIRMED') ORDER BY a.provider_id, lane, a.start_time, a.end_time"
    )
    count, last, until = 0, ("", -1), 0
    for provider, lane, start, end in rows:
        if (provider, lane) == last and start < until:
            count += 1
        until = max(until, end) if (provider, lane) == last else end
        last = (provider, lane)
    return count


def misfolded(raw: Raw, clinic_id: str) -> Iterator[tuple[str, str]]:
    """(entity, id) of every aggregate that is not what waits for it over what the server said of it."""
    rows = raw.execute(
        "SELECT entity_type, entity_id FROM base UNION"
        " SELECT entity_type, entity_id FROM outbox WHERE state = 'pending' AND entity_type <> 'card'"
    ).fetchall()
    for entity, key in rows:
        kind = KINDS[entity]
        base = base_of(raw, entity, key)
        wanted = None if base is None else record_of(kind.record, fold(base, pending(raw, entity, key)))
        found = kind.load(raw, [key], clinic_id)
        if base is None or image_of(found[0] if found else None) != image_of(wanted):
            yield entity, key


def astray(raw: Raw, clinic_id: str) -> Iterator[tuple[str, str]]:
    """(entity, id) of every aggregate whose history, told from the start, is not what stands there."""
    for entity, kind in KINDS.items():
        if entity in ("clinic", "staff"):
            # The first clinic and the first person are there before there is a history.
            continue
        told: dict[str, Image] = {}
        for key, before, after in raw.execute(
            "SELECT entity_id, before, after FROM history WHERE entity_type = ? ORDER BY seq", (entity,)
        ):
            then, now = decode(before), decode(after)
            told[key] = {} if not now else {**told.get(key, {}), **(now if then else whole(kind.record, now))}
        ids = list(told)
        for i in range(0, len(ids), _BATCH):
            batch = ids[i : i + _BATCH]
            there = {record.id: image_of(record) for record in kind.load(raw, batch, clinic_id)}
            for key in batch:
                found = there.get(key, {})
                # An image of an older version may lack fields: only then is it read as a record first.
                if found != told[key] and found != image_of(record_of(kind.record, told[key])):
                    yield entity, key
