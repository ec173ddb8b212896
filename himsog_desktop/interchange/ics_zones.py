"""Which zone a calendar means by a TZID: the world's names, Office's names, or a zone that the file describes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

_OFFSET: Final = re.compile(r"\(?(?:UTC|GMT)\s*([+-])(\d{1,2})(?:[:.]?(\d{2}))?\)?(.*)", re.IGNORECASE | re.DOTALL)
_ZONE_NAME: Final = re.compile(r"[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*")


class Zones:
    """Finds zones by TZID and remembers them.

    ``described`` are the VTIMEZONE texts of the file, ``make`` reads one (slow and not to be trusted:
    it is called only for a name that nobody knows).
    """

    def __init__(
        self, clinic: ZoneInfo, described: Mapping[str, bytes], make: Callable[[bytes], tzinfo], own: str = ""
    ) -> None:
        self.clinic = clinic
        self._described, self._make, self._own = described, make, own
        self._known: dict[str, tzinfo | None] = {}

    def find(self, tzid: str) -> tzinfo | None:
        """The zone, or None when nobody knows it (``instead`` is then taken, and said)."""
        if tzid not in self._known:
            if len(self._known) > 5_000:
                return None
            self._known[tzid] = self._search(tzid.strip().strip('"'))
        return self._known[tzid]

    def instead(self) -> tzinfo:
        """What to take for a zone that nobody knows: the calendar's own, its only one, else the clinic's."""
        if self._own and (own := self.find(self._own)) is not None:
            return own
        others = [name for name in self._described if name.upper() not in ("UTC", "GMT")]
        if len(others) == 1 and (only := self.find(others[0])) is not None:
            return only
        return self.clinic

    def _search(self, name: str) -> tzinfo | None:
        return _by_name(name) or self._by_description(name) or _by_office_name(name) or _by_offset(name)

    def _by_description(self, name: str) -> tzinfo | None:
        # Office's names are better known to us than to the files: their rules begin in 1601.
        if (office := _by_office_name(name)) is not None:
            return office
        text = self._described.get(name)
        if text is None:
            return None
        try:
            zone = self._make(text)
            # A zone that cannot tell its offset is worth nothing.
            for month in (1, 7):
                datetime(2026, month, 1, tzinfo=zone).utcoffset()
        except Exception:  # whatever a made-up zone makes the library do
            return None
        return zone


def _by_name(name: str) -> tzinfo | None:
    """An IANA name, also with a path before it (``/mozilla.org/20050126_1/Europe/Berlin``) or ``_`` for ``/``."""
    if name.upper() in ("UTC", "GMT", "Z", "ETC/UTC"):
        return ZoneInfo("UTC")
    parts = [part for part in name.split("/") if part]
    candidates = ["/".join(parts[at:]) for at in range(max(0, len(parts) - 3), len(parts))]
    candidates = [c for c in candidates if "/" in c] or candidates[:1]
    candidates += [name.replace("_", "/", 1), name.replace("-", "/", 1)]
    for candidate in candidates:
        # Three letters are not a place: CST is in America, in China and in Cuba.
        if len(candidate) > 4 and len(candidate) < 60 and _ZONE_NAME.match(candidate) and candidate.isascii():
            try:
                return ZoneInfo(candidate)
            except (KeyError, ValueError, OSError):
                continue
    return None


def _by_office_name(name: str) -> tzinfo | None:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    plain = name.strip('"')
    found = WINDOWS_TO_OLSON.get(plain) or _OFFICE_EXTRA.get(plain.casefold())
    if found is None and plain.casefold().endswith("daylight time"):
        found = WINDOWS_TO_OLSON.get(plain[: -len("Daylight Time")] + "Standard Time")
    try:
        return ZoneInfo(found) if found else None
    except (KeyError, ValueError, OSError):
        return None


_OFFICE_EXTRA: Final = {
    "greenwich mean time": "Europe/London",
    "western european time": "Europe/Lisbon",
    "central european time": "Europe/Berlin",
    "eastern european time": "Europe/Athens",
    "eastern time": "America/New_York",
    "central time": "America/Chicago",
    "mountain time": "America/Denver",
    "pacific time": "America/Los_Angeles",
    "philippine standard time": "Asia/Manila",
}


_SUMMER: Final = {
    (-8, -7): "America/Los_Angeles",
    (-7, -6): "America/Denver",
    (-6, -5): "America/Chicago",
    (-5, -4): "America/New_York",
    (0, 1): "Europe/London",
    (1, 2): "Europe/Berlin",
    (2, 3): "Europe/Athens",
}
"""Zones named by their winter and summer offsets (``GMT-05.00/-04.00``)."""


def _by_offset(name: str) -> tzinfo | None:
    """``(UTC+08:00) Kuala Lumpur, Singapore``: the zone of a city that is named, else the fixed offset."""
    found = _OFFSET.match(name)
    if found is None:
        return None
    cities = {city.strip().replace(" ", "_") for city in found[4].split(",") if city.strip()}
    if cities:
        for zone in sorted(available_timezones()):
            if zone.rpartition("/")[2] in cities and "/" in zone:
                return ZoneInfo(zone)
    if pair := re.fullmatch(r"/([+-]?\d{1,2})[:.]?\d{0,2}", found[4].strip()):
        summer = _SUMMER.get((int(found[1] + found[2]), int(pair[1])))
        if summer:
            return ZoneInfo(summer)
    size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if size > timedelta(hours=14):
        return None
    return timezone(-size if found[1] == "-" else size)
