"""A hundred acts at once at the command line: 18 visits of a day, and the requests of a night."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import msgspec
import pytest

from tests.cli.conftest import Himsog
from tests.cli.test_documents import ACT, NOTICE, PREVIEW, conforms

DAY = "2026-11-23"
"""A Monday: Dr Cruz from 08:00 to 17:00, Dr Lim from 09:00 to 12:00 and 13:00 to 16:00."""

WALLS = [f"{hour:02d}:{minute:02d}" for hour in (9, 10, 11, 13, 14, 15) for minute in (0, 20, 40)]
REASON = "provider is ill today"


def booked(asked: Himsog, wall: str, name: str, *more: str, provider: str = "cruz") -> Any:
    answer = asked(
        "book", "--provider", provider, "--start", f"{DAY}T{wall}:00+08:00", "--patient-name", name,
        "--patient-phone", f"0917 555 {len(name):02d}{wall[:2]}", "--service", "check-up", "--duration", "20", *more,
    )  # fmt: skip
    assert answer.exit == 0, answer.out
    return answer.document["changed"][0]


def steps(*found: dict[str, object]) -> bytes:
    return b"\n".join(msgspec.json.encode(step) for step in found) + b"\n"


@pytest.fixture
def day(asked: Himsog) -> list[Any]:
    """18 visits of Dr Cruz, every other one confirmed, the first in a room."""
    made = []
    for place, wall in enumerate(WALLS):
        more = (*(("--confirm",) if place % 2 else ()), *(() if place else ("--room", "room-1")))
        made.append(booked(asked, wall, f"Patient {wall}", *more))
    return made


def test_half_to_another_provider_half_cancelled_in_one_act_and_back(asked: Himsog, himsog: Himsog, day: Any) -> None:
    lim = next(p["id"] for p in asked("providers").document if p["key"] == "lim")
    waiting = {n["appointment"]: n["kind"] for n in asked("notices").document}
    assert waiting == {a["id"]: "booked" for a in day}
    taken = booked(asked, "10:00", "Lim's own", provider="lim")
    half, rest = [a["id"] for a in day[:9]], [a["number"] for a in day[9:]]
    wanted = steps({"ids": half, "provider": "lim"}, {"ids": rest, "act": "cancel", "reason": REASON})

    seen = asked("bulk", "--dry-run", stdin=wanted)
    assert seen.exit == 1, "one of them would be refused"
    conforms(seen.document, PREVIEW)
    outcomes = seen.document["outcomes"]
    assert [o["id"] for o in outcomes] == [a["id"] for a in day]
    assert (seen.document["will_change"], seen.document["refused"]) == (17, 1)
    no = outcomes[3]
    assert (no["before"]["start"], no["after"]) == (taken["start"], None)
    assert [r["rule"] for r in no["rules"]] == ["booked"]
    assert len(no["alternatives"]) == 3
    assert all(slot["available"] and slot["provider"] == lim for slot in no["alternatives"])
    assert {o["after"]["provider"]["id"] for o in outcomes[:9] if o["after"]} == {lim}
    assert {o["after"]["status"] for o in outcomes[9:]} == {"CANCELLED"}
    assert [asked("appointment", a["id"]).document for a in day] == day, "a preview changes nothing"
    words = himsog("bulk", "--dry-run", stdin=wanted).text
    assert "17 appointments would change, 1 would be refused" in words
    assert "refused: " in words

    request = str(uuid4())
    done = asked("bulk", "--request-id", request, stdin=wanted)
    assert (done.exit, done.document["kind"], done.document["count"]) == (1, "appointment.bulk", 17)
    conforms(done.document, ACT)
    assert [r["id"] for r in done.document["refused"]] == [no["id"]]
    assert done.document["refused"][0]["alternatives"] == no["alternatives"]
    told = {a["id"]: a for a in done.document["changed"]}
    for outcome in outcomes:
        if outcome["after"]:
            there = told[outcome["id"]]
            keys = ("start", "end", "provider", "status")
            assert {key: there[key] for key in keys} == {key: outcome["after"][key] for key in keys}
    assert told[day[0]["id"]]["services"][0]["id"] != day[0]["services"][0]["id"], "the same service of the other"
    assert told[day[0]["id"]]["total"] == day[0]["total"]
    assert told[day[0]["id"]]["resources"] == day[0]["resources"]
    assert {a["cancelled"]["reason"] for a in told.values() if a["cancelled"]} == {REASON}
    assert asked("bulk", "--request-id", request, stdin=wanted).document == done.document

    act = done.document["act"]
    for a in (*day[:3], *day[4:]):
        assert asked("history", a["id"]).document[-1]["act"] == act, "one act of the group"
    kept = {n["appointment"]: n["kind"] for n in asked("notices").document}
    assert kept == {a["id"]: "booked" for a in (*day[:9], taken)}, "who never heard of it needs no cancellation"

    undone = asked("undo", act)
    assert (undone.exit, undone.document["refused"]) == (0, [])
    assert [asked("appointment", a["id"]).document for a in day] == day, "to the minute, room, service and state"
    assert {n["appointment"] for n in asked("notices").document} == {a["id"] for a in (*day, taken)}


def test_what_patients_heard_of_is_told_once_and_not_when_undone(
    asked: Himsog, himsog: Himsog, day: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    half, rest = [a["id"] for a in day[:9]], [a["id"] for a in day[9:]]
    moved = asked("reassign", *half, "--provider", "lim")
    assert (moved.exit, moved.document["kind"], moved.document["count"]) == (0, "appointment.move", 9)
    cancelled = asked("status", "cancel", *rest, "--reason", REASON)
    assert cancelled.exit == 0
    kinds = [n["kind"] for n in asked("notices").document]
    assert kinds == ["booked"] * 9, "the others were never told that they had been booked"
    assert asked("undo").exit == 0
    assert asked("undo").exit == 0
    monkeypatch.setenv("HIMSOG_NOW", "2026-11-20T08:03:00+08:00")
    found = asked("notices").document
    conforms(found, [NOTICE])
    assert {n["state"] for n in found} == {"due"}, "without a server they stay listed"
    assert {tuple(n["channels"]) for n in found} == {("sms",)}
    assert "Mon 23 Nov 2026 09:00" in himsog("notices").text


def test_the_requests_of_a_night_are_confirmed_at_once(asked: Himsog) -> None:
    """S2 of the days: eleven requests, one confirm, one of them changed meanwhile."""
    ids = [booked(asked, wall, f"Online {wall}")["id"] for wall in WALLS[:11]]
    asked("status", "cancel", ids[4])
    seen = asked("status", "confirm", *ids, "--dry-run")
    assert (seen.exit, seen.document["will_change"], seen.document["refused"]) == (1, 10, 1)
    assert seen.document["outcomes"][4]["rules"][0]["rule"] == "transition_refused"
    done = asked("status", "confirm", *ids)
    assert (done.exit, done.document["count"]) == (1, 10)
    assert {a["status"] for a in done.document["changed"]} == {"CONFIRMED"}
    assert asked("undo", done.document["act"]).document["count"] == 10
    assert [asked("appointment", key).document["status"] for key in (ids[0], ids[4])] == ["PENDING", "CANCELLED"]


def test_who_does_not_offer_the_service_is_refused_with_the_reason(asked: Himsog, day: Any) -> None:
    answer = asked("reassign", day[0]["id"], day[1]["id"], "--provider", "tan")
    assert (answer.exit, answer.document["count"]) == (1, 0)
    assert {r["code"] for r in answer.document["refused"]} == {"service_not_offered"}
    assert answer.document["undoable_until"] is None


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        (b"", "usage", "Name at least one"),
        (b"[]", "bad_value", "Step 1"),
        (b"{", "usage", "Step 1 is not one object"),
        (b'{"ids": []}', "bad_value", "Step 1: name at least one"),
        (b'{"ids": ["x"]}', "usage", "Say what to do"),
        (b'{"ids": ["x"], "act": "hug"}', "bad_value", "hug"),
        (b'{"ids": ["x"], "actt": "cancel"}', "bad_value", "actt"),
        (b'{"ids": ["x"], "day": "tomorrow"}', "bad_value", "Step 1: not a date"),
        (b'{"ids": ["x"], "shift": 9999999}', "bad_value", "Step 1: a shift"),
        (b'{"ids": ["x"], "act": "confirm"}', "not_found", "no appointment"),
        (b'\n{"ids": ["x"], "act": "confirm"}\n{', "usage", "Step 3"),
    ],
)
def test_a_step_that_makes_no_sense_is_named(asked: Himsog, line: bytes, code: str, words: str) -> None:
    for more in ((), ("--dry-run",)):
        answer = asked("bulk", *more, stdin=line)
        assert (answer.exit, answer.error["code"]) == (2, code)
        assert words in answer.error["message"]
