from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from himsog_desktop.domain.time import MINUTE
from himsog_desktop.ui.calendar.day_paint import ghost_region
from tests.support.days import at, column, page, tile
from tests.ui.calendar.conftest import Bench


def test_a_click_on_an_appointment_opens_and_selects_it(bench: Bench) -> None:
    bench.show(page(tile("a", 9), tile("b", 10)))
    bench.click(bench.of("a"))
    assert bench.asked("open_requested", "move_requested", "book_requested") == [("open_requested", "a")]
    assert bench.view.selection() == ["a"]


def test_control_click_selects_more_and_opens_nothing(bench: Bench) -> None:
    bench.show(page(tile("a", 9), tile("b", 10)))
    bench.click(bench.of("b"), Qt.KeyboardModifier.ControlModifier)
    bench.click(bench.of("a"), Qt.KeyboardModifier.ControlModifier)
    assert bench.view.selection() == ["a", "b"]
    bench.click(bench.of("b"), Qt.KeyboardModifier.ControlModifier)
    assert bench.view.selection() == ["a"]
    assert not bench.asked("open_requested")


def test_a_click_on_a_free_time_books_the_providers_slot(bench: Bench) -> None:
    bench.show(page(columns=(column(0), column(1, slot=45))))
    bench.click(bench.place(1, at(9.5)))
    assert bench.asked("book_requested") == [("book_requested", "p1", at(9.5), at(10.25))]


def test_a_free_time_follows_the_grid_of_the_open_hours(bench: Bench) -> None:
    bench.show(page(columns=(column(0, opens=8 + 1 / 3),)))
    bench.click(bench.place(0, at(9)))
    assert bench.asked("book_requested") == [("book_requested", "p0", at(8 + 50 / 60), at(9 + 20 / 60))]


