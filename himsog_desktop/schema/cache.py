"""Tables that exist only in the local cache: what waits, what was answered, and what screens read.

``tile`` is derived: one row per appointment with all that a calendar paints, clustered by start, so
that a day or a week is one range read (design, section 6, "flat growth"). ``doctor`` compares it with
the tables it comes from.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, Text, text

from himsog_desktop.domain.time import DAY
from himsog_desktop.schema import desk, platform
from himsog_desktop.schema.platform import metadata
from himsog_desktop.schema.types import Instant

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

act = Table(
    "act",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False),
    Column("request_id", Text),
    Column("request_hash", LargeBinary),
    Column("kind", String, nullable=False),
    Column("at", Instant(), nullable=False),
    Column("by_id", Text),
    Column("state", String, nullable=False),
    Column("undo_of", Text),
    Column("undone_by", Text),
    Column("exit_code", Integer),
    Column("answer", LargeBinary),
)
"""The ledger: each request's first answer for good, refusals too (reliability, decision 4).

``state``: ``open`` (an import under way), ``done``, ``refused`` or ``compensated``.
"""

outbox = Table(
    "outbox",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("intent_id", Text, nullable=False),
    Column("act_id", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("entity_type", String, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("patch", Text, nullable=False),
    Column("author", Text),
    Column("device", Text, nullable=False),
    Column("at", Instant(), nullable=False),
    Column("state", String, nullable=False),
    Column("reason", Text),
    Column("sent", Boolean, nullable=False, server_default=text("0")),
    Column("supersedes", Text),
    Column("needs", Text),
    Column("settled_at", Instant()),
)
"""Intents: they wait for a verdict (``pending``; ``doomed`` when what they stood on was refused), got a no
(``refused``, with the verdict in ``reason``), or a yes (``done``, kept 30 days for a server that is restored from a
backup). A refused one that a person has answered is ``resolved``. ``sent``: it went out, so that the server may know
it. ``needs`` is a JSON list of ids."""

base = Table(
    "base",
    metadata,
    Column("entity_type", String, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("image", Text, nullable=False),
)
"""The server's image of an aggregate that an unsettled intent has touched; ``{}`` if it had none."""

