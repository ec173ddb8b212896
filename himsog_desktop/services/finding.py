"""What the window's search finds at each key: patients, and appointments of the days around now."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.time import DAY
from himsog_desktop.services.reach import seen_providers
from himsog_desktop.storage import finding
from himsog_desktop.storage.finding import Meeting, Person

if TYPE_CHECKING:
    from himsog_desktop.services.desk import Desk

__all__ = ["AHEAD_DAYS", "Hits", "Meeting", "Person", "find", "of_patient"]

AHEAD_DAYS = 8
"""How far ahead appointments are looked for by name; those of one patient have no such end."""


class Hits(NamedTuple):
    """What was found, best first."""

    people: list[Person]
    meetings: list[Meeting]


def find(desk: Desk, query: str, few: int) -> Hits:
    """Patients by name, phone or e-mail in any spelling, and their appointments from today on.

    Where fewer than ``few`` come in the next days, the found patients' own ones fill up, coming before
    past. Raises NoAccess for a role that sees no patients.
    """
    own, raw, now = seen_providers(desk), desk.reader, desk.now()
    people = finding.people(raw, query, few, desk.clinic.id, now, own)
    low = desk.zone.day_bounds(desk.zone.date_of(now))[0]
    meetings = finding.meetings(raw, query, few, low, low + AHEAD_DAYS * DAY, own)
    known = {m.id for m in meetings}
    for person in people:
        if len(meetings) >= few:
            break
        coming, past = finding.of_patient(raw, person.id, 2, now, own)
        fresh = [m for m in [*coming, *past[:1]] if m.id not in known]
        meetings += fresh[: few - len(meetings)]
        known.update(m.id for m in fresh)
    return Hits(people, meetings)


def of_patient(desk: Desk, patient_id: str, few: int) -> list[Meeting]:
    """A patient's appointments: what comes first, then what was. Raises NoAccess as ``find`` does."""
    coming, past = finding.of_patient(desk.reader, patient_id, few, desk.now(), seen_providers(desk))
    return [*coming, *past[: max(0, few - len(coming))]]
