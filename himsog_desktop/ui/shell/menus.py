"""The menus of an open session. They pop up without a nested loop and are made when they are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from himsog_desktop.domain.appointment import Status, StatusAct, VisitState, allowed_acts
from himsog_desktop.ui.shell.keymap import bindings

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPoint

    from himsog_desktop.ui.shell.controls import MenuButton
    from himsog_desktop.ui.shell.keymap import Chosen
    from himsog_desktop.ui.shell.workspace import Workspace

SCHEMES: tuple[tuple[str | None, str], ...] = ((None, "Like the system"), ("light", "Light"), ("dark", "Dark"))
_ACTS = {
    StatusAct.CONFIRM: ("Confirm", "confirm"),
    StatusAct.COMPLETE: ("Complete", "complete"),
    StatusAct.NO_SHOW: ("No-show", "no_show"),
    StatusAct.CANCEL: ("Cancel…", "cancel"),
    StatusAct.UNCONFIRM: ("Back to requested", ""),
    StatusAct.REOPEN: ("Reopen", ""),
}
_VISITS = (
    (VisitState.ARRIVED, "Arrived"),
    (VisitState.IN_ROOM, "In room"),
    (VisitState.WITH_PROVIDER, "With provider"),
    (VisitState.CHECKED_OUT, "Checked out"),
)


def _entry(menu: QMenu, words: str, keys: str, press: Callable[[], object]) -> QAction:
    made = menu.addAction(f"{words}\t{keys}" if keys else words)
    made.triggered.connect(lambda _on=False: press())
    return made


def fill_person_menu(w: Workspace) -> None:
    """Who sits here, and what belongs to the window rather than to the clinic."""
    menu = QMenu(w)
    group = QActionGroup(menu)
    for scheme, words in SCHEMES:
        action = menu.addAction(w.tr(words))
        action.setCheckable(True)
        action.setChecked(w.prefs.now.scheme == scheme)
        action.triggered.connect(lambda _on=False, s=scheme: w.scheme_asked.emit(s))
        action.setData(scheme)
        group.addAction(action)
    w.prefs.changed.connect(lambda new, _old: _check(group, new.scheme))
    menu.addSeparator()
    from himsog_desktop.ui.shell.commands import do

    server = ((w.tr("Connection to the server"), "connection"),) if w.session.opened.shared else ()
    entries = (
        (w.tr("Print the day…"), "print"),
        (w.tr("Hide or show names"), "privacy"),
        (w.tr("Keys"), "help"),
        (w.tr("Settings"), "page_settings"),
        (w.tr("Performance"), "performance"),
        *server,
        ("", ""),
        (w.tr("Lock"), "lock"),
        (w.tr("Quit"), "quit"),
    )
    named: list[tuple[QAction, str, str]] = []
    for words, act in entries:
        if not act:
            menu.addSeparator()
            continue
        named.append((_entry(menu, words, "", lambda act=act: do(w, act)), words, act))  # type: ignore[misc]

    def name_keys(chosen: Chosen) -> None:
        for action, words, act in named:
            keys = bindings(chosen).first(act)
            action.setText(f"{words}\t{keys}" if keys else words)

    name_keys(w.prefs.now.keys)
    w.prefs.changed.connect(lambda new, _old: name_keys(new.keys))
    w.top.person.set_menu(menu)


def _check(group: QActionGroup, scheme: str | None) -> None:
    for action in group.actions():
        action.setChecked(action.data() == scheme)


def fill_provider_menu(w: Workspace) -> None:
    """The columns of the day: shown or not, and in what order."""
    fill_providers(w, w.day.toolbar.providers)


def fill_providers(w: Workspace, button: MenuButton) -> None:
    """The same above another face of the calendar."""
    from himsog_desktop.ui.shell.columns_menu import ColumnsMenu

    ColumnsMenu(w, button)


def show_tile_menu(w: Workspace, tile_id: str, at: QPoint) -> None:
    """What can be done with the appointment under the pointer, or on the free time."""
    menu = QMenu(w)
    menu.aboutToHide.connect(menu.deleteLater)
    tile = w.tile(tile_id) if tile_id else None
    grid = w.grid
    if tile is None and w.face is not grid:
        _entry(menu, w.tr("New appointment"), "Ctrl+N", w.open_booking)
        menu.popup(at)
        return
    if tile is None:
        cursor, page = grid.view.cursor, grid.view.page
        if cursor is not None and page is not None:
            request = grid.request_at(page.columns[cursor.column].provider, cursor.start)
            _entry(menu, w.tr("Book here"), "Enter", lambda: w.open_booking(request))
        menu.popup(at)
        return
    ids = w.chosen()
    ids = ids if tile_id in ids else (tile_id,)
    _entry(menu, w.tr("Open"), "Enter", lambda: w.open_details(tile_id))
    menu.addSeparator()
    offered = set(allowed_acts(Status(tile.status)))
    in_force = bindings(w.prefs.now.keys)
    for act, (words, name) in _ACTS.items():
        keys = in_force.first(name)
        if act in offered or (len(ids) > 1 and name):
            many = f" ({len(ids)})" if len(ids) > 1 else ""
            press = (lambda: w.open_cancel(ids)) if act is StatusAct.CANCEL else _stater(w, act, ids)
            _entry(menu, w.tr(words) + many, keys, press)
    if w.pins is not None and tile.status in (Status.PENDING.value, Status.CONFIRMED.value):
        pins = w.pins
        words = w.tr("Unpin") if all(pins.holds(key) for key in ids) else w.tr("Pin to carry")
        many = f" ({len(ids)})" if len(ids) > 1 else ""
        _entry(menu, words + many, in_force.first("pin"), lambda: pins.toggle(ids))
    if tile.status in (Status.PENDING.value, Status.CONFIRMED.value):
        menu.addSeparator()
        for state, words in _VISITS:
            action = _entry(menu, w.tr(words), "", _visitor(w, tile_id, state))
            action.setCheckable(True)
            action.setChecked(tile.visit == state.value)
    menu.popup(at)


def _stater(w: Workspace, act: StatusAct, ids: tuple[str, ...]) -> Callable[[], None]:
    return lambda: w.acts.set_status(act, ids)


def _visitor(w: Workspace, tile_id: str, state: VisitState) -> Callable[[], None]:
    return lambda: w.acts.set_visit(tile_id, state)
