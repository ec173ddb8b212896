"""A calendar file as entries: content lines unfolded and sorted into components, within the bounds.

This is the first to see the bytes, and keeps nothing but the properties that say when an entry takes
place and what it is called. No library sees what does not pass here.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, Final

from himsog_desktop.interchange.bounds import MAX_CALENDAR_BYTES, MAX_CALENDAR_LINE, MAX_DEPTH, MAX_EVENTS
from himsog_desktop.interchange.ics_model import Skipped, Warned

WANTED: Final = frozenset({
    "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "SUMMARY", "STATUS",
    "TRANSP", "SEQUENCE",
})  # fmt: skip
_ONCE: Final = WANTED - {"RRULE", "RDATE", "EXDATE", "EXRULE"}
_MAX_VALUES: Final = 5_000
"""Lines of one property in one entry: exceptions of many years."""

_MAX_ZONE_LINES: Final = 3_000
_MAX_ZONES: Final = 500
_MAX_NOTES: Final = 200
_NAME: Final = re.compile(rb"[A-Za-z0-9-]+")


class OutOfBounds(Exception):
    """The file as a whole breaks a bound, or is no calendar: ``code`` and a sentence."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code)
        self.code, self.text = code, text


@dataclass(slots=True)
class RawEvent:
    """One VEVENT: for each property the parameters and values of its lines."""

    line: int
    lines: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def value(self, name: str) -> str | None:
        """The value of a property that stands once; None when it is not there."""
        found = self.lines.get(name)
        return found[0][1] if found else None

    @property
    def uid(self) -> str:
        """Its UID; one made from its content when it has none."""
        given = (self.value("UID") or "").strip()
        if given:
            return given[:300]
        content = repr(sorted(self.lines.items())).encode("utf-8", "surrogatepass")
        return "~" + blake2b(content, digest_size=12).hexdigest()


@dataclass(slots=True)
class RawCalendar:
    """All that a calendar file holds, unexpanded.

    ``zones`` are VTIMEZONE texts by TZID; ``own_zone`` is what the calendar says its zone is.
    """

    encoding: str = "utf-8"
    components: int = 0
    event_count: int = 0
    events: list[RawEvent] = field(default_factory=list)
    zones: dict[str, bytes] = field(default_factory=dict)
    own_zone: str = ""
    ignored: dict[str, int] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    warned: list[Warned] = field(default_factory=list)

    def warn(self, line: int, rule: str, text: str, uid: str | None = None, prop: str | None = None) -> None:
        """Note something; beyond a number of notes only the first ones are kept."""
        if len(self.warned) < _MAX_NOTES:
            self.warned.append(Warned(uid=uid, field=prop, rule=rule, text=text, line=line))


def read_calendar_file(path: Path) -> RawCalendar:
    """Read and sort a calendar file. Raises OutOfBounds."""
    calendar = RawCalendar()
    with path.open("rb") as file:
        stream = _as_utf8(file, calendar)
        _Sorter(calendar).run(_content_lines(stream))
    if not calendar.components:
        raise OutOfBounds("bad_value", "This is not a calendar file: it has no BEGIN line.")
    return calendar


