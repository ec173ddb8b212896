"""Small calendars for tests."""

from __future__ import annotations

from pathlib import Path

from himsog_desktop.domain.time import parse_instant
from himsog_desktop.interchange.ics_child import read
from himsog_desktop.interchange.ics_model import CalendarContent
from tests.interchange.helpers import MANILA

YEAR = (parse_instant("2026-01-01T00:00:00+08:00"), parse_instant("2027-01-01T00:00:00+08:00"))


def calendar(*events: str, before: str = "") -> str:
    inner = "".join(f"BEGIN:VEVENT\r\n{event.strip()}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{before}{inner}END:VCALENDAR\r\n"


def expand(
    tmp_path: Path, *events: str, before: str = "", window: tuple[int, int] = YEAR, cpu_seconds: float = 60
) -> CalendarContent:
    path = tmp_path / "calendar.ics"
    path.write_text(calendar(*events, before=before), encoding="utf-8", newline="")
    return read(path, "Asia/Manila", window, cpu_seconds)


def times(content: CalendarContent) -> list[str]:
    return [
        f"{MANILA.iso(o.start)[:16]}/{MANILA.iso(o.end)[11:16] if not o.all_day else MANILA.iso(o.end)[:10]}"
        for o in content.occurrences
    ]


def rules(content: CalendarContent) -> list[tuple[str, str]]:
    return [(skipped.uid, skipped.rule) for skipped in content.skipped]


VTIMEZONE = """BEGIN:VTIMEZONE
TZID:Our Own
BEGIN:STANDARD
DTSTART:20001029T030000
TZOFFSETFROM:+0600
TZOFFSETTO:+0500
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20000326T020000
TZOFFSETFROM:+0500
TZOFFSETTO:+0600
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""
