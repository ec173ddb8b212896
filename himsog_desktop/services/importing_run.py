"""How an import runs: one act, many short transactions, nothing left when it is broken off.

Design, section 3: chunks of at most 500 rows, each under 100 ms, so that a booking never waits;
cancelling or a crash compensates.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import msgspec

from himsog_desktop.domain.errors import Refused, Surroundings
from himsog_desktop.domain.ids import new_id
from himsog_desktop.services.documents import ImportDoc
from himsog_desktop.services.pacing import MOST_ROWS, alone, chunks
from himsog_desktop.services.undoing import compensate
from himsog_desktop.storage import ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from himsog_desktop.services.desk import Desk
    from himsog_desktop.storage.write import Transaction

P = TypeVar("P")
D = TypeVar("D", bound=ImportDoc)

Progress = "Callable[[int, int], None] | None"


class Job(Protocol[P]):
    """The work of one kind of import."""

    def batches(self, size: Callable[[], int]) -> Iterator[P]:
        """Read on and get ready, outside of any transaction; ``size`` is how many rows are wanted now."""
        ...

    def rows(self, batch: P) -> int:
        """How many changes a batch has; 0 needs no transaction."""
        ...

    def write(self, tx: Transaction, batch: P) -> None:
        """Write a batch."""
        ...

    def progress(self) -> tuple[int, int]:
        """Rows done, and rows there are, as far as can be told."""
        ...


class Asked(Generic[D]):
    """What was asked for: the act's kind, its request id, and what its answer looks like."""

    def __init__(self, kind: str, document: type[D], request_id: str | None, asked: str) -> None:
        self.kind, self.document, self.request_id, self.asked = kind, document, request_id, asked

    def answered(self, desk: Desk) -> D | None:
        """The answer of the first time."""
        if self.request_id is None:
            return None
        return desk.answered(self.kind, self.request_id, self.asked, self.document)


def run(
    desk: Desk,
    job: Job[P],
    asked: Asked[D],
    report: Callable[[str | None], D],
    *,
    dry_run: bool,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> D:
    """Do it. ``report`` makes the document, given the act's id.

    Raises Refused("cancelled") when ``cancelled`` says so, Refused("in_use") when another import runs,
    and what the job raises; then all that was written has been taken back.
    """

    def check() -> None:
        if progress is not None:
            progress(*job.progress())
        if cancelled is not None and cancelled():
            raise Refused("cancelled", "The import was stopped. Nothing of it was kept.")

    if dry_run:
        for _ in job.batches(lambda: MOST_ROWS):
            check()
        return report(None)
    with alone(desk):
        act_id = new_id()
        begun = False
        try:
            with chunks(desk, asked.kind, act_id, "import") as work:
                for batch in job.batches(lambda: work.pace.size):
                    check()
                    count = job.rows(batch)
                    if not count:
                        continue
                    with work.next(count) as tx:
                        if not begun:
                            _begin(desk, tx, asked)
                        job.write(tx, batch)
                    begun = True
                check()
                return _finish(desk, act_id, asked, report, begun=begun)
        except BaseException:
            act = ledger.get(desk.reader, act_id)
            if act is not None and act.state == "open":
                # If even that fails, the next program that opens the profile does it (finish_broken).
                with suppress(Surroundings):
                    compensate(desk, act)
            raise


def _begin(desk: Desk, tx: Transaction, asked: Asked[D]) -> None:
    ledger.add(
        tx.raw,
        act_id=tx.act_id,
        kind=asked.kind,
        at=tx.at,
        by_id=desk.staff.id,
        state="open",
        request_id=asked.request_id,
        asked=_hash(asked),
    )


def _hash(asked: Asked[D]) -> bytes | None:
    return ledger.request_hash(f"{asked.kind}\n{asked.asked}") if asked.request_id else None


def _finish(desk: Desk, act_id: str, asked: Asked[D], report: Callable[[str | None], D], *, begun: bool) -> D:
    document = report(act_id if begun else None)
    answer = ledger.Answer(1 if document.refused else 0, msgspec.json.encode(document))
    if begun:
        with desk.write(asked.kind, act_id=act_id, source="import") as tx:
            # From now on it can be undone for ten minutes.
            ledger.finished(tx.raw, act_id, tx.at, answer)
    elif asked.request_id is not None:
        with desk.write(asked.kind, act_id=act_id, source="import") as tx:
            # Nothing to undo: an act that only remembers its answer.
            ledger.add(
                tx.raw,
                act_id=act_id,
                kind=asked.kind,
                at=tx.at,
                by_id=desk.staff.id,
                state="compensated",
                request_id=asked.request_id,
                asked=_hash(asked),
                answer=answer,
            )
    return document
