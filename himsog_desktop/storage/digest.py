"""A fingerprint of the data: equal on two profiles that hold the same, whatever order it came in."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from himsog_desktop.storage.connection import Raw

TABLES = {
    "appointments": (
        "SELECT a.id, appointment_number, user_id, provider_id, start_time, end_time, status, notes, total_price,"
        " patient_name, patient_email, patient_phone, cancelled_at, cancellation_reason, cancelled_by, created_at,"
        " updated_at, activity_notes, d.clinic_id, d.location, d.type, d.lane, d.overbook_reason, d.source,"
        " d.external_system, d.external_id, d.outcome_missing, d.cancelled_for"
        " FROM appointments AS a LEFT JOIN appointment_desk AS d ON d.appointment_id = a.id ORDER BY a.id"
    ),
    "appointment_services": (
        "SELECT appointment_id, service_id, price_at_booking, created_at FROM appointment_service"
        " ORDER BY appointment_id, service_id"
    ),
    "visits": "SELECT * FROM visit ORDER BY appointment_id",
    "patients": (
        "SELECT u.id, u.name, u.email, u.createdAt, p.phone, p.birth_date, p.sex, p.address, p.consent_email,"
        " p.consent_sms, p.consent_push, p.consent_whatsapp, p.alerts, p.external_system, p.external_id,"
        " p.corrected_name, p.corrected_email, c.favorite, c.blocked, c.notes"
        " FROM patients AS p JOIN user AS u ON u.id = p.user_id"
        " LEFT JOIN patient_clinic AS c ON c.patient_id = u.id ORDER BY u.id, c.clinic_id"
    ),
    "providers": (
        "SELECT p.id, p.user_id, p.healthcare_name, p.status, p.slot_duration_minutes, d.specialty, d.key,"
        " d.position, d.notice_minutes, d.cancel_hours, d.auto_confirm, d.max_per_day, d.buffer_before,"
        " d.buffer_after, d.overbook_lanes FROM providers AS p"
        " LEFT JOIN provider_desk AS d ON d.provider_id = p.id ORDER BY p.id"
    ),
    "hours": "SELECT id, provider_id, day_of_week, start_time, end_time FROM operating_hours ORDER BY id",
    "breaks": "SELECT id, provider_id, name, day_of_week, start_time, end_time FROM break_times ORDER BY id",
    "overrides": "SELECT * FROM overrides ORDER BY id",
    "services": (
        "SELECT s.id, s.provider_id, s.name, s.description, s.price_min, s.price_max, s.is_active, s.fixed_price,"
        ' s."pricingModel", s.type, d.duration_minutes, d.buffer_before, d.buffer_after, d.max_per_day,'
        " d.catalogue_id FROM services AS s LEFT JOIN service_desk AS d ON d.service_id = s.id ORDER BY s.id"
    ),
    "blocks": "SELECT id, provider_id, start_time, end_time, title, all_day FROM blocks ORDER BY id",
    "clinics": "SELECT id, name, timezone, currency FROM clinics ORDER BY id",
}
"""What is compared, with its columns and order; canonical values (design, section 2)."""


class TableDigest(NamedTuple):
    """Rows of a table and the SHA-256 over all of them."""

    rows: int
    sha256: str


def digests(raw: Raw) -> dict[str, TableDigest]:
    """The fingerprint of each table, all of one moment."""
    found = {}
    raw.execute("BEGIN")
    try:
        for name, text in TABLES.items():
            count, total = 0, hashlib.sha256()
            for row in raw.execute(text):
                total.update(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode())
                total.update(b"\n")
                count += 1
            found[name] = TableDigest(count, total.hexdigest())
    finally:
        raw.execute("COMMIT")
    return found
