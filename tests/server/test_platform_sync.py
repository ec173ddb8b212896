"""A third party's database: attach, connect, sync, then edits both ways while the web application goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from himsog_desktop.domain.appointment import StatusAct
from himsog_desktop.domain.commands import Book, NewPatient, SetStatus
from himsog_desktop.domain.people import Role
from himsog_desktop.server import people
from himsog_desktop.server.attach import attach
from himsog_desktop.server.check import check
from himsog_desktop.server.detach import detach
from himsog_desktop.services import booking, digests, sharing, states
from tests.support.postgres import Database, Server
from tests.support.profiles import MANILA, TODAY
from tests.support.stations import PASSWORD, Clinic, Station
from tests.support.web import Web, build


@pytest.fixture
def platform(each_postgres: Server) -> Iterator[Database]:
    made = each_postgres.create()
    with made.connect() as db:
        build(db)
    yield made
    made.drop()


def _at(wall: str) -> datetime:
    hour, minute = map(int, wall.split(":"))
    return datetime.fromtimestamp(MANILA.instant(TODAY, hour * 60 + minute) / 1_000_000, UTC)


def _names(station: Station) -> set[tuple[str, str]]:
    return {(name, start) for name, start, _ in station.appointments()}


def test_attach_connect_sync_and_edits_both_ways(platform: Database, tmp_path: Path) -> None:
    with platform.connect() as db:
        web = Web(db)
        cruz = web.provider("Cruz Clinic")
        check_up = web.service(cruz, "Check-up")
        ana, ben = web.user("Ana"), web.user("Ben")
        first = web.book(cruz, ana, _at("09:00"), service=check_up)
        web.book(cruz, ben, _at("09:10"), status="CONFIRMED")
        doomed = web.book(cruz, ben, _at("11:00"))
    schema = platform.dump("--schema-only")
    attach(platform.url)
    login = f"rec-{platform.name[2:12]}"
    people.add(platform.url, people.Wanted(login, Role.MANAGER, [cruz], password=PASSWORD))
    clinic = Clinic(platform, tmp_path)
    station = clinic.empty(login)
    try:
        station.connect()
        station.sign_in()
        assert station.sync().state == "done"
        assert sorted(start for _, start, _ in station.appointments()) == ["09:00", "09:10", "11:00"]
        with platform.connect() as db:
            web = Web(db)
            # The web's statements as they were.
            web.change(first, status="CONFIRMED")
            web.delete("appointments", doomed)
            carla = web.user("Carla")
            web.book(cruz, carla, _at("10:00"), service=check_up)
            # The desk's.
            start = MANILA.instant(TODAY, 14 * 60)
            made = booking.book(station.desk, Book(cruz, start, new_patient=NewPatient("Walk-in"))).changed[0]
            states.set_status(station.desk, SetStatus(StatusAct.CANCEL, (first,), reason="Provider unavailable"))
            found = station.sync()
            assert (found.state, found.refused, found.waiting) == ("done", 0, 0)
            row = db.execute(
                "SELECT status::text, cancellation_reason FROM appointments WHERE id = %s", (first,)
            ).fetchone()
            assert row == ("CANCELLED", "Provider unavailable")
            assert db.execute("SELECT start_time FROM appointments WHERE id = %s", (made.id,)).fetchone() == (
                _at("14:00"),
            )
            with pytest.raises(psycopg.errors.ExclusionViolation):
                web.book(cruz, carla, _at("14:10"))
            web.change(made.id, status="CONFIRMED")
            web.delete("user", ben)
        station.desk.cache.forget()
        assert station.sync().state == "done"
        assert _names(station) >= {("Walk-in", "14:00")}
        assert "11:00" not in {start for _, start, _ in station.appointments()}
        assert digests.digest(station.desk) == sharing.digest(platform.url, cruz)
        assert check(platform.url).differences == []
    finally:
        clinic.close()
    assert detach(platform.url, yes=True).state == "detached"
    assert platform.dump("--schema-only") == schema
    with platform.connect() as db:
        assert db.execute("SELECT count(*) FROM appointments WHERE id = %s", (made.id,)).fetchone() == (1,)
        db.execute(f'DROP ROLE IF EXISTS "{login}"'.encode())
