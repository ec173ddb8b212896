"""Status acts on one appointment or a hundred, and the flow of the visit."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import CancelledBy, StatusAct, Visit, VisitState
from himsog_desktop.domain.errors import BadInput, Refused
from himsog_desktop.domain.rights import Verb
from himsog_desktop.domain.transitions import verdict as transition_verdict
from himsog_desktop.services import diaries, texts
from himsog_desktop.services.booking import act_document, appointment_of, wanted_for
from himsog_desktop.services.documents import ActDoc, RefusedDoc
from himsog_desktop.services.render import reason as reason_doc
from himsog_desktop.services.verdicts import check_kept, reasons_of
from himsog_desktop.storage import load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from himsog_desktop.domain.appointment import Appointment
    from himsog_desktop.domain.commands import SetStatus, SetVisit
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.storage.write import Transaction

MOST_AT_ONCE = 100_000


def set_status(
    desk: Desk, command: SetStatus, request_id: str | None = None, progress: Callable[[int], None] | None = None
) -> ActDoc:
    """Do a status act on every named appointment, as one act with one undo.

    Rows that a rule refuses are listed in the answer and stay as they are; the others are done. With
    one appointment alone a refusal is raised. Raises BadInput for an unknown id, with nothing done.
    """
    desk.require(Verb.REOPEN if command.act is StatusAct.REOPEN else Verb.SET_STATUS)
    if not command.appointment_ids:
        raise BadInput("usage", "Name at least one appointment.")
    if len(command.appointment_ids) > MOST_AT_ONCE:
        raise BadInput("too_long", f"At most {MOST_AT_ONCE:,} appointments at once.")
    reason = texts.note(command.reason, "reason", texts.REASON_MOST)

    def work(tx: Transaction) -> ActDoc:
        return _set_status(desk, tx, command, reason)

    kind = f"appointment.{command.act.value}"
    return desk.act(kind, work, ActDoc, request_id=request_id, asked=repr(command))


def _set_status(desk: Desk, tx: Transaction, command: SetStatus, reason: str | None) -> ActDoc:
    by_id = {a.id: a for a in load.appointments(tx.raw, dict.fromkeys(command.appointment_ids))}
    named = (by_id.get(key) or appointment_of(tx.raw, key) for key in command.appointment_ids)
    # Somebody may name the same one twice, by id and by number.
    records = list({a.id: a for a in named}.values())
    users = dict(tx.raw.execute("SELECT id, user_id FROM providers").fetchall())
    pairs: list[tuple[Appointment | None, Appointment | None]] = []
    refused: list[RefusedDoc] = []
    for old in records:
        try:
            new = _changed(desk, tx, old, command, reason, users)
        except Refused as refusal:
            if len(records) == 1:
                raise
            refused.append(RefusedDoc(old.id, refusal.code, [reason_doc(r) for r in reasons_of(refusal)]))
            continue
        if command.act is StatusAct.REOPEN:
            # Written one by one: the next one's slot is checked against this one.
            tx.put(old, new)
        pairs.append((old, new))
    if command.act is not StatusAct.REOPEN:
        tx.put_many(pairs)
    return act_document(desk, tx, [old.id for old, _ in pairs if old is not None], refused)


def _changed(
    desk: Desk, tx: Transaction, old: Appointment, command: SetStatus, reason: str | None, users: dict[str, str]
) -> Appointment:
    no = transition_verdict(command.act, old.status, start=old.start, now=tx.at, zone=desk.zone, role=desk.staff.role)
    if no is not None:
        raise no
    new = dataclasses.replace(old, status=command.act.target, updated=tx.at, outcome_missing=False)
    if command.act is StatusAct.CANCEL:
        return dataclasses.replace(
            new,
            cancelled_at=tx.at,
            cancellation_reason=reason,
            cancelled_by=command.cancelled_for,
            cancelled_by_id=_on_behalf(old, command.cancelled_for, users),
        )
    if command.act is StatusAct.REOPEN:
        _check_place(desk, tx, old)
        return dataclasses.replace(
            new, cancelled_at=None, cancellation_reason=None, cancelled_by=None, cancelled_by_id=None
        )
    return new


def _on_behalf(old: Appointment, party: CancelledBy, users: dict[str, str]) -> str | None:
    """The platform's ``cancelled_by``: the patient's or the provider's user; the person is in history."""
    if party is CancelledBy.PATIENT:
        return old.patient_id
    return users.get(old.provider_id) if party is CancelledBy.CLINIC else None


def _check_place(desk: Desk, tx: Transaction, old: Appointment) -> None:
    """Reopening takes the time again, in the lane it had; nobody else may have it by now."""
    provider = diaries.provider_of(tx.raw, old.provider_id, desk.clinic)
    services = [s for s in load.services(tx.raw, provider.id) if any(s.id == b.service_id for b in old.services)]
    check_kept(desk, tx.raw, wanted_for(old, provider, old.start, max(old.minutes, 1), services), old.lane)


_ENTERED = {
    VisitState.ARRIVED: "arrived_at",
    VisitState.IN_ROOM: "in_room_at",
    VisitState.WITH_PROVIDER: "with_provider_at",
    VisitState.CHECKED_OUT: "checked_out_at",
}


def set_visit(desk: Desk, command: SetVisit, request_id: str | None = None) -> ActDoc:
    """Say where the patient is. Raises Refused for an appointment that is closed."""
    desk.require(Verb.SET_STATUS)

    def work(tx: Transaction) -> ActDoc:
        old = appointment_of(tx.raw, command.appointment_id)
        if not old.active:
            raise Refused("transition_refused", "The visit of a closed appointment can't change. Reopen it first.")
        tx.put(old, dataclasses.replace(old, visit=_entered(old.visit, command.state, tx.at), updated=tx.at))
        return act_document(desk, tx, [old.id])

    return desk.act("visit.set", work, ActDoc, request_id=request_id, asked=repr(command))


def _entered(visit: Visit, state: VisitState | None, at: Micros) -> Visit:
    if state is None:
        return Visit()
    order: Sequence[VisitState] = list(VisitState)
    times = {
        name: (getattr(visit, name) or at if step is state else getattr(visit, name))
        for step, name in _ENTERED.items()
        if order.index(step) <= order.index(state)
    }
    return Visit(state, **times)
