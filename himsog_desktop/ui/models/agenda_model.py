"""The days that the agenda has read: a stretch without gaps that grows at either end and is dropped at the other."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from himsog_desktop.domain.agenda import AgendaDay, AgendaPart

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.ui.bridge import Backend

    Read = Callable[[Desk, date, int], AgendaPart]

WEEK = 7
AT_FIRST = 2
"""Weeks that are read at once for a day."""
MOST = 10
"""Weeks kept: what lies further at the other end is dropped, and read again when it is scrolled to."""
FEW = 10
"""Up to so many changed days are read by themselves; beyond that all are."""


class AgendaModel(QObject):
    """Days in order. ``read`` reads so many from a date, on the worker."""

    days_ready = Signal(object)
    """An ``AgendaPart`` with all days that are kept."""
    waiting = Signal()
    failed = Signal(object)

    def __init__(self, backend: Backend, read: Read, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend = backend
        self._read = read
        self._first: date | None = None
        self._days: list[AgendaDay] = []
        self._part = AgendaPart("UTC", (), {})
        self._stale: set[date] = set()
        self._growing = ""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._catch_up)
        backend.changed.connect(self._changed)

    @property
    def ready(self) -> bool:
        """Whether anything was read."""
        return self._first is not None

    def holds(self, day: date) -> bool:
        """Whether a day is among those that are kept."""
        return self._first is not None and self._first <= day < self._first + timedelta(days=len(self._days))

    def show(self, day: date) -> None:
        """Have a day and what follows: nothing is read when it is kept already."""
        if self.holds(day):
            self.days_ready.emit(self._part)
            return
        self.waiting.emit()
        self._growing = "anew"  # nothing is added to what goes: the one would take the other's place in the queue
        monday = day - timedelta(days=day.weekday())
        self._ask(monday, AT_FIRST * WEEK, self._began)

    def reload(self) -> None:
        """Read all of it anew."""
        if self._first is not None:
            self._growing = "anew"
            self._ask(self._first, len(self._days), self._began)

    def start(self, day: date) -> None:
        """Forget what was read and begin at a day: Retry, where nothing was."""
        if self._first is None:
            self.show(day)
        else:
            self.reload()

    def more(self, direction: int) -> None:
        """One week more at the end (1) or at the beginning (-1)."""
        if self._first is None or self._growing:
            return
        self._growing = "after" if direction > 0 else "before"
        first = self._first
        at = first + timedelta(days=len(self._days)) if direction > 0 else first - timedelta(days=WEEK)
        self._ask(at, WEEK, self._grown, background=False)

    def _ask(
        self, first: date, days: int, done: Callable[[date, AgendaPart], None], *, background: bool = False
    ) -> None:
        def failed(error: HimsogError) -> None:
            self._growing = ""
            self.failed.emit(error)

        self._backend.read(
            lambda desk: self._read(desk, first, days),
            lambda part: done(first, part),
            failed,
            key="agenda",
            owner=self,
            background=background,
        )

    def _began(self, first: date, part: AgendaPart) -> None:
        self._growing = ""
        self._first = first
        self._days = list(part.days)
        self._tell(part)

    def _grown(self, first: date, part: AgendaPart) -> None:
        growing, self._growing = self._growing, ""
        if self._first is None:
            return
        most = MOST * WEEK
        if growing == "after":
            self._days += part.days
            dropped = max(len(self._days) - most, 0) // WEEK * WEEK
            self._first += timedelta(days=dropped)
            del self._days[:dropped]
        else:
            self._days[:0] = part.days
            self._first = first
            del self._days[most:]
        self._tell(part)

    def _tell(self, part: AgendaPart) -> None:
        self._part = AgendaPart(part.timezone, tuple(self._days), part.providers)
        self.days_ready.emit(self._part)

    def _changed(self, changes: ChangeSet) -> None:
        if self._first is None:
            return
        if changes.everything or changes.services or not changes.lists.isdisjoint(("clinic", "provider")):
            self.reload()
            return
        touched = {day for day in map(date.fromisoformat, changes.days) if self.holds(day)}
        if touched:
            self._stale |= touched
            self._later.start()

    def _catch_up(self) -> None:
        days, self._stale = sorted(self._stale), set()
        if len(days) > FEW or self._growing:
            # What is under way would be given up for it: all of it is read then.
            self.reload()
            return
        for day in days:
            self._backend.read(partial(self._one, day), self._patch, self.failed.emit, key=f"agenda:{day}", owner=self)

    def _one(self, day: date, desk: Desk) -> AgendaPart:
        return self._read(desk, day, 1)

    def _patch(self, part: AgendaPart) -> None:
        day = part.days[0]
        at = date.fromisoformat(day.day)
        if self._first is None or not self.holds(at):
            return
        number = (at - self._first).days
        if self._days[number] != day:
            self._days[number] = day
            self._tell(part)
