"""The window of a shared profile: its agent comes after the first paint, goes with it, and brings what others do."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from himsog_desktop.bootstrap import minding
from himsog_desktop.domain.people import Role
from himsog_desktop.runtime import agent as process
from tests.support.postgres import Database
from tests.support.profiles import KEY
from tests.support.stations import Clinic, Station, open_clinic
from tests.ui.conftest import Seat

pytestmark = [pytest.mark.slow, pytest.mark.timeout(200)]


@pytest.fixture
def clinic(shared_database: Database, tmp_path: Path) -> Iterator[Clinic]:
    made = open_clinic(shared_database, tmp_path)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def at(qtbot: QtBot, qapp: QApplication, clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seat]:
    """A receptionist's window at a station of that clinic."""
    monkeypatch.setattr(minding, "AFTER_S", 0.1)
    monkeypatch.setattr(process, "FIRST_S", 0.2)
    quits = qapp.quitOnLastWindowClosed()
    qapp.setQuitOnLastWindowClosed(False)
    station = clinic.station(Role.RECEPTIONIST)
    station.close()
    made = Seat(qtbot, qapp, station.folder)
    made.open(KEY)
    yield made
    made.close()
    qapp.setQuitOnLastWindowClosed(quits)
    qapp.setStyleSheet("")


def pid(seat: Seat) -> int | None:
    session = seat.doors.session
    assert session is not None
    minder = session._minding._minder
    return None if minder is None else minder.pid


def names(seat: Seat) -> list[str]:
    page = seat.workspace.day.view.page
    return [] if page is None else [tile.name for tile in page.tiles]


def other(clinic: Clinic) -> Station:
    return clinic.station(Role.RECEPTIONIST)


def test_what_a_colleague_books_comes_onto_the_screen(at: Seat, clinic: Clinic) -> None:
    at.wait(lambda: pid(at) is not None, 20_000)
    colleague = other(clinic)
    colleague.book("09:00", "Reyes, Ana")
    assert colleague.sync().state == "done"
    at.wait(lambda: names(at) == ["Reyes, Ana"], 30_000)


def test_an_agent_that_dies_is_begun_anew_and_the_window_goes_on(at: Seat, clinic: Clinic) -> None:
    at.wait(lambda: pid(at) is not None, 20_000)
    first = pid(at)
    assert first is not None
    os.kill(first, signal.SIGKILL)
    at.wait(lambda: pid(at) not in (None, first), 20_000)
    colleague = other(clinic)
    colleague.book("09:00", "Reyes, Ana")
    assert colleague.sync().state == "done"
    at.wait(lambda: names(at) == ["Reyes, Ana"], 30_000)


def test_with_the_window_its_agent_goes(at: Seat) -> None:
    at.wait(lambda: pid(at) is not None, 20_000)
    running = pid(at)
    assert running is not None
    at.program.close_session()
    with pytest.raises(ProcessLookupError):
        os.kill(running, 0)
