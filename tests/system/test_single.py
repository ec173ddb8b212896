"""Locks between processes, one window per profile, and the word to it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from himsog_desktop.system import single
from himsog_desktop.system.locks import FileLock
from himsog_desktop.system.single import FifoNudges, FileNudges, Nudges, OneWindow, nudge

HOLD = (
    "import sys; from pathlib import Path; from himsog_desktop.system.locks import FileLock;"
    "print(FileLock(Path(sys.argv[1])).try_acquire() or 'no', flush=True); sys.stdin.read()"
)


def _run(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


# ------------------------------------------------------------------------------------------- locks


def test_two_locks_exclude_each_other(tmp_path: Path) -> None:
    one, two = FileLock(tmp_path / "l"), FileLock(tmp_path / "l")
    assert one.try_acquire()
    assert one.try_acquire()
    assert not two.try_acquire()
    assert not two.acquire(0.05)
    assert (one.held, two.held) == (True, False)
    one.release()
    one.release()
    assert two.acquire(0)
    two.release()


def test_a_lock_as_a_block_is_given_back(tmp_path: Path) -> None:
    other = FileLock(tmp_path / "l")

    def fail_inside() -> None:
        with FileLock(tmp_path / "l"):
            assert not other.try_acquire()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_inside()
    assert other.try_acquire()
    other.release()


def test_a_waiting_lock_gets_its_turn(tmp_path: Path) -> None:
    held, got = FileLock(tmp_path / "l"), threading.Event()
    held.try_acquire()
    other = FileLock(tmp_path / "l")

    def wait() -> None:
        if other.acquire(10):
            got.set()

    thread = threading.Thread(target=wait)
    thread.start()
    held.release()
    assert got.wait(10)
    thread.join()
    other.release()


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    path = tmp_path / "l"
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdin is not None
    try:
        assert child.stdout.readline().strip() == b"True"
        lock = FileLock(path)
        assert not lock.try_acquire()
        child.kill()
        child.wait()
        assert lock.acquire(5)
        assert _run(HOLD, str(path)) == "no"
        lock.release()
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
        child.stdin.close()


# ---------------------------------------------------------------------------------- one window, words


@pytest.fixture(params=["fifo", "file"])
def ear(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Nudges]:
    made: Nudges
    if request.param == "fifo":
        if not hasattr(os, "mkfifo"):
            pytest.skip("this system has no FIFOs")
        made = FifoNudges(tmp_path / single.FIFO)
    else:
        made = FileNudges(tmp_path / single.FOLDER)
    yield made
    made.close()


def test_a_word_arrives(tmp_path: Path, ear: Nudges) -> None:
    for word in single.WORDS:
        assert nudge(tmp_path, word)
        assert ear.receive() == (word,)


def test_the_same_word_many_times_is_one(tmp_path: Path, ear: Nudges) -> None:
    for _ in range(5_000):
        assert nudge(tmp_path, "changed")
    assert nudge(tmp_path, "raise")
    heard: set[str] = set()
    while heard != {"raise", "changed"}:
        heard.update(ear.receive())


def test_closing_wakes_the_listener(tmp_path: Path, ear: Nudges) -> None:
    heard: list[tuple[str, ...]] = []
    listening = threading.Event()

    def listen() -> None:
        listening.set()
        heard.append(ear.receive())

    thread = threading.Thread(target=listen)
    thread.start()
    assert listening.wait(5)
    ear.close()
    thread.join(5)
    assert heard == [()]
    assert ear.receive() == ()
    assert not nudge(tmp_path, "raise")
    assert list(tmp_path.iterdir()) == []


def test_a_word_from_another_process_arrives(tmp_path: Path, ear: Nudges) -> None:
    code = (
        "import sys; from pathlib import Path; from himsog_desktop.system.single import nudge;"
        "print(nudge(Path(sys.argv[1]), 'raise'))"
    )
    assert _run(code, str(tmp_path)) == "True"
    assert ear.receive() == ("raise",)


def test_only_the_two_words_are_words(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="raise, changed"):
        nudge(tmp_path, "quit")


def test_nobody_listens(tmp_path: Path) -> None:
    assert not nudge(tmp_path, "raise")
    assert not nudge(tmp_path / "missing", "changed")
    (tmp_path / single.FIFO).write_text("not a fifo")
    assert not nudge(tmp_path, "changed")
    assert (tmp_path / single.FIFO).read_text() == "not a fifo"


needs_fifo = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")


@needs_fifo
def test_noise_is_dropped(tmp_path: Path) -> None:
    ear = FifoNudges(tmp_path / single.FIFO)
    handle = os.open(tmp_path / single.FIFO, os.O_WRONLY | os.O_NONBLOCK)
    try:
        os.write(handle, b"\0" * 4_092 + b"\nraise\n")
        assert ear.receive() == ("raise",)
        os.write(handle, b"\0" * 9_000 + b"\nquit\nRAISE\nraise; rm\n\xff\nchanged\n")
        assert ear.receive() == ("changed",)
    finally:
        os.close(handle)
        ear.close()


@needs_fifo
def test_what_a_dead_window_left_is_taken_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / single.FIFO)
    assert not nudge(tmp_path, "raise")
    ear = FifoNudges(tmp_path / single.FIFO)
    assert nudge(tmp_path, "raise")
    assert ear.receive() == ("raise",)
    ear.close()


@needs_fifo
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
def test_another_user_of_the_machine_cannot_speak(tmp_path: Path) -> None:
    ear = FifoNudges(tmp_path / single.FIFO)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)  # so that it is the FIFO that refuses
    assert stat.S_IMODE((tmp_path / single.FIFO).stat().st_mode) == 0o600
    code = (
        "import os, sys\n"
        "from himsog_desktop.system.single import nudge\n"
        "from pathlib import Path\n"
        "os.setuid(65534)\n"
        "os.stat(sys.argv[1])\n"
        "print(nudge(Path(sys.argv[1]), 'raise'))"
    )
    try:
        assert _run(code, str(tmp_path)) == "False"
    finally:
        ear.close()


def test_the_second_window_raises_the_first(tmp_path: Path) -> None:
    first, second = OneWindow(tmp_path), OneWindow(tmp_path)
    assert first.claim()
    ear = first.listen()
    assert not second.claim()
    assert ear.receive() == ("raise",)
    with pytest.raises(RuntimeError):
        second.listen()
    ear.close()
    first.release()
    assert second.claim()
    second.release()


def test_where_no_fifo_can_be_made_files_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, mode: int) -> None:
        raise PermissionError(1, "not here")

    monkeypatch.setattr(os, "mkfifo", refuse, raising=False)
    window = OneWindow(tmp_path)
    assert window.claim()
    ear = window.listen()
    assert isinstance(ear, FileNudges)
    assert not OneWindow(tmp_path).claim()
    assert ear.receive() == ("raise",)
    ear.close()
    window.release()


def test_two_windows_of_two_profiles(tmp_path: Path) -> None:
    windows = []
    for name in "ab":
        (tmp_path / name).mkdir()
        windows.append(OneWindow(tmp_path / name))
    assert all(window.claim() for window in windows)
    for window in windows:
        window.release()
