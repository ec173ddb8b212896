"""What a measurement needs of the window: real keys, the end of a paint, quiet."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from himsog_desktop.runtime import standstill

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from himsog_desktop.ui.shell.program import Program
    from himsog_desktop.ui.shell.workspace import Workspace

PATIENCE = 10.0
TICK_MS = 4
"""How often it is looked whether something is so, where that is not measured."""


def late(what: str, waited: float, used: float) -> TimeoutError:
    """What did not come, and what tells why: hardly any processor got, or where the other threads stand."""
    return TimeoutError(f"{what} in {waited:g} s, {used:.1f} s of the processor; elsewhere: {standstill.elsewhere()}")


class Painted(QObject):
    """Watches for the paint of a widget that shows what was waited for."""

    def __init__(self, widget: QWidget, true: Callable[[], bool], loop: QEventLoop) -> None:
        super().__init__(widget)
        self.done = False
        self._true = true
        self._loop = loop
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A paint counts when it is so by then."""
        if event.type() == QEvent.Type.Paint and not self.done:
            self.done = self._true()
            if self.done:
                self._loop.quit()
        return False


class Probe:
    """One measured window. ``part``: it takes only one in so many of a figure's rounds (1: all of them)."""

    def __init__(self, program: Program, part: int = 1) -> None:
        self.program = program
        self.part = part

    def rounds(self, all_of_them: int) -> int:
        """How many rounds to take of so many."""
        return max(1, all_of_them // self.part)

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

    def until(
        self,
        true: Callable[[], bool],
        what: str = "the window did not get there",
        *,
        patience: float = PATIENCE,
        every_ms: int = TICK_MS,
    ) -> None:
        """Let the window live until something is so. Raises TimeoutError after ten seconds, or ``patience``."""
        if true():
            return
        loop, look, seen = QEventLoop(), QTimer(), []

        def looked() -> None:
            # Seen once is enough: by the time the loop has ended it may be otherwise again.
            if true():
                seen.append(True)
                loop.quit()

        look.setInterval(every_ms)
        look.timeout.connect(looked)
        look.start()
        used = self._live(loop, patience)
        look.stop()
        if not seen:
            raise late(what, patience, used)

    def until_painted(self, widget: QWidget, true: Callable[[], bool], what: str = "the window did not paint") -> None:
        """Until the widget has been painted with something being so, and nothing else waits to be painted."""
        loop = QEventLoop()
        painted = Painted(widget, true, loop)
        try:
            used = self._live(loop, PATIENCE)
            if not painted.done:
                raise late(what, PATIENCE, used)
            # Whatever else the same act has still to paint is posted by now.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest.value)
        finally:
            widget.removeEventFilter(painted)
            painted.deleteLater()

    @staticmethod
    def _live(loop: QEventLoop, seconds: float) -> float:
        """As the program does: its own loop sleeps between events, and paints before timers of no length.

        How many seconds of the processor all threads used meanwhile.
        """
        used = time.process_time()
        patience = QTimer()
        patience.setSingleShot(True)
        patience.timeout.connect(loop.quit)
        patience.start(round(seconds * 1000))
        loop.exec()  # house: no-exec, because this loop is what is measured
        patience.stop()
        return time.process_time() - used

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
