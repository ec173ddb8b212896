"""Shots of what the hand does in the calendar: rooms as columns, saved views, the pinboard, a second zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from himsog_desktop.ui.shell.columns_menu import ColumnsMenu
from himsog_desktop.ui.shell.prefs import PROVIDERS, ROOMS
from himsog_desktop.ui.tour.stage import SMALL, Shot, Stage

if TYPE_CHECKING:
    from himsog_desktop.ui.shell.views import Views


def _columns(stage: Stage, kind: str) -> None:
    stage.context.prefs.set(stage.context.prefs.now._replace(columns=kind))
    stage.settle()


def _rooms(stage: Stage) -> None:
    _columns(stage, ROOMS)


def _rooms_drag(stage: Stage) -> None:
    """An appointment without a room on its way into one."""
    _columns(stage, ROOMS)
    view = stage.view
    layout, page = view.scene.layout, view.page
    assert layout is not None
    assert page is not None
    now = stage.context.clock.now()
    tile = next(t for t in page.tiles if t.start > now and t.status == "CONFIRMED" and not (page.rooms or {}).get(t.id))
    view.go_to(tile.id)
    x, y = view.offset()
    box = layout.by_id[tile.id]
    at = QPoint(box.x - x + 20, box.y - y + 8)
    stage.drag(at, QPoint(layout.columns.left(0) - x + 60, at.y()))


def _providers(stage: Stage) -> None:
    stage.view.hand.cancel()
    _columns(stage, PROVIDERS)


def _views(stage: Stage) -> Views:
    views = stage.workspace.views
    assert views is not None
    return views


def _saved(stage: Stage) -> None:
    """Two views, one of them in view, and the menu that holds them."""
    views = _views(stage)
    for view in list(views.all):
        views.delete(view.id)
    stage.settle()
    views.save("Everybody")
    _columns(stage, ROOMS)
    views.save("Rooms")
    prefs = stage.context.prefs
    prefs.set(prefs.now._replace(columns=PROVIDERS, zoom=30))
    views.save("The whole day")
    prefs.set(prefs.now._replace(zoom=15))
    stage.workspace.messages.clear()
    stage.day.toolbar.providers.open_menu()


def _rename(stage: Stage) -> None:
    _saved(stage)
    menu = stage.day.toolbar.providers.menu
    assert isinstance(menu, ColumnsMenu)
    assert menu.views is not None
    menu.views.rows.setCurrentRow(1)
    menu.views.rename.click()


def _no_views(stage: Stage) -> None:
    views = _views(stage)
    for view in list(views.all):
        views.delete(view.id)
    stage.settle()
    stage.workspace.messages.clear()


def _pinned(stage: Stage) -> None:
    """Three appointments on the board."""
    page, pins = stage.view.page, stage.workspace.pins
    assert page is not None
    assert pins is not None
    now = stage.context.clock.now()
    coming = [t for t in page.tiles if t.start > now and t.status in ("PENDING", "CONFIRMED")]
    pins.pin(tuple(t.id for t in coming[4:19:7]))
    stage.settle()
    stage.hand.until(lambda: len(pins.all) == 3, "three pins")


def _carried(stage: Stage) -> None:
    """One of them in hand, on the next day."""
    _pinned(stage)
    stage.day.step(1)
    stage.settle()
    pins = stage.workspace.pins
    assert pins is not None
    pins.pick(pins.all[0].tile.id)
    stage.settle()


def _elsewhere(stage: Stage) -> None:
    """The computer stands in another zone than the clinic."""
    from himsog_desktop.domain.time import zone

    away = zone("Europe/Berlin")
    stage.view.set_elsewhere(away.minutes_of, stage.context.zone)


def _here(stage: Stage) -> None:
    stage.view.set_elsewhere(stage.context.zone.minutes_of, stage.context.zone)


def _pin_hint(stage: Stage) -> None:
    """What is dragged may be let go on the bar below."""
    page, layout = stage.view.page, stage.view.scene.layout
    assert page is not None
    assert layout is not None
    now = stage.context.clock.now()
    tile = next(t for t in page.tiles if t.start > now and t.status == "CONFIRMED")
    stage.view.go_to(tile.id)
    x, y = stage.view.offset()
    box = layout.by_id[tile.id]
    at = QPoint(box.x - x + 20, box.y - y + 8)
    stage.drag(at, at + QPoint(30, 60))


def _unpinned(stage: Stage) -> None:
    stage.view.hand.cancel()
    pins = stage.workspace.pins
    assert pins is not None
    pins.clear()
    stage.settle()
    stage.workspace.messages.clear()


SHOTS = (
    Shot("pinboard-day", _pinned, tidy=_unpinned),
    Shot("pinboard-carried", _carried, tidy=_unpinned),
    Shot("pinboard-small", _carried, SMALL, tidy=_unpinned),
    Shot("pinboard-drop", _pin_hint, tidy=_providers),
    Shot("day-second_zone", _elsewhere, tidy=_here),
    Shot("day-rooms", _rooms, tidy=_providers),
    Shot("day-rooms_drag", _rooms_drag, tidy=_providers),
    Shot("day-rooms_small", _rooms, SMALL, tidy=_providers),
    Shot("menu-views", _saved, tidy=_no_views),
    Shot("menu-views_rename", _rename, tidy=_no_views),
)
