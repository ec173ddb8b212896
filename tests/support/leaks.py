"""Threads, child processes, timers, windows and settings of the process that outlive their test fail that test.

The idea is napari's: the test that leaks is named, with the place where the thing was started, in
place of a later one dying of it. Qt is looked at only when the test loaded it.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
import traceback
import weakref
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

_GRACE_S = 2.0
"""How long a thread that was told to stop may take to be gone."""


def _place(frame: FrameType | None) -> str:
    """The innermost call in our own code, as ``file:line in function``."""
    stack = traceback.extract_stack(frame)
    ours = [f for f in stack if "site-packages" not in f.filename and "/lib/python" not in f.filename]
    last = (ours or list(stack))[-1]
    return f"{last.filename}:{last.lineno} in {last.name}"


class StartRecorder:
    """Remembers where each thread and each Qt timer was started."""

    def __init__(self) -> None:
        self.places: weakref.WeakKeyDictionary[threading.Thread, str] = weakref.WeakKeyDictionary()
        self.timers: dict[int, tuple[weakref.ref[Any], str]] = {}
        self._timer_patched = False

    def watch_threads(self, patch: pytest.MonkeyPatch) -> None:
        start = threading.Thread.start
        places = self.places

        def recording(thread: threading.Thread) -> None:
            places[thread] = _place(sys._getframe(1))
            start(thread)

        patch.setattr(threading.Thread, "start", recording)

    def watch_timers(self) -> None:
        """Patch ``QTimer.start`` once per process, as soon as some test has loaded Qt."""
        if self._timer_patched or "PySide6.QtCore" not in sys.modules:
            return
        from PySide6.QtCore import QTimer

        self._timer_patched = True
        start: Callable[..., None] = QTimer.start
        timers = self.timers

        def recording(timer: QTimer, *args: Any) -> None:
            timers[id(timer)] = (weakref.ref(timer), _place(sys._getframe(1)))
            # As a slot, Qt's start() takes what it knows of a signal's arguments; clicked(bool) has none for it.
            start(timer, *(a for a in args if type(a) is int))

        QTimer.start = recording  # type: ignore[method-assign]

    def active_timers(self) -> dict[int, str]:
        """The timers started from Python that still run, with their places."""
        if not self._timer_patched:
            return {}
        import shiboken6

        running: dict[int, str] = {}
        for key, (ref, place) in list(self.timers.items()):
            timer = ref()
            if timer is None or not shiboken6.isValid(timer) or not timer.isActive():
                del self.timers[key]
                continue
            running[key] = f"{type(timer).__name__}({timer.interval()} ms) started at {place}"
        return running


class LeakGuard:
    """What was there before a test, and what of the new is still there after it."""

    def __init__(self, recorder: StartRecorder) -> None:
        self._recorder = recorder
        self._threads = set(threading.enumerate())
        self._children = set(_children())
        self._timers = set(recorder.active_timers())
        self._windows = set(_windows())
        self._environment = _environment()
        self._folder = Path.cwd()

    def complaints(self) -> list[str]:
        """What leaked, a sentence each."""
        found = self._look(_GRACE_S)
        if found:
            gc.collect()
            _let_qt_delete()
            found = self._look(0)
        return found

    def _look(self, grace: float) -> list[str]:
        found: list[str] = []
        for thread in self._new_threads(grace):
            place = self._recorder.places.get(thread, "an unknown place")
            found.append(f"thread {thread.name!r} still runs, started at {place}")
        found += [f"child process {name} still runs" for name in sorted(set(_children()) - self._children)]
        found += [
            f"timer still active: {where}"
            for key, where in self._recorder.active_timers().items()
            if key not in self._timers
        ]
        if Path.cwd() != self._folder:
            found.append(f"the working folder is now {Path.cwd()}")
        found += [f"the environment variable {name} changed" for name, _ in sorted(_environment() ^ self._environment)]
        windows = _windows()
        found += [f"window still there: {windows[key]}" for key in windows if key not in self._windows]
        return found

    def _new_threads(self, grace: float) -> list[threading.Thread]:
        end = time.monotonic() + grace
        while True:
            new = [
                t
                for t in threading.enumerate()
                # Threads that Qt made and Python only met have no end that Python would see.
                if t not in self._threads and not isinstance(t, threading._DummyThread)
            ]
            if not new or time.monotonic() > end:
                return new
            new[0].join(0.05)


def _environment() -> set[tuple[str, str]]:
    return {(name, value) for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


def _children() -> list[str]:
    multiprocessing = sys.modules.get("multiprocessing")
    if multiprocessing is None:
        return []
    return [f"{p.name} (pid {p.pid})" for p in multiprocessing.active_children()]


def _windows() -> dict[int, str]:
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return {}
    return {
        id(w): f"{type(w).__name__} {w.objectName()!r} {w.windowTitle()!r}"
        for w in widgets.QApplication.topLevelWidgets()
        # Qt's own helpers (the tool tip, a combo box's list) are not ours to close.
        if w.parentWidget() is None and type(w).__name__ not in {"QTipLabel", "QComboBoxPrivateContainer"}
    }


def _let_qt_delete() -> None:
    core = sys.modules.get("PySide6.QtCore")
    if core is None or core.QCoreApplication.instance() is None:
        return
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
    core.QCoreApplication.processEvents()
