"""Workstations of a clinic for campaigns: profiles of the real program at a real PostgreSQL, by the command line.

Everything goes through ``himsog`` as a script would use it, so that a campaign tries what people run.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cli.racing import COMMAND, ROOT, Batch
from tests.support import postgres
from tests.support.profiles import SETUP

PASSPHRASE = "a phrase for the campaign"
PASSWORD = "a password for the campaign"
NOW = "2026-11-20T08:00:00+08:00"


class CampaignServer:
    """A PostgreSQL that keeps what it said, also when it is stopped in the middle of it."""

    def __init__(self, name: str) -> None:
        import psycopg

        self._server = postgres.start(name)
        with psycopg.connect(self._server.url(), autocommit=True) as db:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                db.execute(f"ALTER SYSTEM SET {setting} = on")
            db.execute("ALTER SYSTEM SET max_connections = 200")
        self.stop_immediately()
        self.begin()
        self._database = self._server.create()
        self.admin = self._database.url
        """The administrator's way in, by the socket."""
        self.address = ("127.0.0.1", self._server.port)

    def url(self, port: int | None = None) -> str:
        """What a workstation connects to, by that port of a proxy."""
        return f"postgresql://127.0.0.1:{port or self._server.port}/{self._database.name}"

    def stop_immediately(self) -> None:
        """``pg_ctl stop -m immediate``: nothing is finished, nothing is flushed."""
        self._control("-m", "immediate", "-w", "stop")

    def begin(self) -> None:
        """Start it again."""
        assert self._server.folder is not None
        self._control("-l", str(self._server.folder / "log"), "-w", "-t", "60", "start")

    def dump(self, file: Path) -> None:
        """``pg_dump`` of the clinic's database into a file."""
        self._server.run("pg_dump", "-Fc", "-f", str(file), "-d", self.admin)

    def restore(self, file: Path) -> None:
        """The database is what it was when it was dumped: dropped, made anew, restored."""
        import psycopg
        from psycopg import sql

        name = sql.Identifier(self._database.name)
        with psycopg.connect(self._server.url(), autocommit=True) as db:
            db.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
            db.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
        self._server.run("pg_restore", "-d", self.admin, str(file))

    def _control(self, *arguments: str) -> None:
        assert self._server.folder is not None
        self._server.run("pg_ctl", "-D", str(self._server.folder / "data"), *arguments, **postgres.as_server())

    def end(self) -> None:
        """Stop it for good."""
        self._server.stop()


@contextmanager
def campaign_server(version: int | None) -> Iterator[CampaignServer]:
    """A server of that major version, the usual one without."""
    server = CampaignServer(str(version) if version else postgres.USUAL)
    try:
        yield server
    finally:
        server.end()


@dataclass
class Station:
    """A profile on one workstation, signed in as ``login`` at ``url``."""

    folder: Path
    login: str
    agent: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def environment(self) -> dict[str, str]:
        """What its commands run in."""
        return {
            **os.environ,
            "HIMSOG_PROFILE": str(self.folder),
            "HIMSOG_PASSPHRASE": PASSPHRASE,
            "HIMSOG_PASSWORD": PASSWORD,
            "HIMSOG_NOW": NOW,
        }

    def run(self, *argv: str, seconds: float = 300, good: tuple[int, ...] = (0,)) -> Any:
        """One command; its document. Raises AssertionError, with what it said, on another exit code."""
        return run(self.environment, *argv, seconds=seconds, good=good)

    def batch(self) -> Batch:
        """A running ``himsog batch`` at it."""
        return Batch(self.environment)

    def start(self, *argv: str) -> subprocess.Popen[bytes]:
        """A command in the background."""
        return subprocess.Popen(
            [*COMMAND, "--json", *argv],
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def sync(self, seconds: float = 120) -> Any:
        """Sync until nothing waits; the last document. Raises AssertionError when that takes too long."""
        until = time.monotonic() + seconds
        while True:
            found = self.run("sync", good=(0, 1, 3))
            if found.get("state") == "done" and found["waiting"] == 0:
                return found
            assert time.monotonic() < until, f"{self.login} does not drain: {found}"
            time.sleep(0.2)

    def copy(self, folder: Path, login: str) -> Station:
        """The same profile on another workstation, as a disk image that was cloned."""
        shutil.copytree(self.folder, folder)
        return Station(folder, login)


def run(environment: dict[str, str], *argv: str, seconds: float = 300, good: tuple[int, ...] = (0,)) -> Any:
    """One command in that environment; its document."""
    done = subprocess.run(
        [*COMMAND, "--json", *argv], env=environment, cwd=ROOT, capture_output=True, timeout=seconds, check=False
    )
    said = done.stdout.decode(), done.stderr.decode()[-2000:]
    assert done.returncode in good, f"{argv}: exit {done.returncode}: {said}"
    return json.loads(done.stdout)


def clinic(folder: Path) -> Station:
    """A local profile with the clinic under test: what a shared database is made from."""
    made = Station(folder / "first", "owner")
    made.run("profile", "create", str(made.folder), "--clinic", "Campaign", "--timezone", "Asia/Manila")
    setup = folder / "clinic.toml"
    setup.write_text(SETUP, encoding="utf-8")
    made.run("setup", "apply", str(setup))
    return made


def share(first: Station, url: str) -> str:
    """Make the shared database from that profile; the clinic's id."""
    made = first.run("database", "create", url, "--from-profile", str(first.folder))
    return str(made["clinics"][0]["id"])


def staff(environment: dict[str, str], admin_url: str, clinic_id: str, logins: list[str], role: str) -> None:
    """People with a login each."""
    for login in logins:
        command = ["staff", "add", login, "--role", role, "--clinic", clinic_id, "--database", admin_url]
        done = subprocess.run(
            [*COMMAND, "--json", *command, "--password-stdin"],
            env=environment,
            cwd=ROOT,
            input=PASSWORD.encode() + b"\n",
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)


def station(folder: Path, url: str, clinic_id: str, login: str) -> Station:
    """A new workstation at that clinic, filled for the first time."""
    made = Station(folder, login)
    made.run("profile", "create", str(folder), "--clinic", "Empty", "--timezone", "Asia/Manila")
    made.run("connect", url, "--clinic", clinic_id)
    made.run("signin", login)
    made.sync()
    return made


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process of ours as a power cut does."""
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.communicate()


def eventually(what: str, holds: Callable[[], bool], seconds: float = 120) -> float:
    """Wait until it holds; the seconds that took. Raises AssertionError."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.2)
    return time.monotonic() - began
