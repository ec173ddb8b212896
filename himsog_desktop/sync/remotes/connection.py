"""One connection to PostgreSQL: how it is asked for, and how long anything may take.

The database library is imported here, when the first connection is made and not before. Nothing of its
environment counts (PGSSLMODE, PGSERVICEFILE ...: reliability, S42): what is not in the address is our own choice.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from himsog_desktop.sync.remotes.troubles import unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from himsog_desktop.sync.address import Address

CONNECT_S: Final = 8
CALL_S: Final = 60.0
"""The longest that a single exchange may take; beyond it the line is given up (reliability, section 2.6)."""

_STATEMENT_MS = 55_000
_LOCK_MS = 5_000
_ROOTS = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where systems keep the authorities that they trust; the library's own idea of it may be another machine's."""


def parameters(address: Address, login: str, password: str, name: str) -> dict[str, str | int]:
    """What libpq is asked for (reliability, S18)."""
    asked: dict[str, str | int] = {
        "host": address.host,
        "port": address.port,
        "dbname": address.database,
        "user": login,
        "password": password,
        "passfile": os.devnull,
        "application_name": name,
        "client_encoding": "UTF8",
        "connect_timeout": CONNECT_S,
        "gssencmode": "disable",
        "sslcertmode": "disable",
        "target_session_attrs": "any",
        "keepalives": 1,
        "keepalives_idle": 20,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        "options": f"-c statement_timeout={_STATEMENT_MS} -c lock_timeout={_LOCK_MS}"
        " -c idle_in_transaction_session_timeout=60000 -c timezone=UTC",
    }
    if "hostaddr" in address.options:
        asked["hostaddr"] = address.options["hostaddr"]
    if address.encrypted:
        asked |= {
            "sslmode": "verify-full",
            "sslrootcert": roots(address),
            "channel_binding": "require",
            "require_auth": "scram-sha-256",
            "ssl_min_protocol_version": "TLSv1.2",
        }
    else:
        # On this computer nobody listens. A server that asks for no password is taken as it is; one that asks
        # for it in the clear is not.
        asked |= {"sslmode": "disable", "channel_binding": "disable", "require_auth": "scram-sha-256,none"}
    return asked


def roots(address: Address) -> str:
    """The file of the authorities that may vouch for the server, or ``system``."""
    given = address.options.get("sslrootcert")
    return given or next((path for path in _ROOTS if os.path.exists(path)), "system")  # noqa: PTH110


def connect(address: Address, login: str, password: str, name: str) -> psycopg.Connection[Any]:
    """A connection in autocommit mode. Raises Surroundings or NoAccess in plain words."""
    import psycopg

    try:
        return raw(address, login, password, name)
    except psycopg.Error as error:
        raise unreachable(error, address) from None


def raw(address: Address, login: str, password: str, name: str) -> psycopg.Connection[Any]:
    """The same, with what the library raises."""
    from psycopg.conninfo import make_conninfo

    kind = _limited()
    asked = make_conninfo("", **parameters(address, login, password, name))
    with _bare_environment():
        return kind.connect(asked, autocommit=True)


_CLASS: list[type[psycopg.Connection[Any]]] = []


def _limited() -> type[psycopg.Connection[Any]]:
    """The connection's class, of which every exchange has an end."""
    if not _CLASS:
        import psycopg

        class Limited(psycopg.Connection[Any]):
            """Gives up after ``CALL_S``: a server that is stopped, not gone, would be waited for for good."""

            def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
                return super().wait(gen, interval, CALL_S if timeout is None else timeout)

        _CLASS.append(Limited)
    return _CLASS[0]


@contextmanager
def _bare_environment() -> Iterator[None]:
    """Without libpq's variables while it reads them."""
    kept = {name: os.environ.pop(name) for name in [n for n in os.environ if n.startswith("PG")]}
    try:
        yield
    finally:
        os.environ.update(kept)
