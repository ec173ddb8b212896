"""Needs attention, and messages to patients, at the shared database, on every PostgreSQL here."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from himsog_desktop.domain.intents import Intent, Verdict
from tests.contracts.remote_hands import back, booking, one, patch, reached
from tests.support.shared import HOUR, Image, SharedClinic

pytestmark = pytest.mark.timeout(240)


# -------------------------------------------------------------------------------------------- cards


def _card(clinic: SharedClinic) -> Verdict:
    made = one(clinic, booking(clinic))
    return one(clinic, patch(clinic, made, {"type": "seen"}, {"type": "mine"}, "ana"), "ana")


def _answer(clinic: SharedClinic, card: Verdict, way: str | None, by: str = "ben", seen: str | None = None) -> Intent:
    return clinic.intent(
        "card", card.id, {"resolved": seen, "reason": None}, {"resolved": way, "reason": None},
        kind="attention.resolve", by=by,
    )  # fmt: skip


def _open_cards(clinic: SharedClinic, by: str, at: str = "A") -> set[str]:
    with clinic.person(by) as db:
        return {row[0]["intent"]["id"] for row in db.execute("SELECT desk.cards_v1(%s)", (clinic.id(at),))}


def test_a_refusal_is_a_card_at_every_desk_of_the_clinic(clinic: SharedClinic) -> None:
    card = _card(clinic)
    assert card.id in _open_cards(clinic, "mia")
    assert card.id in _open_cards(clinic, "ben")
    assert card.id not in _open_cards(clinic, "dora")
    assert card.id not in _open_cards(clinic, "bea", "B")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _open_cards(clinic, "bea", "A")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _open_cards(clinic, "ivan", "B")
    assert _open_cards(clinic, "ivan") == set()


def test_one_answer_closes_a_card_and_an_undo_opens_it(clinic: SharedClinic) -> None:
    card = _card(clinic)
    told = one(clinic, _answer(clinic, card, "theirs"), "ben")
    assert (told.verdict, told.image) == ("accepted", {"resolved": "theirs", "reason": None})
    assert card.id not in _open_cards(clinic, "mia")
    assert one(clinic, _answer(clinic, card, "theirs", "mia")).verdict == "noop"
    late = one(clinic, _answer(clinic, card, "mine", "mia"))
    assert (late.verdict, late.trouble, late.fields) == ("refused", "field", ("resolved",))
    assert clinic.count("SELECT count(*) FROM desk.card WHERE id = %s", late.id) == 0, "no card about a card"
    assert one(clinic, _answer(clinic, card, None, seen="theirs"), "ben").verdict == "accepted"
    assert card.id in _open_cards(clinic, "mia")


@pytest.mark.parametrize(("by", "way"), [("rea", "theirs"), ("dora", "theirs"), ("ivan", "theirs"), ("ben", "burn")])
def test_not_every_answer_counts(clinic: SharedClinic, by: str, way: str) -> None:
    card = _card(clinic)
    assert one(clinic, _answer(clinic, card, way, by), by).verdict == "refused"
    assert card.id in _open_cards(clinic, "mia")


def test_another_clinics_card_is_no_card(clinic: SharedClinic) -> None:
    card = _card(clinic)
    told = one(clinic, _answer(clinic, card, "theirs", "bea"), "bea")
    assert (told.verdict, told.trouble, told.image) == ("refused", "deleted", {})


# ------------------------------------------------------------------------------------------ notices


def _due(clinic: SharedClinic, key: str) -> None:
    clinic.admin.execute("UPDATE desk.notice SET due = clock_timestamp() WHERE appointment_id = %s", (key,))


def _told(clinic: SharedClinic, key: str) -> list[tuple[Any, ...]]:
    rows = clinic.admin.execute(
        "SELECT type::text, title FROM public.notifications WHERE appointment_id = %s ORDER BY created_at", (key,)
    )
    return rows.fetchall()


def test_a_message_waits_three_minutes_and_goes_once(clinic: SharedClinic) -> None:
    made = one(clinic, booking(clinic, status="PENDING", **reached(clinic)))
    clinic.remote("ana").release()
    assert _told(clinic, made.key) == []
    wait = clinic.admin.execute(
        "SELECT due - clock_timestamp() FROM desk.notice WHERE appointment_id = %s", (made.key,)
    ).fetchone()
    assert wait is not None
    assert 170 < wait[0].total_seconds() <= 180
    _due(clinic, made.key)
    hands = [clinic.new_remote(name) for name in ("ana", "ben", "mia", "duo") * 2]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda hand: hand.release(), hands))
    for hand in hands:
        hand.close()
    assert _told(clinic, made.key) == [("APPOINTMENT_CREATED", "Appointment Booked")]


def test_what_was_undone_is_never_told(clinic: SharedClinic) -> None:
    done = booking(clinic, **reached(clinic))
    made = one(clinic, done)
    one(clinic, back(clinic, done, made))
    assert clinic.count("SELECT count(*) FROM desk.notice WHERE appointment_id = %s", made.key) == 0


@pytest.mark.parametrize(
    ("before", "after", "kind", "title"),
    [
        ({"status": "PENDING"}, {"status": "CONFIRMED"}, "APPOINTMENT_CONFIRMED", "Appointment Confirmed"),
        ({"status": "PENDING"}, {"status": "CANCELLED"}, "APPOINTMENT_CANCELLED", "Appointment Cancelled"),
        ({"start": 0, "end": 0}, {"start": HOUR, "end": HOUR}, "APPOINTMENT_CONFIRMED", "Appointment Rescheduled"),
    ],
)
def test_the_platforms_types_and_titles(
    clinic: SharedClinic, before: Image, after: Image, kind: str, title: str
) -> None:
    made = one(clinic, booking(clinic, status="PENDING", **reached(clinic)))
    _due(clinic, made.key)
    clinic.remote("ana").release()
    if "start" in before:
        old = {n: int(str(made.image[n])) for n in before}
        before, after = old, {n: old[n] + HOUR for n in old}
    one(clinic, patch(clinic, made, before, after))
    _due(clinic, made.key)
    clinic.remote("ana").release()
    assert _told(clinic, made.key)[1:] == [(kind, title)]


def test_told_once_as_it_is_in_the_end(clinic: SharedClinic) -> None:
    made = one(clinic, booking(clinic, status="PENDING", **reached(clinic)))
    _due(clinic, made.key)
    clinic.remote("ana").release()
    one(clinic, patch(clinic, made, {"status": "PENDING"}, {"status": "CONFIRMED"}))
    one(clinic, patch(clinic, made, {"status": "CONFIRMED"}, {"status": "PENDING"}))
    _due(clinic, made.key)
    clinic.remote("ana").release()
    assert _told(clinic, made.key)[1:] == [], "she knows it as it is"


def test_imports_and_patients_without_an_address_hear_nothing(clinic: SharedClinic) -> None:
    quiet = [replace(booking(clinic, **reached(clinic)), kind="appointment.import"), booking(clinic)]
    for intent in quiet:
        assert one(clinic, intent).verdict == "accepted"
        assert clinic.count("SELECT count(*) FROM desk.notice WHERE appointment_id = %s", intent.key) == 0


def test_another_clinics_messages_are_not_released(clinic: SharedClinic) -> None:
    made = one(clinic, booking(clinic, status="PENDING", **reached(clinic)))
    _due(clinic, made.key)
    clinic.remote("bea").release()
    assert _told(clinic, made.key) == []
