"""The first schema of the cache.

Long because it is every table and index in full, as it was on that day.
"""

# ruff: noqa: E501

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE act (
        seq INTEGER NOT NULL,
        id TEXT NOT NULL,
        request_id TEXT,
        request_hash BLOB,
        kind VARCHAR NOT NULL,
        at BIGINT NOT NULL,
        by_id TEXT,
        state VARCHAR NOT NULL,
        undo_of TEXT,
        undone_by TEXT,
        exit_code INTEGER,
        answer BLOB,
        PRIMARY KEY (seq)
    )
    """,
    """
    CREATE TABLE appointment_desk (
        appointment_id TEXT NOT NULL,
        clinic_id TEXT NOT NULL,
        location VARCHAR NOT NULL,
        type TEXT,
        lane INTEGER NOT NULL,
        overbook_reason TEXT,
        source VARCHAR NOT NULL,
        external_system TEXT,
        external_id TEXT,
        outcome_missing BOOLEAN NOT NULL,
        cancelled_for VARCHAR,
        PRIMARY KEY (appointment_id)
    )
    WITHOUT ROWID
    """,
    """
    CREATE TABLE appointment_rooms (
        appointment_id TEXT NOT NULL,
        room_id TEXT NOT NULL,
        PRIMARY KEY (appointment_id, room_id)
    )
    WITHOUT ROWID
    """,
    """
    CREATE TABLE appointment_service (
        appointment_id TEXT NOT NULL,
        service_id TEXT NOT NULL,
        price_at_booking BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (appointment_id, service_id)
    )
    WITHOUT ROWID
    """,
    """
    CREATE TABLE appointments (
        id TEXT NOT NULL,
        appointment_number TEXT NOT NULL,
        user_id TEXT NOT NULL,
        provider_id TEXT NOT NULL,
        start_time BIGINT NOT NULL,
        end_time BIGINT NOT NULL,
        status VARCHAR NOT NULL,
        notes TEXT,
        total_price BIGINT NOT NULL,
        patient_name TEXT NOT NULL,
        patient_email TEXT NOT NULL,
        patient_phone TEXT,
        cancelled_at BIGINT,
        cancellation_reason TEXT,
        cancelled_by TEXT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        activity_notes TEXT,
        confirmation_email_sent_at BIGINT,
        reminder_1h_sent_at BIGINT,
        reminder_24h_sent_at BIGINT,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE base (
        entity_type VARCHAR NOT NULL,
        entity_id TEXT NOT NULL,
        image TEXT NOT NULL,
        PRIMARY KEY (entity_type, entity_id)
    )
    """,
    """
    CREATE TABLE blocks (
        id TEXT NOT NULL,
        provider_id TEXT NOT NULL,
        start_time BIGINT NOT NULL,
        end_time BIGINT NOT NULL,
        title TEXT NOT NULL,
        all_day BOOLEAN NOT NULL,
        external_system TEXT,
        external_id TEXT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE break_times (
        id TEXT NOT NULL,
        provider_id TEXT NOT NULL,
        name TEXT NOT NULL,
        day_of_week INTEGER NOT NULL,
        start_time TEXT NOT NULL,
        end_time TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE catalogue (
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE change_log (
        seq INTEGER NOT NULL,
        changes TEXT NOT NULL,
        PRIMARY KEY (seq)
    )
    """,
    """
    CREATE TABLE clinic_providers (
        provider_id TEXT NOT NULL,
        clinic_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (provider_id, clinic_id)
    )
    WITHOUT ROWID
    """,
    """
    CREATE TABLE clinics (
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        timezone TEXT NOT NULL,
        currency VARCHAR(3) NOT NULL,
        "key" TEXT,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE drafts (
        "key" TEXT NOT NULL,
        body TEXT NOT NULL,
        at BIGINT NOT NULL,
        PRIMARY KEY ("key")
    )
    """,
    """
    CREATE TABLE history (
        seq INTEGER NOT NULL,
        at BIGINT NOT NULL,
        by_id TEXT,
        source VARCHAR NOT NULL,
        device TEXT NOT NULL,
        act_id TEXT NOT NULL,
        kind VARCHAR NOT NULL,
        entity_type VARCHAR NOT NULL,
        entity_id TEXT NOT NULL,
        "before" TEXT NOT NULL,
        "after" TEXT NOT NULL,
        PRIMARY KEY (seq)
    )
    """,
    """
    CREATE TABLE hours_desk (
        hours_id TEXT NOT NULL,
        provider_id TEXT NOT NULL,
        clinic_id TEXT NOT NULL,
        PRIMARY KEY (hours_id)
    )
    WITHOUT ROWID
    """,
    """
    CREATE TABLE meta (
        "key" TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY ("key")
    )
    """,
    """
    CREATE TABLE operating_hours (
        id TEXT NOT NULL,
        provider_id TEXT NOT NULL,
        day_of_week INTEGER NOT NULL,
        start_time TEXT,
        end_time TEXT,
        is_closed BOOLEAN NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE outbox (
        seq INTEGER NOT NULL,
        intent_id TEXT NOT NULL,
        act_id TEXT NOT NULL,
        kind VARCHAR NOT NULL,
        version INTEGER NOT NULL,
        entity_type VARCHAR NOT NULL,
        entity_id TEXT NOT NULL,
        patch TEXT NOT NULL,
        author TEXT,
        device TEXT NOT NULL,
        at BIGINT NOT NULL,
        state VARCHAR NOT NULL,
        reason TEXT,
        PRIMARY KEY (seq)
    )
    """,
    """
    CREATE TABLE overrides (
        id TEXT NOT NULL,
        provider_id TEXT NOT NULL,
        date VARCHAR(10) NOT NULL,
        available BOOLEAN NOT NULL,
        start_time VARCHAR(5),
        end_time VARCHAR(5),
        kind VARCHAR NOT NULL,
        reason TEXT,
        PRIMARY KEY (id)
    )
    WITHOUT ROWID
    """,
    """
    CREATE TABLE patient_clinic (
        patient_id TEXT NOT NULL,
        clinic_id TEXT NOT NULL,
        favorite BOOLEAN NOT NULL,
        blocked BOOLEAN NOT NULL,
        notes TEXT,
        PRIMARY KEY (patient_id, clinic_id)
    )
    WITHOUT ROWID
    """,
    """
    CREATE TABLE patient_word (
        seq INTEGER NOT NULL,
        patient_id TEXT NOT NULL,
        PRIMARY KEY (seq)
    )
    """,
    """
    CREATE TABLE patients (
        user_id TEXT NOT NULL,
        phone TEXT,
        birth_date VARCHAR(10),
        sex VARCHAR,
        address TEXT,
        consent_email BOOLEAN NOT NULL,
        consent_sms BOOLEAN NOT NULL,
        consent_push BOOLEAN NOT NULL,
        consent_whatsapp BOOLEAN NOT NULL,
        alerts TEXT,
        external_system TEXT,
        external_id TEXT,
        corrected_name TEXT,
        corrected_email TEXT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (user_id)
    )
    WITHOUT ROWID
    """,
    """
    CREATE TABLE provider_desk (
        provider_id TEXT NOT NULL,
        specialty TEXT,
        "key" TEXT,
        position INTEGER NOT NULL,
        notice_minutes INTEGER NOT NULL,
        cancel_hours INTEGER NOT NULL,
        auto_confirm BOOLEAN NOT NULL,
        max_per_day INTEGER,
        buffer_before INTEGER NOT NULL,
        buffer_after INTEGER NOT NULL,
        overbook_lanes INTEGER NOT NULL,
        PRIMARY KEY (provider_id)
    )
    WITHOUT ROWID
    """,
    """
    CREATE TABLE providers (
        id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        category_id TEXT,
        verified_by TEXT,
        healthcare_name TEXT NOT NULL,
        description TEXT,
        phone_number TEXT,
        email TEXT,
        cover_photo TEXT,
        status VARCHAR NOT NULL,
        address TEXT NOT NULL,
        city TEXT NOT NULL,
        province TEXT NOT NULL,
        latitude NUMERIC(10, 8),
        longitude NUMERIC(11, 8),
        slot_duration_minutes INTEGER NOT NULL,
        verified_at BIGINT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE rooms (
        id TEXT NOT NULL,
        clinic_id TEXT NOT NULL,
        name TEXT NOT NULL,
        kind VARCHAR NOT NULL,
        "key" TEXT,
        position INTEGER NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE service_desk (
        service_id TEXT NOT NULL,
        provider_id TEXT NOT NULL,
        duration_minutes INTEGER,
        buffer_before INTEGER NOT NULL,
        buffer_after INTEGER NOT NULL,
        max_per_day INTEGER,
        catalogue_id TEXT,
        "key" TEXT,
        PRIMARY KEY (service_id)
    )
    WITHOUT ROWID
    """,
    """
    CREATE TABLE service_packages (
        parent_package_id TEXT NOT NULL,
        child_service_id TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        PRIMARY KEY (parent_package_id, child_service_id)
    )
    WITHOUT ROWID
    """,
    """
    CREATE TABLE services (
        id TEXT NOT NULL,
        provider_id TEXT NOT NULL,
        name TEXT NOT NULL,
        description TEXT,
        price_min INTEGER NOT NULL,
        price_max INTEGER NOT NULL,
        is_active BOOLEAN NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        fixed_price INTEGER NOT NULL,
        "pricingModel" VARCHAR NOT NULL,
        type VARCHAR NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE staff (
        id TEXT NOT NULL,
        login TEXT NOT NULL,
        name TEXT NOT NULL,
        role VARCHAR NOT NULL,
        clinic_id TEXT,
        email TEXT,
        active BOOLEAN NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE tile (
        start BIGINT NOT NULL,
        id TEXT NOT NULL,
        "end" BIGINT NOT NULL,
        provider_id TEXT NOT NULL,
        status VARCHAR NOT NULL,
        patient_id TEXT NOT NULL,
        name TEXT NOT NULL,
        phone TEXT,
        services TEXT NOT NULL,
        note TEXT,
        visit VARCHAR,
        visit_since BIGINT,
        location VARCHAR NOT NULL,
        lane INTEGER NOT NULL,
        flags INTEGER NOT NULL,
        PRIMARY KEY (start, id)
    )
    WITHOUT ROWID
    """,
    """
    CREATE TABLE tombstones (
        entity_type VARCHAR NOT NULL,
        entity_id TEXT NOT NULL,
        at BIGINT NOT NULL,
        PRIMARY KEY (entity_type, entity_id)
    )
    WITHOUT ROWID
    """,
    """
    CREATE TABLE user (
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        email TEXT NOT NULL,
        role VARCHAR NOT NULL,
        "emailVerified" BOOLEAN NOT NULL,
        image TEXT,
        "createdAt" BIGINT NOT NULL,
        "updatedAt" BIGINT NOT NULL,
        status VARCHAR NOT NULL,
        suspend_reason TEXT,
        suspended_at BIGINT,
        suspended_by_id TEXT,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE visit (
        appointment_id TEXT NOT NULL,
        state VARCHAR,
        arrived_at BIGINT,
        in_room_at BIGINT,
        with_provider_at BIGINT,
        checked_out_at BIGINT,
        PRIMARY KEY (appointment_id)
    )
    WITHOUT ROWID
    """,
    """
    CREATE INDEX tile_long ON tile ("end", start) WHERE "end" - "start" > 86400000000
    """,
    """
    CREATE INDEX appointments_provider ON appointments (provider_id, start_time, end_time, status, id)
    """,
    """
    CREATE INDEX appointments_provider_long ON appointments (provider_id, end_time) WHERE end_time - start_time > 86400000000
    """,
    """
    CREATE INDEX appointments_patient ON appointments (user_id, start_time, end_time, status)
    """,
    """
    CREATE INDEX appointments_status ON appointments (status, start_time)
    """,
    """
    CREATE INDEX appointments_number ON appointments (appointment_number)
    """,
    """
    CREATE INDEX appointment_external ON appointment_desk (external_system, external_id) WHERE external_id IS NOT NULL
    """,
    """
    CREATE INDEX patient_external ON patients (external_system, external_id) WHERE external_id IS NOT NULL
    """,
    """
    CREATE INDEX blocks_provider ON blocks (provider_id, start_time, end_time)
    """,
    """
    CREATE INDEX block_external ON blocks (external_system, external_id) WHERE external_id IS NOT NULL
    """,
    """
    CREATE INDEX rooms_busy ON appointment_rooms (room_id, appointment_id)
    """,
    """
    CREATE INDEX user_email ON user (email)
    """,
    """
    CREATE INDEX user_name ON user (name COLLATE "NOCASE", id)
    """,
    """
    CREATE INDEX history_entity ON history (entity_id, seq)
    """,
    """
    CREATE INDEX history_act ON history (act_id, seq)
    """,
    """
    CREATE UNIQUE INDEX act_id ON act (id)
    """,
    """
    CREATE UNIQUE INDEX act_request ON act (request_id) WHERE request_id IS NOT NULL
    """,
    """
    CREATE INDEX act_open ON act (seq) WHERE state = 'open'
    """,
    """
    CREATE INDEX outbox_entity ON outbox (entity_type, entity_id, seq)
    """,
    """
    CREATE UNIQUE INDEX patient_word_id ON patient_word (patient_id)
    """,
    """
    CREATE VIRTUAL TABLE patient_prefix USING fts5(words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4', tokenize='ascii')
    """,
    """
    CREATE VIRTUAL TABLE patient_trigram USING fts5(words, content='', contentless_delete=1, detail=full, tokenize='trigram')
    """,
)

TABLES = (
    "patient_prefix",
    "patient_trigram",
    "visit",
    "user",
    "tombstones",
    "tile",
    "staff",
    "services",
    "service_packages",
    "service_desk",
    "rooms",
    "providers",
    "provider_desk",
    "patients",
    "patient_word",
    "patient_clinic",
    "overrides",
    "outbox",
    "operating_hours",
    "meta",
    "hours_desk",
    "history",
    "drafts",
    "clinics",
    "clinic_providers",
    "change_log",
    "catalogue",
    "break_times",
    "blocks",
    "base",
    "appointments",
    "appointment_service",
    "appointment_rooms",
    "appointment_desk",
    "act",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement.strip())


def downgrade() -> None:
    for table in TABLES:
        op.execute(f'DROP TABLE "{table}"')
