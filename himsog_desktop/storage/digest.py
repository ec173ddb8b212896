"""A fingerprint of the data: equal on two profiles that hold the same, whatever order it came in."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.storage.load import HOME_CLINIC

if TYPE_CHECKING:
    from himsog_desktop.storage.connection import Raw

TABLES = {
    "appointments": (
        "SELECT a.id, a.appointment_number, a.user_id, a.provider_id, a.start_time, a.end_time, a.status, a.notes,"
        " a.total_price, a.patient_name, a.patient_email, a.patient_phone, a.cancelled_at, a.cancellation_reason,"
        " a.cancelled_by, a.created_at, a.updated_at, a.activity_notes,"
        f" {HOME_CLINIC}, coalesce(d.location, 'in_person'), d.type, coalesce(d.lane, 0), d.overbook_reason,"
        " coalesce(d.source, 'web'), d.external_system, d.external_id, coalesce(d.outcome_missing, 0), d.cancelled_for"
        " FROM appointments AS a LEFT JOIN appointment_desk AS d ON d.appointment_id = a.id ORDER BY a.id"
    ),
    "appointment_services": (
        "SELECT appointment_id, row_number() OVER (PARTITION BY appointment_id ORDER BY created_at, service_id),"
        " service_id, price_at_booking FROM appointment_service ORDER BY 1, 2"
    ),
    "visits": "SELECT * FROM visit ORDER BY appointment_id",
    "patients": (
        "SELECT u.id, coalesce(p.corrected_name, u.name), coalesce(p.corrected_email, u.email), u.createdAt, p.phone,"
        " p.birth_date, p.sex, p.address, coalesce(p.consent_email, 1), coalesce(p.consent_sms, 1),"
        " coalesce(p.consent_push, 0), coalesce(p.consent_whatsapp, 0), p.alerts, p.external_system, p.external_id,"
        " coalesce(c.favorite, 0), coalesce(c.blocked, 0), c.notes FROM user AS u"
        " LEFT JOIN patients AS p ON p.user_id = u.id"
        " LEFT JOIN patient_clinic AS c ON c.patient_id = u.id"
        " AND c.clinic_id = (SELECT value FROM meta WHERE key = 'clinic')"
        " WHERE u.role = 'USER' ORDER BY u.id"
    ),
    "providers": (
        "SELECT p.id, p.user_id, p.healthcare_name, p.status, p.slot_duration_minutes, d.specialty, d.key,"
        " coalesce(d.position, 0), d.notice_minutes, d.cancel_hours, d.auto_confirm, d.max_per_day, d.buffer_before,"
        " d.buffer_after, d.overbook_lanes FROM providers AS p"
        " LEFT JOIN provider_desk AS d ON d.provider_id = p.id ORDER BY p.id"
    ),
    "hours": (
        "SELECT provider_id, day_of_week, start_time, end_time FROM operating_hours"
        " WHERE NOT is_closed AND start_time IS NOT NULL ORDER BY 1, 2, 3, 4"
    ),
    "breaks": "SELECT provider_id, name, day_of_week, start_time, end_time FROM break_times ORDER BY 1, 3, 4, 5, 2",
    "overrides": (
        "SELECT provider_id, date, available, start_time, end_time, kind, reason FROM overrides"
        " ORDER BY 1, 2, 4, 5, 6, 3, 7"
    ),
    "services": (
        "SELECT s.id, s.provider_id, s.name, s.description, s.price_min, s.price_max, s.is_active, s.fixed_price,"
        ' s."pricingModel", s.type, d.duration_minutes, coalesce(d.buffer_before, 0), coalesce(d.buffer_after, 0),'
        " d.max_per_day, d.catalogue_id FROM services AS s"
        " LEFT JOIN service_desk AS d ON d.service_id = s.id ORDER BY s.id"
    ),
    "blocks": "SELECT id, provider_id, start_time, end_time, title, all_day FROM blocks ORDER BY id",
    "clinics": "SELECT id, name, timezone, currency FROM clinics ORDER BY id",
}
"""What is compared, with its columns and order: canonical values (design, section 2), whoever made the rows.

What the web made has defaults where the desk has said nothing, and ids of rows inside an aggregate are nobody's.
"""


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
