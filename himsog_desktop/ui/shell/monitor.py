"""How long each interaction takes, from the key or click to the end of the paint that shows its effect.

Two light ears: one at the window that the system sends keys and clicks to, one at the top widget for its paints. An
interaction ends with the last paint before nothing is under way any more; one that paints nothing is not counted.
While one is open a pulse finds the stretches in which the window answered nobody. Nothing of what was typed is kept:
names of acts and milliseconds.
"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from himsog_desktop.domain.speed import BLOCK, Speeds
from himsog_desktop.ui.shell import chords
from himsog_desktop.ui.shell.keymap import bindings

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.ui.shell.prefs import PrefsStore
    from himsog_desktop.ui.shell.window import MainWindow

LATEST = 500
"""Interactions kept one by one, to look at."""
PULSE_MS = 20
LEAST_BLOCK_MS = 5.0
NO_EFFECT_MS = 120
"""After which an interaction that began nothing and painted nothing is forgotten."""
GIVEN_UP_MS = 20_000
_AFTER = QEvent.Type(QEvent.registerEventType())
_MOVES = frozenset(("Left", "Right", "Up", "Down", "Home", "End", "PgUp", "PgDown", "Tab"))
_STARTS = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonRelease, QEvent.Type.Wheel)


class Interaction(NamedTuple):
    """One: what it was, and how long it took in milliseconds."""

    kind: str
    ms: float


class Monitor(QObject):
    """Listens to one window. ``busy`` says whether the worker has something under way."""

    def __init__(
        self,
        window: MainWindow,
        prefs: PrefsStore,
        busy: Callable[[], bool],
        parent: QObject,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(parent)
        self.speeds = Speeds()
        self.latest: deque[Interaction] = deque(maxlen=LATEST)
        self._window = window
        self._prefs = prefs
        self._busy = busy
        self._clock = clock
        self._open: list[tuple[str, float, float]] = []
        """Kind, beginning, and the end of the last paint since, 0 for none."""
        self._asked = False
        self._last_pulse = 0.0
        self._pulse = QTimer(self)
        self._pulse.setTimerType(Qt.TimerType.PreciseTimer)
        self._pulse.setInterval(PULSE_MS)
        self._pulse.timeout.connect(self._beat)
        self._ears: list[QObject] = []

    @property
    def on(self) -> bool:
        """Whether it listens."""
        return bool(self._ears)

    def listen(self, *, on: bool) -> None:
        """Begin or stop; stopped it costs nothing at all."""
        handle = self._window.windowHandle()
        if on and not self._ears and handle is not None:
            self._ears = [handle, self._window]
            for ear in self._ears:
                ear.installEventFilter(self)
        elif not on:
            for ear in self._ears:
                ear.removeEventFilter(self)
            self._ears = []
            self._forget()

    def began(self, kind: str) -> None:
        """An interaction began now."""
        now = self._clock()
        self._open.append((kind, now, 0.0))
        if not self._pulse.isActive():
            self._last_pulse = now
            self._pulse.start()

    def painted(self) -> None:
        """A paint has ended. It is the last one of what waited for it, unless the worker has more to come."""
        now = self._clock()
        self._open = [(kind, since, now) for kind, since, _painted in self._open]
        if not self._busy():
            self._close()

    def _close(self) -> None:
        """Nothing is under way: what was painted has ended with its last paint."""
        for kind, since, painted in self._open:
            if painted:
                ms = (painted - since) * 1000
                self.speeds.add(kind, ms)
                self.latest.append(Interaction(kind, ms))
        self._open = [entry for entry in self._open if not entry[2]]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.UpdateRequest:
            if self._open and not self._asked and watched is self._window:
                self._asked = True
                # Comes when this paint is over, before anything else that is waiting.
                QCoreApplication.postEvent(self, QEvent(_AFTER), Qt.EventPriority.HighEventPriority.value)
        elif kind in _STARTS and watched is not self._window:
            self.began(self._kind(event))
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == _AFTER:
            self._asked = False
            self.painted()
            return True
        return super().event(event)

    def _kind(self, event: QEvent) -> str:
        if not isinstance(event, QKeyEvent):
            return "wheel" if event.type() == QEvent.Type.Wheel else "click"
        chord = chords.of_event(event)
        focus: QWidget | None = self._window.focusWidget()
        typing = isinstance(focus, QLineEdit | QPlainTextEdit) and not chords.while_typing(chord)
        if typing:
            return "search" if focus is not None and focus.objectName() == "search" else "typing"
        return bindings(self._prefs.now.keys).act(chord) or ("cursor" if chord in _MOVES else "key")

    # -------------------------------------------------------------------------------- the pulse

    def _beat(self) -> None:
        now = self._clock()
        late = (now - self._last_pulse) * 1000 - PULSE_MS
        self._last_pulse = now
        if late >= LEAST_BLOCK_MS:
            self.speeds.add(BLOCK, late + PULSE_MS)
        busy = self._busy()
        if not busy:
            self._close()  # what was read ahead of need has ended: the paint before it was the last
        limit = GIVEN_UP_MS if busy else NO_EFFECT_MS
        self._open = [entry for entry in self._open if (now - entry[1]) * 1000 < limit]
        if not self._open:
            self._pulse.stop()

    def _forget(self) -> None:
        self._open = []
        self._pulse.stop()

    def take(self) -> Speeds:
        """What was counted since the last call."""
        counted, self.speeds = self.speeds, Speeds()
        return counted
