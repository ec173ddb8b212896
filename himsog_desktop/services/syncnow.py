"""``himsog sync``: one whole round, here or by the agent that has the profile's pusher lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from himsog_desktop.domain.errors import NoAccess, Surroundings
from himsog_desktop.domain.syncstate import unread_words
from himsog_desktop.domain.time import SECOND
from himsog_desktop.runtime.waker import Waker
from himsog_desktop.services import syncing
from himsog_desktop.services.documents import SyncDoc
from himsog_desktop.services.sessions import ACCEPT, address_of
from himsog_desktop.services.syncrun import Run, once
from himsog_desktop.storage.cache import REMOTE, Cache
from himsog_desktop.storage.sessions import remember
from himsog_desktop.storage.unread import unread
from himsog_desktop.system import agentear, single

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from himsog_desktop.ports import Clock
    from himsog_desktop.services.syncing import Round
    from himsog_desktop.services.syncway import Line
    from himsog_desktop.storage.sessions import Session

EXITS: Final = {"done": 0, "offline": 3, "held": 1, "signed_out": 4, "revoked": 4}
"""The exit code of each state (contract)."""

LONGEST_S: Final = 600.0
"""How long the agent's round is waited for: an initial sync over a slow line takes its time."""

EVERY_S: Final = 10.0
"""Seconds between two rounds of ``watch``."""

_LOOK_S = 0.05


def sync(
    folder: Path,
    cache: Cache,
    clock: Clock,
    *,
    accept_deletions: bool = False,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> SyncDoc:
    """Push what waits, fetch what changed, and say how it stands.

    Raises NoAccess("signed_out") when the profile has no server or never had anybody signed in.
    """
    if cache.meta("authority") != REMOTE:
        raise NoAccess("signed_out", "This profile has no server yet: himsog connect URL, then himsog signin LOGIN")
    if accept_deletions:
        remember(cache.writer, {ACCEPT: "1"})
    before = syncing.kept(cache.reader).round.number
    lock = agentear.pusher_lock(folder)
    began = clock.monotonic()
    try:
        while not lock.try_acquire():
            if clock.monotonic() - began > LONGEST_S or (cancelled is not None and cancelled()):
                raise Surroundings("busy", "Another program is syncing this profile, and has not come to an end yet.")
            made = syncing.kept(cache.reader).round
            if made.number > before:
                return document(cache, clock, made)
            agentear.nudge(folder, agentear.SYNC)
            # Waits for the round of whoever has the lock, and takes over where that one dies.
            if lock.acquire(_LOOK_S if clock.monotonic() - began < 1 else _LOOK_S * 10):
                break
        return document(cache, clock, _here(folder, cache, clock, progress, cancelled))
    finally:
        lock.release()


def watch(folder: Path, cache: Cache, clock: Clock, cancelled: Callable[[], bool]) -> Iterator[SyncDoc]:
    """Round after round until ``cancelled``, one every ten seconds."""
    waker = Waker()
    try:
        while not cancelled():
            yield sync(folder, cache, clock, cancelled=cancelled)
            for _ in range(round(EVERY_S / _LOOK_S / 10)):
                if cancelled() or waker.wait(_LOOK_S * 10):
                    break
    finally:
        waker.close()


def _here(
    folder: Path,
    cache: Cache,
    clock: Clock,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Round:
    def line(session: Session) -> Line:
        from himsog_desktop.sync.remotes.postgres import PostgresRemote

        return PostgresRemote(
            address_of(cache), session.login, session.secret, clinic=cache.meta("clinic"), name="himsog sync"
        )

    def told() -> None:
        single.nudge(folder, single.CHANGED)

    run = Run(cache, clock, line, told=told, progress=progress)
    try:
        return once(run, cancelled=cancelled)
    finally:
        run.close()


def document(cache: Cache, clock: Clock, made: Round) -> SyncDoc:
    """The document of a round, with what waits now."""
    waiting, oldest, _ = syncing.counts(cache.reader)
    left_out = len(unread(cache.reader).keys)
    return SyncDoc(
        made.state,
        made.reason or unread_words(left_out) or None,
        made.mode,
        made.pushed,
        made.pulled,
        made.refused,
        waiting,
        None if oldest is None else max(0, (clock.now() - oldest) // SECOND),
        made.duration_ms,
        left_out,
    )
