"""The log holds events and ids, never words; and what nobody caught ends there."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.errors import BadInput, HimsogError, Surroundings
from himsog_desktop.system import crash, keyslots, logs
from himsog_desktop.system.crash import CrashGuard
from himsog_desktop.system.logs import Log

CANARY = "Reyes, Ana"
UUID = "0f8b8b54-8f3c-4b7a-9a51-6d1f5e6a7c11"


class Mood(StrEnum):
    GOOD = "Reyes, Ana (as a value)"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    (tmp_path / keyslots.FILE).write_text("{}")
    return tmp_path


@pytest.fixture
def log(profile: Path) -> Log:
    return Log(profile, logs.DEBUG)


def _records(log: Log) -> list[dict[str, object]]:
    assert log.path is not None
    if not log.path.exists():
        return []
    return [json.loads(line) for line in log.path.read_bytes().decode("ascii").splitlines()]


# ------------------------------------------------------------------------------------------ records


def test_a_record_tells_what_happened(log: Log) -> None:
    log.info("sync.done", rows=5, took=0.25, full=False, appointment=UUID, mood=Mood.GOOD, last=None)
    [record] = _records(log)
    assert str(record.pop("at")).endswith("+00:00")
    assert record == {
        "level": "info",
        "event": "sync.done",
        "pid": os.getpid(),
        "rows": 5,
        "took": 0.25,
        "full": False,
        "appointment": UUID,
        "mood": "GOOD",
        "last": None,
    }


@pytest.mark.parametrize(
    "value",
    [
        CANARY,
        UUID + "\n",
        UUID.upper(),
        f"{UUID} {CANARY}",
        CANARY.encode(),
        [CANARY],
        {CANARY: CANARY},
        (1, CANARY),
        object(),
        Path(CANARY),
        "",
    ],
)
def test_anything_else_is_redacted(log: Log, value: object) -> None:
    log.info("x", field=value)  # type: ignore[arg-type]
    assert _records(log)[0]["field"] == logs.REDACTED


@given(st.text(), st.text(), st.text())
def test_no_text_gets_in(tmp_path_factory: pytest.TempPathFactory, event: str, name: str, value: str) -> None:
    folder = tmp_path_factory.mktemp("p")
    (folder / keyslots.FILE).write_text("{}")
    log = Log(folder, logs.DEBUG)
    log.info(f"{CANARY}{event}", **{f"{CANARY}{name}": 1, "value": CANARY + value})
    assert log.path is not None
    content = log.path.read_bytes()
    assert CANARY.encode() not in content
    assert content.count(b"\n") == 1
    assert content.endswith(b"\n")
    assert b"\r" not in content


def test_a_field_cannot_pose_as_one_of_ours(log: Log) -> None:
    log.info("x", level="error", pid=1, at=0)  # type: ignore[arg-type]
    [record] = _records(log)
    assert (record["level"], record["pid"]) == ("info", os.getpid())


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("debug", "debug info warning error"),
        ("WARNING ", "warning error"),
        ("error", "error"),
        ("off", ""),
        ("loud", "info warning error"),
        (None, "info warning error"),
    ],
)
def test_the_level(profile: Path, monkeypatch: pytest.MonkeyPatch, said: str | None, written: str) -> None:
    if said is not None:
        monkeypatch.setenv("HIMSOG_LOG", said)
    log = logs.open_log(profile)
    for event in ("debug", "info", "warning", "error"):
        getattr(log, event)(event)
    assert [record["event"] for record in _records(log)] == written.split()


# ----------------------------------------------------------------------------------- where it is kept


def test_nothing_is_written_where_there_is_no_profile(tmp_path: Path) -> None:
    Log(tmp_path).error("x")
    Log(tmp_path / "missing").error("x")
    Log(None).error("x")
    assert list(tmp_path.iterdir()) == []
    assert Log(None).path is None


def test_files_are_for_their_owner(log: Log) -> None:
    log.info("x")
    assert log.path is not None
    if os.name == "posix":
        assert stat.S_IMODE(log.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(log.path.parent.stat().st_mode) == 0o700


def test_a_full_file_moves_on_and_the_oldest_goes(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MOST_BYTES", 400)
    for n in range(60):
        log.info("x", n=n)
    assert log.path is not None
    folder = log.path.parent
    names = {path.name for path in folder.iterdir()} - {"rotate.lock"}
    assert names <= {"himsog.log", *(f"himsog.log.{n}" for n in range(1, logs.OLD_FILES + 1))}
    assert all(path.stat().st_size < 600 for path in folder.iterdir())
    newest = [json.loads(line)["n"] for line in (folder / "himsog.log.1").read_bytes().splitlines()]
    older = [json.loads(line)["n"] for line in (folder / "himsog.log.2").read_bytes().splitlines()]
    assert older[-1] + 1 == newest[0]


def test_many_threads_write_whole_lines(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MOST_BYTES", 1 << 30)

    def many(who: int) -> None:
        for n in range(100):
            log.info("x", who=who, n=n)

    threads = [threading.Thread(target=many, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(_records(log)) == 400


def test_a_log_that_cannot_be_written_stops_nothing(profile: Path) -> None:
    (profile / "logs").write_text("in the way")
    Log(profile).error("x")
    assert (profile / "logs").read_text() == "in the way"


# ------------------------------------------------------------------------------------------- errors


class Foreign(Exception):
    """As psycopg's: its message quotes the row."""


