"""Who takes which time: kept by the database itself, whoever writes, and nobody takes it twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.postgres import Database
from tests.support.shared import SharedClinic
from tests.support.web import MONDAY, Web, new_id

HALF = timedelta(minutes=30)


@pytest.fixture
def clinic(each_shared_database: Database) -> Iterator[SharedClinic]:
    made = SharedClinic(each_shared_database)
    yield made
    made.close()


def _block(clinic: SharedClinic, key: str, first: int, last: int, provider: str = "p") -> None:
    clinic.admin.execute(
        "INSERT INTO desk.blocks VALUES (%s, %s, %s, %s, 'Away', false, NULL, NULL, now(), now())",
        (key, clinic.id(provider), MONDAY + first * HALF, MONDAY + last * HALF),
    )


def _taken(clinic: SharedClinic, kind: str, provider: str = "p") -> list[tuple[int, int]]:
    """What is taken, in half hours from Monday on."""
    rows = clinic.admin.execute(
        "SELECT lower(during), upper(during) FROM desk.occupancy WHERE kind = %s AND resource = %s ORDER BY 1",
        (kind, clinic.id(provider)),
    ).fetchall()
    return [(int((low - MONDAY) / HALF), int((high - MONDAY) / HALF)) for low, high in rows]


def test_back_to_back_is_no_overlap_and_an_overlap_is_refused(clinic: SharedClinic) -> None:
    web = Web(clinic.admin)
    web.book(clinic.id("p"), clinic.id("w"), MONDAY)
    web.book(clinic.id("p"), clinic.id("w"), MONDAY + HALF)
    with pytest.raises(psycopg.errors.ExclusionViolation):
        web.book(clinic.id("p"), clinic.id("x"), MONDAY + HALF / 2)
    web.book(clinic.id("q"), clinic.id("x"), MONDAY + HALF / 2)
    assert clinic.count("SELECT count(*) FROM appointments") == 3
    # Nothing is left of what was refused.
    assert clinic.count("SELECT count(*) FROM desk.appointment_desk") == 3
    assert clinic.count("SELECT count(*) FROM desk.head WHERE entity = 'appointment'") == 3


def test_what_is_over_takes_no_time(clinic: SharedClinic) -> None:
    web = Web(clinic.admin)
    for status in ("COMPLETED", "CANCELLED", "NO_SHOW"):
        one = web.book(clinic.id("p"), clinic.id("w"), MONDAY)
        web.change(one, status=status)
        two = web.book(clinic.id("p"), clinic.id("x"), MONDAY)
        with pytest.raises(psycopg.errors.ExclusionViolation):
            web.change(one, status="CONFIRMED")
        web.delete("appointments", two)
        web.change(one, status="CONFIRMED")
        web.delete("appointments", one)


def test_two_change_places_in_one_statement(clinic: SharedClinic) -> None:
    web = Web(clinic.admin)
    one, two = (web.book(clinic.id("p"), clinic.id("w"), MONDAY + i * HALF) for i in range(2))
    clinic.admin.execute(
        "UPDATE appointments AS a SET start_time = b.start_time, end_time = b.end_time"
        "  FROM appointments AS b WHERE a.id = ANY(%s) AND b.id = ANY(%s) AND a.id <> b.id",
        ([one, two], [one, two]),
    )
    assert _taken(clinic, "appointment") == [(0, 1), (1, 2)]


def test_two_change_places_in_two_statements_when_it_is_looked_at_in_the_end(clinic: SharedClinic) -> None:
    web = Web(clinic.admin)
    one, two = (web.book(clinic.id("p"), clinic.id("w"), MONDAY + i * HALF) for i in range(2))
    with clinic.admin.transaction():
        clinic.admin.execute("SET CONSTRAINTS desk.occupancy_free DEFERRED")
        web.change(one, start_time=MONDAY + HALF, end_time=MONDAY + 2 * HALF)
        web.change(two, start_time=MONDAY, end_time=MONDAY + HALF)
        clinic.admin.execute("SET CONSTRAINTS desk.occupancy_free IMMEDIATE")


def test_a_lane_beside_is_free(clinic: SharedClinic) -> None:
    web = Web(clinic.admin)
    web.book(clinic.id("p"), clinic.id("w"), MONDAY)
    key = new_id()
    clinic.admin.execute(
        "INSERT INTO desk.appointment_desk (appointment_id, clinic_id, location, lane, source, outcome_missing)"
        " VALUES (%s, %s, 'in_person', 1, 'desk', false)",
        (key, clinic.id("A")),
    )
    _insert(clinic, key, MONDAY)
    with pytest.raises(psycopg.errors.ExclusionViolation):
        clinic.admin.execute("UPDATE desk.appointment_desk SET lane = 0 WHERE appointment_id = %s", (key,))


def _insert(clinic: SharedClinic, key: str, start: Any, provider: str = "p") -> None:
    clinic.admin.execute(
        "INSERT INTO appointments (id, appointment_number, user_id, provider_id, start_time, end_time, total_price,"
        " patient_name, patient_email, updated_at) VALUES (%s, %s, %s, %s, %s, %s, 1, 'X', 'x@example.org', now())",
        (key, key, clinic.id("x"), clinic.id(provider), start, start + HALF),
    )


def test_a_room_is_one_of_all_providers(clinic: SharedClinic) -> None:
    web, run = Web(clinic.admin), clinic.admin.execute
    one = web.book(clinic.id("p"), clinic.id("w"), MONDAY)
    two = web.book(clinic.id("q"), clinic.id("x"), MONDAY)
    use = "INSERT INTO desk.appointment_rooms VALUES (%s, %s)"
    run(use, (one, clinic.id("r1")))
    with pytest.raises(psycopg.errors.ExclusionViolation):
        run(use, (two, clinic.id("r1")))
    run(use, (two, clinic.id("r2")))
    web.change(one, status="CANCELLED")
    run(use, (two, clinic.id("r1")))
    assert clinic.count("SELECT count(*) FROM desk.occupancy WHERE owner = %s", two) == 3


def test_blocked_time_takes_what_nobody_has_in_it(clinic: SharedClinic) -> None:
    web = Web(clinic.admin)
    inside = web.book(clinic.id("p"), clinic.id("w"), MONDAY + 2 * HALF)
    _block(clinic, "b", 0, 6)
    assert _taken(clinic, "block") == [(0, 2), (3, 6)]
    with pytest.raises(psycopg.errors.ExclusionViolation):
        web.book(clinic.id("p"), clinic.id("w"), MONDAY)
    # What goes leaves its time to the block; what moves inside it finds no room.
    with pytest.raises(psycopg.errors.ExclusionViolation):
        web.change(inside, start_time=MONDAY + 4 * HALF, end_time=MONDAY + 5 * HALF)
    web.change(inside, status="CANCELLED")
    assert _taken(clinic, "block") == [(0, 6)]
    with pytest.raises(psycopg.errors.ExclusionViolation):
        web.change(inside, status="CONFIRMED")
    clinic.admin.execute("UPDATE desk.blocks SET start_time = %s WHERE id = 'b'", (MONDAY + 4 * HALF,))
    assert _taken(clinic, "block") == [(4, 6)]
    web.change(inside, status="CONFIRMED")
    clinic.admin.execute("DELETE FROM desk.blocks")
    assert _taken(clinic, "block") == []


def test_one_block_stands_in_for_another(clinic: SharedClinic) -> None:
    _block(clinic, "one", 0, 4)
    _block(clinic, "two", 2, 6)
    assert _taken(clinic, "block") == [(0, 4), (4, 6)]
    clinic.admin.execute("DELETE FROM desk.blocks WHERE id = 'one'")
    assert _taken(clinic, "block") == [(2, 6)]


def test_what_takes_no_time_is_let_in(clinic: SharedClinic) -> None:
    key = Web(clinic.admin).book(clinic.id("p"), clinic.id("w"), MONDAY)
    ten, eleven = "2026-03-02 10:00+00", "2026-03-02 11:00+00"
    for start, end in ((ten, ten), (eleven, ten), (ten, "infinity")):
        clinic.admin.execute(
            "UPDATE appointments SET start_time = %s::timestamptz, end_time = %s::timestamptz WHERE id = %s",
            (start, end, key),
        )
        assert _taken(clinic, "appointment") == []


def test_rows_by_copy_are_rows(clinic: SharedClinic) -> None:
    text = (
        "COPY appointments (id, appointment_number, user_id, provider_id, start_time, end_time, total_price,"
        " patient_name, patient_email, updated_at) FROM STDIN"
    )

    def copy(starts: list[int]) -> None:
        with clinic.admin.cursor().copy(text) as rows:
            for i in starts:
                at = MONDAY + i * HALF
                rows.write_row((f"c{i}", f"C{i}", clinic.id("w"), clinic.id("p"), at, at + HALF, 1, "X", "x@x", at))

    copy(list(range(20)))
    assert len(_taken(clinic, "appointment")) == 20
    assert clinic.count("SELECT count(*) FROM desk.head WHERE entity = 'appointment' AND state = 'live'") == 20
    with pytest.raises(psycopg.errors.ExclusionViolation), clinic.admin.cursor().copy(text) as rows:
        rows.write_row(("d", "D", clinic.id("w"), clinic.id("p"), MONDAY, MONDAY + HALF, 1, "X", "x@x", MONDAY))


def test_a_replica_that_applies_rows_is_noticed_too(clinic: SharedClinic) -> None:
    clinic.admin.execute("SET session_replication_role = replica")
    made = Web(clinic.admin).book(clinic.id("p"), clinic.id("w"), MONDAY)
    assert clinic.count("SELECT count(*) FROM desk.head WHERE key = %s", made) == 1


def test_truncate_is_refused(clinic: SharedClinic) -> None:
    for table in ('"user"', "appointments", "providers", "services", "operating_hours", "desk.blocks"):
        with pytest.raises(psycopg.errors.FeatureNotSupported, match="TRUNCATE is refused"):
            clinic.admin.execute(f"TRUNCATE {table} CASCADE".encode())


def test_of_two_who_book_at_once_one_does(clinic: SharedClinic) -> None:
    answers: list[str | None] = []

    def book(i: int, at: threading.Barrier) -> None:
        with clinic.database.connect() as db:
            web = Web(db)
            at.wait(10)
            try:
                web.book(clinic.id("p"), clinic.id("w"), MONDAY + (i % 3) * HALF / 3)
                answers.append(None)
            except (psycopg.errors.ExclusionViolation, psycopg.errors.DeadlockDetected) as error:
                answers.append(error.sqlstate)

    at = threading.Barrier(8)
    threads = [threading.Thread(target=book, args=(i, at)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A deadlock is said to all but one of a ring: then it may be nobody.
    assert answers.count(None) == 1 or "40P01" in answers
    assert len(_taken(clinic, "appointment")) == answers.count(None) <= 1


# ------------------------------------------------------------------------------------- the law of it

_ACT = st.one_of(
    st.tuples(st.just("book"), st.integers(0, 9), st.integers(1, 3), st.integers(0, 1)),
    st.tuples(st.just("move"), st.integers(0, 9), st.integers(0, 9), st.integers(1, 3)),
    st.tuples(
        st.just("status"), st.integers(0, 9), st.sampled_from(["CONFIRMED", "CANCELLED", "COMPLETED"]), st.none()
    ),
    st.tuples(st.just("delete"), st.integers(0, 9), st.none(), st.none()),
    st.tuples(st.just("block"), st.integers(0, 9), st.integers(1, 6), st.none()),
    st.tuples(st.just("moveblock"), st.integers(0, 9), st.integers(0, 9), st.integers(1, 6)),
    st.tuples(st.just("unblock"), st.integers(0, 9), st.none(), st.none()),
)

_LAW = """
SELECT p.id,
    (SELECT range_agg(during) FROM desk.occupancy WHERE resource = p.id AND kind = 'block')
        IS DISTINCT FROM nullif(
            coalesce((SELECT range_agg(tstzrange(b.start_time, b.end_time)) FROM desk.blocks AS b
                       WHERE b.provider_id = p.id), '{}')
            - coalesce((SELECT range_agg(tstzrange(a.start_time, a.end_time)) FROM appointments AS a
                          JOIN desk.appointment_desk AS d ON d.appointment_id = a.id
                         WHERE a.provider_id = p.id AND a.status IN ('PENDING', 'CONFIRMED') AND d.lane = 0), '{}'),
            '{}'),
    (SELECT array_agg((owner, lane, during)::text ORDER BY owner) FROM desk.occupancy
      WHERE resource = p.id AND kind = 'appointment')
        IS DISTINCT FROM
    (SELECT array_agg((a.id, d.lane, tstzrange(a.start_time, a.end_time))::text ORDER BY a.id) FROM appointments AS a
       JOIN desk.appointment_desk AS d ON d.appointment_id = a.id
      WHERE a.provider_id = p.id AND a.status IN ('PENDING', 'CONFIRMED'))
  FROM providers AS p
