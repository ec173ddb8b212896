"""A disk that fails on demand, under the cipher, with the storage code above it as it ships.

``FaultDisk`` is a file layer of SQLite's (a VFS) beneath the encryption of apsw-sqlite3mc: it counts what is done
to files and fails, fills up, stops (the program was killed) or loses power at the Nth. It remembers what was written
since a file was last synced; a power cut drops any part of that, and tears writes. ``driver`` stands in for the
database library of ``storage.connection``.

apsw gives a layer in Python no shared memory, so that the log is kept by one connection alone: the readers and the
writer of a profile are one connection here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, Literal, cast

import apsw
from sqlcipher3 import dbapi2

from himsog_desktop.storage import connection

Mode = Literal["transient", "persistent", "full", "kill", "power"]
MODES: tuple[Mode, ...] = ("transient", "persistent", "full", "kill", "power")
_CODES = {
    "read": apsw.SQLITE_IOERR_READ,
    "write": apsw.SQLITE_IOERR_WRITE,
    "sync": apsw.SQLITE_IOERR_FSYNC,
    "truncate": apsw.SQLITE_IOERR_TRUNCATE,
    "delete": apsw.SQLITE_IOERR_DELETE,
}
_SECTOR = 512
_BASE = "unix"


@dataclass
class _Unsynced:
    """What was done to a file since it was synced: the size it had, and each write with what stood there."""

    size: int
    writes: list[tuple[int, bytes, bytes]] = field(default_factory=list)


_NUMBERS = count(1)
_KEPT: list[FaultDisk] = []
"""The cipher's layer over a disk stays registered and points to it as long as the program runs: it must not go."""


