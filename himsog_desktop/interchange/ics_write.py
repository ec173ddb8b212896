"""Appointments as a calendar file (RFC 5545): one event each, in UTC, with a UID that stays the same.

A provider's calendar needs the patient's name, the time and the services. Notes, phone, birth date and
price stay out: calendars are passed on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from himsog_desktop.domain.appointment import SHOWN, Appointment, Status
from himsog_desktop.domain.time import Micros, Zone, to_datetime
from himsog_desktop.interchange.output import new_file

UID_HOST: Final = "himsog.desktop"
_STATES: Final = {
    Status.PENDING: "TENTATIVE",
    Status.CONFIRMED: "CONFIRMED",
    Status.COMPLETED: "CONFIRMED",
    Status.NO_SHOW: "CONFIRMED",
    Status.CANCELLED: "CANCELLED",
}
_FREE: Final = frozenset({Status.CANCELLED, Status.NO_SHOW})
_CONTROLS: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f]")
_OCTETS: Final = 75
_ROWS_A_TIME: Final = 500


def write_calendar(
    path: Path,
    appointments: Iterable[Appointment],
    zone: Zone,
    *,
    clinic_name: str,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write appointments as a calendar; answers how many events.

    States: requested is TENTATIVE, cancelled is CANCELLED, all others CONFIRMED; cancelled and no-show
    leave the time free. DTSTAMP is when the appointment was last changed, so the same appointments
    give the same file. Raises BadInput when the file cannot be written; none is left then.
    """
    count = 0
    with new_file(path) as stream:
        stream.write(
            _lines(
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "PRODID:-//Himsog//Himsog Desktop//EN",
                "CALSCALE:GREGORIAN",
                "METHOD:PUBLISH",
                f"X-WR-CALNAME:{text(clinic_name)}",
                f"X-WR-TIMEZONE:{zone.name}",
            )
        )
        for appointment in appointments:
            stream.write(_event(appointment, clinic_name))
            count += 1
            if progress is not None and count % _ROWS_A_TIME == 0:
                progress(count)
        stream.write(_lines("END:VCALENDAR"))
    return count


def _event(row: Appointment, clinic_name: str) -> bytes:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{row.id}@{UID_HOST}",
        f"DTSTAMP:{_utc(row.updated)}",
        f"CREATED:{_utc(row.created)}",
        f"LAST-MODIFIED:{_utc(row.updated)}",
        f"DTSTART:{_utc(row.start)}",
        f"DTEND:{_utc(row.end)}",
        f"SUMMARY:{text(row.patient_name)}",
        f"STATUS:{_STATES[row.status]}",
        f"TRANSP:{'TRANSPARENT' if row.status in _FREE else 'OPAQUE'}",
        f"CATEGORIES:{text(SHOWN[row.status])}",
    ]
    if row.services:
        lines.append(f"DESCRIPTION:{text('; '.join(service.name for service in row.services))}")
    if clinic_name:
        lines.append(f"LOCATION:{text(clinic_name)}")
    return _lines(*lines, "END:VEVENT")


def text(value: str) -> str:
    """A TEXT value: backslash, semicolon, comma and line breaks escaped, other control characters left out."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = _CONTROLS.sub("", value)
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _utc(instant: Micros) -> str:
    return f"{to_datetime(instant):%Y%m%dT%H%M%SZ}"


def _lines(*lines: str) -> bytes:
    return b"".join(fold(line) for line in lines)


def fold(line: str) -> bytes:
    """A content line with its end, folded to 75 octets a line, never within a character (RFC 5545, 3.1)."""
    raw = line.encode("utf-8", "replace")
    if len(raw) <= _OCTETS:
        return raw + b"\r\n"
    parts = []
    start, room = 0, _OCTETS
    while start < len(raw):
        end = min(start + room, len(raw))
        while end < len(raw) and raw[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(raw[start:end])
        start, room = end, _OCTETS - 1
    return b"\r\n ".join(parts) + b"\r\n"
