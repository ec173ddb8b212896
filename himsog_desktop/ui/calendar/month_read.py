"""The month read aloud: its days in order, after each the appointments that have a row, and its "+n"."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect

from himsog_desktop.ui.calendar.labels import accessible_description, accessible_name
from himsog_desktop.ui.calendar.month_geometry import COLUMNS
from himsog_desktop.ui.calendar.month_words import LONG_MONTHS, count_words, load_words, long_day
from himsog_desktop.ui.calendar.painted_list import Reader

if TYPE_CHECKING:
    from himsog_desktop.domain.day import Tile
    from himsog_desktop.domain.month import MonthPage
    from himsog_desktop.ui.calendar.month_geometry import MonthGrid
    from himsog_desktop.ui.calendar.month_view import MonthStop, MonthView

HELP = (
    "Left and right move by days, up and down through appointments and weeks, Page Up and Page Down by months,"
    " Enter opens, Space selects, R moves"
)


class MonthReader(Reader):
    """The items of one month."""

    def __init__(self, view: MonthView) -> None:
        self.view: MonthView = view
        self._known: tuple[MonthPage | None, MonthGrid | None] = (None, None)
        self._stops: list[MonthStop] = []
        self._places: dict[MonthStop, int] = {}

    def stops(self) -> list[MonthStop]:
        """Where the cursor can stand, in the order that they are read."""
        from himsog_desktop.ui.calendar.month_view import MonthStop

        view = self.view
        page = view.page if view.state == "page" else None
        if page is None:
            self._known, self._stops, self._places = (None, None), [], {}
        elif self._known[0] is not page or self._known[1] is not view.grid:
            self._known = (page, view.grid)
            cells = range(len(page.cells))
            self._stops = [MonthStop(cell, row) for cell in cells for row in range(-1, view.last_row(cell) + 1)]
            self._places = {stop: place for place, stop in enumerate(self._stops)}
        return self._stops

    def title(self) -> str:
        """``"November 2026, 412 appointments, 60 requested"``: of the month itself, not of its neighbours."""
        view = self.view
        if view.state == "error":
            return "The month could not be read"
        if view.page is None:
            return view.accessibleName()
        month = date.fromisoformat(view.page.month)
        own = [cell for cell in view.page.cells if cell.day[:7] == view.page.month[:7]]
        count, asked = sum(c.standing for c in own), sum(c.requested for c in own)
        words = f"{LONG_MONTHS[month.month - 1]} {month.year}, {count} appointment{'' if count == 1 else 's'}"
        return f"{words}, {asked} requested" if asked else words

    def help(self) -> str:
        return HELP

    def count(self) -> int:
        return len(self.stops())

    def tile(self, place: int) -> Tile | None:
        """The appointment at a place."""
        stop, view = self.stops()[place], self.view
        if view.page is None or not 0 <= stop.row < view.shown(stop.cell):
            return None
        return view.page.cells[stop.cell].rows[stop.row]

    def name(self, place: int) -> str:
        """An appointment as everywhere; a day with its count; the rest of a day."""
        view, stop, tile = self.view, self.stops()[place], self.tile(place)
        assert view.page is not None
        cell = view.page.cells[stop.cell]
        if tile is not None:
            return accessible_name(tile, view.clock, view.privacy)
        if stop.row >= 0:
            return f"{cell.standing - view.shown(stop.cell)} more: opens the day"
        day = view.day_of(stop.cell)
        today = ", today" if day == view.today else ""
        return f"{long_day(day)}{today}, {count_words(cell)}"

    def description(self, place: int) -> str:
        """Where a day stands in the grid and how full it is; an appointment's provider and flags."""
        view, stop, tile = self.view, self.stops()[place], self.tile(place)
        assert view.page is not None
        if tile is not None:
            return accessible_description(tile, view.page.providers.get(tile.provider_id, ""), view.now())
        if stop.row >= 0:
            return ""
        row, column = divmod(stop.cell, COLUMNS)
        return f"row {row + 1} of 6, column {column + 1} of 7, {load_words(view.page.cells[stop.cell])}"

    def rect(self, place: int) -> QRect:
        """Where it lies, in the widget."""
        return self.view.stop_rect(self.stops()[place]).translated(0, self.view.top)

    def focus(self) -> int | None:
        """The item under the cursor."""
        self.stops()
        return self._places.get(self.view.cursor)

    def at(self, at: QPoint) -> int | None:
        """The item at a place."""
        hit = self.view.hand.hit(QPointF(at))
        self.stops()
        return None if hit is None else self._places.get(self.view.stop_of(hit))

    def press(self, place: int) -> None:
        """Open what stands there."""
        self.go(place)
        self.view.enter()

    def go(self, place: int) -> None:
        """Put the cursor there."""
        self.view.move_cursor(self.stops()[place])
