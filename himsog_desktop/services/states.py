"""Status acts on one appointment or a hundred, and the flow of the visit."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import CancelledBy, StatusAct, Visit, VisitState
from himsog_desktop.domain.commands import Bulk, Step
from himsog_desktop.domain.errors import BadInput, Refused
from himsog_desktop.domain.rights import Verb
from himsog_desktop.domain.transitions import verdict as transition_verdict
from himsog_desktop.services import texts
from himsog_desktop.services.booking import act_document, appointment_of, wanted_for
from himsog_desktop.services.documents import ActDoc
from himsog_desktop.services.verdicts import NONE, check_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from himsog_desktop.domain.appointment import Appointment
    from himsog_desktop.domain.commands import SetStatus, SetVisit
    from himsog_desktop.domain.rules import Rule
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.diaries import Columns
    from himsog_desktop.services.laid import Laid
    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.write import Transaction

MOST_AT_ONCE = 100_000


def set_status(
    desk: Desk,
    command: SetStatus,
    request_id: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    shown: int | None = None,
) -> ActDoc:
    """Do a status act on every named appointment, as one act with one undo.

    Rows that a rule refuses are listed in the answer and stay as they are; the others are done. With
    one appointment alone a refusal is raised. Of more than ``shown`` rows the answer only counts them.
    Raises BadInput for an unknown id, with nothing done.
    """
    desk.require(Verb.REOPEN if command.act is StatusAct.REOPEN else Verb.SET_STATUS)
    if not command.appointment_ids:
        raise BadInput("usage", "Name at least one appointment.")
    if len(command.appointment_ids) > MOST_AT_ONCE:
        raise BadInput("too_long", f"At most {MOST_AT_ONCE:,} appointments at once.")
    texts.note(command.reason, "reason", texts.REASON_MOST)

    def work(tx: Transaction) -> ActDoc:
        return _set_status(desk, tx, command, progress, shown)

    kind = f"appointment.{command.act.value}"
    return desk.act(kind, work, ActDoc, request_id=request_id, asked=repr(command))


def _set_status(
    desk: Desk,
    tx: Transaction,
    command: SetStatus,
    progress: Callable[[int, int], None] | None,
    shown: int | None,
) -> ActDoc:
    from himsog_desktop.services.plan import Plan, refusals

    plan = Plan(desk, tx.raw, tx.at, progress)
    plan.add(Bulk((Step(command.appointment_ids, command.act, command.reason, command.cancelled_for),)))
    if len(plan.outcomes) == 1 and plan.outcomes[0].refusal is not None:
        raise plan.outcomes[0].refusal
    plan.write(tx)
    return act_document(desk, tx, plan.changed_ids(), refusals(plan, desk.zone), shown)


def restated(
    desk: Desk,
    raw: Raw,
    at: Micros,
    old: Appointment,
    act: StatusAct,
    *,
    reason: str | None,
    cancelled_for: CancelledBy,
    users: dict[str, str],
    columns: Columns,
    laid: Laid,
) -> Appointment:
    """The appointment after a status act at that moment, over what ``laid`` changed.

    ``users`` are the platform's users of providers. Raises Refused, NoAccess.
    """
    no = transition_verdict(act, old.status, start=old.start, now=at, zone=desk.zone, role=desk.staff.role)
    if no is not None:
        raise no
    new = dataclasses.replace(old, status=act.target, updated=at, outcome_missing=False)
    if act is StatusAct.CANCEL:
        return dataclasses.replace(
            new,
            cancelled_at=at,
            cancellation_reason=reason,
            cancelled_by=cancelled_for,
            cancelled_by_id=_on_behalf(old, cancelled_for, users),
        )
    if act is StatusAct.REOPEN:
        check_place(desk, raw, old, columns, laid)
        return dataclasses.replace(
            new, cancelled_at=None, cancellation_reason=None, cancelled_by=None, cancelled_by_id=None
        )
    return new


def _on_behalf(old: Appointment, party: CancelledBy, users: dict[str, str]) -> str | None:
    """The platform's ``cancelled_by``: the patient's or the provider's user; the person is in history."""
    if party is CancelledBy.PATIENT:
        return old.patient_id
    return users.get(old.provider_id) if party is CancelledBy.CLINIC else None


def check_place(desk: Desk, raw: Raw, again: Appointment, columns: Columns, laid: Laid, *, pardon: Rule = NONE) -> None:
    """It takes its time again, in the lane it had (reopen, undo): raises Refused when somebody has it by now.

    ``pardon`` are rules that don't count.
    """
    provider, offered = columns.of(again.provider_id)
    services = [s for s in offered if any(s.id == b.service_id for b in again.services)]
    wanted = wanted_for(again, provider, again.start, max(again.minutes, 1), services, laid)
    check_kept(desk, raw, wanted, again.lane, pardon=pardon)


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
