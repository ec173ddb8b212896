"""Needs attention: both sides of what was refused, and a person's answer, each one act with one undo."""

from __future__ import annotations

import msgspec
import pytest

from himsog_desktop.domain.appointment import StatusAct
from himsog_desktop.domain.commands import AnswerCard, SetStatus, Undo
from himsog_desktop.domain.errors import BadInput, NoAccess, Refused
from himsog_desktop.domain.intents import Theirs, Told, Trouble
from himsog_desktop.domain.resolution import Resolution
from himsog_desktop.domain.time import HOUR, MINUTE
from himsog_desktop.services import answering, attention, booking, lists, states, undoing
from himsog_desktop.services.attention_words import Tell, headline, rows
from himsog_desktop.services.desk import Desk
from himsog_desktop.storage import load
from tests.support.profiles import World
from tests.support.refusals import Refusals, image, outbox, settle_all, share


@pytest.fixture
def refusals(world: World, desk: Desk) -> Refusals:
    share(desk)
    return Refusals(desk)


def test_a_profile_without_a_server_has_nothing_of_it(world: World, desk: Desk) -> None:
    assert attention.items(desk) == []
    assert attention.count(desk) == 0
    with pytest.raises(BadInput):
        answering.answer(desk, AnswerCard("any", Resolution.THEIRS))


def test_a_taken_slot_shows_who_has_it_and_three_other_times(world: World, desk: Desk, refusals: Refusals) -> None:
    mine = world.book(desk, "10:00", "Reyes, Ana")
    settle_all(desk)
    card = refusals.booking(mine.id, rules=(Told("booked", "Dr Elena Cruz is booked 10:00–10:30."),))
    theirs = world.book(desk, "10:00", "Lim, Ben")
    settle_all(desk)
    (item,) = attention.items(desk)
    assert (item.id, item.kind, item.entity.type) == (card, "slot", "appointment")
    assert item.mine.by == "Mara at the desk"
    assert item.mine.values["start"] == "2026-11-20T10:00:00+08:00"
    assert item.theirs.values["patient_name"] == "Lim, Ben"
    assert item.theirs.values["number"] == theirs.number
    assert [slot.start[11:16] for slot in item.alternatives] == ["10:30", "11:00", "11:30"]
    assert item.ways == ["theirs", "slot", "discard"], "mine is not offered while the place is taken"
    assert item.soon, "today"
    assert item.patient is not None
    assert item.patient.name == "Reyes, Ana"


def test_mine_is_kept_when_the_place_is_free_again(world: World, desk: Desk, refusals: Refusals) -> None:
    mine = world.book(desk, "10:00")
    settle_all(desk)
    card = refusals.booking(mine.id)
    (item,) = attention.items(desk)
    assert "mine" in item.ways
    act = answering.answer(desk, AnswerCard(card, Resolution.MINE))
    assert [a.id for a in act.changed] == [mine.id]
    assert attention.items(desk) == []
    sent = outbox(desk)
    assert [(entity, key) for entity, key, *_ in sent] == [("appointment", mine.id), ("card", card)]
    assert sent[1][4] == {"resolved": "mine", "reason": None}


def test_another_time_is_a_new_booking_and_goes_back_with_one_undo(
    world: World, desk: Desk, refusals: Refusals
) -> None:
    mine = world.book(desk, "10:00")
    settle_all(desk)
    card = refusals.booking(mine.id)
    world.book(desk, "10:00", "Lim, Ben")
    settle_all(desk)
    act = answering.answer(desk, AnswerCard(card, Resolution.SLOT, world.at("11:00")))
    assert act.changed[0].start == "2026-11-20T11:00:00+08:00"
    assert attention.count(desk) == 0
    undoing.undo(desk, Undo(act.act))
    assert attention.count(desk) == 1
    with pytest.raises(BadInput):
        lists.appointment(desk, mine.id)
    assert outbox(desk) == [], "nothing was ever sent"


