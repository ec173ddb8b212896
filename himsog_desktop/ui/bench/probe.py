"""What a measurement needs of the window: real keys, the end of a paint, quiet."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from himsog_desktop.ui.shell.program import Program
    from himsog_desktop.ui.shell.workspace import Workspace

PATIENCE = 10.0


class Painted(QObject):
    """Counts the paints of a widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count."""
        if event.type() == QEvent.Type.Paint:
            self.count += 1
        return False


class Probe:
    """One measured window."""

    def __init__(self, program: Program) -> None:
        self.program = program

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

    def until(self, true: Callable[[], bool]) -> None:
        """Let the window live until something is so. Raises TimeoutError after ten seconds."""
        deadline = time.perf_counter() + PATIENCE
        while not true():
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 2)
            if time.perf_counter() > deadline:
                raise TimeoutError("the window did not get there")

    def until_painted(self, widget: QWidget, true: Callable[[], bool]) -> None:
        """Until something is so and the widget has been painted since."""
        painted = Painted(widget)
        self.until(true)
        seen = painted.count
        if not seen:
            self.until(lambda: painted.count > seen)
        widget.removeEventFilter(painted)
        painted.deleteLater()

    def quiet(self, seconds: float = 0.12) -> None:
        """Until the worker is idle and nothing has moved for a while."""
        backend = self.program.backend
        since = time.perf_counter()
        while time.perf_counter() - since < seconds:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 5)
            if backend is not None and backend.busy:
                since = time.perf_counter()
