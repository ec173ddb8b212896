"""Undo and redo: each change goes back if nothing changed since; and history always adds up to what is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from himsog_desktop.domain.appointment import Appointment, StatusAct, VisitState
from himsog_desktop.domain.clinic import Block
from himsog_desktop.domain.commands import Book, Move, NewPatient, SetStatus, SetVisit, Undo, WriteNote
from himsog_desktop.domain.errors import BadInput, HimsogError, Refused
from himsog_desktop.domain.ids import new_id
from himsog_desktop.services import booking, digests, histories, lists, patients, states, undoing
from himsog_desktop.services.desk import Desk, Replayed
from himsog_desktop.services.lists import AppointmentFilter
from himsog_desktop.storage import load
from himsog_desktop.storage.images import decode, image_of, whole
from tests.support.profiles import TODAY, World


def ids(desk: Desk) -> list[str]:
    return lists.ids(desk, AppointmentFilter())


def test_undoing_a_booking_removes_it_and_who_was_made_for_it(desk: Desk, world: World) -> None:
    before = digests.digest(desk)
    made = world.book(desk, "09:00", "New, Nina")
    answer = undoing.undo(desk, Undo())
    assert (answer.kind, answer.changed, answer.refused) == ("undo.appointment.book", [], [])
    assert digests.digest(desk) == before
    assert patients.find(desk, "nina", 5) == []
    gone = desk.reader.execute("SELECT entity_type, entity_id FROM tombstones ORDER BY entity_type").fetchall()
    assert gone == [("appointment", made.id), ("patient", made.patient.id)]
    assert [h.kind for h in histories.history(desk, made.id)] == ["appointment.book", "undo.appointment.book"]


def test_redo_brings_the_same_row_back(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00", "New, Nina", service_ids=("check-up",))
    undone = undoing.undo(desk, Undo())
    redone = undoing.undo(desk, Undo(undone.act))
    assert redone.changed == [made]
    assert world.count("tombstones") == 0
    assert [p.name for p in patients.find(desk, "nina", 5)] == ["New, Nina"]
    assert undoing.undo(desk, Undo()).kind == "undo.appointment.book", "the booking stands and can be undone again"


@pytest.mark.parametrize("blocked_before", [True, False])
@pytest.mark.parametrize("act", [StatusAct.COMPLETE, StatusAct.NO_SHOW, StatusAct.CANCEL, None])
def test_undo_goes_back_into_blocked_time(
    desk: Desk, world: World, act: StatusAct | None, blocked_before: bool
) -> None:
    """A sick provider's day is blocked: what stood there before can be put back all the same."""
    made = world.book(desk, "09:00", confirm=True)

    def block() -> None:
        with desk.write("block.add") as tx:
            start, end, at = world.at("08:30"), world.at("10:30"), desk.now()
            tx.put(None, Block(new_id(), world.provider("cruz"), start, end, "Away", at, at))

    if blocked_before:
        block()
    if act is None:
        done = booking.move(desk, Move(made.id, world.at("14:00")))
    else:
        done = states.set_status(desk, SetStatus(act, (made.id,)))
    if not blocked_before:
        block()
    answer = undoing.undo(desk, Undo(done.act))
    assert (answer.refused, [(one.start, one.status) for one in answer.changed]) == ([], [(made.start, made.status)])
    again = undoing.undo(desk, Undo(answer.act))
    assert again.refused == []
    # Somebody who sits there by now is in the way, and named as such.
    with desk.write("block.remove") as tx:
        old = tx.raw.execute("SELECT id FROM blocks").fetchone()[0]
        tx.put(load.blocks(tx.raw, [old])[0], None)
    world.book(desk, "09:00", "Other, Olga")
    with pytest.raises(Refused, match=r"put back\. Already booked"):
        undoing.undo(desk, Undo(again.act))


