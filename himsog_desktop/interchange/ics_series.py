"""The times of one series: most by dateutil's rule alone, the intricate ones by recurring_ical_events.

Both are given typed values only and a rule that ``ics_rules`` has passed; whoever calls holds a slice of
CPU time over them. The quick way takes a fifth of the time of the other; tests hold them equal.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from himsog_desktop.interchange.bounds import MAX_OCCURRENCES
from himsog_desktop.interchange.ics_entries import Entry, EntryReader, alike, stamp
from himsog_desktop.interchange.ics_rules import BadRule, sound_rule
from himsog_desktop.interchange.ics_values import When, after, is_day

if TYPE_CHECKING:
    import icalendar

Placed = tuple[Entry, When, When, str]
"""The entry that says what it is (the master or a change), start, end, and the stamp for its key."""

_DAY: Final = timedelta(days=1)


def expand(
    reader: EntryReader, master: Entry, changes: list[Entry], first: datetime, last: datetime
) -> Iterator[Placed]:
    """The times of a series that may lie between ``first`` and ``last`` (UTC); more may come than do.

    Raises BadRule, ValueError and whatever the libraries raise for values that make no sense.
    """
    lines = master.raw.lines
    if "EXRULE" in lines:
        raise BadRule("not_supported", "It has a rule of exceptions (EXRULE), which is no longer used.")
    yield from (_by_rule if _is_plain(master, changes) else _by_library)(reader, master, changes, first, last)


def load_libraries(master: Entry, changes: list[Entry]) -> None:
    """Load what ``expand`` will need: not within a slice of time, which might break an import off."""
    importlib.import_module("dateutil.rrule" if _is_plain(master, changes) else "recurring_ical_events")


def _is_plain(master: Entry, changes: list[Entry]) -> bool:
    lines = master.raw.lines
    return len(lines.get("RRULE", ())) == 1 and "RDATE" not in lines and not any(c.and_future for c in changes)


def _by_rule(
    reader: EntryReader, master: Entry, changes: list[Entry], first: datetime, last: datetime
) -> Iterator[Placed]:
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

    start, length = master.start, _length(master)
    zone = start.tzinfo if isinstance(start, datetime) else None
    text = sound_rule(master.raw.lines["RRULE"][0][1], start, wall=True)
    wall = start.replace(tzinfo=None) if isinstance(start, datetime) else datetime(start.year, start.month, start.day)
    # The rule runs on the wall clock of the series; a day more on each side covers every zone.
    begin = (first.astimezone(zone) if zone else first).replace(tzinfo=None) - length - _DAY
    stop = (last.astimezone(zone) if zone else last).replace(tzinfo=None) + _DAY
    without = {stamp(alike(when, start)) for when in reader.whens(master.raw, "EXDATE", start)}
    replaced: dict[str, Entry] = {}
    for change in changes:
        assert change.recurrence_id is not None
        mark = stamp(alike(change.recurrence_id, start))
        if mark not in replaced or change.sequence >= replaced[mark].sequence:
            replaced[mark] = change
    rule = rrulestr(text, dtstart=wall, cache=False)
    until = getattr(rule, "_until", None)
    times = iter(rule)
    moment = next(times, None)
    # The start counts as an occurrence even where the rule does not meet it (RFC 5545, 3.8.5.3).
    pending = None if moment == wall or (until is not None and wall > until) else wall
    while moment is not None or pending is not None:
        if pending is not None and (moment is None or pending < moment):
            at, pending = pending, None
        else:
            assert moment is not None
            at, moment = moment, next(times, None)
        if at > stop:
            break
        if at < begin:
            continue
        when: When = at.replace(tzinfo=zone) if zone else at.date()
        mark = stamp(when)
        if mark not in without and mark not in replaced:
            yield master, when, after(when, master.duration) if master.duration else when + length, mark
    for mark, change in replaced.items():
        if not change.cancelled:
            yield change, change.start, change.end, mark


def _length(entry: Entry) -> timedelta:
    if isinstance(entry.start, datetime) and isinstance(entry.end, datetime):
        return entry.end - entry.start
    assert not isinstance(entry.start, datetime)
    assert not isinstance(entry.end, datetime)
    return entry.end - entry.start


def _by_library(
    reader: EntryReader, master: Entry, changes: list[Entry], first: datetime, last: datetime
) -> Iterator[Placed]:
    import icalendar
    import recurring_ical_events

    calendar = icalendar.Calendar()
    entries = [master, *changes]
    for index, entry in enumerate(entries):
        calendar.add_component(_component(reader, entry, index, master))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # A day more on each side: days have no zone for the library.
        parts = recurring_ical_events.of(calendar).between(first - _DAY, last + _DAY)
    for part in parts[: MAX_OCCURRENCES * 4]:
        entry = entries[int(str(part["X-HIMSOG-ENTRY"]))]
        if not entry.cancelled:
            yield entry, part["DTSTART"].dt, part["DTEND"].dt, stamp(part["RECURRENCE-ID"].dt)


def _component(reader: EntryReader, entry: Entry, index: int, master: Entry) -> icalendar.Event:
    import icalendar

    raw = entry.raw
    event = icalendar.Event()
    event.add("UID", entry.uid)
    event.add("X-HIMSOG-ENTRY", str(index))
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTART", entry.start)
    event.add("DTEND", entry.end)
    if entry.recurrence_id is not None:
        parameters = {"RANGE": "THISANDFUTURE"} if entry.and_future else {}
        event.add("RECURRENCE-ID", alike(entry.recurrence_id, master.start), parameters=parameters)
        return event
    for _parameters, value in raw.lines.get("RRULE", ()):
        event.add("RRULE", icalendar.vRecur.from_ical(sound_rule(value, entry.start)))
    rdates = reader.rdates(raw, entry.start)
    if rdates:
        event.add("RDATE", rdates)
    exdates = reader.whens(raw, "EXDATE", entry.start)
    if is_day(entry.start):
        exdates = [alike(when, entry.start) for when in exdates]
    if exdates:
        event.add("EXDATE", exdates)
    return event
