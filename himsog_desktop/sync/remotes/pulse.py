"""Whether a server answers at all: asked in one breath, without a login, at next to no cost to the server."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from himsog_desktop.sync.address import Address

SSL_REQUEST: Final = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"
"""Asks a PostgreSQL for a TLS line; it says S or N before anybody has a name (PostgreSQL protocol, SSLRequest)."""

PATIENCE_S: Final = 3.0


def answers(address: Address, patience: float = PATIENCE_S) -> bool:
    """Whether the server says anything within so many seconds. No name and no password leaves, and it logs nothing.

    An open port alone is no answer: what stands before a server takes connections also when there is none behind it.
    """
    try:
        with _line(address, patience) as line:
            if address.kind == "http":
                return True
            line.settimeout(patience)
            line.sendall(SSL_REQUEST)
            return bool(line.recv(1))
    except OSError:
        return False


def _line(address: Address, patience: float) -> socket.socket:
    if not address.host.startswith("/"):
        return socket.create_connection((address.options.get("hostaddr") or address.host, address.port), patience)
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(patience)
        line.connect(f"{address.host}/.s.PGSQL.{address.port}")
    except OSError:
        line.close()
        raise
    return line
