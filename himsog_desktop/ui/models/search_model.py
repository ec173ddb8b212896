"""What the search finds: patients, appointments, days and commands, as rows of one list."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.appointment import SHOWN, Status
from himsog_desktop.ui.calendar.labels import Clock, phone_words
from himsog_desktop.ui.models.words import day_words

if TYPE_CHECKING:
    from himsog_desktop.domain.time import Zone
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.finding import Meeting, Person

PATIENT, APPOINTMENT, DAY, COMMAND, BOOK, NEW_PATIENT = "patient", "appointment", "day", "command", "book", "new"
FEW = 6


class Found(NamedTuple):
    """One row: what it is, its id, two lines of text, and the day it lies on."""

    kind: str
    id: str
    title: str
    detail: str = ""
    day: date | None = None
    state: str = ""


def find(desk: Desk, query: str, hour12: bool) -> list[Found]:
    """Patients and appointments for what was typed; what comes is before what was."""
    from himsog_desktop.services import finding

    hits = finding.find(desk, query, FEW)
    return [_patient(p, desk.zone) for p in hits.people] + [_appointment(m, desk.zone, hour12) for m in hits.meetings]


def of_patient(desk: Desk, patient_id: str, hour12: bool) -> list[Found]:
    """A patient's appointments to go to: what comes, then what was."""
    from himsog_desktop.services import finding

    return [_appointment(m, desk.zone, hour12) for m in finding.of_patient(desk, patient_id, FEW)]


def _patient(found: Person, zone: Zone) -> Found:
    seen = "" if found.last_visit is None else f"last seen {day_words(zone.date_of(found.last_visit))}"
    facts = ["blocked" if found.blocked else "", phone_words(found.phone or ""), _born(found.birth_date), seen]
    return Found(PATIENT, found.id, found.name, " · ".join(f for f in facts if f))


def _born(birth_date: str | None) -> str:
    """``born 14 Mar 1985``: by the day of the week nobody is told apart."""
    try:
        return f"born {day_words(date.fromisoformat(birth_date or '')).partition(' ')[2]}"
    except ValueError:
        return ""


def _appointment(found: Meeting, zone: Zone, hour12: bool) -> Found:
    day = zone.date_of(found.start)
    when = f"{day_words(day)} {Clock(zone, hour12=hour12).time(found.start)}"
    facts = [found.name, found.services.partition("; ")[0], found.provider, SHOWN[Status(found.status)]]
    return Found(APPOINTMENT, found.id, when, " · ".join(f for f in facts if f), day, found.status)
