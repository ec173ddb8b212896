"""``MonthView``: a clinic's month, 42 cells painted by one widget.

Properties in, signals out, as ``DayView``: a shell gives it a ``MonthPage`` and acts on what it asks for;
nothing is ever changed here. Cursor and selection are kept by day and id over every new page, and a page
that arrives while something is carried waits until it is let go.

Painting is in ``month_paint``, places in ``month_geometry``, pointer and gesture in ``month_hand``, keys in
``month_keys``.

Long because the properties, the pages, the cursor and the state meet here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from himsog_desktop.domain.month import CELLS, MonthCell, MonthPage, month_after
from himsog_desktop.domain.time import Micros, zone
from himsog_desktop.ui.calendar.labels import Clock
from himsog_desktop.ui.calendar.month_geometry import COLUMNS, MonthGrid, MonthHit
from himsog_desktop.ui.calendar.month_hand import MonthHand
from himsog_desktop.ui.calendar.month_keys import MonthKeys
from himsog_desktop.ui.calendar.month_paint import paint_month
from himsog_desktop.ui.calendar.month_read import MonthReader
from himsog_desktop.ui.calendar.month_rows import MonthPainter, sizes_of
from himsog_desktop.ui.calendar.painted_list import PaintedGlow, expose, heard, say, tell_changed, tell_focus
from himsog_desktop.ui.calendar.retry import Retry

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QContextMenuEvent,
        QFocusEvent,
        QHideEvent,
        QKeyEvent,
        QMouseEvent,
        QPaintEvent,
        QResizeEvent,
        QShowEvent,
    )

    from himsog_desktop.domain.day import Tile
    from himsog_desktop.ui.calendar.day_view import WhyNot
    from himsog_desktop.ui.theme.theme import Theme

SKELETON_MS = 100


class MonthStop(NamedTuple):
    """Where the cursor stands: a cell, and in it a row; -1 is the day itself, the row after the last "+n"."""

    cell: int
    row: int


class MonthView(QWidget):
    """The painted month. Instants are microseconds since the epoch, UTC."""

    open_requested = Signal(str)
    """An appointment's id: clicked, or Enter on it."""
    day_requested = Signal(object)
    """A date: double click, Enter on a day or a "+n", a click on "+n"."""
    went = Signal(object)
    """A date that is not on the page: the cursor wants to stand there."""
    month_requested = Signal(int)
    """So many months on or back."""
    turn_requested = Signal(int)
    """So many months on or back, with an appointment in hand."""
    move_requested = Signal(str, str, object, object)
    """Id, provider id, start, end: dropped on another day, or Enter after R."""
    selection_changed = Signal(list)
    cursor_changed = Signal(object, str)
    """The day, and the id of the appointment under the cursor or ""."""
    capacity_changed = Signal(int)
    """How many rows of a day can be seen at most, when that is more than before."""
    context_requested = Signal(str, QPoint)
    retry_requested = Signal()
    given_back = Signal()
    """Somebody cancelled or removed what was in hand: the gesture is over, nothing is moved."""

    # Of the class: assistive tools may ask while a view is still being made.
    page: MonthPage | None = None
    state = "nothing"
    # The keyboard's. It hides QWidget.cursor(), which is the pointer's shape.
    cursor = MonthStop(0, -1)  # type: ignore[assignment]

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        expose()  # before anything that tells assistive tools of this widget
        self.reader = MonthReader(self)
        super().__init__(parent)
        self.theme = theme
        self.why_not: WhyNot | None = None
        self.turner_at: Callable[[QPoint], int] | None = None
        """Which way what is carried over a place of the screen turns the month: 1, -1 or 0."""
        self.now: Callable[[], Micros] = lambda: time.time_ns() // 1000
        self.empty_hint: tuple[str, ...] = (
            self.tr("No appointments in this month"),
            self.tr("Enter opens a day, Ctrl+N books."),
        )
        self.clock = Clock(zone("UTC"))
        self.hour12 = False
        self.privacy = False
        self.ratio = self.devicePixelRatioF()
        self.selected: set[str] = set()
        self.cursor_held = False
        """Whether the place under the cursor stays marked while another part has the focus."""
        self.counts: list[int] = []
        self._where: dict[str, MonthStop] = {}
        self._wanted_day: date | None = None
        self._error = ""
        self._retry = Retry(self.retry_requested.emit)
        self.hand = MonthHand(self)
        self.keys = MonthKeys(self)
        self.glow = PaintedGlow(self, self._glow_rect)
        self._skeleton_timer = QTimer(self)
        self._skeleton_timer.setSingleShot(True)
        self._skeleton_timer.timeout.connect(self._show_skeleton)
        self._ahead: list[MonthCell] = []
        self._warm_timer = QTimer(self)
        self._warm_timer.setSingleShot(True)
        self._warm_timer.timeout.connect(self._warm_some)
        self.top = 0
        self.grid = MonthGrid(self.width(), self.height(), sizes_of(theme))
        self.painter = self._painter()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Month")
        self._lay_out()

    # ---------------------------------------------------------------------------- properties in

    def use_ratio(self, ratio: float) -> None:
        """Device pixels per pixel of what is painted on."""
        if ratio != self.ratio:
            self.ratio = ratio
            self.painter = self._painter()

    def set_theme(self, theme: Theme) -> None:
        """Another look or scale."""
        self.theme = theme
        self._retry.forget()
        self.hand.card.drop()
        self._remake()
        if self.state == "error":
            self._place_retry()

    def set_hour12(self, hour12: bool) -> None:
        """Times as 9:30 AM in place of 09:30."""
        self.hour12 = hour12
        self._remake()

    def set_privacy(self, privacy: bool) -> None:
        """Initials in place of names."""
        self.privacy = privacy
        self._remake()

    def set_page(self, page: MonthPage, glow: Collection[str] = ()) -> None:
        """Show a month. ``glow`` are ids that somebody else changed."""
        if not self.hand.keeps_waiting(page, glow):
            self.show_page(page, glow)

    def set_loading(self) -> None:
        """Something is on its way. What is there stays; after 100 ms a skeleton takes its place."""
        if self.state != "skeleton":
            self._skeleton_timer.start(SKELETON_MS)

    def set_error(self, text: str) -> None:
        """It could not be read: what happened, in words. Offers to try again."""
        self.hand.cancel()
        self._skeleton_timer.stop()
        self._error = text
        self._set_state("error")
        self._place_retry()

    def set_selection(self, ids: Iterable[str]) -> None:
        """Select these appointments and no others; ids without a row are left out."""
        wanted = set(ids) & self._where.keys()
        if wanted != self.selected:
            self.selected = wanted
            self.update()
            self.selection_changed.emit(self.selection())

    def selection(self) -> list[str]:
        """The selected ids, in order of time."""
        return sorted(self.selected, key=lambda key: self._where[key])

    # -------------------------------------------------------------------------------- what is there

    def tile(self, tile_id: str) -> Tile | None:
        """An appointment that has a row."""
        stop = self._where.get(tile_id)
        return None if stop is None or self.page is None else self.page.cells[stop.cell].rows[stop.row]

    def tile_at(self, hit: MonthHit) -> Tile | None:
        """The appointment of a hit."""
        if hit.part != "row" or self.page is None or hit.row >= self.shown(hit.cell):
            return None
        return self.page.cells[hit.cell].rows[hit.row]

    def cursor_tile(self) -> Tile | None:
        """The appointment under the cursor."""
        stop = self.cursor
        if self.page is None or self.state != "page" or not 0 <= stop.row < self.shown(stop.cell):
            return None
        return self.page.cells[stop.cell].rows[stop.row]

    def shown(self, cell: int) -> int:
        """How many appointments of a cell have a row."""
        if self.page is None:
            return 0
        found = self.page.cells[cell]
        return min(self.grid.shown(cell, found.standing), len(found.rows))

    def last_row(self, cell: int) -> int:
        """The last stop within a cell: its "+n" where there is one; -1 is the day itself."""
        if self.page is None:
            return -1
        more = self.grid.more(cell, self.page.cells[cell].standing)
        return self.shown(cell) - (0 if more is not None else 1)

    def day_of(self, cell: int) -> date:
        """The date of a cell."""
        assert self.page is not None
        return date.fromisoformat(self.page.cells[cell].day)

    @property
    def today(self) -> date:
        """Today at the clinic."""
        return self.clock.zone.date_of(self.now())

    @property
    def day(self) -> date | None:
        """The day that the cursor stands on."""
        if self._wanted_day is not None:
            return self._wanted_day
        return None if self.page is None else self.day_of(self.cursor.cell)

    def hint_lines(self) -> tuple[str, ...]:
        """What an empty month says."""
        page = self.page
        if page is None or self.hand.carry is not None:
            return ()
        if not page.providers:
            return (self.tr("No providers to show"), self.tr("Choose one above, or add one in the settings."))
        return () if any(self.counts) else self.empty_hint

    def error_lines(self) -> tuple[str, ...]:
        """What an error says."""
        return (self.tr("The month could not be read"), *self._error.splitlines()[:4])

    # ------------------------------------------------------------------------------------ places

    def stop_of(self, hit: MonthHit) -> MonthStop:
        """Where the cursor stands for a hit."""
        row = self.shown(hit.cell) if hit.part == "more" else hit.row
        return MonthStop(hit.cell, row)

    def stop_rect(self, stop: MonthStop) -> QRect:
        """The rectangle of a stop, below the names of the weekdays."""
        grid = self.grid
        place = grid.cell(stop.cell)
        if stop.row >= 0 and self.page is not None:
            more = grid.more(stop.cell, self.page.cells[stop.cell].standing)
            if stop.row < self.shown(stop.cell):
                place = grid.row(stop.cell, stop.row)
            elif more is not None:
                place = more
        return QRect(place.x, place.y, place.width, place.height)

    def place_of(self, tile_id: str) -> QRect | None:
        """Where an appointment is seen: its row, or the "+n" that it stands in."""
        stop = self._where.get(tile_id)
        if stop is None:
            return None
        return self.stop_rect(MonthStop(stop.cell, min(stop.row, max(self.last_row(stop.cell), -1))))

    def cell_rect(self, cell: int) -> QRect:
        """A cell, in the widget."""
        place = self.grid.cell(cell)
        return QRect(place.x, place.y + self.top, place.width, place.height)

    def _glow_rect(self, tile_id: str) -> QRect | None:
        rect = self.place_of(tile_id)
        return None if rect is None else rect.translated(0, self.top)

    # ------------------------------------------------------------------------------------ cursor

    def go_to_day(self, day: date) -> bool:
        """Put the cursor on a day; False when it is not on the page: then it goes there when it comes."""
        cell = self.cell_of(day)
        if cell is None:
            self._wanted_day = day
            return False
        self._wanted_day = None
        if self.cursor.cell != cell:
            self.move_cursor(MonthStop(cell, -1))
        return True

    def want_day(self, day: date) -> None:
        """The page that comes has the cursor on this day."""
        self._wanted_day = day

    def go_to(self, tile_id: str) -> bool:
        """Put the cursor on an appointment. False when it has no row."""
        stop = self._where.get(tile_id)
        if stop is None:
            return False
        self.move_cursor(MonthStop(stop.cell, min(stop.row, self.last_row(stop.cell))))
        return True

    def move_cursor(self, stop: MonthStop) -> None:
        """Put the cursor somewhere and say so."""
        before, self.cursor = self.cursor, stop
        self.cursor_held = False
        self._wanted_day = None
        for cell in {before.cell, stop.cell}:
            self.update(self.cell_rect(cell))
        self._say_cursor()

    def _say_cursor(self) -> None:
        tile = self.cursor_tile()
        if self.page is not None:
            self.cursor_changed.emit(self.day_of(self.cursor.cell), "" if tile is None else tile.id)
        if self.hasFocus():
            tell_focus(self)

    def go_by(self, days: int, *, keep_row: bool = False) -> None:
        """The cursor so many days on or back; beyond the page another month is asked for."""
        if self.page is None:
            return
        cell = self.cursor.cell + days
        if not 0 <= cell < CELLS:
            self.went.emit(self.day_of(self.cursor.cell) + timedelta(days=days))
            return
        row = min(self.cursor.row, self.last_row(cell)) if keep_row else -1
        self.move_cursor(MonthStop(cell, row))

    def go_down(self, step: int) -> None:
        """One row down (or up): through the rows of a day, then to the week below or above."""
        stop = self.cursor
        row = stop.row + step
        if -1 <= row <= self.last_row(stop.cell):
            self.move_cursor(MonthStop(stop.cell, row))
            return
        cell = stop.cell + step * COLUMNS
        if step < 0 and cell >= 0:
            self.move_cursor(MonthStop(cell, self.last_row(cell)))
        else:
            self.go_by(step * COLUMNS)

    def go_to_edge(self, *, end: bool, month: bool) -> None:
        """The first or last day of the week, or of the month."""
        if self.page is None:
            return
        if month:
            first = date.fromisoformat(self.page.month)
            self.go_to_day(month_after(first, 1) - timedelta(days=1) if end else first)
            return
        monday = self.cursor.cell // COLUMNS * COLUMNS
        self.move_cursor(MonthStop(monday + (COLUMNS - 1 if end else 0), -1))

    def enter(self) -> None:
        """Open what is under the cursor: an appointment, else the day."""
        tile = self.cursor_tile()
        if tile is not None:
            self.open_requested.emit(tile.id)
        elif self.page is not None:
            self.day_requested.emit(self.day_of(self.cursor.cell))

    def cell_of(self, day: date) -> int | None:
        """The cell of a date; None when it is not on the page."""
        if self.page is None:
            return None
        number = (day - self.day_of(0)).days
        return number if 0 <= number < CELLS else None

    def announce(self, text: str) -> None:
        """Say something to a screen reader that no control says."""
        say(self, text)

    # ------------------------------------------------------------------------------------- pages

    def show_page(self, page: MonthPage, glow: Collection[str]) -> None:
        """Show a page now, whatever is under way: ``set_page`` is what others call."""
        self._skeleton_timer.stop()
        before, stood, held = self.page, self.day, self.cursor_tile()
        self.page = page
        if before is None or before.timezone != page.timezone:
            self.painter = self._painter()
        same = before is not None and before.month == page.month
        if not same:
            self.glow.clear()
            self.hand.hovered = None
        self.counts = [cell.standing for cell in page.cells]
        self._where = {
            tile.id: MonthStop(number, row)
            for number, cell in enumerate(page.cells)
            for row, tile in enumerate(cell.rows)
        }
        self._set_state("page")
        self._keep_cursor(stood, held, same=same)
        self.hand.turn.adopt()
        still = self.selected & self._where.keys()
        if still != self.selected:
            self.selected = still
            self.selection_changed.emit(self.selection())
        self.glow.start(self._where.keys() & set(glow))
        if heard():
            tell_changed(self)
            if self.hasFocus():
                tell_focus(self)

    def _keep_cursor(self, stood: date | None, held: Tile | None, *, same: bool) -> None:
        """On its appointment where that is still seen, else on its day, else on today or the first."""
        assert self.page is not None
        wanted = self._wanted_day or stood or self.today
        cell = self.cell_of(wanted)
        in_month = self.page.month[:7]
        if cell is None or (self._wanted_day is None and not same and wanted.isoformat()[:7] != in_month):
            today = self.today
            cell = self.cell_of(today if today.isoformat()[:7] == in_month else date.fromisoformat(self.page.month))
        self._wanted_day = None
        assert cell is not None
        stop = self._where.get(held.id) if held is not None and same else None
        if stop is not None and stop.row <= self.last_row(stop.cell):
            self.cursor = stop
        else:
            row = min(self.cursor.row, self.last_row(cell)) if same and cell == self.cursor.cell else -1
            self.cursor = MonthStop(cell, row)

    def warm(self, page: MonthPage) -> None:
        """Lay out the rows of a month beside this one, a week at a time, while nothing else is done."""
        self._ahead = [cell for cell in page.cells if cell.rows][::-1] + self._ahead
        if self.isVisible():
            self._warm_timer.start()

    def _warm_some(self) -> None:
        at = self.grid.row(0, 0)
        for _ in range(min(COLUMNS, len(self._ahead))):
            cell = self._ahead.pop()
            for tile in cell.rows[: self.grid.most]:
                # Columns differ by a pixel: each width has a face of its own.
                day = date.fromisoformat(cell.day).weekday()
                self.painter.warm(tile, self.grid.row(day, 0).width, at.height)
        if self._ahead:
            self._warm_timer.start()

    def _painter(self) -> MonthPainter:
        name = self.page.timezone if self.page is not None else "UTC"
        self.clock = Clock(zone(name), hour12=self.hour12)
        return MonthPainter(self.theme, self.clock, privacy=self.privacy, ratio=self.ratio, rtl=self.isRightToLeft())

    def _remake(self) -> None:
        self.painter = self._painter()
        self._lay_out()
        self.update()

    def _lay_out(self) -> None:
        most = self.grid.most if self.page is not None else 0
        self.top = self.theme.small_strong.line + self.theme.metrics.s
        self.grid = MonthGrid(self.width(), self.height() - self.top, sizes_of(self.theme), rtl=self.isRightToLeft())
        if self.page is not None:
            stop = self.cursor
            self.cursor = MonthStop(stop.cell, min(stop.row, self.last_row(stop.cell)))
        if self.grid.most > most:
            self.capacity_changed.emit(self.grid.most)

    def _set_state(self, state: str) -> None:
        self.state = state
        self._retry.show(state == "error")
        self.update()

    def _show_skeleton(self) -> None:
        if not self.hand.turn.turning:
            self.hand.cancel()
        self._set_state("skeleton")

    def _place_retry(self) -> None:
        self._retry.place(self, self.theme, QRect(0, self.top, self.width(), self.grid.height), self.error_lines())
        self._retry.show(self.state == "error")

    # -------------------------------------------------------------------------------- Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_month(self, painter, event.region())
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.hand.cancel()
        self._lay_out()
        if self.state == "error":
            self._place_retry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._remake()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.glow.resume()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.hand.cancel()
        self.hand.card.drop()
        self.hand.hovered = None
        self.glow.pause()
        self._skeleton_timer.stop()
        self._warm_timer.stop()
        self._ahead.clear()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.cursor_held = False
        self.update(self.cell_rect(self.cursor.cell))
        tell_focus(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.hand.cancel()
        self.update(self.cell_rect(self.cursor.cell))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.keys.press(event):
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.hand.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hand.travel(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.hand.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.hand.double_click(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hand.left()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.hand.context(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.UngrabMouse and self.hand.carry is not None and not self.hand.carry.by_keys:
            self.hand.cancel()
        return super().event(event)
