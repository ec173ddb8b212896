"""The least that a window can be: what start-up and memory are compared with (``himsog bench``)."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path


def main() -> int:
    """Measure a bare window: ``start`` or ``memory``; print one JSON line."""
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

    what = sys.argv[1]
    began = int(os.environ["HIMSOG_STARTED_NS"])

    class Window(QMainWindow):
        painted = 0

        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            if not self.painted:
                Window.painted = time.monotonic_ns()
                QTimer.singleShot(0, app.quit)

    app = QApplication(sys.argv[:1])
    window = Window()
    window.setCentralWidget(QLabel("Himsog"))
    window.resize(1366, 768)
    window.show()
    app.exec()  # house: no-exec, because it is the program's own loop
    value = (Window.painted - began) / 1e6 if what == "start" else proportional_mib()
    print(f'{{"samples": [{value:.3f}]}}')  # house: no-print, because it is what this program is for
    return 0


def proportional_mib() -> float:
    """Proportional set size of this process in MiB (Linux); 0 where the system does not tell."""
    told = Path("/proc/self/smaps_rollup")
    lines = told.read_text(encoding="ascii").splitlines() if told.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


if __name__ == "__main__":
    raise SystemExit(main())
