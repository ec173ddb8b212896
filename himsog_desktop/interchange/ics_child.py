"""The child that reads one calendar file: ``main`` is run by ``runtime.child_main`` under limits.

Arguments: the file, the clinic's zone, the window's two instants, the CPU seconds that we have.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import msgspec

from himsog_desktop.interchange.ics_expand import Expander
from himsog_desktop.interchange.ics_guard import OutOfTime, cpu_slice
from himsog_desktop.interchange.ics_lines import OutOfBounds, read_calendar_file
from himsog_desktop.interchange.ics_model import CalendarContent, ChildAnswer, Unreadable
from himsog_desktop.interchange.ics_zones import Zones

_ZONE_SLICE = 0.2
_RESERVE = 0.4
"""CPU seconds kept back: for starting this process, and for writing the answer."""


def main(arguments: Sequence[str], out: BinaryIO) -> None:
    """Read the file and write a ``ChildAnswer`` as JSON to ``out``."""
    path, zone, first, last, cpu_seconds = arguments
    try:
        answer = ChildAnswer(content=read(Path(path), zone, (int(first), int(last)), float(cpu_seconds)))
    except OutOfBounds as bound:
        answer = ChildAnswer(unreadable=Unreadable(bound.code, bound.text))
    except OSError as error:
        answer = ChildAnswer(unreadable=Unreadable("not_found", f"The calendar file cannot be read: {error.strerror}."))
    except MemoryError:
        answer = ChildAnswer(unreadable=Unreadable("too_long", "The calendar file needs more memory than it may have."))
    out.write(msgspec.json.encode(answer))


def read(path: Path, zone: str, window: tuple[int, int], cpu_seconds: float) -> CalendarContent:
    """Read and expand a calendar file in this process. Raises OutOfBounds."""
    until = time.process_time() + cpu_seconds - _RESERVE
    calendar = read_calendar_file(path)
    zones = Zones(ZoneInfo(zone), calendar.zones, _make_zone, calendar.own_zone)
    expander = Expander(calendar, zones, window, until)
    expander.run()
    return CalendarContent(
        encoding=calendar.encoding,
        components=calendar.components,
        events=calendar.event_count,
        outside=expander.outside,
        occurrences=expander.occurrences,
        skipped=sorted(calendar.skipped, key=lambda skipped: skipped.line),
        warned=sorted(calendar.warned, key=lambda warned: warned.line),
        ignored=calendar.ignored,
    )


def _make_zone(text: bytes) -> tzinfo:
    """A zone that the file itself describes. Raises ValueError for one that takes too long."""
    import icalendar

    try:
        with cpu_slice(_ZONE_SLICE):
            component = icalendar.Timezone.from_ical(text)
            assert isinstance(component, icalendar.Timezone)
            zone = component.to_tz(lookup_tzid=False)
            assert isinstance(zone, tzinfo)
            return zone
    except OutOfTime:
        raise ValueError("the zone takes too long to work out") from None
