"""One table of what becomes of an intent against an aggregate as it stands: the law of ``domain.merge`` and of
``desk.push`` (design, section 3, "two faces of one law").

A suite puts ``stands`` there over a plain record, sends the patch, and compares. ``"@name"`` stands for the id of
something of the tests' clinic, ``At(hours)`` for an instant so long after the time that the case has to itself.
``lawful``: the pure law says the same; what takes more than one aggregate (a place, a role) only the server knows.
"""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from himsog_desktop.domain.appointment import Status, StatusAct
from tests.contracts.verdict_cases import TRANSITIONS

Fields = Mapping[str, Any]
GONE: Fields = {"gone": True}
"""``stands``: the aggregate was there and is no more."""


@dataclass(frozen=True)
class At:
    """An instant, in hours after the case's own time."""

    hours: float


@dataclass(frozen=True)
class Case:
    """What stands there, what somebody wants, and what comes of it. ``then`` are fields as they are afterwards."""

    name: str
    before: Fields
    after: Fields
    verdict: str = "accepted"
    trouble: str | None = None
    fields: tuple[str, ...] = ()
    then: Fields = field(default_factory=dict)
    stands: Fields = field(default_factory=dict)
    entity: str = "appointment"
    kind: str = ""
    by: str = "mia"
    rules: tuple[str, ...] = ()
    lawful: bool = True
    beside: tuple[Fields, ...] = ()


def _field(entity: str, name: str, seen: Any, wanted: Any, other: Any) -> list[Case]:
    return [
        Case(
            f"{entity}: {name} as it was seen",
            {name: seen},
            {name: wanted},
            then={name: wanted},
            stands={name: seen},
            entity=entity,
        ),
        Case(
            f"{entity}: {name} is so already",
            {name: seen},
            {name: wanted},
            "noop",
            then={name: wanted},
            stands={name: wanted},
            entity=entity,
        ),
        Case(
            f"{entity}: {name} was changed",
            {name: seen},
            {name: wanted},
            "refused",
            "field",
            (name,),
            {name: other},
            {name: other},
            entity,
        ),
    ]


_HOURS = {"clinic_id": "@A", "day": 1, "start": 480, "end": 720}
_BREAK = {"name": "Lunch", "day": 1, "start": 720, "end": 780}
_OVERRIDE = {
    "date": "2027-01-04",
    "available": False,
    "start": None,
    "end": None,
    "kind": "holiday",
    "reason": "New Year",
}
_POLICY = {
    "notice_minutes": 0,
    "cancel_hours": 24,
    "auto_confirm": False,
    "max_per_day": None,
    "buffer_before": 0,
    "buffer_after": 0,
    "overbook_lanes": 0,
}
_CONSENT = {"email": True, "sms": True, "push": False, "whatsapp": False}

