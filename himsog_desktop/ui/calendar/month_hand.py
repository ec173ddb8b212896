"""What a hand does to the month: clicks, carrying an appointment to another day, the hover card.

A day is what is chosen here: an appointment that is carried keeps its wall time. The gesture holds a
snapshot and an id, never a row of the view; a page that arrives meanwhile waits until it is let go, or ends
the gesture without effect when what is held is gone from it.
"""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, Qt, QTimer

from himsog_desktop.domain.time import Micros
from himsog_desktop.ui.calendar import paint_overlay as over
from himsog_desktop.ui.calendar.card import Card
from himsog_desktop.ui.calendar.gestures import THRESHOLD
from himsog_desktop.ui.calendar.hand import WHY_NOT_MS
from himsog_desktop.ui.calendar.labels import facts, movable, shown_name, style_of
from himsog_desktop.ui.calendar.layout import Box
from himsog_desktop.ui.calendar.month_geometry import MonthHit
from himsog_desktop.ui.calendar.month_turn import MonthTurn
from himsog_desktop.ui.calendar.month_words import day_facts
from himsog_desktop.ui.models.words import day_words

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtGui import QContextMenuEvent, QMouseEvent

    from himsog_desktop.domain.day import Tile
    from himsog_desktop.domain.month import MonthPage
    from himsog_desktop.ui.calendar.month_view import MonthView


class Carry:
    """One appointment in hand, and the cell that it is over."""

    __slots__ = ("active", "away", "by_keys", "cell", "source", "tile")

    def __init__(self, tile: Tile, cell: int, *, by_keys: bool) -> None:
        self.tile = tile
        self.source = self.cell = cell
        self.by_keys = by_keys
        self.active = by_keys
        self.away = False
        """Whether the month in view has no row of it; ``source`` is -1 where it has not even its day."""

    @property
    def changed(self) -> bool:
        """Whether letting go would change anything."""
        return self.active and self.cell != self.source


