"""The line that campaigns break: what it loses is counted, and healed it loses nothing more."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.support.proxy import Proxy

SOON = 10.0


@pytest.fixture
def echo() -> Iterator[int]:
    """A port that says back what it hears."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def meet(near: socket.socket) -> None:
            with near, suppress(OSError):
                while heard := near.recv(100):
                    near.sendall(heard)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    near, _ = door.accept()
                    threading.Thread(target=meet, args=(near,), daemon=True).start()

        thread = threading.Thread(target=serve)
        thread.start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)
        thread.join(SOON)


def said_back(port: int) -> bool:
    """Whether a word makes it there and back."""
    try:
        with socket.create_connection(("127.0.0.1", port), SOON) as line:
            line.settimeout(SOON)
            line.sendall(b"word")
            return line.recv(100) == b"word"
    except OSError:
        return False


def test_what_is_lost_is_lost_once(echo: int) -> None:
    with Proxy(("127.0.0.1", echo)) as proxy:
        assert said_back(proxy.port)
        proxy.swallow(2)
        assert [said_back(proxy.port) for _ in range(3)] == [False, False, True]
        assert proxy.swallowed == 2


def test_cut_nothing_gets_through_and_each_that_came_is_counted(echo: int) -> None:
    with Proxy(("127.0.0.1", echo)) as proxy:
        proxy.cut()
        assert [said_back(proxy.port) for _ in range(2)] == [False, False]
        assert proxy.refused == 2
        proxy.mend()
        assert said_back(proxy.port)


def test_healed_it_loses_nothing_more(echo: int) -> None:
    with Proxy(("127.0.0.1", echo)) as proxy:
        proxy.swallow(3)
        assert not said_back(proxy.port)
        proxy.cut()
        assert proxy.heal() == 2
        assert all(said_back(proxy.port) for _ in range(3))
        assert proxy.swallowed == 1
