"""What a hand is doing to the day: a drag or a keyboard move, as plain state. No Qt.

A gesture holds the *id* and a snapshot of what it moves, never an item of the view: a page that
arrives meanwhile can't pull anything out from under it. Places come in content coordinates, a
``Ghost`` comes out; nothing is changed by a gesture itself.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from himsog_desktop.domain.day import Tile
from himsog_desktop.domain.time import MINUTE, Micros
from himsog_desktop.ui.calendar.geometry import anchor_of
from himsog_desktop.ui.calendar.layout import DayLayout

THRESHOLD = 10.0
"""Pixels that a pressed pointer travels before it is a drag: a shaky click moves nothing."""

SHORTEST: Micros = 5 * MINUTE
"""No appointment gets shorter than this by dragging one of its ends."""

Kind = Literal["move", "resize", "resize_start", "create", "keys"]


class Ghost(NamedTuple):
    """Where it would go: column number, half-open range."""

    column: int
    start: Micros
    end: Micros


class Gesture:
    """One press of the pointer, or one keyboard move, until it is let go or given back.

    ``tile`` is the snapshot of what is moved or resized, None while creating. ``away``: it was carried to
    another day than its own, and is not on the page in view.
    """

    __slots__ = (
        "_begun", "_column", "_grab", "_kept", "_over", "_press", "_start_at", "active", "away", "ghost",
        "kind", "tile",
    )  # fmt: skip

    def __init__(self, kind: Kind, tile: Tile | None, column: int, x: float, y: float, layout: DayLayout) -> None:
        self.kind: Kind = kind
        self.tile = tile
        self.active = kind == "keys"
        self.away = False
        self._press = (x, y)
        self._column = column
        time = layout.times[column]
        at = time.instant(y)
        if tile is not None:
            columns = layout.columns_of(tile)
            home = columns[0] if columns else column
            self._start_at = tile.start
            self._kept = layout.times[home].position(tile.start)
            # Held by the part after midnight of a week: what it began with stands in a column before.
            self._grab = time.place(y) - self._kept + (column - home) * time.tall
            self.ghost = Ghost(column if kind.startswith("resize") else home, tile.start, tile.end)
        else:
            start = snap(layout, column, at)
            self._start_at = start
            self._grab = self._kept = 0
            self.ghost = Ghost(column, start, min(start + time.step, time.end))
        self._begun = self.ghost
        self._over = self.ghost.column != column

    @property
    def tile_id(self) -> str | None:
        """The id of what is moved or resized."""
        return None if self.tile is None else self.tile.id

    @property
    def carries(self) -> bool:
        """Whether it goes along when the day under it is turned."""
        return self.active and self.tile is not None and self.kind in ("move", "keys")

    @property
    def changed(self) -> bool:
        """Whether letting go would change anything."""
        if self.tile is None:
            return self.active
        return self.active and self.ghost != self._begun

    def turned(self, kept: Micros, home_column: int, ghost: Ghost, *, away: bool) -> None:
        """The day under it is another one.

        ``kept`` is the place on the axis of its own wall time there, ``home_column`` the column it came from
        (-1: not shown).
        """
        assert self.tile is not None
        self._kept = kept
        self._over = False
        self._column = max(home_column, 0)
        self._begun = Ghost(home_column, self.tile.start, self.tile.end)
        self.ghost = ghost
        self.away = away

    def grabbed(self, grab: Micros) -> None:
        """It is held so far below its beginning."""
        self._grab = grab

    def travel(self, x: float, y: float, layout: DayLayout) -> bool:
        """The pointer is at (x, y). Returns whether the ghost is another than before."""
        if not self.active:
            if abs(x - self._press[0]) < THRESHOLD and abs(y - self._press[1]) < THRESHOLD:
                return False
            self.active = True
            self._place(x, y, layout)
            return True
        before = self.ghost
        self._place(x, y, layout)
        return self.ghost != before

    def nudge(self, columns: int, steps: int, layout: DayLayout) -> bool:
        """Move by keys: so many columns to the right, so many rows down. Returns whether it moved."""
        before = self.ghost
        column = min(max(before.column + columns, 0), layout.columns.count - 1)
        begin = layout.beside(before.start, before.column, column)
        start = begin
        if steps:
            start = snap(layout, column, begin + steps * layout.time.step)
            if (start - begin) * steps <= 0:  # an anchor pulled it back to where it was
                start = begin + steps * layout.time.step
        self.ghost = self._held(column, start, before.end - before.start, layout)
        return self.ghost != before

    def _place(self, x: float, y: float, layout: DayLayout) -> None:
        time = layout.times[self._column]
        at = time.instant(y)
        if self.tile is None:
            self.ghost = self._stretched(at, layout)
        elif self.kind in ("resize", "resize_start"):
            tile, column, least = self.tile, self._column, min(SHORTEST, time.step)
            anchor = anchor_of(tile.start, layout.page.columns[column].open)
            line = time.snap(at, anchor, nearest=True)
            if self.kind == "resize":
                self.ghost = Ghost(column, tile.start, max(line, tile.start + least))
            else:
                self.ghost = Ghost(column, max(min(line, tile.end - least), time.start), tile.end)
        else:
            column, place = layout.columns.nearest(x), time.place(y) - self._grab
            if place < 0 and column > 0 and self._over:
                column, place = column - 1, place + time.tall
            # Sideways keeps the time of day, also one that is on no line of this grid.
            if abs(place - self._kept) < time.step // 2:
                start = layout.times[column].at(self._kept)
            else:
                start = snap(layout, column, layout.times[column].at(place), nearest=True)
            self.ghost = self._held(column, start, self.tile.end - self.tile.start, layout)

    def _stretched(self, at: Micros, layout: DayLayout) -> Ghost:
        """From the slot that was pressed to the slot under the pointer, up or down."""
        step, end = layout.time.step, layout.times[self._column].end
        here = snap(layout, self._column, at)
        if here >= self._start_at:
            return Ghost(self._column, self._start_at, min(here + step, end))
        return Ghost(self._column, here, min(self._start_at + step, end))

    def _held(self, column: int, start: Micros, length: Micros, layout: DayLayout) -> Ghost:
        """Held inside the column's day."""
        time = layout.times[column]
        start = max(min(start, time.end - length), time.start)
        return Ghost(column, start, start + length)


def snap(layout: DayLayout, column: int, instant: Micros, *, nearest: bool = False) -> Micros:
    """The line of a column's grid at or before an instant; open stretches have their own grid."""
    anchor = anchor_of(instant, layout.page.columns[column].open)
    return layout.times[column].snap(instant, anchor, nearest=nearest)
