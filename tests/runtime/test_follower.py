"""Following what other processes write, and hearing their words."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

import pytest

from himsog_desktop.runtime.follower import Follower, Listener

SOON = 10.0
NEVER = 3600.0


class Log:
    """Stands for what is written elsewhere: a number that grows."""

    def __init__(self) -> None:
        self.written = 0
        self.seen = 0
        self.looks = threading.Semaphore(0)
        self.threads: set[str] = set()
        self.error: Exception | None = None

    def poll(self) -> range | None:
        self.threads.add(threading.current_thread().name)
        written = self.written
        try:
            if self.error is not None:
                raise self.error
            if written == self.seen:
                return None
            found, self.seen = range(self.seen + 1, written + 1), written
            return found
        finally:
            self.looks.release()


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def heard() -> queue.Queue[range]:
    return queue.Queue()


@pytest.fixture
def follower(log: Log, heard: queue.Queue[range]) -> Iterator[Follower[range]]:
    made = Follower(log.poll, heard.put, every=NEVER)
    yield made
    assert made.stop(SOON)


def test_a_nudge_is_a_look_at_once(log: Log, heard: queue.Queue[range], follower: Follower[range]) -> None:
    follower.start()
    assert log.looks.acquire(timeout=SOON)
    log.written = 2
    follower.nudge()
    assert list(heard.get(timeout=SOON)) == [1, 2]
    log.written = 3
    follower.nudge()
    assert list(heard.get(timeout=SOON)) == [3]
    assert log.threads == {"himsog-follower"}


def test_it_looks_by_itself(log: Log, heard: queue.Queue[range]) -> None:
    follower = Follower(log.poll, heard.put, every=0.001)
    follower.start()
    assert log.looks.acquire(timeout=SOON)
    log.written = 1
    assert list(heard.get(timeout=SOON)) == [1]
    assert follower.stop(SOON)


def test_nothing_new_is_nothing_said(log: Log, heard: queue.Queue[range], follower: Follower[range]) -> None:
    follower.start()
    for _ in range(5):
        follower.nudge()
        assert log.looks.acquire(timeout=SOON)
    assert heard.empty()


def test_one_nudge_is_one_look(log: Log, follower: Follower[range]) -> None:
    follower.start()
    assert log.looks.acquire(timeout=SOON)
    follower.nudge()
    assert log.looks.acquire(timeout=SOON)
    assert not log.looks.acquire(timeout=0.05)


def test_a_nudge_during_a_look_is_another_look(heard: queue.Queue[range]) -> None:
    looks = 0
    again = threading.Event()

    def poll() -> None:
        nonlocal looks
        looks += 1
        if looks == 1:
            follower.nudge()
        else:
            again.set()

    follower: Follower[None] = Follower(poll, heard.put, every=NEVER)  # type: ignore[arg-type]
    follower.start()
    assert again.wait(SOON)
    assert follower.stop(SOON)


def test_all_that_is_written_is_heard_once_and_in_order(heard: queue.Queue[range], log: Log) -> None:
    follower = Follower(log.poll, heard.put, every=0.0005)
    follower.start()
    for n in range(1, 2_001):
        log.written = n
        if n % 7 == 0:
            follower.nudge()
    found: list[int] = []
    while len(found) < 2_000:
        found += heard.get(timeout=SOON)
    assert follower.stop(SOON)
    assert found == list(range(1, 2_001))


def test_failures_are_told_once_per_row_and_it_goes_on(log: Log, heard: queue.Queue[range]) -> None:
    told: queue.Queue[BaseException] = queue.Queue()
    follower = Follower(log.poll, heard.put, failed=told.put, every=0.0005)
    log.error = OSError()
    follower.start()
    for _ in range(3):
        assert log.looks.acquire(timeout=SOON)
    assert told.get(timeout=SOON) is log.error
    log.error, log.written = None, 1
    assert list(heard.get(timeout=SOON)) == [1]
    assert told.empty()
    log.error = ValueError()
    assert isinstance(told.get(timeout=SOON), ValueError)
    assert follower.stop(SOON)


def test_it_ends_while_looking_fails(log: Log, heard: queue.Queue[range]) -> None:
    log.error = OSError()
    follower = Follower(log.poll, heard.put, every=NEVER)
    follower.start()
    assert log.looks.acquire(timeout=SOON)
    assert follower.stop(SOON)


def test_the_end_comes_once_on_its_own_thread(log: Log, heard: queue.Queue[range]) -> None:
    closed: list[str] = []
    follower = Follower(
        log.poll, heard.put, every=NEVER, closing=lambda: closed.append(threading.current_thread().name), name="f"
    )
    follower.start()
    follower.start()
    assert follower.stop(SOON)
    assert follower.stop(SOON)
    follower.start()
    assert closed == ["himsog-f"]


def test_a_closing_that_fails_is_told(log: Log, heard: queue.Queue[range]) -> None:
    told: list[BaseException] = []

    def closing() -> None:
        raise OSError

    follower = Follower(log.poll, heard.put, failed=told.append, closing=closing, every=NEVER)
    follower.start()
    assert follower.stop(SOON)
    assert [type(error) for error in told] == [OSError]


def test_one_that_never_began_ends(log: Log, heard: queue.Queue[range]) -> None:
    follower = Follower(log.poll, heard.put)
    assert follower.stop()
    follower.start()
    assert log.threads == set()


def test_it_does_not_wait_for_itself(log: Log) -> None:
    said: queue.Queue[bool] = queue.Queue()
    follower: Follower[range] = Follower(log.poll, lambda _: said.put(follower.stop(NEVER)), every=NEVER)
    log.written = 1
    follower.start()
    assert said.get(timeout=SOON) is False
    assert follower.stop(SOON)


def test_one_that_hangs_is_said(heard: queue.Queue[range]) -> None:
    go, reached = threading.Event(), threading.Event()

    def poll() -> None:
        reached.set()
        go.wait(SOON)

    follower: Follower[None] = Follower(poll, heard.put)  # type: ignore[arg-type]
    follower.start()
    assert reached.wait(SOON)
    assert not follower.stop(0)
    go.set()
    assert follower.stop(SOON)


# ---------------------------------------------------------------------------------------- listening


class Ear:
    """Stands for ``system.single``'s ears."""

    def __init__(self) -> None:
        self.words: queue.Queue[tuple[str, ...]] = queue.Queue()
        self.closed = 0

    def receive(self) -> tuple[str, ...]:
        return self.words.get(timeout=SOON)

    def close(self) -> None:
        self.closed += 1
        self.words.put(())


def test_words_are_heard_until_the_ear_is_closed() -> None:
    ear, heard = Ear(), queue.Queue[str]()
    listener = Listener(ear.receive, ear.close, heard.put)
    listener.start()
    ear.words.put(("raise", "changed"))
    ear.words.put(("changed",))
    assert [heard.get(timeout=SOON) for _ in range(3)] == ["raise", "changed", "changed"]
    assert listener.stop(SOON)
    assert listener.stop(SOON)
    assert ear.closed == 1


def test_a_listener_that_fails_is_told_and_ends() -> None:
    ear, told = Ear(), queue.Queue[BaseException]()

    def deliver(word: str) -> None:
        raise LookupError(word)

    listener = Listener(ear.receive, ear.close, deliver, failed=told.put)
    listener.start()
    ear.words.put(("raise",))
    assert isinstance(told.get(timeout=SOON), LookupError)
    assert listener.stop(SOON)


def test_a_listener_that_never_began_closes_its_ear() -> None:
    ear = Ear()
    listener = Listener(ear.receive, ear.close, lambda _: None)
    assert listener.stop()
    listener.start()
    assert ear.closed == 1
