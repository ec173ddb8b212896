"""Finding free slots: the next ones over several providers, and alternatives to a refused one.

Days are asked for one at a time, so that an answer that lies near costs little (contract,
``next-available``; design, section 4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import StrEnum

from himsog_desktop.domain.openings import ONE_DAY
from himsog_desktop.domain.slots import Slot
from himsog_desktop.domain.time import Micros, Zone

DaySlots = Callable[[date], Iterable[Slot]]
"""The slots of one provider that start on a clinic day, in order of time; ``Diary.day`` is one."""

HORIZON_DAYS = 60
"""How far ahead is looked unless told otherwise."""

ALTERNATIVES = 3
"""How many other times a refusal offers."""

_NOON, _EVENING = 12 * 60, 17 * 60


class PartOfDay(StrEnum):
    """Part of the clinic's day by when a slot starts: before 12:00, before 17:00, from 17:00."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


def part_of(minutes: int) -> PartOfDay:
    """The part of the day of a wall time in minutes."""
    if minutes < _NOON:
        return PartOfDay.MORNING
    return PartOfDay.AFTERNOON if minutes < _EVENING else PartOfDay.EVENING


def next_available(
    providers: Sequence[DaySlots],
    first: date,
    zone: Zone,
    *,
    part: PartOfDay | None = None,
    count: int = 1,
    days: int = HORIZON_DAYS,
    since: Micros | None = None,
) -> list[Slot]:
    """The first ``count`` free slots from the clinic date ``first`` on, at most ``days`` days ahead.

    Earliest first; at the same time in the order of ``providers``. ``since`` leaves out what starts
    before that instant. Fewer are found when the horizon ends first.
    """
    found: list[Slot] = []
    for number in range(days):
        if len(found) >= count:
            break
        day = first + ONE_DAY * number
        free = [
            slot
            for slots in providers
            for slot in slots(day)
            if slot.available
            and (since is None or slot.start >= since)
            and (part is None or part_of(zone.minutes_of(slot.start)) is part)
        ]
        # A stable sort: at the same time the order of the providers stays.
        found.extend(sorted(free, key=lambda slot: slot.start))
    return found[: max(count, 0)]


def alternatives(
    wanted: Micros,
    provider: DaySlots,
    zone: Zone,
    *,
    others: Sequence[DaySlots] = (),
    count: int = ALTERNATIVES,
    days: int = HORIZON_DAYS,
) -> tuple[Slot, ...]:
    """Other times for a booking that was refused: the nearest free slots at or after ``wanted``.

    The same provider's first; only what is then missing comes from ``others``.
    """
    first = zone.date_of(wanted)
    found = next_available([provider], first, zone, count=count, days=days, since=wanted)
    if len(found) < count and others:
        found += next_available(others, first, zone, count=count - len(found), days=days, since=wanted)
    return tuple(found)