def _fails(secret: str) -> None:
    local = f"{secret} once more"
    try:
        raise Foreign(f"DETAIL: Key (name)=({local})")
    except Foreign:
        raise BadInput("bad_value", f"no {local}") from None


def test_an_error_is_told_without_its_words(log: Log) -> None:
    try:
        _fails(CANARY)
    except HimsogError as error:
        log.exception("command.failed", error, act=UUID)
    [record] = _records(log)
    assert record["error"] == "himsog_desktop.domain.errors.BadInput(bad_value)"
    assert record["act"] == UUID
    frames = record["frames"]
    assert isinstance(frames, list)
    assert str(frames[-1]).split(":")[0].endswith("test_logs._fails")
    # What ``from None`` hides from a person is the reason here.
    assert "Foreign" in json.dumps(record["causes"])
    assert log.path is not None
    assert CANARY not in log.path.read_text()


def test_errors_as_values_and_odd_codes(log: Log) -> None:
    log.info("x", a=OSError(28, CANARY), b=Surroundings("offline", CANARY), c=ValueError(CANARY), d=ValueError)
    log.info("y", a=BadInput(CANARY, CANARY))
    first, second = _records(log)
    assert first["a"] == "OSError(28)"
    assert first["b"] == "himsog_desktop.domain.errors.Surroundings(offline)"
    assert first["c"] == first["d"] == "ValueError"
    assert second["a"] == "himsog_desktop.domain.errors.BadInput"


def test_endless_causes_and_deep_stacks_are_bounded(log: Log) -> None:
    def deep(n: int) -> None:
        if n:
            deep(n - 1)
        raise ValueError

    one, two = ValueError(), KeyError()
    one.__context__, two.__context__ = two, one
    log.exception("x", one)
    try:
        deep(300)
    except ValueError as error:
        log.exception("x", error)
    first, second = _records(log)
    assert isinstance(first["causes"], list)
    assert len(first["causes"]) == 1
    assert isinstance(second["frames"], list)
    assert len(second["frames"]) == logs.MOST_FRAMES + 1


def test_what_libraries_log_is_told_without_their_words(log: Log, log_guard: object) -> None:
    library = logging.getLogger("some.library")
    library.propagate = False  # so that the guard of the tests hears nothing
    handler = logs.bridge_stdlib(log)
    logging.getLogger().removeHandler(handler)
    library.addHandler(handler)
    try:
        library.info("quiet %s", CANARY)
        library.warning("loud %s", CANARY)
        try:
            raise Foreign(CANARY)
        except Foreign:
            library.exception(CANARY)
    finally:
        library.removeHandler(handler)
        library.propagate = True
    loud, failed = _records(log)
    assert (loud["event"], loud["level"], loud["logger"]) == ("library", "warning", "some.library")
    assert str(loud["place"]).startswith("test_logs.test_what_libraries_log")
    assert str(failed["error"]).endswith("Foreign")
    assert log.path is not None
    assert CANARY not in log.path.read_text()


