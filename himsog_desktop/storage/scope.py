"""Whose rows this profile may hold: everything of the clinic, or what stands in some columns (reliability, P31).

A cursor says what its person sees (``reach``). When somebody who sees less takes over, or rights are narrowed at the
server, the next snapshot is of less; what it leaves out leaves the file, and with it what is made from it: tiles,
search words, history, answers. What waits stays, with the server's image under it and the patient that it names,
until the server has said its word (``departed``): work is never touched.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from himsog_desktop.storage.entities import Entity
from himsog_desktop.storage.outbox import WAITING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager

    from himsog_desktop.storage.connection import Raw

Scope = frozenset[str] | None
"""The columns whose appointments are seen; None: all of the clinic."""

PRIVATE = (Entity.APPOINTMENT.value, Entity.PATIENT.value)
"""The kinds of which somebody may see a part."""


def scope_of(cursor: str | None) -> Scope:
    """What whoever made the cursor sees."""
    try:
        told = json.loads(cursor or "")
    except ValueError:
        return None
    reach = told.get("reach") if isinstance(told, dict) else None
    return frozenset(map(str, reach)) if isinstance(reach, list) else None


def outside(raw: Raw, scope: Scope, entity: str, key: str, image: Mapping[str, object]) -> bool:
    """Whether an aggregate is not for a desk of that scope: a verdict shows its author more than a pull would."""
    if scope is None or entity not in PRIVATE or not image:
        return False
    if entity == Entity.APPOINTMENT.value:
        return image.get("provider_id") not in scope
    text = "SELECT 1 FROM appointments WHERE user_id = ? AND provider_id IN (SELECT value FROM json_each(?)) LIMIT 1"
    return raw.execute(text, (key, json.dumps(sorted(scope)))).fetchone() is None


SEEN_BEFORE = {
    Entity.APPOINTMENT.value: " AND t.provider_id IN (SELECT value FROM json_each(?))",
    Entity.PATIENT.value: " AND EXISTS (SELECT 1 FROM appointments AS a WHERE a.user_id = t.id"
    " AND a.provider_id IN (SELECT value FROM json_each(?)))",
}
"""Which rows (``t``) of what is here somebody with that scope should still find at the server."""

OLD_HISTORY = """
 AND (entity_type NOT IN ('appointment', 'patient', 'card')
   OR entity_type = 'appointment' AND EXISTS (SELECT 1 FROM new_appointments AS n WHERE n.id = entity_id)
   OR entity_type = 'patient' AND EXISTS (SELECT 1 FROM new_user AS n WHERE n.id = entity_id))"""
"""Which rows of history go over to a snapshot of less than everything."""


# ------------------------------------------------------------------------------------- what waits

_NAMED = f"""
SELECT DISTINCT a.user_id FROM outbox AS o JOIN appointments AS a ON a.id = o.entity_id
 WHERE o.entity_type = 'appointment' AND o.{WAITING}"""
_FREE_PATIENTS = f"""
SELECT d.entity_id, d.ver FROM departed AS d
 WHERE d.entity_type = 'patient'
   AND NOT EXISTS (SELECT 1 FROM outbox AS o INDEXED BY outbox_entity
                    WHERE o.entity_type = 'patient' AND o.entity_id = d.entity_id AND o.{WAITING})
   AND NOT EXISTS (SELECT 1 FROM appointments AS a CROSS JOIN outbox AS o INDEXED BY outbox_entity
                       ON o.entity_type = 'appointment' AND o.entity_id = a.id AND o.{WAITING}
                    WHERE a.user_id = d.entity_id)"""
_NEEDED = f"""
SELECT EXISTS (SELECT 1 FROM outbox INDEXED BY outbox_entity
                WHERE entity_type = ?1 AND entity_id = ?2 AND {WAITING})
    OR ?1 = 'patient' AND EXISTS (
       SELECT 1 FROM appointments AS a CROSS JOIN outbox AS o INDEXED BY outbox_entity
           ON o.entity_type = 'appointment' AND o.entity_id = a.id AND o.{WAITING} WHERE a.user_id = ?2)"""


def needed(raw: Raw, entity: str, key: str) -> bool:
    """Whether something waits for the aggregate, or for one that shows it: a booking shows its patient."""
    return bool(raw.execute(_NEEDED, (entity, key)).fetchone()[0])


def named_patients(raw: Raw) -> list[str]:
    """The patients of appointments that something waits for."""
    return [row[0] for row in raw.execute(_NAMED)]


def free_patients(raw: Raw) -> list[tuple[str, int]]:
    """Patients that left and that nothing needs any more, with the versions at which they left."""
    return [(row[0], row[1]) for row in raw.execute(_FREE_PATIENTS).fetchall()]


def depart(raw: Raw, gone: Iterable[tuple[str, str, int]]) -> None:
    """These are for here no more, and go as soon as nothing needs them."""
    raw.executemany(
        "INSERT INTO departed (entity_type, entity_id, ver) VALUES (?, ?, ?)"
        " ON CONFLICT (entity_type, entity_id) DO UPDATE SET ver = max(ver, excluded.ver)",
        gone,
    )


# ------------------------------------------------------------------------------------- what is left of it


def forget(raw: Raw, entity: str, key: str) -> None:
    """What left a desk of some columns leaves no history there, and nothing that was settled about it."""
    if entity in PRIVATE:
        raw.execute("DELETE FROM history WHERE entity_id = ? AND entity_type = ?", (key, entity))
        raw.execute(
            "DELETE FROM outbox WHERE entity_type = ? AND entity_id = ? AND state IN ('done', 'resolved')",
            (entity, key),
        )


_SETTLED = """
SELECT o.seq FROM outbox AS o
 WHERE o.seq > ? AND o.state IN ('done', 'resolved')
   AND (o.entity_type = 'appointment' AND NOT EXISTS (SELECT 1 FROM appointments AS a WHERE a.id = o.entity_id)
     OR o.entity_type = 'patient' AND NOT EXISTS (SELECT 1 FROM user AS u WHERE u.id = o.entity_id))
 ORDER BY o.seq LIMIT ?"""
_ANSWERS = """
SELECT seq FROM act
 WHERE seq > ? AND answer IS NOT NULL AND by_id NOT IN (SELECT staff_id FROM session WHERE secret IS NOT NULL)
   AND json_valid(CAST(answer AS TEXT))
 ORDER BY seq LIMIT ?"""
_EMPTY = """
UPDATE act SET answer = CAST(CASE
       WHEN kind LIKE 'patient.%' AND json_type(CAST(answer AS TEXT), '$.name') IS NOT NULL
       THEN json_replace(CAST(answer AS TEXT), '$.name', '', '$.email', '', '$.phone', NULL, '$.birth_date', NULL,
                         '$.sex', NULL, '$.address', NULL, '$.alerts', json('[]'), '$.external', NULL,
                         '$.private_notes', NULL)
       ELSE json_replace(CAST(answer AS TEXT), '$.changed', json('[]')) END AS BLOB)
 WHERE seq = ?"""
MOST = 500


def forget_outside(raw: Raw, chunk: Callable[[int], AbstractContextManager[None]]) -> None:
    """What was settled about rows that are here no more goes too, and what answers to others told of patients.

    The acts themselves stay, so that a request that comes again acts once. ``chunk`` opens a short transaction.
    """
    for find, remove in ((_SETTLED, "DELETE FROM outbox WHERE seq = ?"), (_ANSWERS, _EMPTY)):
        last, rows = 0, [(0,)]
        while rows:
            rows = raw.execute(find, (last, MOST)).fetchall()  # sql: identifiers only
            if rows:
                last = rows[-1][0]
                with chunk(len(rows)):
                    raw.executemany(remove, rows)  # sql: identifiers only
