"""The page Appointments of the real window, on the small demo clinic."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from himsog_desktop.services import listing
from himsog_desktop.ui.appointments_list.found import Place
from himsog_desktop.ui.appointments_list.page import AppointmentsPage
from himsog_desktop.ui.appointments_list.view import ListView
from tests.ui.conftest import Seat, closed_seat, demo_profile, seat

__all__ = ["Listed", "closed_seat", "demo_profile", "seat"]


class Listed:
    """Somebody at the list."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat

    @property
    def page(self) -> AppointmentsPage:
        found = self.seat.workspace.page("appointments")
        assert isinstance(found, AppointmentsPage)
        return found

    @property
    def view(self) -> ListView:
        return self.page.view

    def ids(self, status: str | None = None) -> list[str]:
        """The ids that are listed, from the top."""
        sections = self.page.model.found.sections
        return [key for s in sections if status in (None, s.status) for piece in s.pieces for key in piece.ids]

    def stored(self, status: str) -> list[str]:
        """The ids that a list of that state holds by what the cache says now."""
        desk = self.seat.other_process()
        wanted = self.page.state.wanted(self.page.today(), self.page.query)
        found = listing.begin(desk, wanted)
        desk.cache.close()
        return next(list(s.piece.ids) for s in found.sections if s.status == status)

    def status(self, key: str) -> str | None:
        """What the row says."""
        line = self.page.model.lines.get(key)
        return None if line is None else line.tile.status

    def seen(self) -> list[tuple[str, int]]:
        """The rows on the screen, each with its height from the top."""
        self.view.viewport().repaint()
        return list(self.view._seen)

    def at(self, place: Place) -> QPoint:
        """The middle of a row on the screen."""
        y = self.view.rows.top(place) - self.view.verticalScrollBar().value()
        return QPoint(200, y + self.view.rows.row // 2)

    def click(self, place: Place, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, x: int = 200) -> None:
        at = self.at(place)
        QTest.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, modifier, QPoint(x, at.y()))

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            QTest.keyClick(self.view, key, modifier)

    def in_order(self) -> None:
        QTest.keyClick(self.seat.focus(), Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)

    def settle(self) -> None:
        """Until everything has been read that is being read."""
        self.seat.settle()
        self.seat.wait(lambda: self.page.model.ready)
        self.seat.settle()


@pytest.fixture
def listed(seat: Seat) -> Listed:
    """The list, open and read."""
    seat.press(Qt.Key.Key_2)
    made = Listed(seat)
    seat.wait(lambda: made.page.model.ready and bool(made.page.model.lines))
    made.settle()
    made.view.setFocus()
    return made
