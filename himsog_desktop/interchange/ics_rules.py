"""Recurrence rules made fit to be expanded: what cannot be expanded within reason is refused here, with a reason."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import Final

from himsog_desktop.interchange.bounds import MAX_OCCURRENCES
from himsog_desktop.interchange.ics_values import When, parse_when

_FREQUENCIES: Final = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
_PARTS: Final = {
    "BYSECOND": r"\d{1,2}", "BYMINUTE": r"\d{1,2}", "BYHOUR": r"\d{1,2}", "BYMONTHDAY": r"[+-]?\d{1,2}",
    "BYYEARDAY": r"[+-]?\d{1,3}", "BYWEEKNO": r"[+-]?\d{1,2}", "BYMONTH": r"\d{1,2}", "BYSETPOS": r"[+-]?\d{1,3}",
    "BYDAY": r"[+-]?\d{0,2}(?:MO|TU|WE|TH|FR|SA|SU)", "WKST": r"MO|TU|WE|TH|FR|SA|SU",
}  # fmt: skip
_RANGES: Final = {"BYSECOND": (0, 59), "BYMINUTE": (0, 59), "BYHOUR": (0, 23), "BYMONTHDAY": (1, 31),
                  "BYYEARDAY": (1, 366), "BYWEEKNO": (1, 53), "BYMONTH": (1, 12), "BYSETPOS": (1, 366)}  # fmt: skip


class BadRule(ValueError):
    """The rule is not taken: ``rule`` for programs, ``text`` for people."""

    def __init__(self, rule: str, text: str) -> None:
        super().__init__(rule)
        self.rule, self.text = rule, text


def sound_rule(text: str, start: When, *, wall: bool = False) -> str:
    """The rule rewritten so that it can be expanded from ``start``.

    UNTIL takes the kind that ``start`` has: a day for a day; else an instant, a day meaning its end.
    With ``wall`` it is on the wall clock of ``start``, without a zone.
    Raises BadRule.
    """
    parts: dict[str, str] = {}
    for part in re.sub(r"\s", "", text).upper().strip(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value:
            raise BadRule("bad_value", "The rule by which it repeats cannot be read.")
        if name in parts:
            raise BadRule("bad_value", f"The rule by which it repeats has {name[:20]} twice.")
        if not name.startswith("X-"):
            parts[name] = value
    frequency = parts.get("FREQ")
    if frequency not in _FREQUENCIES:
        raise BadRule("bad_value", "The rule by which it repeats does not say how often.")
    if parts.get("RSCALE", "GREGORIAN") != "GREGORIAN":
        raise BadRule("not_supported", "It repeats by another calendar than the Gregorian.")
    count = _number(parts, "COUNT", 1)
    _number(parts, "INTERVAL", 1)
    if frequency in ("MINUTELY", "SECONDLY", "HOURLY"):
        bounded = (count is not None and count <= MAX_OCCURRENCES) or (frequency == "HOURLY" and "UNTIL" in parts)
        if not bounded:
            raise BadRule("too_often", f"It repeats {frequency.lower()} without an end: that is no appointment.")
    if "UNTIL" in parts:
        parts["UNTIL"] = _until(parts["UNTIL"], start, wall)
        parts.pop("COUNT", None)  # one of the two may stand (RFC 5545, 3.3.10)
    for name, form in _PARTS.items():
        if name in parts:
            _check(name, form, parts[name])
    kept = ("FREQ", "INTERVAL", "COUNT", "UNTIL", *_PARTS)
    return ";".join(f"{name}={parts[name]}" for name in kept if name in parts)


def _number(parts: dict[str, str], name: str, least: int) -> int | None:
    if name not in parts:
        return None
    if not re.fullmatch(r"\+?\d{1,12}", parts[name]) or int(parts[name]) < least:
        raise BadRule("bad_value", f"{name} of the rule by which it repeats is not a number from {least}.")
    return int(parts[name])


def _check(name: str, form: str, value: str) -> None:
    items = value.split(",")
    low, high = _RANGES.get(name, (0, 0))
    for item in items:
        if not re.fullmatch(form, item):
            raise BadRule("bad_value", f"{name} of the rule by which it repeats cannot be read.")
        if name in _RANGES and not low <= abs(int(item)) <= high:
            raise BadRule("bad_value", f"{name} of the rule by which it repeats is out of range.")
    if len(items) > 400:
        raise BadRule("too_long", f"{name} of the rule by which it repeats has too many values.")


def _until(text: str, start: When, wall: bool) -> str:
    zone = start.tzinfo if isinstance(start, datetime) and start.tzinfo is not None else UTC
    try:
        until = parse_when(text, zone)
    except ValueError:
        raise BadRule("bad_value", "The rule by which it repeats ends on no real day.") from None
    if not isinstance(start, datetime):
        return f"{until:%Y%m%d}" if not isinstance(until, datetime) else f"{until.date():%Y%m%d}"
    if not isinstance(until, datetime):
        until = datetime.combine(until, time(23, 59, 59), zone)
    if wall:
        return f"{until.astimezone(zone):%Y%m%dT%H%M%S}"
    return f"{until.astimezone(UTC):%Y%m%dT%H%M%SZ}"
