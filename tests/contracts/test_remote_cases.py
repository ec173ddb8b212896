"""The law of one intent: the pure one, and the shared database's by way of ``ports.Remote``, on one table."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from himsog_desktop.domain.intents import Intent
from himsog_desktop.domain.merge import merge
from himsog_desktop.domain.people import Role
from himsog_desktop.domain.rights import Verb, allowed
from tests.contracts.remote_cases import CASES, GONE, LAW, At, Case
from tests.support.shared import HOUR, Image, SharedClinic, new_id, now

APART = 6
"""Hours that a case has to itself."""

_turn = itertools.count()


def test_the_names_of_the_cases_are_their_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


def resolved(value: Any, start: int, names: dict[str, str], find: Any) -> Any:
    """A value of the table as it is sent."""
    match value:
        case At():
            return start + int(value.hours * HOUR)
        case str() if value.startswith("@"):
            return names.get(value[1:]) or find(value[1:])
        case dict():
            return {k: resolved(v, start, names, find) for k, v in value.items()}
        case list() | tuple():
            return [resolved(v, start, names, find) for v in value]
    return value


class Stage:
    """A case on a shared database: a record of its own at a time of its own."""

    def __init__(self, clinic: SharedClinic, case: Case) -> None:
        self.clinic, self.case = clinic, case
        past = "of the past" in case.name or case.name == "and not by the desk"
        turn = next(_turn)
        self.start = clinic.start + turn * APART * HOUR - (100 * 24 * HOUR if past else 0)
        self.key = new_id()
        self.names = {"this": self.key, "number": f"APT{turn:08d}CASE", "login": f"login-{turn}"}
        plain = self._plain() | self.of(case.stands if case.stands is not GONE else {})
        self.current: Image = {} if case.stands is GONE else clinic.put(case.entity, plain)
        for more in case.beside:
            clinic.put("appointment", self._appointment(new_id()) | self.of(more))

    def of(self, value: Any) -> Any:
        return resolved(value, self.start, self.names, self.clinic.id)

    def _plain(self) -> Image:
        match self.case.entity:
            case "appointment":
                return self._appointment(self.key) | {"number": self.names["number"]}
            case "patient":
                return self.clinic.patient("somebody") | {"id": self.key, "email": f"{self.key}@patients.invalid"}
            case "provider":
                return self._provider()
            case "service":
                return self._service()
            case "block":
                span = {"start": self.start, "end": self.start + HOUR}
                return {
                    "id": self.key, "provider_id": self.clinic.id("q"), "title": "Leave", "created": now(),
                    "updated": now(), "all_day": False, "external_system": None, "external_id": None, **span,
                }  # fmt: skip
        return {
            "id": self.key, "login": self.names["login"], "name": "Lea", "role": "receptionist",
            "clinic_id": self.clinic.id("A"), "email": None, "active": True,
        }  # fmt: skip

    def _appointment(self, key: str) -> Image:
        made = self.clinic.appointment("somebody") | {"id": key}
        return made | {"start": self.start, "end": self.start + HOUR // 2}

    def _provider(self) -> Image:
        return {
            "id": self.key, "user_id": new_id(), "name": "Dr", "slot_minutes": 30, "created": now(), "updated": now(),
            "clinics": [self.clinic.id("A")], "hours": [], "breaks": [], "overrides": [], "specialty": None,
            "key": None, "position": 0, "policy": {
                "notice_minutes": 0, "cancel_hours": 24, "auto_confirm": False, "max_per_day": None,
                "buffer_before": 0, "buffer_after": 0, "overbook_lanes": 0},
        }  # fmt: skip

    def _service(self) -> Image:
        return {
            "id": self.key, "provider_id": self.clinic.id("p"), "name": "Check-up", "kind": "SINGLE",
            "pricing": "FIXED", "created": now(), "updated": now(), "price_min": 50000, "price_max": 50000,
            "duration": None, "buffer_before": 0, "buffer_after": 0, "max_per_day": None, "active": True,
            "description": None, "parts": [], "catalogue": None, "key": None,
        }  # fmt: skip

    def intent(self) -> Intent:
        case = self.case
        return self.clinic.intent(
            case.entity, self.key, self.of(case.before), self.of(case.after), kind=case.kind, by=case.by
        )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_database(clinic: SharedClinic, case: Case) -> None:
    stage = Stage(clinic, case)
    intent = stage.intent()
    answer = clinic.remote(case.by).push([intent])[0]
    stands = clinic.image(case.entity, stage.key)
    assert (answer.verdict, answer.trouble, set(answer.fields)) == (case.verdict, case.trouble, set(case.fields)), (
        answer
    )
    assert tuple(told.rule for told in answer.rules) == case.rules
    assert (answer.id, answer.entity, answer.key) == (intent.id, case.entity, stage.key)
    for name, value in case.then.items():
        assert stands[name] == stage.of(value), name
    if case.verdict == "accepted":
        assert answer.image == stands, "the canonical image is what stands there"
        assert answer.ver == clinic.count(
            "SELECT ver FROM desk.head WHERE entity = %s AND key = %s AND clinic_id = %s",
            case.entity, stage.key, clinic.id("A"),
        )  # fmt: skip
    else:
        assert stands == stage.current, "nothing is done"
    told = clinic.count("SELECT count(*) FROM desk.history WHERE uid = %s", intent.id)
    assert told == (case.verdict == "accepted")
    assert clinic.count("SELECT count(*) FROM desk.card WHERE id = %s", intent.id) == (case.verdict == "refused")


@pytest.mark.parametrize("case", LAW, ids=lambda case: case.name)
def test_the_pure_law(case: Case) -> None:
    """What the core predicts, on the same table."""
    ids: dict[str, str] = {}

    def find(name: str) -> str:
        return ids.setdefault(name, new_id())

    start = 1_800_000_000_000_000
    plain: Image = {
        name: value for name, value in [*case.before.items(), *case.after.items()] if name not in ("colour",)
    }
    seen = resolved(dict(case.before), start, {}, find)
    current: Image = resolved({**_WHOLE.get(case.entity, {}), **plain, **case.before, **case.stands}, start, {}, find)
    current.pop("colour", None)
    if case.stands is GONE:
        current = {}
    intent = Intent(
        new_id(), new_id(), case.kind, 1, case.entity, "key", seen, resolved(dict(case.after), start, {}, find),
        None, "", 0,
    )  # fmt: skip
    found = merge(intent, current)
    assert (found.verdict, found.trouble, set(found.fields)) == (case.verdict, case.trouble, set(case.fields))
    for name, value in case.then.items():
        assert found.image.get(name) == resolved(value, start, {}, find), name


_WHOLE: dict[str, Image] = {
    "appointment": {"status": "CONFIRMED", "notes": None, "activity_notes": None, "cancellation_reason": None},
}


@pytest.mark.parametrize("own", [True, False])
def test_rights_are_one_table(clinic: SharedClinic, own: bool) -> None:
    """``desk.may`` says of every role and verb what ``domain.rights`` says."""
    for role, verb in itertools.product(Role, Verb):
        row = clinic.admin.execute("SELECT desk.may(%s, %s, %s)", (role.value, verb.value, own)).fetchone()
        assert row == (allowed(role, verb, own=own),), (role, verb)
