"""What the search finds: patients, appointments, days and commands, as rows of one list."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.appointment import SHOWN, Status
from himsog_desktop.ui.calendar.labels import Clock, phone_words
from himsog_desktop.ui.models.words import day_words

if TYPE_CHECKING:
    from himsog_desktop.domain.time import Micros, Zone
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.finding import Meeting, Person

PATIENT, APPOINTMENT, DAY, COMMAND, BOOK, NEW_PATIENT = "patient", "appointment", "day", "command", "book", "new"
PROVIDER, VIEW, QUICK = "provider", "view", "quick"
FEW = 6
QUICK_FEW = 3
LEAST_LINE = 5
"""Letters under which nobody books in one line."""


class Found(NamedTuple):
    """One row: what it is, its id, two lines of text, and the day it lies on."""

    kind: str
    id: str
    title: str
    detail: str = ""
    day: date | None = None
    state: str = ""
    quick: Quick | None = None


class Quick(NamedTuple):
    """A booking that was typed in one line, ready for the panel: see ``domain.quickadd``."""

    day: date
    provider: str | None
    start: Micros | None
    duration: int | None
    patient: str | None
    typed: str
    services: tuple[str, ...]
    when: str


def find(desk: Desk, query: str, hour12: bool) -> list[Found]:
    """Patients and appointments for what was typed; what comes is before what was."""
    from himsog_desktop.services import finding

    quick = _quick(desk, query, hour12)
    if quick:
        return quick
    hits = finding.find(desk, query, FEW)
    return [_patient(p, desk.zone) for p in hits.people] + [_appointment(m, desk.zone, hour12) for m in hits.meetings]


def _quick(desk: Desk, query: str, hour12: bool) -> list[Found]:
    """Rows "Book …" for a line that says who and when; nothing for any other text."""
    from himsog_desktop.domain import quickadd
    from himsog_desktop.services import directory, finding

    today = desk.zone.date_of(desk.now())
    if len(query) < LEAST_LINE or quickadd.read_booking(query, today) is None:
        return []  # most of what is typed: the directory is not read for it
    from himsog_desktop.domain.rights import Verb, allowed

    if not allowed(desk.staff.role, Verb.BOOK):
        return []
    people = {p.id: p.name for p in directory.providers(desk)}
    offers = [quickadd.Offer(s.id, s.name, s.provider) for s in directory.services(desk) if s.active]
    read = quickadd.read_booking(query, today, [quickadd.Offer(*p) for p in people.items()], offers)
    if read is None:
        return []
    day = read.day or today
    clock = Clock(desk.zone, hour12=hour12)
    start = None if read.minutes is None else desk.zone.instant(day, read.minutes)
    names = {s.id: s.name for s in offers}
    facts = [
        day_words(day) + ("" if start is None else f" {clock.time(start)}"),
        *(names[key] for key in read.services),
        people.get(read.provider or "", ""),
        "" if read.duration is None else f"{read.duration} min",
    ]
    detail = " · ".join(fact for fact in facts if fact)
    when = (
        ""
        if read.provider is not None and start is not None
        else f"{day.isoformat()}" + ("" if read.minutes is None else f" {read.minutes // 60:02}:{read.minutes % 60:02}")
    )
    quick = Quick(day, read.provider, None if when else start, read.duration, None, "", read.services, when)
    rows = [
        Found(QUICK, p.id, f"Book {p.name}", detail, day, quick=quick._replace(patient=p.id))
        for p in finding.find(desk, read.who, QUICK_FEW).people
    ]
    return [
        *rows,
        Found(QUICK, "", f"Book new patient “{read.who}”", detail, day, quick=quick._replace(typed=read.who)),
    ]


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
