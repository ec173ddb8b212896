"""The month by keyboard alone: days, rows within a day, months, and carrying an appointment with R.

Sideways goes by days. Up and down go through the rows of a day and on to the week above or below; with Ctrl
straight by weeks. Keys that mean nothing here are left to the shell (C, F, X and N act on the selection, or
on the row under the cursor).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from himsog_desktop.ui.calendar.labels import movable, shown_name
from himsog_desktop.ui.calendar.month_geometry import COLUMNS, MonthHit

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from himsog_desktop.ui.calendar.month_view import MonthView

_KEY = Qt.Key
_CONTROL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_META = Qt.KeyboardModifier.MetaModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_DAYS = {_KEY.Key_Left: -1, _KEY.Key_Right: 1, _KEY.Key_Up: -COLUMNS, _KEY.Key_Down: COLUMNS}


class MonthKeys:
    """Reads the keys of one month."""

    def __init__(self, view: MonthView) -> None:
        self._view = view
        self.meaning: Callable[[QKeyEvent], str] = usual_meaning
        """What a key that a person may give away means: ``move``, ``card``, or nothing of these."""

    def press(self, event: QKeyEvent) -> bool:
        """Act on a key. False when it means nothing here."""
        view = self._view
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        view.hand.card.hide()
        if key == _KEY.Key_Escape:
            return self._escape()
        if modifiers & (_ALT | _META) or view.page is None or view.state != "page":
            return False
        if view.hand.carry is not None:
            return self._carrying(key)
        if key in _DAYS:
            return self._arrow(key, modifiers)
        if modifiers & _CONTROL and key not in (_KEY.Key_Home, _KEY.Key_End, _KEY.Key_Space):
            return False
        return self._other(event, key, modifiers)

    def _escape(self) -> bool:
        view = self._view
        if view.hand.cancel():
            view.announce(view.tr("Given back"))
            return True
        if view.selected:
            view.set_selection(())
            return True
        return False

    def _arrow(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        view = self._view
        days = _DAYS[key]
        if key in (_KEY.Key_Left, _KEY.Key_Right):
            view.go_by(-days if view.isRightToLeft() else days, keep_row=True)
        elif modifiers & _CONTROL:
            view.go_by(days)
        else:
            before = view.cursor_tile()
            view.go_down(1 if days > 0 else -1)
            after = view.cursor_tile()
            if modifiers & _SHIFT:
                # Shift takes in what is passed, as in every list.
                view.set_selection(view.selected | {tile.id for tile in (before, after) if tile is not None})
        return True

    def _other(self, event: QKeyEvent, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        view = self._view
        tile = view.cursor_tile()
        if key in (_KEY.Key_Home, _KEY.Key_End):
            view.go_to_edge(end=key == _KEY.Key_End, month=bool(modifiers & _CONTROL))
        elif key in (_KEY.Key_PageUp, _KEY.Key_PageDown):
            view.month_requested.emit(1 if key == _KEY.Key_PageDown else -1)
        elif key in (_KEY.Key_Return, _KEY.Key_Enter):
            view.enter()
        elif key == _KEY.Key_Space:
            if tile is not None:
                view.set_selection(view.selected ^ {tile.id})
        elif key == _KEY.Key_Menu:
            place = view.stop_rect(view.cursor).translated(0, view.top).center()
            view.context_requested.emit("" if tile is None else tile.id, view.mapToGlobal(place))
        else:
            return self._meant(self.meaning(event))
        return True

    def _meant(self, act: str) -> bool:
        view = self._view
        if act == "move":
            # Several can't be carried: whoever has the view asks where they go.
            return len(self._view.selected) < 2 and self.start_move()
        if act == "card":
            tile, stop = view.cursor_tile(), view.cursor
            view.hand.show_card(MonthHit(stop.cell, "day" if tile is None else "row", stop.row))
            return True
        return False

    def start_move(self) -> bool:
        """Take the appointment under the cursor in hand. False when there is none."""
        view = self._view
        tile = view.cursor_tile()
        if tile is None:
            return False
        if not movable(tile):
            view.announce(view.tr("It can't be moved any more"))
            return True
        view.hand.start(tile, view.cursor.cell, by_keys=True)
        name = shown_name(tile, view.privacy)
        words = view.tr("Moving {0}: arrows to another day, Enter to drop, Escape to give back")
        view.announce(words.format(name))
        return True

    def _carrying(self, key: Qt.Key) -> bool:
        view = self._view
        carry = view.hand.carry
        assert carry is not None
        if not carry.by_keys:
            return True  # the pointer is busy: only Escape counts
        if key in _DAYS:
            days = _DAYS[key]
            if key in (_KEY.Key_Left, _KEY.Key_Right) and view.isRightToLeft():
                days = -days
            if view.hand.step(days):
                words = view.hand.ghost_words()
                if words is not None:
                    view.announce("; ".join(words[1]))
        elif key in (_KEY.Key_PageUp, _KEY.Key_PageDown):
            view.hand.turn.month(1 if key == _KEY.Key_PageDown else -1)
        elif key in (_KEY.Key_Return, _KEY.Key_Enter):
            view.hand.finish()
        return True


def usual_meaning(event: QKeyEvent) -> str:
    """R and I, where nobody gave the acts other keys."""
    return {_KEY.Key_R: "move", _KEY.Key_I: "card"}.get(Qt.Key(event.key()), "")
