"""One thread, one job after another; answers where they belong.

Long because the worker, its jobs and the runner share their fixtures.
"""

from __future__ import annotations

import gc
import queue
import threading
import weakref
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.runtime.progress import Cancelled, CancelToken
from himsog_desktop.runtime.worker import Operation, Query, Runner, State, Worker, WorkerStopped

SOON = 10.0


class Gate:
    """A job that holds the worker until it is let go."""

    def __init__(self, worker: Worker) -> None:
        self.reached, self.let_go = threading.Event(), threading.Event()
        self.job = worker.submit(self._hold)
        assert self.reached.wait(SOON)

    def _hold(self) -> None:
        self.reached.set()
        assert self.let_go.wait(SOON)


class Screen:
    """The asking thread: answers land in a queue and are called here."""

    def __init__(self) -> None:
        self.landed: queue.Queue[Callable[[], None]] = queue.Queue()

    def deliver(self, answer: Callable[[], None]) -> None:
        self.landed.put(answer)

    def take(self, count: int = 1) -> None:
        for _ in range(count):
            self.landed.get(timeout=SOON)()


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker("test")
    yield made
    assert made.stop(SOON)


@pytest.fixture
def screen() -> Screen:
    return Screen()


def unexpected(error: Exception) -> None:
    raise AssertionError from error


# ------------------------------------------------------------------------------------------- order


def test_no_thread_before_the_first_job_and_one_after() -> None:
    before = threading.active_count()
    worker = Worker()
    assert threading.active_count() == before
    names: list[str] = []
    for _ in range(5):
        worker.submit(lambda: names.append(threading.current_thread().name))
    assert worker.flush(SOON)
    assert set(names) == {"himsog-cache"}
    assert threading.active_count() == before + 1
    assert worker.stop(SOON)
    assert threading.active_count() == before


def test_jobs_go_in_order_and_a_person_before_the_background(worker: Worker) -> None:
    done: list[str] = []
    gate = Gate(worker)
    for name in ("b1", "a1", "b2", "a2", "a3"):
        worker.submit(lambda name=name: done.append(name), background=name[0] == "b")
    assert worker.waiting == 5
    gate.let_go.set()
    assert worker.flush(SOON)
    assert done == ["a1", "a2", "a3", "b1", "b2"]


@given(st.lists(st.tuples(st.sampled_from(["", "k", "l"]), st.booleans()), max_size=12))
def test_of_each_key_the_newest_is_done_and_the_rest_in_order(jobs: list[tuple[str, bool]]) -> None:
    worker = Worker("test")
    done: list[int] = []
    gate = Gate(worker)
    made = [
        worker.submit(lambda n=n: done.append(n), key=key, background=background)
        for n, (key, background) in enumerate(jobs)
    ]
    gate.let_go.set()
    assert worker.stop(SOON)
    newest = {key: n for n, (key, _) in enumerate(jobs) if key}
    left = [n for n, (key, _) in enumerate(jobs) if not key or newest[key] == n]
    assert done == [n for n in left if not jobs[n][1]] + [n for n in left if jobs[n][1]]
    assert [n for n, job in enumerate(made) if job.state is State.ENDED] == left


def test_a_running_job_is_not_replaced(worker: Worker) -> None:
    done: list[str] = []
    reached, go = threading.Event(), threading.Event()

    def first() -> None:
        reached.set()
        go.wait(SOON)
        done.append("first")

    worker.submit(first, key="k")
    assert reached.wait(SOON)
    worker.submit(lambda: done.append("second"), key="k")
    go.set()
    assert worker.flush(SOON)
    assert done == ["first", "second"]


def test_jobs_from_many_threads_are_all_done_one_at_a_time(worker: Worker) -> None:
    inside, most, count = 0, 0, 0

    def job() -> None:
        nonlocal inside, most, count
        inside += 1
        most = max(most, inside)
        count += 1
        inside -= 1

    def many() -> None:
        for _ in range(300):
            worker.submit(job)

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert worker.flush(SOON)
    assert (count, most) == (1_200, 1)


# ------------------------------------------------------------------------------------ cancel, failure


def test_a_cancelled_job_is_never_run(worker: Worker) -> None:
    done: list[str] = []
    gate = Gate(worker)
    job = worker.submit(lambda: done.append("x"))
    job.cancel()
    gate.let_go.set()
    assert worker.flush(SOON)
    assert (done, job.state) == ([], State.DROPPED)


