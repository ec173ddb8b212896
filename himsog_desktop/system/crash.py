"""The last resort: what nobody caught goes to the log without its words, and work goes on or ends.

``faulthandler`` writes the stacks of a crash in native code to ``logs/faults.txt``: files, lines and
functions, no values. Nothing is sent anywhere.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from himsog_desktop.system.paths import LOGS, has_profile

if TYPE_CHECKING:
    from types import TracebackType
    from typing import TextIO

    from himsog_desktop.system.logs import Log

FILE: Final = "faults.txt"
SORRY: Final = "Something went wrong on our side. Nothing that was saved is lost; the log says where."
_MOST_BYTES = 200_000


class CrashGuard:
    """Catches what nobody caught, from ``install`` to ``remove``.

    ``notify`` gets each error after it was logged, on the thread where it happened: the window shows a
    message. Without it the sentence ``SORRY`` goes to standard error.
    """

    def __init__(self, log: Log, notify: Callable[[BaseException], None] | None = None) -> None:
        self._log = log
        self._notify = notify
        self._faults: TextIO | None = None
        self._before: tuple[object, object, object] | None = None
        self._busy = threading.local()

    def install(self) -> None:
        """Take the hooks over; also twice. Files that cannot be made are done without."""
        if self._before is not None:
            return
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._main
        threading.excepthook = self._thread
        sys.unraisablehook = self._unraisable
        self._open_faults()

    def remove(self) -> None:
        """Give the hooks back; also twice."""
        if self._before is None:
            return
        main, thread, unraisable = self._before
        sys.excepthook = main  # type: ignore[assignment]
        threading.excepthook = thread  # type: ignore[assignment]
        sys.unraisablehook = unraisable  # type: ignore[assignment]
        self._before = None
        if self._faults is not None:
            import faulthandler

            faulthandler.disable()
            self._faults.close()
            self._faults = None

    def report(self, error: BaseException) -> None:
        """Log an error that somebody caught at the last moment, such as the worker."""
        self._log.exception("uncaught", error)

    def _open_faults(self) -> None:
        folder = self._log.profile_dir
        if folder is None or not has_profile(folder):
            return
        import faulthandler

        path = folder / LOGS / FILE
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            if path.exists() and path.stat().st_size > _MOST_BYTES:
                path.replace(path.with_suffix(".old.txt"))
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError:
            return
        self._faults = os.fdopen(handle, "a", encoding="utf-8")
        faulthandler.enable(self._faults)

    def _main(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._tell("uncaught", error)

    def _thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            self._tell("uncaught.thread", args.exc_value)

    def _unraisable(self, args: sys.UnraisableHookArgs) -> None:
        if args.exc_value is not None:
            self._log.exception("uncaught.unraisable", args.exc_value)

    def _tell(self, event: str, error: BaseException) -> None:
        if getattr(self._busy, "now", False):
            return  # telling it failed: no endless telling
        self._busy.now = True
        try:
            self._log.exception(event, error)
            if self._notify is not None:
                self._notify(error)
            elif sys.stderr is not None:  # a windowed program on Windows has none
                sys.stderr.write(SORRY + "\n")
        except Exception as second:
            self._log.exception("uncaught.telling", second)
        finally:
            self._busy.now = False


def crashed_before(profile_dir: Path) -> bool:
    """Whether native code crashed in an earlier run; the report is renamed, so this is said once."""
    path = profile_dir / LOGS / FILE
    try:
        if path.stat().st_size == 0:
            return False
        path.replace(path.with_suffix(".old.txt"))
    except OSError:
        return False
    return True
