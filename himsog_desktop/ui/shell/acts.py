"""What a person does, from wherever she does it: book, move, states, undo. Each ends in a message.

A key, a drag, a panel and the palette all come through here, so that they look alike: the work goes to the
worker, a refusal says why and changes nothing, and what was done can be undone from its message or by Ctrl+Z.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Signal

from himsog_desktop.domain.appointment import StatusAct
from himsog_desktop.domain.commands import Book, Bulk, Move, SetStatus, SetVisit, Step, Undo, WriteNote
from himsog_desktop.domain.time import parse_instant
from himsog_desktop.ui.shell.keymap import bindings
from himsog_desktop.ui.shell.toasts import Button

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.domain.appointment import CancelledBy, VisitState
    from himsog_desktop.domain.commands import AnswerCard
    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import ActDoc
    from himsog_desktop.ui.bridge import Backend
    from himsog_desktop.ui.calendar.labels import Clock
    from himsog_desktop.ui.shell.toasts import Toasts

    Done = Callable[[ActDoc], None]
    Failed = Callable[[HimsogError], None]

KEEP_REDO = 20

SHOWN = 50
"""Of acts on more appointments the answer only counts them: every part reads what it shows by itself."""


class Acts(QObject):
    """The acts of one open session. ``clock`` writes times as the clinic does; ``privacy`` hides names.

    ``done`` and ``failed`` may be methods of a panel: they are not called when it is gone by then, and a
    refusal is said in a message in their place.
    """

    did = Signal(object)
    """An ``ActDoc``: something was done, by hand or by undo."""
    progress = Signal(int, int)
    """How far a bulk act is: rows done, and rows in all; several times a second."""
    ended = Signal()
    """The bulk act is over, done or not."""

    def __init__(
        self,
        backend: Backend,
        messages: Toasts,
        clock: Callable[[], Clock],
        privacy: Callable[[], bool],
        parent: QObject,
        keys: Callable[[str], str] | None = None,
    ) -> None:
        """``keys`` says the key of an act; without it the usual ones are named."""
        super().__init__(parent)
        self._keys = keys or bindings().first
        self._backend = backend
        self._messages = messages
        self._clock = clock
        self._privacy = privacy
        self.unreached: Callable[[], bool] = _never
        """Whether the profile has a server that is out of reach just now."""
        self._undone: list[str] = []
        self._said: dict[str, str] = {}
        self._stop = False

    # -------------------------------------------------------------------------------- the acts

    def book(self, command: Book, done: Done | None = None, failed: Failed | None = None) -> None:
        """Book. Without ``failed`` a refusal is said in a message."""

        def work(desk: Desk) -> ActDoc:
            from himsog_desktop.services import booking

            return booking.book(desk, command)

        self._do(work, self._booked, done, failed)

    def move(self, command: Move, done: Done | None = None, failed: Failed | None = None) -> None:
        """Move or resize."""

        def work(desk: Desk) -> ActDoc:
            from himsog_desktop.services import booking

            return booking.move(desk, command)

        self._do(work, self._moved, done, failed)

    def set_status(
        self,
        act: StatusAct,
        ids: tuple[str, ...],
        *,
        reason: str | None = None,
        cancelled_for: CancelledBy | None = None,
        done: Done | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Do a status act on one or many."""
        if not ids:
            return
        command = SetStatus(act, ids, reason)
        if cancelled_for is not None:
            command = SetStatus(act, ids, reason, cancelled_for)

        def work(desk: Desk) -> ActDoc:
            from himsog_desktop.services import states

            return states.set_status(desk, command, shown=SHOWN)

        self._do(work, lambda doc: self._stated(act, doc), done, failed)

    def bulk(self, command: Bulk, done: Done | None = None, failed: Failed | None = None) -> None:
        """Do a bulk act: ``progress`` tells how far it is, and ``stop`` ends it with nothing done."""
        self._stop = False

        def work(desk: Desk) -> ActDoc:
            from himsog_desktop.services import bulk

            # Both are called on the worker's thread: the signal is queued, the flag only read.
            return bulk.carry_out(desk, command, None, self.progress.emit, lambda: self._stop, SHOWN)

        def landed(doc: ActDoc) -> None:
            self.ended.emit()
            if done is not None and _there(done):
                done(doc)

        def refused(error: HimsogError) -> None:
            self.ended.emit()
            if failed is not None and _there(failed):
                failed(error)
            else:
                self._backend.unhandled.emit(error)

        self._do(work, self._done_at_once, landed, refused)

    def set_state_of(self, act: StatusAct, ids: tuple[str, ...]) -> None:
        """A status act on one, or on many with its progress."""
        if len(ids) == 1:
            self.set_status(act, ids)
        elif ids:
            self.bulk(Bulk((Step(ids, act),)))

    def stop(self) -> None:
        """The bulk act under way ends with nothing done, unless it is already being saved."""
        self._stop = True

    def set_visit(
        self, appointment_id: str, state: VisitState | None, done: Done | None = None, failed: Failed | None = None
    ) -> None:
        """Say where the patient is."""

        def work(desk: Desk) -> ActDoc:
            from himsog_desktop.services import states

            return states.set_visit(desk, SetVisit(appointment_id, state))

        words = self.tr("not arrived") if state is None else state.value.replace("_", " ")
        self._do(work, lambda doc: f"{self._who(doc)}: {words}.", done, failed)

    def write_note(
        self, appointment_id: str, text: str, done: Done | None = None, failed: Failed | None = None
    ) -> None:
        """Replace a note."""

        def work(desk: Desk) -> ActDoc:
            from himsog_desktop.services import booking

            return booking.write_note(desk, WriteNote(appointment_id, text))

        self._do(work, lambda doc: self.tr("Note of {0} saved.").format(self._who(doc)), done, failed)

    def answer(self, command: AnswerCard, done: Done | None = None, failed: Failed | None = None) -> None:
        """Answer a card of Needs attention."""

        def work(desk: Desk) -> ActDoc:
            from himsog_desktop.services import answering

            return answering.answer(desk, command)

        self._do(work, self._answered, done, failed)

    # ------------------------------------------------------------------------------ undo, redo

    def undo(self, act_id: str | None = None) -> None:
        """Take an act back: the named one, or the newest of this person."""
        found: list[str] = []

        def work(desk: Desk) -> ActDoc:
            from himsog_desktop.services import undoing

            found.append(undoing.meant(desk, Undo(act_id)))
            return undoing.undo(desk, Undo(found[-1]), shown=SHOWN)

        def done(doc: ActDoc) -> None:
            self._undone.append(doc.act)
            del self._undone[:-KEEP_REDO]
            said = self._remembered(found[-1], doc.act)
            text = self.tr("Undone: {0}").format(said) if said else self.tr("Undone. Everything is as it was.")
            text += self._refused(doc)
            self._messages.say(text, Button(self.tr("Redo"), self._keys("redo"), lambda: self.redo(doc.act)))
            self.did.emit(doc)

        self._backend.act(work, done)

    def redo(self, undo_id: str | None = None) -> None:
        """Do again what was undone last, or what the named undo took back."""
        if undo_id is None and not self._undone:
            self._messages.say(self.tr("There is nothing to redo."))
            return
        wanted = undo_id or self._undone[-1]

        def work(desk: Desk) -> ActDoc:
            from himsog_desktop.services import undoing

            return undoing.undo(desk, Undo(wanted), shown=SHOWN)

        def done(doc: ActDoc) -> None:
            if wanted in self._undone:
                self._undone.remove(wanted)
            said = self._remembered(wanted, doc.act)
            text = self.tr("Done again: {0}").format(said) if said else self.tr("Done again.")
            self._messages.say(text + self._refused(doc), self._undo_button(doc.act))
            self.did.emit(doc)

        def failed(error: HimsogError) -> None:
            if wanted in self._undone:
                self._undone.remove(wanted)
            self._backend.unhandled.emit(error)

        self._backend.act(work, done, failed)

    # ----------------------------------------------------------------------------------- words

    def _do(
        self,
        work: Callable[[Desk], ActDoc],
        words: Callable[[ActDoc], str],
        done: Done | None,
        failed: Failed | None,
    ) -> None:
        def landed(doc: ActDoc) -> None:
            # A new act ends what could be redone, as everywhere.
            self._undone.clear()
            # Where every row was refused there is nothing to undo.
            button = self._undo_button(doc.act) if doc.undoable_until else None
            said = words(doc)
            if doc.undoable_until and not self._privacy():
                self._remember(doc.act, said)
            self._messages.say(said + self._refused(doc) + self._kept_here(doc), button)
            self.did.emit(doc)
            if done is not None and _there(done):
                done(doc)

        def refused(error: HimsogError) -> None:
            if failed is not None and _there(failed):
                failed(error)
            else:
                self._backend.unhandled.emit(error)

        self._backend.act(work, landed, refused)

    def _remember(self, act_id: str, text: str) -> None:
        """What was said of an act, to say it of its undo."""
        self._said[act_id] = text
        while len(self._said) > 2 * KEEP_REDO:
            del self._said[next(iter(self._said))]

    def _remembered(self, act_id: str, following: str) -> str:
        """What was said of an act, also for the one that took it back; nothing while names are hidden."""
        text = self._said.get(act_id, "")
        if text:
            self._remember(following, text)
        return "" if self._privacy() else text

    def _undo_button(self, act_id: str) -> Button:
        return Button(self.tr("Undo"), self._keys("undo"), lambda: self.undo(act_id))

    def _booked(self, doc: ActDoc) -> str:
        words = self.tr("Booked {0}, {1}.")
        if self.unreached():
            words = self.tr("Booked here: {0}, {1}. It will be confirmed when the server is reached.")
        return words.format(self._who(doc), self._when(doc))

    def _kept_here(self, doc: ActDoc) -> str:
        """That an act goes to the server later; a booking says it in its own words."""
        if doc.kind == "appointment.book" or not doc.undoable_until or not self.unreached():
            return ""
        return " " + self.tr("It is kept here until the server is reached.")

    def _moved(self, doc: ActDoc) -> str:
        return self.tr("Moved {0} to {1}.").format(self._who(doc), self._when(doc))

    def _answered(self, doc: ActDoc) -> str:
        words = {
            "attention.mine": self.tr("Kept what was wanted"),
            "attention.theirs": self.tr("Kept what is there"),
            "attention.slot": self.tr("Put at another time"),
        }.get(doc.kind, self.tr("Discarded; the reason is kept in history"))
        return f"{words}: {self._who(doc)}, {self._when(doc)}." if doc.changed else f"{words}."

    def _done_at_once(self, doc: ActDoc) -> str:
        if doc.kind == "appointment.move" and doc.count == 1:
            return self._moved(doc)
        words = {
            "appointment.move": self.tr("Moved"),
            **{f"appointment.{act.value}": self._verb(act) for act in StatusAct},
        }
        return f"{words.get(doc.kind, self.tr('Changed'))} {self._who(doc)}."

    def _stated(self, act: StatusAct, doc: ActDoc) -> str:
        return f"{self._verb(act)} {self._who(doc)}."

    def _verb(self, act: StatusAct) -> str:
        words = {
            StatusAct.CONFIRM: self.tr("Confirmed"),
            StatusAct.COMPLETE: self.tr("Completed"),
            StatusAct.CANCEL: self.tr("Cancelled"),
            StatusAct.NO_SHOW: self.tr("Marked as no-show:"),
            StatusAct.REOPEN: self.tr("Reopened"),
            StatusAct.UNCONFIRM: self.tr("No longer confirmed:"),
        }
        return words[act]

    def _who(self, doc: ActDoc) -> str:
        if doc.count != 1 or not doc.changed:
            return self.tr("{0} appointments").format(doc.count)
        if self._privacy():
            return self.tr("the appointment")
        return doc.changed[0].patient.name

    def _when(self, doc: ActDoc) -> str:
        if not doc.changed:
            return ""
        clock = self._clock()
        start: Micros = parse_instant(doc.changed[0].start)
        day = clock.zone.date_of(start)
        return f"{day:%a} {day.day} {day:%b} {clock.time(start)}, {doc.changed[0].provider.name}"

    def _refused(self, doc: ActDoc) -> str:
        if not doc.refused:
            return ""
        found = Counter(row.rules[0].text.rstrip(".") if row.rules else "" for row in doc.refused)
        (why, _), *others = found.most_common()
        words = self.tr("{0} could not be changed").format(len(doc.refused))
        if not others:
            return f" {words} ({why})." if why else f" {words}."
        # The usual reasons with their counts; what is left of many is one figure.
        told = [f"{count}: {text}" for text, count in found.most_common(3) if text]
        rest = len(doc.refused) - sum(count for text, count in found.most_common(3) if text)
        told += [self.tr("{0} for other reasons").format(rest)] if rest else []
        return f" {words} ({'; '.join(told)})."


def _never() -> bool:
    return False


def _there(callback: Callable[..., None]) -> bool:
    """Whether the widget whose method this is still exists: give a method, for of a closure nobody can tell."""
    owner = getattr(callback, "__self__", None)
    return not isinstance(owner, QObject) or shiboken6.isValid(owner)
