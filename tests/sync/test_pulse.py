"""Whether a server answers, and that its coming back is noticed once."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from himsog_desktop.services.pulse import Pulse
from himsog_desktop.sync.address import Address, parse
from himsog_desktop.sync.remotes.pulse import answers
from tests.support.postgres import Database

SOON = 10.0
NOWHERE = parse("postgresql://127.0.0.1:9/himsog")


def at(port: int, kind: str = "postgres") -> Address:
    return Address("http" if kind == "http" else "postgres", "127.0.0.1", port, "himsog")


@contextmanager
def listening(meets: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port at which each who comes is met like this."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            while True:
                try:
                    near, _ = door.accept()
                except OSError:
                    return
                with near:
                    meets(near)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield door.getsockname()[1]
        finally:
            door.shutdown(socket.SHUT_RDWR)
            thread.join(SOON)


def test_a_real_server_answers(shared_database: Database) -> None:
    assert answers(parse(shared_database.address))


def test_a_closed_port_does_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    assert not answers(at(port))


def test_a_port_alone_is_no_answer() -> None:
    with listening(lambda _: None) as port:
        assert not answers(at(port))
        assert answers(at(port, "http"))


def test_one_who_keeps_silent_is_not_waited_for() -> None:
    over = threading.Event()

    def keep(_: socket.socket) -> None:
        over.wait(SOON)

    with listening(keep) as port:
        assert not answers(at(port), patience=0.1)
        over.set()


def test_a_socket_that_is_not_there(tmp_path: str) -> None:
    assert not answers(parse(f"postgresql:///himsog?host={tmp_path}"))


class Network:
    """A server that can be put away, and counts who asked."""

    def __init__(self) -> None:
        self.there = False
        self.asked = threading.Semaphore(0)

    def answers(self, address: Address) -> bool:
        assert address is NOWHERE
        there = self.there
        self.asked.release()
        return there


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def told() -> threading.Semaphore:
    return threading.Semaphore(0)


@pytest.fixture
def pulse(network: Network, told: threading.Semaphore) -> Iterator[Pulse]:
    made = Pulse(told.release, ask=network.answers, every=0.001)
    yield made
    made.close()


def looks(network: Network, times: int = 3) -> None:
    """Wait for so many looks from their beginning; the last but one is over then."""
    while network.asked.acquire(blocking=False):
        pass
    for _ in range(times):
        assert network.asked.acquire(timeout=SOON)


def test_coming_back_is_news_once(network: Network, told: threading.Semaphore, pulse: Pulse) -> None:
    pulse.watch(NOWHERE)
    looks(network)
    assert not pulse.came_back()
    network.there = True
    assert told.acquire(timeout=SOON)
    assert pulse.came_back()
    looks(network)
    assert not pulse.came_back()
    assert not told.acquire(blocking=False)


def test_one_that_answers_and_is_of_no_use_is_no_news_again(
    network: Network, told: threading.Semaphore, pulse: Pulse
) -> None:
    network.there = True
    for news in (True, False, False):
        pulse.watch(NOWHERE)
        looks(network)
        assert told.acquire(blocking=False) is news
        pulse.watch(None)
    pulse.well()
    pulse.watch(NOWHERE)
    assert told.acquire(timeout=SOON)


def test_nobody_is_asked_while_nobody_wants_to_know(network: Network, pulse: Pulse) -> None:
    pulse.watch(NOWHERE)
    looks(network)
    pulse.watch(None)
    assert not pulse.came_back()
    # What was under way is over after two.
    while network.asked.acquire(timeout=0.05):
        pass
    assert not network.asked.acquire(timeout=0.05)
