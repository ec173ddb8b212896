"""The parts of the list that hold no Qt: what is listed, what is selected, where it stands, what is remembered."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.listing import SECTIONS, Opened, Order, Piece
from himsog_desktop.system.settings import DEFAULTS, SettingsFile
from himsog_desktop.ui.appointments_list import kept, ranges, shape
from himsog_desktop.ui.appointments_list.chosen import Chosen
from himsog_desktop.ui.appointments_list.found import Found, Place
from himsog_desktop.ui.appointments_list.shape import EMPTY, HEADING, Rows

TODAY = date(2026, 11, 20)


def piece(first: int, *ids: str) -> Piece:
    return Piece(first, ids, {key: at for at, key in enumerate(ids, first)})


def found_of(*counts: int) -> Found:
    opened = []
    for number, count in enumerate(counts):
        ids = tuple(f"{number}-{at}" for at in range(count))
        opened.append(Opened(SECTIONS[number], piece(0, *ids), count))
    return Found(tuple(opened))


counts = st.lists(st.integers(0, 12), min_size=1, max_size=5)


@given(counts, st.integers(20, 60), st.integers(10, 50), st.integers(10, 60))
def test_every_row_is_hit_where_it_stands(counts: list[int], heading: int, row: int, empty: int) -> None:
    rows = Rows(counts, heading, row, empty)
    covered = []
    for section, count in enumerate(counts):
        spots = [HEADING, *(range(count) if count else (EMPTY,))]
        for at in spots:
            place = Place(section, at)
            top = rows.top(place)
            high = heading if at == HEADING else row if at >= 0 else empty
            assert rows.at(top) == place
            assert rows.at(top + high - 1) == place
            covered.append((top, top + high))
    assert covered[0][0] == 0
    assert all(before[1] == after[0] for before, after in itertools.pairwise(covered))
    assert covered[-1][1] == rows.height
    assert rows.at(rows.height) is None
    everything = rows.seen(0, rows.height)
    assert everything == [Place(s, at) for s, n in enumerate(counts) for at in (range(n) if n else (EMPTY,))]


@given(counts)
def test_rows_are_numbered_through_all_sections(counts: list[int]) -> None:
    found = found_of(*counts)
    for flat in range(found.total):
        place = found.place(flat)
        assert place is not None
        assert found.flat(place) == flat
        key = found.id_at(place)
        assert key is not None
        assert found.find(key) == place
    assert found.place(found.total) is None
    assert found.place(-1) is None


@given(counts, st.data())
def test_a_range_goes_from_one_row_to_the_other_whichever_is_above(counts: list[int], data: st.DataObject) -> None:
    found = found_of(*counts)
    if not found.total:
        return
    one, other = data.draw(st.integers(0, found.total - 1)), data.draw(st.integers(0, found.total - 1))
    flat = [found.id_at(found.place(i)) for i in range(found.total)]
    low, high = sorted((one, other))
    assert found.between(found.place(one), found.place(other)) == flat[low : high + 1]


def test_a_section_grows_piece_by_piece() -> None:
    found = Found((Opened("PENDING", piece(0, "a", "b"), 4),))
    section = found.sections[0]
    assert not found.whole
    section.add(piece(2, "c"))
    assert found.total == 4
    assert (section.id_at(2), section.place_of("c"), section.id_at(3)) == ("c", 2, None)
    section.add(piece(3))
    assert found.whole
    assert found.total == 3


KEYS = [f"k{i}" for i in range(9)]
ONE_LIST, OTHER_LIST = (piece(0, *KEYS[:4]), piece(4, *KEYS[4:7])), (piece(0, *KEYS[2:5]), piece(3, *KEYS[5:9]))
lists = st.sampled_from([ONE_LIST, OTHER_LIST]).flatmap(
    lambda of: st.tuples(st.just(of), st.lists(st.sampled_from(of), max_size=3))
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("toggle"), st.sampled_from(KEYS)),
        st.tuples(st.just("add"), st.lists(st.sampled_from(KEYS), max_size=4)),
        st.tuples(st.just("remove"), st.lists(st.sampled_from(KEYS), max_size=4)),
        st.tuples(st.just("pieces"), lists),
        st.tuples(st.just("no pieces"), lists),
        st.tuples(st.just("clear"), st.none()),
    ),
    max_size=12,
)


@given(steps)
def test_what_is_selected_is_a_set_however_it_was_selected(steps: list) -> None:
    chosen, plain = Chosen(), set()
    for act, what in steps:
        if act == "toggle":
            chosen.toggle(what)
            plain ^= {what}
        elif act == "add":
            chosen.add(what)
            plain |= set(what)
        elif act == "remove":
            chosen.remove(what)
            plain -= set(what)
        elif act == "pieces":
            chosen.add_pieces(what[1], what[0])
            plain |= {key for one in what[1] for key in one.ids}
        elif act == "no pieces":
            chosen.remove_pieces(what[1])
            plain -= {key for one in what[1] for key in one.ids}
        else:
            chosen.clear()
            plain = set()
        assert len(chosen) == len(plain)
        assert {key for key in KEYS if key in chosen} == plain
        assert sorted(chosen.ids()) == sorted(plain)
        for source in (ONE_LIST, OTHER_LIST):
            assert chosen.of(source, source) == len(plain & {key for one in source for key in one.ids})


@given(st.integers(200, 2400), st.sampled_from([0.85, 1.0, 1.5, 2.0]), st.sets(st.sampled_from(["phone", "note"])))
def test_columns_stand_side_by_side_and_give_way_by_worth(width: int, scale: float, hidden: set[str]) -> None:
    cells = shape.fit(width, scale, hidden)
    keys = [cell.column.key for cell in cells]
    assert keys[:2] == ["when", "patient"]
    assert not hidden & set(keys)
    for one, other in itertools.pairwise(cells):
        assert other.x == one.x + one.width
    assert cells[-1].x + cells[-1].width <= width + 1
    left_out = [c for c in shape.COLUMNS if c.key not in keys and c.key not in hidden]
    assert all(out.worth < cell.column.worth for out in left_out for cell in cells)


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        ("today", "2026-11-20", "2026-11-20"),
        ("this_week", "2026-11-16", "2026-11-22"),
        ("next_7", "2026-11-20", "2026-11-26"),
        ("next_30", "2026-11-20", "2026-12-19"),
        ("last_30", "2026-10-22", "2026-11-20"),
        ("this_month", "2026-11-01", "2026-11-30"),
        ("last_month", "2026-10-01", "2026-10-31"),
    ],
)
def test_stretches_that_have_a_name(preset: str, first: str, last: str) -> None:
    assert ranges.days_of(preset, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


def test_all_dates_are_no_bounds() -> None:
    assert ranges.days_of("all", TODAY) == (None, None)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("24 nov", "2026-11-24", "2026-11-24"),
        ("1 nov to 24 nov", "2026-11-01", "2026-11-24"),
        ("1 nov – 24 nov", "2026-11-01", "2026-11-24"),
        ("1 mar 2025 - 3 apr 2025", "2025-03-01", "2025-04-03"),
        ("2026-11-02 .. 2026-11-03", "2026-11-02", "2026-11-03"),
        ("24 nov to 1 nov", None, None),
        ("hello", None, None),
        ("1 nov to", None, None),
        ("", None, None),
    ],
)
def test_days_that_people_type(typed: str, first: str | None, last: str | None) -> None:
    expected = None if first is None else (date.fromisoformat(first), date.fromisoformat(last))
    assert ranges.typed_days(typed, TODAY) == expected


def test_filters_order_and_columns_are_remembered_and_words_searched_for_are_not(tmp_path) -> None:
    state = kept.State(
        range="custom",
        custom=(date(2026, 11, 1), date(2026, 11, 24)),
        providers=("01a2-x",),
        statuses=("CONFIRMED", "NO_SHOW"),
        source="web",
        missing=True,
        order=Order.PATIENT,
        down=True,
        hidden=("phone", "created"),
    )
    file = SettingsFile(tmp_path)
    file.save(DEFAULTS._replace(listing=state.words()))
    loaded, complaint = SettingsFile(tmp_path).load()
    assert complaint is None
    assert kept.read(loaded.listing) == state
    assert kept.read(()) == kept.State()
    assert kept.read(("order:beauty", "range:never", "hidden:patient", "status:DEAD")) == kept.State(hidden=())
    wanted = state.wanted(TODAY, "reyes")
    assert (wanted.from_day, wanted.to_day, wanted.query) == (date(2026, 11, 1), date(2026, 11, 24), "reyes")