def test_running_work_sees_that_it_should_end(worker: Worker) -> None:
    token, reached, turns = CancelToken(), threading.Event(), 0

    def work() -> None:
        nonlocal turns
        while True:
            turns += 1
            reached.set()
            token.check()

    job = worker.submit(work, token=token)
    assert reached.wait(SOON)
    job.cancel()
    assert worker.flush(SOON)
    assert job.state is State.ENDED
    assert turns > 0


@pytest.mark.parametrize("error", [ValueError("x"), SystemExit(1), KeyboardInterrupt()])
def test_a_job_that_fails_is_told_and_the_next_gets_its_turn(error: BaseException) -> None:
    told: list[BaseException] = []
    worker = Worker("test", told.append)
    done: list[int] = []

    def fail() -> None:
        raise error

    worker.submit(fail)
    worker.submit(lambda: done.append(1))
    assert worker.flush(SOON)
    assert (told, done) == ([error], [1])
    assert worker.stop(SOON)


def test_telling_that_fails_does_no_harm() -> None:
    def telling(error: BaseException) -> None:
        raise RuntimeError

    worker = Worker("test", telling)
    worker.submit(lambda: [][0])
    assert worker.flush(SOON)
    assert worker.stop(SOON)


def test_nothing_of_a_job_stays_alive_while_the_worker_waits(worker: Worker) -> None:
    class Held:
        pass

    held = Held()
    seen = weakref.ref(held)
    job = worker.submit(lambda held=held: None)  # type: ignore[misc]
    del held
    assert worker.flush(SOON)
    gc.collect()
    assert seen() is None
    assert job.state is State.ENDED


# ---------------------------------------------------------------------------------------- stopping


def test_stopping_does_what_must_be_done_and_drops_the_rest() -> None:
    worker = Worker("test")
    done, dropped = [], []
    gate = Gate(worker)
    worker.submit(lambda: done.append("question"), must=False, drop=lambda: dropped.append("question"))
    worker.submit(lambda: done.append("act"))
    worker.submit(lambda: done.append("late act"), background=True)
    stopper = threading.Thread(target=worker.stop)
    stopper.start()
    gate.let_go.set()
    stopper.join(SOON)
    assert worker.stop(SOON)
    assert (done, dropped) == (["act", "late act"], ["question"])
    after = worker.submit(lambda: done.append("after"), drop=lambda: dropped.append("after"))
    assert after.state is State.DROPPED
    assert dropped == ["question", "after"]


def test_stopping_asks_a_running_question_to_end() -> None:
    worker = Worker("test")
    token, reached = CancelToken(), threading.Event()

    def work() -> None:
        reached.set()
        while True:
            token.check()

    worker.submit(work, must=False, token=token)
    assert reached.wait(SOON)
    assert worker.stop(SOON)


def test_stopping_says_when_it_takes_too_long() -> None:
    worker = Worker("test")
    gate = Gate(worker)
    assert not worker.stop(0)
    gate.let_go.set()
    assert worker.stop(SOON)
    assert worker.stop(SOON)


def test_the_worker_cannot_wait_for_itself() -> None:
    said: list[object] = []
    worker = Worker("test", said.append)
    worker.submit(lambda: said.append(worker.here))
    worker.submit(lambda: worker.flush() and None)  # type: ignore[func-returns-value]
    worker.submit(lambda: said.append(worker.stop(SOON)))
    assert worker.stop(SOON) or worker.stop(SOON)
    assert said[0] is True
    assert isinstance(said[1], RuntimeError)
    assert said[2] is False
    assert not worker.here


def test_a_worker_that_never_worked_stops() -> None:
    worker = Worker("test")
    assert worker.stop()
    assert worker.submit(lambda: None).state is State.DROPPED


def test_stopping_under_load_leaves_no_act_undone() -> None:
    worker = Worker("test")
    done: list[int] = []
    dropped: list[int] = []
    began = threading.Event()

    def many(first: int) -> None:
        for n in range(first, first + 500):
            worker.submit(lambda n=n: done.append(n), drop=lambda n=n: dropped.append(n))  # type: ignore[misc]
            if n % 100 == 50:
                began.set()

    threads = [threading.Thread(target=many, args=(first,)) for first in (0, 1_000, 2_000)]
    for thread in threads:
        thread.start()
    assert began.wait(SOON)
    assert worker.stop(SOON)
    for thread in threads:
        thread.join()
    assert sorted(done + dropped) == [n for first in (0, 1_000, 2_000) for n in range(first, first + 500)]


# ------------------------------------------------------------------------------- questions and acts


