"""Running whole programs of ours and reading what they print, for figures and campaigns."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from himsog_desktop.runtime.standstill import PATIENCE, STARTED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Ran:
    """A program that has ended. ``started_at`` is the monotonic clock in nanoseconds when it was started."""

    exit_code: int
    output: bytes
    errors: bytes
    started_at: int


def run_module(
    module: str,
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    seconds: float = 120,
) -> Ran:
    """Run a module of ours with this Python and wait for it.

    The monotonic clock at the start is handed over in ``HIMSOG_STARTED_NS``: on one machine it is the
    same clock in every process. Byte code is kept, as it is in an installed program. Raises
    subprocess.TimeoutExpired, with the child gone, when it takes longer than ``seconds``; the child knows
    how long that is and may tell before where it stands (``standstill.watch``).
    """
    return begin_module(module, arguments, environment=environment, patience=seconds)(seconds)


def begin_module(
    module: str,
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    patience: float = 0,
) -> Callable[[float], Ran]:
    """Start a module of ours as ``run_module`` does; what it answers waits for it.

    ``patience`` is how many seconds after its start somebody still waits for it.
    """
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    env.update(environment or {})
    started = time.monotonic_ns()
    env[STARTED] = str(started)
    env[PATIENCE] = f"{patience:g}"
    running = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=env,
    )

    def wait(seconds: float) -> Ran:
        try:
            output, errors = running.communicate(timeout=seconds)
        except BaseException:
            running.kill()
            running.communicate()
            raise
        return Ran(running.returncode, output, errors, started)

    return wait


def run_program(argv: Sequence[str], *, user: str | None = None, seconds: float = 120) -> Ran:
    """Run another program and wait for it, as another user of the system where one is named.

    Raises OSError when it can't be started, subprocess.TimeoutExpired when it takes longer.
    """
    started = time.monotonic_ns()
    more: dict[str, Any] = {} if user is None else {"user": user, "extra_groups": []}
    ran = subprocess.run(
        list(argv), stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, cwd="/", check=False, **more
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr, started)
