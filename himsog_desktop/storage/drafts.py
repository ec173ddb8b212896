"""What was being typed when somebody was interrupted: kept in the encrypted file, and nowhere else.

A draft is no data of the clinic: it makes no history, no intent and no change set, is never synced, and
is in no digest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.storage.connection import transaction

if TYPE_CHECKING:
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.storage.cache import Cache
    from himsog_desktop.storage.connection import Raw


class Kept(NamedTuple):
    """One draft as it lies there."""

    key: str
    body: str
    at: Micros


def put(cache: Cache, draft: Kept, most: int, family: str) -> None:
    """Keep a draft in place of the one of its key, and of its ``family`` of keys the ``most`` newest."""
    with transaction(cache.writer):
        cache.writer.execute("INSERT OR REPLACE INTO drafts (key, body, at) VALUES (?, ?, ?)", tuple(draft))
        cache.writer.execute(
            "DELETE FROM drafts WHERE substr(key, 1, length(:family)) = :family AND key NOT IN (SELECT key"
            " FROM drafts WHERE substr(key, 1, length(:family)) = :family ORDER BY at DESC, key LIMIT :most)",
            {"family": family, "most": most},
        )


def drop(cache: Cache, key: str) -> None:
    """Forget a draft."""
    # Asked first: a write that changes nothing would still wait for the disk.
    if cache.reader.execute("SELECT 1 FROM drafts WHERE key = ?", (key,)).fetchone() is None:
        return
    with transaction(cache.writer):
        cache.writer.execute("DELETE FROM drafts WHERE key = ?", (key,))


def of(raw: Raw, family: str) -> list[Kept]:
    """The drafts of a family, newest first."""
    rows = raw.execute(
        "SELECT key, body, at FROM drafts WHERE substr(key, 1, length(:family)) = :family ORDER BY at DESC, key",
        {"family": family},
    )
    return [Kept._make(row) for row in rows]
