"""One run: a seed makes the faults, the people, the order of events; the oracles watch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from random import Random
from typing import Any, Final

from himsog_desktop.domain.errors import HimsogError
from himsog_desktop.domain.intents import Image, Rows
from himsog_desktop.sync.engine import Engine, Request
from himsog_desktop.sync.exchange import Steps, steps
from himsog_desktop.sync.simulate.client import HEARTBEAT, Client
from himsog_desktop.sync.simulate.clinic import CLINICS, Crash, Key, resources, takes
from himsog_desktop.sync.simulate.faults import Faults, drawn
from himsog_desktop.sync.simulate.network import Network
from himsog_desktop.sync.simulate.oracles import DRAINED, Oracles
from himsog_desktop.sync.simulate.persons import Desk, Web
from himsog_desktop.sync.simulate.server import HOLD, Server, Tx
from himsog_desktop.sync.simulate.snapshots import snapshot
from himsog_desktop.sync.simulate.store import SimStore

_STEP: Final = 3.0
_BOUND: Final = 200_000
_DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Parts:
    """What a run is made of; a mutant has one part that is not as it should be."""

    engine: type[Engine] = Engine
    steps: Callable[[Request, SimStore], Steps] = steps
    store: type[SimStore] = SimStore
    server: type[Server] = Server
    snapshot: Callable[[Server, str, str | None], list[Rows]] = snapshot
    new_id: Callable[[SimStore, Random], str] = field(default=lambda _, random: f"{random.getrandbits(64):x}")
    watchdog: bool = True


class World:
    """A run of one seed."""

    def __init__(
        self, seed: int, faults: Faults | None = None, parts: Parts | None = None, trace: bool = False
    ) -> None:
        self.random = Random(seed)
        self.faults = drawn(self.random) if faults is None else faults
        self.parts = parts or Parts()
        self.trace: list[str] | None = [f"{self.faults}"] if trace else None
        self.now = 0.0
        self._events: list[tuple[float, int, Callable[..., object], tuple[Any, ...]]] = []
        self._count = 0
        self._changed = 0.0
        self._over = False
        self.cloned = False
        self.oracles = Oracles(self)
        self.server = self.parts.server(self._committed)
        self.network = Network(self)
        self.desk = Desk(self.random, self.faults, self._new_id)
        self.web = Web(self.random, self.faults)
        self.clients: list[Client] = []
        for number in range(self.faults.clients):
            self._join(f"s{number}", CLINICS[number % 4 == 3])

    # ------------------------------------------------------------------------------- time

    def at(self, when: float, what: Callable[..., object], *arguments: Any) -> None:
        """Let something happen then."""
        self._count += 1
        heappush(self._events, (when, self._count, what, arguments))

    def after(self, seconds: float, what: Callable[..., object], *arguments: Any) -> None:
        """Let something happen in a while."""
        self.at(self.now + seconds, what, *arguments)

    def chance(self, of: float) -> bool:
        """Whether something of that chance happens now."""
        return of > 0.0 and self.random.random() < of

    def say(self, text: str) -> None:
        """A line of the trace."""
        if self.trace is not None:
            self.trace.append(f"{self.now:9.3f} {text}")

    # ------------------------------------------------------------------------------- a run

    def run(self) -> dict[str, str]:
        """Everything, to the end; answers the oracles that were violated."""
        faults, random = self.faults, self.random
        for _ in range(faults.acts):
            self.at(random.random() * faults.seconds, self._act)
        for _ in range(int(faults.acts * faults.web)):
            self.at(random.random() * faults.seconds, self._wish)
        for _ in range(faults.partitions):
            self.at(random.random() * faults.seconds, self._part)
        for _ in range(faults.restarts):
            self.at(random.random() * faults.seconds, self._restart)
        for _ in range(faults.clones):
            self.at(random.random() * faults.seconds, self._clone)
        for _ in range(faults.holds):
            self.at(random.random() * faults.seconds, self._hold)
        for _ in range(faults.signouts):
            self.at(random.random() * faults.seconds, self._sign_out)
        for _ in range(faults.restores):
            self.at(random.random() * faults.seconds, self._backup)
        if faults.wedge and self.parts.watchdog:
            self.after(HEARTBEAT, self._beat)
        self.at(faults.seconds, self._heal)
        events = self._events
        while events and not self._over:
            self.now, number, what, arguments = heappop(events)
            what(*arguments)
            if number > _BOUND:
                self.oracles.fail("O6", "there is no end to it")
                break
        return self.oracles.broken

    def _join(self, name: str, clinic: str) -> None:
        store = self.parts.store(name, f"d{name}", clinic)
        store.watch = self.oracles
        self._watch(store)

    def _watch(self, store: SimStore) -> None:
        skew = self.random.choice((-3, 3, -3650, 3650)) * _DAY if self.chance(self.faults.skew) else 0.0
        self.clients.append(Client(self, store, skew))

    def _new_id(self, store: SimStore) -> str:
        return self.parts.new_id(store, self.random)

    # ------------------------------------------------------------------------- what people do

    def _act(self) -> None:
        client = self.random.choice(self.clients)
        store = client.store
        if not client.up:
            return
        known = set(store.rows) if self.faults.undo else set()
        intents = self.desk.act(store, int(self.now + client.skew))
        gone = known - store.rows.keys()
        self.oracles.withdrawn |= {(store.name, id_) for id_ in gone}
        if not intents:
            return
        try:
            store.at("act")
        except Crash:
            client.crash()
            return
        except HimsogError:
            return  # "not saved", and the person was told so
        store.add(intents)
        if self.chance(self.faults.poison):
            self.server.poison.add(intents[0].id)
        self.oracles.acted(store, intents)
        for intent in intents:
            self.say(f"{store.name} {intent.kind} {intent.key} {intent.id} {intent.before} -> {intent.after}")
        try:
            store.at("acted")
        except Crash:
            client.crash()
            return
        client.tick()

    def _wish(self) -> None:
        wish = self.web.wish(self.server)
        if wish is not None:
            self.after(self.random.random(), self._write, *wish)

    def _write(self, key: Key, change: Callable[[Image], Image | None]) -> None:
        """The web application's transaction: only an overlap is refused it."""
        server = self.server
        before = server.data.images.get(key, {})
        after = change(before)
        if after is None or (not after and not before):
            return
        locks = [key, *resources(before, after)]
        holder = server.holder(locks)
        if holder is not None:
            holder.waiters.append(lambda: self.after(0.0, self._write, key, change))
            return
        tx = server.begin("web", key, locks)
        tx.before, tx.after = before, {**after, "updated": tx.xid} if after else {}
        tx.uid, tx.clinic = f"w{tx.xid}", str((after or before)["clinic_id"])
        refused = takes(key[0], after) and bool(server.blockers(key[1], after))
        if refused or self.chance(self.faults.rollback):
            self.after(self.random.random(), self._end, tx, False)
        elif self.chance(self.faults.open):
            self.after(3.0 * self.random.random(), self._end, tx, True)
        else:
            self._end(tx, True)

    def _end(self, tx: Tx, well: bool) -> None:
        if self.server.open.get(tx.xid) is not tx:
            return
        if well:
            self.say(f"web {tx.key[1]} {tx.after}")
            self.server.commit(tx, self.now)
        else:
            self.server.rollback(tx)

    def _committed(self, tx: Tx) -> None:
        self._changed = self.now
        if tx.entry is not None:
            verdict = tx.entry.verdict
            self.say(
                f"server {verdict.id} of {tx.who}: {verdict.verdict} {verdict.trouble or ''} {verdict.fields or ''}"
            )
        self.oracles.committed(tx)

    # --------------------------------------------------------------------------- what goes wrong

    def _part(self) -> None:
        name = self.random.choice(self.clients).store.name
        until = self.now + 40.0 * self.random.random()
        ways = self.random.choice(((True, True), (True, False), (False, True)))
        self.say(f"{name} is cut off {ways} until {until:.1f}")
        if ways[0]:
            self.network.cut(name, "up", until)
        if ways[1]:
            self.network.cut(name, "down", until)

    def _hold(self) -> None:
        self.say("the server wants a newer program")
        self.network.hold(self.now + 30.0 * self.random.random())

    def _sign_out(self) -> None:
        name = self.random.choice(self.clients).store.name
        self.say(f"{name} is signed out")
        self.network.sign_out(name, self.now + 30.0 * self.random.random())

    def _restart(self) -> None:
        self.say("server restarts")
        self.server.restart()

    def _backup(self) -> None:
        backup = self.server.data.copy()
        self.after(40.0 * self.random.random(), self._restore, backup)

    def _restore(self, backup: Any) -> None:
        self.say("server becomes what it was")
        self.server.restore(backup)
        self._changed = self.now

    def _clone(self) -> None:
        if len(self.clients) >= 8:
            return
        one = self.random.choice(self.clients).store
        other = one.copy(f"s{len(self.clients)}")
        self.say(f"{other.name} is a copy of {one.name}")
        self.cloned = True
        self.oracles.cloned(one, other)
        self._watch(other)

    def _beat(self) -> None:
        for client in self.clients:
            client.beat()
        if not self._over:
            self.after(HEARTBEAT, self._beat)

    # ----------------------------------------------------------------------------------- the end

    def _heal(self) -> None:
        """From here on nothing goes wrong any more; what is wedged stays so until somebody notices."""
        self.say("healed")
        kept = Faults(clients=self.faults.clients, seconds=self.faults.seconds)
        self.faults = replace(kept, open=0.0, web=0.0)
        self.network.heal()
        self.after(_STEP, self._quiet)

    def _quiet(self) -> None:
        """Whether all is said and heard; when it takes too long, that is a fault."""
        late = self.now > self.faults.seconds + DRAINED
        waits = [c.store.name for c in self.clients if c.store.queue]
        heard = all(c.up and c.pulled > self._changed for c in self.clients) and not self.server.open
        if waits and late:
            self.oracles.fail("O6", f"{waits} still wait")
        if (waits or not heard) and self.now < self.faults.seconds + 2 * DRAINED and not (waits and late):
            self.after(_STEP, self._quiet)
            return
        if not heard and not waits:
            self.oracles.fail("O6", "somebody stands still")
        self.server.release(self.now + HOLD)
        self.oracles.ended()
        self._over = True


def run(seed: int, faults: Faults | None = None, parts: Parts | None = None) -> dict[str, str]:
    """The oracles that a seed violates, with what was seen."""
    return World(seed, faults, parts).run()
