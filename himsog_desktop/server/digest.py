"""The fingerprint of what a clinic's desks hold, at the shared database: the other face of ``storage.digest``."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.fingerprint import TableDigest, fingerprint
from himsog_desktop.server.connection import administrator
from himsog_desktop.server.state import prepared

if TYPE_CHECKING:
    from himsog_desktop.server.connection import Connection

_HEAD: LiteralString = "desk.head AS h ON h.clinic_id = %(clinic)s AND h.state = 'live' AND h.entity ="

TABLES: dict[str, LiteralString] = {
    "appointments": f"""
        SELECT a.id, a.appointment_number, a.user_id, a.provider_id, desk.micros(a.start_time), desk.micros(a.end_time),
               a.status::text, a.notes, desk.centavos(a.total_price), a.patient_name, a.patient_email, a.patient_phone,
               desk.micros(a.cancelled_at), a.cancellation_reason, a.cancelled_by, desk.micros(a.created_at),
               desk.micros(a.updated_at), a.activity_notes, d.clinic_id, d.location, d.type, d.lane, d.overbook_reason,
               d.source, d.external_system, d.external_id, d.outcome_missing, d.cancelled_for
          FROM public.appointments AS a JOIN {_HEAD} 'appointment' AND h.key = a.id
          LEFT JOIN desk.appointment_desk AS d ON d.appointment_id = a.id ORDER BY a.id COLLATE "C\"""",
    "appointment_services": f"""
        SELECT s.appointment_id, s.service_id, desk.centavos(s.price_at_booking),
               row_number() OVER (PARTITION BY s.appointment_id ORDER BY s.created_at, s.service_id COLLATE "C")
          FROM public.appointment_service AS s JOIN {_HEAD} 'appointment' AND h.key = s.appointment_id
         ORDER BY s.appointment_id COLLATE "C", s.service_id COLLATE "C\"""",
    "appointment_rooms": f"""
        SELECT r.appointment_id, r.room_id FROM desk.appointment_rooms AS r
          JOIN {_HEAD} 'appointment' AND h.key = r.appointment_id
         ORDER BY r.appointment_id COLLATE "C", r.room_id COLLATE "C\"""",
    "visits": f"""
        SELECT v.appointment_id, v.state, desk.micros(v.arrived_at), desk.micros(v.in_room_at),
               desk.micros(v.with_provider_at), desk.micros(v.checked_out_at)
          FROM desk.visit AS v JOIN {_HEAD} 'appointment' AND h.key = v.appointment_id
         WHERE v.state IS NOT NULL
            OR coalesce(v.arrived_at, v.in_room_at, v.with_provider_at, v.checked_out_at) IS NOT NULL
         ORDER BY v.appointment_id COLLATE "C\"""",
    "patients": f"""
        SELECT u.id, coalesce(p.corrected_name, u.name), coalesce(p.corrected_email, u.email),
               desk.micros(u."createdAt"), p.phone, p.birth_date, p.sex, p.address, coalesce(p.consent_email, true),
               coalesce(p.consent_sms, true), coalesce(p.consent_push, false), coalesce(p.consent_whatsapp, false),
               coalesce(p.alerts, '[]'), p.external_system, p.external_id, coalesce(c.favorite, false),
               coalesce(c.blocked, false), c.notes
          FROM public."user" AS u JOIN {_HEAD} 'patient' AND h.key = u.id
          LEFT JOIN desk.patients AS p ON p.user_id = u.id
          LEFT JOIN desk.patient_clinic AS c ON c.patient_id = u.id AND c.clinic_id = %(clinic)s
         ORDER BY u.id COLLATE "C\"""",
    "providers": f"""
        SELECT p.id, p.user_id, p.healthcare_name, p.status::text, p.slot_duration_minutes, d.specialty, d.key,
               coalesce(d.position, 0), coalesce(d.notice_minutes, 0), coalesce(d.cancel_hours, 24),
               coalesce(d.auto_confirm, false), d.max_per_day, coalesce(d.buffer_before, 0),
               coalesce(d.buffer_after, 0), coalesce(d.overbook_lanes, 0)
          FROM public.providers AS p JOIN {_HEAD} 'provider' AND h.key = p.id
          LEFT JOIN desk.provider_desk AS d ON d.provider_id = p.id ORDER BY p.id COLLATE "C\"""",
    "hours": f"""
        SELECT x.provider_id, w.clinic, x.day_of_week, desk.minutes(x.start_time), desk.minutes(x.end_time)
          FROM public.operating_hours AS x JOIN {_HEAD} 'provider' AND h.key = x.provider_id
          LEFT JOIN desk.hours_desk AS d ON d.hours_id = x.id
         CROSS JOIN LATERAL (SELECT coalesce(d.clinic_id, desk.home_clinic(x.provider_id)) COLLATE "C" AS clinic) AS w
         WHERE NOT x.is_closed AND desk.minutes(x.start_time) < desk.minutes(x.end_time)
         ORDER BY x.provider_id COLLATE "C", 2, 3, 4, 5""",
    "breaks": f"""
        SELECT b.provider_id, b.name, b.day_of_week, desk.minutes(b.start_time), desk.minutes(b.end_time)
          FROM public.break_times AS b JOIN {_HEAD} 'provider' AND h.key = b.provider_id
         WHERE desk.minutes(b.start_time) < desk.minutes(b.end_time)
         ORDER BY b.provider_id COLLATE "C", b.name COLLATE "C", 3, 4, 5""",
    "overrides": f"""
        SELECT o.provider_id, o.date, o.available, coalesce(o.start_time, ''), coalesce(o.end_time, ''), o.kind,
               o.reason
          FROM desk.overrides AS o JOIN {_HEAD} 'provider' AND h.key = o.provider_id
         ORDER BY o.provider_id COLLATE "C", o.date COLLATE "C", o.available, coalesce(o.start_time, '') COLLATE "C",
                  coalesce(o.end_time, '') COLLATE "C", o.kind COLLATE "C\"""",
    "services": f"""
        SELECT s.id, s.provider_id, s.name, s.description,
               CASE s."pricingModel" WHEN 'FIXED' THEN s.fixed_price ELSE s.price_min END,
               CASE s."pricingModel" WHEN 'FIXED' THEN s.fixed_price ELSE s.price_max END,
               s.is_active, s."pricingModel"::text, s.type::text, d.duration_minutes, coalesce(d.buffer_before, 0),
               coalesce(d.buffer_after, 0), d.max_per_day, d.catalogue_id, d.key
          FROM public.services AS s JOIN {_HEAD} 'service' AND h.key = s.id
          LEFT JOIN desk.service_desk AS d ON d.service_id = s.id ORDER BY s.id COLLATE "C\"""",
    "service_parts": f"""
        SELECT p.parent_package_id, p.child_service_id FROM public.service_packages AS p
          JOIN {_HEAD} 'service' AND h.key = p.parent_package_id
         ORDER BY p.parent_package_id COLLATE "C", p.child_service_id COLLATE "C\"""",
    "blocks": f"""
        SELECT b.id, b.provider_id, desk.micros(b.start_time), desk.micros(b.end_time), b.title, b.all_day,
               b.external_system, b.external_id
          FROM desk.blocks AS b JOIN {_HEAD} 'block' AND h.key = b.id ORDER BY b.id COLLATE "C\"""",
    "clinics": "SELECT c.id, c.name, c.timezone, c.currency, c.key FROM desk.clinics AS c WHERE c.id = %(clinic)s",
    "rooms": """
        SELECT r.id, r.clinic_id, r.name, r.kind, r.key, r.position FROM desk.rooms AS r
         WHERE r.clinic_id = %(clinic)s ORDER BY r.id COLLATE "C\"""",
}


def digests(url: str, clinic: str) -> dict[str, TableDigest]:
    """The fingerprint of each table for a clinic, all of one moment. Raises as ``administrator``, and not_found."""
    with administrator(url) as db, db.transaction():
        db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        prepared(db)
        if db.execute("SELECT 1 FROM desk.clinics WHERE id = %s", (clinic,)).fetchone() is None:
            raise BadInput("not_found", f"There is no clinic {clinic[:60]!r} at this database.")
        return {name: _of(db, text, clinic) for name, text in TABLES.items()}


def _of(db: Connection, text: LiteralString, clinic: str) -> TableDigest:
    with db.cursor(name="digest") as rows:
        rows.itersize = 5_000
        rows.execute(text, {"clinic": clinic})
        return fingerprint(rows)