class MonthHand:
    """The pointer of one month, and the one gesture that may be under way."""

    def __init__(self, view: MonthView) -> None:
        self._view = view
        self.carry: Carry | None = None
        self.reasons: list[str] = []
        self.hovered: tuple[int, int] | None = None
        """Cell and row (or "+n") under the pointer."""
        self._press: tuple[QPointF, MonthHit] | None = None
        self._at = QPointF()
        self._waiting: tuple[MonthPage, frozenset[str]] | None = None
        self._asked_at = 0.0
        self.card = Card(view, self._show_card)
        self.turn = MonthTurn(view)
        self._why_timer = self._timer(self._ask)

    def _timer(self, slot: object) -> QTimer:
        made = QTimer(self._view)
        made.setSingleShot(True)
        made.timeout.connect(slot)
        return made

    # ------------------------------------------------------------------------------- the gesture

    @property
    def lifted(self) -> str | None:
        """The id of what is shown as a ghost."""
        return self.carry.tile.id if self.carry is not None and self.carry.active else None

    def name(self) -> str:
        """What is written on the ghost."""
        return "" if self.carry is None else shown_name(self.carry.tile, self._view.privacy)

    def target(self) -> tuple[Micros, Micros]:
        """Start and end on the day that it is over: the same wall time."""
        carry, page = self.carry, self._view.page
        assert carry is not None
        assert page is not None
        zone, tile = self._view.clock.zone, carry.tile
        if not carry.changed:
            return tile.start, tile.end
        start = zone.instant(date.fromisoformat(page.cells[carry.cell].day), zone.minutes_of(tile.start))
        return start, start + tile.end - tile.start

    def ghost_words(self) -> tuple[Box, list[str]] | None:
        """The ghost's place and what its callout says: the new day and time, why not."""
        carry, view = self.carry, self._view
        if carry is None or not carry.active or view.page is None:
            return None
        start, end = self.target()
        day = date.fromisoformat(view.page.cells[carry.cell].day)
        lines = [f"{day_words(day).rpartition(' ')[0]}, {view.clock.range(start, end)}", *self.reasons[:4]]
        place = view.grid.cell(carry.cell)
        height = min(view.theme.strong.line + view.theme.metrics.s, place.height - 2)
        top = place.y + min(view.grid.sizes.head, max(place.height - height - 2, 0))
        return Box(top, place.x, place.width, height, 0, 0, False), lines

    def ghost_rect(self) -> QRect:
        """What the ghost and its callout cover, in the widget."""
        words, view = self.ghost_words(), self._view
        if words is None:
            return QRect()
        box, lines = words
        area = QRect(0, 0, view.width(), view.grid.height)
        bubble = over.callout_rect(view.theme, lines, box, area)
        grow = over.SHADOW + 2
        return (
            QRect(box.x, box.y, box.width, box.height)
            .united(bubble)
            .adjusted(-grow, -grow, grow, grow)
            .translated(0, view.top)
        )

    def start(self, tile: Tile, cell: int, *, by_keys: bool) -> None:
        """Take an appointment in hand; by pointer nothing is shown before it has travelled."""
        self.carry = Carry(tile, cell, by_keys=by_keys)
        self.reasons = []
        if by_keys:
            self._view.update()

    def over(self, cell: int) -> bool:
        """It is over that cell now. Returns whether that is another one."""
        carry = self.carry
        if carry is None or (carry.active and carry.cell == cell):
            return False
        before = self.ghost_rect()
        carry.active = True
        carry.cell = cell
        self.reasons = []
        self._view.update(before)
        self._view.update(self.ghost_rect())
        wait = WHY_NOT_MS / 1000 - (time.monotonic() - self._asked_at)
        if wait <= 0:
            self._ask()
        elif not self._why_timer.isActive():
            self._why_timer.start(max(round(wait * 1000), 1))
        return True

    def _ask(self) -> None:
        view, carry = self._view, self.carry
        if carry is None or not carry.active or view.why_not is None or view.page is None:
            return
        self._asked_at = time.monotonic()
        before = self.ghost_rect()
        start, end = self.target()
        self.reasons = view.why_not(carry.tile.provider_id, start, end, carry.tile.id) if carry.changed else []
        view.update(before.united(self.ghost_rect()))

    def finish(self) -> None:
        """Let go: ask for the move, unless nothing changed or it can't be moved any more."""
        carry, view = self.carry, self._view
        if carry is None:
            return
        if self.turn.turning:  # let go between two months: it was meant for neither
            self.cancel()
            return
        wanted = self.target() if carry.changed else None
        self._end()
        self._take_waiting()
        present = carry.tile if carry.away else view.tile(carry.tile.id)
        if wanted is not None and present is not None and movable(present):
            view.move_requested.emit(present.id, present.provider_id, *wanted)

    def cancel(self) -> bool:
        """Give back. True when there was something to give back."""
        self._press = None
        if self.carry is None:
            return False
        was_active = self.carry.active
        self._end()
        self._take_waiting()
        return was_active

    def keeps_waiting(self, page: MonthPage, glow: Collection[str]) -> bool:
        """Whether a page waits for the gesture's end."""
        carry, shown = self.carry, self._view.page
        if carry is None:
            return False
        here = shown is not None and shown.month == page.month
        if self.turn.turning:
            self._waiting = None
            if here:
                self._end()  # turned back before the other month came: given back
            return False  # shown at once, and the gesture goes on there (``MonthTurn.adopt``)
        if here and (carry.away or any(t.id == carry.tile.id and movable(t) for c in page.cells for t in c.rows)):
            earlier = self._waiting[1] if self._waiting is not None else frozenset[str]()
            self._waiting = (page, earlier | frozenset(glow))
            return True
        self._waiting = None
        self._end()
        if here and carry.tile.id in glow:
            self._view.given_back.emit()
        return False

    def landed(self) -> None:
        """What is carried is in another month now: painted there, asked about, and said to who carries it by keys."""
        self.reasons = []
        self._view.update()
        self._ask()
        words = self.ghost_words()
        if words is not None and self.carry is not None and self.carry.by_keys:
            self._view.announce("; ".join(words[1]))

    def lost(self, ids: Collection[str], *, everything: bool = False) -> bool:
        """Somebody changed these: what is carried away from its month is given back. True when it was.

        ``everything``: nobody knows what was changed.
        """
        carry = self.carry
        if carry is None or not (carry.away or self.turn.turning):
            return False
        return (everything or carry.tile.id in ids) and self.cancel()

    def _end(self) -> None:
        self.carry = None
        self.turn.rest()
        self._view.unsetCursor()
        self.reasons = []
        self._press = None
        self._why_timer.stop()
        self._view.update()

    def _take_waiting(self) -> None:
        if self._waiting is not None:
            page, glow = self._waiting
            self._waiting = None
            self._view.show_page(page, glow)

    # ------------------------------------------------------------------------------- the pointer

    def hit(self, at: QPointF) -> MonthHit | None:
        """What lies under a point of the widget."""
        view = self._view
        if view.state != "page" or view.page is None:
            return None
        found = view.grid.hit(at.x(), at.y() - view.top, view.counts)
        if found is not None and found.part == "row" and found.row >= len(view.page.cells[found.cell].rows):
            return MonthHit(found.cell, "day", -1)
        return found

    def press(self, event: QMouseEvent) -> None:
        """A button went down."""
        view = self._view
        self.card.hide()
        event.accept()
        if self.carry is not None:
            self.cancel()
        self._press = None
        hit = self.hit(event.position())
        if event.button() != Qt.MouseButton.LeftButton or hit is None:
            return
        self._press = (event.position(), hit)
        tile = view.tile_at(hit)
        if tile is not None and movable(tile):
            self.start(tile, hit.cell, by_keys=False)

    def travel(self, event: QMouseEvent) -> None:
        """The pointer is elsewhere."""
        view, at = self._view, event.position()
        carry = self.carry
        if carry is not None and not carry.by_keys and self._press is not None:
            far = at - self._press[0]
            if carry.active or abs(far.x()) >= THRESHOLD or abs(far.y()) >= THRESHOLD:
                view.setCursor(Qt.CursorShape.ClosedHandCursor)
                self.over(view.grid.nearest(at.x(), at.y() - view.top))
                self.turn.look(at)
            return
        if not event.buttons():
            self._hover(at)

    def release(self, event: QMouseEvent) -> None:
        """The button went up: what was carried is let go, anything else was a click."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        view, carry, pressed = self._view, self.carry, self._press
        self._press = None
        view.unsetCursor()
        if carry is not None and not carry.by_keys:
            if carry.active:
                self.over(view.grid.nearest(event.position().x(), event.position().y() - view.top))
                self.finish()
                return
            self._end()
            self._take_waiting()
        if pressed is not None:
            self._click(pressed[1], event.modifiers())

    def _click(self, hit: MonthHit, modifiers: Qt.KeyboardModifier) -> None:
        view = self._view
        tile = view.tile_at(hit)
        view.move_cursor(view.stop_of(hit))
        if hit.part == "more":
            view.day_requested.emit(view.day_of(hit.cell))
        elif tile is None:
            view.set_selection(())
        elif modifiers & Qt.KeyboardModifier.ControlModifier:
            view.set_selection(view.selected ^ {tile.id})
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            view.set_selection(view.selected | {tile.id})
        else:
            view.set_selection({tile.id})
            view.open_requested.emit(tile.id)

    def double_click(self, event: QMouseEvent) -> None:
        """Into the day; on an appointment the first click has opened it already."""
        hit = self.hit(event.position())
        event.accept()
        if hit is not None and hit.part == "day" and event.button() == Qt.MouseButton.LeftButton:
            self._view.day_requested.emit(self._view.day_of(hit.cell))

    def context(self, event: QContextMenuEvent) -> None:
        """A menu is asked for, by mouse or by key."""
        view = self._view
        self.card.hide()
        if event.reason() == event.Reason.Keyboard:
            tile = view.cursor_tile()
            place = view.stop_rect(view.cursor).translated(0, view.top).center()
            view.context_requested.emit("" if tile is None else tile.id, view.mapToGlobal(place))
            return
        hit = self.hit(QPointF(view.mapFromGlobal(event.globalPos())))
        if hit is None or self.lifted is not None:
            return
        view.move_cursor(view.stop_of(hit))
        tile = view.tile_at(hit)
        if tile is not None and tile.id not in view.selected:
            view.set_selection({tile.id})
        view.context_requested.emit("" if tile is None else tile.id, event.globalPos())

    def step(self, days: int) -> bool:
        """Carry by keys: so many days on or back, beyond the page into another month. Whether it is there already."""
        carry = self.carry
        if carry is None or self.turn.turning or self.turn.step(days):
            return False
        return self.over(carry.cell + days)

    # ---------------------------------------------------------------------------------- the card

    def _hover(self, at: QPointF) -> None:
        view = self._view
        self._at = at
        hit = self.hit(at)
        over_what = None if hit is None else (hit.cell, hit.row)
        if over_what == self.hovered:
            return
        before, self.hovered = self.hovered, over_what
        for one in (before, over_what):
            if one is not None and one[1] >= 0:
                view.update(view.cell_rect(one[0]))
        pointing = hit is not None and hit.part != "day"
        view.setCursor(Qt.CursorShape.PointingHandCursor) if pointing else view.unsetCursor()
        self.card.hide()
        if over_what is not None:
            self.card.soon()

    def left(self) -> None:
        """The pointer is gone."""
        if self.hovered is not None:
            view, cell = self._view, self.hovered[0]
            self.hovered = None
            view.update(view.cell_rect(cell))
        self.card.hide()

    def _show_card(self) -> None:
        hit = self.hit(self._at)
        if hit is not None and self.carry is None:
            self.show_card(hit)

    def show_card(self, hit: MonthHit) -> None:
        """All that an appointment or a day has to tell, beside it."""
        view = self._view
        page = view.page
        if page is None:
            return
        tile = view.tile_at(hit)
        if tile is not None:
            provider = page.providers.get(tile.provider_id, "")
            words = facts(tile, provider, view.clock, view.now(), view.privacy)
        else:
            words = day_facts(page.cells[hit.cell])
        rect = view.stop_rect(view.stop_of(hit)).translated(0, view.top)
        said = self.card.show(words, view, rect, view.theme, None if tile is None else style_of(tile))
        if view.hasFocus():
            view.announce(said)