def test_dragging_moves_and_asks_once(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    start = bench.of("a")
    bench.press(start)
    bench.travel(start + QPoint(3, 3))
    assert not bench.view.hand.gesture.active  # type: ignore[union-attr]
    bench.travel(start + QPoint(0, 40))
    bench.travel(bench.place(2, at(11)) + QPoint(0, 2))
    bench.release(bench.place(2, at(11)) + QPoint(0, 2))
    assert bench.asked("move_requested") == [("move_requested", "a", "p2", at(11), at(11.5))]
    assert not bench.asked("open_requested", "book_requested")


def test_a_drag_sideways_keeps_a_time_off_the_grid(bench: Bench) -> None:
    bench.show(page(tile("a", 9 + 10 / 60, 25)))
    start = bench.of("a")
    bench.press(start)
    across = bench.layout.columns.left(1) - bench.layout.columns.left(0)
    bench.travel(start + QPoint(across, 2))
    bench.release(start + QPoint(across, 2))
    assert bench.asked("move_requested") == [("move_requested", "a", "p1", at(9 + 10 / 60), at(9 + 35 / 60))]


def test_a_shaky_click_moves_nothing(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    start = bench.of("a")
    bench.press(start)
    bench.travel(start + QPoint(9, 9))
    bench.release(start + QPoint(9, 9))
    assert bench.asked("move_requested", "open_requested") == [("open_requested", "a")]


def test_escape_gives_a_drag_back(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    start = bench.of("a")
    bench.press(start)
    bench.travel(start + QPoint(0, 90))
    bench.key(Qt.Key.Key_Escape)
    assert bench.view.hand.gesture is None
    bench.release(start + QPoint(0, 90))
    assert bench.heard == []


def test_dropping_it_where_it_was_asks_nothing(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    start = bench.of("a")
    bench.press(start)
    bench.travel(start + QPoint(0, 100))
    bench.travel(start)
    bench.release(start)
    assert not bench.asked("move_requested", "open_requested")


def test_dragging_the_lower_edge_changes_the_length(bench: Bench) -> None:
    bench.show(page(tile("a", 9, 30)))
    box = bench.layout.by_id["a"]
    start = bench.of("a", dy=box.height - 2)
    bench.press(start)
    bench.travel(start + QPoint(0, 50))
    bench.release(bench.place(0, at(10.5)))
    assert bench.asked("resize_requested", "move_requested") == [("resize_requested", "a", at(9), at(10.5))]


def test_it_gets_no_shorter_than_five_minutes(bench: Bench) -> None:
    bench.show(page(tile("a", 9, 60)))
    start = bench.of("a", dy=bench.layout.by_id["a"].height - 2)
    bench.press(start)
    bench.travel(start - QPoint(0, 30))
    bench.release(bench.place(0, at(8)))
    assert bench.asked("resize_requested") == [("resize_requested", "a", at(9), at(9) + 5 * MINUTE)]


@pytest.mark.parametrize(("first", "last"), [(13, 14), (14, 13)])
def test_dragging_over_free_time_books_that_long(bench: Bench, first: float, last: float) -> None:
    bench.show(page())
    bench.press(bench.place(1, at(first)))
    bench.travel(bench.place(1, at(13.5)))
    bench.travel(bench.place(2, at(last)))  # the column is where it began
    bench.release(bench.place(2, at(last)))
    assert bench.asked("book_requested") == [("book_requested", "p1", at(13), at(14.5))]


@pytest.mark.parametrize("status", ["COMPLETED", "CANCELLED", "NO_SHOW"])
def test_what_is_over_can_be_opened_but_not_moved(bench: Bench, status: str) -> None:
    bench.show(page(tile("a", 9, status=status)))
    start = bench.of("a")
    bench.press(start)
    bench.travel(start + QPoint(0, 120))
    assert bench.view.hand.gesture is None
    bench.release(start + QPoint(0, 120))
    bench.click(start)
    assert bench.asked("move_requested", "open_requested") == [("open_requested", "a")] * 2


def test_a_page_that_comes_while_dragging_waits(bench: Bench) -> None:
    bench.show(page(tile("a", 9), tile("b", 13)))
    start = bench.of("a")
    bench.press(start)
    bench.travel(start + QPoint(0, 60))
    later = page(tile("a", 9), tile("c", 15))
    bench.view.set_page(page(tile("a", 9)))
    bench.view.set_page(later, glow=["c"])
    assert bench.view.tile("b") is not None
    bench.release(bench.place(0, at(11)) + QPoint(0, 2))
    assert bench.view.page is later
    assert bench.asked("move_requested") == [("move_requested", "a", "p0", at(11), at(11.5))]
    assert [tile_id for tile_id, _ in bench.view.glow.strengths()] == ["c"]


def test_a_page_that_waits_is_shown_when_the_drag_is_given_back(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    bench.press(bench.of("a"))
    bench.travel(bench.of("a") + QPoint(0, 60))
    later = page(tile("a", 12))
    bench.view.set_page(later)
    bench.key(Qt.Key.Key_Escape)
    assert bench.view.page is later
    assert not bench.asked("move_requested")


def test_a_drag_of_what_a_colleague_deleted_ends_without_effect(bench: Bench) -> None:
    bench.show(page(tile("a", 9), tile("b", 10)))
    bench.press(bench.of("a"))
    bench.travel(bench.of("a") + QPoint(0, 90))
    gone = page(tile("b", 10))
    bench.view.set_page(gone)
    assert bench.view.hand.gesture is None
    assert bench.view.page is gone
    bench.release(QPoint(200, 300))
    assert bench.heard == []


def test_a_drag_of_what_a_colleague_cancelled_asks_nothing(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    bench.press(bench.of("a"))
    bench.travel(bench.of("a") + QPoint(0, 90))
    bench.view.set_page(page(tile("a", 9, status="CANCELLED")))
    bench.release(bench.place(0, at(11)))
    assert not bench.asked("move_requested")


def test_another_day_ends_a_drag(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    bench.press(bench.of("a"))
    bench.travel(bench.of("a") + QPoint(0, 90))
    other = page(tile("a", 9))._replace(day="2026-11-21")
    bench.view.set_page(other)
    assert bench.view.hand.gesture is None
    assert bench.view.page is other


def test_hiding_the_view_ends_a_drag(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    bench.press(bench.of("a"))
    bench.travel(bench.of("a") + QPoint(0, 90))
    bench.view.hide()
    assert bench.view.hand.gesture is None
    bench.view.show()


def test_the_ghost_asks_why_not_and_says_it(bench: Bench, qtbot: QtBot) -> None:
    asked: list[tuple[object, ...]] = []

    def why_not(*question: object) -> list[str]:
        asked.append(question)
        return ["Booked: 11:00–11:30"]

    bench.view.why_not = why_not
    bench.show(page(tile("a", 9)))
    bench.press(bench.of("a"))
    bench.travel(bench.of("a") + QPoint(0, 30))
    for step in range(40):
        bench.travel(bench.place(1, at(10)) + QPoint(0, 3 * step))
    qtbot.waitUntil(lambda: asked[-1] == ("p1", at(11.5), at(12), "a"), timeout=2000)
    assert len(asked) < 20, "asked for every pixel"
    assert bench.view.hand.reasons == ["Booked: 11:00–11:30"]
    bench.key(Qt.Key.Key_Escape)
    assert bench.view.hand.reasons == []


def test_only_the_ghost_is_repainted_while_dragging(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    bench.press(bench.of("a"))
    bench.travel(bench.of("a") + QPoint(0, 60))
    covered = ghost_region(bench.view).boundingRect()
    assert covered.width() < bench.view.viewport().width() / 2
    assert covered.height() < bench.view.viewport().height() / 3
    bench.key(Qt.Key.Key_Escape)
    assert ghost_region(bench.view).isEmpty()


def test_dragging_to_the_border_scrolls(bench: Bench, qtbot: QtBot) -> None:
    bench.show(page(tile("a", 9)))
    bar = bench.view.verticalScrollBar()
    before = bar.value()
    bench.press(bench.of("a"))
    bench.travel(bench.of("a") + QPoint(0, 60))
    bench.travel(QPoint(100, bench.view.viewport().height() - 4))
    qtbot.waitUntil(lambda: bar.value() > before + 60, timeout=3000)
    bench.key(Qt.Key.Key_Escape)
    assert not bench.view.pointer.borders._scroll_timer.isActive()


def test_a_click_on_plus_n_goes_through_what_it_holds(bench: Bench) -> None:
    bench.show(page(*(tile(f"t{n}", 9 + n / 12, 60) for n in range(6))))
    (chip,) = bench.layout.chips[0]
    x, y = bench.view.offset()
    place = QPoint(chip.x + 3 - x, chip.y + 3 - y)
    seen = []
    for _ in range(3):
        bench.click(place)
        assert bench.view.cursor is not None
        seen.append(bench.view.cursor.tile_id)
    assert seen == ["t4", "t5", "t4"]
    assert not bench.asked("open_requested", "book_requested")


def test_a_marker_scrolls_to_what_it_counts(bench: Bench) -> None:
    bench.show(page(tile("early", 6), tile("late", 22)))
    bench.view.verticalScrollBar().setValue(round(bench.layout.time.y(at(9))))
    markers = bench.view.markers.shown()
    assert [(m.text, m.up) for m in markers] == [("1 earlier", True), ("1 later", False)]
    foot = bench.view._foot
    assert not foot.geometry().intersects(bench.view.viewport().geometry())  # over no tile
    at_it = markers[1].rect.center() + QPoint(bench.view.viewport().x() - foot.x(), 0)
    QTest.mouseClick(foot, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at_it)
    y = bench.view.verticalScrollBar().value()
    assert bench.layout.by_id["late"] in bench.layout.visible(0, y, y + bench.view.viewport().height())
    assert bench.heard == []


def test_hovering_shows_every_fact_and_leaving_hides_them(bench: Bench, qtbot: QtBot) -> None:
    bench.show(page(tile("a", 9, note="Brings results", services="Check-up; X-ray", flags=1)))
    bench.travel(bench.of("a"))
    assert bench.view.pointer.card.shown is None
    qtbot.waitUntil(lambda: bench.view.pointer.card.shown is not None, timeout=2000)
    card = bench.view.pointer.card.shown
    assert card is not None
    words = [fact.text for fact in card.facts]
    assert words == [
        "Reyes, Ana",
        "Confirmed",
        "09:00–09:30 · 30 min · Dr Cruz",
        "Check-up",
        "X-ray",
        "In person",
        "0917 555 0001",
        "Brings results",
        "Waiting to be sent to the server.",
    ]
    bench.travel(bench.place(2, at(14)))
    assert bench.view.pointer.card.shown is None


def test_hovering_a_time_that_is_not_free_gives_every_reason(bench: Bench, qtbot: QtBot) -> None:
    bench.view.explain = lambda provider, start, end: ["Past: it is 10:42.", "Closed."] if provider == "p1" else []
    bench.show(page())
    bench.travel(bench.place(1, at(9)))
    qtbot.waitUntil(lambda: bench.view.pointer.card.shown is not None, timeout=2000)
    card = bench.view.pointer.card.shown
    assert card is not None
    assert [fact.text for fact in card.facts] == ["09:00–09:30 is not free", "Dr Lim", "Past: it is 10:42.", "Closed."]
    bench.travel(bench.place(0, at(9)))
    bench.view.pointer.card.rested()
    assert bench.view.pointer.card.shown is None, "a free time needs no explanation"


def test_a_right_click_asks_for_a_menu_where_it_is(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    view = bench.view
    from PySide6.QtGui import QContextMenuEvent

    for place, wanted in ((bench.of("a"), "a"), (bench.place(1, at(9)), "")):
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.viewport().mapToGlobal(place))
        QApplication.sendEvent(view.viewport(), event)
        asked = bench.asked("context_requested")[-1]
        assert asked[1] == wanted
        assert asked[2] == view.viewport().mapToGlobal(place)
    assert view.cursor is not None
    assert (view.cursor.column, view.cursor.start) == (1, at(9))


def test_control_and_wheel_zoom_around_the_pointer(bench: Bench) -> None:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QWheelEvent

    bench.show(page())
    view = bench.view
    bar = view.verticalScrollBar()
    place = QPointF(200, 250)
    before = bench.layout.time.instant(bar.value() + place.y())
    event = QWheelEvent(
        place, view.viewport().mapToGlobal(place), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)
    assert bench.asked("zoom_changed") == [("zoom_changed", 20)]
    after = bench.layout.time.instant(bar.value() + place.y())
    assert abs(after - before) < 2 * MINUTE


def test_a_second_click_of_a_double_click_asks_nothing_more(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    place = bench.of("a")
    QTest.mouseClick(bench.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    QTest.mouseDClick(bench.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert bench.asked("open_requested").count(("open_requested", "a")) <= 2
    assert not bench.asked("book_requested", "move_requested")
