"""What a screen reader sees of the painted day or week: a list whose items are the appointments.

Where columns are days, each item says its day, and where in it it stands.

Qt knows one widget; the items in it are told here. What was found to work with PySide6 6.11.3:

* ``QAccessible.installFactory`` takes a Python function; a ``QAccessibleWidget`` made in Python may
  give Python interfaces as children. Table interfaces are not reachable, hence a list.
* ``interface_cast`` must not be written in Python: whatever it gives for "none" reaches C++ as a wild
  pointer, and the program dies as soon as a real screen reader asks (queries within the process do not
  show it). ``QAccessibleWidget`` answers for actions in C++, so the items are made of it too.
* The type stubs say that Qt's questions for a child never have the answer None; the binding takes it.
* Qt keeps raw pointers to every interface it has given an id, so each must be kept alive from here and
  given back (``deleteAccessibleInterface``) before its view goes. Items are therefore places
  in the list, not appointments: a view makes as many as its fullest day and reuses them.

Loaded when the first assistive tool asks, not before: nothing of it is on the way to the first paint.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleInterface,
)
from PySide6.QtWidgets import QAccessibleWidget

from himsog_desktop.domain.day import DayPage, Tile
from himsog_desktop.ui.calendar.day_paint import place_of
from himsog_desktop.ui.calendar.labels import (
    accessible_description,
    accessible_name,
    blocked_word,
    slot_name,
)
from himsog_desktop.ui.calendar.painted_item import PaintedItem

if TYPE_CHECKING:
    from himsog_desktop.ui.calendar.day_view import DayView

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HELP = "Arrows move, Enter opens or books, Space selects, R moves, plus and minus zoom"

_kept: dict[int, list[DayInterface]] = {}
"""By ``id`` of the view: every interface that Qt was given for it, until the view is gone."""


def interface_of(view: DayView) -> DayInterface:
    """An interface for Qt, which asked for one: never one that it has already.

    Qt asks again when the object has another meta-object than before, and PySide makes another one when a
    signal is connected to a method for the first time. It deletes what it was given as often as it asked:
    the same one twice would be the end of the program when the view goes (a lock, with a screen reader).
    """
    made = DayInterface(view)
    known = _kept.get(id(view))
    if known is None:
        known = _kept[id(view)] = []
        view.destroyed.connect(partial(_gone, id(view)))
    known.append(made)
    return made


def _gone(key: int) -> None:
    for found in _kept.pop(key, []):
        found.give_back()


def tell_cursor(view: DayView) -> None:
    """The cursor is elsewhere: the focus is on another item."""
    found = QAccessible.queryAccessibleInterface(view) if view.hasFocus() else None
    item = found.focused_item() if isinstance(found, DayInterface) else None
    if item is None:
        return
    if view.cursor is not None and view.cursor.tile_id is None:
        # The item of a free time is always the same one: its name is what changed.
        QAccessible.updateAccessibility(QAccessibleEvent(item, QAccessible.Event.NameChanged))
    QAccessible.updateAccessibility(QAccessibleEvent(item, QAccessible.Event.Focus))


def tell_changed(view: DayView) -> None:
    """Other appointments are listed than before."""
    QAccessible.updateAccessibility(QAccessibleEvent(view, QAccessible.Event.ObjectReorder))


def read_anew(view: DayView) -> None:
    """Forget what Qt made of a view by itself, before it was told how to read one."""
    known = QAccessible.queryAccessibleInterface(view)
    if not isinstance(known, DayInterface):
        QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(known))
    tell_changed(view)
    tell_cursor(view)


def announce(view: DayView, text: str) -> None:
    """Words that no item carries."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, text))


