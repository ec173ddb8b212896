"""The end of a program: what was started is stopped, newest first, each within its time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, NamedTuple

WITHIN: Final = 5.0


class Stopped(NamedTuple):
    """How the end of one part went. ``in_time`` False: it still works, and ends with the program."""

    name: str
    seconds: float
    in_time: bool
    error: BaseException | None = None


class _Part(NamedTuple):
    name: str
    stop: Callable[[float], bool | None]
    within: float
    apart: bool


class Shutdown:
    """What has to be stopped at the end. ``run`` is called once for real; later calls answer the same.

    Used by whoever puts the program together: ``add`` right after a part was started.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._parts: list[_Part] = []
        self._lock = threading.Lock()
        self._running: threading.Thread | None = None
        self._done = threading.Event()
        self._report: tuple[Stopped, ...] = ()

    @property
    def begun(self) -> bool:
        """Whether the end has begun; nothing new should start then."""
        return self._running is not None

    def add(
        self, name: str, stop: Callable[[float], bool | None], within: float = WITHIN, *, apart: bool = False
    ) -> None:
        """Remember how to stop a part.

        ``stop`` gets the seconds it may take, and answers False when it could not. With ``apart`` it runs
        on a thread of its own and is left behind when it takes longer: for what may hang, never for Qt.
        Added after the end has begun, it is stopped at once.
        """
        part = _Part(name, stop, within, apart)
        with self._lock:
            if not self.begun:
                self._parts.append(part)
                return
        self._stop(part, within)

    def run(self, within: float | None = None) -> tuple[Stopped, ...]:
        """Stop everything, newest first, and answer how it went; also from two threads, also twice.

        ``within`` bounds the whole: what comes late gets what is left, at least a moment. A part that
        fails does not keep the others from being stopped.
        """
        with self._lock:
            first = self._running is None
            if first:
                self._running = threading.current_thread()
        if not first:
            # A part that asks for the end while it is being stopped must not wait for itself.
            if self._running is not threading.current_thread():
                self._done.wait()
            return self._report
        until = None if within is None else self._now() + within
        try:
            while True:
                with self._lock:
                    if not self._parts:
                        break
                    part = self._parts.pop()
                left = part.within if until is None else min(part.within, max(0.05, until - self._now()))
                self._report += (self._stop(part, left),)
        finally:
            self._done.set()
        return self._report

    def _stop(self, part: _Part, within: float) -> Stopped:
        began = self._now()
        outcome: list[Stopped] = []

        def stop() -> None:
            try:
                ended = part.stop(within) is not False
            except Exception as error:
                outcome.append(Stopped(part.name, self._now() - began, False, error))
            else:
                outcome.append(Stopped(part.name, self._now() - began, ended))

        if part.apart:
            thread = threading.Thread(target=stop, name=f"himsog-stop-{part.name}", daemon=True)
            thread.start()
            thread.join(within)
        else:
            stop()
        return outcome[0] if outcome else Stopped(part.name, self._now() - began, False)