def test_another_time_that_is_taken_too_is_refused_and_the_card_stays(
    world: World, desk: Desk, refusals: Refusals
) -> None:
    mine = world.book(desk, "10:00")
    settle_all(desk)
    card = refusals.booking(mine.id)
    world.book(desk, "11:00", "Lim, Ben")
    with pytest.raises(Refused) as raised:
        answering.answer(desk, AnswerCard(card, Resolution.SLOT, world.at("11:00")))
    assert raised.value.code == "slot_unavailable"
    assert len(raised.value.alternatives) == 3
    assert attention.count(desk) == 1


def test_a_refused_move_is_done_again_over_what_stands_there_now(world: World, desk: Desk, refusals: Refusals) -> None:
    there = world.book(desk, "10:00", notes="as booked")
    settle_all(desk)
    start = world.at("14:00")
    card = refusals.change(there.id, Trouble.SLOT, {"start": start, "end": start + 30 * MINUTE})
    booking.write_note(desk, booking_note(there.id, "written meanwhile"))
    settle_all(desk)
    answering.answer(desk, AnswerCard(card, Resolution.MINE))
    kept = lists.appointment(desk, there.id)
    assert kept.start == "2026-11-20T14:00:00+08:00"
    assert kept.notes == "written meanwhile"
    (sent, _) = outbox(desk)
    assert sent[3]["start"] == world.at("10:00"), "the new intent begins from what stands there now"


def booking_note(key: str, text: str):  # type: ignore[no-untyped-def]
    from himsog_desktop.domain.commands import WriteNote

    return WriteNote(key, text)


def test_a_clash_of_fields_shows_both_values(world: World, desk: Desk, refusals: Refusals) -> None:
    patient_id = world.book(desk, "10:00").patient.id
    before = image(desk, "patient", patient_id)
    settle_all(desk)
    card = refusals.add(
        Trouble.FIELD,
        {"phone": before["phone"]},
        {"phone": "+639175550101"},
        entity="patient",
        key=patient_id,
        kind="patient.edit",
        theirs=Theirs("Joel", desk.now() - 5 * MINUTE),
        fields=("phone",),
    )
    (item,) = attention.items(desk)
    assert item.mine.values == {"phone": "+639175550101"}
    assert item.theirs.values == {"phone": None}
    assert item.theirs.by == "Joel"
    assert item.ways == ["mine", "theirs", "discard"]
    answering.answer(desk, AnswerCard(card, Resolution.MINE))
    assert image(desk, "patient", patient_id)["phone"] == "+639175550101"


def test_a_new_booking_that_is_there_all_the_same_is_shown_with_its_patient(
    world: World, desk: Desk, refusals: Refusals
) -> None:
    """As when a database was attached anew: what is offered again stands there already."""
    there = world.book(desk, "10:00", "Reyes, Ana")
    settle_all(desk)
    refusals.add(Trouble.UNKNOWN, {}, image(desk, "appointment", there.id), kind="appointment.book")
    (item,) = attention.items(desk)
    (row,) = [row for row in rows(item, Tell(str, str, str)) if row.label == "Patient"]
    assert (row.mine, row.theirs) == ("Reyes, Ana", "Reyes, Ana")


def test_theirs_changes_nothing_but_the_card(world: World, desk: Desk, refusals: Refusals) -> None:
    there = world.book(desk, "10:00")
    settle_all(desk)
    card = refusals.change(there.id, Trouble.FIELD, {"notes": "mine"})
    act = answering.answer(desk, AnswerCard(card, Resolution.THEIRS))
    assert act.changed == []
    assert act.undoable_until is not None
    assert [row[0] for row in outbox(desk)] == ["card"]
    assert lists.appointment(desk, there.id).notes is None
    undoing.undo(desk, Undo(act.act))
    assert attention.count(desk) == 1


def test_discarding_takes_a_reason_and_keeps_it(world: World, desk: Desk, refusals: Refusals) -> None:
    mine = world.book(desk, "10:00")
    settle_all(desk)
    card = refusals.booking(mine.id)
    with pytest.raises(BadInput):
        answering.answer(desk, AnswerCard(card, Resolution.DISCARDED))
    with pytest.raises(BadInput):
        answering.answer(desk, AnswerCard(card, Resolution.DISCARDED, reason="  "))
    answering.answer(desk, AnswerCard(card, Resolution.DISCARDED, reason="She will call again"))
    assert outbox(desk)[-1][4] == {"resolved": "discard", "reason": "She will call again"}
    with pytest.raises(Refused) as raised:
        answering.answer(desk, AnswerCard(card, Resolution.THEIRS))
    assert raised.value.code == "changed_meanwhile"


