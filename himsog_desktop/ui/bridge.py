"""Between the window and its worker: work goes out, answers come back on the thread of the screen.

A widget hands ``Backend.read`` or ``Backend.act`` a function of a ``Desk``; it runs on the one thread
that owns the cache's writing connection, and its answer arrives by a queued signal. An answer for a
widget that is gone, or that was cancelled, is dropped. What anybody wrote (this window, another
process) arrives as ``changed``; nobody asks whether it was us (design, section 1, "One direction of flow").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal, Slot

from himsog_desktop.domain.errors import Fault, HimsogError

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.services.desk import Desk

T = TypeVar("T")

BUG = "Something went wrong on our side; nothing was lost."
"""What a person reads when the fault is ours; the log has the rest."""


class Worker(Protocol):
    """One thread that does one job after another (``runtime``)."""

    def submit(self, work: Callable[[], None], *, background: bool = False, must: bool = True) -> object:
        """Put a job in the queue. What ``must`` be done is done before the worker ends."""
        ...


class Handle:
    """One request. ``cancel`` drops its answer, and its work too when that has not begun."""

    __slots__ = ("_live", "done", "failed", "key", "owner", "writes")

    def __init__(
        self,
        done: Callable[[object], None],
        failed: Callable[[HimsogError], None] | None,
        key: str,
        owner: QObject | None,
        writes: bool,
    ) -> None:
        self.done = done
        self.failed = failed
        self.key = key
        self.owner = owner
        self.writes = writes
        self._live = True

    @property
    def live(self) -> bool:
        """Whether somebody still waits for the answer. Asked on the screen's thread."""
        return self._live and (self.owner is None or shiboken6.isValid(self.owner))

    @property
    def wanted(self) -> bool:
        """Whether the work should still be done. Asked on the worker's thread: it looks at no widget."""
        return self._live or self.writes

    def cancel(self) -> None:
        """Nobody waits any more."""
        self._live = False


class Behind(NamedTuple):
    """What is read right behind an act, in the same turn of the worker: its answer comes with the act's.

    ``read`` gets the desk and what the act answered.
    """

    read: Callable[[Desk, object], object]
    show: Callable[[object], None]


class _Answer:
    """What came of a request: a value or an error, and what was read behind it."""

    __slots__ = ("behind", "error", "handle", "value")

    def __init__(
        self, handle: Handle, value: object, error: HimsogError | None, behind: Callable[[], None] | None = None
    ) -> None:
        self.handle = handle
        self.value = value
        self.error = error
        self.behind = behind


