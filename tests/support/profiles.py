"""A small clinic to test at: made once a session, copied for each test.

The key is raw, so that nothing waits for Argon2. It is Friday 20 November 2026, 08:00 in Manila, and stays
so until a test moves the clock.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from himsog_desktop.domain.commands import Book, NewPatient
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.time import MINUTE, Micros, Zone, parse_wall, zone
from himsog_desktop.services import booking, profiles, setup, setupfile
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.documents import AppointmentDoc

KEY = bytes(range(32))
MANILA = zone("Asia/Manila")
TODAY = date(2026, 11, 20)
"""A Friday."""

SETUP = """
[clinic]
name = "Clinic under test"

[[rooms]]
key = "room-1"
name = "Room 1"

[[staff]]
key = "ana"
name = "Ana at the desk"
role = "receptionist"
email = "ana@clinic.example"
[[staff]]
key = "dr-cruz"
name = "Elena Cruz"
role = "provider"
provider = "cruz"
[[staff]]
key = "rea"
name = "Rea who reads"
role = "read-only"
[[staff]]
key = "ivan"
name = "Ivan of IT"
role = "it"

[[providers]]
key = "cruz"
name = "Dr Elena Cruz"
specialty = "Family medicine"
slot_minutes = 30
[providers.policy]
overbook_lanes = 1
[[providers.hours]]
day = ["mon", "tue", "wed", "thu", "fri"]
start = "08:00"
end = "17:00"
[[providers.hours]]
day = "sat"
start = "08:00"
end = "12:00"
[[providers.breaks]]
name = "Lunch"
day = ["mon", "tue", "wed", "thu", "fri"]
start = "12:00"
end = "13:00"
[[providers.overrides]]
date = "2026-11-30"
kind = "holiday"
reason = "Bonifacio Day"

[[providers]]
key = "lim"
name = "Dr Ramon Lim"
slot_minutes = 20
[[providers.hours]]
day = ["mon", "wed", "fri"]
start = "09:00"
end = "12:00"
[[providers.hours]]
day = ["mon", "wed", "fri"]
start = "13:00"
end = "16:00"

[[providers]]
key = "tan"
name = "Marisol Tan"
slot_minutes = 60
[providers.policy]
auto_confirm = true
max_per_day = 3
[[providers.hours]]
day = [0, 1, 2, 3, 4, 5, 6]
start = "10:00"
end = "18:00"

[[services]]
key = "check-up"
name = "Check-up"
providers = ["cruz", "lim"]
price = 500
duration = 30
[[services]]
key = "vaccination"
name = "Vaccination"
providers = ["cruz", "lim"]
price_min = 600
price_max = 2500
buffer_after = 10
[[services]]
key = "procedure"
name = "Minor procedure"
providers = ["cruz"]
pricing = "INQUIRE"
duration = 60
max_per_day = 1
[[services]]
key = "annual"
name = "Annual health package"
providers = ["cruz"]
parts = ["check-up", "vaccination"]
price = 1800
duration = 60
[[services]]
key = "therapy"
name = "Physiotherapy"
providers = ["tan"]
price = 800
"""


class FixedClock:
    """A wall clock that stands until it is moved; the monotonic one ticks a second a look."""

    def __init__(self, now: Micros) -> None:
        self._now = now
        self._ticks = 0

    def now(self) -> Micros:
        return self._now

    def monotonic(self) -> float:
        self._ticks += 1
        return float(self._ticks)

    def forward(self, minutes: int) -> None:
        """Let time pass."""
        self._now += minutes * MINUTE


@dataclass
class World:
    """One profile of the clinic, and the people who sit at it."""

    path: Path
    clock: FixedClock
    key: bytes = KEY
    opened: list[Desk] = field(default_factory=list)

    def desk(self, login: str = "owner", initiator: str = "") -> Desk:
        """That person's desk, closed with the test."""
        made = profiles.open_desk(self.path, self.key, self.clock, person=login, initiator=initiator)
        self.opened.append(made)
        return made

    @property
    def zone(self) -> Zone:
        return MANILA

    def at(self, wall: str, day: date = TODAY) -> Micros:
        """A moment of the clinic's wall clock."""
        return MANILA.instant(day, parse_wall(wall))

    def provider(self, key: str) -> str:
        """The id of a provider."""
        return str(self._one("SELECT provider_id FROM provider_desk WHERE key = ?", key))

    def service(self, key: str, provider: str = "cruz") -> str:
        """The id of that provider's service."""
        return str(
            self._one(
                "SELECT service_id FROM service_desk WHERE key = ? AND provider_id = ?", key, self.provider(provider)
            )
        )

    def count(self, table: str) -> int:
        """How many rows a table has."""
        found = self._one(f"SELECT count(*) FROM {table}")
        assert isinstance(found, int)
        return found

    def _one(self, sql: str, *values: str) -> object:
        desk = self.opened[0] if self.opened else self.desk()
        return desk.reader.execute(sql, values).fetchone()[0]

    def book(
        self,
        desk: Desk,
        wall: str,
        name: str = "Reyes, Ana",
        *,
        provider: str = "cruz",
        day: date = TODAY,
        **more: object,
    ) -> AppointmentDoc:
        """Book a new patient; the appointment."""
        command = Book(self.provider(provider), self.at(wall, day), new_patient=NewPatient(name), **more)  # type: ignore[arg-type]
        return booking.book(desk, command).changed[0]

    def close(self) -> None:
        """Let go of the files."""
        for desk in self.opened:
            desk.cache.close()
        self.opened.clear()


def make_profile(folder: Path, setup_text: str = SETUP) -> None:
    """An empty clinic with its set-up, opened by ``KEY``; no key slots are written."""
    clock = FixedClock(MANILA.instant(TODAY, 8 * 60) - 24 * 60 * MINUTE)
    profiles.write_new(folder, KEY, new_id(), profiles.NewProfile("Clinic under test", "Asia/Manila"), clock)
    desk = profiles.open_desk(folder, KEY, clock)
    setup.apply(desk, setupfile.parse(setup_text))
    desk.cache.close()


@pytest.fixture(scope="session")
def clinic_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that each test's profile is copied from."""
    folder = tmp_path_factory.mktemp("clinic")
    make_profile(folder)
    return folder


@pytest.fixture
def world(clinic_template: Path, tmp_path: Path) -> Iterator[World]:
    """A clinic of this test's own."""
    folder = tmp_path / "profile"
    shutil.copytree(clinic_template, folder)
    made = World(folder, FixedClock(MANILA.instant(TODAY, 8 * 60)))
    yield made
    made.close()


@pytest.fixture
def desk(world: World) -> Desk:
    """The owner's desk: a manager."""
    return world.desk()
