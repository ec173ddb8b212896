"""Each aggregate as rows of its tables. Pure: record in, rows out.

The way back is ``load``. A row is a tuple in the order of ``table.columns``. Times of rules are
``"HH:MM"``, whole pesos where the platform has whole pesos. Rows that the platform keys by an id of
its own (hours, breaks) get one that follows from what they say, so that saving twice changes nothing.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import msgspec

from himsog_desktop.domain.appointment import NO_MAIL_DOMAIN
from himsog_desktop.domain.day import MADE_BITS, OUTCOME_MISSING, OVERBOOKED
from himsog_desktop.domain.time import format_wall

if TYPE_CHECKING:
    from collections.abc import Iterator

    from himsog_desktop.domain.appointment import Appointment
    from himsog_desktop.domain.clinic import Block, Clinic, Provider, Service
    from himsog_desktop.domain.people import Patient, Staff
    from himsog_desktop.storage.sql import Row

Rows = list[tuple[str, "Row"]]

NOTE_ON_TILE = 120
"""How much of a note a calendar can ever show, in characters."""


def derived_id(parent: str, *parts: object) -> str:
    """A UUID that follows from its parent and content."""
    try:
        space = uuid.UUID(parent)
    except ValueError:
        space = uuid.uuid5(uuid.NAMESPACE_OID, parent)
    return str(uuid.uuid5(space, "\x1f".join(str(p) for p in parts)))


def appointment_rows(a: Appointment) -> Rows:
    """All rows of an appointment but its tile."""
    rows: Rows = [
        (
            "appointments",
            (
                a.id,
                a.number,
                a.patient_id,
                a.provider_id,
                a.start,
                a.end,
                a.status.value,
                a.notes,
                a.total,
                a.patient_name,
                a.patient_email,
                a.patient_phone,
                a.cancelled_at,
                a.cancellation_reason,
                a.cancelled_by_id,
                a.created,
                a.updated,
                a.activity_notes,
                None,
                None,
                None,
            ),
        ),
        (
            "appointment_desk",
            (
                a.id,
                a.clinic_id,
                a.location.value,
                a.type,
                a.lane,
                a.overbook_reason,
                a.source.value,
                a.external_system,
                a.external_id,
                a.outcome_missing,
                a.cancelled_by.value if a.cancelled_by else None,
            ),
        ),
    ]
    # Their order is kept in created_at, a microsecond apart.
    rows.extend(
        ("appointment_service", (a.id, s.service_id, s.price, a.created + i, a.created))
        for i, s in enumerate(a.services)
    )
    rows.extend(("appointment_rooms", (a.id, room)) for room in a.resources)
    v = a.visit
    if v.state is not None or v.arrived_at is not None or v.with_provider_at is not None:
        state = v.state.value if v.state else None
        rows.append(("visit", (a.id, state, v.arrived_at, v.in_room_at, v.with_provider_at, v.checked_out_at)))
    return rows


def tile_row(a: Appointment, name: str, phone: str | None, flags: int) -> tuple[str, Row]:
    """What a calendar paints of an appointment; ``name`` and ``phone`` are the patient's of today."""
    v = a.visit
    since = v.checked_out_at or v.with_provider_at or v.in_room_at or v.arrived_at
    if a.outcome_missing:
        flags |= OUTCOME_MISSING
    if a.lane:
        flags |= OVERBOOKED
    flags |= MADE_BITS[a.source.value]
    return (
        "tile",
        (
            a.start,
            a.id,
            a.end,
            a.provider_id,
            a.status.value,
            a.patient_id,
            name,
            phone,
            "; ".join(s.name for s in a.services),
            a.notes[:NOTE_ON_TILE] if a.notes else None,
            v.state.value if v.state else None,
            since if v.state else None,
            a.location.value,
            a.lane,
            flags,
        ),
    )


def user_row(p: Patient, mail: str) -> Row:
    """The platform's user of a patient."""
    return (p.id, p.name, mail, "USER", False, None, p.created, p.updated, "ACTIVE", None, None, None)


