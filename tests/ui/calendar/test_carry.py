"""What is dragged by an end, to another day, or lost on the way."""

from __future__ import annotations

from PySide6.QtCore import QPoint

from himsog_desktop.domain.time import MINUTE
from tests.support.days import SATURDAY, at, page, tile
from tests.ui.calendar.conftest import Bench


def test_dragging_the_upper_edge_changes_when_it_starts(bench: Bench) -> None:
    bench.show(page(tile("a", 9, 60)))
    start = bench.of("a", dy=1)
    bench.press(start)
    bench.travel(start - QPoint(0, 40))
    bench.release(bench.place(0, at(8.5)))
    assert bench.asked("resize_requested", "move_requested") == [("resize_requested", "a", at(8.5), at(10))]


def test_its_start_stays_before_its_end(bench: Bench) -> None:
    bench.show(page(tile("a", 9, 60)))
    start = bench.of("a", dy=1)
    bench.press(start)
    bench.travel(start + QPoint(0, 40))
    bench.release(bench.place(0, at(12)))
    assert bench.asked("resize_requested") == [("resize_requested", "a", at(10) - 5 * MINUTE, at(10))]


def test_what_rests_at_the_side_is_carried_to_the_next_day(bench: Bench) -> None:
    turned: list[int] = []
    bench.view.turn_requested.connect(turned.append)
    bench.show(page(tile("a", 9)))
    start = bench.of("a")
    bench.press(start)
    side = QPoint(bench.view.viewport().width() - 4, start.y() + 60)
    bench.travel(side)
    bench.view.pointer.borders.turn_on()
    assert turned == [1]
    bench.view.set_page(page(tile("b", 11, day=SATURDAY), day=SATURDAY))
    gesture = bench.view.hand.gesture
    assert gesture is not None
    assert gesture.away
    ghost = gesture.ghost
    bench.release(side)
    assert bench.asked("move_requested") == [("move_requested", "a", "p2", ghost.start, ghost.end)]
    assert ghost.start > at(0, SATURDAY)
    assert ghost.end - ghost.start == 30 * MINUTE


def test_turned_back_before_the_other_day_comes(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    start = bench.of("a")
    bench.press(start)
    bench.travel(start + QPoint(0, 60))
    assert bench.view.hand.turn(1)
    bench.view.set_page(page(tile("a", 9), tile("new", 11)))
    assert bench.view.hand.gesture is None
    assert bench.view.tile("new") is not None
    bench.release(start + QPoint(0, 60))
    assert not bench.asked("move_requested")


def test_what_is_changed_while_the_other_day_is_on_its_way_is_given_back(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    start = bench.of("a")
    bench.press(start)
    bench.travel(start + QPoint(0, 60))
    assert not bench.view.hand.lost(["a"], everything=True), "in sight its page tells"
    assert bench.view.hand.turn(1)
    assert bench.view.hand.lost([], everything=True)
    bench.release(start + QPoint(0, 60))


def test_let_go_before_the_other_day_is_there_moves_nothing(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    start = bench.of("a")
    bench.press(start)
    bench.travel(start + QPoint(0, 60))
    assert bench.view.hand.turn(1)
    bench.release(start + QPoint(0, 60))
    bench.view.set_page(page(day=SATURDAY))
    assert bench.view.hand.gesture is None
    assert not bench.asked("move_requested")


def test_what_is_carried_is_given_back_when_somebody_changes_it(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    start = bench.of("a")
    bench.press(start)
    bench.travel(start + QPoint(0, 60))
    assert not bench.view.hand.lost({"a"})  # its row is in view: the page that comes decides
    bench.view.hand.turn(1)
    bench.view.set_page(page(day=SATURDAY))
    assert not bench.view.hand.lost({"b"})
    assert bench.view.hand.lost({"a"})
    bench.release(start + QPoint(0, 60))
    assert not bench.asked("move_requested")


def test_losing_the_focus_gives_a_drag_back(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    start = bench.of("a")
    bench.press(start)
    bench.travel(start + QPoint(0, 90))
    bench.view.clearFocus()
    assert bench.view.hand.gesture is None
    bench.release(start + QPoint(0, 90))
    assert not bench.asked("move_requested")