"""


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=st.lists(_ACT, min_size=1, max_size=25))
def test_what_is_taken_follows_from_the_tables(clinic: SharedClinic, acts: list[tuple[Any, ...]]) -> None:
    run = clinic.admin.execute
    run("DELETE FROM appointments")
    run("DELETE FROM desk.blocks")
    web, made, blocks = Web(clinic.admin), [], []
    for act, a, b, c in acts:
        try:
            if act == "book":
                made.append(web.book(clinic.id("pq"[c]), clinic.id("w"), MONDAY + a * HALF, 30 * b))
            elif act == "move" and made:
                web.change(made[a % len(made)], start_time=MONDAY + b * HALF, end_time=MONDAY + (b + c) * HALF)
            elif act == "status" and made:
                web.change(made[a % len(made)], status=b)
            elif act == "delete" and made:
                web.delete("appointments", made.pop(a % len(made)))
            elif act == "block":
                blocks.append(new_id())
                _block(clinic, blocks[-1], a, a + b)
            elif act == "moveblock" and blocks:
                run(
                    "UPDATE desk.blocks SET start_time = %s, end_time = %s WHERE id = %s",
                    (MONDAY + b * HALF, MONDAY + (b + c) * HALF, blocks[a % len(blocks)]),
                )
            elif act == "unblock" and blocks:
                run("DELETE FROM desk.blocks WHERE id = %s", (blocks.pop(a % len(blocks)),))
        except psycopg.errors.ExclusionViolation:
            pass
        assert [row for row in run(_LAW.encode()).fetchall() if row[1] or row[2]] == []


def test_many_rows_at_once_are_followed_like_one(clinic: SharedClinic) -> None:
    """Two thousand in a statement, after single ones have made the plans: minutes, where a plan of one were kept."""
    web, run = Web(clinic.admin), clinic.admin.execute
    for i in range(12):
        web.change(web.book(clinic.id("q"), clinic.id("w"), MONDAY + i * HALF), notes="one")
    run("SET statement_timeout = '60s'")
    run(
        "INSERT INTO appointments (id, appointment_number, user_id, provider_id, start_time, end_time, total_price,"
        " patient_name, patient_email, updated_at)"
        " SELECT 'm' || i, 'M' || i, %s, %s, t, t + interval '30 minutes', 1, 'X', 'x@example.org', now()"
        "   FROM generate_series(1, 2000) AS i, LATERAL (SELECT %s + i * interval '30 minutes' AS t) AS at",
        (clinic.id("x"), clinic.id("p"), MONDAY),
    )
    run("UPDATE appointments SET notes = 'moved', start_time = start_time + interval '5 years', end_time = end_time +"
        " interval '5 years' WHERE id LIKE 'm%%'", ())  # fmt: skip
    assert (
        clinic.count("SELECT count(*) FROM desk.occupancy WHERE lower(during) > %s", MONDAY + 1000 * HALF * 48) == 2000
    )
    assert clinic.count("SELECT count(*) FROM desk.history WHERE kind = 'web.change' AND after ? 'start'") == 2000
    run("DELETE FROM appointments WHERE id LIKE 'm%%'", ())
    assert clinic.count("SELECT count(*) FROM desk.occupancy WHERE resource = %s", clinic.id("p")) == 0
    assert clinic.count("SELECT count(*) FROM desk.head WHERE state = 'deleted'") == 2000
