"""The booking panel as widgets: one column of parts, and below it the sum and Book. What they do is its heir's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from himsog_desktop.domain.appointment import Location
from himsog_desktop.ui.appointments.area import Area
from himsog_desktop.ui.appointments.choices import Choice, Segments
from himsog_desktop.ui.appointments.draft_offer import DraftOffer
from himsog_desktop.ui.appointments.fields import Caption, Elided, Notice, button, column, row
from himsog_desktop.ui.appointments.patient_part import PatientPart
from himsog_desktop.ui.appointments.refusal import Refusal
from himsog_desktop.ui.appointments.service_part import ServicePart
from himsog_desktop.ui.appointments.time_part import TimePart
from himsog_desktop.ui.appointments.words import LOCATIONS, TYPES
from himsog_desktop.ui.shell.controls import Surface
from himsog_desktop.ui.shell.panels import Panel

if TYPE_CHECKING:
    from himsog_desktop.ui.shell.context import DeskContext


class BookingForm(Panel):
    """The parts, in the order in which the keyboard goes through them."""

    def __init__(self, context: DeskContext) -> None:
        super().__init__("")
        self.set_title(self.tr("New appointment"))
        self._context = context
        self._build()

    def _build(self) -> None:
        look = self._context.look
        m = look.theme.metrics
        whole = column(self, 0)
        self.content = QWidget()
        lines = column(self.content, m.m, (m.l, m.xs, m.l, m.l))
        self.offer = DraftOffer(look, self.content)
        self.patient = PatientPart(self._context, self.content)
        self.services = ServicePart(self._context, self.content)
        self.services.before = self.patient.change
        self.time = TimePart(self._context, self.content)
        self.location = Segments(
            look,
            self.tr("Location"),
            (
                (Location.IN_PERSON.value, LOCATIONS[Location.IN_PERSON.value], ""),
                (Location.PHONE.value, LOCATIONS[Location.PHONE.value], "phone"),
                (Location.VIDEO.value, LOCATIONS[Location.VIDEO.value], "video"),
            ),
            self.content,
        )
        self.type = Choice(look, self.tr("Type"), self.content)
        self.type.offer([("", self.tr("No type")), *((t, t) for t in TYPES)])
        self.room = Choice(look, self.tr("Room"), self.content)
        self.room.offer([("", self.tr("No room"))])
        self.room.hide()
        self.note = QPlainTextEdit(self.content)
        self.note.setTabChangesFocus(True)
        self.note.setPlaceholderText(self.tr("What the provider should know"))
        self.note.setAccessibleName(self.tr("Note"))
        self.note.setFixedHeight(m.px(64))
        self.confirm = QCheckBox(self.tr("Confirm at once"), self.content)
        lines.addWidget(self.offer)
        for part in (self.patient, self.services, self.time):
            lines.addWidget(part)
        holder = QWidget(self.content)
        how = column(holder, m.xs)
        how.addWidget(Caption(look, self.tr("&How"), self.location.segments[0], holder))
        how.addWidget(self.location)
        how.addSpacing(m.xs)
        how.addWidget(self.type)
        how.addWidget(self.room)
        how.addSpacing(m.xs)
        how.addWidget(Caption(look, self.tr("&Note"), self.note, holder))
        how.addWidget(self.note)
        how.addWidget(self.confirm)
        lines.addWidget(holder)
        lines.addStretch(1)
        self.area = Area(look, self.content, self)
        whole.addWidget(self.area, 1)
        whole.addWidget(self._footer())

    def _footer(self) -> QWidget:
        look = self._context.look
        m = look.theme.metrics
        foot = Surface(look, self, edges="t")
        lines = column(foot, m.s, (m.l, m.m, m.l, m.m))
        self.refusal = Refusal(look, foot)
        self.problem = Notice(look, foot, tone="danger")
        lines.addWidget(self.refusal)
        lines.addWidget(self.problem)
        last = row(m.m)
        beside = QWidget(foot)
        sums = column(beside, 0)
        self.total = Elided(look, foot, style="section")
        self.sum_words = Elided(look, foot, style="small", colour="muted")
        sums.addWidget(self.total)
        sums.addWidget(self.sum_words)
        last.addWidget(beside, 1)
        self.do_book = button(self.tr("Book"), foot, "primary")
        self.do_book.setToolTip(self.tr("Book  Ctrl+Enter"))
        self.do_book.setMinimumWidth(m.px(120))
        last.addWidget(self.do_book)
        lines.addLayout(last)
        return foot