def test_answers_and_failures_land_where_they_are_asked_for(worker: Worker, screen: Screen) -> None:
    here = threading.current_thread()
    made: list[threading.Thread] = []

    def desk() -> str:
        made.append(threading.current_thread())
        return "desk"

    runner: Runner[str] = Runner(worker, desk, screen.deliver, unexpected)
    heard: list[tuple[object, threading.Thread]] = []

    def fail(desk: str) -> int:
        raise LookupError(desk)

    runner.run(Query(str.upper, lambda value: heard.append((value, threading.current_thread()))))
    runner.run(Query(fail, unexpected, lambda error: heard.append((error.args, threading.current_thread()))))
    runner.run(Operation(len, lambda value: heard.append((value, threading.current_thread()))))
    screen.take(3)
    assert heard == [("DESK", here), (("desk",), here), (4, here)]
    assert len(made) == 1
    assert made[0] is not here


def test_an_error_that_nobody_asked_for_goes_to_unhandled(worker: Worker, screen: Screen) -> None:
    heard: list[Exception] = []
    runner: Runner[None] = Runner(worker, lambda: None, screen.deliver, heard.append)
    error = ValueError()

    def fail(_: None) -> None:
        raise error

    runner.run(Operation(fail))
    screen.take()
    assert heard == [error]


def test_a_subject_that_cannot_be_made_is_tried_again(worker: Worker, screen: Screen) -> None:
    tries: list[int] = []
    heard: list[object] = []

    def desk() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise OSError
        return "desk"

    runner: Runner[str] = Runner(worker, desk, screen.deliver, heard.append)
    runner.run(Query(len, heard.append))
    runner.run(Query(len, heard.append))
    screen.take(2)
    assert isinstance(heard[0], OSError)
    assert heard[1] == 4


def test_only_the_newest_of_a_key_is_answered(worker: Worker, screen: Screen) -> None:
    runner: Runner[str] = Runner(worker, lambda: "", screen.deliver, unexpected)
    heard: list[str] = []
    gate = Gate(worker)
    for typed in ("r", "re", "rey"):
        runner.run(Query(lambda _, typed=typed: typed, heard.append, key="search"))  # type: ignore[misc]
    gate.let_go.set()
    screen.take()
    assert worker.flush(SOON)
    assert screen.landed.empty()
    assert heard == ["rey"]


def test_a_question_cancelled_on_its_way_back_is_not_answered(worker: Worker, screen: Screen) -> None:
    runner: Runner[str] = Runner(worker, lambda: "", screen.deliver, unexpected)
    job = runner.run(Query(len, unexpected))  # type: ignore[arg-type]
    assert worker.flush(SOON)
    job.cancel()
    screen.take()


def test_an_act_that_was_done_is_answered_even_when_cancelled(worker: Worker, screen: Screen) -> None:
    runner: Runner[str] = Runner(worker, lambda: "abc", screen.deliver, unexpected)
    heard: list[int] = []
    job = runner.run(Operation(len, heard.append))
    assert worker.flush(SOON)
    job.cancel()
    screen.take()
    assert heard == [3]


def test_an_act_that_took_itself_back_says_so(worker: Worker, screen: Screen) -> None:
    token, reached = CancelToken(), threading.Event()
    heard: list[Exception] = []

    def work(_: None) -> None:
        reached.set()
        while True:
            token.check()

    runner: Runner[None] = Runner(worker, lambda: None, screen.deliver, unexpected)
    job = runner.run(Operation(work, None, heard.append, token=token))
    assert reached.wait(SOON)
    job.cancel()
    screen.take()
    assert [type(error) for error in heard] == [Cancelled]


def test_an_act_after_the_end_says_that_it_was_not_done(screen: Screen) -> None:
    worker = Worker("test")
    heard: list[Exception] = []
    runner: Runner[None] = Runner(worker, lambda: None, screen.deliver, heard.append)
    assert worker.stop()
    runner.run(Operation(lambda _: None))
    runner.run(Query(lambda _: None))
    screen.take()
    assert [type(error) for error in heard] == [WorkerStopped]
    assert screen.landed.empty()


def test_the_subject_is_closed_last_and_on_its_thread(screen: Screen) -> None:
    worker = Worker("test")
    seen: list[object] = []
    runner: Runner[list[object]] = Runner(worker, lambda: seen, screen.deliver, unexpected)
    gate = Gate(worker)
    runner.close(lambda subject: subject.append(threading.current_thread().name))
    runner.run(Operation(lambda subject: subject.append("act")))
    gate.let_go.set()
    assert worker.stop(SOON)
    assert seen == ["act", "himsog-test"]


def test_a_subject_that_was_never_made_is_not_closed(worker: Worker, screen: Screen) -> None:
    closed: list[None] = []
    Runner(worker, lambda: None, screen.deliver, unexpected).close(closed.append)
    assert worker.flush(SOON)
    assert closed == []
