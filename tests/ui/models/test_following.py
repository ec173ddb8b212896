"""What was changed is read again, however fast somebody leaves, comes back or scrolls on."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from himsog_desktop.domain.agenda import AgendaDay, AgendaPart
from himsog_desktop.domain.changes import ChangeSet
from himsog_desktop.domain.day import DayPage
from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.domain.month import MonthCell, MonthPage, days_of, first_of
from himsog_desktop.services.desk import Desk
from himsog_desktop.ui.models.agenda_model import AgendaModel
from himsog_desktop.ui.models.day_model import DayModel
from himsog_desktop.ui.models.month_model import MonthModel
from tests.support import days
from tests.ui.test_bridge import Bench, NoDesk

FRIDAY = date(2026, 11, 20)
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(qtbot, NoDesk)  # type: ignore[arg-type]
    yield made
    made.backend.close()
    assert made.worker.stop(2)
    made.backend.deleteLater()


def touched(*names: date) -> ChangeSet:
    return ChangeSet(days=frozenset(name.isoformat() for name in names), lists=frozenset(("appointment",)))


def test_a_day_that_was_left_before_it_was_read_again_is_read_when_somebody_comes_back(bench: Bench) -> None:
    read: list[date] = []
    owner = QObject()

    def reading(_desk: Desk, day: date) -> DayPage:
        read.append(day)
        return days.page()

    model = DayModel(bench.backend, reading, FRIDAY, None, owner)
    model.show(FRIDAY)
    bench.idle()
    model.show(FRIDAY)
    bench.qtbot.waitUntil(lambda: len(read) == 3 and not bench.backend.busy)
    times = read.count(FRIDAY)
    bench.backend.changed.emit(touched(FRIDAY))
    model.show(FRIDAY + timedelta(days=1))  # before the window's loop had a turn
    bench.qtbot.wait(30)
    bench.idle()
    model.show(FRIDAY)
    bench.qtbot.wait(30)
    bench.idle()
    assert read.count(FRIDAY) > times


def test_a_day_that_was_changed_while_it_was_read_ahead_is_read_again(bench: Bench) -> None:
    read: list[date] = []
    begun, go_on = threading.Event(), threading.Event()
    saturday = FRIDAY + timedelta(days=1)

    def slowly(_desk: Desk, day: date) -> DayPage:
        read.append(day)
        if day == saturday and read.count(day) == 1:
            begun.set()
            go_on.wait(5)
        return days.page()

    owner = QObject()
    model = DayModel(bench.backend, slowly, FRIDAY, None, owner)
    model.show(FRIDAY)
    bench.qtbot.waitUntil(begun.is_set)
    bench.backend.changed.emit(touched(saturday))
    go_on.set()
    bench.idle()
    bench.qtbot.waitUntil(lambda: read.count(saturday) == 2)
    bench.idle()


def test_a_month_that_was_changed_while_it_was_read_ahead_is_read_again(bench: Bench) -> None:
    read: list[date] = []
    begun, go_on = threading.Event(), threading.Event()

    def slowly(_desk: Desk, month: date, _rows: int) -> MonthPage:
        read.append(month)
        if month == DECEMBER and read.count(month) == 1:
            begun.set()
            go_on.wait(5)
        return _month(month)

    owner = QObject()
    model = MonthModel(bench.backend, slowly, _cells, FRIDAY, owner)
    model.show(NOVEMBER)
    bench.qtbot.waitUntil(begun.is_set)
    bench.backend.changed.emit(touched(date(2026, 12, 24)))
    go_on.set()
    bench.idle()
    bench.qtbot.waitUntil(lambda: read.count(DECEMBER) == 2)
    bench.idle()


def _month(month: date, count: int = 0) -> MonthPage:
    cells = tuple(MonthCell(day.isoformat(), 0, 1, count, 0, 0, 0, "", ()) for day in days_of(first_of(month)))
    return MonthPage(first_of(month).isoformat(), "Asia/Manila", cells, {}, 8)


def _cells(_desk: Desk, wanted: Sequence[date], _rows: int) -> list[MonthCell]:
    return [cell for cell in _month(wanted[0]).cells if date.fromisoformat(cell.day) in wanted]


def test_a_month_that_was_left_before_it_was_read_again_is_read_when_somebody_comes_back(bench: Bench) -> None:
    read: list[date] = []
    owner = QObject()

    def reading(_desk: Desk, month: date, _rows: int) -> MonthPage:
        read.append(month)
        return _month(month)

    model = MonthModel(bench.backend, reading, _cells, FRIDAY, owner)
    model.show(NOVEMBER)
    bench.qtbot.waitUntil(lambda: len(read) == 3 and not bench.backend.busy)
    bench.backend.changed.emit(touched(date(2026, 11, 4)))
    model.show(DECEMBER)
    bench.qtbot.wait(30)
    bench.idle()
    assert read.count(NOVEMBER) == 2, "read again, beside the one in view"


def test_a_month_that_could_not_be_read_is_shown_when_it_can(bench: Bench) -> None:
    broken: list[bool] = []
    shown: list[object] = []
    owner = QObject()

    def cells(desk: Desk, wanted: Sequence[date], rows: int) -> list[MonthCell]:
        if broken:
            raise Surroundings("io", "The disk does not answer.")
        return _cells(desk, wanted, rows)

    model = MonthModel(bench.backend, lambda _desk, month, _rows: _month(month), cells, FRIDAY, owner)
    model.page_ready.connect(shown.append)
    model.failed.connect(shown.append)
    model.show(NOVEMBER)
    bench.qtbot.waitUntil(lambda: len(shown) == 1 and not bench.backend.busy)
    broken.append(True)
    bench.backend.changed.emit(touched(date(2026, 11, 4)))
    bench.qtbot.waitUntil(lambda: len(shown) == 2 and not bench.backend.busy)
    broken.clear()
    bench.backend.changed.emit(touched(date(2026, 11, 4)))
    bench.qtbot.waitUntil(lambda: len(shown) == 3)
    assert isinstance(shown[-1], MonthPage)


def test_scrolling_on_takes_no_reading_anew_away(bench: Bench) -> None:
    asked: list[tuple[date, int]] = []
    owner = QObject()

    def read(_desk: Desk, first: date, count: int) -> AgendaPart:
        asked.append((first, count))
        found = [first + timedelta(days=n) for n in range(count)]
        return AgendaPart(
            "Asia/Manila", tuple(AgendaDay(day.isoformat(), 0, 1, True, "", None, ()) for day in found), {}
        )

    model = AgendaModel(bench.backend, read, owner)
    model.show(FRIDAY)
    bench.idle()
    gate = bench.hold()
    bench.backend.changed.emit(ChangeSet(everything=True))
    model.more(1)
    gate.set()
    bench.idle()
    assert asked[-1] == asked[0], "all of it was read anew"
    model.more(1)
    bench.idle()
    assert asked[-1] == (asked[0][0] + timedelta(days=14), 7)