def patient_rows(p: Patient, clinic_id: str) -> Rows:
    """All rows of a patient but its search words.

    A ``user`` who registered on the web is never rewritten by the desk: corrections stand beside it
    (design, section 2, "Who is who"). An address that another user has already stands there as well,
    because the platform wants each only once.
    """
    rows: Rows = []
    if not p.web_account:
        mail = f"{p.id}@{NO_MAIL_DOMAIN}" if p.email_shared else p.email
        rows.append(("user", user_row(p, mail)))
    return [
        *rows,
        (
            "patients",
            (
                p.id,
                p.phone,
                p.birth_date,
                p.sex,
                p.address,
                p.consent.email,
                p.consent.sms,
                p.consent.push,
                p.consent.whatsapp,
                msgspec.json.encode(p.alerts).decode() if p.alerts else None,
                p.external_system,
                p.external_id,
                p.name if p.web_account else None,
                p.email if p.web_account or p.email_shared else None,
                p.created,
                p.updated,
            ),
        ),
        *_patient_clinic_rows(p, clinic_id),
    ]


def _patient_clinic_rows(p: Patient, clinic_id: str) -> Iterator[tuple[str, Row]]:
    if p.favorite or p.blocked or p.private_notes:
        yield ("patient_clinic", (p.id, clinic_id, p.favorite, p.blocked, p.private_notes))


def provider_rows(p: Provider) -> Rows:
    """All rows of a provider: column, hours, breaks, overrides, policy."""
    rows: Rows = [
        (
            "providers",
            (
                p.id,
                p.user_id,
                None,
                None,
                p.name,
                None,
                None,
                None,
                None,
                p.status.value,
                "",
                "Digos",
                "Davao del Sur",
                None,
                None,
                p.slot_minutes,
                None,
                p.created,
                p.updated,
            ),
        ),
        (
            "provider_desk",
            (
                p.id,
                p.specialty,
                p.key,
                p.position,
                p.policy.notice_minutes,
                p.policy.cancel_hours,
                p.policy.auto_confirm,
                p.policy.max_per_day,
                p.policy.buffer_before,
                p.policy.buffer_after,
                p.policy.overbook_lanes,
            ),
        ),
    ]
    rows.extend(("clinic_providers", (p.id, clinic, p.position)) for clinic in p.clinics)
    for h in p.hours:
        made = derived_id(p.id, "hours", h.clinic_id, h.day, h.start, h.end)
        wall = (format_wall(h.start), format_wall(h.end))
        rows.append(("operating_hours", (made, p.id, h.day, *wall, False, p.created, p.created)))
        rows.append(("hours_desk", (made, p.id, h.clinic_id)))
    for b in p.breaks:
        made = derived_id(p.id, "break", b.name, b.day, b.start, b.end)
        wall = (format_wall(b.start), format_wall(b.end))
        rows.append(("break_times", (made, p.id, b.name, b.day, *wall, p.created, p.created)))
    for o in p.overrides:
        made = derived_id(p.id, "override", o.date, o.available, o.start, o.end, o.kind.value)
        start = None if o.start is None else format_wall(o.start)
        end = None if o.end is None else format_wall(o.end)
        rows.append(("overrides", (made, p.id, o.date, o.available, start, end, o.kind.value, o.reason)))
    return rows


def service_rows(s: Service) -> Rows:
    """All rows of a service; the platform keeps whole pesos."""
    low, high = s.price_min // 100, s.price_max // 100
    fixed = low if s.pricing.value == "FIXED" else 0
    rows: Rows = [
        (
            "services",
            (
                s.id,
                s.provider_id,
                s.name,
                s.description,
                low,
                high,
                s.active,
                s.created,
                s.updated,
                fixed,
                s.pricing.value,
                s.kind.value,
            ),
        ),
        (
            "service_desk",
            (
                s.id,
                s.provider_id,
                s.duration,
                s.buffer_before,
                s.buffer_after,
                s.max_per_day,
                s.catalogue,
                s.key,
            ),
        ),
    ]
    rows.extend(("service_packages", (s.id, part, s.created + i)) for i, part in enumerate(s.parts))
    return rows


def clinic_rows(c: Clinic) -> Rows:
    """All rows of a clinic and its rooms."""
    rows: Rows = [("clinics", (c.id, c.name, c.timezone, c.currency, c.key))]
    rows.extend(("rooms", (r.id, c.id, r.name, r.kind, r.key, i)) for i, r in enumerate(c.rooms))
    return rows


def block_rows(b: Block) -> Rows:
    """The row of blocked time."""
    return [
        (
            "blocks",
            (
                b.id,
                b.provider_id,
                b.start,
                b.end,
                b.title,
                b.all_day,
                b.external_system,
                b.external_id,
                b.created,
                b.updated,
            ),
        )
    ]


def staff_rows(s: Staff) -> Rows:
    """The row of a person at the desk."""
    return [("staff", (s.id, s.login, s.name, s.role.value, s.clinic_id, s.email, s.active))]
