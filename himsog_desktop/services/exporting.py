"""Appointments for other programs: a table (EXP-1) or a calendar, each of one moment, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.rights import Verb
from himsog_desktop.interchange.csv_write import write_appointments_csv
from himsog_desktop.interchange.ics_write import write_calendar
from himsog_desktop.services import lists
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
EVERYTHING = AppointmentFilter()


def export_appointments(
    desk: Desk,
    out: Path,
    fmt: str = "csv",
    filter: AppointmentFilter = EVERYTHING,
    progress: Callable[[int, int], None] | None = None,
) -> ExportDoc:
    """Write the appointments that the filter lets through to a table, by start.

    Columns are EXP-1's: date, time, patient, e-mail, services, state, total; both days of the range are
    included. A file of that name is replaced. Raises BadInput when it cannot be written or the filter
    makes no sense, NoAccess; no file is left then.
    """
    desk.require(Verb.EXPORT)
    if fmt != "csv":
        raise BadInput("usage", "Appointments are exported as csv.")
    with snapshot(desk.reader):
        keys = lists.ids(desk, filter)
        rows = write_appointments_csv(out, _rows(desk, keys), desk.zone, progress=_told(progress, len(keys)))
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
        rows = write_calendar(out, _rows(desk, keys), desk.zone, clinic_name=desk.clinic.name, progress=told)
    return ExportDoc(rows, str(out))


def _told(progress: Callable[[int, int], None] | None, total: int) -> Callable[[int], None] | None:
    if progress is None:
        return None
    told = progress
    return lambda done: told(done, total)


def _rows(desk: Desk, keys: list[str]) -> Iterator[Appointment]:
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
