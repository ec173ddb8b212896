"""Driving the engine of sync: one round for ``himsog sync``, and the long run of the agent.

Both do one request after the other over the cache and the server; what differs is when they stop. How it stands is
kept in the cache for the window (``services.syncing``) by whoever has the pusher's lock.
"""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from himsog_desktop.domain.errors import HimsogError
from himsog_desktop.domain.syncstate import SyncProgress
from himsog_desktop.services import syncing
from himsog_desktop.services.sessions import ACCEPT
from himsog_desktop.services.syncing import Kept, Round
from himsog_desktop.services.syncway import SIGNED_OUT, Sendable, Way
from himsog_desktop.storage.sessions import sessions
from himsog_desktop.sync.engine import Engine, Idle, Pull, State
from himsog_desktop.sync.exchange import Tally, step
from himsog_desktop.sync.remotes.troubles import FITS_NOT
from himsog_desktop.sync.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.domain.intents import Batch
    from himsog_desktop.domain.syncstate import SyncState
    from himsog_desktop.ports import Clock
    from himsog_desktop.services.syncway import Line
    from himsog_desktop.storage.cache import Cache
    from himsog_desktop.storage.sessions import Session
    from himsog_desktop.sync.engine import Request

PATIENCE_S: Final = 20.0
"""How long one round waits for a server that says "come again"."""

SOON_S: Final = 3.0
PROGRESS_S: Final = 0.5
RELEASE_S: Final = 5.0

_SHOWN: dict[State, SyncState] = {
    State.DONE: "online",
    State.OFFLINE: "offline",
    State.HELD: "held",
    State.SIGNED_OUT: "signed_out",
    State.REVOKED: "revoked",
}


