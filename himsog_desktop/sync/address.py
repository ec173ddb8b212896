"""Where the shared database is, as a person or a script writes it; pure.

    postgresql://host[:port]/database[?sslrootcert=FILE]      https://host[:port][/path]

An address is stored and shown, so it holds no secret: one with a password in it is refused (a name alone is left out:
who signs in says so then). A server on another
computer is spoken to over TLS that proves who it is, or not at all (reliability, S18); on this computer (a
loopback address or a Unix socket) the line needs no proof.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from himsog_desktop.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

PORT = 5432
SAFE_MODES = ("verify-full",)
WEAK_MODES = ("disable", "allow", "prefer", "require", "verify-ca")
OPTIONS = ("host", "hostaddr", "port", "sslrootcert", "sslmode")
"""What may stand after the question mark."""

_SECRETS = ("password", "passfile", "sslpassword", "sslkey", "user", "service")
_EXAMPLE = "Write it like postgresql://server.clinic.example/himsog?sslrootcert=/path/to/ca.pem"


@dataclass(frozen=True, slots=True)
class Address:
    """An address that was looked over. ``options`` are those that were given, by name."""

    kind: Literal["postgres", "http"]
    host: str
    port: int
    database: str
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The same address in one way of writing; no secret in it."""
        if self.kind == "http":
            port = "" if self.port == 443 else f":{self.port}"
            return f"https://{self._bracketed}{port}{self.database}"
        socket = self.host.startswith("/")
        port = "" if self.port == PORT else str(self.port)
        options = {**({"host": self.host} if socket else {}), **({"port": port} if socket and port else {})}
        options |= self.options
        name = "" if socket else f"{self._bracketed}{':' if port else ''}{port}"
        asked = f"?{urlencode(options, quote_via=quote, safe='/:')}" if options else ""
        return f"postgresql://{name}/{quote(self.database)}{asked}"

    @property
    def _bracketed(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def local(self) -> bool:
        """Whether the server is this computer: nobody stands between."""
        if self.host.startswith("/"):
            return True
        there = self.options.get("hostaddr")
        if there is not None and not _loopback(there):
            return False
        return self.host == "localhost" or _loopback(self.host)

    @property
    def encrypted(self) -> bool:
        """Whether the line is TLS that proves who the server is."""
        if self.kind == "http" or not self.local:
            return True
        return self.options.get("sslmode") in SAFE_MODES or "sslrootcert" in self.options


def parse(text: str) -> Address:
    """Look an address over.

    Raises BadInput, with what to write instead; what was typed is not repeated, there may be a password in it.
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port
        host = unquote(parts.hostname or "")
    except ValueError:
        raise BadInput("bad_value", f"That is not an address. {_EXAMPLE}") from None
    if ":" in parts.netloc.rpartition("@")[0]:
        raise BadInput(
            "bad_value",
            "Leave the name and the password out of the address: it is stored and shown. Sign in with himsog signin.",
        )
    if parts.scheme == "https":
        return _http(host, port, parts.path.rstrip("/"), bool(parts.query or parts.fragment))
    if parts.scheme not in ("postgresql", "postgres"):
        raise BadInput("bad_value", f"An address begins with postgresql:// or https://. {_EXAMPLE}")
    return _postgres(host, port, unquote(parts.path.strip("/")), dict(parse_qsl(parts.query, keep_blank_values=True)))


def without_secret(url: str) -> str:
    """An administrator's URL without its name, password and keys: what desks may keep. Raises BadInput."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        raise BadInput("bad_value", f"That is not an address. {_EXAMPLE}") from None
    asked = [(n, v) for n, v in parse_qsl(parts.query, keep_blank_values=True) if n in OPTIONS]
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2], query=urlencode(asked, quote_via=quote, safe="/:"))
    return bare.geturl()


def _http(host: str, port: int | None, path: str, more: bool) -> Address:
    if not host or more:
        raise BadInput("bad_value", "Write the address like https://himsog.clinic.example")
    return Address("http", host, port or 443, path)


def _postgres(host: str, port: int | None, database: str, options: dict[str, str]) -> Address:
    if any(name in options for name in _SECRETS):
        raise BadInput(
            "bad_value",
            "Leave names, passwords and keys out of the address: it is stored and shown. Sign in with himsog signin.",
        )
    unknown = [name for name in options if name not in OPTIONS]
    if unknown:
        raise BadInput("bad_value", f"{unknown[0][:40]!r} is not known here. There are: {', '.join(OPTIONS)}.")
    host = host or options.pop("host", "")
    options.pop("host", None)
    asked = options.pop("port", "")
    if asked:
        if not asked.isdigit() or not 0 < int(asked) < 65536:
            raise BadInput("bad_value", "The port is a number from 1 to 65535.")
        port = port or int(asked)
    if not host or "," in host:
        raise BadInput("bad_value", f"The address names no server, or several: name one. {_EXAMPLE}")
    if not database or "/" in database:
        raise BadInput("bad_value", f"The address names no database. {_EXAMPLE}")
    found = Address("postgres", host, port or PORT, database, options)
    _check_mode(found)
    return found


def _check_mode(address: Address) -> None:
    """Raises BadInput when the address asks for a line that does not prove who the server is."""
    mode = address.options.get("sslmode")
    if mode is None or mode in SAFE_MODES or (mode == "disable" and address.local):
        return
    if mode not in WEAK_MODES:
        raise BadInput("bad_value", f"sslmode={mode[:20]} is not known. Leave it out: it is verify-full then.")
    raise BadInput(
        "bad_value",
        f"With sslmode={mode} somebody on the network could pose as the server and read the password. Leave sslmode "
        "out (it is verify-full then), and name the file of your clinic's certificate authority: "
        "?sslrootcert=/path/to/ca.pem",
    )


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
