"""The one gesture that may be under way: from its start to what it asks for, or back.

A page that arrives meanwhile waits here. Why the ghost can't be where it is is asked at most every
40 ms, however fast the pointer is.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QRegion

from himsog_desktop.domain.day import DayPage, ProviderColumn, Tile
from himsog_desktop.domain.time import MINUTE
from himsog_desktop.ui.calendar.day_paint import ghost_region
from himsog_desktop.ui.calendar.gestures import Gesture, Ghost
from himsog_desktop.ui.calendar.labels import movable, shown_name

if TYPE_CHECKING:
    from himsog_desktop.ui.calendar.day_view import DayView

WHY_NOT_MS = 40
"""Least time between two questions why a ghost can't go where it is."""

HELD_AT = 5 * MINUTE
"""So far below its beginning is held what is dragged in from elsewhere."""


class Hand:
    """What one view's gesture is, and what it leads to."""

    def __init__(self, view: DayView) -> None:
        self._view = view
        self.gesture: Gesture | None = None
        self.reasons: list[str] = []
        """Why the ghost can't stay where it is; empty when it can, or nobody knows yet."""
        self.turning = False
        """Another day was asked for, with what is held in hand; its page is not there yet."""
        self._waiting: tuple[DayPage, frozenset[str]] | None = None
        self._asked_at = 0.0
        self._timer = QTimer(view)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)

    @property
    def lifted(self) -> str | None:
        """The id of what is shown as a ghost, None while nothing is."""
        return self.gesture.tile_id if self.gesture is not None and self.gesture.active else None

    def name(self) -> str:
        """What is written on the ghost."""
        tile = None if self.gesture is None else self.gesture.tile
        return "New appointment" if tile is None else shown_name(tile, self._view.privacy)

    def start(self, gesture: Gesture) -> None:
        """Begin to move, resize or create; nothing is shown until it is active."""
        self.gesture = gesture
        self.reasons = []
        self._view.hint_gone = True
        if gesture.active:
            self._view.viewport().update()
            self.moved(None)

    def moved(self, before: QRegion | None) -> None:
        """The ghost is elsewhere: repaint where it was (None: everything) and is, and ask about it."""
        view = self._view
        if before is None:
            view.viewport().update()
        else:
            view.viewport().update(before.united(ghost_region(view)))
        if view.why_not is None:
            return
        wait = WHY_NOT_MS / 1000 - (time.monotonic() - self._asked_at)
        if wait <= 0:
            self._ask()
        elif not self._timer.isActive():
            self._timer.start(max(round(wait * 1000), 1))

    def _ask(self) -> None:
        view, gesture = self._view, self.gesture
        if gesture is None or view.why_not is None or view.page is None or not gesture.active:
            return
        self._asked_at = time.monotonic()
        ghost = gesture.ghost
        provider = _whose(gesture, view.page.columns[ghost.column])
        before = ghost_region(view)
        self.reasons = view.why_not(provider, ghost.start, ghost.end, gesture.tile_id) if gesture.changed else []
        view.viewport().update(before.united(ghost_region(view)))

    def finish(self) -> None:
        """Let go: take what waited, then ask for the change, unless nothing changed or it is gone."""
        view, gesture = self._view, self.gesture
        if gesture is None:
            return
        if self.turning:  # let go between two days: it was meant for neither
            self.cancel()
            return
        was_shown = view.page
        self._end()
        self._take_waiting()
        page = view.page
        if not gesture.changed or was_shown is None or page is None:
            return
        ghost = gesture.ghost
        column = was_shown.columns[ghost.column]
        provider = _whose(gesture, column)
        if all(known.id != column.id for known in page.columns):
            return
        if gesture.tile is None:
            view.go_to_time(provider, ghost.start, ghost.end)
            view.cursor_held = True
            view.book_requested.emit(provider, ghost.start, ghost.end)
            return
        present = gesture.tile if gesture.away else view.tile(gesture.tile.id)
        if present is None or not movable(present):
            return
        if gesture.kind in ("resize", "resize_start"):
            view.resize_requested.emit(present.id, ghost.start, ghost.end)
        else:
            view.move_requested.emit(present.id, provider, ghost.start, ghost.end)

    # ---------------------------------------------------------------------- over to another day

    def turn(self, steps: int) -> bool:
        """Ask for another day and take what is held along. False when nothing is held that can go."""
        if self.gesture is None or not self.gesture.carries:
            return False
        self.turning = True
        self._view.turn_requested.emit(steps)
        return True

    def adopt(self, before: DayPage | None) -> None:
        """The page in view is another: a gesture that was turned goes on there, at the same wall time."""
        view, gesture, page = self._view, self.gesture, self._view.page
        if not self.turning or gesture is None or gesture.tile is None or page is None or not page.columns:
            return
        self.turning = False
        layout, tile = view.scene.layout, gesture.tile
        assert layout is not None
        zone, old = view.clock.zone, gesture.ghost
        came_from = before.columns[old.column].id if before is not None and old.column < len(before.columns) else ""
        column = layout.numbers.get(came_from, min(old.column, len(page.columns) - 1))
        low, high = page.bounds(column)
        day, length = zone.date_of(low), old.end - old.start
        start = max(min(zone.instant(day, zone.minutes_of(old.start)), high - length), low)
        homes = layout.columns_of(tile)
        gesture.turned(
            layout.times[column].position(zone.instant(day, zone.minutes_of(tile.start))),
            homes[0] if homes else -1,
            Ghost(column, start, start + length),
            away=all(known.id != tile.id for known in page.tiles),
        )
        view.pointer.turned()
        self.moved(None)

    def bring(self, tile: Tile, *, by_pointer: bool) -> bool:
        """Take in hand what comes from elsewhere (the pinboard), at its own wall time here. False when it can't be."""
        view, page, layout = self._view, self._view.page, self._view.scene.layout
        if view.state != "page" or page is None or layout is None or not page.columns:
            return False
        if self.gesture is not None or not movable(tile):
            return False
        zone, homes = view.clock.zone, layout.columns_of(tile)
        stood = 0 if view.cursor is None else min(view.cursor.column, len(page.columns) - 1)
        column = homes[0] if homes else stood
        low, high = page.bounds(column)
        length = tile.end - tile.start
        own = zone.instant(zone.date_of(low), zone.minutes_of(tile.start))
        start = max(min(own, high - length), low)
        gesture = Gesture("move" if by_pointer else "keys", tile, column, 0, 0, layout)
        gesture.active = True
        gesture.turned(
            layout.times[column].position(own),
            homes[0] if homes else -1,
            Ghost(column, start, start + length),
            away=all(known.id != tile.id for known in page.tiles),
        )
        gesture.grabbed(min(length // 2, HELD_AT))
        self.start(gesture)
        if not by_pointer:
            view.reveal_ghost()
        return True

    def lost(self, ids: Collection[str], *, everything: bool = False) -> bool:
        """Somebody changed these: what is carried away from its day is given back. True when it was.

        ``everything``: nobody knows what was changed.
        """
        gesture = self.gesture
        if gesture is None or gesture.tile is None or not (gesture.away or self.turning):
            return False
        return (everything or gesture.tile_id in ids) and self.cancel()

    def cancel(self) -> bool:
        """Give back. True when there was something to give back."""
        if self.gesture is None:
            return False
        self._end()
        self._take_waiting()
        return True

    def keeps_waiting(self, page: DayPage, glow: Collection[str]) -> bool:
        """Whether a page waits for the gesture's end. It does not where what is held is gone from it.

        Then, and when the page is of another day, the gesture ends without effect.
        """
        gesture, shown = self.gesture, self._view.page
        if gesture is None:
            return False
        here = shown is not None and shown.day == page.day
        if self.turning and gesture.carries and page.columns:
            self._waiting = None
            if here:
                self._end()  # turned back before the other day came: given back
            return False  # shown at once, and the gesture goes on there (``adopt``)
        held = gesture.tile_id
        if here and (held is None or gesture.away or any(t.id == held and movable(t) for t in page.tiles)):
            earlier = self._waiting[1] if self._waiting is not None else frozenset[str]()
            self._waiting = (page, earlier | frozenset(glow))
            return True
        self._waiting = None
        self._end()
        if here and held in glow:
            self._view.given_back.emit()
        return False

    def _end(self) -> None:
        self.gesture = None
        self.reasons = []
        self.turning = False
        self._timer.stop()
        self._view.lifted.emit("")
        self._view.pointer.let_go()
        self._view.viewport().update()

    def _take_waiting(self) -> None:
        if self._waiting is not None:
            page, glow = self._waiting
            self._waiting = None
            self._view.show_page(page, glow)


def _whose(gesture: Gesture, column: ProviderColumn) -> str:
    """Whose time it would take: the column's, else that of who has it now; ``""`` where anybody may."""
    return column.provider or ("" if gesture.tile is None else gesture.tile.provider_id)
