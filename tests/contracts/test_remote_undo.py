"""Undo and imports at the shared database (design, section 2, "Undo"), on every PostgreSQL here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contracts.remote_hands import back, blocking, booking, free_hour, made_older, new_patient, one, patch
from tests.support.shared import SharedClinic

pytestmark = pytest.mark.timeout(240)


# --------------------------------------------------------------------------------------------- undo


def test_undo_of_a_booking_removes_it(clinic: SharedClinic) -> None:
    done = booking(clinic, by="ana")
    answer = one(clinic, done, "ana")
    told = one(clinic, back(clinic, done, answer, by="ana"), "ana")
    assert (told.verdict, told.image) == ("accepted", {})
    assert told.ver > answer.ver
    state = clinic.admin.execute("SELECT state FROM desk.head WHERE key = %s", (done.key,)).fetchone()
    assert state == ("deleted",)
    again = clinic.intent("appointment", done.key, {}, dict(answer.image), kind="undo.undo", by="ana")
    assert one(clinic, again, "ana").verdict == "accepted", "a redo is the undo of the undo"


def test_undo_is_its_authors_only(clinic: SharedClinic) -> None:
    done = booking(clinic, by="ana")
    answer = one(clinic, done, "ana")
    told = one(clinic, back(clinic, done, answer, by="mia"), "mia")
    assert (told.verdict, told.trouble, [r.rule for r in told.rules]) == ("refused", "forbidden", ["undo_refused"])


def test_undo_has_ten_minutes_of_the_servers_clock(clinic: SharedClinic) -> None:
    done = booking(clinic)
    answer = one(clinic, done)
    made_older(clinic, done, "11 minutes")
    told = one(clinic, back(clinic, done, answer))
    assert (told.trouble, [r.rule for r in told.rules]) == ("forbidden", ["undo_refused"])
    made_older(clinic, done, "9 minutes")
    assert one(clinic, back(clinic, done, answer)).verdict == "accepted"


def test_undo_of_what_changed_since_is_refused(clinic: SharedClinic) -> None:
    done = booking(clinic)
    answer = one(clinic, done)
    one(clinic, patch(clinic, answer, {"notes": None}, {"notes": "by ana"}, "ana"), "ana")
    told = one(clinic, back(clinic, done, answer))
    assert (told.verdict, told.trouble, told.fields) == ("refused", "deleted", ("notes",))
    assert told.theirs.by == "Ana"


@pytest.mark.parametrize(
    ("seen", "wanted"),
    [("CONFIRMED", "COMPLETED"), ("CONFIRMED", "CANCELLED"), ("CONFIRMED", "NO_SHOW"), ("PENDING", "CONFIRMED")],
)
def test_undo_goes_back_against_the_state_machine(clinic: SharedClinic, seen: str, wanted: str) -> None:
    """Without the right to reopen, also of yesterday's (design, "Undo")."""
    made = one(clinic, booking(clinic, status=seen, hours=free_hour() - 500_000), "mia")
    done = patch(clinic, made, {"status": seen}, {"status": wanted}, "ana")
    assert one(clinic, done, "ana").verdict == "accepted"
    undo = patch(clinic, made, {"status": wanted}, {"status": seen}, "ana", "undo.appointment.x")
    assert one(clinic, undo, "ana").image["status"] == seen


def test_undo_late_needs_what_anybody_needs(clinic: SharedClinic) -> None:
    made = one(clinic, booking(clinic))
    done = patch(clinic, made, {"status": "CONFIRMED"}, {"status": "COMPLETED"})
    one(clinic, done)
    made_older(clinic, done, "11 minutes")
    undo = patch(clinic, made, {"status": "COMPLETED"}, {"status": "PENDING"}, kind="undo.appointment.complete")
    told = one(clinic, undo)
    assert (told.verdict, told.trouble) == ("refused", "status")


def test_undo_takes_no_place_that_somebody_has(clinic: SharedClinic) -> None:
    hour = free_hour()
    made = one(clinic, booking(clinic, hours=hour))
    one(clinic, patch(clinic, made, {"status": "CONFIRMED"}, {"status": "CANCELLED"}))
    assert one(clinic, booking(clinic, hours=hour)).verdict == "accepted"
    told = one(
        clinic, patch(clinic, made, {"status": "CANCELLED"}, {"status": "CONFIRMED"}, kind="undo.appointment.cancel")
    )
    assert (told.trouble, [r.rule for r in told.rules]) == ("slot", ["booked"])


