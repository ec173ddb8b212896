"""Rows back into records, by prepared SQL. Needed before the first paint: no SQLAlchemy here.

Every function takes an open connection and returns frozen records; ids that are not there are left
out of the answer.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from himsog_desktop.domain.clinic import (
    Block,
    Break,
    Clinic,
    Hours,
    Override,
    OverrideKind,
    Policy,
    Pricing,
    Provider,
    ProviderStatus,
    Room,
    Service,
    ServiceKind,
)
from himsog_desktop.domain.time import parse_wall

if TYPE_CHECKING:
    from collections.abc import Iterable

    from himsog_desktop.domain.appointment import Appointment, BookedService
    from himsog_desktop.domain.people import Patient, Staff
    from himsog_desktop.storage.connection import Raw

HOME_CLINIC = """coalesce(d.clinic_id,
         (SELECT c.clinic_id FROM clinic_providers AS c WHERE c.provider_id = a.provider_id
           ORDER BY c.position, c.clinic_id LIMIT 1),
         (SELECT value FROM meta WHERE key = 'clinic'))"""
"""What the web made has no row of the desk's: it is at its provider's home clinic (design, section 2)."""

_APPOINTMENT = f"""
SELECT a.id, a.appointment_number, {HOME_CLINIC}, a.provider_id, a.user_id, a.start_time, a.end_time,
       a.status, a.patient_name, a.patient_email, a.created_at, a.updated_at, a.patient_phone, a.notes,
       a.activity_notes, a.total_price, coalesce(d.location, 'in_person'), d.type, coalesce(d.lane, 0),
       d.overbook_reason, coalesce(d.source, 'web'), d.external_system, d.external_id,
       coalesce(d.outcome_missing, 0), a.cancelled_at, d.cancelled_for,
       a.cancelled_by, a.cancellation_reason,
       v.state, v.arrived_at, v.in_room_at, v.with_provider_at, v.checked_out_at, v.appointment_id
  FROM json_each(?) AS wanted
  JOIN appointments AS a ON a.id = wanted.value
  LEFT JOIN appointment_desk AS d ON d.appointment_id = a.id
  LEFT JOIN visit AS v ON v.appointment_id = a.id
 ORDER BY wanted.key"""
_BOOKED = """
SELECT b.appointment_id, b.service_id, coalesce(s.name, ''), b.price_at_booking
  FROM json_each(?) AS wanted
  JOIN appointment_service AS b ON b.appointment_id = wanted.value
  LEFT JOIN services AS s ON s.id = b.service_id
 ORDER BY b.created_at"""
_USED_ROOMS = """
SELECT r.appointment_id, r.room_id FROM json_each(?) AS wanted
  JOIN appointment_rooms AS r ON r.appointment_id = wanted.value ORDER BY r.room_id"""
_PATIENT = """
SELECT u.id, coalesce(p.corrected_name, u.name), coalesce(p.corrected_email, u.email), u.createdAt, u.updatedAt,
       p.phone, p.birth_date, p.sex, p.address, p.consent_email, p.consent_sms, p.consent_push,
       p.consent_whatsapp, p.alerts, c.blocked, c.favorite, c.notes, p.external_system, p.external_id,
       p.user_id, p.corrected_name, p.corrected_email
  FROM json_each(?) AS wanted
  JOIN user AS u ON u.id = wanted.value
  LEFT JOIN patients AS p ON p.user_id = u.id
  LEFT JOIN patient_clinic AS c ON c.patient_id = u.id AND c.clinic_id = ?
 ORDER BY wanted.key"""
_PROVIDER = """
SELECT p.id, p.user_id, p.healthcare_name, p.status, p.slot_duration_minutes, p.created_at, p.updated_at,
       d.specialty, d.key, coalesce(d.position, 0), d.notice_minutes, d.cancel_hours, d.auto_confirm,
       d.max_per_day, d.buffer_before, d.buffer_after, d.overbook_lanes
  FROM providers AS p LEFT JOIN provider_desk AS d ON d.provider_id = p.id
 WHERE ?1 IS NULL OR p.id = ?1
 ORDER BY coalesce(d.position, 0), p.healthcare_name, p.id"""
_HOURS = """
SELECT h.provider_id, coalesce(d.clinic_id, ?2), h.day_of_week, h.start_time, h.end_time
  FROM operating_hours AS h LEFT JOIN hours_desk AS d ON d.hours_id = h.id
 WHERE NOT h.is_closed AND h.start_time IS NOT NULL AND (?1 IS NULL OR h.provider_id = ?1)
 ORDER BY h.day_of_week, h.start_time"""
_SERVICE = """
SELECT s.id, s.provider_id, s.name, s.type, s.pricingModel, s.created_at, s.updated_at, s.price_min,
       s.price_max, s.fixed_price, d.duration_minutes, coalesce(d.buffer_before, 0),
       coalesce(d.buffer_after, 0), d.max_per_day, s.is_active, s.description, d.catalogue_id, d.key
  FROM services AS s LEFT JOIN service_desk AS d ON d.service_id = s.id
 WHERE ?1 IS NULL OR s.provider_id = ?1
 ORDER BY s.provider_id, s.rowid"""


def appointments(raw: Raw, ids: Iterable[str]) -> list[Appointment]:
    """Appointments in the order asked for."""
    # Not before the first paint, which reads tiles: three records and six enumerations take 3 ms to define.
    from himsog_desktop.domain.appointment import (
        Appointment,
        BookedService,
        CancelledBy,
        Location,
        Source,
        Status,
        Visit,
        VisitState,
    )

    wanted = json.dumps(list(ids))
    services: dict[str, list[BookedService]] = {}
    for owner, service, name, price in raw.execute(_BOOKED, (wanted,)):
        services.setdefault(owner, []).append(BookedService(service, name, price))
    rooms: dict[str, list[str]] = {}
    for owner, room in raw.execute(_USED_ROOMS, (wanted,)):
        rooms.setdefault(owner, []).append(room)
    return [
        Appointment(
            id=r[0],
            number=r[1],
            clinic_id=r[2],
            provider_id=r[3],
            patient_id=r[4],
            start=r[5],
            end=r[6],
            status=Status(r[7]),
            patient_name=r[8],
            patient_email=r[9],
            created=r[10],
            updated=r[11],
            patient_phone=r[12],
            notes=r[13],
            activity_notes=r[14],
            services=tuple(services.get(r[0], ())),
            total=r[15],
            location=Location(r[16]),
            type=r[17],
            resources=tuple(rooms.get(r[0], ())),
            lane=r[18],
            overbook_reason=r[19],
            source=Source(r[20]),
            external_system=r[21],
            external_id=r[22],
            outcome_missing=bool(r[23]),
            cancelled_at=r[24],
            cancelled_by=CancelledBy(r[25]) if r[25] else None,
            cancelled_by_id=r[26],
            cancellation_reason=r[27],
            visit=Visit(VisitState(r[28]) if r[28] else None, r[29], r[30], r[31], r[32]) if r[33] else Visit(),
        )
        for r in raw.execute(_APPOINTMENT, (wanted,))
    ]


def patients(raw: Raw, ids: Iterable[str], clinic_id: str) -> list[Patient]:
    """Patients as the desk of that clinic knows them, in the order asked for."""
    from himsog_desktop.domain.people import Consent, Patient  # not for the first paint

    return [
        Patient(
            id=r[0],
            name=r[1],
            email=r[2],
            created=r[3],
            updated=r[4],
            phone=r[5],
            birth_date=r[6],
            sex=r[7],
            address=r[8],
            consent=Consent(bool(r[9]), bool(r[10]), bool(r[11]), bool(r[12])) if r[19] else Consent(),
            alerts=tuple(json.loads(r[13])) if r[13] else (),
            blocked=bool(r[14]),
            favorite=bool(r[15]),
            private_notes=r[16],
            external_system=r[17],
            external_id=r[18],
            # The desk writes both corrections for a web account, and an address alone for a shared one.
            web_account=r[19] is None or r[20] is not None,
            email_shared=r[21] is not None and r[20] is None,
        )
        for r in raw.execute(_PATIENT, (json.dumps(list(ids)), clinic_id))
    ]


def providers(raw: Raw, clinic_id: str, only: str | None = None) -> list[Provider]:
    """All providers (or one) in the order of their columns; hours without a clinic take ``clinic_id``."""
    clinics: dict[str, list[str]] = {}
    for owner, clinic in raw.execute(
        "SELECT provider_id, clinic_id FROM clinic_providers WHERE ?1 IS NULL OR provider_id = ?1 ORDER BY clinic_id",
        (only,),
    ):
        clinics.setdefault(owner, []).append(clinic)
    hours: dict[str, list[Hours]] = {}
    for owner, clinic, day, start, end in raw.execute(_HOURS, (only, clinic_id)):
        hours.setdefault(owner, []).append(Hours(clinic, day, parse_wall(start), parse_wall(end, end=True)))
    breaks: dict[str, list[Break]] = {}
    for owner, name, day, start, end in raw.execute(
        "SELECT provider_id, name, day_of_week, start_time, end_time FROM break_times"
        " WHERE ?1 IS NULL OR provider_id = ?1 ORDER BY day_of_week, start_time",
        (only,),
    ):
        breaks.setdefault(owner, []).append(Break(name, day, parse_wall(start), parse_wall(end, end=True)))
    overrides: dict[str, list[Override]] = {}
    for owner, date, available, start, end, kind, reason in raw.execute(
        "SELECT provider_id, date, available, start_time, end_time, kind, reason"
        " FROM overrides WHERE ?1 IS NULL OR provider_id = ?1 ORDER BY date, start_time, kind",
        (only,),
    ):
        made = Override(
            date,
            bool(available),
            None if start is None else parse_wall(start),
            None if end is None else parse_wall(end, end=True),
            OverrideKind(kind),
            reason,
        )
        overrides.setdefault(owner, []).append(made)
    return [
        Provider(
            id=r[0],
            user_id=r[1],
            name=r[2],
            status=ProviderStatus(r[3]),
            slot_minutes=r[4],
            created=r[5],
            updated=r[6],
            clinics=tuple(clinics.get(r[0], (clinic_id,))),
            hours=tuple(hours.get(r[0], ())),
            breaks=tuple(breaks.get(r[0], ())),
            overrides=tuple(overrides.get(r[0], ())),
            policy=Policy() if r[10] is None else Policy(r[10], r[11], bool(r[12]), r[13], r[14], r[15], r[16]),
            specialty=r[7],
            key=r[8],
            position=r[9],
        )
        for r in raw.execute(_PROVIDER, (only,))
    ]


def services(raw: Raw, provider_id: str | None = None) -> list[Service]:
    """All services (or one provider's), by provider, in the order they were made."""
    parts: dict[str, list[str]] = {}
    for owner, part in raw.execute(
        "SELECT parent_package_id, child_service_id FROM service_packages ORDER BY created_at"
    ):
        parts.setdefault(owner, []).append(part)
    found = []
    for r in raw.execute(_SERVICE, (provider_id,)):
        pricing = Pricing(r[4])
        low, high = r[7] * 100, r[8] * 100
        if pricing is Pricing.FIXED:
            low = high = r[9] * 100
        found.append(
            Service(
                id=r[0],
                provider_id=r[1],
                name=r[2],
                kind=ServiceKind(r[3]),
                pricing=pricing,
                created=r[5],
                updated=r[6],
                price_min=low,
                price_max=high,
                duration=r[10],
                buffer_before=r[11],
                buffer_after=r[12],
                max_per_day=r[13],
                active=bool(r[14]),
                description=r[15],
                parts=tuple(parts.get(r[0], ())),
                catalogue=r[16],
                key=r[17],
            )
        )
    return found


def clinics(raw: Raw) -> list[Clinic]:
    """All clinics with their rooms, in the order they were made."""
    rooms: dict[str, list[Room]] = {}
    for room, clinic, name, kind, key in raw.execute(
        "SELECT id, clinic_id, name, kind, key FROM rooms ORDER BY position, rowid"
    ):
        rooms.setdefault(clinic, []).append(Room(room, clinic, name, kind, key))
    return [
        Clinic(r[0], r[1], r[2], r[3], tuple(rooms.get(r[0], ())), r[4])
        for r in raw.execute("SELECT id, name, timezone, currency, key FROM clinics ORDER BY rowid")
    ]


def blocks(raw: Raw, ids: Iterable[str]) -> list[Block]:
    """Blocked times in the order asked for."""
    return [
        Block(r[0], r[1], r[2], r[3], r[4], r[8], r[9], bool(r[5]), r[6], r[7])
        for r in raw.execute(
            "SELECT b.* FROM json_each(?) AS wanted JOIN blocks AS b ON b.id = wanted.value ORDER BY wanted.key",
            (json.dumps(list(ids)),),
        )
    ]


def staff(raw: Raw) -> list[Staff]:
    """Everybody who works at the desk."""
    from himsog_desktop.domain.people import Role, Staff  # not for the first paint

    return [
        Staff(r[0], r[1], r[2], Role(r[3]), r[4], r[5], bool(r[6]))
        for r in raw.execute("SELECT id, login, name, role, clinic_id, email, active FROM staff ORDER BY rowid")
    ]
