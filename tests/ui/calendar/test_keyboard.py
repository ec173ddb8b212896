from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt

from himsog_desktop.domain.time import MINUTE
from himsog_desktop.ui.calendar.cursor import Stop, Stops
from tests.support.days import SATURDAY, at, column, page, tile
from tests.ui.calendar.conftest import Bench
from tests.ui.calendar.test_layout import lay_out

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def where(bench: Bench) -> tuple[int, int, str | None]:
    assert bench.view.cursor is not None
    return bench.view.cursor.column, bench.view.cursor.start, bench.view.cursor.tile_id


def test_the_cursor_begins_at_now(bench: Bench) -> None:
    bench.show(page())
    bench.key(KEY.Key_Down)
    assert where(bench) == (0, at(11), None)


def test_arrows_go_row_by_row_and_onto_appointments(bench: Bench) -> None:
    bench.show(page(tile("a", 11, 45)))
    bench.key(KEY.Key_Down)
    assert where(bench) == (0, at(11), "a")
    bench.key(KEY.Key_Down)
    assert where(bench) == (0, at(12), None)
    bench.key(KEY.Key_Up, KEY.Key_Up)
    assert where(bench) == (0, at(10.5), None)


def test_sideways_keeps_the_time_also_over_long_appointments(bench: Bench) -> None:
    bench.show(page(tile("long", 9, 180, "p1")))
    bench.key(KEY.Key_Down, KEY.Key_Right)
    assert where(bench) == (1, at(9), "long")
    bench.key(KEY.Key_Right)
    assert where(bench) == (2, at(11), None)
    bench.key(KEY.Key_Right)
    assert where(bench) == (2, at(11), None), "the last column is the end"


def test_sideways_goes_through_appointments_side_by_side(bench: Bench) -> None:
    bench.show(page(tile("a", 11, 60), tile("b", 11, 60), tile("c", 11.25, 30)))
    bench.view.go_to("a")
    bench.key(KEY.Key_Right)
    assert where(bench)[2] == "b"
    bench.key(KEY.Key_Right)
    assert where(bench)[2] == "c"
    bench.key(KEY.Key_Right)
    assert where(bench)[:2] == (1, at(11))
    bench.view.go_to("c")
    bench.key(KEY.Key_Left)
    assert where(bench)[2] == "b"


def test_enter_opens_an_appointment_and_books_a_free_time(bench: Bench) -> None:
    bench.show(page(tile("a", 11), columns=(column(0, slot=20),)))
    bench.view.go_to("a")
    bench.key(KEY.Key_Return)
    bench.key(KEY.Key_Down, KEY.Key_Enter)
    assert bench.asked("open_requested", "book_requested") == [
        ("open_requested", "a"),
        ("book_requested", "p0", at(11.5), at(11.5) + 20 * MINUTE),
    ]


def test_shift_stretches_free_time_and_enter_books_all_of_it(bench: Bench) -> None:
    bench.show(page(tile("wall", 13)))
    bench.view.move_cursor(Stop(at(11), at(11.5), None, 0))
    bench.key(KEY.Key_Down, KEY.Key_Down, KEY.Key_Down, KEY.Key_Down, KEY.Key_Down, modifiers=SHIFT)
    assert bench.view.cursor_range() == (at(11), at(13)), "it does not run over an appointment"
    bench.key(KEY.Key_Up, modifiers=SHIFT)
    bench.key(KEY.Key_Return)
    assert bench.asked("book_requested") == [("book_requested", "p0", at(11), at(12.5))]


def test_stretching_upwards(bench: Bench) -> None:
    bench.show(page())
    bench.view.move_cursor(Stop(at(11), at(11.5), None, 0))
    bench.key(KEY.Key_Up, KEY.Key_Up, modifiers=SHIFT)
    assert bench.view.cursor_range() == (at(10), at(11.5))
    bench.key(KEY.Key_Down)
    assert bench.view.cursor_range() == (at(10.5), at(11))


def test_space_selects_and_escape_lets_go(bench: Bench) -> None:
    bench.show(page(tile("a", 11), tile("b", 12)))
    for tile_id in ("b", "a"):
        bench.view.go_to(tile_id)
        bench.key(KEY.Key_Space)
    assert bench.view.selection() == ["a", "b"]
    bench.key(KEY.Key_Escape)
    assert bench.view.selection() == []
    assert bench.asked("selection_changed")[-1] == ("selection_changed", [])


