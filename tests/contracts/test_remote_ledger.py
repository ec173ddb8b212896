"""The ledger and the canonical image: one effect, one word for good (reliability, 2.3), on every PostgreSQL here."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from himsog_desktop.domain.errors import Fault, Surroundings
from himsog_desktop.domain.intents import Intent
from tests.contracts.remote_hands import blocking, booking, free_hour, one, patch
from tests.support.shared import Image, SharedClinic, new_id, now

pytestmark = pytest.mark.timeout(240)


# --------------------------------------------------------------------------------------- the ledger


def test_twenty_sendings_have_one_effect_and_twenty_equal_answers(clinic: SharedClinic) -> None:
    intent = booking(clinic)
    logins = ("mia", "ana", "ben")
    hands = [clinic.new_remote(logins[n % 3]) for n in range(20)]
    intent = replace(intent, author=clinic.ids["ana"])
    try:
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda hand: hand.push([intent])[0], hands))
    finally:
        for hand in hands:
            hand.close()
    assert all(answer == answers[0] for answer in answers)
    assert answers[0].verdict == "accepted"
    assert clinic.count("SELECT count(*) FROM public.appointments WHERE id = %s", intent.key) == 1
    assert clinic.count("SELECT count(*) FROM desk.history WHERE entity_id = %s", intent.key) == 1
    assert clinic.count("SELECT count(*) FROM desk.ledger WHERE id = %s", intent.id) == 1


def test_a_verdict_is_for_good(clinic: SharedClinic) -> None:
    """Also a refusal: what stood in the way may be gone."""
    hour = free_hour()
    first, second = booking(clinic, hours=hour), booking(clinic, hours=hour)
    taken, refused = clinic.remote("mia").push([first, second])
    assert (taken.verdict, refused.verdict) == ("accepted", "refused")
    clinic.admin.execute("DELETE FROM public.appointments WHERE id = %s", (first.key,))
    assert one(clinic, second) == refused
    assert clinic.image("appointment", second.key) == {}


def test_an_id_stands_for_one_intent(clinic: SharedClinic) -> None:
    intent = booking(clinic)
    one(clinic, intent)
    other = replace(intent, after={**intent.after, "notes": "another"})
    with pytest.raises(Surroundings) as told:
        one(clinic, other)
    assert told.value.code == "reused"
    assert clinic.image("appointment", intent.key)["notes"] is None


def test_a_repaired_before_is_the_same_intent(clinic: SharedClinic) -> None:
    """The repair of a chain changes what was seen, perhaps after it went out (reliability, 2.3)."""
    made = one(clinic, booking(clinic))
    intent = patch(clinic, made, {"type": None}, {"type": "Check-up"})
    answer = one(clinic, intent)
    assert one(clinic, replace(intent, before={"type": "Cleaning"})) == answer


def test_given_up_stays_refused_however_late_it_comes(clinic: SharedClinic) -> None:
    intent = booking(clinic)
    told = clinic.remote("ana").abandon([replace(intent, author=clinic.ids["ana"])])[0]
    assert (told.verdict, told.trouble, [r.rule for r in told.rules]) == ("refused", "unknown", ["abandoned"])
    assert one(clinic, replace(intent, author=clinic.ids["ana"]), "ana") == told
    assert clinic.image("appointment", intent.key) == {}


def test_what_was_decided_is_not_given_up(clinic: SharedClinic) -> None:
    intent = booking(clinic)
    answer = one(clinic, intent)
    assert clinic.remote("mia").abandon([intent])[0] == answer


def test_the_ledger_says_which_ids_it_has(clinic: SharedClinic) -> None:
    intent, never = booking(clinic), new_id()
    one(clinic, intent)
    assert clinic.remote("ana").known([intent.id, never]) == {intent.id}
    assert clinic.remote("bea").known([intent.id, never]) == frozenset()


def test_many_in_one_call_stop_before_what_builds_on_a_refused_one(clinic: SharedClinic) -> None:
    made = one(clinic, booking(clinic))
    wrong = patch(clinic, made, {"type": "x"}, {"type": "y"})
    other = booking(clinic)
    behind = patch(clinic, made, {"type": "y"}, {"type": "z"})
    row = clinic.person("mia").execute(
        "SELECT desk.push_many_v1(%s::jsonb)", (json.dumps([_wire(i) for i in (wrong, other, behind)]),)
    )
    found = (row.fetchone() or ([],))[0]
    row.connection.close()
    assert [v["verdict"] for v in found] == ["refused", "accepted"]
    assert clinic.remote("mia").known([behind.id]) == frozenset()


def _wire(intent: Intent) -> Image:
    return {name: getattr(intent, name) for name in Intent.__dataclass_fields__}


@pytest.mark.parametrize(
    "wrong",
    [{"id": "x"}, {"entity": "secret"}, {"before": {}, "after": {}}, {"at": -1}, {"kind": ""}, {"key": "k" * 101}],
)
def test_what_is_no_intent_gets_no_verdict(clinic: SharedClinic, wrong: Image) -> None:
    intent = replace(booking(clinic), **wrong)
    with pytest.raises(Surroundings):
        one(clinic, intent)
    assert clinic.count("SELECT count(*) FROM desk.ledger WHERE id = %s", intent.id) == 0


def test_a_newer_programs_intent_waits_for_the_server(clinic: SharedClinic) -> None:
    with pytest.raises(Surroundings) as told:
        one(clinic, replace(booking(clinic), version=2))
    assert told.value.code == "held_upgrade"


# ------------------------------------------------------------------------------ the canonical image


def test_the_canonical_image_is_what_the_platform_can_hold(clinic: SharedClinic) -> None:
    intent = booking(clinic, created=now() // 1000 * 1000 - 1_500_877, visit=_visit("arrived", 1_800_000_000_123_456))
    image = one(clinic, intent).image
    assert image["created"] == intent.after["created"] // 1000 * 1000  # type: ignore[operator]
    assert image["visit"]["arrived_at"] == 1_800_000_000_123_000  # type: ignore[index]
    assert image["start"] == intent.after["start"]
    assert set(image) == set(clinic.appointment("x"))


def _visit(state: str | None, at: int) -> Image:
    return {"state": state, "arrived_at": at, "in_room_at": None, "with_provider_at": None, "checked_out_at": None}


def test_a_number_that_is_taken_is_drawn_again(clinic: SharedClinic) -> None:
    first = one(clinic, booking(clinic))
    second = one(clinic, booking(clinic, number=first.image["number"]))
    assert second.verdict == "accepted"
    assert second.image["number"] != first.image["number"]
    assert str(second.image["number"])[:3] == "APT"
    assert len(str(second.image["number"])) == 15


def test_services_keep_their_order(clinic: SharedClinic) -> None:
    extra = [new_id() for _ in range(4)]
    for key in extra:
        clinic.admin.execute(
            "INSERT INTO public.services (id, provider_id, name, updated_at) VALUES (%s, %s, %s, now())",
            (key, clinic.id("p"), key[:8]),
        )
    shown = [{"service_id": key, "name": key[:8], "price": 12345} for key in reversed(extra)]
    answer = one(clinic, booking(clinic, services=shown, total=4 * 12345))
    assert answer.image["services"] == shown
    assert answer.image["total"] == 4 * 12345


def test_a_creation_of_an_older_program_leaves_fields_out(clinic: SharedClinic) -> None:
    intent = booking(clinic)
    given = {n: v for n, v in intent.after.items() if n not in ("visit", "lane", "resources", "outcome_missing")}
    assert one(clinic, replace(intent, after=given)).image["lane"] == 0


def test_a_creation_of_what_is_there(clinic: SharedClinic) -> None:
    first = one(clinic, booking(clinic))
    same = clinic.intent("appointment", first.key, {}, dict(first.image), kind="appointment.book")
    other = clinic.intent("appointment", first.key, {}, {**first.image, "notes": "x"}, kind="appointment.book")
    assert one(clinic, same).verdict == "noop"
    told = one(clinic, other)
    assert (told.verdict, told.trouble, told.fields) == ("refused", "field", ("notes",))


@pytest.mark.parametrize(
    ("wrong", "trouble", "rule"),
    [
        ({"patient_id": "nobody"}, "deleted", "not_found"),
        ({"provider_id": "nobody"}, "deleted", "not_found"),
        ({"services": [{"service_id": "nothing", "name": "", "price": 1}]}, "slot", "service_not_offered"),
        ({"status": None}, "unknown", "bad_value"),
        ({"total": 10**20}, "unknown", "bad_value"),
        ({"colour": "red"}, "unknown", None),
        ({"patient_name": None}, "unknown", "bad_value"),
        ({"lane": 500, "overbook_reason": "x"}, "forbidden", "forbidden"),
        ({"start": 0, "end": 10**18}, "unknown", "bad_value"),
        ({"notes": "a\u0000b"}, None, None),
    ],
)
def test_a_booking_that_cannot_be(clinic: SharedClinic, wrong: Image, trouble: str | None, rule: str | None) -> None:
    intent = booking(clinic, **wrong)
    if trouble is None:
        # No text of PostgreSQL holds this character: it never gets as far as a verdict.
        with pytest.raises(Fault):
            one(clinic, intent)
        return
    told = one(clinic, intent)
    assert (told.verdict, told.trouble) == ("refused", trouble)
    assert [r.rule for r in told.rules] == ([rule] if rule else [])
    assert clinic.image("appointment", intent.key) == {}


def test_what_is_far_too_long_is_refused_and_kept_short(clinic: SharedClinic) -> None:
    intent = booking(clinic, notes="x" * 10_000_000)
    told = one(clinic, intent)
    assert (told.trouble, [r.rule for r in told.rules]) == ("unknown", ["too_long"])
    assert clinic.count("SELECT pg_column_size(c.*) FROM desk.card AS c WHERE id = %s", intent.id) < 10_000


def test_a_blocked_patient_is_not_booked(clinic: SharedClinic) -> None:
    told = one(clinic, booking(clinic, patient_id=clinic.id("blocked")))
    assert (told.trouble, [r.rule for r in told.rules]) == ("forbidden", ["patient_blocked"])


def test_a_suspended_provider_takes_no_bookings(clinic: SharedClinic) -> None:
    clinic.admin.execute("UPDATE public.providers SET status = 'SUSPENDED' WHERE id = %s", (clinic.id("q"),))
    try:
        told = one(clinic, booking(clinic, provider_id=clinic.id("q")))
        assert (told.trouble, [r.rule for r in told.rules]) == ("slot", ["provider_inactive"])
    finally:
        clinic.admin.execute("UPDATE public.providers SET status = 'VERIFIED' WHERE id = %s", (clinic.id("q"),))


def test_blocked_time_is_taken(clinic: SharedClinic) -> None:
    hour = free_hour()
    block = blocking(clinic, hour)
    assert one(clinic, block).verdict == "accepted"
    told = one(clinic, booking(clinic, hours=hour))
    assert (told.trouble, [r.rule for r in told.rules]) == ("slot", ["blocked_time"])
    over = one(clinic, booking(clinic, hours=hour, lane=1, overbook_reason="urgent"))
    assert [r.rule for r in over.rules] == ["blocked_time"], "a reason sets no blocked time aside"
    gone = clinic.intent("block", block.key, clinic.image("block", block.key), {}, kind="block.remove")
    assert one(clinic, gone).verdict == "accepted"
    assert one(clinic, booking(clinic, hours=hour)).verdict == "accepted"