class DayInterface(QAccessibleWidget):
    """The view: a list, by column and time, and last the free time under the cursor."""

    def __init__(self, view: DayView) -> None:
        super().__init__(view, QAccessible.Role.List, view.accessibleName())
        self.view = view
        self._items: list[Item] = []
        self._order: list[Tile] = []
        self._places: dict[str, int] = {}
        self._page: DayPage | None = None

    def tiles(self) -> list[Tile]:
        """The appointments in the order of the items: by column, then by time."""
        page = self.view.page if self.view.state == "page" else None
        if page is not self._page:
            self._page = page
            layout = self.view.scene.layout
            self._order = []
            if page is not None and layout is not None:
                places = [(layout.columns_of(tile), tile) for tile in page.tiles]
                shown = sorted((columns[0], tile.start, tile.id, tile) for columns, tile in places if columns)
                self._order = [tile for *_, tile in shown]
            self._places = {tile.id: place for place, tile in enumerate(self._order)}
        return self._order

    def place_words(self, tile: Tile) -> str:
        """Where an appointment stands in its column: ``"2 of 14"``."""
        layout = self.view.scene.layout
        columns = [] if layout is None else layout.columns_of(tile)
        if layout is None or not columns:
            return ""
        there = [known.id for known in layout.tiles_of(columns[0])]
        return f"{there.index(tile.id) + 1} of {len(there)}"

    def slot_shown(self) -> bool:
        """Whether the cursor is on a free time, which then is the last item."""
        cursor = self.view.cursor
        return cursor is not None and cursor.tile_id is None and self.view.state == "page"

    def item(self, place: int) -> Item:
        """The item at a place of the list."""
        while len(self._items) <= place:
            made = Item(self, len(self._items))
            self._items.append(made)
            QAccessible.registerAccessibleInterface(made)
        return self._items[place]

    def focused_item(self) -> Item | None:
        """The item under the cursor."""
        cursor = self.view.cursor
        tiles = self.tiles()
        if cursor is None or self.view.state != "page":
            return None
        if cursor.tile_id is None:
            return self.item(len(tiles))
        place = self._places.get(cursor.tile_id)
        return None if place is None else self.item(place)

    def give_back(self) -> None:
        """The view is gone: Qt forgets the items and the list before they are dropped here.

        It may learn of a view's end after us, and would delete what Python has freed by then.
        """
        items, self._items = self._items, []
        for one in (*items, self):
            if shiboken6.isValid(one):
                QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(one))

    # ------------------------------------------------------------------------ what Qt asks

    def text(self, kind: QAccessible.Text) -> str:
        if kind == QAccessible.Text.Name:
            return _day_name(self.view)
        if kind == QAccessible.Text.Description:
            return _HELP
        return super().text(kind)

    def state(self) -> QAccessible.State:
        found = super().state()
        found.multiSelectable = True
        found.busy = self.view.state == "skeleton"
        return found

    def childCount(self) -> int:
        return len(self.tiles()) + (1 if self.slot_shown() else 0)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return self.item(index) if 0 <= index < self.childCount() else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return child.place if isinstance(child, Item) and child.day is self else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        at = self.view.viewport().mapFromGlobal(QPoint(x, y))
        hit = self.view.pointer.hit(at.toPointF())
        if hit is None or hit.tile_id is None:
            return None
        self.tiles()
        place = self._places.get(hit.tile_id)
        return None if place is None else self.item(place)

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        return self.focused_item() if self.view.hasFocus() else None


