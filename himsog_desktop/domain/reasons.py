"""The plain words of the rules that block a slot, made only for the slots that somebody looks at.

The platform's words are kept where they fit: "Break time", "Already booked", "Past time".
Times in the words are the clinic's wall clock. No patient is ever named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from himsog_desktop.domain.clinic import Override, OverrideKind
from himsog_desktop.domain.openings import ONE_DAY
from himsog_desktop.domain.rules import Reason, Rule
from himsog_desktop.domain.time import Micros, Zone

if TYPE_CHECKING:
    from himsog_desktop.domain.slots import Diary, Slot

_KIND_WORDS = {
    OverrideKind.VACATION: "On vacation",
    OverrideKind.HOLIDAY: "Holiday",
    OverrideKind.SICK_LEAVE: "On sick leave",
    OverrideKind.CONFERENCE: "At a conference",
    OverrideKind.CUSTOM_HOURS: "Other hours on this date",
    OverrideKind.BLOCKED: "Blocked on this date",
}


def minutes_in_words(minutes: int) -> str:
    """``60 minutes``, ``24 hours``, ``3 days``: the largest unit that counts at least two."""
    for size, unit in ((1440, "days"), (60, "hours")):
        if minutes >= 2 * size and minutes % size == 0:
            return f"{minutes // size} {unit}"
    return f"{minutes} minute" if minutes == 1 else f"{minutes} minutes"


def override_in_words(override: Override) -> str:
    """What an override is, with its reason when it has one: ``Holiday: Christmas Day``."""
    return _with(_KIND_WORDS[override.kind], [override.reason or ""])


def clock(zone: Zone, instant: Micros) -> str:
    """``HH:MM`` of an instant in the clinic's zone."""
    return f"{zone.wall(instant):%H:%M}"


def explain(diary: Diary, slot: Slot) -> tuple[Reason, ...]:
    """Every rule that blocks the slot with its words, in the order of ``Rule``."""
    return tuple(Reason(rule.word, _WORDS[rule](diary, slot)) for rule in Rule if slot.blocked & rule)


def _with(words: str, names: Iterable[str]) -> str:
    named = ", ".join(dict.fromkeys(name for name in names if name))
    return f"{words}: {named}" if named else words


def _notice(diary: Diary, slot: Slot) -> str:
    if not diary.rules.notice:
        return "Starts before now"
    return f"Starts before the minimum notice of {minutes_in_words(diary.rules.notice)}"


def _closed(diary: Diary, slot: Slot) -> str:
    zone = diary.rules.zone
    day = zone.date_of(slot.start)
    hours = ", ".join(f"{clock(zone, a)}–{clock(zone, b)}" for a, b in diary.openings.usual(day))
    return f"Closed: usual hours are {hours}" if hours else "Closed"


def _shut(rule: Rule) -> Callable[[Diary, Slot], str]:
    def words(diary: Diary, slot: Slot) -> str:
        shut = diary.openings.shut(slot.start, slot.end)
        return "; ".join(override_in_words(s.override) for s in shut if s.rule == rule and s.override)

    return words


def _break(diary: Diary, slot: Slot) -> str:
    zone = diary.rules.zone
    day, last, names = zone.date_of(slot.start) - ONE_DAY, zone.date_of(slot.end), []
    while day <= last:
        names += [p.name for p in diary.openings.pauses(day) if p.start < slot.end and slot.start < p.end]
        day += ONE_DAY
    return _with("Break time", names)


def _busy(rule: Rule, words: str) -> Callable[[Diary, Slot], str]:
    def named(diary: Diary, slot: Slot) -> str:
        met = (b for b in diary.busy if b.kind == rule and b.start < slot.end and slot.start < b.end)
        return _with(words, (b.text for b in met if b.start < b.end))

    return named


def _buffer(diary: Diary, slot: Slot) -> str:
    before, after = diary.rules.buffer_before, diary.rules.buffer_after
    parts = [
        f"{minutes_in_words(minutes)} {side}" for minutes, side in ((before, "before"), (after, "after")) if minutes
    ]
    if not parts:
        return "Too close to another appointment, which keeps time free around it"
    return f"Too close to another time that is taken: keep {' and '.join(parts)} free"


def _max_per_day(diary: Diary, slot: Slot) -> str:
    bounds = diary.rules.zone.day_bounds(diary.rules.zone.date_of(slot.start))
    full = [x for x in diary.limits if diary.count(x, *bounds) >= x.most]
    words = [f"{x.most} a day" + (f" for {x.text}" if x.text else "") for x in full]
    return f"The day is full: at most {', '.join(words)}"


def _fixed(words: str) -> Callable[[Diary, Slot], str]:
    return lambda diary, slot: words


_WORDS: dict[Rule, Callable[[Diary, Slot], str]] = {
    Rule.PAST: _fixed("Past time"),
    Rule.NOTICE: _notice,
    Rule.CLOSED: _closed,
    Rule.OVERRIDE: _shut(Rule.OVERRIDE),
    Rule.VACATION: _shut(Rule.VACATION),
    Rule.HOLIDAY: _shut(Rule.HOLIDAY),
    Rule.BREAK: _break,
    Rule.BOOKED: _fixed("Already booked"),
    Rule.BLOCKED_TIME: _busy(Rule.BLOCKED_TIME, "Blocked time"),
    Rule.HELD: _fixed("Held for an offer"),
    Rule.BUFFER: _buffer,
    Rule.MAX_PER_DAY: _max_per_day,
    Rule.PROVIDER_INACTIVE: _fixed("The provider takes no bookings at present"),
    Rule.RESOURCE_BUSY: _busy(Rule.RESOURCE_BUSY, "In use"),
    Rule.PATIENT_BUSY: _fixed("The patient has another appointment then"),
}
