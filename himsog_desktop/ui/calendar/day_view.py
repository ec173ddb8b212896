"""``DayView``: a clinic's day painted by one widget, a column per provider.

Properties in, signals out: a shell gives it a ``DayPage`` and acts on what it asks for. Nothing is
ever changed here; what was asked for comes back as another page. Selection, cursor and scroll
position are kept by id and time over every new page, and a page that arrives while something is
being dragged waits until it is let go.

    view = DayView(theme)
    view.set_page(page, glow=ids_changed_by_others)
    view.open_requested.connect(...)

Painting is in ``day_paint``, reading of the pointer and the keys in ``pointer`` and ``keyboard``, what
is dragged in ``hand``.

Long because it is the one place where all of them meet: the properties, the pages, the cursor, the
state, the edges.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from himsog_desktop.domain.day import DayPage, Tile
from himsog_desktop.domain.time import MINUTE, Micros, Zone, zone
from himsog_desktop.ui.calendar.ahead import Ahead
from himsog_desktop.ui.calendar.columns import MOST_VISIBLE
from himsog_desktop.ui.calendar.cursor import Stop, Stops
from himsog_desktop.ui.calendar.day_paint import paint_day, place_of
from himsog_desktop.ui.calendar.edges import Corner, Elsewhere, Header, TimeAxis
from himsog_desktop.ui.calendar.geometry import ZOOMS, ColumnScale, Mark, TimeScale, axis, axis_marks, marks, zoomed
from himsog_desktop.ui.calendar.glow import Glow
from himsog_desktop.ui.calendar.hand import Hand
from himsog_desktop.ui.calendar.keyboard import Keyboard
from himsog_desktop.ui.calendar.labels import Clock
from himsog_desktop.ui.calendar.layout import CHIP_WIDTH, GUTTER, DayLayout
from himsog_desktop.ui.calendar.markers import Foot, Markers, foot_height
from himsog_desktop.ui.calendar.paint_grid import GridPainter
from himsog_desktop.ui.calendar.paint_tile import TilePainter
from himsog_desktop.ui.calendar.pointer import Pointer
from himsog_desktop.ui.calendar.retry import Retry
from himsog_desktop.ui.theme.theme import Theme

if TYPE_CHECKING:
    # Each class of Qt that is loaded makes its enums: what only annotations name is not.
    from PySide6.QtGui import (
        QContextMenuEvent,
        QFocusEvent,
        QHideEvent,
        QKeyEvent,
        QMouseEvent,
        QPaintEvent,
        QResizeEvent,
        QShowEvent,
        QWheelEvent,
    )
    from PySide6.QtWidgets import QScrollBar

Reasons = Callable[[str, Micros, Micros], list[str]]
WhyNot = Callable[[str, Micros, Micros, str | None], list[str]]

RELAYOUT = QEvent.Type.User
"""Posted to itself by a view whose width has changed."""
LEAST_LANE = 56
"""Least width of a lane at scale 1 where columns are days: with less room fewer stand side by side."""
AROUND = 8
"""How far the cursor's ring reaches beyond what it rings."""
SKELETON_MS = 100
"""Nothing is shown as loading before that long: most pages are there sooner."""


class Scene:
    """What is painted at present: the layout of the page and the painters made for it."""

    __slots__ = ("grid", "layout", "marks", "stops", "tiles")

    def __init__(self, tiles: TilePainter) -> None:
        self.layout: DayLayout | None = None
        self.grid: GridPainter | None = None
        self.stops: Stops | None = None
        self.marks: tuple[Mark, ...] = ()
        self.tiles = tiles


