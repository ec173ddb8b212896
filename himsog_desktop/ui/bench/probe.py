"""What a measurement needs of the window: real keys, the end of a paint, quiet."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from himsog_desktop.ui.shell.program import Program
    from himsog_desktop.ui.shell.workspace import Workspace

PATIENCE = 10.0
TICK_MS = 10
_WAIT = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents


class Painted(QObject):
    """Watches for the paint of a widget that shows what was waited for."""

    def __init__(self, widget: QWidget, true: Callable[[], bool]) -> None:
        super().__init__(widget)
        self.done = False
        self._true = true
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A paint counts when it is so by then."""
        if event.type() == QEvent.Type.Paint and not self.done:
            self.done = self._true()
        return False


class Probe:
    """One measured window."""

    def __init__(self, program: Program) -> None:
        self.program = program
        # Wakes a wait whose event never comes; the loop sleeps in between, as the program's own does.
        self._tick = QTimer()
        self._tick.setInterval(TICK_MS)

    @property
    def workspace(self) -> Workspace:
        """The open session's screen."""
        workspace = self.program.window.workspace
        assert workspace is not None
        return workspace

    def key(self, key: Qt.Key, text: str = "", modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press and release a key where the keyboard is."""
        target = QApplication.focusWidget() or self.program.window
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(target, QKeyEvent(kind, key, modifiers, text))

    def type(self, text: str) -> None:
        """Press the keys of a text, without waiting."""
        for letter in text:
            self.key(Qt.Key(ord(letter.upper())), letter)

    def until(self, true: Callable[[], bool], what: str = "the window did not get there") -> None:
        """Let the window live until something is so. Raises TimeoutError after ten seconds."""
        deadline = time.perf_counter() + PATIENCE
        self._tick.start()
        try:
            while not true():
                QCoreApplication.processEvents(_WAIT)
                if time.perf_counter() > deadline:
                    raise TimeoutError(what)
        finally:
            self._tick.stop()

    def until_painted(self, widget: QWidget, true: Callable[[], bool], what: str = "") -> None:
        """Until the widget has been painted with something being so, and nothing else waits to be painted."""
        painted = Painted(widget, true)
        try:
            self.until(lambda: painted.done, what or "the window did not paint it")
            # Whatever else the same act has still to paint is posted by now.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest.value)
        finally:
            widget.removeEventFilter(painted)
            painted.deleteLater()

    def quiet(self, seconds: float = 0.12) -> None:
        """Until the worker is idle and has been for a while."""
        since = time.perf_counter()

        def still() -> bool:
            nonlocal since
            backend = self.program.backend
            if backend is not None and backend.busy:
                since = time.perf_counter()
            return time.perf_counter() - since >= seconds

        self.until(still)
