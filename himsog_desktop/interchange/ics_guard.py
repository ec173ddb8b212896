"""A slice of CPU time for work that may never end, inside one thread, without threads.

Where the system has a timer for CPU time (POSIX), its signal stops the work; elsewhere every call that
Python makes meanwhile looks at the clock. Neither stops one long step of C code: for that the parent
kills the child.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

HAS_TIMER = hasattr(signal, "setitimer")


class OutOfTime(BaseException):
    """The slice is used up. A BaseException, so that no library's ``except Exception`` swallows it."""


@contextmanager
def cpu_slice(seconds: float, *, timer: bool = HAS_TIMER) -> Iterator[None]:
    """Raise OutOfTime in the block once it has used that much CPU time. Main thread only."""
    guard = _by_timer(seconds) if timer else _by_calls(seconds)
    with guard:
        yield


@contextmanager
def _by_timer(seconds: float) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGPROF, stop)
    # Repeats, in case the first one is lost in code that swallows even this.
    left, interval = signal.setitimer(signal.ITIMER_PROF, max(seconds, 0.001), 0.05)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        if left:  # a slice around this one goes on
            signal.setitimer(signal.ITIMER_PROF, left, interval)


@contextmanager
def _by_calls(seconds: float) -> Iterator[None]:
    until = time.process_time() + seconds
    calls = 0

    def look(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal calls
        calls += 1
        if calls % 512 == 0 and time.process_time() > until:
            sys.setprofile(None)
            raise OutOfTime

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(before)
