"""Slots worked out the slow way: minute by minute, by scanning clocks, without the code under test.

Everything is sets and loops over whole minutes since the epoch. Written from the contract's "Slots".
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from himsog_desktop.domain.clinic import OverrideKind
from himsog_desktop.domain.rules import Rule
from himsog_desktop.domain.slots import Busy, SlotRules

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = 60_000_000


@lru_cache(maxsize=64)
def _clock(name: str, middle: date, margin: int) -> tuple[int, list[datetime]]:
    """What the wall clock shows, minute by minute; the first minute's number."""
    info = ZoneInfo(name)
    noon = datetime(middle.year, middle.month, middle.day, 12, tzinfo=UTC)
    low = int((noon - timedelta(days=margin + 2) - EPOCH).total_seconds() // 60)
    count = (2 * margin + 4) * 1440
    return low, [(EPOCH + timedelta(minutes=low + i)).astimezone(info).replace(tzinfo=None) for i in range(count)]


class Oracle:
    """The rules of ``SlotRules`` applied to a window of days around ``middle``."""

    def __init__(self, rules: SlotRules, busy: list[Busy], now: int, middle: date, margin: int = 4) -> None:
        self.rules, self.busy, self.now = rules, [b for b in busy if b.start < b.end], now
        self.low, self.wall = _clock(rules.zone.name, middle, margin)
        self.days = [middle + timedelta(days=i) for i in range(-margin, margin + 1)]
        self.usual: dict[int, set[date]] = {}
        self.base: dict[int, set[date]] = {}
        self.breaks: set[int] = set()
        self.open: set[int] = set()
        self.taken: dict[int, set[Rule]] = {}
        self.replaced: dict[date, set[Rule]] = {}
        for day in self.days:
            self._open_day(day)

    def instant(self, day: date, minutes: int) -> int:
        """The first minute with that wall time; if DST skips it, as long after as it is into the gap."""
        wanted = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)
        for i, wall in enumerate(self.wall):
            if wall == wanted:
                return self.low + i
        for i, wall in enumerate(self.wall):
            if wall > wanted:
                would_be = self.wall[i - 1] + timedelta(minutes=1)
                return self.low + i + int((wanted - would_be).total_seconds() // 60)
        raise AssertionError("outside the window")

    def span(self, day: date, start: int, end: int) -> range:
        return range(self.instant(day, start), self.instant(day, end))

    def _open_day(self, day: date) -> None:
        number = day.isoweekday() % 7
        usual = {m for h in self.rules.hours if h.day == number for m in self.span(day, h.start, h.end)}
        mine = [o for o in self.rules.overrides if o.date == str(day)]
        given = [o for o in mine if o.available and o.start is not None]
        base = {m for o in given for m in self.span(day, o.start, o.end)} if given else usual
        kinds = {OverrideKind.VACATION: Rule.VACATION, OverrideKind.HOLIDAY: Rule.HOLIDAY}
        self.replaced[day] = {kinds.get(o.kind, Rule.OVERRIDE) for o in given}
        closed: set[int] = set()
        for o in mine:
            if not o.available:
                part = set(self.span(day, 0, 1440) if o.start is None else self.span(day, o.start, o.end))
                closed |= part
                for m in part:
                    self.taken.setdefault(m, set()).add(kinds.get(o.kind, Rule.OVERRIDE))
        for m in usual:
            self.usual.setdefault(m, set()).add(day)
        for m in base:
            self.base.setdefault(m, set()).add(day)
        self.open |= base - closed
        self.breaks |= {m for b in self.rules.breaks if b.day == number for m in self.span(day, b.start, b.end)}

    def day_of(self, minute: int) -> date:
        return self.wall[minute - self.low].date()

    def _hits(self, start: int, end: int, busy: Busy) -> bool:
        return any(busy.start < (m + 1) * MINUTE and m * MINUTE < busy.end for m in range(start, end))

    def rules_of(self, start: int, end: int) -> Rule:
        """Every rule against the minutes ``start`` to ``end``."""
        rules, found = self.rules, Rule(0)
        for m in range(start, end):
            if m not in self.open:
                day = self.day_of(m)
                for rule in self.taken.get(m, ()):
                    found |= rule
                if day not in self.base.get(m, ()):
                    if day in self.usual.get(m, ()):
                        for rule in self.replaced[day]:
                            found |= rule
                    else:
                        found |= Rule.CLOSED
            if m in self.breaks:
                found |= Rule.BREAK
        if start * MINUTE < self.now:
            found |= Rule.PAST
        if start * MINUTE < self.now + rules.notice * MINUTE:
            found |= Rule.NOTICE
        for b in self.busy:
            if self._hits(start, end, b):
                found |= b.kind
            elif b.kind in (Rule.BOOKED, Rule.BLOCKED_TIME, Rule.HELD, Rule.BUFFER) and self._hits(
                start - rules.buffer_before, end + rules.buffer_after, b
            ):
                found |= Rule.BUFFER
        if rules.max_per_day is not None:
            day = self.day_of(start)
            that_day = [b for b in self.busy if b.kind == Rule.BOOKED and self.day_of(b.start // MINUTE) == day]
            if len(that_day) >= rules.max_per_day:
                found |= Rule.MAX_PER_DAY
        if not rules.provider_active:
            found |= Rule.PROVIDER_INACTIVE
        return found

    def grid(self, day: date) -> list[tuple[int, int]]:
        """The listed slots that start on ``day``, as minutes."""
        listed = []
        for m in sorted(self.open):
            if m - 1 in self.open:
                continue
            end = m
            while end in self.open:
                end += 1
            start = m
            while start + self.rules.duration <= end:
                if self.day_of(start) == day:
                    listed.append((start, start + self.rules.duration))
                start += self.rules.grid_step
        return listed