synced = Table(
    "synced",
    metadata,
    Column("entity_type", String, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("ver", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""The version of each aggregate that came from the server last, of deleted ones too: nothing older overwrites."""

departed = Table(
    "departed",
    metadata,
    Column("entity_type", String, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("ver", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""What is no longer of this clinic and stays only until the intents that wait for it are settled."""

card = Table(
    "card",
    metadata,
    Column("id", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("resolved", Text),
    sqlite_with_rowid=False,
)
"""Refused intents of everybody at the clinic, by the intent's id; the body is a ``domain.intents.Card``."""

session = Table(
    "session",
    metadata,
    Column("login", Text, primary_key=True),
    Column("staff_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", String, nullable=False),
    Column("secret", Text),
    sqlite_with_rowid=False,
)
"""Who is signed in on this profile; the secret of a direct connection is a password."""

staging = Table(
    "staging",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("body", Text, nullable=False),
)
"""Parts of a large pull that has not come to its end; what is left of a broken one is thrown away."""

change_log = Table(
    "change_log",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("changes", Text, nullable=False),
)

tile = Table(
    "tile",
    metadata,
    Column("start", Instant(), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("end", Instant(), nullable=False),
    Column("provider_id", Text, nullable=False),
    Column("status", String, nullable=False),
    Column("patient_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("phone", Text),
    Column("services", Text, nullable=False),
    Column("note", Text),
    Column("visit", String),
    Column("visit_since", Instant()),
    Column("location", String, nullable=False),
    Column("lane", Integer, nullable=False),
    Column("flags", Integer, nullable=False),
    sqlite_with_rowid=False,
)

patient_word = Table(
    "patient_word",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("patient_id", Text, nullable=False),
)
"""Gives each patient the integer by which the two search indexes know it."""

drafts = Table(
    "drafts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("at", Instant(), nullable=False),
)

SEARCH_DDL = (
    "CREATE VIRTUAL TABLE patient_prefix USING fts5("
    "words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4', tokenize='ascii')",
    "CREATE VIRTUAL TABLE patient_trigram USING fts5("
    "words, content='', contentless_delete=1, detail=full, tokenize='trigram')",
)
"""Two indexes over folded text: prefixes (two-letter names are found) and parts (phone endings)."""

_long = text(f'"end" - "start" > {DAY}')
_long_appointment = text(f"end_time - start_time > {DAY}")

INDEXES = (
    Index("tile_long", tile.c.end, tile.c.start, sqlite_where=_long),
    Index(
        "appointments_provider",
        platform.appointments.c.provider_id,
        platform.appointments.c.start_time,
        platform.appointments.c.end_time,
        platform.appointments.c.status,
        platform.appointments.c.id,
    ),
    Index(
        "appointments_provider_long",
        platform.appointments.c.provider_id,
        platform.appointments.c.end_time,
        sqlite_where=_long_appointment,
    ),
    Index(
        "appointments_patient",
        platform.appointments.c.user_id,
        platform.appointments.c.start_time,
        platform.appointments.c.end_time,
    ),
    Index(
        "appointments_key",
        platform.appointments.c.id,
        platform.appointments.c.start_time,
        platform.appointments.c.created_at,
    ),
    Index("tile_status", tile.c.status, tile.c.start, tile.c.id, tile.c.provider_id, tile.c.flags),
    Index("appointments_number", platform.appointments.c.appointment_number),
    Index(
        "appointment_external",
        desk.appointment_desk.c.external_system,
        desk.appointment_desk.c.external_id,
        sqlite_where=desk.appointment_desk.c.external_id.is_not(None),
    ),
    Index(
        "patient_external",
        desk.patients.c.external_system,
        desk.patients.c.external_id,
        sqlite_where=desk.patients.c.external_id.is_not(None),
    ),
    Index("blocks_provider", desk.blocks.c.provider_id, desk.blocks.c.start_time, desk.blocks.c.end_time),
    Index(
        "block_external",
        desk.blocks.c.external_system,
        desk.blocks.c.external_id,
        sqlite_where=desk.blocks.c.external_id.is_not(None),
    ),
    Index("rooms_busy", desk.appointment_rooms.c.room_id, desk.appointment_rooms.c.appointment_id),
    Index("user_email", platform.user.c.email),
    Index("user_name", platform.user.c.name.collate("NOCASE"), platform.user.c.id),
    Index(
        "notice_due",
        desk.notice.c.due,
        desk.notice.c.appointment_id,
        sqlite_where=desk.notice.c.kind.is_not(None),
    ),
    Index("notice_silent", desk.notice.c.due, sqlite_where=desk.notice.c.kind.is_(None)),
    Index("history_entity", desk.history.c.entity_id, desk.history.c.seq),
    Index("history_act", desk.history.c.act_id, desk.history.c.seq),
    Index("act_id", act.c.id, unique=True),
    Index("act_request", act.c.request_id, unique=True, sqlite_where=act.c.request_id.is_not(None)),
    Index("act_open", act.c.seq, sqlite_where=act.c.state == "open"),
    Index("history_uid", desk.history.c.uid, unique=True, sqlite_where=desk.history.c.uid.is_not(None)),
    Index("outbox_entity", outbox.c.entity_type, outbox.c.entity_id, outbox.c.seq),
    Index("outbox_intent", outbox.c.intent_id, unique=True),
    Index("outbox_waiting", outbox.c.seq, sqlite_where=text("state IN ('pending', 'doomed')")),
    Index("outbox_settled", outbox.c.settled_at, sqlite_where=outbox.c.state == "done"),
    Index("card_open", card.c.id, sqlite_where=card.c.resolved.is_(None)),
    Index("patient_word_id", patient_word.c.patient_id, unique=True),
)
"""Indexes of the cache; the platform's own on PostgreSQL are the platform's."""
