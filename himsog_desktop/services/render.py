"""Records into documents of the contract."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import shown_email
from himsog_desktop.domain.day import SYNC_CONFLICT, SYNC_REFUSED
from himsog_desktop.domain.errors import Fault, HimsogError
from himsog_desktop.domain.money import decimal
from himsog_desktop.domain.people import patient_status
from himsog_desktop.domain.time import Zone, format_wall, zone
from himsog_desktop.services.documents import (
    AppointmentDoc,
    BookedDoc,
    BreakDoc,
    CancelledDoc,
    ConsentDoc,
    ErrorBody,
    ErrorDoc,
    ExternalDoc,
    HoursDoc,
    Named,
    OverrideDoc,
    PatientDoc,
    PatientRef,
    PolicyDoc,
    ProviderDoc,
    ReasonDoc,
    ServiceDoc,
    SlotDoc,
)
from himsog_desktop.storage import load
from himsog_desktop.storage.outbox import WAITING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from himsog_desktop.domain.appointment import Appointment
    from himsog_desktop.domain.clinic import Clinic, Provider, Service
    from himsog_desktop.domain.people import Patient
    from himsog_desktop.domain.rules import Reason
    from himsog_desktop.domain.slots import Slot
    from himsog_desktop.storage.connection import Raw


def appointments(raw: Raw, records: Iterable[Appointment], home: Clinic) -> list[AppointmentDoc]:
    """Appointments with the names of what they point to."""
    records = list(records)
    clinics = {c.id: c for c in load.clinics(raw)}
    rooms = {room.id: room.name for c in clinics.values() for room in c.rooms}
    names = dict(raw.execute("SELECT id, healthcare_name FROM providers").fetchall())
    patients: dict[str, Patient] = {}
    ids = list({a.patient_id for a in records})
    for i in range(0, len(ids), 1000):
        patients.update((p.id, p) for p in load.patients(raw, ids[i : i + 1000], home.id))
    sync = _sync_words(raw, records)
    return [_appointment(a, clinics.get(a.clinic_id, home), rooms, names, patients, sync) for a in records]


def _sync_words(raw: Raw, records: list[Appointment]) -> dict[str, str]:
    """How each stands with the server, as its tile says; the rest as ``""`` says."""
    found = raw.execute("SELECT value FROM meta WHERE key = 'authority'").fetchone()
    if found is None or found[0] != "remote":
        return {"": "local"}
    words = {"": "synced"}
    for i in range(0, len(records), 1000):
        keys = json.dumps([[a.start, a.id] for a in records[i : i + 1000]])
        for key, flags in raw.execute(_FLAGS, (keys, _SYNC)):
            words[key] = "refused" if flags & SYNC_REFUSED else "conflict"
    # Within an act its tiles do not say yet that it waits.
    words.update((row[0], "pending") for row in raw.execute(_PENDING))
    return words


_SYNC = SYNC_REFUSED | SYNC_CONFLICT
_PENDING = f"SELECT entity_id FROM outbox WHERE {WAITING} AND entity_type = 'appointment'"
_FLAGS = """
SELECT t.id, t.flags FROM json_each(?1) AS w CROSS JOIN tile AS t
    ON t.start = json_extract(w.value, '$[0]') AND t.id = json_extract(w.value, '$[1]') WHERE t.flags & ?2"""


def _appointment(
    a: Appointment,
    clinic: Clinic,
    rooms: dict[str, str],
    providers: dict[str, str],
    patients: dict[str, Patient],
    sync: dict[str, str],
) -> AppointmentDoc:
    at = zone(clinic.timezone)
    patient = patients.get(a.patient_id)
    cancelled = None
    if a.cancelled_at is not None or a.cancellation_reason is not None:
        cancelled = CancelledDoc(
            _iso(at, a.cancelled_at), a.cancelled_by.value if a.cancelled_by else None, a.cancellation_reason
        )
    external = ExternalDoc(a.external_system or "", a.external_id) if a.external_id else None
    return AppointmentDoc(
        id=a.id,
        number=a.number,
        clinic=Named(clinic.id, clinic.name),
        provider=Named(a.provider_id, providers.get(a.provider_id, "")),
        patient=PatientRef(
            id=a.patient_id,
            name=patient.name if patient else a.patient_name,
            email=shown_email(patient.email if patient else a.patient_email),
            phone=patient.phone if patient else a.patient_phone,
            birth_date=patient.birth_date if patient else None,
        ),
        start=at.iso(a.start),
        end=at.iso(a.end),
        duration_minutes=a.minutes,
        status=a.status.value,
        visit=a.visit.state.value if a.visit.state else None,
        services=[BookedDoc(s.service_id, s.name, decimal(s.price)) for s in a.services],
        total=decimal(a.total),
        currency=clinic.currency,
        location=a.location.value,
        type=a.type,
        resources=[Named(room, rooms.get(room, "")) for room in a.resources],
        lane=a.lane,
        overbook_reason=a.overbook_reason,
        notes=a.notes,
        cancelled=cancelled,
        source=a.source.value,
        external=external,
        created=at.iso(a.created),
        updated=at.iso(a.updated),
        sync=sync.get(a.id, sync[""]),
        outcome_missing=a.outcome_missing,
    )


def _iso(at: Zone, instant: int | None) -> str | None:
    return None if instant is None else at.iso(instant)


def reason(found: Reason) -> ReasonDoc:
    """One rule."""
    return ReasonDoc(found.rule, found.text)


def slot(found: Slot, at: Zone) -> SlotDoc:
    """A slot with its reasons."""
    return SlotDoc(
        found.provider,
        at.iso(found.start),
        at.iso(found.end),
        found.available,
        [reason(r) for r in found.reasons],
    )


def error_document(error: HimsogError, at: Zone | None) -> ErrorDoc:
    """An error of the contract."""
    slots = [slot(s, at) for s in error.alternatives] if at else []
    return ErrorDoc(ErrorBody(error.code, error.message, [reason(d) for d in error.details], slots))


def patients(raw: Raw, records: Iterable[Patient], at: Zone, now: int) -> list[PatientDoc]:
    """Patients with how often and when they came."""
    found = []
    for p in records:
        bookings, last = raw.execute(
            "SELECT count(*), max(CASE WHEN start_time <= ? AND status NOT IN ('CANCELLED', 'NO_SHOW')"
            " THEN start_time END) FROM appointments WHERE user_id = ?",
            (now, p.id),
        ).fetchone()
        found.append(
            PatientDoc(
                id=p.id,
                name=p.name,
                email=shown_email(p.email),
                phone=p.phone,
                birth_date=p.birth_date,
                sex=p.sex,
                address=p.address,
                status=patient_status(blocked=p.blocked, favorite=p.favorite, bookings=bookings).value,
                blocked=p.blocked,
                favorite=p.favorite,
                alerts=list(p.alerts),
                consent=ConsentDoc(p.consent.email, p.consent.sms, p.consent.push, p.consent.whatsapp),
                bookings=bookings,
                last_visit=_iso(at, last),
                external=ExternalDoc(p.external_system or "", p.external_id) if p.external_id else None,
                private_notes=p.private_notes,
            )
        )
    return found


def provider(p: Provider) -> ProviderDoc:
    """One provider."""
    policy = p.policy
    return ProviderDoc(
        id=p.id,
        name=p.name,
        status=p.status.value,
        slot_minutes=p.slot_minutes,
        clinics=list(p.clinics),
        hours=[HoursDoc(h.clinic_id, h.day, format_wall(h.start), format_wall(h.end)) for h in p.hours],
        breaks=[BreakDoc(b.name, b.day, format_wall(b.start), format_wall(b.end)) for b in p.breaks],
        policy=PolicyDoc(
            policy.notice_minutes,
            policy.cancel_hours,
            policy.auto_confirm,
            policy.max_per_day,
            policy.buffer_before,
            policy.buffer_after,
            policy.overbook_lanes,
        ),
        specialty=p.specialty,
        overrides=[
            OverrideDoc(
                o.date,
                o.available,
                None if o.start is None else format_wall(o.start),
                None if o.end is None else format_wall(o.end),
                o.kind.value,
                o.reason,
            )
            for o in p.overrides
        ],
        key=p.key,
    )


def service(s: Service) -> ServiceDoc:
    """One service."""
    return ServiceDoc(
        id=s.id,
        provider=s.provider_id,
        catalogue=s.catalogue,
        name=s.name,
        kind=s.kind.value,
        parts=list(s.parts),
        pricing=s.pricing.value,
        price_min=decimal(s.price_min),
        price_max=decimal(s.price_max),
        duration_minutes=s.duration,
        buffer_before=s.buffer_before,
        buffer_after=s.buffer_after,
        max_per_day=s.max_per_day,
        active=s.active,
        key=s.key,
    )


def one(found: list[AppointmentDoc]) -> AppointmentDoc:
    """The only one."""
    if len(found) != 1:
        raise Fault("internal", "One appointment was expected.")
    return found[0]
