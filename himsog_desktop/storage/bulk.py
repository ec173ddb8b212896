"""Writing very much, in many short transactions, beside people who go on working.

A commit that also has to bring the log into the file would hold up whoever waits; so the log is
emptied between the chunks, outside of the write lock, and the writer keeps the pages of the indexes
that every chunk touches at random.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from himsog_desktop.storage.connection import WRITER_CACHE_KIB

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from himsog_desktop.storage.cache import Cache

CACHE_KIB = 64 * 1024
AUTOCHECKPOINT_PAGES = 1000
"""SQLite's own, put back at the end."""


@contextmanager
def bulk(cache: Cache) -> Iterator[Callable[[], None]]:
    """Settings for many chunks; gives what to call between them, now and then, to empty the log."""
    raw = cache.writer

    def settle() -> None:
        # PASSIVE waits for nobody and holds nobody up.
        raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    raw.execute(f"PRAGMA cache_size = -{CACHE_KIB}").fetchall()  # sql: identifiers only
    raw.execute("PRAGMA wal_autocheckpoint = 0").fetchall()
    try:
        yield settle
    finally:
        raw.execute(f"PRAGMA wal_autocheckpoint = {AUTOCHECKPOINT_PAGES}").fetchall()  # sql: identifiers only
        raw.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KIB}").fetchall()  # sql: identifiers only
        settle()
        raw.execute("PRAGMA shrink_memory").fetchall()
