"""A day view on screen (off screen), at a fixed moment, with what it asked for written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from himsog_desktop.domain.day import DayPage
from himsog_desktop.domain.time import Micros
from himsog_desktop.ui.calendar.day_view import DayView
from himsog_desktop.ui.calendar.layout import DayLayout
from himsog_desktop.ui.calendar.month_view import MonthView
from himsog_desktop.ui.theme.theme import Theme, make_theme
from tests.support.days import at
from tests.ui.calendar.month_rig import Rig

SIGNALS = (
    "open_requested",
    "book_requested",
    "move_requested",
    "resize_requested",
    "selection_changed",
    "cursor_changed",
    "zoom_changed",
    "context_requested",
    "retry_requested",
)


class Bench:
    """One view and a hand for it."""

    def __init__(self, view: DayView) -> None:
        self.view = view
        self.heard: list[tuple[object, ...]] = []
        for name in SIGNALS:
            getattr(view, name).connect(self._listener(name))

    def _listener(self, name: str) -> Callable[..., None]:
        return lambda *values: self.heard.append((name, *values))

    def asked(self, *names: str) -> list[tuple[object, ...]]:
        """What was heard, of these signals only."""
        return [entry for entry in self.heard if entry[0] in names]

    @property
    def layout(self) -> DayLayout:
        assert self.view.scene.layout is not None
        return self.view.scene.layout

    def show(self, page: DayPage) -> None:
        self.view.set_page(page)
        QApplication.processEvents()
        self.heard.clear()

    def place(self, column: int, instant: Micros, dx: int = 20) -> QPoint:
        """Where a time of a column lies in the viewport."""
        x, y = self.view.offset()
        return QPoint(self.layout.columns.left(column) + dx - x, round(self.layout.time.y(instant)) + 3 - y)

    def of(self, tile_id: str, dx: int = 14, dy: int = 4) -> QPoint:
        """A place on an appointment."""
        x, y = self.view.offset()
        box = self.layout.by_id[tile_id]
        return QPoint(box.x + dx - x, box.y + dy - y)

    def press(self, place: QPoint) -> None:
        QTest.mousePress(self.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)

    def travel(self, place: QPoint) -> None:
        # Qt drops a move to where the pointer was last, which may have been in another test.
        QTest.mouseMove(self.view.viewport(), place - QPoint(1, 0))
        QTest.mouseMove(self.view.viewport(), place)
        QApplication.processEvents()

    def release(self, place: QPoint) -> None:
        QTest.mouseRelease(self.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        QApplication.processEvents()

    def click(self, place: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, modifiers, place)
        QApplication.processEvents()

    def key(self, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            QTest.keyClick(self.view, key, modifiers)
        QApplication.processEvents()


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return make_theme("light")


@pytest.fixture
def bench(qtbot: QtBot, theme: Theme) -> Iterator[Bench]:
    view = DayView(theme)
    view.now = lambda: at(10.7)
    view.resize(900, 640)
    view.show()
    view.activateWindow()
    view.setFocus(Qt.FocusReason.OtherFocusReason)
    QApplication.processEvents()
    assert view.hasFocus()
    made = Bench(view)
    yield made
    view.hide()
    # QTest remembers a button that was never let go, also over tests.
    made.release(QPoint(0, 0))
    # At once, not in some later turn of the event loop: the next test begins with nothing.
    shiboken6.delete(view)


@pytest.fixture
def rig(qtbot: QtBot, theme: Theme) -> Iterator[Rig]:
    view = MonthView(theme)
    view.now = lambda: at(10.7)
    view.resize(1120, 760)
    view.show()
    view.activateWindow()
    view.setFocus(Qt.FocusReason.OtherFocusReason)
    QApplication.processEvents()
    made = Rig(view)
    yield made
    view.hide()
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(0, 0))
    shiboken6.delete(view)
