"""``AgendaView``: days under each other with their appointments, painted by one widget.

Properties in, signals out, as the other faces. It is given the days that were read; towards either end it asks
for more. What is seen stays where it is when days are added or dropped above it; cursor and selection go by id.

Reading of the pointer is in ``agenda_hand``, of the keys in ``agenda_keys``, what is read aloud in ``agenda_read``.

Long because the properties, the days, the cursor and Qt's events of one list meet here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from himsog_desktop.domain.agenda import AgendaDay, AgendaPart
from himsog_desktop.domain.time import Micros, zone
from himsog_desktop.ui.calendar.agenda_hand import AgendaHand
from himsog_desktop.ui.calendar.agenda_keys import AgendaKeys
from himsog_desktop.ui.calendar.agenda_layout import EMPTY, AgendaLayout, Line
from himsog_desktop.ui.calendar.agenda_paint import paint_agenda
from himsog_desktop.ui.calendar.agenda_read import AgendaReader
from himsog_desktop.ui.calendar.labels import Clock
from himsog_desktop.ui.calendar.month_keys import usual_meaning
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
    from himsog_desktop.ui.theme.theme import Theme

SKELETON_MS = 100


class AgendaStop(NamedTuple):
    """Where the cursor stands: a day, and the id of one of its appointments, ``""`` where it has none."""

    day: str
    tile_id: str


class AgendaView(QAbstractScrollArea):
    """The painted agenda. Instants are microseconds since the epoch, UTC."""

    open_requested = Signal(str)
    book_requested = Signal(object)
    """A date: Enter or a double click on a day without appointments."""
    day_requested = Signal(object)
    """A date: its heading was clicked."""
    more_requested = Signal(int)
    """1: what comes after the last day is wanted soon; -1: what comes before the first."""
    went = Signal(object)
    """A date that is not listed."""
    day_changed = Signal(object)
    """The date that the agenda stands on: of the cursor, or at the top after scrolling."""
    selection_changed = Signal(list)
    context_requested = Signal(str, QPoint)
    retry_requested = Signal()

    # Of the class: assistive tools may ask while a view is still being made.
    state = "nothing"
    layout_ = AgendaLayout((), 1, 1)
    # The keyboard's. It hides QWidget.cursor(), which is the pointer's shape.
    cursor: AgendaStop | None = None  # type: ignore[assignment]

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        expose()  # before anything that tells assistive tools of this widget
        self.reader = AgendaReader(self)
        super().__init__(parent)
        self.theme = theme
        self.now: Callable[[], Micros] = lambda: time.time_ns() // 1000
        self.meaning: Callable[[QKeyEvent], str] = usual_meaning
        self.empty_hint: tuple[str, ...] = (
            self.tr("No appointments in these weeks"),
            self.tr("Enter on a day books, Ctrl+N as well."),
        )
        self.clock = Clock(zone("UTC"))
        self.hour12 = False
        self.privacy = False
        self.ratio = self.devicePixelRatioF()
        self.providers: dict[str, str] = {}
        self.selected: set[str] = set()
        self.cursor_held = False
        self._wanted: date | None = None
        self._stands: date | None = None
        self._error = ""
        self._retry = Retry(self.retry_requested.emit)
        self.glow = PaintedGlow(self, self._glow_rect, self.viewport())
        self.hand = AgendaHand(self)
        self.keys = AgendaKeys(self)
        self._skeleton_timer = QTimer(self)
        self._skeleton_timer.setSingleShot(True)
        self._skeleton_timer.timeout.connect(self._show_skeleton)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Agenda")
        self._lay_out(())

    # ---------------------------------------------------------------------------- properties in

    def use_ratio(self, ratio: float) -> None:
        """Device pixels per pixel of what is painted on."""
        self.ratio = ratio

    def set_theme(self, theme: Theme) -> None:
        """Another look or scale. What is at the top stays there."""
        self.theme = theme
        self._retry.forget()
        self.hand.card.drop()
        held = self._held()
        self._lay_out(self.layout_.days)
        self._hold(held)
        if self.state == "error":
            self._place_retry()

    def set_hour12(self, hour12: bool) -> None:
        """Times as 9:30 AM in place of 09:30."""
        self.hour12 = hour12
        self.clock = Clock(self.clock.zone, hour12=hour12)
        self.viewport().update()

    def set_privacy(self, privacy: bool) -> None:
        """Initials in place of names."""
        self.privacy = privacy
        self.viewport().update()

    def set_part(self, part: AgendaPart, glow: Collection[str] = ()) -> None:
        """Show these days. ``glow`` are ids that somebody else changed."""
        self._skeleton_timer.stop()
        before = self.layout_
        held = self._held() if self.state == "page" else None
        if self.clock.zone.name != part.timezone:
            self.clock = Clock(zone(part.timezone), hour12=self.hour12)
        self.providers = part.providers
        stood = self.cursor_line()
        self._lay_out(part.days)
        self._set_state("page")
        self._drop_gone(before)
        self._keep_cursor(before, stood)
        if self._wanted is not None:
            self._go_wanted()
        else:
            self._hold(held)
        self.glow.start(self.layout_.where.keys() & set(glow))
        if heard():
            tell_changed(self)
            tell_focus(self)
        self._look_ahead()

    def set_loading(self) -> None:
        """Something is on its way. What is there stays; after 100 ms a skeleton takes its place."""
        if self.state != "skeleton":
            self._skeleton_timer.start(SKELETON_MS)

    def set_error(self, text: str) -> None:
        """It could not be read: what happened, in words. Offers to try again."""
        self._skeleton_timer.stop()
        self._error = text
        self._set_state("error")
        self._place_retry()

    def set_selection(self, ids: Iterable[str]) -> None:
        """Select these appointments and no others; ids that are not listed are left out."""
        wanted = set(ids) & (self.layout_.where.keys() | self.selected)
        if wanted != self.selected:
            self.selected = wanted
            self.viewport().update()
            self.selection_changed.emit(self.selection())

    def selection(self) -> list[str]:
        """The selected ids in order; those that were scrolled far away and dropped come last."""
        where, last = self.layout_.where, Line(1 << 30, 0)
        return sorted(self.selected, key=lambda key: (where.get(key, last), key))

    # -------------------------------------------------------------------------------- what is there

    def tile(self, tile_id: str) -> Tile | None:
        """An appointment that is listed."""
        line = self.layout_.where.get(tile_id)
        return None if line is None else self.layout_.days[line.day].tiles[line.row]

    def tile_of(self, line: Line | None) -> Tile | None:
        """The appointment of a line."""
        return None if line is None or line.row < 0 else self.layout_.days[line.day].tiles[line.row]

    def cursor_line(self) -> Line | None:
        """Where the cursor stands."""
        stop = self.cursor
        if stop is None or self.state != "page":
            return None
        if stop.tile_id:
            return self.layout_.where.get(stop.tile_id)
        number = self._number(stop.day)
        return None if number is None or self.layout_.days[number].tiles else Line(number, EMPTY)

    def cursor_tile(self) -> Tile | None:
        """The appointment under the cursor."""
        return self.tile_of(self.cursor_line())

    @property
    def today(self) -> date:
        """Today at the clinic."""
        return self.clock.zone.date_of(self.now())

    @property
    def day(self) -> date | None:
        """The day that it stands on."""
        return self._wanted or self._stands

    def hint_lines(self) -> tuple[str, ...]:
        """What an agenda says in which nobody is booked."""
        days = self.layout_.days
        if not self.providers:
            return (self.tr("No providers to show"), self.tr("Choose one above, or add one in the settings."))
        return () if any(day.tiles for day in days) or self.cursor_moved else self.empty_hint

    cursor_moved = False
    """Somebody works on the empty agenda: its hint is in the way now."""

    def error_lines(self) -> tuple[str, ...]:
        """What an error says."""
        return (self.tr("The agenda could not be read"), *self._error.splitlines()[:4])

    def offset(self) -> int:
        """How far it is scrolled, in pixels."""
        return self.verticalScrollBar().value()

    def sizes(self) -> tuple[int, int]:
        """Heights of a heading and of a row."""
        theme = self.theme
        return theme.strong.line + theme.metrics.px(12), theme.body.line + theme.metrics.px(10)

    # ------------------------------------------------------------------------------------ cursor

    def go_to_day(self, day: date) -> bool:
        """Bring a day to the top, the cursor on its first coming appointment; False: when it is there."""
        self._wanted = day
        if self.state != "page" or self._number(day.isoformat()) is None:
            return False
        self._go_wanted()
        return True

    def _go_wanted(self) -> None:
        day = self._wanted
        number = None if day is None else self._number(day.isoformat())
        if day is None or number is None:
            return
        self._wanted = None
        layout, now = self.layout_, self.now()
        found = layout.days[number]
        coming = next((n for n, tile in enumerate(found.tiles) if tile.end > now), 0) if found.start <= now else 0
        line = Line(number, coming) if found.tiles else layout.first(number)
        top = layout.top(number)
        if coming > 2:
            top = layout.place(Line(number, coming - 2))[0] - layout.head
        self._update_bar(least=top + self.viewport().height())
        self.verticalScrollBar().setValue(top)
        self._put(line)
        self._stand(day)

    def go_to(self, tile_id: str) -> bool:
        """Put the cursor on an appointment and scroll to it. False when it is not listed."""
        line = self.layout_.where.get(tile_id)
        if line is None:
            return False
        self.move_cursor(line)
        return True

    def move_cursor(self, line: Line) -> None:
        """Put the cursor on a line, scroll to it and say so."""
        self.cursor_moved = True
        self._put(line)
        top, bottom = self.layout_.place(line)
        bar, room = self.verticalScrollBar(), self.viewport().height()
        top -= self.layout_.head  # the heading stays above it
        if top < bar.value():
            bar.setValue(top)
        elif bottom > bar.value() + room:
            bar.setValue(bottom - room)
        self._stand(date.fromisoformat(self.layout_.days[line.day].day))

    def _put(self, line: Line) -> None:
        tile = self.tile_of(line)
        stop = AgendaStop(self.layout_.days[line.day].day, "" if tile is None else tile.id)
        self.cursor_held = False
        self.viewport().update()
        if stop != self.cursor:
            self.cursor = stop
            tell_focus(self)

    def _stand(self, day: date) -> None:
        if day != self._stands:
            self._stands = day
            self.day_changed.emit(day)

    def _number(self, iso: str) -> int | None:
        days = self.layout_.days
        if not days:
            return None
        number = (date.fromisoformat(iso) - date.fromisoformat(days[0].day)).days
        return number if 0 <= number < len(days) else None

    def announce(self, text: str) -> None:
        """Say something to a screen reader that no item says."""
        say(self, text)

    # -------------------------------------------------------------------------------------- days

    def _drop_gone(self, before: AgendaLayout) -> None:
        """What was listed and is no more is not selected; what was only scrolled away stays so."""
        days = {day.day for day in self.layout_.days}
        gone = {
            key
            for key in self.selected - self.layout_.where.keys()
            if (line := before.where.get(key)) is not None and before.days[line.day].day in days
        }
        if gone:
            self.selected -= gone
            self.selection_changed.emit(self.selection())

    def _keep_cursor(self, before: AgendaLayout, stood: Line | None) -> None:
        if self.cursor is None or self.cursor_line() is not None:
            return
        number = self._number(self.cursor.day)
        if number is None:
            self.cursor = None  # scrolled away and dropped; the next key begins at what is seen
            return
        row = min(stood.row, len(self.layout_.days[number].tiles) - 1) if stood is not None else 0
        line = Line(number, max(row, 0)) if self.layout_.days[number].tiles else Line(number, EMPTY)
        self._put(line)
        del before

    def _held(self) -> tuple[str, int] | None:
        """What is at the top, and how far it is scrolled beyond."""
        layout, y = self.layout_, self.offset()
        number = layout.day_at(y)
        return None if number is None else (layout.days[number].day, y - layout.top(number))

    def _hold(self, held: tuple[str, int] | None) -> None:
        number = None if held is None else self._number(held[0])
        if held is not None and number is not None:
            self.verticalScrollBar().setValue(self.layout_.top(number) + held[1])

    def _lay_out(self, days: Iterable[AgendaDay]) -> None:
        self.layout_ = AgendaLayout(tuple(days), *self.sizes())
        self.hand.hovered = None
        self._update_bar()
        self.viewport().update()

    def _update_bar(self, *, least: int = 0) -> None:
        bar, room = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(room)
        bar.setSingleStep(self.layout_.row)
        bar.setRange(0, max(max(self.layout_.height, least) - room, 0))

    def _look_ahead(self) -> None:
        """Ask for more days before the end comes into view."""
        if self.state != "page" or not self.layout_.days:
            return
        y, room = self.offset(), self.viewport().height()
        if self.layout_.height - y < 2 * room:
            self.more_requested.emit(1)
        elif y < room:
            self.more_requested.emit(-1)

    def _set_state(self, state: str) -> None:
        self.state = state
        self._retry.show(state == "error")
        self.viewport().update()

    def _show_skeleton(self) -> None:
        self._set_state("skeleton")

    def _place_retry(self) -> None:
        self._retry.place(self.viewport(), self.theme, self.viewport().rect(), self.error_lines())
        self._retry.show(self.state == "error")

    # ------------------------------------------------------------------------------------- places

    def rect_of(self, line: Line) -> QRect:
        """Where a line is, in the viewport."""
        top, bottom = self.layout_.place(line)
        return QRect(0, top - self.offset(), self.viewport().width(), bottom - top)

    def _glow_rect(self, tile_id: str) -> QRect | None:
        line = self.layout_.where.get(tile_id)
        return None if line is None else self.rect_of(line)

    # -------------------------------------------------------------------------------- Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        paint_agenda(self, painter, event.region())
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.keys.press(event):
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.hand.press(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.hand.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.hand.double_click(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hand.move(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.hand.menu(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.hand.leave()
        self.viewport().update()
        line = self.cursor_line()
        seen = line is not None and self.rect_of(line).intersects(self.viewport().rect())
        number = self.layout_.day_at(self.offset())
        if not seen and number is not None and self._wanted is None:
            self._stand(date.fromisoformat(self.layout_.days[number].day))
        self._look_ahead()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_bar()
        self._look_ahead()
        if self.state == "error":
            self._place_retry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.glow.resume()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.hand.card.drop()
        self.glow.pause()
        self._skeleton_timer.stop()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.cursor_held = False
        self.viewport().update()
        tell_focus(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.hand.leave()
            self.viewport().update()
        return super().viewportEvent(event)
