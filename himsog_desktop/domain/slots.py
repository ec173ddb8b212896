"""Slots: which times of a provider can be booked, and every rule that blocks the others.

Source: contract, "Slots"; platform README ("A slot list for a day"); inventory AVL, POL-1, SVC-6.
A ``Diary`` is one provider's rules and busy times at one moment. It lists the grid day by day, and
judges any other stretch of time. Blocking rules are bits; words are made when somebody asks
(``domain.reasons``). Times inside are integers and searches are bisections, because 30 days with
2,000 appointments must take under 5 ms.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from himsog_desktop.domain.clinic import Break, Hours, Override, Provider
from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.openings import ONE_DAY, OpenBlock, Openings
from himsog_desktop.domain.reasons import explain
from himsog_desktop.domain.rules import Reason, Rule
from himsog_desktop.domain.time import DAY, MINUTE, Micros, Zone

_PAST = int(Rule.PAST)
_NOTICE = int(Rule.NOTICE)
_BREAK = int(Rule.BREAK)
_BUFFER = int(Rule.BUFFER)

WIDENED = Rule.BOOKED | Rule.BLOCKED_TIME | Rule.HELD | Rule.BUFFER
"""Kinds of busy time that a candidate's buffers must not meet. A room or a patient may follow on."""

BUSY_KINDS = (
    Rule.BOOKED,
    Rule.BLOCKED_TIME,
    Rule.HELD,
    Rule.BUFFER,
    Rule.RESOURCE_BUSY,
    Rule.PATIENT_BUSY,
)
"""What a ``Busy`` may be; BUFFER is the time that another appointment keeps free around itself."""


class Busy(NamedTuple):
    """A stretch that is taken; ``kind`` is one of ``BUSY_KINDS``, ``text`` names a block or a room.

    In a profile the caller adds an appointment's own buffers, as stretches of kind BUFFER beside it. Empty
    ones block nothing.
    """

    start: Micros
    end: Micros
    kind: Rule = Rule.BOOKED
    text: str = ""


