"""What a person sees of her own column alone is all there at her desk, and nothing else, whoever writes and whenever.

The web application books, reassigns, gives an appointment to another patient, deletes, renames; two transactions at
once end in any order. After each pull her desk has what a new snapshot would bring her.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contracts.remote_hands import free_hour
from tests.support.shared import HOUR, SharedClinic, new_id

pytestmark = pytest.mark.timeout(240)

Key = tuple[str, str]
TABLES = {"appointments": "appointment", "user": "patient"}
ACTS = ("book", "book", "give", "give", "patient", "delete", "rename", "open", "open", "commit", "roll back", "pull")
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 11)), min_size=4, max_size=24)


@pytest.fixture(autouse=True, scope="module")
def met(clinic: SharedClinic) -> None:
    """A copied database begins another life when the first desk says hello."""
    clinic.remote("dora").hello()


class Desk:
    """A provider's desk: what it holds, by what it was told."""

    def __init__(self, clinic: SharedClinic) -> None:
        self.clinic = clinic
        self.remote = clinic.remote("dora")
        self.vers: dict[Key, int] = {}
        self.rows: dict[Key, str] = {}
        self.cursor = ""
        for table, row in self._snapshot():
            if table == "synced":
                self.vers[str(row[0]), str(row[1])] = int(str(row[2]))
            elif table in TABLES:
                self.rows[TABLES[table], str(row[0])] = ""

    def _snapshot(self) -> Iterator[tuple[str, tuple[object, ...]]]:
        for part in self.remote.snapshot(self.clinic.id("A"), None):
            self.cursor = part.cursor or self.cursor
            yield from ((part.table, row) for row in part.rows)

    def pull(self) -> None:
        """Take what changed, as a store does: nothing older than what is here."""
        for batch in self.remote.pull(self.clinic.id("A"), self.cursor):
            for change in batch.changes:
                key = change.entity, change.key
                if change.ver > self.vers.get(key, 0):
                    self.vers[key] = change.ver
                    self.rows.pop(key, None)
                    if change.state == "live":
                        self.rows[key] = str(change.image.get("name"))
            self.cursor = batch.cursor or self.cursor

    def check(self) -> None:
        """It has what a new desk of hers would get."""
        cursor = self.cursor
        there = {(TABLES[table], str(row[0])): row for table, row in self._snapshot() if table in TABLES}
        self.cursor = cursor
        assert {key for key in self.rows if key[0] in TABLES.values()} == set(there)
        for key, name in self.rows.items():
            if key[0] == "patient" and name:
                assert name in map(str, there[key])


class Web:
    """Statements of the web application, on one connection or another."""

    def __init__(self, clinic: SharedClinic) -> None:
        self.clinic = clinic
        self.patients = [clinic.id("x"), clinic.id("y"), clinic.id("w")]
        self.providers = [clinic.id("p"), clinic.id("q")]

    def act(self, db: psycopg.Connection[Any], what: str, value: int) -> None:
        """One statement; where there is nothing to do it on, nothing."""
        patient, provider = self.patients[value % 3], self.providers[value // 3 % 2]
        if what == "book":
            start = self.clinic.start + free_hour() * HOUR
            db.execute(
                "INSERT INTO public.appointments (id, appointment_number, user_id, provider_id, start_time, end_time,"
                " status, patient_name, patient_email, total_price, updated_at)"
                " VALUES (%s, %s, %s, %s, desk.utc(%s), desk.utc(%s), 'PENDING', 'X', 'x@web.example', 0, now())",
                (new_id(), new_id()[:20], patient, provider, start, start + HOUR // 2),
            )
            return
        found = db.execute("SELECT id FROM public.appointments ORDER BY id OFFSET %s LIMIT 1", (value % 5,)).fetchone()
        if what == "rename":
            db.execute("""UPDATE public."user" SET name = %s WHERE id = %s""", (f"Name {new_id()}", patient))
        elif found is not None and what == "give":
            db.execute("UPDATE public.appointments SET provider_id = %s WHERE id = %s", (provider, found[0]))
        elif found is not None and what == "patient":
            db.execute("UPDATE public.appointments SET user_id = %s WHERE id = %s", (patient, found[0]))
        elif found is not None and what == "delete":
            db.execute("DELETE FROM public.appointments WHERE id = %s", (found[0],))


@given(steps=STEPS)
@settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
def test_her_desk_has_what_she_sees(clinic: SharedClinic, steps: list[tuple[str, int]]) -> None:
    clinic.admin.execute("DELETE FROM public.appointments")
    web, desk = Web(clinic), Desk(clinic)
    other: psycopg.Connection[Any] | None = None
    try:
        for what, value in steps:
            if what == "open" and other is None:
                other = clinic.database.connect(autocommit=False, options="-c lock_timeout=100")
                web.act(other, ("book", "give", "patient", "delete")[value % 4], value)
            elif what in ("commit", "roll back") and other is not None:
                other.commit() if what == "commit" else other.rollback()
                other.close()
                other = None
            elif what == "pull":
                desk.pull()
                desk.check()
            elif what != "open":
                try:
                    with clinic.admin.transaction():
                        clinic.admin.execute("SET LOCAL lock_timeout = 100")
                        web.act(clinic.admin, what, value)
                except psycopg.errors.LockNotAvailable:
                    continue
        if other is not None:
            other.commit()
        desk.pull()
        desk.check()
    finally:
        if other is not None:
            other.close()


def test_an_appointment_that_is_given_to_her_brings_its_patient(clinic: SharedClinic) -> None:
    desk, web = Desk(clinic), Web(clinic)
    clinic.admin.execute("DELETE FROM public.appointments")
    web.act(clinic.admin, "book", 3 + 1)
    desk.pull()
    assert ("patient", clinic.id("y")) not in desk.rows
    was = clinic.count("SELECT extract(epoch FROM changed_at) FROM desk.head WHERE key = %s", clinic.id("y"))
    clinic.admin.execute("UPDATE public.appointments SET provider_id = %s", (clinic.id("p"),))
    desk.pull()
    assert desk.rows["patient", clinic.id("y")] == clinic.image("patient", clinic.id("y"))["name"]
    # Who changed her, and when, stays what it was.
    assert was == clinic.count("SELECT extract(epoch FROM changed_at) FROM desk.head WHERE key = %s", clinic.id("y"))
    clinic.admin.execute("UPDATE public.appointments SET provider_id = %s", (clinic.id("q"),))
    desk.pull()
    assert ("patient", clinic.id("y")) not in desk.rows
    desk.check()


def test_a_pull_looks_at_what_changed_and_at_nothing_else(clinic: SharedClinic) -> None:
    """Where nobody signs in for a column, no head of a patient moves with its bookings."""
    web = Web(clinic)
    ver = "SELECT ver FROM desk.head WHERE key = %s AND clinic_id = %s"
    at = clinic.id("x"), clinic.id("A")
    web.act(clinic.admin, "book", 3)
    before = clinic.count(ver, *at)
    web.act(clinic.admin, "book", 3)
    assert clinic.count(ver, *at) == before
    web.act(clinic.admin, "book", 0)
    assert clinic.count(ver, *at) > before
