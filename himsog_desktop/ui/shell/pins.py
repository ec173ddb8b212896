"""The pinboard of a session: what is pinned, from where it is carried, where it is put down.

The appointment stays where it is until it is put on another day, by an act like any other move. What a colleague
cancels leaves the board with a word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect

from himsog_desktop.domain.wording import initials
from himsog_desktop.services import pins as kept
from himsog_desktop.ui.shell.day import Day
from himsog_desktop.ui.shell.toasts import Button

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import ActDoc
    from himsog_desktop.services.pins import Board, Lost, Pin
    from himsog_desktop.ui.calendar.day_view import DayView
    from himsog_desktop.ui.shell.pin_strip import DropHint, PinStrip
    from himsog_desktop.ui.shell.workspace import Workspace

PLACES = ("appointment.move", "appointment.bulk")
"""Acts after which a pinned appointment has come where it was carried to."""


class Pins(QObject):
    """Holds the board; the strip that shows it is made with the first pin. The window owns it."""

    def __init__(self, w: Workspace) -> None:
        super().__init__(w)
        self._w = w
        self.all: tuple[Pin, ...] = ()
        self.strip: PinStrip | None = None
        self._hint: DropHint | None = None
        self._ids: list[str] = []
        self._known = False
        """Whether the board has been read: what is pinned before comes on top of it."""
        self._carrying: DayView | None = None
        backend = w.ready.backend
        backend.changed.connect(self._data_changed)
        w.ready.acts.did.connect(self._did)
        w.prefs.changed.connect(lambda new, old: self._show() if new.privacy != old.privacy else None)
        self.join(w.day)
        self._read(background=True)

    def join(self, page: QWidget) -> None:
        """A face that was made: what is dragged out of it can be pinned."""
        if isinstance(page, Day):
            view = page.view
            view.takes_at = self._takes
            view.hand_over = lambda key: self.pin((key,))
            view.lifted.connect(self._lifted)

    # ---------------------------------------------------------------------------------- data

    def _read(self, *, background: bool = False) -> None:
        backend = self._w.ready.backend
        backend.read(kept.board, self._came, lambda _error: None, key="pins", owner=self, background=background)

    def _came(self, board: Board) -> None:
        self._known = True
        self.all = board.pins
        self._ids = [pin.tile.id for pin in board.pins]
        if board.lost:
            for lost in board.lost:
                self._say_lost(lost)
            self._keep(self._ids)
        self._show()

    def _say_lost(self, lost: Lost) -> None:
        w = self._w
        hidden = w.prefs.now.privacy or not lost.name
        name = w.tr("An appointment") if hidden else lost.name
        w.messages.say(w.tr("{0} left the pinboard: {1}.").format(name, lost.why))

    def _data_changed(self, changes: ChangeSet) -> None:
        if self._ids and (changes.everything or not changes.appointments.isdisjoint(self._ids) or changes.patients):
            self._read()

    def _did(self, doc: ActDoc) -> None:
        """What was moved has come where it was carried to."""
        if doc.kind.startswith(PLACES):
            placed = {changed.id for changed in doc.changed}
            if not placed.isdisjoint(self._ids):
                self._keep([key for key in self._ids if key not in placed])

    def _keep(self, ids: list[str]) -> None:
        self._ids = ids
        known = self._known

        def work(desk: Desk) -> Board:
            kept.keep(desk, ids if known else [*kept.pinned(desk), *ids])
            return kept.board(desk)

        self._w.ready.backend.act(work, self._came, owner=self)

    # ---------------------------------------------------------------------------------- acts

    def toggle(self, ids: tuple[str, ...]) -> None:
        """Pin these; where all of them are pinned already, unpin them."""
        w = self._w
        if not ids:
            w.messages.say(w.tr("Choose an appointment first: arrows, or a click."))
        elif all(key in self._ids for key in ids):
            self.unpin(ids)
        else:
            self.pin(ids)

    def holds(self, key: str) -> bool:
        """Whether an appointment is pinned."""
        return key in self._ids

    def pin(self, ids: tuple[str, ...]) -> None:
        """Put appointments on the board."""
        w = self._w
        fresh = [key for key in ids if key not in self._ids]
        if len(self._ids) + len(fresh) > kept.MOST:
            w.messages.say(w.tr("The pinboard holds {0}. Put some down first.").format(kept.MOST), error=True)
            return
        self._keep([*self._ids, *fresh])

    def unpin(self, ids: tuple[str, ...]) -> None:
        """Take them off the board: they stay where they are booked."""
        self._keep([key for key in self._ids if key not in ids])

    def clear(self) -> None:
        """Empty the board; the message gives it back."""
        before = list(self._ids)
        if before:
            w = self._w
            self._keep([])
            button = Button(w.tr("Undo"), "", lambda: self._keep(before))
            w.messages.say(w.tr("The pinboard is empty; every appointment stays where it is."), button, topic="pins")

    def take_keyboard(self) -> None:
        """The keyboard stands on the board."""
        w = self._w
        if self.strip is None or not self.all:
            w.messages.say(w.tr("Nothing is pinned: B pins the chosen appointment."), topic="pins")
        else:
            self.strip.take_keyboard()

    # --------------------------------------------------------------------------------- carry

    def pick(self, key: str) -> None:
        """Take a pinned appointment in hand: arrows, Alt and arrows for other days, Enter puts it down."""
        pin = next((pin for pin in self.all if pin.tile.id == key), None)
        view = self._grid()
        if pin is None or view is None:
            return
        view.setFocus()
        if view.hand.bring(pin.tile, by_pointer=False):
            view.announce(self.tr("Arrows, Alt and arrows for another day, Enter puts it down, Escape gives it back"))

    def drag(self, key: str, at: QPoint) -> None:
        """It is dragged off the board, over the screen."""
        if self._carrying is None:
            pin = next((pin for pin in self.all if pin.tile.id == key), None)
            view = self._grid()
            if pin is None or view is None:
                return
            view.setFocus()
            if not view.hand.bring(pin.tile, by_pointer=True):
                return
            self._carrying = view
        if self._carrying.hand.gesture is not None:
            self._carrying.pointer.bring_to(at)

    def drop(self, at: QPoint) -> None:
        """It is let go."""
        view, self._carrying = self._carrying, None
        if view is not None and view.hand.gesture is not None:
            view.pointer.bring_end(at)

    def give_back(self) -> None:
        """What is dragged off the board goes back to it."""
        view, self._carrying = self._carrying, None
        if view is not None:
            view.hand.cancel()

    def _grid(self) -> DayView | None:
        """The face that takes an appointment in hand; the day where another page is in view."""
        w = self._w
        if w.grid is not w.pages.currentWidget():
            w.show_face("today")
        return w.grid.view

    def _takes(self, at: QPoint) -> bool:
        area = self._area()
        return area.contains(self._w.mapFromGlobal(at))

    def _area(self) -> QRect:
        """Where a dragged appointment is let go to be pinned: the strip, and the bar below."""
        area = self._w.status.geometry()
        if self.strip is not None and self.strip.isVisible():
            area = area.united(self.strip.geometry())
        return area

    def _lifted(self, key: str) -> None:
        """While something is dragged the bar says that it can be let go there."""
        pinned = key in self._ids
        if key and not pinned and self._carrying is None:
            if self._hint is None:
                from himsog_desktop.ui.shell.pin_strip import DropHint

                self._hint = DropHint(self._w.look, self._w)
            self._hint.setGeometry(self._w.status.geometry())
            self._hint.show()
            self._hint.raise_()
        elif self._hint is not None:
            self._hint.hide()

    # ---------------------------------------------------------------------------------- show

    def _show(self) -> None:
        if self.strip is None:
            if not self.all:
                return
            from himsog_desktop.ui.shell.pin_strip import PinStrip

            w = self._w
            self.strip = PinStrip(w.look, w)
            self.strip.picked.connect(self.pick)
            self.strip.unpinned.connect(lambda key: self.unpin((key,)))
            self.strip.cleared.connect(self.clear)
            self.strip.left.connect(w.take_keyboard)
            self.strip.dragged.connect(self.drag)
            self.strip.dropped.connect(self.drop)
            w.add_strip(self.strip)
        clock, privacy = self._w.day.view.clock, self._w.prefs.now.privacy
        if self._carrying is not None and self._carrying.hand.gesture is not None:
            held = self._carrying.hand.gesture.tile_id
            if all(pin.tile.id != held for pin in self.all):
                self.give_back()
        self.strip.show_pins(
            [
                (
                    pin.tile.id,
                    initials(pin.tile.name) if privacy else pin.tile.name,
                    f"{(pin.tile.end - pin.tile.start) // 60_000_000} min",
                    f"{clock.zone.wall(pin.tile.start):%a} {clock.zone.wall(pin.tile.start).day} "
                    f"{clock.zone.wall(pin.tile.start):%b} {clock.time(pin.tile.start)}",
                    pin.provider,
                )
                for pin in self.all
            ]
        )
