"""Our own tables beside the platform's, keyed by the platform's ids (design, section 2).

Those that are only ever looked up by their key are kept without a row id in the cache: one tree, not two.
On PostgreSQL they live in schema ``desk`` (``Table.to_metadata(schema="desk")``), in the cache beside
the platform's. No table here has a foreign key to a platform table: its hard deletes must succeed.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table, Text

from himsog_desktop.schema.platform import metadata
from himsog_desktop.schema.types import Instant

clinics = Table(
    "clinics",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("key", Text),
)

rooms = Table(
    "rooms",
    metadata,
    Column("id", Text, primary_key=True),
    Column("clinic_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("key", Text),
    Column("position", Integer, nullable=False),
)

clinic_providers = Table(
    "clinic_providers",
    metadata,
    Column("provider_id", Text, primary_key=True),
    Column("clinic_id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    sqlite_with_rowid=False,
)

staff = Table(
    "staff",
    metadata,
    Column("id", Text, primary_key=True),
    Column("login", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", String, nullable=False),
    Column("clinic_id", Text),
    Column("email", Text),
    Column("active", Boolean, nullable=False),
)

provider_desk = Table(
    "provider_desk",
    metadata,
    Column("provider_id", Text, primary_key=True),
    Column("specialty", Text),
    Column("key", Text),
    Column("position", Integer, nullable=False),
    Column("notice_minutes", Integer, nullable=False),
    Column("cancel_hours", Integer, nullable=False),
    Column("auto_confirm", Boolean, nullable=False),
    Column("max_per_day", Integer),
    Column("buffer_before", Integer, nullable=False),
    Column("buffer_after", Integer, nullable=False),
    Column("overbook_lanes", Integer, nullable=False),
    sqlite_with_rowid=False,
)

hours_desk = Table(
    "hours_desk",
    metadata,
    Column("hours_id", Text, primary_key=True),
    Column("provider_id", Text, nullable=False),
    Column("clinic_id", Text, nullable=False),
    sqlite_with_rowid=False,
)

overrides = Table(
    "overrides",
    metadata,
    Column("id", Text, primary_key=True),
    Column("provider_id", Text, nullable=False),
    Column("date", String(10), nullable=False),
    Column("available", Boolean, nullable=False),
    Column("start_time", String(5)),
    Column("end_time", String(5)),
    Column("kind", String, nullable=False),
    Column("reason", Text),
    sqlite_with_rowid=False,
)

service_desk = Table(
    "service_desk",
    metadata,
    Column("service_id", Text, primary_key=True),
    Column("provider_id", Text, nullable=False),
    Column("duration_minutes", Integer),
    Column("buffer_before", Integer, nullable=False),
    Column("buffer_after", Integer, nullable=False),
    Column("max_per_day", Integer),
    Column("catalogue_id", Text),
    Column("key", Text),
    sqlite_with_rowid=False,
)

catalogue = Table(
    "catalogue",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
)

patients = Table(
    "patients",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("phone", Text),
    Column("birth_date", String(10)),
    Column("sex", String),
    Column("address", Text),
    Column("consent_email", Boolean, nullable=False),
    Column("consent_sms", Boolean, nullable=False),
    Column("consent_push", Boolean, nullable=False),
    Column("consent_whatsapp", Boolean, nullable=False),
    Column("alerts", Text),
    Column("external_system", Text),
    Column("external_id", Text),
    Column("corrected_name", Text),
    Column("corrected_email", Text),
    Column("created_at", Instant(), nullable=False),
    Column("updated_at", Instant(), nullable=False),
    sqlite_with_rowid=False,
)

patient_clinic = Table(
    "patient_clinic",
    metadata,
    Column("patient_id", Text, primary_key=True),
    Column("clinic_id", Text, primary_key=True),
    Column("favorite", Boolean, nullable=False),
    Column("blocked", Boolean, nullable=False),
    Column("notes", Text),
    sqlite_with_rowid=False,
)

appointment_desk = Table(
    "appointment_desk",
    metadata,
    Column("appointment_id", Text, primary_key=True),
    Column("clinic_id", Text, nullable=False),
    Column("location", String, nullable=False),
    Column("type", Text),
    Column("lane", Integer, nullable=False),
    Column("overbook_reason", Text),
    Column("source", String, nullable=False),
    Column("external_system", Text),
    Column("external_id", Text),
    Column("outcome_missing", Boolean, nullable=False),
    Column("cancelled_for", String),
    sqlite_with_rowid=False,
)

appointment_rooms = Table(
    "appointment_rooms",
    metadata,
    Column("appointment_id", Text, primary_key=True),
    Column("room_id", Text, primary_key=True),
    sqlite_with_rowid=False,
)

visit = Table(
    "visit",
    metadata,
    Column("appointment_id", Text, primary_key=True),
    Column("state", String),
    Column("arrived_at", Instant()),
    Column("in_room_at", Instant()),
    Column("with_provider_at", Instant()),
    Column("checked_out_at", Instant()),
    sqlite_with_rowid=False,
)

blocks = Table(
    "blocks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("provider_id", Text, nullable=False),
    Column("start_time", Instant(zoned=True), nullable=False),
    Column("end_time", Instant(zoned=True), nullable=False),
    Column("title", Text, nullable=False),
    Column("all_day", Boolean, nullable=False),
    Column("external_system", Text),
    Column("external_id", Text),
    Column("created_at", Instant(), nullable=False),
    Column("updated_at", Instant(), nullable=False),
)

history = Table(
    "history",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant(), nullable=False),
    Column("by_id", Text),
    Column("source", String, nullable=False),
    Column("device", Text, nullable=False),
    Column("act_id", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("entity_type", String, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("uid", Text),
)
"""``uid`` is the id of the intent that a row comes from, or one that the server drew; null: only known here."""

notice = Table(
    "notice",
    metadata,
    Column("appointment_id", Text, primary_key=True),
    Column("act_id", Text, nullable=False),
    Column("kind", String),
    Column("due", Instant(zoned=True), nullable=False),
    Column("told_start", Instant(zoned=True)),
    Column("told_provider", Text),
    Column("told_status", String),
    sqlite_with_rowid=False,
)
"""A message to a patient that waits: ``told`` is what she last heard (null: nothing), ``due`` when it may go.

Without a ``kind`` there is nothing to say just now; what she heard is kept while the act can be undone.
"""

tombstones = Table(
    "tombstones",
    metadata,
    Column("entity_type", String, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("at", Instant(), nullable=False),
    sqlite_with_rowid=False,
)
