"""Attaching to a database that somebody else made and is using: nothing of it changes, nothing is missed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from himsog_desktop.server import attach as module
from himsog_desktop.server.attach import attach
from tests.support.postgres import Database, Server
from tests.support.web import MONDAY, Web, build, crowd

HALF = timedelta(minutes=30)


@pytest.fixture
def platform(postgres: Server) -> Iterator[Database]:
    made = postgres.create()
    with made.connect() as db:
        build(db)
    yield made
    made.drop()


@pytest.fixture
def each_platform(each_postgres: Server) -> Iterator[Database]:
    made = each_postgres.create()
    with made.connect() as db:
        build(db)
    yield made
    made.drop()


class Small:
    """Two providers, services, three patients, appointments of which some overlap."""

    def __init__(self, web: Web) -> None:
        self.cruz, self.reyes = web.provider("Cruz Clinic"), web.provider("Reyes Clinic")
        self.check = web.service(self.cruz, "Check-up")
        self.xray = web.service(self.cruz, "X-ray")
        self.both = web.service(self.cruz, "Both", of=(self.check, self.xray))
        self.ana, self.ben, self.never = web.user("Ana"), web.user("Ben"), web.user("Never booked")
        self.first = web.book(self.cruz, self.ana, MONDAY, service=self.check)
        self.beside = web.book(self.cruz, self.ben, MONDAY + HALF / 2, service=self.check, status="CONFIRMED")
        self.third = web.book(self.cruz, self.ben, MONDAY + HALF / 3, status="CONFIRMED")
        self.after = web.book(self.cruz, self.ana, MONDAY + HALF + HALF / 3, status="CONFIRMED")
        self.gone = web.book(self.cruz, self.ana, MONDAY, status="CANCELLED")
        self.other = web.book(self.reyes, self.ana, MONDAY)


def _sane(database: Database) -> None:
    """What the desk keeps follows from what is there."""
    with database.connect() as db:
        for kind in ("provider", "appointment"):
            assert db.execute("SELECT count(*) FROM desk.unfilled(%s)", (kind,)).fetchone() == (0,), kind
        surplus = db.execute(
            "SELECT count(*) FROM desk.occupancy AS o LEFT JOIN public.appointments AS a ON a.id = o.owner"
            " WHERE o.kind = 'appointment' AND desk.taken_time(a) IS DISTINCT FROM o.during"
        ).fetchone()
        assert surplus == (0,)
        heads = db.execute(
            "SELECT count(*) FROM desk.head AS h LEFT JOIN public.appointments AS a ON a.id = h.key"
            " WHERE h.entity = 'appointment' AND (h.state = 'live') <> (a.id IS NOT NULL)"
        ).fetchone()
        assert heads == (0,)


def test_everything_that_was_there_is_entered(each_platform: Database) -> None:
    with each_platform.connect() as db:
        small = Small(Web(db))
        before = {
            t: db.execute(f'SELECT * FROM "{t}" ORDER BY 1, 2'.encode()).fetchall() for t in ("appointments", "user")
        }
    found = attach(each_platform.url)
    assert found.state == "attached"
    assert [(one.id, one.lane) for one in found.overlaps] == [(small.third, 1), (small.beside, 2)]
    assert set(found.overlaps[1].others) == {small.first, small.third, small.after}
    assert [(c.id, c.name) for c in found.clinics] == [(small.cruz, "Cruz Clinic"), (small.reyes, "Reyes Clinic")]
    _sane(each_platform)
    with each_platform.connect() as db:
        after = {
            t: db.execute(f'SELECT * FROM "{t}" ORDER BY 1, 2'.encode()).fetchall() for t in ("appointments", "user")
        }
        assert after == before
        heads = db.execute(
            "SELECT entity, clinic_id, count(*) FROM desk.head WHERE state = 'live' GROUP BY 1, 2"
        ).fetchall()
        assert sorted(heads) == sorted(
            [
                *(("appointment", small.cruz, 5), ("patient", small.cruz, 2), ("service", small.cruz, 3)),
                *(("appointment", small.reyes, 1), ("patient", small.reyes, 1)),
                *((kind, key, 1) for kind in ("clinic", "provider") for key in (small.cruz, small.reyes)),
            ]
        )
        assert db.execute("SELECT state FROM desk.meta").fetchone() == ("ready",)


def test_a_dry_run_says_what_would_be_done_and_does_nothing(platform: Database) -> None:
    with platform.connect() as db:
        small = Small(Web(db))
    before = platform.dump()
    found = attach(platform.url, dry_run=True)
    assert platform.dump() == before
    assert found.state == "would attach"
    assert [(one.id, one.lane) for one in found.overlaps] == [(small.third, 1), (small.beside, 2)]
    assert [c.name for c in found.clinics] == ["Cruz Clinic", "Reyes Clinic"]
    told = " ".join(step.text for step in found.steps)
    for word in ("6 appointments", "2 providers", "2 appointments that overlap", "triggers on appointments", "23P01"):
        assert word in told
    real = attach(platform.url)
    assert [(o.id, o.lane) for o in real.overlaps] == [(o.id, o.lane) for o in found.overlaps]


def test_a_second_attach_says_so_and_changes_nothing(platform: Database) -> None:
    with platform.connect() as db:
        Small(Web(db))
    attach(platform.url)
    before = platform.dump()
    assert attach(platform.url).state == "already"
    assert platform.dump() == before


def test_the_web_goes_on_as_before_and_only_an_overlap_is_refused(each_platform: Database) -> None:
    with each_platform.connect() as db:
        small = Small(Web(db))
    attach(each_platform.url)
    with each_platform.connect() as db:
        web = Web(db)
        made = web.book(small.cruz, small.ana, MONDAY + 4 * HALF, service=small.check)
        with pytest.raises(psycopg.errors.ExclusionViolation):
            web.book(small.cruz, small.ben, MONDAY + 4 * HALF + HALF / 2)
        web.book(small.cruz, small.ben, MONDAY + 5 * HALF)  # back to back
        web.change(made, status="CONFIRMED")
        web.change(made, reminder_24h_sent_at=MONDAY.replace(tzinfo=None))
        web.change(made, start_time=MONDAY + 8 * HALF, end_time=MONDAY + 9 * HALF)
        web.change(small.beside, notes="Brings her papers")
        web.change(small.beside, status="CANCELLED", cancelled_by=small.ben, cancellation_reason="Schedule conflict")
        new = web.provider("Santos Clinic")
        web.service(new, "Cleaning")
        web.book(new, small.never, MONDAY)
        web.delete("services", small.xray)
        web.delete("appointments", small.first)
        web.delete("user", small.ben)
        web.delete("providers", small.reyes)
        assert db.execute("SELECT count(*) FROM appointments WHERE user_id = %s", (small.ben,)).fetchone() == (0,)
    _sane(each_platform)


def test_who_stood_beside_another_may_not_take_the_lane_along(platform: Database) -> None:
    with platform.connect() as db:
        small = Small(Web(db))
    attach(platform.url)
    with platform.connect() as db:
        web = Web(db)
        taken = web.book(small.cruz, small.ana, MONDAY + 6 * HALF)
        with pytest.raises(psycopg.errors.ExclusionViolation):
            web.change(small.beside, start_time=MONDAY + 6 * HALF, end_time=MONDAY + 7 * HALF)
        web.delete("appointments", taken)
        web.change(small.beside, start_time=MONDAY + 6 * HALF, end_time=MONDAY + 7 * HALF)
        found = db.execute(
            "SELECT lane FROM desk.appointment_desk WHERE appointment_id = %s", (small.beside,)
        ).fetchone()
        assert found == (0,)
    _sane(platform)


def test_what_the_web_writes_meanwhile_is_not_missed(each_platform: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that books (also over others), moves, cancels and deletes all the while is never refused."""
    monkeypatch.setattr(module, "BATCHES", {"provider": 3, "appointment": 20})
    with each_platform.connect() as db:
        crowd(db, 1500, providers=6, patients=60)
    stop, troubles, acts = threading.Event(), [], [0]

    def write(number: int) -> None:
        try:
            with each_platform.connect() as db:
                web, turn = Web(db), 0
                while not stop.is_set():
                    turn += 1
                    provider, patient = f"p{1 + turn % 6}", f"u{1 + turn % 40}"
                    over = f"a{(turn * 37 + number * 500) % 1500 + 1}"
                    found = db.execute("SELECT start_time FROM appointments WHERE id = %s", (over,)).fetchone()
                    if found is None:
                        continue
                    made = web.book(provider, patient, found[0] + HALF / 3)
                    web.db.execute("UPDATE appointments SET reminder_1h_sent_at = now() WHERE id = %s", (over,))
                    if turn % 3 == 0:
                        web.change(made, start_time=found[0] + HALF, end_time=found[0] + 2 * HALF)
                    if turn % 5 == 0:
                        web.delete("appointments", made)
                    if turn % 7 == 0:
                        db.execute("DELETE FROM appointments WHERE id = %s", (over,))
                    if turn % 50 == 0:
                        db.execute('DELETE FROM "user" WHERE id = %s', (f"u{60 - turn % 20}",))
                    acts[0] += 1
        except psycopg.Error as error:
            troubles.append(repr(error))

    writers = [threading.Thread(target=write, args=(n,)) for n in range(3)]
    for one in writers:
        one.start()

    real = module.fill

    def fill(*args: object) -> int:
        done = real(*args)  # type: ignore[arg-type]
        if args[1] == "appointment":
            # All is in; from here on an overlap is refused.
            stop.set()
            for one in writers:
                one.join()
        return done

    monkeypatch.setattr(module, "fill", fill)
    try:
        found = attach(each_platform.url)
    finally:
        stop.set()
        for one in writers:
            one.join()
    assert troubles == []
    assert acts[0] > 50
    assert found.overlaps
    _sane(each_platform)


