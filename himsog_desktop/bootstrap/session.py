"""An open profile: its files, its thread, its follower, and what the first paint shows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.bootstrap.minding import Minding
from himsog_desktop.domain.errors import Fault
from himsog_desktop.services.day import day_page, room_page
from himsog_desktop.storage import hot
from himsog_desktop.storage.cache import REMOTE, Cache
from himsog_desktop.system.settings import SettingsFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from himsog_desktop.bootstrap.doors import Doors
    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.domain.day import DayPage
    from himsog_desktop.domain.speed import Speeds
    from himsog_desktop.domain.syncstate import SyncStatus
    from himsog_desktop.runtime.follower import Follower
    from himsog_desktop.runtime.worker import Worker
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.ui.bridge import Backend
    from himsog_desktop.ui.shell.panels import PanelFactory
    from himsog_desktop.ui.shell.prefs import Prefs
    from himsog_desktop.ui.sync.line import Line

INITIATOR = "window"
"""What this window's own writes are called in change sets."""


class OpenSession:
    """An open profile: ``ui.shell.session.Session``. Made in a few milliseconds, brought alive by ``start``."""

    def __init__(self, doors: Doors, key: bytes) -> None:
        from himsog_desktop.ui.shell.opened import Opened
        from himsog_desktop.ui.shell.prefs import Prefs, PrefsStore

        self.initiator = INITIATOR
        self._doors = doors
        self._key = key
        self._cache = Cache(doors.folder, key)
        self._worker: Worker | None = None
        self._follower: Follower[ChangeSet] | None = None
        self._backend: Backend | None = None
        self._minding = Minding(doors.folder, key, wanted=not (doors.offline or doors.demo))
        self._file = SettingsFile(doors.folder)
        kept, self.complaint = self._file.load()
        self.prefs = PrefsStore(
            Prefs(
                kept.theme,
                kept.scale,
                bool(kept.hour12),
                kept.zoom,
                kept.narrow,
                kept.hidden,
                kept.order,
                keys=kept.keys,
                contrast=kept.contrast,
                still=kept.still,
                face=kept.view,
                panel=kept.panel,
                listing=kept.listing,
                measure=kept.measure,
                beside=kept.beside,
                columns=kept.columns or "providers",
                rooms_hidden=kept.rooms_hidden,
                rooms_order=kept.rooms_order,
            ),
            self._keep,
        )
        try:
            # Before anything is read: what is written from here on is told again, and nothing before it is.
            self._stood = self._cache.stands()
            zone = self._cache.zone
            today = zone.date_of(doors.clock.now())
            self._person = _signed_in(self._cache)
            shared = self._cache.meta("authority") == REMOTE
            nobody = shared and self._person is None
            name, role = ("", "") if nobody else _who(hot.people(self._cache.reader), self._person)
            self._role = role
            # Whoever may not see every column gets her page from the worker, which knows the rights.
            at_once = role in _SEES_ALL
            page = self._page(self._cache, today) if at_once else None
        except BaseException:
            self._cache.close()
            raise
        unseeing = role == _SEES_NOTHING
        self.opened = Opened(self._cache.clinic.name, name, zone, doors.clock, today, page, shared, nobody, unseeing)

    def start(self) -> Backend:
        """See ``Session``."""
        from himsog_desktop.runtime.follower import Follower
        from himsog_desktop.runtime.worker import Worker
        from himsog_desktop.ui.bridge import Backend

        report = self._doors.report
        self._worker = Worker("cache", report)
        self._backend = Backend(self._worker, self._desk, self._desk_here, nudge=self.look, report=report)
        written = self._backend.written
        minding = self._minding
        watch = Watch(self._doors.folder, self._key, self._stood, lambda shared: minding.look(shared=shared))

        def deliver(changes: ChangeSet) -> None:
            written(changes)
            if changes.everything or "sync" in changes.lists:
                minding.look(shared=watch.shared)

        self._follower = Follower(watch.poll, deliver, failed=report, closing=watch.close)
        self._follower.start()
        return self._backend

    def look(self) -> None:
        """Something was written: look at once. From any thread."""
        if self._follower is not None:
            self._follower.nudge()

    def panels(self) -> PanelFactory:
        """See ``Session``."""
        from himsog_desktop.ui.appointments.factory import Appointments

        return Appointments()

    def sync_status(self) -> SyncStatus:
        """See ``Session``."""
        from himsog_desktop.services import syncing

        self._cache.forget()
        return syncing.status_of(self._cache)

    def outdated(self) -> bool:
        """See ``Session``."""
        self._cache.forget()
        person = _signed_in(self._cache)
        if person != self._person:
            return True
        role = "" if person is None else _who(hot.people(self._cache.reader), person)[1]
        if role and role != self._role:
            return True  # she may see more now, or less
        try:
            clinic = self._cache.clinic
        except Fault:  # it is being filled just now
            return False
        return (clinic.name, clinic.timezone) != (self.opened.clinic, self.opened.zone.name)

    def line(self) -> Line | None:
        """See ``Session``."""
        if self._doors.demo:
            return None
        from himsog_desktop.bootstrap.line import ProfileLine

        return ProfileLine(self._doors.folder, self._key)

    def chores(self) -> Worker:
        """See ``Session``."""
        return self._doors.worker()

    def report(self, error: BaseException) -> None:
        """See ``Session``."""
        self._doors.report(error)

    def again(self) -> OpenSession:
        """See ``Session``."""
        doors, key = self._doors, self._key
        self.close()
        return doors.open(key)

    def read_day(self, desk: Desk, day: date) -> DayPage:
        """See ``Session``."""
        from himsog_desktop.services.reach import seen_providers

        only = seen_providers(desk)
        page = self._page(desk.cache, day)
        if only is None:
            return page
        return page._replace(
            columns=tuple(c for c in page.columns if page.of_rooms or c.id in only),
            tiles=tuple(t for t in page.tiles if t.provider_id in only),
        )

    def _page(self, cache: Cache, day: date) -> DayPage:
        """A day with the columns that were chosen: providers, or rooms where there are any."""
        prefs = self.prefs.now
        if prefs.by_rooms and cache.clinic.rooms:
            return room_page(cache, day, prefs.rooms_hidden, prefs.rooms_order)
        return day_page(cache, day, prefs.hidden, prefs.order)

    def speeds(self) -> Speeds:
        """See ``Session``."""
        from himsog_desktop.system import speedfile

        return speedfile.load(self._doors.folder)

    def keep_speeds(self, speeds: Speeds | None) -> None:
        """See ``Session``."""
        from himsog_desktop.system import speedfile

        if speeds is None:
            speedfile.clear(self._doors.folder)
        elif speeds.kinds and not self._doors.demo:
            speedfile.save(self._doors.folder, self.speeds().with_other(speeds))

    def close(self) -> None:
        """See ``Session``."""
        if self._backend is not None:
            self._backend.close()
        if self._follower is not None:
            self._follower.stop()
        self._minding.stop()
        if self._worker is not None:
            self._worker.stop()
        if self._backend is not None:
            self._backend.deleteLater()
        self._backend = self._worker = self._follower = None
        self._cache.close()
        self._key = b""

    def _desk(self) -> Desk:
        from himsog_desktop.services import profiles

        return profiles.open_desk(
            self._doors.folder, self._key, self._doors.clock, person=self._person, initiator=INITIATOR
        )

    def _desk_here(self) -> Desk:
        from himsog_desktop.services import profiles
        from himsog_desktop.services.desk import Desk

        staff = profiles.signed_in(self._cache.reader, self._person)
        return Desk(self._cache, self._doors.clock, staff, profiles.device_name(self._cache), INITIATOR)

    def _keep(self, prefs: Prefs) -> None:
        if self._doors.demo:
            return
        kept, _ = self._file.load()
        changed = kept._replace(
            theme=prefs.scheme,
            scale=prefs.scale,
            hour12=prefs.hour12,
            zoom=prefs.zoom,
            narrow=prefs.narrow,
            hidden=prefs.hidden,
            order=prefs.order,
            columns=prefs.columns if prefs.by_rooms else None,
            rooms_hidden=prefs.rooms_hidden,
            rooms_order=prefs.rooms_order,
            keys=prefs.keys,
            contrast=prefs.contrast,
            still=prefs.still,
            view=prefs.face,
            panel=prefs.panel,
            listing=prefs.listing,
            measure=prefs.measure,
            beside=prefs.beside,
        )
        self._file.save(changed)


