"""When a provider is open: usual hours, overrides and breaks of the clinic's wall clock as instants.

Source: contract, "Slots"; inventory AVL-1, 2, 4, 9. Available overrides replace a date's hours;
unavailable ones close the day, or with times take that part out. Open times that touch are one
block, also across midnight, because the grid of slots is anchored at a block's start.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from himsog_desktop.domain.clinic import Break, Hours, Override, OverrideKind
from himsog_desktop.domain.rules import Rule
from himsog_desktop.domain.stretches import Stretch, clip, cut, meets, merge
from himsog_desktop.domain.time import DAY, MINUTES_A_DAY, Micros, Zone, weekday

ONE_DAY = timedelta(days=1)

_RULE_OF_KIND = {OverrideKind.VACATION: Rule.VACATION, OverrideKind.HOLIDAY: Rule.HOLIDAY}


class OpenBlock(NamedTuple):
    """A stretch without a gap. ``anchor`` is where it really begins and its grid starts.

    ``start`` may lie after the anchor (only as far back as was asked for). ``anchor`` is None for a
    provider who has been open for ever: then every clinic day starts its own grid at midnight.
    """

    start: Micros
    end: Micros
    anchor: Micros | None


class Pause(NamedTuple):
    """A break of one date."""

    start: Micros
    end: Micros
    name: str


class Shut(NamedTuple):
    """Why part of a date is not open: the rule, the date and, unless usual hours, the override."""

    rule: Rule
    day: date
    override: Override | None


def rule_of(override: Override) -> Rule:
    """The rule that names what an override took away: vacation, holiday, or override."""
    return _RULE_OF_KIND.get(override.kind, Rule.OVERRIDE)


class Openings:
    """Open times and breaks of one provider at one clinic, by date. Remembers what it worked out."""

    __slots__ = ("_always", "_breaks", "_hours", "_open", "_overridden", "_overrides", "_pauses", "zone")

    def __init__(
        self,
        zone: Zone,
        hours: Iterable[Hours],
        overrides: Iterable[Override] = (),
        breaks: Iterable[Break] = (),
    ) -> None:
        """``hours`` must be those of one clinic."""
        self.zone = zone
        self._hours: list[list[tuple[int, int]]] = [[] for _ in range(7)]
        for item in hours:
            self._hours[item.day].append((item.start, item.end))
        self._breaks: list[list[Break]] = [[] for _ in range(7)]
        for pause in breaks:
            self._breaks[pause.day].append(pause)
        self._overrides: dict[str, list[Override]] = {}
        for override in overrides:
            self._overrides.setdefault(override.date, []).append(override)
        self._overridden = sorted(self._overrides)
        self._always = all(merge(minutes) == [(0, MINUTES_A_DAY)] for minutes in self._hours)
        self._open: dict[date, tuple[Stretch, ...]] = {}
        self._pauses: dict[date, tuple[Pause, ...]] = {}

    def _stretch(self, day: date, start: int, end: int) -> Stretch:
        # May come out empty or turned round where DST skips part of it; merge and cut drop those.
        return self.zone.instant(day, start), self.zone.instant(day, end)

    def _taken(self, day: date, override: Override) -> Stretch:
        """What an unavailable override takes out of its date."""
        start, end = override.start, override.end
        if start is None and end is None:
            return self.zone.day_bounds(day)
        return self._stretch(day, start or 0, MINUTES_A_DAY if end is None else end)

    def overrides(self, day: date) -> tuple[Override, ...]:
        """The overrides of a date."""
        return tuple(self._overrides.get(day.isoformat(), ()))

    def usual(self, day: date) -> list[Stretch]:
        """The usual hours of a date, as if there were no overrides."""
        return merge(self._stretch(day, start, end) for start, end in self._hours[weekday(day)])

    def _base(self, day: date) -> list[Stretch]:
        """The date's hours before unavailable overrides take anything out."""
        # An available override without times says nothing about hours, so the usual ones stay.
        opened = [
            self._stretch(day, o.start, o.end)
            for o in self._overrides.get(day.isoformat(), ())
            if o.available and o.start is not None and o.end is not None
        ]
        return merge(opened) if opened else self.usual(day)

    def own(self, day: date) -> tuple[Stretch, ...]:
        """The open stretches that a date's own rules give, sorted and merged within the date."""
        known = self._open.get(day)
        if known is None:
            base = self._base(day)
            overrides = self._overrides.get(day.isoformat(), ())
            known = tuple(cut(base, [self._taken(day, o) for o in overrides if not o.available]))
            self._open[day] = known
        return known

    def open(self, day: date) -> tuple[Stretch, ...]:
        """What is open between the bounds of a clinic day, sorted and merged."""
        start, end = self.zone.day_bounds(day)
        # The eve counts: where DST skips the hour before midnight its hours may run past it.
        return tuple(clip(merge([*self.own(day - ONE_DAY), *self.own(day)]), start, end))

    def pauses(self, day: date) -> tuple[Pause, ...]:
        """The breaks of a date in order of time."""
        known = self._pauses.get(day)
        if known is None:
            made = [Pause(*self._stretch(day, b.start, b.end), b.name) for b in self._breaks[weekday(day)]]
            known = tuple(sorted(p for p in made if p.start < p.end))
            self._pauses[day] = known
        return known

    def blocks(self, first: date, last: date, reach: Micros = 0) -> list[OpenBlock]:
        """The merged blocks that meet the clinic days ``first`` to ``last``, in order.

        A block's end is right up to ``reach`` after the last day, its anchor is always right.
        """
        day, stop = first - ONE_DAY, last + ONE_DAY * (1 + -(-reach // DAY))
        stretches: list[Stretch] = []
        while day <= stop:
            stretches.extend(self.own(day))
            day += ONE_DAY
        begin, end = self.zone.day_bounds(first)[0], self.zone.day_bounds(last)[1]
        return [
            OpenBlock(a, b, self._anchor(a, first - ONE_DAY) if a < begin else a)
            for a, b in merge(stretches)
            if a < end and b > begin
        ]

    def _anchor(self, start: Micros, day: date) -> Micros | None:
        """Where the block really begins whose part of ``day`` begins at ``start``; None: never."""
        while True:
            day -= ONE_DAY
            if self._always and day.isoformat() not in self._overrides:
                # Nothing but an override can interrupt a week without gaps: go to the one before.
                index = bisect_left(self._overridden, day.isoformat())
                if index == 0:
                    return None
                day = date.fromisoformat(self._overridden[index - 1])
                start = self.zone.day_bounds(day)[1]
            own = self.own(day)
            if not own or own[-1][1] < start:
                return start
            start = own[-1][0]

    def shut(self, start: Micros, end: Micros) -> list[Shut]:
        """Everything that keeps part of the range from being open, each rule and override once.

        Outside the usual hours is ``closed``; what an override took from them is ``vacation``,
        ``holiday`` or ``override``. A date that is closed twice over is named twice.
        """
        day, last = self.zone.date_of(start), self.zone.date_of(end - 1)
        found: list[Shut] = []
        while day <= last:
            low, high = self.zone.day_bounds(day)
            gaps = cut(clip([(start, end)], low, high), self.open(day))
            if gaps:
                found.extend(s for s in self._shut_of(day, gaps) if s not in found)
            day += ONE_DAY
        return found

    def _shut_of(self, day: date, gaps: list[Stretch]) -> Iterable[Shut]:
        usual = self.usual(day)
        outside = cut(gaps, self._base(day))
        if cut(outside, usual):
            yield Shut(Rule.CLOSED, day, None)
        replaced = any(meets(usual, *gap) for gap in outside)
        for override in self.overrides(day):
            if override.available:
                if replaced and override.start is not None and override.end is not None:
                    yield Shut(rule_of(override), day, override)
            else:
                taken = self._taken(day, override)
                if taken[0] < taken[1] and any(meets([taken], *gap) for gap in gaps):
                    yield Shut(rule_of(override), day, override)
