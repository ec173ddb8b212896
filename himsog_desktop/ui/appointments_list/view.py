"""The painted list: headings that stay in view, rows read when they are looked at, one widget for all of them.

It decides nothing: what is chosen, opened or asked for goes out as signals. Nothing moves under the pointer or
the keyboard: rows that changed stay where they are until the pointer has left, or Ctrl+R asks for order.

Long because mouse, keyboard and paint of one widget meet here; what they share is in ``shape`` and ``paint``.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QContextMenuEvent, QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from himsog_desktop.ui.appointments_list import shape
from himsog_desktop.ui.appointments_list.chosen import Chosen
from himsog_desktop.ui.appointments_list.found import Place
from himsog_desktop.ui.appointments_list.header import ListHeader
from himsog_desktop.ui.appointments_list.paint import RowPainter, paint_box, paint_glow, paint_ring
from himsog_desktop.ui.appointments_list.shape import EMPTY, HEADING, Rows
from himsog_desktop.ui.calendar.glow import SeenWatch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent

    from himsog_desktop.ui.appointments_list.model import ListModel
    from himsog_desktop.ui.calendar.labels import Clock
    from himsog_desktop.ui.theme.system import ThemeSource

ROW, HEAD, NOTHING = 32, 38, 44
"""Heights at scale 1."""
SLOW_MS = 100
"""Under this there is no skeleton (look)."""
REST_MS = 600
"""After the pointer has left for so long, the list is put in order."""
GLOW_S = 3.0
TICK_MS = 80
_KEY = Qt.Key
_SHIFT, _CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


_exposed: list[object] = []


def expose() -> None:
    """Tell Qt's accessibility how to read the list, once."""
    if _exposed:
        return

    def factory(_key: str, source: object) -> object:
        if isinstance(source, ListView):
            from himsog_desktop.ui.appointments_list.accessible import interface_of

            return interface_of(source)
        return None

    _exposed.append(factory)  # Qt does not keep it alive
    QAccessible.installFactory(factory)


