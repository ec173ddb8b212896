from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from himsog_desktop.domain.time import HOUR
from himsog_desktop.ui.calendar.cursor import Stop
from himsog_desktop.ui.theme.theme import make_theme
from tests.support.days import at, column, page, tile
from tests.ui.calendar.conftest import Bench


def seen(bench: Bench) -> tuple[int, int]:
    """The first and the last instant in view."""
    y = bench.view.verticalScrollBar().value()
    return bench.layout.time.instant(y), bench.layout.time.instant(y + bench.view.viewport().height())


def test_today_opens_at_now(bench: Bench) -> None:
    bench.show(page(tile("a", 6)))
    first, last = seen(bench)
    assert first < at(10.7) < last
    assert bench.view.now_shown == at(10.7)


def test_another_day_opens_at_its_first_appointment_or_opening(bench: Bench) -> None:
    saturday = date(2026, 11, 21)
    bench.show(page(tile("a", 13, day=saturday), tile("b", 12, day=saturday), day=saturday))
    first, _ = seen(bench)
    assert at(11, saturday) < first <= at(12, saturday)
    sunday = date(2026, 11, 22)
    bench.show(page(columns=(column(0, 9, 12, day=sunday), column(1, 7, 12, day=sunday)), day=sunday))
    assert at(6, sunday) < seen(bench)[0] <= at(7, sunday)
    assert bench.view.now_shown is None


def test_a_new_page_of_the_day_keeps_selection_cursor_and_scroll(bench: Bench) -> None:
    bench.show(page(tile("a", 9), tile("b", 10), tile("c", 15)))
    bench.view.go_to("b")
    bench.view.set_selection(["a", "b"])
    bench.view.verticalScrollBar().setValue(333)
    bench.heard.clear()
    bench.view.set_page(page(tile("z", 8), tile("a", 9), tile("b", 13, provider="p2"), tile("c", 15)))
    assert bench.view.selection() == ["a", "b"]
    assert bench.view.cursor is not None
    assert (bench.view.cursor.tile_id, bench.view.cursor.column) == ("b", 2)
    assert bench.view.verticalScrollBar().value() == 333
    assert bench.heard == []


def test_a_selected_one_that_is_gone_leaves_the_selection(bench: Bench) -> None:
    bench.show(page(tile("a", 9), tile("b", 10)))
    bench.view.set_selection(["a", "b"])
    bench.view.go_to("b")
    bench.heard.clear()
    bench.view.set_page(page(tile("a", 9)))
    assert bench.asked("selection_changed") == [("selection_changed", ["a"])]
    assert bench.view.cursor is not None
    assert (bench.view.cursor.tile_id, bench.view.cursor.start) == (None, at(10))


def test_the_cursor_stays_with_its_provider(bench: Bench) -> None:
    bench.show(page(columns=(column(0), column(1))))
    bench.view.move_cursor(Stop(at(11), at(11.5), None, 1))
    bench.view.set_page(page(columns=(column(1), column(0))))
    assert bench.view.cursor is not None
    assert (bench.view.cursor.column, bench.view.cursor.start) == (0, at(11))


def test_the_cursor_keeps_its_wall_time_on_another_day(bench: Bench) -> None:
    bench.show(page())
    bench.view.move_cursor(Stop(at(11), at(11.5), None, 1))
    saturday = date(2026, 11, 21)
    bench.view.set_page(page(day=saturday))
    assert bench.view.cursor is not None
    assert (bench.view.cursor.column, bench.view.cursor.start) == (1, at(11, saturday))