PLAIN = [
    *_field("appointment", "patient_name", "X", "Y", "Z"),
    *_field("appointment", "patient_phone", None, "+639170000001", "+639170000002"),
    *_field("appointment", "patient_email", "a@x.example", "b@x.example", "c@x.example"),
    *_field("appointment", "type", None, "Check-up", "Cleaning"),
    *_field("appointment", "location", "in_person", "video", "phone"),
    *_field("appointment", "external_id", None, "1", "2"),
    *_field("appointment", "outcome_missing", False, True, True)[:2],
    *_field("patient", "name", "Reyes", "Reyes, Ana", "Cruz"),
    *_field("patient", "email", "a@p.example", "b@p.example", "c@p.example"),
    *_field("patient", "phone", None, "+639170000001", "+639170000002"),
    *_field("patient", "birth_date", "1980-01-01", "1981-01-01", None),
    *_field("patient", "sex", None, "female", "male"),
    *_field("patient", "address", "Digos", "Davao", None),
    *_field("patient", "consent", _CONSENT, {**_CONSENT, "sms": False}, {**_CONSENT, "whatsapp": True}),
    *_field("patient", "alerts", [], ["Penicillin"], ["Latex"]),
    *_field("patient", "favorite", False, True, True)[:2],
    *_field("patient", "blocked", False, True, True)[:2],
    *_field("patient", "private_notes", None, "Pays late", "Speaks Bisaya"),
    *_field("provider", "name", "Dr A", "Dr B", "Dr C"),
    *_field("provider", "slot_minutes", 30, 20, 40),
    *_field("provider", "hours", [_HOURS], [_HOURS, {**_HOURS, "day": 2}], [{**_HOURS, "end": 700}]),
    *_field("provider", "breaks", [], [_BREAK], [{**_BREAK, "day": 2}]),
    *_field("provider", "overrides", [], [_OVERRIDE], [{**_OVERRIDE, "reason": None}]),
    *_field("provider", "policy", _POLICY, {**_POLICY, "max_per_day": 9}, {**_POLICY, "cancel_hours": 2}),
    *_field("provider", "specialty", None, "Dermatology", "Pediatrics"),
    *_field("provider", "position", 0, 1, 2),
    *_field("service", "name", "Check-up", "Check", "Exam"),
    *_field("service", "duration", None, 20, 40),
    *_field("service", "description", None, "Short", "Long"),
    *_field("service", "max_per_day", 3, None, 4),
    *_field("service", "buffer_after", 0, 5, 10),
    *_field("service", "active", True, False, False)[:2],
    *_field("service", "parts", [], ["@plain"], ["@other"]),
    *_field("block", "title", "Leave", "Holiday", "Meeting"),
    *_field("block", "all_day", False, True, True)[:2],
    *_field("staff", "name", "Lea", "Lia", "Leo"),
    *_field("staff", "role", "receptionist", "manager", "read-only"),
    *_field("staff", "active", True, False, False)[:2],
]  # fmt: skip
"""Every field that is compared and set by itself."""

_OLD = {
    "start": At(0),
    "end": At(0.5),
    "provider_id": "@p",
    "resources": [],
    "lane": 0,
    "overbook_reason": None,
    "clinic_id": "@A",
}
_NEW = {**_OLD, "start": At(1), "end": At(1.5)}

SLOT = [
    Case("moved as it was seen", _OLD, _NEW, then={"start": At(1), "end": At(1.5)}),
    Case("moved to where it is", _OLD, _NEW, "noop", stands=_NEW),
    Case("moved by both", _OLD, _NEW, "refused", "field", ("start", "end"), {"start": At(2)}, {"start": At(2), "end": At(2.5)}),
    Case("one's time and another's provider is no place that anybody chose", _OLD, _NEW, "refused", "field", ("provider_id",), {"start": At(0)}, {"provider_id": "@q"}),
    Case("one's room and another's time is no place either", _OLD, {**_OLD, "resources": ["@r1"]}, "refused", "field", ("start", "end"), {"resources": []}, {"start": At(2), "end": At(2.5)}),
    Case("a room as it was seen", _OLD, {**_OLD, "resources": ["@r1"]}, then={"resources": ["@r1"]}),
    Case("both moved it to the same time, one to a room", _OLD, {**_NEW, "resources": ["@r1"]}, "refused", "field", ("start", "end"), stands=_NEW),
    Case("somebody's note is no matter to a move", _OLD, _NEW, then={"start": At(1), "notes": "by somebody"}, stands={"notes": "by somebody"}),
    Case("longer", _OLD, {**_OLD, "end": At(1)}, then={"end": At(1)}),
    Case("moved what somebody cancelled meanwhile", _OLD, _NEW, "refused", "status", ("status",), stands={"status": "CANCELLED"}, rules=("transition_refused",)),
    Case("a room for what is completed", _OLD, {**_OLD, "resources": ["@r1"]}, "refused", "status", ("status",), stands={"status": "COMPLETED"}, rules=("transition_refused",)),
    Case("moved to where it is, cancelled", _OLD, _NEW, "noop", stands={**_NEW, "status": "CANCELLED"}),
    Case("an import corrects what is over", _OLD, _NEW, then={"start": At(1)}, stands={"status": "COMPLETED"}, kind="import.appointments"),
    Case("to another provider and lane and room at once", _OLD, {**_NEW, "provider_id": "@q", "lane": 1, "overbook_reason": "urgent", "resources": ["@r2"]}, then={"provider_id": "@q", "lane": 1}),
]  # fmt: skip

