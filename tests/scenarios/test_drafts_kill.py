"""A booking that was half typed when the program was killed is offered again."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from himsog_desktop.ui.appointments.booking_panel import BookingPanel
from tests.ui.conftest import PASSPHRASE, Seat

CHILD = """
import os, signal, sys
from pathlib import Path
from himsog_desktop.domain.time import parse_instant
from himsog_desktop.services import drafts, profiles
from himsog_desktop.system import vault
from himsog_desktop.system.clock import SystemClock
folder = Path(sys.argv[1])
key = vault.unlock(folder, sys.argv[2])
clock = SystemClock(parse_instant("2026-11-20T10:10:00+08:00"))
desk = profiles.open_desk(folder, key, clock, initiator="window")
drafts.keep(desk, drafts.BookingDraft("killed", typed="Ng, Wiktoria", note="brings results"))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")
def test_a_draft_survives_kill_9_and_is_offered_again(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, demo_profile: tuple[Path, bytes]
) -> None:
    folder = tmp_path / "profile"
    shutil.copytree(demo_profile[0], folder)
    ended = subprocess.run([sys.executable, "-c", CHILD, str(folder), PASSPHRASE], timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL
    quit_on_close = qapp.quitOnLastWindowClosed()
    qapp.setQuitOnLastWindowClosed(False)
    seat = Seat(qtbot, qapp, folder)
    try:
        seat.open(demo_profile[1])
        seat.workspace.open_booking()
        panel = seat.workspace.host.panel
        assert isinstance(panel, BookingPanel)
        seat.wait(lambda: [d.who for d in panel.offer.drafts] == ["Ng, Wiktoria"])
        panel.resume(panel.offer.drafts[0])
        seat.settle()
        assert panel.note.toPlainText() == "brings results"
    finally:
        seat.close()
        qapp.setQuitOnLastWindowClosed(quit_on_close)
        qapp.setStyleSheet("")
