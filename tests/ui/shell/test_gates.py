from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from himsog_desktop.system import vault
from himsog_desktop.ui.shell.gates import FirstRun, RecoveryKey, Trouble, Unlock
from tests.ui.conftest import PASSPHRASE, Seat


@pytest.fixture
def empty_seat(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Seat]:
    """The window where there is no profile yet."""
    qapp.setQuitOnLastWindowClosed(False)
    made = Seat(qtbot, qapp, tmp_path / "profile")
    made.open(None)
    yield made
    made.close()
    qapp.setStyleSheet("")


def test_a_locked_profile_asks_and_shows_nothing(closed_seat: Seat) -> None:
    closed_seat.open(None)
    gate = closed_seat.program.window.gate
    assert isinstance(gate, Unlock)
    assert closed_seat.focus() is gate.words
    assert "Digos" not in closed_seat.window.windowTitle()


def test_a_wrong_passphrase_gets_a_sentence_and_the_right_one_opens(closed_seat: Seat) -> None:
    closed_seat.open(None)
    gate = closed_seat.program.window.gate
    assert isinstance(gate, Unlock)
    closed_seat.type("not this one")
    closed_seat.press(Qt.Key.Key_Return)
    closed_seat.wait(lambda: gate.trouble.text())
    assert "does not fit" in gate.trouble.text()
    assert gate.words.isEnabled()
    gate.words.setText(PASSPHRASE)
    closed_seat.press(Qt.Key.Key_Return)
    closed_seat.wait(lambda: closed_seat.program.window.workspace is not None)
    closed_seat.settle()
    assert closed_seat.workspace.day.view.page is not None


def test_locking_takes_everything_away_and_the_passphrase_brings_it_back(seat: Seat) -> None:
    seat.press(Qt.Key.Key_L)
    assert seat.program.window.workspace is None
    assert seat.program.session is None
    gate = seat.program.window.gate
    assert isinstance(gate, Unlock)
    gate.words.setText(PASSPHRASE)
    seat.press(Qt.Key.Key_Return)
    seat.wait(lambda: seat.program.window.workspace is not None)
    seat.settle()
    # Nothing of the session before hears of other colours any more.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    prefs = seat.workspace.prefs
    for scheme in ("dark", "light"):
        prefs.set(prefs.now._replace(scheme=scheme))
        seat.settle()


def test_the_first_start_makes_a_clinic_with_a_recovery_key_and_opens_it(empty_seat: Seat) -> None:
    gate = empty_seat.program.window.gate
    assert isinstance(gate, FirstRun)
    assert empty_seat.focus() is gate.name
    gate.name.setText("Tagum Clinic <b>")
    gate.zone.setText("Asia/Manila")
    gate.providers.setText("Dr Cruz, Dr Lim")
    gate.passphrase.setText("eight or more")
    empty_seat.press(Qt.Key.Key_Return)
    empty_seat.wait(lambda: isinstance(empty_seat.program.window.gate, RecoveryKey), timeout=15_000)
    shown = empty_seat.program.window.gate
    assert isinstance(shown, RecoveryKey)
    assert vault.unlock(empty_seat.folder, shown.key.text()) == vault.unlock(empty_seat.folder, "eight or more")
    assert not shown.go.isEnabled()
    shown.kept.setChecked(True)
    shown.go.click()
    empty_seat.settle()
    page = empty_seat.workspace.day.view.page
    assert page is not None
    assert [c.name for c in page.columns] == ["Dr Cruz", "Dr Lim"]
    assert page.columns[0].open
    assert "Tagum Clinic <b>" in empty_seat.window.windowTitle()


def test_what_is_missing_is_said_and_nothing_is_written(empty_seat: Seat) -> None:
    gate = empty_seat.program.window.gate
    assert isinstance(gate, FirstRun)
    empty_seat.press(Qt.Key.Key_Return)
    assert "needs a name" in gate.trouble.text()
    gate.name.setText("Clinic")
    gate.providers.setText("Dr Cruz")
    gate.zone.setText("Nowhere/Atall")
    gate.passphrase.setText("eight or more")
    empty_seat.press(Qt.Key.Key_Return)
    empty_seat.wait(lambda: "no time zone" in gate.trouble.text())
    assert not (empty_seat.folder / "keyslots.json").exists()
    gate.passphrase.setText("short")
    empty_seat.press(Qt.Key.Key_Return)
    assert "8 characters" in gate.trouble.text()


def test_a_file_that_is_gone_says_so_and_offers_to_try_again(closed_seat: Seat) -> None:
    cache = closed_seat.folder / "cache.db"
    aside = cache.with_suffix(".aside")
    key = closed_seat.key()
    cache.rename(aside)
    closed_seat.program.begin(key)
    closed_seat.window.show()
    gate = closed_seat.program.window.gate
    assert isinstance(gate, Trouble)
    aside.rename(cache)
    gate.retried.emit()
    assert closed_seat.program.window.workspace is not None


def test_the_demo_is_made_with_the_window_alive_and_thrown_away(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    qapp.setQuitOnLastWindowClosed(False)
    made = Seat(qtbot, qapp, tmp_path / "profile")
    made.open(None)
    gate = made.program.window.gate
    assert isinstance(gate, FirstRun)
    gate.demo_asked.emit()
    made.wait(lambda: made.program.window.workspace is not None, timeout=20_000)
    made.settle()
    folder = made.doors.folder
    assert folder.exists()
    made.close()
    qapp.setStyleSheet("")
    assert not folder.exists()
    assert not (tmp_path / "profile").exists()


def test_behind_a_gate_the_window_hears_that_it_was_painted(closed_seat: Seat) -> None:
    closed_seat.open(None)
    closed_seat.wait(lambda: closed_seat.program.window._told_painted)


def test_a_computer_for_a_server_needs_a_passphrase_first(empty_seat: Seat) -> None:
    gate = empty_seat.program.window.gate
    assert isinstance(gate, FirstRun)
    gate.passphrase.setText("short")
    gate.server.click()
    assert "passphrase for this computer" in gate.trouble.text()
    assert empty_seat.focus() is gate.passphrase
    assert not (empty_seat.folder / "keyslots.json").exists()