class DayView(QAbstractScrollArea):
    """The painted day. Instants are microseconds since the epoch, UTC."""

    open_requested = Signal(str)
    """An appointment's id: clicked, or Enter on it."""
    book_requested = Signal(str, object, object)
    """Provider id, start, end of a free time: clicked, dragged over, or Enter on it."""
    move_requested = Signal(str, str, object, object)
    """Id, provider id, start, end: dropped, or Enter after R."""
    resize_requested = Signal(str, object, object)
    """Id, start, end."""
    selection_changed = Signal(list)
    """Ids, in order of time."""
    cursor_changed = Signal(str, object, object, str)
    """Provider id, start, end, id of the appointment under it or "" on a free time."""
    zoom_changed = Signal(int)
    """Minutes of a row."""
    context_requested = Signal(str, QPoint)
    """Id of an appointment or "" for a free time (the cursor stands there), place on the screen."""
    retry_requested = Signal()
    given_back = Signal()
    """Somebody cancelled or removed what was in hand: the gesture is over, nothing is moved."""
    lifted = Signal(str)
    """The id of an appointment that is dragged from now on; ``""`` when that is over."""
    turn_requested = Signal(int)
    """So many days on or back, with what is held in hand; the page that comes takes it over."""
    edge_requested = Signal(int)
    """The cursor goes on over the last day (1) or back over the first (-1): the page beside is wanted."""
    day_requested = Signal(str)
    """A date (``YYYY-MM-DD``): where columns are days, a "+n" or the head of one was clicked."""

    # Of the class: assistive tools may ask while a view is still being made.
    page: DayPage | None = None
    state = "nothing"
    _late = False
    # The keyboard's. It hides QWidget.cursor(), which is the pointer's shape: nobody asks a day for that.
    cursor: Stop | None = None  # type: ignore[assignment]

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, exposed: bool = True) -> None:
        """``exposed`` False leaves ``expose()`` to whoever makes it, for after the first paint."""
        if exposed:
            expose()  # before anything that tells assistive tools of this widget
        super().__init__(parent)
        self.theme = theme
        self.why_not: WhyNot | None = None
        """Why an appointment can't go somewhere: provider, start, end, id to leave out of account."""
        self.takes_at: Callable[[QPoint], bool] | None = None
        """Whether a place on the screen outside of the day takes what is let go there."""
        self.hand_over: Callable[[str], None] | None = None
        """What is called with the id of an appointment that was let go there."""
        self.turner_at: Callable[[QPoint], int] | None = None
        """What lies at a place on the screen that turns the day while something is dragged there: 1, -1 or 0."""
        self.explain: Reasons | None = None
        """Every reason why a free stretch can't be booked; empty when it can."""
        self.now: Callable[[], Micros] = lambda: time.time_ns() // 1000
        """The wall clock; a shell with a fixed clock sets its own."""
        self.empty_hint: tuple[str, ...] = (
            self.tr("No appointments"),
            self.tr("Click a free time, or press Enter on it, to book."),
        )
        self.cursor_held = False
        """Whether the free time under the cursor stays marked while another part has the focus."""
        self.kind = "day"
        """What it shows, for its words: a day, a week."""
        self.most_columns = 6
        """Columns of the skeleton before any page."""
        self.selected: set[str] = set()
        self.now_shown: Micros | None = None
        self.zoom = 30
        self.ratio = self.devicePixelRatioF()
        self.hour12 = False
        self.privacy = False
        self.clock = Clock(zone("UTC"))
        self._anchor: Stop | None = None
        self._cursor_place: Micros | None = None
        self._entering = 0
        """From which side the cursor comes to the next page: 1 at its first day, -1 at its last."""
        self._error = ""
        self._scroll_wanted = False
        self.hint_gone = False
        """Somebody works on the empty day: its hint is in the way now."""
        self._retry = Retry(self.retry_requested.emit)
        self._scene = Scene(TilePainter(theme, self.clock))
        self._header = Header(self, theme)
        self._header.pressed.connect(self.day_requested)
        self._axis = TimeAxis(self, theme)
        self._corner = Corner(self, theme)
        self.hand = Hand(self)
        self.glow = Glow(self)
        self.markers = Markers(self)
        self._foot = Foot(self)
        self.pointer = Pointer(self)
        self.keyboard = Keyboard(self)
        self.ahead: Ahead | None = None
        self._minute = self._timer(self._minute_passed)
        self._skeleton_timer = self._timer(self._show_skeleton)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        # A viewport made here: to wrap Qt's own, PySide would load every class of widgets (9 ms, 74 enums).
        viewport = QWidget(self)
        self.setViewport(viewport)
        viewport.setMouseTracking(True)
        viewport.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        viewport.setAutoFillBackground(False)
        self.verticalScrollBar().setSingleStep(theme.metrics.px(24))
        self._apply_margins()
        self.setAccessibleName("Day")

    @property
    def scene(self) -> Scene:
        """What is painted at present; of the present width."""
        if self._late:
            self._relayout()
        return self._scene

    def _timer(self, slot: Callable[[], None]) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.timeout.connect(slot)
        return made

    # ---------------------------------------------------------------------------- properties in

    def use_ratio(self, ratio: float) -> None:
        """Device pixels per pixel of what is painted on: another screen, or a picture, has its own."""
        if ratio == self.ratio:
            return
        self.ratio = ratio
        self._remake_painters()
        layout = self.scene.layout
        if layout is not None:
            self.scene.grid = GridPainter(self.theme, layout, self.scene.marks, ratio)

    def expect_days(self) -> None:
        """Columns will be days: their heads have one line, and pages beside the one in view are made ready."""
        self.ahead = Ahead(self)
        self._header.two = False
        self._apply_margins()

    def set_theme(self, theme: Theme) -> None:
        """Another look or scale. The time at the top stays there."""
        before, bar = self.scene.layout, self.verticalScrollBar()
        held = None if before is None else before.time.instant(bar.value())
        self.theme = theme
        self._header.theme = self._axis.theme = self._corner.theme = theme
        self._retry.forget()
        self.pointer.card.drop()
        self._remake()
        if held is not None and self.scene.layout is not None:
            bar.setValue(round(self.scene.layout.time.y(held)))
        if self.state == "error":
            self._place_retry()

    def set_elsewhere(self, elsewhere: Elsewhere | None, zone: Zone) -> None:
        """Where the computer is: where its clock differs from the clinic's, hours have a second label.

        A label and no more: everything is laid out in the clinic's time.
        """
        before = self._axis.second
        self._axis.use_elsewhere(elsewhere, zone, self.now())
        if before or self._axis.second:
            self._remake()

    def set_hour12(self, hour12: bool) -> None:
        """Times as 9:30 AM in place of 09:30."""
        self.hour12 = hour12
        self._remake()

    def set_privacy(self, privacy: bool) -> None:
        """Initials in place of names, and nothing of phone and note."""
        self.privacy = privacy
        self._remake()

    def set_zoom(self, minutes: int) -> None:
        """Minutes of a row, one of 5, 10, 15, 20, 30, 60. What is in the middle stays there."""
        self.zoom_around(minutes, self.viewport().height() / 2)

    def zoom_around(self, minutes: int, y: float) -> None:
        """Zoom with the time at a height of the viewport staying where it is."""
        if minutes not in ZOOMS:
            raise ValueError(f"a row has {', '.join(map(str, ZOOMS))} minutes")
        if minutes == self.zoom:
            return
        layout = self.scene.layout
        bar = self.verticalScrollBar()
        held = None if layout is None else layout.time.instant(bar.value() + y)
        self.zoom = minutes
        self._relayout()
        if held is not None and self.scene.layout is not None:
            bar.setValue(round(self.scene.layout.time.y(held) - y))
        self.zoom_changed.emit(minutes)

    def zoom_by(self, steps: int, y: float | None = None) -> None:
        """Zoom in (positive) or out."""
        self.zoom_around(zoomed(self.zoom, steps), self.viewport().height() / 2 if y is None else y)

    def set_page(self, page: DayPage, glow: Collection[str] = ()) -> None:
        """Show a page. ``glow`` are ids that somebody else changed.

        The same day keeps selection, cursor and scroll position; another one opens at now or at its
        first appointment. While something is dragged the page waits; if what is dragged is gone
        from it, the gesture ends without effect.
        """
        if not self.hand.keeps_waiting(page, glow):
            before = self.page
            self.show_page(page, glow)
            self.hand.adopt(before)

    def set_loading(self) -> None:
        """Something is on its way. What is there stays; after 100 ms a skeleton takes its place."""
        if self.state == "skeleton":
            return
        self._skeleton_timer.start(SKELETON_MS)

    def set_error(self, text: str) -> None:
        """It could not be read: what happened, in words. Offers to try again."""
        self.hand.cancel()
        self._skeleton_timer.stop()
        self._error = text
        self._set_state("error")
        self._place_retry()

    def set_selection(self, ids: Iterable[str]) -> None:
        """Select these appointments and no others; ids that are not on the page are left out."""
        known = {tile.id for tile in self.page.tiles} if self.page is not None else set()
        wanted = set(ids) & known
        if wanted != self.selected:
            self.selected = wanted
            self.viewport().update()
            self.selection_changed.emit(self.selection())

    def selection(self) -> list[str]:
        """The selected ids, in order of time."""
        if self.page is None:
            return []
        return [tile.id for tile in self.page.tiles if tile.id in self.selected]

    def tile(self, tile_id: str) -> Tile | None:
        """An appointment of the page."""
        if self.page is None:
            return None
        return next((tile for tile in self.page.tiles if tile.id == tile_id), None)

    def go_to(self, tile_id: str) -> bool:
        """Put the cursor on an appointment and scroll to it. False when it is not on the page."""
        stop = None if self.scene.stops is None else self.scene.stops.tile(tile_id)
        if stop is None:
            return False
        self.move_cursor(stop)
        return True

    def go_to_time(self, provider_id: str, start: Micros, end: Micros) -> bool:
        """Put the cursor on a stretch of a provider's day and scroll to it, as a suggestion is shown."""
        layout = self.scene.layout
        column = None if layout is None else layout.column_at(start, provider_id)
        if column is None:
            return False
        self.move_cursor(Stop(start, end, None, column))
        return True

    def scroll_to_time(self, instant: Micros) -> None:
        """Bring a time near the top of the view."""
        layout = self.scene.layout
        column = None if layout is None else layout.column_at(instant)
        if layout is not None and column is not None:
            self.verticalScrollBar().setValue(round(layout.times[column].y(instant)) - self.theme.metrics.xl)

    # ------------------------------------------------------------------------------------- state

    def offset(self) -> tuple[int, int]:
        """How far the day is scrolled, in pixels."""
        return self.horizontalScrollBar().value(), self.verticalScrollBar().value()

    def cursor_seen(self) -> bool:
        """Whether the cursor shows its ring: the day has the focus."""
        return self.hasFocus()

    def cursor_range(self) -> tuple[Micros, Micros]:
        """The stretch from where Shift was first held to the cursor."""
        assert self.cursor is not None
        anchor = self._anchor or self.cursor
        return min(anchor.start, self.cursor.start), max(anchor.end, self.cursor.end)

    def cursor_time(self) -> Micros:
        """The time that moving sideways keeps, as an instant of the cursor's column."""
        assert self.cursor is not None
        layout = self.scene.layout
        if layout is None or self._cursor_place is None:
            return self.cursor.start
        return layout.times[self.cursor.column].at(self._cursor_place)

    def _place_of(self, stop: Stop) -> Micros | None:
        layout = self._scene.layout
        return None if layout is None else layout.times[stop.column].position(stop.start)

    def hint_lines(self) -> tuple[str, ...]:
        """What an empty day says; nothing once somebody works on it."""
        if self.page is None or self.page.tiles:
            return ()
        if not self.page.columns or (self.page.of_days and not self.page.names):
            if self.page.of_rooms:
                return (self.tr("No rooms to show"), self.tr("Choose one above."))
            return (self.tr("No providers to show"), self.tr("Choose one above, or add one in the settings."))
        if self.hand.gesture is not None or self.hint_gone:
            return ()
        return self.empty_hint

    def error_lines(self) -> tuple[str, ...]:
        """What an error says."""
        return (self.tr("The {0} could not be read").format(self.kind), *self._error.splitlines()[:4])

    def column_edges(self) -> list[tuple[int, int]]:
        """Left and right edge of each column in the viewport; six columns before any page."""
        layout = self.scene.layout
        x = self.horizontalScrollBar().value()
        scale = layout.columns if layout is not None else ColumnScale(self.most_columns, self.viewport().width())
        return [(scale.left(i) - x, scale.right(i) - x) for i in range(scale.count)]

    # ------------------------------------------------------------------------------------ cursor

    def move_cursor(self, stop: Stop, *, extend: bool = False, keep_time: bool = False) -> None:
        """Put the cursor somewhere, scroll to it and say so. ``extend`` keeps the stretch's other end."""
        if extend and self.cursor is not None and self.cursor.tile_id is None:
            self._anchor = self._anchor or self.cursor
        else:
            self._anchor = None
        self.cursor = stop
        self.cursor_held = False
        if not keep_time:
            self._cursor_place = self._place_of(stop)
        self.hint_gone = True
        self._reveal(stop)
        self.viewport().update()
        if self.page is not None:
            start, end = self.cursor_range() if stop.tile_id is None else (stop.start, stop.end)
            self.cursor_changed.emit(self.page.columns[stop.column].provider, start, end, stop.tile_id or "")
        self._tell_cursor()

    def ensure_cursor(self) -> Stop | None:
        """The cursor; put somewhere sensible (now, or the first stop) when there was none."""
        layout, stops = self.scene.layout, self.scene.stops
        if layout is None or stops is None or not layout.columns.count:
            return None
        if self.cursor is None:
            now = self.now()
            columns = layout.columns_with(now)
            self.cursor = stops.at(columns[0], now) if columns else stops.first(0)
            self._cursor_place = self._place_of(self.cursor)
        return self.cursor

    def cross_edge(self, columns: int) -> bool:
        """The cursor wants beyond the outermost day. False where columns are no days."""
        if self.page is None or not self.page.of_days:
            return False
        self._entering = columns
        self.edge_requested.emit(columns)
        return True

    def cursor_rect(self) -> QRect:
        """Where the cursor stands, in the viewport; empty when there is none."""
        layout, cursor = self.scene.layout, self.cursor
        if layout is None or cursor is None:
            return QRect()
        x, y = self.offset()
        rect = place_of(layout, cursor.tile_id) if cursor.tile_id is not None else None
        if rect is None:
            box = layout.span(cursor.column, *self.cursor_range())
            rect = QRect(box.x, box.y, box.width, box.height)
        return rect.translated(-x, -y)

    def _reveal(self, stop: Stop) -> None:
        layout = self.scene.layout
        if layout is None:
            return
        rect = place_of(layout, stop.tile_id) if stop.tile_id is not None else None
        if rect is None:
            box = layout.span(stop.column, stop.start, stop.end)
            rect = QRect(box.x, box.y, box.width, box.height)
        self._bring_into_view(layout, stop.column, rect.top(), rect.bottom() + 1)

    def reveal_ghost(self) -> None:
        """Scroll to where the ghost is."""
        layout = self.scene.layout
        if layout is not None and self.hand.gesture is not None:
            ghost = self.hand.gesture.ghost
            box = layout.span(ghost.column, ghost.start, ghost.end)
            self._bring_into_view(layout, ghost.column, box.y, box.bottom)

    def _bring_into_view(self, layout: DayLayout, column: int, top: int, bottom: int) -> None:
        margin = self.theme.metrics.px(30)
        _bring(self.verticalScrollBar(), top - margin, bottom + margin, self.viewport().height())
        left, right = layout.columns.left(column), layout.columns.right(column)
        _bring(self.horizontalScrollBar(), left, right, self.viewport().width())

    def _tell_cursor(self) -> None:
        if _heard():
            from himsog_desktop.ui.calendar import accessible

            accessible.tell_cursor(self)

    def announce(self, text: str) -> None:
        """Say something to a screen reader that no control says."""
        if _heard():
            from himsog_desktop.ui.calendar import accessible

            accessible.announce(self, text)

    # ------------------------------------------------------------------------------------- pages

    def show_page(self, page: DayPage, glow: Collection[str]) -> None:
        """Show a page now, whatever is under way: ``set_page`` is what others call."""
        self._skeleton_timer.stop()
        before = self.page
        same_day = before is not None and before.day == page.day and before.timezone == page.timezone
        self.page = page
        if before is None or before.timezone != page.timezone or before.of_rooms != page.of_rooms:
            self._remake_painters()
        self._set_state("page")
        kept = {tile.id for tile in page.tiles}
        self._scene.tiles.forget(kept if self.ahead is None else kept | self.ahead.ids())
        if not same_day:
            self.hint_gone = False
            self.glow.clear()
            self._scroll_wanted = not self.hand.turning  # what is carried stays under the pointer
        # By the layout as it was: one made for a new width meanwhile would be of the new page, and made twice.
        was_at = None if self.cursor is None or same_day else self._place_of(self.cursor)
        self._relayout()
        known = self.cursor, self._under_cursor(before)
        self._keep_cursor(before, same_day, was_at)
        still = self.selected & kept
        if still != self.selected:
            self.selected = still
            self.selection_changed.emit(self.selection())
        self.glow.start(kept & set(glow))
        self._schedule_minute()
        if self.isVisible():
            self._scroll_at_opening()
        if _heard():
            from himsog_desktop.ui.calendar import accessible

            accessible.tell_changed(self)
        # A page that leaves the cursor where it was is not worth a word.
        if self.cursor is not None and (self.cursor, self._under_cursor(page)) != known:
            self._tell_cursor()

    def _under_cursor(self, page: DayPage | None) -> Tile | None:
        """The appointment that the cursor stands on, as a page has it."""
        tile_id = None if self.cursor is None else self.cursor.tile_id
        if page is None or tile_id is None:
            return None
        return next((tile for tile in page.tiles if tile.id == tile_id), None)

    def _keep_cursor(self, before: DayPage | None, same_day: bool, was_at: Micros | None) -> None:
        """The cursor stays on its appointment, else at its provider and wall time."""
        place = self._cursor_place if same_day else was_at
        stops, page, cursor = self.scene.stops, self.page, self.cursor
        self._anchor = self._anchor if same_day else None
        if cursor is None or stops is None or page is None or not page.columns or before is None:
            self.cursor = None
            return
        if cursor.tile_id is not None:
            stop = stops.tile(cursor.tile_id)
            if stop is not None:
                self.cursor = stop
                return
        provider = before.columns[cursor.column].id if cursor.column < len(before.columns) else ""
        layout = self.scene.layout
        assert layout is not None
        column = layout.numbers.get(provider, min(cursor.column, len(page.columns) - 1))
        if self._entering and not same_day:
            column = 0 if self._entering > 0 else len(page.columns) - 1
        self._entering = self._entering if same_day else 0
        time = layout.times[column]
        # On another day the same time of day; the place of the cursor on the axis is that.
        instant = cursor.start if same_day else time.at(place if place is not None else 0)
        length = cursor.end - cursor.start
        found = stops.at(column, min(max(instant, time.start), max(time.end - 1, time.start)))
        if cursor.tile_id is None and same_day and found.tile_id is None:
            found = Stop(instant, instant + length, None, column)
        self.cursor = found
        self._cursor_place = place if same_day and self._cursor_place is not None else time.position(instant)

    def _scroll_at_opening(self) -> None:
        """A day opens at now, or where its work begins."""
        layout, page = self.scene.layout, self.page
        if not self._scroll_wanted or layout is None or page is None:
            return
        self._scroll_wanted = False
        self.verticalScrollBar().setValue(self.opening(layout))

    def opening(self, layout: DayLayout) -> int:
        """How far a page is scrolled when it opens."""
        page, now = layout.page, self.now()
        columns = layout.columns_with(now)
        if columns:
            return max(round(layout.times[columns[0]].y(now) - self.viewport().height() * 0.35), 0)
        tops = [boxes[0].y for boxes in layout.boxes if boxes]
        tops = tops or [round(t.y(c.open[0][0])) for t, c in zip(layout.times, page.columns, strict=True) if c.open]
        return max(min(tops, default=round(8 * layout.time.hour_px)) - self.theme.metrics.xl, 0)

    def _relayout(self) -> None:
        page, theme = self.page, self.theme
        self._late = False
        if page is None:
            return
        layout, day_marks = self.lay_out(page), self._marks(page)
        self.scene.layout = layout
        self.scene.marks = day_marks
        self.scene.stops = Stops(layout)
        self.scene.grid = GridPainter(theme, layout, day_marks, self.ratio)
        self._header.show_layout(layout)
        self._axis.show_layout(layout, day_marks, self.clock)
        self._corner.text = f"{self.zoom} min"
        self._corner.update()
        self._foot.update()
        self._apply_margins()
        self._update_bars()
        self.viewport().update()

    def lay_out(self, page: DayPage) -> DayLayout:
        """A page at the present width and zoom; one that was made ready already is taken."""
        scale = self.theme.metrics.scale
        across = ColumnScale(len(page.columns), self.viewport().width(), scale, rtl=self.isRightToLeft())
        most = self._most(page, across)
        shape = (self.zoom, scale, across.width, across.rtl, most)
        ready = None if self.ahead is None else self.ahead.layout(page, shape)
        if ready is not None:
            return ready
        down, times = self._scales(page, scale)
        layout = DayLayout(page, down, across, scale, self._scene.layout, times=times, most=most)
        if self.ahead is not None:
            self.ahead.keep(layout, shape)
        return layout

    def _marks(self, page: DayPage) -> tuple[Mark, ...]:
        """The lines of a page."""
        if not page.of_days:
            return marks(self.clock.zone, page.start, page.end, self.zoom)
        return axis_marks(axis(self.clock.zone, _bounds(page)), self.zoom)

    def _scales(self, page: DayPage, scale: float) -> tuple[TimeScale, list[TimeScale] | None]:
        """Down: the axis, and that of each column where they differ."""
        if not page.of_days:
            return TimeScale(page.start, page.end, self.zoom, scale), None
        days = _bounds(page)
        common = axis(self.clock.zone, days)
        times = [
            TimeScale(*bounds, self.zoom, scale, pieces, common.tall)
            for bounds, pieces in zip(days, common.pieces, strict=True)
        ]
        return TimeScale(0, common.tall, self.zoom, scale), times

    def _most(self, page: DayPage, across: ColumnScale) -> int:
        """How many lanes stand side by side: on a day of many providers none so narrow that no name is read."""
        if not page.of_days:
            return MOST_VISIBLE
        px = self.theme.metrics.px
        room = across.width // across.count - GUTTER - px(CHIP_WIDTH)
        return min(max(room // px(LEAST_LANE), 1), MOST_VISIBLE)

    def _remake(self) -> None:
        self._remake_painters()
        self._apply_margins()
        self._relayout()
        self.viewport().update()

    def _remake_painters(self) -> None:
        timezone = self.page.timezone if self.page is not None else "UTC"
        self.clock = Clock(zone(timezone), hour12=self.hour12)
        if self.ahead is not None:
            self.ahead.rest()
        self._scene.tiles = TilePainter(self.theme, self.clock, privacy=self.privacy, ratio=self.ratio)
        if self.page is not None and self.page.of_rooms:
            self._scene.tiles.owners = dict(self.page.names)

    def _set_state(self, state: str) -> None:
        self.state = state
        self._retry.show(state == "error")
        self.viewport().update()

    def _show_skeleton(self) -> None:
        if not self.hand.turning:
            self.hand.cancel()
        self._set_state("skeleton")

    def _place_retry(self) -> None:
        self._retry.place(self.viewport(), self.theme, self.viewport().rect(), self.error_lines())
        self._retry.show(self.state == "error")

    # -------------------------------------------------------------------------------------- time

    def _schedule_minute(self) -> None:
        page, now = self.page, self.now()
        today = page is not None and page.start <= now < page.end
        self.now_shown = now if today else None
        self._axis.show_now(self.now_shown)
        self._header.show_now(self.now_shown)
        if today and self.isVisible():
            left = MINUTE - now % MINUTE
            self._minute.start(max(left // 1000, 50))
        else:
            self._minute.stop()

    def _minute_passed(self) -> None:
        self._schedule_minute()
        self.viewport().update()

    # -------------------------------------------------------------------------------- Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        paint_day(self, painter, event.region())
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        layout = self._scene.layout
        wanted = ColumnScale(0 if self.page is None else len(self.page.columns), self.viewport().width()).width
        if layout is None or layout.columns.width != wanted or event.oldSize().width() != event.size().width():
            if self.isVisible():
                # Before the paint, unless another page comes first: it is laid out once, not twice.
                self._late = True
                QCoreApplication.postEvent(self, QEvent(RELAYOUT))
            else:
                self._relayout()
        else:
            self._update_bars()
        self._place_edges()
        if self.state == "error":
            self._place_retry()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._scroll_at_opening()
        self._schedule_minute()
        self.glow.resume()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.hand.cancel()
        self.pointer.card.drop()
        self.glow.pause()
        self._minute.stop()
        self._skeleton_timer.stop()
        if self.ahead is not None:
            self.ahead.rest()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._header.offset = self.horizontalScrollBar().value()
        self._axis.offset = self.verticalScrollBar().value()
        if dx:
            self._header.update()
        if dy:
            self._axis.update()
        self._foot.follow()
        self.pointer.scrolled()
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.cursor_held = False
        if event.reason() != Qt.FocusReason.MouseFocusReason and self.cursor is None:
            self.ensure_cursor()
        self._update_cursor()
        if self.cursor is not None:
            self._tell_cursor()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.hand.cancel()
        self._update_cursor()

    def _update_cursor(self) -> None:
        """The ring comes or goes: nothing else looks different with the focus."""
        self.viewport().update(self.cursor_rect().adjusted(-AROUND, -AROUND, AROUND, AROUND))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.keyboard.press(event):
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointer.travel(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            delta = event.angleDelta().y()
            if delta:
                self.zoom_by(1 if delta > 0 else -1, event.position().y())
            event.accept()
            return
        super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.pointer.context(event)

    def customEvent(self, event: QEvent) -> None:
        if event.type() == RELAYOUT and self._late:
            self._relayout()

    def viewportEvent(self, event: QEvent) -> bool:
        self.pointer.viewport_event(event)
        return super().viewportEvent(event)

    # ------------------------------------------------------------------------------------- edges

    def _apply_margins(self) -> None:
        top = self._header.wanted_height()
        side = self._axis.wanted_width(self.hour12)
        right_to_left = self.isRightToLeft()
        wanted = (0 if right_to_left else side, top, side if right_to_left else 0, foot_height(self.theme))
        margins = self.viewportMargins()
        if (margins.left(), margins.top(), margins.right(), margins.bottom()) != wanted:
            self.setViewportMargins(*wanted)
        self._place_edges()

    def _place_edges(self) -> None:
        view = self.viewport().geometry()
        side, top = self._axis.wanted_width(self.hour12), self._header.wanted_height()
        x = view.right() + 1 if self.isRightToLeft() else view.left() - side
        self._header.setGeometry(view.left(), view.top() - top, view.width(), top)
        self._axis.setGeometry(x, view.top(), side, view.height())
        self._corner.setGeometry(x, view.top() - top, side, top)
        across = QRect(min(x, view.left()), view.bottom() + 1, view.width() + side, foot_height(self.theme))
        self._foot.place(across, view.left())

    def _update_bars(self) -> None:
        layout = self.scene.layout
        if layout is None:
            return
        view = self.viewport().size()
        bar, side = self.verticalScrollBar(), self.horizontalScrollBar()
        bar.setRange(0, max(round(layout.time.height) - view.height(), 0))
        bar.setPageStep(view.height())
        side.setRange(0, max(layout.columns.width - view.width(), 0))
        side.setPageStep(view.width())
        side.setSingleStep(self.theme.metrics.px(48))


def _bounds(page: DayPage) -> tuple[tuple[Micros, Micros], ...]:
    return tuple(page.bounds(number) for number in range(len(page.columns)))


def _bring(bar: QScrollBar, low: int, high: int, room: int) -> None:
    """Scroll as little as needed so that a stretch is seen, its beginning first."""
    if low < bar.value():
        bar.setValue(low)
    elif high > bar.value() + room:
        bar.setValue(min(high - room, low))


_exposed: list[object] = []


def expose(*shown: DayView) -> None:
    """Tell Qt's accessibility how to read a day, once; the reading itself is loaded when asked for.

    ``QAccessible`` with its many enums costs 3 ms, which the first paint need not wait for: views that
    were ``shown`` before are read anew, in case somebody listened already.
    """
    if _exposed:
        return
    from PySide6.QtGui import QAccessible

    def factory(_key: str, source: object) -> object:
        if isinstance(source, DayView):
            from himsog_desktop.ui.calendar.accessible import interface_of

            return interface_of(source)
        return None

    _exposed.append(factory)  # Qt does not keep it alive
    QAccessible.installFactory(factory)
    if QAccessible.isActive():
        from himsog_desktop.ui.calendar import accessible

        for view in shown:
            accessible.read_anew(view)


def _heard() -> bool:
    """Whether somebody listens: a screen reader, or a test."""
    if not _exposed:
        return False
    from PySide6.QtGui import QAccessible

    return QAccessible.isActive()
