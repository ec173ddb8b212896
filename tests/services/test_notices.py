"""Messages to patients wait three minutes: what is true in the end is told, once; what was undone is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.appointment import Status, StatusAct
from himsog_desktop.domain.commands import Book, Move, NewPatient, SetStatus, Undo, WriteNote
from himsog_desktop.domain.notices import HOLD, Known, owed
from himsog_desktop.services import booking, importing, notices, patients, states, undoing
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.documents import AppointmentDoc
from tests.support.profiles import World
from tests.support.tables import Tables, row


def waits(desk: Desk) -> list[tuple[str, str]]:
    return [(n.kind, n.start[11:16]) for n in notices.waiting(desk)]


def book(desk: Desk, world: World, wall: str = "09:00", mail: str | None = "ana@mail.example") -> AppointmentDoc:
    made = Book(world.provider("cruz"), world.at(wall), new_patient=NewPatient("Reyes, Ana", mail))
    return booking.book(desk, made).changed[0]


def sent(desk: Desk) -> None:
    """Everything that waits has gone out."""
    with desk.write("test") as tx:
        tx.raw.execute("DELETE FROM notice")


def test_a_booking_waits_three_minutes_and_then_stays_due(desk: Desk, world: World) -> None:
    made = book(desk, world)
    told = notices.waiting(desk)[0]
    assert (told.appointment, told.number, told.kind, told.state) == (made.id, made.number, "booked", "held")
    assert (told.due, told.channels, told.patient) == ("2026-11-20T08:03:00+08:00", ["email"], "Reyes, Ana")
    world.clock.forward(3)
    assert [n.state for n in notices.waiting(desk)] == ["due"]


def test_an_undone_act_leaves_no_message_and_redo_brings_it_back(desk: Desk, world: World) -> None:
    book(desk, world)
    undone = undoing.undo(desk, Undo())
    assert waits(desk) == []
    undoing.undo(desk, Undo(undone.act))
    assert waits(desk) == [("booked", "09:00")]


def test_only_what_is_true_in_the_end_is_told(desk: Desk, world: World) -> None:
    made = book(desk, world)
    booking.move(desk, Move(made.id, world.at("10:00")))
    assert waits(desk) == [("booked", "10:00")], "she never heard of nine"
    sent(desk)
    booking.move(desk, Move(made.id, world.at("11:00")))
    cancelled = states.set_status(desk, SetStatus(StatusAct.CANCEL, (made.id,)))
    assert waits(desk) == [("cancelled", "11:00")]
    undoing.undo(desk, Undo(cancelled.act))
    assert waits(desk) == [("moved", "11:00")]
    booking.move(desk, Move(made.id, world.at("10:00")))
    assert waits(desk) == [], "it is where she last heard"
    states.set_status(desk, SetStatus(StatusAct.CONFIRM, (made.id,)))
    assert waits(desk) == [("confirmed", "10:00")]
    states.set_status(desk, SetStatus(StatusAct.COMPLETE, (made.id,)))
    assert waits(desk) == []


def test_who_was_booked_and_cancelled_at_once_hears_nothing(desk: Desk, world: World) -> None:
    made = book(desk, world)
    states.set_status(desk, SetStatus(StatusAct.CANCEL, (made.id,)))
    assert waits(desk) == []
    undoing.undo(desk, Undo())
    assert waits(desk) == [("booked", "09:00")], "it stands again, and nobody has told her"


def test_what_is_undone_after_it_was_sent_is_told(desk: Desk, world: World) -> None:
    made = book(desk, world)
    sent(desk)
    states.set_status(desk, SetStatus(StatusAct.CANCEL, (made.id,)))
    sent(desk)
    undoing.undo(desk, Undo())
    assert waits(desk) == [("booked", "09:00")]
    states.set_status(desk, SetStatus(StatusAct.CONFIRM, (made.id,)))
    sent(desk)
    states.set_status(desk, SetStatus(StatusAct.UNCONFIRM, (made.id,)))
    undoing.undo(desk, Undo())
    assert waits(desk) == [], "she knows that it is confirmed"
    states.set_status(desk, SetStatus(StatusAct.COMPLETE, (made.id,)))
    undoing.undo(desk, Undo())
    assert waits(desk) == []


def test_what_there_is_nothing_to_say_of_is_forgotten(desk: Desk, world: World) -> None:
    made = book(desk, world)
    states.set_status(desk, SetStatus(StatusAct.CANCEL, (made.id,)))
    assert world.count("notice") == 1
    world.clock.forward(14)
    book(desk, world, "10:00", "li@mail.example")
    assert waits(desk) == [("booked", "10:00")]
    assert world.count("notice") == 1


def test_nobody_is_written_to_without_an_address_or_against_her_will(desk: Desk, world: World) -> None:
    book(desk, world, mail=None)
    assert waits(desk) == []
    phoned = NewPatient("Lim, Jo", None, "0917 555 0101")
    booking.book(desk, Book(world.provider("cruz"), world.at("11:00"), new_patient=phoned))
    assert [n.channels for n in notices.waiting(desk)] == [["sms"]]
    unasked = book(desk, world, "10:00", "no@mail.example")
    assert len(waits(desk)) == 2
    patients.edit(desk, unasked.patient.id, patients.PatientFields(consent_email=False))
    states.set_status(desk, SetStatus(StatusAct.CONFIRM, (unasked.id,)))
    assert len(waits(desk)) == 1, "she took her consent back"


def test_a_note_and_a_visit_are_ours_alone(desk: Desk, world: World) -> None:
    made = book(desk, world)
    sent(desk)
    booking.write_note(desk, WriteNote(made.id, "bring the films"))
    assert waits(desk) == []


def test_only_her_own_columns_are_seen_by_a_provider(desk: Desk, world: World) -> None:
    book(desk, world)
    assert len(notices.waiting(world.desk("dr-cruz"))) == 1


places = st.builds(
    Known, st.sampled_from([100, 200, 300]), st.sampled_from(["p", "q"]), st.sampled_from([s.value for s in Status])
)


@given(told=places, now=places, at=st.sampled_from([0, 150, 400]))
def test_nobody_is_told_what_she_knows_or_what_is_past(told: Known, now: Known, at: int) -> None:
    assert owed(told, told, at) is None
    assert owed(told, None, at) is None
    kind = owed(told, now, at)
    if at >= 300:
        assert kind is None
    if kind is not None:
        assert now.status in ("PENDING", "CONFIRMED", "CANCELLED")
        assert (kind == "cancelled") == (now.status == "CANCELLED")
    assert HOLD == 180_000_000


@pytest.mark.parametrize("at_once", [2_000, 0])
def test_of_an_import_that_was_undone_and_done_again_nobody_is_told(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(undoing, "IN_ONE_GO", at_once)
    tables = Tables(tmp_path)
    table = tables.appointments(row(phone="09171234567", email="ana@mail.example"))
    importing.import_appointments(desk, table, tables.map, create_missing=True)
    assert waits(desk) == []
    undone = undoing.undo(desk, Undo())
    again = undoing.undo(desk, Undo(undone.act))
    assert waits(desk) == []
    undoing.undo(desk, Undo(undoing.undo(desk, Undo(again.act)).act))
    assert waits(desk) == []