def test_ids_that_are_not_there_are_not_selected(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    bench.view.set_selection(["a", "nobody"])
    assert bench.view.selection() == ["a"]
    bench.view.set_selection(["a"])
    assert len(bench.asked("selection_changed")) == 1


def test_what_a_colleague_changed_glows_and_then_stops(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("himsog_desktop.ui.calendar.glow.GLOW_S", 0.15)
    monkeypatch.setattr("himsog_desktop.ui.calendar.glow.FADE_S", 0.1)
    bench.show(page(tile("a", 9)))
    bench.view.set_page(page(tile("a", 9.5)), glow=["a", "not here"])
    assert [tile_id for tile_id, _ in bench.view.glow.strengths()] == ["a"]
    timer = bench.view.glow._timer
    qtbot.waitUntil(lambda: not timer.isActive(), timeout=2000)
    assert bench.view.glow.strengths() == []


def test_zoom_keeps_the_middle_where_it_is(bench: Bench) -> None:
    bench.show(page())
    middle = sum(seen(bench)) // 2
    for minutes in (5, 60, 15, 30):
        bench.view.set_zoom(minutes)
        assert abs(sum(seen(bench)) // 2 - middle) < HOUR // 20 or minutes == 60
    with pytest.raises(ValueError, match="5, 10, 15, 20, 30, 60"):
        bench.view.set_zoom(7)


def test_nothing_is_shown_as_loading_for_a_moment(bench: Bench, qtbot: QtBot) -> None:
    bench.show(page(tile("a", 9)))
    bench.view.set_loading()
    assert bench.view.state == "page"
    qtbot.waitUntil(lambda: bench.view.state == "skeleton", timeout=2000)
    bench.view.set_page(page(tile("a", 9)))
    assert bench.view.state == "page"


def test_a_page_in_time_never_shows_the_skeleton(bench: Bench) -> None:
    bench.view.set_loading()
    assert bench.view._skeleton_timer.isActive()
    bench.view.set_page(page())
    assert not bench.view._skeleton_timer.isActive()
    assert bench.view.state == "page"


def test_an_error_offers_to_try_again(bench: Bench, qtbot: QtBot) -> None:
    bench.show(page(tile("a", 9)))
    bench.view.set_error("The file is in use.\nNothing was lost.")
    QApplication.processEvents()
    button = bench.view.findChild(QPushButton)
    assert button is not None
    assert button.isVisible()
    assert bench.view.viewport().rect().contains(button.geometry())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert bench.asked("retry_requested") == [("retry_requested",)]
    bench.view.set_page(page(tile("a", 9)))
    assert not button.isVisible()


def test_while_there_is_an_error_the_old_day_can_not_be_clicked(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    place = bench.of("a")
    bench.view.set_error("no")
    bench.click(place)
    bench.key(Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert bench.heard == []


def test_an_empty_day_says_so_and_stays_usable(bench: Bench) -> None:
    bench.show(page())
    assert bench.view.hint_lines()[0] == "No appointments"
    bench.click(bench.view.viewport().rect().center())
    assert len(bench.asked("book_requested")) == 1
    assert bench.view.hint_lines() == ()
    bench.show(page(columns=0))
    assert bench.view.hint_lines()[0] == "No providers to show"


def test_the_minute_timer_runs_only_for_a_day_that_is_today_and_shown(bench: Bench) -> None:
    bench.show(page())
    timer = bench.view._minute
    assert timer.isActive()
    assert timer.interval() <= 60_000
    bench.view.hide()
    assert not timer.isActive()
    bench.view.show()
    assert timer.isActive()
    bench.view.set_page(page(day=date(2026, 11, 21)))
    assert not timer.isActive()


def test_the_now_line_moves_with_the_minute(bench: Bench) -> None:
    bench.show(page())
    bench.view.now = lambda: at(11.5)
    bench.view._minute.timeout.emit()
    assert bench.view.now_shown == at(11.5)


def test_a_mark_stays_while_another_part_has_the_focus(bench: Bench) -> None:
    bench.show(page())
    bench.click(bench.place(1, at(13)))
    assert bench.view.cursor_held
    QApplication.sendEvent(bench.view, QFocusEvent(QEvent.Type.FocusIn))
    assert not bench.view.cursor_held


def test_a_narrow_view_scrolls_sideways_and_the_header_with_it(bench: Bench) -> None:
    bench.view.resize(500, 400)
    bench.show(page(columns=12))
    bar = bench.view.horizontalScrollBar()
    assert bar.maximum() > 0
    bar.setValue(200)
    assert bench.view._header.offset == 200


def test_day_of_another_length(bench: Bench) -> None:
    autumn = date(2026, 10, 25)
    bench.show(
        page(tile("a", 9, day=autumn, timezone="Europe/Berlin"), day=autumn, timezone="Europe/Berlin", columns=1)
    )
    assert bench.layout.time.height == 25 * 72
    assert bench.view.clock.time(at(9, autumn, "Europe/Berlin")) == "09:00"


def test_right_to_left_mirrors_columns_and_arrows(bench: Bench) -> None:
    bench.view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    bench.show(page(tile("a", 11)))
    assert bench.layout.columns.left(0) > bench.layout.columns.left(2)
    bench.click(bench.of("a"))
    assert bench.asked("open_requested") == [("open_requested", "a")]
    bench.key(Qt.Key.Key_Left)
    assert bench.view.cursor is not None
    assert bench.view.cursor.column == 1


def test_with_less_motion_what_changed_stays_until_somebody_was_there(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("himsog_desktop.ui.calendar.glow.GLOW_S", 0.05)
    bench.view.set_theme(make_theme("light", reduced_motion=True))
    bench.view.set_page(page(tile("a", 9.5)), glow=["a"])
    assert not bench.view.glow._timer.isActive(), "nothing moves"
    qtbot.wait(120)
    assert [tile_id for tile_id, _ in bench.view.glow.strengths()] == ["a"]
    qtbot.keyClick(bench.view, Qt.Key.Key_Down)
    assert bench.view.glow.strengths() == []
