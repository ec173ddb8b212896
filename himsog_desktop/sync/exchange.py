"""Carrying out one request of the engine over a store and a remote.

The steps are a generator that asks for each call to the server and does its part of the store when the answer
comes: ``carry_out`` runs them on a remote that blocks, the simulator lets time and faults pass at each call.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

from himsog_desktop.domain.errors import HimsogError, Surroundings
from himsog_desktop.domain.intents import Batch, Intent, Rows, Told, Trouble, Verdict
from himsog_desktop.ports import Applied, Remote, Store
from himsog_desktop.sync.engine import (
    LOOK,
    Abandon,
    Engine,
    Hello,
    Idle,
    Local,
    Park,
    Pull,
    Push,
    Reoffer,
    Request,
    Snapshot,
)
from himsog_desktop.sync.repair import repair

CHUNK: Final = 1000
"""How many ids the server is asked about at a time."""

_REUSED: Final = Told("reused", "Another profile used this change's number: this one may be a copy. Do it again.")


@dataclass(frozen=True, slots=True)
class Call:
    """A call to the server: a method of ``Remote`` and its arguments."""

    name: Literal["hello", "push", "abandon", "pull", "snapshot", "known"]
    arguments: tuple[Any, ...] = ()


Part = TypeVar("Part", Batch, Rows)
Steps = Generator[Call, Any, Any]


def nothing(done: int, total: int) -> None:
    """For whoever shows no progress."""


def look(engine: Engine, store: Store) -> Local:
    """What the engine has to know of the store."""
    staged = None if engine.welcome is None else store.staged(engine.welcome.epoch)
    return Local(store.waiting(LOOK), store.cursor(), store.epoch(), staged)


def steps(request: Request, store: Store, progress: Callable[[int, int], None] = nothing) -> Steps:
    """The steps of a request; its value is the welcome, the verdicts, or what was applied."""
    match request:
        case Hello():
            return (yield Call("hello"))
        case Push(intents):
            store.sending([intent.id for intent in intents])
            return _settle(store, (yield Call("push", (intents,))))
        case Abandon(intents):
            return _settle(store, (yield Call("abandon", (intents,))))
        case Park(intent):
            return _settle(store, (_reused(intent),))
        case Pull(clinic, epoch, cursor, accept):
            batches = yield Call("pull", (clinic, cursor))
            return store.apply(_of_life(epoch, batches), epoch, accept_deletions=accept)
        case Snapshot(clinic, epoch, place, accept):
            parts = yield Call("snapshot", (clinic, place))
            return store.stage(_of_life(epoch, parts), epoch, progress, fresh=place is None, accept_deletions=accept)
        case Reoffer(epoch):
            ids = [intent.id for intent in store.settled(0)]
            known: set[str] = set()
            for at in range(0, len(ids), CHUNK):
                known |= yield Call("known", (ids[at : at + CHUNK],))
            store.again([one for one in ids if one not in known], epoch)
    return None


def carry_out(request: Request, store: Store, remote: Remote, progress: Callable[[int, int], None] = nothing) -> object:
    """Do a request on a remote that blocks. Raises what the remote and the store raise."""
    running = steps(request, store, progress)
    try:
        call = next(running)
        while True:
            try:
                answer = getattr(remote, call.name)(*call.arguments)
            except HimsogError as error:
                call = running.throw(error)
            else:
                call = running.send(answer)
    except StopIteration as ended:
        return ended.value


@dataclass(slots=True)
class Tally:
    """What a run brought (contract, ``sync``)."""

    pushed: int = 0
    pulled: int = 0
    refused: int = 0
    full: bool = False

    def count(self, reply: object) -> None:
        """Add the reply of a request."""
        if isinstance(reply, Applied):
            self.pulled += reply.changed + reply.deleted
        elif isinstance(reply, tuple | list):
            self.pushed += len(reply)
            self.refused += sum(v.refused for v in reply if isinstance(v, Verdict))


def step(
    engine: Engine,
    store: Store,
    remote: Remote,
    now: Callable[[], float],
    tally: Tally,
    progress: Callable[[int, int], None] = nothing,
) -> Request:
    """Ask the engine for one request, carry it out and tell it; answers the request (``Idle``: nothing was done)."""
    request = engine.next(now(), look(engine, store))
    if isinstance(request, Idle):
        return request
    try:
        reply = carry_out(request, store, remote, progress)
    except HimsogError as error:
        engine.failed(request, now(), error.code)
    else:
        engine.done(request, now(), reply)
        tally.count(reply)
        tally.full = tally.full or isinstance(request, Snapshot)
    return request


def _of_life(epoch: str, parts: Iterable[Part]) -> Iterator[Part]:
    """The parts, up to a cursor that is of another life of the server than it had when it said hello.

    A line that was renewed since may lead to a server that was restored meanwhile; what it has lost must be offered
    to it before anything of it is taken for what stands.
    """
    for part in parts:
        if part.cursor is not None and _life(part.cursor) not in (None, epoch):
            raise Surroundings("snapshot_needed", "The server has been restored meanwhile.")
        yield part


def _life(cursor: str) -> str | None:
    """The life that a cursor names; None: it does not say."""
    try:
        told = json.loads(cursor)
    except ValueError:
        return None
    return str(told["epoch"]) if isinstance(told, dict) and "epoch" in told else None


def _settle(store: Store, verdicts: Sequence[Verdict] | Iterator[Verdict]) -> tuple[Verdict, ...]:
    taken = []
    for verdict in verdicts:
        store.settle(verdict, repair)
        taken.append(verdict)
    return tuple(taken)


def _reused(intent: Intent) -> Verdict:
    return Verdict(intent.id, "refused", intent.entity, intent.key, 0, {}, Trouble.UNKNOWN, (), (_REUSED,))
