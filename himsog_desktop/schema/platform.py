"""The web platform's tables that the desk keeps, with the platform's own column names.

The columns are facts about somebody else's database (``platform/schema.json``): none is renamed,
retyped or left out.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, MetaData, Numeric, String, Table, Text

from himsog_desktop.schema.types import Instant, Money

metadata = MetaData()

user = Table(
    "user",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("role", String, nullable=False),
    Column("emailVerified", Boolean, nullable=False),
    Column("image", Text),
    Column("createdAt", Instant(), nullable=False),
    Column("updatedAt", Instant(), nullable=False),
    Column("status", String, nullable=False),
    Column("suspend_reason", Text),
    Column("suspended_at", Instant()),
    Column("suspended_by_id", Text),
)

providers = Table(
    "providers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("category_id", Text),
    Column("verified_by", Text),
    Column("healthcare_name", Text, nullable=False),
    Column("description", Text),
    Column("phone_number", Text),
    Column("email", Text),
    Column("cover_photo", Text),
    Column("status", String, nullable=False),
    Column("address", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("province", Text, nullable=False),
    Column("latitude", Numeric(10, 8)),
    Column("longitude", Numeric(11, 8)),
    Column("slot_duration_minutes", Integer, nullable=False),
    Column("verified_at", Instant()),
    Column("created_at", Instant(), nullable=False),
    Column("updated_at", Instant(), nullable=False),
)

operating_hours = Table(
    "operating_hours",
    metadata,
    Column("id", Text, primary_key=True),
    Column("provider_id", Text, nullable=False),
    Column("day_of_week", Integer, nullable=False),
    Column("start_time", Text),
    Column("end_time", Text),
    Column("is_closed", Boolean, nullable=False),
    Column("created_at", Instant(), nullable=False),
    Column("updated_at", Instant(), nullable=False),
)

break_times = Table(
    "break_times",
    metadata,
    Column("id", Text, primary_key=True),
    Column("provider_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("day_of_week", Integer, nullable=False),
    Column("start_time", Text, nullable=False),
    Column("end_time", Text, nullable=False),
    Column("created_at", Instant(), nullable=False),
    Column("updated_at", Instant(), nullable=False),
)

services = Table(
    "services",
    metadata,
    Column("id", Text, primary_key=True),
    Column("provider_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("price_min", Integer, nullable=False),
    Column("price_max", Integer, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("created_at", Instant(), nullable=False),
    Column("updated_at", Instant(), nullable=False),
    Column("fixed_price", Integer, nullable=False),
    Column("pricingModel", String, nullable=False),
    Column("type", String, nullable=False),
)

service_packages = Table(
    "service_packages",
    metadata,
    Column("parent_package_id", Text, primary_key=True),
    Column("child_service_id", Text, primary_key=True),
    Column("created_at", Instant(), nullable=False),
    sqlite_with_rowid=False,
)

appointments = Table(
    "appointments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("appointment_number", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("provider_id", Text, nullable=False),
    Column("start_time", Instant(zoned=True), nullable=False),
    Column("end_time", Instant(zoned=True), nullable=False),
    Column("status", String, nullable=False),
    Column("notes", Text),
    Column("total_price", Money(), nullable=False),
    Column("patient_name", Text, nullable=False),
    Column("patient_email", Text, nullable=False),
    Column("patient_phone", Text),
    Column("cancelled_at", Instant()),
    Column("cancellation_reason", Text),
    Column("cancelled_by", Text),
    Column("created_at", Instant(), nullable=False),
    Column("updated_at", Instant(), nullable=False),
    Column("activity_notes", Text),
    Column("confirmation_email_sent_at", Instant()),
    Column("reminder_1h_sent_at", Instant()),
    Column("reminder_24h_sent_at", Instant()),
)

appointment_service = Table(
    "appointment_service",
    metadata,
    Column("appointment_id", Text, primary_key=True),
    Column("service_id", Text, primary_key=True),
    Column("price_at_booking", Money(), nullable=False),
    Column("created_at", Instant(), nullable=False),
    Column("updated_at", Instant(), nullable=False),
    sqlite_with_rowid=False,
)
