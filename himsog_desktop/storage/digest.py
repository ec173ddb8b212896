"""A fingerprint of the data: equal on two profiles that hold the same, whatever order it came in, and on their server.

The other face is ``server.digest``: the same columns, order and values. Ids that a row is only told apart by, and
what is finer than the platform's milliseconds, are left out; where a service's price or a web patient's correction
may be written in two ways, what it comes to is compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.domain.fingerprint import TableDigest, fingerprint

if TYPE_CHECKING:
    from himsog_desktop.storage.connection import Raw


def _ms(column: str) -> str:
    return f"{column} - {column} % 1000"


def _minutes(column: str) -> str:
    at = f"instr({column}, ':')"
    return f"CAST(substr({column}, 1, {at} - 1) AS INTEGER) * 60 + CAST(substr({column}, {at} + 1) AS INTEGER)"


TABLES = {
    "appointments": (
        "SELECT a.id, appointment_number, user_id, provider_id, start_time, end_time, status, notes, total_price,"
        f" patient_name, patient_email, patient_phone, {_ms('cancelled_at')}, cancellation_reason, cancelled_by,"
        f" {_ms('created_at')}, {_ms('updated_at')}, activity_notes, d.clinic_id, d.location, d.type, d.lane,"
        " d.overbook_reason, d.source, d.external_system, d.external_id, d.outcome_missing, d.cancelled_for"
        " FROM appointments AS a LEFT JOIN appointment_desk AS d ON d.appointment_id = a.id ORDER BY a.id"
    ),
    "appointment_services": (
        "SELECT appointment_id, service_id, price_at_booking,"
        " row_number() OVER (PARTITION BY appointment_id ORDER BY created_at, service_id) FROM appointment_service"
        " ORDER BY 1, 2"
    ),
    "appointment_rooms": "SELECT appointment_id, room_id FROM appointment_rooms ORDER BY 1, 2",
    "visits": (
        f"SELECT appointment_id, state, {_ms('arrived_at')}, {_ms('in_room_at')}, {_ms('with_provider_at')},"
        f" {_ms('checked_out_at')} FROM visit"
        " WHERE coalesce(state, arrived_at, in_room_at, with_provider_at, checked_out_at) IS NOT NULL ORDER BY 1"
    ),
    "patients": (
        "SELECT u.id, coalesce(p.corrected_name, u.name), coalesce(p.corrected_email, u.email),"
        f" {_ms('u.createdAt')}, p.phone, p.birth_date, p.sex, p.address, coalesce(p.consent_email, 1),"
        " coalesce(p.consent_sms, 1), coalesce(p.consent_push, 0), coalesce(p.consent_whatsapp, 0),"
        " coalesce(p.alerts, '[]'), p.external_system, p.external_id, coalesce(c.favorite, 0), coalesce(c.blocked, 0),"
        " c.notes FROM user AS u LEFT JOIN patients AS p ON p.user_id = u.id"
        " LEFT JOIN patient_clinic AS c ON c.patient_id = u.id ORDER BY u.id, c.clinic_id"
    ),
    "providers": (
        "SELECT p.id, p.user_id, p.healthcare_name, p.status, p.slot_duration_minutes, d.specialty, d.key,"
        " coalesce(d.position, 0), coalesce(d.notice_minutes, 0), coalesce(d.cancel_hours, 24),"
        " coalesce(d.auto_confirm, 0), d.max_per_day, coalesce(d.buffer_before, 0), coalesce(d.buffer_after, 0),"
        " coalesce(d.overbook_lanes, 0) FROM providers AS p"
        " LEFT JOIN provider_desk AS d ON d.provider_id = p.id ORDER BY p.id"
    ),
    "hours": (
        f"SELECT h.provider_id, d.clinic_id, h.day_of_week, {_minutes('h.start_time')}, {_minutes('h.end_time')}"
        " FROM operating_hours AS h LEFT JOIN hours_desk AS d ON d.hours_id = h.id"
        " WHERE NOT h.is_closed AND h.start_time IS NOT NULL ORDER BY 1, 2, 3, 4, 5"
    ),
    "breaks": (
        f"SELECT provider_id, name, day_of_week, {_minutes('start_time')}, {_minutes('end_time')} FROM break_times"
        " ORDER BY 1, 2, 3, 4, 5"
    ),
    "overrides": (
        "SELECT provider_id, date, available, coalesce(start_time, ''), coalesce(end_time, ''), kind, reason"
        " FROM overrides ORDER BY 1, 2, 3, 4, 5, 6"
    ),
    "services": (
        "SELECT s.id, s.provider_id, s.name, s.description,"
        " CASE s.pricingModel WHEN 'FIXED' THEN s.fixed_price ELSE s.price_min END,"
        " CASE s.pricingModel WHEN 'FIXED' THEN s.fixed_price ELSE s.price_max END, s.is_active, s.pricingModel,"
        " s.type,"
        " d.duration_minutes, coalesce(d.buffer_before, 0), coalesce(d.buffer_after, 0), d.max_per_day, d.catalogue_id,"
        " d.key FROM services AS s LEFT JOIN service_desk AS d ON d.service_id = s.id ORDER BY s.id"
    ),
    "service_parts": "SELECT parent_package_id, child_service_id FROM service_packages ORDER BY 1, 2",
    "blocks": (
        "SELECT id, provider_id, start_time, end_time, title, all_day, external_system, external_id FROM blocks"
        " ORDER BY id"
    ),
    "clinics": "SELECT id, name, timezone, currency, key FROM clinics ORDER BY id",
    "rooms": "SELECT id, clinic_id, name, kind, key, position FROM rooms ORDER BY id",
}
"""What is compared, with its columns and order; canonical values (design, section 2)."""


def digests(raw: Raw) -> dict[str, TableDigest]:
    """The fingerprint of each table, all of one moment."""
    found = {}
    raw.execute("BEGIN")
    try:
        for name, text in TABLES.items():
            found[name] = fingerprint(raw.execute(text))
    finally:
        raw.execute("COMMIT")
    return found
