"""Tiles and search words made in bulk from the tables that a snapshot filled, chunk by chunk."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from himsog_desktop.domain.day import MADE_AT_DESK, MADE_BY_IMPORT, OUTCOME_MISSING, OVERBOOKED, PATIENT_ALERT
from himsog_desktop.storage.rows import NOTE_ON_TILE
from himsog_desktop.storage.search import words

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from himsog_desktop.storage.connection import Raw

TILES = 1_000
PATIENTS = 250

_TILE = f"""
INSERT OR REPLACE INTO {{0}}tile
SELECT a.start_time, a.id, a.end_time, a.provider_id, a.status, a.user_id,
       coalesce(p.corrected_name, u.name, a.patient_name),
       CASE WHEN u.id IS NULL THEN a.patient_phone ELSE p.phone END,
       coalesce((SELECT group_concat(name, '; ') FROM (
           SELECT coalesce(s.name, '') AS name FROM {{0}}appointment_service AS b
             LEFT JOIN {{0}}services AS s ON s.id = b.service_id
            WHERE b.appointment_id = a.id ORDER BY b.created_at)), ''),
       nullif(substr(a.notes, 1, {NOTE_ON_TILE}), ''),
       v.state,
       CASE WHEN v.state IS NOT NULL
            THEN coalesce(v.checked_out_at, v.with_provider_at, v.in_room_at, v.arrived_at) END,
       coalesce(d.location, 'in_person'), coalesce(d.lane, 0),
       CASE WHEN d.outcome_missing THEN {OUTCOME_MISSING} ELSE 0 END
       | CASE WHEN d.lane THEN {OVERBOOKED} ELSE 0 END
       | CASE WHEN p.alerts IS NOT NULL THEN {PATIENT_ALERT} ELSE 0 END
       | CASE d.source WHEN 'desk' THEN {MADE_AT_DESK} WHEN 'import' THEN {MADE_BY_IMPORT} ELSE 0 END
  FROM json_each(?) AS wanted CROSS JOIN {{0}}appointments AS a ON a.rowid = wanted.value
  LEFT JOIN {{0}}appointment_desk AS d ON d.appointment_id = a.id
  LEFT JOIN {{0}}user AS u ON u.id = a.user_id
  LEFT JOIN {{0}}patients AS p ON p.user_id = a.user_id
  LEFT JOIN {{0}}visit AS v ON v.appointment_id = a.id
 ORDER BY wanted.key"""
_PATIENTS = """
SELECT u.rowid, u.id, coalesce(p.corrected_name, u.name), coalesce(p.corrected_email, u.email), p.phone, p.external_id
  FROM {0}user AS u LEFT JOIN {0}patients AS p ON p.user_id = u.id
 WHERE u.role = 'USER' AND u.rowid > ? AND u.rowid <= ?"""


def fill(raw: Raw, twin: str, chunk: Callable[[int], AbstractContextManager[None]]) -> None:
    """Make tiles and search words of the twins of the tables; ``chunk`` opens a short transaction."""
    # In the order of the calendar, so that every page of it is written once.
    found = raw.execute(f"SELECT start_time, rowid FROM {twin}appointments").fetchall()  # sql: identifiers only
    ids = [row[1] for row in sorted(found)]
    text = _TILE.format(twin)
    for low in range(0, len(ids), TILES):
        with chunk(TILES):
            raw.execute(text, (json.dumps(ids[low : low + TILES]),))
    last = raw.execute(f"SELECT coalesce(max(rowid), 0) FROM {twin}user").fetchone()[0]  # sql: identifiers only
    text = _PATIENTS.format(twin)
    for low in range(0, last, PATIENTS):
        rows = raw.execute(text, (low, low + PATIENTS)).fetchall()
        made = [(seq, key, *words(name, email, phone, external)) for seq, key, name, email, phone, external in rows]
        with chunk(PATIENTS):
            raw.executemany(
                f"INSERT OR REPLACE INTO {twin}patient_word (seq, patient_id) VALUES (?, ?)",  # sql: identifiers only
                [(seq, key) for seq, key, _, _ in made],
            )
            for name, place in (("prefix", 2), ("trigram", 3)):
                into = f"INSERT OR REPLACE INTO {twin}patient_{name} (rowid, words) VALUES (?, ?)"
                raw.executemany(into, [(row[0], row[place]) for row in made])  # sql: identifiers only
