"""The local side of sync over the cache (``ports.Store``): what waits, what the server said, the projection.

Each call is one transaction, so that a crash leaves either side of it; only a pull of more than ``FEW`` parts is
applied in several, each complete in itself and repeatable, with the cursor in the last one (reliability, 2.2).
Nothing older than what is here overwrites it, and an aggregate that waits keeps what waits on top.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.intents import Batch, Card, Intent, Verdict
from himsog_desktop.domain.time import DAY
from himsog_desktop.ports import Applied, Repair, Waiting
from himsog_desktop.storage import outbox, scope, unread
from himsog_desktop.storage.entities import KINDS
from himsog_desktop.storage.images import image_of
from himsog_desktop.storage.outbox import INTENT, WAITING, Patch, intent_of
from himsog_desktop.storage.received import (
    CARD,
    apply_changes,
    apply_history,
    going,
    guard,
    keep_for_snapshot,
    meta,
    name_of,
    put_card,
    readable,
    recompute_all,
    set_base,
    set_meta,
    still_departs,
    take,
)
from himsog_desktop.storage.sessions import ACCEPT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from himsog_desktop.domain.intents import Rows
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.ports import Clock
    from himsog_desktop.storage.cache import Cache
    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.entities import Record
    from himsog_desktop.storage.write import Transaction

SYNC = "sync"
"""Initiator and source of what comes from the server."""

FEW = 200
"""Up to so many changes a pull is applied in one transaction; more are staged and applied chunk by chunk."""

SECONDS = 0.04
"""What a chunk should hold the write lock for, so that a booking never waits."""

KEPT_DAYS = 30
"""How long an accepted intent is kept for a server that is restored from a backup."""


class SqliteStore:
    """``ports.Store`` over the cache of a profile, from one thread."""

    def __init__(self, cache: Cache, clock: Clock, device: str = "") -> None:
        self.cache = cache
        self.clock = clock
        self.device = device

    # --------------------------------------------------------------------------------- the outbox

    def waiting(self, limit: int) -> Sequence[Waiting]:
        """Intents without a verdict, in the order of their acts."""
        text = f"SELECT seq, sent, state, {INTENT} FROM outbox WHERE {WAITING} ORDER BY seq LIMIT ?"
        rows = self.cache.reader.execute(text, (limit,))  # sql: identifiers only
        return [Waiting(row[0], intent_of(row[3:]), bool(row[1]), row[2] == "doomed") for row in rows]

    def sending(self, ids: Sequence[str]) -> None:
        """These are about to go out: from now on they cannot be withdrawn.

        Raises Surroundings("retry") when a person has withdrawn one of them meanwhile; then none may go.
        """
        wanted = (json.dumps(list(ids)),)
        with self.write() as tx:
            there = tx.raw.execute(
                "UPDATE outbox SET sent = 1 WHERE state IN ('pending', 'doomed') AND intent_id IN"
                " (SELECT value FROM json_each(?))",
                wanted,
            ).rowcount
            if there < len(set(ids)):
                raise Surroundings("retry", "What waits has changed meanwhile.")

    def settle(self, verdict: Verdict, repair: Callable[[Verdict, Sequence[Intent]], Repair]) -> None:
        """Take a verdict: the image becomes the server's, the intent leaves the outbox or needs attention."""
        with self.write() as tx:
            keep_for_snapshot(tx, verdict.entity, verdict.key)
            seen = scope.scope_of(meta(tx.raw, "cursor"))
            if scope.outside(tx.raw, seen, verdict.entity, verdict.key, verdict.image):
                scope.depart(tx.raw, [(verdict.entity, verdict.key, 0)])
            if verdict.entity in KINDS:
                if verdict.image and not readable(verdict.entity, verdict.image):
                    unread.note(tx.raw, [(verdict.entity, verdict.key)], ())
                elif not still_departs(tx.raw, verdict):
                    take(tx, verdict.entity, verdict.key, verdict.ver, verdict.image)
                elif verdict.image:
                    # What else waits for it stands on this; with the last of that it goes.
                    set_base(tx.raw, verdict.entity, verdict.key, dict(verdict.image))
            found = tx.raw.execute(
                f"SELECT seq, {INTENT} FROM outbox WHERE intent_id = ? AND {WAITING}",  # sql: identifiers only
                (verdict.id,),
            ).fetchone()
            touched = {(verdict.entity, verdict.key)}
            if found is not None:
                touched |= self._settle(tx, verdict, found[0], intent_of(found[1:]), repair)
            recompute_all(tx, touched)

    def _settle(
        self,
        tx: Transaction,
        verdict: Verdict,
        seq: int,
        intent: Intent,
        repair: Callable[[Verdict, Sequence[Intent]], Repair],
    ) -> set[tuple[str, str]]:
        """Take the intent out of what waits; the aggregates whose projection changes with it."""
        if intent.entity == CARD:
            answered = verdict.image.get("resolved") if verdict.image else intent.after.get("resolved")
            tx.raw.execute("UPDATE card SET resolved = ? WHERE id = ?", (answered, intent.key))
            tx.touch(CARD)
        if not verdict.refused:
            tx.raw.execute("UPDATE outbox SET state = 'done', sent = 1, settled_at = ? WHERE seq = ?", (tx.at, seq))
            tx.raw.execute("DELETE FROM outbox WHERE state = 'done' AND settled_at < ?", (tx.at - KEPT_DAYS * DAY,))
            if verdict.verdict == "noop":
                # Somebody else did it: it stands in her history.
                tx.raw.execute("DELETE FROM history WHERE uid = ?", (intent.id,))
            return set()
        queue = [
            intent_of(row)
            for row in tx.raw.execute(
                f"SELECT {INTENT} FROM outbox WHERE seq >= ? AND {WAITING} ORDER BY seq",  # sql: identifiers only
                (seq,),
            )
        ]
        kept = msgspec.json.encode(verdict).decode()
        tx.raw.execute("UPDATE outbox SET state = 'refused', sent = 1, reason = ? WHERE seq = ?", (kept, seq))
        tx.raw.execute("DELETE FROM history WHERE uid = ?", (intent.id,))
        if intent.entity != CARD:
            put_card(tx, Card(intent, verdict, name_of(tx.raw, intent.author)))
        return self._repair(tx, repair(verdict, queue), queue)

    def _repair(self, tx: Transaction, repaired: Repair, queue: Sequence[Intent]) -> set[tuple[str, str]]:
        changed = [(msgspec.json.encode(Patch(dict(i.before), dict(i.after))).decode(), i.id) for i in repaired.changed]
        tx.raw.executemany("UPDATE outbox SET patch = ? WHERE intent_id = ?", changed)
        doomed = set(repaired.doomed)
        tx.raw.executemany("UPDATE outbox SET state = 'doomed' WHERE intent_id = ?", [(one,) for one in doomed])
        return {(i.entity, i.key) for i in queue if i.id in doomed}

    def settled(self, since: Micros) -> Sequence[Intent]:
        """Intents that were accepted since then."""
        text = f"SELECT {INTENT} FROM outbox WHERE state = 'done' AND settled_at >= ? ORDER BY seq"
        rows = self.cache.reader.execute(text, (since,))  # sql: identifiers only
        return [intent_of(row) for row in rows]

    def again(self, ids: Sequence[str], epoch: str) -> None:
        """The server has another life: settled intents that it lost wait again, and nothing of the old one counts."""
        with self.write() as tx:
            lost = tx.raw.execute(
                "SELECT DISTINCT o.entity_type, o.entity_id FROM json_each(?) AS w"
                " JOIN outbox AS o ON o.intent_id = w.value WHERE o.state = 'done'",
                (json.dumps(list(ids)),),
            ).fetchall()
            for entity, key in lost:
                if entity in KINDS and outbox.base_of(tx.raw, entity, key) is None:
                    found: list[Record] = list(KINDS[entity].load(tx.raw, [key], tx.clinic_id))
                    set_base(tx.raw, entity, key, image_of(found[0] if found else None))
            tx.raw.executemany(
                "UPDATE outbox SET state = 'pending', settled_at = NULL WHERE intent_id = ? AND state = 'done'",
                [(one,) for one in ids],
            )
            tx.raw.execute("UPDATE synced SET ver = 0")
            tx.raw.execute("DELETE FROM departed")
            set_meta(tx.raw, cursor=None, staged=None, epoch=epoch)
            recompute_all(tx, {(entity, key) for entity, key in lost})
        self.cache.forget()

    # --------------------------------------------------------------------------------- the server's word

    def cursor(self) -> str | None:
        """Where the next pull begins; None: a snapshot is needed, also for what another version could not read."""
        return None if unread.another_could(self.cache.reader) else meta(self.cache.reader, "cursor")

    def epoch(self) -> str | None:
        """The server's life that the cursor belongs to."""
        return meta(self.cache.reader, "epoch")

    def apply(self, batches: Iterator[Batch], epoch: str, *, accept_deletions: bool = False) -> Applied:
        """Take a pull: all of it or nothing, and nothing that is not for the profile any more (``awaits``).

        Raises Surroundings("deletions") when too much would go, "offline" when the end is missing.
        """
        if not self.awaits(self.cache.reader, epoch):
            return Applied(0, 0)
        few: list[Batch] = []
        count = 0
        for batch in batches:
            few.append(batch)
            count += len(batch.changes) + len(batch.history) + len(batch.cards)
            if batch.cursor is not None:
                found = self._apply_few(few, count, epoch, accept_deletions=accept_deletions)
                self._sweep(epoch)
                return found
            if count > FEW:
                return self._apply_many(few, batches, epoch, accept_deletions=accept_deletions)
        raise Surroundings("offline", "The line broke before the end of what changed.")

    def _apply_few(self, batches: Sequence[Batch], count: int, epoch: str, *, accept_deletions: bool) -> Applied:
        if count > FEW:
            return self._apply_many(batches, iter(()), epoch, accept_deletions=accept_deletions)
        with self.write() as tx:
            if not self.awaits(tx.raw, epoch):
                return Applied(0, 0)
            # What is left of a pull that broke off while it was applied: this one brings it again.
            tx.raw.execute("DELETE FROM staging WHERE kind = 'pull'")
            changes = [change for batch in batches for change in batch.changes]
            if not accept_deletions:
                guard(tx.raw, going(tx.raw, changes))
            changed, deleted = apply_changes(tx, changes)
            told = apply_history(tx.raw, [row for batch in batches for row in batch.history])
            for batch in batches:
                for card in batch.cards:
                    put_card(tx, card)
            self.arrived(tx.raw, batches[-1].cursor, epoch, accepted=accept_deletions)
        self.cache.forget()
        return Applied(changed, deleted, told)

    def _apply_many(
        self, begun: Sequence[Batch], rest: Iterator[Batch], epoch: str, *, accept_deletions: bool
    ) -> Applied:
        """A pull that is too large for one transaction: staged whole, then applied in chunks, the cursor last."""
        from himsog_desktop.storage.staged_pull import StagedPull

        return StagedPull(self, epoch, accept_deletions=accept_deletions).take(begun, rest)

    def preview(self, batches: Sequence[Batch]) -> None:
        """Take what is shown before the first snapshot is here; it says nothing of what is not in it."""
        with self.write() as tx:
            apply_changes(tx, [change for batch in batches for change in batch.changes])
        self.cache.forget()

    def stage(
        self,
        parts: Iterator[Rows],
        epoch: str,
        progress: Callable[[int, int], None],
        *,
        fresh: bool,
        accept_deletions: bool = False,
    ) -> Applied:
        """Stage a snapshot, kept when it breaks off; at its end it takes the place of what was there."""
        from himsog_desktop.storage.staging import Staging

        found = Staging(self, epoch).take(parts, progress, fresh=fresh, accept_deletions=accept_deletions)
        self.cache.forget()
        return found

    def _sweep(self, epoch: str) -> None:
        if self.cache.writer.execute("SELECT 1 FROM sqlite_schema WHERE name = 'new_user'").fetchone() is not None:
            from himsog_desktop.storage.staging import Staging

            Staging(self, epoch).sweep()

    def staged(self, epoch: str) -> str | None:
        """Where a broken-off snapshot of that life of the server goes on; None: from the start."""
        from himsog_desktop.storage.staging import staged_place

        return staged_place(self.cache.reader, epoch)

    # --------------------------------------------------------------------------------- inside

    def write(self) -> AbstractContextManager[Transaction]:
        """One transaction in the server's name."""
        return _Received(self)

    def awaits(self, raw: Raw, epoch: str) -> bool:
        """Whether a pull of that life of the server is for the profile as it is now.

        Without a cursor it waits for a snapshot (``again``): what a late pull does not tell would be missed for ever
        if its cursor were kept.
        """
        return meta(raw, "cursor") is not None and meta(raw, "epoch") == epoch

    def arrived(self, raw: Raw, cursor: str | None, epoch: str, *, accepted: bool) -> None:
        """All of it is here: the cursor with it. A snapshot that broke off before would bring back what is older.

        ``accepted``: with it goes what a person allowed once, that much may go.
        """
        set_meta(raw, cursor=cursor, epoch=epoch, staged=None, last_sync=str(self.clock.now()))
        if accepted:
            set_meta(raw, **{ACCEPT: None})


class _Received:
    """A write of the cache whose rows came from the server."""

    def __init__(self, store: SqliteStore) -> None:
        self._made = store.cache.write(
            act_id=new_id(),
            at=store.clock.now(),
            by_id=None,
            device=store.device,
            source=SYNC,
            initiator=SYNC,
            kind=SYNC,
        )

    def __enter__(self) -> Transaction:
        tx = self._made.__enter__()
        tx.received = True
        return tx

    def __exit__(self, *error: object) -> bool | None:
        return self._made.__exit__(*error)  # type: ignore[arg-type]
