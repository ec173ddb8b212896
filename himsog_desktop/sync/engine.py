"""What to say to the server next: the planner of sync, pure. The agent, ``himsog sync`` and the simulator drive it.

Whoever drives it asks ``next``, carries the request out (``exchange``) and tells ``done`` or ``failed``: one
request at a time. Time is monotonic seconds, handed in; so is the jitter (0 to 1). Nothing here is kept: after a
crash a new engine finds all it needs in the store. Source: reliability, sections 2.3 and 2.6.

The order is: who we are to the server; after a restored server what it lost; what is given up; what waits (at
most one intent per aggregate in a push, and nothing whose needs have no verdict, so that each is made on what its
forerunners came to); then a snapshot or a pull. An aggregate that has to wait does not hold up others, but for
one: what takes a place goes after whatever of ours might make that place free, or it would clash with ourselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from himsog_desktop.domain.appointment import ACTIVE
from himsog_desktop.domain.intents import PROTOCOL, Intent, Verdict, Welcome
from himsog_desktop.ports import Waiting
from himsog_desktop.sync.backoff import LONGEST, Backoff
from himsog_desktop.sync.requests import Abandon, Hello, Idle, Park, Pull, Push, Reoffer, Request, Snapshot

__all__ = [
    "LOOK", "MOST", "MOST_ROWS", "PATIENCE", "POISON", "POLL", "Abandon", "Engine", "Hello", "Idle", "Local", "Park",
    "Pull", "Push", "Reoffer", "Request", "Snapshot", "State",
]  # fmt: skip

LOOK: Final = 500
"""How many of the waiting intents whoever drives it shows the engine."""
MOST: Final = 20
MOST_ROWS: Final = 200
"""How many intents go in a push: of what persons did, and of an import's rows."""
POLL: Final = 10.0
POISON: Final = 5
POISON_PAUSE: Final = 8.0
"""How often an intent is tried that the server can't digest, and the longest pause between two tries."""
PATIENCE: Final = 60.0
"""The longest pause while something waits: an outbox drains within two minutes of the network's healing."""


class State(StrEnum):
    """How it stands, in the words of the contract (``sync``)."""

    DONE = "done"
    OFFLINE = "offline"
    HELD = "held"
    SIGNED_OUT = "signed_out"
    REVOKED = "revoked"


class Local(NamedTuple):
    """What the store says: ``store.waiting(LOOK)``, and the others by name (``staged`` of the server's epoch)."""

    waiting: Sequence[Waiting]
    cursor: str | None
    epoch: str | None
    staged: str | None = None


_HERE: Final = frozenset({"disk", "disk_full", "busy"})
"""What the store raises when it can't write: no fault of an intent's, nor of the line's."""
_STOPS: Final = {"signed_out": State.SIGNED_OUT, "forbidden": State.SIGNED_OUT, "revoked": State.REVOKED}


