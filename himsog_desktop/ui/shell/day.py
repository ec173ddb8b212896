"""The page "Today": the bar above and the painted day, fed by the model, acting through ``Acts``."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from himsog_desktop.domain.day import ROOM, rooms_in
from himsog_desktop.domain.time import computer_minutes
from himsog_desktop.ui.calendar.day_view import DayView
from himsog_desktop.ui.models.words import day_words
from himsog_desktop.ui.shell.pages import TODAY
from himsog_desktop.ui.shell.toolbar import DayToolbar

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QShowEvent

    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.domain.day import DayPage
    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.domain.time import Micros, Zone
    from himsog_desktop.ui.calendar.day_view import WhyNot
    from himsog_desktop.ui.models.day_model import DayModel
    from himsog_desktop.ui.shell.panels import BookingRequest, Proposal
    from himsog_desktop.ui.shell.prefs import Prefs, PrefsStore
    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme

GIVEN_BACK = "Somebody changed what you had in hand. Nothing was moved."
MOST_ROOMS = 2_000
"""Appointments whose rooms are remembered."""


class Day(QWidget):
    """One clinic day. What a person asks for goes out as signals; ``show_day`` and ``open_at`` come in.

    ``PAGE`` and ``STRETCH`` are what a face of several days (``Week``) has in their place.
    """

    PAGE, STRETCH = TODAY, "day"

    book_asked = Signal(object)
    """A ``BookingRequest``."""
    details_asked = Signal(str)
    move_asked = Signal(str, str, object, object)
    resize_asked = Signal(str, object, object)
    menu_asked = Signal(str, QPoint)
    cursor_words = Signal(str)
    day_words = Signal(str)
    """What the day holds, in a line."""
    day_changed = Signal(object)

    def __init__(
        self, look: ThemeSource, prefs: PrefsStore, zone: Zone, now: Callable[[], Micros], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._zone = zone
        self._now = now
        self._prefs = prefs
        self._model: DayModel | None = None
        self._wanted_tile = ""
        self._wanted_column = ""
        self._theirs: set[str] = set()
        self._proposal: Proposal | None = None
        self._rooms: dict[str, tuple[str, ...]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.toolbar = DayToolbar(look, self, page=self.PAGE, stretch=self.STRETCH)
        self.view = DayView(look.theme, self, exposed=False)
        self.view.now = now
        self.view.keyboard.meaning = self._meaning
        column.addWidget(self.toolbar)
        column.addWidget(self.view, 1)
        self.view.hour12 = prefs.now.hour12
        self.view.zoom = prefs.now.zoom
        self.view.set_elsewhere(computer_minutes, zone)
        self.toolbar.show_zoom(prefs.now.zoom)
        look.changed.connect(self._restyled)
        prefs.changed.connect(self._prefs_changed)
        self._connect()

    def _connect(self) -> None:
        view, toolbar = self.view, self.toolbar
        toolbar.stepped.connect(self.step)
        toolbar.today_asked.connect(self.go_today)
        toolbar.went.connect(self._typed_day)
        toolbar.zoomed.connect(view.zoom_by)
        toolbar.book_asked.connect(self.ask_booking)
        toolbar.left.connect(self.take_keyboard)
        view.zoom_changed.connect(self._zoomed)
        view.book_requested.connect(self._grid_asked)
        view.open_requested.connect(self.details_asked)
        view.move_requested.connect(self.move_asked)
        view.resize_requested.connect(self.resize_asked)
        view.context_requested.connect(self.menu_asked)
        view.cursor_changed.connect(self._cursor_moved)
        view.retry_requested.connect(self.retry)
        view.turn_requested.connect(self._turn)
        view.turner_at = toolbar.turner_at

    def _meaning(self, event: QKeyEvent) -> str:
        from himsog_desktop.ui.shell.keymap import bindings

        return bindings(self._prefs.now.keys).of_event(event)

    # -------------------------------------------------------------------------------- the day

    def begin(self, day: date, page: DayPage | None) -> None:
        """The first thing that is shown, before there is any worker."""
        self.show_title(day)
        if page is not None:
            self.view.set_page(page)
            self.day_words.emit(summary(page))
        else:
            self.view.set_loading()

    def attach(self, model: DayModel) -> None:
        """From now on the model says what is shown, and assistive tools hear of it."""
        from himsog_desktop.ui.calendar.day_view import expose

        expose(self.view)
        self.follow(model)
        if model.page is None:
            model.show(model.day)
        else:
            model.read_ahead()

    def follow(self, model: DayModel) -> None:
        """Show what the model says."""
        self._model = model
        model.page_ready.connect(self._show)
        model.waiting.connect(lambda _day: self.view.set_loading())
        model.failed.connect(self._failed)

    def show_title(self, day: date) -> None:
        """Say above which day it is."""
        self.toolbar.show_day(day, self.today)

    @property
    def today(self) -> date:
        """Today at the clinic."""
        return self._zone.date_of(self._now())

    @property
    def day(self) -> date:
        """The day in view."""
        return self._model.day if self._model is not None else self.today

    def show_day(self, day: date) -> None:
        """Go to a day."""
        self._wanted_tile = ""
        self._proposal = None
        if self._model is not None:
            self.show_title(day)
            self._model.show(day)
            self.day_changed.emit(day)

    def open_at(self, day: date, appointment_id: str) -> None:
        """Go to a day and put the cursor on an appointment."""
        if not self._in_view(day):
            self.show_day(day)
        if not self.view.go_to(appointment_id):
            self._wanted_tile = appointment_id

    def go_to_provider(self, provider_id: str) -> None:
        """The cursor into a provider's column, which is shown again if it was hidden."""
        self.take_keyboard()
        if not self._to_column(provider_id):
            self._wanted_column = provider_id
            now = self._prefs.now
            self._prefs.set(now._replace(hidden=tuple(key for key in now.hidden if key != provider_id)))

    def _to_column(self, provider_id: str) -> bool:
        layout, stops = self.view.scene.layout, self.view.scene.stops
        column = None if layout is None else layout.numbers.get(provider_id)
        if column is None or layout is None or stops is None:
            return False
        now = self._now()
        here = layout.time.start <= now < layout.time.end
        self.view.move_cursor(stops.at(column, now) if here else stops.first(column))
        return True

    def propose(self, proposal: Proposal | None) -> None:
        """Mark the time that a panel is about to take, on its day; None takes the mark away."""
        self._proposal = None
        if proposal is None:
            self.view.cursor_held = False
            self.cursor_words.emit("")
            self.view.viewport().update()
            return
        day = self._zone.date_of(proposal.start)
        if not self._in_view(day):
            self.show_day(day)
        page = self.view.page
        if page is None or not page.start <= proposal.start < page.end or not self._mark(proposal):
            self._proposal = proposal

    def _in_view(self, day: date) -> bool:
        """Whether a day is on the page in view."""
        return day == self.day

    def _mark(self, proposal: Proposal) -> bool:
        page = self.view.page
        place = ROOM + proposal.room_id if page is not None and page.of_rooms else proposal.provider_id
        if not self.view.go_to_time(place, proposal.start, proposal.end):
            return False
        self.view.cursor_held = True
        return True

    def step(self, days: int) -> None:
        """So many days on or back."""
        self.show_day(self.day + timedelta(days=days))

    def _turn(self, days: int) -> None:
        """Another day with an appointment in hand."""
        self.step(days)
        self.view.announce(day_words(self.day))

    def go_today(self) -> None:
        """Today, with now in view."""
        self.show_day(self.today)
        self.view.scroll_to_time(self._now() - 3_600_000_000)
        self.take_keyboard()

    def retry(self) -> None:
        """Read again what could not be read."""
        self.view.set_loading()
        if self._model is not None:
            self._model.reload()

    def arrive(self) -> None:
        """It came into view."""
        self.take_keyboard()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._model is not None:
            self._model.lead()
        self._tell("" if self.view.page is None else summary(self.view.page))

    def _tell(self, words: str) -> None:
        """What the page holds, while it is the one in view."""
        if self._model is None or self._model.leads:
            self.day_words.emit(words)

    def take_keyboard(self) -> None:
        """The keyboard stands on the grid."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed_day(self, day: date) -> None:
        self.show_day(day)
        self.take_keyboard()

    def _show(self, page: DayPage) -> None:
        self.view.empty_hint = self._empty_words(page)
        theirs, self._theirs = self._theirs, set()
        if page.rooms is not None:
            # Also of the day before: what is carried came from there.
            self._rooms = {**(self._rooms if len(self._rooms) < MOST_ROOMS else {}), **page.rooms}
        self.view.set_page(page, theirs)
        self._tell(summary(page))
        if self._wanted_tile and self.view.go_to(self._wanted_tile):
            self._wanted_tile = ""
        if self._wanted_column and self._to_column(self._wanted_column):
            self._wanted_column = ""
        if self._proposal is not None and self._mark(self._proposal):
            self._proposal = None

    def _failed(self, error: HimsogError) -> None:
        self.view.set_error(error.message)
        self._tell("")

    def _empty_words(self, page: DayPage) -> tuple[str, ...]:
        day = day_words(date.fromisoformat(page.day))
        if not any(column.open for column in page.columns):
            return (self.tr("Closed on {0}").format(day), self.tr("Alt+→ goes on to the next day, T to today."))
        return (
            self.tr("No appointments on {0}").format(day),
            self.tr("Ctrl+N books, or click a free time, or press Enter on it."),
        )

    def glow(self, changes: ChangeSet, own: str) -> None:
        """What somebody else wrote glows when its page comes."""
        if changes.initiator != own:
            self._theirs |= changes.appointments
            if self.view.hand.lost(changes.appointments, everything=changes.everything):
                self.view.given_back.emit()

    # ------------------------------------------------------------------------------ the hand

    def asking(self, why_not: WhyNot) -> WhyNot:
        """How to ask why something can't go somewhere here."""
        return why_not

    def ask_booking(self) -> None:
        """Book on this day: at the cursor when it stands on a free time, else wherever."""
        from himsog_desktop.ui.shell.panels import BookingRequest

        request = BookingRequest(self.day)
        cursor = self.view.cursor
        page = self.view.page
        free = cursor is not None and cursor.tile_id is None and self.view.hasFocus()
        if free and cursor is not None and page is not None and cursor.start >= self._now():
            request = self.request_at(page.columns[cursor.column].provider, cursor.start)
        self.book_asked.emit(request)

    def request_at(self, place: str, start: Micros, minutes: int | None = None) -> BookingRequest:
        """A booking in a column, a provider's or a room's."""
        from himsog_desktop.ui.shell.panels import BookingRequest

        rooms, day = rooms_in(place), self._zone.date_of(start)
        if rooms is None:
            return BookingRequest(day, place or None, start, minutes)
        return BookingRequest(day, None, start, minutes, room_ids=rooms)

    def _grid_asked(self, provider_id: str, start: Micros, end: Micros) -> None:
        page = self.view.page
        slots = {c.slot_minutes for c in page.columns if provider_id in ("", c.provider)} if page is not None else set()
        minutes: int | None = (end - start) // 60_000_000
        if minutes in slots:
            minutes = None
        self.book_asked.emit(self.request_at(provider_id, start, minutes))

    def rooms_beside(self, appointment_id: str) -> tuple[str, ...]:
        """The further rooms of an appointment that stands in the column of its first."""
        return self._rooms.get(appointment_id, ())[1:]

    def chosen(self) -> tuple[str, ...]:
        """What a state key acts on: the selection, else the appointment under the cursor."""
        selected = self.view.selection()
        if selected:
            return tuple(selected)
        cursor = self.view.cursor
        return (cursor.tile_id,) if cursor is not None and cursor.tile_id is not None else ()

    def _cursor_moved(self, provider_id: str, start: Micros, end: Micros, tile_id: str) -> None:
        page = self.view.page
        cursor = self.view.cursor
        if page is None or cursor is None or tile_id:
            self.cursor_words.emit("")
            return
        self.cursor_words.emit(f"{page.columns[cursor.column].name}  {self.view.clock.range(start, end)}")

    # -------------------------------------------------------------------------------- looks

    def _zoomed(self, minutes: int) -> None:
        self.toolbar.show_zoom(minutes)
        self._prefs.set(self._prefs.now._replace(zoom=minutes))

    def _restyled(self, theme: Theme) -> None:
        self.view.set_theme(theme)

    def _prefs_changed(self, new: Prefs, old: Prefs) -> None:
        if new.hour12 != old.hour12:
            self.view.set_hour12(new.hour12)
        if new.privacy != old.privacy:
            self.view.set_privacy(new.privacy)
        if new.zoom != old.zoom:
            self.view.set_zoom(new.zoom)
        shown, before = ((p.shown_by, p.hidden, p.order) for p in (new, old))
        if shown != before and self._model is not None:
            self._model.reload()


def summary(page: DayPage) -> str:
    """What a day holds: ``"58 appointments · 7 requested · 3 here now"``."""
    standing = [tile for tile in page.tiles if tile.status != "CANCELLED"]
    requested = sum(1 for tile in standing if tile.status == "PENDING")
    here = sum(
        1 for tile in standing if tile.status in ("PENDING", "CONFIRMED") and tile.visit not in (None, "checked_out")
    )
    parts = [f"{len(standing)} appointment{'' if len(standing) == 1 else 's'}"]
    if requested:
        parts.append(f"{requested} requested")
    if here:
        parts.append(f"{here} here now")
    return " · ".join(parts)
