"""One pusher per profile, and a word to it: "changed" (something waits) or "sync" (do a whole round now).

The same FIFO and the same promises as the window's ear (``system.single``): no data, the same user only, and a word
that is lost costs at most a second.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Final

from himsog_desktop.system import single
from himsog_desktop.system.locks import FileLock
from himsog_desktop.system.single import FifoNudges, FileNudges, Nudges

if TYPE_CHECKING:
    from pathlib import Path

LOCK: Final = "pusher.lock"
FIFO: Final = "agent.fifo"
FOLDER: Final = "agent-nudges"
CHANGED: Final = single.CHANGED
SYNC: Final = single.SYNC


def pusher_lock(profile_dir: Path) -> FileLock:
    """The right to sync a profile (reliability, section 2.3: one process per local database pushes)."""
    return FileLock(profile_dir / LOCK)


def listen(profile_dir: Path) -> Nudges:
    """Open the ear; only the one that has the lock may. Raises OSError."""
    if hasattr(os, "mkfifo"):
        with contextlib.suppress(OSError):  # a file system without FIFOs
            return FifoNudges(profile_dir / FIFO)
    return FileNudges(profile_dir / FOLDER)


def nudge(profile_dir: Path, word: str = CHANGED) -> bool:
    """Say a word to the one that syncs; False when there is none. Never waits, never raises OSError."""
    return single.send(profile_dir / FIFO, profile_dir / FOLDER, word)
