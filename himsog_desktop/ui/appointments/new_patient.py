"""A new patient, typed in place; and how a found one is shown as a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QWidget

from himsog_desktop.domain.people import digits
from himsog_desktop.domain.quickparse import read_typed
from himsog_desktop.domain.time import parse_instant
from himsog_desktop.ui.appointments.fields import Caption, EnterFilter, Notice, button, column, row
from himsog_desktop.ui.appointments.rows import Row, Rows
from himsog_desktop.ui.appointments.words import born_words, date_words, day_words, phone_tail
from himsog_desktop.ui.calendar.labels import one_line
from himsog_desktop.ui.shell.controls import Text, WrittenLine

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.domain.time import Zone
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import PatientDoc
    from himsog_desktop.ui.shell.context import DeskContext


class Typed(NamedTuple):
    """A new patient as far as she was typed."""

    name: str
    phone: str
    email: str
    birth_date: str


class NewPatientForm(QWidget):
    """Four fields; Enter goes from one to the next, and on from the last."""

    changed = Signal()
    finished = Signal()
    given_up = Signal()
    known = Signal(object)
    """A ``PatientDoc``: she is in the register already."""

    def __init__(self, context: DeskContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        look = context.look
        m = look.theme.metrics
        lines = column(self, m.s)
        head = row(m.s)
        head.addWidget(Text(look, self.tr("New patient"), self, style="strong"), 1)
        self.back = button(self.tr("Search again"), self, "quiet")
        self.back.clicked.connect(self.given_up)
        head.addWidget(self.back)
        lines.addLayout(head)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(m.s)
        grid.setVerticalSpacing(m.s)
        grid.setColumnStretch(1, 1)
        self.name = self._field(grid, 0, self.tr("Name"), "Reyes, Ana", 200)
        self.phone = self._field(grid, 1, self.tr("Phone"), "0917 555 0101", 40)
        self.email = self._field(grid, 2, self.tr("E-mail"), self.tr("none is fine"), 255)
        self.birth = self._field(grid, 3, self.tr("Born"), "14 mar 1985", 40)
        lines.addLayout(grid)
        self.hint = Notice(look, self, tone="quiet", glyph="info")
        self.problem = Notice(look, self, tone="danger")
        self.same = Rows(look, self.tr("Patients with this phone"), self, two_lines=True, focus=True)
        self.same.setVisible(False)
        for widget in (self.problem, self.hint, self.same):
            lines.addWidget(widget)
        self._known: list[PatientDoc] = []
        self.same.taken.connect(lambda at: self.known.emit(self._known[at]))
        self.phone.editingFinished.connect(self._look_for_phone)
        self.birth.editingFinished.connect(self._read_birth)
        order = (self.name, self.phone, self.email, self.birth)
        for field, following in zip(order, (*order[1:], None), strict=True):
            enter = EnterFilter(field)
            enter.pressed.connect(self._finish if following is None else self._step(following))
            enter.with_control.connect(self.finished)

    def _field(self, grid: QGridLayout, at: int, words: str, example: str, most: int) -> QLineEdit:
        field = WrittenLine(self)
        field.setPlaceholderText(example)
        field.setAccessibleName(words)
        field.setMaxLength(most)
        field.written.connect(lambda _text: self.changed.emit())
        caption = Caption(self._context.look, words, field, self)
        caption.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        grid.addWidget(caption, at, 0)
        grid.addWidget(field, at, 1)
        return field

    @staticmethod
    def _step(following: QLineEdit) -> Callable[[], None]:
        return lambda: following.setFocus(Qt.FocusReason.TabFocusReason)

    def _finish(self) -> None:
        self._read_birth()
        if not self.problem.words:
            self.finished.emit()

    def begin(self, typed: str) -> None:
        """Start with what was typed in the search: digits are a phone, the rest a name."""
        is_phone = bool(digits(typed)) and not any(c.isalpha() for c in typed)
        self.set(Typed("" if is_phone else typed, typed if is_phone else "", "", ""))
        (self.name if is_phone or not typed else self.phone).setFocus(Qt.FocusReason.OtherFocusReason)

    def set(self, typed: Typed) -> None:
        """Fill the fields."""
        for field, text in zip((self.name, self.phone, self.email, self.birth), typed, strict=True):
            field.setText(text)
        self.problem.say()
        self.hint.say()
        self._show_known([])

    @property
    def typed(self) -> Typed:
        """What stands in the fields; a birth date as ``YYYY-MM-DD`` where it was understood."""
        born = self._birth_date()
        birth = born.isoformat() if born is not None else self.birth.text().strip()
        return Typed(self.name.text().strip(), self.phone.text().strip(), self.email.text().strip(), birth)

    def _birth_date(self) -> date | None:
        text = self.birth.text().strip()
        today = self._context.zone.date_of(self._context.clock.now())
        read = read_typed(text, today) if text else None
        if read is None or read.day is None or not read.complete or read.minutes is not None:
            return None
        # Without a year it would be the coming one: nobody is born then.
        return read.day if read.day <= today else None

    def _read_birth(self) -> None:
        text = self.birth.text().strip()
        born = self._birth_date()
        if text and born is None:
            self.problem.say(self.tr("Birth date not understood. Write it like 14 mar 1985 or 1985-03-14."))
            return
        self.problem.say()
        if born is not None:
            self.birth.setText(date_words(born))

    def _look_for_phone(self) -> None:
        typed = self.phone.text()

        def read(desk: Desk) -> list[PatientDoc]:
            from himsog_desktop.services import panels

            return panels.phone_in_use(desk, typed)

        self._context.backend.read(read, self._show_known, _silent, key="booking-same-phone", owner=self)

    def _show_known(self, found: list[PatientDoc]) -> None:
        self._known = found
        today = self._context.zone.date_of(self._context.clock.now())
        self.hint.say(*([self.tr("This phone is in the register already. Is it one of these?")] if found else []))
        self.same.setVisible(bool(found))
        self.same.show_rows([patient_row(p, today, self._context.zone) for p in found])


def _silent(_error: HimsogError) -> None:
    """Whether somebody has this phone already is a help, not worth an error message."""


def patient_row(patient: PatientDoc, today: date, zone: Zone) -> Row:
    """A found patient: name, end of the phone; birth date and last visit below."""
    facts = [born_words(patient.birth_date, today) or "no birth date"]
    if patient.last_visit is not None:
        facts.append(f"last visit {day_words(zone.date_of(parse_instant(patient.last_visit)), today)}")
    elif not patient.bookings:
        facts.append("never booked")
    if patient.blocked:
        facts.insert(0, "Blocked")
    glyph = "alert" if patient.alerts or patient.blocked else "person"
    return Row(
        patient.id,
        one_line(patient.name),
        phone_tail(patient.phone),
        " · ".join(facts),
        glyph,
        strong=True,
        warn=patient.blocked,
    )
