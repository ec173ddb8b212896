"""Takes one figure in a window that ``bootstrap`` has made, prints it, and quits."""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.runtime import standstill

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from himsog_desktop.ui.bench.figures import Taken
    from himsog_desktop.ui.shell.program import Program

QUIET_NS = 80_000_000
LATE_NS = 12_000_000
RESTLESS_NS = 30_000_000_000
"""After so long it is said that a window does not come to rest: none opened, or the machine does too much else."""


class Run:
    """One figure of one window; ``name/3`` takes a third of its rounds.

    ``vault_ns`` is how long the key took: start-up is told without it.
    """

    def __init__(self, name: str, vault_ns: int) -> None:
        self.name = name
        self.failed = False
        self._vault_ns = vault_ns
        self._program: Program | None = None
        self._app: QApplication | None = None
        self._tick = 0
        self._moved = 0
        self._shown = 0
        self._timer: QTimer | None = None

    @property
    def begun(self) -> bool:
        """Whether there is a window to measure."""
        return self._program is not None

    def attach(self, program: Program, app: QApplication) -> None:
        """Begin when the first paint is on the screen."""
        self._program, self._app = program, app
        program.window.painted.connect(self._painted)

    def _painted(self) -> None:
        now = time.monotonic_ns()
        if self.name == "start_first_paint":
            self._say([(now - self._began()) / 1e6], [], "")
            return
        self._tick = self._moved = self._shown = now
        timer = self._timer = QTimer()
        timer.setInterval(2)
        timer.timeout.connect(lambda: self._look(timer))
        timer.start()

    def _began(self) -> int:
        return int(os.environ.get("HIMSOG_STARTED_NS", "0")) + self._vault_ns

    def _look(self, timer: QTimer) -> None:
        """Whether anything still moves: work under way, or this very tick held up by the screen's own."""
        assert self._program is not None
        now = time.monotonic_ns()
        backend = self._program.backend
        if backend is None or backend.busy or now - self._tick > LATE_NS:
            self._moved = now
        self._tick = now
        if now - self._moved < QUIET_NS:
            if now - self._shown > RESTLESS_NS:
                timer.stop()
                why = "no session" if backend is None else "still at work" if backend.busy else "ticks come late"
                self._fail(f"The window did not come to rest ({why}); elsewhere: {standstill.elsewhere()}")
            return
        timer.stop()
        if self.name == "start_settled":
            self._say([(self._moved - self._began()) / 1e6], [], "")
        else:
            QTimer.singleShot(0, self._take)

    def _take(self) -> None:
        from himsog_desktop.ui.bench.figures import FIGURES
        from himsog_desktop.ui.bench.probe import Probe

        assert self._program is not None
        try:
            name, _, part = self.name.partition("/")
            if name not in FIGURES or not (part or "1").isdecimal():
                raise BadInput("bad_value", f"There is no figure {self.name[:60]!r} of the window.")
            taken: Taken = FIGURES[name](Probe(self._program, max(1, int(part or "1"))))
        except Exception as error:  # said on standard error; the figure fails, not the machine
            self._fail(f"{type(error).__name__}: {error}")
            return
        self._say(*taken)

    def _say(self, samples: list[float], floor: list[float], note: str) -> None:
        try:
            sys.stdout.write(json.dumps({"samples": samples, "floor": floor, "note": note}) + "\n")
            sys.stdout.flush()
        except OSError:  # who asked has gone: a window that nobody sees must not stay for it
            self.failed = True
        self._quit()

    def _fail(self, words: str) -> None:
        self.failed = True
        with suppress(OSError):
            sys.stderr.write(f"{words}\n")
        self._quit()

    def _quit(self) -> None:
        assert self._app is not None
        QTimer.singleShot(0, self._app.quit)
