"""A morning at the desk by keys alone, on a small clinic: cancel, move, another program, hide, lock."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from himsog_desktop.domain.day import Tile
from himsog_desktop.domain.time import HOUR, parse_instant
from himsog_desktop.services import openslots
from himsog_desktop.ui.shell.month import Month
from tests.scenarios.hands import CONTROL, KEY, NOW, Hands, no_mouse
from tests.ui.conftest import PASSPHRASE, Seat

TODAY = date(2026, 11, 20)
SOON = parse_instant(NOW) + HOUR


@pytest.fixture
def hands(seat: Seat) -> Iterator[Hands]:
    """At the keyboard, with no mouse on the desk."""
    with no_mouse():
        yield Hands(seat)


def coming(hands: Hands, status: str) -> Tile:
    found = hands.tile(lambda t: t.status == status and t.start > SOON)
    assert found is not None
    return found


def test_cancelled_with_a_reason_and_a_few_words(hands: Hands) -> None:
    tile = coming(hands, "CONFIRMED")
    hands.stand_on(tile.id)
    hands.keys(KEY.Key_X, KEY.Key_5, KEY.Key_Tab)
    hands.type("ferry does not sail")
    hands.keys(KEY.Key_Return)
    kept = hands.kept(tile.id)
    assert kept.status == "CANCELLED"
    assert kept.cancelled is not None
    assert (kept.cancelled.by, kept.cancelled.reason) == ("patient", "Transportation issues: ferry does not sail")
    assert hands.history(tile.id)[-1].kind == "appointment.cancel"
    assert hands.seat.focus() is hands.seat.workspace.day.view
    hands.keys(KEY.Key_Z, modifier=CONTROL)
    assert hands.kept(tile.id).status == "CONFIRMED"


def ghost_down(hands: Hands, there: Callable[[], bool]) -> None:
    """Arrow down until the ghost is where it shall be."""
    for _ in range(120):
        if there():
            return
        hands.keys(KEY.Key_Down)
    raise AssertionError("the ghost never got there")


def test_moved_by_keys(hands: Hands) -> None:
    view = hands.seat.workspace.day.view
    tile = coming(hands, "CONFIRMED")
    hands.stand_on(tile.id)
    hands.keys(KEY.Key_R)

    def free() -> bool:
        QTest.qWait(50)  # why not is asked at most every 40 ms
        return view.hand.gesture is not None and view.hand.gesture.changed and not view.hand.reasons

    ghost_down(hands, free)
    assert view.hand.gesture is not None
    target = view.hand.gesture.ghost.start
    hands.keys(KEY.Key_Return)
    moved = hands.tile(lambda t: t.id == tile.id)
    assert moved is not None
    assert (moved.start, moved.end - moved.start) == (target, tile.end - tile.start)
    assert hands.seat.messages()[-1].startswith(f"Moved {tile.name}")
    assert parse_instant(hands.kept(tile.id).start) == target
    hands.keys(KEY.Key_Z, modifier=CONTROL)
    assert parse_instant(hands.kept(tile.id).start) == tile.start


def test_carried_to_another_month_by_keys(hands: Hands) -> None:
    w = hands.seat.workspace
    w.show_face("month")
    page: object = w.pages.currentWidget()
    assert isinstance(page, Month)
    view = page.view
    hands.seat.wait(lambda: view.state == "page")
    hands.seat.settle()
    assert view.page is not None
    tile = next(
        tile
        for number, cell in enumerate(view.page.cells)
        for tile in cell.rows[: view.shown(number)]
        if tile.status == "CONFIRMED" and tile.start > SOON
    )
    view.go_to(tile.id)
    hands.keys(KEY.Key_R, KEY.Key_PageDown)
    hands.seat.wait(lambda: view.page is not None and view.page.month == "2026-12-01" and not view.hand.turn.turning)

    def free() -> bool:
        QTest.qWait(50)  # why not is asked at most every 40 ms
        return not view.hand.reasons

    for _ in range(14):
        if free():
            break
        hands.keys(KEY.Key_Left)
    there = view.hand.target()[0]
    hands.keys(KEY.Key_Return)
    hands.seat.settle()
    assert parse_instant(hands.kept(tile.id).start) == there
    assert hands.kept(tile.id).start.startswith("2026-12-")
    hands.keys(KEY.Key_Z, modifier=CONTROL)
    hands.seat.settle()
    assert parse_instant(hands.kept(tile.id).start) == tile.start


def test_a_move_that_is_refused_says_why_and_moves_nothing(hands: Hands) -> None:
    view = hands.seat.workspace.day.view
    tile = coming(hands, "CONFIRMED")
    hands.stand_on(tile.id)
    hands.keys(KEY.Key_R)

    def blocked() -> bool:
        QTest.qWait(50)  # why not is asked at most every 40 ms
        return bool(view.hand.reasons)

    ghost_down(hands, blocked)
    hands.keys(KEY.Key_Return)
    assert hands.seat.messages()[-1].startswith("This time can't be booked")
    assert parse_instant(hands.kept(tile.id).start) == tile.start
    assert hands.seat.focus() is view


def test_what_another_process_books_appears(
    hands: Hands, record_property: Callable[[str, object], None], capsys: pytest.CaptureFixture[str]
) -> None:
    page = hands.seat.workspace.day.view.page
    assert page is not None
    provider = page.columns[-1].id
    with hands.desk() as desk:
        start = openslots.free_slots(desk, provider, TODAY)[-1].start
    instant = datetime.fromtimestamp(start / 1e6, UTC).isoformat()
    other = hands.himsog(
        "book",
        "--provider",
        provider,
        "--start",
        instant,
        "--patient-name",
        "Ng, Uy",
        "--patient-phone",
        "0917 555 0123",
    )
    hands.seat.wait(lambda: hands.tile(lambda t: t.name == "Ng, Uy") is not None, timeout=15_000)
    shown = time.time_ns()
    committed = max(f.stat().st_mtime_ns for f in Path(hands.seat.folder).iterdir() if f.name.endswith("-wal"))
    out, err = other.communicate(timeout=30)
    assert (other.returncode, err) == (0, "")
    made = json.loads(out)["changed"][0]
    tile = hands.tile(lambda t: t.id == made["id"])
    assert tile is not None
    assert tile.start == start
    assert made["id"] in dict(hands.seat.workspace.day.view.glow.strengths())
    after = (shown - committed) / 1e6
    record_property("shown_ms_after_commit", round(after))
    with capsys.disabled():
        print(f" [shown {after:.0f} ms after its commit]", end="")


def test_names_hide_and_come_back(hands: Hands) -> None:
    view = hands.seat.workspace.day.view
    hands.keys(KEY.Key_P)
    assert view.privacy
    hands.keys(KEY.Key_P)
    assert not view.privacy


def test_locked_and_unlocked_with_the_draft_still_there(hands: Hands) -> None:
    seat = hands.seat
    panel = hands.patient_and_service()
    patient = panel.patient.patient
    assert patient is not None
    seat.workspace.day.take_keyboard()
    hands_off(hands)
    QTest.keyClicks(seat.focus(), PASSPHRASE)
    QTest.keyClick(seat.focus(), KEY.Key_Return)
    seat.wait(lambda: seat.program.window.workspace is not None, timeout=10_000)
    seat.settle()
    assert seat.focus() is seat.workspace.day.view
    assert [draft.who for draft in hands.new_booking().offer.drafts] == [patient.name]


def hands_off(hands: Hands) -> None:
    """L: the lock, and nothing of anybody on it."""
    from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

    seat = hands.seat
    names = {t.name for t in hands.tiles()}
    QTest.keyClick(seat.focus(), KEY.Key_L)
    assert seat.program.window.workspace is None
    assert seat.program.backend is None
    seen = [seat.window.windowTitle()]
    for widget in seat.window.findChildren(QWidget):
        if widget.isVisible():
            seen += [widget.accessibleName(), widget.toolTip()]
            if isinstance(widget, QLabel | QLineEdit):
                seen.append(widget.text())
    assert not any(name in text for name in names for text in seen)