def test_a_state_goes_by_the_state_machine(world: World, desk: Desk, refusals: Refusals) -> None:
    there = world.book(desk, "10:00", confirm=True)
    settle_all(desk)
    card = refusals.change(there.id, Trouble.STATUS, {"status": "COMPLETED"}, kind="appointment.complete")
    states.set_status(desk, SetStatus(StatusAct.CANCEL, (there.id,), "Patient request"))
    settle_all(desk)
    (item,) = attention.items(desk)
    assert item.theirs.values["status"] == "CANCELLED"
    assert "mine" not in item.ways, "what is cancelled can't be completed"
    with pytest.raises(Refused):
        answering.answer(desk, AnswerCard(card, Resolution.MINE))
    states.set_status(desk, SetStatus(StatusAct.REOPEN, (there.id,)))
    settle_all(desk)
    assert "mine" in attention.items(desk)[0].ways
    answering.answer(desk, AnswerCard(card, Resolution.MINE))
    assert lists.appointment(desk, there.id).status == "COMPLETED"


def test_what_was_closed_elsewhere_is_not_moved(world: World, desk: Desk, refusals: Refusals) -> None:
    """The server would refuse it again: the card says the state, and does not offer what can't be."""
    there = world.book(desk, "10:00", confirm=True)
    settle_all(desk)
    start = world.at("14:00")
    card = refusals.change(there.id, Trouble.STATUS, {"start": start, "end": start + 30 * MINUTE})
    states.set_status(desk, SetStatus(StatusAct.CANCEL, (there.id,), "Patient request"))
    settle_all(desk)
    (item,) = attention.items(desk)
    assert item.theirs.values["status"] == "CANCELLED"
    assert item.ways == ["theirs", "discard"]
    words = Tell(str, str, str)
    assert "is cancelled by now" in headline(item, words)
    assert [row.theirs for row in rows(item, words) if row.label == "State"] == ["Cancelled"]
    with pytest.raises(Refused, match="Reopen it first"):
        answering.answer(desk, AnswerCard(card, Resolution.MINE))
    states.set_status(desk, SetStatus(StatusAct.REOPEN, (there.id,)))
    settle_all(desk)
    assert "mine" in attention.items(desk)[0].ways
    answering.answer(desk, AnswerCard(card, Resolution.MINE))
    assert lists.appointment(desk, there.id).start == "2026-11-20T14:00:00+08:00"


def test_what_was_deleted_elsewhere_comes_back_as_it_was_wanted(world: World, desk: Desk, refusals: Refusals) -> None:
    there = world.book(desk, "10:00", notes="before")
    settle_all(desk)
    card = refusals.change(there.id, Trouble.DELETED, {"notes": "mine"}, kind="appointment.note")
    undoing.undo(desk, Undo())
    settle_all(desk)
    (item,) = attention.items(desk)
    assert item.theirs.values == {}
    assert item.ways == ["mine", "theirs", "slot", "discard"]
    answering.answer(desk, AnswerCard(card, Resolution.MINE))
    assert lists.appointment(desk, there.id).notes == "mine"


@pytest.mark.parametrize("known", [True, False])
def test_what_the_web_deleted_is_a_card_however_little_history_has_of_it(
    world: World, desk: Desk, refusals: Refusals, known: bool
) -> None:
    there = world.book(desk, "10:00", notes="before")
    settle_all(desk)
    refusals.change(there.id, Trouble.DELETED, {"notes": "mine"}, kind="appointment.note")
    undoing.undo(desk, Undo())
    settle_all(desk)
    more = "" if known else ", '$.number', '$.start'"
    desk.cache.writer.execute(
        f"UPDATE history SET before = json_remove(before, '$.clinic_id', '$.created', '$.updated'{more})"
        " WHERE after = '{}'"
    )
    (item,) = attention.items(desk)
    assert item.mine.values == {"notes": "mine"}
    assert ("mine" in item.ways) is known
    assert (item.start is not None) is known
    if known:
        answering.answer(desk, AnswerCard(item.id, Resolution.MINE))
        assert lists.appointment(desk, there.id).notes == "mine"


