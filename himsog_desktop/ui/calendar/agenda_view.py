"""``AgendaView``: days under each other with their appointments, painted by one widget.

Properties in, signals out, as the other faces. It is given the days that were read; towards either end it asks
for more. What is seen stays where it is when days are added or dropped above it; cursor and selection go by id.

Long because the properties, the days, the cursor, keys and pointer of one list meet here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from himsog_desktop.domain.agenda import AgendaDay, AgendaPart
from himsog_desktop.domain.time import Micros, zone
from himsog_desktop.ui.calendar.agenda_layout import EMPTY, HEADING, AgendaLayout, Line
from himsog_desktop.ui.calendar.agenda_paint import empty_words, heading_counts, paint_agenda
from himsog_desktop.ui.calendar.labels import (
    Clock,
    accessible_description,
    accessible_name,
    facts,
    style_of,
)
from himsog_desktop.ui.calendar.month_keys import usual_meaning
from himsog_desktop.ui.calendar.month_words import long_day
from himsog_desktop.ui.calendar.paint_overlay import hint_rect
from himsog_desktop.ui.calendar.painted_list import PaintedGlow, expose, heard, say, tell_changed, tell_focus
from himsog_desktop.ui.calendar.pointer import HOVER_MS

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
    from PySide6.QtWidgets import QPushButton

    from himsog_desktop.domain.day import Tile
    from himsog_desktop.ui.calendar.hover import HoverCard
    from himsog_desktop.ui.theme.theme import Theme

SKELETON_MS = 100
_KEY = Qt.Key
_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_OTHERS = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
HELP = "Up and down move, left and right go by days, Enter opens or books, Space selects"


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
        self.hovered: Line | None = None
        self.cursor_held = False
        self._anchor: str | None = None
        self._wanted: date | None = None
        self._stands: date | None = None
        self._error = ""
        self._retry: QPushButton | None = None
        self._card: HoverCard | None = None
        self._at = QPointF()
        self._pressed: Line | None = None
        self.glow = PaintedGlow(self, self._glow_rect, self.viewport())
        self._skeleton_timer = self._timer(self._show_skeleton)
        self._hover_timer = self._timer(self._show_card)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Agenda")
        self._lay_out(())

    def _timer(self, slot: Callable[[], None]) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.timeout.connect(slot)
        return made

    # ---------------------------------------------------------------------------- properties in

    def use_ratio(self, ratio: float) -> None:
        """Device pixels per pixel of what is painted on."""
        self.ratio = ratio

    def set_theme(self, theme: Theme) -> None:
        """Another look or scale. What is at the top stays there."""
        self.theme = theme
        if self._retry is not None:
            self._retry.deleteLater()
            self._retry = None
        self._drop_card()
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
        self.hovered = None
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
        if self._retry is not None:
            self._retry.setVisible(state == "error")
        self.viewport().update()

    def _show_skeleton(self) -> None:
        self._set_state("skeleton")

    def _place_retry(self) -> None:
        if self._retry is None:
            from PySide6.QtWidgets import QPushButton

            self._retry = QPushButton(self.tr("Try again"), self.viewport())
            self._retry.clicked.connect(self.retry_requested)
        self._retry.setFont(self.theme.body.font)
        m = self.theme.metrics
        self._retry.resize(self._retry.sizeHint().width(), m.control)
        box = hint_rect(self.viewport().rect(), self.theme, self.error_lines(), m.control)
        x = box.x() + (box.width() - self._retry.width()) // 2
        self._retry.move(x, box.bottom() + 1 - m.l - m.control)
        self._retry.setVisible(self.state == "error")

    # -------------------------------------------------------------------------------------- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._press(event):
            event.ignore()

    def _press(self, event: QKeyEvent) -> bool:
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        self._hide_card()
        if key == _KEY.Key_Escape:
            if not self.selected:
                return False
            self.set_selection(())
            return True
        if modifiers & _OTHERS or self.state != "page" or not self.layout_.days:
            return False
        line = self.cursor_line() or self._seen_line()
        if line is None:
            return False
        if modifiers & _CONTROL and key not in (_KEY.Key_Home, _KEY.Key_Space):
            return False
        return self._move(line, key, modifiers) or self._do(line, key, event)

    def _seen_line(self) -> Line | None:
        """Where a key begins that finds no cursor: at the first line that is seen whole."""
        y = self.offset() + self.layout_.head
        line = self.layout_.at(min(y, self.layout_.height - 1))
        return self.layout_.first(line.day) if line is not None and line.row == HEADING else line

    def _move(self, line: Line, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        layout = self.layout_
        sideways = {_KEY.Key_Left: -1, _KEY.Key_Right: 1}.get(key, 0)
        if sideways:
            day = line.day + (-sideways if self.isRightToLeft() else sideways)
            if 0 <= day < len(layout.days):
                self.move_cursor(layout.first(day))
        elif key in (_KEY.Key_Up, _KEY.Key_Down):
            wanted = layout.stop(line, 1 if key == _KEY.Key_Down else -1)
            if wanted is not None:
                if modifiers & _SHIFT:
                    passed = (self.tile_of(line), self.tile_of(wanted))
                    self.set_selection(self.selected | {tile.id for tile in passed if tile is not None})
                self.move_cursor(wanted)
        elif key in (_KEY.Key_PageUp, _KEY.Key_PageDown):
            step = max(self.viewport().height() // layout.row - 2, 1)
            for _ in range(step):
                wanted = layout.stop(line, 1 if key == _KEY.Key_PageDown else -1)
                line = line if wanted is None else wanted
            self.move_cursor(line)
        elif key == _KEY.Key_Home and modifiers & _CONTROL:
            self.went.emit(self.today)
        elif key in (_KEY.Key_Home, _KEY.Key_End):
            self.move_cursor(layout.first(line.day) if key == _KEY.Key_Home else layout.last(line.day))
        else:
            return False
        return True

    def _do(self, line: Line, key: Qt.Key, event: QKeyEvent) -> bool:
        tile = self.tile_of(line)
        if key in (_KEY.Key_Return, _KEY.Key_Enter):
            self._enter(line)
        elif key == _KEY.Key_Space:
            if tile is not None:
                self.set_selection(self.selected ^ {tile.id})
        elif key == _KEY.Key_Menu:
            self.context_requested.emit("" if tile is None else tile.id, self._on_screen(line))
        elif self.meaning(event) == "card" and tile is not None:
            self._open_card(line)
        else:
            return False
        return True

    def _enter(self, line: Line) -> None:
        tile = self.tile_of(line)
        if tile is not None:
            self.open_requested.emit(tile.id)
        elif self.layout_.days[line.day].open:
            self.cursor_held = True
            self.book_requested.emit(date.fromisoformat(self.layout_.days[line.day].day))
        else:
            self.announce(empty_words(self.layout_.days[line.day]))

    def _on_screen(self, line: Line) -> QPoint:
        return self.viewport().mapToGlobal(self._rect(line).center())

    def _rect(self, line: Line) -> QRect:
        top, bottom = self.layout_.place(line)
        return QRect(0, top - self.offset(), self.viewport().width(), bottom - top)

    def _glow_rect(self, tile_id: str) -> QRect | None:
        line = self.layout_.where.get(tile_id)
        return None if line is None else self._rect(line)

    # ----------------------------------------------------------------------------------- pointer

    def line_at(self, at: QPointF) -> Line | None:
        """The line under a point of the viewport; the heading that stays at the top covers what is below it."""
        if self.state != "page":
            return None
        sticky = self.layout_.sticky(self.offset())
        if sticky is not None and at.y() < sticky[1] + self.layout_.head:
            return Line(sticky[0], HEADING)
        return self.layout_.at(at.y() + self.offset())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._hide_card()
        event.accept()
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = self.line_at(event.position()) if left else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is None or pressed != self.line_at(event.position()):
            return
        if pressed.row == HEADING:
            self.day_requested.emit(date.fromisoformat(self.layout_.days[pressed.day].day))
            return
        anchor = self._anchor
        self.move_cursor(pressed)
        tile = self.tile_of(pressed)
        if tile is None:
            self.set_selection(())
        elif event.modifiers() & _CONTROL:
            self._anchor = tile.id
            self.set_selection(self.selected ^ {tile.id})
        elif event.modifiers() & _SHIFT:
            self.set_selection(self.selected | self._between(anchor, tile.id))
        else:
            self._anchor = tile.id
            self.set_selection({tile.id})
            self.open_requested.emit(tile.id)

    def _between(self, one: str | None, other: str) -> set[str]:
        """The appointments from one to another, both included."""
        where = self.layout_.where
        low, high = sorted((where.get(one or "", where[other]), where[other]))
        return {key for key, line in where.items() if low <= line <= high}

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()
        line = self.line_at(event.position())
        if line is not None and line.row == EMPTY:
            self._enter(line)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons():
            return
        self._at = event.position()
        line = self.line_at(self._at)
        if line == self.hovered:
            return
        for one in (self.hovered, line):
            if one is not None:
                self.viewport().update(self._rect(one))
        self.hovered = line
        self._hide_card()
        if line is not None and line.row != EMPTY:
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
            if line.row >= 0:
                self._hover_timer.start(HOVER_MS)
        else:
            self.viewport().unsetCursor()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._hide_card()
        if event.reason() == event.Reason.Keyboard:
            line, at = self.cursor_line(), None
        else:
            line, at = self.line_at(QPointF(self.viewport().mapFromGlobal(event.globalPos()))), event.globalPos()
        if line is None or line.row == HEADING:
            return
        self.move_cursor(line)
        tile = self.tile_of(line)
        if tile is not None and tile.id not in self.selected:
            self.set_selection({tile.id})
        self.context_requested.emit("" if tile is None else tile.id, at or self._on_screen(line))

    def _show_card(self) -> None:
        line = self.line_at(self._at)
        if line is not None and line.row >= 0:
            self._open_card(line)

    def _open_card(self, line: Line) -> None:
        from himsog_desktop.ui.calendar.hover import HoverCard

        tile = self.tile_of(line)
        if tile is None:
            return
        words = facts(tile, self.providers.get(tile.provider_id, ""), self.clock, self.now(), self.privacy)
        if self._card is not None and self._card.parentWidget() is not self.window():
            self._drop_card()
        if self._card is None:
            self._card = HoverCard(self.window(), self.theme)
        # Beside the name, so that the line itself stays readable.
        rect = self._rect(line)
        rect.setWidth(min(rect.width(), self.theme.metrics.px(420)))
        corner = self.viewport().mapTo(self.window(), rect.topLeft())
        self._card.show_beside(words, QRect(corner, rect.size()), style_of(tile))
        if self.hasFocus():
            self.announce(". ".join(fact.text for fact in words))

    def card(self) -> HoverCard | None:
        """The card, while it is shown."""
        return self._card if self._card is not None and not self._card.isHidden() else None

    def _hide_card(self) -> None:
        self._hover_timer.stop()
        if self._card is not None:
            self._card.hide()

    def _drop_card(self) -> None:
        self._hide_card()
        if self._card is not None:
            self._card.setParent(None)
            self._card.deleteLater()
            self._card = None

    # -------------------------------------------------------------------------------- Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        paint_agenda(self, painter, event.region())
        painter.end()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.hovered = None
        self._hide_card()
        self.viewport().update()
        line = self.cursor_line()
        seen = line is not None and self._rect(line).intersects(self.viewport().rect())
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
        self._drop_card()
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
            self.hovered = None
            self._hide_card()
            self.viewport().update()
        return super().viewportEvent(event)

    # ------------------------------------------------------------------------ for assistive tools

    def read_title(self) -> str:
        """See ``painted_list.Read``."""
        if self.state == "error":
            return "The agenda could not be read"
        days = self.layout_.days
        if not days:
            return self.accessibleName()
        first, last = (long_day(date.fromisoformat(day.day)) for day in (days[0], days[-1]))
        return f"Agenda, {first} to {last}, {len(self.layout_.where)} appointments"

    def read_help(self) -> str:
        """See ``painted_list.Read``."""
        return HELP

    def read_busy(self) -> bool:
        """See ``painted_list.Read``."""
        return self.state == "skeleton"

    def _read_lines(self) -> list[Line]:
        if self._lines_of is not self.layout_:
            self._lines_of = self.layout_
            self._lines = self.layout_.lines(0, self.layout_.height)
            self._places = {line: place for place, line in enumerate(self._lines)}
        return self._lines if self.state == "page" else []

    _lines_of: AgendaLayout | None = None
    _lines: list[Line] = []  # noqa: RUF012  replaced, never changed
    _places: dict[Line, int] = {}  # noqa: RUF012  replaced, never changed

    def read_count(self) -> int:
        """See ``painted_list.Read``."""
        return len(self._read_lines())

    def read_name(self, place: int) -> str:
        """See ``painted_list.Read``."""
        line = self._read_lines()[place]
        day, tile = self.layout_.days[line.day], self.tile_of(line)
        if tile is not None:
            return accessible_name(tile, self.clock, self.privacy)
        if line.row == EMPTY:
            return empty_words(day)
        when = date.fromisoformat(day.day)
        parts = [long_day(when), "today" if when == self.today else "", heading_counts(day)]
        return ", ".join(part for part in parts if part)

    def read_description(self, place: int) -> str:
        """See ``painted_list.Read``."""
        line = self._read_lines()[place]
        tile = self.tile_of(line)
        if tile is None:
            return "opens the day" if line.row == HEADING else ""
        provider = self.providers.get(tile.provider_id, "")
        count = len(self.layout_.days[line.day].tiles)
        return f"{accessible_description(tile, provider, self.now())}, {line.row + 1} of {count}"

    def read_rect(self, place: int) -> QRect:
        """See ``painted_list.Read``."""
        return self._rect(self._read_lines()[place])

    def read_selected(self, place: int) -> bool | None:
        """See ``painted_list.Read``."""
        tile = self.tile_of(self._read_lines()[place])
        return None if tile is None else tile.id in self.selected

    def read_focus(self) -> int | None:
        """See ``painted_list.Read``."""
        line = self.cursor_line()
        self._read_lines()
        return None if line is None else self._places.get(line)

    def read_at(self, at: QPoint) -> int | None:
        """See ``painted_list.Read``."""
        line = self.line_at(QPointF(at))
        self._read_lines()
        return None if line is None else self._places.get(line)

    def read_press(self, place: int) -> None:
        """See ``painted_list.Read``."""
        line = self._read_lines()[place]
        if line.row == HEADING:
            self.day_requested.emit(date.fromisoformat(self.layout_.days[line.day].day))
        else:
            self.move_cursor(line)
            self._enter(line)

    def read_go(self, place: int) -> None:
        """See ``painted_list.Read``."""
        line = self._read_lines()[place]
        self.move_cursor(self.layout_.first(line.day) if line.row == HEADING else line)

    def read_toggle(self, place: int) -> None:
        """See ``painted_list.Read``."""
        tile = self.tile_of(self._read_lines()[place])
        if tile is not None:
            self.set_selection(self.selected ^ {tile.id})
