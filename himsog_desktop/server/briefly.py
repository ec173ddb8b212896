"""Short locks on tables that the web application is using, and one administrator's act at a time."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import psycopg

from himsog_desktop.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from himsog_desktop.server.connection import Connection

T = TypeVar("T")

LOCK = "1s"
"""How long others may have to queue behind a lock that we wait for (contract)."""

TRIES = 240
PAUSE_S = 2.0

_ONE = 0x68696D736F67  # "himsog"
_MEANWHILE = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.ExclusionViolation,
    psycopg.errors.UniqueViolation,
    psycopg.errors.SerializationFailure,
)
"""Somebody else was at it: what we did is rolled back and done again."""


def briefly(db: Connection, act: Callable[[], T], *, lock: str = LOCK, tries: int = TRIES) -> T:
    """Do something in a transaction that waits for no lock longer than ``lock``; again after a pause when it must.

    Raises Refused ``in_use`` when nobody let us in for all the tries.
    """
    for attempt in range(tries):
        try:
            with db.transaction():
                db.execute("SELECT set_config('lock_timeout', %s, true)", (lock,))
                return act()
        except _MEANWHILE:
            db.execute("SELECT pg_sleep(%s)", (min(PAUSE_S, 0.1 * (attempt + 1)),))
    raise Refused(
        "in_use",
        "Somebody holds a table of the platform without a break (a transaction left open, a backup, a migration)."
        " Nothing is lost: run it again, it goes on where it stopped.",
    )


@contextmanager
def alone(db: Connection) -> Iterator[None]:
    """While inside no other ``himsog database`` changes this database. Raises Refused ``in_use``."""
    if db.execute("SELECT pg_try_advisory_lock(%s)", (_ONE,)).fetchone() != (True,):
        raise Refused("in_use", "Another himsog database command is at work on this database. Wait for it.")
    try:
        db.execute("SET statement_timeout = 0")
        yield
    finally:
        if not db.closed and not db.broken:
            db.execute("SELECT pg_advisory_unlock(%s)", (_ONE,))
