"""The table of what is allowed at a desk (``verdict_cases``), asked of the shared database where it decides as well:
states, roles, reopening, and who sits where. What was checked when the person acted it does not ask again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from himsog_desktop.domain.appointment import Status
from himsog_desktop.domain.clinic import Policy
from tests.contracts.remote_hands import one
from tests.contracts.verdict_cases import CASES, Act, Allowed, Book, Case, Refused, There
from tests.support.shared import LOGINS, Image, SharedClinic, new_id

KNOWN = {"booked", "blocked_time"}
"""Rules that the database knows; the others are the desk's (past, hours, breaks, buffers, limits)."""

TROUBLE = {"forbidden": "forbidden", "transition_refused": "status", "slot_unavailable": "slot"}


def _asked_there(case: Case) -> bool:
    """Whether the database decides this case: acts on states, and bookings that clash."""
    match case.ask:
        case Act(act):
            # A patch says from where to where: confirming what is over is reopening it, and the other way round.
            told_apart = act.target is not Status.CONFIRMED or not isinstance(case.expect, Refused)
            return case.policy == Policy() and (
                told_apart or case.expect != Refused("transition_refused") or _late(case)
            )
        case Book() as ask if isinstance(case.expect, Refused):
            # Who sits alone in a lane of overbooking leaves the other lanes free.
            clash = set(case.expect.rules) <= KNOWN and case.expect.code in TROUBLE
            return clash and case.policy == Policy() and ask == Book(ask.start, ask.minutes) and not _beside(case)
    return False


def _late(case: Case) -> bool:
    return any(there.day for there in case.given)


def _beside(case: Case) -> bool:
    return any(there.lane for there in case.given)


HERE = [case for case in CASES if _asked_there(case)]


def _instant(wall: str, day: int) -> int:
    hour, minute = map(int, wall.split(":"))
    today = datetime.now(ZoneInfo("Asia/Manila")) + timedelta(days=day)
    return int(today.replace(hour=hour, minute=minute, second=0, microsecond=0).timestamp()) * 1_000_000


def _put(clinic: SharedClinic, there: There) -> Image:
    key = new_id()
    image = clinic.appointment(key) | {
        "id": key, "start": _instant(there.start, there.day), "end": _instant(there.end, there.day),
        "status": there.status.value, "patient_id": clinic.id(there.patient), "provider_id": clinic.id(there.provider),
        "lane": there.lane, "overbook_reason": "urgent" if there.lane else None,
    }  # fmt: skip
    return clinic.put("appointment", image)


def test_enough_of_the_table_is_asked() -> None:
    assert len(HERE) > 150


@pytest.mark.parametrize("case", HERE, ids=lambda case: case.name)
def test_the_same_law(clinic: SharedClinic, case: Case) -> None:
    run = clinic.admin.execute
    run("DELETE FROM public.appointments WHERE start_time < now() + interval '36 hours'")
    run("DELETE FROM desk.blocks WHERE start_time < now() + interval '36 hours'")
    given = [_put(clinic, there) for there in case.given]
    for start, end in case.blocks:
        run(
            "INSERT INTO desk.blocks (id, provider_id, start_time, end_time, title, all_day, created_at, updated_at)"
            " VALUES (%s, %s, desk.instant(%s), desk.instant(%s), 'Closed', false, now(), now())",
            (new_id(), clinic.id("p"), _instant(start, 0), _instant(end, 0)),
        )
    by = LOGINS[case.role]
    match case.ask:
        case Act(act):
            seen = str(given[0]["status"])
            intent = clinic.intent(
                "appointment", str(given[0]["id"]), {"status": seen}, {"status": act.target.value}, by=by
            )
        case Book() as ask:
            key, start = new_id(), _instant(ask.start, ask.day)
            wanted = {"id": key, "start": start, "end": start + (ask.minutes or 30) * 60_000_000, "status": "PENDING"}
            intent = clinic.intent("appointment", key, {}, clinic.appointment(key) | wanted, by=by)
        case _:
            pytest.fail("not asked here")
    told = one(clinic, intent, by)
    match case.expect:
        case Allowed(status, lane):
            assert told.verdict == "accepted"
            assert (told.image["status"], told.image["lane"]) == (status or Status.PENDING, lane)
        case Refused("transition_refused", _) if intent.before.get("status") == intent.after.get("status"):
            # "It is so already" is a refusal to a person and no trouble to anybody else.
            assert told.verdict == "noop"
        case Refused(code, rules):
            assert (told.verdict, told.trouble) == ("refused", TROUBLE[code])
            if rules:
                assert {r.rule for r in told.rules} == set(rules)
