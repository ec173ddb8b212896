"""Appointments for other programs: a table (EXP-1), a paper or a calendar, each of one moment, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import SHOWN
from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.rights import Verb
from himsog_desktop.interchange.csv_write import write_appointments_csv
from himsog_desktop.interchange.ics_write import write_calendar
from himsog_desktop.interchange.output import new_file
from himsog_desktop.services import diaries, lists
from himsog_desktop.services.documents import ExportDoc
from himsog_desktop.services.lists import AppointmentFilter
from himsog_desktop.storage import load
from himsog_desktop.storage.connection import snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from himsog_desktop.domain.appointment import Appointment
    from himsog_desktop.services.desk import Desk

BATCH = 1_000
FORMATS = ("csv", "pdf")
EVERYTHING = AppointmentFilter()


def export_appointments(
    desk: Desk,
    out: Path,
    fmt: str = "csv",
    filter: AppointmentFilter = EVERYTHING,
    progress: Callable[[int, int], None] | None = None,
) -> ExportDoc:
    """Write the appointments that the filter lets through to a table or a paper (``csv``, ``pdf``), by start.

    Columns are EXP-1's: date, time, patient, e-mail, services, state, total; on paper phone and provider as
    well. Both days of the range are included. A file of that name is replaced. Raises BadInput when it
    cannot be written or the filter makes no sense, NoAccess; no file is left then.
    """
    desk.require(Verb.EXPORT)
    if fmt not in FORMATS:
        raise BadInput("usage", f"Appointments are exported as {' or '.join(FORMATS)}.")
    with snapshot(desk.reader):
        keys = lists.ids(desk, filter)
        if fmt == "pdf":
            return ExportDoc(_write_paper(desk, out, keys, filter, progress), str(out))
        rows = write_appointments_csv(out, rows_of(desk, keys), desk.zone, progress=_told(progress, len(keys)))
    return ExportDoc(rows, str(out))


def export_calendar(
    desk: Desk,
    out: Path,
    filter: AppointmentFilter = EVERYTHING,
    progress: Callable[[int, int], None] | None = None,
) -> ExportDoc:
    """Write the appointments that the filter lets through to a calendar file. Raises as above."""
    desk.require(Verb.EXPORT)
    with snapshot(desk.reader):
        keys = lists.ids(desk, filter)
        told = _told(progress, len(keys))
        rows = write_calendar(out, rows_of(desk, keys), desk.zone, clinic_name=desk.clinic.name, progress=told)
    return ExportDoc(rows, str(out))


def _write_paper(
    desk: Desk,
    out: Path,
    keys: list[str],
    filter: AppointmentFilter,
    progress: Callable[[int, int], None] | None,
) -> int:
    from himsog_desktop.interchange.pdf_table import TableHead, appointments_table
    from himsog_desktop.interchange.pdf_write import write_pdf
    from himsog_desktop.services.printing import faces

    names = {p.id: p.name for p in load.providers(desk.reader, desk.clinic.id)}
    now = desk.now()
    head = TableHead(desk.clinic.name, desk.zone, desk.clinic.currency, _filter_words(desk, filter), now)
    rows = _counting(rows_of(desk, keys), _told(progress, len(keys)))
    with new_file(out) as stream:
        write_pdf(stream, "Appointments", appointments_table(head, rows, len(keys), names, faces()), faces(), now)
    return len(keys)


def _counting(rows: Iterator[Appointment], told: Callable[[int], None] | None) -> Iterator[Appointment]:
    for number, row in enumerate(rows, 1):
        yield row
        if told is not None and number % BATCH == 0:
            told(number)


def _filter_words(desk: Desk, wanted: AppointmentFilter) -> str:
    """What was asked for, for the head of the paper. A search is not repeated: it may be a name."""
    from himsog_desktop.interchange.pdf_words import short_day

    first, last = wanted.from_day, wanted.to_day
    parts = []
    if first is not None and first == last:
        parts.append(short_day(first))
    elif first is not None and last is not None:
        parts.append(f"{short_day(first)} – {short_day(last)}")
    elif first is not None:
        parts.append(f"from {short_day(first)}")
    elif last is not None:
        parts.append(f"until {short_day(last)}")
    if wanted.provider is not None:
        parts.append(diaries.provider_of(desk.reader, wanted.provider, desk.clinic).name)
    if wanted.statuses:
        parts.append(", ".join(dict.fromkeys(SHOWN[status] for status in wanted.statuses)))
    return "  ·  ".join(parts)


def _told(progress: Callable[[int, int], None] | None, total: int) -> Callable[[int], None] | None:
    if progress is None:
        return None
    told = progress
    return lambda done: told(done, total)


def rows_of(desk: Desk, keys: list[str]) -> Iterator[Appointment]:
    """Appointments with the patient's name and address of today, as on screen."""
    raw, clinic_id = desk.reader, desk.clinic.id
    for i in range(0, len(keys), BATCH):
        found = load.appointments(raw, keys[i : i + BATCH])
        people = {p.id: p for p in load.patients(raw, {a.patient_id for a in found}, clinic_id)}
        for appointment in found:
            patient = people.get(appointment.patient_id)
            if patient is None:
                yield appointment
            else:
                yield replace(appointment, patient_name=patient.name, patient_email=patient.email)
