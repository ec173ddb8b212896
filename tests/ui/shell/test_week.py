"""The week in the window: its reads, its acts, what stands beside it."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt

from himsog_desktop.domain.appointment import StatusAct
from himsog_desktop.domain.commands import SetStatus
from himsog_desktop.domain.day import DayPage, Tile
from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.services import states
from himsog_desktop.ui.shell.week import Week, week_of
from tests.ui.conftest import NOW, Seat

TODAY, MONDAY = date(2026, 11, 20), date(2026, 11, 16)
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def opened(seat: Seat) -> Week:
    """The week, opened by its key."""
    seat.press(Qt.Key.Key_W)
    week = seat.workspace.pages.currentWidget()
    assert isinstance(week, Week)
    seat.wait(lambda: week.view.page is not None)
    seat.settle()
    return week


def page(week: Week) -> DayPage:
    assert week.view.page is not None
    return week.view.page


def coming(week: Week, status: str) -> Tile:
    return next(t for t in page(week).tiles if t.status == status and t.start > NOW and week.view.go_to(t.id))


def test_the_key_opens_the_week_around_the_day_and_goes_back_to_the_day_under_the_cursor(seat: Seat) -> None:
    week = opened(seat)
    assert (page(week).day, len(page(week).columns)) == (MONDAY.isoformat(), 7)
    assert seat.focus() is week.view
    assert week.day == TODAY
    day = seat.workspace.day.view.page
    assert day is not None
    assert set(day.tiles) <= set(page(week).tiles)
    assert "appointments" in seat.workspace.status.left.text()
    week.view.go_to_time("", page(week).columns[2].open[0][0], page(week).columns[2].open[0][0] + 1)
    assert week.day == date(2026, 11, 18)
    seat.press(Qt.Key.Key_D)
    assert seat.workspace.day.day == date(2026, 11, 18)


def test_weeks_by_keys_are_read_ahead(seat: Seat) -> None:
    week = opened(seat)
    seat.press(Qt.Key.Key_Right, ALT)
    assert page(week).day == "2026-11-23"
    assert week.view.state == "page"
    seat.press(Qt.Key.Key_T)
    assert page(week).day == MONDAY.isoformat()
    assert seat.workspace.pages.currentWidget() is week
    seat.press(Qt.Key.Key_G)
    seat.type("24 dec")
    seat.press(Qt.Key.Key_Return)
    seat.wait(lambda: page(week).day == "2026-12-21")
    assert week.day == date(2026, 12, 24)


def test_a_state_key_acts_and_undo_takes_it_back_on_the_page_in_view(seat: Seat) -> None:
    week = opened(seat)
    tile = coming(week, "PENDING")
    seat.press(Qt.Key.Key_C)
    seat.wait(lambda: week.view.tile(tile.id).status == "CONFIRMED")  # type: ignore[union-attr]
    assert week.view.cursor is not None
    assert week.view.cursor.tile_id == tile.id
    seat.press(Qt.Key.Key_Z, CONTROL)
    seat.wait(lambda: week.view.tile(tile.id).status == "PENDING")  # type: ignore[union-attr]
    seat.press(Qt.Key.Key_D)
    day = seat.workspace.day.view
    seat.wait(lambda: (found := day.tile(tile.id)) is None or found.status == "PENDING")


def test_what_an_act_changed_is_so_on_the_day_as_well(seat: Seat) -> None:
    week = opened(seat)
    today = week.view.page.columns[4] if week.view.page else None
    assert today is not None
    tile = next(t for t in page(week).tiles if t.status == "PENDING" and NOW < t.start < today.end)
    week.view.go_to(tile.id)
    seat.press(Qt.Key.Key_C)
    seat.wait(lambda: seat.workspace.day.view.tile(tile.id).status == "CONFIRMED")  # type: ignore[union-attr]


def test_somebody_elses_change_glows_here(seat: Seat) -> None:
    week = opened(seat)
    tile = coming(week, "PENDING")
    other = seat.other_process()
    with other.cache:
        states.set_status(other, SetStatus(StatusAct.CONFIRM, (tile.id,)))
    seat.wait(lambda: week.view.tile(tile.id).status == "CONFIRMED", timeout=5000)  # type: ignore[union-attr]
    assert tile.id in dict(week.view.glow.strengths())


def test_panels_open_beside_the_week(seat: Seat) -> None:
    week = opened(seat)
    tile = coming(week, "CONFIRMED")
    seat.press(Qt.Key.Key_Return)
    seat.settle()
    workspace = seat.workspace
    assert workspace.host.panel is not None
    assert workspace.host.panel.shows(tile.id)
    assert workspace.pages.currentWidget() is week
    seat.press(Qt.Key.Key_Escape)
    assert workspace.host.panel is None
    assert seat.focus() is week.view
    seat.press(Qt.Key.Key_N, CONTROL)
    seat.settle()
    assert workspace.host.panel is not None
    assert workspace.pages.currentWidget() is week
    workspace.host.close_panel()
    seat.press(Qt.Key.Key_Escape)
    assert workspace.pages.currentWidget() is week, "Esc leaves a panel, not the face"


def test_a_proposal_is_marked_in_the_week(seat: Seat) -> None:
    from himsog_desktop.ui.shell.panels import Proposal

    week = opened(seat)
    column = page(week).columns[1]
    start = column.open[0][1] - 3_600_000_000
    seat.workspace.propose(Proposal(page(week).names[1][0], start, start + 1_800_000_000))
    assert week.view.cursor is not None
    assert (week.view.cursor.column, week.view.cursor.start) == (1, start)
    assert week.view.cursor_held
    assert page(week).day == MONDAY.isoformat()


def test_moving_by_key_from_the_details_stays_in_the_week(seat: Seat) -> None:
    week = opened(seat)
    tile = coming(week, "CONFIRMED")
    seat.workspace.start_move(tile.id, week.day)
    assert week.view.hand.lifted == tile.id
    seat.press(Qt.Key.Key_Escape)
    assert week.view.hand.lifted is None


def test_one_provider_or_all_who_are_shown(seat: Seat) -> None:
    week = opened(seat)
    names = page(week).names
    week.choose(names[0][0])
    seat.wait(lambda: len(page(week).names) == 1)
    assert {t.provider_id for t in page(week).tiles} == {names[0][0]}
    assert week.toolbar.providers.text() == names[0][1]
    prefs = seat.workspace.prefs
    prefs.set(prefs.now._replace(hidden=(names[0][0],)))
    seat.wait(lambda: page(week).names == names[1:])
    assert week.provider is None


def test_an_error_offers_to_read_again_also_when_nothing_changed(seat: Seat) -> None:
    week = opened(seat)
    week.view.set_error(Surroundings("disk", "The disk failed.").message)
    assert week.view.error_lines()[0] == "The week could not be read"
    week.retry()
    seat.wait(lambda: week.view.state == "page")


def test_the_head_of_a_day_opens_it(seat: Seat) -> None:
    week = opened(seat)
    week.view.day_requested.emit("2026-11-17")
    assert seat.workspace.pages.currentWidget() is seat.workspace.day
    assert seat.workspace.day.day == date(2026, 11, 17)


def test_privacy_hides_names_here_too(seat: Seat) -> None:
    week = opened(seat)
    seat.press(Qt.Key.Key_P)
    assert week.view.privacy
    assert seat.workspace.day.view.privacy


def test_weeks_begin_on_monday_where_nothing_says_otherwise() -> None:
    assert week_of(TODAY) == MONDAY
    assert week_of(date(2026, 11, 22)) == MONDAY


def test_arrows_go_on_into_the_week_beside(seat: Seat) -> None:
    week = opened(seat)
    column = page(week).columns[5]
    start = column.open[0][0]
    week.view.go_to_time("", start, start + 900_000_000)
    while page(week).day == MONDAY.isoformat():
        seat.press(Qt.Key.Key_Right)
    assert page(week).day == "2026-11-23"
    assert week.view.cursor is not None
    assert week.view.cursor.column == 0
    assert week.day == date(2026, 11, 23)
    seat.press(Qt.Key.Key_Left)
    assert page(week).day == MONDAY.isoformat()
    assert week.view.cursor is not None
    assert week.view.cursor.column == 6
    assert week.day == date(2026, 11, 22)
