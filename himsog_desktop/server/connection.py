"""The administrator's connection to a shared database, and errors in words.

The URL's own credentials are the administrator's (contract); they are never repeated in an answer, an
error or a log.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg

from himsog_desktop.domain.errors import BadInput, NoAccess, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

Connection = psycopg.Connection[tuple[Any, ...]]

OLDEST = 15
"""The oldest PostgreSQL that we support (design, section 5)."""


@contextmanager
def administrator(url: str) -> Iterator[Connection]:
    """A connection with each statement a transaction of its own; begin one with ``db.transaction()``.

    Raises BadInput for a URL that is none, Surroundings ``offline`` when the server is not reached,
    NoAccess ``forbidden`` when it does not let us in or the role may not do what was asked.
    """
    try:
        db = psycopg.connect(url, autocommit=True, connect_timeout=10, application_name="himsog database")
    except psycopg.ProgrammingError:
        raise BadInput("usage", "That is no database URL: postgresql://user@host/database is expected.") from None
    except psycopg.OperationalError as error:
        raise _not_reached(error) from None
    try:
        with db:
            if db.info.server_version < OLDEST * 10_000:
                raise Surroundings("held_upgrade", f"PostgreSQL {OLDEST} or newer is needed.")
            standby = db.execute("SELECT pg_is_in_recovery()").fetchone()
            if standby and standby[0]:
                raise Surroundings("offline", "This server is a standby, which cannot be written. Give the primary.")
            db.execute("SET timezone = 'UTC'")
            yield db
    except psycopg.errors.InsufficientPrivilege as error:
        raise NoAccess("forbidden", f"The database does not allow this role to do it: {_first(error)}.") from None
    except psycopg.OperationalError as error:
        raise _not_reached(error) from None


def _not_reached(error: psycopg.Error) -> Surroundings | NoAccess:
    if (error.sqlstate or "").startswith("28") or "authentication failed" in str(error):
        return NoAccess("forbidden", "The database did not let us in with the name and password of that URL.")
    return Surroundings("offline", "The database server can't be reached, or the connection broke. Try again.")


def _first(error: psycopg.Error) -> str:
    return (error.diag.message_primary or "permission denied").rstrip(".")
