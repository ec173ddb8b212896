"""The pinboard through the real window: pinned by key, menu and drag, carried by keys and by mouse, kept, lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from himsog_desktop.domain.appointment import StatusAct
from himsog_desktop.domain.commands import SetStatus
from himsog_desktop.domain.day import Tile
from himsog_desktop.services import pins as kept
from himsog_desktop.services import states
from himsog_desktop.ui.shell.pin_strip import PinStrip
from himsog_desktop.ui.shell.pins import Pins
from tests.scenarios.hands import KEY, Hands
from tests.scenarios.test_desk import SOON, TODAY
from tests.scenarios.test_robust import lift
from tests.ui.conftest import PASSPHRASE, Seat

NONE, ALT, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def hands(seat: Seat) -> Hands:
    return Hands(seat)


def pins_of(hands: Hands) -> Pins:
    found = hands.seat.workspace.pins
    assert found is not None
    return found


def strip_of(hands: Hands) -> PinStrip:
    strip = pins_of(hands).strip
    assert strip is not None
    return strip


def coming(hands: Hands) -> Tile:
    tile = hands.tile(lambda t: t.status == "CONFIRMED" and t.start > SOON)
    assert tile is not None
    return tile


def pinned(hands: Hands) -> Tile:
    tile = coming(hands)
    hands.stand_on(tile.id)
    hands.keys(KEY.Key_B)
    assert [pin.tile.id for pin in pins_of(hands).all] == [tile.id]
    return tile


def test_pinned_with_b_and_put_on_another_day_by_keyboard(hands: Hands) -> None:
    tile = pinned(hands)
    strip = strip_of(hands)
    assert strip.isVisible()
    assert tile.name in strip.chips[0].accessibleName()
    before = hands.kept(tile.id)
    hands.keys(KEY.Key_B, modifier=SHIFT)
    assert strip.chips[0].hasFocus()
    hands.keys(KEY.Key_Return)
    view = hands.seat.workspace.day.view
    assert view.hand.lifted == tile.id
    # To Saturday, and there to a time that is free.
    hands.keys(KEY.Key_Right, modifier=ALT)
    assert view.hand.gesture is not None
    assert view.hand.gesture.away
    for _ in range(40):
        view.hand._asked_at = 0.0
        hands.keys(KEY.Key_Down)
        if not view.hand.reasons:
            break
    assert view.hand.reasons == []
    hands.keys(KEY.Key_Return)
    after = hands.kept(tile.id)
    assert after.start[:10] == (TODAY + timedelta(days=1)).isoformat()
    assert (after.duration_minutes, after.provider) == (before.duration_minutes, before.provider)
    assert pins_of(hands).all == ()
    assert not strip.isVisible()
    assert hands.history(tile.id)[-1].kind == "appointment.move"


def test_escape_gives_it_back_and_nothing_moved(hands: Hands) -> None:
    tile = pinned(hands)
    before = hands.history(tile.id)
    hands.keys(KEY.Key_B, modifier=SHIFT)
    hands.keys(KEY.Key_Return)
    hands.keys(KEY.Key_Right, modifier=ALT)
    hands.keys(KEY.Key_Escape)
    assert hands.seat.workspace.day.view.hand.gesture is None
    assert [pin.tile.id for pin in pins_of(hands).all] == [tile.id]
    assert hands.history(tile.id) == before


def test_unpinned_one_by_one_and_cleared_with_a_way_back(hands: Hands) -> None:
    tile = pinned(hands)
    hands.keys(KEY.Key_B, modifier=SHIFT)
    hands.keys(KEY.Key_Delete)
    assert pins_of(hands).all == ()
    assert hands.seat.workspace.day.view.hasFocus()
    hands.stand_on(tile.id)
    hands.keys(KEY.Key_B)
    strip_of(hands).clear.click()
    hands.seat.settle()
    assert pins_of(hands).all == ()
    hands.seat.workspace.messages._toasts[-1].button.click()  # type: ignore[union-attr]
    hands.seat.settle()
    assert [pin.tile.id for pin in pins_of(hands).all] == [tile.id]
    hands.stand_on(tile.id)
    hands.keys(KEY.Key_B)  # of what is pinned already it unpins
    assert pins_of(hands).all == ()


def test_dragged_to_the_bar_it_is_pinned_and_dragged_off_it_is_moved(hands: Hands) -> None:
    w = hands.seat.workspace
    view = w.day.view
    tile = coming(hands)
    before = hands.history(tile.id)
    at = lift(hands, tile)
    bar = view.viewport().mapFrom(w, w.status.geometry().center())
    QTest.mouseMove(view.viewport(), at + QPoint(2, 30))
    QTest.mouseMove(view.viewport(), bar)
    assert not view.pointer.borders._scroll_timer.isActive()
    QTest.mouseRelease(view.viewport(), LEFT, NONE, bar)
    hands.seat.settle()
    assert [pin.tile.id for pin in pins_of(hands).all] == [tile.id]
    assert hands.history(tile.id) == before
    # The day after, off the strip onto the grid.
    w.day.show_day(TODAY + timedelta(days=1))
    hands.seat.settle()
    chip = strip_of(hands).chips[0]
    layout = view.scene.layout
    assert layout is not None
    free = next(s for s in _free(hands, tile) if s > w.day._zone.instant(TODAY + timedelta(days=1), 9 * 60))
    view.scroll_to_time(free - 3_600_000_000)
    column = layout.numbers[tile.provider_id]
    x, y = view.offset()
    to = QPoint(layout.columns.left(column) + 30 - x, round(layout.time.y(free + 300_000_000)) - y + 1)
    goal = chip.mapFromGlobal(view.viewport().mapToGlobal(to))
    QTest.mousePress(chip, LEFT, NONE, QPoint(10, 8))
    QTest.mouseMove(chip, QPoint(10, -20))
    QTest.mouseMove(chip, goal)
    assert view.hand.lifted == tile.id
    QTest.mouseRelease(chip, LEFT, NONE, goal)
    hands.seat.settle()
    assert hands.kept(tile.id).start[:10] == "2026-11-21"
    assert pins_of(hands).all == ()


def _free(hands: Hands, tile: Tile) -> list[int]:
    from himsog_desktop.services import openslots

    with hands.desk() as desk:
        found = openslots.free_slots(desk, tile.provider_id, TODAY + timedelta(days=1))
    return [slot.start for slot in found]


def test_off_the_strip_and_beside_the_grid_it_stays_pinned(hands: Hands) -> None:
    tile = pinned(hands)
    chip = strip_of(hands).chips[0]
    before = hands.history(tile.id)
    QTest.mousePress(chip, LEFT, NONE, QPoint(10, 8))
    QTest.mouseMove(chip, QPoint(10, -60))
    QTest.mouseMove(chip, QPoint(10, 10))
    QTest.mouseRelease(chip, LEFT, NONE, QPoint(10, 10))
    hands.seat.settle()
    assert hands.seat.workspace.day.view.hand.gesture is None
    assert [pin.tile.id for pin in pins_of(hands).all] == [tile.id]
    assert hands.history(tile.id) == before


def test_what_a_colleague_cancels_leaves_the_board_with_a_word(hands: Hands) -> None:
    tile = pinned(hands)
    with hands.desk() as desk:
        states.set_status(desk, SetStatus(StatusAct.CANCEL, (tile.id,), reason="Feeling better"))
    hands.seat.wait(lambda: not pins_of(hands).all)
    hands.seat.settle()
    assert f"{tile.name} left the pinboard: it is cancelled now." in hands.seat.messages()
    with hands.desk() as desk:
        assert kept.pinned(desk) == []


def test_it_survives_the_lock(hands: Hands) -> None:
    tile = pinned(hands)
    seat = hands.seat
    seat.program.lock()
    QApplication.processEvents()
    QTest.keyClicks(seat.focus(), PASSPHRASE)
    QTest.keyClick(seat.focus(), KEY.Key_Return)
    seat.wait(lambda: seat.program.window.workspace is not None, timeout=10_000)
    seat.settle()
    seat.wait(lambda: bool(pins_of(hands).all))
    assert [pin.tile.id for pin in pins_of(hands).all] == [tile.id]
    assert strip_of(hands).isVisible()


def test_with_names_hidden_the_strip_shows_initials(hands: Hands) -> None:
    tile = pinned(hands)
    hands.keys(KEY.Key_P)
    chip = strip_of(hands).chips[0]
    assert tile.name not in chip.accessibleName()
    assert tile.name not in chip.toolTip()


def test_what_is_pinned_before_the_board_was_read_comes_on_top_of_it(hands: Hands) -> None:
    seat = hands.seat
    page = seat.workspace.day.view.page
    assert page is not None
    first, second = [t.id for t in page.tiles if t.status == "CONFIRMED" and t.start > SOON][:2]
    kept.keep(seat.other_process(), [first])
    early = Pins(seat.workspace)
    early.pin((second,))
    seat.settle()
    assert [pin.tile.id for pin in early.all] == [first, second]
    assert kept.pinned(seat.other_process()) == [first, second]


def test_a_message_stands_above_the_strip_that_comes_and_goes(hands: Hands) -> None:
    workspace = hands.seat.workspace
    workspace.messages.say("Something was done.")
    toast = workspace.messages.newest
    assert toast is not None

    def clear() -> bool:
        strip = pins_of(hands).strip
        below = workspace.status if strip is None or not strip.isVisible() else strip
        return toast.geometry().bottom() < below.geometry().top()

    low = toast.y()
    assert clear()
    pinned(hands)
    hands.seat.wait(clear)
    assert toast.y() < low
    hands.keys(KEY.Key_B)
    hands.seat.wait(lambda: toast.y() == low)
    # Larger letters: it has the height of its words.
    workspace.messages.say(f"{'Words ' * 30}.")
    toast = workspace.messages.newest
    assert toast is not None
    small = toast.height()
    prefs = workspace.prefs
    prefs.set(prefs.now._replace(scale=2.0))
    hands.seat.wait(lambda: toast.height() > small)
    layout = toast.layout()
    assert layout is not None
    assert toast.height() >= layout.heightForWidth(toast.width())
    assert clear()
