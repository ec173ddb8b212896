"""Wrong decisions of the server's side; see ``mutants``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from himsog_desktop.domain.intents import Image, Intent, Rows, Trouble, Verdict
from himsog_desktop.domain.merge import SLOT, Merged, merge
from himsog_desktop.sync.simulate.clinic import Key
from himsog_desktop.sync.simulate.server import Head, Server, Tx
from himsog_desktop.sync.simulate.snapshots import snapshot
from himsog_desktop.sync.simulate.store import SimStore
from himsog_desktop.sync.simulate.world import Parts


class SeqCursor(Server):
    """P1: the cursor is the highest number that was seen; what commits later with a lower one is never told."""

    def cursor(self) -> str:
        """The highest that is committed."""
        seen = (head.xid for heads in self.data.heads.values() for head in heads.values())
        return self.moment(max(seen, default=0) + 1, ())


class UpdatedAtCursor(Server):
    """P1: the cursor is the time of reading, a row's that of its transaction's begin."""

    def cursor(self) -> str:
        """Whatever has begun is taken for told."""
        return self.moment(self.data.xid, ())


class SeqXmin(SeqCursor):
    """P3: the same number, and what is not below the oldest open transaction is left for later."""

    def since(self, cursor: str) -> Callable[[int], bool]:
        """Hidden now, and passed over by the next cursor."""
        new, oldest = super().since(cursor), min(self.open, default=self.data.xid)
        return lambda xid: xid < oldest and new(xid)


class UnnamedLife(Server):
    """P26, P27: a cursor does not say which life of the server it is of."""

    def moment(self, xmax: int, xip: Iterable[int]) -> str:
        """Numbers only."""
        return json.dumps({"xmax": xmax, "xip": list(xip)})

    def since(self, cursor: str) -> Callable[[int], bool]:
        """As if they were always of this one."""
        told = json.loads(cursor)
        return super().since(super().moment(told["xmax"], told["xip"]))


class DupRecheck(Server):
    """P8: what comes twice is decided twice."""

    def stored(self, intent: Intent) -> Verdict | None:
        """There is no first verdict."""
        return None


class NoRebase(Server):
    """P12: an intent that was made on an older version of its aggregate is refused whole."""

    def merge(self, intent: Intent, current: Image, undo: bool) -> Merged:
        """``updated`` is the version that the person saw; a chain of one's own edits is the first to feel it."""
        if intent.after and current and intent.before.get("updated", current["updated"]) != current["updated"]:
            return Merged("refused", current, Trouble.FIELD, tuple(intent.after))
        return merge(intent, current, undo=undo)


class Versioned(SimStore):
    """Each edit says which version of the aggregate it was made on."""

    def add(self, intents: Sequence[Intent]) -> None:
        """The server's, as it is here."""
        super().add([self._stamped(intent) for intent in intents])

    def _stamped(self, intent: Intent) -> Intent:
        image = self.base.get((intent.entity, intent.key), ({}, 0))[0]
        if not (intent.before and intent.after and image):
            return intent
        return replace(intent, before={**intent.before, "updated": image["updated"]})


class LwwClock(Server):
    """P21: the later clock wins."""

    def merge(self, intent: Intent, current: Image, undo: bool) -> Merged:
        """What is wanted, if its workstation says that it is later."""
        found = merge(intent, current, undo=undo)
        if found.trouble is not Trouble.FIELD or intent.creates:
            return found
        ours = [e.intent.at for e in self.data.ledger.values() if e.intent.key == intent.key]
        if ours and intent.at < max(ours):
            return Merged("noop", current)
        return Merged("accepted", {**current, **intent.after})


class NoTombstone(Server):
    """P22: what is deleted leaves nothing behind."""

    def bury(self, clinic: str, key: Key, head: Head) -> None:
        """Gone."""
        self.data.heads[clinic].pop(key, None)


class PiecewiseSlot(Server):
    """P18: time, provider and room are each a field of their own."""

    def merge(self, intent: Intent, current: Image, undo: bool) -> Merged:
        """Only what differs is compared."""
        if not (intent.before and intent.after):
            return merge(intent, current, undo=undo)
        same = [n for n in SLOT if n in intent.after and intent.before.get(n) == intent.after[n]]
        before = {n: v for n, v in intent.before.items() if n not in same}
        after = {n: v for n, v in intent.after.items() if n not in same}
        if not after:
            return Merged("noop", current)
        return merge(replace(intent, before=before, after=after), current, undo=undo)


class CheckThenInsert(Server):
    """P15: whether a place is free is looked up first and written after, and no constraint stands behind it."""

    def locks_of(self, intent: Intent) -> list[object]:
        """Its own row only."""
        return [("id", intent.id), (intent.entity, intent.key)]


