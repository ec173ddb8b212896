"""Sync: what was sent and settled, versions of the server, cards, sessions, history by its server's ids."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# What waits knows its row of history: as many of the same act on the same thing, the last ones first.
WAITING = """
UPDATE history SET uid = same.intent_id FROM (
    SELECT h.seq, o.intent_id FROM
        (SELECT seq, act_id, entity_type, entity_id,
                row_number() OVER (PARTITION BY act_id, entity_type, entity_id ORDER BY seq DESC) AS place
           FROM history WHERE act_id IN (SELECT act_id FROM outbox)) AS h
      JOIN
        (SELECT intent_id, act_id, entity_type, entity_id, state,
                row_number() OVER (PARTITION BY act_id, entity_type, entity_id ORDER BY seq DESC) AS place
           FROM outbox) AS o
        ON o.act_id = h.act_id AND o.entity_type = h.entity_type AND o.entity_id = h.entity_id AND o.place = h.place
     WHERE o.state = 'pending') AS same
 WHERE history.seq = same.seq
"""

STATEMENTS = (
    "ALTER TABLE outbox ADD COLUMN sent BOOLEAN DEFAULT 0 NOT NULL",
    "ALTER TABLE outbox ADD COLUMN supersedes TEXT",
    "ALTER TABLE outbox ADD COLUMN needs TEXT",
    "ALTER TABLE outbox ADD COLUMN settled_at BIGINT",
    "ALTER TABLE history ADD COLUMN uid TEXT",
    """
    CREATE TABLE synced (
        entity_type VARCHAR NOT NULL,
        entity_id TEXT NOT NULL,
        ver INTEGER NOT NULL,
        PRIMARY KEY (entity_type, entity_id)
    )
    WITHOUT ROWID
    """,
    """
    CREATE TABLE departed (
        entity_type VARCHAR NOT NULL,
        entity_id TEXT NOT NULL,
        ver INTEGER NOT NULL,
        PRIMARY KEY (entity_type, entity_id)
    )
    WITHOUT ROWID
    """,
    """
    CREATE TABLE card (
        id TEXT NOT NULL,
        body TEXT NOT NULL,
        resolved TEXT,
        PRIMARY KEY (id)
    )
    WITHOUT ROWID
    """,
    """
    CREATE TABLE session (
        login TEXT NOT NULL,
        staff_id TEXT NOT NULL,
        name TEXT NOT NULL,
        role VARCHAR NOT NULL,
        secret TEXT,
        PRIMARY KEY (login)
    )
    WITHOUT ROWID
    """,
    """
    CREATE TABLE staging (
        seq INTEGER NOT NULL,
        kind VARCHAR NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (seq)
    )
    """,
    WAITING,
    "CREATE UNIQUE INDEX history_uid ON history (uid) WHERE uid IS NOT NULL",
    "CREATE UNIQUE INDEX outbox_intent ON outbox (intent_id)",
    "CREATE INDEX outbox_waiting ON outbox (seq) WHERE state IN ('pending', 'doomed')",
    "CREATE INDEX outbox_settled ON outbox (settled_at) WHERE state = 'done'",
    "CREATE INDEX card_open ON card (id) WHERE resolved IS NULL",
)

BACK = (
    *(f"DROP TABLE {name}" for name in ("staging", "session", "card", "departed", "synced")),
    "DROP INDEX history_uid",
    *(f"DROP INDEX {name}" for name in ("outbox_intent", "outbox_waiting", "outbox_settled")),
    "UPDATE outbox SET state = 'pending' WHERE state = 'doomed'",
    "DELETE FROM outbox WHERE state = 'done'",
    *(f"ALTER TABLE outbox DROP COLUMN {name}" for name in ("settled_at", "needs", "supersedes", "sent")),
    "ALTER TABLE history DROP COLUMN uid",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement.strip())


def downgrade() -> None:
    for statement in BACK:
        op.execute(statement)
