"""Status acts on one and on many, and the flow of the visit. The table of who may what is in the verdict cases."""

from __future__ import annotations

import pytest

from himsog_desktop.domain.appointment import CancelledBy, StatusAct, VisitState
from himsog_desktop.domain.commands import SetStatus, SetVisit
from himsog_desktop.domain.errors import BadInput, NoAccess, Refused
from himsog_desktop.services import histories, lists, states
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.lists import AppointmentFilter
from himsog_desktop.storage import hot
from tests.support.profiles import World


@pytest.fixture
def three(desk: Desk, world: World) -> list[str]:
    return [world.book(desk, wall, f"Patient {wall}").id for wall in ("09:00", "09:30", "10:00")]


def act(desk: Desk, what: StatusAct, *ids: str, **more: object):
    return states.set_status(desk, SetStatus(what, ids, **more))  # type: ignore[arg-type]


def test_many_at_once_are_one_act(desk: Desk, world: World, three: list[str]) -> None:
    answer = act(desk, StatusAct.CONFIRM, *three)
    assert [a.id for a in answer.changed] == three
    assert {a.status for a in answer.changed} == {"CONFIRMED"}
    assert answer.refused == []
    assert {h.act for key in three for h in histories.history(desk, key)[1:]} == {answer.act}
    assert {t.status for t in hot.tiles(desk.reader, world.at("00:00"), world.at("23:00"))} == {"CONFIRMED"}


def test_rows_that_a_rule_refuses_are_listed_and_the_others_done(desk: Desk, three: list[str]) -> None:
    act(desk, StatusAct.CONFIRM, three[1])
    answer = act(desk, StatusAct.CONFIRM, *three)
    assert [a.id for a in answer.changed] == [three[0], three[2]]
    assert [(r.id, r.code, r.rules[0].text) for r in answer.refused] == [
        (three[1], "transition_refused", "It is already confirmed.")
    ]


def test_one_alone_is_refused_out_loud(desk: Desk, three: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        act(desk, StatusAct.COMPLETE, three[0])
    assert refused.value.code == "transition_refused"


def test_the_same_one_named_twice_is_done_once(desk: Desk, three: list[str]) -> None:
    number = lists.appointment(desk, three[0]).number
    answer = act(desk, StatusAct.CONFIRM, three[0], number, three[0])
    assert [a.id for a in answer.changed] == [three[0]]
    assert len(histories.history(desk, three[0])) == 2


def test_an_unknown_one_stops_the_whole_act(desk: Desk, three: list[str]) -> None:
    for ids in ((*three, "nobody"), ("nobody",), ()):
        with pytest.raises(BadInput):
            act(desk, StatusAct.CONFIRM, *ids)
    assert {a.status for a in lists.appointments(desk, AppointmentFilter())} == {"PENDING"}


def test_a_cancellation_says_when_for_whom_and_why(desk: Desk, world: World, three: list[str]) -> None:
    by_patient = act(desk, StatusAct.CANCEL, three[0], reason=" feeling better ", cancelled_for=CancelledBy.PATIENT)
    told = by_patient.changed[0].cancelled
    assert told is not None
    assert (told.at, told.by, told.reason) == ("2026-11-20T08:00:00+08:00", "patient", "feeling better")
    act(desk, StatusAct.CANCEL, three[1])

    def platform(key: str) -> object:
        return desk.reader.execute("SELECT cancelled_by FROM appointments WHERE id = ?", (key,)).fetchone()[0]

    assert platform(three[0]) == by_patient.changed[0].patient.id
    user = desk.reader.execute("SELECT user_id FROM providers WHERE id = ?", (world.provider("cruz"),)).fetchone()[0]
    assert platform(three[1]) == user, "the platform wants the provider's user; the person is in history"
    reopened = act(desk, StatusAct.REOPEN, three[0]).changed[0]
    assert (reopened.status, reopened.cancelled) == ("CONFIRMED", None)
    with pytest.raises(BadInput) as told_long:
        act(desk, StatusAct.CANCEL, three[2], reason="x" * 501)
    assert told_long.value.code == "too_long"


def test_a_cancelled_one_gives_its_time_back(desk: Desk, world: World, three: list[str]) -> None:
    act(desk, StatusAct.CANCEL, three[0])
    world.book(desk, "09:00", "Next")
    with pytest.raises(Refused) as refused:
        act(desk, StatusAct.REOPEN, three[0])
    assert [r.rule for r in refused.value.details] == ["booked"]


def test_reopened_together_they_are_checked_one_against_the_other(desk: Desk, world: World) -> None:
    first = world.book(desk, "09:00", "First").id
    act(desk, StatusAct.CANCEL, first)
    second = world.book(desk, "09:00", "Second").id
    act(desk, StatusAct.CANCEL, second)
    answer = act(desk, StatusAct.REOPEN, first, second)
    assert [a.id for a in answer.changed] == [first]
    assert [(r.id, r.code) for r in answer.refused] == [(second, "slot_unavailable")]


def test_the_same_request_acts_once(desk: Desk, three: list[str]) -> None:
    command = SetStatus(StatusAct.CONFIRM, tuple(three))
    first = states.set_status(desk, command, request_id="r")
    assert states.set_status(desk, command, request_id="r") == first
    assert len(histories.history(desk, three[0])) == 2


def test_the_visit_moves_on_and_back(desk: Desk, world: World, three: list[str]) -> None:
    key = three[0]

    def to(state: VisitState | None) -> str | None:
        return states.set_visit(desk, SetVisit(key, state)).changed[0].visit

    assert to(VisitState.ARRIVED) == "arrived"
    world.clock.forward(5)
    assert to(VisitState.WITH_PROVIDER) == "with_provider"
    row = desk.reader.execute("SELECT arrived_at, in_room_at, with_provider_at, checked_out_at FROM visit").fetchone()
    at = world.at
    assert row == (at("08:00"), None, at("08:05"), None), "when a step was passed over is not known"
    tile = hot.tiles(desk.reader, at("00:00"), at("23:00"))[0]
    assert (tile.visit, tile.visit_since) == ("with_provider", at("08:05"))
    assert to(VisitState.ARRIVED) == "arrived"
    row = desk.reader.execute("SELECT arrived_at, in_room_at, with_provider_at, checked_out_at FROM visit").fetchone()
    assert row == (at("08:00"), None, None, None)
    assert to(None) is None
    assert world.count("visit") == 0


def test_a_closed_appointment_has_no_visit_under_way(desk: Desk, world: World, three: list[str]) -> None:
    act(desk, StatusAct.CANCEL, three[0])
    with pytest.raises(Refused):
        states.set_visit(desk, SetVisit(three[0], VisitState.ARRIVED))
    with pytest.raises(NoAccess):
        states.set_visit(world.desk("rea"), SetVisit(three[1], VisitState.ARRIVED))
    with pytest.raises(BadInput):
        states.set_visit(desk, SetVisit("nobody", VisitState.ARRIVED))
