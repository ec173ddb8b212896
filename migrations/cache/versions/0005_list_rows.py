"""What the list reads of an appointment, by its id from one index; who made it stands in the tile's flags."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MADE = """
UPDATE tile SET flags = (flags & 63) | CASE (SELECT source FROM appointment_desk WHERE appointment_id = tile.id)
    WHEN 'desk' THEN 64 WHEN 'import' THEN 128 ELSE 0 END
"""


def upgrade() -> None:
    op.execute(MADE.strip())
    op.execute("CREATE INDEX appointments_key ON appointments (id, start_time, created_at)")


def downgrade() -> None:
    op.execute("DROP INDEX appointments_key")
    op.execute("UPDATE tile SET flags = flags & 63")
