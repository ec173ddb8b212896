"""Values of calendar properties: days, times, lengths and text (RFC 5545, 3.3), read with some patience."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from himsog_desktop.interchange.bounds import MAX_SUMMARY

When = date | datetime
"""A day, or a moment in its zone."""

_WHEN: Final = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:[Tt ](\d{2}):?(\d{2})(?::?(\d{2})(?:\.\d+)?)?([Zz]|[+-]\d{2}:?\d{2})?)?"
)
_DURATION: Final = re.compile(
    r"([+-]?)P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?", re.I
)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def parse_when(text: str, zone: tzinfo) -> When:
    """A day, or an aware moment: in UTC or its own offset where it says so, else in ``zone``.

    Raises ValueError, in words.
    """
    found = _WHEN.fullmatch(text.strip())
    if found is None:
        raise ValueError("is not a day or a time such as 20261201T093000")
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    try:
        if found[4] is None:
            return date(year, month, day)
        moment = datetime(year, month, day, int(found[4]), int(found[5]), min(int(found[6] or 0), 59), tzinfo=zone)
    except ValueError:
        raise ValueError("names a day or time that there is not") from None
    offset = found[7]
    if not offset:
        return moment
    if offset in "Zz":
        return moment.replace(tzinfo=UTC)
    shift = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
    return (moment.replace(tzinfo=UTC) - (-shift if offset[0] == "-" else shift)).astimezone(UTC)


def parse_duration(text: str) -> tuple[int, timedelta]:
    """Whole days (which follow the wall clock) and the exact rest. Raises ValueError, in words."""
    text = text.strip()
    found = _DURATION.fullmatch(text)
    if found is None or text.upper().endswith(("P", "T")):
        raise ValueError("DURATION is not a length such as PT30M")
    days = int(found[2] or 0) * 7 + int(found[3] or 0)
    rest = timedelta(hours=int(found[4] or 0), minutes=int(found[5] or 0), seconds=int(found[6] or 0))
    return (-days, -rest) if found[1] == "-" else (days, rest)


def after(start: When, length: tuple[int, timedelta]) -> When:
    """The end of something that lasts so long from ``start``."""
    days, rest = length
    if not isinstance(start, datetime):
        return start + timedelta(days=days) + timedelta(days=-(-rest // timedelta(days=1)) if rest else 0)
    moment = start + timedelta(days=days)
    return (moment.astimezone(UTC) + rest).astimezone(moment.tzinfo) if rest else moment


def is_day(when: When) -> bool:
    """Whether this is a day without a time."""
    return not isinstance(when, datetime)


def plain_text(value: str) -> str | None:
    """A TEXT value as a person reads it: unescaped, one line, at most ``MAX_SUMMARY`` characters."""
    if "\\" in value:
        value = _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
    flat = " ".join(_CONTROLS.sub("", value).split())
    return flat[: MAX_SUMMARY - 1] + "…" if len(flat) > MAX_SUMMARY else flat or None


def parameter(parameters: str, name: str) -> str | None:
    """The value of one parameter of a content line's ``;NAME=value;…`` part, without quotes."""
    if not parameters:
        return None
    found = re.search(rf'(?:^|;)\s*{name}\s*=\s*(?:"([^"]*)"|([^";]*))', parameters, re.IGNORECASE)
    return None if found is None else (found[1] if found[1] is not None else found[2]).strip() or None
