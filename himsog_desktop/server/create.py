"""Making a shared database: the platform's tables and the desk's beside them, on an empty database."""

from __future__ import annotations

from himsog_desktop.domain.errors import Refused
from himsog_desktop.server import triggers
from himsog_desktop.server.connection import Connection, administrator
from himsog_desktop.server.migrate import PLATFORM, SCRIPTS, make_roles, make_schema, repeatable, run_file

_TAKEN = """
SELECT n.nspname || '.' || c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('public', 'desk') AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') ORDER BY 1 LIMIT 1
"""


def create(url: str) -> None:
    """Make everything, in one transaction.

    Raises Refused ``in_use`` when there is something in the database, and as ``administrator`` does.
    """
    with administrator(url) as db, db.transaction():
        make_all(db)


def make_all(db: Connection) -> None:
    """The same inside a transaction of the caller."""
    refuse_unless_empty(db)
    make_roles(db)
    run_file(db, SCRIPTS / "sql" / PLATFORM)
    make_schema(db)
    for path in repeatable():
        run_file(db, path)
    for schema, table in triggers.tables():
        triggers.install(db, schema, table)
    db.execute("UPDATE desk.meta SET state = 'ready'")


def clinics(db: Connection) -> list[tuple[str, str, int]]:
    """Id, name and number of providers of every clinic, by name."""
    return db.execute(
        "SELECT c.id, c.name, count(p.provider_id) FROM desk.clinics AS c"
        " LEFT JOIN desk.clinic_providers AS p ON p.clinic_id = c.id GROUP BY c.id, c.name ORDER BY c.name, c.id"
    ).fetchall()


def refuse_unless_empty(db: Connection) -> None:
    """Raises Refused ``in_use`` when a table is there."""
    found = db.execute(_TAKEN).fetchone()
    if found:
        raise Refused(
            "in_use",
            f"This database is not empty (it has {found[0]}). Give an empty one, or use himsog database attach for"
            " the web platform's own database.",
        )
