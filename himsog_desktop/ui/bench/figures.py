"""The figures that are taken inside the window."""

from __future__ import annotations

import gc
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from himsog_desktop.ui.bench.probe import Probe
from himsog_desktop.ui.floors import proportional_mib

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.domain.day import DayPage

Taken = tuple[list[float], list[float], str]
DAYS = 24
NAMES = ("rey", "san", "cru", "uy", "ng ", "dela", "oca", "tan")


def calendar_day_12_providers(probe: Probe) -> Taken:
    """From the key to the last pixel of the next day, twelve columns."""
    probe.program.window.resize(1600, 900)
    probe.quiet(0.4)
    day = probe.workspace.day
    samples, tiles = [], 0
    bare = Boxes(probe.program.window)
    floor = []
    for i in range(DAYS):
        forward = i % 8 < 4
        wanted = (day.day + timedelta(days=1 if forward else -1)).isoformat()
        if day.day.weekday() == 5 and forward:
            probe.key(Qt.Key.Key_BracketRight, "]")
            probe.quiet()
            continue
        started = time.perf_counter()
        probe.key(Qt.Key.Key_BracketRight if forward else Qt.Key.Key_BracketLeft, "]" if forward else "[")
        probe.until_painted(day.view.viewport(), lambda wanted=wanted: _shown(probe) == wanted)
        samples.append((time.perf_counter() - started) * 1000)
        page = day.view.page
        assert page is not None
        tiles = max(tiles, len(page.tiles))
        probe.quiet()
        floor.append(bare.paint_of(page))
    bare.deleteLater()
    return samples[2:], floor[2:], f"up to {tiles} tiles, {len(page.columns)} columns, 1600x900"


def _shown(probe: Probe) -> str:
    page = probe.workspace.day.view.page
    return "" if page is None else page.day


class Boxes(QWidget):
    """The floor: the same tiles as bare boxes with their names, nothing else."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._page: DayPage | None = None
        self.hide()

    def paint_of(self, page: DayPage) -> float:
        """Milliseconds to paint the boxes of a page once."""
        self._page = page
        self.resize(1600, 900)
        started = time.perf_counter()
        self.show()
        self.repaint()
        taken = (time.perf_counter() - started) * 1000
        self.hide()
        return taken

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Boxes."""
        page = self._page
        if page is None:
            return
        painter = QPainter(self)
        painter.setBrush(QColor(Qt.GlobalColor.lightGray))
        order = {column.id: i for i, column in enumerate(page.columns)}
        wide, high = self.width() / max(len(order), 1), self.height() / (page.end - page.start)
        for tile in page.tiles:
            left, top = order.get(tile.provider_id, 0) * wide, (tile.start - page.start) * high
            box = QRectF(left, top, wide - 4, max((tile.end - tile.start) * high, 14))
            painter.drawRoundedRect(box, 6, 6)
            painter.drawText(box, 0, tile.name)
        painter.end()


def search_keystroke(probe: Probe) -> Taken:
    """From a letter typed in the search to the answer to it on the screen."""
    from himsog_desktop.services import panels

    search = probe.workspace.top.search
    samples, floor = [], []
    for name in NAMES:
        search.begin()
        probe.quiet()
        for letter in name:
            wanted = search.text() + letter
            started = time.perf_counter()
            probe.key(Qt.Key(ord(letter.upper())), letter)
            probe.until_painted(search.answers_shown(), lambda wanted=wanted: search.answered == wanted)
            samples.append((time.perf_counter() - started) * 1000)
            desk = probe.workspace.ready.backend.here
            started = time.perf_counter()
            panels.find_everything(desk, wanted)
            floor.append((time.perf_counter() - started) * 1000)
            probe.quiet(0.05)
        search.end()
        search.clear()
        probe.quiet()
    return samples, floor, f"{len(samples)} letters of {len(NAMES)} names"


def memory_week(probe: Probe) -> Taken:
    """Proportional set size after an hour's work: days, searches, panels, bookings undone."""
    day = probe.workspace.day
    for i in range(120):
        probe.key(Qt.Key.Key_BracketRight if i % 12 < 6 else Qt.Key.Key_BracketLeft, "]" if i % 12 < 6 else "[")
        probe.quiet(0.02)
    for name in NAMES * 3:
        search = probe.workspace.top.search
        search.begin()
        for letter in name:
            probe.key(Qt.Key(ord(letter.upper())), letter)
            probe.quiet(0.02)
        search.end()
        search.clear()
    page = day.view.page
    for tile in (page.tiles if page is not None else ())[:40]:
        probe.workspace.open_details(tile.id)
        probe.quiet(0.03)
    for _ in range(12):
        probe.workspace.open_booking()
        probe.quiet(0.03)
        probe.workspace.host.close_panel()
    probe.workspace.day.go_today()
    probe.quiet(0.5)
    gc.collect()
    return [proportional_mib()], [], "120 days, 24 searches, 40 appointments and 12 bookings opened"


FIGURES: dict[str, Callable[[Probe], Taken]] = {
    "calendar_day_12_providers": calendar_day_12_providers,
    "search_keystroke": search_keystroke,
    "memory_week": memory_week,
}
