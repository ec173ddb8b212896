"""Patients, people and history at the shared database (design, "Who is who"), on every PostgreSQL here."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from himsog_desktop.domain.errors import NoAccess
from himsog_desktop.domain.people import Role
from himsog_desktop.server import people
from tests.contracts.remote_hands import booking, free_hour, new_patient, one, patch
from tests.support.shared import HOUR, SharedClinic, new_id, now

pytestmark = pytest.mark.timeout(240)


# ----------------------------------------------------------------------------------------- patients


def test_the_webs_job_reminds_nobody_without_an_address(clinic: SharedClinic) -> None:
    bare, reached = new_patient(clinic), new_patient(clinic, email=f"{new_id()}@mail.example")
    for intent in (bare, reached):
        one(clinic, intent, "ana")
    stamped = []
    for intent in (bare, reached):
        made = one(clinic, booking(clinic, patient_id=intent.key, patient_email=intent.after["email"]))
        row = clinic.admin.execute(
            "SELECT num_nonnulls(reminder_1h_sent_at, reminder_24h_sent_at, confirmation_email_sent_at)"
            " FROM public.appointments WHERE id = %s",
            (made.key,),
        ).fetchone()
        stamped.append(row and row[0])
    assert stamped == [3, 0]


def test_another_time_is_reminded_of_anew(clinic: SharedClinic) -> None:
    reached = new_patient(clinic, email=f"{new_id()}@mail.example")
    one(clinic, reached, "ana")
    made = one(clinic, booking(clinic, patient_id=reached.key, patient_email=reached.after["email"]))
    clinic.admin.execute("UPDATE public.appointments SET reminder_24h_sent_at = now() WHERE id = %s", (made.key,))
    start, end = int(str(made.image["start"])), int(str(made.image["end"]))
    moved = patch(clinic, made, {"start": start, "end": end}, {"start": start + HOUR, "end": end + HOUR})
    assert one(clinic, moved).verdict == "accepted"
    assert clinic.count("SELECT count(reminder_24h_sent_at) FROM public.appointments WHERE id = %s", made.key) == 0


def test_an_address_that_another_has_stands_beside(clinic: SharedClinic) -> None:
    mail = f"{new_id()}@Family.example"
    first, second = new_patient(clinic, email=mail), new_patient(clinic, email=mail.lower())
    assert one(clinic, first, "ana").image["email_shared"] is False
    told = one(clinic, second, "ana")
    assert (told.verdict, told.image["email"], told.image["email_shared"]) == ("accepted", mail.lower(), True)
    row = clinic.admin.execute('SELECT email FROM public."user" WHERE id = %s', (second.key,)).fetchone()
    assert row == (f"{second.key}@patients.invalid",)


def test_who_registered_on_the_web_is_never_rewritten(clinic: SharedClinic) -> None:
    key = clinic.id("w")
    before = clinic.admin.execute('SELECT * FROM public."user" WHERE id = %s', (key,)).fetchone()
    edit = clinic.intent(
        "patient", key, {"name": "Web w", "phone": None}, {"name": "Santos", "phone": "+639170000001"}, by="ana"
    )
    told = one(clinic, edit, "ana")
    assert (told.image["name"], told.image["phone"], told.image["web_account"]) == ("Santos", "+639170000001", True)
    assert clinic.admin.execute('SELECT * FROM public."user" WHERE id = %s', (key,)).fetchone() == before
    gone = clinic.intent("patient", key, dict(told.image), {}, kind="undo.patient.add", by="ana")
    assert one(clinic, gone, "ana").verdict == "refused"


def test_who_registers_later_is_the_webs_from_then_on(clinic: SharedClinic) -> None:
    add = new_patient(clinic, email=f"{new_id()}@mail.example")
    one(clinic, add, "ana")
    clinic.admin.execute(
        """INSERT INTO public.account (id, "accountId", "providerId", "userId", "updatedAt")
           VALUES (%s, 'a', 'credential', %s, now())""",
        (new_id(), add.key),
    )
    told = one(clinic, clinic.intent("patient", add.key, {"name": "New"}, {"name": "Santos"}, by="ana"), "ana")
    assert (told.image["name"], told.image["web_account"]) == ("Santos", True)
    assert clinic.admin.execute('SELECT name FROM public."user" WHERE id = %s', (add.key,)).fetchone() == ("New",)


def test_what_a_clinic_says_of_a_patient_is_its_own(clinic: SharedClinic) -> None:
    clinic.admin.execute("SELECT desk.admit(%s::text, ARRAY[%s])", (clinic.id("B"), clinic.id("w")))
    one(clinic, clinic.intent("patient", clinic.id("w"), {"private_notes": None}, {"private_notes": "at A"}))
    assert clinic.image("patient", clinic.id("w"), "A")["private_notes"] == "at A"
    assert clinic.image("patient", clinic.id("w"), "B")["private_notes"] is None


# ------------------------------------------------------------------------------------------- people


def test_each_intent_is_its_authors_and_who_brought_it_is_kept(clinic: SharedClinic) -> None:
    intent = booking(clinic, by="ana")
    assert one(clinic, intent, "ben").verdict == "accepted"
    row = clinic.admin.execute("SELECT author, pushed_by FROM desk.ledger WHERE id = %s", (intent.id,)).fetchone()
    assert row == (clinic.ids["ana"], clinic.ids["ben"])
    assert clinic.admin.execute("SELECT by_id FROM desk.history WHERE uid = %s", (intent.id,)).fetchone() == (
        clinic.ids["ana"],
    )


def test_nobody_does_in_anothers_name_what_is_not_allowed_to_both(clinic: SharedClinic) -> None:
    """A manager's intent out of a receptionist's hand: nothing is decided until the manager signs in."""
    image = clinic.image("clinic", clinic.id("A"))
    intent = clinic.intent("clinic", clinic.id("A"), {"name": image["name"]}, {"name": "Ours"}, by="mia")
    with pytest.raises(NoAccess) as told:
        one(clinic, intent, "ana")
    assert told.value.code == "forbidden"
    assert clinic.remote("mia").known([intent.id]) == frozenset()
    assert one(clinic, intent, "mia").verdict == "accepted"
    one(clinic, clinic.intent("clinic", clinic.id("A"), {"name": "Ours"}, {"name": image["name"]}), "mia")


def test_who_works_elsewhere_authors_nothing_here(clinic: SharedClinic) -> None:
    intent = booking(clinic, by="bea")
    told = one(clinic, intent, "mia")
    assert (told.verdict, told.trouble) == ("refused", "forbidden")


def test_who_was_let_go_is_told_so_and_the_work_is_kept(clinic: SharedClinic) -> None:
    clinic.hire("zoe", Role.RECEPTIONIST, "A")
    left = booking(clinic, by="zoe")
    line = clinic.remote("zoe")
    assert one(clinic, booking(clinic, by="zoe"), "zoe").verdict == "accepted"
    clinic.admin.execute("UPDATE desk.staff SET active = false WHERE id = %s", (clinic.ids["zoe"],))
    with pytest.raises(NoAccess) as told:
        line.push([left])
    assert told.value.code == "revoked"
    refused = one(clinic, left, "ana")
    assert (refused.verdict, refused.trouble) == ("refused", "forbidden")
    assert clinic.count("SELECT count(*) FROM desk.card WHERE id = %s AND author_name = 'Zoe'", left.id) == 1


def test_who_is_disabled_is_out_at_once_and_comes_back_by_add(clinic: SharedClinic) -> None:
    clinic.hire("kim", Role.RECEPTIONIST, "A")
    with clinic.person("kim") as open_line:
        people.disable(clinic.database.url, clinic.login("kim"))
        with pytest.raises(psycopg.OperationalError):
            open_line.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        clinic.person("kim")
    clinic.hire("kim", Role.RECEPTIONIST, "A")
    assert one(clinic, booking(clinic, by="kim"), "kim").verdict == "accepted"


def test_who_works_at_two_clinics_books_at_each(clinic: SharedClinic) -> None:
    for place, provider, patient in (("A", "p", "x"), ("B", "z", "b")):
        intent = booking(
            clinic, by="duo", clinic_id=clinic.id(place), provider_id=clinic.id(provider), patient_id=clinic.id(patient)
        )
        assert one(clinic, intent, "duo").verdict == "accepted"
        assert clinic.admin.execute("SELECT clinic_id FROM desk.ledger WHERE id = %s", (intent.id,)).fetchone() == (
            clinic.id(place),
        )


def test_a_login_is_a_way_in_and_nothing_else(clinic: SharedClinic) -> None:
    row = clinic.admin.execute(
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls, rolconnlimit,"
        " rolpassword LIKE 'SCRAM-SHA-256$%%' FROM pg_authid WHERE rolname = %s",
        (clinic.login("ana"),),
    ).fetchone()
    assert row == (False, False, False, False, False, people.CONNECTIONS, True)


# ------------------------------------------------------------------------------ history and the web


def test_history_is_of_the_same_transaction_under_the_intents_id(clinic: SharedClinic) -> None:
    done = booking(clinic)
    made = one(clinic, done)
    noted = patch(clinic, made, {"notes": None}, {"notes": "a"})
    one(clinic, noted)
    rows = clinic.admin.execute(
        "SELECT uid, by_id, source, device, act_id, kind, before, after FROM desk.history WHERE entity_id = %s"
        " ORDER BY seq",
        (made.key,),
    ).fetchall()
    assert rows[0][:7] == (done.id, clinic.ids["mia"], "desk", "test", done.act, "appointment.book", {})
    assert rows[0][7] == made.image
    assert rows[1][0] == noted.id
    assert rows[1][6]["notes"] is None
    assert rows[1][7]["notes"] == "a"
    assert set(rows[1][7]) == {"notes", "updated"}


def test_a_clock_ahead_writes_no_history_of_tomorrow(clinic: SharedClinic) -> None:
    done = replace(booking(clinic), at=now() + 24 * HOUR)
    one(clinic, done)
    assert clinic.count("SELECT count(*) FROM desk.history WHERE uid = %s AND at <= clock_timestamp()", done.id) == 1


def test_what_the_web_did_is_what_theirs_says(clinic: SharedClinic) -> None:
    made = one(clinic, booking(clinic))
    clinic.admin.execute("UPDATE public.appointments SET notes = 'web' WHERE id = %s", (made.key,))
    told = one(clinic, patch(clinic, made, {"notes": "seen"}, {"notes": "mine"}))
    assert (told.trouble, told.theirs.source, told.theirs.by) == ("field", "web", None)


def test_what_the_web_does_is_history(clinic: SharedClinic) -> None:
    """A booking with its services, a change with what changed, a removal; its own bookkeeping is none."""
    key, run = new_id(), clinic.admin.execute
    start = clinic.start + free_hour() * HOUR
    with clinic.admin.transaction():
        run(
            "INSERT INTO public.appointments (id, appointment_number, user_id, provider_id, start_time, end_time,"
            " total_price, patient_name, patient_email, updated_at) VALUES (%s, %s, %s, %s, desk.instant(%s),"
            " desk.instant(%s), 500, 'W', 'w@web.example', now())",
            (key, key[:15], clinic.id("w"), clinic.id("p"), start, start + HOUR),
        )
        run("INSERT INTO public.appointment_service VALUES (%s, %s, 500, now(), now())", (key, clinic.id("plain")))
    run("UPDATE public.appointments SET reminder_24h_sent_at = now(), updated_at = now() WHERE id = %s", (key,))
    run("UPDATE public.appointments SET status = 'CONFIRMED' WHERE id = %s", (key,))
    run("DELETE FROM public.appointments WHERE id = %s", (key,))
    rows = run(
        "SELECT kind, source, by_id, clinic_id, before, after FROM desk.history WHERE entity_id = %s ORDER BY seq",
        (key,),
    ).fetchall()
    assert [row[0] for row in rows] == ["web.book", "web.change", "web.delete"]
    assert {row[1:4] for row in rows} == {("web", None, clinic.id("A"))}
    assert rows[0][5]["services"] == [{"service_id": clinic.id("plain"), "name": "plain", "price": 50000}]
    assert (rows[1][4], rows[1][5]) == ({"status": "PENDING"}, {"status": "CONFIRMED"})
    assert rows[2][4]["patient_id"] == clinic.id("w")
    assert rows[2][5] == {}
