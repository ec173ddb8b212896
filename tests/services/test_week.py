"""The week is seven days beside one another: nothing more, nothing less."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.day import Span
from himsog_desktop.services.day import day_page
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.week import Seen, common_spans, week_page
from tests.support.profiles import TODAY, World

MONDAY = TODAY - timedelta(days=4)
HOLIDAY = date(2026, 11, 30)


def _filled(desk: Desk, world: World) -> None:
    for day in (TODAY, TODAY + timedelta(days=3), TODAY + timedelta(days=4)):
        world.book(desk, "09:00", day=day)
        world.book(desk, "10:30", day=day)


def test_a_day_of_the_week_holds_what_the_day_holds(desk: Desk, world: World) -> None:
    _filled(desk, world)
    for first in (MONDAY, MONDAY + timedelta(days=7), HOLIDAY):
        week = week_page(desk.cache, first)
        for number in range(7):
            day = day_page(desk.cache, first + timedelta(days=number))
            column = week.columns[number]
            assert (column.start, column.end, column.id) == (day.start, day.end, day.day)
            there = tuple(t for t in week.tiles if t.start < column.end and t.end > column.start)
            assert there == day.tiles
        assert week.names == tuple((c.id, c.name) for c in day_page(desk.cache, first).columns)


def test_the_week_of_one_is_that_column_of_each_day(desk: Desk, world: World) -> None:
    _filled(desk, world)
    cruz = world.provider("cruz")
    week = week_page(desk.cache, HOLIDAY, Seen(only={cruz}))
    assert {column.provider for column in week.columns} == {cruz}
    for number, column in enumerate(week.columns):
        day = day_page(desk.cache, HOLIDAY + timedelta(days=number))
        mine = next(c for c in day.columns if c.id == cruz)
        assert (column.open, column.spans, column.slot_minutes) == (mine.open, mine.spans, mine.slot_minutes)
    assert "Bonifacio Day" in [span.text for span in week.columns[0].spans]


def test_who_is_hidden_is_not_in_it(desk: Desk, world: World) -> None:
    _filled(desk, world)
    cruz = world.provider("cruz")
    week = week_page(desk.cache, MONDAY, Seen(hidden=(cruz,)))
    assert cruz not in [key for key, _ in week.names]
    assert all(t.provider_id != cruz for t in week.tiles)
    assert week_page(desk.cache, MONDAY, Seen(only=())).tiles == ()


def test_the_order_is_that_of_the_columns(desk: Desk) -> None:
    names = week_page(desk.cache, MONDAY).names
    backwards = tuple(key for key, _ in reversed(names))
    assert week_page(desk.cache, MONDAY, Seen(order=backwards)).names == tuple(reversed(names))


def test_it_is_open_while_anybody_works_and_stopped_while_nobody_can() -> None:
    lunch, late = Span(12, 13, "break", "Lunch"), Span(12, 14, "break", "Lunch")
    assert common_spans([((8, 17),), ((9, 18),)], [(lunch,), (late,)], 0, 24) == (lunch,)
    assert common_spans([((8, 17),), ((9, 18),)], [(lunch,), ()], 0, 24) == ()
    meeting = Span(12, 13, "block", "Meeting")
    assert common_spans([((8, 17),), ((8, 17),)], [(lunch,), (meeting,)], 0, 24) == (Span(12, 13, "block", ""),)
    holiday = Span(0, 24, "holiday", "Rizal Day")
    assert common_spans([(), ()], [(holiday,), (holiday,)], 0, 24) == (holiday,)
    assert common_spans([(), ((8, 17),)], [(holiday,), ()], 0, 24) == ()
    assert common_spans([], [], 0, 24) == ()


stretches = st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)).map(sorted).map(tuple), max_size=3)


@given(st.lists(st.tuples(stretches, stretches), min_size=2, max_size=4))
def test_an_hour_is_stopped_when_somebody_would_work_and_nobody_can(
    drawn: list[tuple[list[tuple[int, int]], list[tuple[int, int]]]],
) -> None:
    opened = [tuple(one) for one, _ in drawn]
    spans = [tuple(Span(a, b, "break", "") for a, b in way if a < b) for _, way in drawn]
    found = common_spans(opened, spans, 0, 24)
    for hour in range(24):
        works = [any(a <= hour < b for a, b in one) for one in opened]
        can = [w and not any(s.start <= hour < s.end for s in way) for w, way in zip(works, spans, strict=True)]
        assert any(s.start <= hour < s.end for s in found) == (any(works) and not any(can))
