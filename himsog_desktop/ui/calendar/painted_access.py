"""What a screen reader sees of a painted list: a list whose items are told by the view that paints them.

What Qt and its binding want here is written down in ``accessible``, and kept to: items are places in the
list, made once and reused; every interface that Qt was given is kept alive from here and given back when
its view goes.
"""

from __future__ import annotations

from functools import partial

import shiboken6
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QAbstractScrollArea, QAccessibleWidget, QWidget

from himsog_desktop.ui.calendar.painted_item import PaintedItem
from himsog_desktop.ui.calendar.painted_list import Reader

_kept: dict[int, list[ListInterface]] = {}
"""By ``id`` of the view: every interface that Qt was given for it, until the view is gone."""


def interface_of(view: QWidget) -> ListInterface:
    """An interface for Qt, which asked for one: never one that it has already."""
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


def tell_focus(view: QWidget) -> None:
    """The cursor is elsewhere: the focus is on another item."""
    found = QAccessible.queryAccessibleInterface(view)
    item = found.focused_item() if isinstance(found, ListInterface) else None
    if item is not None:
        QAccessible.updateAccessibility(QAccessibleEvent(item, QAccessible.Event.Focus))


class ListInterface(QAccessibleWidget):
    """The view: a list."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view, QAccessible.Role.List, view.accessibleName())
        self.view = view
        self.read = _reader(view)
        self._items: list[ListItem] = []

    def item(self, place: int) -> ListItem:
        """The item at a place of the list."""
        while len(self._items) <= place:
            made = ListItem(self, len(self._items))
            self._items.append(made)
            QAccessible.registerAccessibleInterface(made)
        return self._items[place]

    def focused_item(self) -> ListItem | None:
        """The item under the cursor."""
        place = self.read.focus()
        return None if place is None else self.item(place)

    def on_screen(self, rect: QRect) -> QRect:
        """A place of the widget (of its viewport, where it scrolls) on the screen."""
        return QRect(_surface(self.view).mapToGlobal(rect.topLeft()), rect.size())

    def give_back(self) -> None:
        """The view is gone: Qt forgets the items and the list before they are dropped here."""
        items, self._items = self._items, []
        for one in (*items, self):
            if shiboken6.isValid(one):
                QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(one))

    # ------------------------------------------------------------------------ what Qt asks

    def text(self, kind: QAccessible.Text) -> str:
        if kind == QAccessible.Text.Name:
            return self.read.title()
        if kind == QAccessible.Text.Description:
            return self.read.help()
        return super().text(kind)

    def state(self) -> QAccessible.State:
        found = super().state()
        found.multiSelectable = True
        found.busy = self.read.busy()
        return found

    def childCount(self) -> int:
        return self.read.count()

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return self.item(index) if 0 <= index < self.childCount() else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return child.place if isinstance(child, ListItem) and child.owner is self else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        place = self.read.at(_surface(self.view).mapFromGlobal(QPoint(x, y)))
        return None if place is None else self.item(place)

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        return self.focused_item() if self.view.hasFocus() else None


class ListItem(PaintedItem):
    """One place of the list."""

    def __init__(self, owner: ListInterface, place: int) -> None:
        super().__init__(owner.view)
        self.owner = owner
        self.place = place

    def actionNames(self) -> list[str]:
        names = [self.pressAction(), self.setFocusAction()]
        selected = self.owner.read.selected(self.place)
        return names if selected is None else [*names, self.toggleAction()]

    def doAction(self, name: str) -> None:
        """Press: open. Set focus: put the cursor here. Toggle: select."""
        if not self.isValid():
            return
        read = self.owner.read
        if name == self.setFocusAction():
            self.owner.view.setFocus()
            read.go(self.place)
        elif name == self.toggleAction():
            read.toggle(self.place)
        elif name == self.pressAction():
            read.press(self.place)

    # ------------------------------------------------------------------------ what Qt asks

    def isValid(self) -> bool:
        owner = self.owner
        return shiboken6.isValid(owner) and shiboken6.isValid(owner.view) and self.place < owner.childCount()

    def parent(self) -> QAccessibleInterface:
        return self.owner

    def text(self, kind: QAccessible.Text) -> str:
        if not self.isValid():
            return ""
        if kind == QAccessible.Text.Name:
            return self.owner.read.name(self.place)
        if kind == QAccessible.Text.Description:
            return self.owner.read.description(self.place)
        return ""

    def state(self) -> QAccessible.State:
        found = QAccessible.State()
        if not self.isValid():
            found.invalid = True
            return found
        view, read = self.owner.view, self.owner.read
        found.focusable = True
        found.focused = view.hasFocus() and read.focus() == self.place
        selected = read.selected(self.place)
        if selected is not None:
            found.selectable = found.extSelectable = True
            found.selected = selected
        found.offscreen = not read.rect(self.place).intersects(_surface(view).rect())
        found.invisible = not view.isVisible()
        return found

    def rect(self) -> QRect:
        return self.owner.on_screen(self.owner.read.rect(self.place)) if self.isValid() else QRect()


def _reader(view: QWidget) -> Reader:
    found = getattr(view, "reader", None)
    assert isinstance(found, Reader)
    return found


def _surface(view: QWidget) -> QWidget:
    """What is painted on: the viewport of what scrolls."""
    return view.viewport() if isinstance(view, QAbstractScrollArea) else view
