"""A line to a server that can be cut, flap, and lose replies: what a clinic's network does on a bad day.

    with Proxy(("127.0.0.1", 5432)) as proxy:
        ... connect to proxy.port ...
        proxy.cut()        # every connection breaks, new ones are refused
        proxy.mend()
        proxy.swallow()    # the next reply is lost: what was asked is done, nobody hears of it
        proxy.heal()       # as mended, and no reply is lost any more

Threads carry the bytes; all are gone when the proxy is closed.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self

_CHUNK = 1 << 16


class Proxy:
    """Listens on a loopback port of its own and carries every connection to ``target``."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._up = True
        self._swallow = 0
        self.swallowed = 0
        self.refused = 0
        self._threads: list[threading.Thread] = []
        self._begin(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        with self._lock:
            self._up = False
        self._break()

    def mend(self) -> None:
        """Carry again."""
        with self._lock:
            self._up = True

    def heal(self) -> int:
        """Carry again, and lose nothing more; how many replies were still to be lost."""
        with self._lock:
            self._up = True
            left, self._swallow = self._swallow, 0
        return left

    def flap(self) -> None:
        """Break every connection; new ones are carried."""
        self._break()

    def swallow(self, replies: int = 1) -> None:
        """Lose the next so many replies: the request arrives, then the connection breaks."""
        with self._lock:
            self._swallow += replies

    def close(self) -> None:
        """End it, and wait until its threads are gone."""
        self.cut()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in list(self._threads):
            thread.join(5)

    def _begin(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, name="proxy", daemon=True)  # type: ignore[arg-type]
        self._threads = [t for t in self._threads if t.is_alive() or t.ident is None]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            with self._lock:
                up = self._up
                self.refused += not up
            if not up:
                _reset(near)
                continue
            try:
                far = socket.create_connection(self._target, 5)
                far.settimeout(None)
            except OSError:
                _reset(near)
                continue
            with self._lock:
                cut = not self._up
                self._open |= {near, far}
            if cut:  # between the two: what was coming is broken as well
                self._end(near, far)
                continue
            self._begin(self._carry, near, far, False)
            self._begin(self._carry, far, near, True)

    def _carry(self, source: socket.socket, target: socket.socket, replies: bool) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(_CHUNK):
                if replies and self._loses():
                    break
                target.sendall(chunk)
        self._end(source, target)

    def _loses(self) -> bool:
        with self._lock:
            if not self._swallow:
                return False
            self._swallow -= 1
            self.swallowed += 1
            return True

    def _break(self) -> None:
        with self._lock:
            ending = list(self._open)
        self._end(*ending)

    def _end(self, *sockets: socket.socket) -> None:
        with self._lock:
            self._open -= set(sockets)
        for one in sockets:
            _reset(one)


def _reset(one: socket.socket) -> None:
    """Close it as a pulled cable looks to the other side: no good-bye."""
    with contextlib.suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
