"""Dates as screens write them. In the first paint: light."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def week_words(first: date, last: date) -> str:
    """``"16–22 Nov 2026"``, ``"30 Nov – 6 Dec 2026"``."""
    end = f"{last.day} {_MONTHS[last.month - 1]} {last.year}"
    if first.month == last.month:
        return f"{first.day}–{end}"
    year = f" {first.year}" if first.year != last.year else ""
    return f"{first.day} {_MONTHS[first.month - 1]}{year} – {end}"


def short_day(day: date, *, year: bool = False) -> str:
    """``"Fri 20 Nov"``; with the year, ``"20 Nov 2025"``."""
    month = _MONTHS[day.month - 1]
    return f"{day.day} {month} {day.year}" if year else f"{_DAYS[day.weekday()]} {day.day} {month}"


def day_words(day: date) -> str:
    """``"Fri 20 Nov 2026"``: with the weekday, in the order that no two countries read differently."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"