def test_moving_by_keys(bench: Bench) -> None:
    bench.show(page(tile("a", 11, 45)))
    bench.view.go_to("a")
    bench.key(KEY.Key_R, KEY.Key_Down, KEY.Key_Down, KEY.Key_Right)
    assert bench.view.hand.lifted == "a"
    assert not bench.asked("move_requested")
    bench.key(KEY.Key_Return)
    assert bench.asked("move_requested") == [("move_requested", "a", "p1", at(12), at(12.75))]
    assert bench.view.hand.gesture is None


def test_moving_by_keys_given_back(bench: Bench) -> None:
    bench.show(page(tile("a", 11)))
    bench.view.go_to("a")
    bench.key(KEY.Key_R, KEY.Key_Up, KEY.Key_Escape)
    assert bench.view.hand.gesture is None
    assert not bench.asked("move_requested")
    assert where(bench)[2] == "a"


def test_moving_by_keys_ends_when_the_focus_goes(bench: Bench) -> None:
    bench.show(page(tile("a", 11)))
    bench.view.go_to("a")
    bench.key(KEY.Key_R, KEY.Key_Up)
    bench.view.clearFocus()
    assert bench.view.hand.gesture is None


def test_moving_by_keys_reaches_the_grid_of_other_hours(bench: Bench) -> None:
    bench.show(page(tile("a", 8), columns=(column(0), column(1, opens=8 + 1 / 3))))
    bench.view.go_to("a")
    bench.key(KEY.Key_R, KEY.Key_Right, KEY.Key_Down, KEY.Key_Down, KEY.Key_Return)
    assert bench.asked("move_requested") == [("move_requested", "a", "p1", at(8 + 50 / 60), at(9 + 20 / 60))]


@pytest.mark.parametrize("status", ["COMPLETED", "CANCELLED", "NO_SHOW"])
def test_what_is_over_is_not_moved(bench: Bench, status: str) -> None:
    bench.show(page(tile("a", 11, status=status)))
    bench.view.go_to("a")
    bench.key(KEY.Key_R)
    assert bench.view.hand.gesture is None


def test_home_end_and_pages(bench: Bench) -> None:
    bench.show(page(tile("early", 7), columns=3))
    bench.key(KEY.Key_Home)
    assert where(bench) == (0, at(7), "early")
    bench.key(KEY.Key_End)
    assert where(bench) == (0, at(16.5), None)
    bench.key(KEY.Key_PageUp)
    column_, start, _ = where(bench)
    assert column_ == 0
    assert at(7) < start < at(12)
    bench.key(KEY.Key_PageDown)
    assert where(bench)[1] > at(14)
    bench.key(KEY.Key_End, modifiers=CONTROL)
    assert where(bench)[0] == 2


def test_control_and_arrows_go_from_appointment_to_appointment(bench: Bench) -> None:
    bench.show(page(tile("a", 9), tile("b", 14)))
    bench.view.go_to("a")
    bench.key(KEY.Key_Down, modifiers=CONTROL)
    assert where(bench)[2] == "b"
    bench.key(KEY.Key_Down, modifiers=CONTROL)
    assert where(bench)[2] == "b"
    bench.key(KEY.Key_Up, modifiers=CONTROL)
    assert where(bench)[2] == "a"


def test_plus_and_minus_zoom(bench: Bench) -> None:
    bench.show(page())
    bench.key(KEY.Key_Plus, KEY.Key_Minus, KEY.Key_Minus, KEY.Key_Minus)
    assert [value for _, value in bench.asked("zoom_changed")] == [20, 30, 60]


def test_keys_of_the_shell_are_left_to_it(bench: Bench) -> None:
    bench.show(page(tile("a", 11)))
    bench.view.go_to("a")
    before = list(bench.heard)
    bench.key(KEY.Key_C, KEY.Key_X, KEY.Key_N, KEY.Key_T)
    bench.key(KEY.Key_K, KEY.Key_N, KEY.Key_Z, modifiers=CONTROL)
    assert bench.heard == before


def test_the_cursor_is_always_in_sight(bench: Bench) -> None:
    bench.show(page(columns=12))
    for _ in range(11):
        bench.key(KEY.Key_Right)
    bench.key(KEY.Key_End, KEY.Key_Down, KEY.Key_Down, KEY.Key_Down, KEY.Key_Down)
    rect = bench.view.cursor_rect()
    assert bench.view.viewport().rect().contains(rect)
    bench.key(KEY.Key_Home, modifiers=CONTROL)
    assert bench.view.viewport().rect().contains(bench.view.cursor_rect())


