from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.time import HOUR, MINUTE, zone
from himsog_desktop.ui.calendar.geometry import (
    ZOOMS,
    ColumnScale,
    TimeScale,
    anchor_of,
    hour_height,
    marks,
    zoomed,
)

DAYS = [
    ("Asia/Manila", date(2026, 11, 20), 24),
    ("Europe/Berlin", date(2026, 3, 29), 23),
    ("Europe/Berlin", date(2026, 10, 25), 25),
    ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
    ("America/Havana", date(2026, 3, 8), 23),  # the day begins at 01:00
]
day_scales = st.sampled_from(DAYS).flatmap(
    lambda d: st.builds(
        lambda zoom, scale: TimeScale(*zone(d[0]).day_bounds(d[1]), zoom, scale),
        st.sampled_from(ZOOMS),
        st.sampled_from([0.85, 1.0, 1.25, 2.0]),
    )
)


@pytest.mark.parametrize(("name", "day", "hours"), DAYS)
def test_a_day_is_as_tall_as_it_is_long(name: str, day: date, hours: float) -> None:
    scale = TimeScale(*zone(name).day_bounds(day), 30)
    assert scale.height == pytest.approx(hours * hour_height(30))


@given(day_scales, st.floats(0, 1))
def test_pixels_and_instants_are_inverse(scale: TimeScale, part: float) -> None:
    instant = scale.start + round((scale.end - scale.start) * part)
    assert abs(scale.instant(scale.y(instant)) - instant) <= 1
    y = scale.height * part
    assert scale.y(scale.instant(y)) == pytest.approx(y, abs=0.001)


@given(day_scales, st.floats(-5000, 50_000))
def test_what_lies_outside_is_held_to_the_day(scale: TimeScale, y: float) -> None:
    assert scale.start <= scale.instant(y) <= scale.end
    assert 0 <= scale.y(scale.start - HOUR) <= scale.height
    assert scale.y(scale.end + HOUR) == pytest.approx(scale.height)


@given(day_scales, st.floats(0, 1), st.none() | st.floats(0, 1))
def test_snapping_lands_on_the_grid(scale: TimeScale, part: float, anchor_part: float | None) -> None:
    length = scale.end - scale.start
    instant = scale.start + round(length * part)
    anchor = None if anchor_part is None else scale.start + round(length * anchor_part) // MINUTE * MINUTE
    base = scale.start if anchor is None else anchor
    below = scale.snap(instant, anchor)
    assert below <= max(instant, scale.start)
    assert instant - below < scale.step or below == scale.end
    nearest = scale.snap(instant, anchor, nearest=True)
    for found in (below, nearest):
        assert (found - base) % scale.step == 0 or found in (scale.start, scale.end)
    assert abs(nearest - instant) * 2 <= scale.step or nearest in (scale.start, scale.end)


def test_a_long_day_has_one_hour_twice_and_a_short_one_lacks_one() -> None:
    berlin = zone("Europe/Berlin")
    walls = [m.wall // 60 for m in marks(berlin, *berlin.day_bounds(date(2026, 10, 25)), 60)]
    assert walls == [0, 1, 2, 2, *range(3, 24)]
    walls = [m.wall // 60 for m in marks(berlin, *berlin.day_bounds(date(2026, 3, 29)), 60)]
    assert walls == [0, 1, *range(3, 24)]


def test_lines_follow_the_wall_clock_after_half_an_hour_is_put_back() -> None:
    howe = zone("Australia/Lord_Howe")
    found = marks(howe, *howe.day_bounds(date(2026, 4, 5)), 60)
    assert [m.wall // 60 for m in found] == list(range(24))
    gaps = {(b.instant - a.instant) // MINUTE for a, b in itertools.pairwise(found)}
    assert gaps == {60, 90}


@pytest.mark.parametrize("zoom", ZOOMS)
def test_an_ordinary_day_has_the_lines_that_counting_minute_by_minute_finds(zoom: int) -> None:
    manila = zone("Asia/Manila")
    start, end = manila.day_bounds(date(2026, 11, 20))
    by_hand = [(i, manila.minutes_of(i)) for i in range(start, end, MINUTE) if manila.minutes_of(i) % zoom == 0]
    assert [(m.instant, m.wall) for m in marks(manila, start, end, zoom)] == by_hand


def test_zoom_stops_at_its_ends() -> None:
    assert [zoomed(30, steps) for steps in (1, -1, 9, -9)] == [20, 60, 5, 60]
    assert sorted(ZOOMS, key=hour_height, reverse=True) == list(ZOOMS)


@given(st.integers(1, 20), st.integers(0, 3000), st.booleans(), st.floats(0, 0.9999))
def test_columns_and_pixels_are_inverse(count: int, available: int, rtl: bool, part: float) -> None:
    scale = ColumnScale(count, available, rtl=rtl)
    x = scale.width * part
    column = scale.at(x)
    assert column is not None
    assert scale.left(column) <= x < scale.right(column)
    assert scale.nearest(x) == column


@given(st.integers(1, 20), st.integers(0, 3000), st.booleans())
def test_columns_fill_the_width_and_none_is_too_narrow(count: int, available: int, rtl: bool) -> None:
    scale = ColumnScale(count, available, rtl=rtl)
    order = sorted(range(count), key=scale.left)
    assert order == list(reversed(range(count)) if rtl else range(count))
    assert scale.left(order[0]) == 0
    assert scale.right(order[-1]) == scale.width
    assert all(scale.right(a) == scale.left(b) for a, b in itertools.pairwise(order))
    assert all(scale.right(c) - scale.left(c) >= 103 for c in range(count))
    assert scale.width >= available


@given(st.integers(0, 20), st.integers(0, 3000), st.booleans(), st.floats(-500, 3000), st.floats(0, 2000))
def test_what_is_visible_is_what_is_touched(count: int, available: int, rtl: bool, left: float, width: float) -> None:
    scale = ColumnScale(count, available, rtl=rtl)
    touched = {
        c for c in range(count) if scale.left(c) < left + width - 0.01 and scale.right(c) > left and width > 0.01
    }
    assert touched <= set(scale.visible(left, left + width))
    assert all(scale.left(c) < left + width and scale.right(c) > left for c in scale.visible(left, left + width))


def test_no_columns_are_nowhere() -> None:
    scale = ColumnScale(0, 500)
    assert scale.at(10) is None
    assert not scale.visible(0, 500)
    with pytest.raises(ValueError, match="no columns"):
        scale.nearest(3)


def test_an_open_stretch_has_its_own_grid() -> None:
    stretches = ((100, 200), (300, 400))
    assert [anchor_of(i, stretches) for i in (99, 100, 199, 200, 350, 400)] == [None, 100, 100, None, 300, None]
