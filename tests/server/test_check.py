"""`database check` names what is not as it should be, one planted difference at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from himsog_desktop.domain.errors import Refused
from himsog_desktop.domain.people import Role
from himsog_desktop.server import people
from himsog_desktop.server.attach import attach
from himsog_desktop.server.check import check
from himsog_desktop.server.state import State
from himsog_desktop.server.upgrade import upgrade
from tests.server.conftest import Filled
from tests.support.postgres import Database, Server
from tests.support.web import MONDAY, Web, build

_NO_ENUM = (
    "ALTER TABLE appointments ALTER COLUMN status DROP DEFAULT, ALTER COLUMN status TYPE text;"
    ' DROP TYPE "AppointmentStatus"'
)
PLATFORM = {
    "DROP TABLE break_times": "Table break_times is missing.",
    "ALTER TABLE appointments DROP COLUMN activity_notes": "Column appointments.activity_notes is missing.",
    "ALTER TABLE appointments ALTER COLUMN start_time TYPE timestamp(3)": (
        "Column appointments.start_time is timestamp(3) without time zone; timestamp(6) with time zone is needed."
    ),
    "ALTER TABLE appointments ALTER COLUMN patient_name DROP NOT NULL": (
        "Column appointments.patient_name may be empty; it must not be (NOT NULL)."
    ),
    "UPDATE appointments SET notes = ''; ALTER TABLE appointments ALTER COLUMN notes SET NOT NULL": (
        "Column appointments.notes must not be empty (NOT NULL); it has to allow that."
    ),
    "ALTER TABLE providers ALTER COLUMN city DROP DEFAULT": "Column providers.city has no default.",
    "ALTER TABLE services ADD COLUMN tax int NOT NULL DEFAULT 0; ALTER TABLE services ALTER tax DROP DEFAULT": (
        "Column services.tax, which is not known here, must be filled and has no default: nothing could be written by"
        " a desk."
    ),
    "DROP INDEX appointments_appointment_number_idx": "Table appointments has no unique key (appointment_number).",
    "ALTER TABLE appointments ENABLE ROW LEVEL SECURITY": (
        "Row-level security is on at table appointments: the desk's functions would not see its rows."
    ),
    _NO_ENUM: ("The enum AppointmentStatus is missing."),
    "ALTER TYPE \"NotificationType\" RENAME VALUE 'REVIEW_RECEIVED' TO 'REVIEWED'": (
        "The enum NotificationType has no value REVIEW_RECEIVED."
    ),
    "CREATE SCHEMA desk": "A schema desk is there which is none of ours: it belongs to postgres.",
}

DESK = {
    "DROP TRIGGER himsog_update ON services": "Trigger himsog_update on services is missing or not as it should be.",
    "ALTER TABLE appointments DISABLE TRIGGER himsog_insert": (
        "Trigger himsog_insert on appointments is missing or not as it should be."
    ),
    "DROP FUNCTION desk.revision()": "Function desk.revision() is missing.",
    "CREATE OR REPLACE FUNCTION desk.source() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'desk' $$": (
        "Function desk.source() is not as it should be."
    ),
    "CREATE FUNCTION desk.mine() RETURNS text LANGUAGE sql AS $$ SELECT '' $$": (
        "Function desk.mine() is none of ours."
    ),
    "GRANT EXECUTE ON FUNCTION desk.admit(text, text[]) TO himsog_desk": (
        "himsog_desk has EXECUTE on function desk.admit(text,text[]) and should not."
    ),
    "REVOKE USAGE ON SCHEMA desk FROM himsog_desk": "himsog_desk lacks USAGE on schema desk.",
    "REVOKE UPDATE ON appointments FROM himsog_owner": "himsog_owner lacks UPDATE on table appointments.",
    'REVOKE SELECT ("userId") ON account FROM himsog_owner': "himsog_owner lacks SELECT on column account.userId.",
    "GRANT SELECT ON desk.patients TO PUBLIC": "PUBLIC has SELECT on table desk.patients and should not.",
    "GRANT SELECT ON messages TO himsog_desk": (
        "Everybody of the staff may SELECT in table messages without the desk's functions (PUBLIC or himsog_desk was"
        " given that): who sees what is then not kept."
    ),
    "DROP TABLE desk.visit CASCADE": "Table desk.visit is missing.",
    "ALTER TABLE desk.rooms DROP COLUMN kind": "Column desk.rooms.kind is missing.",
    "DROP INDEX desk.head_feed": "Index desk.head_feed on head is missing: desks would be slow.",
    "ALTER TABLE desk.occupancy DROP CONSTRAINT occupancy_free": (
        "The constraint occupancy_free is missing: nothing keeps two from booking the same time."
    ),
    "DELETE FROM desk.head WHERE entity = 'appointment'": (
        "1 appointments are not entered: no desk would see them, or their time is not taken."
    ),
    "DELETE FROM desk.occupancy": "1 appointments are not entered: no desk would see them, or their time is not taken.",
    "DELETE FROM desk.head WHERE entity = 'service'": (
        "1 providers are not entered: they have no clinic, or a service that no desk would see."
    ),
    "UPDATE desk.alembic_version SET version_num = '0000'": (
        "The desk's tables are of revision 0000, and 0001 is needed: himsog database upgrade URL."
    ),
    "UPDATE desk.meta SET state = 'filling'": (
        "Attaching (or detaching) was begun and not finished. Run it again: it goes on."
    ),
    "ALTER ROLE jo NOLOGIN": ("The login jo may sign in although the person is disabled, or the other way round."),
}


@pytest.fixture
def platform(postgres: Server) -> Iterator[Database]:
    made = postgres.create()
    with made.connect() as db:
        build(db)
        web = Web(db)
        provider = web.provider("Cruz Clinic")
        web.book(provider, web.user("Ana"), MONDAY, service=web.service(provider, "Check-up"))
    yield made
    made.drop()


@pytest.fixture(scope="module")
def attached(servers) -> Iterator[str]:
    """A database with a desk and a person, to copy from."""
    server: Server = servers.get()
    made = server.create()
    with made.connect() as db:
        build(db)
        web = Web(db)
        provider = web.provider("Cruz Clinic")
        web.book(provider, web.user("Ana"), MONDAY, service=web.service(provider, "Check-up"))
    attach(made.url)
    people.add(made.url, people.Wanted("jo", Role.MANAGER, [provider], password="correct horse"))
    yield made.name
    made.drop()
    with psycopg.connect(server.url(), autocommit=True) as db:
        db.execute("DROP ROLE jo")


@pytest.fixture
def desk(postgres: Server, attached: str) -> Iterator[Database]:
    made = postgres.create(attached)
    yield made
    with made.connect() as db:
        db.execute("ALTER ROLE jo LOGIN")
    made.drop()


def test_a_platform_as_it_is_known_has_no_difference(platform: Database) -> None:
    with platform.connect() as db:
        db.execute("CREATE TABLE campaigns (id text PRIMARY KEY)")
        db.execute("ALTER TABLE appointments ADD COLUMN campaign text, ADD COLUMN rank integer NOT NULL DEFAULT 0")
        db.execute("ALTER TYPE \"AppointmentStatus\" ADD VALUE 'RESCHEDULED'")
    found = check(platform.url)
    assert (found.state, found.differences) == (State.PLATFORM, [])
    assert [c.name for c in found.clinics] == ["Cruz Clinic"]
    assert attach(platform.url).state == "attached"


@pytest.mark.parametrize("planted", PLATFORM)
def test_a_difference_of_the_platform_is_named_and_nothing_is_attached(platform: Database, planted: str) -> None:
    with platform.connect() as db:
        db.execute(planted.encode())
    assert PLATFORM[planted] in check(platform.url).differences
    found = attach(platform.url)
    assert found.state == "refused"
    assert PLATFORM[planted] in found.differences
    with platform.connect() as db:
        assert db.execute("SELECT to_regclass('desk.meta')").fetchone() == (None,)


def test_a_desk_as_it_should_be_has_no_difference(desk: Database) -> None:
    before = desk.dump()
    found = check(desk.url)
    assert (found.state, found.differences) == (State.READY, [])
    assert desk.dump() == before


@pytest.mark.parametrize("planted", DESK)
def test_a_difference_of_the_desk_is_named(desk: Database, planted: str) -> None:
    with desk.connect() as db:
        db.execute(planted.encode())
    assert DESK[planted] in check(desk.url).differences


def test_neither_a_check_nor_a_dry_run_mends_anything(desk: Database) -> None:
    with desk.connect() as db:
        db.execute("DROP FUNCTION desk.revision()")
        db.execute("DROP TRIGGER himsog_update ON services")
        db.execute("REVOKE UPDATE ON appointments FROM himsog_owner")
        db.execute("DELETE FROM desk.head WHERE entity = 'service'")
    before = desk.dump()
    assert len(check(desk.url).differences) == 4
    upgrade(desk.url, dry_run=True)
    assert desk.dump() == before


@pytest.mark.parametrize(
    "planted",
    [
        text
        for text in DESK
        if text.startswith(
            ("DROP TRIGGER", "ALTER TABLE appointments", "DROP FUNCTION", "CREATE OR", "REVOKE", "DELETE")
        )
    ],
)
def test_an_upgrade_mends_what_is_made_anew(desk: Database, planted: str) -> None:
    with desk.connect() as db:
        db.execute(planted.encode())
    upgrade(desk.url)
    assert check(desk.url).differences == []


def test_what_changed_while_a_trigger_was_off_is_entered_by_an_upgrade(desk: Database) -> None:
    with desk.connect() as db:
        web = Web(db)
        (provider,) = db.execute("SELECT id FROM providers").fetchone()
        patient = web.user("Ben")
        db.execute("ALTER TABLE appointments DISABLE TRIGGER USER")
        made = web.book(provider, patient, MONDAY)
    assert len(check(desk.url).differences) > 1
    upgrade(desk.url)
    found = check(desk.url)
    assert (found.differences, [one.id for one in found.overlaps]) == ([], [made])


def test_without_a_desk_there_is_nothing_to_upgrade(platform: Database, empty_database: Database) -> None:
    for one in (platform, empty_database):
        with pytest.raises(Refused, match="database attach"):
            upgrade(one.url)
    assert "empty" in check(empty_database.url).differences[0]
    assert "empty" in attach(empty_database.url).differences[0]


def test_a_copy_that_was_restored_from_a_dump_has_no_difference(desk: Database, tmp_path: Path) -> None:
    made = desk.server.create()
    try:
        file = tmp_path / "dump.sql"
        file.write_text(desk.server.run("pg_dump", "-d", desk.url).stdout)
        desk.server.run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", made.url, "-f", str(file))
        assert check(made.url).differences == []
        with made.connect() as db, desk.connect() as old:
            assert (
                db.execute("SELECT epoch FROM desk.meta").fetchone()
                == old.execute("SELECT epoch FROM desk.meta").fetchone()
            )
            db.execute("SELECT desk.renew()")
            assert (
                db.execute("SELECT epoch FROM desk.meta").fetchone()
                != old.execute("SELECT epoch FROM desk.meta").fetchone()
            )
            # What an administrator says after a computer was set back as a whole.
            db.execute("UPDATE desk.meta SET home = ''")
            (before,) = db.execute("SELECT epoch FROM desk.meta").fetchone()
            db.execute("SELECT desk.renew()")
            assert db.execute("SELECT epoch FROM desk.meta").fetchone() != (before,)
    finally:
        made.drop()


def test_what_create_makes_has_no_difference(shared_database: Database) -> None:
    assert check(shared_database.url).differences == []


def test_what_a_profile_fills_has_no_difference(filled: Filled) -> None:
    assert check(filled.database.url).differences == []
