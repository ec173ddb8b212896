"""The desk's tables: every file with ``tables`` in its name, until the first release.

Functions and triggers are no part of a revision: they are made anew after each.
"""

from alembic import context

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = context.config.attributes["run"]
    for name in context.config.attributes["tables"]:
        run(name)


def downgrade() -> None:
    raise NotImplementedError("himsog database detach takes the desk away")
