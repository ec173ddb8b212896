"""What nobody means to do: drags that lose their day, windows closed in the middle, hands on all keys at once."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from himsog_desktop.domain.commands import Book, NewPatient, Undo
from himsog_desktop.domain.day import Tile
from himsog_desktop.services import booking, openslots, undoing
from himsog_desktop.system.single import CHANGED, nudge
from himsog_desktop.ui.calendar.day_paint import place_of
from himsog_desktop.ui.shell.day import GIVEN_BACK
from tests.campaigns.monkey import Monkey, complaints, meanwhile
from tests.scenarios.hands import KEY, NOW, Hands
from tests.scenarios.test_desk import SOON, TODAY
from tests.ui.conftest import PASSPHRASE, Seat

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def hands(seat: Seat) -> Hands:
    return Hands(seat)


def lift(hands: Hands, tile: Tile) -> QPoint:
    """Press on an appointment and drag it a little; where the pointer is."""
    view = hands.seat.workspace.day.view
    hands.stand_on(tile.id)
    layout = view.scene.layout
    assert layout is not None
    rect = place_of(layout, tile.id)
    assert rect is not None
    x, y = view.offset()
    at = QPoint(rect.x() - x + rect.width() // 2, rect.y() - y + 4)
    QTest.mousePress(view.viewport(), LEFT, NONE, at)
    QTest.mouseMove(view.viewport(), at + QPoint(0, 25))
    QTest.mouseMove(view.viewport(), at + QPoint(0, 50))
    assert view.hand.lifted == tile.id
    return at + QPoint(0, 50)


def test_what_is_dragged_may_be_removed_by_somebody_else(hands: Hands) -> None:
    view = hands.seat.workspace.day.view
    page = view.page
    assert page is not None
    with hands.desk() as desk:
        provider = page.columns[1].id
        start = next(s.start for s in openslots.free_slots(desk, provider, TODAY) if s.start > SOON)
        act = booking.book(desk, Book(provider, start, new_patient=NewPatient("Uy, Ng")))
        made = act.changed[0].id
        hands.seat.wait(lambda: view.tile(made) is not None)
        tile = view.tile(made)
        assert tile is not None
        at = lift(hands, tile)
        undoing.undo(desk, Undo(act.act))
        hands.seat.wait(lambda: view.hand.gesture is None)
    QTest.mouseRelease(view.viewport(), LEFT, NONE, at)
    hands.seat.settle()
    assert view.tile(made) is None
    assert hands.seat.messages() == [GIVEN_BACK]


def test_another_day_in_the_middle_of_a_drag_gives_it_back(hands: Hands) -> None:
    view = hands.seat.workspace.day.view
    tile = hands.tile(lambda t: t.status == "CONFIRMED" and t.start > SOON)
    assert tile is not None
    at = lift(hands, tile)
    hands.keys(KEY.Key_Right, modifier=ALT)
    assert view.page is not None
    assert view.page.day == "2026-11-21"
    assert view.hand.gesture is None
    QTest.mouseRelease(view.viewport(), LEFT, NONE, at)
    hands.seat.settle()
    assert hands.seat.messages() == []
    assert hands.history(tile.id) == [] or hands.history(tile.id)[-1].kind != "appointment.move"


def test_closing_while_everything_is_under_way_loses_nothing(seat: Seat) -> None:
    view = seat.workspace.day.view
    assert view.page is not None
    tile = next(t for t in view.page.tiles if t.status == "PENDING" and t.start > SOON)
    assert view.go_to(tile.id)
    QTest.keyClick(seat.focus(), KEY.Key_C)
    QTest.keyClick(seat.focus(), KEY.Key_Right, ALT)
    QTest.keyClick(seat.focus(), KEY.Key_N, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(seat.focus(), "rey")
    seat.program.close_session()
    seat.window.close()
    desk = seat.other_process()
    try:
        status = desk.reader.execute("SELECT status FROM appointments WHERE id = ?", (tile.id,)).fetchone()[0]
    finally:
        desk.cache.close()
    assert status == "CONFIRMED"


# -------------------------------------------------------------------------------- a process


def start(folder: Path, *argv: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "himsog_desktop", "--profile", str(folder), *argv],
        env={**os.environ, "HIMSOG_PASSPHRASE": PASSPHRASE, "HIMSOG_NOW": NOW},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def running(tmp_path: Path, demo_profile: tuple[Path, bytes]) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    """The program as its own process, until it is there for a second start to meet."""
    folder = tmp_path / "profile"
    shutil.copytree(demo_profile[0], folder)
    program = start(folder)
    end = time.monotonic() + 30
    while program.poll() is None and not nudge(folder, CHANGED):  # it hears of others once it is painted
        assert time.monotonic() < end
        with contextlib.suppress(subprocess.TimeoutExpired):
            program.wait(0.05)
    yield folder, program
    if program.poll() is None:
        program.kill()
        program.communicate()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="polite kills are of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_polite_kill_ends_it_cleanly(running: tuple[Path, subprocess.Popen[str]], number: signal.Signals) -> None:
    folder, program = running
    second = start(folder)
    out, err = second.communicate(timeout=30)
    assert (second.returncode, out, err) == (0, "", "")
    assert program.poll() is None
    program.send_signal(number)
    out, err = program.communicate(timeout=30)
    assert (program.returncode, out, err) == (0, "", "")


# -------------------------------------------------------------------------------- a monkey

STEPS = int(os.environ.get("HIMSOG_TEST_STEPS", "300"))
"""More of them find more; ``python -m tests.campaigns.monkey`` takes 10,000."""


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.qt_log_ignore("This plugin does not support")  # menus, on the offscreen platform
def test_hands_on_all_keys_at_once(
    seat: Seat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkey = Monkey(seat, seed=20261120)
    with meanwhile(seat.folder, seed=20261120):
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")  # whatever a dialog might save
        try:
            for _ in range(STEPS):
                monkey.step()
        except BaseException:
            with capsys.disabled():
                print("the last steps:", monkey.done[-20:])
            raise
        monkey.rest()
        monkeypatch.undo()
    seat.settle()
    assert complaints(seat.folder) == []