class Engine:
    """The planner for one profile and clinic."""

    patience = PATIENCE

    def __init__(self, clinic: str, jitter: Callable[[], float], *, accept_deletions: bool = False) -> None:
        self.state = State.OFFLINE
        self.reason: str | None = None
        self.welcome: Welcome | None = None
        self.accept_deletions = accept_deletions
        self._clinic = clinic
        self._jitter = jitter
        self._line = Backoff(jitter)
        self._waits: dict[tuple[str, str], Backoff] = {}
        self._faults: dict[str, int] = {}
        self._reused: set[str] = set()
        self._pull_at = 0.0
        self._pulled = -1.0
        self._reoffer = False
        self._restart = False

    @property
    def online(self) -> bool:
        """Whether the line is up as far as we know."""
        return self.welcome is not None

    def pausing(self, now: float) -> bool:
        """Whether it waits after a failure, or for a person: then standing still is no fault (``watchdog``)."""
        return now < self._line.until or self.state in (State.SIGNED_OUT, State.REVOKED)

    def hint(self) -> None:
        """Something may have changed at the server: pull soon, but no more than once a second."""
        self._pull_at = min(self._pull_at, self._pulled + 1.0)

    def resume(self) -> None:
        """A person signed in or asked, the network came back, or the watchdog barked: try at once, with a hello."""
        self.state, self.reason = State.OFFLINE, None
        self.welcome = None
        self._line.worked()
        self._pull_at = 0.0

    def next(self, now: float, local: Local) -> Request:
        """What to do now."""
        if self.state in (State.SIGNED_OUT, State.REVOKED):
            return Idle(float("inf"), "stopped")
        until = self._line.until if not local.waiting else min(self._line.until, self._line.since + self.patience)
        if now < until:
            return Idle(until, "pause")
        welcome = self.welcome
        if welcome is None:
            return Hello()
        if self._reoffer or local.epoch != welcome.epoch:
            # Also at first: what is settled before the first snapshot is whole belongs to this life.
            return Reoffer(welcome.epoch)
        sending = self._outgoing(now, local.waiting)
        if sending is not None:
            return sending
        if now >= self._pull_at:
            if local.cursor is None:
                place = None if self._restart else local.staged
                return Snapshot(self._clinic, welcome.epoch, place, self.accept_deletions)
            return Pull(self._clinic, welcome.epoch, local.cursor, self.accept_deletions)
        waits = (self._waits.get((w.intent.entity, w.intent.key)) for w in local.waiting)
        until = min((w.until for w in waits if w is not None and w.until > now), default=self._pull_at)
        return Idle(min(self._pull_at, until), "waiting" if local.waiting else "done")

    def done(self, request: Request, now: float, reply: object = None) -> None:
        """A request was carried out whole; the reply of a hello is the server's welcome."""
        match request:
            case Hello():
                assert isinstance(reply, Welcome)
                self._met(reply, now)
                return
            case Push() | Abandon():
                # Those without a verdict keep their pause and their faults.
                for verdict in _verdicts(reply):
                    self._waits.pop((verdict.entity, verdict.key), None)
                    self._faults.pop(verdict.id, None)
            case Park(intent):
                self._reused.discard(intent.id)
                return
            case Snapshot():
                self._restart = False
                self._pull_at = now
            case Reoffer():
                self._reoffer = False
            case Pull():
                self._pulled = now
                self._pull_at = now + POLL * (0.8 + 0.4 * self._jitter())
                self.state, self.reason = State.DONE, None
                self.accept_deletions = False
            case _:
                pass
        self._line.worked()

    def failed(self, request: Request, now: float, code: str) -> None:
        """A request failed with an error of that code; what became of it at the server is unknown."""
        if code in _STOPS:
            self.state, self.reason, self.welcome = _STOPS[code], code, None
            return
        match request, code:
            case _, "held_upgrade":
                self.state, self.reason, self.welcome = State.HELD, code, None
                self._line.failed(now)
            case ((Snapshot() | Pull()), "deletions"):
                # Only what comes is held: what waits here still goes out.
                self.state, self.reason = State.HELD, code
                self._pull_at = now + LONGEST
            case ((Snapshot() | Pull()), "snapshot_needed"):
                # The server may have another life, so ask first. A cursor that it doesn't know may also be of its
                # future: put back from a copy it has the same name, and has lost what it said since.
                self.welcome = None
                self._restart = isinstance(request, Snapshot)
                self._reoffer = self._reoffer or isinstance(request, Pull)
            case _, code if code in _HERE:
                self.state, self.reason = State.OFFLINE, code
                self._line.failed(now)
            case Push(intents), "reused":
                self._reused.add(intents[0].id)
            case ((Push(intents) | Abandon(intents)), code) if code != "offline":
                self._blame(intents[0], now, retry=code == "retry")
            case _:
                if code in ("offline", "retry") or self.state is State.DONE:
                    self.state, self.reason = State.OFFLINE, code
                self.welcome = None
                self._restart = False
                self._line.failed(now)
                if isinstance(request, Push) and len(request.intents) > 1:
                    # Should one of them break the line each time, the others go before it.
                    self._wait(request.intents[0]).until = min(self._line.until, now + self.patience) + 1.0

    def _met(self, welcome: Welcome, now: float) -> None:
        if not welcome.protocol_min <= PROTOCOL <= welcome.protocol_max:
            self.failed(Hello(), now, "held_upgrade")
        elif self._clinic not in {clinic for clinic, _ in welcome.clinics}:
            self.failed(Hello(), now, "forbidden")
        else:
            self.welcome = welcome
            # The pause ends when something is done: a line that breaks after each hello is no line.

    def _outgoing(self, now: float, waiting: Sequence[Waiting]) -> Push | Abandon | Park | None:
        """What goes out now: what persons did, and the rows of an import when there is nothing of that."""
        return self._pick(now, waiting, False) or self._pick(now, waiting, True)

    def _pick(self, now: float, waiting: Sequence[Waiting], rows: bool) -> Push | Abandon | Park | None:
        """The first of each aggregate that may go, of one kind or the other."""
        ids = {w.intent.id for w in waiting}
        seen: set[tuple[str, str]] = set()
        picked: list[Intent] = []
        lost: list[Intent] = []
        place_kept = False  # something that frees a place stays behind
        for one in waiting:
            intent = one.intent
            entity = (intent.entity, intent.key)
            first = entity not in seen
            seen.add(entity)
            if first and intent.id in self._reused:
                return Park(intent)
            wait = self._waits.get(entity)
            may = first and (wait is None or now >= wait.until)
            frees, takes = self._place(intent)
            if may and (one.doomed or self._faults.get(intent.id, 0) >= POISON):
                lost.append(intent)
            elif may and rows is _row(intent) and not ids.intersection(intent.needs) and not (takes and place_kept):
                picked.append(intent)
                frees = False
            place_kept = place_kept or (frees and not one.doomed)
            if len(picked) == (MOST_ROWS if rows else MOST) or len(lost) == MOST:
                break
        if lost:
            return Abandon(tuple(lost))
        return Push(tuple(picked)) if picked else None

    def _place(self, intent: Intent) -> tuple[bool, bool]:
        """Whether an intent may make a place free, and whether it takes one."""
        if intent.entity not in ("appointment", "block"):
            return False, False
        if intent.creates or intent.deletes:
            return intent.deletes, intent.creates
        moves, status = "start" in intent.after, intent.after.get("status")
        active = status in ACTIVE
        return moves or (status is not None and not active), moves or active

    def _blame(self, intent: Intent, now: float, *, retry: bool) -> None:
        """The server could not decide on this one: it waits, others go on; in the end it is given up."""
        wait = self._wait(intent)
        if retry:
            wait.failed(now)
        else:
            # A fault of its own is soon known for sure, however long it has had to wait before: several of them may
            # stand one behind another in an aggregate. Known for sure, nothing is waited for.
            faults = self._faults[intent.id] = self._faults.get(intent.id, 0) + 1
            wait.until = now if faults >= POISON else now + self._jitter() * min(2.0**faults, POISON_PAUSE)

    def _wait(self, intent: Intent) -> Backoff:
        return self._waits.setdefault((intent.entity, intent.key), Backoff(self._jitter, PATIENCE))


def _row(intent: Intent) -> bool:
    """Whether it is one of an import's many, of which nobody waits for each."""
    return ".import" in f".{intent.kind}"


def _verdicts(reply: object) -> list[Verdict]:
    assert isinstance(reply, tuple | list)
    return [one for one in reply if isinstance(one, Verdict)]
