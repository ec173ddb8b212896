"""Minding the agent: it is told its key, begun anew when it dies, and gone when the window is."""

import os
import queue
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from himsog_desktop.runtime import agent
from himsog_desktop.runtime.agent import Minder
from himsog_desktop.runtime.waker import Waker

UNTIL_CLOSED = "import sys; open(sys.argv[1], 'a').write(sys.stdin.readline()); sys.stdin.read()"
DIES = "import sys; open(sys.argv[1], 'a').write('x'); sys.exit(7)"


class Starts:
    """Starts a small program in the agent's place, and tells of each start."""

    def __init__(self, text: str, told: Path) -> None:
        self.text, self.told = text, told
        self.begun: queue.Queue[subprocess.Popen[bytes]] = queue.Queue()

    def __call__(self, line: list[str]) -> subprocess.Popen[bytes]:
        assert "himsog_desktop.services.agent" in line
        process = subprocess.Popen([sys.executable, "-c", self.text, str(self.told)], stdin=subprocess.PIPE)
        self.begun.put(process)
        return process


@pytest.fixture
def told(tmp_path: Path) -> Path:
    return tmp_path / "told"


def test_it_is_told_its_key_and_ends_when_the_pipe_is_closed(told: Path) -> None:
    starts = Starts(UNTIL_CLOSED, told)
    minder = Minder(["profile"], lambda: b"key\n", start=starts)
    minder.start()
    process = starts.begun.get(timeout=10)
    assert minder.stop()
    assert minder.stop()
    assert process.returncode == 0
    assert told.read_text() == "key\n"
    assert minder.pid is None


def test_one_that_dies_is_begun_anew_after_a_pause_and_its_exit_code_is_told(
    told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agent, "FIRST_S", 0.02)
    codes: queue.Queue[int] = queue.Queue()
    starts = Starts(DIES, told)
    minder = Minder(["profile"], lambda: b"key\n", died=codes.put, start=starts)
    minder.start()
    assert [codes.get(timeout=10) for _ in range(3)] == [7, 7, 7]
    assert minder.stop()
    assert starts.begun.qsize() >= 3


def test_one_that_does_not_listen_is_killed(told: Path) -> None:
    starts = Starts("import time; time.sleep(60)", told)
    minder = Minder(["profile"], lambda: b"key\n", start=starts)
    minder.start()
    process = starts.begun.get(timeout=10)
    assert minder.stop()
    assert process.returncode != 0


def test_one_that_begins_while_the_end_is_asked_for_is_killed(told: Path) -> None:
    starts = Starts("import time; time.sleep(60)", told)
    asked, begun = threading.Event(), threading.Event()

    def start(line: list[str]) -> subprocess.Popen[bytes]:
        process = starts(line)
        begun.set()
        assert asked.wait(10)
        return process

    minder = Minder(["profile"], lambda: b"key\n", start=start)
    minder.start()
    assert begun.wait(10)
    assert not minder.stop(0)
    asked.set()
    assert starts.begun.get(timeout=10).wait(10) != 0
    assert minder.stop()


def test_one_that_never_began_is_stopped_at_once() -> None:
    minder = Minder(["profile"], lambda: b"key\n", after=60)
    assert minder.stop()
    minder.start()
    assert minder.pid is None


def test_a_program_that_can_not_be_started_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent, "FIRST_S", 0.02)
    codes: queue.Queue[int] = queue.Queue()

    def start(line: list[str]) -> subprocess.Popen[bytes]:
        raise FileNotFoundError(line[0])

    minder = Minder(["profile"], lambda: b"key\n", died=codes.put, start=start)
    minder.start()
    assert [codes.get(timeout=10) for _ in range(2)] == [-1, -1]
    assert minder.stop()


def test_its_command_line_and_environment_hold_no_secret(monkeypatch: pytest.MonkeyPatch, told: Path) -> None:
    monkeypatch.setenv("HIMSOG_PASSPHRASE", "s3cret")
    monkeypatch.setenv("HIMSOG_PASSWORD", "s3cret")
    process = agent._spawn([sys.executable, "-c", "import os, sys; sys.exit('s3cret' in os.environ.values())"])
    assert process.wait(20) == 0
    assert process.stdin is not None
    process.stdin.close()


def test_the_end_of_the_pipe_is_noticed() -> None:
    near, far = os.pipe()
    closed: queue.Queue[bool] = queue.Queue()
    with os.fdopen(near, "rb") as stream:
        agent.until_closed(stream, lambda: closed.put(True))
        os.write(far, b"noise")
        os.close(far)
        assert closed.get(timeout=10)


def test_whoever_ends_while_the_pipe_is_open_ends_with_its_own_code() -> None:
    """Also when a thread waits at the pipe: an agent that may not start, say, whose window lives on."""
    code = (
        "import sys, threading; from himsog_desktop.runtime import agent;"
        " agent.until_closed(sys.stdin.buffer, print); threading.Event().wait(0.3); sys.exit(4)"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stderr is not None
    with child.stderr:
        assert (child.wait(30), child.stderr.read()) == (4, b"")
    assert child.stdin is not None
    child.stdin.close()


def test_many_wakes_are_one() -> None:
    waker = Waker()
    try:
        assert not waker.wait(0)
        for _ in range(100_000):
            waker.wake()
        assert waker.wait(10)
        assert not waker.wait(0)
    finally:
        waker.close()
    waker.wake()
