"""The month in view: read at once, of a change only the days that it names, the months beside it ahead."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from himsog_desktop.domain.month import MonthCell, MonthPage, first_of, month_after
from himsog_desktop.ui.bridge import Behind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.ui.bridge import Backend, Handle

    ReadMonth = Callable[[Desk, date, int], MonthPage]
    ReadDays = Callable[[Desk, Sequence[date], int], list[MonthCell]]

KEPT = 6
"""Months kept in memory: going back and forth paints at once."""
FEW = 14
"""Up to so many changed days are read by themselves; beyond that the month is read anew."""
LEAST_ROWS = 6


class MonthModel(QObject):
    """Pages by month, each with as many rows of a day as the window can show."""

    page_ready = Signal(object)
    """A ``MonthPage`` for the month in view: a new one, or the same one after a change."""
    ahead_ready = Signal(object)
    """A ``MonthPage`` beside the one in view, read before anybody asked."""
    waiting = Signal(object)
    failed = Signal(object)

    def __init__(
        self, backend: Backend, read: ReadMonth, read_days: ReadDays, day: date, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._backend = backend
        self._read = read
        self._read_days = read_days
        self.month = first_of(day)
        self.rows = LEAST_ROWS
        self._pages: dict[date, MonthPage] = {}
        self._asked: dict[date, Handle] = {}
        """Readings under way: what they bring may be of before a change."""
        self._stale: dict[date, set[date]] = {}
        self._must_show = False
        # No length: its turn comes when what is in view has been painted.
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._catch_up)
        backend.changed.connect(self._changed)

    @property
    def page(self) -> MonthPage | None:
        """The page of the month in view, if it has been read."""
        return self._pages.get(self.month)

    def lead(self) -> None:
        """This is what is in view: what an act changes is read for it first, in the act's own turn of the worker."""
        self._backend.behind = self._behind

    def _behind(self) -> Behind:
        month, rows = self.month, self.rows

        def show(page: object) -> None:
            if isinstance(page, MonthPage):
                self._arrived(month, page)

        return Behind(lambda desk, _answer: self._read(desk, month, rows), show)

    def show(self, month: date) -> None:
        """Go to the month of a day: painted at once when it was read ahead."""
        self.month = first_of(month)
        for left in self._stale.keys() - {self.month}:
            # Left before it was read again: what is known of it is not what it is.
            del self._stale[left]
            self._pages.pop(left, None)
        page = self.page
        if page is None or page.limit < self.rows:
            self.waiting.emit(self.month)
            self._ask(self.month)
            return
        self.page_ready.emit(page)
        self._later.start()

    def use_rows(self, rows: int) -> None:
        """The window can show so many rows of a day: what has fewer is read anew."""
        if rows > self.rows:
            self.rows = rows
            if self.page is not None:
                self._ask(self.month)

    def reload(self) -> None:
        """Read everything anew: Retry, or other providers."""
        page = self.page
        self._must_show = True
        self._pages.clear()
        self._stale.clear()
        for month in list(self._asked):
            self._give_up(month)
        if page is not None:
            # The old page stays in view until the new one is there: no flicker.
            self._pages[self.month] = page
        self._ask(self.month)

    def _ask(self, month: date, *, background: bool = False) -> None:
        rows = self.rows

        def done(page: MonthPage) -> None:
            self._asked.pop(month, None)
            self._arrived(month, page)

        self._asked[month] = self._backend.read(
            lambda desk: self._read(desk, month, rows),
            done,
            lambda error: self._missed(month, error),
            key=f"month:{month}",
            owner=self,
            background=background,
        )

    def _give_up(self, month: date) -> None:
        handle = self._asked.pop(month, None)
        if handle is not None:
            handle.cancel()

    def _arrived(self, month: date, page: MonthPage) -> None:
        known = self._pages.pop(month, None)
        self._pages[month] = page
        while len(self._pages) > KEPT:
            oldest = next(key for key in self._pages if key != self.month)
            del self._pages[oldest]
            self._stale.pop(oldest, None)
        if month != self.month:
            self.ahead_ready.emit(page)
        else:
            # What was read again and is the same needs no paint, but where an error or a skeleton stood in its place.
            if page != known or self._must_show:
                self._must_show = False
                self.page_ready.emit(page)
            self._later.start()

    def _missed(self, month: date, error: HimsogError) -> None:
        self._asked.pop(month, None)
        if month == self.month:
            self._must_show = True
            self.failed.emit(error)

    def _changed(self, changes: ChangeSet) -> None:
        if changes.everything or changes.services or not changes.lists.isdisjoint(("clinic", "provider")):
            self.reload()
            return
        days = {date.fromisoformat(iso) for iso in changes.days}
        ahead = [asked for asked in self._asked if asked != self.month and days]
        for month in ahead:
            self._give_up(month)  # it is read ahead again
        for month, page in list(self._pages.items()):
            first, last = date.fromisoformat(page.cells[0].day), date.fromisoformat(page.cells[-1].day)
            touched = {day for day in days if first <= day <= last}
            if not touched:
                continue
            if month == self.month:
                self._stale.setdefault(month, set()).update(touched)
            else:
                del self._pages[month]
        if self._stale or ahead:
            self._later.start()

    def _catch_up(self) -> None:
        days = sorted(self._stale.pop(self.month, ()))
        self._stale.clear()
        page = self.page
        if days and page is not None and len(days) <= FEW:
            self._ask_days(self.month, days)
        elif days:
            self._ask(self.month)
        elif page is not None:
            self.read_ahead()

    def _ask_days(self, month: date, days: list[date]) -> None:
        rows = self.rows
        self._backend.read(
            lambda desk: self._read_days(desk, days, rows),
            lambda cells: self._patch(month, cells),
            lambda error: self._missed(month, error),
            owner=self,
        )

    def _patch(self, month: date, cells: list[MonthCell]) -> None:
        page = self._pages.get(month)
        if page is not None:
            self._arrived(month, patched(page, cells))

    def read_ahead(self) -> None:
        """Read the months after and before, so that going there paints at once."""
        for steps in (1, -1):
            month = month_after(self.month, steps)
            page = self._pages.get(month)
            if page is None or page.limit < self.rows:
                self._ask(month, background=True)


def patched(page: MonthPage, cells: Sequence[MonthCell]) -> MonthPage:
    """A month with these days as they are now."""
    fresh = {cell.day: cell for cell in cells}
    return page._replace(cells=tuple(fresh.get(cell.day, cell) for cell in page.cells))
