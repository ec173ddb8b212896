"""The menu of the columns: which are shown, in what order, of providers or of rooms, and the saved views."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QMenu, QVBoxLayout, QWidget, QWidgetAction

from himsog_desktop.domain.day import NO_ROOM
from himsog_desktop.ui.shell.provider_picker import Choice, ProviderChooser

if TYPE_CHECKING:
    from collections.abc import Iterable

    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.ui.shell.controls import MenuButton
    from himsog_desktop.ui.shell.prefs import Prefs
    from himsog_desktop.ui.shell.view_list import ViewSection
    from himsog_desktop.ui.shell.workspace import Workspace

ROOMY = 560
"""From this height of the window on, at scale 1, everything is shown at once."""


class Columns(NamedTuple):
    """The providers and the rooms of the clinic, each in their order, shown or not."""

    providers: list[Choice]
    rooms: list[Choice]


def read_choices(desk: Desk, hidden: tuple[str, ...], order: tuple[str, ...]) -> list[Choice]:
    """The providers as the picker shows them."""
    from himsog_desktop.services import directory

    return _arranged(((p.id, p.name) for p in directory.providers(desk)), hidden, order)


def read_columns(desk: Desk, prefs: Prefs) -> Columns:
    """Both kinds; no rooms where the clinic has none."""
    from himsog_desktop.services.day import NO_ROOM_NAME

    providers = read_choices(desk, prefs.hidden, prefs.order)
    rooms = [(room.id, room.name) for room in desk.clinic.rooms]
    if not rooms:
        return Columns(providers, [])
    return Columns(providers, _arranged([*rooms, (NO_ROOM, NO_ROOM_NAME)], prefs.rooms_hidden, prefs.rooms_order))


def _arranged(found: Iterable[tuple[str, str]], hidden: tuple[str, ...], order: tuple[str, ...]) -> list[Choice]:
    place = {key: i for i, key in enumerate(order)}
    choices = [Choice(key, name, key not in hidden) for key, name in found]
    return sorted(choices, key=lambda c: place.get(c.id, len(place)))


class ColumnsMenu(QMenu):
    """One menu and the words on its button. What is in it is made when it first opens."""

    def __init__(self, w: Workspace, button: MenuButton) -> None:
        super().__init__(w)
        self._w = w
        self._button = button
        self._known: Columns | None = None
        self._making = False
        self.chooser: ProviderChooser | None = None
        self.views: ViewSection | None = None
        self._action: QWidgetAction | None = None
        self._tall = 0
        button.set_menu(self)
        self.aboutToShow.connect(self._opening)
        w.look.changed.connect(self._restyled)
        w.prefs.changed.connect(self._prefs_changed)
        w.ready.backend.changed.connect(self._data_changed)
        self._read()

    # ---------------------------------------------------------------------------------- data

    def _read(self) -> None:
        prefs = self._w.prefs.now
        key = f"columns:{id(self)}"
        self._w.ready.backend.read(lambda desk: read_columns(desk, prefs), self._show, key=key, owner=self)

    def _prefs_changed(self, new: Prefs, old: Prefs) -> None:
        if (new.shown_by, new.hidden, new.order) != (old.shown_by, old.hidden, old.order):
            self._read()
        elif new.zoom != old.zoom and self.views is not None and self.isVisible():
            self.views.show_views()
            self._refit()

    def _data_changed(self, changes: ChangeSet) -> None:
        if changes.everything or not changes.lists.isdisjoint(("provider", "clinic")):
            self._read()

    def _show(self, found: Columns) -> None:
        w = self._w
        self._known = found
        w.provider_names = [(c.id, c.name) for c in found.providers]
        rooms = w.prefs.now.by_rooms and bool(found.rooms)
        choices = found.rooms if rooms else found.providers
        shown = sum(1 for c in choices if c.shown)
        if shown == len(choices):
            words = self.tr("All rooms") if rooms else self.tr("All providers")
        else:
            some = self.tr("{0} of {1} rooms") if rooms else self.tr("{0} of {1} providers")
            words = some.format(shown, len(choices))
        self._button.setText(words)
        self._button.updateGeometry()
        if self.chooser is not None:
            self.chooser.list.show_choices(choices)
            self.chooser.show_kind(w.prefs.now.columns if rooms else "providers")
        if self.views is not None:
            self.views.show_views()
            self._refit()

    def _refit(self) -> None:
        """More saved views, more room: a menu keeps the size of a widget in it until its action changes."""
        if self._action is None:
            return
        tall = self._action.defaultWidget().sizeHint().height()
        if tall != self._tall:
            self._tall = tall
            self._action.setText(str(tall))

    # --------------------------------------------------------------------------------- parts

    def _opening(self) -> None:
        if self.chooser is None:
            self._make()
        if self._known is not None:
            self._show(self._known)
        if self.chooser is not None:
            self.chooser.list.setFocus()

    def sizeHint(self) -> QSize:
        # Asked for its place before it opens: only what is in it knows its size.
        if self.chooser is None and not self._making:
            self._make()
        self._refit()
        return super().sizeHint()

    def _restyled(self) -> None:
        """Another look has other sizes: what is in it is made anew when it next opens."""
        if self.chooser is not None and not self.isVisible():
            self.clear()
            self.chooser = self.views = self._action = None

    def _make(self) -> None:
        self._making = True
        self._fill()
        self._making = False

    def _fill(self) -> None:
        w = self._w
        m = w.look.theme.metrics
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(m.s, m.s, m.s, m.s)
        column.setSpacing(m.m)
        self.chooser = ProviderChooser(w.look, holder, kinds=self._known is not None and bool(self._known.rooms))
        self.chooser.arranged.connect(lambda hidden, order: w.prefs.set(w.prefs.now.arranged(hidden, order)))
        self.chooser.kind_chosen.connect(lambda kind: w.prefs.set(w.prefs.now._replace(columns=kind)))
        # With large letters in a small window the list is scrolled, so that the views below it are seen.
        self.chooser.list.setFixedHeight(max(min(m.px(210), round(w.height() * 0.28)), m.px(70)))
        roomy = w.height() >= m.px(ROOMY)
        self.chooser.hint.setVisible(roomy)
        column.addWidget(self.chooser)
        if w.views is not None:
            from himsog_desktop.ui.shell.view_list import ViewSection

            line = QFrame(holder)
            line.setFrameShape(QFrame.Shape.HLine)
            line.setFrameShadow(QFrame.Shadow.Plain)
            line.setForegroundRole(line.palette().ColorRole.Mid)
            column.addWidget(line)
            self.views = ViewSection(w.look, w.views, holder, rows=4 if roomy else 2)
            self.views.done.connect(self.close)
            self.views.resized.connect(self._refit)
            column.addWidget(self.views)
        action = QWidgetAction(self)
        action.setDefaultWidget(holder)
        self.addAction(action)
        self._action = action

    def begin_naming(self) -> None:
        """The keyboard to the name of what is in view."""
        if self.views is not None:
            self.views.begin_naming()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through what stands in the menu; Qt's menus go through their actions only."""
        chooser, views = self.chooser, self.views
        if chooser is None:
            return super().focusNextPrevChild(forward)
        stops: list[QWidget] = [*(chooser.kinds.segments if chooser.kinds is not None else []), chooser.list]
        if views is not None:
            stops += [views.rows, views.rename, views.remove, views.name, views.save]
        stops = [stop for stop in stops if stop.isVisible()]
        focus = self.focusWidget()
        at = stops.index(focus) if focus in stops else -1
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(at + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True