class DayLimit(NamedTuple):
    """At most ``most`` active appointments that start on one clinic day; ``starts`` are theirs."""

    most: int
    starts: tuple[Micros, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class SlotRules:
    """What a provider's slots obey, without what is booked. Lengths in minutes.

    ``step`` None is the duration. Raises BadInput for a duration or step that is not positive and
    for other negative figures.
    """

    zone: Zone
    duration: int
    hours: tuple[Hours, ...] = ()
    overrides: tuple[Override, ...] = ()
    breaks: tuple[Break, ...] = ()
    step: int | None = None
    notice: int = 0
    buffer_before: int = 0
    buffer_after: int = 0
    max_per_day: int | None = None
    provider_active: bool = True

    def __post_init__(self) -> None:
        if self.duration < 1 or self.grid_step < 1:
            raise BadInput("bad_value", "A slot must last at least a minute, and so must its step.")
        if min(self.notice, self.buffer_before, self.buffer_after, self.max_per_day or 0) < 0:
            raise BadInput("bad_value", "Notice, buffers and the limit per day can't be negative.")

    @property
    def grid_step(self) -> int:
        """Minutes between the starts of two slots."""
        return self.duration if self.step is None else self.step


def rules_for(
    provider: Provider,
    clinic_id: str,
    zone: Zone,
    *,
    duration: int | None = None,
    step: int | None = None,
    buffer_before: int | None = None,
    buffer_after: int | None = None,
) -> SlotRules:
    """The rules of a provider at a clinic; what is None comes from the provider and its policy."""
    policy = provider.policy
    return SlotRules(
        zone=zone,
        duration=provider.slot_minutes if duration is None else duration,
        hours=tuple(h for h in provider.hours if h.clinic_id == clinic_id),
        overrides=provider.overrides,
        breaks=provider.breaks,
        step=step,
        notice=policy.notice_minutes,
        buffer_before=policy.buffer_before if buffer_before is None else buffer_before,
        buffer_after=policy.buffer_after if buffer_after is None else buffer_after,
        max_per_day=policy.max_per_day,
        provider_active=provider.bookable,
    )


class Slot(NamedTuple):
    """A stretch of a provider's time; ``blocked`` holds the bits of every ``Rule`` against it.

    Equal when provider, time and rules are; the diary only finds the words.
    """

    provider: str | None
    start: Micros
    end: Micros
    blocked: int
    diary: Diary

    @property
    def available(self) -> bool:
        """Whether no rule blocks it."""
        return not self.blocked

    @property
    def rules(self) -> Rule:
        """The rules that block it, as flags."""
        return Rule(self.blocked)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The rules that block it with plain words, in the order of ``Rule``."""
        return explain(self.diary, self) if self.blocked else ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Slot) and self[:4] == other[:4]

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self[:4])

    def __repr__(self) -> str:
        return f"Slot({self.provider!r}, {self.start}, {self.end}, {self.rules!r})"


class _Track(NamedTuple):
    """The busy times of one kind: all starts sorted, all ends sorted."""

    bit: int
    starts: list[Micros]
    ends: list[Micros]
    widened: bool

    def meets(self, start: Micros, end: Micros) -> bool:
        """Whether one overlaps the range: more have begun before its end than ended by its start."""
        return bisect_left(self.starts, end) > bisect_right(self.ends, start)


class Diary:
    """One provider's rules and busy times, as they stand at ``now``."""

    __slots__ = ("_tracks", "busy", "limits", "now", "openings", "provider", "rules")

    def __init__(
        self,
        rules: SlotRules,
        busy: Iterable[Busy] = (),
        *,
        now: Micros,
        provider: str | None = None,
        starts: Iterable[Micros] | None = None,
        limits: Iterable[DayLimit] = (),
    ) -> None:
        """``limits`` are further limits per day, such as a service's own.

        ``starts`` are those of active appointments, for ``max_per_day``: by default the starts of the
        booked busy times (pass them when those were widened by their own buffers).
        """
        self.rules = rules
        self.now = now
        self.provider = provider
        self.busy = tuple(busy)
        self.openings = Openings(rules.zone, rules.hours, rules.overrides, rules.breaks)
        self.limits = tuple(DayLimit(x.most, tuple(sorted(x.starts)), x.text) for x in limits)
        if rules.max_per_day is not None:
            if starts is None:
                starts = [b.start for b in self.busy if b.kind is Rule.BOOKED]
            self.limits = (DayLimit(rules.max_per_day, tuple(sorted(starts))), *self.limits)
        self._tracks = tuple(self._sorted_tracks())

    def _sorted_tracks(self) -> Iterator[_Track]:
        kinds: dict[Rule, list[Busy]] = {}
        for item in self.busy:
            if item.start < item.end:
                kinds.setdefault(item.kind, []).append(item)
        for kind, items in kinds.items():
            starts, ends = sorted([b.start for b in items]), sorted([b.end for b in items])
            yield _Track(int(kind), starts, ends, bool(kind & WIDENED))

    def slots(self, first: date, days: int = 1) -> list[Slot]:
        """The grid of the clinic days ``first`` and on: every slot that starts in them, in order.

        Closed times have no slots. A block that began the day before keeps its grid.
        """
        if days < 1:
            return []
        rules = self.rules
        blocks = self.openings.blocks(first, first + ONE_DAY * (days - 1), rules.duration * MINUTE)
        listed: list[Slot] = []
        for number in range(days if blocks else 0):
            self._list_day(first + ONE_DAY * number, blocks, listed)
        return listed

    def day(self, day: date) -> list[Slot]:
        """The grid of one clinic day."""
        return self.slots(day)

    def free(self, day: date) -> list[Slot]:
        """The slots of one clinic day that can be booked."""
        return [slot for slot in self.slots(day) if not slot.blocked]

    def _list_day(self, day: date, blocks: list[OpenBlock], listed: list[Slot]) -> None:
        rules = self.rules
        length, step = rules.duration * MINUTE, rules.grid_step * MINUTE
        now, soon = self.now, self.now + rules.notice * MINUTE
        before, after = rules.buffer_before * MINUTE, rules.buffer_after * MINUTE
        low, high = rules.zone.day_bounds(day)
        of_day = self._day_bits(low, high)
        provider, bisect_l, bisect_r = self.provider, bisect_left, bisect_right
        pauses = self._pauses(day, high + length)
        pause_starts, pause_ends = pauses.starts, pauses.ends
        # Only what can meet a slot of this day, so that the searches below stay short.
        tracks = [
            (bit, starts, ends, widened and (before > 0 or after > 0))
            for bit, starts, ends, widened in self._tracks
            if bisect_l(starts, high + length + after) > bisect_r(ends, low - before)
        ]
        for block in blocks:
            if block.end <= low:
                continue
            if block.start >= high:
                break
            anchor = low if block.anchor is None else block.anchor
            start = anchor if anchor >= low else anchor - (anchor - low) // step * step
            for begin in range(start, min(high, block.end - length + 1), step):
                end = begin + length
                bits = of_day
                if begin < soon:
                    bits |= _NOTICE
                if begin < now:
                    bits |= _PAST
                if pause_starts and bisect_l(pause_starts, end) > bisect_r(pause_ends, begin):
                    bits |= _BREAK
                for bit, starts, ends, widened in tracks:
                    begun, ended = bisect_l(starts, end), bisect_r(ends, begin)
                    if begun > ended:
                        bits |= bit
                    if widened and (
                        (ended and ends[ended - 1] > begin - before)
                        or (begun < len(starts) and starts[begun] < end + after)
                    ):
                        bits |= _BUFFER
                listed.append(Slot(provider, begin, end, bits, self))

    def _pauses(self, day: date, until: Micros) -> _Track:
        """The breaks that may meet a range that begins on ``day`` and ends by ``until``."""
        pauses = [*self.openings.pauses(day - ONE_DAY), *self.openings.pauses(day)]
        while self.openings.zone.day_bounds(day)[1] < until:
            day += ONE_DAY
            pauses += self.openings.pauses(day)
        return _Track(_BREAK, sorted([p.start for p in pauses]), sorted([p.end for p in pauses]), False)

    def _day_bits(self, low: Micros, high: Micros) -> int:
        """The rules that block every slot of a clinic day."""
        bits = 0 if self.rules.provider_active else int(Rule.PROVIDER_INACTIVE)
        if any(self.count(limit, low, high) >= limit.most for limit in self.limits):
            bits |= int(Rule.MAX_PER_DAY)
        return bits

    @staticmethod
    def count(limit: DayLimit, low: Micros, high: Micros) -> int:
        """How many of a limit's appointments start in the range."""
        return bisect_left(limit.starts, high) - bisect_left(limit.starts, low)

    def why(self, start: Micros, end: Micros) -> Slot:
        """Judge any stretch, on the grid or not: a slot with every rule that blocks it.

        Raises BadInput when it does not end after its start or lasts longer than a week.
        """
        if end <= start:
            raise BadInput("bad_value", "The end must be after the start.")
        if end - start > 7 * DAY:
            raise BadInput("bad_value", "An appointment can't last longer than a week.")
        rules = self.rules
        before, after = rules.buffer_before * MINUTE, rules.buffer_after * MINUTE
        day = rules.zone.date_of(start)
        bits = self._day_bits(*rules.zone.day_bounds(day))
        if start < self.now:
            bits |= _PAST
        if start < self.now + rules.notice * MINUTE:
            bits |= _NOTICE
        for shut in self.openings.shut(start, end):
            bits |= int(shut.rule)
        if self._pauses(day, end).meets(start, end):
            bits |= _BREAK
        for track in self._tracks:
            if track.meets(start, end):
                bits |= track.bit
            # A busy time is met through the buffers only when it lies wholly beside the stretch.
            if track.widened:
                ended, begun = bisect_right(track.ends, start), bisect_left(track.starts, end)
                if before and ended and track.ends[ended - 1] > start - before:
                    bits |= _BUFFER
                if after and begun < len(track.starts) and track.starts[begun] < end + after:
                    bits |= _BUFFER
        return Slot(self.provider, start, end, bits, self)
