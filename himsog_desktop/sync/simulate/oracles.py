"""Nine oracles: what must hold at each commit, at each write of a profile, and at the end.

Source: reliability, section 3. None of them trusts what it watches: they keep their own record of what people
saw and wanted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from himsog_desktop.domain.intents import Image, Intent, Trouble, Verdict
from himsog_desktop.domain.merge import SLOT
from himsog_desktop.sync.simulate.clinic import ACTIVE, Key, meet, takes
from himsog_desktop.sync.simulate.server import NOTIFIES

if TYPE_CHECKING:
    from himsog_desktop.sync.simulate.server import Tx
    from himsog_desktop.sync.simulate.store import SimStore
    from himsog_desktop.sync.simulate.world import World

MEANING: Final = {
    "O1": "nothing lost: every act is in the server's history once or in Needs attention",
    "O2": "never double-booked, at any commit",
    "O3": "all profiles are equal to the server in the end",
    "O4": "no value replaced that the person had not seen",
    "O5": "own writes are read, and nothing goes back",
    "O6": "the outbox is empty within two minutes of healing",
    "O7": "each message to a patient is sent once",
    "O8": "nobody is refused because of oneself",
    "O9": "one row of history for each accepted act",
}
DRAINED: Final = 120.0


@dataclass(slots=True)
class Issued:
    """An act as the person meant it, where it stood on the screen, and per field the act of the same desk before it."""

    intent: Intent
    store: str
    epoch: str | None
    place: Image
    chain: dict[str, Issued] = field(default_factory=dict)


class Oracles:
    """Watches one run; ``broken`` are the oracles that were violated, with what was seen."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.broken: dict[str, str] = {}
        self.issued: dict[tuple[str, str], Issued] = {}
        self.withdrawn: set[tuple[str, str]] = set()
        self._last: dict[tuple[str, Key, str], Issued] = {}

    def fail(self, oracle: str, text: str) -> None:
        """Note a violation; the first of each oracle is kept."""
        self._world.say(f"!! {oracle} {text}")
        self.broken.setdefault(oracle, text)

    # ---------------------------------------------------------------------------- what people do

    def acted(self, store: SimStore, intents: list[Intent]) -> None:
        """A person did something, and was told that it is kept."""
        for intent in intents:
            key = (intent.entity, intent.key)
            chain = {n: self._last[store.name, key, n] for n in intent.before if (store.name, key, n) in self._last}
            epoch = None if store.cursor() is None else store.epoch()
            shown = store.image(key)
            place = {n: shown[n] for n in SLOT if n in shown}
            issued = Issued(intent, store.name, epoch, place, chain)
            if (store.name, intent.id) in self.issued:
                self.fail("O1", f"the id {intent.id} was given twice")
            self.issued[store.name, intent.id] = issued
            for name in intent.after:
                self._last[store.name, key, name] = issued

    def cloned(self, one: SimStore, other: SimStore) -> None:
        """What waits in a copy is the copy's, too: also when the one it was copied from takes it back later."""
        twins: dict[int, Issued] = {}
        for (name, id_), issued in list(self.issued.items()):
            if name == one.name and id_ in other.rows:
                self.issued[other.name, id_] = _twin(issued, other.name, twins)
        for (name, key, at), issued in list(self._last.items()):
            if name == one.name:
                self._last[other.name, key, at] = _twin(issued, other.name, twins)
        self.withdrawn |= {(other.name, id_) for name, id_ in self.withdrawn if name == one.name}

    # -------------------------------------------------------------------------- at each commit

    def committed(self, tx: Tx) -> None:
        """O2, O4 and O8."""
        if tx.after and takes(tx.key[0], tx.after):
            others = self._world.server.data.images.items()
            if any(k != tx.key and takes(k[0], i) and meet(tx.after, i) for k, i in others):
                self.fail("O2", f"{tx.key[1]} stands in a taken place")
        if tx.entry is None:
            return
        issued = self.issued.get((tx.who, tx.entry.intent.id))
        if issued is None:
            return
        if tx.entry.verdict.refused:
            self._yourself(tx, issued, tx.entry.verdict)
        elif tx.after is not None:
            self._seen(tx, issued)

    def _seen(self, tx: Tx, issued: Issued) -> None:
        intent, cur, new = issued.intent, tx.before, tx.after or {}
        if intent.creates:
            return
        if intent.deletes:
            clash = [n for n, v in intent.before.items() if n != "updated" and cur[n] not in self._saw(issued, n)]
            if clash:
                self.fail("O4", f"{intent.id} deleted {clash} unseen")
            return
        changed = {n for n in new if n != "updated" and cur.get(n) != new[n]}
        if not changed <= intent.after.keys():
            self.fail("O4", f"{intent.id} wrote {sorted(changed - intent.after.keys())} unasked")
            return
        if changed & set(SLOT):
            changed |= set(SLOT) & intent.after.keys()
        for name in changed:
            saw = self._saw(issued, name)
            if cur[name] in saw:
                continue
            appended = name == "notes" and str(new[name]).startswith(str(cur[name] or ""))
            moved = name == "status" and (cur[name] in ACTIVE) == (saw[0] in ACTIVE)
            if not appended and not moved:
                self.fail("O4", f"{intent.id} replaced {name} {cur[name]!r}, having seen {saw}")

    def _saw(self, issued: Issued, name: str) -> list[object]:
        """What the person knew to stand there: also what stood under an own act that was refused."""
        saw = [issued.intent.before.get(name)]
        before = issued.chain.get(name)
        while before is not None and not before.intent.creates:
            if (before.store, before.intent.id) not in self.withdrawn:
                if not self._fell(before):
                    break
                saw.append(before.intent.before.get(name))
            before = before.chain.get(name)
        return saw

    def _fell(self, issued: Issued) -> bool:
        entry = self._world.server.data.ledger.get(issued.intent.id)
        if entry is not None:
            return entry.verdict.refused
        return any(
            row.state in ("refused", "doomed")
            for client in self._world.clients
            if (row := client.store.rows.get(issued.intent.id)) is not None
        )

    def _yourself(self, tx: Tx, issued: Issued, verdict: Verdict) -> None:
        """O8: somebody else must be behind a refusal."""
        intent, data = issued.intent, self._world.server.data
        if self._world.server.life > 1 and issued.epoch != self._world.server.epoch:
            return  # what stood there then is no more, and nobody wrote what stands there now
        key = (intent.entity, intent.key)
        match verdict.trouble:
            case Trouble.STATUS if self._reopened_in_vain(intent):
                return  # it goes on from a state that never came to be
            case Trouble.FIELD | Trouble.STATUS:
                writers = {data.writer.get((key, n)) for n in verdict.fields}
            case Trouble.SLOT:
                current = data.images.get(key, {})
                wanted: Image = {**current, **intent.after}
                # Whoever moved it unseen is behind it, too: what only changes its state asks for the place that it has
                # now (reliability, 2.4: judged from the current state), and nobody here chose that one.
                unseen = [n for n, v in issued.place.items() if n not in intent.after and current.get(n) != v]
                writers = {data.writer.get((key, n)) for n in unseen}
                blockers = self._world.server.blockers(intent.key, wanted)
                if any(e.verdict.refused and e.intent.key in blockers for e in data.ledger.values()):
                    return  # it would have made room, and was refused: somebody else is behind that
                for other in blockers:
                    writers |= {data.writer.get((("appointment", other), n)) for n in (*SLOT, "status")}
            case Trouble.UNKNOWN if verdict.rules[0].rule == "abandoned":
                self._given_up(tx.who, intent)
                return
            case Trouble.DELETED:
                writers = {data.writer.get((key, ""))} | {data.writer.get((key, n)) for n in verdict.fields}
            case _:
                return
        if writers <= {issued.store, tx.who} and not self._world.cloned:
            self.fail("O8", f"{intent.id} {intent.kind} was refused ({verdict.trouble}) because of oneself")

    def _reopened_in_vain(self, intent: Intent) -> bool:
        """Whether an own act on its status was refused: whoever caused that is behind this, too."""
        return any(
            one.intent.key == intent.key and "status" in one.intent.after and self._fell(one)
            for (name, _), one in self.issued.items()
            if name == intent.author
        )

    def _given_up(self, name: str, intent: Intent) -> None:
        """O8: only what the server can't digest, or what stood on something refused."""
        rows = (c.store.rows.get(intent.id) for c in self._world.clients if c.store.name == name)
        doomed = any(row is not None and row.state == "doomed" for row in rows)
        if not doomed and intent.id not in self._world.server.poison and not self._world.cloned:
            self.fail("O8", f"{intent.id} was given up, and nothing was wrong with it")

    # ---------------------------------------------------------------------- at a profile's writes

    def based(self, store: SimStore, key: Key, old: int, new: int) -> None:
        """O5: nothing goes back."""
        if new < old:
            self.fail("O5", f"{store.name} went back from {old} to {new} of {key[1]}")

    def settled(self, store: SimStore, verdict: Verdict) -> None:
        """O5: what was accepted is read."""
        key = (verdict.entity, verdict.key)
        if verdict.verdict == "accepted" and store.ver(key) < verdict.ver:
            self.fail("O5", f"{store.name} does not see its own {verdict.id}")

    def laid(self, store: SimStore) -> None:
        """O5: what comes is of one moment: no appointment before its patient."""
        ours = self._world.server.data.heads[store.clinic]
        for (entity, key), (image, _) in store.base.items():
            if entity != "appointment" or not image:
                continue
            who = ("patient", str(image["patient_id"]))
            if who not in store.base and who in ours:
                self.fail("O5", f"{store.name} has {key} without its patient")

    # ---------------------------------------------------------------------------------- at the end

    def ended(self) -> None:
        """O1, O3, O7 and O9."""
        data = self._world.server.data
        uids: dict[str, int] = {}
        for row, _, _ in data.history:
            uids[row.uid] = uids.get(row.uid, 0) + 1
        for id_, entry in data.ledger.items():
            wanted = 1 if entry.verdict.verdict == "accepted" else 0
            if uids.get(id_, 0) != wanted:
                self.fail("O9", f"{id_} {entry.verdict.verdict} has {uids.get(id_, 0)} rows of history")
            if entry.verdict.refused and id_ not in data.cards:
                self.fail("O1", f"{id_} was refused, and no other desk can see it")
        for client in self._world.clients:
            self._kept(client.store)
            self._equal(client.store)
        for name, id_ in self.withdrawn:
            # A copy of the profile may have sent what this one took back.
            if id_ in data.ledger and data.ledger[id_].intent.author == name and not self._world.cloned:
                self.fail("O1", f"{id_} was taken back and is at the server")
        self._told()

    def _kept(self, store: SimStore) -> None:
        ledger, lives = self._world.server.data.ledger, self._world.server.life
        for (name, id_), issued in self.issued.items():
            if name != store.name or (name, id_) in self.withdrawn:
                continue
            row, entry = store.rows.get(id_), ledger.get(id_)
            same = entry is not None and entry.intent.after == issued.intent.after
            if row is None:
                self.fail("O1", f"{id_} is gone from {name}")
            elif row.state == "refused":
                reused = row.verdict is not None and row.verdict.rules and row.verdict.rules[0].rule == "reused"
                if reused and same:
                    self.fail("O1", f"{id_} was parked as another's, and is at the server")
                elif reused and not same:
                    self.fail("O8", f"{id_} was refused because its number stands for another")
                elif entry is not None and not entry.verdict.refused and lives == 1:
                    self.fail("O1", f"{id_} needs attention at {name}, and was accepted")
                elif entry is None and lives == 1:
                    self.fail("O1", f"{id_} needs attention at {name}, and the server never heard of it")
            elif row.state == "done" and (entry is None or entry.verdict.refused or not same):
                self.fail("O1", f"{id_} is done at {name}, and not at the server")

    def _equal(self, store: SimStore) -> None:
        data = self._world.server.data
        live = {k: (h.image, h.ver) for k, h in data.heads[store.clinic].items() if h.state == "live"}
        here = {k: found for k, found in store.base.items() if found[0]}
        if here != live:
            odd = sorted(k[1] for k in here.keys() | live.keys() if here.get(k) != live.get(k))
            self.fail("O3", f"{store.name} differs from the server in {odd}")
        if store.history != {row.uid for row, _, where in data.history if where == store.clinic}:
            self.fail("O3", f"{store.name} has another history")
        if store.cards.keys() != {id_ for id_, (_, _, where) in data.cards.items() if where == store.clinic}:
            self.fail("O3", f"{store.name} has other cards")

    def _told(self) -> None:
        data = self._world.server.data
        undone = {
            e.intent.act
            for e in data.ledger.values()
            if e.intent.kind.startswith("undo.") and e.verdict.verdict == "accepted"
        }
        for id_, entry in data.ledger.items():
            sent = data.sent.get(id_, 0)
            due = entry.intent.kind in NOTIFIES and entry.verdict.verdict == "accepted"
            if sent > (1 if due else 0) or (due and not sent and id_ not in undone):
                self.fail("O7", f"the message of {id_} was sent {sent} times")


def _twin(issued: Issued, store: str, twins: dict[int, Issued]) -> Issued:
    """An act as a copy of its profile has it, and so all that it stands on: each once."""
    found = twins.get(id(issued))
    if found is None:
        found = twins[id(issued)] = Issued(issued.intent, store, issued.epoch, issued.place)
        found.chain.update((name, _twin(before, store, twins)) for name, before in issued.chain.items())
    return found
