"""The page "Month": the bar above and the painted month, fed by its model, acting through ``Acts``."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from himsog_desktop.domain.month import MonthCell, MonthPage, first_of, month_after, same_day_of
from himsog_desktop.ui.calendar.month_view import MonthView
from himsog_desktop.ui.calendar.month_words import LONG_MONTHS, load_words
from himsog_desktop.ui.models.month_model import MonthModel
from himsog_desktop.ui.models.words import day_words
from himsog_desktop.ui.shell.day import GIVEN_BACK
from himsog_desktop.ui.shell.facing import FacePage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QWidget

    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.session import Session


class Month(FacePage[MonthView]):
    """Forty-two days around one."""

    PAGE, STRETCH = "month", "month"

    cursor_words = Signal(str)

    def __init__(self, context: DeskContext, session: Session, parent: QWidget) -> None:
        super().__init__(MonthView, context, session, parent)
        self.toolbar.field.today = self._day
        self.model = MonthModel(context.backend, self._read, self._read_days, self._day, self)
        view, model = self.view, self.model
        view.why_not = self._why_not
        view.keys.meaning = self._meaning
        view.turner_at = self.toolbar.turner_at
        view.month_requested.connect(self.step)
        view.turn_requested.connect(self._turn)
        view.move_requested.connect(self._move)
        view.capacity_changed.connect(model.use_rows)
        view.cursor_changed.connect(self._cursor_moved)
        view.given_back.connect(self._given_back)
        model.page_ready.connect(self._page_came)
        model.ahead_ready.connect(view.warm)
        model.waiting.connect(lambda _month: view.set_loading())
        model.failed.connect(self._failed)
        self.toolbar.show_words(self._title())

    def _read(self, desk: Desk, month: date, rows: int) -> MonthPage:
        from himsog_desktop.services.month import month_page

        return month_page(desk, month, self._context.prefs.now.hidden, rows)

    def _read_days(self, desk: Desk, days: Sequence[date], rows: int) -> list[MonthCell]:
        from himsog_desktop.services.month import month_cells

        return month_cells(desk, days, self._context.prefs.now.hidden, rows)

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

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.model.lead()

    def retry(self) -> None:
        self.view.set_loading()
        self.model.reload()

    def reload(self) -> None:
        if self._shown:
            self.model.reload()

    def _tell(self) -> None:
        if self.view.page is not None:
            self.day_words.emit(summary(self.view.page))
            self._cursor_moved(self._day, "")

    def _page_came(self, page: MonthPage) -> None:
        month = date.fromisoformat(page.month)
        self.view.empty_hint = (
            self.tr("No appointments in {0}").format(self._title_of(month)),
            self.tr("Ctrl+N books. Enter opens the day under the cursor, Page Down the next month."),
        )
        self.view.set_page(page, self._take_theirs())
        self.day_words.emit(summary(page))

    def _take_back(self, changes: ChangeSet) -> None:
        if self.view.hand.lost(changes.appointments, everything=changes.everything):
            self._given_back()

    def _given_back(self) -> None:
        self._context.messages.say(self.tr(GIVEN_BACK))

    def _cursor_moved(self, day: date, _tile_id: str) -> None:
        self._day = day
        page = self.view.page
        cell = None if page is None else page.cells[self.view.cursor.cell]
        self.cursor_words.emit("" if cell is None else f"{day_words(day).rpartition(' ')[0]}: {load_words(cell)}")

    def _title(self) -> str:
        return self._title_of(self.model.month)

    @staticmethod
    def _title_of(month: date) -> str:
        return f"{LONG_MONTHS[month.month - 1]} {month.year}"


def summary(page: MonthPage) -> str:
    """What a month holds: ``"412 appointments · 60 requested"``."""
    own = [cell for cell in page.cells if cell.day[:7] == page.month[:7]]
    count, asked = sum(cell.standing for cell in own), sum(cell.requested for cell in own)
    words = f"{count} appointment{'' if count == 1 else 's'}"
    return f"{words} · {asked} requested" if asked else words
