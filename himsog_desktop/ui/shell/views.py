"""The saved views of a person: kept, opened with F2 to F12, renamed, put into another order, deleted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.services import views as kept
from himsog_desktop.services.views import MOST, SavedView
from himsog_desktop.ui.shell.keymap import bindings, view_act
from himsog_desktop.ui.shell.pages import is_face
from himsog_desktop.ui.shell.palette import Entry
from himsog_desktop.ui.shell.toasts import Button

if TYPE_CHECKING:
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.ui.shell.workspace import Workspace


class Views(QObject):
    """Holds them in the order of their keys; ``changed`` tells menus. The window owns it."""

    changed = Signal()

    def __init__(self, w: Workspace) -> None:
        super().__init__(w)
        self._w = w
        self.all: list[SavedView] = []
        self._known = False
        """Whether they have been read: what is kept before would take the place of those that were."""
        w.sources.append(self._entries)

    def begin(self) -> None:
        """Read them, when nobody waits for anything."""
        self._w.ready.backend.read(kept.kept, self._came, lambda _error: None, owner=self, background=True)

    def _came(self, found: list[SavedView]) -> None:
        self._known = True
        self.all = found
        self.changed.emit()

    def _read(self) -> bool:
        """Whether they are known; else they are asked for again, and that is said."""
        if not self._known:
            self.begin()
            self._w.messages.say(self._w.tr("The saved views are not read yet. Try again."), error=True, topic="views")
        return self._known

    @property
    def now(self) -> SavedView:
        """What is in view, as a view without a name."""
        prefs = self._w.prefs.now
        columns, hidden, order = prefs.shown_by
        return SavedView("", self._w.face_page, columns, hidden, order, prefs.zoom)

    @property
    def current(self) -> str:
        """The id of the saved view that is in view, ``""`` for none."""
        now = self.now
        return next((view.id for view in self.all if view.shows_as(now)), "")

    def key_of(self, number: int) -> str:
        """The key of a view, as screens write it."""
        return bindings(self._w.prefs.now.keys).first(view_act(number))

    # ---------------------------------------------------------------------------------- acts

    def open(self, number: int) -> None:
        """Show a view; says what to do where there is none of that key."""
        w = self._w
        if not self._read():
            return
        if not 0 <= number < len(self.all):
            words = w.tr("No view is saved on {0}: arrange the columns, then save the view in their menu.")
            w.messages.say(words.format(self.key_of(number)), topic="views")
            return
        view = self.all[number]
        prefs = w.prefs.now._replace(zoom=view.zoom, columns=view.columns)
        w.prefs.set(prefs.arranged(view.hidden, view.order))
        w.show_face(view.face if is_face(view.face) else "today")
        w.messages.say(w.tr("View: {0}").format(view.name), topic="views")

    def save(self, name: str) -> bool:
        """Keep what is in view under a name; one of that name makes room. False when that can't be."""
        w = self._w
        if not self._read():
            return False
        try:
            view = kept.named(self.now, name)
        except BadInput as error:
            w.messages.say(error.message, error=True)
            return False
        same = next((n for n, known in enumerate(self.all) if known.name.casefold() == view.name.casefold()), None)
        if same is None and len(self.all) >= MOST:
            words = w.tr("There are {0} views already, one for each key. Delete one first.")
            w.messages.say(words.format(MOST), error=True)
            return False
        changed = list(self.all)
        if same is None:
            changed.append(view)
        else:
            changed[same] = kept.named(self.now, view.name, self.all[same].id)
        self._set(changed)
        number = len(changed) - 1 if same is None else same
        w.messages.say(w.tr("Saved as {0}: {1} opens it.").format(view.name, self.key_of(number)), topic="views")
        return True

    def rename(self, view_id: str, name: str) -> bool:
        """Give a view another name."""
        try:
            self._set([kept.named(view, name) if view.id == view_id else view for view in self.all])
        except BadInput as error:
            self._w.messages.say(error.message, error=True)
            return False
        return True

    def delete(self, view_id: str) -> None:
        """Forget a view; the message gives it back."""
        before = list(self.all)
        gone = next((view for view in before if view.id == view_id), None)
        if gone is None:
            return
        self._set([view for view in before if view.id != view_id])
        w = self._w
        button = Button(w.tr("Undo"), "", lambda: self._set(before))
        w.messages.say(w.tr("View {0} deleted.").format(gone.name), button, topic="views")

    def arrange(self, ids: list[str]) -> None:
        """Put them into another order: their keys follow."""
        place = {key: number for number, key in enumerate(ids)}
        self._set(sorted(self.all, key=lambda view: place.get(view.id, len(place))))

    def _set(self, views: list[SavedView]) -> None:
        if views == self.all:
            return
        self.all = views

        def keep(desk: Desk) -> None:
            kept.keep(desk, views)

        self._w.ready.backend.act(keep)
        self.changed.emit()

    # ------------------------------------------------------------------------------- palette

    def _entries(self) -> list[Entry]:
        from himsog_desktop.ui.models import search_model

        return [
            Entry(search_model.COMMAND, view_act(n), self.tr("View: {0}").format(view.name), self.key_of(n), "saved")
            for n, view in enumerate(self.all)
        ]

    def acts(self) -> dict[str, partial[None]]:
        """The acts of the keys."""
        return {view_act(number): partial(self.open, number) for number in range(MOST)}
