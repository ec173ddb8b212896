"""Status acts: the whole table, and who may do what."""

from __future__ import annotations

from datetime import date

import pytest

from himsog_desktop.domain.appointment import Status, StatusAct
from himsog_desktop.domain.errors import NoAccess, Refused
from himsog_desktop.domain.people import Role
from himsog_desktop.domain.rights import Verb, allowed, require
from himsog_desktop.domain.time import DAY, HOUR, zone
from himsog_desktop.domain.transitions import verdict

MANILA = zone("Asia/Manila")
START = MANILA.instant(date(2026, 11, 20), 540)

# Design, section 2, written out once more: from, to, and the act that leads there.
TABLE = {
    (Status.PENDING, StatusAct.CONFIRM),
    (Status.PENDING, StatusAct.CANCEL),
    (Status.CONFIRMED, StatusAct.COMPLETE),
    (Status.CONFIRMED, StatusAct.CANCEL),
    (Status.CONFIRMED, StatusAct.NO_SHOW),
    (Status.CONFIRMED, StatusAct.UNCONFIRM),
    (Status.COMPLETED, StatusAct.REOPEN),
    (Status.CANCELLED, StatusAct.REOPEN),
    (Status.NO_SHOW, StatusAct.REOPEN),
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("act", StatusAct)
@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.MANAGER])
def test_every_act_from_every_state(role: Role, act: StatusAct, status: Status) -> None:
    found = verdict(act, status, start=START, now=START + HOUR, zone=MANILA, role=role)
    if (status, act) in TABLE:
        assert found is None
    else:
        assert isinstance(found, Refused)
        assert found.code == "transition_refused"
        assert found.message.startswith("It is ")


def test_the_words_say_what_to_do() -> None:
    def said(act: StatusAct, status: Status) -> str:
        found = verdict(act, status, start=START, now=START, zone=MANILA)
        assert found is not None
        return found.message

    assert said(StatusAct.CONFIRM, Status.CONFIRMED) == "It is already confirmed."
    assert said(StatusAct.CANCEL, Status.COMPLETED) == "It is completed and can't be cancelled. Reopen it first."
    assert said(StatusAct.NO_SHOW, Status.PENDING) == (
        "It is only requested and can't be marked as a no-show. Confirm it first."
    )
    assert said(StatusAct.REOPEN, Status.CONFIRMED) == "It is confirmed, so there is nothing to reopen."


def test_the_desk_reopens_on_the_appointments_clinic_day_only() -> None:
    _, midnight = MANILA.day_bounds(MANILA.date_of(START))

    def reopen(role: Role, now: int) -> object:
        return verdict(StatusAct.REOPEN, Status.NO_SHOW, start=START, now=now, zone=MANILA, role=role)

    assert reopen(Role.RECEPTIONIST, midnight - 1) is None
    late = reopen(Role.RECEPTIONIST, midnight)
    assert isinstance(late, Refused)
    assert late.code == "transition_refused"
    assert isinstance(reopen(Role.RECEPTIONIST, START - DAY), Refused)
    assert reopen(Role.MANAGER, midnight + 400 * DAY) is None


@pytest.mark.parametrize("role", [Role.READ_ONLY, Role.PROVIDER, Role.IT])
@pytest.mark.parametrize(("act", "status"), [(StatusAct.CONFIRM, Status.PENDING), (StatusAct.REOPEN, Status.CANCELLED)])
def test_other_roles_are_told_that_they_may_not(role: Role, act: StatusAct, status: Status) -> None:
    found = verdict(act, status, start=START, now=START, zone=MANILA, role=role)
    assert isinstance(found, NoAccess)
    assert found.code == "forbidden"


DESK = {"see", "book", "move", "set status", "reopen", "overbook", "note", "edit patient", "import", "export"}


@pytest.mark.parametrize(
    ("role", "own", "verbs"),
    [
        (Role.READ_ONLY, True, {"see"}),
        (Role.PROVIDER, False, set()),
        (Role.PROVIDER, True, {"see", "note", "edit availability"}),
        (Role.RECEPTIONIST, True, DESK),
        (Role.MANAGER, False, set(Verb)),
        (Role.IT, True, {"connect"}),
    ],
)
def test_what_each_role_may(role: Role, own: bool, verbs: set[str]) -> None:
    assert {str(verb) for verb in Verb if allowed(role, verb, own=own)} == {str(v) for v in verbs}


def test_require_raises_in_words() -> None:
    require(Role.MANAGER, Verb.MANAGE_STAFF)
    with pytest.raises(NoAccess, match=r"Your role \(it\) doesn't allow you to see patients and appointments"):
        require(Role.IT, Verb.SEE)
