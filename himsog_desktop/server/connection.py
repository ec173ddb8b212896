"""The administrator's connection to a shared database, and errors in words.

The URL's own credentials are the administrator's (contract); they are never repeated in an answer, an
error or a log.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import psycopg.conninfo

from himsog_desktop.domain.errors import BadInput, HimsogError, NoAccess, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

Connection = psycopg.Connection[tuple[Any, ...]]

OLDEST = 15
"""The oldest PostgreSQL that we support (design, section 5)."""


@contextmanager
def administrator(url: str) -> Iterator[Connection]:
    """A connection with each statement a transaction of its own; begin one with ``db.transaction()``.

    Raises BadInput for a URL that is none and a database that is not there, Surroundings ``offline`` when the
    server is not reached, NoAccess ``forbidden`` when it does not let us in or the role may not do what was asked.
    """
    try:
        db = psycopg.connect(url, autocommit=True, connect_timeout=10, application_name="himsog database")
    except psycopg.ProgrammingError:
        raise BadInput("usage", "That is no database URL: postgresql://user@host/database is expected.") from None
    except psycopg.OperationalError as error:
        raise _not_reached(error, url) from None
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
    except psycopg.OperationalError:
        raise Surroundings("offline", "The connection to the database server broke. Try again.") from None


_WORDS = (
    ("pg_hba.conf", "{place} does not let this computer or this role in: its pg_hba.conf has no line for it."),
    ("authentication failed", "{place} did not let us in with the name and password of that URL."),
    ("no password supplied", "{place} wants a password: put it into ~/.pgpass or PGPASSWORD."),
    ("FATAL:  role", "{place} did not let us in with the name and password of that URL."),
    ("FATAL:  database", "{place} has no database of that name. Check the end of the URL, or make it with createdb."),
    ("resolve host", "There is no server of that name on this network: {place}."),
    ("translate host name", "There is no server of that name on this network: {place}."),
    ("Connection refused", "No database answers at {place}. Check the port, and that the server runs."),
    ("No such file", "No database answers at {place}. Check the port, and that the server runs."),
    ("certificate", "The certificate of {place} is not trusted with what that URL says (sslmode, sslrootcert)."),
    ("SSL", "{place} does not offer the TLS line that the URL asks for."),
    ("timeout expired", "{place} did not answer in time."),
)
"""A part of what the library says when there is no connection, where it gives no SQLSTATE, and what that means."""

_NOT_IN = ("pg_hba.conf", "authentication failed", "no password supplied", "FATAL:  role")


def _not_reached(error: psycopg.Error, url: str) -> HimsogError:
    said = str(error)
    word, text = next(
        ((word, text) for word, text in _WORDS if word in said), ("", "{place} can't be reached. Try again.")
    )
    text = text.format(place=_place(url))
    text = text[:1].upper() + text[1:]
    if word in _NOT_IN:
        return NoAccess("forbidden", text)
    return BadInput("not_found", text) if word == "FATAL:  database" else Surroundings("offline", text)


def _place(url: str) -> str:
    """The server of a URL, without its name and password."""
    try:
        asked = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return "the database server"
    host = str(asked.get("host") or "")
    if not host or host.startswith("/"):
        return "the database server on this computer"
    return f"{host}, port {asked.get('port') or 5432}"


def _first(error: psycopg.Error) -> str:
    return (error.diag.message_primary or "permission denied").rstrip(".")