class Watch:
    """The follower's own connection, used on its thread alone.

    It begins where the change log ``stood`` when the first paint's page was read: at most starts nobody has
    written since, and nothing is read twice. ``opened`` hears once whether the profile has a server.
    """

    def __init__(self, folder: Path, key: bytes, stood: int, opened: Callable[[bool], None]) -> None:
        self._folder, self._key, self._stood = folder, key, stood
        self._opened: Callable[[bool], None] | None = opened
        self._cache: Cache | None = None

    def poll(self) -> ChangeSet | None:
        """What was written since the last call; at the first one, since the first paint's page was read."""
        if self._cache is None:
            cache = Cache(self._folder, self._key)
            cache.follow(self._stood)
            self._cache = cache
        if self._opened is not None:
            self._opened(self.shared)
            self._opened = None
        return self._cache.poll()

    @property
    def shared(self) -> bool:
        """Whether the profile has a server."""
        return self._cache is not None and self._cache.meta("authority") == REMOTE

    def close(self) -> None:
        """Close it."""
        if self._cache is not None:
            self._cache.close()


_SEES_ALL = ("manager", "receptionist", "read-only")
_SEES_NOTHING = "it"
"""Roles that may see every column, and the one that sees none (design, section 2, "Roles")."""


def _signed_in(cache: Cache) -> str | None:
    """The login of whoever sits at a profile that has a server."""
    return cache.meta("signed_in") or None if cache.meta("authority") == REMOTE else None


def _who(people: list[tuple[str, str, str]], person: str | None) -> tuple[str, str]:
    """Name and role of who sits here, as ``profiles.signed_in`` decides; blank when that is for it to say."""
    if person is not None:
        found = [p for p in people if p[0] == person]
    else:
        found = people if len(people) == 1 else [p for p in people if p[0] == "owner"]
    return (found[0][1], found[0][2]) if found else ("", "")
