"""Shots of the month and the agenda."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent

from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.ui.calendar.labels import movable
from himsog_desktop.ui.shell import commands
from himsog_desktop.ui.shell.agenda import Agenda
from himsog_desktop.ui.shell.month import Month
from himsog_desktop.ui.tour.stage import LARGE, SMALL, Shot, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

FAR = 900
"""Days after the Friday of the tour: nobody has booked so far ahead."""
_TROUBLE = Surroundings("disk", "The disk or the cache file failed. Nothing was lost; run himsog doctor.")


def _month(stage: Stage) -> Month:
    stage.workspace.show_face("month")
    stage.settle()
    page = stage.workspace.page("month")
    assert isinstance(page, Month)
    page.go_today()
    stage.settle()
    return page


def _full(stage: Stage) -> None:
    _month(stage)


def _after(days: int) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        page = _month(stage)
        page.show_day(page.today + timedelta(days=days))
        stage.settle()

    return prepare


def _loading(stage: Stage) -> None:
    _month(stage).view.set_loading()
    stage.settle(0.2)


def _error(stage: Stage) -> None:
    _month(stage).view.set_error(_TROUBLE.message)


def _again(stage: Stage) -> None:
    page = stage.workspace.page("month")
    assert isinstance(page, Month)
    page.retry()
    page.view.hand.cancel()
    page.view.set_selection(())
    stage.settle()


def _narrow(stage: Stage) -> None:
    stage.workspace.sidebar.set_narrow(True)
    _month(stage)


def _letters(scale: float) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        stage.workspace.prefs.set(stage.workspace.prefs.now._replace(scale=scale))
        _month(stage)

    return prepare


def _privacy(stage: Stage) -> None:
    commands.toggle_privacy(stage.workspace)
    _month(stage)
    stage.workspace.messages.clear()


def _public(stage: Stage) -> None:
    commands.toggle_privacy(stage.workspace)


def _chosen(stage: Stage) -> None:
    page = _month(stage)
    view = page.view
    assert view.page is not None
    rows = [tile for cell in view.page.cells[28:33] for tile in cell.rows[:1]]
    view.set_selection(tile.id for tile in rows)
    view.go_to(rows[1].id)


def _card(stage: Stage) -> None:
    page = _month(stage)
    assert page.view.page is not None
    page.view.go_to(page.view.page.cells[29].rows[0].id)
    stage.press(Qt.Key.Key_I, "i")


def _day_card(stage: Stage) -> None:
    _month(stage)
    stage.press(Qt.Key.Key_I, "i")


def _details(stage: Stage) -> None:
    page = _month(stage)
    assert page.view.page is not None
    tile = page.view.page.cells[29].rows[0]
    page.view.go_to(tile.id)
    stage.workspace.open_details(tile.id)
    stage.settle(0.3)


def _drag(*, allowed: bool) -> Callable[[Stage], None]:
    """An appointment over the first day that would take it, or over the first that would not."""

    def prepare(stage: Stage) -> None:
        view = _month(stage).view
        assert view.page is not None
        assert view.why_not is not None
        cell = 29
        row = next(n for n, tile in enumerate(view.page.cells[cell].rows[: view.shown(cell)]) if movable(tile))
        tile = view.page.cells[cell].rows[row]
        wall, length, zone = view.clock.zone.minutes_of(tile.start), tile.end - tile.start, view.clock.zone

        def free(number: int) -> bool:
            start = zone.instant(view.day_of(number), wall)
            return not view.why_not(tile.provider_id, start, start + length, tile.id)  # type: ignore[misc]

        over = next(n for n in range(cell + 1, 42) if free(n) == allowed)
        grip = view.grid.row(cell, row)
        start = QPoint(grip.x + 20, grip.y + view.top + 5)
        to = view.cell_rect(over).center()
        for kind, at in (
            (QEvent.Type.MouseButtonPress, start),
            (QEvent.Type.MouseMove, (start + to) / 2),
            (QEvent.Type.MouseMove, to),
        ):
            button = Qt.MouseButton.LeftButton if kind == QEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
            left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
            event = QMouseEvent(kind, QPointF(at), QPointF(view.mapToGlobal(at)), button, left, none)
            QCoreApplication.sendEvent(view, event)
        stage.settle(0.1)

    return prepare


def _agenda(stage: Stage) -> Agenda:
    stage.workspace.show_face("agenda")
    stage.settle()
    page = stage.workspace.page("agenda")
    assert isinstance(page, Agenda)
    page.go_today()
    stage.settle()
    return page


def _list(stage: Stage) -> None:
    _agenda(stage)


def _list_at(days: int) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        page = _agenda(stage)
        page.show_day(page.today + timedelta(days=days))
        stage.settle()

    return prepare


def _list_loading(stage: Stage) -> None:
    _agenda(stage).view.set_loading()
    stage.settle(0.2)


def _list_error(stage: Stage) -> None:
    _agenda(stage).view.set_error(_TROUBLE.message)


def _list_again(stage: Stage) -> None:
    page = stage.workspace.page("agenda")
    assert isinstance(page, Agenda)
    page.retry()
    page.view.set_selection(())
    stage.settle()


def _list_narrow(stage: Stage) -> None:
    stage.workspace.sidebar.set_narrow(True)
    page = _agenda(stage)
    tile = page.view.cursor_tile()
    if tile is not None:
        stage.workspace.open_details(tile.id)
    stage.settle(0.3)


def _list_letters(stage: Stage) -> None:
    stage.workspace.prefs.set(stage.workspace.prefs.now._replace(scale=2.0))
    _agenda(stage)


def _list_chosen(stage: Stage) -> None:
    view = _agenda(stage).view
    day = next(day for day in view.layout_.days if day.day == view.today.isoformat())
    coming = [tile.id for tile in day.tiles if tile.start > view.now()]
    view.set_selection(coming[1:4])
    view.go_to(coming[3])


SHOTS = (
    Shot("month-full", _full),
    Shot("month-large", _full, LARGE),
    Shot("month-twelve", _full, LARGE, "twelve"),
    Shot("month-small", _narrow, SMALL),
    Shot("month-empty", _after(FAR)),
    Shot("month-loading", _loading, tidy=_again),
    Shot("month-error", _error, tidy=_again),
    Shot("month-text_200", _letters(2.0)),
    Shot("month-text_150", _letters(1.5), LARGE),
    Shot("month-privacy", _privacy, tidy=_public),
    Shot("month-selected", _chosen, tidy=_again),
    Shot("month-hover", _card, tidy=_again),
    Shot("month-hover_day", _day_card, tidy=_again),
    Shot("month-details", _details),
    Shot("month-drag", _drag(allowed=True), tidy=_again),
    Shot("month-drag_refused", _drag(allowed=False), tidy=_again),
    Shot("agenda-full", _list),
    Shot("agenda-large", _list, LARGE),
    Shot("agenda-days", _list_at(8)),
    Shot("agenda-closed", _list_at(2)),
    Shot("agenda-empty", _list_at(FAR), tidy=_list_again),
    Shot("agenda-loading", _list_loading, tidy=_list_again),
    Shot("agenda-error", _list_error, tidy=_list_again),
    Shot("agenda-small", _list_narrow, SMALL),
    Shot("agenda-text_200", _list_letters),
    Shot("agenda-selected", _list_chosen, tidy=_list_again),
)
