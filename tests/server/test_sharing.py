"""A profile becomes a shared database: everything is there, and both sides have one fingerprint."""

from __future__ import annotations

import pytest

from himsog_desktop.domain.appointment import StatusAct, VisitState
from himsog_desktop.domain.commands import Book, NewPatient, SetStatus, SetVisit
from himsog_desktop.domain.errors import Refused
from himsog_desktop.services import booking, digests, sharing, states
from himsog_desktop.services.documents import DigestDoc
from tests.support.postgres import Database, Server
from tests.support.profiles import World


@pytest.fixture
def busy(world: World) -> World:
    desk = world.desk()
    cruz = world.provider("cruz")
    made = [
        booking.book(
            desk,
            Book(
                provider_id=cruz,
                start=world.at(f"{9 + i:02}:00"),
                new_patient=NewPatient(f"Peña, José {i}", "jose@example.com", "+639171234567"),
                service_ids=(world.service("check-up"),) if i % 2 else (),
                notes="=1+1 \u2028 \U0001f600",
                confirm=True,
            ),
        ).changed[0].id
        for i in range(3)
    ]  # fmt: skip
    states.set_visit(desk, SetVisit(made[0], VisitState.WITH_PROVIDER))
    states.set_status(desk, SetStatus(StatusAct.CANCEL, (made[1],), "Scheduling error"))
    return world


def _equal(world: World, url: str) -> DigestDoc:
    mine = digests.digest(world.opened[0])
    there = sharing.digest(url, world.opened[0].clinic.id)
    assert {n: t for n, t in mine.tables.items() if t != there.tables[n]} == {}
    return mine


def test_everything_of_a_profile_stands_in_the_database(busy: World, each_postgres: Server) -> None:
    database: Database = each_postgres.create()
    try:
        made = sharing.create_from(busy.opened[0], database.url)
        assert [(c.id, c.providers) for c in made.clinics] == [(busy.opened[0].clinic.id, 3)]
        found = _equal(busy, database.url)
        assert found.tables["appointments"].rows == 3
        with database.connect() as db:
            heads = dict(
                db.execute("SELECT entity, count(*) FROM desk.head WHERE state = 'live' GROUP BY 1").fetchall()
            )
            taken = db.execute("SELECT count(*) FROM desk.occupancy WHERE kind = 'appointment'").fetchone()
            history = db.execute("SELECT count(DISTINCT uid) FROM desk.history").fetchone()
        assert heads["appointment"] == heads["patient"] == 3
        assert taken == (2,)
        assert history == (busy.count("history"),)
        # The profile has a server now; it does not become another one's.
        with pytest.raises(Refused, match="has a server already"):
            sharing.create_from(busy.opened[0], database.url)
    finally:
        database.drop()


def test_what_changes_there_changes_the_fingerprint(busy: World, empty_database: Database) -> None:
    sharing.create_from(busy.opened[0], empty_database.url)
    with empty_database.connect() as db:
        db.execute("UPDATE public.appointments SET notes = 'other', updated_at = now()")
    there = sharing.digest(empty_database.url, busy.opened[0].clinic.id)
    mine = digests.digest(busy.opened[0])
    assert [name for name in mine.tables if mine.tables[name] != there.tables[name]] == ["appointments"]


def test_a_database_with_something_in_it_is_refused_and_the_profile_stays_as_it_was(
    busy: World, shared_database: Database
) -> None:
    before = digests.digest(busy.opened[0])
    with pytest.raises(Refused, match="not empty"):
        sharing.create_from(busy.opened[0], shared_database.url)
    assert digests.digest(busy.opened[0]) == before
    assert busy.opened[0].cache.meta("authority", "local") == "local"
