"""A workstation of a run: the real engine and the real exchange over a model of a profile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from himsog_desktop.domain.errors import HimsogError, Surroundings
from himsog_desktop.sync.engine import Idle, Pull, Request, State
from himsog_desktop.sync.exchange import Call, Steps, look
from himsog_desktop.sync.simulate.clinic import Crash
from himsog_desktop.sync.watchdog import Watchdog

if TYPE_CHECKING:
    from himsog_desktop.sync.simulate.store import SimStore
    from himsog_desktop.sync.simulate.world import World

DEADLINE: Final = 15.0
HEARTBEAT: Final = 12.0
_BEFORE: Final = frozenset({"act", "sending", "settle", "apply", "stage", "install", "again"})
"""Where a write begins: when it fails there, nothing of it is kept."""


def trouble(code: str) -> HimsogError:
    """The error that a remote raises for a code."""
    return Surroundings(code, code)


class Client:
    """One process on one workstation; it may end at any step of its store and starts again."""

    def __init__(self, world: World, store: SimStore, skew: float) -> None:
        self.world = world
        self.store = store
        self.skew = skew
        self.up = False
        self.token = 0
        self.pulled = -1.0
        self._wake = 0
        store.at = self._at
        self.start()

    def start(self) -> None:
        """Begin with nothing but the store."""
        self.up = True
        self.engine = self.world.parts.engine(self.store.clinic, self.world.random.random)
        self.watchdog = Watchdog(self.world.now)
        self._running: Steps | None = None
        self._request: Request | None = None
        self._began = 0.0
        self._given_up: dict[int, Pull] = {}
        self.tick()

    def crash(self) -> None:
        """End here: only the store is left."""
        self.world.say(f"{self.store.name} crashes")
        self.up = False
        self.token += 1
        self._wake += 1
        self._running = None
        self.world.after(1.0 + 5.0 * self.world.random.random(), self.start)

    def _at(self, step: str) -> None:
        if step in _BEFORE and self.world.chance(self.world.faults.disk):
            raise trouble("disk_full")
        if self.world.chance(self.world.faults.crash):
            self.world.say(f"{self.store.name} dies at {step}")
            raise Crash(step)

    # ------------------------------------------------------------------------------- requests

    def tick(self) -> None:
        """Carry out what the engine says next, unless something is under way."""
        while self.up and self._running is None:
            request = self.engine.next(self.world.now, look(self.engine, self.store))
            if isinstance(request, Idle):
                self._wake += 1
                if request.until != float("inf"):
                    self.world.at(request.until, self._woken, self._wake)
                return
            self._request, self._running = request, self.world.parts.steps(request, self.store)
            self._began = self.world.now
            self._go(None, None)

    def _woken(self, wake: int) -> None:
        if wake == self._wake:
            self.tick()

    def _go(self, answer: object, error: HimsogError | None) -> None:
        """Let the steps run to their next call or to their end."""
        running, request, now = self._running, self._request, self.world.now
        assert running is not None
        assert request is not None
        try:
            call = running.send(answer) if error is None else running.throw(error)
        except StopIteration as ended:
            self.world.say(f"{self.store.name} {type(request).__name__}: done")
            self._running = None
            self.engine.done(request, now, ended.value)
            self.watchdog.exchanged(now)
            if isinstance(request, Pull):
                self.pulled = self._began
        except HimsogError as failed:
            self.world.say(f"{self.store.name} {type(request).__name__}: {failed.code}")
            self._running = None
            self.engine.failed(request, now, failed.code)
            if self.engine.state is State.SIGNED_OUT:
                self.world.after(20.0 * self.world.random.random(), self._sign_in)
        except Crash:
            self.crash()
        else:
            self.token += 1
            self.world.network.call(self, call, self.token)

    def _sign_in(self) -> None:
        """The person types the password again."""
        if self.up and self.engine.state is State.SIGNED_OUT:
            self.engine.resume()
            self.tick()

    def answered(self, token: int, answer: object, error: str | None) -> None:
        """An answer came from the network; one that nobody waits for any more is nothing."""
        if token == self.token and self._running is not None:
            self._go(answer, None if error is None else trouble(error))
            self.tick()
        elif self.up and error is None and token in self._given_up:
            self._zombie(self._given_up.pop(token), answer)

    def deadline(self, token: int) -> None:
        """No answer came in time."""
        if token == self.token and isinstance(self._request, Pull) and self.world.chance(self.world.faults.zombie):
            self._given_up[token] = self._request
        self.answered(token, None, "offline")

    def _zombie(self, request: Pull, answer: object) -> None:
        """Somebody still waited for a pull that was given up, and takes in what comes."""
        late = self.world.parts.steps(request, self.store)
        next(late)
        try:
            late.send(answer)
        except StopIteration:
            self.world.say(f"{self.store.name} takes in a late pull")
        except HimsogError:
            self.world.say(f"{self.store.name} got half a late pull")
        except Crash:
            self.crash()

    def beat(self) -> None:
        """Ask the watchdog; run now and then beside everything else."""
        if not self.up:
            return
        now = self.world.now
        waiting = bool(self.store.queue) or self._running is not None
        if self.watchdog.stuck(now, waiting=waiting, online=not self.engine.pausing(now)):
            self.world.say(f"{self.store.name} watchdog")
            self.token += 1
            self._running = None
            self.engine.resume()
            self.tick()


def broken(parts: list[object]) -> Iterator[object]:
    """A stream that ends before its end."""
    yield from parts
    raise trouble("offline")


__all__ = ["DEADLINE", "HEARTBEAT", "Call", "Client", "broken", "trouble"]