class FaultDisk(apsw.VFS):
    """The disk. Used as ``with driver(FaultDisk()):``."""

    def __init__(self) -> None:
        # Never the name of an earlier one, over which the cipher's layer already stands.
        self.name = f"fault{next(_NUMBERS)}"
        _KEPT.append(self)
        self.mode: Mode | None = None
        self.at = 0
        self.count = 0
        self.dead = False
        self.unsynced: dict[str, _Unsynced] = {}
        super().__init__(self.name, _BASE)

    def arm(self, mode: Mode | None, at: int) -> None:
        """From now on count, and fail at that operation."""
        self.mode, self.at, self.count, self.dead = mode, at, 0, False

    def forget(self) -> None:
        """A new run: nothing fails, nothing is unsynced."""
        self.arm(None, 0)
        self.unsynced.clear()

    def happens(self, what: str) -> None:
        """Something is about to be done to a file: count it, and fail when it is time."""
        if self.dead:
            raise _failure(what)
        if what == "read" and self.mode in ("kill", "power", "full"):
            return
        self.count += 1
        if self.mode is None or self.count < self.at or not self.at:
            return
        if self.mode == "full":
            if what == "write":
                raise _full()
        elif self.mode == "persistent" or self.count == self.at:
            self.dead = self.mode in ("kill", "power")
            raise _failure(what)

    def cut_power(self, random: Random) -> None:
        """Of what was not synced any part is gone, in any order; single writes are torn."""
        for path, state in self.unsynced.items():
            if not Path(path).exists():
                continue
            with Path(path).open("r+b") as file:
                for offset, _, old in reversed(state.writes):
                    file.seek(offset)
                    file.write(old)
                file.truncate(state.size)
                for offset, new, _ in state.writes:
                    kept = random.choice((0, len(new), random.randrange(len(new) + 1) // _SECTOR * _SECTOR))
                    if kept:
                        file.seek(offset)
                        file.write(new[:kept])
        self.unsynced.clear()

    def excepthook(self, *_: object) -> bool:
        """What fails here is raised by the connection."""
        return True

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        return _File(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self.happens("delete")
        self.unsynced.pop(filename, None)
        super().xDelete(filename, syncdir)


class _File(apsw.VFSFile):
    def __init__(self, disk: FaultDisk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        self.disk = disk
        self.path = name.filename() if isinstance(name, apsw.URIFilename) else name or ""
        super().__init__(_BASE, cast("str", name), flags)

    def excepthook(self, *_: object) -> bool:
        """What fails here is raised by the connection."""
        return True

    def _before(self, offset: int, length: int) -> tuple[_Unsynced, bytes]:
        size = super().xFileSize()
        state = self.disk.unsynced.setdefault(self.path, _Unsynced(size))
        length = max(0, min(length, size - offset))
        return state, super().xRead(length, offset) if length else b""

    def xRead(self, amount: int, offset: int) -> bytes:
        self.disk.happens("read")
        return super().xRead(amount, offset)

    def xWrite(self, data: bytes, offset: int) -> None:
        self.disk.happens("write")
        state, old = self._before(offset, len(data))
        state.writes.append((offset, bytes(data), old))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self.disk.happens("truncate")
        size = super().xFileSize()
        if newsize < size:
            # That the rest is gone may be lost again.
            state, old = self._before(newsize, size - newsize)
            state.writes.append((newsize, b"", old))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        self.disk.happens("sync")
        super().xSync(flags)
        self.disk.unsynced.pop(self.path, None)


def _failure(what: str) -> apsw.Error:
    return _error(apsw.IOError("disk I/O error"), apsw.SQLITE_IOERR, _CODES.get(what, apsw.SQLITE_IOERR))


def _full() -> apsw.Error:
    return _error(apsw.FullError("database or disk is full"), apsw.SQLITE_FULL, apsw.SQLITE_FULL)


def _error(error: apsw.Error, result: int, extended: int) -> apsw.Error:
    """With the codes by which SQLite is told."""
    vars(error).update(result=result, extendedresult=extended)
    return error


# ------------------------------------------------------------------------------------- the library


@contextmanager
def driver(disk: FaultDisk | None, *, synchronous: int | None = None) -> Iterator[None]:
    """The storage code runs over apsw while this lasts. ``synchronous`` is what is set in place of FULL."""
    shipped = vars(connection)["dbapi2"]
    made = SimpleNamespace(
        connect=lambda path, **_: ApswRaw(path, disk, synchronous),
        sqlite_version_info=tuple(int(part) for part in apsw.sqlite_lib_version().split(".")),
        sqlite_version=apsw.sqlite_lib_version(),
        **{name: getattr(dbapi2, name) for name in dir(dbapi2) if name.endswith("Error")},
    )
    vars(connection)["dbapi2"] = made
    try:
        yield
    finally:
        vars(connection)["dbapi2"] = shipped


_SHARED: dict[str, list[ApswRaw]] = {}
"""Who has each file open: readers and writer are one connection."""

_OWN = ("query_only", "busy_timeout", "secure_delete", "cache_size", "cipher_log_level")
"""Settings of one connection that another one of the same file must not change here."""


class Cur:
    """What a statement answered."""

    def __init__(self, rows: list[Any], rowcount: int, lastrowid: int | None, names: Sequence[str]) -> None:
        self._rows = rows
        self._at = 0
        self.rowcount = rowcount
        self.lastrowid = lastrowid
        self.description = [(name, None, None, None, None, None, None) for name in names] or None

    def fetchone(self) -> Any:
        """The next row."""
        self._at += 1
        return self._rows[self._at - 1] if self._at <= len(self._rows) else None

    def fetchall(self) -> list[Any]:
        """The rest."""
        rest, self._at = self._rows[self._at :], len(self._rows)
        return rest

    def fetchmany(self, size: int = 1) -> list[Any]:
        """Some."""
        some = self._rows[self._at : self._at + size]
        self._at += len(some)
        return some

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchall())

    def close(self) -> None:
        """Nothing is held."""


class ApswRaw:
    """``storage.connection.Raw`` over apsw, with the shipped library's errors."""

    def __init__(self, path: str, disk: FaultDisk | None, synchronous: int | None = None) -> None:
        self.path = path
        self._synchronous = synchronous
        self._said: dict[str, Any] = {}
        self.connection: apsw.Connection
        others = _SHARED.setdefault(path, [])
        if others:
            self.connection = others[0].connection
        else:
            with _translated():
                vfs = None if disk is None else f"multipleciphers-{disk.name}"
                self.connection = apsw.Connection(path, vfs=vfs)
                self.connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
        others.append(self)

    def execute(self, sql: str, parameters: Any = (), /) -> Cur:
        """Run one statement, to its end."""
        pragma = sql.strip().removeprefix("PRAGMA ") if sql.strip().upper().startswith("PRAGMA ") else None
        if pragma is not None:
            own = self._pragma(pragma)
            if own is not None:
                return own
        with _translated():
            before = self.connection.total_changes()
            cursor = self.connection.execute(sql, _bound(parameters))
            names = _names(cursor, sql)
            rows = list(cursor)
            changed = self.connection.total_changes() - before
            count = self.connection.changes() if changed else 0
            return Cur(rows, count, self.connection.last_insert_rowid(), names)

    def _pragma(self, text: str) -> Cur | None:
        name, _, value = (part.strip() for part in text.partition("="))
        if name == "cipher_version":
            return Cur([("apsw-sqlite3mc",)], -1, None, ("cipher_version",))
        if name == "synchronous" and self._synchronous is not None:
            if value:
                with _translated():
                    self.connection.execute(f"PRAGMA synchronous = {self._synchronous}").fetchall()
                self._said[name] = 2
                return Cur([], -1, None, ())
            return Cur([(self._said.get(name, 2),)], -1, None, (name,))
        if name not in _OWN:
            return None
        if value:
            self._said[name] = int(value) if value.lstrip("-").isdigit() else value
        return Cur([(self._said[name],)] if name in self._said else [], -1, None, (name,))

    def executemany(self, sql: str, parameters: Iterable[Sequence[object]], /) -> Cur:
        """Run one statement for many rows."""
        with _translated():
            before = self.connection.total_changes()
            self.connection.executemany(sql, [_bound(row) for row in parameters])
            return Cur([], self.connection.total_changes() - before, None, ())

    def close(self) -> None:
        """Close it; the file with the last one."""
        others = _SHARED.get(self.path, [])
        if self in others:
            others.remove(self)
            if not others:
                _SHARED.pop(self.path, None)
                with _translated():
                    self.connection.close()

    # What SQLAlchemy asks of a connection (migrations).

    def cursor(self) -> _Cursor:
        """A cursor as the database API has them."""
        return _Cursor(self)

    def create_function(self, *_: object, **__: object) -> None:
        """Nothing here calls any."""


class _Cursor(Cur):
    def __init__(self, raw: ApswRaw) -> None:
        super().__init__([], -1, None, ())
        self._raw = raw
        self.arraysize = 1

    def execute(self, sql: str, parameters: Any = ()) -> _Cursor:
        """Run one statement."""
        self.__dict__.update(self._raw.execute(sql, parameters).__dict__)
        return self

    def executemany(self, sql: str, parameters: Iterable[Sequence[object]]) -> _Cursor:
        """Run one statement for many rows."""
        self.__dict__.update(self._raw.executemany(sql, parameters).__dict__)
        return self


def abandon(path: Path) -> None:
    """The program is gone: let go of its connections without their being able to write."""
    for raw in list(_SHARED.get(str(path), [])):
        try:
            raw.close()
        except dbapi2.Error:
            _SHARED.pop(str(path), None)


def _names(cursor: apsw.Cursor, sql: str) -> list[str]:
    try:
        return [column[0] for column in cursor.get_description()]
    except apsw.ExecutionCompleteError:
        # Without a row apsw has forgotten them; that there are some is all that anybody asks.
        return ["nothing"] if sql.lstrip()[:6].upper() in ("SELECT", "PRAGMA") else []


def _bound(parameters: Any) -> Any:
    if isinstance(parameters, Mapping):
        return dict(parameters)
    return tuple(str(value) if isinstance(value, os.PathLike) else value for value in parameters)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except apsw.ConstraintError as error:
        raise dbapi2.IntegrityError(str(error)) from error
    except apsw.NotADBError as error:
        raise dbapi2.DatabaseError(f"file is not a database: {error}") from error
    except (apsw.SQLError, apsw.BindingsError) as error:
        raise dbapi2.OperationalError(str(error)) from error
    except apsw.Error as error:
        raise dbapi2.OperationalError(str(error)) from error
