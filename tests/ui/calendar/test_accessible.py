from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from himsog_desktop.domain.day import SYNC_PENDING, Span
from himsog_desktop.ui.calendar import accessible, day_view
from himsog_desktop.ui.calendar.cursor import Stop
from himsog_desktop.ui.calendar.day_view import DayView
from himsog_desktop.ui.theme.theme import Theme
from tests.support.days import at, column, page, tile
from tests.ui.calendar.conftest import Bench

NAME = QAccessible.Text.Name
DESCRIPTION = QAccessible.Text.Description


@pytest.fixture(autouse=True)
def _reader() -> Iterator[None]:
    """As if a screen reader ran."""
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(before)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What assistive tools were told: kind of event, and the name or the words."""
    heard: list[tuple[str, str]] = []
    send = QAccessible.updateAccessibility

    def note(event: object) -> None:
        kind = event.type()  # type: ignore[attr-defined]
        if kind == QAccessible.Event.Announcement:
            heard.append(("Announcement", event.message()))  # type: ignore[attr-defined]
        else:
            found = event.accessibleInterface()  # type: ignore[attr-defined]
            heard.append((kind.name, found.text(NAME)))
        send(event)  # type: ignore[arg-type]

    monkeypatch.setattr(QAccessible, "updateAccessibility", note)
    return heard


def tree(bench: Bench) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(bench.view)
    assert found is not None
    return found


def names(bench: Bench) -> list[str]:
    root = tree(bench)
    return [root.child(place).text(NAME) for place in range(root.childCount())]


def item(bench: Bench, place: int) -> QAccessibleInterface:
    return tree(bench).child(place)


def test_the_day_is_a_list_of_appointments_by_column_and_time(bench: Bench) -> None:
    bench.show(
        page(
            tile("c", 8, 15, "p1", "PENDING", name="Lim, Bo", services=""),
            tile("a", 9),
            tile("b", 10, 45, status="NO_SHOW", name="Peña, José", services="X-ray; Check-up"),
        )
    )
    root = tree(bench)
    assert root.role() == QAccessible.Role.List
    assert root.text(NAME) == "Friday 20 November 2026, 3 providers, 3 appointments"
    assert names(bench) == [
        "09:00–09:30 Reyes, Ana, Check-up, Confirmed",
        "10:00–10:45 Peña, José, X-ray +1, No-show",
        "08:00–08:15 Lim, Bo, Requested",
    ]
    assert all(item(bench, n).role() == QAccessible.Role.ListItem for n in range(3))
    assert all(root.indexOfChild(item(bench, n)) == n for n in range(3))
    assert item(bench, 0).parent() is root
    assert item(bench, 2).text(DESCRIPTION) == "Dr Lim"


def test_the_description_holds_what_the_picture_shows(bench: Bench) -> None:
    bench.show(page(tile("a", 10, visit="in_room", since=at(10.5), flags=SYNC_PENDING, location="video")))
    assert names(bench)[0] == "10:00–10:30 Reyes, Ana, Check-up, In room, waiting to be sent"
    assert item(bench, 0).text(DESCRIPTION) == "Dr Cruz, for 12 min, Video call"


def test_twelve_hours_and_privacy_are_heard_too(bench: Bench) -> None:
    bench.show(page(tile("a", 13)))
    bench.view.set_hour12(True)
    assert names(bench) == ["1:00 PM–1:30 PM Reyes, Ana, Check-up, Confirmed"]
    bench.view.set_privacy(True)
    assert names(bench) == ["1:00 PM–1:30 PM R. A., Check-up, Confirmed"]


def test_the_focus_follows_the_cursor(bench: Bench, told: list[tuple[str, str]]) -> None:
    bench.show(page(tile("a", 11), tile("b", 11.5)))
    told.clear()
    bench.key(Qt.Key.Key_Down)
    assert told[-1] == ("Focus", "11:00–11:30 Reyes, Ana, Check-up, Confirmed")
    focused = tree(bench).focusChild()
    assert focused is not None
    assert focused.text(NAME) == told[-1][1]
    assert focused.state().focused
    assert not item(bench, 1).state().focused
    bench.key(Qt.Key.Key_Down)
    assert told[-1][1].startswith("11:30–12:00")
    bench.view.clearFocus()
    assert tree(bench).focusChild() is None
    assert not item(bench, 1).state().focused


def test_a_free_time_is_heard(bench: Bench, told: list[tuple[str, str]]) -> None:
    lunch = Span(at(12), at(13), "break", "Lunch")
    bench.show(page(tile("a", 9), columns=(column(0, spans=(lunch,)), column(1))))
    told.clear()
    bench.view.move_cursor(Stop(at(10), at(10.5), None, 0))
    assert told == [("NameChanged", "10:00 free, Dr Cruz"), ("Focus", "10:00 free, Dr Cruz")]
    assert names(bench)[-1] == "10:00 free, Dr Cruz"
    bench.key(Qt.Key.Key_Down, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert told[-1] == ("Focus", "10:00–11:00 free, Dr Cruz")
    bench.view.move_cursor(Stop(at(12), at(12.5), None, 0))
    assert told[-1] == ("Focus", "12:00 Lunch, Dr Cruz")
    bench.view.move_cursor(Stop(at(19), at(19.5), None, 1))
    assert told[-1] == ("Focus", "19:00 closed, Dr Lim")
    bench.view.go_to("a")
    assert tree(bench).childCount() == 1


def test_selection_is_a_state(bench: Bench) -> None:
    bench.show(page(tile("a", 9), tile("b", 10)))
    bench.view.set_selection(["b"])
    assert [bool(item(bench, n).state().selected) for n in range(2)] == [False, True]
    assert item(bench, 0).state().selectable
    assert tree(bench).state().multiSelectable


def test_items_are_where_they_are_painted(bench: Bench) -> None:
    bench.show(page(tile("a", 11), tile("far", 23, 30, "p2")))
    rect = item(bench, 0).rect()
    box = bench.layout.by_id["a"]
    x, y = bench.view.offset()
    assert rect.topLeft() == bench.view.viewport().mapToGlobal(bench.of("a", 0, 0))
    assert (rect.width(), rect.height()) == (box.width, box.height)
    found = tree(bench).childAt(rect.center().x(), rect.center().y())
    assert found is item(bench, 0)
    assert tree(bench).childAt(rect.center().x(), rect.center().y() + 200) is None
    assert not item(bench, 0).state().offscreen
    assert item(bench, 1).state().offscreen
    assert (x, y) == bench.view.offset()


def test_crowded_out_ones_are_items_too(bench: Bench) -> None:
    bench.show(page(*(tile(f"t{n}", 11, 60) for n in range(6))))
    assert len(names(bench)) == 6
    (chip,) = bench.layout.chips[0]
    assert item(bench, 5).rect().width() == chip.width


def test_pressing_opens_or_books(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    action = item(bench, 0).actionInterface()
    assert action is not None
    assert action.actionNames() == ["Press", "SetFocus", "Toggle"]
    action.doAction("Press")
    action.doAction("Toggle")
    action.doAction("SetFocus")
    assert bench.asked("open_requested") == [("open_requested", "a")]
    assert bench.view.selection() == ["a"]
    assert bench.view.cursor is not None
    assert bench.view.cursor.tile_id == "a"
    bench.view.move_cursor(Stop(at(10), at(10.5), None, 1))
    free = item(bench, 1).actionInterface()
    assert free is not None
    free.doAction("Press")
    assert bench.asked("book_requested") == [("book_requested", "p1", at(10), at(10.5))]


def test_moving_by_keys_is_announced(bench: Bench, told: list[tuple[str, str]]) -> None:
    bench.view.why_not = lambda provider, start, end, ignore: ["Booked: 11:30–12:00"] if start == at(11.5) else []
    bench.show(page(tile("a", 11)))
    bench.view.go_to("a")
    told.clear()
    bench.key(Qt.Key.Key_R)
    assert told == [
        ("Announcement", "Moving Reyes, Ana: arrows, Alt+arrows for another day, Enter to drop, Escape to give back")
    ]
    bench.view.hand._asked_at = 0.0
    bench.key(Qt.Key.Key_Down)
    assert told[-1] == ("Announcement", "11:30–12:00, Dr Cruz, Booked: 11:30–12:00")
    bench.key(Qt.Key.Key_Escape)
    assert told[-1] == ("Announcement", "Given back")


def test_a_page_that_changes_nothing_here_says_nothing(bench: Bench, told: list[tuple[str, str]]) -> None:
    bench.show(page(tile("a", 11), tile("b", 13)))
    bench.view.go_to("a")
    told.clear()
    bench.view.set_page(page(tile("a", 11), tile("b", 14), tile("c", 15)))
    assert [kind for kind, _ in told] == ["ObjectReorder"]
    bench.view.set_page(page(tile("a", 11, status="COMPLETED"), tile("b", 14)))
    assert told[-1] == ("Focus", "11:00–11:30 Reyes, Ana, Check-up, Completed")


def test_states_are_heard(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    bench.view.set_error("no")
    assert tree(bench).text(NAME) == "The day could not be read"
    assert tree(bench).childCount() == 0
    bench.view._show_skeleton()
    assert tree(bench).state().busy


def test_items_of_a_smaller_page_are_not_valid_any_more(bench: Bench) -> None:
    bench.show(page(tile("a", 9), tile("b", 10)))
    second = item(bench, 1)
    assert second.isValid()
    bench.view.set_page(page(tile("a", 9)))
    assert not second.isValid()
    assert second.text(NAME) == ""
    assert tree(bench).child(1) is None


def test_views_come_and_go_without_a_trace(qtbot: QtBot, theme: Theme) -> None:
    kept = len(accessible._kept)
    for round_ in range(15):
        view = DayView(theme)
        view.show()
        view.set_page(page(*(tile(f"t{n}", 8 + n / 4, 15) for n in range(30))))
        root = QAccessible.queryAccessibleInterface(view)
        ids = [QAccessible.uniqueId(root.child(place)) for place in range(root.childCount())]
        view.go_to("t3")
        view.hide()
        shiboken6.delete(view)
        del root, view
        gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()
        assert len(accessible._kept) == kept, round_
        assert all(QAccessible.accessibleInterface(number) is None for number in ids)


def test_a_view_that_was_shown_before_it_was_exposed_is_read_anew(
    theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day_view, "_exposed", [])
    monkeypatch.setattr(accessible, "interface_of", lambda view: None)  # an earlier test exposed days already
    view = DayView(theme, exposed=False)
    view.show()
    view.set_page(page(tile("a", 9)))
    before = QAccessible.queryAccessibleInterface(view)
    assert before is not None
    assert before.role() != QAccessible.Role.List
    del before
    monkeypatch.undo()
    day_view.expose()
    accessible.read_anew(view)
    after = QAccessible.queryAccessibleInterface(view)
    assert after is not None
    assert after.child(0).text(NAME) == "09:00–09:30 Reyes, Ana, Check-up, Confirmed"
    view.hide()
    shiboken6.delete(view)
