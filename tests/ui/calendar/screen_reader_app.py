"""The program of ``test_screen_reader``: a day in a window, until an assistive tool opens an appointment."""

from __future__ import annotations

import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from himsog_desktop.ui.calendar.day_view import DayView
from himsog_desktop.ui.theme.theme import make_theme
from tests.support.days import at, page, tile


def main() -> int:
    app = QApplication(sys.argv)
    window = QMainWindow()
    view = DayView(make_theme("light"))
    view.now = lambda: at(10.7)
    window.setCentralWidget(view)
    window.resize(900, 600)
    view.set_page(page(tile("a", 9), tile("b", 10, 45, "p1", "PENDING", name="Peña, José")))
    view.open_requested.connect(lambda tile_id: (print("opened", tile_id, flush=True), app.quit()))
    window.show()
    QTimer.singleShot(25_000, lambda: app.exit(3))
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
