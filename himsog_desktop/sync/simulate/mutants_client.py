"""Wrong decisions of a desk's side: its store and its planner; see ``mutants``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from himsog_desktop.domain.intents import Batch, Image, Intent, Rows, Verdict
from himsog_desktop.ports import Applied, Repair, Waiting
from himsog_desktop.sync.engine import Abandon, Engine, Local, Park, Push, Request, Snapshot
from himsog_desktop.sync.exchange import Call, Steps, nothing, steps
from himsog_desktop.sync.simulate.clinic import Key
from himsog_desktop.sync.simulate.store import Repairs, Row, SimStore

# ------------------------------------------------------------------------------------ the store


class AckNoImage(SimStore):
    """P13: the verdict takes the intent away and the server's image does not come with it."""

    def canonical(self, key: Key, verdict: Verdict) -> None:
        """Wait for the next pull."""


class StalePull(SimStore):
    """P6: what a pull brings overwrites, also when an answer brought something newer."""

    def newer(self, key: Key, ver: int) -> bool:
        """Anything is news."""
        return True


class LatePull(SimStore):
    """A pull that comes late is taken also when a snapshot is needed by now: what it does not tell is never told."""

    def awaits(self, epoch: str) -> bool:
        """Whatever became of the cursor."""
        return epoch == self.epoch()


class StaleAnswer(SimStore):
    """A stored verdict, told again much later, overwrites what is here."""

    def canonical(self, key: Key, verdict: Verdict) -> None:
        """Whatever it says."""
        self.put(key, verdict.image, verdict.ver)


class CursorFirst(SimStore):
    """P5: the cursor is kept in a transaction before the rows."""

    def apply(self, batches: Iterator[Batch], epoch: str, *, accept_deletions: bool = False) -> Applied:
        """Two transactions."""
        parts = list(batches)
        self._cursor, self._epoch = parts[-1].cursor, epoch
        self.at("between")
        return super().apply(iter(parts), epoch)


class ChunkApply(SimStore):
    """P5: each part of a pull is applied as it comes."""

    def apply(self, batches: Iterator[Batch], epoch: str, *, accept_deletions: bool = False) -> Applied:
        """Without waiting for the end."""
        last = Batch()
        for part in batches:
            last = part
            self.lay(part)
            if self.watch is not None:
                self.watch.laid(self)
        return super().apply(iter([last]), epoch)


class DropConflict(SimStore):
    """P20: what was refused is thrown away."""

    def refuse(self, row: Row) -> None:
        """Nobody hears of it."""
        del self.rows[row.intent.id]


class VersionRebase(SimStore):
    """P12: what waits is made to fit what comes, so that it always fits."""

    def put(self, key: Key, image: Image, ver: int) -> None:
        """Every ``before`` that waits becomes what stands there now."""
        super().put(key, image, ver)
        for row in self.queue:
            intent = row.intent
            if (intent.entity, intent.key) == key and intent.before and intent.after and image:
                row.intent = replace(intent, before={n: image[n] for n in intent.before})
                break


class DeleteOnEvict(SimStore):
    """Narrowing the scope takes what waits with it."""

    def evicted(self, key: Key) -> None:
        """Everything about it goes."""
        for row in [r for r in self.queue if (r.intent.entity, r.intent.key) == key and not r.sent]:
            self.queue.remove(row)
            del self.rows[row.intent.id]


class SnapshotOverOutbox(SimStore):
    """A snapshot replaces the whole profile, not what lies beneath the outbox."""

    def install(self, parts: Sequence[Rows]) -> int:
        """With an empty outbox."""
        for row in self.queue:
            del self.rows[row.intent.id]
        self.queue.clear()
        return super().install(parts)


class SnapshotOverAnswers(SimStore):
    """A snapshot replaces what verdicts brought since it began."""

    def fresher(self, key: Key, ver: int) -> bool:
        """It knows best."""
        return False


class NoReoffer(SimStore):
    """P26: after a restore the server's word is all there is."""

    def again(self, ids: Sequence[str], epoch: str) -> None:
        """Take the new life's name and put nothing back."""
        super().again((), epoch)


class SentWithdrawn(SimStore):
    """An act that went out is taken back as if it never had."""

    def was_sent(self, row: Row) -> bool:
        """Who knows."""
        return False


class _Repairing(SimStore):
    """A store with another chain repair."""

    def settle(self, verdict: Verdict, repair: Repairs) -> None:
        """With ours."""
        super().settle(verdict, self.mended)

    def mended(self, verdict: Verdict, queue: Sequence[Intent]) -> Repair:
        """What a mutant does instead."""
        return Repair()


class NoChainRepair(_Repairing):
    """P14: what waits behind a refused intent stays as it was made."""


