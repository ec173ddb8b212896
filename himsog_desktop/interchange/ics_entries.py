"""Entries of a calendar with their values read: starts, ends, exceptions, each in its zone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo

from himsog_desktop.interchange.bounds import MAX_WINDOW_DAYS
from himsog_desktop.interchange.ics_lines import RawCalendar, RawEvent
from himsog_desktop.interchange.ics_model import Skipped
from himsog_desktop.interchange.ics_values import When, after, is_day, parameter, parse_duration, parse_when, plain_text
from himsog_desktop.interchange.ics_zones import Zones

_RECURS = ("RRULE", "RDATE", "EXRULE")


@dataclass(slots=True)
class Entry:
    """An entry whose values could be read. ``end`` is at or after ``start``, and of the same kind.

    ``duration`` is there when the entry gives its length in place of an end: days that follow the wall
    clock, and an exact rest.
    """

    raw: RawEvent
    uid: str
    start: When
    end: When
    sequence: int = 0
    recurrence_id: When | None = None
    and_future: bool = False
    duration: tuple[int, timedelta] | None = None
    status: str = ""
    free: bool = False
    summary: str | None = field(default=None)

    @property
    def recurs(self) -> bool:
        """Whether it says itself that it takes place several times."""
        return any(name in self.raw.lines for name in _RECURS)

    @property
    def cancelled(self) -> bool:
        """Whether the calendar says that it does not take place."""
        return self.status == "CANCELLED"


class EntryReader:
    """Reads the values of entries; what cannot be taken goes to the calendar's ``skipped``."""

    def __init__(self, calendar: RawCalendar, zones: Zones) -> None:
        self.calendar, self.zones = calendar, zones
        self._unknown: set[str] = set()

    def skip(self, entry: Entry | RawEvent, rule: str, text: str) -> None:
        """Note that an entry is left out, and why."""
        line = entry.line if isinstance(entry, RawEvent) else entry.raw.line
        self.calendar.skipped.append(Skipped(uid=entry.uid, rule=rule, text=text, line=line))

    def entry(self, raw: RawEvent) -> Entry | None:
        """The entry, or None when it is skipped."""
        if "DTSTART" not in raw.lines:
            self.skip(raw, "missing", "It has no start.")
            return None
        try:
            start = self._start(raw)
            end = self._end(raw, start)
            recurrence_ids = self.whens(raw, "RECURRENCE-ID", start)
            for when in (start, end):
                if isinstance(when, datetime):
                    when.astimezone(UTC)
        except IndexError:
            self.skip(raw, "missing", "It has no start.")
            return None
        except (ValueError, OverflowError) as error:
            words = str(error) if type(error) is ValueError else "It lies outside the years that can be kept"
            self.skip(raw, "bad_value", f"{words}.")
            return None
        if _before(end, start):
            self.skip(raw, "ends_before_start", "It ends before it starts.")
            return None
        if _day(end) - _day(start) > timedelta(days=MAX_WINDOW_DAYS):
            self.skip(raw, "too_long", "It lasts more than two years.")
            return None
        status = (raw.value("STATUS") or "").strip().upper()
        if status == "CANCELLED" and not recurrence_ids:
            self.skip(raw, "cancelled", "It is cancelled in the calendar.")
            return None
        if start == end:
            self.calendar.warn(raw.line, "no_length", "It has no length: taken as a moment.", raw.uid, "DTEND")
        sequence = (raw.value("SEQUENCE") or "").strip()
        span = parameter(raw.lines["RECURRENCE-ID"][0][0], "RANGE") if recurrence_ids else None
        summary = raw.value("SUMMARY")
        return Entry(
            raw=raw,
            uid=raw.uid,
            start=start,
            end=end,
            sequence=int(sequence) if sequence.isascii() and sequence.isdigit() and len(sequence) < 10 else 0,
            recurrence_id=recurrence_ids[0] if recurrence_ids else None,
            duration=parse_duration(raw.value("DURATION") or "PT0S") if self._has_length(raw) else None,
            and_future=(span or "").upper() == "THISANDFUTURE",
            status=status,
            free=(raw.value("TRANSP") or "").strip().upper() == "TRANSPARENT",
            summary=plain_text(summary) if summary else None,
        )

    def whens(self, raw: RawEvent, name: str, like: When | None = None) -> list[When]:
        """All values of a property; a time without a zone takes the zone of ``like``. Raises ValueError."""
        result: list[When] = []
        for parameters, value in raw.lines.get(name, ()):
            tzid = parameter(parameters, "TZID")
            zone = self._zone(tzid, raw, name, like)
            for part in value.split(","):
                if part := part.strip():
                    try:
                        # A value with a zone and a Z is wrong in one of the two: the zone was chosen by somebody.
                        result.append(parse_when(part.rstrip("Zz") if tzid else part, zone))
                    except ValueError as error:
                        raise ValueError(f"{name} {error}") from None
        return result

    def rdates(self, raw: RawEvent, start: When) -> list[When | tuple[When, When]]:
        """Further times of a series, some with an end of their own. Raises ValueError."""
        result: list[When | tuple[When, When]] = []
        for parameters, value in raw.lines.get("RDATE", ()):
            zone = self._zone(parameter(parameters, "TZID"), raw, "RDATE", start)
            for part in value.split(","):
                begin, slash, rest = part.strip().partition("/")
                if not begin:
                    continue
                first = alike(parse_when(begin, zone), start)
                if not slash:
                    result.append(first)
                elif rest.strip().upper().lstrip("+-").startswith("P"):
                    result.append((first, after(first, parse_duration(rest))))
                else:
                    result.append((first, parse_when(rest, zone)))
        return result

    def _zone(self, tzid: str | None, raw: RawEvent, name: str, like: When | None) -> tzinfo:
        if tzid is None:
            return like.tzinfo if isinstance(like, datetime) and like.tzinfo else self.zones.clinic
        found = self.zones.find(tzid)
        if found is not None:
            return found
        instead = self.zones.instead()
        if tzid not in self._unknown:
            self._unknown.add(tzid)
            whose = "the clinic's" if instead is self.zones.clinic else "the calendar's own"
            text = f"Nobody knows the time zone “{tzid[:60]}”: {whose} was taken."
            self.calendar.warn(raw.line, "zone", text, raw.uid, name)
        return instead

    def _start(self, raw: RawEvent) -> When:
        """The start; one without a zone takes that of an end that has one."""
        parameters, value = raw.lines["DTSTART"][0]
        ends = raw.lines.get("DTEND")
        floats = parameter(parameters, "TZID") is None and not value.strip().upper().endswith("Z")
        if floats and ends and parameter(ends[0][0], "TZID"):
            end = self.whens(raw, "DTEND")[0]
            if isinstance(end, datetime):
                return self.whens(raw, "DTSTART", end)[0]
        return self.whens(raw, "DTSTART")[0]

    @staticmethod
    def _has_length(raw: RawEvent) -> bool:
        return "DURATION" in raw.lines and "DTEND" not in raw.lines

    def _end(self, raw: RawEvent, start: When) -> When:
        ends = self.whens(raw, "DTEND", start)
        if ends:
            end = ends[0]
            if is_day(start):
                last = end.date() if isinstance(end, datetime) else end
                return start + timedelta(days=1) if last == start else last
            if not isinstance(end, datetime):
                assert isinstance(start, datetime)
                return datetime(end.year, end.month, end.day, tzinfo=start.tzinfo)
            return end
        if self._has_length(raw):
            return after(start, parse_duration(raw.value("DURATION") or "PT0S"))
        return start + timedelta(days=1) if is_day(start) else start


def alike(when: When, start: When) -> When:
    """A day or moment in the kind that the series has: its day, or its time of day in its zone."""
    if not isinstance(start, datetime):
        return when.date() if isinstance(when, datetime) else when
    if isinstance(when, datetime):
        return when
    return datetime(when.year, when.month, when.day, start.hour, start.minute, start.second, tzinfo=start.tzinfo)


def stamp(when: When) -> str:
    """A day or moment for a key: ``20260105`` or ``20260105T010000Z``."""
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%SZ}" if isinstance(when, datetime) else f"{when:%Y%m%d}"


def _before(end: When, start: When) -> bool:
    if isinstance(end, datetime) and isinstance(start, datetime):
        return end.astimezone(UTC) < start.astimezone(UTC)
    return _day(end) < _day(start)


def _day(when: When) -> date:
    return when.date() if isinstance(when, datetime) else when
