"""What the search of the window reads at each key: prepared SQL, a few rows, no scan of the years.

Tested equal to the plain lists in ``tests/services/test_finding.py``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.storage import search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from himsog_desktop.domain.time import Micros
    from himsog_desktop.storage.connection import Raw


class Person(NamedTuple):
    """A patient in one line; ``last_visit`` is the newest held appointment that has begun."""

    id: str
    name: str
    phone: str | None
    birth_date: str | None
    blocked: bool
    last_visit: Micros | None


class Meeting(NamedTuple):
    """An appointment in one line."""

    id: str
    start: Micros
    name: str
    services: str
    provider: str
    status: str


_PEOPLE = """
SELECT u.id, coalesce(p.corrected_name, u.name), p.phone, p.birth_date, coalesce(c.blocked, 0),
       (SELECT max(a.start_time) FROM appointments AS a
         WHERE a.user_id = u.id AND a.start_time <= :now AND a.status NOT IN ('CANCELLED', 'NO_SHOW'))
  FROM json_each(:ids) AS wanted
  JOIN user AS u ON u.id = wanted.value
  LEFT JOIN patients AS p ON p.user_id = u.id
  LEFT JOIN patient_clinic AS c ON c.patient_id = u.id AND c.clinic_id = :clinic
 ORDER BY wanted.key"""
_LINE = "t.id, t.start, t.name, t.services, v.healthcare_name, t.status"
_MINE = "(:providers IS NULL OR t.provider_id IN (SELECT value FROM json_each(:providers)))"
# CROSS JOIN keeps SQLite to the order written down.
_OF_FEW = f"""
SELECT {_LINE} FROM (SELECT rowid AS seq FROM patient_prefix WHERE patient_prefix MATCH :prefix) AS f
 CROSS JOIN patient_word AS w CROSS JOIN appointments AS a CROSS JOIN tile AS t CROSS JOIN providers AS v
 WHERE w.seq = f.seq AND a.user_id = w.patient_id AND a.start_time >= :low AND a.start_time < :high
   AND t.start = a.start_time AND t.id = a.id AND v.id = t.provider_id AND {_MINE}
 ORDER BY t.start, t.id LIMIT :few"""
_OF_DAYS = f"""
SELECT {_LINE} FROM tile AS t CROSS JOIN patient_word AS w CROSS JOIN providers AS v
 WHERE t.start >= :low AND t.start < :high AND {_MINE} AND w.patient_id = t.patient_id AND {{found}}
   AND v.id = t.provider_id
 ORDER BY t.start, t.id LIMIT :few"""
# The plus keeps SQLite from looking up each of them for each appointment.
_OF_SOME = _OF_DAYS.format(
    found="+w.seq IN (SELECT rowid FROM patient_prefix WHERE patient_prefix MATCH :prefix)"
)  # sql: identifiers only
_OF_MANY = _OF_DAYS.format(
    found="EXISTS (SELECT 1 FROM patient_prefix WHERE patient_prefix MATCH :prefix AND rowid = w.seq)"
)  # sql: identifiers only
_COUNT = "SELECT count(*) FROM (SELECT 1 FROM patient_prefix WHERE patient_prefix MATCH :prefix LIMIT :most)"
FEW, MANY = 100, 4_000
"""Up to ``FEW`` patients match: theirs are looked up. More: the days are gone through, for those in the set of
all who match; beyond ``MANY`` that would be large, and a hit is near: each is asked for."""
_NUMBERED = f"""
SELECT {_LINE} FROM appointments AS a CROSS JOIN tile AS t CROSS JOIN providers AS v
 WHERE a.appointment_number >= :from AND a.appointment_number < :to AND {_MINE}
   AND t.start = a.start_time AND t.id = a.id AND v.id = t.provider_id
 ORDER BY a.appointment_number LIMIT :few"""
_OF_PATIENT = f"""
SELECT {_LINE} FROM appointments AS a CROSS JOIN tile AS t CROSS JOIN providers AS v
 WHERE a.user_id = :patient AND {{when}} AND {_MINE}
   AND t.start = a.start_time AND t.id = a.id AND v.id = t.provider_id
 ORDER BY a.start_time {{order}} LIMIT :few"""
_COMING = _OF_PATIENT.format(when="a.start_time >= :now", order="")  # sql: identifiers only
_PAST = _OF_PATIENT.format(when="a.start_time < :now", order="DESC")  # sql: identifiers only


def people(raw: Raw, query: str, few: int, clinic_id: str, now: Micros, own: Sequence[str] | None) -> list[Person]:
    """Patients for what was typed, best first; ``own`` leaves those of these columns."""
    ids = search.find_patients(raw, query, few, 0, own)
    rows = raw.execute(_PEOPLE, {"ids": json.dumps(ids), "now": now, "clinic": clinic_id})
    return [Person(r[0], r[1], r[2], r[3], bool(r[4]), r[5]) for r in rows]


def meetings(raw: Raw, query: str, few: int, low: Micros, high: Micros, own: Sequence[str] | None) -> list[Meeting]:
    """Appointments that start in the range and whose patient was typed, or whose number begins so."""
    number = query.strip().upper()
    columns = None if own is None else json.dumps(list(own))
    if number.startswith("APT") and number.isalnum() and number.isascii():
        bound = {"from": number, "to": number + "\x7f", "few": few, "providers": columns}
        return [Meeting(*row) for row in raw.execute(_NUMBERED, bound)]
    matches = search.matches_of(query)
    if matches is None:
        return []
    match = raw.execute(_COUNT, {"prefix": matches.prefix, "most": MANY + 1}).fetchone()[0]
    near = {"low": low, "high": high, "prefix": matches.prefix, "few": few, "providers": columns}
    text = _OF_FEW if match <= FEW else _OF_SOME if match <= MANY else _OF_MANY
    return [Meeting(*row) for row in raw.execute(text, near)]


def of_patient(
    raw: Raw, patient_id: str, few: int, now: Micros, own: Sequence[str] | None
) -> tuple[list[Meeting], list[Meeting]]:
    """What comes for a patient, soonest first, and what was, newest first."""
    bound = {
        "patient": patient_id,
        "now": now,
        "few": few,
        "providers": None if own is None else json.dumps(list(own)),
    }
    return (
        [Meeting(*row) for row in raw.execute(_COMING, bound)],
        [Meeting(*row) for row in raw.execute(_PAST, bound)],
    )