class Backend(QObject):
    """The way from widgets to services.

    ``make_desk`` makes the worker's own desk, on the worker's thread, when the first work comes.
    ``desk_here`` makes a second, reading one for the screen's thread: for answers of under 3 ms only.
    ``nudge`` tells the follower to look at once. ``report`` logs a fault of ours.
    """

    changed = Signal(object)
    """A ``ChangeSet`` of this window or another process, in the order of the writes."""
    busy_changed = Signal(bool)
    unhandled = Signal(object)
    """A ``HimsogError`` that whoever asked did not handle: for the message area."""
    _landed = Signal(object)
    _written = Signal(object)

    def __init__(
        self,
        worker: Worker,
        make_desk: Callable[[], Desk],
        desk_here: Callable[[], Desk],
        *,
        nudge: Callable[[], None],
        report: Callable[[BaseException], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._worker = worker
        self._make_desk = make_desk
        self._make_here = desk_here
        self._nudge = nudge
        self._report = report
        self._desk: Desk | None = None
        self._here: Desk | None = None
        self.behind: Callable[[], Behind] | None = None
        """Asked with each act for what is in view: so an act's outcome is on the screen with its answer."""
        self._by_key: dict[str, Handle] = {}
        self._under_way = 0
        self._closed = False
        self._landed.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._written.connect(self._announce, Qt.ConnectionType.QueuedConnection)

    # ------------------------------------------------------------------------------- asking

    def read(
        self,
        work: Callable[[Desk], T],
        done: Callable[[T], None],
        failed: Callable[[HimsogError], None] | None = None,
        *,
        key: str = "",
        owner: QObject | None = None,
        background: bool = False,
    ) -> Handle:
        """Read something on the worker and hand the answer to ``done`` on this thread.

        A newer request with the same ``key`` replaces an older one: only the newest is answered.
        Without ``failed`` an error goes to the message area. Nothing is called once ``owner`` is gone.
        ``background``: what nobody waits for just now.
        """
        handle = Handle(done, failed, key, owner, False)  # type: ignore[arg-type]
        return self._ask(work, handle, background=background)

    def act(
        self,
        work: Callable[[Desk], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[HimsogError], None] | None = None,
        owner: QObject | None = None,
    ) -> Handle:
        """Do something that writes; ``changed`` follows by itself. The work is done even if nobody waits."""
        handle = Handle(done or _ignore, failed, "", owner, True)  # type: ignore[arg-type]
        return self._ask(work, handle)

    @property
    def here(self) -> Desk:
        """A reading desk on this thread, for answers that take under 3 ms (why a slot is not free)."""
        if self._here is None:
            self._here = self._make_here()
        return self._here

    @property
    def busy(self) -> bool:
        """Whether an answer is under way."""
        return self._under_way > 0

    def close(self) -> None:
        """Stop taking work; answers still under way are dropped. The worker is joined by whoever made it."""
        self._closed = True
        for handle in self._by_key.values():
            handle.cancel()
        self._by_key.clear()
        self._worker.submit(self._close_desk)
        if self._here is not None:
            self._here.cache.close()
            self._here = None

    def written(self, changes: ChangeSet) -> None:
        """What the follower saw; called on its thread."""
        self._written.emit(changes)

    # ---------------------------------------------------------------------- on the worker

    def _ask(self, work: Callable[[Desk], T], handle: Handle, *, background: bool = False) -> Handle:
        if self._closed:
            handle.cancel()
            return handle
        if handle.key:
            older = self._by_key.pop(handle.key, None)
            if older is not None:
                older.cancel()
            self._by_key[handle.key] = handle
        # Before it counts as under way: what fails here would count for ever.
        behind = self.behind() if handle.writes and self.behind is not None else None
        self._count(1)

        def job() -> None:
            value: object = None
            error: HimsogError | None = None
            shown = None
            if handle.wanted:
                try:
                    value = work(self._own_desk())
                    shown = self._read_behind(behind, value)
                except HimsogError as raised:
                    error = raised
                except Exception as raised:  # the last resort: a fault of ours ends no session
                    self._report(raised)
                    error = Fault("internal", BUG)
            self._landed.emit(_Answer(handle, value, error, shown))
            # With the outcome in the answer the follower's look can wait for its paint (``_deliver``).
            if handle.writes and shown is None:
                self._nudge()

        self._worker.submit(job, background=background, must=handle.writes)
        return handle

    def _read_behind(self, behind: Behind | None, answer: object) -> Callable[[], None] | None:
        """Here, and not as a request of its own: once the window paints, two threads share one interpreter."""
        if behind is None:
            return None
        try:
            page = behind.read(self._own_desk(), answer)
        except HimsogError:
            return None  # the act was done; the change set that follows has it read again
        except Exception as raised:  # ours: but the act was done, and must not be said to have failed
            self._report(raised)
            return None
        return lambda: behind.show(page)

    def _own_desk(self) -> Desk:
        if self._desk is None:
            self._desk = self._make_desk()
        return self._desk

    def _close_desk(self) -> None:
        if self._desk is not None:
            self._desk.cache.close()
            self._desk = None

    # ------------------------------------------------------------------- on the screen's thread

    @Slot(object)
    def _deliver(self, answer: _Answer) -> None:
        handle = answer.handle
        self._count(-1)
        if handle.key and self._by_key.get(handle.key) is handle:
            del self._by_key[handle.key]
        if self._closed:
            return
        if not handle.live:
            # The screen that asked is gone; that an act was refused must be said all the same.
            if answer.error is not None and handle.writes:
                self.unhandled.emit(answer.error)
        elif answer.error is None:
            handle.done(answer.value)
        elif handle.failed is not None:
            handle.failed(answer.error)
        else:
            self.unhandled.emit(answer.error)
        if answer.behind is not None and not self._closed:
            # A panel that went with the answer gives its room back first: then the page is laid out once.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
            answer.behind()
            QTimer.singleShot(0, self._nudge)

    @Slot(object)
    def _announce(self, changes: ChangeSet) -> None:
        if not self._closed:
            self.changed.emit(changes)

    def _count(self, step: int) -> None:
        before = self._under_way > 0
        self._under_way += step
        if (self._under_way > 0) is not before:
            self.busy_changed.emit(self._under_way > 0)


def _ignore(_answer: object) -> None:
    return None


class Errands(QObject):
    """Single pieces of work off the screen's thread, before there is a session: unlock, create, fill."""

    progress = Signal(int, int)
    """Done and in all; may be emitted from the work itself."""
    _landed = Signal(object)

    def __init__(self, worker: Worker, report: Callable[[BaseException], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._report = report
        self._landed.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[HimsogError], None]) -> None:
        """Do it on the worker; the answer comes here."""
        handle = Handle(done, failed, "", None, True)  # type: ignore[arg-type]

        def job() -> None:
            value: object = None
            error: HimsogError | None = None
            try:
                value = work()
            except HimsogError as raised:
                error = raised
            except Exception as raised:  # the last resort: it is said in the window
                self._report(raised)
                error = Fault("internal", BUG)
            self._landed.emit(_Answer(handle, value, error))

        self._worker.submit(job)

    @Slot(object)
    def _deliver(self, answer: _Answer) -> None:
        if answer.error is None:
            answer.handle.done(answer.value)
        elif answer.handle.failed is not None:
            answer.handle.failed(answer.error)
