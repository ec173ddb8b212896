"""The list by ear: names, places, what is selected, and a whole bulk cancel without a key or a mouse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from himsog_desktop.services import lists
from tests.scenarios.hands import no_mouse
from tests.ui.appointments_list.conftest import Listed

NAME, DESCRIPTION = QAccessible.Text.Name, QAccessible.Text.Description
PRESS, TOGGLE = QAccessibleActionInterface.pressAction(), QAccessibleActionInterface.toggleAction()
FOCUS = QAccessibleActionInterface.setFocusAction()


@pytest.fixture(autouse=True)
def _reader() -> Iterator[None]:
    """As if a screen reader ran."""
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(before)


def tree(root: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    waiting = [root]
    while waiting:
        found = waiting.pop()
        yield found
        if found.role() != QAccessible.Role.List or found.childCount() < 40:
            waiting += [c for c in (found.child(i) for i in range(found.childCount())) if c is not None]


def named(listed: Listed, name: str, role: QAccessible.Role | None = None) -> QAccessibleInterface:
    """The one thing in the window (or its menu) that is called so and can be seen."""
    tops = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    for top in tops:
        root = QAccessible.queryAccessibleInterface(top)
        assert root is not None
        for one in tree(root):
            if one.text(NAME) == name and not one.state().invisible and role in (None, one.role()):
                return one
    raise AssertionError(f"nothing is called {name!r}")


def there(listed: Listed, name: str, role: QAccessible.Role | None = None) -> bool:
    try:
        named(listed, name, role)
    except AssertionError:
        return False
    return True


def press(listed: Listed, name: str, role: QAccessible.Role | None = None) -> None:
    # A pressed button stays down for a moment before it acts.
    listed.seat.wait(lambda: there(listed, name, role))
    actions = named(listed, name, role).actionInterface()
    assert actions is not None
    actions.doAction(PRESS)


def the_list(listed: Listed) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(listed.view)
    assert found is not None
    assert found.role() == QAccessible.Role.List
    return found


def test_headings_and_rows_say_what_they_are_and_where(listed: Listed) -> None:
    found = the_list(listed)
    model = listed.page.model.found
    assert found.text(NAME) == f"Appointments, {model.total:,} rows"
    assert found.childCount() == model.total + 5
    assert found.child(0).role() == QAccessible.Role.Heading
    assert found.child(0).text(NAME) == f"Requested, {model.sections[0].total:,}"
    row = found.child(1)
    line = listed.page.model.lines[listed.ids()[0]]
    assert line.tile.name in row.text(NAME)
    assert row.text(NAME).endswith("Requested")
    assert f"row 1 of {model.sections[0].total:,} in Requested" in row.text(DESCRIPTION)
    assert row.state().checkable
    last = found.child(found.childCount() - 1)
    # Nobody has looked at it yet: it has its name all the same.
    assert last.text(NAME)
    assert last.state().offscreen
    assert found.indexOfChild(row) == 1
    assert row.parent() is found


def test_the_focus_and_what_is_selected_follow(listed: Listed) -> None:
    found = the_list(listed)
    found.child(3).actionInterface().doAction(FOCUS)
    here = found.focusChild()
    assert here is not None
    assert here.text(NAME) == found.child(3).text(NAME)
    QTest.keyClick(listed.view, Qt.Key.Key_Down)
    assert found.focusChild().text(NAME) == found.child(4).text(NAME)
    found.child(4).actionInterface().doAction(TOGGLE)
    assert found.child(4).state().checked
    assert found.text(NAME).endswith("1 selected")
    found.child(0).actionInterface().doAction(TOGGLE)
    assert found.child(0).state().checked
    assert set(listed.view.chosen) == set(listed.ids("PENDING"))


@pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard", extend=True)  # offscreen, by a menu
def test_a_bulk_cancel_from_choice_to_undo_through_the_tree_alone(listed: Listed) -> None:
    found = the_list(listed)
    rows = [found.child(i) for i in (2, 3, 5)]
    with no_mouse():
        for row in rows:
            row.actionInterface().doAction(TOGGLE)
        ids = set(listed.view.chosen)
        assert len(ids) == 3
        press(listed, "Cancel…")
        listed.seat.settle()
        press(listed, "Reason for cancelling")
        press(listed, "Weather or safety concerns", QAccessible.Role.MenuItem)
        for top in QApplication.topLevelWidgets():
            if top.windowType() == Qt.WindowType.Popup:
                top.hide()
        listed.seat.settle()
        listed.seat.wait(lambda: there(listed, "Cancel 3"))
        heard = named(listed, "What will happen")
        assert heard.childCount() == 3
        assert all(": → Cancelled" in heard.child(i).text(NAME) for i in range(3))
        press(listed, "Cancel 3")
        listed.seat.wait(lambda: listed.seat.workspace.host.panel is None)
        listed.seat.wait(lambda: all(row.text(NAME).endswith("Cancelled") for row in rows))
        desk = listed.seat.other_process()
        reasons = {a.cancelled.reason for a in lists.documents(desk, list(ids)) if a.cancelled is not None}
        desk.cache.close()
        assert reasons == {"Weather or safety concerns"}
        press(listed, "Undo")
        listed.seat.wait(lambda: all(row.text(NAME).endswith("Requested") for row in rows))
        assert set(listed.view.chosen) == ids


def test_locking_and_opening_again_while_a_reader_listens_ends_nothing(listed: Listed) -> None:
    for i in range(8):
        assert the_list(listed).child(i).text(NAME)
    QTest.keyClick(listed.seat.focus(), Qt.Key.Key_L)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_everything_on_the_page_that_takes_the_keyboard_has_a_name(listed: Listed) -> None:
    from tests.ui.test_walk import nameless

    listed.view.toggle(listed.ids()[0])
    listed.view.toggle(listed.ids()[1])
    listed.seat.settle()
    assert nameless(listed.seat) == []
    listed.page.bulk.buttons["move"].click()
    listed.seat.settle()
    assert nameless(listed.seat) == []
