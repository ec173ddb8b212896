"""The week by hand, by key and by ear: the day's view with columns that are days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from himsog_desktop.domain.day import Tile
from himsog_desktop.domain.time import HOUR, MINUTE, zone
from himsog_desktop.ui.calendar.cursor import Stop
from himsog_desktop.ui.calendar.day_view import DayView
from himsog_desktop.ui.theme.theme import Theme
from tests.support.days import FRIDAY, at, tile
from tests.support.weeks import MONDAY, NEW_YORK, days_of, minutes_after, week
from tests.ui.calendar.conftest import Bench

NAME, DESCRIPTION = QAccessible.Text.Name, QAccessible.Text.Description
TUESDAY, WEDNESDAY, THURSDAY = days_of(MONDAY)[1:4]


@pytest.fixture
def bench(qtbot: QtBot, theme: Theme) -> Iterator[Bench]:
    view = DayView(theme)
    view.expect_days()
    view.now = lambda: at(10.7)
    view.resize(1150, 640)
    view.show()
    view.activateWindow()
    view.setFocus(Qt.FocusReason.OtherFocusReason)
    QApplication.processEvents()
    made = Bench(view)
    yield made
    view.hide()
    made.release(QPoint(0, 0))
    shiboken6.delete(view)


@pytest.fixture
def _reader() -> Iterator[None]:
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(before)


def on(bench: Bench, column: int, hour: float, day: date, dx: int = 60) -> QPoint:
    """Where a time of a day lies in the viewport."""
    x, y = bench.view.offset()
    time = bench.layout.times[column]
    return QPoint(bench.layout.columns.left(column) + dx - x, round(time.y(at(hour, day))) + 3 - y)


def drag(bench: Bench, start: QPoint, to: QPoint) -> None:
    bench.press(start)
    bench.travel(start + QPoint(0, 14))
    bench.travel(to)
    bench.release(to)


def test_a_free_time_is_booked_on_its_day(bench: Bench) -> None:
    bench.show(week())
    bench.click(on(bench, 2, 9.5, WEDNESDAY))
    assert bench.asked("book_requested") == [("book_requested", "p0", at(9.5, WEDNESDAY), at(10, WEDNESDAY))]


def test_with_several_providers_nobody_is_meant(bench: Bench) -> None:
    bench.show(week(providers=("p0", "p1")))
    bench.click(on(bench, 2, 9.5, WEDNESDAY))
    assert bench.asked("book_requested") == [("book_requested", "", at(9.5, WEDNESDAY), at(10, WEDNESDAY))]


def test_a_drag_to_another_day_keeps_the_time_and_the_provider(bench: Bench) -> None:
    bench.show(week(tile("a", 9 + 10 / 60, 25, "p1", day=TUESDAY), providers=("p0", "p1")))
    start = bench.of("a")
    across = bench.layout.columns.left(3) - bench.layout.columns.left(1)
    drag(bench, start, start + QPoint(across, 2))
    begins = at(9 + 10 / 60, THURSDAY)
    assert bench.asked("move_requested") == [("move_requested", "a", "p1", begins, begins + 25 * MINUTE)]


def test_a_drag_to_another_day_and_time(bench: Bench) -> None:
    bench.show(week(tile("a", 9, 30, day=TUESDAY)))
    drag(bench, bench.of("a"), on(bench, 5, 14, days_of(MONDAY)[5], 14) + QPoint(0, 1))
    day = days_of(MONDAY)[5]
    assert bench.asked("move_requested") == [("move_requested", "a", "p0", at(14, day), at(14.5, day))]


def test_a_drag_over_a_free_day_books_that_long_there(bench: Bench) -> None:
    bench.show(week())
    drag(bench, on(bench, 3, 13, THURSDAY), on(bench, 4, 14, FRIDAY))
    assert bench.asked("book_requested") == [("book_requested", "p0", at(13, THURSDAY), at(14.5, THURSDAY))]


def test_the_lower_edge_changes_the_length(bench: Bench) -> None:
    bench.show(week(tile("a", 9, 30, day=TUESDAY)))
    box = bench.layout.by_id["a"]
    drag(bench, bench.of("a", dy=box.height - 2), on(bench, 1, 10.5, TUESDAY))
    assert bench.asked("resize_requested") == [("resize_requested", "a", at(9, TUESDAY), at(10.5, TUESDAY))]


def test_escape_gives_back_and_a_shaky_click_opens(bench: Bench) -> None:
    bench.show(week(tile("a", 9, 30, day=TUESDAY)))
    start = bench.of("a")
    bench.press(start)
    bench.travel(start + QPoint(200, 30))
    assert bench.view.hand.lifted == "a"
    bench.key(Qt.Key.Key_Escape)
    bench.release(start + QPoint(200, 30))
    assert bench.heard == []
    bench.press(start)
    bench.travel(start + QPoint(9, 9))
    bench.release(start + QPoint(9, 9))
    assert bench.asked("move_requested", "open_requested") == [("open_requested", "a")]


def test_the_ghost_says_which_day_and_why_not(bench: Bench) -> None:
    asked: list[tuple[str, int]] = []

    def why_not(provider: str, start: int, end: int, ignore: str | None) -> list[str]:
        asked.append((provider, start))
        return ["Booked"]

    bench.view.why_not = why_not
    bench.show(week(tile("a", 9, 30, "p1", day=TUESDAY), providers=("p0", "p1")))
    start = bench.of("a")
    across = bench.layout.columns.left(3) - bench.layout.columns.left(1)
    bench.press(start)
    bench.travel(start + QPoint(across, 14))
    bench.view.hand._ask()
    from himsog_desktop.ui.calendar.day_paint import ghost_words

    _, lines = ghost_words(bench.view, bench.layout)
    assert lines[1:] == ["Thu 19 Nov", "Booked"]
    assert asked[-1][0] == "p1"
    bench.release(start + QPoint(across, 14))


def test_what_runs_over_midnight_is_held_by_either_part(bench: Bench) -> None:
    bench.show(week(minutes_after("night", 23 * 60, 120, TUESDAY)))
    bench.view.verticalScrollBar().setValue(0)
    x, y = bench.view.offset()
    part = bench.layout.boxes[2][0]
    start = QPoint(part.x - x + 14, part.y - y + 20)
    across = bench.layout.columns.left(4) - bench.layout.columns.left(2)
    drag(bench, start, start + QPoint(across, 2))
    begins = at(23, THURSDAY)
    # It would reach into the day after, so it is held to the end of its day.
    assert bench.asked("move_requested") == [("move_requested", "night", "p0", begins - HOUR, begins + HOUR)]


def test_arrows_cross_the_days_at_the_same_time(bench: Bench) -> None:
    bench.show(week(tile("a", 9, 30, day=TUESDAY)))
    bench.view.go_to("a")
    bench.key(Qt.Key.Key_Right)
    cursor = bench.view.cursor
    assert cursor is not None
    assert (cursor.column, cursor.start, cursor.tile_id) == (2, at(9, WEDNESDAY), None)
    bench.key(Qt.Key.Key_Left)
    assert bench.view.cursor is not None
    assert bench.view.cursor.tile_id == "a"
    bench.key(Qt.Key.Key_Space)
    assert bench.view.selection() == ["a"]
    bench.key(Qt.Key.Key_Return)
    assert bench.asked("open_requested") == [("open_requested", "a")]


def test_enter_books_on_the_day_under_the_cursor(bench: Bench) -> None:
    bench.show(week())
    bench.view.move_cursor(Stop(at(11, THURSDAY), at(11.5, THURSDAY), None, 3))
    bench.key(Qt.Key.Key_Return)
    assert bench.asked("book_requested") == [("book_requested", "p0", at(11, THURSDAY), at(11.5, THURSDAY))]


def test_moving_by_keys_crosses_days(bench: Bench) -> None:
    bench.show(week(tile("a", 9, 30, day=TUESDAY)))
    bench.view.go_to("a")
    bench.key(Qt.Key.Key_R, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return)
    moved = ("move_requested", "a", "p0", at(9.5, THURSDAY), at(10, THURSDAY))
    assert bench.asked("move_requested") == [moved]


def test_a_click_on_the_crowd_opens_that_day(bench: Bench) -> None:
    bench.show(week(*(tile(f"t{n}", 11, 60, day=THURSDAY) for n in range(9))))
    (chip,) = bench.layout.chips[3]
    x, y = bench.view.offset()
    bench.view.verticalScrollBar().setValue(chip.y - 100)
    x, y = bench.view.offset()
    heard: list[str] = []
    bench.view.day_requested.connect(heard.append)
    bench.click(QPoint(chip.x - x + 5, chip.y - y + 5))
    assert heard == ["2026-11-19"]


def test_selection_and_cursor_are_kept_over_a_new_page(bench: Bench) -> None:
    bench.show(week(tile("a", 9, day=TUESDAY), tile("b", 10, day=FRIDAY)))
    bench.view.go_to("b")
    bench.view.set_selection(["a", "b"])
    bench.view.set_page(week(tile("b", 15, day=THURSDAY), tile("c", 8, day=MONDAY)), glow=["c"])
    assert bench.view.selection() == ["b"]
    assert bench.view.cursor == Stop(at(15, THURSDAY), at(15.5, THURSDAY), "b", 3)
    assert [key for key, _ in bench.view.glow.strengths()] == ["c"]


def test_another_week_keeps_weekday_and_time(bench: Bench) -> None:
    bench.show(week())
    bench.view.move_cursor(Stop(at(11, THURSDAY), at(11.5, THURSDAY), None, 3))
    later = date(2026, 11, 23)
    bench.view.set_page(week(first=later))
    cursor = bench.view.cursor
    assert cursor is not None
    assert (cursor.column, cursor.start) == (3, at(11, days_of(later)[3]))


def test_days_with_a_shift_of_the_clock_are_worked_on(qtbot: QtBot, bench: Bench) -> None:
    """Both hours of 01:00 are hit; a drag from Saturday goes to the first, a row further to the second."""
    first = date(2026, 10, 26)
    saturday, sunday = days_of(first)[5:]
    bench.view.now = lambda: zone(NEW_YORK).day_bounds(saturday)[0]
    bench.show(week(tile("a", 1, 60, day=saturday, timezone=NEW_YORK), first=first, timezone=NEW_YORK))
    bench.view.verticalScrollBar().setValue(0)
    midnight = zone(NEW_YORK).day_bounds(sunday)[0]
    x, y = bench.view.offset()
    left = bench.layout.columns.left(6) - x + 30
    hour = round(bench.layout.time.hour_px)
    for hours, instant in ((1, midnight + HOUR), (2, midnight + 2 * HOUR)):
        hit = bench.view.pointer.hit(QPoint(left, hour * hours + 2 - y).toPointF())
        assert hit is not None
        assert 0 <= hit.instant - instant < 5 * MINUTE
        assert zone(NEW_YORK).minutes_of(hit.instant) // 60 == 1
    start = bench.of("a")
    across = bench.layout.columns.left(6) - bench.layout.columns.left(5)
    drag(bench, start, start + QPoint(across, hour))
    assert bench.asked("move_requested") == [
        ("move_requested", "a", "p0", midnight + 2 * HOUR, midnight + 3 * HOUR),
    ]


def test_right_to_left_begins_at_the_right(bench: Bench) -> None:
    bench.view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    bench.show(week(tile("a", 9, day=MONDAY)))
    assert bench.layout.columns.left(0) > bench.layout.columns.left(6)
    bench.view.go_to("a")
    bench.key(Qt.Key.Key_Left)
    assert bench.view.cursor is not None
    assert bench.view.cursor.column == 1


def tree(bench: Bench) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(bench.view)
    assert found is not None
    return found


@pytest.mark.usefixtures("_reader")
def test_the_week_is_heard_with_its_days(bench: Bench) -> None:
    tiles: list[Tile] = [tile("a", 9, day=FRIDAY), tile("b", 10, 45, "p1", "PENDING", day=FRIDAY), tile("c", 8)]
    tiles.append(tile("d", 11, day=MONDAY, name="Lim, Bo"))
    bench.show(week(*tiles, providers=("p0", "p1")))
    root = tree(bench)
    assert root.text(NAME) == "7 days from Monday 16 November 2026, 2 providers, 4 appointments"
    items = [root.child(n) for n in range(root.childCount())]
    assert [item.text(NAME) for item in items] == [
        "Mon 16 Nov 11:00–11:30 Lim, Bo, Check-up, Confirmed",
        "Fri 20 Nov 08:00–08:30 Reyes, Ana, Check-up, Confirmed",
        "Fri 20 Nov 09:00–09:30 Reyes, Ana, Check-up, Confirmed",
        "Fri 20 Nov 10:00–10:45 Reyes, Ana, Check-up, Requested",
    ]
    assert items[3].text(DESCRIPTION) == "Dr Lim, 3 of 3"
    bench.view.go_to("b")
    focused = root.focusChild()
    assert focused is not None
    assert focused.text(NAME) == items[3].text(NAME)
    action = items[2].actionInterface()
    assert action is not None
    action.doAction("Toggle")
    assert bench.view.selection() == ["a"]
    assert items[2].state().selected
    action.doAction("Press")
    assert bench.asked("open_requested") == [("open_requested", "a")]
    at_middle = root.childAt(items[2].rect().center().x(), items[2].rect().center().y())
    assert at_middle is not None
    assert at_middle.text(NAME) == items[2].text(NAME)


@pytest.mark.usefixtures("_reader")
def test_free_times_of_the_week_are_heard(bench: Bench) -> None:
    bench.show(week(providers=("p0", "p1")))
    bench.view.move_cursor(Stop(at(10, THURSDAY), at(10.5, THURSDAY), None, 3))
    focused = tree(bench).focusChild()
    assert focused is not None
    assert focused.text(NAME) == "Thu 19 Nov 10:00 free, 2 providers"
    bench.show(week())
    assert tree(bench).text(NAME) == "7 days from Monday 16 November 2026, Dr Cruz, 0 appointments"
    bench.view.move_cursor(Stop(at(6, THURSDAY), at(6.5, THURSDAY), None, 3))
    focused = tree(bench).focusChild()
    assert focused is not None
    assert focused.text(NAME) == "Thu 19 Nov 06:00 closed, Dr Cruz"
