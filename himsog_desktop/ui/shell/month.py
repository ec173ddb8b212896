"""The page "Month": the bar above and the painted month, fed by its model, acting through ``Acts``."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from himsog_desktop.domain.month import MonthCell, MonthPage, first_of, month_after, same_day_of
from himsog_desktop.ui.calendar.month_view import MonthView
from himsog_desktop.ui.calendar.month_words import LONG_MONTHS, load_words
from himsog_desktop.ui.models.month_model import MonthModel
from himsog_desktop.ui.models.words import day_words
from himsog_desktop.ui.shell.facing import Facing
from himsog_desktop.ui.shell.toolbar import DayToolbar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QShowEvent

    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.prefs import Prefs
    from himsog_desktop.ui.shell.session import Session
    from himsog_desktop.ui.theme.theme import Theme

PAGE = "month"


class Month(QWidget):
    """Forty-two days around one. Keeps ``pages.CalendarPage``."""

    cursor_words = Signal(str)
    day_words = Signal(str)
    """What the month holds, in a line."""
    menu_asked = Signal(str, QPoint)

    def __init__(self, context: DeskContext, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._facing = Facing(context)
        self._own = session.initiator
        self._theirs: set[str] = set()
        self._shown = False
        look, prefs = context.look, context.prefs
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.toolbar = DayToolbar(look, self, page=PAGE, stretch="month")
        self.view = MonthView(look.theme, self)
        column.addWidget(self.toolbar)
        column.addWidget(self.view, 1)
        view = self.view
        view.now = context.clock.now
        view.hour12, view.privacy = prefs.now.hour12, prefs.now.privacy
        view.why_not = self._facing.why_not
        view.keys.meaning = self._facing.meaning
        self.toolbar.field.today = self._day = context.zone.date_of(context.clock.now())
        self.model = MonthModel(context.backend, self._read, self._read_days, self._day, self)
        look.changed.connect(self._restyled)
        prefs.changed.connect(self._prefs_changed)
        context.backend.changed.connect(self._changed)
        self._connect()
        self.toolbar.show_words(self._title())

    def _connect(self) -> None:
        view, toolbar, model = self.view, self.toolbar, self.model
        toolbar.stepped.connect(self.step)
        toolbar.today_asked.connect(self.go_today)
        toolbar.went.connect(self._typed_day)
        toolbar.left.connect(self.take_keyboard)
        toolbar.book_asked.connect(lambda: self._facing.book(self.day))
        view.open_requested.connect(lambda key: self._context.go.details(key))
        view.day_requested.connect(self._facing.open_day)
        view.went.connect(self.show_day)
        view.month_requested.connect(self.step)
        view.turn_requested.connect(self._turn)
        view.turner_at = toolbar.turner_at
        view.move_requested.connect(self._facing.move)
        view.context_requested.connect(self.menu_asked)
        view.retry_requested.connect(self.retry)
        view.capacity_changed.connect(model.use_rows)
        view.cursor_changed.connect(self._cursor_moved)
        model.page_ready.connect(self._page_came)
        model.ahead_ready.connect(view.warm)
        model.waiting.connect(lambda _month: view.set_loading())
        model.failed.connect(self._failed)

    # ------------------------------------------------------------------------------- the month

    def _read(self, desk: Desk, month: date, rows: int) -> MonthPage:
        from himsog_desktop.services.month import month_page

        return month_page(desk, month, self._context.prefs.now.hidden, rows)

    def _read_days(self, desk: Desk, days: Sequence[date], rows: int) -> list[MonthCell]:
        from himsog_desktop.services.month import month_cells

        return month_cells(desk, days, self._context.prefs.now.hidden, rows)

    @property
    def day(self) -> date:
        """The day that it stands on."""
        return self._day

    @property
    def today(self) -> date:
        """Today at the clinic."""
        return self._context.zone.date_of(self._context.clock.now())

    def show_day(self, day: date) -> None:
        """Go to a day: its month, with the cursor on it."""
        self._day = day
        same = self._shown and self.model.month == first_of(day) and self.model.page is not None
        self.view.go_to_day(day)
        self.toolbar.field.today = self.today
        self.toolbar.show_words(self._title_of(first_of(day)))
        if not same:
            # Also when the day is seen at the edge of the month in view: what was asked for is its own.
            self._shown = True
            self.view.want_day(day)
            self.model.show(day)

    def open_at(self, day: date, appointment_id: str) -> None:
        """Go to a day, the cursor on an appointment where that has a row."""
        self.show_day(day)
        self.view.go_to(appointment_id)

    def step(self, months: int) -> None:
        """So many months on or back, to the day of the same number."""
        self.show_day(same_day_of(month_after(self.model.month, months), self._day))

    def _turn(self, months: int) -> None:
        """Another month with an appointment in hand."""
        self.step(months)
        self.view.announce(self._title())

    def go_today(self) -> None:
        """This month, the cursor on today."""
        self.show_day(self.today)
        self.take_keyboard()

    def arrive(self) -> None:
        """It came into view."""
        if not self._shown:
            self.show_day(self._day)
        if self.view.page is not None:
            self.day_words.emit(summary(self.view.page))
            self._cursor_moved(self._day, "")
        self.take_keyboard()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.model.lead()

    def retry(self) -> None:
        """Read again what could not be read."""
        self.view.set_loading()
        self.model.reload()

    def take_keyboard(self) -> None:
        """The keyboard stands on the month."""
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

    def _page_came(self, page: MonthPage) -> None:
        month = date.fromisoformat(page.month)
        self.view.empty_hint = (
            self.tr("No appointments in {0}").format(self._title_of(month)),
            self.tr("Ctrl+N books. Enter opens the day under the cursor, Page Down the next month."),
        )
        theirs, self._theirs = self._theirs, set()
        self.view.set_page(page, theirs)
        self.day_words.emit(summary(page))

    def _failed(self, error: HimsogError) -> None:
        self.view.set_error(error.message)
        self.day_words.emit("")

    def _changed(self, changes: ChangeSet) -> None:
        if changes.initiator != self._own:
            self._theirs |= changes.appointments
            if self.view.hand.lost(changes.appointments, everything=changes.everything):
                self.view.announce(self.tr("Given back: somebody changed it"))

    def _cursor_moved(self, day: date, _tile_id: str) -> None:
        self._day = day
        page = self.view.page
        cell = None if page is None else page.cells[self.view.cursor.cell]
        self.cursor_words.emit("" if cell is None else f"{day_words(day).rpartition(' ')[0]}: {load_words(cell)}")

    # ----------------------------------------------------------------------------------- looks

    def _title(self) -> str:
        return self._title_of(self.model.month)

    @staticmethod
    def _title_of(month: date) -> str:
        return f"{LONG_MONTHS[month.month - 1]} {month.year}"

    def _restyled(self, theme: Theme) -> None:
        self.view.set_theme(theme)

    def _prefs_changed(self, new: Prefs, old: Prefs) -> None:
        if new.hour12 != old.hour12:
            self.view.set_hour12(new.hour12)
        if new.privacy != old.privacy:
            self.view.set_privacy(new.privacy)
        if new.hidden != old.hidden and self._shown:
            self.model.reload()


def summary(page: MonthPage) -> str:
    """What a month holds: ``"412 appointments · 60 requested"``."""
    own = [cell for cell in page.cells if cell.day[:7] == page.month[:7]]
    count, asked = sum(cell.standing for cell in own), sum(cell.requested for cell in own)
    words = f"{count} appointment{'' if count == 1 else 's'}"
    return f"{words} · {asked} requested" if asked else words
