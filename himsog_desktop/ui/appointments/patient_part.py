"""Who: found as you type, new on the last row, then shown as a card.

The results stand under the field. Enter takes the first, or waits for the answer to what was typed: never
the answer to something else. The last row is always "New patient", which unfolds name, phone, e-mail and
birth date in place (look, "Booking by voice of the phone").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from himsog_desktop.ui.appointments.card import PatientCard
from himsog_desktop.ui.appointments.fields import Caption, EnterFilter, Notice, button, column
from himsog_desktop.ui.appointments.new_patient import NewPatientForm, Typed, patient_row
from himsog_desktop.ui.appointments.rows import Row, Rows
from himsog_desktop.ui.calendar.labels import one_line
from himsog_desktop.ui.shell.controls import WrittenLine
from himsog_desktop.ui.shell.toasts import announce

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtCore import QEvent, QObject

    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import PatientDoc
    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.prefs import Prefs

MOST = 20
"""So many are found at once; a name that more people have takes a few digits of the phone beside it."""
IN_VIEW = 7
NEW = "new"


class PatientPart(QWidget):
    """Search, new patient or card."""

    changed = Signal()
    """Something was typed or chosen."""
    chosen = Signal()
    """There is a patient now: on to the services."""
    submitted = Signal()
    """Ctrl+Enter."""

    def __init__(self, context: DeskContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._found: list[PatientDoc] = []
        self.patient: PatientDoc | None = None
        look = context.look
        m = look.theme.metrics
        lines = column(self, m.xs)
        self.field = WrittenLine(self)
        self.field.setPlaceholderText(self.tr("Name, or digits of the phone"))
        self.field.setAccessibleName(self.tr("Patient: name or digits of the phone"))
        self.field.setMaxLength(200)
        self.field.installEventFilter(self)
        self.caption = Caption(look, self.tr("&Patient"), self.field, self)
        self.results = Rows(look, self.tr("Found patients"), self, two_lines=True, most=IN_VIEW + 1)
        self.results.clear_rows()
        self.error = Notice(look, self, tone="danger")
        self.retry = button(self.tr("Try again"), self.error, "quiet")
        self.error.body.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignLeft)
        self.form = NewPatientForm(context, self)
        self.form.hide()
        self.card = PatientCard(look, context.zone, self)
        self.change = button(self.tr("Change"), self.card, "quiet", self.tr("Change the patient"))
        self.card.head.addWidget(self.change)
        for widget in (self.caption, self.field, self.results, self.error, self.form, self.card):
            lines.addWidget(widget)
        self.field.written.connect(self._typed)
        enter = EnterFilter(self.field)
        enter.pressed.connect(self._enter)
        enter.with_control.connect(self.submitted)
        self.results.taken.connect(self._taken)
        self.retry.clicked.connect(lambda: self._typed(self.field.text()))
        self.form.changed.connect(self.changed)
        self.form.finished.connect(self._form_done)
        self.form.given_up.connect(self.search_again)
        self.form.known.connect(self.pick)
        self.change.clicked.connect(self.search_again)
        context.prefs.changed.connect(self._prefs_changed)
        self._arrange()

    # ------------------------------------------------------------------------------- what is

    @property
    def is_new(self) -> bool:
        """Whether a new patient is being typed."""
        return not self.form.isHidden()

    @property
    def ready(self) -> bool:
        """Whether there is somebody to book for."""
        return self.patient is not None or (self.is_new and bool(self.form.typed.name))

    @property
    def search(self) -> str:
        """What stands in the search."""
        return self.field.text().strip()

    @property
    def today(self) -> date:
        """Today at the clinic."""
        return self._context.zone.date_of(self._context.clock.now())

    def focus_first(self) -> None:
        """The keyboard to where typing begins."""
        if self.is_new:
            self.form.name.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.patient is not None:
            self.change.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        new, card = self.is_new, self.patient is not None
        self.field.setVisible(not new and not card)
        self.results.setVisible(not new and not card)
        self.caption.setVisible(not new)
        self.card.setVisible(card)

    # ------------------------------------------------------------------------------ searching

    def type(self, text: str) -> None:
        """As if it had been typed: the search of the window was left with it."""
        self.field.setText(text)
        self._typed(text)

    def _typed(self, text: str) -> None:
        self.changed.emit()
        query = text.strip()
        self.error.say()
        if not query:
            self.results.clear_rows()
            return
        self.results.wait(3)

        def read(desk: Desk) -> list[PatientDoc]:
            from himsog_desktop.services import patients

            return patients.find(desk, query, MOST)

        self._context.backend.read(
            read, lambda found: self._show(query, found), self._failed, key="booking-patient", owner=self
        )

    def _show(self, query: str, found: list[PatientDoc]) -> None:
        self._found = found
        zone = self._context.zone
        rows = [patient_row(p, self.today, zone) for p in found]
        name = one_line(self.field.text().strip()) or query
        rows.append(
            Row(
                NEW,
                self.tr("New patient “{0}”").format(name),
                "",
                self.tr("Nobody of that name or phone") if not found else self.tr("Not one of these"),
                "plus",
            )
        )
        self.results.show_rows(rows)

    def _failed(self, error: HimsogError) -> None:
        self.results.clear_rows()
        self.error.say(error.message)

    def _enter(self) -> None:
        if not self.search:
            return
        # Who types faster than we answer means the answer to what she typed: the list waits for it.
        self.results.take()

    def _taken(self, at: int) -> None:
        row_ = self.results.rows[at]
        if row_.key == NEW:
            self.begin_new(self.search)
            return
        found = next((p for p in self._found if p.id == row_.key), None)
        if found is not None:
            self.pick(found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() is QKeyEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 4, Qt.Key.Key_PageUp: -4}.get(
                Qt.Key(event.key())
            )
            if step is not None and self.results.rows:
                # Up from the first is the last: a new patient is one key away.
                self.results.step(step, around=True)
                announce(self.field, self.results.rows[self.results.current].spoken)
                return True
        return super().eventFilter(watched, event)

    # -------------------------------------------------------------------------------- chosen

    def pick(self, patient: PatientDoc) -> None:
        """This one."""
        self._set_patient(patient)
        announce(self, self.card.accessibleName())
        self.changed.emit()
        self.chosen.emit()

    def set_patient(self, patient: PatientDoc) -> None:
        """Show a patient that was chosen elsewhere, without moving the keyboard."""
        self._set_patient(patient)

    def _set_patient(self, patient: PatientDoc) -> None:
        self.patient = patient
        self.form.hide()
        self.results.clear_rows()
        self._show_card()
        self._arrange()

    def _prefs_changed(self, new: Prefs, old: Prefs) -> None:
        if new.privacy != old.privacy:
            self._show_card()

    def _show_card(self) -> None:
        if self.patient is not None:
            self.card.show_patient(self.patient, self.today, privacy=self._context.prefs.now.privacy)

    def begin_new(self, typed: str) -> None:
        """Unfold the fields of a new patient."""
        self.patient = None
        self.results.clear_rows()
        self.form.show()
        self._arrange()
        self.form.begin(typed)
        self.changed.emit()

    def set_new(self, typed: Typed) -> None:
        """A new patient as she was typed before."""
        self.patient = None
        self.form.show()
        self.form.set(typed)
        self._arrange()

    def search_again(self) -> None:
        """Back to the search, with what was typed selected."""
        text = self.form.typed.name if self.is_new else (self.field.text() or "")
        self.patient = None
        self.form.hide()
        self._arrange()
        self.field.setText(text)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        if text.strip():
            self._typed(text)
        self.changed.emit()

    def _form_done(self) -> None:
        if not self.form.typed.name:
            self.form.problem.say(self.tr("A new patient needs a name."))
            self.form.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.chosen.emit()
