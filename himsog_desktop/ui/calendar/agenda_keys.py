"""The agenda by keyboard alone: lines, days, pages, and what is done to the line under the cursor.

Keys that mean nothing here are left to the shell (C, F, X and N act on the selection, or on the line under
the cursor).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from himsog_desktop.ui.calendar.agenda_layout import HEADING
from himsog_desktop.ui.calendar.agenda_paint import empty_words

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from himsog_desktop.ui.calendar.agenda_layout import Line
    from himsog_desktop.ui.calendar.agenda_view import AgendaView

_KEY = Qt.Key
_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_OTHERS = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class AgendaKeys:
    """Reads the keys of one agenda."""

    def __init__(self, view: AgendaView) -> None:
        self._view = view

    def press(self, event: QKeyEvent) -> bool:
        """Act on a key. False when it means nothing here."""
        view = self._view
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        view.hand.card.hide()
        if key == _KEY.Key_Escape:
            if not view.selected:
                return False
            view.set_selection(())
            return True
        if modifiers & _OTHERS or view.state != "page" or not view.layout_.days:
            return False
        line = view.cursor_line() or self._seen_line()
        if line is None:
            return False
        if modifiers & _CONTROL and key not in (_KEY.Key_Home, _KEY.Key_Space):
            return False
        return self._move(line, key, modifiers) or self._do(line, key, event)

    def enter(self, line: Line) -> None:
        """Open the appointment of a line, or book on its day."""
        view = self._view
        tile, day = view.tile_of(line), view.layout_.days[line.day]
        if tile is not None:
            view.open_requested.emit(tile.id)
        elif day.open:
            view.cursor_held = True
            view.book_requested.emit(date.fromisoformat(day.day))
        else:
            view.announce(empty_words(day))

    def _seen_line(self) -> Line | None:
        """Where a key begins that finds no cursor: at the first line that is seen whole."""
        layout = self._view.layout_
        y = self._view.offset() + layout.head
        line = layout.at(min(y, layout.height - 1))
        return layout.first(line.day) if line is not None and line.row == HEADING else line

    def _move(self, line: Line, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        view, layout = self._view, self._view.layout_
        sideways = {_KEY.Key_Left: -1, _KEY.Key_Right: 1}.get(key, 0)
        if sideways:
            day = line.day + (-sideways if view.isRightToLeft() else sideways)
            if 0 <= day < len(layout.days):
                view.move_cursor(layout.first(day))
        elif key in (_KEY.Key_Up, _KEY.Key_Down):
            wanted = layout.stop(line, 1 if key == _KEY.Key_Down else -1)
            if wanted is not None:
                if modifiers & _SHIFT:
                    passed = (view.tile_of(line), view.tile_of(wanted))
                    view.set_selection(view.selected | {tile.id for tile in passed if tile is not None})
                view.move_cursor(wanted)
        elif key in (_KEY.Key_PageUp, _KEY.Key_PageDown):
            step = max(view.viewport().height() // layout.row - 2, 1)
            for _ in range(step):
                wanted = layout.stop(line, 1 if key == _KEY.Key_PageDown else -1)
                line = line if wanted is None else wanted
            view.move_cursor(line)
        elif key == _KEY.Key_Home and modifiers & _CONTROL:
            view.went.emit(view.today)
        elif key in (_KEY.Key_Home, _KEY.Key_End):
            view.move_cursor(layout.first(line.day) if key == _KEY.Key_Home else layout.last(line.day))
        else:
            return False
        return True

    def _do(self, line: Line, key: Qt.Key, event: QKeyEvent) -> bool:
        view = self._view
        tile = view.tile_of(line)
        if key in (_KEY.Key_Return, _KEY.Key_Enter):
            self.enter(line)
        elif key == _KEY.Key_Space:
            if tile is not None:
                view.set_selection(view.selected ^ {tile.id})
        elif key == _KEY.Key_Menu:
            view.context_requested.emit("" if tile is None else tile.id, self.on_screen(line))
        elif view.meaning(event) == "card" and tile is not None:
            view.hand.open_card(line)
        else:
            return False
        return True

    def on_screen(self, line: Line) -> QPoint:
        """The middle of a line on the screen."""
        return self._view.viewport().mapToGlobal(self._view.rect_of(line).center())
