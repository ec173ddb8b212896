"""The clinic's month as a screen paints it: figures by SQL, of each day only the rows that can be seen.

An appointment is no object here unless its row is shown: a month of 4,000 is read as 42 sums and a few
hundred tiles.
"""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from himsog_desktop.domain.month import MonthCell, MonthPage, days_of, first_of
from himsog_desktop.domain.openings import Openings
from himsog_desktop.domain.stretches import clip, cut, meets, merge
from himsog_desktop.domain.time import DAY, MINUTE
from himsog_desktop.services.reach import seen_providers
from himsog_desktop.storage import hot, load
from himsog_desktop.storage.connection import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from himsog_desktop.domain.clinic import Provider
    from himsog_desktop.domain.stretches import Stretch
    from himsog_desktop.domain.time import Micros, Zone
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.storage.connection import Raw


def month_page(desk: Desk, month: date, hidden: Iterable[str] = (), limit: int = 8) -> MonthPage:
    """The 42 days that show a month; of each the first ``limit`` appointments.

    ``hidden`` are ids of providers who are left out. Raises NoAccess for a role that sees no patients.
    """
    first = first_of(month)
    with snapshot(desk.reader):
        shown = shown_providers(desk, hidden)
        found = _cells(desk, days_of(first), shown, limit)
    return MonthPage(first.isoformat(), desk.zone.name, tuple(found), {p.id: p.name for p in shown}, limit)


def month_cells(desk: Desk, days: Sequence[date], hidden: Iterable[str] = (), limit: int = 8) -> list[MonthCell]:
    """The cells of these days only: what a change set names. Raises as ``month_page`` does."""
    with snapshot(desk.reader):
        return _cells(desk, days, shown_providers(desk, hidden), limit)


def shown_providers(desk: Desk, hidden: Iterable[str]) -> list[Provider]:
    """Whose appointments this person sees and has not hidden, in the order of their columns."""
    out, only = frozenset(hidden), seen_providers(desk)
    everybody = load.providers(desk.reader, desk.clinic.id)
    return [p for p in everybody if p.id not in out and (only is None or p.id in only)]


def open_minutes(desk: Desk, shown: Sequence[Provider], days: Sequence[date]) -> list[tuple[int, str]]:
    """For each day how many minutes these providers are open in all, and why none of them is."""
    zone = desk.zone
    bounds = [zone.day_bounds(day) for day in days]
    blocked = _blocks(desk.reader, min(low for low, _ in bounds), max(high for _, high in bounds))
    hours = [_hours(p, desk.clinic.id, zone) for p in shown if p.bookable]
    dates = [(day, day.isoformat(), day.weekday(), low, high) for day, (low, high) in zip(days, bounds, strict=True)]
    minutes = [0] * len(days)
    for one in hours:
        own = blocked.get(one.id, ())
        for number, (day, iso, weekday, low, high) in enumerate(dates):
            known = None if iso in one.special or high - low != DAY else one.plain.get(weekday)
            if known is None or (own and meets(own, low, high)):
                minutes[number] += one.minutes(day, iso, low, high, own)
            else:
                minutes[number] += known
    return [(opened, "" if opened else _why_closed(hours, day)) for day, opened in zip(days, minutes, strict=True)]


def _cells(desk: Desk, days: Sequence[date], shown: Sequence[Provider], limit: int) -> list[MonthCell]:
    raw, zone = desk.reader, desk.zone
    bounds = [zone.day_bounds(day) for day in days]
    ids = json.dumps([p.id for p in shown])
    sums = hot.loads(raw, bounds, ids)
    opened = open_minutes(desk, shown, days)
    found = []
    for number, (day, (low, high)) in enumerate(zip(days, bounds, strict=True)):
        count, requested, length = sums.get(number, (0, 0, 0))
        rows = hot.first_of_day(raw, low, high, ids, limit) if count else ()
        found.append(MonthCell(day.isoformat(), low, high, count, requested, length // MINUTE, *opened[number], rows))
    return found


def _blocks(raw: Raw, low: Micros, high: Micros) -> dict[str, list[Stretch]]:
    found: dict[str, list[Stretch]] = {}
    for provider, start, end, _title in hot.blocks_of_all(raw, low, high):
        found.setdefault(provider, []).append((start, end))
    return found


def _why_closed(hours: Sequence[_Hours], day: date) -> str:
    """The reason that all who would work share, as of a holiday; of nobody in particular when they differ."""
    reasons = {reason for reason in (one.reason(day) for one in hours) if reason is not None}
    return reasons.pop() if len(reasons) == 1 else ""


@lru_cache(maxsize=64)
def _hours(provider: Provider, clinic_id: str, zone: Zone) -> _Hours:
    """The same provider's hours are worked out once, whichever month is read."""
    return _Hours(provider, clinic_id, zone)


class _Hours:
    """How long one provider is open on a day: plain weekdays by heart, all others in full."""

    def __init__(self, provider: Provider, clinic_id: str, zone: Zone) -> None:
        self.id = provider.id
        mine = [h for h in provider.hours if h.clinic_id == clinic_id]
        self._openings = Openings(zone, mine, provider.overrides, provider.breaks)
        self.special = {override.date for override in provider.overrides}
        self.plain: dict[int, int] = {}

    def minutes(self, day: date, iso: str, low: Micros, high: Micros, blocked: Sequence[Stretch]) -> int:
        """Minutes that can be booked or are."""
        pauses: list[Stretch] = [(pause.start, pause.end) for pause in self._openings.pauses(day)]
        holes = merge([*pauses, *clip(blocked, low, high)])
        left = cut(clip(self._openings.own(day), low, high), holes)
        found = sum(end - start for start, end in left) // MINUTE
        if iso not in self.special and high - low == DAY and not meets(blocked, low, high):
            self.plain[day.weekday()] = found
        return found

    def reason(self, day: date) -> str | None:
        """Why the whole day is off, ``""`` for no reason; None where the day is simply none of hers."""
        for override in self._openings.overrides(day):
            if not override.available and override.start is None and override.end is None:
                return override.reason or override.kind.value.replace("_", " ").capitalize()
        return "" if self._openings.usual(day) else None
