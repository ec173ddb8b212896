"""Look-ups by the keys of other systems, and what a chunk of an import has to know, in batches.

One statement answers for a whole chunk: 110,000 rows one by one would be 110,000 questions. CROSS JOIN
and INDEXED BY hold SQLite to looking up what was asked for; it would rather read a whole system's keys.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.time import DAY
from himsog_desktop.storage.entities import KINDS, Entity
from himsog_desktop.storage.images import Image, decode, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from himsog_desktop.domain.time import Micros
    from himsog_desktop.storage.connection import Raw


class Registered(NamedTuple):
    """A patient as the register finds her: ``email`` may be a placeholder."""

    id: str
    name: str
    email: str
    phone: str | None
    birth_date: str | None
    external_system: str | None
    external_id: str | None


_REGISTERED = """
SELECT u.id, coalesce(p.corrected_name, u.name), coalesce(p.corrected_email, u.email), p.phone, p.birth_date,
       p.external_system, p.external_id
  FROM user AS u LEFT JOIN patients AS p ON p.user_id = u.id"""
_ALL_REGISTERED = _REGISTERED + " WHERE u.role = 'USER' ORDER BY u.id"


def registered(raw: Raw) -> Iterator[Registered]:
    """Everybody in the register."""
    return map(Registered._make, raw.execute(_ALL_REGISTERED))


def registered_of(raw: Raw, system: str) -> Iterator[Registered]:
    """Everybody whom that system knows."""
    return map(
        Registered._make,
        raw.execute(
            "SELECT u.id, coalesce(p.corrected_name, u.name), coalesce(p.corrected_email, u.email), p.phone,"
            " p.birth_date, p.external_system, p.external_id FROM patients AS p JOIN user AS u ON u.id = p.user_id"
            " WHERE p.external_system = ? AND p.external_id IS NOT NULL",
            (system,),
        ),
    )


def appointment_ids(raw: Raw, system: str, keys: Iterable[str]) -> dict[str, str]:
    """Our ids by the keys of that system; unknown keys are left out."""
    return dict(
        raw.execute(
            "SELECT d.external_id, d.appointment_id FROM json_each(?2) AS wanted"
            " CROSS JOIN appointment_desk AS d INDEXED BY appointment_external"
            " ON d.external_system = ?1 AND d.external_id = wanted.value",
            (system, json.dumps(list(keys))),
        ).fetchall()
    )


def block_ids(raw: Raw, system: str, keys: Iterable[str]) -> dict[str, str]:
    """The same of blocked times."""
    return dict(
        raw.execute(
            "SELECT b.external_id, b.id FROM json_each(?2) AS wanted"
            " CROSS JOIN blocks AS b INDEXED BY block_external"
            " ON b.external_system = ?1 AND b.external_id = wanted.value",
            (system, json.dumps(list(keys))),
        ).fetchall()
    )


def missing_patients(raw: Raw, ids: Iterable[str]) -> set[str]:
    """Those of these ids that are nobody's any more."""
    found = raw.execute(
        "SELECT wanted.value FROM json_each(?) AS wanted WHERE NOT EXISTS"
        " (SELECT 1 FROM user AS u WHERE u.id = wanted.value)",
        (json.dumps(list(ids)),),
    )
    return {row[0] for row in found}


def taken_numbers(raw: Raw, numbers: Iterable[str]) -> set[str]:
    """Those of these appointment numbers that are in use."""
    found = raw.execute(
        "SELECT wanted.value FROM json_each(?) AS wanted WHERE EXISTS"
        " (SELECT 1 FROM appointments AS a WHERE a.appointment_number = wanted.value)",
        (json.dumps(list(numbers)),),
    )
    return {row[0] for row in found}


def taken_emails(raw: Raw, emails: Iterable[str]) -> set[str]:
    """Those of these addresses that a user has already."""
    found = raw.execute(
        "SELECT wanted.value FROM json_each(?) AS wanted WHERE EXISTS"
        " (SELECT 1 FROM user AS u WHERE u.email = wanted.value)",
        (json.dumps(list(emails)),),
    )
    return {row[0] for row in found}


def lanes_of(raw: Raw, ids: Iterable[str]) -> dict[str, int]:
    """The lanes of appointments."""
    return dict(
        raw.execute(
            "SELECT wanted.value, coalesce(d.lane, 0) FROM json_each(?) AS wanted"
            " JOIN appointments AS a ON a.id = wanted.value"
            " LEFT JOIN appointment_desk AS d ON d.appointment_id = a.id",
            (json.dumps(list(ids)),),
        ).fetchall()
    )


def stretches(spans: Sequence[tuple[Micros, Micros]], gap: Micros = DAY) -> list[tuple[Micros, Micros]]:
    """Spans merged into few ranges: those nearer to each other than ``gap`` become one."""
    merged: list[tuple[Micros, Micros]] = []
    for start, end in sorted(spans):
        if merged and start - merged[-1][1] < gap:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def imported_images(raw: Raw, entity: Entity, ids: Iterable[str]) -> dict[str, Image]:
    """What imports have said of these aggregates so far, all of them laid over each other."""
    kind = KINDS[entity.value].record
    found: dict[str, Image] = {}
    rows = raw.execute(
        "SELECT h.entity_id, h.before, h.after FROM json_each(?1) AS wanted"
        " CROSS JOIN history AS h INDEXED BY history_entity ON h.entity_id = wanted.value"
        " WHERE h.entity_type = ?2 AND h.source = 'import' ORDER BY h.seq",
        (json.dumps(list(ids)), entity.value),
    )
    for key, before, after in rows:
        image = decode(after)
        if before == "{}":
            found[key] = whole(kind, image)
        else:
            found.setdefault(key, {}).update(image)
    return found


def still_used(raw: Raw, entity: Entity, ids: Sequence[str]) -> set[str]:
    """Those of these patients, providers or services that something points to, so that they cannot go."""
    questions = {
        Entity.PATIENT: ("SELECT 1 FROM appointments AS a WHERE a.user_id = wanted.value",),
        Entity.PROVIDER: (
            "SELECT 1 FROM appointments AS a WHERE a.provider_id = wanted.value",
            "SELECT 1 FROM services AS s WHERE s.provider_id = wanted.value",
            "SELECT 1 FROM blocks AS b WHERE b.provider_id = wanted.value",
        ),
        # There is no index by service: one pass over what is booked answers for all of them.
        Entity.SERVICE: ("SELECT 1 FROM service_packages AS p WHERE p.child_service_id = wanted.value",),
    }.get(entity, ())
    wanted = json.dumps(list(ids))
    found: set[str] = set()
    for question in questions:
        text = f"SELECT wanted.value FROM json_each(?) AS wanted WHERE EXISTS ({question})"
        found.update(row[0] for row in raw.execute(text, (wanted,)))
    if entity is Entity.SERVICE and ids:
        text = (
            "SELECT DISTINCT service_id FROM appointment_service WHERE service_id IN (SELECT value FROM json_each(?))"
        )
        found.update(row[0] for row in raw.execute(text, (wanted,)))
    return found
