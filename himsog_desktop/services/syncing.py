"""How a profile stands with its server: read by the status bar, kept by whoever syncs.

What changes with every exchange (online, a reason, an initial sync under way) is one row of ``meta``, announced
through the change log as list ``sync``; what waits is counted where it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from himsog_desktop.domain.syncstate import LOCAL, SyncProgress, SyncState, SyncStatus
from himsog_desktop.storage.cache import REMOTE

if TYPE_CHECKING:
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk

STATE_KEY = "sync_state"
LIST = "sync"
"""The list in a change set that says: read ``status`` again."""


class Kept(msgspec.Struct, frozen=True):
    """What whoever syncs keeps for the others."""

    state: SyncState = "offline"
    reason: str = ""
    last_sync: Micros | None = None
    progress: SyncProgress | None = None


def status(desk: Desk) -> SyncStatus:
    """How the profile stands with its server just now; a few microseconds, no network."""
    cache = desk.cache
    if cache.meta("authority") != REMOTE:
        return LOCAL
    raw = desk.reader
    found = raw.execute("SELECT value FROM meta WHERE key = ?", (STATE_KEY,)).fetchone()
    kept = msgspec.json.decode(found[0], type=Kept) if found else Kept()
    waiting, oldest, attention = raw.execute(
        "SELECT count(*) FILTER (WHERE state = 'pending'), min(at) FILTER (WHERE state = 'pending'),"
        " count(*) FILTER (WHERE state = 'refused') FROM outbox"
    ).fetchone()
    return SyncStatus(
        kept.state,
        kept.reason,
        kept.last_sync,
        waiting,
        oldest,
        attention,
        kept.progress,
        cache.meta("remote_host"),
        cache.meta("signed_in") or None,
    )
