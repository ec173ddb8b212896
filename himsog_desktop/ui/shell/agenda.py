"""The page "Agenda": the bar above and the list of coming days, fed by its model, acting through ``Acts``."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from himsog_desktop.domain.agenda import AgendaPart
from himsog_desktop.ui.calendar.agenda_view import AgendaView
from himsog_desktop.ui.models.agenda_model import AgendaModel
from himsog_desktop.ui.models.words import day_words
from himsog_desktop.ui.shell.facing import Facing
from himsog_desktop.ui.shell.toolbar import DayToolbar

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.prefs import Prefs
    from himsog_desktop.ui.shell.session import Session
    from himsog_desktop.ui.theme.theme import Theme

PAGE = "agenda"


class Agenda(QWidget):
    """Days under each other from one on. Keeps ``pages.CalendarPage``."""

    day_words = Signal(str)
    """What the days that were read hold, in a line."""
    menu_asked = Signal(str, QPoint)

    def __init__(self, context: DeskContext, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._facing = Facing(context)
        self._own = session.initiator
        self._theirs: set[str] = set()
        self._shown = False
        self._wanted_tile = ""
        self._part: AgendaPart | None = None
        look, prefs = context.look, context.prefs
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.toolbar = DayToolbar(look, self, page=PAGE, stretch="week")
        self.view = AgendaView(look.theme, self)
        column.addWidget(self.toolbar)
        column.addWidget(self.view, 1)
        view = self.view
        view.now = context.clock.now
        view.meaning = self._facing.meaning
        view.hour12, view.privacy = prefs.now.hour12, prefs.now.privacy
        self._day = context.zone.date_of(context.clock.now())
        self.model = AgendaModel(context.backend, self._read, self)
        look.changed.connect(self._restyled)
        prefs.changed.connect(self._prefs_changed)
        context.backend.changed.connect(self._changed)
        self._connect()
        self.toolbar.show_day(self._day, self.today)

    def _connect(self) -> None:
        view, toolbar, model = self.view, self.toolbar, self.model
        toolbar.stepped.connect(self.step)
        toolbar.today_asked.connect(self.go_today)
        toolbar.went.connect(self._typed_day)
        toolbar.left.connect(self.take_keyboard)
        toolbar.book_asked.connect(lambda: self._facing.book(self.day))
        view.open_requested.connect(lambda key: self._context.go.details(key))
        view.book_requested.connect(self._facing.book)
        view.day_requested.connect(self._facing.open_day)
        view.went.connect(self.show_day)
        view.day_changed.connect(self._stands)
        view.more_requested.connect(model.more)
        view.context_requested.connect(self.menu_asked)
        view.retry_requested.connect(self.retry)
        model.days_ready.connect(self._came)
        model.waiting.connect(view.set_loading)
        model.failed.connect(self._failed)

    def _read(self, desk: Desk, first: date, days: int) -> AgendaPart:
        from himsog_desktop.services.agenda import agenda

        return agenda(desk, first, days, self._context.prefs.now.hidden)

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
        """Go to a day: it stands at the top."""
        self._day = day
        self._shown = True
        self.toolbar.show_day(day, self.today)
        if not self.view.go_to_day(day):
            self.model.show(day)

    def open_at(self, day: date, appointment_id: str) -> None:
        """Go to a day, the cursor on an appointment once that is listed."""
        self.show_day(day)
        self._wanted_tile = "" if self.view.go_to(appointment_id) else appointment_id

    def step(self, steps: int) -> None:
        """So many weeks on or back."""
        self.show_day(self.day + timedelta(weeks=steps))

    def go_today(self) -> None:
        """Today, with what comes next in view."""
        self.show_day(self.today)
        self.take_keyboard()

    def arrive(self) -> None:
        """It came into view."""
        if not self._shown:
            self.show_day(self._day)
        if self._part is not None:
            self.day_words.emit(summary(self._part))
        self.take_keyboard()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Its days are read when the change set comes, and that is told at once where nothing is read before.
        self._context.backend.behind = None

    def retry(self) -> None:
        """Read again what could not be read."""
        self.view.set_loading()
        self.model.start(self._day)

    def take_keyboard(self) -> None:
        """The keyboard stands on the list."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def chosen(self) -> tuple[str, ...]:
        """What a state key acts on: the selection, else the appointment under the cursor."""
        selected = self.view.selection()
        if selected:
            return tuple(selected)
        tile = self.view.cursor_tile()
        return () if tile is None else (tile.id,)

    def _typed_day(self, day: date) -> None:
        self.show_day(day)
        self.take_keyboard()

    def _stands(self, day: date) -> None:
        self._day = day
        self.toolbar.show_day(day, self.today)

    def _came(self, part: AgendaPart) -> None:
        theirs, self._theirs = self._theirs, set()
        self._part = part
        first, last = (day_words(date.fromisoformat(day.day)) for day in (part.days[0], part.days[-1]))
        self.view.empty_hint = (
            self.tr("No appointments from {0} to {1}").format(first, last),
            self.tr("Ctrl+N books, or press Enter on a day that is open. Scroll on for later days."),
        )
        self.view.set_part(part, theirs)
        if self._wanted_tile and self.view.go_to(self._wanted_tile):
            self._wanted_tile = ""
        self.day_words.emit(summary(part))

    def _failed(self, error: HimsogError) -> None:
        self.view.set_error(error.message)
        self.day_words.emit("")

    def _changed(self, changes: ChangeSet) -> None:
        if changes.initiator != self._own:
            self._theirs |= changes.appointments

    # ----------------------------------------------------------------------------------- looks

    def _restyled(self, theme: Theme) -> None:
        self.view.set_theme(theme)

    def _prefs_changed(self, new: Prefs, old: Prefs) -> None:
        if new.hour12 != old.hour12:
            self.view.set_hour12(new.hour12)
        if new.privacy != old.privacy:
            self.view.set_privacy(new.privacy)
        if new.hidden != old.hidden:
            self.model.reload()


def summary(part: AgendaPart) -> str:
    """What was read: ``"184 appointments, Mon 16 Nov 2026 to Sun 29 Nov 2026"``."""
    count = sum(day.standing for day in part.days)
    first, last = (day_words(date.fromisoformat(day.day)) for day in (part.days[0], part.days[-1]))
    return f"{count} appointment{'' if count == 1 else 's'}, {first} to {last}"