def test_undo_goes_back_act_by_act(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00")
    booking.move(desk, Move(made.id, world.at("10:00")))
    states.set_status(desk, SetStatus(StatusAct.CONFIRM, (made.id,)))
    booking.write_note(desk, WriteNote(made.id, "note"))
    states.set_visit(desk, SetVisit(made.id, VisitState.ARRIVED))
    kinds = [undoing.undo(desk, Undo()).kind for _ in range(5)]
    assert kinds == [
        "undo.visit.set",
        "undo.appointment.note",
        "undo.appointment.confirm",
        "undo.appointment.move",
        "undo.appointment.book",
    ]
    assert ids(desk) == []
    with pytest.raises(Refused, match="nothing of yours"):
        undoing.undo(desk, Undo())


def test_an_act_in_between_may_be_undone_alone(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00")
    moved = booking.move(desk, Move(made.id, world.at("10:00")))
    booking.write_note(desk, WriteNote(made.id, "note"))
    back = undoing.undo(desk, Undo(moved.act)).changed[0]
    assert (back.start[11:16], back.notes) == ("09:00", "note"), "what came later in other fields stays"


def test_what_was_changed_since_is_refused(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00")
    first = booking.move(desk, Move(made.id, world.at("10:00")))
    booking.move(world.desk("ana"), Move(made.id, world.at("11:00")))
    with pytest.raises(Refused) as refused:
        undoing.undo(desk, Undo(first.act))
    assert (refused.value.code, [r.rule for r in refused.value.details]) == ("undo_refused", ["changed_meanwhile"])
    act = histories.history(desk, made.id)[0].act
    with pytest.raises(Refused):
        undoing.undo(desk, Undo(act))
    assert lists.appointment(desk, made.id).start[11:16] == "11:00"


def test_a_bulk_act_goes_back_row_by_row(desk: Desk, world: World) -> None:
    three = [world.book(desk, wall).id for wall in ("09:00", "09:30", "10:00")]
    done = states.set_status(desk, SetStatus(StatusAct.CANCEL, tuple(three)))
    states.set_status(desk, SetStatus(StatusAct.REOPEN, (three[0],)))
    world.book(desk, "09:30", "Somebody Else")
    answer = undoing.undo(desk, Undo(done.act))
    assert [a.id for a in answer.changed] == [three[2]]
    assert {(r.id, r.code, r.rules[0].rule) for r in answer.refused} == {
        (three[0], "changed_meanwhile", "changed_meanwhile"),
        (three[1], "slot_unavailable", "booked"),
    }
    assert [lists.appointment(desk, key).status for key in three] == ["CONFIRMED", "CANCELLED", "PENDING"]


def test_only_by_its_author_and_only_for_ten_minutes(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00")
    act = histories.history(desk, made.id)[0].act
    ana = world.desk("ana")
    with pytest.raises(Refused, match="Only the person"):
        undoing.undo(ana, Undo(act))
    with pytest.raises(Refused, match="nothing of yours"):
        undoing.undo(ana, Undo())
    world.clock.forward(10)
    assert histories.act(desk, act).undoable_until is not None
    world.clock.forward(1)
    for command in (Undo(act), Undo()):
        with pytest.raises(Refused) as refused:
            undoing.undo(desk, command)
        assert refused.value.code == "undo_refused"
    assert ids(desk) == [made.id]


def test_exactly_ten_minutes_still_count(desk: Desk, world: World) -> None:
    world.book(desk, "09:00")
    world.clock.forward(10)
    undoing.undo(desk, Undo())
    assert ids(desk) == []


def test_an_undone_act_is_not_undone_again(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00")
    act = histories.history(desk, made.id)[0].act
    undoing.undo(desk, Undo(act))
    with pytest.raises(Refused, match="undone already"):
        undoing.undo(desk, Undo(act))


@pytest.mark.parametrize("act", ["", "nothing", "'; DROP TABLE act"])
def test_unknown_acts(desk: Desk, act: str) -> None:
    with pytest.raises(BadInput) as told:
        undoing.undo(desk, Undo(act))
    assert told.value.code == "not_found"


def test_a_refused_request_is_no_act_to_undo(desk: Desk, world: World) -> None:
    world.book(desk, "09:00")
    with pytest.raises(Refused):
        booking.book(desk, Book("cruz", world.at("09:00"), new_patient=NewPatient("B")), request_id="r")
    undoing.undo(desk, Undo())
    assert ids(desk) == []


def test_an_act_that_changed_nothing_is_passed_over(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00")
    booking.move(desk, Move(made.id, world.at("09:00")))
    booking.write_note(desk, WriteNote(made.id, ""))
    assert undoing.undo(desk, Undo()).kind == "undo.appointment.book"


def test_a_patient_who_is_booked_again_is_kept(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00", "New, Nina")
    act = histories.history(desk, made.id)[0].act
    again = booking.book(desk, Book("cruz", world.at("10:00"), patient_id=made.patient.id)).changed[0]
    answer = undoing.undo(desk, Undo(act))
    assert [(r.id, r.code) for r in answer.refused] == [(made.patient.id, "in_use")]
    assert ids(desk) == [again.id]
    assert lists.appointment(desk, again.id).patient.name == "New, Nina"


def test_a_receptionist_undoes_a_completion_without_the_right_to_reopen(world: World) -> None:
    ana = world.desk("ana")
    made = world.book(ana, "09:00", day=TODAY + timedelta(days=3), confirm=True)
    states.set_status(ana, SetStatus(StatusAct.COMPLETE, (made.id,)))
    with pytest.raises(Refused):
        states.set_status(ana, SetStatus(StatusAct.REOPEN, (made.id,)))
    assert undoing.undo(ana, Undo()).changed[0].status == "CONFIRMED"


def test_a_time_taken_meanwhile_is_not_taken_back(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00")
    moved = booking.move(desk, Move(made.id, world.at("10:00")))
    world.book(desk, "09:00", "Somebody Else")
    with pytest.raises(Refused) as refused:
        undoing.undo(desk, Undo(moved.act))
    assert [r.rule for r in refused.value.details] == ["booked"]


def test_who_was_overbooked_goes_back_beside(desk: Desk, world: World) -> None:
    first = world.book(desk, "09:00", "First")
    second = world.book(desk, "09:00", "Second", overbook="urgent")
    assert second.lane == 1
    moved = booking.move(desk, Move(second.id, world.at("10:00")))
    assert moved.changed[0].lane == 0
    assert undoing.undo(desk, Undo(moved.act)).changed[0].lane == 1
    cancelled = states.set_status(desk, SetStatus(StatusAct.CANCEL, (first.id,)))
    assert undoing.undo(desk, Undo(cancelled.act)).changed[0].status == "PENDING"
    moved = booking.move(desk, Move(second.id, world.at("10:00")))
    assert world.book(desk, "09:00", "Third", overbook="urgent").lane == 1
    with pytest.raises(Refused):
        undoing.undo(desk, Undo(moved.act))


def test_the_same_request_undoes_once(desk: Desk, world: World) -> None:
    for wall in ("09:00", "09:30"):
        world.book(desk, wall)
    first = undoing.undo(desk, Undo(), request_id="u")
    assert undoing.undo(desk, Undo(), request_id="u") == first
    assert len(ids(desk)) == 1
    with pytest.raises(BadInput, match="already used"):
        undoing.undo(desk, Undo(first.act), request_id="u")


def test_a_refused_undo_is_refused_the_same_way(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00")
    act = histories.history(desk, made.id)[0].act
    booking.write_note(desk, WriteNote(made.id, "since"))
    with pytest.raises(Refused) as refused:
        undoing.undo(desk, Undo(act), request_id="u")
    booking.write_note(desk, WriteNote(made.id, ""))
    with pytest.raises(Replayed) as again:
        undoing.undo(desk, Undo(act), request_id="u")
    assert again.value.document.error.message == refused.value.message


def test_an_undo_that_found_nothing_takes_back_nothing_later(desk: Desk, world: World) -> None:
    world.clock.forward(11)
    with pytest.raises(Refused, match="nothing of yours"):
        undoing.undo(desk, Undo(), request_id="u")
    world.book(desk, "09:00")
    with pytest.raises(Replayed, match="nothing of yours"):
        undoing.undo(desk, Undo(), request_id="u")
    assert len(ids(desk)) == 1


def test_a_large_undo_that_was_refused_stays_refused(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "IN_ONE_GO", 2)
    three = [world.book(desk, wall).id for wall in ("09:00", "09:30", "10:00")]
    done = states.set_status(desk, SetStatus(StatusAct.CONFIRM, tuple(three)))
    undone = undoing.undo(desk, Undo(done.act))
    with pytest.raises(Refused, match="undone already"):
        undoing.undo(desk, Undo(done.act), request_id="u")
    undoing.undo(desk, Undo(undone.act))
    with pytest.raises(Replayed, match="undone already"):
        undoing.undo(desk, Undo(done.act), request_id="u")
    assert {a.status for a in lists.appointments(desk, AppointmentFilter())} == {"CONFIRMED"}


def test_more_than_one_go_in_chunks(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "IN_ONE_GO", 2)
    three = [world.book(desk, wall).id for wall in ("09:00", "09:30", "10:00")]
    done = states.set_status(desk, SetStatus(StatusAct.CONFIRM, tuple(three)))
    told: list[tuple[int, int]] = []
    answer = undoing.undo(desk, Undo(done.act), request_id="u", progress=lambda n, of: told.append((n, of)))
    assert {a.status for a in lists.appointments(desk, AppointmentFilter())} == {"PENDING"}
    assert told[-1] == (3, 3)
    assert undoing.undo(desk, Undo(done.act), request_id="u") == answer
    with pytest.raises(Refused, match="undone already"):
        undoing.undo(desk, Undo(done.act))


# ------------------------------------------------------------------- history adds up to what is


def folded(desk: Desk) -> dict[str, dict[str, object]]:
    """Every appointment as its history tells it."""
    images: dict[str, dict[str, object]] = {}
    for key, before, after in desk.reader.execute(
        "SELECT entity_id, before, after FROM history WHERE entity_type = 'appointment' ORDER BY seq"
    ):
        old, new = decode(before), decode(after)
        if not new:
            assert images.pop(key) == whole(Appointment, old)
        elif not old:
            assert key not in images
            images[key] = whole(Appointment, new)
        else:
            assert all(images[key].get(name) == value for name, value in old.items()), "each says what it found"
            images[key].update(new)
    return images


acts = st.lists(
    st.one_of(
        st.tuples(st.just("book"), st.integers(0, 17), st.booleans()),
        st.tuples(st.just("move"), st.integers(0, 5), st.integers(0, 17)),
        st.tuples(st.just("state"), st.integers(0, 5), st.sampled_from(list(StatusAct))),
        st.tuples(st.just("visit"), st.integers(0, 5), st.sampled_from([None, *VisitState])),
        st.tuples(st.just("note"), st.integers(0, 5), st.text(max_size=5)),
        st.tuples(st.just("undo"), st.integers(0, 12)),
        st.tuples(st.just("bulk"), st.sampled_from(list(StatusAct))),
    ),
    max_size=12,
)


@given(sequence=acts)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_history_adds_up_to_what_is(desk: Desk, world: World, sequence: list[tuple[object, ...]]) -> None:
    made = ids(desk)
    done: list[str] = []
    for step in sequence:
        world.clock.forward(1)
        try:
            match step:
                case ("book", int(n), bool(over)):
                    at = world.at("08:00", TODAY + timedelta(days=3)) + n * 30 * 60_000_000
                    answer = booking.book(
                        desk,
                        Book("cruz", at, new_patient=NewPatient("N"), overbook="urgent" if over else None),
                    )
                    made.append(answer.changed[0].id)
                case ("move", int(n), int(to)) if made:
                    at = world.at("08:00", TODAY + timedelta(days=4)) + to * 30 * 60_000_000
                    answer = booking.move(desk, Move(made[n % len(made)], at))
                case ("state", int(n), StatusAct() as act) if made:
                    answer = states.set_status(desk, SetStatus(act, (made[n % len(made)],)))
                case ("bulk", StatusAct() as act) if made:
                    answer = states.set_status(desk, SetStatus(act, tuple(ids(desk))))
                case ("visit", int(n), state) if made:
                    answer = states.set_visit(desk, SetVisit(made[n % len(made)], state))  # type: ignore[arg-type]
                case ("note", int(n), str(text)) if made:
                    answer = booking.write_note(desk, WriteNote(made[n % len(made)], text))
                case ("undo", int(n)) if done:
                    answer = undoing.undo(desk, Undo(done[n % len(done)]))
                case _:
                    continue
        except HimsogError:
            continue
        done.append(answer.act)
    now = load.appointments(desk.reader, ids(desk))
    assert folded(desk) == {a.id: image_of(a) for a in now}
    tiles = desk.reader.execute("SELECT id, start, end, status, lane, note FROM tile ORDER BY id").fetchall()
    assert tiles == sorted((a.id, a.start, a.end, a.status.value, a.lane, a.notes) for a in now)


def test_a_chain_of_undos_ends_where_it_began(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00")
    booking.move(desk, Move(made.id, world.at("10:00")))
    middle = digests.digest(desk)
    last = states.set_status(desk, SetStatus(StatusAct.CANCEL, (made.id,))).act
    end = digests.digest(desk)
    for n in range(6):
        last = undoing.undo(desk, Undo(last)).act
        assert digests.digest(desk) == (middle if n % 2 == 0 else end)