@pytest.mark.parametrize("blocked_before", [True, False])
@pytest.mark.parametrize("closed", ["CANCELLED", "COMPLETED", "NO_SHOW"])
def test_undo_goes_back_into_blocked_time(clinic: SharedClinic, closed: str, blocked_before: bool) -> None:
    """Where it stood, with the block laid over it before or since: what is blocked takes only what nobody has."""
    hour = free_hour()
    made = one(clinic, booking(clinic, hours=hour, status="CONFIRMED"))
    block = blocking(clinic, hour)
    acts = [block, patch(clinic, made, {"status": "CONFIRMED"}, {"status": closed})]
    for act in acts if blocked_before else reversed(acts):
        assert one(clinic, act).verdict == "accepted"
    assert [r.rule for r in one(clinic, booking(clinic, hours=hour)).rules] == ["blocked_time"]
    reopen = patch(clinic, made, {"status": closed}, {"status": "CONFIRMED"})
    assert [r.rule for r in one(clinic, reopen).rules] == ["blocked_time"], "to reopen it is to book it anew"
    undo = patch(clinic, made, {"status": closed}, {"status": "CONFIRMED"}, kind="undo.appointment.x")
    assert one(clinic, undo).verdict == "accepted"
    taken = clinic.admin.execute(
        "SELECT kind, sum(upper(during) - lower(during))::text FROM desk.occupancy WHERE owner IN (%s, %s) GROUP BY 1",
        (made.key, block.key),
    ).fetchall()
    assert dict(taken) == {"appointment": "00:30:00", "block": "00:30:00"}
    # Somebody who sits there is in the way all the same, and the block stands as before.
    assert one(clinic, patch(clinic, made, {"status": "CONFIRMED"}, {"status": closed})).verdict == "accepted"
    assert one(clinic, clinic.intent("block", block.key, clinic.image("block", block.key), {})).verdict == "accepted"
    assert one(clinic, booking(clinic, hours=hour)).verdict == "accepted"
    again = blocking(clinic, hour)
    assert one(clinic, again).verdict == "accepted"
    undo = patch(clinic, made, {"status": closed}, {"status": "CONFIRMED"}, kind="undo.appointment.x")
    assert [r.rule for r in one(clinic, undo).rules] == ["booked"]
    assert clinic.count("SELECT count(*) FROM desk.occupancy WHERE owner = %s", again.key) == 1


def test_undo_of_a_new_patient_who_came_back_is_refused(clinic: SharedClinic) -> None:
    add = new_patient(clinic, by="mia")
    answer = one(clinic, add)
    one(clinic, booking(clinic, patient_id=add.key))
    told = one(clinic, back(clinic, add, answer))
    assert (told.verdict, [r.rule for r in told.rules]) == ("refused", ["in_use"])
    assert clinic.image("patient", add.key)


def test_undo_of_a_new_patient(clinic: SharedClinic) -> None:
    add = new_patient(clinic, by="mia")
    assert one(clinic, back(clinic, add, one(clinic, add))).verdict == "accepted"
    assert clinic.count('SELECT count(*) FROM public."user" WHERE id = %s', add.key) == 0


def test_an_import_is_taken_back_days_later(clinic: SharedClinic) -> None:
    done = replace(booking(clinic), kind="appointment.import")
    answer = one(clinic, done)
    made_older(clinic, done, "9 days")
    undo = replace(back(clinic, done, answer), kind="undo.import.appointments")
    assert one(clinic, undo).verdict == "accepted"


# ------------------------------------------------------------------------------------------ imports


def test_imports_go_to_lanes(clinic: SharedClinic) -> None:
    hour = free_hour()
    rows = [replace(booking(clinic, hours=hour), kind="appointment.import") for _ in range(4)]
    told = [one(clinic, row) for row in rows]
    assert [v.image["lane"] for v in told] == [0, 1, 2, 3]
    assert {
        row[0] for row in clinic.admin.execute("SELECT source FROM desk.history WHERE uid = %s", (rows[0].id,))
    } == {"import"}
    again = one(clinic, rows[0])
    assert again.image == told[0].image


def test_an_import_changes_no_setup(clinic: SharedClinic) -> None:
    clinic_image = clinic.image("clinic", clinic.id("A"))
    told = one(
        clinic,
        clinic.intent(
            "clinic", clinic.id("A"), {"name": clinic_image["name"]}, {"name": "Ours"}, kind="clinic.import", by="ana"
        ),
        "ana",
    )
    assert (told.verdict, told.trouble) == ("refused", "forbidden")
