-- People of the staff and the clinics they work for; the ledger, history, cards and notices.

CREATE TABLE desk.staff (
    id text PRIMARY KEY,
    login text NOT NULL UNIQUE,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('read-only', 'provider', 'receptionist', 'manager', 'it')),
    clinic_id text,
    email text,
    active boolean NOT NULL
);

CREATE TABLE desk.staff_clinic (
    staff_id text NOT NULL,
    clinic_id text NOT NULL,
    PRIMARY KEY (staff_id, clinic_id)
);
CREATE INDEX staff_clinic_clinic ON desk.staff_clinic (clinic_id);

-- Only the administrator's `himsog staff add` writes here: a row of desk.staff alone lets nobody in.
CREATE TABLE desk.login (
    name text PRIMARY KEY,
    staff_id text NOT NULL UNIQUE,
    made timestamptz NOT NULL DEFAULT now()
);

-- The ledger keeps the first verdict on every intent for good (reliability, 2.3).
CREATE TABLE desk.ledger (
    id text PRIMARY KEY,
    clinic_id text NOT NULL,
    entity text NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    version integer NOT NULL,
    req_hash bytea NOT NULL,
    author text,
    pushed_by text NOT NULL,
    device text NOT NULL,
    word text,
    verdict jsonb,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    client_at bigint
);
CREATE INDEX ledger_entity ON desk.ledger (entity, key, received_at);

-- A card stands for each refusal until a person resolves it.
CREATE TABLE desk.card (
    id text PRIMARY KEY,
    clinic_id text NOT NULL,
    intent jsonb NOT NULL,
    verdict jsonb NOT NULL,
    author text,
    author_name text,
    made timestamptz NOT NULL DEFAULT clock_timestamp(),
    resolved text,
    reason text,
    resolved_by text,
    resolved_at timestamptz,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX card_feed ON desk.card (clinic_id, xid);
CREATE INDEX card_open ON desk.card (clinic_id, made) WHERE resolved IS NULL;

-- What happened, for good: of a desk's act one row an aggregate (``uid`` is the intent's id), of the web's doing one
-- a statement (``uid`` is drawn). ``before`` and ``after`` hold the fields that changed; a creation has no before.
CREATE TABLE desk.history (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid text NOT NULL UNIQUE,
    clinic_id text NOT NULL,
    at timestamp(6) with time zone NOT NULL,
    by_id text,
    source text NOT NULL,
    device text NOT NULL,
    act_id text NOT NULL,
    kind text NOT NULL,
    entity_type text NOT NULL,
    entity_id text NOT NULL,
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    noted_at timestamp(6) with time zone NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX history_feed ON desk.history (clinic_id, xid);
CREATE INDEX history_entity ON desk.history (entity_type, entity_id, seq);

-- What a patient is owed; columns as himsog_desktop/schema/desk.py has them. Released once, by desk.release_v1.
CREATE TABLE desk.notice (
    appointment_id text PRIMARY KEY,
    act_id text NOT NULL,
    kind text,
    due timestamp(6) with time zone NOT NULL,
    told_start timestamp(6) with time zone,
    told_provider text,
    told_status text
);
CREATE INDEX notice_due ON desk.notice (due);
