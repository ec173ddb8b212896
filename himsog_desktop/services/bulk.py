"""A hundred acts at once: every outcome before it happens, then one act with one undo.

``preview`` and ``carry_out`` go through the same plan, so that one says what the other does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import StatusAct
from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.rights import Verb
from himsog_desktop.services import render, texts
from himsog_desktop.services.booking import act_document
from himsog_desktop.services.documents import ActDoc, Named, OutcomeDoc, PlaceDoc, PreviewDoc
from himsog_desktop.services.laid import WAYS_MOST
from himsog_desktop.services.plan import Plan, refusals
from himsog_desktop.services.verdicts import reasons_of
from himsog_desktop.storage.connection import snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.domain.appointment import Appointment
    from himsog_desktop.domain.commands import Bulk, Step
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.plan import Outcome
    from himsog_desktop.storage.write import Transaction

MOST_AT_ONCE = 100_000


def preview(
    desk: Desk,
    bulk: Bulk,
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> PreviewDoc:
    """Every outcome of the act, in the order of the steps, without writing anything.

    Of the first 200 that are refused also what is free instead.

    ``progress`` and ``stopped`` as in ``carry_out``. Raises BadInput for unknown ids and senseless steps, NoAccess
    for a role that may not.
    """
    check(desk, bulk)
    with snapshot(desk.reader):
        plan = Plan(desk, desk.reader, desk.now(), progress, stopped)
        plan.add(bulk)
        return _previewed(desk, plan)


def carry_out(
    desk: Desk,
    bulk: Bulk,
    request_id: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
    shown: int | None = None,
) -> ActDoc:
    """Do it, as one act with one undo. What a rule refuses is listed in the answer, the others are done.

    ``progress`` is told rows done and rows in all. When ``stopped`` answers true before the end, nothing is
    done: all is one transaction. With ``shown`` the answer is a light one: more rows than that are only
    counted, and refusals name no free times (the preview did). Raises as ``preview`` does.
    """
    check(desk, bulk)

    def work(tx: Transaction) -> ActDoc:
        plan = Plan(desk, tx.raw, tx.at, progress, stopped, ways_out=WAYS_MOST if shown is None else 0)
        plan.add(bulk)
        plan.write(tx)
        return act_document(desk, tx, plan.changed_ids(), refusals(plan, desk.zone), shown)

    return desk.act(kind_of(bulk), work, ActDoc, request_id=request_id, asked=repr(bulk))


def check(desk: Desk, bulk: Bulk) -> None:
    """Raises BadInput for an act that makes no sense, NoAccess when this person may not do a part of it."""
    if not bulk.steps or not all(step.ids for step in bulk.steps):
        raise BadInput("usage", "Name at least one appointment.")
    if sum(len(step.ids) for step in bulk.steps) > MOST_AT_ONCE:
        raise BadInput("too_long", f"At most {MOST_AT_ONCE:,} appointments at once.")
    for step in bulk.steps:
        if step.moves:
            desk.require(Verb.MOVE)
        if step.act is not None:
            desk.require(Verb.REOPEN if step.act is StatusAct.REOPEN else Verb.SET_STATUS)
        elif not step.moves:
            raise BadInput("usage", "Say what to do: a status act, another provider, a day or minutes to shift by.")
        texts.note(step.reason, "reason", texts.REASON_MOST)


def kind_of(bulk: Bulk) -> str:
    """The kind of the act: what all its steps do, else ``appointment.bulk``."""
    kinds = {_kind_of(step) for step in bulk.steps}
    return kinds.pop() if len(kinds) == 1 else "appointment.bulk"


def _kind_of(step: Step) -> str:
    if step.moves:
        return "appointment.move" if step.act is None else "appointment.bulk"
    return f"appointment.{step.act.value}" if step.act else "appointment.bulk"


def _previewed(desk: Desk, plan: Plan) -> PreviewDoc:
    names = dict(plan.raw.execute("SELECT id, healthcare_name FROM providers").fetchall())
    patients = plan.patient_names()

    def place(a: Appointment) -> PlaceDoc:
        provider = Named(a.provider_id, names.get(a.provider_id, ""))
        return PlaceDoc(desk.zone.iso(a.start), desk.zone.iso(a.end), provider, a.status.value)

    def document(o: Outcome) -> OutcomeDoc:
        refusal = o.refusal
        return OutcomeDoc(
            id=o.before.id,
            number=o.before.number,
            patient=patients.get(o.before.patient_id, o.before.patient_name),
            before=place(o.before),
            after=None if o.after is None else place(o.after),
            rules=[] if refusal is None else [render.reason(r) for r in reasons_of(refusal)],
            alternatives=[] if refusal is None else [render.slot(s, desk.zone) for s in refusal.alternatives],
        )

    outcomes = [document(o) for o in plan.outcomes]
    refused = sum(1 for o in plan.outcomes if o.refusal is not None)
    return PreviewDoc(outcomes, len(plan.changed_ids()), refused)