class ListView(QAbstractScrollArea):
    """Shows a ``ListModel``. ``words`` gives a section's title, its remark and what stands in its place when empty."""

    opened = Signal(str)
    """Enter, or a double click: the details of this appointment."""
    chosen_changed = Signal()
    invited = Signal(str)
    """The line of an empty section was pressed."""
    order_asked = Signal(str)
    menu_asked = Signal(str, QPoint)

    def __init__(self, look: ThemeSource, model: ListModel, parent: QWidget) -> None:
        super().__init__(parent)
        expose()
        self.look = look
        self.model = model
        self.chosen = Chosen()
        self.current: str | None = None
        """The id of the row that the keyboard is on."""
        self.clock: Clock | None = None
        self.names: Mapping[str, str] = {}
        self.year = 0
        self.privacy = False
        self.hidden: Collection[str] = ()
        self.words: Callable[[str], tuple[str, str, str]] = lambda status: (status, "", "")
        self.loading = True
        self.rows = Rows((), 1, 1, 1)
        self.on_shown: Callable[[], None] | None = None
        self._anchor: str | None = None
        self._ranged: list[str] = []
        self._all_wanted = False
        self._seen: list[tuple[str, int]] = []
        self._chosen_of: dict[int, tuple[tuple[int, int, int], int]] = {}
        self._hover: Place | None = None
        self._painter: RowPainter | None = None
        self._glow: dict[str, float] = {}
        self._skeleton = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Appointments"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.header = ListHeader(look, self)
        self.header.order_asked.connect(self.order_asked)
        self._slow = self._timer(SLOW_MS, self._show_skeleton)
        self._rest = self._timer(REST_MS, self._tidy)
        self._glowing = self._timer(TICK_MS, self._tick)
        self._watch = SeenWatch((self, self.viewport()), self._was_seen)
        model.opened.connect(self._opened)
        model.grew.connect(self._grown)
        model.lines_read.connect(self._lines_read)
        model.rows_changed.connect(self._rows_changed)
        model.stale_changed.connect(self._rest.start)
        model.waiting.connect(self._waiting)
        model.failed.connect(self._failed)
        look.changed.connect(self.restyle)
        self.restyle()

    def _timer(self, wait: int, then: Callable[[], None]) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.setInterval(wait)
        made.timeout.connect(then)
        return made

    # ----------------------------------------------------------------------------- the layout

    def restyle(self) -> None:
        """Another look: sizes and colours."""
        m = self.look.theme.metrics
        self.header.setFixedHeight(m.px(30))
        self.setViewportMargins(0, m.px(30), 0, 0)
        self._lay_out()

    def refresh(self) -> None:
        """Names, clock, privacy or columns are others."""
        self._painter = None
        self._lay_columns()
        self.viewport().update()

    def _lay_out(self) -> None:
        m = self.look.theme.metrics
        self._painter = None
        counts = [section.total for section in self.model.found.sections]
        self.rows = Rows(counts, m.px(HEAD), m.px(ROW), m.px(NOTHING))
        self._bounds()
        self._lay_columns()
        self.viewport().update()

    def _bounds(self) -> None:
        bar, high = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(max(high - self.rows.heading, self.rows.row))
        bar.setSingleStep(self.rows.row)
        bar.setRange(0, max(self.rows.height - high, 0))

    def _lay_columns(self) -> None:
        self.cells = shape.fit(self.viewport().width(), self.look.theme.metrics.scale, self.hidden)
        self.header.set_cells(self.cells)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.header.setGeometry(0, 0, self.viewport().width(), self.header.height())
        self._bounds()
        self._painter = None
        self._lay_columns()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    # --------------------------------------------------------------------------- from the model

    def _waiting(self) -> None:
        self.loading = True
        self._skeleton = False
        self._all_wanted = False  # all of the list before was meant
        self._slow.start()

    def _failed(self, _error: object) -> None:
        self._slow.stop()

    def _opened(self, again: bool) -> None:
        anchor = self._first_kept() if again else None
        self.loading = False
        self._slow.stop()
        self._lay_out()
        bar = self.verticalScrollBar()
        if anchor is not None:
            place = self.model.found.find(anchor[0])
            assert place is not None
            bar.setValue(self.rows.top(place) - anchor[1])
        elif not again:
            bar.setValue(0)
            if self.current is not None and self.model.found.find(self.current) is None:
                self.current = None
        self._try_all()
        self._tell()

    def _first_kept(self) -> tuple[str, int] | None:
        """A row in view that has not moved, and how far from the top it stands: it stays there."""
        moved, found = self.model.moved, self.model.found
        kept = [(key, at) for key, at in self._seen if key not in moved and found.find(key) is not None]
        whole = [one for one in kept if one[1] >= 0]
        return next(iter(whole or kept), None)

    def _grown(self) -> None:
        before = self.verticalScrollBar().value()
        self._lay_out()
        self.verticalScrollBar().setValue(before)
        self._try_all()
        self._tell()

    def _lines_read(self) -> None:
        self._slow.stop()
        self._skeleton = False
        self.viewport().update()

    def _rows_changed(self, ids: frozenset[str], foreign: bool) -> None:
        if foreign:
            still = self.look.theme.reduced_motion
            until = math.inf if still else time.monotonic() + GLOW_S
            self._glow.update(dict.fromkeys((key for key, _ in self._seen if key in ids), until))
            if self._glow and still:
                self._watch.start()
            elif self._glow:
                self._glowing.start()
        self.viewport().update()

    def _tick(self) -> None:
        now = time.monotonic()
        self._glow = {key: until for key, until in self._glow.items() if until > now}
        self.viewport().update()
        if any(until != math.inf for until in self._glow.values()) and self.isVisible():
            self._glowing.start()

    def _was_seen(self) -> None:
        """With less motion nothing fades: what changed is marked until a person was there."""
        self._glow = {key: until for key, until in self._glow.items() if until != math.inf}
        self.viewport().update()

    def _show_skeleton(self) -> None:
        self._skeleton = True
        self.viewport().update()

    def _tidy(self) -> None:
        """Put the list in order when nobody is at it."""
        if self.model.stale and self.isVisible() and not self.busy_here():
            self.model.reload()

    def busy_here(self) -> bool:
        """Whether a person is at the list: nothing may move then."""
        return self.hasFocus() or self.viewport().underMouse()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover = None
        self.viewport().update()
        if self.model.stale:
            self._rest.start()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
        if self.model.stale:
            self._rest.start()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()
        if self.current is None:
            self._move_to(self.model.found.place(0), scroll=False)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        for timer in (self._slow, self._rest, self._glowing):
            timer.stop()

    def _tell(self) -> None:
        if QAccessible.isActive():
            from himsog_desktop.ui.appointments_list import accessible

            accessible.tell_changed(self)

    # ----------------------------------------------------------------------------------- paint

    def _row_painter(self) -> RowPainter | None:
        if self._painter is None and self.clock is not None:
            self._painter = RowPainter(
                self.look.theme,
                self.clock,
                self.cells,
                self.names,
                width=self.viewport().width(),
                height=self.rows.row,
                year=self.year,
                privacy=self.privacy,
                ratio=self.devicePixelRatioF(),
                mirrored=self.layoutDirection() == Qt.LayoutDirection.RightToLeft,
            )
        return self._painter

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self.look.theme
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide, high = self.viewport().width(), self.viewport().height()
        painter.fillRect(0, 0, wide, high, theme.surface)
        made = self._row_painter()
        if made is not None and not (self.loading and not self.model.read_once):
            self._paint_rows(painter, made)
        elif made is not None and self._skeleton:
            for top in range(self.rows.heading or 38, high, self.rows.row):
                made.paint_skeleton(painter, top, selected=False, shown=True)
        painter.end()

    def _paint_rows(self, painter: QPainter, made: RowPainter) -> None:
        theme, ratio = self.look.theme, self.devicePixelRatioF()
        found, lines, rows = self.model.found, self.model.lines, self.rows
        y, high = self.verticalScrollBar().value(), self.viewport().height()
        choice = round(shape.CHOICE * theme.metrics.scale)
        now = time.monotonic()
        self._seen = []
        missing = False
        for place in rows.seen(y, y + high):
            top = rows.top(place) - y
            if place.at == EMPTY:
                self._paint_invitation(painter, place, top)
                continue
            key = found.id_at(place)
            chosen = key is not None and key in self.chosen
            line = lines.get(key) if key is not None else None
            if line is None or key is None:
                missing = missing or key not in self.model.gone
                if key is not None and key in self.model.gone:
                    self._paint_gone(painter, top)
                else:
                    made.paint_skeleton(painter, top, selected=chosen, shown=self._skeleton)
            else:
                made.paint(painter, top, line, selected=chosen, hovered=place == self._hover)
            if key is None:
                continue
            self._seen.append((key, top))
            box = made.x_of(5, choice - 5)
            paint_box(painter, theme, QRect(box, top, choice - 5, rows.row), 2 if chosen else 0, ratio)
            if key in self._glow:
                strength = 1.0 if theme.reduced_motion else min(self._glow[key] - now, 1.0)
                paint_glow(painter, theme, QRect(0, top, made.width, rows.row), max(strength, 0.0))
            if key == self.current:
                paint_ring(painter, theme, QRect(0, top, made.width, rows.row), strong=self.hasFocus())
        self._paint_headings(painter, y, high, choice, ratio)
        self._ask(y, high)
        if missing and not self._skeleton and not self._slow.isActive():
            self._slow.start()
        if self.on_shown is not None and not missing:
            self.on_shown()

    def _ask(self, y: int, high: int) -> None:
        """Rows in view and just beyond, with a screen on either side of them."""
        found, rows = self.model.found, self.rows
        ids = [found.id_at(place) for place in rows.seen(y - 4 * rows.row, y + high + 4 * rows.row)]
        near = [key for key in ids if key is not None]
        if all(key in self.model.lines for key in near) and not self.model.dirty:
            return
        ahead = [found.id_at(place) for place in rows.seen(y - high, y + 2 * high)]
        self.model.need(near, [key for key in ahead if key is not None])

    def _paint_headings(self, painter: QPainter, y: int, high: int, choice: int, ratio: float) -> None:
        for number in range(len(self.rows.counts)):
            top = self.heading_top(number, y)
            if -self.rows.heading < top < high:
                self._paint_heading(painter, number, top, choice, ratio)

    def heading_top(self, number: int, y: int) -> int:
        """Where a heading stands in the viewport: at its place, or held at the top while its rows are in view."""
        own = self.rows.top(Place(number, HEADING)) - y
        end = self.rows.bottom(number) - y
        return own if own >= 0 else min(0, end - self.rows.heading) if end > 0 else own

    def _paint_heading(self, painter: QPainter, number: int, top: int, choice: int, ratio: float) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        section = self.model.found.sections[number]
        wide, high = self.viewport().width(), self.rows.heading
        painter.fillRect(0, top, wide, high, theme.canvas)
        painter.fillRect(0, top + high - 1, wide, 1, theme.line)
        title, remark, _ = self.words(section.status)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft

        def place(x: int, width: float) -> int:
            return round(wide - x - width) if mirrored else x

        if section.total:
            some = self.chosen_of(number)
            state = 0 if not some else 2 if some >= section.total else 1
            paint_box(painter, theme, QRect(place(5, choice - 5), top, choice - 5, high), state, ratio)
        middle = Qt.AlignmentFlag.AlignVCenter
        x = choice
        painter.setFont(theme.section.font)
        painter.setPen(theme.text)
        for text, style, colour in (
            (title, theme.section, theme.text),
            (
                f"{section.total:,}",
                theme.body,
                theme.muted,
            ),
            (remark, theme.small, theme.muted),
        ):
            width = style.metrics.horizontalAdvance(text) + 2
            if not text or x + width > wide - m.s:
                continue
            painter.setFont(style.font)
            painter.setPen(colour)
            painter.drawText(QRect(place(x, width), top, round(width), high), middle, text)
            x += round(width) + m.s

    def _paint_invitation(self, painter: QPainter, place: Place, top: int) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        words = self.words(self.model.found.sections[place.section].status)[2]
        painter.setFont(theme.body.font)
        hot = place == self._hover
        painter.setPen(theme.accent if hot and ":" in words else theme.muted)
        choice = round(shape.CHOICE * m.scale)
        rect = QRect(choice, top, self.viewport().width() - choice - m.s, self.rows.empty)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            rect.moveLeft(m.s)
        text = theme.body.metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, text)

    def _paint_gone(self, painter: QPainter, top: int) -> None:
        theme = self.look.theme
        painter.setFont(theme.body.font)
        painter.setPen(theme.muted)
        choice = round(shape.CHOICE * theme.metrics.scale)
        rect = QRect(choice, top, self.viewport().width() - 2 * choice, self.rows.row)
        leading = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
        painter.drawText(rect, leading, self.tr("No longer there"))
        painter.fillRect(QRect(0, top + self.rows.row - 1, self.viewport().width(), 1), theme.grid)

    # ----------------------------------------------------------------------------------- choice

    def select_all(self) -> None:
        """Everything that is found, whether it has been read or not."""
        self._all_wanted = True
        self._try_all()

    def _try_all(self) -> None:
        if self._all_wanted and self.model.ready:
            self._all_wanted = False
            self.chosen.add_pieces(self.model.found.pieces(), self.model.found)
            self._chosen()

    def select_section(self, number: int) -> None:
        """All of a section, or none of it when all is selected."""
        section = self.model.found.sections[number]
        if not section.whole:
            return
        if self.chosen_of(number) >= section.total:
            self.chosen.remove_pieces(section.pieces)
        else:
            self.chosen.add_pieces(section.pieces, self.model.found)
        self._chosen()

    def chosen_of(self, number: int) -> int:
        """How many of a section are selected; counted once for each change."""
        if not len(self.chosen):
            return 0
        found = self.model.found
        section = found.sections[number]
        state = (self.chosen.version, id(found), section.known)
        known = self._chosen_of.get(number)
        if known is None or known[0] != state:
            known = self._chosen_of[number] = (state, self.chosen.of(section.pieces, found))
        return known[1]

    def toggle(self, key: str) -> None:
        """Select a row, or no longer."""
        self.chosen.toggle(key)
        self._anchor, self._ranged = key, []
        self._chosen()

    def clear_chosen(self) -> None:
        """Select nothing."""
        self._all_wanted = False
        self._anchor, self._ranged = None, []
        self.chosen.clear()
        self._chosen()

    def _range_to(self, key: str) -> None:
        """From where the range began to this row, in place of the range before."""
        found = self.model.found
        if self._anchor is None or found.find(self._anchor) is None:
            self._anchor = self.current or key
        one, other = found.find(self._anchor), found.find(key)
        if one is None or other is None:
            return
        self.chosen.remove(self._ranged)
        ranged = found.between(one, other)
        self._ranged = [each for each in ranged if each not in self.chosen]
        self.chosen.add(ranged)
        self._chosen()

    def _chosen(self) -> None:
        self.viewport().update()
        self.chosen_changed.emit()

    # ------------------------------------------------------------------------------------ hands

    def spot(self, at: QPoint) -> Place | None:
        """What stands at a point of the viewport; headings that are held at the top lie over rows."""
        y = self.verticalScrollBar().value()
        for number in range(len(self.rows.counts)):
            top = self.heading_top(number, y)
            if top <= at.y() < top + self.rows.heading:
                return Place(number, HEADING)
        return self.rows.at(at.y() + y)

    def _in_box(self, at: QPoint) -> bool:
        choice = round(shape.CHOICE * self.look.theme.metrics.scale)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            return at.x() > self.viewport().width() - choice
        return at.x() < choice

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = event.position().toPoint()
        place = self.spot(at)
        if place is None:
            return
        if place.at == HEADING:
            if self._in_box(at):
                self.select_section(place.section)
            return
        if place.at == EMPTY:
            self.invited.emit(self.model.found.sections[place.section].status)
            return
        key = self.model.found.id_at(place)
        if key is None:
            return
        if event.modifiers() & _SHIFT:
            self._range_to(key)
        elif event.modifiers() & _CONTROL or self._in_box(at):
            self.toggle(key)
        self._move_to(place, scroll=False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        place = self.spot(at)
        if place is None or place.at < 0 or self._in_box(at):
            self.mousePressEvent(event)
            return
        key = self.model.found.id_at(place)
        if key is not None:
            self.opened.emit(key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self.spot(event.position().toPoint())
        if place is not None and place.at == HEADING:
            place = None
        if place != self._hover:
            self._hover = place
            self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = self.spot(event.pos()) if event.reason() == QContextMenuEvent.Reason.Mouse else None
        key = self.model.found.id_at(place) if place is not None and place.at >= 0 else self.current
        if key is not None:
            self.menu_asked.emit(key, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = event.key(), bool(event.modifiers() & _SHIFT)
        page = max(self.viewport().height() // self.rows.row - 2, 1)
        steps = {_KEY.Key_Down: 1, _KEY.Key_Up: -1, _KEY.Key_PageDown: page, _KEY.Key_PageUp: -page}
        total = self.model.found.total
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        elif key in steps or key in (_KEY.Key_Home, _KEY.Key_End):
            flat = self._flat()
            wanted = {_KEY.Key_Home: 0, _KEY.Key_End: total - 1}.get(_KEY(key))
            if wanted is None:
                wanted = 0 if flat is None else min(max(flat + steps[_KEY(key)], 0), total - 1)
            place = self.model.found.place(wanted)
            before = self.current
            if shift and self._anchor is None:
                self._anchor = before
            self._move_to(place)
            if shift and self.current is not None:
                self._range_to(self.current)
            elif not shift:
                self._anchor, self._ranged = None, []
        elif key == _KEY.Key_A and event.modifiers() & _CONTROL:
            self.select_all()
        elif key == _KEY.Key_Space and self.current is not None:
            self.toggle(self.current)
        elif key in (_KEY.Key_Return, _KEY.Key_Enter) and self.current is not None:
            self.opened.emit(self.current)
        elif key == _KEY.Key_Escape and len(self.chosen):
            self.clear_chosen()
        else:
            event.ignore()

    def _flat(self) -> int | None:
        place = None if self.current is None else self.model.found.find(self.current)
        return None if place is None else self.model.found.flat(place)

    def _move_to(self, place: Place | None, *, scroll: bool = True) -> None:
        """Put the keyboard's row somewhere."""
        if place is None:
            return
        key = self.model.found.id_at(place)
        if scroll:
            self.scroll_to(place)
        if key is None or key == self.current:
            return
        self.current = key
        self.viewport().update()
        if QAccessible.isActive():
            from himsog_desktop.ui.appointments_list import accessible

            accessible.tell_current(self)

    def go_to(self, key: str) -> bool:
        """Put the keyboard on this row, and it into view."""
        place = self.model.found.find(key)
        self._move_to(place)
        return place is not None

    def scroll_to(self, place: Place) -> None:
        """Bring a row into view, below the heading that is held at the top."""
        bar, top = self.verticalScrollBar(), self.rows.top(place)
        if top - self.rows.heading < bar.value():
            bar.setValue(top - self.rows.heading)
        elif top + self.rows.row > bar.value() + self.viewport().height():
            bar.setValue(top + self.rows.row - self.viewport().height())

    def jump(self, section: int) -> None:
        """Bring the beginning of a section to the top."""
        self.verticalScrollBar().setValue(self.rows.top(Place(section, HEADING)))
