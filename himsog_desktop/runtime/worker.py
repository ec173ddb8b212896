"""One thread that does one job after another: all work on the cache is serial by construction.

What a person waits for goes before background work; within each, jobs go in the order they came. A
job with a key takes the place of a waiting one with the same key (keystrokes in a search). Answers do
not come back by themselves: ``Runner`` hands them to ``deliver``, with which the window posts to its
own thread (the idea of Anki's QueryOp and CollectionOp).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Final, Generic, TypeVar

from himsog_desktop.runtime.progress import Cancelled, CancelToken

S = TypeVar("S")
T = TypeVar("T")

STOP_WITHIN: Final = 10.0


class State(Enum):
    """Where a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"
    DROPPED = "dropped"
    """Cancelled, replaced or left over at the end, before it began: it was never run."""


class WorkerStopped(Exception):
    """The worker had ended, or ended before the job's turn: it was never run."""


class Job:
    """One piece of work in the queue. ``token`` is how running work learns that it should end."""

    __slots__ = ("_drop", "_state", "_work", "background", "key", "must", "token")

    def __init__(
        self,
        work: Callable[[], None],
        drop: Callable[[], None] | None,
        *,
        key: str,
        background: bool,
        must: bool,
        token: CancelToken,
    ) -> None:
        self._work: Callable[[], None] | None = work
        self._drop = drop
        self._state = State.WAITING
        self.key = key
        self.background = background
        self.must = must
        self.token = token

    @property
    def state(self) -> State:
        """Where it is just now."""
        return self._state

    def cancel(self) -> None:
        """Drop it if it has not begun; running work is asked to end, and may not."""
        self.token.cancel()


