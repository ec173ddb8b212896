"""The month in pixels: hit-testing is the inverse of placing, whatever the window, the type and the direction."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.month import CELLS, days_of, first_of, month_after, same_day_of
from himsog_desktop.ui.calendar.month_geometry import COLUMNS, MonthGrid, MonthHit, MonthSizes

sizes = st.builds(
    MonthSizes,
    head=st.integers(12, 60),
    bar=st.integers(3, 12),
    row=st.integers(8, 40),
    pad=st.integers(0, 12),
    least_width=st.integers(20, 160),
)
grids = st.builds(
    lambda width, height, size, rtl: MonthGrid(width, height, size, rtl=rtl),
    st.integers(0, 2600),
    st.integers(0, 1600),
    sizes,
    st.booleans(),
)
cells = st.integers(0, CELLS - 1)
months = st.dates(date(1901, 1, 1), date(2198, 12, 31)).map(first_of)


@given(months)
def test_forty_two_days_from_a_monday_cover_the_month(month: date) -> None:
    days = days_of(month)
    assert len(days) == CELLS
    assert days[0].weekday() == 0
    assert all(after - before == timedelta(days=1) for before, after in pairwise(days))
    last = month_after(month, 1) - timedelta(days=1)
    assert days[0] <= month <= last <= days[-1]
    assert (month - days[0]).days < COLUMNS


@given(months, st.integers(-400, 400))
def test_months_are_counted_on_and_back(month: date, steps: int) -> None:
    if 1901 <= month.year + steps // 12 <= 2198:
        assert month_after(month_after(month, steps), -steps) == month


@given(st.dates(date(1901, 1, 1), date(2198, 12, 31)), months)
def test_the_same_day_of_another_month_is_in_it(day: date, month: date) -> None:
    found = same_day_of(month, day)
    assert (found.year, found.month) == (month.year, month.month)
    assert found.day == day.day or (found.day < day.day and (found + timedelta(days=1)).day == 1)


@given(grids)
def test_the_cells_fill_the_month_without_gap_or_overlap(grid: MonthGrid) -> None:
    places = [grid.cell(number) for number in range(CELLS)]
    assert sum(place.width * place.height for place in places) == grid.width * grid.height
    for number, place in enumerate(places):
        line, column = divmod(number, COLUMNS)
        beside = number + (1 if not grid.rtl else -1)
        if column < COLUMNS - 1 and not grid.rtl:
            assert places[beside].x == place.right
        if column > 0 and grid.rtl:
            assert places[beside].x == place.right
        if line < 5:
            assert places[number + COLUMNS].y == place.bottom


@given(grids, cells, st.floats(0, 0.999), st.floats(0, 0.999))
def test_every_cell_is_hit_by_its_points(grid: MonthGrid, number: int, across: float, down: float) -> None:
    place = grid.cell(number)
    assert grid.cell_at(place.x + across * place.width, place.y + down * place.height) == number


@given(grids, st.floats(-50, 3000), st.floats(-50, 2000))
def test_a_point_belongs_to_one_cell_or_lies_outside(grid: MonthGrid, x: float, y: float) -> None:
    found = grid.cell_at(x, y)
    inside = 0 <= x < grid.width and 0 <= y < grid.height
    assert (found is not None) == inside
    held = grid.nearest(x, y)
    assert 0 <= held < CELLS
    if found is not None:
        place = grid.cell(found)
        assert place.x <= x < place.right
        assert place.y <= y < place.bottom
        assert held == found


@given(grids, cells, st.integers(0, 400))
def test_rows_lie_in_their_cell_under_each_other_and_are_hit(grid: MonthGrid, number: int, count: int) -> None:
    counts = [count] * CELLS
    place, shown = grid.cell(number), grid.shown(number, count)
    assert 0 <= shown <= min(count, grid.capacity(number))
    below = grid.bar(number).bottom
    for row in range(shown):
        box = grid.row(number, row)
        assert place.x <= box.x
        assert box.right <= place.right
        assert box.y == below
        below = box.bottom
        assert below <= place.bottom
        if box.width > 0:
            assert grid.hit(box.x, box.y, counts) == MonthHit(number, "row", row)
            assert grid.hit(box.right - 1, box.bottom - 1, counts) == MonthHit(number, "row", row)
    more = grid.more(number, count)
    # All are shown, or the rest is one more row away, or there is room for nothing but the count.
    assert shown == count or more is not None or grid.capacity(number) == 0
    if more is not None:
        assert more.y == below
        assert more.bottom <= place.bottom
        if more.width > 0:
            hit = grid.hit(more.x, more.y, counts)
            assert hit is not None
            assert hit.part == "more"


@given(grids, cells, st.integers(0, 30))
def test_the_head_of_a_cell_is_the_day(grid: MonthGrid, number: int, count: int) -> None:
    place = grid.cell(number)
    if place.width and place.height:
        assert grid.hit(place.x, place.y, [count] * CELLS) == MonthHit(number, "day", -1)


@given(grids, st.integers(-100, 1700), st.integers(-100, 1700))
def test_what_a_stretch_touches_is_whole_weeks(grid: MonthGrid, top: int, bottom: int) -> None:
    found = set(grid.touched(top, bottom))
    for number in range(CELLS):
        place = grid.cell(number)
        touches = place.height > 0 and place.y < bottom and place.bottom > top and bottom > top
        assert touches <= (number in found)


def test_a_narrow_window_shows_counts_in_place_of_rows() -> None:
    size = MonthSizes(head=24, bar=7, row=19, pad=4, least_width=72)
    assert MonthGrid(7 * 71, 900, size).capacity(10) == 0
    assert MonthGrid(7 * 80, 900, size).capacity(10) > 0
    assert MonthGrid(1200, 6 * 40, size).capacity(10) == 0


def test_the_last_place_is_for_the_rest_only_where_there_is_one() -> None:
    size = MonthSizes(head=24, bar=7, row=20, pad=5, least_width=72)
    grid = MonthGrid(1400, 6 * 116, size)
    assert grid.capacity(0) == 4
    assert [grid.shown(0, count) for count in (0, 3, 4, 5, 40)] == [0, 3, 4, 3, 3]
    assert grid.more(0, 4) is None
    assert grid.more(0, 5) is not None


@pytest.mark.parametrize("rtl", [False, True])
def test_monday_comes_first(rtl: bool) -> None:
    size = MonthSizes(24, 7, 20, 4, 72)
    grid = MonthGrid(700, 600, size, rtl=rtl)
    assert grid.column_edges(0) == ((600, 700) if rtl else (0, 100))
    assert grid.cell_at(650 if rtl else 50, 10) == 0
