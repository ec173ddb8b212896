"""Waking a thread that waits for a socket, from any other thread and on every system."""

from __future__ import annotations

import select
import socket


class Waker:
    """Ready from ``wake`` to ``clear``; many wakes are one. ``select`` waits for it beside a connection."""

    def __init__(self) -> None:
        self._near, self._far = socket.socketpair()
        self._near.setblocking(False)
        self._far.setblocking(False)

    def fileno(self) -> int:
        """What ``select`` waits for."""
        return self._near.fileno()

    def wake(self) -> None:
        """Make it ready, from any thread; nothing happens when it was closed."""
        try:
            self._far.send(b"x")
        except (BlockingIOError, OSError):
            # So many wakes wait that it is ready anyway, or nobody waits any more.
            return

    def clear(self) -> bool:
        """Make it quiet again; whether it was ready."""
        found = False
        try:
            while self._near.recv(4096):
                found = True
        except BlockingIOError:
            pass
        return found

    def wait(self, seconds: float) -> bool:
        """Wait until it is ready, at most so long; it is quiet afterwards."""
        select.select([self], [], [], max(0.0, seconds))
        return self.clear()

    def close(self) -> None:
        """End it; also twice."""
        self._near.close()
        self._far.close()
