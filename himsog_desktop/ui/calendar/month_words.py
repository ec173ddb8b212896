"""The words of a day in the month: how many, how full, why closed. No Qt."""

from __future__ import annotations

from datetime import date

from himsog_desktop.domain.month import MonthCell
from himsog_desktop.ui.calendar.labels import Fact
from himsog_desktop.ui.models.words import day_words

LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def long_day(day: date) -> str:
    """``"Friday 20 November 2026"``."""
    return f"{LONG_DAYS[day.weekday()]} {day.day} {LONG_MONTHS[day.month - 1]} {day.year}"


def hours_words(minutes: int) -> str:
    """``"6 h 30"`` or ``"45 min"``."""
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h" + (f" {minutes % 60:02d}" if minutes % 60 else "")


def load_words(cell: MonthCell) -> str:
    """``"6 h 30 of 48 h booked (14 %)"``; closed with its reason; ``""`` where there is nothing to say."""
    if not cell.open:
        return f"Closed: {cell.note}" if cell.note else "Closed"
    share = round(100 * cell.booked / cell.open)
    return f"{hours_words(cell.booked)} of {hours_words(cell.open)} booked ({share} %)"


def count_words(cell: MonthCell) -> str:
    """``"18 appointments, 3 requested"``."""
    many = "No appointments" if not cell.standing else f"{cell.standing} appointment{'' if cell.standing == 1 else 's'}"
    return f"{many}, {cell.requested} requested" if cell.requested else many


def day_facts(cell: MonthCell) -> list[Fact]:
    """What a day has to tell."""
    day = date.fromisoformat(cell.day)
    found = [Fact("title", day_words(day)), Fact("state", count_words(cell)), Fact("fact", load_words(cell))]
    if cell.open > cell.booked:
        found.append(Fact("fact", f"{hours_words(cell.open - cell.booked)} free"))
    if cell.booked > cell.open and cell.standing:
        found.append(Fact("warning", "More is booked than the day is open."))
    return found