_PLAIN = {"service_id": "@plain", "name": "plain", "price": 50000}
_SHOWN = {"services": [_PLAIN], "total": 50000}

UNITS = [
    Case("services as they were seen", {"services": [], "total": 0}, _SHOWN, then=_SHOWN),
    Case("the same services", {"services": [], "total": 0}, _SHOWN, "noop", stands=_SHOWN),
    Case("services and total are one", {"services": [], "total": 0}, _SHOWN, "refused", "field", ("total",), {"services": []}, {"total": 100}),
    Case("no services any more", _SHOWN, {"services": [], "total": 0}, then={"services": [], "total": 0}, stands=_SHOWN),
    Case("a visit", {"visit": {"state": None, "arrived_at": None, "in_room_at": None, "with_provider_at": None, "checked_out_at": None}},
         {"visit": {"state": "arrived", "arrived_at": At(0), "in_room_at": None, "with_provider_at": None, "checked_out_at": None}},
         then={"visit": {"state": "arrived", "arrived_at": At(0), "in_room_at": None, "with_provider_at": None, "checked_out_at": None}}),
    Case("a visit that somebody else moved on", {"visit": {"state": None, "arrived_at": None, "in_room_at": None, "with_provider_at": None, "checked_out_at": None}},
         {"visit": {"state": "arrived", "arrived_at": At(0), "in_room_at": None, "with_provider_at": None, "checked_out_at": None}}, "refused", "field", ("visit",),
         stands={"visit": {"state": "in_room", "arrived_at": At(0), "in_room_at": At(0.1), "with_provider_at": None, "checked_out_at": None}}),
]  # fmt: skip

TEXTS = [
    case
    for name in ("notes", "activity_notes")
    for case in (
        Case(f"{name}: the first", {name: None}, {name: "a"}, then={name: "a"}),
        Case(f"{name}: added to what was seen", {name: "a"}, {name: "a\nb"}, then={name: "a\nb"}, stands={name: "a"}),
        Case(f"{name}: both added", {name: "a"}, {name: "a\nb"}, then={name: "a\nc\nb"}, stands={name: "a\nc"}),
        Case(f"{name}: both wrote the first", {name: None}, {name: "b"}, then={name: "c\nb"}, stands={name: "c"}),
        Case(f"{name}: added without a line of its own", {name: "a"}, {name: "a b"}, then={name: "a c\n b"}, stands={name: "a c"}),
        Case(f"{name}: the same words", {name: None}, {name: "b"}, "noop", stands={name: "b"}),
        Case(f"{name}: written anew", {name: "a"}, {name: "b"}, then={name: "b"}, stands={name: "a"}),
        Case(f"{name}: written anew over another's", {name: "a"}, {name: "b"}, "refused", "field", (name,), {name: "a c"}, {name: "a c"}),
        Case(f"{name}: taken away", {name: "a"}, {name: None}, then={name: None}, stands={name: "a"}),
        Case(f"{name}: taken away under another's", {name: "a"}, {name: None}, "refused", "field", (name,), stands={name: "a c"}),
        Case(f"{name}: letters of every sort", {name: "ñ"}, {name: "ñ\n🙂é"}, then={name: "ñ!\n🙂é"}, stands={name: "ñ!"}),
    )
]  # fmt: skip


def _transition(now: Status, seen: Status, target: Status) -> Case:
    done = any((now, act) in TRANSITIONS and (seen, act) in TRANSITIONS for act in StatusAct if act.target is target)
    verdict = "noop" if now is target else "accepted" if done else "refused"
    return Case(
        f"{target} by who saw {seen}, from {now}",
        {"status": seen.value},
        {"status": target.value},
        verdict,
        "status" if verdict == "refused" else None,
        ("status",) if verdict == "refused" else (),
        {"status": (target if verdict != "refused" else now).value},
        {"status": now.value},
    )


STATES = [_transition(n, s, t) for n in Status for s in Status for t in Status if s is not t]
"""Every transition, by who saw any state, from any state."""