def test_what_can_not_come_back_without_its_patient_is_not_offered_to(
    world: World, desk: Desk, refusals: Refusals
) -> None:
    """The web deleted her user's row, and her appointments with it."""
    there = world.book(desk, "10:00", notes="before")
    settle_all(desk)
    card = refusals.change(there.id, Trouble.DELETED, {"notes": "mine"}, kind="appointment.note")
    undoing.undo(desk, Undo())
    settle_all(desk)
    assert attention.items(desk)[0].ways == ["mine", "theirs", "slot", "discard"]
    assert load.patients(desk.reader, [there.patient.id], desk.clinic.id) == []
    desk.cache.writer.execute("DELETE FROM history WHERE entity_id = ?", (there.patient.id,))
    (item,) = attention.items(desk)
    assert item.ways == ["theirs", "discard"]
    assert item.alternatives == []
    with pytest.raises(Refused):
        answering.answer(desk, AnswerCard(card, Resolution.MINE))


def test_a_new_patient_comes_back_with_her_booking(world: World, desk: Desk, refusals: Refusals) -> None:
    mine = world.book(desk, "10:00", "Nueva, Rosa")
    patient = image(desk, "patient", mine.patient.id)
    settle_all(desk)
    card = refusals.booking(mine.id)
    fallen = refusals.add(Trouble.FORBIDDEN, {}, patient, entity="patient", kind="patient.add", author="somebody")
    with desk.write("sync") as tx:
        tx.project([(load.patients(tx.raw, [mine.patient.id], desk.clinic.id)[0], None)])
    answering.answer(desk, AnswerCard(card, Resolution.MINE))
    assert lists.appointment(desk, mine.id).patient.name == "Nueva, Rosa"
    assert attention.count(desk) == 0
    assert [(row[0], row[1]) for row in outbox(desk)] == [
        ("patient", mine.patient.id),
        ("card", fallen),
        ("appointment", mine.id),
        ("card", card),
    ]


def test_the_nearest_appointment_comes_first_and_far_ones_are_no_alarm(
    world: World, desk: Desk, refusals: Refusals
) -> None:
    from datetime import timedelta

    from tests.support.profiles import TODAY

    far = world.book(desk, "10:00", day=TODAY + timedelta(days=4))
    near = world.book(desk, "15:00")
    settle_all(desk)
    for one in (far, near):
        refusals.change(one.id, Trouble.FIELD, {"notes": "mine"})
    items = attention.items(desk)
    assert [item.entity.id for item in items] == [near.id, far.id]
    assert [item.soon for item in items] == [True, False]


def test_the_same_request_is_answered_once(world: World, desk: Desk, refusals: Refusals) -> None:
    there = world.book(desk, "10:00")
    settle_all(desk)
    card = refusals.change(there.id, Trouble.FIELD, {"notes": "mine"})
    request = "0190b2a4-7c1e-7f00-8000-3f2a5b6c7d8e"
    first = answering.answer(desk, AnswerCard(card, Resolution.MINE), request)
    assert msgspec.json.encode(
        answering.answer(desk, AnswerCard(card, Resolution.MINE), request)
    ) == msgspec.json.encode(first)
    assert len(outbox(desk)) == 2


def test_whoever_may_not_book_may_not_answer(world: World, desk: Desk, refusals: Refusals) -> None:
    mine = world.book(desk, "10:00")
    settle_all(desk)
    card = refusals.booking(mine.id)
    reader = world.desk("rea")
    (item,) = attention.items(reader)
    assert "mine" not in item.ways
    for how in (Resolution.MINE, Resolution.THEIRS, Resolution.SLOT):
        with pytest.raises((NoAccess, Refused)):
            answering.answer(reader, AnswerCard(card, how, desk.now() + HOUR))
    with pytest.raises(NoAccess):
        attention.items(world.desk("ivan"))
