"""A second label on the time axis where the computer's clock is not the clinic's; the layout never knows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtWidgets import QApplication

from himsog_desktop.domain.time import computer_minutes, zone
from himsog_desktop.ui.calendar.edges import TimeAxis
from tests.support.days import MANILA, at, page, tile
from tests.ui.calendar.conftest import Bench


@pytest.fixture
def in_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()


def stand_in(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    if not hasattr(time, "tzset"):
        pytest.skip("this system keeps its zone elsewhere")
    monkeypatch.setenv("TZ", name)
    time.tzset()


def axis(bench: Bench) -> TimeAxis:
    return bench.view.findChildren(TimeAxis)[0]


def places(bench: Bench) -> list[tuple[int, int, int]]:
    return [(box.y, box.height, box.column) for boxes in bench.layout.boxes for box in boxes]


@pytest.mark.parametrize(("name", "wall"), [("Asia/Manila", 9 * 60), ("UTC", 60), ("Europe/Berlin", 120)])
def test_the_computers_clock(in_zone: pytest.MonkeyPatch, name: str, wall: int) -> None:
    stand_in(in_zone, name)
    assert computer_minutes(at(9)) == wall


def test_only_where_they_differ(bench: Bench, in_zone: pytest.MonkeyPatch) -> None:
    bench.show(page(tile("a", 9), tile("b", 13, provider="p1")))
    narrow, before = axis(bench).width(), places(bench)
    stand_in(in_zone, "Asia/Manila")
    bench.view.set_elsewhere(computer_minutes, zone(MANILA))
    QApplication.processEvents()
    assert (axis(bench).second, axis(bench).width()) == (False, narrow)
    stand_in(in_zone, "Europe/Berlin")
    bench.view.set_elsewhere(computer_minutes, zone(MANILA))
    QApplication.processEvents()
    assert axis(bench).second
    assert axis(bench).width() > narrow
    assert "computer" in axis(bench).accessibleDescription()
    # What stands where is the clinic's time alone: heights and columns are as before.
    assert places(bench) == before


def test_zones_that_differ_for_a_part_of_the_day_only(bench: Bench) -> None:
    berlin, paris = zone("Europe/Berlin"), zone("Africa/Lagos")  # the same until the clock is put on 29 March
    day = date(2026, 3, 29)
    bench.view.set_elsewhere(paris.minutes_of, berlin)
    bench.show(page(day=date(2026, 3, 20), timezone="Europe/Berlin"))
    assert not axis(bench).second
    bench.show(page(day=day, timezone="Europe/Berlin"))
    assert axis(bench).second


def test_what_is_clicked_is_clinic_time_wherever_the_computer_stands(bench: Bench, in_zone: pytest.MonkeyPatch) -> None:
    stand_in(in_zone, "America/New_York")
    bench.view.set_elsewhere(computer_minutes, zone(MANILA))
    bench.show(page())
    bench.click(bench.place(1, at(9.5)))
    assert bench.asked("book_requested") == [("book_requested", "p1", at(9.5), at(10))]