def test_the_card_opens_by_key(bench: Bench) -> None:
    bench.show(page(tile("a", 11)))
    bench.view.go_to("a")
    bench.key(KEY.Key_I)
    card = bench.view.pointer.card.shown
    assert card is not None
    assert card.facts[0].text == "Reyes, Ana"
    bench.key(KEY.Key_Down)
    assert bench.view.pointer.card.shown is None


def test_the_cursor_says_where_it_is(bench: Bench) -> None:
    bench.show(page(tile("a", 11)))
    bench.key(KEY.Key_Down, KEY.Key_Down)
    assert bench.asked("cursor_changed") == [
        ("cursor_changed", "p0", at(11), at(11.5), "a"),
        ("cursor_changed", "p0", at(11.5), at(12), ""),
    ]


def test_without_a_page_keys_do_nothing(bench: Bench) -> None:
    bench.key(KEY.Key_Down, KEY.Key_Return, KEY.Key_R, KEY.Key_Space, KEY.Key_Home)
    assert bench.heard == []
    bench.show(page(columns=0))
    bench.key(KEY.Key_Down, KEY.Key_Return, KEY.Key_Right)
    assert bench.heard == []


# ------------------------------------------------------------------------------- stops, without Qt


def test_every_appointment_is_a_stop() -> None:
    tiles = [tile(f"t{n}", 9 + n / 12, 60, status=("CONFIRMED", "CANCELLED")[n % 2]) for n in range(12)]
    stops = Stops(lay_out(page(*tiles))).of(0)
    assert sorted(s.tile_id for s in stops if s.tile_id) == sorted(t.id for t in tiles)
    assert stops == sorted(stops, key=lambda s: s.start)


def test_free_rows_never_lie_under_what_stands() -> None:
    stops = Stops(lay_out(page(tile("a", 9, 50), tile("b", 9 + 55 / 60, 30)))).of(0)
    free = [s for s in stops if s.tile_id is None]
    assert all(s.end <= at(9) or s.start >= at(10) + 25 * MINUTE or s.start == at(9) + 50 * MINUTE for s in free)
    assert Stop(at(9) + 50 * MINUTE, at(9) + 55 * MINUTE, None, 0) in free, "a gap shorter than a row is a stop too"
    assert len({s.start for s in free}) == len(free)


def test_rows_cover_the_whole_day() -> None:
    stops = Stops(lay_out(page())).of(0)
    assert len(stops) == 48
    assert stops[0].start == at(0)
    assert stops[-1].end == at(24)
    assert all(a.end == b.start for a, b in itertools.pairwise(stops))


def test_the_time_of_a_cancelled_one_is_free_too() -> None:
    stops = Stops(lay_out(page(tile("gone", 9, status="CANCELLED")))).of(0)
    assert [s.tile_id for s in stops if s.start == at(9)] in (["gone", None], [None, "gone"])


def test_alt_and_an_arrow_carry_it_to_another_day(bench: Bench) -> None:
    turned: list[int] = []
    bench.view.turn_requested.connect(turned.append)
    bench.show(page(tile("a", 9)))
    bench.view.go_to("a")
    bench.key(Qt.Key.Key_R, Qt.Key.Key_Down)
    bench.key(Qt.Key.Key_Right, modifiers=Qt.KeyboardModifier.AltModifier)
    bench.view.set_page(page(day=SATURDAY))
    bench.key(Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert turned == [1]
    assert bench.asked("move_requested") == [("move_requested", "a", "p1", at(9.5, SATURDAY), at(10, SATURDAY))]


def test_carried_there_and_back_it_is_where_it_was(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    bench.view.go_to("a")
    bench.key(Qt.Key.Key_R)
    bench.key(Qt.Key.Key_Right, modifiers=Qt.KeyboardModifier.AltModifier)
    bench.view.set_page(page(day=SATURDAY))
    bench.key(Qt.Key.Key_Left, modifiers=Qt.KeyboardModifier.AltModifier)
    bench.view.set_page(page(tile("a", 9)))
    bench.key(Qt.Key.Key_Return)
    assert bench.asked("move_requested") == []
