"""Shots of the list of appointments and of what many acts at once will do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt

from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.domain.listing import Order
from himsog_desktop.ui.appointments_list.bulk_panel import BulkPanel
from himsog_desktop.ui.appointments_list.kept import State
from himsog_desktop.ui.appointments_list.page import AppointmentsPage
from himsog_desktop.ui.shell import commands
from himsog_desktop.ui.tour.stage import LARGE, SMALL, Shot, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

MARK = QItemSelectionModel.SelectionFlag.Select


def _list(stage: Stage, state: State | None = None) -> AppointmentsPage:
    """The page as it opens, with nothing selected."""
    stage.workspace.open_page("appointments")
    page = stage.workspace.pages.currentWidget()
    assert isinstance(page, AppointmentsPage)
    page.set_state(state or State())
    page.filters.clear()
    page.view.clear_chosen()
    stage.hand.until(lambda: page.model.ready and page.model.error is None, "the list")
    page.view.verticalScrollBar().setValue(0)
    stage.settle(0.15)
    return page


def _full(stage: Stage) -> None:
    _list(stage)


def _select(page: AppointmentsPage, first: int, count: int) -> None:
    for flat in range(first, first + count):
        place = page.model.found.place(flat)
        key = None if place is None else page.model.found.id_at(place)
        if key is not None:
            page.view.toggle(key)


def _selected(stage: Stage) -> None:
    page = _list(stage)
    _select(page, 1, 3)
    _select(page, 6, 5)


def _everything(stage: Stage) -> None:
    page = _list(stage, replace(State(), range="all"))
    page.view.select_all()
    page.view.jump(2)
    stage.settle(0.15)


def _sorted(stage: Stage) -> None:
    page = _list(stage, replace(State(), range="all", order=Order.PATIENT, hidden=("source",)))
    page.view.jump(3)
    stage.settle(0.2)


def _found(stage: Stage) -> None:
    page = _list(stage)
    page.filters.words.setText("reyes")
    page._find("reyes")
    stage.settle(0.2)


def _nothing(stage: Stage) -> None:
    page = _list(stage)
    page.filters.words.setText("wolfeschlegel")
    page._find("wolfeschlegel")
    stage.settle(0.2)


def _invites(stage: Stage) -> None:
    """Days for which nothing is over yet."""
    far = stage.day.today + timedelta(days=400)
    page = _list(stage, replace(State(), range="custom", custom=(far, far)))
    page.view.jump(2)
    stage.settle(0.15)


def _loading(stage: Stage) -> None:
    page = _list(stage)
    page.model.lines.clear()
    page.view.loading = True
    page.model.read_once = False
    page.view._show_skeleton()
    page.view.viewport().repaint()


def _read_again(stage: Stage) -> None:
    page = stage.workspace.pages.currentWidget()
    assert isinstance(page, AppointmentsPage)
    page.model.error = None
    page.retry()


def _error(stage: Stage) -> None:
    page = _list(stage)
    words = Surroundings("disk", "The disk or the cache file failed. Nothing was lost; run himsog doctor.")
    page.model.error = words
    page.model.failed.emit(words)


def _panel(stage: Stage, act: str, count: int = 14) -> BulkPanel:
    page = _list(stage)
    _select(page, 2, count)
    page.bulk.buttons[act].click()
    panel = stage.workspace.host.panel
    assert isinstance(panel, BulkPanel)
    stage.settle(0.2)
    return panel


def _refusals(stage: Stage) -> None:
    """Moved to a provider who has no time for some; the first of them with its ways out."""
    panel = _panel(stage, "move")
    panel._choose_provider(*panel._names[1])
    stage.settle(0.4)
    panel.outcomes.setCurrentIndex(panel.outcomes.outcomes.index(0, 0))
    stage.settle(0.2)


def _mixed(stage: Stage) -> None:
    """Half moved, half cancelled."""
    panel = _panel(stage, "move", 18)
    panel.later.setText("20m")
    panel._typed()
    stage.settle(0.4)
    for row in range(9):
        panel.outcomes.selectionModel().select(panel.outcomes.outcomes.index(row, 0), MARK)
    panel.set_fate("cancel")
    stage.settle(0.4)
    panel.outcomes.clearSelection()


def _cancelled(stage: Stage) -> None:
    _panel(stage, "cancel", 6)


def _done(stage: Stage) -> None:
    """What was done stays where it stood until order is asked for."""
    panel = _panel(stage, "cancel", 6)
    panel.do_now()
    stage.hand.until(lambda: stage.workspace.host.panel is None, "the act")
    stage.settle(0.3)


def _take_back(stage: Stage) -> None:
    stage.workspace.acts.undo()
    stage.settle(0.3)
    stage.workspace.messages.clear()


def _details(stage: Stage) -> None:
    page = _list(stage)
    place = page.model.found.place(4)
    key = None if place is None else page.model.found.id_at(place)
    assert key is not None
    page.view.go_to(key)
    stage.workspace.open_details(key)
    stage.settle(0.3)


def _private(stage: Stage) -> None:
    _list(stage)
    commands.toggle_privacy(stage.workspace)
    stage.workspace.messages.clear()


def _shown(stage: Stage) -> None:
    commands.toggle_privacy(stage.workspace)
    stage.workspace.messages.clear()


def _letters(scale: float) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        page = _list(stage)
        stage.workspace.prefs.set(stage.workspace.prefs.now._replace(scale=scale))
        stage.settle(0.2)
        _select(page, 1, 2)

    return prepare


def _mirrored(stage: Stage) -> None:
    page = _list(stage)
    page.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    _select(page, 1, 3)
    page.view.refresh()


def _straight(stage: Stage) -> None:
    page = stage.workspace.pages.currentWidget()
    assert isinstance(page, AppointmentsPage)
    page.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    page.view.refresh()


SHOTS = (
    Shot("list-full", _full),
    Shot("list-large", _full, LARGE),
    Shot("list-narrow", _selected, SMALL),
    Shot("list-selected", _selected),
    Shot("list-everything", _everything),
    Shot("list-sorted", _sorted),
    Shot("list-found", _found),
    Shot("list-nothing", _nothing),
    Shot("list-empty", _invites),
    Shot("list-loading", _loading, tidy=_read_again),
    Shot("list-error", _error, tidy=_read_again),
    Shot("list-details", _details),
    Shot("list-private", _private, tidy=_shown),
    Shot("list-letters_200", _letters(2.0)),
    Shot("list-mirrored", _mirrored, tidy=_straight),
    Shot("many-refusals", _refusals),
    Shot("many-refusals_narrow", _refusals, SMALL),
    Shot("many-mixed", _mixed),
    Shot("many-cancel", _cancelled),
    Shot("many-done", _done, tidy=_take_back),
)
