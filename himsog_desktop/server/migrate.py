"""The SQL of the shared database: tables by revision, functions and triggers anew after each.

Files of ``migrations/shared/sql`` run in the order of their numbers. Those with ``tables`` in their name
belong to a revision and run once; ``10_platform.sql`` runs on an empty database only. All others are
written so that running them again changes nothing. A file is run as the owner of schema ``desk`` unless
its first line says ``-- as: admin`` (triggers on the platform's tables, rights of roles).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from himsog_desktop.server.connection import Connection

SCRIPTS = Path(__file__).parents[2] / "migrations" / "shared"
PLATFORM = "10_platform.sql"
OWNER = "himsog_owner"
DESK = "himsog_desk"
HEAD = "0001"
"""The alembic revision of the tables that this program speaks to."""

_ROLES = """
DO $$
BEGIN
    BEGIN
        CREATE ROLE himsog_owner NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    BEGIN
        CREATE ROLE himsog_desk NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
       AND NOT pg_has_role(current_user, 'himsog_owner', 'USAGE') THEN
        EXECUTE format('GRANT himsog_owner TO %I', current_user);
    END IF;
END $$
"""


def files() -> list[Path]:
    """Every SQL file in its order."""
    return sorted((SCRIPTS / "sql").glob("*.sql"))


def repeatable() -> Iterator[Path]:
    """The files that are run again after every change of the tables."""
    return (path for path in files() if "tables" not in path.stem and path.name != PLATFORM)


def run_file(db: Connection, path: Path) -> None:
    """Run one file, as its first line says. Inside a transaction of the caller."""
    text = path.read_text(encoding="utf-8")
    db.execute("SET LOCAL check_function_bodies = off")
    if text.startswith("-- as: admin"):
        db.execute(text.encode())
        return
    db.execute("SET LOCAL ROLE himsog_owner")
    db.execute(text.encode())
    db.execute("RESET ROLE")


def make_roles(db: Connection) -> None:
    """The owner of the desk's objects and the group of its people; both may be there."""
    db.execute(_ROLES)


def make_schema(db: Connection) -> None:
    """Schema ``desk`` and its tables, by revision. Inside a transaction of the caller."""
    db.execute("CREATE SCHEMA IF NOT EXISTS desk AUTHORIZATION himsog_owner")
    upgrade(db)
    db.execute("ALTER TABLE desk.alembic_version OWNER TO himsog_owner")


def upgrade(db: Connection, to: str = "head") -> None:
    """Bring the tables up to a revision. Inside a transaction of the caller."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: _Held(db),
        poolclass=StaticPool,
        isolation_level="AUTOCOMMIT",
        use_native_hstore=False,
        pool_reset_on_return=None,
    )
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        config.attributes["tables"] = [path.name for path in files() if "tables" in path.stem]
        config.attributes["run"] = lambda name: run_file(db, SCRIPTS / "sql" / name)
        command.upgrade(config, to)


class _Held:
    """An open connection whose transaction belongs to somebody else: commit and rollback do nothing."""

    def __init__(self, db: Connection) -> None:
        self.__dict__["_db"] = db

    def __getattr__(self, name: str) -> object:
        return getattr(self._db, name)

    def __setattr__(self, name: str, value: object) -> None:
        """The mode of the connection is left to the owner as well."""

    def commit(self) -> None:
        """Left to the owner."""

    def rollback(self) -> None:
        """Left to the owner."""

    def close(self) -> None:
        """Left to the owner."""
