"""What a screen reader finds in the month and in the agenda: items with names, places, states and actions."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import timedelta

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from himsog_desktop.ui.calendar import painted_access
from himsog_desktop.ui.calendar.agenda_view import AgendaView
from himsog_desktop.ui.calendar.month_view import MonthStop, MonthView
from himsog_desktop.ui.theme.theme import Theme
from tests.support.days import FRIDAY, at, tile
from tests.support.months import agenda, agenda_day, month

NAME, DESCRIPTION = QAccessible.Text.Name, QAccessible.Text.Description
TILES = (tile("a", 9), tile("b", 10, status="PENDING", provider="p1"))
FRI = 25


@pytest.fixture(autouse=True)
def _reader() -> Iterator[None]:
    before = QAccessible.isActive()
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(before)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    heard: list[tuple[str, str]] = []
    send = QAccessible.updateAccessibility

    def note(event: object) -> None:
        kind = event.type()  # type: ignore[attr-defined]
        if kind == QAccessible.Event.Announcement:
            heard.append(("Announcement", event.message()))  # type: ignore[attr-defined]
        else:
            heard.append((kind.name, event.accessibleInterface().text(NAME)))  # type: ignore[attr-defined]
        send(event)  # type: ignore[arg-type]

    monkeypatch.setattr(QAccessible, "updateAccessibility", note)
    return heard


def shown(view: QWidget) -> None:
    view.resize(1120, 760)
    view.show()
    view.activateWindow()
    view.setFocus(Qt.FocusReason.OtherFocusReason)
    QApplication.processEvents()


@pytest.fixture
def months(qtbot: QtBot, theme: Theme) -> Iterator[MonthView]:
    view = MonthView(theme)
    view.now = lambda: at(10.7)
    shown(view)
    yield view
    view.hide()
    shiboken6.delete(view)


@pytest.fixture
def listed(qtbot: QtBot, theme: Theme) -> Iterator[AgendaView]:
    view = AgendaView(theme)
    view.now = lambda: at(10.7)
    shown(view)
    yield view
    view.hide()
    shiboken6.delete(view)


def tree(view: QWidget) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(view)
    assert found is not None
    return found


def named(view: QWidget, start: str) -> QAccessibleInterface:
    """The item whose name begins so."""
    root = tree(view)
    return next(item for item in (root.child(n) for n in range(root.childCount())) if item.text(NAME).startswith(start))


def test_a_month_is_its_days_in_order_with_their_appointments(months: MonthView) -> None:
    months.set_page(month(*TILES))
    root = tree(months)
    assert root.role() == QAccessible.Role.List
    assert root.text(NAME) == "November 2026, 2 appointments, 1 requested"
    assert "Page Up" in root.text(DESCRIPTION)
    names = [root.child(n).text(NAME) for n in range(root.childCount())]
    assert len(names) == 42 + 2
    assert names[0] == "Monday 26 October 2026, No appointments"
    assert names[FRI : FRI + 3] == [
        "Friday 20 November 2026, today, 2 appointments, 1 requested",
        "09:00–09:30 Reyes, Ana, Check-up, Confirmed",
        "10:00–10:30 Reyes, Ana, Check-up, Requested",
    ]
    assert root.child(FRI).text(DESCRIPTION) == "row 4 of 6, column 5 of 7, 1 h of 8 h booked (12 %)"
    assert root.child(FRI + 2).text(DESCRIPTION) == "Dr Lim"
    assert named(months, "Sunday 22").text(DESCRIPTION).endswith("column 7 of 7, Closed")
    assert all(root.indexOfChild(root.child(n)) == n for n in range(root.childCount()))


def test_the_rest_of_a_day_is_an_item_that_opens_it(months: MonthView) -> None:
    asked: list[object] = []
    months.day_requested.connect(asked.append)
    months.set_page(month(*(tile(f"m{n}", 8 + n / 4) for n in range(20))))
    item = named(months, f"{20 - months.shown(FRI)} more")
    item.actionInterface().doAction(item.actionInterface().pressAction())
    assert asked == [FRIDAY]


def test_focus_and_selection_are_states_and_are_told(months: MonthView, told: list[tuple[str, str]]) -> None:
    months.set_page(month(*TILES))
    told.clear()
    QTest.keyClick(months, Qt.Key.Key_Down)
    assert told[-1] == ("Focus", "09:00–09:30 Reyes, Ana, Check-up, Confirmed")
    focused = tree(months).focusChild()
    assert focused is not None
    assert focused.text(NAME) == told[-1][1]
    assert focused.state().focused
    assert focused.state().selectable
    assert not focused.state().selected
    actions = focused.actionInterface()
    actions.doAction(actions.toggleAction())
    assert months.selection() == ["a"]
    assert focused.state().selected
    assert not named(months, "Friday 20").state().selectable
    QTest.keyClick(months, Qt.Key.Key_R)
    QTest.keyClick(months, Qt.Key.Key_Right)
    assert told[-1] == ("Announcement", "Sat 21 Nov, 09:00–09:30")
    QTest.keyClick(months, Qt.Key.Key_Escape)
    assert told[-1] == ("Announcement", "Given back")


def test_items_lie_where_they_are_painted(months: MonthView) -> None:
    months.set_page(month(*TILES))
    root = tree(months)
    item = named(months, "10:00–10:30")
    middle = item.rect().center()
    assert root.childAt(middle.x(), middle.y()) is item
    assert months.rect().contains(months.mapFromGlobal(middle))


def test_an_appointment_is_opened_and_a_day_gone_to_by_actions_alone(months: MonthView) -> None:
    opened: list[str] = []
    months.open_requested.connect(opened.append)
    months.set_page(month(*TILES))
    item = named(months, "10:00–10:30")
    actions = item.actionInterface()
    assert actions.keyBindingsForAction(actions.pressAction()) == ["Return"]
    actions.doAction(actions.pressAction())
    assert opened == ["b"]
    day = named(months, "Monday 9 November").actionInterface()
    day.doAction(day.setFocusAction())
    assert months.cursor == MonthStop(14, -1)


def test_errors_and_privacy_are_heard_too(months: MonthView) -> None:
    months.set_page(month(*TILES))
    months.set_privacy(True)
    assert named(months, "09:00").text(NAME) == "09:00–09:30 R. A., Check-up, Confirmed"
    months.set_error("The disk failed.")
    assert tree(months).text(NAME) == "The month could not be read"
    assert tree(months).childCount() == 0


def test_the_agenda_is_headings_and_rows(listed: AgendaView, told: list[tuple[str, str]]) -> None:
    asked: list[object] = []
    listed.book_requested.connect(asked.append)
    listed.day_requested.connect(asked.append)
    listed.set_part(agenda(agenda_day(FRIDAY, *TILES), agenda_day(FRIDAY + timedelta(days=1), free=4)))
    root = tree(listed)
    assert root.text(NAME) == "Agenda, Friday 20 November 2026 to Saturday 21 November 2026, 2 appointments"
    assert [root.child(n).text(NAME) for n in range(root.childCount())] == [
        "Friday 20 November 2026, today, 2 appointments · 1 requested",
        "09:00–09:30 Reyes, Ana, Check-up, Confirmed",
        "10:00–10:30 Reyes, Ana, Check-up, Requested",
        "Saturday 21 November 2026",
        "No appointments · 4 free times",
    ]
    assert root.child(2).text(DESCRIPTION) == "Dr Lim, 2 of 2"
    for n in (3, 4):
        actions = root.child(n).actionInterface()
        actions.doAction(actions.pressAction())
    assert asked == [FRIDAY + timedelta(days=1)] * 2
    told.clear()
    listed.go_to("b")
    assert told[-1] == ("Focus", "10:00–10:30 Reyes, Ana, Check-up, Requested")
    middle = root.child(2).rect().center()
    assert root.childAt(middle.x(), middle.y()) is root.child(2)
    toggle = root.child(2).actionInterface()
    toggle.doAction(toggle.toggleAction())
    assert listed.selection() == ["b"]


def test_a_place_that_is_gone_is_invalid_and_nothing_outlives_a_view(qtbot: QtBot, theme: Theme) -> None:
    view = MonthView(theme)
    shown(view)
    view.set_page(month(*TILES))
    last = tree(view).child(43)
    view.set_page(month())
    assert not last.isValid()
    assert last.state().invalid
    last.actionInterface().doAction(last.actionInterface().pressAction())
    key = id(view)
    assert key in painted_access._kept
    view.hide()
    shiboken6.delete(view)
    gc.collect()
    assert key not in painted_access._kept
