"""The day by keyboard alone: arrows, Enter, Space, zoom, and moving an appointment with R.

Keys that mean nothing here are left to the shell (C confirm, X cancel and the like act on
``selection()`` or on the cursor).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from himsog_desktop.domain.time import MINUTE
from himsog_desktop.ui.calendar.cursor import Stop
from himsog_desktop.ui.calendar.gestures import Gesture
from himsog_desktop.ui.calendar.labels import movable, shown_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from himsog_desktop.ui.calendar.day_view import DayView

_KEY = Qt.Key
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_META = Qt.KeyboardModifier.MetaModifier
_ARROWS = {_KEY.Key_Left: (-1, 0), _KEY.Key_Right: (1, 0), _KEY.Key_Up: (0, -1), _KEY.Key_Down: (0, 1)}

_DAYS = {_KEY.Key_Left: -1, _KEY.Key_Right: 1, _KEY.Key_PageUp: -7, _KEY.Key_PageDown: 7}
"""With Alt, while something is in hand: so many days on or back, and it goes along."""


class Keyboard:
    """Reads the keys of one day view."""

    def __init__(self, view: DayView) -> None:
        self._view = view
        self.meaning: Callable[[QKeyEvent], str] = _usual
        """What a key that a person may give away means: ``move``, ``card``, or nothing of these."""

    def press(self, event: QKeyEvent) -> bool:
        """Act on a key. False when it means nothing here."""
        view = self._view
        key = Qt.Key(event.key())
        modifiers = event.modifiers()
        view.pointer.hide_card()
        if key == _KEY.Key_Escape:
            return self._escape()
        if modifiers & _ALT and key in _DAYS and view.hand.gesture is not None and view.hand.gesture.kind == "keys":
            steps = _DAYS[key]
            return view.hand.turn(-steps if view.isRightToLeft() and abs(steps) == 1 else steps)
        if modifiers & (_ALT | _META):
            return False
        if view.hand.gesture is not None:
            return self._in_gesture(key)
        if key in (_KEY.Key_Plus, _KEY.Key_Equal):
            view.zoom_by(1)
            return True
        if key in (_KEY.Key_Minus, _KEY.Key_Underscore):
            view.zoom_by(-1)
            return True
        if view.state != "page":
            return False
        cursor = view.ensure_cursor()
        if cursor is None:
            return False
        if key in _ARROWS:
            return self._arrow(cursor, key, extend=bool(modifiers & _SHIFT), jump=bool(modifiers & _CONTROL))
        if modifiers & _CONTROL and key not in (_KEY.Key_Home, _KEY.Key_End, _KEY.Key_Space):
            return False
        return self._other(cursor, event, key, modifiers)

    def _escape(self) -> bool:
        view = self._view
        if view.hand.cancel():
            view.announce(view.tr("Given back"))
            return True
        if view.selected:
            view.set_selection(())
            return True
        return False

    def _arrow(self, cursor: Stop, key: Qt.Key, *, extend: bool, jump: bool) -> bool:
        view = self._view
        stops = view.scene.stops
        assert stops is not None
        columns, rows = _ARROWS[key]
        if columns:
            if extend:
                return True
            if view.isRightToLeft():
                columns = -columns
            beside = stops.across(cursor, columns, view.cursor_time())
            if beside != cursor or not view.cross_edge(columns):
                view.move_cursor(beside, keep_time=True)
        elif jump:
            view.move_cursor(stops.appointment(cursor, rows))
        elif extend and cursor.tile_id is None:
            following = stops.along(cursor, rows)
            if following.tile_id is None:  # a stretch does not run over an appointment
                view.move_cursor(following, extend=True)
        else:
            view.move_cursor(stops.along(cursor, rows))
        return True

    def _other(self, cursor: Stop, event: QKeyEvent, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        view = self._view
        stops, layout = view.scene.stops, view.scene.layout
        assert stops is not None
        assert layout is not None
        if key in (_KEY.Key_Home, _KEY.Key_End):
            last = layout.columns.count - 1
            column = cursor.column if not modifiers & _CONTROL else (0 if key == _KEY.Key_Home else last)
            view.move_cursor(stops.first(column) if key == _KEY.Key_Home else stops.last(column))
        elif key in (_KEY.Key_PageUp, _KEY.Key_PageDown):
            sign = 1 if key == _KEY.Key_PageDown else -1
            page = layout.time.length(view.viewport().height() * 0.8)
            time = layout.times[cursor.column]
            wanted = min(max(cursor.start + sign * page, time.start), time.end - 1)
            view.move_cursor(stops.at(cursor.column, wanted))
        elif key in (_KEY.Key_Return, _KEY.Key_Enter):
            self._enter(cursor)
        elif key == _KEY.Key_Space:
            if cursor.tile_id is not None:
                view.set_selection(view.selected ^ {cursor.tile_id})
        elif key == _KEY.Key_Menu:
            view.context_requested.emit(cursor.tile_id or "", self._place(cursor))
        else:
            return self._meant(cursor, self.meaning(event))
        return True

    def _meant(self, cursor: Stop, act: str) -> bool:
        if act == "move":
            # Several can't be carried: whoever has the view asks where they go.
            return len(self._view.selected) < 2 and self.start_move(cursor)
        if act == "card":
            self._view.pointer.show_card_at_cursor()
            return True
        return False

    def _enter(self, cursor: Stop) -> None:
        view = self._view
        if cursor.tile_id is not None:
            view.open_requested.emit(cursor.tile_id)
            return
        assert view.page is not None
        column = view.page.columns[cursor.column]
        start, end = view.cursor_range()
        if (start, end) == (cursor.start, cursor.end):
            # One row was never stretched: the provider's own slot.
            end = min(start + max(column.slot_minutes * MINUTE, 5 * MINUTE), view.page.bounds(cursor.column)[1])
        view.cursor_held = True
        view.book_requested.emit(column.provider, start, end)

    def start_move(self, cursor: Stop) -> bool:
        """Take the appointment under the cursor in hand. False when there is none."""
        view = self._view
        tile = None if cursor.tile_id is None else view.tile(cursor.tile_id)
        layout = view.scene.layout
        if tile is None or layout is None:
            return False
        if not movable(tile):
            view.announce(view.tr("It can't be moved any more"))
            return True
        view.hand.start(Gesture("keys", tile, cursor.column, 0, layout.times[cursor.column].y(tile.start), layout))
        name = shown_name(tile, view.privacy)
        words = view.tr("Moving {0}: arrows, Alt+arrows for another day, Enter to drop, Escape to give back")
        view.announce(words.format(name))
        return True

    def _in_gesture(self, key: Qt.Key) -> bool:
        view = self._view
        gesture, layout = view.hand.gesture, view.scene.layout
        assert gesture is not None
        if gesture.kind != "keys" or layout is None:
            return True  # the pointer is busy: only Escape counts
        if key in _ARROWS:
            columns, rows = _ARROWS[key]
            if view.isRightToLeft():
                columns = -columns
            if gesture.nudge(columns, rows, layout):
                ghost = gesture.ghost
                view.reveal_ghost()
                view.hand.moved(None)
                provider = layout.page.columns[ghost.column].name
                why = "; ".join(view.hand.reasons)
                view.announce(f"{view.clock.range(ghost.start, ghost.end)}, {provider}" + (f", {why}" if why else ""))
            return True
        if key in (_KEY.Key_Return, _KEY.Key_Enter):
            view.hand.finish()
            return True
        return True

    def _place(self, cursor: Stop) -> QPoint:
        """The cursor's place on the screen."""
        view = self._view
        rect = view.cursor_rect()
        return view.viewport().mapToGlobal(rect.center() if not rect.isEmpty() else QPoint(0, 0))


def _usual(event: QKeyEvent) -> str:
    """R and I, where nobody gave the acts other keys."""
    return {_KEY.Key_R: "move", _KEY.Key_I: "card"}.get(Qt.Key(event.key()), "")