class ChainByValue(_Repairing):
    """P14: whatever saw the refused value takes over what stood under it, wherever it stands (a, b, a again)."""

    def mended(self, verdict: Verdict, queue: Sequence[Intent]) -> Repair:
        """By value."""
        refused = queue[0]
        changed = []
        for intent in queue[1:] if refused.before and refused.after else ():
            if (intent.entity, intent.key) != (refused.entity, refused.key) or not intent.before:
                continue
            wrong = {
                n: refused.before[n] for n, v in intent.before.items() if n in refused.after and v == refused.after[n]
            }
            if wrong:
                changed.append(replace(intent, before={**intent.before, **wrong}))
        return Repair(tuple(changed))


# ----------------------------------------------------------------------------------- the planner


class PoisonBlocks(Engine):
    """P19: the first in the queue goes first, for ever."""

    def _outgoing(self, now: float, waiting: Sequence[Waiting]) -> Push | Abandon | Park | None:
        """One, and the next when it has gone."""
        return Push((waiting[0].intent,)) if waiting else None


class RetryAsConflict(Engine):
    """P16: what the server asks to come again with is taken for refused."""

    def failed(self, request: Request, now: float, code: str) -> None:
        """Park it."""
        super().failed(request, now, "reused" if code == "retry" and isinstance(request, Push) else code)


class HeldIsRefused(Engine):
    """What a newer server does not take is given up instead of kept for the newer program."""

    def failed(self, request: Request, now: float, code: str) -> None:
        """Park it."""
        super().failed(request, now, "reused" if code == "held_upgrade" and isinstance(request, Push) else code)


class DiskIsPoison(Engine):
    """A full disk at the desk is taken for a fault of what waits, which is given up in the end."""

    def failed(self, request: Request, now: float, code: str) -> None:
        """As if the server had said it."""
        super().failed(request, now, "internal" if code == "disk_full" else code)


class SignedOutIsRefused(Engine):
    """Whoever is signed out loses what waits."""

    def failed(self, request: Request, now: float, code: str) -> None:
        """Park it."""
        super().failed(request, now, "reused" if code == "signed_out" and isinstance(request, Push) else code)


class AbandonUnfenced(Engine):
    """P9: given up on this side only."""

    def _outgoing(self, now: float, waiting: Sequence[Waiting]) -> Push | Abandon | Park | None:
        """Without a word to the server; and soon, as after a lost answer."""
        found = super()._outgoing(now, waiting)
        if isinstance(found, Push):
            sent = [w.intent for w in waiting if w.sent and w.intent in found.intents]
            if sent:
                return Park(sent[0])
        return found


class LateAdoption(Engine):
    """The server's life is not known before the first snapshot is whole, though verdicts came before."""

    def next(self, now: float, local: Local) -> Request:
        """Take it for the one that it always was."""
        epoch = self.welcome.epoch if self.welcome is not None and local.epoch is None else local.epoch
        return super().next(now, local._replace(epoch=epoch))


class SlowPoison(Engine):
    """What the server can't digest is tried again at the pace of what it was too busy for."""

    def _blame(self, intent: Intent, now: float, *, retry: bool) -> None:
        """Each time twice as long, up to a minute."""
        super()._blame(intent, now, retry=retry)
        if not retry:
            self._wait(intent).failed(now)


class Chained(Engine):
    """Several intents of one aggregate go in one push, before the first has its verdict."""

    def _outgoing(self, now: float, waiting: Sequence[Waiting]) -> Push | Abandon | Park | None:
        """All of them."""
        found = super()._outgoing(now, waiting)
        if not isinstance(found, Push):
            return found
        keys = {(i.entity, i.key) for i in found.intents}
        more = [w.intent for w in waiting if (w.intent.entity, w.intent.key) in keys and not w.doomed]
        return Push(tuple(more[:20]))


class NoPlaceOrder(Engine):
    """What takes a place goes before what of ours would make it free."""

    def _place(self, intent: Intent) -> tuple[bool, bool]:
        """No place is like another."""
        return False, False


class Impatient(Engine):
    """The pause grows to five minutes, whatever waits."""

    patience = float("inf")


def unchecked_steps(request: Request, store: SimStore) -> Steps:
    """A snapshot is taken for one of the life that the server said hello in, whatever its cursor names."""
    if not isinstance(request, Snapshot):
        return (yield from steps(request, store))
    parts = yield Call("snapshot", (request.clinic, request.place))
    return store.stage(iter(parts), request.epoch, nothing, fresh=request.place is None)


def counter_id(store: SimStore, random: Random) -> str:
    """P10: a change is known by its workstation and a count."""
    store.counter += 1
    return f"{store.device}-{store.counter}"
