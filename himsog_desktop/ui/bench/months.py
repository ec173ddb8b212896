"""The figure of the month: from the key to the last pixel of another one."""

from __future__ import annotations

import statistics
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from himsog_desktop.domain.month import month_after
from himsog_desktop.ui.shell.month import Month

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from himsog_desktop.domain.month import MonthPage
    from himsog_desktop.ui.bench.figures import Taken
    from himsog_desktop.ui.bench.probe import Probe

ROUNDS = 8


def calendar_month_switch(probe: Probe) -> Taken:
    """Page Down and Page Up between full months, which were read ahead, and months that were not.

    A month that was not read ahead is gone to by Enter in the field for the date.
    """
    probe.program.window.resize(1600, 900)
    probe.workspace.show_face("month")
    probe.quiet(0.5)
    month = probe.workspace.page("month")
    assert isinstance(month, Month)
    bare = BareMonth(probe.program.window)
    here = month.model.month
    months = [month_after(here, steps) for steps in (-1, 0, 1)]
    ahead: list[float] = []
    cold: list[float] = []
    floor: list[float] = []
    most = 0
    for i in range(probe.rounds(ROUNDS) + 1):
        for there in (months[0], months[2]):
            _far(probe, month, months[1] + timedelta(days=3 * 366))
            cold.append(_go(probe, month, there))
            for step in (1, 1, -1, -1) if there == months[0] else (-1, -1, 1, 1):
                ahead.append(_step(probe, month, step))
                page = month.view.page
                assert page is not None
                most = max(most, sum(c.standing for c in page.cells if c.day[:7] == page.month[:7]))
                floor.append(bare.paint_of(page, month))
        if not i:
            ahead, cold, floor = [], [], []
    bare.deleteLater()
    note = (
        f"{len(ahead)} months read ahead {statistics.median(ahead):.1f} ms, {len(cold)} others"
        f" {statistics.median(cold):.1f} ms; up to {most} in a month, 1600x900"
    )
    return ahead + cold, floor, note


def _step(probe: Probe, month: Month, by: int) -> float:
    wanted = month_after(month.model.month, by).isoformat()
    started = time.perf_counter()
    probe.key(Qt.Key.Key_PageDown if by > 0 else Qt.Key.Key_PageUp)
    probe.until_painted(month.view, lambda: _shown(month) == wanted, f"the month {wanted}")
    taken = (time.perf_counter() - started) * 1000
    probe.quiet()
    return taken


def _far(probe: Probe, month: Month, day: date) -> None:
    """Away from all of them, and nothing of them kept."""
    month.show_day(day)
    probe.quiet()
    month.retry()
    probe.quiet()


def _go(probe: Probe, month: Month, day: date) -> float:
    probe.key(Qt.Key.Key_G, "g")
    probe.type(day.isoformat())
    started = time.perf_counter()
    probe.key(Qt.Key.Key_Return, "\r")
    probe.until_painted(month.view, lambda: _shown(month) == day.isoformat(), f"the month {day}")
    taken = (time.perf_counter() - started) * 1000
    probe.quiet()
    return taken


def _shown(month: Month) -> str:
    return "" if month.view.page is None else month.view.page.month


class BareMonth(QWidget):
    """The floor: the same cells and rows as bare boxes with their words, nothing else."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._rows: list[tuple[QRect, str]] = []
        self.hide()

    def paint_of(self, page: MonthPage, month: Month) -> float:
        """Milliseconds to paint a month so once."""
        view = month.view
        self._rows = []
        for number, cell in enumerate(page.cells):
            place = view.grid.cell(number)
            self._rows.append((QRect(place.x, place.y, place.width, place.height), f"{cell.day} {cell.standing}"))
            for row in range(view.shown(number)):
                at, tile = view.grid.row(number, row), cell.rows[row]
                self._rows.append(
                    (QRect(at.x, at.y, at.width, at.height), f"{view.clock.time(tile.start)} {tile.name}")
                )
        self.resize(view.size())
        started = time.perf_counter()
        self.show()
        self.repaint()
        taken = (time.perf_counter() - started) * 1000
        self.hide()
        return taken

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Boxes."""
        painter = QPainter(self)
        for box, words in self._rows:
            painter.drawRect(box)
            painter.drawText(box, 0, words)
        painter.end()
