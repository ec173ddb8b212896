"""One appointment beside the day: who, when, what state, what may be done, note, the patient's others, history.

It follows what anybody writes (a ``ChangeSet`` that names the appointment or its patient): the parts are
brought up to date in place, so that the keyboard and half-typed text stay where they are.

Long because the signals of all parts meet here; parts and layout are modules of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from himsog_desktop.domain.appointment import Status, StatusAct
from himsog_desktop.domain.money import shown
from himsog_desktop.ui.appointments.act_part import (
    STYLES,
    icon_of_status,
)
from himsog_desktop.ui.appointments.details_form import DetailsForm
from himsog_desktop.ui.appointments.details_words import other_facts, reason_lines, warning_lines
from himsog_desktop.ui.appointments.offers import minutes_words
from himsog_desktop.ui.appointments.rows import SKELETON_MS, Row
from himsog_desktop.ui.appointments.words import LOCATIONS, Teller, day_words, moment_words
from himsog_desktop.ui.calendar.labels import Clock, one_line
from himsog_desktop.ui.shell.keymap import bindings
from himsog_desktop.ui.shell.panels import BookingRequest
from himsog_desktop.ui.shell.toasts import Button

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtGui import QKeyEvent

    from himsog_desktop.domain.appointment import CancelledBy, VisitState
    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.domain.day import Tile
    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import ActDoc
    from himsog_desktop.services.panels import Details, Past
    from himsog_desktop.ui.shell.context import DeskContext

TICK_MS = 20_000
"""How often the minutes waited are written anew."""

_ACTS = {
    "confirm": StatusAct.CONFIRM,
    "complete": StatusAct.COMPLETE,
    "cancel": StatusAct.CANCEL,
    "no_show": StatusAct.NO_SHOW,
}
"""Acts of the key map that are done to this appointment, whatever is chosen in the day."""


class DetailsPanel(DetailsForm):
    """One appointment."""

    def __init__(self, context: DeskContext, appointment_id: str) -> None:
        super().__init__(context)
        self.appointment_id = appointment_id
        self.details: Details | None = None
        self.gone = False
        self._focus_wanted = False
        self._held_note: str | None = None
        """A note that is too long, of which somebody was told who wanted to leave."""
        self._connect()
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(SKELETON_MS)
        self._late.timeout.connect(self._show_skeleton)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._show_state)
        self._late.start()
        self.read()

    def _prefs_changed(self, _new: object, _old: object) -> None:
        # A method, not a lambda: it goes with the panel.
        if self.details is not None:
            self._show()

    def _connect(self) -> None:
        self._context.backend.changed.connect(self._data_changed)
        self._context.prefs.changed.connect(self._prefs_changed)
        self.retry.clicked.connect(self.read)
        self.acts.asked.connect(self.do_act)
        self.acts.move_asked.connect(self.move_it)
        self.visit.asked.connect(self._set_visit)
        self.cancel_form.cancelled.connect(self._cancel)
        self.cancel_form.kept.connect(self._keep)
        self.note.saved.connect(self._save_note)
        self.others.taken.connect(self._go_to_other)
        self.history.asked.connect(self._unfold_history)
        self.number.clicked.connect(self._copy_number)
        self.book_more.clicked.connect(self._book_more)
        QApplication.instance().focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]

    # -------------------------------------------------------------------------------- reading

    def shows(self, appointment_id: str) -> bool:
        """Whether these are the details of that appointment."""
        return appointment_id == self.appointment_id

    def read(self) -> None:
        """Read it, and show what there is when it comes."""
        key = self.appointment_id

        def work(desk: Desk) -> Details:
            from himsog_desktop.services import panels

            return panels.details(desk, key)

        self._context.backend.read(work, self._arrived, self.show_error, key="details", owner=self)
        if self.history.open:
            self._read_history()

    def _arrived(self, details: Details) -> None:
        self._late.stop()
        self.gone = False
        self.details = details
        self.skeleton.hide()
        self.trouble.say()
        self.content.show()
        self._show()
        if self._focus_wanted:
            self._focus_wanted = False
            self.focus_first()

    def show_error(self, error: HimsogError) -> None:
        """It could not be read: why, and Try again; deleted is said as such."""
        self._late.stop()
        self.skeleton.hide()
        if error.code == "not_found":
            self._show_gone()
            return
        self.trouble.say(error.message)
        self.retry.show()
        if self.details is None:
            self.content.hide()

    def _show_gone(self) -> None:
        """It was deleted: said so, with what was half typed still there to be copied."""
        self.gone = True
        self._tick.stop()
        self.set_title(self.tr("Deleted appointment"))
        words = [self.tr("This appointment was deleted.")]
        if self.details is None:
            words = [self.tr("There is no such appointment any more.")]
        if self.note.dirty and self.details is not None:
            words.append(self.tr("Your note was not saved; it still stands below."))
        self.trouble.say(*words)
        self.retry.hide()
        for widget in (self.state, self.visit, self.acts, self.cancel_form, self.problem, self.warnings, self.reason):
            widget.hide()
        self.note.setVisible(self.note.dirty)
        self.note.edit.setReadOnly(True)
        key = self.appointment_id

        def read(desk: Desk) -> Past:
            from himsog_desktop.services import panels

            return panels.past(desk, key)

        def show(found: Past) -> None:
            if self.gone and found.entries and not found.entries[0].after:
                teller = Teller(self.clock, self._context.clock.now(), found.providers)
                words[0] = self.tr("This appointment was deleted: {0}.").format(teller.who(found.entries[0]))
                self.trouble.say(*words)

        self._context.backend.read(read, show, _silent, key="details-gone", owner=self)

    def show_loading(self) -> None:
        """As it is while nothing has been read yet."""
        self.details = None
        self.content.hide()
        self.trouble.say()
        self._show_skeleton()

    def _show_skeleton(self) -> None:
        if self.details is None and not self.trouble.words:
            self.skeleton.show()

    def _data_changed(self, changes: ChangeSet) -> None:
        a = None if self.details is None else self.details.appointment
        patient = a is not None and a.patient_id in changes.patients
        provider = a is not None and a.provider_id in changes.providers and not changes.appointments
        if changes.everything or self.appointment_id in changes.appointments or patient or provider:
            self.read()

    # -------------------------------------------------------------------------------- showing

    @property
    def clock(self) -> Clock:
        """Writes times as the clinic does."""
        return Clock(self._context.zone, hour12=self._context.prefs.now.hour12)

    @property
    def today(self) -> date:
        """Today at the clinic."""
        return self._context.zone.date_of(self._context.clock.now())

    def _show(self) -> None:
        details = self.details
        if details is None or self.gone:
            return
        a = details.appointment
        hidden = self._context.prefs.now.privacy
        if hidden:
            self.card.show_hidden(a.patient_name)
        elif details.patient is not None:
            self.card.show_patient(details.patient, self.today)
        else:
            self.card.show_bare(a.patient_name, a.patient_phone, None)
        blocked = details.patient is not None and details.patient.blocked
        self.book_more.setVisible(details.may_book and details.patient is not None and not blocked)
        clock = self.clock
        day = day_words(self._context.zone.date_of(a.start))
        self.day_line.set_text(f"{day}, {clock.range(a.start, a.end)}")
        provider = one_line(details.providers.get(a.provider_id, ""))
        self.provider_line.set_text(" · ".join(p for p in (provider, minutes_words(max(a.minutes, 1))) if p))
        place = [LOCATIONS[a.location.value], one_line(a.type or ""), *details.rooms]
        self.place_line.set_text(" · ".join(p for p in place if p))
        self._show_state()
        self.reason.say(*reason_lines(a, clock, self._context.clock.now()))
        self.warnings.say(*warning_lines(a, details.flags))
        self.visit.setVisible(details.may_visit and a.status in (Status.CONFIRMED, Status.PENDING))
        self.visit.show_visit(a)
        cancelling = not self.cancel_form.isHidden()
        if cancelling and StatusAct.CANCEL not in details.acts:
            self.cancel_form.hide()
            cancelling = False
        self.acts.show_acts(details.acts, may_move=details.may_move)
        self.acts.setVisible(bool(details.acts or details.may_move) and not cancelling)
        lines = [(one_line(s.name), shown(s.price, details.currency)) for s in a.services]
        self.money.show_sum(lines, shown(a.total, details.currency))
        self.note.setVisible(not hidden)
        if not hidden:
            self.note.show_note(a.notes, may_edit=details.may_note)
        self._show_others(details, hidden)
        made = moment_words(self.clock, a.created, self._context.clock.now())
        self.number_line.set_text(self.tr("No. {0} · made {1}").format(a.number, made))
        if a.visit.state is not None and a.active:
            self._tick.start()
        else:
            self._tick.stop()
        words = self.tr("Appointment of {0}, {1}").format(self.card.name.whole, self.day_line.whole)
        self.setAccessibleName(words)

    def _show_state(self) -> None:
        if self.details is not None:
            self.state.show_state(self.details.appointment, self._context.clock.now())

    def _show_others(self, details: Details, hidden: bool) -> None:
        tiles = [] if hidden else [*details.coming, *details.past]
        self.others_box.setVisible(bool(tiles))
        if not tiles:
            self.others.show_rows([])
            return
        more = details.others - len(tiles)
        words = self.tr("Other appointments of this patient")
        self.others_caption.setText(words + (self.tr(" (and {0} more)").format(more) if more > 0 else ""))
        names = details.providers
        now = self._context.clock.now()
        self.others.show_rows([self._other(tile, names, now) for tile in tiles], keep=True)

    def _other(self, tile: Tile, names: dict[str, str], now: int) -> Row:
        clock = self.clock
        day = day_words(self._context.zone.date_of(tile.start), self.today)
        when = self.tr("coming") if tile.start >= now else ""
        return Row(
            f"{tile.id}",
            f"{day}  {clock.time(tile.start)}",
            when,
            other_facts(tile, names),
            icon_of_status(tile.status),
            colour=STYLES[tile.status],
        )

    # ----------------------------------------------------------------------------------- acts

    def do_act(self, act: StatusAct) -> None:
        """One act on this appointment; cancelling asks for the reason first."""
        if self.details is None or self.gone:
            return
        if act not in self.details.acts:
            return
        self.problem.say()
        if act is StatusAct.CANCEL:
            self.begin_cancel()
            return
        self._context.acts.set_status(act, (self.appointment_id,), failed=self._refused)

    def begin_cancel(self) -> None:
        """Ask for the reason."""
        if self.details is not None and StatusAct.CANCEL in self.details.acts:
            self.acts.hide()
            self.cancel_form.begin()

    def _keep(self) -> None:
        self.cancel_form.hide()
        self.acts.show()
        self.acts.buttons[StatusAct.CANCEL].setFocus(Qt.FocusReason.OtherFocusReason)

    def _cancel(self, reason: str, by: CancelledBy) -> None:
        self._context.acts.set_status(
            StatusAct.CANCEL,
            (self.appointment_id,),
            reason=reason,
            cancelled_for=by,
            done=self._cancelled,
            failed=self._refused,
        )

    def _cancelled(self, _doc: ActDoc) -> None:
        self.cancel_form.hide()

    def _set_visit(self, state: VisitState | None) -> None:
        self.problem.say()
        self._context.acts.set_visit(self.appointment_id, state, failed=self._refused)
        if self.details is not None:
            # The step that was pressed shows what is, not what was asked for, until it is so.
            self.visit.show_visit(self.details.appointment)

    def _refused(self, error: HimsogError) -> None:
        reasons = [reason.text for reason in error.details]
        self.problem.say(error.message, *(reasons if len(reasons) > 1 else []))

    def move_it(self) -> None:
        """The day takes the keyboard, with this appointment in hand."""
        if self.details is not None and self.details.may_move:
            start = self.details.appointment.start
            self._context.go.move(self.appointment_id, self._context.zone.date_of(start))

    def _save_note(self, text: str) -> None:
        context, words = self._context, self.tr("The note was not saved.")
        copy = Button(self.tr("Copy it"), "", lambda: QGuiApplication.clipboard().setText(text))

        def failed(error: HimsogError) -> None:
            # Not a method: what was typed is not lost either when the panel is gone by now.
            if shiboken6.isValid(self) and self.isVisible():
                self.note.failed(error)
                self.area.bring(self.note)
            else:
                context.messages.say(f"{words} {error.message}", copy, error=True)

        context.acts.write_note(self.appointment_id, text, done=self._note_saved, failed=failed)

    def _note_saved(self, doc: ActDoc) -> None:
        for changed in doc.changed:
            self.note.was_saved(changed.notes or "")

    def _book_more(self) -> None:
        if self.details is not None:
            a = self.details.appointment
            day = max(self._context.zone.date_of(a.start), self.today)
            self._context.go.book(BookingRequest(day, patient_id=a.patient_id))

    def _go_to_other(self, at: int) -> None:
        if self.details is None:
            return
        tiles = [*self.details.coming, *self.details.past]
        if at < len(tiles):
            self._context.go.details(tiles[at].id, self._context.zone.date_of(tiles[at].start))

    def _copy_number(self) -> None:
        if self.details is not None:
            QGuiApplication.clipboard().setText(self.details.appointment.number)
            self._context.messages.say(self.tr("Number {0} copied.").format(self.details.appointment.number))

    # -------------------------------------------------------------------------------- history

    def show_history(self) -> None:
        """The key H: bring the history into view."""
        self.history.unfold()

    def _unfold_history(self) -> None:
        self._read_history()
        # The whole of it where there is room, else from its beginning on.
        self.area.bring(self.history)

    def _read_history(self) -> None:
        key = self.appointment_id

        def read(desk: Desk) -> Past:
            from himsog_desktop.services import panels

            return panels.past(desk, key)

        def show(past: Past) -> None:
            self.history.show_history(past.entries, Teller(self.clock, self._context.clock.now(), past.providers))

        self._context.backend.read(read, show, self.history.show_error, key="details-history", owner=self)

    # ----------------------------------------------------------------------------------- keys

    def focus_first(self) -> None:
        """The keyboard to the first act."""
        if self.details is None:
            self._focus_wanted = True
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        shown_buttons = [b for b in (*self.acts.buttons.values(), self.acts.move_button) if b.isVisibleTo(self)]
        first = shown_buttons[0] if shown_buttons else self.note.edit
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def may_close(self) -> bool:
        """A half-typed note is saved first; one that can't be is held against the first Esc."""
        if self.gone:
            return True
        self.note.save()
        held, self._held_note = self._held_note, self.note.edit.toPlainText()
        return not self.note.too_long or held == self._held_note

    def keyPressEvent(self, event: QKeyEvent) -> None:
        typing = isinstance(QApplication.focusWidget(), QLineEdit | QPlainTextEdit)
        act = bindings(self._context.prefs.now.keys).of_event(event)
        if act and not typing and not event.isAutoRepeat() and self._act_key(act):
            event.accept()
            return
        super().keyPressEvent(event)

    def _act_key(self, name: str) -> bool:
        """The keys of the acts, on this appointment whatever is chosen in the day."""
        act = _ACTS.get(name)
        if act is not None:
            self.do_act(act)
        elif name == "move":
            self.move_it()
        elif name == "history":
            self.history.toggle()
        else:
            return False
        return True

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.outer.isAncestorOf(new):
            self.area.ensureWidgetVisible(new, 0, self._context.look.theme.metrics.xl)


def _silent(_error: HimsogError) -> None:
    """Who deleted it is a help; that it is gone is said anyhow."""