def _as_utf8(file: BinaryIO, calendar: RawCalendar) -> BinaryIO:
    head = file.read(65_536)
    file.seek(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        calendar.encoding = "utf-16"
        return _Recoded(io.TextIOWrapper(file, "utf-16", "replace"))  # type: ignore[return-value]
    if b"\r" in head and b"\n" not in head:
        return _Recoded(io.TextIOWrapper(file, "latin-1", newline=None), "latin-1")  # type: ignore[return-value]
    return file


class _Recoded:
    """Lines of a text stream as bytes."""

    def __init__(self, stream: io.TextIOWrapper, encoding: str = "utf-8") -> None:
        self._stream, self._encoding = stream, encoding

    def readline(self, size: int) -> bytes:
        return self._stream.readline(size).encode(self._encoding, "replace")


def _content_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Unfolded lines with the number of their first physical line."""
    most = MAX_CALENDAR_LINE + 2
    total = number = first = 0
    held = b""
    parts: list[bytes] = []  # continuations, joined once
    size = 0
    while True:
        physical = stream.readline(most + 1)
        total += len(physical)
        if total > MAX_CALENDAR_BYTES:
            raise OutOfBounds("too_long", f"The calendar file is larger than {MAX_CALENDAR_BYTES >> 20} MB.")
        number += 1
        folded = physical[:1] in (b" ", b"\t")
        size = size + len(physical) if folded else len(physical)
        if size > most or len(physical) > most:
            raise OutOfBounds(
                "too_long",
                f"Line {first if folded else number} of the calendar file is longer than 1 MB: nothing was taken.",
            )
        if folded and (held or parts):
            parts.append(physical.rstrip(b"\r\n")[1:])
            continue
        if held or parts:
            yield first, held + b"".join(parts) if parts else held
        if not physical:
            return
        first, held, parts = number, physical.rstrip(b"\r\n"), []


class _Sorter:
    """Walks the lines with a stack of component names; keeps entries and zones."""

    def __init__(self, calendar: RawCalendar) -> None:
        self.calendar = calendar
        self.stack: list[str] = []
        self.event: RawEvent | None = None
        self.event_depth = 0
        self.zone: list[bytes] | None = None
        self.zone_depth = 0
        self.zone_id = ""

    def run(self, lines: Iterator[tuple[int, bytes]]) -> None:
        for number, raw in lines:
            if number == 1:
                raw = raw.removeprefix(codecs.BOM_UTF8)
            if not raw.strip():
                continue
            if b"\0" in raw:
                raw = raw.replace(b"\0", b"")
                self.calendar.warn(number, "broken_line", "A line held zero bytes; they were left out.")
            found = _NAME.match(raw)
            mark = raw[found.end() : found.end() + 1] if found else b""
            if mark not in (b":", b";") or found is None:
                self.calendar.warn(number, "broken_line", "A line is not of the form NAME:value; it was passed over.")
                continue
            name = found[0].decode("ascii").upper()
            if name == "BEGIN":
                self.begin(number, raw)
            elif name == "END":
                self.end(raw)
            elif self.event is not None:
                if len(self.stack) == self.event_depth and name in WANTED:
                    self.keep(number, name, raw, found.end())
            elif self.zone is not None:
                self.keep_zone(name, raw)
            elif name == "X-WR-TIMEZONE":
                self.calendar.own_zone = raw[found.end() + 1 :].decode("utf-8", "replace").strip()[:100]
        self.broken_off(0)

    def begin(self, number: int, raw: bytes) -> None:
        name = _component(raw)
        calendar = self.calendar
        calendar.components += 1
        self.stack.append(name)
        if len(self.stack) > MAX_DEPTH:
            raise OutOfBounds(
                "too_long", f"Components of the calendar file are nested more than {MAX_DEPTH} deep: nothing was taken."
            )
        if name == "VEVENT" and self.event is None:
            calendar.event_count += 1
            if calendar.event_count > MAX_EVENTS:
                raise OutOfBounds("too_long", f"The calendar file has more than {MAX_EVENTS:,} entries.")
            self.event, self.event_depth = RawEvent(number), len(self.stack)
        elif name == "VTIMEZONE" and self.zone is None and self.event is None:
            self.zone, self.zone_depth, self.zone_id = [raw], len(self.stack), ""
        elif self.zone is not None:
            self.keep_zone(name, raw)
        elif self.event is None and name in ("VTODO", "VJOURNAL", "VFREEBUSY"):
            calendar.ignored[name] = calendar.ignored.get(name, 0) + 1

    def end(self, raw: bytes) -> None:
        name = _component(raw)
        if name not in self.stack:
            return
        depth = len(self.stack) - self.stack[::-1].index(name)
        if self.event is not None and depth < self.event_depth:
            self.broken_off(depth)
        if self.zone is not None:
            self.zone.append(raw)
            if depth <= self.zone_depth:
                zones = self.calendar.zones
                whole = self.zone_id and depth == self.zone_depth and len(self.zone) <= _MAX_ZONE_LINES
                if whole and len(zones) < _MAX_ZONES:
                    zones.setdefault(self.zone_id, b"\r\n".join(self.zone))
                self.zone = None
        if self.event is not None and depth == self.event_depth:
            self.calendar.events.append(self.event)
            self.event = None
        del self.stack[depth - 1 :]

    def broken_off(self, depth: int) -> None:
        """An entry whose END is missing is not taken."""
        if self.event is not None and depth < self.event_depth:
            text = "The entry breaks off: its END line is missing."
            self.calendar.skipped.append(Skipped(uid=self.event.uid, rule="broken", text=text, line=self.event.line))
            self.event = None

    def keep(self, number: int, name: str, raw: bytes, at: int) -> None:
        assert self.event is not None
        try:
            text = raw[at:].decode("utf-8")
        except UnicodeDecodeError:
            text = raw[at:].decode("cp1252", "replace")
            self.calendar.warn(
                number, "encoding", "A line is not UTF-8; it was read as Windows-1252.", self.event.uid, name
            )
        colon = _colon(text)
        if colon < 0:
            self.calendar.warn(number, "broken_line", "A line has no value; it was passed over.", self.event.uid, name)
            return
        kept = self.event.lines.setdefault(name, [])
        if len(kept) >= (1 if name in _ONCE else _MAX_VALUES):
            if name not in _ONCE:
                text = f"The entry at line {self.event.line} has more than {_MAX_VALUES:,} {name} lines."
                raise OutOfBounds("too_long", text)
            return
        kept.append((text[:colon].strip(";"), text[colon + 1 :]))

    def keep_zone(self, name: str, raw: bytes) -> None:
        assert self.zone is not None
        if len(self.zone) <= _MAX_ZONE_LINES:
            self.zone.append(raw)
        if name == "TZID" and len(self.stack) == self.zone_depth and not self.zone_id:
            self.zone_id = raw[raw.find(b":") + 1 :].decode("utf-8", "replace").strip().strip('"')[:300]


def _component(raw: bytes) -> str:
    return raw.split(b":", 1)[-1].decode("ascii", "replace").strip().upper()[:60]


def _colon(text: str) -> int:
    """The colon between parameters and value: not within quotes."""
    if '"' not in text:
        return text.find(":")
    quoted = False
    for index, c in enumerate(text):
        if c == '"':
            quoted = not quoted
        elif c == ":" and not quoted:
            return index
    return text.find(":")