class NoAudit(Server):
    """What was merged leaves no history."""

    def decide(self, intent: Intent, who: str, clinic: str) -> Tx:
        """Only what went through as it was."""
        tx = super().decide(intent, who, clinic)
        if tx.after and any(tx.after.get(n) != v for n, v in intent.after.items() if n != "updated"):
            tx.uid = None
        return tx


class LedgerApart(Server):
    """The verdict is kept in a transaction of its own, after the change."""

    def record(self, tx: Tx) -> None:
        """It may be forgotten (one in eight)."""
        if tx.xid % 8:
            super().record(tx)


class SentTwice(Server):
    """Two senders release the same messages."""

    def release(self, now: float) -> None:
        """Sent, then marked."""
        due = [uid for uid, at in self.data.notices.items() if at <= now]
        for uid in due:
            self.data.sent[uid] = self.data.sent.get(uid, 0) + 1
        super().release(now - 1.0)


class DropCard(Server):
    """A refusal is told to the desk that asked, and to nobody else."""

    def record(self, tx: Tx) -> None:
        """Without a card."""
        assert tx.entry is not None
        self.data.ledger[tx.entry.intent.id] = tx.entry


class NoEvict(Server):
    """What goes to another clinic says nothing to the one that it leaves."""

    def write(self, tx: Tx) -> None:
        """Only where it is now."""
        old = str(tx.before.get("clinic_id", ""))
        head = self.data.heads.get(old, {}).get(tx.key)
        super().write(tx)
        if tx.after and head is not None and tx.after["clinic_id"] != old:
            self.data.heads[old][tx.key] = head


class KnownRefused(Server):
    """After a restore what one copy of a profile was refused is told to the other as known, and so as done."""

    def known(self, ids: Iterable[str]) -> frozenset[str]:
        """Whatever the verdict was."""
        return frozenset(i for i in ids if i in self.data.ledger)


class NoHash(Server):
    """P11: an id that comes with another payload gets the first one's verdict."""

    def same_payload(self, one: Intent, other: Intent) -> bool:
        """Whatever it says."""
        return True


def late_cursor(server: Server, clinic: str, place: str | None) -> list[Rows]:
    """A snapshot's cursor is taken when it ends, not before it begins."""
    rows = snapshot(server, clinic, place)
    return [*rows[:-1], replace(rows[-1], cursor=server.cursor())]


def live_only(server: Server, clinic: str, place: str | None) -> list[Rows]:
    """A snapshot says what is there, and nothing of what is no more."""
    heads = server.data.heads[clinic]
    return [
        replace(part, rows=tuple(r for r in part.rows if heads[str(r[0]), str(r[1])].state == "live"))
        if part.table == "heads"
        else part
        for part in snapshot(server, clinic, place)
    ]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A server that is wrong, and the faults it is wrong under."""

    name: str
    about: str
    parts: Parts
    faults: dict[str, float] = field(default_factory=dict)


def _wrong(name: str, kind: type[Server], **faults: float) -> Wrong:
    return Wrong(name, (kind.__doc__ or "").strip(), Parts(server=kind), faults)


SERVERS: Final = (
    _wrong("seq_cursor", SeqCursor, open=0.4),
    _wrong("updated_at_cursor", UpdatedAtCursor, open=0.4),
    _wrong("seq_xmin", SeqXmin, open=0.4),
    _wrong("unnamed_life", UnnamedLife, restores=1),
    _wrong("dup_recheck", DupRecheck, lost_reply=0.3, duplicate=0.2),
    Wrong("no_rebase", (NoRebase.__doc__ or "").strip(), Parts(server=NoRebase, store=Versioned)),
    _wrong("lww_clock", LwwClock, skew=0.7, web=0.5),
    _wrong("no_tombstone", NoTombstone, web=0.5, web_deletes=0.4),
    _wrong("piecewise_slot", PiecewiseSlot, hot=1.0, partitions=3),
    _wrong("check_then_insert", CheckThenInsert, open=0.5, hot=1.0),
    _wrong("no_audit", NoAudit, partitions=3),
    _wrong("ledger_apart", LedgerApart, lost_reply=0.3),
    _wrong("sent_twice", SentTwice),
    _wrong("drop_card", DropCard),
    _wrong("known_refused", KnownRefused, restores=1, clones=2, web=0.5),
    Wrong(
        "live_only",
        (live_only.__doc__ or "").strip(),
        Parts(snapshot=live_only),
        {"expired": 0.2, "evictions": 0.3, "web": 0.7, "web_deletes": 0.3, "lost_reply": 0.4, "broken_stream": 0.4},
    ),
    _wrong("no_evict", NoEvict, evictions=0.4, web=0.6),
    Wrong(
        "late_cursor",
        (late_cursor.__doc__ or "").strip(),
        Parts(snapshot=late_cursor),
        {"expired": 0.2, "broken_stream": 0.6},
    ),
)
