"""The himsog command at the clinic under test: in this process for the many, as a real process for a few."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from himsog_desktop import cli
from himsog_desktop.system import keyslots, oskeyring, recovery
from himsog_desktop.system.keyslots import Cost, KeySlots
from tests.support.keyring_memory import MemoryKeyring
from tests.support.profiles import KEY, clinic_template

__all__ = ["clinic_template"]

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "a phrase for the tests"
NOW = "2026-11-20T08:00:00+08:00"


@dataclass(frozen=True)
class Answered:
    """What one command left behind."""

    exit: int
    out: bytes
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        assert self.out.count(b"\n") == 1, self.out[:500]
        return msgspec.json.decode(self.out)

    @property
    def text(self) -> str:
        return self.out.decode()

    @property
    def error(self) -> Any:
        """The error document's body."""
        assert self.exit != 0
        return self.document["error"]


Himsog = Callable[..., Answered]


@pytest.fixture(scope="session")
def cli_template(clinic_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clinic under test with key slots: a keyring's for this process, a passphrase's for others."""
    from himsog_desktop.storage.cache import Cache

    folder = tmp_path_factory.mktemp("cli") / "profile"
    shutil.copytree(clinic_template, folder)
    with Cache(folder, KEY) as cache:
        profile = cache.meta("profile")
    slots = KeySlots(
        profile,
        keyslots.new_check(KEY),
        (
            keyslots.keyring_slot(profile, KEY, _wrapping()),
            keyslots.passphrase_slot(profile, KEY, PASSPHRASE, Cost(64, 1, 1)),
            keyslots.recovery_slot(profile, KEY, recovery.new_secret()),
        ),
    )
    keyslots.write(folder, slots, new=True)
    return folder


def _wrapping() -> bytes:
    return bytes(range(100, 132))


@pytest.fixture
def profile(cli_template: Path, tmp_path: Path, keyring_memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile of this test's own, named by the environment, at a fixed moment."""
    from binascii import b2a_base64

    folder = tmp_path / "profile"
    shutil.copytree(cli_template, folder)
    oskeyring.store(keyring_memory, keyslots.read(folder).profile_id, b2a_base64(_wrapping(), newline=False).decode())
    monkeypatch.setenv("HIMSOG_PROFILE", str(folder))
    monkeypatch.setenv("HIMSOG_NOW", NOW)
    return folder


def run_here(*argv: object, stdin: bytes = b"") -> Answered:
    """One command in this process."""
    out, err, before = io.BytesIO(), io.BytesIO(), (sys.stdin, sys.stdout, sys.stderr)
    # Held until the bytes are read: a text stream that is let go of closes them.
    held = [io.TextIOWrapper(stream, "utf-8") for stream in (io.BytesIO(stdin), out, err)]
    sys.stdin, sys.stdout, sys.stderr = held
    try:
        code = cli.main([str(argument) for argument in argv])
        for stream in held[1:]:
            stream.flush()
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    return Answered(code, out.getvalue(), err.getvalue().decode())


@pytest.fixture
def himsog(profile: Path) -> Himsog:
    """Run a command in this process, for people: ``himsog("appointments").text``."""
    return run_here


@pytest.fixture
def asked(profile: Path) -> Himsog:
    """The same with ``--json``: ``asked("appointments").document``."""

    def run(*argv: object, stdin: bytes = b"") -> Answered:
        return run_here("--json", *argv, stdin=stdin)

    return run


def environment(profile: Path) -> dict[str, str]:
    """The environment of a real process at this profile."""
    return {
        **os.environ,
        "HIMSOG_PROFILE": str(profile),
        "HIMSOG_PASSPHRASE": PASSPHRASE,
        "HIMSOG_NOW": NOW,
        "PYTHONPATH": str(ROOT),
    }


COMMAND = [sys.executable, "-m", "himsog_desktop.cli"]


@pytest.fixture
def process(profile: Path) -> Himsog:
    """Run a command as a process of its own."""

    def run(*argv: object, stdin: bytes = b"") -> Answered:
        made = subprocess.run(
            [*COMMAND, *map(str, argv)], input=stdin, capture_output=True, env=environment(profile), check=False
        )
        return Answered(made.returncode, made.stdout, made.stderr.decode())

    return run


@pytest.fixture
def ids(asked: Himsog) -> dict[str, str]:
    """The ids of the three providers by key of the set-up document."""
    names = {"Dr Elena Cruz": "cruz", "Dr Ramon Lim": "lim", "Marisol Tan": "tan"}
    return {names[p["name"]]: p["id"] for p in asked("providers").document}
