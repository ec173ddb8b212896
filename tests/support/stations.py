"""Workstations of one clinic at a real PostgreSQL, in this process: profiles, people, the agent as a child.

Logins are drawn anew, for a role of PostgreSQL belongs to the whole server and not to a test's database.
"""

from __future__ import annotations

import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from himsog_desktop.domain.commands import Book, NewPatient
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.people import Role
from himsog_desktop.domain.syncstate import SyncStatus
from himsog_desktop.domain.time import Micros
from himsog_desktop.runtime import agent as process
from himsog_desktop.server import people
from himsog_desktop.services import booking, lists, profiles, sessions, setup, setupfile, syncing, syncnow
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.documents import AppointmentDoc, SyncDoc
from himsog_desktop.services.sessions import SessionDoc
from himsog_desktop.storage.cache import Cache
from tests.support.postgres import Database
from tests.support.profiles import KEY, MANILA, SETUP, TODAY

CLINIC = "clinic-under-test"
PASSWORD = "a password for tests"


class StationClock:
    """Wall time of the tests; the monotonic clock is the real one, for sync waits by it."""

    def __init__(self) -> None:
        self._now = MANILA.instant(TODAY, 8 * 60)

    def now(self) -> Micros:
        return self._now

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass
class Station:
    """A profile of that clinic on one workstation."""

    folder: Path
    login: str
    clinic: Clinic
    opened: list[Desk] = field(default_factory=list)

    @contextmanager
    def cache(self) -> Iterator[Cache]:
        with Cache(self.folder, KEY) as cache:
            yield cache

    def connect(self, url: str | None = None) -> sessions.ConnectDoc:
        with self.cache() as cache:
            return sessions.connect(cache, url or self.clinic.database.address)

    def sign_in(self, login: str | None = None, password: str = PASSWORD) -> SessionDoc:
        with self.cache() as cache:
            return sessions.sign_in(cache, login or self.login, password)

    def sync(self, **more: Any) -> SyncDoc:
        with self.cache() as cache:
            return syncnow.sync(self.folder, cache, self.clinic.clock, **more)

    @property
    def desk(self) -> Desk:
        """This person's desk, closed with the test."""
        if not self.opened:
            self.opened.append(profiles.open_desk(self.folder, KEY, self.clinic.clock, person=self.login))
        return self.opened[0]

    def status(self) -> SyncStatus:
        self.desk.cache.forget()
        return syncing.status(self.desk)

    def book(self, wall: str, name: str = "Reyes, Ana", day: date = TODAY, provider: str = "cruz") -> AppointmentDoc:
        """Book a new patient, with Dr Cruz."""
        raw = self.desk.reader
        provider = raw.execute("SELECT provider_id FROM provider_desk WHERE key = ?", (provider,)).fetchone()[0]
        hour, minute = map(int, wall.split(":"))
        start = MANILA.instant(day, hour * 60 + minute)
        return booking.book(self.desk, Book(provider, start, new_patient=NewPatient(name))).changed[0]

    def appointments(self) -> list[tuple[str, str, str]]:
        """Name, start and how it stands with the server, of all that is here."""
        found = lists.appointments(self.desk, lists.AppointmentFilter())
        return [(one.patient.name, one.start[11:16], one.sync) for one in found]

    def close(self) -> None:
        for desk in self.opened:
            desk.cache.close()
        self.opened.clear()

    @contextmanager
    def agent(self) -> Iterator[subprocess.Popen[bytes]]:
        """An agent as a window starts one; killed at the end."""
        started = process._spawn(process.command([str(self.folder)]))
        assert started.stdin is not None
        started.stdin.write(KEY.hex().encode() + b"\n")
        started.stdin.flush()
        try:
            yield started
        finally:
            started.kill()
            started.wait()
            started.stdin.close()


@dataclass
class Clinic:
    """A shared database with one clinic in it."""

    database: Database
    folder: Path
    clock: StationClock = field(default_factory=StationClock)
    stations: list[Station] = field(default_factory=list)

    def person(self, role: Role = Role.RECEPTIONIST) -> str:
        """A new person of the staff; her login."""
        login = f"{role.value[:4]}-{uuid.uuid4().hex[:10]}"
        people.add(self.database.url, people.Wanted(login, role, [CLINIC], password=PASSWORD))
        return login

    def empty(self, login: str) -> Station:
        """A new profile that knows no server yet."""
        folder = self.folder / f"station-{len(self.stations)}"
        folder.mkdir()
        profiles.write_new(folder, KEY, new_id(), profiles.NewProfile("Empty", "Asia/Manila"), self.clock)
        made = Station(folder, login, self)
        self.stations.append(made)
        return made

    def station(self, role: Role = Role.RECEPTIONIST, login: str | None = None) -> Station:
        """A workstation that is connected, signed in and filled."""
        made = self.empty(login or self.person(role))
        made.connect()
        made.sign_in()
        found = made.sync()
        assert found.state == "done", found
        return made

    def close(self) -> None:
        for station in self.stations:
            station.close()


def open_clinic(database: Database, folder: Path) -> Clinic:
    """A clinic on a fresh shared database, with the set-up of the clinic under test brought by its manager."""
    with database.connect() as db:
        db.execute(
            "INSERT INTO desk.clinics (id, name, timezone, currency) VALUES (%s, 'Clinic under test', 'Asia/Manila',"
            " 'PHP')",
            (CLINIC,),
        )
    made = Clinic(database, folder)
    manager = made.station(Role.MANAGER)
    setup.apply(manager.desk, setupfile.parse(SETUP))
    found = manager.sync()
    assert (found.state, found.refused, found.waiting) == ("done", 0, 0)
    return made


def until(holds: Callable[[], bool], seconds: float = 20.0) -> float:
    """Until it holds; how long that took. The test fails when it does not come true in time."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "it did not come true in time"
        time.sleep(0.005)
    return time.monotonic() - began