def test_the_platforms_own_schema_gets_triggers_and_grants_and_nothing_else(each_platform: Database) -> None:
    public = ("--schema-only", "--schema=public")
    before = each_platform.dump(*public).splitlines()
    attach(each_platform.url)
    after = each_platform.dump(*public).splitlines()
    assert [line for line in before if line not in after] == []
    words = ("CREATE TRIGGER himsog_", "ENABLE ALWAYS TRIGGER himsog_", "TO himsog_owner;", "-- Name: ")
    assert [line for line in after if line and line not in before and not any(word in line for word in words)] == []
    with each_platform.connect() as db:
        # The record of our revisions is ours too.
        assert db.execute("SELECT to_regclass('public.alembic_version')").fetchone() == (None,)
        assert db.execute("SELECT count(*) FROM desk.alembic_version").fetchone() == (1,)


def test_the_web_comes_as_a_role_that_knows_nothing_of_the_desk(each_platform: Database) -> None:
    """Its role has the platform's tables and no more, a search path of its own and strict transactions."""
    name = f"web_{each_platform.name}"
    with each_platform.connect() as db:
        small = Small(Web(db))
        db.execute(f"CREATE ROLE {name} LOGIN".encode())
        db.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}".encode())
    attach(each_platform.url)
    url = each_platform.url.replace("postgresql://postgres@", f"postgresql://{name}@")
    try:
        for settings in ("", "-c search_path=public -c default_transaction_isolation=serializable -c DateStyle=German"):
            with psycopg.connect(url, autocommit=True, options=settings) as db:
                web = Web(db)
                carla, santos = web.user("Carla"), web.provider("Santos Clinic")
                made = web.book(santos, carla, MONDAY, service=web.service(santos, "Cleaning"))
                web.change(made, status="CONFIRMED")
                with pytest.raises(psycopg.errors.ExclusionViolation):
                    web.book(santos, small.ana, MONDAY + HALF / 2)
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    db.execute("SELECT * FROM desk.patients")
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    db.execute("SELECT desk.admit('c', ARRAY['p'])")
                web.delete("providers", santos)
                web.delete("user", carla)
        _sane(each_platform)
    finally:
        with each_platform.connect() as db:
            db.execute(f"DROP OWNED BY {name}".encode())
            db.execute(f"DROP ROLE {name}".encode())
