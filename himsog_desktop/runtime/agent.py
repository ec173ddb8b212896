"""The agent as a process: how a window starts and watches it, and how it notices that the window is gone.

It gets its key over a pipe, as the first line of its standard input; the pipe stays open, and its end is the sign
to stop. Nothing else is said between them: both see what the other wrote in the cache.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Final

FLAG: Final = "--run-agent"
MODULE: Final = "himsog_desktop.services.agent"

TAKEN: Final = 75
"""The exit code that says: another process syncs this profile."""

TAKEN_S: Final = 10.0
FIRST_S: Final = 1.0
LONGEST_S: Final = 60.0
GRACE_S: Final = 2.0
"""Seconds that an agent has for ending by itself; sync may be stopped anywhere: what was not settled is sent again."""

WELL_S: Final = 60.0
"""An agent that lived so long was well: the next start is at once again."""

_SECRETS = ("HIMSOG_PASSPHRASE", "HIMSOG_PASSWORD")


def command(arguments: Sequence[str]) -> list[str]:
    """The command line of an agent; in a frozen program that is the program itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, FLAG, *arguments]
    return [sys.executable, "-P", "-X", "utf8", "-m", MODULE, *arguments]


def asked(arguments: Sequence[str]) -> bool:
    """Whether a frozen program was started to be an agent; the rest are its arguments."""
    return arguments[:1] == [FLAG]


def until_closed(stream: IO[bytes], closed: Callable[[], None]) -> None:
    """Call ``closed`` on a thread of its own when the stream ends: whoever started us is gone or wants the end."""
    # Past the stream's buffer: a thread that waits inside it holds its lock, and the interpreter, which closes the
    # stream at its end, would abort in place of ending with our exit code.
    source = stream.fileno()

    def read() -> None:
        with contextlib.suppress(OSError):
            while os.read(source, 4096):
                pass
        closed()

    threading.Thread(target=read, name="himsog-parent", daemon=True).start()


@contextlib.contextmanager
def running(arguments: Sequence[str], first_line: bytes) -> Iterator[int]:
    """An agent for as long as the block runs; its process id."""
    process = _spawn(command(arguments))
    try:
        assert process.stdin is not None
        process.stdin.write(first_line)
        process.stdin.flush()
        yield process.pid
    finally:
        _end(process, 5)


class Minder:
    """Keeps an agent running beside a window: starts it, starts it anew when it dies, ends it at the end."""

    def __init__(
        self,
        arguments: Sequence[str],
        first_line: Callable[[], bytes],
        *,
        died: Callable[[int], None] | None = None,
        after: float = 0.0,
        start: Callable[[list[str]], subprocess.Popen[bytes]] | None = None,
    ) -> None:
        """``first_line`` is what it is told first (its key). ``died`` hears exit codes, on the minder's thread."""
        self._arguments = list(arguments)
        self._first_line = first_line
        self._died = died
        self._after = after
        self._spawn = start or _spawn
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="himsog-minder", daemon=True)
        self._started = False

    @property
    def pid(self) -> int | None:
        """The agent's process, None while there is none."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Begin to mind; once."""
        with self._lock:
            if not self._started and not self._ending.is_set():
                self._started = True
                self._thread.start()

    def stop(self, timeout: float = 5.0) -> bool:
        """End the agent and the minding; also twice. False when it did not end in time."""
        self._ending.set()
        with self._lock:
            started, process = self._started, self._process
        if process is not None:
            _end(process, min(GRACE_S, timeout))
        if not started:
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        pause = FIRST_S
        self._ending.wait(self._after)
        while not self._ending.is_set():
            began = time.monotonic()
            code = self._once()
            if self._ending.is_set():
                return
            if self._died is not None:
                self._died(code)
            if time.monotonic() - began >= WELL_S:
                pause = FIRST_S
            self._ending.wait(TAKEN_S if code == TAKEN else pause)
            pause = min(LONGEST_S, pause * 2)

    def _once(self) -> int:
        """Run one agent to its end; its exit code, -1 when it can't even be started."""
        try:
            process = self._spawn(command(self._arguments))
        except OSError:
            return -1
        with self._lock:
            self._process = process
        try:
            assert process.stdin is not None
            with contextlib.suppress(OSError):
                process.stdin.write(self._first_line())
                process.stdin.flush()
            # Began while the end was asked for: ``stop`` could not see it yet.
            return _end(process, GRACE_S) if self._ending.is_set() else process.wait()
        finally:
            _hang_up(process)
            with self._lock:
                self._process = None


def _end(process: subprocess.Popen[bytes], within: float) -> int:
    """Ask it to end, and kill it when it has not in so many seconds; its exit code."""
    _hang_up(process)
    try:
        return process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _hang_up(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()


def _spawn(line: list[str]) -> subprocess.Popen[bytes]:
    env = {name: value for name, value in os.environ.items() if name not in _SECRETS}
    # The folder that our package lies in: a clone that was never installed works too.
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
    env["PYTHONPATH"] = root
    return subprocess.Popen(
        line,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=env,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
