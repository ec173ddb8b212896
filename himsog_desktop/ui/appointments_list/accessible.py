"""What a screen reader sees of the painted list: headings and rows, each with its name, its state and its acts.

See ``ui.calendar.accessible`` for what PySide6 can give and what it must not; places of the list are reused
the same way. A hundred thousand rows are as many places, made when somebody asks for one.

Loaded when the first assistive tool asks, not before.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget

from himsog_desktop.ui.appointments_list.found import Place
from himsog_desktop.ui.appointments_list.shape import HEADING
from himsog_desktop.ui.calendar.labels import accessible_description, accessible_name
from himsog_desktop.ui.calendar.painted_item import PaintedItem
from himsog_desktop.ui.models.words import short_day

if TYPE_CHECKING:
    from himsog_desktop.domain.listing import Line
    from himsog_desktop.ui.appointments_list.view import ListView

_HELP = "Arrows move, Space selects, Enter opens, Control A selects everything found, Control R puts the list in order"
_kept: dict[int, list[ListInterface]] = {}


def interface_of(view: ListView) -> ListInterface:
    """An interface for Qt, never one that it has already."""
    made = ListInterface(view)
    known = _kept.get(id(view))
    if known is None:
        known = _kept[id(view)] = []
        view.destroyed.connect(partial(_gone, id(view)))
    known.append(made)
    return made


def _gone(key: int) -> None:
    for found in _kept.pop(key, []):
        found.give_back()


def tell_current(view: ListView) -> None:
    """The keyboard is on another row."""
    found = QAccessible.queryAccessibleInterface(view) if view.hasFocus() else None
    item = found.focused_item() if isinstance(found, ListInterface) else None
    if item is not None:
        QAccessible.updateAccessibility(QAccessibleEvent(item, QAccessible.Event.Focus))


def tell_changed(view: ListView) -> None:
    """Other rows are listed than before."""
    QAccessible.updateAccessibility(QAccessibleEvent(view, QAccessible.Event.ObjectReorder))


class ListInterface(QAccessibleWidget):
    """The list: a heading, its rows, the next heading, its rows …."""

    def __init__(self, view: ListView) -> None:
        super().__init__(view, QAccessible.Role.List, view.accessibleName())
        self.view = view
        self._items: dict[int, Item] = {}

    def place(self, index: int) -> Place | None:
        """What stands at a place of the list."""
        for number, section in enumerate(self.view.model.found.sections):
            if index == 0:
                return Place(number, HEADING)
            if index <= section.total:
                return Place(number, index - 1)
            index -= section.total + 1
        return None

    def index(self, place: Place) -> int:
        """The place in the list of a row or a heading."""
        sections = self.view.model.found.sections
        return sum(section.total + 1 for section in sections[: place.section]) + place.at + 1

    def item(self, index: int) -> Item:
        """The item at a place of the list."""
        found = self._items.get(index)
        if found is None:
            found = self._items[index] = Item(self, index)
            QAccessible.registerAccessibleInterface(found)
        return found

    def focused_item(self) -> Item | None:
        """The row that the keyboard is on."""
        current = self.view.current
        place = None if current is None else self.view.model.found.find(current)
        return None if place is None else self.item(self.index(place))

    def give_back(self) -> None:
        """The view is gone: Qt forgets the items and the list before they are dropped here."""
        items, self._items = list(self._items.values()), {}
        for one in (*items, self):
            if shiboken6.isValid(one):
                QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(one))

    # ------------------------------------------------------------------------ what Qt asks

    def text(self, kind: QAccessible.Text) -> str:
        if kind == QAccessible.Text.Name:
            rows = self.view.model.found.total
            chosen = len(self.view.chosen)
            return f"Appointments, {rows:,} rows" + (f", {chosen:,} selected" if chosen else "")
        if kind == QAccessible.Text.Description:
            return _HELP
        return super().text(kind)

    def state(self) -> QAccessible.State:
        found = super().state()
        found.multiSelectable = True
        found.busy = self.view.loading
        return found

    def childCount(self) -> int:
        found = self.view.model.found
        return found.total + len(found.sections)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return self.item(index) if 0 <= index < self.childCount() else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return child.index if isinstance(child, Item) and child.list is self else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        place = self.view.spot(self.view.viewport().mapFromGlobal(QPoint(x, y)))
        if place is None or place.at < HEADING:
            return None
        return self.item(self.index(place))

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        return self.focused_item() if self.view.hasFocus() else None


class Item(PaintedItem):
    """One place of the list: a heading or a row."""

    def __init__(self, parent: ListInterface, index: int) -> None:
        super().__init__(parent.view)
        self.list = parent
        self.index = index

    def _place(self) -> Place | None:
        return self.list.place(self.index)

    def _id(self) -> str | None:
        place = self._place()
        return None if place is None or place.at < 0 else self.list.view.model.found.id_at(place)

    def _line(self) -> Line | None:
        key = self._id()
        if key is None:
            return None
        model = self.list.view.model
        if key not in model.lines and key not in model.gone:
            model.read_here(key)
        return model.lines.get(key)

    def actionNames(self) -> list[str]:
        place = self._place()
        if place is not None and place.at == HEADING:
            return [self.toggleAction()]
        return [self.pressAction(), self.setFocusAction(), self.toggleAction()]

    def doAction(self, name: str) -> None:
        """Press: open. Set focus: put the keyboard here. Toggle: select, of a heading all of its section."""
        view, place, key = self.list.view, self._place(), self._id()
        if place is None:
            return
        if place.at == HEADING:
            if name == self.toggleAction():
                view.select_section(place.section)
        elif key is None:
            return
        elif name == self.setFocusAction():
            view.setFocus()
            view.go_to(key)
        elif name == self.toggleAction():
            view.toggle(key)
        elif name == self.pressAction():
            view.opened.emit(key)

    # ------------------------------------------------------------------------ what Qt asks

    def isValid(self) -> bool:
        return shiboken6.isValid(self.list) and shiboken6.isValid(self.list.view) and self._place() is not None

    def parent(self) -> QAccessibleInterface:
        return self.list

    def role(self) -> QAccessible.Role:
        place = self._place()
        heading = place is not None and place.at == HEADING
        return QAccessible.Role.Heading if heading else QAccessible.Role.ListItem

    def text(self, kind: QAccessible.Text) -> str:
        view, place = self.list.view, self._place()
        if place is None:
            return ""
        section = view.model.found.sections[place.section]
        title, remark, empty = view.words(section.status)
        if place.at == HEADING:
            if kind == QAccessible.Text.Name:
                return f"{title}, {section.total:,}" + (f", {empty}" if not section.total else "")
            return remark if kind == QAccessible.Text.Description else ""
        line = self._line()
        if line is None or view.clock is None:
            return "No longer there" if kind == QAccessible.Text.Name and self._id() in view.model.gone else ""
        if kind == QAccessible.Text.Name:
            day = view.clock.zone.date_of(line.tile.start)
            return (
                f"{short_day(day, year=day.year != view.year)} {accessible_name(line.tile, view.clock, view.privacy)}"
            )
        if kind == QAccessible.Text.Description:
            about = accessible_description(line.tile, view.names.get(line.tile.provider_id, ""), 0)
            where = f"row {place.at + 1:,} of {section.total:,} in {title}"
            return ", ".join(part for part in (about, where, "has a note" if line.tile.note else "") if part)
        return ""

    def state(self) -> QAccessible.State:
        view, place, key = self.list.view, self._place(), self._id()
        found = QAccessible.State()
        found.invisible = not view.isVisible()
        if place is None:
            return found
        found.checkable = found.selectable = True
        if place.at == HEADING:
            section = view.model.found.sections[place.section]
            found.checked = found.selected = 0 < section.total <= view.chosen_of(place.section)
        else:
            found.focusable = found.extSelectable = True
            found.focused = key is not None and key == view.current and view.hasFocus()
            found.checked = found.selected = key is not None and key in view.chosen
        found.offscreen = not self._rect().intersects(view.viewport().rect())
        return found

    def _rect(self) -> QRect:
        view, place = self.list.view, self._place()
        if place is None:
            return QRect()
        y, wide = view.verticalScrollBar().value(), view.viewport().width()
        if place.at == HEADING:
            return QRect(0, view.heading_top(place.section, y), wide, view.rows.heading)
        return QRect(0, view.rows.top(place) - y, wide, view.rows.row)

    def rect(self) -> QRect:
        rect = self._rect()
        return QRect(self.list.view.viewport().mapToGlobal(rect.topLeft()), rect.size())
