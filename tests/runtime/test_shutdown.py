"""The end of a program."""

from __future__ import annotations

import threading

from himsog_desktop.runtime.shutdown import Shutdown
from himsog_desktop.runtime.worker import Worker

SOON = 10.0


def test_the_newest_is_stopped_first_and_once() -> None:
    shutdown, stopped = Shutdown(), list[str]()
    for name in ("log", "worker", "window"):
        shutdown.add(name, lambda _, name=name: stopped.append(name))  # type: ignore[misc]
    assert not shutdown.begun
    report = shutdown.run()
    assert shutdown.begun
    assert stopped == ["window", "worker", "log"] == [part.name for part in report]
    assert all(part.in_time and part.error is None for part in report)
    assert shutdown.run() == report
    assert len(stopped) == 3


def test_one_that_fails_keeps_no_other_from_its_end() -> None:
    shutdown, stopped = Shutdown(), list[str]()

    def fail(_: float) -> None:
        raise OSError

    shutdown.add("first", lambda _: stopped.append("first"))
    shutdown.add("bad", fail)
    shutdown.add("slow", lambda _: False)
    slow, bad, first = shutdown.run()
    assert stopped == ["first"]
    assert (slow.in_time, slow.error) == (False, None)
    assert not bad.in_time
    assert isinstance(bad.error, OSError)
    assert first.in_time


def test_one_that_hangs_is_left_behind() -> None:
    shutdown, go, stopped = Shutdown(), threading.Event(), list[str]()
    gone = threading.Event()

    def hang(_: float) -> None:
        go.wait(SOON)
        gone.set()

    shutdown.add("first", lambda _: stopped.append("first"))
    shutdown.add("hangs", hang, 0.01, apart=True)
    shutdown.add("apart", lambda _: stopped.append("apart"), apart=True)
    apart, hung, first = shutdown.run()
    assert (apart.in_time, hung.in_time, first.in_time) == (True, False, True)
    assert stopped == ["apart", "first"]
    go.set()
    assert gone.wait(SOON)


def test_the_whole_has_its_time() -> None:
    now = 0.0
    given: dict[str, float] = {}
    shutdown = Shutdown(lambda: now)

    def stop(name: str, takes: float) -> None:
        def act(within: float) -> None:
            nonlocal now
            given[name] = within
            now += takes

        shutdown.add(name, act, 5)

    stop("last", 0)
    stop("late", 4)
    stop("second", 3)
    stop("first", 4)
    shutdown.run(10)
    assert given == {"first": 5, "second": 5, "late": 3, "last": 0.05}


def test_two_threads_end_it_once_and_both_wait() -> None:
    shutdown, stopped = Shutdown(), list[str]()
    reached, go = threading.Event(), threading.Event()

    def stop(_: float) -> None:
        reached.set()
        go.wait(SOON)
        stopped.append("x")

    shutdown.add("x", stop)
    reports: list[object] = []
    threads = [threading.Thread(target=lambda: reports.append(shutdown.run())) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert reached.wait(SOON)
    go.set()
    for thread in threads:
        thread.join(SOON)
    assert stopped == ["x"]
    assert len(reports) == 2
    assert reports[0] == reports[1]


def test_a_part_may_ask_for_the_end_and_late_parts_end_at_once() -> None:
    shutdown, stopped = Shutdown(), list[str]()

    def stop(_: float) -> None:
        shutdown.run()
        shutdown.add("late", lambda _: stopped.append("late"))
        stopped.append("x")

    shutdown.add("x", stop)
    shutdown.run()
    assert stopped == ["late", "x"]


def test_a_worker_under_load_ends_with_every_act_done() -> None:
    shutdown, worker = Shutdown(), Worker("test")
    done: list[int] = []
    reached, go = threading.Event(), threading.Event()

    def hold() -> None:
        reached.set()
        go.wait(SOON)

    worker.submit(hold)
    assert reached.wait(SOON)
    for n in range(1_000):
        worker.submit(lambda n=n: done.append(n))  # type: ignore[misc]
    shutdown.add("worker", worker.stop, SOON)
    shutdown.add("gate", lambda _: go.set())
    assert all(part.in_time for part in shutdown.run())
    assert done == list(range(1_000))
