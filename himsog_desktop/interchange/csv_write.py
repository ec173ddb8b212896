"""Tables for people: UTF-8 with a mark (Excel needs it for accents), RFC 4180, no formulas (EXP-1, reliability S34)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, NamedTuple

from himsog_desktop.domain.appointment import Appointment, shown_email
from himsog_desktop.domain.people import Patient, PatientStatus
from himsog_desktop.domain.time import Micros, Zone
from himsog_desktop.interchange.cells import GUARDED
from himsog_desktop.interchange.output import new_file

APPOINTMENT_COLUMNS: Final = ("Date", "Time", "Patient", "Email", "Services", "Status", "Total")
CUSTOMER_COLUMNS: Final = ("Name", "Email", "Phone", "Birth date", "Status", "Bookings", "Last visit")

Progress = Callable[[int], None]
"""Told the number of rows written so far, now and then; what it raises stops the export."""

_RISKY: Final = re.compile(rf"'*[{re.escape(GUARDED)}]")
_ROWS_A_TIME: Final = 500


class Customer(NamedTuple):
    """One line of the customers table."""

    patient: Patient
    status: PatientStatus
    bookings: int
    last_visit: Micros | None


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula; ``cells.unguarded`` gives the text back."""
    return "'" + text if _RISKY.match(text) else text


def decimal(centavos: int) -> str:
    """Money as a decimal string: ``1500.00``."""
    sign = "-" if centavos < 0 else ""
    return f"{sign}{abs(centavos) // 100}.{abs(centavos) % 100:02d}"


def write_appointments_csv(
    path: Path, appointments: Iterable[Appointment], zone: Zone, *, progress: Progress | None = None
) -> int:
    """Write appointments in the order given, with times of ``zone``; answers how many rows.

    Columns and forms are EXP-1's: ``yyyy-MM-dd``, ``HH:mm``, services parted by ``; ``, the state's
    name as the platform has it, the total as a decimal. Raises BadInput when the file cannot be
    written; no file is left then.
    """

    def cells(row: Appointment) -> tuple[str, ...]:
        wall = zone.wall(row.start)
        return (
            f"{wall.year:04d}-{wall.month:02d}-{wall.day:02d}",
            f"{wall.hour:02d}:{wall.minute:02d}",
            guarded(row.patient_name),
            guarded(shown_email(row.patient_email) or ""),
            guarded("; ".join(service.name for service in row.services)),
            row.status.value,
            decimal(row.total),
        )

    return _write(path, APPOINTMENT_COLUMNS, map(cells, appointments), progress)


def write_customers_csv(
    path: Path, customers: Iterable[Customer], zone: Zone, *, progress: Progress | None = None
) -> int:
    """Write the register in the order given; answers how many rows. Raises BadInput as above."""

    def cells(row: Customer) -> tuple[str, ...]:
        patient = row.patient
        return (
            guarded(patient.name),
            guarded(shown_email(patient.email) or ""),
            guarded(patient.phone or ""),
            patient.birth_date or "",
            row.status.value,
            str(row.bookings),
            zone.date_of(row.last_visit).isoformat() if row.last_visit is not None else "",
        )

    return _write(path, CUSTOMER_COLUMNS, map(cells, customers), progress)


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]], progress: Progress | None) -> int:
    count = 0
    with new_file(path) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="", write_through=False)
        try:
            writer = csv.writer(text, lineterminator="\r\n")
            writer.writerow(header)
            for row in rows:
                writer.writerow(row)
                count += 1
                if progress is not None and count % _ROWS_A_TIME == 0:
                    progress(count)
        finally:
            text.detach()  # flushes; the stream is not ours to close
    return count
