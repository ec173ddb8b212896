"""The day (or week) in view: read at once, read again when somebody wrote, its neighbours read ahead."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from himsog_desktop.domain.day import DayPage
from himsog_desktop.ui.bridge import Behind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.domain.day import Tile
    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.ui.bridge import Backend, Handle

KEPT = 12
"""Days kept in memory: going back and forth paints at once."""

FEW = 50
"""Up to so many changed appointments are read by themselves; beyond that the page is read anew."""

ONE_DAY = timedelta(days=1)


class DayModel(QObject):
    """Pages by day. ``read`` makes one on the worker; ``first`` is the page that the start already read.

    ``starts`` says on which day the page of a day begins, where pages are of several days: ``stride`` of them.
    """

    page_ready = Signal(object)
    """A ``DayPage`` for the day in view: a new day, or the same one after a change."""
    waiting = Signal(object)
    """The day in view has no page yet."""
    read_beside = Signal(object)
    """A ``DayPage`` beside the one in view, read ahead."""
    failed = Signal(object)
    """A ``HimsogError``: the day in view could not be read."""

    def __init__(
        self,
        backend: Backend,
        read: Callable[[Desk, date], DayPage],
        day: date,
        first: DayPage | None = None,
        parent: QObject | None = None,
        *,
        starts: Callable[[date], date] | None = None,
        stride: timedelta = ONE_DAY,
        kept: int = KEPT,
    ) -> None:
        super().__init__(parent)
        self._backend = backend
        self._read = read
        self.day = day
        self._starts = starts
        self._stride = stride
        self._kept = kept
        self._pages: dict[date, DayPage] = {}
        self._asked: dict[date, Handle] = {}
        """Readings under way: what they bring may be of before a change."""
        if first is not None:
            self._pages[self.start] = first
        self._stale = False
        self._must_show = False
        """Something else than the page is in view: it is shown also when it is as before."""
        # No length: its turn comes when what is in view has been painted. To read meanwhile would slow the paint.
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._catch_up)
        backend.changed.connect(self._changed)
        backend.behind = self._lead = self._behind

    def lead(self) -> None:
        """This is what is in view: what an act changes is read for it first."""
        self._backend.behind = self._lead

    @property
    def leads(self) -> bool:
        """Whether it is what is in view."""
        return self._backend.behind is self._lead

    @property
    def start(self) -> date:
        """The first day of the page in view."""
        return self.start_of(self.day)

    def start_of(self, day: date) -> date:
        """The first day of the page that a day is on."""
        return day if self._starts is None else self._starts(day)

    @property
    def page(self) -> DayPage | None:
        """The page of the day in view, if it has been read."""
        return self._pages.get(self.start)

    def beside(self) -> list[DayPage]:
        """The pages after and before it, as far as they were read ahead."""
        found = (self._pages.get(self.start + self._stride), self._pages.get(self.start - self._stride))
        return [page for page in found if page is not None]

    def show(self, day: date) -> None:
        """Go to a day: painted at once when it was read ahead."""
        if self._stale and self.start_of(day) != self.start:
            # Left before it was read again: what is known of it is not what it is.
            self._stale = False
            self._pages.pop(self.start, None)
        self.day = day
        page = self.page
        if page is None:
            self.waiting.emit(day)
            self._ask(self.start)
            return
        self.page_ready.emit(page)
        self._later.start()

    def read_ahead(self) -> None:
        """Read the day before and the day after, so that going there paints at once."""
        for day in (self.start + self._stride, self.start - self._stride):
            if day not in self._pages:
                self._ask(day, background=True)

    def reload(self) -> None:
        """Read everything anew: Retry, or other columns."""
        page = self.page
        self._must_show = True
        self._pages.clear()
        for day in list(self._asked):
            self._give_up(day)
        if page is not None:
            # The old page stays in view until the new one is there: no flicker.
            self._pages[self.start] = page
        self._ask(self.start)

    def _ask(self, day: date, *, background: bool = False) -> None:
        def done(page: DayPage) -> None:
            self._asked.pop(day, None)
            self._arrived(day, page)

        self._asked[day] = self._backend.read(
            lambda desk: self._read(desk, day),
            done,
            lambda error: self._missed(day, error),
            key=f"{'day' if self._starts is None else 'days'}:{day}",
            owner=self,
            background=background,
        )

    def _give_up(self, day: date) -> None:
        handle = self._asked.pop(day, None)
        if handle is not None:
            handle.cancel()

    def _arrived(self, day: date, page: DayPage) -> None:
        known = self._pages.pop(day, None)
        self._pages[day] = page
        while len(self._pages) > self._kept:
            # Those beside the one in view are what is wanted next.
            oldest = next(key for key in self._pages if abs(key - self.start) > self._stride)
            del self._pages[oldest]
        if day == self.start:
            # What was read again and is the same needs no paint.
            if page != known or self._must_show:
                self._must_show = False
                self.page_ready.emit(page)
            self._later.start()
        elif abs(day - self.start) == self._stride:
            self.read_beside.emit(page)

    def _missed(self, day: date, error: HimsogError) -> None:
        self._asked.pop(day, None)
        if day == self.start:
            self._must_show = True
            self.failed.emit(error)

    def _changed(self, changes: ChangeSet) -> None:
        # ``providers`` of a change set are also those of changed appointments: ``lists`` says what was edited.
        if changes.everything or changes.services or not changes.lists.isdisjoint(("clinic", "provider")):
            self.reload()
            return
        for iso in changes.days:
            day = self.start_of(date.fromisoformat(iso))
            if day == self.start:
                self._stale = True
            else:
                self._pages.pop(day, None)
                self._give_up(day)
        if changes.days:
            self._later.start()

    def _catch_up(self) -> None:
        stale, self._stale = self._stale, False
        if stale:
            self._ask(self.start, background=not self.leads)
        elif self.leads:
            self.read_ahead()

    def _behind(self) -> Behind:
        """What an act changed in the day in view, read right behind it: its appointments, or the page anew."""
        day = self.start

        def read(desk: Desk, answer: object) -> DayPage | list[Tile]:
            keys = _touched(answer)
            known = self._pages.get(day)
            if keys is not None and not (known is not None and known.of_rooms):  # tiles don't know their rooms
                from himsog_desktop.services.day import tiles_at

                found = tiles_at(desk.cache, keys)
                if len(found) == len(keys):
                    return found
            return self._read(desk, day)

        def show(found: object) -> None:
            if isinstance(found, DayPage):
                self._arrived(day, found)
                return
            known = self._pages.get(day)
            if known is not None and isinstance(found, list):
                self._arrived(day, patched(known, found))

        return Behind(read, show)


def _touched(answer: object) -> list[tuple[Micros, str]] | None:
    """The keys of the appointments that an act left changed; None when it may have removed some, or for many."""
    from himsog_desktop.domain.time import parse_instant
    from himsog_desktop.services.documents import ActDoc

    if not isinstance(answer, ActDoc) or not answer.kind.startswith(("appointment.", "visit.")):
        return None
    if not 0 < len(answer.changed) <= FEW:
        return None
    return [(parse_instant(changed.start), changed.id) for changed in answer.changed]


def patched(page: DayPage, tiles: Sequence[Tile]) -> DayPage:
    """A page with these tiles as they are now, whether they are new in it, changed or gone to another day."""
    ids = {tile.id for tile in tiles}
    mine = [t for t in tiles if page.shows(t.provider_id) and t.start < page.end and t.end > page.start]
    return page._replace(tiles=tuple(sorted([*(t for t in page.tiles if t.id not in ids), *mine])))
