"""What a desk is told: every change once, by whomever; deletions, evictions; and what a cursor is good for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from himsog_desktop.domain.errors import HimsogError
from himsog_desktop.domain.intents import Change
from himsog_desktop.domain.people import Role
from tests.campaigns import feed
from tests.support.postgres import Database
from tests.support.shared import SharedClinic
from tests.support.web import MONDAY, Web


class Follower:
    """A desk that follows a clinic."""

    def __init__(self, clinic: SharedClinic, who: str = "mia", where: str = "A") -> None:
        self.remote = clinic.remote(who)
        self.where = clinic.id(where)
        self.remote.hello()
        self.cursor = list(self.remote.snapshot(self.where, None))[-1].cursor or ""
        self.history: list[Any] = []

    def pull(self) -> dict[tuple[str, str], Change]:
        """What changed since the last time, by entity and key."""
        found: dict[tuple[str, str], Change] = {}
        self.history = []
        for batch in self.remote.pull(self.where, self.cursor):
            for change in batch.changes:
                assert (change.entity, change.key) not in found, "told twice in one pull"
                found[change.entity, change.key] = change
            self.history += batch.history
            self.cursor = batch.cursor or self.cursor
        return found


@pytest.fixture
def clinic(each_shared_database: Database) -> Iterator[SharedClinic]:
    made = SharedClinic(each_shared_database)
    yield made
    made.close()


def test_nothing_is_missed_beside_many_writers(each_shared_database: Database) -> None:
    heard, there = feed.run(each_shared_database, rows=240, writers=8, seed=1)
    assert heard.wrong == []
    assert len(there) > 150
    assert heard.gone


def test_what_the_web_does_is_told_once(clinic: SharedClinic) -> None:
    desk, web = Follower(clinic), Web(clinic.admin)
    assert desk.pull() == {}
    made = web.book(clinic.id("q"), clinic.id("w"), MONDAY, service=clinic.id("other"))
    found = desk.pull()
    assert set(found) == {("appointment", made)}
    assert found["appointment", made].image == clinic.image("appointment", made)
    assert found["appointment", made].theirs.source == "web"
    assert [row.kind for row in desk.history] == ["web.book"]
    assert desk.pull() == {}
    web.change(made, status="CONFIRMED")
    assert desk.pull()["appointment", made].image["status"] == "CONFIRMED"
    web.delete("appointments", made)
    gone = desk.pull()["appointment", made]
    assert (gone.state, gone.image) == ("deleted", {})
    assert desk.pull() == {}


def test_a_transaction_that_was_open_at_the_cursor_is_told_later(clinic: SharedClinic) -> None:
    desk = Follower(clinic)
    with clinic.database.connect() as slow, slow.transaction():
        early = Web(slow).book(clinic.id("p"), clinic.id("w"), MONDAY)
        late = Web(clinic.admin).book(clinic.id("q"), clinic.id("w"), MONDAY)
        assert set(desk.pull()) == {("appointment", late)}
    # In a column of somebody who sees that alone its patient comes along (``desk.touch_seen``).
    assert set(desk.pull()) == {("appointment", early), ("patient", clinic.id("w"))}
    assert desk.pull() == {}


def test_a_part_tells_its_aggregate(clinic: SharedClinic) -> None:
    desk, run, p = Follower(clinic), clinic.admin.execute, clinic.id("p")
    run(
        "INSERT INTO operating_hours (id, provider_id, day_of_week, start_time, end_time, updated_at)"
        " VALUES ('h', %s, 1, '09:00', '24:00', now())",
        (p,),
    )
    found = desk.pull()
    assert set(found) == {("provider", p)}
    hours = found["provider", p].image["hours"]
    assert hours == [{"clinic_id": clinic.id("A"), "day": 1, "start": 540, "end": 1440}]
    run("DELETE FROM operating_hours WHERE id = 'h'")
    assert desk.pull()["provider", p].image["hours"] == []
    run("UPDATE services SET name = 'Another' WHERE id = %s", (clinic.id("plain"),))
    assert set(desk.pull()) == {("service", clinic.id("plain"))}
    run("UPDATE \"user\" SET name = 'Ana M. Reyes' WHERE id = %s", (clinic.id("w"),))
    assert desk.pull()["patient", clinic.id("w")].image["name"] == "Ana M. Reyes"
    run("DELETE FROM desk.rooms WHERE id = %s", (clinic.id("r2"),))
    assert len(desk.pull()["clinic", clinic.id("A")].image["rooms"]) == 1  # type: ignore[arg-type]


def test_an_account_that_goes_takes_its_appointments_along(clinic: SharedClinic) -> None:
    web, desk = Web(clinic.admin), Follower(clinic)
    made = [web.book(clinic.id("p"), clinic.id("w"), MONDAY + timedelta(hours=i)) for i in range(3)]
    desk.pull()
    web.delete("user", clinic.id("w"))
    found = desk.pull()
    assert set(found) == {("patient", clinic.id("w")), *(("appointment", key) for key in made)}
    assert {change.state for change in found.values()} == {"deleted"}
    left = "SELECT count(*) FROM desk.appointment_desk WHERE appointment_id = ANY(%s)"
    assert clinic.count(left, made) == 0
    assert clinic.count("SELECT count(*) FROM desk.occupancy WHERE owner = ANY(%s)", made) == 0


def test_what_goes_to_another_clinic_is_forgotten_here_and_told_there(clinic: SharedClinic) -> None:
    made = Web(clinic.admin).book(clinic.id("q"), clinic.id("w"), MONDAY)
    here, there = Follower(clinic), Follower(clinic, "bea", "B")
    clinic.admin.execute("UPDATE appointments SET provider_id = %s WHERE id = %s", (clinic.id("z"), made))
    assert {(key, c.state) for key, c in here.pull().items()} == {(("appointment", made), "evicted")}
    found = there.pull()
    assert {(key, c.state) for key, c in found.items()} == {
        (("appointment", made), "live"),
        (("patient", clinic.id("w")), "live"),
    }
    # Back again: another version, later than the one that said it is gone.
    clinic.admin.execute("UPDATE appointments SET provider_id = %s WHERE id = %s", (clinic.id("q"), made))
    assert here.pull()["appointment", made].state == "live"


def test_a_provider_who_leaves_takes_services_and_blocks_along(clinic: SharedClinic) -> None:
    clinic.admin.execute(
        "INSERT INTO desk.blocks VALUES ('b', %s, now(), now() + interval '1 hour', 'Away', false, NULL, NULL, now(),"
        " now())",
        (clinic.id("q"),),
    )
    desk = Follower(clinic)
    clinic.admin.execute("DELETE FROM desk.clinic_providers WHERE provider_id = %s", (clinic.id("q"),))
    gone = {key for key, change in desk.pull().items() if change.state != "live"}
    assert gone == {("provider", clinic.id("q")), ("service", clinic.id("other")), ("block", "b")}


def test_a_provider_of_the_web_has_a_clinic_of_its_own(clinic: SharedClinic) -> None:
    made = Web(clinic.admin).provider("Dr New")
    row = clinic.admin.execute("SELECT name, timezone, currency FROM desk.clinics WHERE id = %s", (made,)).fetchone()
    assert row == ("Dr New", "Asia/Manila", "PHP")
    clinic.admin.execute("UPDATE providers SET healthcare_name = 'Dr Newer' WHERE id = %s", (made,))
    row = clinic.admin.execute("SELECT name FROM desk.clinics WHERE id = %s", (made,)).fetchone()
    assert row == ("Dr Newer",)


def test_versions_grow_and_only_with_a_change(clinic: SharedClinic) -> None:
    web, desk = Web(clinic.admin), Follower(clinic)
    made = web.book(clinic.id("p"), clinic.id("w"), MONDAY)
    first = desk.pull()["appointment", made].ver
    with clinic.admin.transaction():
        web.change(made, notes="one")
        web.change(made, notes="two")
    second = desk.pull()["appointment", made]
    assert second.ver > first
    assert second.image["notes"] == "two"
    with clinic.admin.transaction(force_rollback=True):
        web.change(made, notes="three")
    assert desk.pull() == {}


def test_a_cursor_that_fits_no_more_asks_for_a_snapshot(clinic: SharedClinic) -> None:
    desk = Follower(clinic)
    good = json.loads(desk.cursor)
    others = [{name: "else"} for name in ("epoch", "clinic", "schema", "snapshot", "v")]
    others.append({"snapshot": "900000000:900000000:"})
    for wrong in ("not a cursor", "", "[]", *(json.dumps(good | other) for other in others)):
        desk.cursor = wrong
        with pytest.raises(HimsogError) as refused:
            desk.pull()
        assert refused.value.code == "snapshot_needed", wrong
    desk.cursor = json.dumps(good)
    assert desk.pull() == {}


def test_a_clinic_where_she_does_not_work_is_nothing_to_her(clinic: SharedClinic) -> None:
    desk = Follower(clinic)
    with pytest.raises(HimsogError) as refused:
        list(desk.remote.pull(clinic.id("B"), desk.cursor))
    assert refused.value.code == "forbidden"
    with pytest.raises(HimsogError) as refused:
        list(desk.remote.snapshot(clinic.id("B"), None))
    assert refused.value.code == "forbidden"


def test_roles_are_told_what_they_may_see(clinic: SharedClinic) -> None:
    web = Web(clinic.admin)
    followers = {name: Follower(clinic, name) for name in ("mia", "rea", "dora", "ivan")}
    own = web.book(clinic.id("p"), clinic.id("w"), MONDAY)
    other = web.book(clinic.id("q"), clinic.id("x"), MONDAY + timedelta(hours=1))
    told = {
        name: {key: change.state for (kind, key), change in desk.pull().items() if kind == "appointment"}
        for name, desk in followers.items()
    }
    assert told["mia"] == told["rea"] == {own: "live", other: "live"}
    assert told["ivan"] == {}
    # A provider's desk hears of others' appointments that they are not for it, and nothing else.
    assert told["dora"] == {own: "live", other: "evicted"}
    clinic.admin.execute("UPDATE appointments SET provider_id = %s WHERE id = %s", (clinic.id("q"), own))
    gone = followers["dora"].pull()["appointment", own]
    assert (gone.state, gone.image) == ("evicted", {})
    rows = {
        name: {part.table for part in clinic.remote(name).snapshot(clinic.id("A"), None) if part.rows}
        for name in followers
    }
    assert "appointments" in rows["rea"]
    assert not rows["ivan"] & {"appointments", "user", "patients", "appointment_service", "history", "card"}
    assert Role.IT.value == "it"


def test_nobody_reads_a_desk_that_is_being_set_up(clinic: SharedClinic) -> None:
    clinic.admin.execute("UPDATE desk.meta SET state = 'filling'")
    with pytest.raises(HimsogError) as refused:
        clinic.remote("mia").hello()
    assert refused.value.code == "retry"


def test_a_hint_is_one_a_transaction_and_says_nothing(clinic: SharedClinic) -> None:
    with clinic.database.connect() as ear:
        ear.execute("LISTEN himsog_hint")
        web = Web(clinic.admin)
        with clinic.admin.transaction():
            for i in range(5):
                web.book(clinic.id("p"), clinic.id("w"), MONDAY + timedelta(hours=i))
        heard = list(ear.notifies(timeout=0.3))
    assert [(n.channel, n.payload) for n in heard] == [("himsog_hint", "")]


_NO_TIMES = [("", "17:00"), ("9am", "5pm"), ("09:00", None), ("17:00", "09:00"), ("25:00", "26:00")]


def test_times_that_are_none_stop_nobody(clinic: SharedClinic) -> None:
    desk, p = Follower(clinic), clinic.id("p")
    for i, (start, end) in enumerate([*_NO_TIMES, ("9:00", "12:30")]):
        clinic.admin.execute(
            "INSERT INTO operating_hours (id, provider_id, day_of_week, start_time, end_time, updated_at)"
            " VALUES (%s, %s, %s, %s, %s, now())",
            (f"h{i}", p, i, start, end),
        )
    hours = desk.pull()["provider", p].image["hours"]
    assert hours == [{"clinic_id": clinic.id("A"), "day": 5, "start": 540, "end": 750}]
    parts = [part for part in desk.remote.snapshot(desk.where, None) if part.table == "operating_hours"]
    assert [row[3:5] for part in parts for row in part.rows] == [("09:00", "12:30")]
