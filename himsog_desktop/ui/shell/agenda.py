"""The page "Agenda": the bar above and the list of coming days, fed by its model, acting through ``Acts``."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from himsog_desktop.domain.agenda import AgendaPart
from himsog_desktop.ui.calendar.agenda_view import AgendaView
from himsog_desktop.ui.models.agenda_model import AgendaModel
from himsog_desktop.ui.models.words import day_words
from himsog_desktop.ui.shell.facing import FacePage

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QWidget

    from himsog_desktop.services.desk import Desk
    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.session import Session


class Agenda(FacePage[AgendaView]):
    """Days under each other from one on."""

    PAGE, STRETCH = "agenda", "week"

    def __init__(self, context: DeskContext, session: Session, parent: QWidget) -> None:
        super().__init__(AgendaView, context, session, parent)
        self._wanted_tile = ""
        self._part: AgendaPart | None = None
        self.model = AgendaModel(context.backend, self._read, self)
        view, model = self.view, self.model
        view.meaning = self._meaning
        view.book_requested.connect(self._book)
        view.day_changed.connect(self._stands)
        view.more_requested.connect(model.more)
        model.days_ready.connect(self._came)
        model.waiting.connect(view.set_loading)
        model.failed.connect(self._failed)
        self.toolbar.show_day(self._day, self.today)

    def _read(self, desk: Desk, first: date, days: int) -> AgendaPart:
        from himsog_desktop.services.agenda import agenda

        return agenda(desk, first, days, self._context.prefs.now.hidden)

    def show_day(self, day: date) -> None:
        """Go to a day: it stands at the top."""
        self._shown = True
        self._stands(day)
        if not self.view.go_to_day(day):
            self.model.show(day)

    def open_at(self, day: date, appointment_id: str) -> None:
        """Go to a day, the cursor on an appointment once that is listed."""
        self.show_day(day)
        self._wanted_tile = "" if self.view.go_to(appointment_id) else appointment_id

    def step(self, steps: int) -> None:
        self.show_day(self.day + timedelta(weeks=steps))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Its days are read when the change set comes, and that is told at once where nothing is read before.
        self._context.backend.behind = None

    def retry(self) -> None:
        self.view.set_loading()
        self.model.start(self._day)

    def reload(self) -> None:
        self.model.reload()

    def _tell(self) -> None:
        if self._part is not None:
            self.day_words.emit(summary(self._part))

    def _stands(self, day: date) -> None:
        self._day = day
        self.toolbar.show_day(day, self.today)

    def _came(self, part: AgendaPart) -> None:
        self._part = part
        first, last = (day_words(date.fromisoformat(day.day)) for day in (part.days[0], part.days[-1]))
        self.view.empty_hint = (
            self.tr("No appointments from {0} to {1}").format(first, last),
            self.tr("Ctrl+N books, or press Enter on a day that is open. Scroll on for later days."),
        )
        self.view.set_part(part, self._take_theirs())
        if self._wanted_tile and self.view.go_to(self._wanted_tile):
            self._wanted_tile = ""
        self._tell()


def summary(part: AgendaPart) -> str:
    """What was read: ``"184 appointments, Mon 16 Nov 2026 to Sun 29 Nov 2026"``."""
    count = sum(day.standing for day in part.days)
    first, last = (day_words(date.fromisoformat(day.day)) for day in (part.days[0], part.days[-1]))
    return f"{count} appointment{'' if count == 1 else 's'}, {first} to {last}"
