"""The log of a profile: ``logs/himsog.log``, one JSON document a line, with no patient data in it.

Redaction by construction (reliability S45): a record is the name of an event and named values, and a
value is a number, a yes or no, a member of an enum (its name), a UUID, a type, or an error (its type
and code). Any other value is written as ``"<redacted>"``. There is no way to write a sentence.
Errors are told by type and by module, function and line of each frame: never their message, which a
library may fill with data, and never locals. JSON in ASCII keeps every record on its line.

A record opens the file, adds a line and closes it: several processes share the file, Windows cannot
rename one that is open, and 30 microseconds a record are cheap.
"""

from __future__ import annotations

import os
import re
import time
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from himsog_desktop.domain.errors import HimsogError
from himsog_desktop.system.locks import FileLock
from himsog_desktop.system.paths import LOGS, has_profile

if TYPE_CHECKING:
    import logging
    from types import TracebackType

    Value = int | float | bool | None | Enum | str | type | BaseException

VARIABLE: Final = "HIMSOG_LOG"
FILE: Final = "himsog.log"
REDACTED: Final = "<redacted>"
DEBUG, INFO, WARNING, ERROR, OFF = 10, 20, 30, 40, 100
LEVELS: Final = {"debug": DEBUG, "info": INFO, "warning": WARNING, "error": ERROR, "off": OFF}
MOST_BYTES: Final = 1_000_000
OLD_FILES: Final = 4
MOST_FRAMES: Final = 40
_MOST_CAUSES = 5

# Compiled at the first record (``re`` keeps them), not at the import before the first paint.
_EVENT = r"[a-z][a-z0-9_]{0,31}(\.[a-z][a-z0-9_]{0,31}){0,3}"
_FIELD = r"[a-z][a-z0-9_]{0,31}"
_UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_CODE = r"[a-z_]{2,24}"
_NAMES = {number: name for name, number in LEVELS.items()}
_OURS = frozenset({"at", "level", "event", "pid"})


def level_of(said: str | None) -> int:
    """The level of ``HIMSOG_LOG``: debug, info, warning, error or off; anything else is info."""
    return LEVELS.get((said or "").strip().lower(), INFO)


class Log:
    """The log of one profile, for any thread. Writing it never fails and never waits for long."""

    def __init__(self, profile_dir: Path | None, level: int = INFO) -> None:
        """``profile_dir`` None, or a folder that has no profile (yet): nothing is written."""
        self.profile_dir = profile_dir
        self.level = level

    @property
    def path(self) -> Path | None:
        """The present file, once there is one."""
        return None if self.profile_dir is None else self.profile_dir / LOGS / FILE

    def debug(self, event: str, /, **fields: Value) -> None:
        """For a developer."""
        self._record(DEBUG, event, fields)

    def info(self, event: str, /, **fields: Value) -> None:
        """Something worth knowing afterwards."""
        self._record(INFO, event, fields)

    def warning(self, event: str, /, **fields: Value) -> None:
        """Something was odd, and it went on."""
        self._record(WARNING, event, fields)

    def error(self, event: str, /, **fields: Value) -> None:
        """Something failed."""
        self._record(ERROR, event, fields)

    def exception(self, event: str, error: BaseException, /, **fields: Value) -> None:
        """Something failed with this error: its type, its causes and where it came from."""
        self._record(ERROR, event, fields, tell(error))

    def _record(self, level: int, event: str, fields: dict[str, Value], extra: dict[str, object] | None = None) -> None:
        if level < self.level or self.profile_dir is None:
            return
        import json
        from datetime import UTC, datetime

        record: dict[str, object] = {
            "at": datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds"),
            "level": _NAMES[level],
            "event": event if re.fullmatch(_EVENT, event) else REDACTED,
            "pid": os.getpid(),
        }
        for name, value in fields.items():
            # Names are keywords, but a caller may unpack a mapping of data.
            if re.fullmatch(_FIELD, name) and name not in _OURS:
                record[name] = plain(value)
            else:
                record["unnamed"] = REDACTED
        if extra:
            record.update(extra)
        self._write(json.dumps(record, separators=(",", ":"), allow_nan=True).encode("ascii") + b"\n")

    def _write(self, line: bytes) -> None:
        folder = self.profile_dir
        if folder is None or not has_profile(folder):
            return
        logs = folder / LOGS
        try:
            logs.mkdir(mode=0o700, exist_ok=True)
            # One write at the end of the file is whole among threads and processes: no lock.
            handle = os.open(logs / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, line)
                full = os.fstat(handle).st_size >= MOST_BYTES
            finally:
                os.close(handle)
            if full:
                _rotate(logs)
        except OSError:
            return  # a full disk stops no booking


