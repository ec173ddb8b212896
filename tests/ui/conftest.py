"""The real program in this process: the window, its worker and its follower, on a small clinic of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from himsog_desktop.bootstrap import compose
from himsog_desktop.bootstrap.doors import Doors
from himsog_desktop.bootstrap.options import Options
from himsog_desktop.domain.time import parse_instant
from himsog_desktop.services import demo, profiles
from himsog_desktop.services.desk import Desk
from himsog_desktop.system import vault
from himsog_desktop.system.clock import SystemClock
from himsog_desktop.ui.shell.program import Program
from himsog_desktop.ui.shell.workspace import Workspace

NOW = parse_instant("2026-11-20T10:10:00+08:00")
PASSPHRASE = "a demo for tests"


class Seat:
    """Somebody at the window: ``program`` is what ``bootstrap`` put together."""

    def __init__(self, qtbot: QtBot, app: QApplication, folder: Path) -> None:
        self.qtbot = qtbot
        self.folder = folder
        self.doors = Doors(Options(profile=str(folder)), SystemClock(NOW))
        self.program: Program = compose(app, self.doors)

    def open(self, key: bytes | None) -> None:
        """Show the window, and wait until it is alive."""
        self.program.begin(key)
        self.program.window.show()
        if key is not None:
            self.settle()

    @property
    def window(self) -> QWidget:
        return self.program.window

    @property
    def workspace(self) -> Workspace:
        workspace = self.program.window.workspace
        assert workspace is not None
        return workspace

    def settle(self) -> None:
        """Until the session has started and nothing is under way."""

        def idle() -> bool:
            backend = self.program.backend
            return backend is not None and not backend.busy

        self.qtbot.waitUntil(idle, timeout=5000)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key to whoever has the keyboard."""
        QTest.keyClick(self.focus(), key, modifier)

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focus(), text)

    def focus(self) -> QWidget:
        found = self.program.window.focusWidget()
        return found if found is not None else self.program.window

    def messages(self) -> list[str]:
        return self.workspace.messages.texts

    def wait(self, what: Callable[[], object], timeout: int = 3000) -> None:
        self.qtbot.waitUntil(lambda: bool(what()), timeout=timeout)

    def other_process(self) -> Desk:
        """Another program at the same profile: a desk of its own on connections of its own."""
        return profiles.open_desk(self.folder, self.key(), SystemClock(NOW), initiator="himsog")

    def key(self) -> bytes:
        return vault.unlock(self.folder, PASSPHRASE)

    def close(self) -> None:
        """As the program ends: the worker first, then the files, then the window."""
        self.program.close_session()
        self.program.window.close()
        self.doors.close()
        self.program.window.deleteLater()
        self.program.deleteLater()
        self.program.look.deleteLater()
        QApplication.processEvents()


@pytest.fixture(scope="session")
def demo_profile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """The small demo clinic, made once; copied for each test that writes."""
    folder = tmp_path_factory.mktemp("demo") / "profile"
    demo.create_demo(folder, SystemClock(NOW), PASSPHRASE)
    return folder, vault.unlock(folder, PASSPHRASE)


@pytest.fixture
def closed_seat(qtbot: QtBot, qapp: QApplication, tmp_path: Path, demo_profile: tuple[Path, bytes]) -> Iterator[Seat]:
    """The window before anything is open, at a copy of the demo clinic."""
    import shutil

    folder = tmp_path / "profile"
    shutil.copytree(demo_profile[0], folder)
    quit_on_close = qapp.quitOnLastWindowClosed()
    qapp.setQuitOnLastWindowClosed(False)
    made = Seat(qtbot, qapp, folder)
    yield made
    made.close()
    qapp.setQuitOnLastWindowClosed(quit_on_close)
    qapp.setStyleSheet("")


@pytest.fixture
def seat(closed_seat: Seat, demo_profile: tuple[Path, bytes]) -> Seat:
    """The window, open and alive, today in view."""
    closed_seat.open(demo_profile[1])
    return closed_seat


@pytest.fixture
def window_program(tmp_path: Path) -> dict[str, str]:
    """The environment of the program as a process of its own."""
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HIMSOG_NOW": "2026-11-20T10:10:00+08:00"}
