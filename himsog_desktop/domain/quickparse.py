"""What people type for a day, a time and a length: ``tue 3p``, ``24 nov 2pm``, ``+3d``, ``1h30``.

Always relative to a clinic date that is given, never to the computer's clock, so the same text means
the same. Nothing is guessed: words that aren't understood come back as ``unread``.

- ``tue`` is the coming Tuesday, today included; ``next tue`` that of next week (weeks begin on Monday).
- A date without a year is the coming one, today included.
- ``3`` beside a day, or after ``at``, is an hour: 7 to 12 as it stands, 1 to 6 in the afternoon.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from himsog_desktop.domain.time import FIRST_YEAR, LAST_YEAR

MOST_TYPED = 80
"""Longer texts aren't looked at."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = r"(mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday|s)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_NUMBER_OF_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(\d{4}))?"
_ODD_MINUTES = r"(?:\s?(?:([0-5]?\d)\s?(?:m|mins?|minutes?)|([0-5]\d)))?"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was understood: a clinic date, a wall time in minutes, a length in minutes.

    ``unread`` are the words that weren't understood, in order.
    """

    day: date | None = None
    minutes: int | None = None
    duration: int | None = None
    unread: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every word was understood."""
        return not self.unread


class _Reading:
    """The text as it is used up, with what was found in it."""

    def __init__(self, text: str, today: date, day_first: bool) -> None:
        self.text = text
        self.today = today
        self.day_first = day_first
        self.day: date | None = None
        self.minutes: int | None = None
        self.duration: int | None = None

    def take(self, pattern: re.Pattern[str], use: Callable[[_Reading, re.Match[str]], bool]) -> None:
        """Use up the first match that means something."""
        for found in pattern.finditer(self.text):
            if use(self, found):
                self.text = f"{self.text[: found.start()]} {self.text[found.end() :]}"
                return


def _pattern(body: str) -> re.Pattern[str]:
    # A word ends at a space, a comma or the end: "3pm" is a time, "3pmx" is not.
    return re.compile(rf"(?<![\w.:/+-]){body}(?![\w:/-]|\.\d)", re.ASCII)


def _set_day(reading: _Reading, year: int, month: int, number: int) -> bool:
    if reading.day is not None or not FIRST_YEAR <= year <= LAST_YEAR:
        return False
    try:
        reading.day = date(year, month, number)
    except ValueError:
        return False
    return True


def _set_coming(reading: _Reading, month: int, number: int) -> bool:
    """The coming date of that month and number: 29 February may be years away."""
    for year in range(reading.today.year, reading.today.year + 9):
        leap_day = (month, number) == (2, 29) and not calendar.isleap(year)
        if not leap_day and (year, month, number) >= (reading.today.year, reading.today.month, reading.today.day):
            return _set_day(reading, year, month, number)
    return False


def _dated(reading: _Reading, year: str | None, month: int, number: int) -> bool:
    return _set_day(reading, int(year), month, number) if year else _set_coming(reading, month, number)


def _month(word: str) -> int:
    return _MONTHS.index(word[:3]) + 1


def _iso(reading: _Reading, found: re.Match[str]) -> bool:
    return _set_day(reading, int(found[1]), int(found[2]), int(found[3]))


def _day_month(reading: _Reading, found: re.Match[str]) -> bool:
    return _dated(reading, found[3], _month(found[2]), int(found[1]))


def _month_day(reading: _Reading, found: re.Match[str]) -> bool:
    return _dated(reading, found[3], _month(found[1]), int(found[2]))


def _slashed(reading: _Reading, found: re.Match[str]) -> bool:
    number, month = (int(found[1]), int(found[2])) if reading.day_first else (int(found[2]), int(found[1]))
    return _dated(reading, found[3], month, number)


def _ahead(reading: _Reading, found: re.Match[str]) -> bool:
    count = int(found[2]) * (7 if found[3].startswith("w") else 1)
    return _offset(reading, -count if found[1] == "-" else count)


def _offset(reading: _Reading, days: int) -> bool:
    if reading.day is not None:
        return False
    try:
        moved = reading.today + timedelta(days=days)
    except OverflowError:
        return False
    return _set_day(reading, moved.year, moved.month, moved.day)


def _named(reading: _Reading, found: re.Match[str]) -> bool:
    days = {"yesterday": -1, "today": 0, "tod": 0}.get(found[1], 1)
    return _offset(reading, days)


def _day_of_week(reading: _Reading, found: re.Match[str]) -> bool:
    wanted, today = _DAYS.index(found[2][:3]), reading.today.weekday()
    return _offset(reading, 7 - today + wanted if found[1] == "next" else (wanted - today) % 7)


def _next_week(reading: _Reading, found: re.Match[str]) -> bool:
    return _offset(reading, 7)


