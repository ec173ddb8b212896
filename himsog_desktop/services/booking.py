"""Booking, moving and annotating appointments.

The verdict is given inside the write transaction, so that of two programs that book the same time one
is refused (design, section 3, "A profile without a server is its own authority").
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import Appointment, Status
from himsog_desktop.domain.errors import BadInput, Refused, not_found
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.numbers import new_number
from himsog_desktop.domain.people import Patient
from himsog_desktop.domain.prices import Quote, quote
from himsog_desktop.domain.rights import Verb, allowed
from himsog_desktop.domain.rules import Reason, Rule
from himsog_desktop.domain.time import MINUTE
from himsog_desktop.services import diaries, patients, render, texts
from himsog_desktop.services.documents import ActDoc, Named
from himsog_desktop.services.phones import region_of, required_e164
from himsog_desktop.services.reach import require_for
from himsog_desktop.services.verdicts import BUT_ROOMS, NONE, STARTED, Wanted, judge, verdict
from himsog_desktop.storage import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from himsog_desktop.domain.appointment import BookedService
    from himsog_desktop.domain.clinic import Provider, Service
    from himsog_desktop.domain.commands import Book, Move, NewPatient, WriteNote
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import RefusedDoc
    from himsog_desktop.services.laid import Laid
    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.write import Transaction

LONGEST_MINUTES = 24 * 60


def book(desk: Desk, command: Book, request_id: str | None = None) -> ActDoc:
    """Book an appointment.

    Raises Refused with every rule and three alternatives, BadInput for ids and values that make no
    sense; then nothing was changed.
    """
    desk.require(Verb.BOOK)
    return desk.act(
        "appointment.book", lambda tx: _book(desk, tx, command), ActDoc, request_id=request_id, asked=repr(command)
    )


def _book(desk: Desk, tx: Transaction, command: Book) -> ActDoc:
    provider = diaries.provider_of(tx.raw, command.provider_id, desk.clinic)
    chosen, offered = offer(tx.raw, provider, command.service_ids, command.duration)
    patient, is_new = _patient(desk, tx, command)
    end = command.start + offered.duration * MINUTE
    wanted = Wanted(
        provider,
        command.start,
        end,
        (offered.buffer_before, offered.buffer_after),
        chosen,
        patient_id=None if is_new else patient.id,
        room_ids=rooms_of(desk, command.room_ids),
    )
    lane, reason = verdict(desk, tx.raw, wanted, command.overbook)
    confirmed = command.confirm or provider.policy.auto_confirm
    if is_new:
        tx.put(None, patient, "patient.add")
    appointment = Appointment(
        id=new_id(),
        number=free_number(tx.raw),
        clinic_id=desk.clinic.id,
        provider_id=provider.id,
        patient_id=patient.id,
        start=command.start,
        end=end,
        status=Status.CONFIRMED if confirmed else Status.PENDING,
        patient_name=patient.name,
        patient_email=patient.email,
        patient_phone=patient.phone,
        created=tx.at,
        updated=tx.at,
        notes=texts.note(command.notes),
        services=offered.services,
        total=offered.total,
        location=command.location,
        type=texts.name(command.type, "type") if command.type else None,
        resources=tuple(wanted.room_ids),
        lane=lane,
        overbook_reason=reason,
    )
    tx.put(None, appointment)
    return act_document(desk, tx, [appointment.id])


def offer(
    raw: Raw, provider: Provider, wanted: Sequence[str], duration: int | None = None
) -> tuple[list[Service], Quote]:
    """The chosen services of a provider, by id or by key of a set-up document, and what they come to.

    Raises BadInput("not_found") for an unknown service or a duration out of bounds, and
    Refused("service_not_offered") for one of another provider or an inactive one.
    """
    if duration is not None and not 1 <= duration <= LONGEST_MINUTES:
        raise BadInput("bad_value", "The duration must be between 1 minute and 24 hours.")
    catalogue = {s.id: s for s in load.services(raw, provider.id)}
    keyed = {s.key: s for s in catalogue.values() if s.key}
    chosen = []
    for one in wanted:
        found = catalogue.get(one) or keyed.get(one)
        if found is None:
            found = next((s for s in load.services(raw) if one in (s.id, s.key)), None)
        if found is None:
            raise not_found("service", one)
        chosen.append(found)
    return chosen, quote(chosen, provider, catalogue, duration=duration)


def _patient(desk: Desk, tx: Transaction, command: Book) -> tuple[Patient, bool]:
    if command.patient_id is not None and command.new_patient is not None:
        raise BadInput("usage", "Say an id or the name of a new patient, not both.")
    if command.patient_id is not None:
        found = patients.patient_of(desk, tx.raw, command.patient_id)
    elif command.new_patient is not None:
        email = texts.email(command.new_patient.email)
        # Who has this name and this address is no new patient, and may be blocked.
        known = patients.known(tx.raw, desk.clinic.id, command.new_patient.name, email) if email else None
        if known is None:
            return patients.with_email(tx.raw, new_patient(desk, command.new_patient, tx.at), email), True
        found = known
    else:
        raise BadInput("usage", "Say which patient: an id, or the name of a new one.")
    if found.blocked:
        raise Refused("patient_blocked", "This patient is blocked at this clinic. A manager can unblock.")
    return found, False


def new_patient(desk: Desk, asked: NewPatient, at: Micros) -> Patient:
    """The record of a new patient from what was typed, but for the e-mail address. Raises BadInput."""
    patient_id = new_id()
    return Patient(
        id=patient_id,
        name=texts.name(asked.name),
        email=patients.placeholder(patient_id),
        created=at,
        updated=at,
        phone=required_e164(asked.phone, region_of(desk.clinic.timezone)),
        birth_date=texts.birth_date(asked.birth_date, desk.zone.date_of(at)),
    )


def free_number(raw: Raw) -> str:
    """An appointment number that is not in use; drawn at random, final (design, section 2)."""
    while True:
        number = new_number()
        if raw.execute("SELECT 1 FROM appointments WHERE appointment_number = ?", (number,)).fetchone() is None:
            return number


def move(desk: Desk, command: Move, request_id: str | None = None) -> ActDoc:
    """Move or resize an appointment, also to another provider or room.

    Raises Refused when a rule blocks the new time, the other provider does not offer the services, or
    the appointment is not active.
    """
    desk.require(Verb.MOVE)
    return desk.act(
        "appointment.move", lambda tx: _move(desk, tx, command), ActDoc, request_id=request_id, asked=repr(command)
    )


def _move(desk: Desk, tx: Transaction, command: Move) -> ActDoc:
    old = appointment_of(tx.raw, command.appointment_id)
    _require_active(old)
    provider = diaries.provider_of(tx.raw, command.provider_id or old.provider_id, desk.clinic)
    services = load.services(tx.raw, provider.id)
    rooms = old.resources if command.room_ids is None else rooms_of(desk, command.room_ids)
    there = dataclasses.replace(old, resources=rooms)
    new = moved(desk, tx.raw, tx.at, there, provider, services, command.start, command.duration, command.overbook)
    if rooms != old.resources and new == there:
        # Only the room: whoever sits there at that time is all that counts.
        kept = [s for s in services if any(s.id == b.service_id for b in old.services)]
        verdict(desk, tx.raw, wanted_for(there, provider, old.start, max(old.minutes, 1), kept), pardon=BUT_ROOMS)
        new = dataclasses.replace(new, updated=tx.at)
    tx.put(old, new)
    return act_document(desk, tx, [old.id])


def rooms_of(desk: Desk, wanted: Sequence[str]) -> tuple[str, ...]:
    """The ids of the clinic's rooms, named by id or by the key of a set-up document, in the order kept.

    Raises BadInput("not_found").
    """
    found = []
    for one in wanted:
        room = next((r for r in desk.clinic.rooms if one in (r.id, r.key)), None)
        if room is None:
            raise not_found("room", one)
        found.append(room.id)
    return tuple(sorted(set(found)))


def why_not_move(desk: Desk, command: Move) -> tuple[Reason, ...]:
    """Every rule that a move would be refused by, none when it would be done; nothing is changed.

    For a drag, which asks many times: no alternatives are looked for. Raises BadInput for unknown ids.
    """
    raw = desk.reader
    old = appointment_of(raw, command.appointment_id)
    try:
        _require_active(old)
        provider = diaries.provider_of(raw, command.provider_id or old.provider_id, desk.clinic)
        services = load.services(raw, provider.id)
        booked = old.services if provider.id == old.provider_id else remapped(raw, old, services)
    except Refused as refusal:
        return (Reason(refusal.code, refusal.message),)
    minutes = max((old.minutes or provider.slot_minutes) if command.duration is None else command.duration, 1)
    rooms = old.resources if command.room_ids is None else rooms_of(desk, command.room_ids)
    pardon = NONE
    if (provider.id, command.start) == (old.provider_id, old.start):
        pardon = STARTED if minutes != old.minutes else BUT_ROOMS
    kept = [s for s in services if any(s.id == b.service_id for b in booked)]
    there = dataclasses.replace(old, resources=rooms)
    slot = judge(desk, raw, wanted_for(there, provider, command.start, minutes, kept))
    return tuple(reason for reason in slot.reasons if not Rule[reason.rule.upper()] & pardon)


def _require_active(old: Appointment) -> None:
    if not old.active:
        raise Refused("transition_refused", "Only a requested or confirmed appointment can be moved. Reopen it first.")


def moved(
    desk: Desk,
    raw: Raw,
    at: Micros,
    old: Appointment,
    provider: Provider,
    services: Sequence[Service],
    start: Micros,
    duration: int | None = None,
    overbook: str | None = None,
    laid: Laid | None = None,
) -> Appointment:
    """The appointment at its new place, over what ``laid`` changed; ``services`` are the provider's.

    Raises Refused when it may not go there, BadInput for a senseless duration.
    """
    _require_active(old)
    booked = old.services if provider.id == old.provider_id else remapped(raw, old, services)
    # An imported row may have no length; it gets one when it moves.
    minutes = (old.minutes or provider.slot_minutes) if duration is None else duration
    if not 1 <= minutes <= LONGEST_MINUTES and minutes != old.minutes:
        raise BadInput("bad_value", "The duration must be between 1 minute and 24 hours.")
    same = (old.provider_id, old.start, old.minutes) == (provider.id, start, minutes)
    lane, reason = old.lane, old.overbook_reason
    if not same:
        kept = [s for s in services if any(s.id == b.service_id for b in booked)]
        stays = (provider.id, start) == (old.provider_id, old.start)
        place = wanted_for(old, provider, start, minutes, kept, laid)
        lane, reason = verdict(desk, raw, place, overbook, pardon=STARTED if stays else NONE)
    return dataclasses.replace(
        old,
        provider_id=provider.id,
        start=start,
        end=start + minutes * MINUTE,
        services=booked,
        lane=lane,
        overbook_reason=reason,
        updated=old.updated if same else at,
    )


def wanted_for(
    old: Appointment,
    provider: Provider,
    start: Micros,
    minutes: int,
    services: Sequence[Service],
    laid: Laid | None = None,
) -> Wanted:
    """The new place of an appointment that is there already."""
    policy = provider.policy
    return Wanted(
        provider,
        start,
        start + minutes * MINUTE,
        (
            max([policy.buffer_before, *(s.buffer_before for s in services)]),
            max([policy.buffer_after, *(s.buffer_after for s in services)]),
        ),
        services,
        patient_id=old.patient_id,
        room_ids=old.resources,
        ignore=old.id,
        laid=laid,
    )


def remapped(raw: Raw, old: Appointment, offered: Sequence[Service]) -> tuple[BookedService, ...]:
    """The same services at another provider, by catalogue, else by name; prices stay as booked.

    Raises Refused("service_not_offered") when one is not offered there.
    """
    catalogues = dict(
        raw.execute(
            "SELECT service_id, catalogue_id FROM service_desk WHERE provider_id = ?", (old.provider_id,)
        ).fetchall()
    )
    found = []
    for booked in old.services:
        catalogue = catalogues.get(booked.service_id)
        match = next((s for s in offered if s.active and catalogue and s.catalogue == catalogue), None) or next(
            (s for s in offered if s.active and s.name.casefold() == booked.name.casefold()), None
        )
        if match is None:
            raise Refused(
                "service_not_offered",
                f"The other provider doesn't offer {booked.name!r}. Choose another provider or change the service.",
            )
        found.append(dataclasses.replace(booked, service_id=match.id, name=match.name))
    return tuple(found)


def write_note(desk: Desk, command: WriteNote, request_id: str | None = None) -> ActDoc:
    """Replace the note of an appointment; a provider those of her own column.

    Raises BadInput when it is too long, NoAccess for a role that may not.
    """
    if not allowed(desk.staff.role, Verb.NOTE, own=True):
        desk.require(Verb.NOTE)
    text = texts.note(command.text)

    def work(tx: Transaction) -> ActDoc:
        old = appointment_of(tx.raw, command.appointment_id)
        require_for(desk, Verb.NOTE, old.provider_id)
        if old.notes != text:
            tx.put(old, dataclasses.replace(old, notes=text, updated=tx.at))
        return act_document(desk, tx, [old.id])

    return desk.act("appointment.note", work, ActDoc, request_id=request_id, asked=repr(command))


def appointment_of(raw: Raw, key: str) -> Appointment:
    """The appointment of an id or number. Raises BadInput("not_found")."""
    found = load.appointments(raw, [key])
    if not found:
        row = raw.execute("SELECT id FROM appointments WHERE appointment_number = ?", (key.strip().upper(),)).fetchone()
        found = load.appointments(raw, [row[0]]) if row else []
    if not found:
        raise not_found("appointment", key)
    return found[0]


def act_document(
    desk: Desk, tx: Transaction, ids: Sequence[str], refused: Sequence[RefusedDoc] = (), shown: int | None = None
) -> ActDoc:
    """The answer of an act: the rows as they are now, left out when there are more than ``shown``."""
    listed = ids if shown is None or len(ids) <= shown else ()
    changed = render.appointments(tx.raw, load.appointments(tx.raw, listed), desk.clinic) if listed else []
    return ActDoc(
        act=tx.act_id,
        kind=tx.kind,
        at=desk.zone.iso(tx.at),
        by=Named(desk.staff.id, desk.staff.name),
        undoable_until=None if tx.changes.empty else desk.zone.iso(desk.undoable_until(tx.at)),
        changed=changed,
        refused=list(refused),
        count=len(ids),
    )