class Worker:
    """The thread and its queue. The thread starts with the first job, and ends with ``stop``."""

    def __init__(self, name: str = "cache", report: Callable[[BaseException], None] | None = None) -> None:
        """``report`` gets what a job raised, on the worker's thread; the worker goes on."""
        self.name = name
        self._report = report
        self._wake = threading.Condition()
        self._urgent: deque[Job] = deque()
        self._patient: deque[Job] = deque()
        self._by_key: dict[str, Job] = {}
        self._running: Job | None = None
        self._thread: threading.Thread | None = None
        self._stopping = False

    # ---------------------------------------------------------------------------------- asking

    def submit(
        self,
        work: Callable[[], None],
        *,
        key: str = "",
        background: bool = False,
        must: bool = True,
        token: CancelToken | None = None,
        drop: Callable[[], None] | None = None,
    ) -> Job:
        """Put a job in the queue, from any thread.

        A waiting job with the same ``key`` is dropped. A job that ``must`` is still done when the worker
        stops, the others are dropped then. ``drop`` is called, on any thread, when the worker stops
        before the job's turn or had stopped already; not for a job that was cancelled or replaced.
        """
        job = Job(work, drop, key=key, background=background, must=must, token=token or CancelToken())
        with self._wake:
            if not self._stopping:
                if key:
                    older = self._by_key.get(key)
                    if older is not None:
                        # It keeps its place in the line, empty, until its turn: removing costs a search.
                        older._state, older._work, older._drop = State.DROPPED, None, None
                    self._by_key[key] = job
                (self._patient if background else self._urgent).append(job)
                self._start()
                self._wake.notify()
                return job
        _drop(job)
        return job

    @property
    def waiting(self) -> int:
        """How many jobs wait their turn."""
        with self._wake:
            return sum(job._state is State.WAITING for queue in (self._urgent, self._patient) for job in queue)

    @property
    def here(self) -> bool:
        """Whether this is called on the worker's thread."""
        return threading.current_thread() is self._thread

    def flush(self, timeout: float = STOP_WITHIN) -> bool:
        """Wait until everything that waits now was done; False when that takes longer."""
        if self.here:
            raise RuntimeError("the worker cannot wait for itself")
        reached = threading.Event()
        self.submit(reached.set, background=True, must=False, drop=reached.set)
        return reached.wait(timeout)

    # --------------------------------------------------------------------------------- stopping

    def stop(self, timeout: float = STOP_WITHIN, *, hurry: bool = True) -> bool:
        """Do the waiting jobs that must be done, drop the others, end the thread; also twice.

        With ``hurry`` the running job is asked to end if it need not be done. False when the thread
        still works after ``timeout`` seconds, or when it is the worker itself that asks.
        """
        with self._wake:
            self._stopping = True
            thread, running = self._thread, self._running
            if hurry and running is not None and not running.must:
                running.token.cancel()
            dropped = self._drop_optional()
            self._wake.notify_all()
        for job in dropped:
            _drop(job)
        if thread is None:
            return True
        if thread is threading.current_thread():
            return False
        thread.join(timeout)
        return not thread.is_alive()

    def _drop_optional(self) -> list[Job]:
        dropped: list[Job] = []
        for queue in (self._urgent, self._patient):
            kept = [job for job in queue if job.must and job._state is State.WAITING]
            dropped += [job for job in queue if not job.must and job._state is State.WAITING]
            queue.clear()
            queue.extend(kept)
        return dropped

    # ------------------------------------------------------------------------- the worker's thread

    def _start(self) -> None:
        if self._thread is None:
            # A forgotten worker must not keep the program alive; ``stop`` is how it ends well.
            self._thread = threading.Thread(target=self._run, name=f"himsog-{self.name}", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            job = self._next()
            if job is None:
                return
            work, job._work = job._work, None
            try:
                if work is not None:
                    work()
            except Cancelled:
                pass
            except BaseException as error:  # whatever a job raises, the next one gets its turn
                self._tell(error)
            finally:
                # Nothing of the job stays alive while the worker waits for the next one.
                work = None
                job._drop = None
                with self._wake:
                    job._state = State.ENDED
                    self._running = None
                job = None

    def _next(self) -> Job | None:
        with self._wake:
            while True:
                for queue in (self._urgent, self._patient):
                    while queue:
                        job = queue.popleft()
                        if self._by_key.get(job.key) is job:
                            del self._by_key[job.key]
                        if job._state is not State.WAITING:
                            continue
                        if job.token.cancelled:
                            job._state, job._work, job._drop = State.DROPPED, None, None
                            continue
                        job._state = State.RUNNING
                        self._running = job
                        return job
                if self._stopping:
                    return None
                self._wake.wait()

    def _tell(self, error: BaseException) -> None:
        if self._report is None:
            return
        try:
            self._report(error)
        except Exception:  # telling failed as well: there is nobody left to tell
            return


def _drop(job: Job) -> None:
    drop, job._drop, job._work = job._drop, None, None
    job._state = State.DROPPED
    if drop is not None:
        drop()


# --- questions and acts -----------------------------------------------------------------------------


class Query(Generic[S, T]):
    """A question: reads, changes nothing, may be dropped.

    ``work`` gets what the worker works on (a desk) and runs on its thread; ``done`` and ``failed`` get
    the answer where ``deliver`` puts it. A newer question with the same ``key`` replaces a waiting one,
    and a cancelled one is not answered. Give ``token`` to work that can look at it.
    """

    must: Final = False
    __slots__ = ("background", "done", "failed", "key", "token", "work")

    def __init__(
        self,
        work: Callable[[S], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        key: str = "",
        background: bool = False,
        token: CancelToken | None = None,
    ) -> None:
        self.work = work
        self.done = done
        self.failed = failed
        self.key = key
        self.background = background
        self.token = token or CancelToken()


class Operation(Generic[S, T]):
    """An act: writes, is never replaced, and is done before the worker stops.

    Cancelling drops it only before it began; once it ran, its answer is given, for it has happened.
    """

    must: Final = True
    key: Final = ""
    __slots__ = ("background", "done", "failed", "token", "work")

    def __init__(
        self,
        work: Callable[[S], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        background: bool = False,
        token: CancelToken | None = None,
    ) -> None:
        self.work = work
        self.done = done
        self.failed = failed
        self.background = background
        self.token = token or CancelToken()


class Runner(Generic[S]):
    """Questions and acts about one thing that belongs to the worker's thread, such as a desk.

    ``subject`` makes it, on the worker's thread, at the first use; it is kept. ``deliver`` puts a
    function on the thread that asks. ``unhandled`` gets errors that nobody asked for, there too.
    """

    def __init__(
        self,
        worker: Worker,
        subject: Callable[[], S],
        deliver: Callable[[Callable[[], None]], None],
        unhandled: Callable[[Exception], None],
    ) -> None:
        self._worker = worker
        self._make = subject
        self._deliver = deliver
        self._unhandled = unhandled
        self._subject: list[S] = []

    def run(self, asked: Query[S, T] | Operation[S, T]) -> Job:
        """Ask, or act; the answer comes by ``deliver``. An act after the end fails with WorkerStopped."""

        def work() -> None:
            try:
                if not self._subject:
                    self._subject.append(self._make())
                value = asked.work(self._subject[0])
            except Cancelled:
                if asked.must:
                    self._answer(asked, lambda: self._fail(asked, Cancelled()))
            except Exception as error:
                failure = error
                self._answer(asked, lambda: self._fail(asked, failure))
            else:
                if asked.done is not None:
                    done = asked.done
                    self._answer(asked, lambda: done(value))

        def drop() -> None:
            self._answer(asked, lambda: self._fail(asked, WorkerStopped()))

        return self._worker.submit(
            work,
            key=asked.key,
            background=asked.background,
            must=asked.must,
            token=asked.token,
            drop=drop if asked.must else None,
        )

    def close(self, closing: Callable[[S], None]) -> None:
        """Close the subject on the worker's thread, after all that waits."""

        def work() -> None:
            if self._subject:
                closing(self._subject.pop())

        self._worker.submit(work, background=True)

    def _answer(self, asked: Query[S, T] | Operation[S, T], call: Callable[[], None]) -> None:
        def answer() -> None:
            # Asked again where the answer lands: it may have been cancelled on the way.
            if asked.must or not asked.token.cancelled:
                call()

        self._deliver(answer)

    def _fail(self, asked: Query[S, T] | Operation[S, T], error: Exception) -> None:
        (asked.failed or self._unhandled)(error)
