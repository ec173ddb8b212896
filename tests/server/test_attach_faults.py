"""Attaching that breaks off, that has to wait, and that is done by somebody who is no superuser."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from himsog_desktop.domain.errors import NoAccess, Refused
from himsog_desktop.server import attach as module
from himsog_desktop.server import briefly as waiting
from himsog_desktop.server import detach as away
from himsog_desktop.server.attach import attach
from himsog_desktop.server.check import check
from himsog_desktop.server.detach import detach
from tests.support.postgres import Database, Server, wait_for
from tests.support.web import MONDAY, Web, build, crowd

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def platform(postgres: Server) -> Iterator[Database]:
    """A platform in use, with 40 overlaps."""
    made = postgres.create()
    with made.connect() as db:
        build(db)
        crowd(db, 800, providers=4, patients=40)
        db.execute(
            "INSERT INTO appointments SELECT (jsonb_populate_record(a, jsonb_build_object('id', 'over' || a.id,"
            " 'appointment_number', 'X' || a.id, 'start_time', a.start_time + interval '10 minutes'))).*"
            " FROM appointments AS a WHERE a.status = 'CONFIRMED' ORDER BY a.id LIMIT 40"
        )
    yield made
    made.drop()


def _whole(database: Database) -> None:
    found = check(database.url)
    assert found.differences == []
    assert len(found.overlaps) == 40
    with database.connect() as db:
        assert db.execute("SELECT count(*) FROM desk.head WHERE entity = 'appointment'").fetchone() == (840,)
        assert db.execute(
            "SELECT max(n) FROM (SELECT count(*) AS n FROM desk.occupancy GROUP BY owner) AS o"
        ).fetchone() == (1,)


def test_broken_off_after_every_step_it_goes_on(platform: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """One transaction more each time, the last of them lost before it was committed."""
    monkeypatch.setattr(module, "BATCHES", {"provider": 2, "appointment": 100})
    monkeypatch.setattr(module, "LARGEST", 100)
    real = module.briefly
    left = [0]

    def broken(db: psycopg.Connection[object], act: object, **more: object) -> object:
        if left[0] == 0:
            with db.transaction():
                act()  # type: ignore[operator]
                raise ZeroDivisionError
        left[0] -= 1
        return real(db, act, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "briefly", broken)
    breaks = 0
    while True:
        # What is there already is passed over: the tables that have their triggers count, the rows do not.
        left[0] = min(breaks, 1 + len(list(module.triggers.tables()))) + (breaks > 24)
        try:
            attach(platform.url)
            break
        except ZeroDivisionError:
            breaks += 1
    assert breaks > 24
    monkeypatch.undo()
    _whole(platform)


def test_killed_in_the_middle_of_filling_it_goes_on(platform: Database) -> None:
    command = [sys.executable, "-c", _SLOWLY, platform.url]
    running = subprocess.Popen(command, cwd=ROOT)
    try:
        with platform.connect() as db:
            counted = "SELECT count(*) FROM desk.appointment_desk"

            def begun() -> bool:
                assert running.poll() is None, "it ended before it was killed"
                there = db.execute("SELECT to_regclass('desk.appointment_desk')").fetchone() != (None,)
                return there and db.execute(counted).fetchone()[0] > 20

            wait_for(begun, 60)
            running.kill()
            running.wait()
            there = db.execute(counted).fetchone()
            assert there is not None
            assert 20 < there[0] < 840
            assert "begun and not finished" in " ".join(check(platform.url).differences)
    finally:
        running.kill()
        running.wait()
    assert attach(platform.url).state == "attached"
    _whole(platform)


_SLOWLY = """
import sys
from himsog_desktop.server import attach
attach.BATCHES = {"provider": 2, "appointment": 5}
attach.LARGEST = 5
attach.attach(sys.argv[1])
"""


def test_two_at_a_time_are_one_too_many(platform: Database) -> None:
    with platform.connect() as db:
        db.execute("SELECT pg_advisory_lock(%s)", (waiting._ONE,))
        with pytest.raises(Refused, match="Another himsog database"):
            attach(platform.url)
    assert attach(platform.url).state == "attached"


def test_a_table_that_is_held_is_waited_for_and_nobody_queues_longer_than_a_second(
    platform: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction left open: we come back for it, and the web's writes pass in between."""
    monkeypatch.setattr(waiting, "PAUSE_S", 0.2)
    done: list[str] = []
    with platform.connect() as holder, platform.connect() as db:
        web = Web(db)
        with holder.transaction():
            holder.execute("UPDATE appointments SET notes = 'open' WHERE id = 'a1'")
            thread = threading.Thread(target=lambda: done.append(attach(platform.url).state))
            thread.start()
            longest = 0.0
            until = time.monotonic() + 5
            while time.monotonic() < until:
                began = time.monotonic()
                web.change("a2", reminder_1h_sent_at=MONDAY.replace(tzinfo=None))
                longest = max(longest, time.monotonic() - began)
            assert done == []
        thread.join(60)
    assert done == ["attached"]
    assert longest < 1.6
    _whole(platform)


def test_a_table_that_is_never_free_is_said_and_is_no_harm(platform: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting.briefly, "__kwdefaults__", {"lock": "50ms", "tries": 2})
    with platform.connect() as holder, holder.transaction():
        holder.execute("LOCK TABLE services IN SHARE MODE")
        with pytest.raises(Refused, match="run it again"):
            attach(platform.url)
    assert attach(platform.url).state == "attached"
    _whole(platform)


