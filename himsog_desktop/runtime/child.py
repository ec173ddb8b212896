"""A child process for work that may have to be killed: reading what strangers wrote.

The child runs ``main(arguments, out)`` of a module of ours (``runtime.child_main``) under limits that
the system enforces where it can (CPU time and memory; Windows has neither), and under the parent's
wall clock everywhere. Its answer is what it writes to ``out``, up to a bound. It inherits none of our
environment but what Python needs, so no passphrase, and writes nothing to our streams.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal

Ended = Literal["done", "cpu", "time", "output", "crashed", "cancelled"]

_KEPT: Final = (
    "PATH", "SYSTEMROOT", "WINDIR", "TEMP", "TMP", "TMPDIR", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TZDIR",
    "PYTHONTZPATH",
)  # fmt: skip
_POLL: Final = 0.1
_CHUNK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class ChildResult:
    """What became of a child. ``output`` is whole only when ``ended`` is ``done``.

    ``cpu``: killed at its CPU limit; ``time``: at the wall clock; ``output``: it wrote too much;
    ``crashed``: it ended by itself, badly (an exception, or the memory limit).
    """

    ended: Ended
    output: bytes
    seconds: float


def child_command(module: str, arguments: Sequence[str], cpu_seconds: float, memory_bytes: int) -> list[str]:
    """The command line of a child; in a frozen program that is the program itself (``child_main.asked``)."""
    limits = [f"{cpu_seconds:.2f}", str(memory_bytes), module, *arguments]
    if getattr(sys, "frozen", False):
        return [sys.executable, "--run-child", *limits]
    # -P: nothing is imported from the folder that we happen to be in.
    return [sys.executable, "-P", "-X", "utf8", "-m", "himsog_desktop.runtime.child_main", *limits]


def run_child(
    module: str,
    arguments: Sequence[str],
    *,
    cpu_seconds: float,
    wall_seconds: float,
    memory_bytes: int,
    max_output: int,
    cancelled: Callable[[], bool] | None = None,
) -> ChildResult:
    """Run ``main`` of that module in a child and wait for it; blocks, so call it on a worker.

    The child is gone when this returns, however it ended.
    """
    started = time.monotonic()
    process = subprocess.Popen(
        child_command(module, arguments, cpu_seconds, memory_bytes),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a traceback may quote what was read
        env=_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    assert process.stdout is not None
    reader = _Reader(process.stdout, max_output, process.kill)
    reader.start()
    ended: Ended | None = None
    try:
        while True:
            left = started + wall_seconds - time.monotonic()
            if left <= 0:
                ended = "time"
                break
            try:
                process.wait(min(left, _POLL) if cancelled else left)
                break
            except subprocess.TimeoutExpired:
                if cancelled is not None and cancelled():
                    ended = "cancelled"
                    break
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()
    if ended is None:
        ended = "output" if reader.overflowed else _how(process.returncode)
    return ChildResult(ended, bytes(reader.content), time.monotonic() - started)


def _how(code: int) -> Ended:
    if code == 0:
        return "done"
    # SIGXCPU at the soft limit, SIGKILL at the hard one.
    return "cpu" if sys.platform != "win32" and code in (-24, -9) else "crashed"


class _Reader(threading.Thread):
    """Takes the child's answer as it comes, so that the child never waits for us, and stops at the bound."""

    def __init__(self, stream: IO[bytes], most: int, kill: Callable[[], None]) -> None:
        super().__init__(name="child-output", daemon=True)
        self._stream, self._most, self._kill = stream, most, kill
        self.content = bytearray()
        self.overflowed = False

    def run(self) -> None:
        while chunk := self._stream.read(_CHUNK):
            if len(self.content) + len(chunk) > self._most:
                self.overflowed = True
                self._kill()
                return
            self.content += chunk


def _environment() -> dict[str, str]:
    kept = {name: value for name in _KEPT if (value := os.environ.get(name)) is not None}
    # The folder that our package lies in: a clone that was never installed works too.
    kept["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    return kept
