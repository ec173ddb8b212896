"""The agent: syncs one profile in the background for as long as it runs.

    python -m himsog_desktop.services.agent PROFILE     the key is the first line of standard input, its end the end

One process per profile has the pusher's lock; it follows hints of the server, words of whoever wrote here, the poll,
and how it goes is written for the window. It loads little: no Qt, no SQLAlchemy, no command line.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from himsog_desktop.domain.errors import HimsogError, NoAccess
from himsog_desktop.runtime import agent as process
from himsog_desktop.runtime.follower import Listener
from himsog_desktop.runtime.waker import Waker
from himsog_desktop.services.pulse import Pulse
from himsog_desktop.services.sessions import address_of
from himsog_desktop.services.syncing import Kept
from himsog_desktop.services.syncrun import Run
from himsog_desktop.storage.cache import REMOTE, Cache
from himsog_desktop.storage.connection import data_version
from himsog_desktop.sync.engine import Idle, Snapshot
from himsog_desktop.sync.exchange import Tally
from himsog_desktop.system import agentear, memory, single

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from himsog_desktop.ports import Clock
    from himsog_desktop.services.syncway import Line
    from himsog_desktop.storage.sessions import Session

LOOK_S: Final = 1.0
"""Seconds between two looks at what waits when no word came."""

SOON_S: Final = 1.0
"""The least time between two pulls (reliability, section 2.6)."""


class Agent:
    """One profile's sync until ``stop``. Made and run on one thread; ``stop`` and ``hear`` are for any."""

    def __init__(self, folder: Path, key: bytes, clock: Clock) -> None:
        self._folder = folder
        self._cache = Cache(folder, key)
        self._clock = clock
        self._waker = Waker()
        self._pulse = Pulse(self._waker.wake)
        self._stopping = False
        self._asked: list[str] = []

    def stop(self) -> None:
        """End soon."""
        self._stopping = True
        self._waker.wake()

    def hear(self, word: str) -> None:
        """A word from another process of this profile."""
        if word == agentear.SYNC:
            self._asked.append(word)
        self._waker.wake()

    def run(self) -> None:
        """Sync until somebody says stop. Raises NoAccess when the profile has no server."""
        if self._cache.meta("authority") != REMOTE:
            raise NoAccess("signed_out", "This profile has no server yet: himsog connect URL, himsog signin LOGIN")
        run = Run(self._cache, self._clock, self._line, told=self._tell)
        try:
            while not self._stopping:
                self._turn(run)
        finally:
            run.close()
            self._cache.close()

    def close(self) -> None:
        """End what is left."""
        self._pulse.close()
        self._cache.close()
        self._waker.close()

    def _turn(self, run: Run) -> None:
        """One round that somebody asked for, or one step and the wait after it."""
        if self._asked:
            self._asked.clear()
            self._round(run)
            return
        request = run.step()
        if run.engine.online:
            self._pulse.well()
        if isinstance(request, Idle):
            self._rest(run, request)
        elif isinstance(request, Snapshot):
            # What a whole clinic took to fetch is not needed for the small news after it.
            self._cache.close()
            memory.give_back()

    def _round(self, run: Run) -> None:
        """A whole round, begun with a hello: somebody waits for its end."""
        run.cache.forget()
        run.renew()
        run.accept()
        run.reconnect()
        since, began = Tally(run.tally.pushed, run.tally.pulled, run.tally.refused), run.clock.monotonic()
        run.tally.full, run.way.trouble = False, None
        while not self._stopping:
            request = run.step()
            if isinstance(request, Idle):
                break
        old = run.kept
        run.keep(Kept(old.state, old.reason, None, run.round(since, began)))

    def _rest(self, run: Run, idle: Idle) -> None:
        """Wait for a hint, a word or the time; look now and then whether somebody signed in or wrote."""
        seen = data_version(run.cache.reader)
        until = idle.until
        cut_off = idle.why == "pause" and run.engine.reason == "offline"
        self._pulse.watch(address_of(self._cache) if cut_off else None)
        while not self._stopping and not self._asked:
            left = until - run.clock.monotonic()
            if left <= 0:
                break
            # Shortly before a pull more hints say nothing new: a flood of them costs nothing.
            listens = idle.why in ("done", "waiting") and left > SOON_S
            hinted = run.wait(min(left - SOON_S, LOOK_S)) if listens else False
            if not listens:
                self._waker.wait(min(left, LOOK_S))
            now = data_version(run.cache.reader)
            if hinted or now != seen:
                break
            if self._pulse.came_back():
                run.reconnect()
                break
        self._pulse.watch(None)
        run.renew()
        run.watch()

    def _line(self, session: Session) -> Line:
        from himsog_desktop.sync.remotes.postgres import PostgresRemote

        address = address_of(self._cache)
        return PostgresRemote(
            address,
            session.login,
            session.secret,
            clinic=self._cache.meta("clinic"),
            wake=self._waker,
            name="himsog agent",
        )

    def _tell(self) -> None:
        single.nudge(self._folder, single.CHANGED)


def run_agent(folder: Path, key: bytes, clock: Clock, *, ready: Callable[[Agent], None] | None = None) -> int:
    """Be the agent of a profile; the exit code. ``process.TAKEN`` when another process is."""
    lock = agentear.pusher_lock(folder)
    if not lock.try_acquire():
        return process.TAKEN
    agent = Agent(folder, key, clock)
    ear = agentear.listen(folder)
    listener = Listener(ear.receive, ear.close, agent.hear, name="agent-ear")
    try:
        listener.start()
        if ready is not None:
            ready(agent)
        agent.run()
        return 0
    finally:
        listener.stop()
        agent.close()
        lock.release()


def main(arguments: Sequence[str]) -> int:
    """The agent that a window starts."""
    from himsog_desktop.system.clock import system_clock

    folder = Path(arguments[0])
    try:
        key = bytes.fromhex(sys.stdin.buffer.readline().decode("ascii", "replace").strip())
        return run_agent(folder, key, system_clock(), ready=_until_hung_up)
    except HimsogError as error:
        return error.exit_code
    except Exception as error:
        from himsog_desktop.system.logs import open_log

        open_log(folder).exception("uncaught.agent", error)
        return 5


def _until_hung_up(agent: Agent) -> None:
    process.until_closed(sys.stdin.buffer, agent.stop)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
