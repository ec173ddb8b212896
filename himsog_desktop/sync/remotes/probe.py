"""What is wrong with an address, a login or a password: findings in plain words, each with what to do.

For the connection page and ``himsog connect``: the way is walked step by step (name, port, certificate, password,
version, ``desk``'s functions, rights, clocks), so that the first thing that is wrong is named and not its consequence.
"""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from himsog_desktop.domain.errors import HimsogError
from himsog_desktop.domain.intents import PROTOCOL
from himsog_desktop.sync.remotes import connection, troubles, wire
from himsog_desktop.sync.remotes.pulse import SSL_REQUEST

if TYPE_CHECKING:
    import ssl
    from typing import Any

    import psycopg

    from himsog_desktop.domain.intents import Welcome
    from himsog_desktop.sync.address import Address

OLDEST: Final = 15
SKEW_S: Final = 120
"""From this many seconds on a clock is called wrong. Nothing is decided by it: times on screen would look odd."""

PATIENCE_S: Final = 4.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``todo`` is empty when all is well; ``clinics``, by id and name, are hers."""

    what: str
    level: Literal["ok", "warning", "error"]
    text: str
    todo: str = ""
    clinics: tuple[tuple[str, str], ...] = ()


def _wrong(what: str, text: str, todo: str = "") -> Finding:
    return Finding(what, "error", text, todo or troubles.TODO.get(what, troubles.TODO["unknown"]))


def reach(address: Address) -> list[Finding]:
    """Walk as far as the way goes without a login: name, port, certificate. No password leaves."""
    if address.host.startswith("/"):
        return []
    host = troubles.where(address)
    try:
        there = address.options.get("hostaddr") or address.host
        found = socket.getaddrinfo(there, address.port, type=socket.SOCK_STREAM)
    except OSError:
        return [_wrong("name", f"There is no server called {host} on this network.")]
    line: socket.socket | None = None
    for family, kind, protocol, _, place in found:
        line = socket.socket(family, kind, protocol)
        line.settimeout(PATIENCE_S)
        try:
            line.connect(place)
            break
        except OSError:
            line.close()
            line = None
    if line is None:
        return [_wrong("port", f"{host} was found, but no database answers at port {address.port}.")]
    try:
        return [Finding("port", "ok", f"{host} answers at port {address.port}."), *_certificate(line, address)]
    finally:
        line.close()


def _certificate(line: socket.socket, address: Address) -> list[Finding]:
    if not address.encrypted:
        return []
    import ssl

    host = troubles.where(address)
    try:
        line.sendall(SSL_REQUEST)
        answer = line.recv(1)
    except OSError:
        answer = b""
    if address.kind == "postgres" and answer != b"S":
        said = "does not offer a TLS line" if answer == b"N" else "is no PostgreSQL server, as far as can be seen"
        todo = "Whoever looks after the server sets ssl = on with a certificate for its name." if answer == b"N" else ""
        return [_wrong("certificate" if answer == b"N" else "port", f"{host} {said}.", todo)]
    roots = connection.roots(address)
    try:
        context = ssl.create_default_context(cafile=None if roots == "system" else roots)
        with context.wrap_socket(line, server_hostname=address.host):
            return [Finding("certificate", "ok", f"The certificate of {host} is trusted.")]
    except ssl.SSLCertVerificationError as error:
        return [_not_trusted(error, host)]
    except FileNotFoundError:
        return [_wrong("certificate", "The file of the certificate authority (sslrootcert) is not there.")]
    except (OSError, ssl.SSLError):
        return [_wrong("certificate", f"The TLS line to {host} could not be made, or the authority's file is none.")]


def _not_trusted(error: ssl.SSLCertVerificationError, host: str) -> Finding:
    """Which of the things that can be wrong with a certificate it is (the numbers are OpenSSL's)."""
    if error.verify_code == 10:
        todo = "Whoever looks after the server renews it. Check this computer's date as well."
        return _wrong("certificate", f"The certificate of {host} has expired.", todo)
    if error.verify_code == 9:
        return _wrong("certificate", f"The certificate of {host} is not valid yet.", "Check this computer's date.")
    if error.verify_code in (62, 64):
        todo = "Use the name that stands in the certificate, or have a certificate made for this name."
        return _wrong("certificate", f"The server's certificate is for another name than {host}.", todo)
    return _wrong("certificate", f"The certificate of {host} is not from an authority that this computer trusts.")


def probe(address: Address, login: str, password: str) -> list[Finding]:
    """Walk the whole way, to the clinics that this login may see. Changes nothing anywhere."""
    import psycopg

    found = reach(address)
    if any(finding.level == "error" for finding in found):
        return found
    try:
        db = connection.raw(address, login, password, "himsog connection test")
    except psycopg.Error as error:
        mark = troubles.mark_of(error)
        if mark is None:
            return [*found, _wrong("unknown", f"{troubles.where(address)} refused the connection.")]
        return [*found, _wrong(mark.finding, troubles.told(mark, address))]
    try:
        return [*found, *_inside(db, address)]
    finally:
        with suppress(psycopg.Error):
            db.close()


def _inside(db: psycopg.Connection[Any], address: Address) -> list[Finding]:
    import psycopg

    found = []
    if db.pgconn.used_password:
        found.append(Finding("password", "ok", "The login and the password are right."))
    else:
        text = "The server lets everybody in without asking for a password."
        found.append(Finding("trust", "warning", text, troubles.TODO["trust"]))
    if db.info.server_version < OLDEST * 10_000:
        return [*found, _wrong("version", f"The server is PostgreSQL {db.info.server_version // 10_000}: too old.")]
    try:
        row = db.execute("SELECT desk.hello_v1()::text, extract(epoch FROM clock_timestamp())::float8").fetchone()
        assert row is not None
        welcome = wire.welcome(row[0])
        if not welcome.protocol_min <= PROTOCOL <= welcome.protocol_max:
            return [*found, _said("version", troubles.FITS_NOT)]
        found += [*_welcomed(welcome), *_clock(float(row[1]))]
    except psycopg.Error as error:
        known = troubles.known(error, address)
        what = "attached" if known.message == troubles.NOT_ATTACHED else "rights" if known.exit_code == 4 else "unknown"
        found.append(_said(what, known.message))
    except HimsogError as known:
        found.append(_said("version", known.message))
    return found


def _said(what: str, message: str) -> Finding:
    """An error's words as a finding: its first sentence says what is wrong, the others what to do."""
    text, _, todo = message.partition(". ")
    return _wrong(what, f"{text.rstrip('.')}.", todo)


def _welcomed(welcome: Welcome) -> list[Finding]:
    clinics = ", ".join(name for _, name in welcome.clinics)
    if not welcome.clinics:
        return [_wrong("rights", "This login sees no clinic.")]
    return [Finding("rights", "ok", f"{welcome.person.name} may see: {clinics}.", clinics=tuple(welcome.clinics))]


def _clock(server: float) -> list[Finding]:
    off = time.time() - server
    if abs(off) < SKEW_S:
        return []
    word = "ahead of" if off > 0 else "behind"
    text = f"The clock of this computer is {abs(off) / 60:.0f} minutes {word} the server's."
    return [Finding("clock", "warning", text, troubles.TODO["clock"])]
