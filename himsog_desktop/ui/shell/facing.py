"""What the month and the agenda are both: a page with the bar above and a painted face, acting through the session."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from himsog_desktop.domain.errors import HimsogError
from himsog_desktop.domain.time import MINUTE, Micros
from himsog_desktop.ui.shell.toolbar import DayToolbar

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtGui import QKeyEvent

    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.ui.calendar.agenda_view import AgendaView
    from himsog_desktop.ui.calendar.month_view import MonthView
    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.prefs import Prefs
    from himsog_desktop.ui.shell.session import Session
    from himsog_desktop.ui.theme.theme import Theme

View = TypeVar("View", "MonthView", "AgendaView")


class FacePage(QWidget, Generic[View]):
    """One face of the calendar. It keeps ``pages.CalendarPage``; what it shows comes from who derives it."""

    PAGE, STRETCH = "", ""
    """Its own name, and the stretch that its arrows go by."""

    day_words = Signal(str)
    """What is in view, in a line."""
    menu_asked = Signal(str, QPoint)

    def __init__(self, view: type[View], context: DeskContext, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._own = session.initiator
        self._theirs: set[str] = set()
        self._shown = False
        self._day = self.today
        look, prefs = context.look, context.prefs
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.toolbar = DayToolbar(look, self, page=self.PAGE, stretch=self.STRETCH)
        self.view: View = view(look.theme, self)
        self.view.now = context.clock.now
        self.view.hour12, self.view.privacy = prefs.now.hour12, prefs.now.privacy
        column.addWidget(self.toolbar)
        column.addWidget(self.view, 1)
        look.changed.connect(self._restyled)
        prefs.changed.connect(self._prefs_changed)
        context.backend.changed.connect(self._changed)
        self._join()

    def _join(self) -> None:
        view, toolbar = self.view, self.toolbar
        toolbar.stepped.connect(self.step)
        toolbar.today_asked.connect(self.go_today)
        toolbar.went.connect(self._typed_day)
        toolbar.left.connect(self.take_keyboard)
        toolbar.book_asked.connect(lambda: self._book(self.day))
        view.open_requested.connect(lambda key: self._context.go.details(key))
        view.day_requested.connect(lambda day: self._context.go.into(day))
        view.went.connect(self.show_day)
        view.context_requested.connect(self.menu_asked)
        view.retry_requested.connect(self.retry)

    # -------------------------------------------------------------------------------- the days

    @property
    def day(self) -> date:
        """The day that it stands on."""
        return self._day

    @property
    def today(self) -> date:
        """Today at the clinic."""
        return self._context.zone.date_of(self._context.clock.now())

    def show_day(self, day: date) -> None:
        """Go to a day."""
        raise NotImplementedError

    def step(self, steps: int) -> None:
        """So many of its own stretches on or back."""
        raise NotImplementedError

    def retry(self) -> None:
        """Read again what could not be read."""
        raise NotImplementedError

    def reload(self) -> None:
        """Read anew: who is shown has changed."""
        raise NotImplementedError

    def go_today(self) -> None:
        """Today, with the keyboard on it."""
        self.show_day(self.today)
        self.take_keyboard()

    def arrive(self) -> None:
        """It came into view."""
        if not self._shown:
            self.show_day(self._day)
        self._tell()
        self.take_keyboard()

    def take_keyboard(self) -> None:
        """The keyboard stands on what is painted."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def chosen(self) -> tuple[str, ...]:
        """What a state key acts on: the selection, else the appointment under the cursor."""
        selected = self.view.selection()
        if selected:
            return tuple(selected)
        tile = self.view.cursor_tile()
        return () if tile is None else (tile.id,)

    def _tell(self) -> None:
        """Say what is in view, if anything is."""
        raise NotImplementedError

    def _typed_day(self, day: date) -> None:
        self.show_day(day)
        self.take_keyboard()

    def _take_theirs(self) -> Collection[str]:
        """What somebody else changed since it was last asked."""
        theirs, self._theirs = self._theirs, set()
        return theirs

    def _failed(self, error: HimsogError) -> None:
        self.view.set_error(error.message)
        self.day_words.emit("")

    def _changed(self, changes: ChangeSet) -> None:
        if changes.initiator != self._own:
            self._theirs |= changes.appointments
            self._take_back(changes)

    def _take_back(self, changes: ChangeSet) -> None:
        """What somebody else changed: where it is in hand, it is let go."""

    # ----------------------------------------------------------------------------------- acts

    def _book(self, day: date, provider_id: str | None = None) -> None:
        """Open the booking panel for a day."""
        from himsog_desktop.ui.shell.panels import BookingRequest

        self._context.go.book(BookingRequest(day, provider_id))

    def _move(self, tile_id: str, provider_id: str, start: Micros, end: Micros) -> None:
        """Move an appointment that was let go somewhere."""
        from himsog_desktop.domain.commands import Move

        self._context.acts.move(Move(tile_id, start, provider_id, max((end - start) // MINUTE, 1)))

    def _why_not(self, provider_id: str, start: Micros, end: Micros, ignore: str | None) -> list[str]:
        """Why an appointment can't go somewhere, every rule in words; empty when it can."""
        from himsog_desktop.domain.commands import Move
        from himsog_desktop.services import booking

        if ignore is None:
            return []
        minutes = max((end - start) // MINUTE, 1)
        try:
            found = booking.why_not_move(self._context.backend.here, Move(ignore, start, provider_id, minutes))
        except HimsogError as error:
            return [error.message]
        return [reason.text for reason in found]

    def _meaning(self, event: QKeyEvent) -> str:
        """What a key means that a person may give away: ``move``, ``card``."""
        from himsog_desktop.ui.shell.keymap import bindings

        return bindings(self._context.prefs.now.keys).of_event(event)

    # ----------------------------------------------------------------------------------- looks

    def _restyled(self, theme: Theme) -> None:
        self.view.set_theme(theme)

    def _prefs_changed(self, new: Prefs, old: Prefs) -> None:
        if new.hour12 != old.hour12:
            self.view.set_hour12(new.hour12)
        if new.privacy != old.privacy:
            self.view.set_privacy(new.privacy)
        if new.hidden != old.hidden:
            self.reload()
