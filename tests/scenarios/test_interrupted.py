"""Drags that something comes in between of, through the real window: nothing moves, history stays.

Nothing is said of it but where somebody else took away what was in hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from himsog_desktop.domain.appointment import StatusAct
from himsog_desktop.domain.commands import Book, NewPatient, SetStatus, Undo
from himsog_desktop.domain.day import Tile
from himsog_desktop.services import booking, openslots, states, undoing
from himsog_desktop.ui.calendar.day_paint import place_of
from himsog_desktop.ui.calendar.day_view import DayView
from himsog_desktop.ui.shell.day import GIVEN_BACK, Day
from himsog_desktop.ui.shell.month import Month
from himsog_desktop.ui.shell.week import Week
from tests.scenarios.hands import KEY, Hands
from tests.scenarios.test_desk import SOON, TODAY
from tests.ui.conftest import PASSPHRASE, Seat

# The menu of the pointer, on the offscreen platform.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
FACES = ("today", "week")


@pytest.fixture
def hands(seat: Seat) -> Hands:
    return Hands(seat)


def view_of(hands: Hands, face: str, *, alone: bool = False) -> DayView:
    """The face, in view, with its page. ``alone``: of a week that of one provider, so that all are seen."""
    w = hands.seat.workspace
    w.show_face(face)
    page: object = w.pages.currentWidget()
    assert isinstance(page, Day)
    if alone and isinstance(page, Week):
        page.choose(w.provider_names[1][0])
        hands.seat.settle()
    hands.seat.wait(lambda: page.view.page is not None and page.view.state == "page")
    hands.seat.settle()
    return page.view


def lift(view: DayView, tile: Tile) -> QPoint:
    """Press on an appointment and drag it a little; where the pointer is."""
    assert view.go_to(tile.id)
    layout = view.scene.layout
    assert layout is not None
    rect = place_of(layout, tile.id)
    assert rect is not None
    x, y = view.offset()
    at = QPoint(rect.x() - x + rect.width() // 2, rect.y() - y + 5)
    QTest.mousePress(view.viewport(), LEFT, NONE, at)
    for down in (12, 24, 36):
        QTest.mouseMove(view.viewport(), at + QPoint(0, down))
    assert view.hand.lifted == tile.id
    return at + QPoint(0, 36)


def movable(view: DayView) -> Tile:
    assert view.page is not None
    return next(t for t in view.page.tiles if t.status == "CONFIRMED" and t.start > SOON and t.id in _shown(view))


def _shown(view: DayView) -> set[str]:
    layout = view.scene.layout
    return set() if layout is None else set(layout.by_id)


def escape(hands: Hands, view: DayView) -> None:
    QTest.keyClick(view, KEY.Key_Escape)


def focus(hands: Hands, view: DayView) -> None:
    hands.seat.workspace.top.search.begin()


def window(hands: Hands, view: DayView) -> None:
    """Another window comes to the front."""
    QApplication.sendEvent(view, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason))


def day(hands: Hands, view: DayView) -> None:
    hands.seat.workspace.face.step(1)
    hands.seat.settle()


def panel(hands: Hands, view: DayView) -> None:
    hands.seat.workspace.open_booking()
    hands.seat.settle()


def page(hands: Hands, view: DayView) -> None:
    hands.seat.workspace.open_page("settings")


def columns(hands: Hands, view: DayView) -> None:
    """Its column is hidden, and the page without it has come."""
    prefs = hands.seat.workspace.prefs
    assert view.page is not None
    assert view.hand.gesture is not None
    assert view.hand.gesture.tile is not None
    prefs.set(prefs.now._replace(hidden=(view.hand.gesture.tile.provider_id,)))
    hands.seat.settle()


def grab(hands: Hands, view: DayView) -> None:
    """The system takes the pointer away."""
    QApplication.sendEvent(view.viewport(), QEvent(QEvent.Type.UngrabMouse))


CAUSES = (escape, focus, window, day, panel, page, columns, grab)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("cause", CAUSES)
def test_nothing_moves(hands: Hands, face: str, cause: Callable[[Hands, DayView], None]) -> None:
    view = view_of(hands, face)
    tile = movable(view)
    before = hands.history(tile.id)
    at = lift(view, tile)
    cause(hands, view)
    assert view.hand.gesture is None
    QTest.mouseRelease(view.viewport(), LEFT, NONE, at)
    hands.seat.settle()
    assert hands.history(tile.id) == before
    assert hands.seat.messages() == []


@pytest.fixture
def booked(hands: Hands) -> Iterator[Callable[[], tuple[str, Callable[[], None]]]]:
    """Another program that books an appointment and takes it back."""
    with hands.desk() as desk:

        def book() -> tuple[str, Callable[[], None]]:
            provider = hands.seat.workspace.provider_names[1][0]
            start = next(s.start for s in openslots.free_slots(desk, provider, TODAY) if s.start > SOON)
            act = booking.book(desk, Book(provider, start, new_patient=NewPatient("Uy, Ng")))
            return act.changed[0].id, lambda: undoing.undo(desk, Undo(act.act)) and None

        yield book


@pytest.mark.parametrize("face", FACES)
def test_a_refresh_that_removes_its_row(
    hands: Hands, face: str, booked: Callable[[], tuple[str, Callable[[], None]]]
) -> None:
    view = view_of(hands, face, alone=True)
    made, take_back = booked()
    hands.seat.wait(lambda: view.tile(made) is not None and made in _shown(view))
    tile = view.tile(made)
    assert tile is not None
    at = lift(view, tile)
    take_back()
    hands.seat.wait(lambda: view.hand.gesture is None)
    QTest.mouseRelease(view.viewport(), LEFT, NONE, at)
    hands.seat.settle()
    assert view.tile(made) is None
    assert hands.seat.messages() == [GIVEN_BACK]


@pytest.mark.parametrize("face", FACES)
def test_a_colleague_cancels_what_is_in_hand(
    hands: Hands, face: str, booked: Callable[[], tuple[str, Callable[[], None]]]
) -> None:
    view = view_of(hands, face, alone=True)
    made, _ = booked()
    hands.seat.wait(lambda: view.tile(made) is not None and made in _shown(view))
    assert view.go_to(made)
    view.setFocus()
    hands.keys(KEY.Key_R)
    hands.keys(KEY.Key_Down)
    assert view.hand.gesture is not None
    with hands.desk() as desk:
        states.set_status(desk, SetStatus(StatusAct.CANCEL, (made,), reason="Other"))
    hands.seat.wait(lambda: view.hand.gesture is None)
    assert hands.seat.messages() == [GIVEN_BACK]
    before = hands.history(made)
    hands.keys(KEY.Key_Escape)
    assert hands.history(made) == before


@pytest.mark.parametrize("face", FACES)
def test_carried_to_another_day_and_taken_away_there(
    hands: Hands, face: str, booked: Callable[[], tuple[str, Callable[[], None]]]
) -> None:
    view = view_of(hands, face, alone=True)
    made, take_back = booked()
    hands.seat.wait(lambda: view.tile(made) is not None and made in _shown(view))
    assert view.go_to(made)
    view.setFocus()
    hands.keys(KEY.Key_R)
    hands.keys(KEY.Key_Right, modifier=Qt.KeyboardModifier.AltModifier)
    hands.seat.wait(lambda: view.hand.gesture is not None and view.hand.gesture.away)
    take_back()
    hands.seat.wait(lambda: view.hand.gesture is None)
    hands.keys(KEY.Key_Escape)
    assert hands.seat.messages() == [GIVEN_BACK]


@pytest.mark.parametrize("face", FACES)
def test_the_lock(hands: Hands, face: str) -> None:
    view = view_of(hands, face)
    tile = movable(view)
    before = hands.history(tile.id)
    lift(view, tile)
    seat = hands.seat
    seat.program.lock()
    QApplication.processEvents()
    assert seat.program.window.workspace is None
    QTest.keyClicks(seat.focus(), PASSPHRASE)
    QTest.keyClick(seat.focus(), KEY.Key_Return)
    seat.wait(lambda: seat.program.window.workspace is not None, timeout=10_000)
    seat.settle()
    assert hands.history(tile.id) == before
    assert seat.messages() == []


@pytest.mark.parametrize("face", FACES)
def test_closing_the_window(hands: Hands, face: str) -> None:
    view = view_of(hands, face)
    tile = movable(view)
    before = hands.history(tile.id)
    lift(view, tile)
    hands.seat.program.close_session()
    hands.seat.window.close()
    assert hands.history(tile.id) == before


# ------------------------------------------------------------------------------------ month


def month_of(hands: Hands) -> Month:
    w = hands.seat.workspace
    w.show_face("month")
    page: object = w.pages.currentWidget()
    assert isinstance(page, Month)
    hands.seat.wait(lambda: page.view.state == "page")
    hands.seat.settle()
    return page


MONTH_CAUSES: dict[str, Callable[[Hands, Month], object]] = {
    "escape": lambda _hands, month: QTest.keyClick(month.view, KEY.Key_Escape),
    "focus": lambda hands, _month: hands.seat.workspace.top.search.begin(),
    "panel": lambda hands, _month: hands.seat.workspace.open_booking(),
    "page": lambda hands, _month: hands.seat.workspace.open_page("settings"),
    "month": lambda _hands, month: month.step(1),
    "grab": lambda _hands, month: QApplication.sendEvent(month.view, QEvent(QEvent.Type.UngrabMouse)),
}


@pytest.mark.parametrize("cause", MONTH_CAUSES)
def test_nothing_moves_in_a_month(hands: Hands, cause: str) -> None:
    month = month_of(hands)
    view = month.view
    assert view.page is not None
    cell, row, tile = next(
        (number, row, tile)
        for number, cell in enumerate(view.page.cells)
        for row, tile in enumerate(cell.rows[: view.shown(number)])
        if tile.status == "CONFIRMED" and tile.start > SOON
    )
    before = hands.history(tile.id)
    place = view.grid.row(cell, row)
    at = QPoint(place.x + 30, place.y + place.height // 2 + view.top)
    to = at + QPoint(0, -view.grid.cell(cell).height)
    QTest.mousePress(view, LEFT, NONE, at)
    for part in (0.2, 0.6, 1.0):
        QTest.mouseMove(view, at + (to - at) * part)
    assert view.hand.lifted == tile.id
    MONTH_CAUSES[cause](hands, month)
    hands.seat.settle()
    QTest.mouseRelease(view, LEFT, NONE, to)
    hands.seat.settle()
    assert view.hand.lifted is None
    assert hands.history(tile.id) == before
    assert hands.seat.messages() == []
