"""The month and the agenda as they are read, against the day pages of the same days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from himsog_desktop.domain.appointment import StatusAct
from himsog_desktop.domain.commands import SetStatus
from himsog_desktop.domain.errors import NoAccess
from himsog_desktop.domain.month import days_of
from himsog_desktop.domain.time import MINUTE
from himsog_desktop.services import states
from himsog_desktop.services.agenda import agenda
from himsog_desktop.services.day import day_page
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.month import month_cells, month_page
from tests.support.profiles import TODAY, World

WALLS = {"cruz": ("08:00", "10:30", "16:30"), "lim": ("09:00",), "tan": ("10:00", "17:00")}


@pytest.fixture
def busy(desk: Desk, world: World) -> Desk:
    """Some days of several providers, one cancelled, some requested."""
    for offset in (0, 3, 5, 12, 31):
        day = TODAY + timedelta(days=offset)
        for provider, walls in WALLS.items():
            for wall in walls:
                if provider in ("lim", "cruz") and day.weekday() not in (0, 2, 4):
                    continue
                made = world.book(desk, wall, "Reyes, Ana", provider=provider, day=day)
                if wall == "10:30":
                    states.set_status(desk, SetStatus(StatusAct.CANCEL, (made.id,)))
                elif wall == "16:30" and made.status == "PENDING":
                    states.set_status(desk, SetStatus(StatusAct.CONFIRM, (made.id,)))
    return desk


def test_a_month_says_of_each_day_what_its_day_says(busy: Desk) -> None:
    page = month_page(busy, TODAY, limit=2)
    assert [cell.day for cell in page.cells] == [day.isoformat() for day in days_of(TODAY)]
    assert sum(cell.standing for cell in page.cells) > 5
    for cell in page.cells:
        day = day_page(busy.cache, date.fromisoformat(cell.day))
        standing = [tile for tile in day.tiles if tile.status != "CANCELLED"]
        assert cell.standing == len(standing)
        assert cell.requested == sum(tile.status == "PENDING" for tile in standing)
        assert cell.booked == sum(tile.end - tile.start for tile in standing) // MINUTE
        assert list(cell.rows) == standing[:2]
        assert (cell.start, cell.end) == (day.start, day.end)
        opened = sum(b - a for column in day.columns for a, b in column.open)
        breaks = sum(
            s.end - s.start for column in day.columns for s in column.spans if s.kind == "break" and column.open
        )
        assert cell.open == (opened - breaks) // MINUTE


def test_a_holiday_of_everybody_says_why(desk: Desk, world: World) -> None:
    shown = [world.provider("cruz")]
    hidden = [p.id for p in day_page(desk.cache, TODAY).columns if p.id not in shown]
    cells = {cell.day: cell for cell in month_page(desk, TODAY, hidden).cells}
    assert (cells["2026-11-30"].open, cells["2026-11-30"].note) == (0, "Bonifacio Day")
    assert (cells["2026-11-29"].open, cells["2026-11-29"].note) == (0, "")
    assert cells["2026-11-27"].open == 8 * 60


def test_who_is_hidden_is_left_out(busy: Desk, world: World) -> None:
    tan = world.provider("tan")
    everybody, without = month_page(busy, TODAY), month_page(busy, TODAY, (tan,))
    assert tan not in without.providers
    mine = [tile for cell in everybody.cells for tile in cell.rows if tile.provider_id != tan]
    assert [tile for cell in without.cells for tile in cell.rows] == mine
    assert sum(c.standing for c in without.cells) < sum(c.standing for c in everybody.cells)
    assert without.cells[25].open < everybody.cells[25].open


def test_some_days_alone_are_as_in_the_month(busy: Desk) -> None:
    page = month_page(busy, TODAY, limit=3)
    wanted = [TODAY, TODAY + timedelta(days=3), date(2026, 11, 30)]
    found = month_cells(busy, wanted, limit=3)
    assert found == [next(c for c in page.cells if c.day == day.isoformat()) for day in wanted]


def test_a_provider_sees_her_own_month_and_it_none(busy: Desk, world: World) -> None:
    own = month_page(world.desk("dr-cruz"), TODAY)
    assert set(own.providers) == {world.provider("cruz")}
    assert {tile.provider_id for cell in own.cells for tile in cell.rows} == {world.provider("cruz")}
    assert set(agenda(world.desk("dr-cruz"), TODAY, 3).providers) == {world.provider("cruz")}
    for read in (lambda desk: month_page(desk, TODAY), lambda desk: agenda(desk, TODAY, 7)):
        with pytest.raises(NoAccess):
            read(world.desk("ivan"))


def test_the_agenda_lists_each_days_own_cancelled_too(busy: Desk) -> None:
    part = agenda(busy, TODAY, 14)
    assert [day.day for day in part.days] == [(TODAY + timedelta(days=n)).isoformat() for n in range(14)]
    for day in part.days:
        assert day.tiles == day_page(busy.cache, date.fromisoformat(day.day)).tiles
    assert any(tile.status == "CANCELLED" for day in part.days for tile in day.tiles)


def test_days_without_appointments_count_what_is_free(busy: Desk, world: World) -> None:
    from himsog_desktop.services import openslots

    part = {day.day: day for day in agenda(busy, TODAY - timedelta(days=2), 14).days}
    assert part[TODAY.isoformat()].free is None
    assert part[(TODAY - timedelta(days=1)).isoformat()].free is None  # that is over
    empty = next(day for day in part.values() if day.free is not None)
    shown = day_page(busy.cache, date.fromisoformat(empty.day)).columns
    slots = [openslots.free_slots(busy, c.id, date.fromisoformat(empty.day)) for c in shown if c.bookable]
    assert empty.free == sum(map(len, slots)) > 0
