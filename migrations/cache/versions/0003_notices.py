"""Messages to patients that wait three minutes."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE notice (
        appointment_id TEXT NOT NULL,
        act_id TEXT NOT NULL,
        kind VARCHAR,
        due BIGINT NOT NULL,
        told_start BIGINT,
        told_provider TEXT,
        told_status VARCHAR,
        PRIMARY KEY (appointment_id)
    )
    WITHOUT ROWID
    """,
    "CREATE INDEX notice_due ON notice (due, appointment_id) WHERE kind IS NOT NULL",
    "CREATE INDEX notice_silent ON notice (due) WHERE kind IS NULL",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement.strip())


def downgrade() -> None:
    op.execute("DROP TABLE notice")
