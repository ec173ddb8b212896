"""What happened, told: every change of a row, every act, also of what is gone."""

from __future__ import annotations

import pytest

from himsog_desktop.domain.appointment import CancelledBy, StatusAct
from himsog_desktop.domain.commands import Book, Move, NewPatient, SetStatus, Undo
from himsog_desktop.domain.errors import BadInput, NoAccess, Refused
from himsog_desktop.services import booking, histories, states, undoing
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.patients import PatientFields, add
from tests.support.profiles import World


def test_the_life_of_an_appointment(desk: Desk, world: World) -> None:
    made = booking.book(
        desk,
        Book(
            world.provider("cruz"),
            world.at("09:00"),
            new_patient=NewPatient("Reyes, Ana"),
            service_ids=(world.service("check-up"),),
        ),
    ).changed[0]
    world.clock.forward(1)
    booking.move(world.desk("ana"), Move(made.id, world.at("10:00")))
    states.set_status(desk, SetStatus(StatusAct.CANCEL, (made.id,), "ill", CancelledBy.PATIENT))

    told = histories.history(desk, made.number)
    assert told == histories.history(desk, made.id)
    assert [h.kind for h in told] == ["appointment.book", "appointment.move", "appointment.cancel"]
    assert [h.by.name for h in told if h.by] == ["Owner", "Ana at the desk", "Owner"]
    assert [h.seq for h in told] == sorted(h.seq for h in told)
    born, moved, cancelled = told
    assert born.before == {}
    assert born.after["start"] == "2026-11-20T09:00:00+08:00"
    assert (born.after["total"], born.after["status"], born.after["lane"]) == ("500.00", "PENDING", 0)
    assert born.after["services"] == [{"service_id": world.service("check-up"), "name": "Check-up", "price": "500.00"}]
    assert born.after["patient_email"] is None
    assert moved.before["start"] == "2026-11-20T09:00:00+08:00"
    assert moved.after["start"] == "2026-11-20T10:00:00+08:00"
    assert set(moved.after) == {"start", "end", "updated"}
    assert (moved.at, moved.source, bool(moved.device)) == ("2026-11-20T08:01:00+08:00", "desk", True)
    assert (cancelled.before["status"], cancelled.after["status"]) == ("PENDING", "CANCELLED")
    assert cancelled.after["cancelled_at"] == "2026-11-20T08:01:00+08:00"
    assert (cancelled.after["cancellation_reason"], cancelled.after["cancelled_by"]) == ("ill", "patient")


def test_what_was_deleted_keeps_its_history(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00")
    undoing.undo(desk, Undo())
    for key in (made.id, made.number):
        told = histories.history(desk, key)
        assert [h.kind for h in told] == ["appointment.book", "undo.appointment.book"]
        assert told[1].after == {}
        assert told[1].before == told[0].after


def test_a_provider_has_a_history_with_wall_times(desk: Desk, world: World) -> None:
    told = histories.history(desk, world.provider("cruz"))
    assert told[0].after["hours"][0]["start"] == 480  # type: ignore[index]
    patient = add(desk, PatientFields(name="A", birth_date="1980-01-02"))
    assert histories.history(desk, patient.id)[0].after["birth_date"] == "1980-01-02"


@pytest.mark.parametrize("key", ["", "nothing", "APT00000000AAAA", "%", "'; DROP TABLE history"])
def test_what_never_was(desk: Desk, key: str) -> None:
    for ask in (histories.history, histories.act):
        with pytest.raises(BadInput) as told:
            ask(desk, key)
        assert told.value.code == "not_found"


def test_an_act_shows_its_appointments_as_they_are_now(desk: Desk, world: World) -> None:
    answer = booking.book(desk, Book(world.provider("cruz"), world.at("09:00"), new_patient=NewPatient("Reyes, Ana")))
    assert histories.act(desk, answer.act) == answer
    states.set_status(desk, SetStatus(StatusAct.CONFIRM, (answer.changed[0].id,)))
    now = histories.act(desk, answer.act)
    assert now.changed[0].status == "CONFIRMED"
    assert (now.kind, now.at, now.by, now.undoable_until) == (answer.kind, answer.at, answer.by, answer.undoable_until)


def test_an_act_says_until_when_it_can_be_undone(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00")
    act = histories.history(desk, made.id)[0].act
    assert histories.act(desk, act).undoable_until == "2026-11-20T08:10:00+08:00"
    world.clock.forward(10)
    assert histories.act(desk, act).undoable_until == "2026-11-20T08:10:00+08:00"
    undone = undoing.undo(desk, Undo(act))
    assert histories.act(desk, act).undoable_until is None, "it is undone"
    assert histories.act(desk, act).changed == []
    assert histories.act(desk, undone.act).undoable_until is not None, "the undo can be undone"
    world.clock.forward(11)
    assert histories.act(desk, undone.act).undoable_until is None


def test_what_a_bulk_act_was_refused_is_kept_with_its_answer(desk: Desk, world: World) -> None:
    ids = [world.book(desk, wall).id for wall in ("09:00", "09:30")]
    states.set_status(desk, SetStatus(StatusAct.CONFIRM, (ids[0],)))
    answer = states.set_status(desk, SetStatus(StatusAct.CONFIRM, tuple(ids)), request_id="r")
    assert [r.id for r in answer.refused] == [ids[0]]
    assert histories.act(desk, answer.act) == answer


def test_a_refused_act_is_no_act(desk: Desk, world: World) -> None:
    world.book(desk, "09:00")
    with pytest.raises(Refused):
        booking.book(desk, Book(world.provider("cruz"), world.at("09:00"), new_patient=NewPatient("B")), request_id="r")
    refused = desk.reader.execute("SELECT id FROM act WHERE state = 'refused'").fetchone()[0]
    with pytest.raises(BadInput):
        histories.act(desk, refused)


def test_who_sees_it(desk: Desk, world: World) -> None:
    own, other = world.book(desk, "09:00"), world.book(desk, "09:00", provider="lim")
    cruz = world.desk("dr-cruz")
    assert len(histories.history(cruz, own.id)) == 1
    act = histories.history(desk, other.id)[0].act
    assert histories.act(cruz, act).changed == []
    with pytest.raises(BadInput):
        histories.history(cruz, other.id)
    for ask in (histories.history, histories.act):
        with pytest.raises(NoAccess):
            ask(world.desk("ivan"), own.id)
