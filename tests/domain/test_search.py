"""The next free slots over several providers, and alternatives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from himsog_desktop.domain.clinic import Hours
from himsog_desktop.domain.search import PartOfDay, alternatives, next_available, part_of
from himsog_desktop.domain.slots import Busy, Diary, Slot, SlotRules
from himsog_desktop.domain.time import MINUTE, zone

MANILA = zone("Asia/Manila")
FRIDAY = date(2026, 11, 20)
MIDNIGHT = MANILA.day_bounds(FRIDAY)[0]


def provider(name: str, *walls: tuple[int, int], days: Iterable[int] = range(7), busy: Iterable[Busy] = ()) -> Diary:
    hours = tuple(Hours("c", day, *wall) for day in days for wall in walls)
    return Diary(SlotRules(MANILA, 60, hours), busy, now=MIDNIGHT, provider=name)


def told(slots: Iterable[Slot]) -> list[tuple[str | None, str]]:
    return [(s.provider, f"{MANILA.wall(s.start):%a %H:%M}") for s in slots]


def test_earliest_first_and_ties_in_the_order_of_providers() -> None:
    cruz, reyes = provider("cruz", (600, 720)), provider("reyes", (540, 720))
    found = next_available([cruz.day, reyes.day], FRIDAY, MANILA, count=5)
    assert told(found) == [
        ("reyes", "Fri 09:00"),
        ("cruz", "Fri 10:00"),
        ("reyes", "Fri 10:00"),
        ("cruz", "Fri 11:00"),
        ("reyes", "Fri 11:00"),
    ]


@pytest.mark.parametrize(
    ("part", "first"),
    [(PartOfDay.MORNING, "Fri 11:30"), (PartOfDay.AFTERNOON, "Fri 12:30"), (PartOfDay.EVENING, "Fri 17:30")],
)
def test_part_of_the_day_is_by_the_start(part: PartOfDay, first: str) -> None:
    diary = provider("cruz", (690, 1200))
    assert told(next_available([diary.day], FRIDAY, MANILA, part=part)) == [("cruz", first)]


def test_parts_begin_at_noon_and_at_five() -> None:
    assert [part_of(m) for m in (0, 719, 720, 1019, 1020, 1439)] == [
        PartOfDay.MORNING,
        PartOfDay.MORNING,
        PartOfDay.AFTERNOON,
        PartOfDay.AFTERNOON,
        PartOfDay.EVENING,
        PartOfDay.EVENING,
    ]


def test_no_more_days_are_asked_for_than_the_answer_needs() -> None:
    asked: list[date] = []
    diary = provider("cruz", (540, 660), days=[6])

    def day(wanted: date) -> list[Slot]:
        asked.append(wanted)
        return diary.day(wanted)

    assert told(next_available([day], FRIDAY, MANILA, count=2)) == [("cruz", "Sat 09:00"), ("cruz", "Sat 10:00")]
    assert asked == [FRIDAY, FRIDAY + timedelta(days=1)]


def test_the_horizon_ends_the_search() -> None:
    diary = provider("cruz", (540, 600), days=[6])
    assert len(next_available([diary.day], FRIDAY, MANILA, count=99, days=15)) == 2
    assert next_available([provider("cruz").day], FRIDAY, MANILA) == []
    assert next_available([diary.day], FRIDAY, MANILA, count=0) == []


def test_alternatives_are_the_nearest_from_the_wanted_time_on() -> None:
    taken = [Busy(MIDNIGHT + 600 * MINUTE, MIDNIGHT + 660 * MINUTE)]
    cruz = provider("cruz", (540, 720), busy=taken)
    found = alternatives(MIDNIGHT + 600 * MINUTE, cruz.day, MANILA)
    assert told(found) == [("cruz", "Fri 11:00"), ("cruz", "Sat 09:00"), ("cruz", "Sat 10:00")]


def test_other_providers_fill_what_is_missing_when_asked() -> None:
    cruz, reyes = provider("cruz", (540, 600)), provider("reyes", (540, 660))
    wanted = MIDNIGHT + 540 * MINUTE
    assert len(alternatives(wanted, cruz.day, MANILA, days=1)) == 1
    found = alternatives(wanted, cruz.day, MANILA, others=[reyes.day], days=1)
    assert told(found) == [("cruz", "Fri 09:00"), ("reyes", "Fri 09:00"), ("reyes", "Fri 10:00")]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 23)), max_size=4), min_size=1, max_size=4),
    st.integers(1, 12),
    st.sampled_from([None, *PartOfDay]),
)
def test_it_finds_what_a_look_at_everything_finds(
    weeks: list[list[tuple[int, int]]], count: int, part: PartOfDay | None
) -> None:
    diaries = [
        Diary(
            SlotRules(MANILA, 60, tuple(Hours("c", day, hour * 60, hour * 60 + 60) for day, hour in week)),
            now=MIDNIGHT,
            provider=str(number),
        )
        for number, week in enumerate(weeks)
    ]
    everything = [
        (slot.start, number)
        for number, diary in enumerate(diaries)
        for slot in diary.slots(FRIDAY, 30)
        if slot.available and (part is None or part_of(MANILA.minutes_of(slot.start)) is part)
    ]
    found = next_available([d.day for d in diaries], FRIDAY, MANILA, part=part, count=count, days=30)
    assert [(s.start, int(s.provider or -1)) for s in found] == sorted(everything)[:count]
