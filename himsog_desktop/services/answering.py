"""A person's answer to a card of Needs attention: keep mine, keep theirs, another time, or discard with a reason.

Each is one act with one undo. What she wants instead is an intent of its own; the verdict on the old one stands for
good (reliability, section 2.3). Two desks may answer the same card: the server takes the first.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import ACTIVE, Appointment, CancelledBy, StatusAct
from himsog_desktop.domain.clinic import Block, Provider, Service
from himsog_desktop.domain.errors import BadInput, Refused, not_found
from himsog_desktop.domain.intents import Trouble
from himsog_desktop.domain.people import Patient
from himsog_desktop.domain.resolution import Resolution
from himsog_desktop.domain.rights import Verb
from himsog_desktop.domain.time import MINUTE
from himsog_desktop.services import states, texts, verdicts
from himsog_desktop.services.attention import Side, last_patient, may_do, place_of, shared, verbs
from himsog_desktop.services.booking import act_document, free_number
from himsog_desktop.services.diaries import Columns
from himsog_desktop.services.documents import ActDoc
from himsog_desktop.services.laid import Laid
from himsog_desktop.storage import cards, load
from himsog_desktop.storage.entities import Entity

if TYPE_CHECKING:
    from himsog_desktop.domain.commands import AnswerCard
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.storage.entities import Record
    from himsog_desktop.storage.write import Transaction


def answer(desk: Desk, command: AnswerCard, request_id: str | None = None) -> ActDoc:
    """Answer a card.

    Raises BadInput for an unknown card or what is missing, Refused when a rule says no (then with three other
    times, and the card stays open), NoAccess for a role that may not.
    """
    if not shared(desk):
        raise not_found("card", command.card_id)
    if command.how is Resolution.SLOT and command.start is None:
        raise BadInput("usage", "Say which time: --slot INSTANT.")
    reason = texts.note(command.reason, "reason", texts.REASON_MOST)
    if command.how is Resolution.DISCARDED and reason is None:
        raise BadInput("usage", "Discarding takes a reason.")

    def work(tx: Transaction) -> ActDoc:
        card = cards.open_card(tx.raw, command.card_id)
        side = Side(desk, tx.raw, card)
        changed: list[str] = []
        tx.supersedes = card.intent.id
        if command.how in (Resolution.MINE, Resolution.SLOT):
            changed = _carry_out(desk, tx, side, command.start if command.how is Resolution.SLOT else None)
        elif not may_do(desk, side):
            # Whoever may not do it may not decide that it is not done either.
            for verb in verbs(side):
                desk.require(verb)
        tx.supersedes = None
        cards.answer(tx, card.intent.id, command.how, reason)
        return act_document(desk, tx, changed)

    return desk.act(f"attention.{command.how.value}", work, ActDoc, request_id=request_id, asked=repr(command))


def _carry_out(desk: Desk, tx: Transaction, side: Side, start: Micros | None) -> list[str]:
    """Write what was wanted, over what stands there now; ids of appointments that changed."""
    if start is not None and not side.may_choose_time:
        raise Refused("transition_refused", "Another time is no answer to this card. Keep one of the two sides.")
    for verb in verbs(side) if start is None else ():
        desk.require(verb)
    if side.card.verdict.trouble is Trouble.UNKNOWN:
        raise Refused("transition_refused", "The server does not know this change. Keep theirs, or discard it.")
    if side.intent.deletes:
        if side.now is None:
            raise Refused("changed_meanwhile", "It is gone already.")
        tx.put(side.now, None)
        return []
    if side.wanted is None:
        raise Refused("changed_meanwhile", "It was deleted, and what it was is not known here any more.")
    if not isinstance(side.wanted, Appointment):
        tx.put(side.now, _stamped(side.wanted, tx.at))
        return []
    now = side.now if isinstance(side.now, Appointment) else None
    new = _appointment(desk, tx, side, side.wanted, now, start)
    _bring_patient(desk, tx, new)
    tx.put(now, new)
    return [new.id]


def _appointment(
    desk: Desk, tx: Transaction, side: Side, wanted: Appointment, now: Appointment | None, start: Micros | None
) -> Appointment:
    new = dataclasses.replace(wanted, updated=tx.at)
    if now is None:
        new = dataclasses.replace(new, number=_number(tx, new))
    elif side.over:
        raise Refused("transition_refused", "It is closed by now. Reopen it first.")
    elif wanted.status is not now.status:
        new = _restated(desk, tx, side, wanted, now)
    if start is not None:
        if not new.active:
            raise Refused("transition_refused", "It is not active, so it needs no other time.")
        desk.require(Verb.BOOK if now is None else Verb.MOVE)
        length = max(new.minutes, 1) * MINUTE
        new = dataclasses.replace(new, start=start, end=start + length, lane=0, overbook_reason=None)
        verdicts.verdict(desk, tx.raw, place_of(desk, tx.raw, new))
    elif side.takes_place:
        # Hours and notice were looked at when she acted: only whether somebody sits there counts.
        verdicts.check_kept(desk, tx.raw, place_of(desk, tx.raw, new), new.lane)
    return new


def _restated(desk: Desk, tx: Transaction, side: Side, wanted: Appointment, now: Appointment) -> Appointment:
    """The state by way of the state machine, everything else as it was wanted."""
    act = side.status_act()
    if act is None:
        if now.status in ACTIVE and wanted.status in ACTIVE:
            raise Refused("transition_refused", "The state can't be changed like that.")
        raise Refused("transition_refused", "It is closed by now, otherwise than was wanted. Reopen it first.")
    stated = states.restated(
        desk,
        tx.raw,
        tx.at,
        now,
        act,
        reason=wanted.cancellation_reason,
        cancelled_for=wanted.cancelled_by or CancelledBy.CLINIC,
        users=dict(tx.raw.execute("SELECT id, user_id FROM providers WHERE id = ?", (now.provider_id,)).fetchall()),
        columns=Columns(tx.raw, desk.clinic),
        laid=Laid(ways_out=3),
    )
    if act is StatusAct.CANCEL:
        return stated
    kept = ("status", "cancelled_at", "cancelled_by", "cancelled_by_id", "cancellation_reason", "outcome_missing")
    return dataclasses.replace(wanted, updated=tx.at, **{name: getattr(stated, name) for name in kept})


def _number(tx: Transaction, new: Appointment) -> str:
    taken = tx.raw.execute("SELECT 1 FROM appointments WHERE appointment_number = ?", (new.number,)).fetchone()
    return new.number if taken is None else free_number(tx.raw)


def _bring_patient(desk: Desk, tx: Transaction, new: Appointment) -> None:
    """A new patient fell with the booking, or was deleted: she comes back with it; a card of hers is answered too."""
    if load.patients(tx.raw, [new.patient_id], desk.clinic.id):
        return
    for card in cards.open_cards(tx.raw):
        intent = card.intent
        if (intent.entity, intent.key) == (Entity.PATIENT.value, new.patient_id) and intent.creates:
            patient = Side(desk, tx.raw, card).wanted
            tx.put(None, patient, "patient.add")
            cards.answer(tx, intent.id, Resolution.MINE, None)
            return
    kept = last_patient(tx.raw, new.patient_id, tx.at)
    if kept is not None:
        tx.put(None, kept, "patient.add")
        return
    raise Refused("changed_meanwhile", "The patient is not in the register any more. Book her anew.")


def _stamped(record: Record, at: Micros) -> Record:
    return (
        dataclasses.replace(record, updated=at) if isinstance(record, Patient | Provider | Service | Block) else record
    )
