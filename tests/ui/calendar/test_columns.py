from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.ui.calendar.columns import MOST_VISIBLE, Interval, arrange, overflow


@st.composite
def crowds(draw: st.DrawFn) -> list[Interval]:
    raw = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=40))
    return [Interval(start, start + length, f"i{number}") for number, (start, length) in enumerate(raw)]


def _stretched(interval: Interval) -> Interval:
    return interval._replace(end=max(interval.end, interval.start + 1))


def _meet(one: Interval, other: Interval) -> bool:
    one, other = _stretched(one), _stretched(other)
    return one.start < other.end and other.start < one.end


@given(crowds())
def test_no_two_share_a_place(crowd: list[Interval]) -> None:
    places = arrange(crowd)
    assert set(places) == {i.id for i in crowd}
    for number, one in enumerate(crowd):
        for other in crowd[number + 1 :]:
            if _meet(one, other):
                assert places[one.id].group == places[other.id].group
                assert places[one.id].lane != places[other.id].lane


@given(crowds())
def test_lanes_are_as_many_as_are_there_at_once(crowd: list[Interval]) -> None:
    places = arrange(crowd)
    groups: dict[int, list[Interval]] = {}
    for interval in crowd:
        groups.setdefault(places[interval.id].group, []).append(_stretched(interval))
    for number, members in groups.items():
        at_once = max(sum(m.start <= moment < m.end for m in members) for moment in {m.start for m in members})
        lanes = {places[m.id].lanes for m in members}
        assert lanes == {at_once}
        assert {places[m.id].lane for m in members} == set(range(at_once))
        assert number >= 0


@given(crowds())
def test_groups_are_connected_and_apart(crowd: list[Interval]) -> None:
    places = arrange(crowd)
    groups: dict[int, list[Interval]] = {}
    for interval in crowd:
        groups.setdefault(places[interval.id].group, []).append(_stretched(interval))
    for members in groups.values():
        reach = None
        for member in sorted(members):
            assert reach is None or member.start < reach, "a gap inside a group"
            reach = member.end if reach is None else max(reach, member.end)
    bounds = sorted((min(m.start for m in ms), max(m.end for m in ms)) for ms in groups.values())
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(bounds))


@given(crowds())
def test_what_spreads_over_free_lanes_meets_nobody(crowd: list[Interval]) -> None:
    places = arrange(crowd)
    for one in crowd:
        place = places[one.id]
        if place.lane >= MOST_VISIBLE:
            continue
        assert 1 <= place.span <= min(place.lanes, MOST_VISIBLE) - place.lane
        taken = range(place.lane, place.lane + place.span)
        for other in crowd:
            if other.id != one.id and _meet(one, other):
                assert places[other.id].lane not in taken
        beyond = place.lane + place.span
        if beyond < min(place.lanes, MOST_VISIBLE):
            assert any(_meet(one, other) and places[other.id].lane == beyond for other in crowd), "stopped short"


@given(crowds())
def test_the_order_given_does_not_matter(crowd: list[Interval]) -> None:
    assert arrange(crowd) == arrange(list(reversed(crowd)))


@given(crowds())
def test_overflow_holds_exactly_what_has_no_lane(crowd: list[Interval]) -> None:
    places = arrange(crowd)
    runs = overflow(crowd, places)
    hidden = {i.id for i in crowd if places[i.id].lane >= MOST_VISIBLE}
    assert sorted(x for run in runs for x in run.ids) == sorted(hidden)
    assert all(a.end <= b.start for a, b in itertools.pairwise(runs))


def test_touching_ends_do_not_overlap() -> None:
    places = arrange([Interval(0, 30, "a"), Interval(30, 60, "b")])
    assert places["a"].lanes == places["b"].lanes == 1
    assert places["a"].group != places["b"].group


def test_what_has_no_length_still_takes_room() -> None:
    places = arrange([Interval(10, 10, "a"), Interval(10, 10, "b"), Interval(12, 20, "c")], shortest=5)
    assert len({places[i].lane for i in "abc"}) == 3


def test_a_free_lane_is_spread_over() -> None:
    crowd = [Interval(0, 30, "a"), Interval(0, 10, "b"), Interval(5, 10, "c"), Interval(15, 30, "d")]
    places = arrange(crowd)
    assert places["a"].span == 1
    assert places["d"].lane + places["d"].span == 3


def test_nothing_has_no_places() -> None:
    assert arrange([]) == {}
    assert overflow([], {}) == []
    with pytest.raises(ValueError, match="1 or more"):
        arrange([], shortest=0)


def test_many_that_all_touch_one_long_one_are_quick() -> None:
    """Twenty thousand in one group: the square of that would take minutes."""
    crowd = [Interval(0, 40_000, "long"), *(Interval(i * 2, i * 2 + 2, f"s{i}") for i in range(20_000))]
    places = arrange(crowd)
    assert places["long"].lanes == 2


def test_a_touching_end_does_not_keep_from_spreading() -> None:
    crowd = [
        Interval(0, 20, "y"),
        Interval(0, 10, "x"),
        Interval(5, 30, "w"),
        Interval(10, 20, "z"),
        Interval(20, 25, "last"),
    ]
    places = arrange(crowd)
    assert (places["last"].lane, places["last"].span) == (0, 2)
    assert places["w"].lane == 2
