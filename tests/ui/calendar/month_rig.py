"""One month on screen, a hand and keys on it, and what it asked for."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from himsog_desktop.domain.month import MonthPage
from himsog_desktop.ui.calendar.month_view import MonthView
from tests.support.days import tile

FRI = 25
"""The cell of Friday 20 November 2026."""
THREE = (tile("a", 9), tile("b", 10, status="PENDING"), tile("c", 11, status="CANCELLED"))


class Rig:
    """One month on screen and what it asked for."""

    def __init__(self, view: MonthView) -> None:
        self.view = view
        self.heard: list[tuple[object, ...]] = []
        for name in ("open_requested", "day_requested", "went", "month_requested", "move_requested", "retry_requested"):
            getattr(view, name).connect(lambda *values, name=name: self.heard.append((name, *values)))

    def show(self, page: MonthPage) -> None:
        self.view.set_page(page)
        QApplication.processEvents()
        self.heard.clear()

    def key(self, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            QTest.keyClick(self.view, key, modifiers)

    def at_row(self, cell: int, row: int) -> QPoint:
        place = self.view.grid.row(cell, row)
        return QPoint(place.x + 30, place.y + place.height // 2 + self.view.top)

    def at_head(self, cell: int) -> QPoint:
        place = self.view.grid.cell(cell)
        return QPoint(place.x + place.width // 2, place.y + 4 + self.view.top)

    def click(self, at: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.view, Qt.MouseButton.LeftButton, modifiers, at)

    def drag(self, start: QPoint, to: QPoint, *, let_go: bool = True) -> None:
        QTest.mousePress(self.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
        QTest.mouseMove(self.view, start + QPoint(3, 0))
        QTest.mouseMove(self.view, to - QPoint(1, 0))
        QTest.mouseMove(self.view, to)
        if let_go:
            QTest.mouseRelease(self.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, to)
