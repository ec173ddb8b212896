"""Whatever stands in an intent, it gets a verdict and leaves nothing half done; and the two laws of merging agree."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from himsog_desktop.domain.intents import Intent
from himsog_desktop.domain.merge import merge
from tests.contracts.remote_cases import Case
from tests.contracts.remote_hands import booking, one
from tests.contracts.test_remote_cases import Stage
from tests.support.shared import Image, SharedClinic, new_id

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

GARBAGE: tuple[Any, ...] = (
    "x", "", "2026-13-45", "24:61", "e" * 9000, -1, 10**30, 1.5, True, None, [], {}, [[]], ["x"], [{}], [None],
    {"x": 1}, [{"start": "x", "end": [], "day": 9, "clinic_id": 1}], {"state": 3}, "🙂" * 3000, "\x01",
)  # fmt: skip

ENTITIES = ("appointment", "patient", "provider", "service", "block", "staff", "clinic")


@pytest.mark.parametrize("entity", ENTITIES)
def test_garbage_in_any_field_gets_a_word(clinic: SharedClinic, entity: str) -> None:
    """As an edit of what is there, and in a creation."""
    key = clinic.id("A")
    current = clinic.image(entity, key)
    if entity != "clinic":
        stage = Stage(clinic, Case("", {}, {"x": 1}, entity=entity))
        current, key = stage.current, stage.key
    told = []
    for name, value in current.items():
        for wrong in GARBAGE:
            edit = clinic.intent(entity, key, {name: value}, {name: wrong})
            made = new_id()
            create = clinic.intent(entity, made, {}, {**current, "id": made, name: wrong})
            answers = [one(clinic, edit), one(clinic, create)]
            told += answers
            if answers[0].verdict == "accepted":
                now = clinic.image(entity, key)
                undo = clinic.intent(entity, key, {name: now[name]}, {name: value})
                clinic.remote("mia").push([undo])
                current = clinic.image(entity, key)
                value = current.get(name)
            if answers[1].verdict == "accepted" and entity in ("appointment", "block"):
                clinic.put(entity, {}, old=clinic.image(entity, made))
    assert {answer.verdict for answer in told} <= {"accepted", "noop", "refused"}
    assert sum(answer.verdict == "refused" for answer in told) > len(told) // 2
    assert clinic.image(entity, key)


def test_a_card_may_be_asked_for_anything(clinic: SharedClinic) -> None:
    refused = one(clinic, booking(clinic, patient_id="nobody"))
    for wrong in GARBAGE:
        for before, after in (
            ({"resolved": wrong}, {"resolved": wrong}),
            ({"reason": None}, {"reason": wrong}),
            ({}, {"x": wrong}),
        ):
            clinic.remote("mia").push([clinic.intent("card", refused.id, before, after)])


# -------------------------------------------------------------------------- two laws, one answer

_WORDS = (None, "a", "a\nb", "a\nc", "b", "ab")
_VALUES: dict[str, tuple[Any, ...]] = {
    "status": ("PENDING", "CONFIRMED", "COMPLETED", "CANCELLED", "NO_SHOW"),
    "cancellation_reason": (None, "r", "s"),
    "outcome_missing": (False, True),
    "notes": _WORDS,
    "activity_notes": _WORDS,
    "start": (0, 1, 2),
    "end": (3, 4),
    "provider_id": ("p", "q"),
    "resources": ([], ["r"]),
    "lane": (0, 1),
    "services": ([], [{"service_id": "s", "name": "S", "price": 1}]),
    "total": (0, 1),
    "type": (None, "t", "u"),
    "location": ("video", "phone"),
    "visit": ({"state": None}, {"state": "arrived"}),
    "updated": (1, 2, 3),
}


def _image(chance: random.Random) -> Image:
    return {name: chance.choice(values) for name, values in _VALUES.items()}


def _asked(chance: random.Random) -> tuple[Image, Image, Image, bool]:
    current = _image(chance) if chance.random() < 0.9 else {}
    kind = chance.random()
    if kind < 0.1:
        return current, {}, current if chance.random() < 0.3 and current else _image(chance), False
    if kind < 0.2:
        return current, current if chance.random() < 0.5 and current else _image(chance), {}, True
    names = chance.sample([*_VALUES, "colour"], chance.randint(1, 5))
    values = {**_VALUES, "colour": ("red",)}
    seen = {n: current[n] if n in current and chance.random() < 0.6 else chance.choice(values[n]) for n in names}
    return current, seen, {n: chance.choice(values[n]) for n in names}, chance.random() < 0.3


@given(seed=st.integers(0, 2**32))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_law_in_sql_is_the_law(clinic: SharedClinic, seed: int) -> None:
    """``desk.merge`` and ``domain.merge`` on anything."""
    chance = random.Random(seed)
    asked = [_asked(chance) for _ in range(400)]
    rows = clinic.admin.execute(
        "SELECT m.next, m.trouble, m.fields, desk.is_over(one->0, one->1, one->2)"
        "  FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS a (one, place)"
        " CROSS JOIN LATERAL desk.merge('appointment', one->0, one->1, one->2, (one->>3)::boolean) AS m ORDER BY place",
        (json.dumps(asked),),
    ).fetchall()
    for (current, seen, want, undo), (image, trouble, fields, over) in zip(asked, rows, strict=True):
        if over and trouble not in ("unknown", "deleted"):
            image, trouble, fields = current, "status", ["status"]
        intent = Intent("i", "a", "k", 1, "appointment", "key", seen, want, None, "", 0)
        law = merge(intent, current, undo=undo)
        assert (law.trouble, set(law.fields), dict(law.image)) == (trouble, set(fields), image), (current, seen, want)
