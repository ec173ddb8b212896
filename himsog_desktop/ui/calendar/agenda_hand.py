"""What a hand does to the agenda: clicks, choosing several, the menu, the hover card."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from himsog_desktop.ui.calendar.agenda_layout import EMPTY, HEADING, Line
from himsog_desktop.ui.calendar.card import Card
from himsog_desktop.ui.calendar.labels import facts, style_of

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QMouseEvent

    from himsog_desktop.ui.calendar.agenda_view import AgendaView

_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
CARD_BESIDE = 420
"""Logical pixels of a line after which the card stands: beside the name, so that the line stays readable."""


class AgendaHand:
    """The pointer of one agenda."""

    def __init__(self, view: AgendaView) -> None:
        self._view = view
        self.hovered: Line | None = None
        """The line under the pointer."""
        self._anchor: str | None = None
        self._pressed: Line | None = None
        self._at = QPointF()
        self.card = Card(view, self._show_card)

    def line_at(self, at: QPointF) -> Line | None:
        """The line under a point of the viewport; the heading that stays at the top covers what is below it."""
        view, layout = self._view, self._view.layout_
        if view.state != "page":
            return None
        sticky = layout.sticky(view.offset())
        if sticky is not None and at.y() < sticky[1] + layout.head:
            return Line(sticky[0], HEADING)
        return layout.at(at.y() + view.offset())

    # ------------------------------------------------------------------------------------ clicks

    def press(self, event: QMouseEvent) -> None:
        """A button goes down."""
        self.card.hide()
        event.accept()
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = self.line_at(event.position()) if left else None

    def release(self, event: QMouseEvent) -> None:
        """A button comes up: a click, where it went down on the same line."""
        view = self._view
        pressed, self._pressed = self._pressed, None
        if pressed is None or pressed != self.line_at(event.position()):
            return
        if pressed.row == HEADING:
            view.day_requested.emit(date.fromisoformat(view.layout_.days[pressed.day].day))
            return
        anchor = self._anchor
        view.move_cursor(pressed)
        tile = view.tile_of(pressed)
        if tile is None:
            view.set_selection(())
        elif event.modifiers() & _CONTROL:
            self._anchor = tile.id
            view.set_selection(view.selected ^ {tile.id})
        elif event.modifiers() & _SHIFT:
            view.set_selection(view.selected | self._between(anchor, tile.id))
        else:
            self._anchor = tile.id
            view.set_selection({tile.id})
            view.open_requested.emit(tile.id)

    def _between(self, one: str | None, other: str) -> set[str]:
        """The appointments from one to another, both included."""
        where = self._view.layout_.where
        low, high = sorted((where.get(one or "", where[other]), where[other]))
        return {key for key, line in where.items() if low <= line <= high}

    def double_click(self, event: QMouseEvent) -> None:
        """Book on a day without appointments."""
        event.accept()
        line = self.line_at(event.position())
        if line is not None and line.row == EMPTY:
            self._view.keys.enter(line)

    def menu(self, event: QContextMenuEvent) -> None:
        """The menu of a line, by the pointer or the key."""
        view = self._view
        self.card.hide()
        if event.reason() == event.Reason.Keyboard:
            line, at = view.cursor_line(), None
        else:
            line, at = self.line_at(QPointF(view.viewport().mapFromGlobal(event.globalPos()))), event.globalPos()
        if line is None or line.row == HEADING:
            return
        view.move_cursor(line)
        tile = view.tile_of(line)
        if tile is not None and tile.id not in view.selected:
            view.set_selection({tile.id})
        view.context_requested.emit("" if tile is None else tile.id, at or view.keys.on_screen(line))

    # ---------------------------------------------------------------------------------- hovering

    def move(self, event: QMouseEvent) -> None:
        """The pointer moves; with a button down it means nothing here."""
        if event.buttons():
            return
        view = self._view
        self._at = event.position()
        line = self.line_at(self._at)
        if line == self.hovered:
            return
        for one in (self.hovered, line):
            if one is not None:
                view.viewport().update(view.rect_of(one))
        self.hovered = line
        self.card.hide()
        if line is not None and line.row != EMPTY:
            view.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
            if line.row >= 0:
                self.card.soon()
        else:
            view.viewport().unsetCursor()

    def leave(self) -> None:
        """The pointer is elsewhere, or what was under it has moved away."""
        self.hovered = None
        self.card.hide()

    def _show_card(self) -> None:
        line = self.line_at(self._at)
        if line is not None and line.row >= 0:
            self.open_card(line)

    def open_card(self, line: Line) -> None:
        """Show all of an appointment beside its line."""
        view = self._view
        tile = view.tile_of(line)
        if tile is None:
            return
        words = facts(tile, view.providers.get(tile.provider_id, ""), view.clock, view.now(), view.privacy)
        rect = view.rect_of(line)
        rect.setWidth(min(rect.width(), view.theme.metrics.px(CARD_BESIDE)))
        said = self.card.show(words, view.viewport(), rect, view.theme, style_of(tile))
        if view.hasFocus():
            view.announce(said)
