"""How a profile stands with its server: read by the status bar, kept by whoever syncs.

What changes with every exchange (online, a reason, an initial sync under way) is one row of ``meta``, announced
through the change log as list ``sync``; what waits is counted where it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from himsog_desktop.domain.changes import ChangeSet
from himsog_desktop.domain.syncstate import LOCAL, SyncProgress, SyncState, SyncStatus
from himsog_desktop.domain.time import Micros
from himsog_desktop.storage.cache import REMOTE
from himsog_desktop.storage.connection import transaction
from himsog_desktop.storage.outbox import WAITING
from himsog_desktop.storage.sessions import announce as tell
from himsog_desktop.storage.sessions import set_meta

if TYPE_CHECKING:
    from pathlib import Path

    from himsog_desktop.services.desk import Desk
    from himsog_desktop.storage.cache import Cache
    from himsog_desktop.storage.connection import Raw

STATE_KEY = "sync_state"
LIST = "sync"
"""The list in a change set that says: read ``status`` again."""


class Round(msgspec.Struct, frozen=True):
    """What one round did, for ``himsog sync`` when the agent does it; each has the next number."""

    number: int = 0
    state: Literal["done", "offline", "held", "signed_out", "revoked"] = "offline"
    reason: str | None = None
    mode: Literal["delta", "full"] = "delta"
    pushed: int = 0
    pulled: int = 0
    refused: int = 0
    duration_ms: int = 0


class Kept(msgspec.Struct, frozen=True):
    """What whoever syncs keeps for the others. ``round`` is the last one that somebody asked for."""

    state: SyncState = "offline"
    reason: str = ""
    progress: SyncProgress | None = None
    round: Round = Round()


def kept(raw: Raw) -> Kept:
    """What is kept."""
    found = raw.execute("SELECT value FROM meta WHERE key = ?", (STATE_KEY,)).fetchone()
    return msgspec.json.decode(found[0], type=Kept) if found else Kept()


def keep(writer: Raw, new: Kept) -> None:
    """Keep it, in a transaction of its own, and have the window look."""
    with transaction(writer):
        set_meta(writer, {STATE_KEY: msgspec.json.encode(new).decode()})
        tell(writer, msgspec.json.encode(_NEWS).decode())


_NEWS = ChangeSet(lists=frozenset({LIST}))


def status(desk: Desk) -> SyncStatus:
    """How the profile stands with its server just now; a few microseconds, no network."""
    return status_of(desk.cache)


def status_of(cache: Cache) -> SyncStatus:
    """The same where nobody may be signed in."""
    if cache.meta("authority") != REMOTE:
        return LOCAL
    from himsog_desktop.storage.unread import unread  # not before the first paint of a profile without a server

    raw = cache.reader
    now = kept(raw)
    last = raw.execute("SELECT value FROM meta WHERE key = 'last_sync'").fetchone()
    waiting, oldest, attention = counts(raw)
    return SyncStatus(
        now.state,
        now.reason,
        int(last[0]) if last else None,
        waiting,
        oldest,
        attention,
        now.progress,
        cache.meta("remote_host"),
        cache.meta("signed_in") or None,
        len(unread(raw).keys),
    )


def counts(raw: Raw) -> tuple[int, Micros | None, int]:
    """How many intents wait, since when the first, and how many cards wait for a person."""
    # By the index of what waits: the outbox also keeps what was settled in the last thirty days.
    found = raw.execute(
        f"SELECT count(*), min(at), (SELECT count(*) FROM card WHERE resolved IS NULL) FROM outbox WHERE {WAITING}"
        # sql: identifiers only
    ).fetchone()
    return found[0], found[1], found[2]


def note_gone(folder: Path, key: bytes) -> None:
    """Nobody syncs this profile just now: the agent died and is being started again."""
    from himsog_desktop.storage.cache import Cache

    with Cache(folder, key) as cache:
        old = kept(cache.reader)
        keep(cache.writer, Kept("offline", "Sync has stopped and is being started again.", None, old.round))