class Run:
    """The engine over one profile's cache and server. Belongs to one thread."""

    def __init__(
        self,
        cache: Cache,
        clock: Clock,
        make: Callable[[Session], Line],
        *,
        told: Callable[[], None] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """``told`` is called after anything was written that a window should look at."""
        from himsog_desktop.storage.syncing import SqliteStore

        self.cache = cache
        self.clock = clock
        self.way = Way(sessions(cache.reader), make)
        self._local = SqliteStore(cache, clock)
        self.store = Sendable(self._local, self.way)
        self.engine = Engine(cache.meta("clinic"), random.random)
        self.accept()
        self.tally = Tally()
        self.kept = syncing.kept(cache.reader)
        self._make = make
        self._server = _server(cache)
        self._told = told or _nobody
        self._progress = progress
        self._progressed = self._released = float("-inf")
        self._watchdog = Watchdog(clock.monotonic())
        self._shown = False

    # ------------------------------------------------------------------------------------- steps

    def step(self) -> Request:
        """One request, and a note of how it stands."""
        self.show_first()
        before = self.tally.pulled, self.tally.pushed
        request = step(self.engine, self.store, self.way, self.clock.monotonic, self.tally, self._progressing)
        now = self.clock.monotonic()
        synced = isinstance(request, Pull) and self.engine.state is State.DONE
        if not isinstance(request, Idle) and self.engine.online:
            self._watchdog.exchanged(now)
        self._note()
        if synced and now - self._released >= RELEASE_S:
            self._released = now
            self._release()
        if before != (self.tally.pulled, self.tally.pushed):
            self._told()
        return request

    def show_first(self) -> None:
        """Before the first snapshot fetch this week: a new workstation can be worked at while the rest comes."""
        welcome = self.engine.welcome
        if self._shown or welcome is None or self.store.cursor() is not None:
            return
        self._shown = True
        if self.store.staged(welcome.epoch) is not None:
            return
        try:
            self._local.preview(self.days())
        except HimsogError:
            # The snapshot brings it anyway, or meets the same trouble and deals with it.
            self.way.trouble = None
            return
        self._told()

    def days(self) -> list[Batch]:
        """This week at the server, and who works there."""
        zone = self.cache.zone
        today = zone.date_of(self.clock.now())
        monday = today - timedelta(days=today.weekday())
        first, until = zone.instant(monday, 0), zone.instant(monday + timedelta(days=7), 0)
        return self.way.days(self.cache.meta("clinic"), first, until)

    def wait(self, seconds: float) -> bool:
        """Wait for a hint, for whatever wakes the line, or so long; whether there was something from the server."""
        try:
            hinted = self.way.wait(seconds)
        except HimsogError:
            # The line broke while nobody used it: begin with a hello.
            self.engine.resume()
            return True
        if hinted:
            self.engine.hint()
        return hinted

    def watch(self) -> None:
        """Begin anew when something waits, the line seems well, and yet nothing goes through."""
        waiting = bool(self.store.waiting(1))
        if self._watchdog.stuck(self.clock.monotonic(), waiting=waiting, online=self.engine.online):
            self.reconnect()

    def renew(self) -> bool:
        """Take over who is signed in now, and where; whether that has changed. Then everything begins with a hello."""
        found, server = sessions(self.cache.reader), _server(self.cache)
        if found == self.way.sessions and server == self._server:
            return False
        self._server = server
        self.cache.forget()
        self.way.close()
        self.way = Way(found, self._make)
        self.store = self.store.over(self.way)
        self.engine.resume()
        return True

    def accept(self) -> None:
        """Take up what a person allowed once (``--accept-deletions``); the store forgets it with what it did of it."""
        if self.cache.reader.execute("SELECT 1 FROM meta WHERE key = ?", (ACCEPT,)).fetchone():
            self.engine.accept_deletions = True

    def reconnect(self) -> None:
        """Throw the lines away and begin anew."""
        self.way.close()
        self.engine.resume()

    def close(self) -> None:
        """End the lines."""
        self.way.close()

    def _release(self) -> None:
        """Have messages to patients go out that are due: every sync does (design, section 2, "Undo")."""
        try:
            self.way.release()
        except HimsogError:
            # The next exchange meets the same trouble and deals with it.
            return

    # ----------------------------------------------------------------------------- how it stands

    @property
    def reason(self) -> str:
        """Why it is not all well, in a sentence."""
        if self.engine.state is State.DONE:
            return ""
        trouble = self.way.trouble
        if not self.way.sessions:
            return SIGNED_OUT
        return trouble.message if trouble is not None else _UNSAID.get(self.engine.reason or "", "")

    def _note(self) -> None:
        """Keep how it stands when that is news."""
        old = self.kept
        untried = self.engine.state is State.OFFLINE and self.engine.reason is None and self.way.trouble is None
        new = Kept(
            old.state if untried else _SHOWN[self.engine.state],
            old.reason if untried else self.reason,
            old.progress if untried else None,
            old.round,
        )
        if new != old:
            self.keep(new)

    def keep(self, kept: Kept) -> None:
        """Keep how it stands."""
        self.kept = kept
        syncing.keep(self.cache.writer, kept)
        self._told()

    def _progressing(self, done: int, total: int) -> None:
        now = self.clock.monotonic()
        if self._progress is not None:
            self._progress(done, total)
        if now - self._progressed >= PROGRESS_S:
            self._progressed = now
            self.keep(Kept(self.kept.state, self.kept.reason, SyncProgress(done, total), self.kept.round))

    def round(self, since: Tally, began: float) -> Round:
        """What was done since then."""
        trouble = self.way.trouble
        # In step with the server, and yet something could not be sent: that has a reason too.
        stuck = trouble.message if trouble is not None and self.store.waiting(1) else None
        return Round(
            self.kept.round.number + 1,
            self.engine.state.value,
            self.reason or stuck,
            "full" if self.tally.full else "delta",
            self.tally.pushed - since.pushed,
            self.tally.pulled - since.pulled,
            self.tally.refused - since.refused,
            round((self.clock.monotonic() - began) * 1000),
        )


def once(run: Run, *, patience: float = PATIENCE_S, cancelled: Callable[[], bool] | None = None) -> Round:
    """Sync until there is nothing to do, or nothing that can be done now."""
    began = run.clock.monotonic()
    run.way.trouble = None
    while not (cancelled is not None and cancelled()):
        request = run.step()
        if isinstance(request, Idle) and not _worth_waiting(run, request, began + patience):
            break
    made = run.round(Tally(), began)
    kept = run.kept
    run.keep(Kept(kept.state, kept.reason, None, made))
    return made


def _worth_waiting(run: Run, idle: Idle, until: float) -> bool:
    """Wait a little where the server asked to come again; False when this round is over."""
    now = run.clock.monotonic()
    pause = idle.until - now
    busy = idle.why == "waiting" and pause <= SOON_S
    again = idle.why == "pause" and run.engine.state is State.OFFLINE and run.engine.reason == "retry"
    if not (busy or again) or now + pause > until:
        return False
    run.wait(max(0.0, pause))
    return True


_UNSAID = {
    "held_upgrade": FITS_NOT,
    "forbidden": "This login does not work for this clinic any more. Speak to your manager.",
}
"""What the engine concludes from a hello that was answered: no error has words for it."""


def _server(cache: Cache) -> str | None:
    """The address as it is now: another process may have changed it."""
    found = cache.reader.execute("SELECT value FROM meta WHERE key = 'remote_url'").fetchone()
    return None if found is None else str(found[0])


def _nobody() -> None:
    return
