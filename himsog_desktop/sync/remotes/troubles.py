"""What the database library raises, as one of our errors in plain words.

The words are ours: what the server said may quote a row, and never goes into an exception text (reliability, S45).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from himsog_desktop.domain.errors import Fault, HimsogError, NoAccess, Surroundings

if TYPE_CHECKING:
    import psycopg

    from himsog_desktop.sync.address import Address

UPGRADE: Final = "HS001"
REVOKED: Final = "HS002"
NOT_PRIMARY: Final = "HS003"
REUSED: Final = "22023"
SNAPSHOT: Final = "HS010"
"""SQLSTATEs that ``desk``'s functions raise."""

SNAPSHOT_NEEDED: Final = "snapshot_needed"
"""The code of a Surroundings that says: the cursor is of no use, take everything anew."""

_RETRY = ("40001", "40P01", "55P03", "57014", "25006", "25P03", NOT_PRIMARY)
_RETRY_CLASSES = ("53", "57", "58", "XX")
_MISSING = ("3F000", "42883", "42P01")

NOT_ATTACHED = (
    "That database is not prepared for Himsog Desktop. Whoever looks after it runs: himsog database attach URL"
)
SIGNED_OUT = "The server does not take this login with this password."
GONE = "Your access to the clinic's data was taken away. Speak to your manager."
FORBIDDEN = "Your login may not do that on the server. Speak to your manager, or to whoever looks after the database."
FITS_NOT = (
    "The server and this program are of versions that do not fit. Update Himsog Desktop on this computer; if it is the"
    " newest, whoever looks after the server runs: himsog database upgrade URL"
)


def known(error: psycopg.Error, address: Address) -> HimsogError:
    """The error of a call on an open connection."""
    state = error.sqlstate
    if state is None or state.startswith("08"):
        return Surroundings("offline", f"The line to {where(address)} broke.")
    if state == SNAPSHOT:
        return Surroundings(SNAPSHOT_NEEDED, "Everything has to be fetched anew.")
    if state == REUSED:
        return Surroundings("reused", "Another change has gone out under the same number.")
    if state == UPGRADE:
        return Surroundings("held_upgrade", FITS_NOT)
    if state == REVOKED:
        return NoAccess("revoked", GONE)
    if state in _MISSING:
        return Surroundings("offline", NOT_ATTACHED)
    if state == "42501":
        return NoAccess("forbidden", FORBIDDEN)
    if state.startswith("28"):
        return NoAccess("signed_out", SIGNED_OUT)
    if state in _RETRY or state[:2] in _RETRY_CLASSES:
        return Surroundings("retry", "The server is busy just now.")
    return Fault("internal", f"The server answered with the error {state}.")


class Mark(NamedTuple):
    """A part of what the library says when there is no connection, and what that means for a person.

    ``finding`` is the word for the connection page; ``{host}`` and ``{port}`` stand for the server.
    """

    words: str
    finding: str
    text: str
    code: str = "offline"


_TLS = "The line is refused before a password is sent. "
MARKS: Final = (
    Mark("failed to resolve host", "name", "There is no server called {host} on this network."),
    Mark("could not translate host name", "name", "There is no server called {host} on this network."),
    Mark("Connection refused", "port", "{host} is there, but no database answers at port {port}."),
    Mark("No such file or directory", "port", "No database runs at that place on this computer."),
    Mark("Network is unreachable", "port", "There is no network way to {host}."),
    Mark("No route to host", "port", "There is no network way to {host}."),
    Mark("timeout expired", "port", "{host} did not answer in time."),
    Mark("timed out", "port", "{host} did not answer in time."),
    Mark("root certificate file", "certificate", "The file of the certificate authority is not there. " + _TLS),
    Mark("could not read root certificate", "certificate", "The certificate authority's file can't be read. " + _TLS),
    Mark("does not match host name", "certificate", "The server's certificate is not for the name {host}. " + _TLS),
    Mark("certificate verify failed", "certificate", "The certificate of {host} is not trusted. " + _TLS),
    Mark("server does not support SSL", "certificate", "{host} does not offer a TLS line. " + _TLS),
    Mark("SSL error", "certificate", "The TLS line to {host} could not be made. " + _TLS),
    Mark("channel binding", "method", "{host} does not prove that it knows the password (channel binding). " + _TLS),
    Mark("authentication method requirement", "method", "{host} asks for the password in an unsafe way. " + _TLS),
    Mark("password authentication failed", "password", SIGNED_OUT, "signed_out"),
    Mark("no password supplied", "password", SIGNED_OUT, "signed_out"),
    Mark("is not permitted to log in", "rights", GONE, "revoked"),
    Mark("FATAL:  role", "password", SIGNED_OUT, "signed_out"),
    Mark("permission denied for database", "rights", FORBIDDEN, "forbidden"),
    Mark("pg_hba.conf", "host", "{host} does not let this computer in: its pg_hba.conf has no line for it."),
    Mark("FATAL:  database", "database", "There is no such database on {host}."),
    Mark("too many c", "busy", "{host} has no free connection just now.", "retry"),
    Mark("remaining connection slots", "busy", "{host} has no free connection just now.", "retry"),
    Mark("the database system is", "busy", "The database on {host} is starting or stopping.", "retry"),
)
"""In the order of looking."""


TODO: Final = {
    "name": "Check how it is spelled, and that this computer is on the clinic's network.",
    "port": "Check the port, and that the database server runs and lets this network in.",
    "certificate": "Name the file of your clinic's certificate authority: ?sslrootcert=/path/to/ca.pem",
    "method": "Whoever looks after the server sets scram-sha-256 in pg_hba.conf and password_encryption.",
    "password": "Check the login and the password; capitals count. A manager can have a new one set.",
    "rights": "Ask your manager to give this login access to the clinic.",
    "host": "Whoever looks after the server adds a line for this network to pg_hba.conf: hostssl, scram-sha-256.",
    "database": "Check the name of the database at the end of the address.",
    "busy": "Wait a moment and try again.",
    "version": "Whoever looks after the server installs PostgreSQL 15 or newer.",
    "attached": "Whoever looks after the database runs: himsog database attach URL",
    "clock": "Set the clock of this computer, or have it set over the network.",
    "trust": "Whoever looks after the server sets scram-sha-256 in pg_hba.conf.",
    "unknown": "Try again; if it stays, show these lines to whoever looks after the server.",
}
"""What to do about each kind of finding."""

_SAID_WITH: Final = ("certificate", "method", "password", "host", "database")
"""What no waiting mends: there the sentence says what to do as well."""


def mark_of(error: Exception) -> Mark | None:
    """What the library's words mean.

    It gives no SQLSTATE before there is a connection, only words: its own are English; the server's may be in any
    language, and are then not known.
    """
    words = str(error)
    return next((mark for mark in MARKS if mark.words in words), None)


def unreachable(error: Exception, address: Address) -> HimsogError:
    """Why there is no connection."""
    mark = mark_of(error)
    if mark is None:
        return Surroundings("offline", f"There is no connection to {where(address)}.")
    text = told(mark, address)
    if mark.finding in _SAID_WITH:
        text = f"{text} {TODO[mark.finding]}"
    return Surroundings(mark.code, text) if mark.code in ("offline", "retry") else NoAccess(mark.code, text)


def told(mark: Mark, address: Address) -> str:
    """The mark's sentence about this server."""
    return mark.text.format(host=where(address), port=address.port).strip()


def where(address: Address) -> str:
    """The server, as a person knows it."""
    return "This computer" if address.host.startswith("/") else address.host
