"""A model of a profile: base, outbox and projection in memory, each method one transaction (``ports.Store``).

``at`` is called around each transaction: it may end the process there. What a method writes it writes at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, Protocol

from himsog_desktop.domain.intents import Batch, Card, Image, Intent, Rows, Verdict
from himsog_desktop.domain.time import Micros
from himsog_desktop.ports import Applied, Repair, Waiting
from himsog_desktop.sync.simulate.clinic import Key

Repairs = Callable[[Verdict, Sequence[Intent]], Repair]


class Watch(Protocol):
    """Who looks at what a profile does."""

    def based(self, store: SimStore, key: Key, old: int, new: int) -> None:
        """It writes the server's image."""

    def settled(self, store: SimStore, verdict: Verdict) -> None:
        """It took a verdict."""

    def laid(self, store: SimStore) -> None:
        """It took in what came."""


class Row:
    """An intent in the outbox."""

    __slots__ = ("intent", "sent", "seq", "state", "verdict")

    def __init__(self, seq: int, intent: Intent) -> None:
        self.seq = seq
        self.intent = intent
        self.sent = False
        self.state: Literal["pending", "doomed", "refused", "done"] = "pending"
        self.verdict: Verdict | None = None


class SimStore:
    """One profile. ``base``: the server's image and version of each aggregate that is known here."""

    def __init__(self, name: str, device: str, clinic: str) -> None:
        self.name = name
        self.device = device
        self.clinic = clinic
        self.at: Callable[[str], None] = _no_fault
        self.watch: Watch | None = None
        self.base: dict[Key, tuple[Image, int]] = {}
        self.rows: dict[str, Row] = {}
        self.queue: list[Row] = []
        self.history: set[str] = set()
        self.cards: dict[str, Card] = {}
        self.counter = 0
        self._seq = 0
        self._cursor: str | None = None
        self._epoch: str | None = None
        self._staged: tuple[str, str] | None = None
        self._parts: list[Rows] = []
        self._fresh: set[Key] = set()

    # ---------------------------------------------------------------------------- what persons do

    def image(self, key: Key) -> Image:
        """What a screen shows: the server's, with what waits laid over it."""
        image = self.base.get(key, ({}, 0))[0]
        for row in self.queue:
            intent = row.intent
            if intent.key == key[1] and intent.entity == key[0] and row.state == "pending":
                image = _laid(image, intent)
        return image

    def view(self) -> dict[Key, Image]:
        """All that is there on a screen."""
        found = {key: image for key, (image, _) in self.base.items()}
        for row in self.queue:
            if row.state == "pending":
                key = (row.intent.entity, row.intent.key)
                found[key] = _laid(found.get(key, {}), row.intent)
        return {key: image for key, image in found.items() if image}

    def add(self, intents: Sequence[Intent]) -> None:
        """Put an act into the outbox."""
        for intent in intents:
            self._seq += 1
            row = Row(self._seq, intent)
            self.rows[intent.id] = row
            self.queue.append(row)

    def withdraw(self, id_: str) -> bool:
        """Take back the last act on an aggregate if it was never sent and nothing needs it."""
        row = self.rows.get(id_)
        if row is None or row.state != "pending" or self.was_sent(row):
            return False
        key = (row.intent.entity, row.intent.key)
        for other in self.queue:
            same = other.seq > row.seq and (other.intent.entity, other.intent.key) == key
            if same or id_ in other.intent.needs:
                return False
        self.queue.remove(row)
        del self.rows[id_]
        return True

    def was_sent(self, row: Row) -> bool:
        """Whether the server may know it."""
        return row.sent

    # ------------------------------------------------------------------------------- the outbox

    def waiting(self, limit: int) -> Sequence[Waiting]:
        """See ``ports.Store``."""
        return [Waiting(r.seq, r.intent, r.sent, r.state == "doomed") for r in self.queue[:limit]]

    def sending(self, ids: Sequence[str]) -> None:
        """See ``ports.Store``."""
        self.at("sending")
        for one in ids:
            self.rows[one].sent = True
        self.at("sent")

    def settle(self, verdict: Verdict, repair: Repairs) -> None:
        """See ``ports.Store``."""
        self.at("settle")
        self.take(verdict, repair)
        if self.watch is not None:
            self.watch.settled(self, verdict)
        self.at("settled")

    def take(self, verdict: Verdict, repair: Repairs) -> None:
        """The transaction of a verdict."""
        row = self.rows[verdict.id]
        behind = [r for r in self.queue if r.seq >= row.seq]
        self.queue.remove(row)
        row.verdict = verdict
        key = (verdict.entity, verdict.key)
        if verdict.refused:
            self.refuse(row)
            found = repair(verdict, [r.intent for r in behind])
            for intent in found.changed:
                self.rows[intent.id].intent = intent
            for id_ in found.doomed:
                self.rows[id_].state = "doomed"
        else:
            row.state = "done"
        self.canonical(key, verdict)
        self._fresh.add(key)

    def refuse(self, row: Row) -> None:
        """Keep it for a person."""
        row.state = "refused"

    def canonical(self, key: Key, verdict: Verdict) -> None:
        """The server's image comes with its verdict."""
        if verdict.ver > self.ver(key):
            self.put(key, verdict.image, verdict.ver)

    # ------------------------------------------------------------------------------ what comes

    def ver(self, key: Key) -> int:
        """The version that is here."""
        return self.base[key][1] if key in self.base else 0

    def put(self, key: Key, image: Image, ver: int) -> None:
        """Write the server's image."""
        if self.watch is not None:
            self.watch.based(self, key, self.ver(key), ver)
        self.base[key] = (image, ver)

    def cursor(self) -> str | None:
        """See ``ports.Store``."""
        return self._cursor

    def epoch(self) -> str | None:
        """See ``ports.Store``."""
        return self._epoch

    def apply(self, batches: Iterator[Batch], epoch: str, *, accept_deletions: bool = False) -> Applied:
        """See ``ports.Store``."""
        parts = list(batches)
        if not self.awaits(epoch):
            return Applied(0, 0)
        self.at("apply")
        changed = sum(self.lay(part) for part in parts)
        assert parts[-1].cursor is not None
        self._cursor = parts[-1].cursor
        # A snapshot that broke off before this would bring back what is older than what is here now.
        self._forget()
        if self.watch is not None and changed:
            self.watch.laid(self)
        self.at("applied")
        return Applied(changed, 0)

    def awaits(self, epoch: str) -> bool:
        """Whether a pull of that life is for it: not a late one, when a snapshot is needed by now."""
        return epoch == self._epoch and self._cursor is not None

    def lay(self, part: Batch) -> int:
        """Lay a part of a pull over what is here; what is older than that changes nothing."""
        for change in part.changes:
            key = (change.entity, change.key)
            if self.newer(key, change.ver):
                self.put(key, change.image, change.ver)
                if change.state == "evicted":
                    self.evicted(key)
        self.history.update(row.uid for row in part.history)
        for card in part.cards:
            self.cards[card.intent.id] = card
        return len(part.changes)

    def newer(self, key: Key, ver: int) -> bool:
        """Whether that version is news here."""
        return ver > self.ver(key)

    def evicted(self, key: Key) -> None:
        """It left our clinic; what waits for it stays and gets its verdict."""

    # ------------------------------------------------------------------------------- snapshots

    def staged(self, epoch: str) -> str | None:
        """See ``ports.Store``."""
        return self._staged[1] if self._staged is not None and self._staged[0] == epoch else None

    def stage(
        self,
        parts: Iterator[Rows],
        epoch: str,
        progress: Callable[[int, int], None],
        *,
        fresh: bool,
        accept_deletions: bool = False,
    ) -> Applied:
        """See ``ports.Store``."""
        if fresh:
            self._forget()
        for part in parts:
            self.at("stage")
            self._parts.append(part)
            self._staged = (epoch, part.place)
            self.at("staged")
            if part.cursor is not None:
                break
        else:
            raise AssertionError("a snapshot ends with its cursor or with an error")
        self.at("install")
        changed = self.install(self._parts)
        self._cursor, self._epoch = self._parts[-1].cursor, epoch
        self._forget()
        self.at("installed")
        return Applied(changed, 0)

    def install(self, parts: Sequence[Rows]) -> int:
        """Take the place of what was here."""
        rows: dict[Key, tuple[Image, int]] = {}
        self.history, self.cards = set(), {}
        for part in parts:
            if part.table == "heads":
                rows.update(((r[0], r[1]), (r[3], r[2])) for r in part.rows)  # type: ignore[misc]
            elif part.table == "history":
                self.history.update(r[0] for r in part.rows)  # type: ignore[misc]
            else:
                self.cards.update({r[0].intent.id: r[0] for r in part.rows if isinstance(r[0], Card)})
        for key in [k for k in self.base if k not in rows and not self.fresher(k, 0)]:
            del self.base[key]
        for key, (image, ver) in rows.items():
            if not self.fresher(key, ver):
                self.put(key, image, ver)
        return len(rows)

    def fresher(self, key: Key, ver: int) -> bool:
        """Whether a verdict that came since the snapshot began knows better."""
        return key in self._fresh and self.ver(key) > ver

    def _forget(self) -> None:
        self._staged = None
        self._parts = []
        self._fresh = set()

    # -------------------------------------------------------------------- another life of the server

    def settled(self, since: Micros) -> Sequence[Intent]:
        """See ``ports.Store``."""
        return [r.intent for r in self.rows.values() if r.state == "done"]

    def again(self, ids: Sequence[str], epoch: str) -> None:
        """See ``ports.Store``."""
        self.at("again")
        for one in ids:
            self.rows[one].state = "pending"
            self.queue.append(self.rows[one])
        self.queue.sort(key=_seq)
        self.base = {key: (image, 0) for key, (image, _) in self.base.items()}
        self._cursor, self._epoch = None, epoch
        self._forget()
        self.at("offered")

    def copy(self, name: str) -> SimStore:
        """A clone of the disk: another machine with the same profile."""
        clone = type(self)(name, self.device, self.clinic)
        clone.watch = self.watch
        clone.base, clone.history, clone.cards = dict(self.base), set(self.history), dict(self.cards)
        for row in self.rows.values():
            twin = Row(row.seq, row.intent)
            twin.sent, twin.state, twin.verdict = row.sent, row.state, row.verdict
            clone.rows[row.intent.id] = twin
        clone.queue = [clone.rows[row.intent.id] for row in self.queue]
        clone.counter, clone._seq = self.counter, self._seq
        clone._cursor, clone._epoch, clone._staged = self._cursor, self._epoch, self._staged
        clone._parts, clone._fresh = list(self._parts), set(self._fresh)
        return clone


def _laid(image: Image, intent: Intent) -> Image:
    """An intent laid over an image; what is not there any more is not edited (its refusal is on its way)."""
    if intent.deletes:
        return {}
    if intent.creates:
        return intent.after
    return {**image, **intent.after} if image else image


def _seq(row: Row) -> int:
    return row.seq


def _no_fault(step: str) -> None:
    return None
