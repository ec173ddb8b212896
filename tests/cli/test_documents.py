"""Every documented key is there, with the shape that the contract says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Himsog
from tests.cli.test_acts import TEN, booked

# As in the contract, "Documents". Keys may be added, none renamed or removed.
NAMED = {"id": str, "name": str}
APPOINTMENT: dict[str, Any] = {
    "id": str,
    "number": str,
    "clinic": NAMED,
    "provider": NAMED,
    "patient": {"id": str, "name": str, "email": str, "phone": str, "birth_date": str},
    "start": str,
    "end": str,
    "duration_minutes": int,
    "status": str,
    "visit": str,
    "services": [{"id": str, "name": str, "price": str}],
    "total": str,
    "currency": str,
    "location": str,
    "type": str,
    "resources": [NAMED],
    "lane": int,
    "overbook_reason": str,
    "notes": str,
    "cancelled": {"at": str, "by": str, "reason": str},
    "source": str,
    "external": {"system": str, "id": str},
    "created": str,
    "updated": str,
    "sync": str,
}
REASON = {"rule": str, "text": str}
REFUSED = {"id": str, "code": str, "rules": [REASON]}
ACT = {"act": str, "kind": str, "at": str, "by": NAMED, "undoable_until": str, "changed": [APPOINTMENT],
       "refused": [REFUSED]}  # fmt: skip
PLACE = {"start": str, "end": str, "provider": NAMED, "status": str}
SLOT = {"provider": str, "start": str, "end": str, "available": bool, "reasons": [REASON]}
PREVIEW = {"outcomes": [{"id": str, "number": str, "patient": str, "before": PLACE, "after": PLACE, "rules": [REASON],
                         "alternatives": [SLOT]}], "will_change": int, "refused": int}  # fmt: skip
NOTICE = {"appointment": str, "number": str, "kind": str, "patient": str, "provider": NAMED, "start": str, "due": str,
          "state": str, "channels": [str], "act": str}  # fmt: skip
PATIENT = {"id": str, "name": str, "email": str, "phone": str, "birth_date": str, "sex": str, "address": str,
           "status": str, "blocked": bool, "favorite": bool, "alerts": [str],
           "consent": {"email": bool, "sms": bool, "push": bool, "whatsapp": bool}, "bookings": int,
           "last_visit": str, "external": {"system": str, "id": str}}  # fmt: skip
PROVIDER = {"id": str, "name": str, "status": str, "slot_minutes": int, "clinics": [str],
            "hours": [{"clinic": str, "day": int, "start": str, "end": str}],
            "breaks": [{"day": int, "start": str, "end": str}],
            "policy": {"notice_minutes": int, "cancel_hours": int, "auto_confirm": bool, "max_per_day": int,
                       "buffer_before": int, "buffer_after": int, "overbook_lanes": int}}  # fmt: skip
SERVICE = {"id": str, "provider": str, "catalogue": str, "name": str, "kind": str, "parts": [str], "pricing": str,
           "price_min": str, "price_max": str, "duration_minutes": int, "buffer_before": int, "buffer_after": int,
           "max_per_day": int, "active": bool}  # fmt: skip
HISTORY = {"seq": int, "at": str, "by": NAMED, "source": str, "device": str, "act": str, "kind": str, "before": {},
           "after": {}}  # fmt: skip
PROFILE = {"id": str, "path": str, "clinic": {"id": str, "name": str, "timezone": str, "currency": str},
           "schema": str, "protocol": int, "remote": {}, "key": [str],
           "counts": {"patients": int, "appointments": int, "pending": int, "attention": int}}  # fmt: skip
IMPORT = {"kind": str, "dry_run": bool, "act": str, "encoding": str, "read": int, "taken": int, "unchanged": int,
          "refused": int, "warned": int, "created": {"patients": int, "providers": int, "services": int},
          "by_status": {}, "lines": [{"line": int, "outcome": str, "field": str, "rule": str,
                                      "text": str}]}  # fmt: skip
CALENDAR = {**IMPORT, "events": int,
            "occurrences": [{"uid": str, "start": str, "end": str, "all_day": bool, "summary": str}],
            "skipped": [{"uid": str, "rule": str, "text": str}]}  # fmt: skip
DIGEST = {"scope": {}, "tables": {"appointments": {"rows": int, "sha256": str}}}
ERROR = {"error": {"code": str, "message": str, "details": [REASON], "alternatives": [SLOT]}}


def conforms(found: Any, shape: Any, where: str = "") -> None:
    """The keys are all there, and what is not null is of its kind."""
    if isinstance(shape, dict):
        if found is None:
            return
        assert isinstance(found, dict), where
        for name, inner in shape.items():
            assert name in found, f"{where}.{name}"
            conforms(found[name], inner, f"{where}.{name}")
    elif isinstance(shape, list):
        assert isinstance(found, list), where
        for i, item in enumerate(found):
            conforms(item, shape[0], f"{where}[{i}]")
    elif found is not None:
        assert type(found) is shape, f"{where}: {found!r}"


@pytest.fixture
def appointment(asked: Himsog) -> Any:
    """A booked appointment, with services."""
    return booked(asked, TEN, "--service", "check-up", "--service", "vaccination")


def test_acts_and_appointments(asked: Himsog, appointment: Any) -> None:
    key = appointment["id"]
    acts = [
        asked("move", key, "--start", "2026-11-20T11:00:00+08:00").document,
        asked("note", key, "text").document,
        asked("status", "cancel", key, "--reason", "why").document,
        asked("undo").document,
    ]
    acts.append(asked("act", acts[0]["act"]).document)
    for act in acts:
        conforms(act, ACT)
        assert [a["id"] for a in act["changed"]] == [key]
    conforms(asked("appointment", key).document, APPOINTMENT)
    conforms(asked("appointments").document, [APPOINTMENT])


def test_absent_is_null_with_the_key_there(asked: Himsog, appointment: Any) -> None:
    for name in ("visit", "type", "overbook_reason", "notes", "cancelled", "external"):
        assert appointment[name] is None
    assert appointment["patient"]["email"] is None


def test_instants_and_money(asked: Himsog, appointment: Any) -> None:
    assert appointment["start"] == TEN
    assert appointment["created"].endswith("+08:00")
    assert appointment["total"] == "1100.00"
    assert [s["price"] for s in appointment["services"]] == ["500.00", "600.00"]


def test_slots(asked: Himsog, appointment: Any) -> None:
    found = asked("slots", "--provider", "cruz", "--from", "2026-11-20").document
    conforms(found, [SLOT])
    assert {r["rule"] for s in found for r in s["reasons"]} >= {"break", "booked"}
    free = asked("slots", "--provider", "cruz", "--from", "2026-11-20", "--only-free").document
    assert free == [s for s in found if s["available"]]
    conforms(asked("next-available", "--count", "3", "--part", "Afternoon").document, [SLOT])


def test_rules_files_need_no_profile(asked: Himsog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIMSOG_PROFILE", str(tmp_path / "none"))
    path = tmp_path / "rules.json"
    path.write_text(
        json.dumps(
            {
                "timezone": "Asia/Manila",
                "hours": [{"day": 5, "start": "09:00", "end": "10:00"}],
                "busy": [{"start": "2026-11-20T09:30:00+08:00", "end": "2026-11-20T10:00:00+08:00"}],
                "duration": 30,
                "now": "2026-11-19T00:00:00+08:00",
            }
        )
    )
    found = asked("slots", "--rules", path, "--from", "2026-11-20", "--days", "2").document
    conforms(found, [SLOT])
    assert [(s["start"], s["available"], s["provider"]) for s in found] == [
        ("2026-11-20T09:00:00+08:00", True, None),
        ("2026-11-20T09:30:00+08:00", False, None),
    ]


def test_people_and_the_clinic(asked: Himsog, appointment: Any) -> None:
    conforms(asked("providers").document, [PROVIDER])
    conforms(asked("services").document, [SERVICE])
    conforms(asked("patients").document, [PATIENT])
    conforms(asked("patient", "show", appointment["patient"]["id"]).document, PATIENT)
    conforms(asked("profile", "info").document, PROFILE)
    conforms(asked("history", appointment["id"]).document, [HISTORY])
    conforms(asked("digest").document, DIGEST)


def test_a_patient_from_form_to_correction(asked: Himsog) -> None:
    made = asked(
        *("patient", "add", "--name", "Peña, José", "--phone", "0917-555-0101", "--birth-date", "1980-02-29"),
        *("--alert", "penicillin", "--alert", "wheelchair", "--no-consent-sms", "--sex", "m"),
    ).document
    conforms(made, PATIENT)
    assert made["alerts"] == ["penicillin", "wheelchair"]
    assert made["consent"] == {"email": True, "sms": False, "push": False, "whatsapp": False}
    changed = asked("patient", "edit", made["id"], "--phone", "", "--alert", "", "--blocked").document
    assert (changed["phone"], changed["alerts"], changed["status"]) == (None, [], "blocked")
    assert changed["birth_date"] == "1980-02-29"
    assert asked("book", "--provider", "cruz", "--start", TEN, "--patient", made["id"]).error["code"] == (
        "patient_blocked"
    )


def test_errors(asked: Himsog, appointment: Any) -> None:
    answer = asked("book", "--provider", "cruz", "--start", TEN, "--patient-name", "Uy, An")
    conforms(answer.document, ERROR)
    assert answer.exit == 1


def test_lists_come_in_pages(asked: Himsog) -> None:
    starts = [f"2026-11-20T{hour:02d}:00:00+08:00" for hour in (16, 9, 11)]
    for start in starts:
        booked(asked, start)
    found = asked("appointments").document
    assert [a["start"] for a in found] == sorted(starts)
    assert asked("appointments", "--limit", "1", "--offset", "1").document == found[1:2]
    assert asked("appointments", "--limit", "0").document == []
    assert asked("appointments", "--from", "2026-11-21").document == []
    assert len(asked("appointments", "--from", "2026-11-20", "--to", "2026-11-20").document) == 3
    assert asked("appointments", "--status", "confirmed").document == []
    assert len(asked("appointments", "--status", "confirmed", "--status", "pending").document) == 3
    assert len(asked("providers", "--limit", "2", "--offset", "2").document) == 1
    assert len(asked("history", found[0]["id"], "--limit", "1").document) == 1


def test_a_long_list_says_so_to_people(himsog: Himsog, asked: Himsog) -> None:
    for hour in (9, 11):
        booked(asked, f"2026-11-20T{hour:02d}:00:00+08:00")
    assert himsog("appointments", "--limit", "1").text.endswith("1 of 2 shown; --limit and --offset show others.\n")


def test_setup_out_and_in_again(asked: Himsog, tmp_path: Path) -> None:
    out = tmp_path / "clinic.toml"
    assert asked("setup", "export", "-o", out).document == {"file": str(out)}
    again = asked("setup", "apply", out)
    assert (again.exit, again.document["setup"]) == (0, [])
    out.write_text(out.read_text().replace("Dr Elena Cruz", "Dr Elena Cruz-Lim"))
    dry = asked("setup", "apply", out, "--dry-run").document
    assert dry["act"] is None
    assert len(dry["setup"]) == 1
    assert {p["name"] for p in asked("providers").document} >= {"Dr Elena Cruz"}
    conforms(asked("setup", "apply", out).document, {**ACT, "changed": list})
    assert {p["name"] for p in asked("providers").document} >= {"Dr Elena Cruz-Lim"}


def test_a_backup_restored_has_the_same_digest(asked: Himsog, appointment: Any, tmp_path: Path) -> None:
    out, other = tmp_path / "b.himsog", tmp_path / "other"
    made = asked("backup", "-o", out)
    assert made.exit == 0
    assert made.document["digest"] == asked("digest").document
    assert asked("--profile", other, "restore", out).exit == 0
    assert asked("--profile", other, "digest").document == asked("digest").document
    assert asked("--profile", other, "restore", out).exit == 2


def test_a_healthy_profile(asked: Himsog, himsog: Himsog, appointment: Any) -> None:
    answer = asked("doctor")
    assert (answer.exit, answer.document["ok"]) == (0, True)
    conforms(answer.document, {"ok": bool, "findings": [{"name": str, "level": str, "text": str, "todo": str}]})
    assert himsog("doctor").text.endswith("All is well.\n")


def test_a_new_profile(asked: Himsog, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    made = asked("profile", "create", folder, "--clinic", "Digos", "--timezone", "Asia/Manila", "--currency", "usd")
    assert set(made.document) >= {"id", "recovery_key"}
    found = asked("--profile", folder, "profile", "info").document
    assert (found["id"], found["clinic"]["currency"], found["key"]) == (
        made.document["id"], "USD", ["keyring", "recovery"],
    )  # fmt: skip


def test_no_keyring_and_no_passphrase(
    asked: Himsog, tmp_path: Path, keyring_memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring_memory.refuse = RuntimeError("no service")
    command = ("profile", "create", tmp_path / "new", "--clinic", "Digos", "--timezone", "Asia/Manila")
    answer = asked(*command)
    assert (answer.exit, answer.error["code"]) == (4, "no_key")
    assert not (tmp_path / "new").exists()
    monkeypatch.setenv("HIMSOG_PASSPHRASE", "a phrase of many words")
    assert asked(*command).exit == 0
    assert asked("--profile", tmp_path / "new", "profile", "info").document["key"] == ["passphrase", "recovery"]
    monkeypatch.delenv("HIMSOG_PASSPHRASE")
    assert asked("--profile", tmp_path / "new", "profile", "info").error["code"] == "locked"


def test_the_demo_clinic(asked: Himsog, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    made = asked("demo", "create", folder, "--scale", "700").document
    assert set(made) >= {"id", "recovery_key"}
    assert asked("--profile", folder, "profile", "info").document["counts"]["appointments"] == 700
