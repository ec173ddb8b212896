"""Guards and surroundings of every test.

Noise is failure: warnings (``pyproject.toml``), Qt's warnings, log records that nobody announced, and
threads, timers, processes or windows that outlive their test. No test meets the person's home folder,
keyring, display or time zone.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from hypothesis import HealthCheck, settings

from tests.support.keyring_memory import MemoryKeyring
from tests.support.leaks import LeakGuard, StartRecorder
from tests.support.logs import LogGuard
from tests.support.postgres import KINDS, Database, Server, Servers

# ------------------------------------------------------------------------------------ surroundings

_HOME = Path(tempfile.mkdtemp(prefix="himsog-test-home-"))


def _surroundings() -> None:
    """Redirect everything that could reach the machine's own settings; children inherit it."""
    for name in [
        n for n in os.environ if n.startswith(("HIMSOG_", "XDG_", "QT_")) and not n.startswith("HIMSOG_TEST_")
    ]:
        del os.environ[name]
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "LANGUAGE", "LC_ALL"):
        os.environ.pop(name, None)
    runtime = _HOME / "run"
    runtime.mkdir(mode=0o700)
    os.environ.update(
        HOME=str(_HOME),
        USERPROFILE=str(_HOME),
        APPDATA=str(_HOME / "AppData" / "Roaming"),
        LOCALAPPDATA=str(_HOME / "AppData" / "Local"),
        XDG_DATA_HOME=str(_HOME / "data"),
        XDG_CONFIG_HOME=str(_HOME / "config"),
        XDG_CACHE_HOME=str(_HOME / "cache"),
        XDG_STATE_HOME=str(_HOME / "state"),
        XDG_RUNTIME_DIR=str(runtime),
        QT_QPA_PLATFORM="offscreen",
        LANG="C.UTF-8",
        # A child process has no keyring at all, unless its test gives it one.
        PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring",
        # Nobody lives in this zone: a layout in the computer's time in place of the clinic's shows at once.
        TZ="<+1245>-12:45",
    )
    if sys.platform != "win32":
        time.tzset()


_surroundings()


def pytest_sessionfinish() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def _clean_home() -> Iterator[None]:
    yield
    for left in _HOME.iterdir():
        if left.name == "run":
            continue
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real layouts and realistic data, kept beside the repository; a test that needs them skips without."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("HIMSOG_TEST_DATA", beside))
    if not folder.is_dir():
        pytest.skip(f"the shared data folder is not there: {folder} (HIMSOG_TEST_DATA names another)")
    return folder


# --------------------------------------------------------------------------------------- PostgreSQL


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    running = Servers()
    yield running
    running.stop()


@pytest.fixture
def postgres(servers: Servers) -> Server:
    """The PostgreSQL server of this test process."""
    return servers.get()


@pytest.fixture(params=list(KINDS) or [""])
def each_postgres(servers: Servers, request: pytest.FixtureRequest) -> Server:
    """Every PostgreSQL of this machine in turn: the oldest that we support and the newest."""
    return servers.get(request.param)


@pytest.fixture
def empty_database(postgres: Server) -> Iterator[Database]:
    """A database with nothing in it."""
    made = postgres.create()
    yield made
    made.drop()


@pytest.fixture
def shared_database(postgres: Server) -> Iterator[Database]:
    """A fresh shared database as ``himsog database create`` makes it, without a clinic."""
    made = postgres.create(postgres.template())
    yield made
    made.drop()


@pytest.fixture
def each_shared_database(each_postgres: Server) -> Iterator[Database]:
    """The same on every PostgreSQL of this machine."""
    made = each_postgres.create(each_postgres.template())
    yield made
    made.drop()


# ---------------------------------------------------------------------------------------- hypothesis

settings.register_profile("dev", max_examples=60, deadline=None, print_blob=True)
settings.register_profile(
    "ci", max_examples=200, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

# ------------------------------------------------------------------------------------------ keyring

_KEYRING = MemoryKeyring()
keyring.set_keyring(_KEYRING)


@pytest.fixture(autouse=True)
def keyring_memory() -> Iterator[MemoryKeyring]:
    """The keyring of this test: empty, in memory."""
    _KEYRING.clear()
    yield _KEYRING
    keyring.set_keyring(_KEYRING)


# ------------------------------------------------------------------------------------------- guards

_RECORDER = StartRecorder()


@pytest.fixture(scope="session", autouse=True)
def _record_starts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        _RECORDER.watch_threads(patch)
        yield


@pytest.fixture(autouse=True)
def log_guard() -> Iterator[LogGuard]:
    """Announce log lines here: ``log_guard.expect(pattern)``, ``log_guard.allow(pattern)``."""
    guard = LogGuard()
    root = logging.getLogger()
    root.addHandler(guard)
    yield guard
    root.removeHandler(guard)
    complaints = guard.complaints()
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)


@pytest.fixture(autouse=True)
def _no_leaks(log_guard: LogGuard) -> Iterator[None]:
    _RECORDER.watch_timers()
    guard = LeakGuard(_RECORDER)
    yield
    complaints = guard.complaints()
    if complaints:
        pytest.fail("the test left something behind:\n" + "\n".join(complaints), pytrace=False)
