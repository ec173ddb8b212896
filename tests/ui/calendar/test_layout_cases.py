"""Where tiles stand, case by case: chains, nests, touching ends, no length, midnight, days of 23 to 25 hours, mirrored.

Each shape is laid out on a day by itself and in the week around it, on ordinary days and where the clock is put,
from left to right and mirrored; for each the same laws hold.
"""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.day import DayPage, Tile
from himsog_desktop.domain.time import HOUR, MINUTE, zone
from himsog_desktop.ui.calendar.columns import Interval, arrange
from himsog_desktop.ui.calendar.geometry import ZOOMS, axis, axis_marks
from himsog_desktop.ui.calendar.layout import CANCELLED, LEAST_HEIGHT, Box, DayLayout
from tests.support import days
from tests.support.weeks import HOWE, MONDAY, NEW_YORK, days_of, lay_out, minutes_after, week

Shape = tuple[tuple[int, int], ...]
SHAPES: dict[str, Shape] = {
    "one": ((540, 30),),
    "chain": ((480, 60), (510, 60), (540, 60), (570, 60)),
    "long chain": tuple((360 + 20 * n, 30) for n in range(24)),
    "nest": ((480, 240), (500, 120), (520, 60), (530, 10)),
    "nest of pairs": ((480, 240), (480, 60), (540, 60), (600, 60), (660, 60)),
    "equal starts": ((540, 15), (540, 30), (540, 60)),
    "equal": ((540, 30), (540, 30), (540, 30), (540, 30)),
    "touching ends": ((480, 30), (510, 30), (540, 30), (570, 30)),
    "touching in two lanes": ((480, 60), (480, 30), (510, 30), (540, 30), (540, 60)),
    "no length": ((540, 0),),
    "many of no length": ((540, 0), (540, 0), (540, 0), (541, 0)),
    "no length at an end": ((480, 60), (540, 0), (540, 30)),
    "first minute": ((0, 30), (0, 5), (5, 30)),
    "until midnight": ((1320, 60), (1350, 30), (1370, 10)),
    "over midnight": ((1300, 240), (1400, 30), (1439, 60)),
    "through the night": ((1200, 1440), (1260, 30)),
    "over the shift": ((60, 120), (90, 60), (120, 60), (150, 60)),
    "the hours of the shift": tuple((30 * n, 30) for n in range(2, 9)),
    "five at once": tuple((540 + 5 * n, 60) for n in range(5)),
    "nine at once": tuple((540 + 5 * n, 90) for n in range(9)),
    "crowd and one": (*((540, 60) for _ in range(6)), (600, 30)),
    "staircase": tuple((480 + 15 * n, 45) for n in range(12)),
    "comb": ((480, 480), *((500 + 60 * n, 20) for n in range(7))),
    "two groups": ((480, 60), (500, 60), (700, 60), (720, 60)),
}
ZONES = {
    "plain": ("Asia/Manila", date(2026, 11, 18)),
    "25 hours": (NEW_YORK, date(2026, 11, 1)),
    "23 hours": (NEW_YORK, date(2026, 3, 8)),
    "24.5 hours": (HOWE, date(2026, 4, 5)),
    "23.5 hours": (HOWE, date(2026, 10, 4)),
}


def _tiles(shape: Shape, day: date, timezone: str) -> list[Tile]:
    return [minutes_after(f"{day:%d}-{n}", start, length, day, timezone) for n, (start, length) in enumerate(shape)]


def _page(face: str, shape: Shape, day: date, timezone: str) -> DayPage:
    tiles = _tiles(shape, day, timezone)
    if face == "day":
        end = zone(timezone).day_bounds(day)[1]
        return days.page(*(t for t in tiles if t.start < end), columns=1, day=day, timezone=timezone)
    first = day - timedelta(days=day.weekday())
    # On the day itself and on the one before, which has no shift.
    tiles += _tiles(shape, day - timedelta(days=1), timezone)
    made = week(first=first, timezone=timezone)
    return made._replace(tiles=tuple(sorted(t for t in tiles if t.start < made.end)))


def _apart(one: Box, other: Box) -> bool:
    return one.right <= other.x or other.right <= one.x or one.bottom <= other.y or other.bottom <= one.y


