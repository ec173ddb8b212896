"""A page that an act changed is what reading it anew would give."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.day import Tile
from himsog_desktop.ui.models.day_model import patched
from tests.support import days

HOURS = st.integers(0, 47).map(lambda half: half / 2)
PLACES = st.dictionaries(
    st.sampled_from("abcdefgh"),
    st.tuples(HOURS, st.sampled_from(("p0", "p1", "elsewhere")), st.sampled_from((0, 1))),
    max_size=8,
)


def _tiles(places: dict[str, tuple[float, str, int]]) -> dict[str, Tile]:
    day = {0: days.FRIDAY, 1: days.FRIDAY.replace(day=21)}
    return {key: days.tile(key, start, provider=who, day=day[at]) for key, (start, who, at) in places.items()}


def _shown(tiles: dict[str, Tile]) -> tuple[Tile, ...]:
    """What the columns p0 and p1 of Friday show."""
    low, high = days.at(0), days.at(24)
    return tuple(sorted(t for t in tiles.values() if t.provider_id != "elsewhere" and t.start < high and t.end > low))


@given(before=PLACES, after=PLACES)
def test_tiles_that_came_changed_or_left_give_the_page_that_a_reading_gives(
    before: dict[str, tuple[float, str, int]], after: dict[str, tuple[float, str, int]]
) -> None:
    was = _tiles(before)
    now = {**was, **_tiles(after)}
    page = days.page(*_shown(was), columns=2)
    changed = [now[key] for key in after]
    assert patched(page, changed).tiles == _shown(now)
