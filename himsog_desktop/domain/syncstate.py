"""How this profile stands with its server, as the status bar says it. Pure data; no patient data in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from himsog_desktop.domain.time import SECOND, Micros

SyncState = Literal["local", "online", "offline", "held", "signed_out", "revoked"]
"""``local``: the profile has no server. ``held``: something waits for a person or an update; ``reason`` says what."""


def unread_words(count: int) -> str:
    """What a person is told of records that can't be read; empty when there are none."""
    if not count:
        return ""
    told = "One record of the clinic" if count == 1 else f"{count:,} records of the clinic"
    return f"{told} can't be shown by this version of Himsog. Install the newer one: then everything is fetched."


RED_AFTER_S = 15 * 60
"""From this age on what waits is shown in alarm (reliability, section 2.6)."""


class SyncProgress(NamedTuple):
    """How far an initial sync is: rows here, rows in all (0 while nobody knows)."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """What the status bar shows.

    ``reason`` is a sentence for a person, empty when all is well. ``last_sync``: when everything of the server
    was last known to be here. ``waiting`` intents have no verdict yet, the first since ``oldest_waiting``;
    ``attention`` were refused and wait for a person. ``progress``: an initial sync is under way. ``server`` is
    the host's name. ``login`` is who is signed in with the widest reach, None: nobody. ``unread`` records are known
    to be at the server that this version of the program can't read.
    """

    state: SyncState
    reason: str = ""
    last_sync: Micros | None = None
    waiting: int = 0
    oldest_waiting: Micros | None = None
    attention: int = 0
    progress: SyncProgress | None = None
    server: str = ""
    login: str | None = None
    unread: int = 0

    @property
    def shared(self) -> bool:
        """Whether there is a server at all."""
        return self.state != "local"

    def oldest_waiting_s(self, now: Micros) -> int | None:
        """Seconds that the oldest intent has waited, None when none waits."""
        return None if self.oldest_waiting is None else max(0, (now - self.oldest_waiting) // SECOND)

    def alarming(self, now: Micros) -> bool:
        """Whether something waits for so long that somebody should look."""
        return (self.oldest_waiting_s(now) or 0) >= RED_AFTER_S


LOCAL = SyncStatus("local")
"""A profile without a server."""
