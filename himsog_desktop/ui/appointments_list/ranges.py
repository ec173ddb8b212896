"""Stretches of days for what is over: those that have a name, and what people type. No Qt (APT-17)."""

from __future__ import annotations

import re
from datetime import date, timedelta

from himsog_desktop.domain.quickparse import read_typed

TODAY, THIS_WEEK, NEXT_7, NEXT_30, LAST_30, THIS_MONTH, LAST_MONTH, ALL, CUSTOM = (
    "today", "this_week", "next_7", "next_30", "last_30", "this_month", "last_month", "all", "custom",
)  # fmt: skip
PRESETS = (
    (TODAY, "Today"),
    (THIS_WEEK, "This week"),
    (NEXT_7, "Next 7 days"),
    (NEXT_30, "Next 30 days"),
    (LAST_30, "Last 30 days"),
    (THIS_MONTH, "This month"),
    (LAST_MONTH, "Last month"),
    (ALL, "All dates"),
)
USUAL = THIS_WEEK
_BETWEEN = re.compile(r"\s+(?:to|until|till)\s+|\s*(?:–|—|\.\.)\s*|\s+-\s+", re.IGNORECASE)
_HALF_A_YEAR = 183

Days = tuple[date | None, date | None]


def days_of(preset: str, today: date) -> Days:
    """First and last day of a stretch, both included; (None, None) is all. Weeks begin on Monday."""
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    month_end = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    before = first - timedelta(days=1)
    found: dict[str, Days] = {
        TODAY: (today, today),
        THIS_WEEK: (monday, monday + timedelta(days=6)),
        NEXT_7: (today, today + timedelta(days=6)),
        NEXT_30: (today, today + timedelta(days=29)),
        LAST_30: (today - timedelta(days=29), today),
        THIS_MONTH: (first, month_end),
        LAST_MONTH: (before.replace(day=1), before),
    }
    return found.get(preset, (None, None))


def typed_days(text: str, today: date) -> tuple[date, date] | None:
    """``"24 nov"``, ``"1 nov to 24 nov"``, ``"mon - fri"``: the days meant, None when it is no such thing.

    A date without a year is the nearest one: lists look back as well as ahead.
    """
    parts = _BETWEEN.split(text.strip())
    if not 1 <= len(parts) <= 2:
        return None
    found = []
    for part in parts:
        read = read_typed(part, today)
        if read is None or read.day is None or not read.complete or read.minutes is not None:
            return None
        day = read.day
        if (day - today).days > _HALF_A_YEAR and not re.search(r"\d{4}", part):
            day = _a_year_before(day)
        found.append(day)
    first, last = found[0], found[-1]
    return (first, last) if first <= last else None


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
