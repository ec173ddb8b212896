"""Bringing an older cache file to this version, or back. Imports alembic, so only when it is needed.

A backup of the encrypted file is made first and taken away when all went well; everything happens in
one transaction (reliability, 2.8).
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from himsog_desktop.domain.errors import Fault
from himsog_desktop.storage.connection import Raw, disk_trouble, open_raw

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

SCRIPTS = Path(__file__).parents[2] / "migrations" / "cache"


def upgrade(path: Path, key: bytes, to: str = "head") -> None:
    """Bring the file up to a revision.

    Raises Fault when the file is not sound afterwards, Surroundings when the disk fails; then it is as it was.
    """
    _run(path, key, to, down=False)


def downgrade(path: Path, key: bytes, to: str) -> None:
    """Bring the file down to a revision."""
    _run(path, key, to, down=True)


def _run(path: Path, key: bytes, to: str, *, down: bool) -> None:
    from alembic import command
    from sqlalchemy.exc import DBAPIError

    raw = open_raw(path, key, writer=True, create=True)
    before = path.with_suffix(".before-migration")
    try:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        before.write_bytes(path.read_bytes())
        before.chmod(0o600)
        connection = core_connection(raw)
        raw.execute("BEGIN IMMEDIATE")
        try:
            config = _config(connection)
            (command.downgrade if down else command.upgrade)(config, to)
            sound = raw.execute("PRAGMA integrity_check").fetchone()[0]
            if sound != "ok":
                raise Fault("internal", "The cache was not sound after the update; it was left as it was.")
            raw.execute("COMMIT")
        except BaseException:
            with suppress(Exception):
                raw.execute("ROLLBACK")
            raise
        finally:
            connection.close()
        before.unlink()
    except DBAPIError as error:
        raise disk_trouble(error.orig or error) from None
    finally:
        raw.close()


def core_connection(raw: Raw) -> Connection:
    """A SQLAlchemy connection over an open one; transactions stay with whoever opened it."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool
    from sqlcipher3 import dbapi2

    engine = create_engine(
        "sqlite://",
        creator=lambda: _Held(raw),
        module=dbapi2,
        poolclass=StaticPool,
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,
    )
    return engine.connect()


class _Held:
    """An open connection whose transaction belongs to somebody else: commit and rollback do nothing."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw

    def __getattr__(self, name: str) -> object:
        return getattr(self._raw, name)

    def commit(self) -> None:
        """Left to the owner."""

    def rollback(self) -> None:
        """Left to the owner."""

    def close(self) -> None:
        """Left to the owner."""


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
