"""The patient as a card: the guard against the wrong patient (mission, S1; expected, complaint 10).

Name, birth date with age, phone and e-mail stand together, with alerts and whether she is blocked, so
that the receptionist can compare them with the voice on the phone before anything is saved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from himsog_desktop.domain.time import parse_instant
from himsog_desktop.ui.appointments.fields import Elided, Notice, column
from himsog_desktop.ui.appointments.painting import paint_frame
from himsog_desktop.ui.appointments.words import born_words, day_words, initials, phone_words
from himsog_desktop.ui.calendar.labels import one_line

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtGui import QPaintEvent

    from himsog_desktop.domain.time import Zone
    from himsog_desktop.services.documents import PatientDoc
    from himsog_desktop.ui.theme.system import ThemeSource


class PatientCard(QWidget):
    """One patient. ``head`` has room for a button at the right."""

    def __init__(self, look: ThemeSource, zone: Zone, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self._zone = zone
        m = look.theme.metrics
        lines = column(self, 2, (m.m, m.s, m.s, m.s))
        self.head = QHBoxLayout()
        self.head.setSpacing(m.s)
        self.name = Elided(look, self, style="section")
        self.head.addWidget(self.name, 1)
        lines.addLayout(self.head)
        self.born = Elided(look, self)
        self.contact = Elided(look, self)
        self.seen = Elided(look, self, style="small", colour="muted")
        for line in (self.born, self.contact, self.seen):
            lines.addWidget(line)
        self.blocked = Notice(look, self, tone="danger", glyph="alert")
        self.alerts = Notice(look, self, tone="warn", glyph="alert")
        lines.addWidget(self.blocked)
        lines.addWidget(self.alerts)

    def show_patient(self, patient: PatientDoc, today: date, *, privacy: bool = False) -> None:
        """Show a patient; with ``privacy`` initials alone."""
        if privacy:
            self.show_hidden(patient.name)
            return
        self.name.set_text(one_line(patient.name))
        self.born.set_text(born_words(patient.birth_date, today) or self.tr("No birth date"))
        self.born.set_colour("text" if patient.birth_date else "muted")
        phone = phone_words(patient.phone) or self.tr("no phone")
        self.contact.set_text(f"{phone} · {one_line(patient.email) if patient.email else self.tr('no e-mail')}")
        self.seen.set_text(self._seen(patient, today))
        if patient.blocked:
            self.blocked.say(self.tr("Blocked at this clinic: can't be booked. A manager can unblock."))
        else:
            self.blocked.say()
        self.alerts.say(*(one_line(alert) for alert in patient.alerts))
        for line in (self.born, self.contact, self.seen):
            line.setVisible(bool(line.whole))
        self._name_it()

    def show_hidden(self, name: str) -> None:
        """Initials, and nothing else: strangers see the screen."""
        self.name.set_text(initials(name))
        self.seen.set_text(self.tr("Names are hidden (P shows them)"))
        for line in (self.born, self.contact):
            line.set_text("")
            line.hide()
        self.seen.show()
        self.blocked.say()
        self.alerts.say()
        self._name_it()

    def show_bare(self, name: str, phone: str | None, email: str | None) -> None:
        """What the appointment itself knows, where the register has nobody any more."""
        self.name.set_text(one_line(name))
        self.born.set_text(self.tr("Not in the register any more"))
        self.born.set_colour("muted")
        self.contact.set_text(" · ".join(p for p in (phone_words(phone), one_line(email or "")) if p))
        self.seen.set_text("")
        for line in (self.born, self.contact, self.seen):
            line.setVisible(bool(line.whole))
        self.blocked.say()
        self.alerts.say()
        self._name_it()

    def _seen(self, patient: PatientDoc, today: date) -> str:
        if not patient.bookings:
            return self.tr("First booking")
        count = self.tr("1 booking") if patient.bookings == 1 else self.tr("{0} bookings").format(patient.bookings)
        if patient.last_visit is None:
            return count
        last = day_words(self._zone.date_of(parse_instant(patient.last_visit)), today)
        return f"{count} · {self.tr('last visit {0}').format(last if last != 'Today' else self.tr('today'))}"

    def _name_it(self) -> None:
        facts = [self.name, self.born, self.contact, self.seen]
        words = [f.whole for f in facts if not f.isHidden() and f.whole] + self.blocked.words + self.alerts.words
        self.setAccessibleName(self.tr("Patient: {0}").format(", ".join(words)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self.look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_frame(painter, self.rect(), theme.canvas, theme.line, theme.metrics.line, theme.metrics.radius)
        painter.end()
