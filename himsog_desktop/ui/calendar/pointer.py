"""The day by mouse, pen or finger: clicks, drags, scrolling at the border, the hover card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt

from himsog_desktop.domain.time import MINUTE, Micros
from himsog_desktop.ui.calendar.borders import Borders
from himsog_desktop.ui.calendar.card import Card
from himsog_desktop.ui.calendar.cursor import Stop
from himsog_desktop.ui.calendar.day_paint import ghost_region, place_of
from himsog_desktop.ui.calendar.gestures import Gesture, Kind, snap
from himsog_desktop.ui.calendar.labels import Fact, accessible_name, facts, movable, style_of
from himsog_desktop.ui.calendar.layout import Hit

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QMouseEvent

    from himsog_desktop.ui.calendar.day_view import DayView

MOST_LINES = 10
"""Appointments of a "+n" that its card lists."""


class Pointer:
    """Reads the pointer of one day view."""

    def __init__(self, view: DayView) -> None:
        self._view = view
        self._pressed: Hit | None = None
        self._at = QPointF()
        self._hovered: tuple[object, ...] | None = None
        self.card = Card(view, self._show_card)
        self.borders = Borders(view, self.turned)

    def hit(self, at: QPointF) -> Hit | None:
        """What lies under a point of the viewport."""
        layout = self._view.scene.layout
        if layout is None or self._view.state != "page":
            return None
        x, y = self._view.offset()
        return layout.hit(at.x() + x, at.y() + y)

    # ------------------------------------------------------------------------------------ clicks

    def press(self, event: QMouseEvent) -> None:
        """A button went down: what is under it is remembered by id."""
        view = self._view
        self.hide_card()
        event.accept()
        if view.hand.gesture is not None:
            if view.hand.gesture.kind != "keys" or event.button() != Qt.MouseButton.LeftButton:
                return
            view.hand.cancel()
        self._pressed = None
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = event.position()
        hit = self.hit(at)
        layout = view.scene.layout
        if hit is None or layout is None:
            return
        self._pressed = hit
        self._at = at
        x, y = view.offset()
        if hit.chip is not None:
            return
        tile = None if hit.tile_id is None else view.tile(hit.tile_id)
        if tile is not None and not movable(tile):
            return
        kind: Kind = "move"
        if tile is None:
            kind = "create"
        elif hit.edge or hit.head:
            kind = "resize" if hit.edge else "resize_start"
        view.hand.start(Gesture(kind, tile, hit.column, at.x() + x, at.y() + y, layout))

    def travel(self, event: QMouseEvent) -> None:
        """The pointer is elsewhere."""
        view = self._view
        at = event.position()
        if view.hand.gesture is not None and view.hand.gesture.kind != "keys":
            self._at = at
            self._drag_to(at)
            self.borders.look(at)
            return
        if not event.buttons():
            self._hover(at)

    def release(self, event: QMouseEvent) -> None:
        """The button went up: a drag is let go, anything else was a click."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        view = self._view
        gesture, pressed = view.hand.gesture, self._pressed
        self._pressed = None
        if gesture is not None and gesture.kind != "keys":
            if gesture.active and gesture.carries and gesture.tile_id is not None and self._taken(event.position()):
                view.hand.cancel()
                if view.hand_over is not None:
                    view.hand_over(gesture.tile_id)
                return
            self._drag_to(event.position())
            if gesture.active:
                view.hand.finish()
                return
            view.hand.cancel()
        if pressed is not None:
            self._click(pressed, event.modifiers())

    def _click(self, hit: Hit, modifiers: Qt.KeyboardModifier) -> None:
        view = self._view
        if hit.chip is not None:
            if view.page is not None and view.page.of_days:
                view.day_requested.emit(view.page.columns[hit.column].id)
            else:
                self._step_into(hit.chip.ids)
            return
        if hit.tile_id is not None:
            if view.tile(hit.tile_id) is None:
                return
            view.go_to(hit.tile_id)
            if modifiers & Qt.KeyboardModifier.ControlModifier:
                view.set_selection(view.selected ^ {hit.tile_id})
            elif modifiers & Qt.KeyboardModifier.ShiftModifier:
                view.set_selection(view.selected | {hit.tile_id})
            else:
                view.set_selection({hit.tile_id})
                view.open_requested.emit(hit.tile_id)
            return
        start, end = self._slot(hit)
        view.set_selection(())
        view.move_cursor(Stop(start, end, None, hit.column))
        if view.page is not None and not modifiers:
            view.cursor_held = True
            view.book_requested.emit(view.page.columns[hit.column].provider, start, end)

    def _slot(self, hit: Hit) -> tuple[Micros, Micros]:
        """The slot that a free place stands for: from its row on, as long as the provider's slots are."""
        view = self._view
        layout = view.scene.layout
        assert layout is not None
        start = snap(layout, hit.column, hit.instant)
        length = max(layout.page.columns[hit.column].slot_minutes, 5) * MINUTE
        return start, min(start + length, layout.times[hit.column].end)

    def _step_into(self, ids: tuple[str, ...]) -> None:
        """A click on "+n" goes through what it holds, one after the other."""
        view = self._view
        cursor = view.cursor.tile_id if view.cursor is not None else None
        at = (ids.index(cursor) + 1) % len(ids) if cursor in ids else 0
        view.go_to(ids[at])
        self.show_card_at_cursor()

    def context(self, event: QContextMenuEvent) -> None:
        """A menu is asked for, by mouse or by key."""
        view = self._view
        self.hide_card()
        if event.reason() == event.Reason.Keyboard:
            stop = view.ensure_cursor()
            if stop is not None:
                place = view.viewport().mapToGlobal(view.cursor_rect().center())
                view.context_requested.emit(stop.tile_id or "", place)
            return
        at = QPointF(view.viewport().mapFromGlobal(event.globalPos()))
        hit = self.hit(at)
        if hit is None or view.hand.gesture is not None:
            return
        if hit.tile_id is not None:
            view.go_to(hit.tile_id)
            if hit.tile_id not in view.selected:
                view.set_selection({hit.tile_id})
        elif hit.chip is None:
            start, end = self._slot(hit)
            view.move_cursor(Stop(start, end, None, hit.column))
        view.context_requested.emit(hit.tile_id or "", event.globalPos())

    # ------------------------------------------------------------------------------------- drags

    def _drag_to(self, at: QPointF) -> None:
        view = self._view
        gesture, layout = view.hand.gesture, view.scene.layout
        if gesture is None or layout is None:
            return
        before, was_active = ghost_region(view), gesture.active
        x, y = view.offset()
        if not gesture.travel(at.x() + x, at.y() + y, layout):
            return
        if gesture.active and not was_active:
            resizes = gesture.kind in ("resize", "resize_start")
            shape = Qt.CursorShape.SizeVerCursor if resizes else Qt.CursorShape.ClosedHandCursor
            view.viewport().setCursor(shape if gesture.kind != "create" else Qt.CursorShape.CrossCursor)
            if gesture.carries:
                view.lifted.emit(gesture.tile_id)
            view.viewport().update()
        view.hand.moved(before)

    def _taken(self, at: QPointF) -> bool:
        view = self._view
        return view.takes_at is not None and view.takes_at(view.viewport().mapToGlobal(at.toPoint()))

    def bring_to(self, everywhere: QPoint) -> None:
        """What was brought from elsewhere is dragged to a place on the screen."""
        at = QPointF(self._view.viewport().mapFromGlobal(everywhere))
        self._at = at
        self._drag_to(at)
        self.borders.look(at)

    def bring_end(self, everywhere: QPoint) -> None:
        """It is let go there: on the day it is put down, anywhere else it is given back."""
        view = self._view
        if view.viewport().rect().contains(view.viewport().mapFromGlobal(everywhere)):
            view.hand.finish()
        else:
            view.hand.cancel()

    def let_go(self) -> None:
        """The gesture is over, one way or the other."""
        self.borders.rest()
        self._pressed = None
        self._view.viewport().unsetCursor()

    def turned(self) -> None:
        """Something else lies under the pointer that rests, with what is dragged still in hand."""
        gesture = self._view.hand.gesture
        if gesture is not None and gesture.kind != "keys":
            self._drag_to(self._at)

    # ------------------------------------------------------------------------------------- hover

    def viewport_event(self, event: QEvent) -> None:
        """What the viewport hears beside presses: the pointer left, or was taken away mid-drag."""
        kind = event.type()
        if kind == QEvent.Type.Leave:
            self.hide_card()
        elif kind == QEvent.Type.UngrabMouse:
            gesture = self._view.hand.gesture
            if gesture is not None and gesture.kind != "keys":
                self._view.hand.cancel()

    def scrolled(self) -> None:
        """What was under the pointer no longer is."""
        self.hide_card()

    def _hover(self, at: QPointF) -> None:
        view = self._view
        self._at = at
        hit = self.hit(at)
        resizing = False
        if hit is not None and (hit.edge or hit.head) and hit.tile_id is not None:
            tile = view.tile(hit.tile_id)
            resizing = tile is not None and movable(tile)
        if resizing:
            view.viewport().setCursor(Qt.CursorShape.SizeVerCursor)
        elif hit is not None and (hit.tile_id is not None or hit.chip is not None):
            view.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            view.viewport().unsetCursor()
        key = self._key(hit)
        if key != self._hovered:
            self.hide_card()
            self._hovered = key
            if key is not None:
                self.card.soon()

    def _key(self, hit: Hit | None) -> tuple[object, ...] | None:
        if hit is None:
            return None
        if hit.tile_id is not None:
            return ("tile", hit.tile_id)
        if hit.chip is not None:
            return ("chip", hit.chip.ids)
        if self._view.explain is None:
            return None
        return ("slot", hit.column, self._slot(hit)[0])

    def _show_card(self) -> None:
        hit = self.hit(self._at)
        layout = self._view.scene.layout
        if hit is None or layout is None or self._view.hand.gesture is not None:
            return
        if hit.tile_id is not None:
            rect = place_of(layout, hit.tile_id)
        elif hit.chip is not None:
            rect = QRect(hit.chip.x, hit.chip.y, hit.chip.width, hit.chip.height)
        else:
            box = layout.span(hit.column, *self._slot(hit))
            rect = QRect(box.x, box.y, box.width, box.height)
        self._open_card(hit, rect)

    def show_card_at_cursor(self) -> None:
        """The same card without a pointer."""
        view = self._view
        cursor = view.cursor
        if cursor is None:
            return
        hit = Hit(cursor.column, cursor.start, cursor.tile_id, False, None)
        x, y = view.offset()
        self._open_card(hit, view.cursor_rect().translated(x, y))

    def _words(self, hit: Hit) -> list[Fact]:
        view = self._view
        page = view.page
        assert page is not None
        provider = page.columns[hit.column].name
        if hit.tile_id is not None:
            tile = view.tile(hit.tile_id)
            if tile is None:
                return []
            return facts(tile, page.provider_name(tile.provider_id), view.clock, view.now(), view.privacy)
        if hit.chip is not None:
            tiles = [tile for tile in page.tiles if tile.id in hit.chip.ids]
            title = Fact("title", f"{len(tiles)} more at this time")
            lines = [Fact("fact", accessible_name(t, view.clock, view.privacy)) for t in tiles[:MOST_LINES]]
            if len(tiles) > MOST_LINES:
                lines.append(Fact("fact", f"and {len(tiles) - MOST_LINES} further"))
            return [title, *lines]
        start, end = self._slot(hit)
        reasons = view.explain(page.columns[hit.column].provider, start, end) if view.explain is not None else []
        if not reasons:
            return []
        title = Fact("title", f"{view.clock.range(start, end)} is not free")
        return [title, Fact("fact", provider), *(Fact("warning", reason) for reason in reasons)]

    def _open_card(self, hit: Hit, rect: QRect | None) -> None:
        view = self._view
        words = self._words(hit)
        if not words or rect is None:
            self.hide_card()
            return
        x, y = view.offset()
        tile = None if hit.tile_id is None else view.tile(hit.tile_id)
        style = None if tile is None else style_of(tile)
        said = self.card.show(words, view.viewport(), rect.translated(-x, -y), view.theme, style)
        if view.hasFocus():
            view.announce(said)

    def hide_card(self) -> None:
        """No card, and none on its way; what is under the pointer is met anew."""
        self._hovered = None
        self.card.hide()
