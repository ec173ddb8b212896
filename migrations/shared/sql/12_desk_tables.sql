-- The desk's own tables beside the platform's, keyed by its ids; columns as himsog_desktop/schema/desk.py has them.
-- None refers to a platform table by a foreign key: the platform's hard deletes must succeed (triggers tidy up).
-- People, ledger, history, cards and notices: 50 and on. A row of the desk that belongs to a platform row may be
-- written before it, and for a lane, rooms or a provider's clinic it should: triggers then find it there.

CREATE TABLE desk.meta (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    epoch uuid NOT NULL,
    home text NOT NULL,
    protocol_min integer NOT NULL,
    protocol_max integer NOT NULL,
    state text NOT NULL CHECK (state IN ('filling', 'ready')),
    feed_floor xid8 NOT NULL
);

CREATE TABLE desk.clinics (
    id text PRIMARY KEY,
    name text NOT NULL,
    timezone text NOT NULL,
    currency character varying(3) NOT NULL,
    key text
);

CREATE TABLE desk.rooms (
    id text PRIMARY KEY,
    clinic_id text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    key text,
    position integer NOT NULL
);
CREATE INDEX rooms_clinic ON desk.rooms (clinic_id);

CREATE TABLE desk.clinic_providers (
    provider_id text NOT NULL,
    clinic_id text NOT NULL,
    position integer NOT NULL,
    PRIMARY KEY (provider_id, clinic_id)
);
CREATE INDEX clinic_providers_clinic ON desk.clinic_providers (clinic_id);

CREATE TABLE desk.provider_desk (
    provider_id text PRIMARY KEY,
    specialty text,
    key text,
    position integer NOT NULL,
    notice_minutes integer NOT NULL,
    cancel_hours integer NOT NULL,
    auto_confirm boolean NOT NULL,
    max_per_day integer,
    buffer_before integer NOT NULL,
    buffer_after integer NOT NULL,
    overbook_lanes integer NOT NULL
);

CREATE TABLE desk.hours_desk (
    hours_id text PRIMARY KEY,
    provider_id text NOT NULL,
    clinic_id text NOT NULL
);
CREATE INDEX hours_desk_provider ON desk.hours_desk (provider_id);

CREATE TABLE desk.overrides (
    id text PRIMARY KEY,
    provider_id text NOT NULL,
    date character varying(10) NOT NULL,
    available boolean NOT NULL,
    start_time character varying(5),
    end_time character varying(5),
    kind text NOT NULL,
    reason text
);
CREATE INDEX overrides_provider ON desk.overrides (provider_id);

CREATE TABLE desk.service_desk (
    service_id text PRIMARY KEY,
    provider_id text NOT NULL,
    duration_minutes integer,
    buffer_before integer NOT NULL,
    buffer_after integer NOT NULL,
    max_per_day integer,
    catalogue_id text,
    key text
);

CREATE TABLE desk.catalogue (
    id text PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE desk.patients (
    user_id text PRIMARY KEY,
    phone text,
    birth_date character varying(10),
    sex text,
    address text,
    consent_email boolean NOT NULL,
    consent_sms boolean NOT NULL,
    consent_push boolean NOT NULL,
    consent_whatsapp boolean NOT NULL,
    alerts text,
    external_system text,
    external_id text,
    corrected_name text,
    corrected_email text,
    created_at timestamp(3) without time zone NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL
);

CREATE TABLE desk.patient_clinic (
    patient_id text NOT NULL,
    clinic_id text NOT NULL,
    favorite boolean NOT NULL,
    blocked boolean NOT NULL,
    notes text,
    PRIMARY KEY (patient_id, clinic_id)
);

CREATE TABLE desk.appointment_desk (
    appointment_id text PRIMARY KEY,
    clinic_id text NOT NULL,
    location text NOT NULL,
    type text,
    lane integer NOT NULL CHECK (lane BETWEEN 0 AND 999),
    overbook_reason text,
    source text NOT NULL,
    external_system text,
    external_id text,
    outcome_missing boolean NOT NULL,
    cancelled_for text
);

CREATE TABLE desk.appointment_rooms (
    appointment_id text NOT NULL,
    room_id text NOT NULL,
    PRIMARY KEY (appointment_id, room_id)
);
CREATE INDEX appointment_rooms_room ON desk.appointment_rooms (room_id);

CREATE TABLE desk.visit (
    appointment_id text PRIMARY KEY,
    state text,
    arrived_at timestamp(3) without time zone,
    in_room_at timestamp(3) without time zone,
    with_provider_at timestamp(3) without time zone,
    checked_out_at timestamp(3) without time zone
);

CREATE TABLE desk.blocks (
    id text PRIMARY KEY,
    provider_id text NOT NULL,
    start_time timestamp(6) with time zone NOT NULL,
    end_time timestamp(6) with time zone NOT NULL,
    title text NOT NULL,
    all_day boolean NOT NULL,
    external_system text,
    external_id text,
    created_at timestamp(3) without time zone NOT NULL,
    updated_at timestamp(3) without time zone NOT NULL
);
CREATE INDEX blocks_provider ON desk.blocks (provider_id, start_time, end_time);

-- The feed: one row per clinic and aggregate, however often it changed. ``xid`` is the transaction that did it last,
-- ``ver`` grows with every change, ``by_id`` and ``source`` say who (a transaction of the web says nothing).
CREATE SEQUENCE desk.ver AS bigint;

CREATE TABLE desk.head (
    entity text NOT NULL,
    key text NOT NULL,
    clinic_id text NOT NULL,
    ver bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('live', 'deleted', 'evicted')),
    xid xid8 NOT NULL,
    changed_at timestamp(6) with time zone NOT NULL,
    by_id text,
    source text NOT NULL,
    PRIMARY KEY (entity, key, clinic_id)
);
CREATE INDEX head_feed ON desk.head (clinic_id, xid);
CREATE INDEX head_scope ON desk.head (clinic_id, entity, key);

-- Who takes which time. A range over text stands in for equality, so that no extension is needed; the resource and
-- its lane are one text. PENDING and CONFIRMED appointments and blocks are here and nothing else.
CREATE TYPE desk.textrange AS RANGE (SUBTYPE = text, COLLATION = "C");

CREATE TABLE desk.occupancy (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    resource text NOT NULL,
    lane integer NOT NULL,
    during tstzrange NOT NULL,
    kind text NOT NULL CHECK (kind IN ('appointment', 'block', 'hold')),
    owner text NOT NULL,
    place text COLLATE "C" NOT NULL GENERATED ALWAYS AS (resource || '/' || lane::text) STORED,
    CONSTRAINT occupancy_bounded CHECK (
        NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)
        AND NOT lower_inf(during) AND NOT upper_inf(during)
    ),
    CONSTRAINT occupancy_free EXCLUDE USING gist (
        desk.textrange(place, place, '[]') WITH &&, during WITH &&
    ) DEFERRABLE INITIALLY IMMEDIATE
);
CREATE INDEX occupancy_owner ON desk.occupancy (kind, owner);
