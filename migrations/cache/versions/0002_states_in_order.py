"""The list by states: one covering index in its order, in place of a narrow one that was not."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DROP INDEX appointments_status")
    op.execute("CREATE INDEX tile_status ON tile (status, start, id, provider_id, flags)")


def downgrade() -> None:
    op.execute("DROP INDEX tile_status")
    op.execute("CREATE INDEX appointments_status ON appointments (status, start_time)")