def _met(layout: DayLayout, tile: Tile) -> list[int]:
    """The columns whose day an appointment meets, counted plainly."""
    page = layout.page
    if not page.of_days:
        return [0]
    end = max(tile.end, tile.start + 1)
    return [n for n, c in enumerate(page.columns) if tile.start < c.end and end > c.start]


def check(layout: DayLayout) -> None:
    """All laws of a layout."""
    tiles = layout.page.tiles
    for column, boxes in enumerate(layout.boxes):
        left, right = layout.columns.left(column), layout.columns.right(column)
        assert all(left <= b.x and b.right <= right and b.width > 0 and b.height > 0 for b in boxes)
        standing = [b for b in boxes if not b.sliver and tiles[b.number].status != CANCELLED]
        for one, other in itertools.combinations(standing, 2):
            assert _apart(one, other), (tiles[one.number].id, tiles[other.number].id)
        shown = sorted(tiles[b.number].id for b in boxes)
        shown += sorted(i for chip in layout.chips[column] for i in chip.ids)
        assert sorted(shown) == sorted(t.id for t in tiles if column in _met(layout, t)), "lost, or drawn twice"
        _check_lanes(layout, column)
        _check_hits(layout, column, boxes)


def _check_lanes(layout: DayLayout, column: int) -> None:
    shortest = layout.times[column].length(LEAST_HEIGHT)
    mine = [t for t in layout.tiles_of(column) if t.status != CANCELLED]
    places = arrange([Interval(t.start, t.end, t.id) for t in mine], shortest, layout.most)
    groups: dict[int, list[Tile]] = {}
    for t in mine:
        groups.setdefault(places[t.id].group, []).append(t)
    for members in groups.values():
        ends = {t.id: max(t.end, t.start + shortest) for t in members}
        at_once = max(sum(t.start <= moment < ends[t.id] for t in members) for moment in {t.start for t in members})
        assert {places[t.id].lanes for t in members} == {at_once}
        assert {places[t.id].lane for t in members} == set(range(at_once))


def _check_hits(layout: DayLayout, column: int, boxes: list[Box]) -> None:
    time = layout.times[column]
    for box in boxes:
        x, y = box.x + box.width / 2, box.y + min(box.height / 2, 6)
        if y >= layout.time.height:
            continue  # begins with the last minute of the day
        hit = layout.hit(x, y)
        assert hit is not None
        assert (hit.tile_id, hit.column) == (layout.page.tiles[box.number].id, column)
    for chip in layout.chips[column]:
        if chip.y + chip.height / 2 >= layout.time.height:
            continue
        hit = layout.hit(chip.x + chip.width / 2, chip.y + chip.height / 2)
        assert hit is not None
        assert hit.chip == chip
    for instant in range(time.start, time.end, 10 * MINUTE):
        y = time.y(instant)
        hit = layout.hit((layout.columns.left(column) + layout.columns.right(column)) / 2, y)
        assert hit is not None
        assert (hit.column, hit.instant) == (column, instant), "what was painted there is not what is hit"


@pytest.mark.parametrize("rtl", [False, True], ids=["ltr", "rtl"])
@pytest.mark.parametrize("face", ["day", "week"])
@pytest.mark.parametrize("where", ZONES)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_laws_hold(shape: str, where: str, face: str, rtl: bool) -> None:
    timezone, day = ZONES[where]
    check(lay_out(_page(face, SHAPES[shape], day, timezone), rtl=rtl))


@pytest.mark.parametrize("most", [1, 2, 3])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_laws_hold_where_fewer_lanes_have_room(shape: str, most: int) -> None:
    check(lay_out(_page("week", SHAPES[shape], date(2026, 11, 1), NEW_YORK), most=most))


places = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.integers(0, 25 * 12).map(lambda n: n * 5),
        st.sampled_from([0, 5, 10, 15, 30, 60, 90, 600, 1500]),
        st.sampled_from(("PENDING", "CONFIRMED", "COMPLETED", "NO_SHOW")),
    ),
    max_size=22,
)


@given(places, st.sampled_from(sorted(ZONES)), st.sampled_from(ZOOMS), st.booleans(), st.integers(1, 4))
def test_the_laws_hold_for_any_week(
    drawn: list[tuple[int, int, int, str]], where: str, zoom: int, rtl: bool, most: int
) -> None:
    timezone, day = ZONES[where]
    first = day - timedelta(days=day.weekday())
    dates = days_of(first)
    tiles = [
        minutes_after(f"t{n}", start, length, dates[column], timezone)._replace(status=status)
        for n, (column, start, length, status) in enumerate(drawn)
    ]
    end = zone(timezone).day_bounds(dates[-1])[1]
    page = week(*(t for t in tiles if t.start < end), first=first, timezone=timezone)
    check(lay_out(page, zoom, rtl=rtl, most=most))


