"""Threads that listen: to what other processes wrote, and to the word of another process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

T = TypeVar("T")

EVERY: Final = 0.1
"""Seconds between two looks; what another process wrote shows within 300 ms (issue 2)."""

SLOWEST: Final = 5.0
"""Seconds between two looks while looking fails."""


class Follower(Generic[T]):
    """Looks ten times a second, and at once when nudged, whether there is something new.

    ``poll`` is called on the follower's own thread only (it owns its connection) and answers None when
    nothing happened; what it answers goes to ``deliver``, on that thread, in order. When it raises,
    ``failed`` hears of it once per row of failures, and looking goes on ever more slowly. ``closing``
    is called on that thread at the end.
    """

    def __init__(
        self,
        poll: Callable[[], T | None],
        deliver: Callable[[T], None],
        *,
        failed: Callable[[BaseException], None] | None = None,
        closing: Callable[[], None] | None = None,
        every: float = EVERY,
        name: str = "follower",
    ) -> None:
        self._poll = poll
        self._deliver = deliver
        self._failed = failed
        self._closing = closing
        self._every = every
        self._nudged = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"himsog-{name}", daemon=True)
        self._started = False
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to look; the first look is at once. A follower starts once."""
        with self._lock:
            if not self._started and not self._ending.is_set():
                self._started = True
                self._thread.start()

    def nudge(self) -> None:
        """Look now, from any thread; a nudge during a look makes for another one."""
        self._nudged.set()

    def stop(self, timeout: float = 5.0) -> bool:
        """Stop looking and wait for the thread; also twice. False when it did not end in time."""
        with self._lock:
            self._ending.set()
            started = self._started
        self._nudged.set()
        if not started:
            return True
        if threading.current_thread() is self._thread:
            return False
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        pause, well = self._every, True
        try:
            while not self._ending.is_set():
                self._nudged.clear()
                try:
                    found = self._poll()
                    if found is not None and not self._ending.is_set():
                        self._deliver(found)
                except Exception as error:
                    if well and self._failed is not None:
                        self._failed(error)
                    well, pause = False, min(pause * 2, SLOWEST)
                else:
                    well, pause = True, self._every
                # While it fails a nudge does not hurry it: a broken disk gets no storm of looks.
                (self._nudged if well else self._ending).wait(pause)
        finally:
            if self._closing is not None:
                try:
                    self._closing()
                except Exception as error:
                    if self._failed is not None:
                        self._failed(error)


class Listener:
    """Hears words on a thread of its own until the ear is closed.

    ``receive`` waits for words and answers an empty sequence when ``close`` was called (the ears of
    ``system.single``); each word goes to ``deliver`` on that thread.
    """

    def __init__(
        self,
        receive: Callable[[], Sequence[str]],
        close: Callable[[], None],
        deliver: Callable[[str], None],
        *,
        failed: Callable[[BaseException], None] | None = None,
        name: str = "listener",
    ) -> None:
        self._receive = receive
        self._close = close
        self._deliver = deliver
        self._failed = failed
        self._thread = threading.Thread(target=self._run, name=f"himsog-{name}", daemon=True)
        self._lock = threading.Lock()
        self._started = self._stopped = False

    def start(self) -> None:
        """Begin to listen; a listener starts once."""
        with self._lock:
            if not self._started and not self._stopped:
                self._started = True
                self._thread.start()

    def stop(self, timeout: float = 5.0) -> bool:
        """Close the ear and wait for the thread; also twice. False when it did not end in time."""
        with self._lock:
            first, self._stopped = not self._stopped, True
            started = self._started
        if first:
            self._close()
        if not started:
            return True
        if threading.current_thread() is self._thread:
            return False
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            while words := self._receive():
                for word in words:
                    self._deliver(word)
        except Exception as error:
            if self._failed is not None:
                self._failed(error)
