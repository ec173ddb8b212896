"""Long work in short transactions, so that a booking beside it never waits (design, section 3).

One import or large undo runs on a profile at a time: the operating system's lock says so, and drops
when its owner dies, which is how the next program knows what has to be taken back.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from himsog_desktop.domain.errors import Refused
from himsog_desktop.storage.bulk import bulk
from himsog_desktop.system.locks import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from himsog_desktop.services.desk import Desk
    from himsog_desktop.storage.write import Transaction

MOST_ROWS = 500
"""Of one chunk (design, section 3)."""

FEWEST_ROWS = 25
SECONDS = 0.035
"""What a chunk's transaction should take: a third of what is promised, for machines with much else to do."""

PAUSE = 0.005
"""Between two chunks at least: others look for the lock every 2 ms."""

SETTLE_ROWS = 3_000
"""After so many the log is emptied: rarely enough that a page which many chunks touched is written once."""

LOCK_NAME = "import.lock"


def long_work_lock(desk: Desk) -> FileLock:
    """The lock that a running import or large undo holds on this profile."""
    return FileLock(desk.cache.path.with_name(LOCK_NAME))


@contextmanager
def alone(desk: Desk) -> Iterator[None]:
    """Hold the lock. Raises Refused("in_use") when another import or large undo is under way."""
    lock = long_work_lock(desk)
    if not lock.try_acquire():
        raise Refused(
            "in_use", "An import or a large undo is under way on this profile. Try again when it has finished."
        )
    try:
        yield
    finally:
        lock.release()


class Pace:
    """How large the next chunk may be, from how long the last ones took; and the pause between two."""

    __slots__ = ("_ended", "_since", "longest", "size")

    def __init__(self) -> None:
        self.size = MOST_ROWS // 4
        self.longest = 0.0
        self._ended = 0.0
        self._since = 0

    def told(self, rows: int, seconds: float) -> None:
        """A chunk of so many rows held the write lock for so long."""
        self.longest = max(self.longest, seconds)
        if rows * 2 >= self.size and seconds > 0:
            fitting = rows * SECONDS / seconds
            # Slow down at once, speed up by degrees.
            wanted = min(fitting, self.size) if fitting < self.size else self.size + (fitting - self.size) / 4
            self.size = max(FEWEST_ROWS, min(MOST_ROWS, int(wanted)))
        self._ended = time.monotonic()
        self._since += rows

    def pause(self) -> None:
        """Leave the lock free for a moment; what was done outside of it since counts."""
        left = self._ended + PAUSE - time.monotonic()
        if left > 0:
            time.sleep(left)  # house: no-sleep, because the lock must lie free for a while; it blocks a worker only

    def settle_now(self) -> bool:
        """Whether it is time to empty the log."""
        if self._since < SETTLE_ROWS:
            return False
        self._since = 0
        return True


class Chunks:
    """One piece of long work: its transactions, one after the other. Made by ``chunks``."""

    def __init__(self, desk: Desk, kind: str, act_id: str, source: str, settle: Callable[[], None]) -> None:
        self._desk, self._kind, self._act_id, self._source = desk, kind, act_id, source
        self._settle = settle
        self._rows = 0
        self.pace = Pace()

    @contextmanager
    def next(self, rows: int | None = None) -> Iterator[Transaction]:
        """The transaction of the next chunk; ``rows`` may also be told inside (``count``)."""
        self.pace.pause()
        self._rows = rows or 0
        with self._desk.write(self._kind, act_id=self._act_id, source=self._source) as tx:
            began = time.monotonic()
            tx.note_everything()
            yield tx
        self.pace.told(self._rows, time.monotonic() - began)
        if self.pace.settle_now():
            self._settle()

    def count(self, rows: int) -> None:
        """How many rows this chunk has."""
        self._rows = rows


@contextmanager
def chunks(desk: Desk, kind: str, act_id: str, source: str = "desk") -> Iterator[Chunks]:
    """Long work in the name of one act; the caller holds the lock (``alone``)."""
    with bulk(desk.cache) as settle:
        yield Chunks(desk, kind, act_id, source, settle)