WHOLE = [
    Case("an edit of what is gone", {"notes": None}, {"notes": "a"}, "refused", "deleted", ("notes",), stands=GONE),
    Case("a deletion of what is gone", {"id": "@this"}, {}, "noop", stands=GONE, kind="undo.appointment.book", lawful=True),
    Case("an unknown field", {"colour": None}, {"colour": "red"}, "refused", "unknown", ("colour",)),
    Case("an unknown field beside a known one", {"notes": None, "colour": None}, {"notes": "a", "colour": "red"}, "refused", "unknown", ("colour",), {"notes": None}),
    Case("one field may, another not: nothing is done", {"type": None, "location": "video"}, {"type": "Check-up", "location": "phone"}, "refused", "field", ("location",), {"type": None}, {"location": "in_person"}),
    Case("who changed it is no matter", {"updated": 1, "type": None}, {"updated": 2, "type": "Check-up"}, then={"type": "Check-up"}),
    Case("cancelled twice with two reasons: the first stands", {"status": "CONFIRMED", "cancellation_reason": None}, {"status": "CANCELLED", "cancellation_reason": "other"}, "noop", then={"cancellation_reason": "first"}, stands={"status": "CANCELLED", "cancellation_reason": "first", "cancelled_by": "clinic"}),
]  # fmt: skip

LAW = [*PLAIN, *SLOT, *UNITS, *TEXTS, *STATES, *WHOLE]
"""The law that needs one aggregate only."""

_BESIDE = ({"start": At(1), "end": At(1.5), "patient_id": "@y"},)

