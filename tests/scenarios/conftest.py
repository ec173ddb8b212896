"""The window at the small demo clinic, and at the one of full size: each made once a run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from himsog_desktop.services import demo
from himsog_desktop.system import vault
from himsog_desktop.system.clock import SystemClock
from tests.ui.conftest import NOW, PASSPHRASE, Seat, closed_seat, demo_profile, seat

__all__ = ["closed_seat", "demo_profile", "seat"]
"""Fixtures of the window on the small clinic."""


@pytest.fixture(scope="session")
def full_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """100,000 appointments."""
    folder = tmp_path_factory.mktemp("full") / "profile"
    demo.create_demo(folder, SystemClock(NOW), PASSPHRASE, demo.FULL)
    return folder


@pytest.fixture
def busy_desk(qtbot: QtBot, qapp: QApplication, tmp_path: Path, full_demo: Path) -> Iterator[Seat]:
    """The window at the full clinic."""
    folder = tmp_path / "profile"
    shutil.copytree(full_demo, folder)
    quits = qapp.quitOnLastWindowClosed()
    qapp.setQuitOnLastWindowClosed(False)
    made = Seat(qtbot, qapp, folder)
    made.open(vault.unlock(folder, PASSPHRASE))
    yield made
    made.close()
    qapp.setQuitOnLastWindowClosed(quits)
    qapp.setStyleSheet("")
