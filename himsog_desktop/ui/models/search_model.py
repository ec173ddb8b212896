"""What the search finds: patients, appointments, days and commands, as rows of one list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.appointment import SHOWN, Status
from himsog_desktop.domain.time import parse_instant
from himsog_desktop.ui.models.words import day_words

if TYPE_CHECKING:
    from himsog_desktop.domain.time import Zone
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import AppointmentDoc, PatientDoc

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
    from himsog_desktop.services import lists, patients

    today = desk.zone.date_of(desk.now())
    found = [_patient(p, desk.zone) for p in patients.find(desk, query, FEW)]
    coming = lists.appointments(desk, lists.AppointmentFilter(from_day=today, query=query), FEW)
    if len(coming) < FEW:
        before = lists.AppointmentFilter(
            from_day=today - timedelta(days=60), to_day=today - timedelta(days=1), query=query
        )
        coming += lists.appointments(desk, before, FEW - len(coming))
    return found + [_appointment(a, desk.zone, hour12) for a in coming]


def of_patient(desk: Desk, patient_id: str, name: str, hour12: bool) -> list[Found]:
    """What to do with a patient: book, or go to an appointment that comes or was."""
    from himsog_desktop.services import lists

    today = desk.zone.date_of(desk.now())
    coming = lists.AppointmentFilter(from_day=today, query=name)
    before = lists.AppointmentFilter(from_day=today - timedelta(days=366), to_day=today - timedelta(days=1), query=name)
    mine = [a for a in lists.appointments(desk, coming, 40) if a.patient.id == patient_id][:FEW]
    if len(mine) < FEW:
        past = [a for a in lists.appointments(desk, before, 400) if a.patient.id == patient_id]
        mine += past[::-1][: FEW - len(mine)]
    return [_appointment(a, desk.zone, hour12) for a in mine]


def _patient(found: PatientDoc, zone: Zone) -> Found:
    seen = f"last seen {day_words(zone.date_of(parse_instant(found.last_visit)))}" if found.last_visit else ""
    facts = [found.phone or "", found.birth_date or "", seen, "blocked" if found.blocked else ""]
    return Found(PATIENT, found.id, found.name, " · ".join(f for f in facts if f))


def _appointment(found: AppointmentDoc, zone: Zone, hour12: bool) -> Found:
    from himsog_desktop.ui.calendar.labels import Clock

    start = parse_instant(found.start)
    day = zone.date_of(start)
    state = SHOWN[Status(found.status)]
    when = f"{day_words(day)} {Clock(zone, hour12=hour12).time(start)}"
    service = found.services[0].name if found.services else ""
    facts = [found.patient.name, service, found.provider.name, state]
    return Found(APPOINTMENT, found.id, when, " · ".join(f for f in facts if f), day, found.status)