PLACES = [
    Case("moved where somebody sits", _OLD, _NEW, "refused", "slot", ("start", "end", "provider_id"), {"start": At(0)}, rules=("booked",), beside=_BESIDE),
    Case("moved beside somebody, back to back", _OLD, {**_OLD, "start": At(0.5), "end": At(1)}, then={"start": At(0.5)}, beside=_BESIDE),
    Case("moved where a cancelled one was", _OLD, _NEW, then={"start": At(1)}, beside=({**_BESIDE[0], "status": "CANCELLED"},)),
    Case("moved into a room in use", _OLD, {**_OLD, "start": At(1), "end": At(1.5), "resources": ["@r1"]}, "refused", "slot", ("start", "end", "provider_id"), rules=("resource_busy",), beside=({**_BESIDE[0], "provider_id": "@q", "resources": ["@r1"]},)),
    Case("moved to a provider who does not offer it", {**_OLD}, {**_OLD, "provider_id": "@q"}, "refused", "slot", ("services",), rules=("service_not_offered",), stands=_SHOWN),
    Case("moved to another clinic's provider", _OLD, {**_OLD, "provider_id": "@z"}, "refused", "deleted", ("provider_id",), rules=("not_found",)),
    Case("moved to another clinic", _OLD, {**_OLD, "clinic_id": "@B"}, "refused", "forbidden", ("clinic_id",), rules=("forbidden",)),
    Case("an end before its start", _OLD, {**_OLD, "end": At(-1)}, "refused", "unknown", ("start", "end"), rules=("bad_value",)),
    Case("a room that is not there", _OLD, {**_OLD, "resources": ["@nothing"]}, "refused", "deleted", ("resources",), rules=("not_found",)),
    Case("reopened where somebody sits now", {"status": "CANCELLED"}, {"status": "CONFIRMED"}, "refused", "slot", ("start", "end", "provider_id"), {"status": "CANCELLED"}, {"status": "CANCELLED"}, rules=("booked",), beside=({"patient_id": "@y"},)),
    Case("reopened in its own lane", {"status": "CANCELLED"}, {"status": "CONFIRMED"}, then={"status": "CONFIRMED", "lane": 1}, stands={"status": "CANCELLED", "lane": 1, "overbook_reason": "urgent"}, beside=({"patient_id": "@y"},)),
    Case("overbooked with a reason", _OLD, {**_NEW, "lane": 1, "overbook_reason": "urgent"}, then={"lane": 1}, beside=_BESIDE),
    Case("overbooked without a reason", _OLD, {**_NEW, "lane": 1}, "refused", "forbidden", ("lane",), rules=("forbidden",), beside=_BESIDE),
    Case("overbooked beyond the policy", _OLD, {**_NEW, "lane": 1, "overbook_reason": "urgent"}, "refused", "forbidden", ("lane",), by="ana", rules=("forbidden",), beside=_BESIDE),
    Case("an import goes to the first free lane", _OLD, _NEW, then={"start": At(1), "lane": 1}, kind="appointment.import", beside=_BESIDE),
    Case("an import by its other name", _OLD, _NEW, then={"start": At(1), "lane": 1}, kind="import.appointments", beside=_BESIDE),
    Case("its number is final", {"number": "@number"}, {"number": "APT00000000ZZZZ"}, "refused", "unknown", ("id",), rules=("bad_value",)),
    Case("a time that is none", _OLD, {**_OLD, "start": "noon"}, "refused", "unknown", ("start",), rules=("bad_value",)),
    Case("a state that is none", {"status": "CONFIRMED"}, {"status": "MAYBE"}, "refused", "status", ("status",)),
    Case("the provider's own is seen by the provider", {"notes": None}, {"notes": "a"}, by="dora", then={"notes": "a"}),
    Case("another's is not the provider's", {"notes": None}, {"notes": "a"}, "refused", "forbidden", by="dora", stands={"provider_id": "@q"}, rules=("forbidden",)),
    Case("a provider moves nothing", _OLD, _NEW, "refused", "forbidden", by="dora", rules=("forbidden",)),
    Case("who only reads writes nothing", {"notes": None}, {"notes": "a"}, "refused", "forbidden", by="rea", rules=("forbidden",)),
    Case("it sees and does nothing here", {"notes": None}, {"notes": "a"}, "refused", "forbidden", by="ivan", rules=("forbidden",)),
    Case("the desk sets no setup", {"name": "Dr A"}, {"name": "Dr B"}, "refused", "forbidden", entity="provider", by="ana", stands={"name": "Dr A"}, rules=("forbidden",)),
    Case("nor under the name of an import", {"name": "Dr A"}, {"name": "Dr B"}, "refused", "forbidden", entity="provider", by="ana", kind="provider.import", stands={"name": "Dr A"}, rules=("forbidden",)),
    Case("nobody at a clinic verifies a provider", {"status": "PENDING"}, {"status": "VERIFIED"}, "refused", "forbidden", ("status",), entity="provider", rules=("forbidden",)),
    Case("a manager unblocks", {"blocked": True}, {"blocked": False}, then={"blocked": False}, entity="patient", stands={"blocked": True}),
    Case("nobody else does", {"blocked": True}, {"blocked": False}, "refused", "forbidden", ("blocked",), entity="patient", by="ana", stands={"blocked": True}, rules=("forbidden",)),
    Case("an appointment is cancelled, not removed", {"id": "@this"}, {}, "refused", "forbidden", rules=("forbidden",)),
    Case("the role of staff is a manager's to set", {"role": "receptionist"}, {"role": "manager"}, "refused", "forbidden", entity="staff", by="ana", stands={"role": "receptionist"}, rules=("forbidden",)),
    Case("a login stays", {"login": "@login"}, {"login": "postgres"}, "refused", "forbidden", ("login",), entity="staff", rules=("forbidden",)),
    Case("a day of the past is reopened by a manager", {"status": "NO_SHOW"}, {"status": "CONFIRMED"}, then={"status": "CONFIRMED"}, stands={"status": "NO_SHOW"}),
    Case("and not by the desk", {"status": "NO_SHOW"}, {"status": "CONFIRMED"}, "refused", "status", ("status",), by="ana", stands={"status": "NO_SHOW"}, rules=("transition_refused",)),
    Case("the visit of one that is over", {"visit": {"state": None, "arrived_at": None, "in_room_at": None, "with_provider_at": None, "checked_out_at": None}},
         {"visit": {"state": "arrived", "arrived_at": At(0), "in_room_at": None, "with_provider_at": None, "checked_out_at": None}}, "refused", "status", ("status",), stands={"status": "CANCELLED"}, rules=("transition_refused",)),
]  # fmt: skip
"""What takes more than one aggregate: places, roles, limits."""

CASES = [*LAW, *PLACES]
