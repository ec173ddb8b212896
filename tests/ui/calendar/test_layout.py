from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.day import DayPage, Tile
from himsog_desktop.domain.time import MINUTE
from himsog_desktop.ui.calendar.geometry import ZOOMS, ColumnScale, TimeScale
from himsog_desktop.ui.calendar.layout import CANCELLED, Box, DayLayout
from tests.support.days import at, page, tile

STATES = ("PENDING", "CONFIRMED", "COMPLETED", "CANCELLED", "NO_SHOW")


def lay_out(made: DayPage, zoom: int = 30, width: int = 900, *, rtl: bool = False) -> DayLayout:
    scale = ColumnScale(len(made.columns), width, rtl=rtl)
    return DayLayout(made, TimeScale(made.start, made.end, zoom), scale)


@st.composite
def pages(draw: st.DrawFn) -> DayPage:
    raw = draw(
        st.lists(
            st.tuples(
                st.integers(0, 12 * 23),
                st.sampled_from([0, 5, 10, 15, 30, 60]),
                st.integers(0, 2),
                st.sampled_from(STATES),
            ),
            max_size=25,
        )
    )
    tiles = [tile(f"t{n}", start / 12, length, f"p{c}", status) for n, (start, length, c, status) in enumerate(raw)]
    return page(*tiles)


layouts = st.builds(
    lambda made, zoom, width, rtl: lay_out(made, zoom, width, rtl=rtl),
    pages(),
    st.sampled_from(ZOOMS),
    st.integers(100, 1800),
    st.booleans(),
)


def _apart(one: Box, other: Box) -> bool:
    return one.right <= other.x or other.right <= one.x or one.bottom <= other.y or other.bottom <= one.y


@given(layouts)
def test_every_tile_is_somewhere_once(layout: DayLayout) -> None:
    shown = [layout.page.tiles[b.number].id for boxes in layout.boxes for b in boxes]
    hidden = [i for chips in layout.chips for chip in chips for i in chip.ids]
    assert sorted(shown + hidden) == sorted(t.id for t in layout.page.tiles)
    assert set(layout.by_id) == set(shown)
    assert set(layout.hidden) == set(hidden)


@given(layouts)
def test_standing_tiles_lie_in_their_column_and_on_nobody(layout: DayLayout) -> None:
    for column, boxes in enumerate(layout.boxes):
        left, right = layout.columns.left(column), layout.columns.right(column)
        assert all(left <= b.x and b.right <= right and b.width > 0 and b.height > 0 for b in boxes)
        standing = [b for b in boxes if not b.sliver and layout.page.tiles[b.number].status != CANCELLED]
        for number, one in enumerate(standing):
            assert all(_apart(one, other) for other in standing[number + 1 :])


@given(layouts, st.floats(0, 1), st.floats(0, 1))
def test_hitting_is_the_inverse_of_painting(layout: DayLayout, across: float, down: float) -> None:
    x, y = across * (layout.columns.width - 1), down * (layout.time.height - 1)
    hit = layout.hit(x, y)
    assert hit is not None
    under = [
        layout.page.tiles[b.number].id
        for boxes in layout.boxes
        for b in boxes
        if b.x <= x < b.right and b.y <= y < b.bottom
    ]
    if hit.chip is None:
        assert (hit.tile_id in under) if under else hit.tile_id is None
    assert layout.columns.left(hit.column) <= x < layout.columns.right(hit.column)


@given(layouts)
def test_the_middle_of_a_tile_hits_it(layout: DayLayout) -> None:
    for tile_id, box in layout.by_id.items():
        if box.y + box.height / 2 >= layout.time.height:
            continue  # begins with the last minute of the day
        hit = layout.hit(box.x + box.width / 2, box.y + box.height / 2)
        assert hit is not None
        mine = layout.page.tiles[box.number]
        found = next(t for t in layout.page.tiles if t.id == hit.tile_id)
        # Thin lines and slivers of cancelled ones may touch one another; what stands never.
        assert hit.tile_id == tile_id or CANCELLED in (mine.status, found.status)


@given(layouts, st.floats(0, 1), st.floats(1, 600))
def test_visible_is_what_a_stretch_touches(layout: DayLayout, part: float, height: float) -> None:
    top = part * layout.time.height
    for column, boxes in enumerate(layout.boxes):
        wanted = [b for b in boxes if b.y + b.height > top and b.y < top + height]
        assert layout.visible(column, top, top + height) == wanted


def test_outside_counts_what_stands_above_and_below() -> None:
    layout = lay_out(page(tile("a", 8), tile("b", 8.5), tile("c", 12), tile("d", 16), tile("x", 7, status=CANCELLED)))
    y = layout.time.y
    assert layout.outside(0, y(at(9)), y(at(15))) == (2, 1)
    assert layout.outside(1, y(at(9)), y(at(15))) == (0, 0)


def test_seven_at_once_show_four_and_count_three() -> None:
    layout = lay_out(page(*(tile(f"t{n}", 9 + n / 12, 60) for n in range(7))))
    assert len(layout.boxes[0]) == 4
    (chip,) = layout.chips[0]
    assert chip.ids == ("t4", "t5", "t6")
    hit = layout.hit(chip.x + 1, chip.y + 1)
    assert hit is not None
    assert hit.chip == chip


def test_a_cancelled_one_takes_no_room_from_the_one_in_its_place() -> None:
    layout = lay_out(page(tile("gone", 9, status=CANCELLED), tile("new", 9), tile("alone", 11, 60, status=CANCELLED)))
    assert layout.by_id["gone"].sliver
    assert layout.by_id["gone"].x >= layout.by_id["new"].right
    alone = layout.by_id["alone"]
    assert not alone.sliver
    assert alone.height == 22
    assert alone.width == layout.by_id["new"].width


def test_touching_appointments_have_a_pixel_of_air() -> None:
    layout = lay_out(page(tile("a", 9), tile("b", 9.5)))
    assert layout.by_id["a"].bottom + 1 == layout.by_id["b"].y


@pytest.mark.parametrize(("y", "edge"), [(1, False), (20, False), (32, True)])
def test_the_lower_edge_is_for_its_length(y: int, edge: bool) -> None:
    layout = lay_out(page(tile("a", 9)))
    box = layout.by_id["a"]
    hit = layout.hit(box.x + 5, box.y + y)
    assert hit is not None
    assert hit.edge is edge


def test_a_tile_of_a_provider_who_is_not_shown_is_left_out() -> None:
    stranger: Tile = tile("x", 9, provider="someone else")
    layout = lay_out(page(tile("a", 9), stranger))
    assert set(layout.by_id) == {"a"}


def test_beside_the_columns_there_is_nothing() -> None:
    layout = lay_out(page(tile("a", 9)))
    assert layout.hit(-1, 100) is None
    assert layout.hit(10, layout.time.height + 1) is None


def test_a_time_maps_back_to_where_it_was_painted() -> None:
    layout = lay_out(page())
    hit = layout.hit(10, layout.time.y(at(9.25)))
    assert hit is not None
    assert abs(hit.instant - at(9.25)) < MINUTE


@given(pages(), st.integers(104, 600).map(lambda width: 3 * width))
def test_right_to_left_is_the_mirror_image(made: DayPage, width: int) -> None:
    left, right = lay_out(made, width=width), lay_out(made, width=width, rtl=True)
    whole = left.columns.width
    mirrored = {i: (whole - b.right, b.y, b.width, b.height) for i, b in left.by_id.items()}
    assert {i: (b.x, b.y, b.width, b.height) for i, b in right.by_id.items()} == mirrored
