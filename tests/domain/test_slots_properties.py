"""Properties of the slot engine, against an oracle that walks every minute."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from himsog_desktop.domain.clinic import Break, Hours, Override, OverrideKind
from himsog_desktop.domain.rules import Rule
from himsog_desktop.domain.slots import BUSY_KINDS, WIDENED, Busy, Diary, Slot, SlotRules
from himsog_desktop.domain.time import MINUTE, zone
from tests.domain.oracle import Oracle

# A date near each zone's clock changes: half-hour changes, changes at midnight, and none at all.
CHANGES = {
    "Asia/Manila": ["2026-11-20"],
    "America/New_York": ["2026-03-08", "2026-11-01"],
    "Europe/Berlin": ["2026-03-29", "2030-10-27"],
    "Australia/Lord_Howe": ["2026-04-05", "2026-10-04"],
    "Africa/Casablanca": ["2026-02-15", "2026-03-22", "2031-01-01"],
    "America/Havana": ["2026-03-08", "2026-11-01"],
    "Africa/Cairo": ["2026-04-24", "2026-10-30"],
    "America/Nuuk": ["2026-03-28", "2026-10-24"],
    "America/Santiago": ["2026-04-05", "2026-09-06"],
    "Asia/Kathmandu": ["2027-02-28"],
    "Pacific/Chatham": ["2026-04-05", "2026-09-27"],
    "Asia/Beirut": ["2026-03-29", "2026-10-25"],
}
ROUND = st.integers(0, 96).map(lambda quarter: quarter * 15)


@st.composite
def walls(draw: st.DrawFn) -> tuple[int, int]:
    a, b = draw(st.tuples(ROUND, ROUND).filter(lambda pair: pair[0] != pair[1]))
    return min(a, b), max(a, b)


@st.composite
def hours(draw: st.DrawFn, around: int) -> tuple[Hours, ...]:
    """Hours of the weekday ``around`` and its neighbours, often across midnight.

    The other days stay shut, so that every block has a beginning near by.
    """
    week = []
    for offset in (-2, -1, 0, 1):
        day = (around + offset) % 7
        week += [Hours("c", day, *wall) for wall in draw(st.lists(walls(), min_size=1, max_size=2))]
        if draw(st.booleans()):
            week.append(Hours("c", day, draw(st.sampled_from([0, 1200, 1380])), 1440))
            week.append(Hours("c", (day + 1) % 7, 0, draw(st.sampled_from([30, 120, 1440]))))
    return tuple(week)


@st.composite
def cases(draw: st.DrawFn) -> tuple[SlotRules, list[Busy], int, date]:
    name = draw(st.sampled_from(sorted(CHANGES)))
    day = date.fromisoformat(draw(st.sampled_from(CHANGES[name]))) + timedelta(days=draw(st.integers(-1, 1)))
    where = zone(name)
    overrides = []
    for offset in draw(st.lists(st.integers(-1, 1), max_size=2)):
        times = draw(st.one_of(st.none(), walls()))
        overrides.append(
            Override(
                str(day + timedelta(days=offset)),
                draw(st.booleans()),
                times and times[0],
                times and times[1],
                draw(st.sampled_from(OverrideKind)),
            )
        )
    around = day.isoweekday() % 7
    week = draw(hours(around))
    breaks = tuple(Break("b", (around + d) % 7, *draw(walls())) for d in draw(st.lists(st.integers(-1, 1), max_size=2)))
    rules = SlotRules(
        zone=where,
        duration=draw(st.sampled_from([5, 20, 30, 45, 90, 200])),
        hours=week,
        overrides=tuple(overrides),
        breaks=breaks,
        step=draw(st.sampled_from([None, None, 15, 25, 60])),
        notice=draw(st.sampled_from([0, 0, 60, 1000])),
        buffer_before=draw(st.sampled_from([0, 0, 10, 45])),
        buffer_after=draw(st.sampled_from([0, 0, 5, 30])),
        max_per_day=draw(st.sampled_from([None, None, 0, 1, 3])),
        provider_active=draw(st.integers(0, 9)) > 0,
    )
    low = where.day_bounds(day)[0]
    busy = []
    for start, length, kind in draw(
        st.lists(
            st.tuples(st.integers(-96, 192), st.integers(0, 24), st.sampled_from([Rule.BOOKED, *BUSY_KINDS])),
            max_size=6,
        )
    ):
        busy.append(Busy(low + start * 15 * MINUTE, low + (start * 15 + length * 5) * MINUTE, kind))
    now = low + draw(st.integers(-2000, 2000)) * MINUTE + draw(st.sampled_from([0, 1, 30_000_000]))
    # An empty busy time must change nothing, so it must not count either.
    return rules, [b for b in busy if b.start < b.end], now, day


QUICK = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(cases())
def test_the_grid_and_every_reason_agree_with_the_minute_by_minute_oracle(
    case: tuple[SlotRules, list[Busy], int, date],
) -> None:
    rules, busy, now, day = case
    slow = Oracle(rules, busy, now, day)
    expected = [(a * MINUTE, b * MINUTE, slow.rules_of(a, b)) for a, b in slow.grid(day)]
    listed = Diary(rules, busy, now=now).day(day)
    assert [(s.start, s.end, s.rules) for s in listed] == expected


@QUICK
@given(cases(), st.integers(-1500, 3000) | st.integers(-100, 200).map(lambda n: n * 15), st.integers(1, 600))
def test_any_stretch_is_judged_as_the_oracle_judges_it(
    case: tuple[SlotRules, list[Busy], int, date], offset: int, length: int
) -> None:
    rules, busy, now, day = case
    slow = Oracle(rules, busy, now, day)
    start = rules.zone.day_bounds(day)[0] // MINUTE + offset
    judged = Diary(rules, busy, now=now).why(start * MINUTE, (start + length) * MINUTE)
    assert judged.rules == slow.rules_of(start, start + length)
    assert [r.rule for r in judged.reasons] == [rule.word for rule in Rule if rule in judged.rules]
    assert all(r.text for r in judged.reasons)


@QUICK
@given(cases())
def test_listing_and_judging_agree_and_free_slots_keep_clear(case: tuple[SlotRules, list[Busy], int, date]) -> None:
    rules, busy, now, day = case
    diary = Diary(rules, busy, now=now, provider="p")
    low, high = rules.zone.day_bounds(day)
    for slot in diary.day(day):
        assert slot == diary.why(slot.start, slot.end)
        assert low <= slot.start < high
        assert not slot.rules & (Rule.CLOSED | Rule.OVERRIDE | Rule.VACATION | Rule.HOLIDAY)
        assert slot.available is (slot.reasons == ())
        if slot.available:
            assert slot.start >= now + rules.notice * MINUTE
            before, after = slot.start - rules.buffer_before * MINUTE, slot.end + rules.buffer_after * MINUTE
            for b in busy:
                wide = b.kind in WIDENED
                assert b.end <= (before if wide else slot.start) or b.start >= (after if wide else slot.end)


@QUICK
@given(cases(), st.integers(1, 4), st.integers(0, 3))
def test_a_longer_listing_is_its_days_one_after_another(
    case: tuple[SlotRules, list[Busy], int, date], days: int, earlier: int
) -> None:
    rules, busy, now, day = case
    first = day - timedelta(days=earlier)

    def apart() -> list[Slot]:
        # A diary of its own for each day: nothing remembered, nothing learnt from the days around.
        each = [Diary(rules, busy, now=now).day(first + timedelta(days=i)) for i in range(days)]
        return [slot for listed in each for slot in listed]

    assert Diary(rules, busy, now=now).slots(first, days) == apart()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(CHANGES)),
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    st.sampled_from([20, 30, 45, 60]),
)
def test_usual_hours_make_slots_at_the_same_wall_times_all_year(name: str, day: date, duration: int) -> None:
    where = zone(name)
    week = tuple(Hours("c", d, 540, 1020) for d in range(7))
    slots = Diary(SlotRules(where, duration, week), now=0).day(day)
    # From 09:00 no zone here changes its clocks, so the grid is the wall clock's.
    assert [where.minutes_of(s.start) for s in slots] == list(range(540, 1020 - duration + 1, duration))


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(sorted(CHANGES)),
    st.dates(date(2020, 1, 1), date(2035, 12, 1)),
    st.sampled_from([30, 45, 50]),
)
def test_open_round_the_clock_starts_every_day_at_midnight(name: str, day: date, duration: int) -> None:
    where = zone(name)
    rules = SlotRules(where, duration, tuple(Hours("c", d, 0, 1440) for d in range(7)))
    low, high = where.day_bounds(day)
    starts = [s.start for s in Diary(rules, now=0).day(day)]
    assert starts == list(range(low, high, duration * MINUTE))
    assert Diary(rules, now=0).slots(day - timedelta(days=2), 5)[-1].start == max(
        range(*where.day_bounds(day + timedelta(days=2)), duration * MINUTE)
    )


@pytest.mark.parametrize("away", [1, 40, 900])
def test_open_round_the_clock_since_a_closed_day_keeps_the_grid_from_there(away: int) -> None:
    where, day = zone("Asia/Manila"), date(2026, 11, 20)
    closed = day - timedelta(days=away)
    rules = SlotRules(
        where, 50, tuple(Hours("c", d, 0, 1440) for d in range(7)), (Override(str(closed), available=False),)
    )
    anchor = where.day_bounds(closed)[1]
    starts = [s.start for s in Diary(rules, now=0).day(day)]
    assert starts
    assert all((s - anchor) % (50 * MINUTE) == 0 for s in starts)