def open_log(profile_dir: Path | None) -> Log:
    """The log of a profile at the level of ``HIMSOG_LOG``. Makes no file before the first record."""
    return Log(profile_dir, level_of(os.environ.get(VARIABLE)))


def plain(value: object) -> object:
    """What of a value may be written."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return str(value) if re.fullmatch(_UUID, value) else REDACTED
    if isinstance(value, type):
        return _type_name(value)
    if isinstance(value, BaseException):
        return _error_name(value)
    return REDACTED


def tell(error: BaseException) -> dict[str, object]:
    """An error without its words: ``error`` (type, and code if it is ours), ``frames``, ``causes``."""
    told: dict[str, object] = {"error": _error_name(error), "frames": _frames(error.__traceback__)}
    causes: list[object] = []
    seen = {id(error)}
    cause = _cause(error)
    while cause is not None and id(cause) not in seen and len(causes) < _MOST_CAUSES:
        seen.add(id(cause))
        causes.append({"error": _error_name(cause), "frames": _frames(cause.__traceback__)})
        cause = _cause(cause)
    if causes:
        told["causes"] = causes
    return told


def _cause(error: BaseException) -> BaseException | None:
    # Also what ``from None`` hides from a person: here it is the reason.
    return error.__cause__ or error.__context__


def _frames(trace: TracebackType | None) -> list[str]:
    frames: list[str] = []
    while trace is not None:
        code = trace.tb_frame.f_code
        module = trace.tb_frame.f_globals.get("__name__")
        frames.append(f"{module if isinstance(module, str) else '?'}.{code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return frames if len(frames) <= MOST_FRAMES else ["…", *frames[-MOST_FRAMES:]]


def _error_name(error: BaseException) -> str:
    name = _type_name(type(error))
    if isinstance(error, HimsogError) and re.fullmatch(_CODE, error.code):
        return f"{name}({error.code})"
    if isinstance(error, OSError) and isinstance(error.errno, int):
        return f"{name}({error.errno})"
    return name


def _type_name(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _rotate(logs: Path) -> None:
    """Move the full file one place on: ``himsog.log.1`` is the newest of the old ones."""
    lock = FileLock(logs / "rotate.lock")
    if not lock.try_acquire():
        return  # another process does it
    try:
        present = logs / FILE
        if present.stat().st_size < MOST_BYTES:
            return
        for number in range(OLD_FILES, 0, -1):
            older = present if number == 1 else logs / f"{FILE}.{number - 1}"
            if older.exists():
                older.replace(logs / f"{FILE}.{number}")
    finally:
        lock.release()


def bridge_stdlib(log: Log, level: int = WARNING) -> logging.Handler:
    """Tell what libraries log, by logger, level and place, never their words; returns the handler.

    Without one Python prints warnings of libraries to the screen, words and all. The caller takes it
    off again with ``logging.getLogger().removeHandler``.
    """
    import logging

    class Bridge(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            extra: dict[str, object] = {
                "logger": record.name if re.fullmatch(r"[\w.]{1,64}", record.name, re.ASCII) else REDACTED,
                "place": f"{record.module}.{record.funcName}:{record.lineno}",
            }
            if record.exc_info and record.exc_info[1] is not None:
                extra |= tell(record.exc_info[1])
            known = max((n for n in LEVELS.values() if n <= record.levelno and n != OFF), default=DEBUG)
            log._record(known, "library", {}, extra)

    handler = Bridge(level)
    logging.getLogger().addHandler(handler)
    return handler