def test_a_row_that_is_held_is_entered_when_it_is_free(platform: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    real = module.fill
    held: list[psycopg.Connection[object]] = []

    def fill(*args: object) -> int:
        if args[1] == "appointment":
            holder = platform.connect(autocommit=False)
            holder.execute("UPDATE appointments SET status = 'CANCELLED' WHERE id = 'a5'")
            held.append(holder)
            timer.start()
        return real(*args)  # type: ignore[arg-type]

    timer = threading.Timer(1.5, lambda: held[0].commit())
    monkeypatch.setattr(module, "fill", fill)
    assert attach(platform.url).state == "attached"
    timer.join()
    held[0].close()
    with platform.connect() as db:
        assert db.execute("SELECT count(*) FROM desk.occupancy WHERE owner = 'a5'").fetchone() == (0,)
    assert check(platform.url).differences == []


def test_the_owner_of_the_database_need_not_be_a_superuser(each_postgres: Server) -> None:
    made = each_postgres.create()
    name = f"landlord_{made.name}"
    try:
        with each_postgres_connection(each_postgres) as db:
            db.execute(f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD 'pw'".encode())
            db.execute(f"ALTER DATABASE {made.name} OWNER TO {name}".encode())
        url = each_postgres.url(made.name).replace("postgresql://postgres@", f"postgresql://{quote(name)}@")
        with psycopg.connect(url, autocommit=True) as db:
            build(db)
            crowd(db, 50, providers=2, patients=5)
        before = made.dump("--schema-only")
        told = attach(url).differences
        if told:
            # The tests share a server: the roles are there already and belong to its superuser.
            assert told == [f"{name} is no member of himsog_owner (GRANT himsog_owner TO {name} is missing)."]
            with each_postgres_connection(each_postgres) as db:
                db.execute(f"GRANT himsog_owner TO {name}".encode())
            assert attach(url).state == "attached"
        assert check(url).differences == []
        assert detach(url).state == "detached"
        assert made.dump("--schema-only") == before
    finally:
        made.drop()
        with each_postgres_connection(each_postgres) as db:
            db.execute(f"DROP ROLE {name}".encode())


def each_postgres_connection(server: Server) -> psycopg.Connection[object]:
    return psycopg.connect(server.url(), autocommit=True)


def test_who_may_not_is_told_what_is_missing(platform: Database) -> None:
    name = f"tenant_{platform.name}"
    with platform.connect() as db:
        db.execute(f"CREATE ROLE {name} LOGIN".encode())
        db.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}".encode())
    try:
        url = platform.url.replace("postgresql://postgres@", f"postgresql://{name}@")
        found = attach(url)
        assert found.state == "refused"
        with platform.connect() as db:
            made = db.execute("SELECT 1 FROM pg_roles WHERE rolname = 'himsog_owner'").fetchone()
        # Roles are the server's: another test's database may have made ours already.
        missing = f"{name} may not make roles (CREATEROLE is missing)."
        assert (missing in found.differences) is (made is None)
        assert any("may not make a schema" in words for words in found.differences)
        assert (
            f"{name} does not own table user: triggers and grants on it are its owner's to make." in found.differences
        )
        attach(platform.url)
        with pytest.raises(NoAccess):
            detach(url)
    finally:
        with platform.connect() as db:
            db.execute(f"DROP OWNED BY {name}".encode())
            db.execute(f"DROP ROLE {name}".encode())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE appointments SET start_time = start_time - interval '1 day' WHERE id = 'a5'",
        "DELETE FROM appointments WHERE id = 'a5'",
        "DELETE FROM \"user\" WHERE id = 'u6'",
    ],
)
def test_what_somebody_is_changing_is_left_for_the_next_round(platform: Database, statement: str) -> None:
    """Neither waited for nor entered as it was: what is entered is what stands at the end."""
    attach(platform.url)
    with platform.connect() as db, platform.connect() as writer:
        db.execute("UPDATE desk.meta SET state = 'filling'")
        db.execute("DELETE FROM desk.appointment_desk WHERE appointment_id = 'a5'")
        db.execute("SET lock_timeout = '100ms'")
        with writer.transaction():
            writer.execute(statement.encode())
            assert db.execute("SELECT desk.fill_appointments(ARRAY['a5'])").fetchone() == (0,)
        done = db.execute("SELECT desk.fill_appointments(ARRAY['a5'])").fetchone()
        assert done == (0 if statement.startswith("DELETE") else 1,)


@pytest.mark.parametrize("steps", [0, 1, 10, 25])
def test_what_broke_off_can_be_taken_away_or_gone_on_with(
    platform: Database, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    schema, rows = platform.dump("--schema-only"), platform.dump("--data-only")
    real, left = module.briefly, [steps]

    def broken(db: psycopg.Connection[object], act: object, **more: object) -> object:
        if left[0] == 0:
            raise ZeroDivisionError
        left[0] -= 1
        return real(db, act, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "briefly", broken)
    with pytest.raises(ZeroDivisionError):
        attach(platform.url)
    detach(platform.url)
    assert platform.dump("--schema-only") == schema
    assert platform.dump("--data-only") == rows
    left[0] = steps
    with pytest.raises(ZeroDivisionError):
        attach(platform.url)
    monkeypatch.undo()
    attach(platform.url)
    # Detaching broke off: attaching makes it whole again.
    left[0] = 0
    monkeypatch.setattr(away, "_drop", lambda db: broken(db, None))
    with pytest.raises(ZeroDivisionError):
        detach(platform.url)
    assert attach(platform.url).state == "attached"
    _whole(platform)
