"""Between the workstations and the server: what is lost, late, twice, cut off; and the server's side of each call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from himsog_desktop.domain.intents import Batch, Intent, Person, Rows, Verdict, Welcome
from himsog_desktop.sync.simulate.client import DEADLINE, broken
from himsog_desktop.sync.simulate.clinic import Problem
from himsog_desktop.sync.simulate.server import Tx

if TYPE_CHECKING:
    from himsog_desktop.sync.exchange import Call
    from himsog_desktop.sync.simulate.client import Client
    from himsog_desktop.sync.simulate.world import World

_DELAY: Final = 0.05
_PART: Final = 4
_CLINICS: Final = (("c1", "One"), ("c2", "Two"))


class Network:
    """Carries calls and answers, badly."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._cuts: dict[tuple[str, Literal["up", "down"]], float] = {}
        self._out: dict[str, float] = {}
        self._held = 0.0

    def cut(self, name: str, way: Literal["up", "down"], until: float) -> None:
        """Nothing of that workstation passes that way until then."""
        self._cuts[name, way] = until

    def hold(self, until: float) -> None:
        """The server speaks another version until then."""
        self._held = until

    def sign_out(self, name: str, until: float) -> None:
        """The server knows nobody of that workstation until then."""
        self._out[name] = until

    def heal(self) -> None:
        """Everything passes again."""
        self._cuts.clear()
        self._out.clear()
        self._held = 0.0

    def _passes(self, client: Client, way: Literal["up", "down"], loss: float) -> bool:
        world = self._world
        return world.now >= self._cuts.get((client.store.name, way), 0.0) and not world.chance(loss)

    def call(self, client: Client, call: Call, token: int) -> None:
        """A workstation calls the server."""
        world, faults = self._world, self._world.faults
        if not world.chance(faults.wedge):
            world.after(DEADLINE, client.deadline, token)
        session = world.server.sessions
        if self._passes(client, "up", faults.loss):
            delay = _DELAY * world.random.random()
            world.after(delay, self._arrived, client, call, token, session)
            if world.chance(faults.duplicate):
                late = delay + faults.dally * world.random.random()
                world.after(late, self._arrived, client, call, 0, session)

    def _arrived(self, client: Client, call: Call, token: int, session: int) -> None:
        if session != self._world.server.sessions:
            return
        try:
            self._do(client, call, token)
        except Problem as problem:
            self._answer(client, token, None, problem.code)

    def _answer(self, client: Client, token: int, answer: object, error: str | None = None) -> None:
        world = self._world
        if not token or not self._passes(client, "down", world.faults.lost_reply):
            return
        if (
            isinstance(answer, list)
            and world.chance(world.faults.broken_stream)
            and isinstance(answer[0], Batch | Rows)
        ):
            answer = broken(answer[: world.random.randrange(len(answer))])
        delay = _DELAY * world.random.random()
        if world.chance(world.faults.slow):
            delay += DEADLINE * (0.5 + 2.0 * world.random.random())
        world.after(delay, client.answered, token, answer, error)

    # --------------------------------------------------------------------------- the server's side

    def _do(self, client: Client, call: Call, token: int) -> None:
        world, server = self._world, self._world.server
        if world.now < self._held:
            raise Problem("held_upgrade")
        if world.now < self._out.get(client.store.name, 0.0):
            raise Problem("signed_out")
        if call.name != "push" and world.chance(world.faults.retry / 4):
            raise Problem("retry")
        match call.name:
            case "hello":
                person = Person("p", "p", "P", "manager")
                self._answer(client, token, Welcome(1, 1, "s", server.epoch, person, _CLINICS, 0))
            case "push":
                self._push(client, call.arguments[0], token, partial(server.decide))
            case "abandon":
                self._push(client, call.arguments[0], token, server.give_up)
            case "known":
                self._answer(client, token, server.known(call.arguments[0]))
            case "pull":
                if world.chance(world.faults.expired):
                    raise Problem("snapshot_needed")
                server.release(world.now)
                self._answer(client, token, self._pull(*call.arguments))
            case "snapshot":
                self._answer(client, token, world.parts.snapshot(server, *call.arguments))

    def _pull(self, clinic: str, cursor: str) -> list[Batch]:
        server = self._world.server
        changes, history, cards = server.changes(clinic, cursor)
        parts = [Batch(tuple(changes[at : at + _PART])) for at in range(0, len(changes), _PART)]
        return [*parts, Batch((), tuple(history), tuple(cards)), Batch(cursor=server.cursor())]

    def _push(
        self, client: Client, intents: Sequence[Intent], token: int, decide: Callable[[Intent, str, str], Tx]
    ) -> None:
        """Verdicts in order, each in its transaction, which may stay open for a while."""
        world, server = self._world, self._world.server
        session, verdicts = server.sessions, list[Verdict]()

        def stop(code: str) -> None:
            self._answer(client, token, verdicts or None, None if verdicts else code)

        def finish(tx: Tx) -> None:
            if server.open.get(tx.xid) is tx:
                server.commit(tx, world.now)
                assert tx.entry is not None
                verdicts.append(tx.entry.verdict)
                go_on()

        def go_on() -> None:
            if session != server.sessions:
                return
            while len(verdicts) < len(intents):
                intent = intents[len(verdicts)]
                if world.chance(world.faults.retry):
                    stop("retry")
                    return
                holder = server.holder(server.locks_of(intent))
                if holder is not None:
                    holder.waiters.append(partial(world.after, 0.0, go_on))
                    return
                try:
                    known = server.stored(intent)
                    tx = None if known is not None else decide(intent, client.store.name, client.store.clinic)
                except Problem as problem:
                    stop(problem.code)
                    return
                if tx is None:
                    assert known is not None
                    verdicts.append(known)
                elif world.chance(world.faults.open):
                    world.after(3.0 * world.random.random(), finish, tx)
                    return
                else:
                    server.commit(tx, world.now)
                    assert tx.entry is not None
                    verdicts.append(tx.entry.verdict)
            self._answer(client, token, verdicts)

        go_on()