def _set_duration(reading: _Reading, minutes: int) -> bool:
    if reading.duration is not None or not 0 < minutes <= 1440:
        return False
    reading.duration = minutes
    return True


def _minutes_long(reading: _Reading, found: re.Match[str]) -> bool:
    return _set_duration(reading, int(found[1]))


def _hours_long(reading: _Reading, found: re.Match[str]) -> bool:
    # "1.5h" is an hour and a half; "1h30" has its minutes after the h.
    part, whole = int(found[2] or 0) * 60, 10 ** len(found[2] or "")
    if part % whole:
        return False
    return _set_duration(reading, int(found[1]) * 60 + part // whole + int(found[3] or found[4] or 0))


def _set_time(reading: _Reading, hour: int, minute: int) -> bool:
    if reading.minutes is not None or hour > 23 or minute > 59:
        return False
    reading.minutes = hour * 60 + minute
    return True


def _twelve(reading: _Reading, found: re.Match[str]) -> bool:
    hour = int(found[1])
    if not 1 <= hour <= 12:
        return False
    return _set_time(reading, hour % 12 + (12 if found[3] == "p" else 0), int(found[2] or 0))


def _clock(reading: _Reading, found: re.Match[str]) -> bool:
    return _set_time(reading, int(found[1]), int(found[2]))


def _noon(reading: _Reading, found: re.Match[str]) -> bool:
    return _set_time(reading, 12, 0)


def _hour(reading: _Reading, found: re.Match[str]) -> bool:
    hour = int(found[2])
    # A bare number alone could be anything; beside a day, or after "at", it is an hour of work.
    if found[1] is None and reading.day is None:
        return False
    return _set_time(reading, hour + 12 if 1 <= hour <= 6 else hour, 0)


# In this order: what is unmistakable first, so that "24 nov 2pm" has no 24 left to be an hour.
_STEPS: tuple[tuple[re.Pattern[str], Callable[[_Reading, re.Match[str]], bool]], ...] = (
    (_pattern(r"(\d{4})-(\d{1,2})-(\d{1,2})"), _iso),
    (_pattern(rf"{_NUMBER_OF_DAY}\s*{_MONTH}\.?{_YEAR}"), _day_month),
    (_pattern(rf"{_MONTH}\.?\s*{_NUMBER_OF_DAY}{_YEAR}"), _month_day),
    (_pattern(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?"), _slashed),
    (_pattern(r"([+-])\s?(\d{1,4})\s?(d(?:ays?)?|w(?:eeks?)?)"), _ahead),
    (_pattern(r"(in)\s+(\d{1,4})\s?(d(?:ays?)?|w(?:eeks?|ks?)?)"), _ahead),
    (_pattern(r"next\s+(week)"), _next_week),
    (_pattern(rf"(?:(next|this|on)\s+)?{_DAY}"), _day_of_week),
    (_pattern(r"(today|tod|tomorrow|tomorow|tmrw?|tom|yesterday)"), _named),
    (_pattern(r"(?:at\s+|@\s?)?(\d{1,2})(?:[:.]?([0-5]\d))?\s?([ap])\.?(?:m\.?)?"), _twelve),
    (_pattern(r"(?:at\s+|@\s?)?(\d{1,2}):([0-5]\d)"), _clock),
    (_pattern(rf"(?:for\s+)?(\d{{1,2}})(?:\.(\d{{1,2}}))?\s?(?:h|hrs?|hours?){_ODD_MINUTES}"), _hours_long),
    (_pattern(r"(?:for\s+)?(\d{1,4})\s?(?:m|mins?|minutes?|')"), _minutes_long),
    (_pattern(r"(?:at\s+|@\s?)?(\d{1,2})\.([0-5]\d)"), _clock),
    (_pattern(r"(?:at\s+|@\s?)?([01]\d|2[0-3])([0-5]\d)"), _clock),
    (_pattern(r"(?:at\s+|@\s?)?(noon)"), _noon),
    (_pattern(r"(?:(at\s+|@\s?))?(\d{1,2})"), _hour),
)  # fmt: skip


def read_typed(text: str, today: date, *, day_first: bool = True) -> Typed | None:
    """What ``text`` means on the clinic date ``today``; None when nothing in it was understood.

    ``day_first``: ``3/11`` is 3 November, else 11 March. Times are wall times of the clinic.
    """
    if len(text) > MOST_TYPED:
        return None
    reading = _Reading(f" {text.casefold()} ", today, day_first)
    for pattern, use in _STEPS:
        reading.take(pattern, use)
    if reading.day is None and reading.minutes is None and reading.duration is None:
        return None
    unread = tuple(word for word in re.split(r"[\s,;]+", reading.text) if word)
    return Typed(reading.day, reading.minutes, reading.duration, unread)