class Item(PaintedItem):
    """One place of the list: an appointment, or the free time under the cursor."""

    def __init__(self, day: DayInterface, place: int) -> None:
        super().__init__(day.view)
        self.day = day
        self.place = place

    def tile(self) -> Tile | None:
        """The appointment at this place; None on the free time under the cursor."""
        tiles = self.day.tiles()
        return tiles[self.place] if self.place < len(tiles) else None

    def actionNames(self) -> list[str]:
        names = [self.pressAction(), self.setFocusAction()]
        return [*names, self.toggleAction()] if self.tile() is not None else names

    def doAction(self, name: str) -> None:
        """Press: open or book. Set focus: put the cursor here. Toggle: select."""
        view, tile = self.day.view, self.tile()
        if name == self.setFocusAction():
            view.setFocus()
            if tile is not None:
                view.go_to(tile.id)
        elif name == self.toggleAction() and tile is not None:
            view.set_selection(view.selected ^ {tile.id})
        elif name == self.pressAction():
            if tile is not None:
                view.open_requested.emit(tile.id)
            elif view.cursor is not None and view.page is not None:
                start, end = view.cursor_range()
                view.book_requested.emit(view.page.columns[view.cursor.column].provider, start, end)

    # ------------------------------------------------------------------------ what Qt asks

    def isValid(self) -> bool:
        return shiboken6.isValid(self.day) and shiboken6.isValid(self.day.view) and self.place < self.day.childCount()

    def parent(self) -> QAccessibleInterface:
        return self.day

    def text(self, kind: QAccessible.Text) -> str:
        view, tile = self.day.view, self.tile()
        if kind == QAccessible.Text.Name:
            return _slot_name(view) if tile is None else _tile_name(self.day, tile)
        if kind == QAccessible.Text.Description and tile is not None and view.page is not None:
            words = accessible_description(tile, view.page.provider_name(tile.provider_id), view.now())
            return f"{words}, {self.day.place_words(tile)}" if view.page.of_days else words
        return ""

    def state(self) -> QAccessible.State:
        view, tile = self.day.view, self.tile()
        found = QAccessible.State()
        found.focusable = True
        cursor = view.cursor
        here = cursor is not None and cursor.tile_id == (None if tile is None else tile.id)
        found.focused = here and view.hasFocus()
        if tile is not None:
            found.selectable = found.extSelectable = True
            found.selected = tile.id in view.selected
        found.offscreen = not self._rect().intersects(view.viewport().rect())
        found.invisible = not view.isVisible()
        return found

    def _rect(self) -> QRect:
        view, tile = self.day.view, self.tile()
        if tile is None:
            return view.cursor_rect()
        layout = view.scene.layout
        rect = None if layout is None else place_of(layout, tile.id)
        x, y = view.offset()
        return QRect() if rect is None else rect.translated(-x, -y)

    def rect(self) -> QRect:
        rect = self._rect()
        return QRect(self.day.view.viewport().mapToGlobal(rect.topLeft()), rect.size())


def _day_name(view: DayView) -> str:
    """``"Friday 20 November 2026, 6 providers, 24 appointments"``; of a week with its first day and length."""
    if view.state == "error":
        return f"The {view.kind} could not be read"
    page = view.page
    if page is None:
        return view.accessibleName()
    day = date.fromisoformat(page.day)
    when = f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"
    if page.of_days:
        when = f"{len(page.columns)} days from {when}"
        if len(page.names) == 1:
            return f"{when}, {page.names[0][1]}, {_counted(len(page.tiles))}"
    columns = len(page.names) if page.of_days else len(page.columns)
    providers = f"{columns} {'room' if page.of_rooms else 'provider'}{'' if columns == 1 else 's'}"
    return f"{when}, {providers}, {_counted(len(page.tiles))}"


def _counted(tiles: int) -> str:
    return f"{tiles} appointment{'' if tiles == 1 else 's'}"


def _tile_name(day: DayInterface, tile: Tile) -> str:
    """``"09:00–09:30 Reyes, Ana, Check-up, Confirmed"``; where columns are days with the day before it."""
    view, layout = day.view, day.view.scene.layout
    name = accessible_name(tile, view.clock, view.privacy)
    columns = layout.columns_of(tile) if layout is not None and layout.page.of_days else []
    return f"{layout.page.columns[columns[0]].name} {name}" if layout is not None and columns else name


def _slot_name(view: DayView) -> str:
    """``"10:00 free, Dr Cruz"``; what was stretched as a range."""
    cursor, page = view.cursor, view.page
    if cursor is None or page is None or cursor.column >= len(page.columns):
        return ""
    column = page.columns[cursor.column]
    start, end = view.cursor_range()
    stretched = (start, end) != (cursor.start, cursor.end)
    whose, blocked = column.name, blocked_word(column, start)
    if page.of_days:
        whose = page.names[0][1] if len(page.names) == 1 else f"{len(page.names)} providers"
    words = slot_name(view.clock, start, end if stretched else 0, whose, blocked)
    return f"{column.name} {words}" if page.of_days else words
