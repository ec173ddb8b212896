"""Clinic time: instants, days and wall clocks.

An instant is an ``int``: microseconds since the Unix epoch in UTC. A clinic has one zone; all days
and layout are in that zone, never the computer's. Source of the rules: design, section 2, "Time",
and the contract, "Slots": a wall time that DST skips moves forward by the gap; one that comes twice
is the first.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

Micros = int
"""An instant, or a length of time, in microseconds."""

SECOND: Micros = 1_000_000
MINUTE: Micros = 60 * SECOND
HOUR: Micros = 60 * MINUTE
DAY: Micros = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
MINUTES_A_DAY = 1440
_NO_PLACES = ("localtime", "posixrules", "Factory")
"""Files beside the zones that name no place: the first would be the computer's own zone."""
_COPIES = ("posix/", "right/")
"""Folders that hold all zones again; those of the second count leap seconds."""
FIRST_YEAR = 1900
LAST_YEAR = 2199

_INSTANT = re.compile(
    r"^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?([Zz]|[+-]\d{2}:?\d{2})$",
    re.ASCII,
)
_WALL = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)$", re.ASCII)


def to_micros(moment: datetime) -> Micros:
    """The instant of an aware datetime. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs an offset")
    return (moment - _EPOCH) // _MICRO


def to_datetime(instant: Micros) -> datetime:
    """The aware UTC datetime of an instant."""
    return _EPOCH + timedelta(microseconds=instant)


def parse_instant(text: str) -> Micros:
    """Read ISO 8601 with an offset (``2026-11-20T09:00:00+08:00`` or ``…Z``).

    Raises ValueError, in words for a person, when the text has no offset or names no real moment.
    """
    found = _INSTANT.match(text.strip())
    if found is None:
        bare = re.match(r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$", text.strip())
        if bare:
            raise ValueError("the time has no offset: write it like 2026-11-20T09:00:00+08:00")
        raise ValueError("not a time of the form 2026-11-20T09:00:00+08:00")
    year, month, day, hour, minute = (int(found.group(i)) for i in range(1, 6))
    second = int(found.group(6) or 0)
    micro = int((found.group(7) or "0").ljust(6, "0"))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the year must be between {FIRST_YEAR} and {LAST_YEAR}")
    offset = found.group(8)
    zone: timezone = UTC
    if offset not in ("Z", "z"):
        hours, minutes = int(offset[1:3]), int(offset[-2:])
        if hours > 14 or minutes > 59:
            raise ValueError(f"there is no offset {offset}")
        delta = timedelta(hours=hours, minutes=minutes)
        zone = timezone(-delta if offset[0] == "-" else delta)
    try:
        moment = datetime(year, month, day, hour, minute, second, micro, zone)
    except ValueError:
        raise ValueError(f"there is no such moment: {text.strip()[:40]}") from None
    return to_micros(moment)


def parse_date(text: str) -> date:
    """Read ``YYYY-MM-DD``. Raises ValueError, in words for a person."""
    if not re.match(r"^\d{4}-\d{2}-\d{2}$", text.strip()):
        raise ValueError("not a date of the form 2026-11-20")
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"there is no such day: {text.strip()}") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"the year must be between {FIRST_YEAR} and {LAST_YEAR}")
    return found


@lru_cache(maxsize=4096)
def parse_wall(text: str, *, end: bool = False) -> int:
    """Minutes of the day of ``"HH:MM"``; as an ``end`` also ``"24:00"``. Raises ValueError."""
    if end and text == "24:00":
        return MINUTES_A_DAY
    found = _WALL.match(text)
    if found is None:
        raise ValueError(f"not a time of day of the form 09:30: {text[:20]!r}")
    return int(found.group(1)) * 60 + int(found.group(2))


def format_wall(minutes: int) -> str:
    """``"HH:MM"`` of minutes of the day; 1440 is ``"24:00"``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def weekday(day: date) -> int:
    """The day of the week as the platform counts: 0 = Sunday … 6 = Saturday."""
    return (day.weekday() + 1) % 7


class Zone:
    """A clinic's time zone, with conversions between wall clock and instants."""

    __slots__ = ("_bounds", "_info", "name")

    def __init__(self, name: str) -> None:
        """Raises ValueError when there is no zone of that name."""
        try:
            if name in _NO_PLACES or name.startswith(_COPIES):
                raise KeyError(name)
            self._info = ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"there is no time zone called {name[:60]!r}") from None
        self.name = name
        self._bounds: dict[date, tuple[Micros, Micros]] = {}

    def __repr__(self) -> str:
        return f"Zone({self.name!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Zone) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def wall(self, instant: Micros) -> datetime:
        """The aware local datetime of an instant."""
        return to_datetime(instant).astimezone(self._info)

    def date_of(self, instant: Micros) -> date:
        """The clinic date that an instant falls on."""
        return self.wall(instant).date()

    def minutes_of(self, instant: Micros) -> int:
        """The wall clock of an instant in minutes of its clinic day."""
        local = self.wall(instant)
        return local.hour * 60 + local.minute

    def instant(self, day: date, minutes: int) -> Micros:
        """The instant of a wall time; 1440 is the next midnight.

        A time that DST skips moves forward by the gap; one that comes twice is the first.
        """
        if minutes == MINUTES_A_DAY:
            day, minutes = day + timedelta(days=1), 0
        local = datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=self._info)
        # With fold=0 zoneinfo uses the offset before a gap, which lands after it: forward by the gap.
        return to_micros(local.astimezone(UTC))

    def day_bounds(self, day: date) -> tuple[Micros, Micros]:
        """Start and end of a clinic day: 23, 24 or 25 hours."""
        known = self._bounds.get(day)
        if known is None:
            known = (self.instant(day, 0), self.instant(day, MINUTES_A_DAY))
            if len(self._bounds) > 4000:
                self._bounds.clear()
            self._bounds[day] = known
        return known

    def iso(self, instant: Micros) -> str:
        """ISO 8601 with this zone's offset, seconds always, fractions only where there are any."""
        return self.wall(instant).isoformat()


@lru_cache(maxsize=16)
def zone(name: str) -> Zone:
    """The zone of that name, kept. Raises ValueError when there is none."""
    return Zone(name)


def computer_minutes(instant: Micros) -> int:
    """Minutes of the day by the computer's own clock. For a label beside the clinic's time, and for nothing else."""
    local = time.localtime(instant // SECOND)
    return local.tm_hour * 60 + local.tm_min
