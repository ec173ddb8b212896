"""Shots of the week."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.domain.time import MINUTE
from himsog_desktop.ui.shell.week import Week
from himsog_desktop.ui.tour.stage import LARGE, SMALL, Shot, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.domain.day import DayPage, Tile

FAR = 500
"""Days after the Friday of the tour: nobody has booked so far ahead."""


def _week(stage: Stage) -> Week:
    stage.workspace.show_face("week")
    found = stage.workspace.pages.currentWidget()
    assert isinstance(found, Week)
    stage.hand.until(lambda: found.view.page is not None and found.view.state == "page", "the week")
    stage.settle()
    return found


def _page(week: Week) -> DayPage:
    page = week.view.page
    assert page is not None
    return page


def _full(stage: Stage) -> None:
    _week(stage)


def _one(number: int) -> Callable[[Stage], None]:
    """The week of one provider."""

    def prepare(stage: Stage) -> None:
        week = _week(stage)
        week.choose(_page(week).names[number][0])
        stage.settle()

    return prepare


def _everybody(stage: Stage) -> None:
    week = _week(stage)
    week.choose(None)
    stage.settle()


def _empty(stage: Stage) -> None:
    week = _week(stage)
    week.show_day(week.today + timedelta(days=FAR))
    stage.settle()


def _back(stage: Stage) -> None:
    week = _week(stage)
    week.show_day(week.today)
    stage.settle()


def _loading(stage: Stage) -> None:
    _week(stage).view.set_loading()
    stage.settle(0.2)


def _error(stage: Stage) -> None:
    words = Surroundings("disk", "The disk or the cache file failed. Nothing was lost; run himsog doctor.")
    _week(stage).view.set_error(words.message)


def _again(stage: Stage) -> None:
    found = stage.workspace.pages.currentWidget()
    assert isinstance(found, Week)
    found.retry()
    stage.settle()


def _narrow(stage: Stage) -> None:
    stage.workspace.sidebar.set_narrow(True)
    _week(stage)


def _larger(stage: Stage) -> None:
    stage.workspace.prefs.set(stage.workspace.prefs.now._replace(scale=2.0))
    _week(stage)


def _coming(stage: Stage, week: Week) -> Tile:
    now = stage.context.clock.now()
    layout = week.view.scene.layout
    assert layout is not None
    for tile in _page(week).tiles:
        if tile.id in layout.by_id and tile.status == "CONFIRMED" and tile.start > now + 60 * MINUTE:
            return tile
    raise AssertionError("nobody comes this week")


def _chosen(stage: Stage) -> None:
    week = _week(stage)
    now = stage.context.clock.now()
    ids = [t.id for t in _page(week).tiles if t.status == "CONFIRMED" and t.start > now][:60:12]
    week.view.set_selection(ids)
    week.view.go_to(_coming(stage, week).id)


def _hover(stage: Stage) -> None:
    week = _week(stage)
    week.view.go_to(_coming(stage, week).id)
    stage.press(Qt.Key.Key_I, "i")


def _booking(stage: Stage) -> None:
    week = _week(stage)
    column = _page(week).columns[4]
    at = column.open[0][1] - 60 * MINUTE
    week.view.go_to_time("", at, at + 30 * MINUTE)
    stage.press(Qt.Key.Key_Return, "\r")
    stage.settle(0.3)


def _drag(stage: Stage) -> None:
    """An appointment of today carried to another day."""
    week = _week(stage)
    view = week.view
    tile = _coming(stage, week)
    view.go_to(tile.id)
    layout = view.scene.layout
    assert layout is not None
    box, (x, y) = layout.by_id[tile.id], view.offset()
    column = box.column - 1 if box.column else 1
    to = QPoint(layout.columns.left(column) - x + 8, box.y - y + 40)
    stage.drag(QPoint(box.x - x + 6, box.y - y + 6), to, view)
    stage.settle()


def _let_go(stage: Stage) -> None:
    _week(stage).view.hand.cancel()


SHOTS = (
    Shot("week-full", _full),
    Shot("week-one", _one(0), tidy=_everybody),
    Shot("week-large", _full, LARGE),
    Shot("week-small", _full, SMALL),
    Shot("week-narrow", _narrow),
    Shot("week-twelve", _full, profile="twelve"),
    Shot("week-empty", _empty, tidy=_back),
    Shot("week-loading", _loading, tidy=_again),
    Shot("week-error", _error, tidy=_again),
    Shot("week-selected", _chosen),
    Shot("week-hover", _hover),
    Shot("week-booking", _booking),
    Shot("week-drag", _drag, tidy=_let_go),
    Shot("week-text_200", _larger),
)
