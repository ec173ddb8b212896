"""Days, times, ages and counts as the papers write them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from himsog_desktop.domain.time import MINUTE, Micros, Zone
from himsog_desktop.interchange.pdf_rows import ACTIVE, STATES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from himsog_desktop.interchange.pdf_rows import PrintRow

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def long_day(day: date) -> str:
    """``"Friday 20 November 2026"``."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    """``"20 Nov 2026"``."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def weekday_day(day: date) -> str:
    """``"Fri 20 Nov 2026"``."""
    return f"{_DAYS[day.weekday()][:3]} {short_day(day)}"


def wall(minutes: int, hour12: bool = False) -> str:
    """``"09:30"`` or ``"9:30 AM"`` of minutes of the day."""
    hours, rest = divmod(minutes, 60)
    if not hour12:
        return f"{hours:02d}:{rest:02d}"
    return f"{(hours + 11) % 12 + 1}:{rest:02d} {'AM' if hours < 12 else 'PM'}"


def time_of(zone: Zone, instant: Micros, hour12: bool = False) -> str:
    """The wall time of an instant."""
    return wall(zone.minutes_of(instant), hour12)


def range_of(zone: Zone, day: date, start: Micros, end: Micros, hour12: bool = False) -> str:
    """``"09:00–09:30"``; a start or an end on another day says which: ``"Thu 23:00–01:00"``, ``"22:00–Sat 06:00"``.

    The midnight that ends the day is ``24:00``.
    """

    def said(instant: Micros, *, ends: bool) -> str:
        there = zone.date_of(instant)
        if ends and instant == zone.day_bounds(day)[1]:
            return "24:00" if not hour12 else "12:00 AM"
        before = "" if there == day else f"{_DAYS[there.weekday()][:3]} "
        return before + time_of(zone, instant, hour12)

    first, last = said(start, ends=False), said(end, ends=True)
    if hour12 and first[-3:] == last[-3:] and " " not in first[:-3]:
        first = first[:-3]
    return f"{first}–{last}"


def birth_words(birth_date: str | None, day: date) -> str:
    """``"12 Mar 1984, 42 y"``: born, and how old on the day; months under two years. Nonsense is left out."""
    try:
        born = date.fromisoformat(birth_date or "")
    except ValueError:
        return ""
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    if months < 0:
        return short_day(born)
    age = f"{months // 12} y" if months >= 24 else f"{months} mo"
    return f"{short_day(born)}, {age}"


def length_words(length: Micros) -> str:
    """``"6 h 30 min"``."""
    hours, minutes = divmod(length // MINUTE, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def counted(number: int, one: str, many: str | None = None) -> str:
    """``"1 appointment"``, ``"2 appointments"``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def states_counted(statuses: Iterable[str]) -> str:
    """``"2 requested, 9 confirmed, 1 no-show"``: every state that there is."""
    found = Counter(statuses)
    return ", ".join(f"{found[status]:,} {word.lower()}" for status, word in STATES.items() if found[status])


def totals(rows: Iterable[PrintRow]) -> str:
    """``"12 appointments: 2 requested, 10 confirmed. 6 h booked."``."""
    listed = list(rows)
    if not listed:
        return "No appointments."
    booked = sum(row.end - row.start for row in listed if row.status in ACTIVE or row.status == "COMPLETED")
    states = states_counted(row.status for row in listed)
    return f"{counted(len(listed), 'appointment')}: {states}. {length_words(booked)} booked or done."
