"""Lanes: of one provider's active appointments no two of a lane overlap."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.time import DAY, MINUTE
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.lanes import Column
from tests.support.profiles import World

SPANS = st.lists(
    st.tuples(
        st.integers(-3 * 96, 3 * 96).map(lambda quarter: quarter * 15 * MINUTE),
        st.one_of(st.sampled_from([15, 30, 45]), st.integers(1, 4 * 1440)).map(lambda minutes: minutes * MINUTE),
    ),
    max_size=40,
)


@given(SPANS)
def test_no_two_of_a_lane_overlap_and_no_lane_is_higher_than_it_needs_to_be(spans: list[tuple[int, int]]) -> None:
    column = Column()
    placed: list[tuple[int, int, int]] = []
    for start, length in spans:
        end = start + length
        lane = column.place(start, end)
        used = {other for s, e, other in placed if s < end and e > start}
        assert lane == min(set(range(len(used) + 1)) - used)
        placed.append((start, end, lane))


@given(SPANS, SPANS)
def test_what_is_there_keeps_its_lane_even_where_it_overlaps(
    there: list[tuple[int, int]], new: list[tuple[int, int]]
) -> None:
    column = Column()
    for start, length in there:
        column.take(start, start + length, 0)
    for start, length in new:
        meets = any(s < start + length and s + n > start for s, n in there)
        assert (column.place(start, start + length) == 0) <= (not meets)


def test_what_touches_does_not_overlap() -> None:
    column = Column()
    column.take(0, 10, 0)
    assert [column.place(10, 20), column.place(-5, 0), column.place(9, 11)] == [0, 0, 1]


def test_a_stay_of_months_is_met_by_what_starts_long_after_it() -> None:
    column = Column()
    column.take(0, 90 * DAY, 0)
    assert [column.place(80 * DAY, 80 * DAY + MINUTE), column.place(90 * DAY, 91 * DAY)] == [1, 0]


def test_what_the_web_made_takes_the_first_lane(world: World, desk: Desk) -> None:
    web = world.book(desk, "10:00")
    desk.cache.writer.execute("DELETE FROM appointment_desk WHERE appointment_id = ?", (web.id,))
    beside = world.book(desk, "10:00", "Lim, Ben", overbook="Her child is ill")
    assert beside.lane == 1