@pytest.mark.parametrize("where", ZONES)
def test_hours_stand_beside_one_another_on_all_days(where: str) -> None:
    timezone, day = ZONES[where]
    first = day - timedelta(days=day.weekday())
    layout = lay_out(week(first=first, timezone=timezone))
    zoned = zone(timezone)
    for minutes in range(4 * 60, 24 * 60, 30):
        heights = {layout.times[n].y(zoned.instant(d, minutes)) for n, d in enumerate(days_of(first))}
        assert len(heights) == 1, minutes


def test_an_hour_that_comes_twice_is_there_twice_and_other_days_have_a_gap_there() -> None:
    first = date(2026, 10, 26)
    layout = lay_out(week(first=first, timezone=NEW_YORK))
    assert layout.time.tall == 25 * HOUR
    sunday, saturday = layout.times[6], layout.times[5]
    again = sunday.start + 2 * HOUR  # 01:00 for the second time
    assert zone(NEW_YORK).minutes_of(again) == 60
    assert sunday.gaps() == []
    assert sunday.y(again) - sunday.y(again - HOUR) == layout.time.hour_px
    assert saturday.gaps() == [(sunday.y(again), sunday.y(again + HOUR))]
    # What is pointed at in the gap is what comes after it.
    assert saturday.instant(sunday.y(again) + 5) == saturday.start + 2 * HOUR
    walls = [mark.wall // 60 for mark in axis_marks(axis(zone(NEW_YORK), _bounds(layout)), 60)]
    assert walls == [0, 1, 1, *range(2, 24)]


def test_an_hour_that_is_skipped_is_a_gap_of_that_day_alone() -> None:
    layout = lay_out(week(first=date(2026, 3, 2), timezone=NEW_YORK))
    assert layout.time.tall == 24 * HOUR
    hour = layout.time.hour_px
    assert layout.times[6].gaps() == [(2 * hour, 3 * hour)]
    assert all(time.gaps() == [] for time in layout.times[:6])
    end = layout.times[6].start + 2 * HOUR
    assert layout.times[6].y_end(end) == 2 * hour
    assert layout.times[6].y(end) == 3 * hour


def test_half_an_hour_put_back_and_forward() -> None:
    back = lay_out(week(first=date(2026, 3, 30), timezone=HOWE))
    assert back.time.tall == 24 * HOUR + 30 * MINUTE
    assert [len(time.gaps()) for time in back.times] == [1] * 6 + [0]
    forward = lay_out(week(first=date(2026, 9, 28), timezone=HOWE))
    assert forward.time.tall == 24 * HOUR
    assert [len(time.gaps()) for time in forward.times] == [0] * 6 + [1]


def test_a_day_that_never_was_is_a_gap() -> None:
    """Samoa went from 29 to 31 December 2011."""
    page = week(first=date(2011, 12, 26), timezone="Pacific/Apia")
    layout = lay_out(page)
    assert layout.times[4].gaps() == [(0, layout.time.height)]
    assert layout.hit(layout.columns.left(4) + 5, 300) is not None
    check(lay_out(week(minutes_after("a", 0, 60, date(2011, 12, 31), "Pacific/Apia"), first=MONDAY)))


def test_what_runs_over_midnight_stands_in_both_days() -> None:
    layout = lay_out(week(minutes_after("night", 23 * 60, 120, MONDAY)))
    (evening,), (morning,) = layout.boxes[0], layout.boxes[1]
    assert evening.height == morning.height
    assert morning.y == 0
    assert layout.by_id["night"] is evening


def test_another_providers_appointment_is_not_in_this_week() -> None:
    other = minutes_after("x", 540, 30, MONDAY)._replace(provider_id="p9")
    layout = lay_out(week(minutes_after("a", 540, 30, MONDAY), other))
    assert set(layout.by_id) == {"a"}


def _bounds(layout: DayLayout) -> tuple[tuple[int, int], ...]:
    return tuple((time.start, time.end) for time in layout.times)
