"""A pull that is too large for one transaction: staged whole, then applied in chunks, the cursor with the last.

A booking gets in between two chunks. Of a pull that breaks off nothing is applied; should the program die while
a whole one is applied, the next pull begins at the old cursor and brings all of it again (reliability, P5).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec

from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.domain.intents import Batch, Card, Change, HistoryRow
from himsog_desktop.ports import Applied
from himsog_desktop.storage.bulk import bulk
from himsog_desktop.storage.connection import transaction
from himsog_desktop.storage.received import ORDER, apply_changes, apply_history, going, guard, put_card

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from himsog_desktop.storage.syncing import SqliteStore

T = TypeVar("T")

SECONDS = 0.03
"""What a chunk should hold the write lock for."""

MOST = 500
_SPAN = 1 << 40
"""Parts are applied in the order of their kinds, within one in the order in which they came."""

_CLEAR = "DELETE FROM staging WHERE kind = 'pull'"


class Part(msgspec.Struct, frozen=True):
    """One part of a pull as it is staged."""

    what: Literal["change", "history", "card"]
    body: msgspec.Raw


class StagedPull:
    """One large pull."""

    def __init__(self, store: SqliteStore, epoch: str, *, accept_deletions: bool) -> None:
        self._store = store
        self._epoch = epoch
        self._accept = accept_deletions
        self._count = 0
        self._going = 0
        self._size = MOST // 4

    def take(self, begun: Sequence[Batch], rest: Iterator[Batch]) -> Applied:
        """Stage what came and what comes, then apply it. Raises Surroundings("offline", "deletions")."""
        raw = self._store.cache.writer
        with bulk(self._store.cache) as settle:
            with transaction(raw):
                raw.execute(_CLEAR)
            cursor = None
            for batch in _all(begun, rest):
                self._stage(batch)
                cursor = batch.cursor
                if cursor is not None:
                    break
            try:
                if cursor is None:
                    raise Surroundings("offline", "The line broke before the end of what changed.")
                if not self._accept:
                    guard(raw, self._going)
            except Surroundings:
                with transaction(raw):
                    raw.execute(_CLEAR)
                raise
            settle()
            found = self._apply(cursor)
        self._store.cache.forget()
        return found

    def _stage(self, batch: Batch) -> None:
        rows: list[tuple[int, bytes]] = []
        for change in batch.changes:
            place = ORDER.index(change.entity) if change.entity in ORDER else -1
            if place >= 0:
                rows.append(self._row(place, "change", change))
        rows += [self._row(len(ORDER), "history", row) for row in batch.history]
        rows += [self._row(len(ORDER) + 1, "card", card) for card in batch.cards]
        raw = self._store.cache.writer
        self._going += going(raw, batch.changes)
        for low in range(0, len(rows), MOST):
            with transaction(raw):
                raw.executemany(
                    "INSERT INTO staging (seq, kind, body) VALUES (?, 'pull', ?)",
                    [(seq, body.decode()) for seq, body in rows[low : low + MOST]],
                )

    def _row(self, place: int, what: Literal["change", "history", "card"], body: object) -> tuple[int, bytes]:
        self._count += 1
        return place * _SPAN + self._count, msgspec.json.encode(Part(what, msgspec.Raw(msgspec.json.encode(body))))

    def _apply(self, cursor: str) -> Applied:
        changed = deleted = told = 0
        while True:
            began = time.monotonic()
            with self._store.write() as tx:
                if not self._store.awaits(tx.raw, self._epoch):
                    # What is here has been put in question since: a snapshot brings the rest.
                    tx.raw.execute(_CLEAR)
                    return Applied(changed, deleted, told)
                rows = tx.raw.execute(
                    "SELECT seq, body FROM staging WHERE kind = 'pull' ORDER BY seq LIMIT ?", (self._size,)
                ).fetchall()
                parts = [msgspec.json.decode(row[1], type=Part) for row in rows]
                came, went = apply_changes(tx, list(_of(parts, "change", Change)))
                changed, deleted = changed + came, deleted + went
                told += apply_history(tx.raw, list(_of(parts, "history", HistoryRow)))
                for card in _of(parts, "card", Card):
                    put_card(tx, card)
                tx.raw.executemany("DELETE FROM staging WHERE seq = ?", [(row[0],) for row in rows])
                last = len(rows) < self._size
                if last:
                    self._store.arrived(tx.raw, cursor, self._epoch, accepted=self._accept)
            if last:
                return Applied(changed, deleted, told)
            took = time.monotonic() - began
            self._size = max(20, min(MOST, int(self._size * min(2.0, SECONDS / max(took, 1e-4)))))
            time.sleep(0.004)  # the lock lies free for a moment: others look for it every 2 ms


def _all(begun: Iterable[Batch], rest: Iterator[Batch]) -> Iterator[Batch]:
    yield from begun
    yield from rest


def _of(parts: Iterable[Part], what: str, kind: type[T]) -> Iterator[T]:
    return (msgspec.json.decode(part.body, type=kind) for part in parts if part.what == what)
