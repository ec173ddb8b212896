"""The agenda read aloud: its days in order, after each its appointments or that it has none."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect

from himsog_desktop.ui.calendar.agenda_layout import EMPTY, HEADING
from himsog_desktop.ui.calendar.agenda_paint import empty_words, heading_counts
from himsog_desktop.ui.calendar.labels import accessible_description, accessible_name
from himsog_desktop.ui.calendar.month_words import long_day
from himsog_desktop.ui.calendar.painted_list import Reader

if TYPE_CHECKING:
    from himsog_desktop.domain.day import Tile
    from himsog_desktop.ui.calendar.agenda_layout import AgendaLayout, Line
    from himsog_desktop.ui.calendar.agenda_view import AgendaView

HELP = "Up and down move, left and right go by days, Enter opens or books, Space selects"


class AgendaReader(Reader):
    """The items of one agenda."""

    def __init__(self, view: AgendaView) -> None:
        self.view: AgendaView = view
        self._known: AgendaLayout | None = None
        self._lines: list[Line] = []
        self._places: dict[Line, int] = {}

    def lines(self) -> list[Line]:
        """Every line, in the order that they are read."""
        layout = self.view.layout_
        if self._known is not layout:
            self._known = layout
            self._lines = layout.lines(0, layout.height)
            self._places = {line: place for place, line in enumerate(self._lines)}
        return self._lines if self.view.state == "page" else []

    def title(self) -> str:
        """``"Agenda, Friday 20 November 2026 to Sunday 29 November 2026, 412 appointments"``."""
        view = self.view
        if view.state == "error":
            return "The agenda could not be read"
        days = view.layout_.days
        if not days:
            return view.accessibleName()
        first, last = (long_day(date.fromisoformat(day.day)) for day in (days[0], days[-1]))
        return f"Agenda, {first} to {last}, {len(view.layout_.where)} appointments"

    def help(self) -> str:
        return HELP

    def count(self) -> int:
        return len(self.lines())

    def rect(self, place: int) -> QRect:
        """Where it lies, in the viewport."""
        return self.view.rect_of(self.lines()[place])

    def tile(self, place: int) -> Tile | None:
        """The appointment at a place."""
        return self.view.tile_of(self.lines()[place])

    def name(self, place: int) -> str:
        """Who and when; of a heading its day and counts."""
        view, line = self.view, self.lines()[place]
        day, tile = view.layout_.days[line.day], view.tile_of(line)
        if tile is not None:
            return accessible_name(tile, view.clock, view.privacy)
        if line.row == EMPTY:
            return empty_words(day)
        when = date.fromisoformat(day.day)
        parts = [long_day(when), "today" if when == view.today else "", heading_counts(day)]
        return ", ".join(part for part in parts if part)

    def description(self, place: int) -> str:
        """What else there is to say of it."""
        view, line = self.view, self.lines()[place]
        tile = view.tile_of(line)
        if tile is None:
            return "opens the day" if line.row == HEADING else ""
        provider = view.providers.get(tile.provider_id, "")
        count = len(view.layout_.days[line.day].tiles)
        return f"{accessible_description(tile, provider, view.now())}, {line.row + 1} of {count}"

    def focus(self) -> int | None:
        """The place of the cursor."""
        return self._place(self.view.cursor_line())

    def at(self, at: QPoint) -> int | None:
        """The place under a point of the viewport."""
        return self._place(self.view.hand.line_at(QPointF(at)))

    def press(self, place: int) -> None:
        """Open a day or an appointment, or book on a day that has none."""
        view, line = self.view, self.lines()[place]
        if line.row == HEADING:
            view.day_requested.emit(date.fromisoformat(view.layout_.days[line.day].day))
        else:
            view.move_cursor(line)
            view.keys.enter(line)

    def go(self, place: int) -> None:
        """Put the cursor there; a heading's is the day's first line."""
        line = self.lines()[place]
        self.view.move_cursor(self.view.layout_.first(line.day) if line.row == HEADING else line)

    def _place(self, line: Line | None) -> int | None:
        self.lines()
        return None if line is None else self._places.get(line)
