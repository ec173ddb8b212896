"""A model of the shared database: transactions that stay open, the ledger, heads and their cursor.

It decides by the real law (``domain.merge``) and keeps to the protocol of reliability 2.1 to 2.3. Locks are as
PostgreSQL's: a row, an intent's id or a place that an open transaction holds is waited for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Final

from himsog_desktop.domain.intents import Card, Change, HistoryRow, Image, Intent, Theirs, Told, Trouble, Verdict
from himsog_desktop.domain.merge import Merged, merge
from himsog_desktop.sync.simulate.clinic import Key, Problem, meet, resources, takes
from himsog_desktop.sync.simulate.database import Data, Entry, Head, Tx

__all__ = ["HOLD", "NOTIFIES", "Data", "Entry", "Head", "Server", "Tx"]

HOLD: Final = 20.0
"""How long a message to a patient is held back (three minutes in the clinic)."""
NOTIFIES: Final = ("appointment.book", "appointment.move", "appointment.cancel")


class Server:
    """The shared database. ``committed`` is called after each commit: the oracles watch there."""

    def __init__(self, committed: Callable[[Tx], None]) -> None:
        self.data = Data()
        self.life = 1
        self.sessions = 0
        self.open: dict[int, Tx] = {}
        self.locks: dict[object, Tx] = {}
        self.poison: set[str] = set()
        self._committed = committed

    @property
    def epoch(self) -> str:
        """The name of its life."""
        return f"e{self.life}"

    # ------------------------------------------------------------------------- transactions

    def holder(self, locks: Iterable[object]) -> Tx | None:
        """Who holds one of these locks."""
        for lock in locks:
            if lock in self.locks:
                return self.locks[lock]
        return None

    def begin(self, who: str, key: Key, locks: Iterable[object]) -> Tx:
        """Open a transaction that writes: it has its number from here on."""
        tx = Tx(self.data.xid, who, key, locks)
        self.data.xid += 1
        self.open[tx.xid] = tx
        for lock in tx.locks:
            self.locks[lock] = tx
        return tx

    def commit(self, tx: Tx, now: float) -> None:
        """Make it visible, all at once."""
        data = self.data
        if tx.after is not None:
            self.write(tx)
        if tx.entry is not None:
            self.record(tx)
        if tx.uid is not None:
            source = "web" if tx.who == "web" else "desk"
            row = HistoryRow(tx.uid, 0, tx.who, source, tx.who, "", "", *tx.key, tx.before, tx.after or {})
            data.history.append((row, tx.xid, tx.clinic))
        if tx.undone is not None:
            data.notices.pop(tx.undone, None)
        if tx.notice is not None:
            data.notices[tx.notice] = now + HOLD
        self._close(tx)
        self._committed(tx)
        for waiter in tx.waiters:
            waiter()

    def rollback(self, tx: Tx) -> None:
        """Make it nothing."""
        self._close(tx)
        for waiter in tx.waiters:
            waiter()

    def _close(self, tx: Tx) -> None:
        self.open.pop(tx.xid, None)
        for lock in tx.locks:
            if self.locks.get(lock) is tx:
                del self.locks[lock]

    def write(self, tx: Tx) -> None:
        """The aggregate and its head rows."""
        data, key, after = self.data, tx.key, tx.after
        assert after is not None
        ver = data.vers.get(key, 0) + 1
        data.vers[key] = ver
        for name, value in after.items():
            if tx.before.get(name, data) != value:
                # A note that was appended to another's is of both.
                both = name == "notes" and tx.entry is not None and tx.entry.intent.after.get(name) != value
                data.writer[key, name] = "several" if both else tx.who
        data.writer[key, ""] = tx.who
        theirs = Theirs(tx.who, None, "web" if tx.who == "web" else "desk")
        clinic, old = str(after.get("clinic_id", "")), str(tx.before.get("clinic_id", ""))
        if after:
            data.images[key] = after
            data.heads[clinic][key] = Head(ver, "live", tx.xid, after, theirs)
        else:
            data.images.pop(key, None)
            self.bury(old, key, Head(ver, "deleted", tx.xid, {}, theirs))
        if after and old and old != clinic:
            data.heads[old][key] = Head(ver, "evicted", tx.xid, {}, theirs)

    def bury(self, clinic: str, key: Key, head: Head) -> None:
        """Leave a tombstone."""
        self.data.heads[clinic][key] = head

    def record(self, tx: Tx) -> None:
        """The verdict stands in the ledger for good, a refused one among the cards too."""
        entry = tx.entry
        assert entry is not None
        self.data.ledger[entry.intent.id] = entry
        if entry.verdict.refused:
            self.data.cards[entry.intent.id] = (Card(entry.intent, entry.verdict, tx.who), tx.xid, tx.clinic)

    # ------------------------------------------------------------------------------ verdicts

    def locks_of(self, intent: Intent) -> list[object]:
        """What an intent has to wait for."""
        key = (intent.entity, intent.key)
        locks: list[object] = [("id", intent.id), key]
        if intent.entity == "appointment":
            current = self.data.images.get(key, {})
            locks += resources(intent.after, current)
        return locks

    def stored(self, intent: Intent) -> Verdict | None:
        """The first verdict on an intent, None for a new one."""
        entry = self.data.ledger.get(intent.id)
        if entry is None:
            return None
        if not self.same_payload(entry.intent, intent):
            raise Problem("reused")
        return entry.verdict

    def same_payload(self, one: Intent, other: Intent) -> bool:
        """Whether it is the same intent again: what is wanted. What was seen may have been repaired meanwhile."""
        return (
            one.key == other.key
            and one.kind == other.kind
            and one.author == other.author
            and one.creates == other.creates
            and one.after == other.after
        )

    def decide(self, intent: Intent, who: str, clinic: str) -> Tx:
        """A transaction with the verdict on a new intent, still open."""
        if intent.id in self.poison:
            raise Problem("internal")
        key = (intent.entity, intent.key)
        tx = self.begin(who, key, self.locks_of(intent))
        tx.clinic = clinic
        current = self.data.images.get(key, {})
        head = self.data.heads[clinic].get(key)
        ver = 0 if head is None else head.ver
        if current and current["clinic_id"] != clinic:
            self._answer(tx, intent, Merged("refused", {}, Trouble.FORBIDDEN), ver)
            return tx
        found = self.judge(intent, current, who)
        if found.verdict == "accepted":
            tx.before = current
            tx.after = {**found.image, "updated": tx.xid} if found.image else {}
            tx.uid = intent.id
            if intent.kind in NOTIFIES:
                tx.notice = intent.id
            if intent.kind.startswith("undo."):
                tx.undone = intent.act
            found, ver = Merged("accepted", tx.after), self.data.vers.get(key, 0) + 1
        self._answer(tx, intent, found, ver)
        return tx

    def judge(self, intent: Intent, current: Image, who: str) -> Merged:
        """The law, and what takes more than one aggregate: what it needs, its place, its patient."""
        ledger = self.data.ledger
        if any(n in ledger and ledger[n].verdict.refused for n in intent.needs):
            return Merged("refused", current, Trouble.UNKNOWN, ("needs",))
        found = self.merge(intent, current, self._undo(intent))
        if found.verdict != "accepted" or intent.entity != "appointment" or not found.image:
            return found
        if ("patient", str(found.image["patient_id"])) not in self.data.images:
            return Merged("refused", current, Trouble.UNKNOWN, ("patient_id",))
        taken = takes("appointment", found.image) and ("start" in intent.after or not takes("appointment", current))
        if taken and self.blockers(intent.key, found.image):
            return Merged("refused", current, Trouble.SLOT, ("start",))
        return found

    def merge(self, intent: Intent, current: Image, undo: bool) -> Merged:
        """The law of one intent."""
        return merge(intent, current, undo=undo)

    def blockers(self, key: str, image: Image) -> list[str]:
        """The appointments that stand where this one would."""
        return [
            other[1]
            for other, there in self.data.images.items()
            if other[0] == "appointment" and other[1] != key and takes("appointment", there) and meet(image, there)
        ]

    def _undo(self, intent: Intent) -> bool:
        if not intent.kind.startswith("undo."):
            return False
        entry = self.data.ledger.get(intent.act)
        return entry is not None and not entry.verdict.refused and entry.intent.author == intent.author

    def give_up(self, intent: Intent, who: str, clinic: str) -> Tx:
        """A transaction that refuses an intent for good."""
        key = (intent.entity, intent.key)
        tx = self.begin(who, key, self.locks_of(intent))
        tx.clinic = clinic
        there = self.data.heads[clinic].get(key)
        image, ver = ({}, 0) if there is None else (there.image, there.ver)
        self._answer(tx, intent, Merged("refused", image, Trouble.UNKNOWN, ("abandoned",)), ver)
        return tx

    def _answer(self, tx: Tx, intent: Intent, found: Merged, ver: int) -> None:
        rules = (Told(found.fields[0] if found.fields else "", ""),) if found.trouble is Trouble.UNKNOWN else ()
        verdict = Verdict(
            intent.id, found.verdict, intent.entity, intent.key, ver, found.image, found.trouble, found.fields, rules
        )
        tx.entry = Entry(intent, verdict)

    # --------------------------------------------------------------------------- what is read

    def cursor(self) -> str:
        """The present moment: everything below xmax that is not in xip is visible."""
        return self.moment(self.data.xid, self.open)

    def moment(self, xmax: int, xip: Iterable[int]) -> str:
        """A cursor of this life."""
        return f'{{"epoch":"{self.epoch}","xmax":{xmax},"xip":[{",".join(map(str, xip))}]}}'

    def since(self, cursor: str) -> Callable[[int], bool]:
        """Whether a transaction came after that moment."""
        told = json.loads(cursor)
        if told["epoch"] != self.epoch:
            raise Problem("snapshot_needed")
        bound: int = told["xmax"]
        if not told["xip"]:
            return bound.__le__
        running = frozenset(told["xip"])
        return lambda xid: xid >= bound or xid in running

    def changes(self, clinic: str, cursor: str) -> tuple[list[Change], list[HistoryRow], list[Card]]:
        """What came after a moment."""
        new = self.since(cursor)
        changes = [
            Change(key[0], key[1], head.ver, head.state, head.image, head.theirs)  # type: ignore[arg-type]
            for key, head in self.data.heads[clinic].items()
            if new(head.xid)
        ]
        changes.reverse()  # in no order that one could lean on: what refers stands before what it refers to
        history = [row for row, xid, where in self.data.history if where == clinic and new(xid)]
        cards = [card for card, xid, where in self.data.cards.values() if where == clinic and new(xid)]
        return changes, history, cards

    def known(self, ids: Iterable[str]) -> frozenset[str]:
        """Those that stand in the ledger and were not refused."""
        ledger = self.data.ledger
        return frozenset(i for i in ids if i in ledger and not ledger[i].verdict.refused)

    def release(self, now: float) -> None:
        """Send the messages that are due, each once."""
        for uid in [uid for uid, due in self.data.notices.items() if due <= now]:
            del self.data.notices[uid]
            self.data.sent[uid] = self.data.sent.get(uid, 0) + 1

    # -------------------------------------------------------------------------------- its life

    def restart(self) -> None:
        """Fall over and come back: what was open is nothing, and every line is cut."""
        self.sessions += 1
        self.open.clear()
        self.locks.clear()

    def restore(self, backup: Data) -> None:
        """Become what it was: another life, in which no cursor of the last one counts."""
        self.restart()
        self.data = backup.copy()
        self.life += 1
