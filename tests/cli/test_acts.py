"""Booking, moving, states, notes and undo at the command line: answers, exit codes, request ids."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.cli.conftest import Himsog

TEN = "2026-11-20T10:00:00+08:00"
LUNCH = "2026-11-20T12:00:00+08:00"


def booked(asked: Himsog, start: str = TEN, *more: str) -> Any:
    """Book a new patient; the appointment."""
    answer = asked("book", "--provider", "cruz", "--start", start, "--patient-name", "Reyes, Ana", *more)
    assert answer.exit == 0, answer.out
    return answer.document["changed"][0]


def test_a_booking_is_requested(asked: Himsog) -> None:
    answer = asked("book", "--provider", "cruz", "--start", TEN, "--patient-name", "Reyes, Ana",
                   "--patient-phone", "0917 555 0101", "--service", "check-up", "--notes", "first")  # fmt: skip
    assert answer.exit == 0
    (appointment,) = answer.document["changed"]
    assert answer.document["refused"] == []
    assert appointment["status"] == "PENDING"
    assert appointment["start"] == TEN
    assert appointment["end"] == "2026-11-20T10:30:00+08:00"
    assert appointment["patient"]["phone"] == "+639175550101"
    assert (appointment["total"], appointment["notes"]) == ("500.00", "first")


def test_confirmed_at_once(asked: Himsog) -> None:
    assert booked(asked, TEN, "--confirm")["status"] == "CONFIRMED"


def test_an_instant_of_another_zone_is_the_same_instant(asked: Himsog) -> None:
    assert booked(asked, "2026-11-20T02:00:00Z")["start"] == TEN


def test_a_refusal_names_every_rule_and_three_alternatives(asked: Himsog) -> None:
    answer = asked("book", "--provider", "cruz", "--start", "2026-11-20T07:15:00+08:00", "--patient-name", "Uy, An")
    assert (answer.exit, answer.error["code"]) == (1, "slot_unavailable")
    assert {d["rule"] for d in answer.error["details"]} == {"past", "notice", "closed"}
    assert len(answer.error["alternatives"]) == 3
    assert all(slot["available"] for slot in answer.error["alternatives"])


def test_a_refusal_for_people(himsog: Himsog) -> None:
    answer = himsog("book", "--provider", "cruz", "--start", LUNCH, "--patient-name", "Uy, An")
    assert answer.exit == 1
    assert answer.out == b""
    assert "- Break time: Lunch" in answer.err
    assert answer.err.count("--start 2026-11-20T") == 3


def test_the_same_request_acts_once(asked: Himsog) -> None:
    once = str(uuid4())
    command = ("book", "--provider", "cruz", "--start", TEN, "--patient-name", "Reyes, Ana", "--request-id", once)
    first = asked(*command)
    assert first.exit == 0
    assert asked(*command) == first
    assert asked("profile", "info").document["counts"]["appointments"] == 1
    assert asked(*command[:-1], once.upper()) == first


def test_a_refusal_is_given_again_to_the_same_request(asked: Himsog) -> None:
    command = ("book", "--provider", "cruz", "--start", TEN, "--patient-name", "Uy, An", "--request-id", str(uuid4()))
    taken = booked(asked)
    first = asked(*command)
    assert first.exit == 1
    assert asked("status", "cancel", taken["id"]).exit == 0
    # The time is free now; the answer to that request stays.
    assert asked(*command) == first
    assert asked(*command[:-1], str(uuid4())).exit == 0


def test_a_request_id_names_one_command(asked: Himsog) -> None:
    once = str(uuid4())
    booked(asked, TEN, "--request-id", once)
    answer = asked("book", "--provider", "lim", "--start", TEN, "--patient-name", "Uy, An", "--request-id", once)
    assert (answer.exit, answer.error["code"]) == (2, "bad_value")


@pytest.mark.parametrize("number", [True, False])
def test_move_by_id_or_number(asked: Himsog, number: bool) -> None:
    appointment = booked(asked)
    answer = asked("move", appointment["number" if number else "id"], "--start", "2026-11-20T11:00:00+08:00",
                   "--duration", "45")  # fmt: skip
    assert answer.exit == 0
    (moved,) = answer.document["changed"]
    assert (moved["start"], moved["duration_minutes"]) == ("2026-11-20T11:00:00+08:00", 45)


def test_states_one_after_the_other(asked: Himsog) -> None:
    key = booked(asked)["id"]
    for act, status in [("confirm", "CONFIRMED"), ("unconfirm", "PENDING"), ("CANCEL", "CANCELLED"),
                        ("reopen", "CONFIRMED")]:  # fmt: skip
        answer = asked("status", act, key)
        assert answer.exit == 0
        assert answer.document["changed"][0]["status"] == status


def test_a_cancellation_says_why_and_for_whom(asked: Himsog) -> None:
    key = booked(asked)["id"]
    answer = asked("status", "cancel", key, "--reason", "Feeling better", "--by", "Patient")
    cancelled = answer.document["changed"][0]["cancelled"]
    assert (cancelled["by"], cancelled["reason"]) == ("patient", "Feeling better")


def test_a_bulk_act_lists_both(asked: Himsog) -> None:
    one, two = booked(asked)["id"], booked(asked, "2026-11-20T11:00:00+08:00", "--confirm")["id"]
    answer = asked("status", "confirm", one, two)
    assert answer.exit == 1
    assert [a["id"] for a in answer.document["changed"]] == [one]
    assert [r["id"] for r in answer.document["refused"]] == [two]


def test_an_unknown_id_among_many_changes_nothing(asked: Himsog) -> None:
    key = booked(asked)["id"]
    assert asked("status", "confirm", key, "nobody").error["code"] == "not_found"
    assert asked("appointment", key).document["status"] == "PENDING"


def test_no_show_as_one_word_or_two(asked: Himsog) -> None:
    key = booked(asked, "2026-11-20T08:00:00+08:00", "--confirm")["id"]
    assert asked("status", "no_show", key).document["changed"][0]["status"] == "NO_SHOW"


def test_notes(asked: Himsog) -> None:
    key = booked(asked)["id"]
    assert asked("note", key, "two\nlines").document["changed"][0]["notes"] == "two\nlines"
    assert asked("note", key, "-", stdin="typed ñ\n".encode()).document["changed"][0]["notes"] == "typed ñ"
    assert asked("note", key, "--", "-dash").document["changed"][0]["notes"] == "-dash"
    assert asked("note", key, "").document["changed"][0]["notes"] is None


def test_undo_and_redo(asked: Himsog) -> None:
    booked(asked)
    undone = asked("undo")
    assert undone.exit == 0
    assert asked("appointments").document == []
    assert asked("undo", undone.document["act"]).exit == 0
    assert len(asked("appointments").document) == 1


def test_nothing_to_undo(asked: Himsog, monkeypatch: pytest.MonkeyPatch) -> None:
    booked(asked)
    monkeypatch.setenv("HIMSOG_NOW", "2026-11-20T08:11:00+08:00")
    answer = asked("undo")
    assert (answer.exit, answer.error["code"]) == (1, "undo_refused")


def test_what_people_read(himsog: Himsog) -> None:
    answer = himsog("book", "--provider", "cruz", "--start", TEN, "--patient-name", "Peña, José")
    assert answer.text.startswith("Booked: 1 appointment.\n")
    assert "Fri 20 Nov 2026  10:00–10:30  Requested  Dr Elena Cruz  Peña, José" in answer.text
    assert "can be undone until 08:10." in answer.text


def test_rooms_by_key_kept_changed_and_given_up(asked: Himsog) -> None:
    made = booked(asked, TEN, "--room", "room-1")
    assert [r["name"] for r in made["resources"]] == ["Room 1"]
    answer = asked("book", "--provider", "lim", "--start", TEN, "--patient-name", "Uy, An", "--room", "room-1")
    assert (answer.exit, [d["rule"] for d in answer.error["details"]]) == (1, ["resource_busy"])
    kept = asked("move", made["id"], "--start", TEN).document["changed"][0]
    assert kept["resources"] == made["resources"]
    moved = asked("move", made["id"], "--start", TEN, "--room", "").document["changed"][0]
    assert moved["resources"] == []
