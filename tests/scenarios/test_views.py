"""Columns and saved views through the real window: rooms as columns, F2 to F12, the menu by keyboard."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from himsog_desktop.domain.commands import Move
from himsog_desktop.domain.day import ROOM
from himsog_desktop.services import booking, views
from himsog_desktop.ui.calendar.day_paint import place_of
from himsog_desktop.ui.shell.columns_menu import ColumnsMenu
from himsog_desktop.ui.shell.views import Views
from tests.scenarios.hands import KEY, Hands
from tests.scenarios.test_desk import SOON
from tests.ui.conftest import Seat

# Menus, on the offscreen platform.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")

ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def hands(seat: Seat) -> Hands:
    return Hands(seat)


def by_rooms(hands: Hands) -> list[str]:
    prefs = hands.seat.workspace.prefs
    prefs.set(prefs.now._replace(columns="rooms"))
    view = hands.seat.workspace.day.view
    hands.seat.wait(lambda: view.page is not None and view.page.of_rooms)
    assert view.page is not None
    return [column.name for column in view.page.columns]


def menu_of(hands: Hands) -> ColumnsMenu:
    menu = hands.seat.workspace.day.toolbar.providers.menu
    assert isinstance(menu, ColumnsMenu)
    return menu


def test_a_drag_to_another_room_changes_the_room_and_nothing_else(hands: Hands) -> None:
    assert by_rooms(hands) == ["Room 1", "Room 2", "Treatment room", "No room"]
    view = hands.seat.workspace.day.view
    page, layout = view.page, view.scene.layout
    assert page is not None
    assert layout is not None
    tile = next(t for t in page.tiles if t.start > SOON and t.status == "CONFIRMED" and page.column_of(t) == ROOM)
    before = hands.kept(tile.id)
    hands.stand_on(tile.id)
    rect = place_of(layout, tile.id)
    assert rect is not None
    x, y = view.offset()
    at = QPoint(rect.x() - x + 8, rect.y() - y + 8)
    to = QPoint(layout.columns.left(0) - x + 30, at.y())
    QTest.mousePress(view.viewport(), LEFT, NONE, at)
    QTest.mouseMove(view.viewport(), at + QPoint(-30, 0))
    QTest.mouseMove(view.viewport(), to)
    QTest.mouseRelease(view.viewport(), LEFT, NONE, to)
    hands.seat.settle()
    after = hands.kept(tile.id)
    assert [r.name for r in after.resources] == ["Room 1"]
    assert (after.start, after.end, after.provider, after.status) == (
        before.start, before.end, before.provider, before.status,
    )  # fmt: skip
    hands.seat.wait(lambda: view.page is not None and view.page.column_of(tile) != ROOM)
    hands.keys(KEY.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert hands.kept(tile.id).resources == []


def test_a_room_in_use_says_so_and_nothing_moves(hands: Hands) -> None:
    by_rooms(hands)
    view = hands.seat.workspace.day.view
    page = view.page
    assert page is not None
    taken = next(t for t in page.tiles if t.start > SOON and t.status == "CONFIRMED" and page.column_of(t) != ROOM)
    place = page.column_of(taken)
    mine = next(t for t in page.tiles if t.start > SOON and t.status == "CONFIRMED" and page.column_of(t) == ROOM)
    with hands.desk() as desk:
        booking.move(desk, Move(mine.id, mine.start, room_ids=()))
    words = hands.seat.workspace.grid_acts.why_not(place, taken.start, taken.end, mine.id)
    name = next(column.name for column in page.columns if column.id == place)
    assert f"In use: {name}" in words


def test_a_free_time_of_a_room_books_in_it(hands: Hands) -> None:
    by_rooms(hands)
    view = hands.seat.workspace.day.view
    page = view.page
    assert page is not None
    view.book_requested.emit(page.columns[0].id, SOON + 3_600_000_000, SOON + 4_500_000_000)
    hands.seat.settle()
    panel = hands.panel()
    hands.seat.wait(lambda: panel.room.key)
    assert panel.room.currentText() == "Room 1"
    assert panel.time.provider_id is not None


def test_a_view_is_saved_by_keyboard_and_opened_by_its_key(hands: Hands) -> None:
    w = hands.seat.workspace
    w.day.take_keyboard()
    menu = menu_of(hands)
    menu_names = [c.name for c in menu._known.providers] if menu._known is not None else []
    from himsog_desktop.ui.shell.commands import do

    prefs = w.prefs
    hidden = (w.provider_names[0][0],)
    prefs.set(prefs.now._replace(hidden=hidden))
    hands.seat.settle()
    do(w, "save_view")
    assert menu.views is not None
    QTest.keyClicks(menu.views.name, "Without the first")
    QTest.keyClick(menu.views.name, KEY.Key_Return)
    hands.seat.settle()
    assert not menu.isVisible()
    assert hands.seat.messages() == ["Saved as Without the first: F2 opens it."]
    prefs.set(prefs.now._replace(hidden=(), zoom=60))
    hands.seat.settle()
    w.day.take_keyboard()
    QTest.keyClick(hands.seat.focus(), KEY.Key_F2)
    hands.seat.settle()
    assert (prefs.now.hidden, prefs.now.zoom) == (hidden, 15)
    assert w.day.view.page is not None
    assert [c.name for c in w.day.view.page.columns] == menu_names[1:]
    with hands.desk() as desk:
        assert [view.name for view in views.kept(desk)] == ["Without the first"]
    # Its name is the person's words: not in the settings, which anybody can read.
    kept = (hands.seat.folder / "settings.json").read_text()
    assert "Without" not in kept
    assert json.loads(kept)["hidden"] == list(hidden)
    QTest.keyClick(hands.seat.focus(), KEY.Key_F7)
    assert "No view is saved on F7" in hands.seat.messages()[-1]


def test_views_are_arranged_renamed_and_deleted_in_the_menu(hands: Hands) -> None:
    w = hands.seat.workspace
    assert w.views is not None
    for name, zoom in (("One", 30), ("Two", 60), ("Three", 15)):
        w.prefs.set(w.prefs.now._replace(zoom=zoom))
        assert w.views.save(name)
    assert w.views.save("two")  # of the same name: it takes the place
    assert [view.name for view in w.views.all] == ["One", "two", "Three"]
    w.day.toolbar.providers.open_menu()
    menu = menu_of(hands)
    section = menu.views
    assert section is not None
    section.rows.setFocus()
    section.rows.setCurrentRow(2)
    QTest.keyClick(section.rows, KEY.Key_Up, ALT)
    assert [view.name for view in w.views.all] == ["One", "Three", "two"]
    section.rename.click()
    section.name.selectAll()
    QTest.keyClicks(section.name, "Third")
    QTest.keyClick(section.name, KEY.Key_Return)
    assert [view.name for view in w.views.all] == ["One", "Third", "two"]
    section.rows.setCurrentRow(0)
    QTest.keyClick(section.rows, KEY.Key_Delete)
    assert [view.name for view in w.views.all] == ["Third", "two"]
    menu.close()
    w.messages._toasts[-1].button.click()  # type: ignore[union-attr]
    hands.seat.settle()
    assert [view.name for view in w.views.all] == ["One", "Third", "two"]
    with hands.desk() as desk:
        assert views.kept(desk) == w.views.all


def test_columns_are_dragged_and_hidden_in_the_menu(hands: Hands) -> None:
    w = hands.seat.workspace
    w.day.toolbar.providers.open_menu()
    menu = menu_of(hands)
    chooser = menu.chooser
    assert chooser is not None
    rows = chooser.list
    names = [rows.item(n).text() for n in range(rows.count())]
    one, three = (rows.visualItemRect(rows.item(n)).center() + QPoint(40, 0) for n in (0, 2))
    QTest.mousePress(rows.viewport(), LEFT, NONE, one)
    QTest.mouseMove(rows.viewport(), one + QPoint(0, 14))
    QTest.mouseMove(rows.viewport(), three)
    QTest.mouseRelease(rows.viewport(), LEFT, NONE, three)
    hands.seat.settle()
    assert [rows.item(n).text() for n in range(rows.count())] == [names[1], names[2], names[0], *names[3:]]
    assert w.day.view.page is not None
    assert [c.name for c in w.day.view.page.columns][:3] == [names[1], names[2], names[0]]
    chooser.list.check_all(False)
    hands.seat.settle()
    assert w.day.view.page.columns == ()
    assert w.day.toolbar.providers.text() == f"0 of {len(names)} providers"
    chooser.list.check_all(True)
    hands.seat.settle()
    assert chooser.kinds is not None
    chooser.kinds.segments[1].click()
    hands.seat.settle()
    assert w.day.toolbar.providers.text() == "All rooms"
    assert [rows.item(n).text() for n in range(rows.count())] == ["Room 1", "Room 2", "Treatment room", "No room"]
    menu.close()


def test_what_is_saved_before_the_views_were_read_takes_none_of_them_away(hands: Hands) -> None:
    seat = hands.seat
    views.keep(seat.other_process(), [views.named(views.SavedView(""), "Mornings")])
    early = Views(seat.workspace)
    assert not early.save("Rooms")
    assert "not read yet" in seat.messages()[-1]
    seat.settle()
    assert early.save("Rooms")
    seat.settle()
    assert [view.name for view in views.kept(seat.other_process())] == ["Mornings", "Rooms"]
