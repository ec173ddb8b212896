"""The details as widgets, in the order in which they are read: who, when, state, acts, money, note, others, history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from himsog_desktop.ui.appointments.act_part import ActButtons, CancelForm, StateStrip, VisitPart
from himsog_desktop.ui.appointments.area import Area, Skeleton
from himsog_desktop.ui.appointments.card import PatientCard
from himsog_desktop.ui.appointments.fields import Caption, Elided, Notice, SmallButton, button, column, row
from himsog_desktop.ui.appointments.history_part import HistoryPart
from himsog_desktop.ui.appointments.money_part import MoneyPart
from himsog_desktop.ui.appointments.note_part import NotePart
from himsog_desktop.ui.appointments.rows import Rows
from himsog_desktop.ui.shell.panels import Panel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QVBoxLayout

    from himsog_desktop.ui.shell.context import DeskContext


class DetailsForm(Panel):
    """The parts; what they show and do is the panel's."""

    def __init__(self, context: DeskContext) -> None:
        super().__init__("")
        self.set_title(self.tr("Appointment"))
        self._context = context
        self._build()

    def _build(self) -> None:
        look = self._context.look
        m = look.theme.metrics
        whole = column(self, 0)
        self.outer = QWidget()
        around = column(self.outer, m.m, (m.l, m.xs, m.l, m.l))
        self.skeleton = Skeleton(look, (0.6, 0.9, 0.8, 0.4, 1.0, 0.5, 0.5, 0.9, 0.7), self.outer)
        self.skeleton.hide()
        self.trouble = Notice(look, self.outer, tone="danger")
        self.retry = button(self.tr("Try again"), self.trouble)
        self.trouble.body.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignLeft)
        self.content = QWidget(self.outer)
        self.content.hide()
        for widget in (self.skeleton, self.trouble, self.content):
            around.addWidget(widget)
        around.addStretch(1)
        self._build_content(column(self.content, m.m))
        self.area = Area(look, self.outer, self)
        whole.addWidget(self.area, 1)

    def _build_content(self, lines: QVBoxLayout) -> None:
        look = self._context.look
        self.card = PatientCard(look, self._context.zone, self.content)
        self.book_more = SmallButton(look, "plus", self.tr("Book another appointment for this patient"), self.card)
        self.card.head.addWidget(self.book_more)
        lines.addWidget(self.card)
        holder = QWidget(self.content)
        when = column(holder, 2)
        self.day_line = Elided(look, holder, style="section")
        self.provider_line = Elided(look, holder)
        self.place_line = Elided(look, holder, colour="muted")
        for line in (self.day_line, self.provider_line, self.place_line):
            when.addWidget(line)
        lines.addWidget(holder)
        self.state = StateStrip(look, self.content)
        self.reason = Notice(look, self.content, tone="quiet", glyph="info")
        self.warnings = Notice(look, self.content, tone="warn")
        self.visit = VisitPart(look, self.content)
        self.acts = ActButtons(look, self.content)
        self.cancel_form = CancelForm(look, self.content)
        self.problem = Notice(look, self.content, tone="danger")
        self.money = MoneyPart(look, self.content)
        self.note = NotePart(look, self.content)
        for widget in (
            self.state,
            self.reason,
            self.warnings,
            self.visit,
            self.acts,
            self.cancel_form,
            self.problem,
            self.money,
            self.note,
        ):
            lines.addWidget(widget)
        self._build_lists(lines)

    def _build_lists(self, lines: QVBoxLayout) -> None:
        look = self._context.look
        m = look.theme.metrics
        self.others_box = QWidget(self.content)
        box = column(self.others_box, m.xs)
        self.others = Rows(
            look, self.tr("Other appointments"), self.others_box, two_lines=True, focus=True, marks="focus"
        )
        self.others_caption = Caption(look, "", self.others, self.others_box)
        box.addWidget(self.others_caption)
        box.addWidget(self.others)
        self.history = HistoryPart(look, self.content)
        self.number_line = Elided(look, self.content, style="small", colour="muted")
        self.number = SmallButton(look, "layers", self.tr("Copy the number"), self.content)
        lines.addWidget(self.others_box)
        lines.addWidget(self.history)
        last = row(m.s)
        last.addWidget(self.number_line, 1)
        last.addWidget(self.number)
        lines.addLayout(last)
