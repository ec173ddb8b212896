"""The window as a screen reader walks it: every control has a name, the day is read tile by tile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from himsog_desktop.domain.day import MADE
from tests.ui.conftest import NOW, PASSPHRASE, Seat

NAME = QAccessible.Text.Name
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def _reader() -> Iterator[None]:
    """As if a screen reader ran."""
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(before)


def walk(seat: Seat) -> Iterator[QAccessibleInterface]:
    """Everything that can be reached from the window."""
    root = QAccessible.queryAccessibleInterface(seat.window)
    assert root is not None
    waiting = [root]
    while waiting:
        found = waiting.pop()
        yield found
        waiting += [c for c in (found.child(i) for i in range(found.childCount())) if c is not None]


def nameless(seat: Seat) -> list[str]:
    """What takes the keyboard, is on the screen, and says nothing of itself."""
    found = []
    for one in walk(seat):
        state = one.state()
        if state.focusable and not state.invisible and not state.offscreen and not one.text(NAME).strip():
            widget = one.object()
            found.append(f"{one.role()} {type(widget).__name__} in {type(widget.parent()).__name__ if widget else ''}")
    return found


def day(seat: Seat) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(seat.workspace.day.view)
    assert found is not None
    return found


def test_everything_that_takes_the_keyboard_has_a_name(seat: Seat) -> None:
    assert nameless(seat) == []
    seat.press(Qt.Key.Key_N, CONTROL)
    seat.type("rey")
    seat.settle()
    assert nameless(seat) == []
    seat.press(Qt.Key.Key_Return)
    seat.settle()
    seat.type("check")
    seat.press(Qt.Key.Key_Return)
    seat.settle()
    assert nameless(seat) == []
    seat.press(Qt.Key.Key_Escape)
    page = seat.workspace.day.view.page
    assert page is not None
    seat.workspace.open_details(next(t.id for t in page.tiles if t.status == "CONFIRMED"))
    seat.settle()
    assert nameless(seat) == []
    seat.workspace.open_cancel((page.tiles[-1].id,))
    assert nameless(seat) == []
    seat.workspace.host.close_panel()
    seat.workspace.open_page("settings")
    seat.settle()
    assert nameless(seat) == []
    seat.press(Qt.Key.Key_P, CONTROL)
    seat.settle()
    assert nameless(seat) == []
    seat.workspace.lock_asked.emit()
    assert nameless(seat) == []


def test_tab_comes_round_and_every_stop_has_a_name(seat: Seat) -> None:
    seat.workspace.open_booking()
    seat.settle()
    first = seat.focus()
    for steps in range(80):
        seat.press(Qt.Key.Key_Tab)
        here = QAccessible.queryAccessibleInterface(seat.focus())
        assert here is not None
        assert here.text(NAME).strip(), seat.focus()
        if seat.focus() is first:
            assert steps > 10
            return
    pytest.fail("the keyboard never came round")


def test_the_day_of_the_window_is_read_as_the_contract_has_it(seat: Seat) -> None:
    view = seat.workspace.day.view
    page = view.page
    assert page is not None
    names = [day(seat).child(i).text(NAME) for i in range(day(seat).childCount())]
    for tile in page.tiles:
        if tile.status != "CONFIRMED" or tile.visit or tile.flags & ~MADE or not tile.services or ";" in tile.services:
            continue
        times = f"{view.clock.time(tile.start)}–{view.clock.time(tile.end)}"
        assert f"{times} {tile.name}, {tile.services}, Confirmed" in names


def test_the_focus_follows_the_cursor_of_the_window(seat: Seat) -> None:
    view = seat.workspace.day.view
    page = view.page
    assert page is not None
    tile = next(t for t in page.tiles if t.start > NOW and t.status == "CONFIRMED")
    view.go_to(tile.id)
    here = day(seat).focusChild()
    assert here is not None
    assert tile.name in here.text(NAME)
    seat.press(Qt.Key.Key_Right)
    after = day(seat).focusChild()
    assert after is not None
    assert after.state().focused
    assert after.text(NAME) != here.text(NAME) or after is not here


def test_an_appointment_is_confirmed_by_an_assistive_tool(seat: Seat) -> None:
    view = seat.workspace.day.view
    page = view.page
    assert page is not None
    tile = next(t for t in page.tiles if t.status == "PENDING" and t.start > NOW)
    root = day(seat)
    item = next(c for c in (root.child(i) for i in range(root.childCount())) if tile.name in c.text(NAME))
    item.actionInterface().doAction(QAccessibleActionInterface.pressAction())
    seat.wait(lambda: seat.workspace.host.panel is not None and seat.workspace.host.panel.shows(tile.id))
    seat.settle()
    panel = seat.workspace.host.panel
    assert panel is not None
    button = next(b for b in panel.findChildren(QAbstractButton) if b.isVisible() and b.text() == "Confirm")
    made = QAccessible.queryAccessibleInterface(button)
    assert made is not None
    assert made.text(NAME) == "Confirm"
    made.actionInterface().doAction(QAccessibleActionInterface.pressAction())

    def confirmed() -> bool:
        now = view.tile(tile.id)
        return now is not None and now.status == "CONFIRMED"

    seat.wait(confirmed)
    again = next(c for c in (root.child(i) for i in range(root.childCount())) if tile.name in c.text(NAME))
    assert again.text(NAME).endswith("Confirmed")


def test_locking_while_a_screen_reader_listens_ends_nothing(seat: Seat) -> None:
    """Qt asks for the interface of a view more than once; the same answer twice was freed twice at the lock."""
    for _ in range(2):
        seat.press(Qt.Key.Key_Down)
        assert day(seat).childCount() > 0
        QTest.keyClick(seat.focus(), Qt.Key.Key_L)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QTest.keyClicks(seat.focus(), PASSPHRASE)
        QTest.keyClick(seat.focus(), Qt.Key.Key_Return)
        seat.wait(lambda: seat.program.window.workspace is not None, timeout=10_000)
        seat.settle()
    assert day(seat).childCount() > 0