# ------------------------------------------------------------------------------------ the last resort


@pytest.fixture
def _hooks() -> Iterator[None]:
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    yield
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before


@pytest.mark.usefixtures("_hooks")
def test_what_nobody_caught_is_logged_and_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    log = Log(tmp_path, logs.DEBUG)
    told: list[BaseException] = []
    for notify in (None, told.append):
        guard = CrashGuard(log, notify)
        guard.install()
        guard.install()
        (tmp_path / keyslots.FILE).write_text("{}")  # after install: pytest has faulthandler for itself
        error = ValueError(CANARY)
        try:
            sys.excepthook(ValueError, error, None)
            thread = threading.Thread(target=lambda: [][0])
            thread.start()
            thread.join()
            sys.unraisablehook(_Unraisable(error))  # type: ignore[arg-type]
        finally:
            guard.remove()
            guard.remove()
        (tmp_path / keyslots.FILE).unlink()
    out = capfd.readouterr()
    assert out.out == ""
    assert out.err.splitlines() == [crash.SORRY] * 2
    assert [type(error) for error in told] == [ValueError, IndexError]
    events = [record["event"] for record in _records(log)]
    assert events == ["uncaught", "uncaught.thread", "uncaught.unraisable"] * 2
    assert log.path is not None
    assert CANARY not in log.path.read_text()


class _Unraisable:
    def __init__(self, error: BaseException) -> None:
        self.exc_type, self.exc_value, self.exc_traceback = type(error), error, None
        self.err_msg, self.object = CANARY, CANARY


@pytest.mark.usefixtures("_hooks")
def test_telling_that_fails_does_not_go_round(log: Log) -> None:
    def notify(error: BaseException) -> None:
        sys.excepthook(type(error), error, None)
        raise RuntimeError

    profile = log.profile_dir
    assert profile is not None
    (profile / keyslots.FILE).unlink()
    guard = CrashGuard(log, notify)
    guard.install()
    (profile / keyslots.FILE).write_text("{}")
    try:
        sys.excepthook(ValueError, ValueError(), None)
    finally:
        guard.remove()
    assert [record["event"] for record in _records(log)] == ["uncaught", "uncaught.telling"]


def _program(code: str, profile: Path) -> subprocess.CompletedProcess[str]:
    text = (
        "import sys\nfrom pathlib import Path\nfrom himsog_desktop.system.crash import CrashGuard\n"
        "from himsog_desktop.system.logs import open_log\n"
        "guard = CrashGuard(open_log(Path(sys.argv[1])))\nguard.install()\n" + code
    )
    return subprocess.run(
        [sys.executable, "-c", text, str(profile)], capture_output=True, text=True, check=False, timeout=60
    )


def test_a_program_that_fails_says_a_sentence_and_no_traceback(profile: Path) -> None:
    done = _program(f"raise ValueError({CANARY!r})", profile)
    assert done.returncode == 1
    assert done.stderr.strip() == crash.SORRY
    content = (profile / "logs" / "himsog.log").read_text()
    assert '"error":"ValueError"' in content
    assert CANARY not in content
    assert not crash.crashed_before(profile)


@pytest.mark.skipif(os.name != "posix", reason="limits the core file, which only POSIX has")
def test_a_crash_in_native_code_is_kept_and_said_once(profile: Path) -> None:
    done = _program(
        f"secret = {CANARY!r}\nimport resource, faulthandler\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\nfaulthandler._sigsegv()",
        profile,
    )
    assert done.returncode != 0
    content = (profile / "logs" / crash.FILE).read_text()
    assert "Segmentation fault" in content
    assert CANARY not in content
    assert crash.crashed_before(profile)
    assert not crash.crashed_before(profile)
