"""Opening the encrypted file. Imported before the first paint: no SQLAlchemy here.

Facts behind it: feasibility, section 3; reliability, decision 9 and section 2.5 (pragmas one by one,
each read back); design, section 3.
"""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Protocol

from sqlcipher3 import dbapi2

from himsog_desktop.domain.errors import Fault, NoAccess, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    Parameters = Sequence[object] | Mapping[str, object]


class Cursor(Protocol):
    """What a statement answers. The database library is untyped: a row is a tuple of its columns."""

    rowcount: int
    lastrowid: int | None

    def fetchone(self) -> Any:
        """The next row, None at the end."""

    def fetchall(self) -> list[Any]:
        """All rows that are left."""

    def __iter__(self) -> Iterator[Any]: ...


class Raw(Protocol):
    """An open connection of the database library; it stays inside ``storage`` and the services."""

    def execute(self, sql: str, parameters: Parameters = ..., /) -> Cursor:
        """Run one statement."""

    def executemany(self, sql: str, parameters: Iterable[Sequence[object]], /) -> Cursor:
        """Run one statement for many rows."""

    def close(self) -> None:
        """Close it."""


DATABASE_NAME = "cache.db"

SQLITE_AT_LEAST = (3, 51, 3)
"""Older ones can corrupt a WAL file (reliability, decision 10)."""

READER_CACHE_KIB = 16 * 1024
WRITER_CACHE_KIB = 8 * 1024
BUSY_SECONDS = 5.0
_POLL_SECONDS = 0.002
_QUIET_MS = 5
_NOT_OURS = (
    "The key of this profile does not open its cache file: the file is damaged, or it is that of another profile. "
    "Restore the last backup into a new folder: himsog restore FILE."
)
DatabaseError: type[Exception] = dbapi2.DatabaseError
"""What the database library raises when the file or the disk fails, for those who must go on then."""


def open_raw(path: Path, key: bytes, *, writer: bool = False, create: bool = False) -> Raw:
    """Open the cache with the 32-byte key; a reader cannot write.

    Raises NoAccess("wrong_key") when the key does not fit, Surroundings when there is no file or the
    disk fails.
    """
    if len(key) != 32:
        raise Fault("internal", "The data key has the wrong length.")
    if dbapi2.sqlite_version_info < SQLITE_AT_LEAST:
        raise Fault("internal", f"SQLite {dbapi2.sqlite_version} is too old: it can damage the cache.")
    if not create and not path.exists():
        raise Surroundings("not_found", "The cache file of this profile is missing.")
    try:
        raw: Raw = dbapi2.connect(str(path), isolation_level=None, cached_statements=256)
        _prepare(raw, key, writer=writer, create=create)
    except dbapi2.DatabaseError as error:
        if "not a database" in str(error):
            raise NoAccess("wrong_key", _NOT_OURS) from None
        raise disk_trouble(error) from None
    return raw


def _prepare(raw: Raw, key: bytes, *, writer: bool, create: bool) -> None:
    raw.execute("PRAGMA cipher_log_level = NONE")
    raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")  # sql: identifiers only
    if not raw.execute("PRAGMA cipher_version").fetchone():
        raise Fault("internal", "This build has no cipher: the cache would not be encrypted.")
    if create:
        raw.execute("PRAGMA auto_vacuum = INCREMENTAL")
    raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "cache_size": -(WRITER_CACHE_KIB if writer else READER_CACHE_KIB),
        "busy_timeout": int(BUSY_SECONDS * 1000),
        "fullfsync": 1,
        "secure_delete": 1 if writer else 0,
        "temp_store": 2,
        "query_only": 0 if writer else 1,
    }
    for name, value in wanted.items():
        raw.execute(f"PRAGMA {name} = {value}").fetchall()  # sql: identifiers only
    for name, value in wanted.items():
        found = raw.execute(f"PRAGMA {name}").fetchone()  # sql: identifiers only
        if found is None or found[0] != value:
            raise Fault("internal", f"The cache did not take the setting {name}.")


def disk_trouble(error: Exception) -> Surroundings:
    """A database error of the surroundings as a sentence that says nothing was saved."""
    words = str(error).lower()
    if "full" in words:
        return Surroundings("disk_full", "The disk is full. Nothing was saved; free some space and try again.")
    if "locked" in words or "busy" in words:
        return Surroundings("busy", "Another program is writing to this profile. Nothing was saved; try again.")
    if "readonly" in words or "permission" in words or "unable to open" in words:
        return Surroundings("disk", "The profile folder cannot be written. Nothing was saved.")
    return Surroundings("disk", "The disk or the cache file failed. Nothing was saved; run himsog doctor.")


def begin_immediate(raw: Raw, seconds: float = BUSY_SECONDS) -> None:
    """Take the write lock, waiting at most ``seconds``.

    SQLite's own waiting sleeps up to 100 ms between looks; ours looks every 2 ms, so that a booking
    gets in between two chunks of an import.
    """
    deadline = time.monotonic() + seconds
    raw.execute(f"PRAGMA busy_timeout = {_QUIET_MS}")  # sql: identifiers only
    try:
        while True:
            try:
                raw.execute("BEGIN IMMEDIATE")
                return
            except dbapi2.OperationalError as error:
                if "locked" not in str(error) and "busy" not in str(error):
                    raise disk_trouble(error) from None
                if time.monotonic() >= deadline:
                    raise disk_trouble(error) from None
                time.sleep(_POLL_SECONDS)
    finally:
        raw.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")  # sql: identifiers only


@contextmanager
def transaction(raw: Raw) -> Iterator[None]:
    """One immediate write transaction: committed at the end, rolled back on any error."""
    begin_immediate(raw)
    try:
        yield
        raw.execute("COMMIT")
    except BaseException as error:
        with suppress(dbapi2.Error):
            raw.execute("ROLLBACK")
        if isinstance(error, dbapi2.DatabaseError) and not isinstance(
            error, dbapi2.ProgrammingError | dbapi2.IntegrityError
        ):
            raise disk_trouble(error) from None
        raise


@contextmanager
def snapshot(raw: Raw) -> Iterator[None]:
    """Several reads of one moment."""
    raw.execute("BEGIN")
    try:
        yield
    finally:
        raw.execute("COMMIT")


def data_version(raw: Raw) -> int:
    """A number that changes when another connection has written (design, "Processes and threads")."""
    found = raw.execute("PRAGMA data_version").fetchone()
    return int(found[0])
