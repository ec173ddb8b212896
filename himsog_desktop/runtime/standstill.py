"""Where a program stands that does not get on: told by itself, before whoever waits for it loses patience.

Places in the code only (file, line, function), never a value: it may be read by anybody. ``watch`` stands
before the first paint of what is measured: what only the telling needs is imported then.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

PATIENCE: Final = "HIMSOG_PATIENCE"
"""How many seconds the program that started this one waits for its end (``runtime.programs``)."""

STARTED: Final = "HIMSOG_STARTED_NS"
"""The monotonic clock when it was started."""

_SPARE = 5.0
"""Seconds that are left for telling."""

_INNERMOST = 4
_OURS = "himsog_desktop/"


def watch() -> None:
    """End this program shortly before who started it gives up; where each thread stands goes to standard error.

    Python's own watchdog does it: also when a thread waits in native code and lets no other one go on.
    """
    patience = float(os.environ.get(PATIENCE) or 0)
    if patience <= 0 or sys.stderr is None:
        return
    gone = (time.monotonic_ns() - int(os.environ.get(STARTED) or time.monotonic_ns())) / 1e9
    faulthandler.dump_traceback_later(max(patience - _SPARE - gone, patience / 10), exit=True)


def told(errors: str) -> str:
    """What ``watch`` wrote before the end, on one line; empty when it wrote nothing."""
    if not errors.startswith("Timeout (") and "\nTimeout (" not in errors:
        return ""
    import re

    threads = re.split(r"^(?:Current thread|Thread) 0x.*$", errors, flags=re.MULTILINE)[1:]
    frame = re.compile(r'^  File "(.*)", line (\d+) in (.*)$', re.MULTILINE)
    return "; ".join(_row(frame.findall(thread)) for thread in threads)


def elsewhere() -> str:
    """Where every other thread of this program stands just now, on one line."""
    import threading

    names = {thread.ident: thread.name for thread in threading.enumerate()}
    rows = []
    for number, innermost in sys._current_frames().items():
        if number == threading.get_ident():
            continue
        frame, places = innermost.f_back, [(innermost.f_code.co_filename, innermost.f_lineno, innermost.f_code.co_name)]
        while frame is not None:
            places.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
            frame = frame.f_back
        rows.append(f"{names.get(number, 'a thread')}: {_row(places)}")
    return "; ".join(sorted(rows))


def _row(places: Iterable[tuple[str, object, str]]) -> str:
    """The innermost place first; the library's own only before the first of ours."""
    found: list[str] = []
    ours = False
    for file, line, function in places:
        file = file.replace(os.sep, "/")
        mine = _OURS in file
        if mine or not ours:
            found.append(f"{file.rpartition(_OURS)[2] if mine else file.rpartition('/')[2]}:{line} {function}")
        ours = ours or mine
    return " < ".join(found[:_INNERMOST])
