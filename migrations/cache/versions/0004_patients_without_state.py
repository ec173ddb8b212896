"""Appointments by patient without their state: a thousand confirmed would rewrite a page of it for each."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DROP INDEX appointments_patient")
    op.execute("CREATE INDEX appointments_patient ON appointments (user_id, start_time, end_time)")


def downgrade() -> None:
    op.execute("DROP INDEX appointments_patient")
    op.execute("CREATE INDEX appointments_patient ON appointments (user_id, start_time, end_time, status)")
