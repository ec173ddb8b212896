"""The clinic under test, for what begins with a profile; a shared database that a demo clinic fills, and its people."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from himsog_desktop.domain.people import Role
from himsog_desktop.server import people
from himsog_desktop.services import demo, profiles, sharing
from himsog_desktop.services.demo_clinic import CLINIC, CLINIC_ID, ZONE
from himsog_desktop.services.desk import Desk
from himsog_desktop.sync import address
from himsog_desktop.sync.remotes.postgres import PostgresRemote
from tests.support.postgres import Database, Server
from tests.support.profiles import KEY, MANILA, TODAY, FixedClock, clinic_template, desk, world

__all__ = ["clinic_template", "desk", "world"]

PASSWORD = "a long password of a test"


@dataclass
class Filled:
    """A shared database with a demo clinic in it, and the profile that it was made from, as it was."""

    database: Database
    desk: Desk

    @property
    def clinic(self) -> str:
        return self.desk.clinic.id

    def person(self, login: str = "maria", role: Role = Role.MANAGER, **more: str) -> PostgresRemote:
        """A person who works there, connected."""
        wanted = people.Wanted(login, role, (self.clinic,), login.title(), password=PASSWORD, **more)
        people.add(self.database.url, wanted)
        return PostgresRemote(address.parse(self.database.address), login, PASSWORD, clinic=self.clinic)


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    clock = FixedClock(MANILA.instant(TODAY, 8 * 60))
    profiles.write_new(folder, KEY, "demo", profiles.NewProfile(CLINIC, ZONE, clinic_id=CLINIC_ID), clock)
    made = profiles.open_desk(folder, KEY, clock)
    with made.cache:
        demo.fill(made, 1)
    return folder


@pytest.fixture
def filled(each_postgres: Server, demo_template: Path, tmp_path: Path) -> Iterator[Filled]:
    """A demo clinic at every PostgreSQL of this machine in turn."""
    for name in ("kept", "given"):
        shutil.copytree(demo_template, tmp_path / name)
    clock = FixedClock(MANILA.instant(TODAY, 8 * 60))
    given = profiles.open_desk(tmp_path / "given", KEY, clock)
    made = each_postgres.create()
    with given.cache:
        sharing.create_from(given, made.url)
    kept = profiles.open_desk(tmp_path / "kept", KEY, clock)
    yield Filled(made, kept)
    kept.cache.close()
    made.drop()
