"""Bookings that were interrupted, offered above a new one: whose, since when, Resume or discard.

A new booking always starts empty. A draft is only filled in when somebody asks for it here, and it says
whose it is first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from himsog_desktop.ui.appointments.fields import Elided, SmallButton, button, column
from himsog_desktop.ui.appointments.painting import paint_frame
from himsog_desktop.ui.appointments.words import initials, moment_words
from himsog_desktop.ui.calendar.labels import one_line
from himsog_desktop.ui.shell.controls import Text

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.drafts import BookingDraft
    from himsog_desktop.ui.calendar.labels import Clock
    from himsog_desktop.ui.theme.system import ThemeSource


class DraftOffer(QWidget):
    """The drafts of this person."""

    resumed = Signal(object)
    """A ``BookingDraft``."""
    discarded = Signal(object)

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        m = look.theme.metrics
        self._lines: QVBoxLayout = column(self, m.xs, (m.m, m.s, m.s, m.s))
        self._lines.addWidget(Text(look, self.tr("Interrupted bookings"), self, style="small", colour="muted"))
        self._rows: list[QWidget] = []
        self.drafts: list[BookingDraft] = []
        self.hide()

    def offer(self, drafts: list[BookingDraft], clock: Clock, now: Micros, *, privacy: bool) -> None:
        """Offer these; none hides it."""
        for widget in self._rows:
            self._lines.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._rows = [self._row(draft, clock, now, privacy) for draft in drafts]
        before = self._before()
        for widget in self._rows:
            self._lines.addWidget(widget)
            # Made last, they would come last: the keyboard goes down the column, Shift+Tab from the patient to them.
            for control in widget.findChildren(QAbstractButton):
                QWidget.setTabOrder(before, control)
                before = control
        self.drafts = list(drafts)
        self.setVisible(bool(drafts))

    def _before(self) -> QWidget:
        """What the keyboard stands on before it comes here: an order can only be set among what takes it."""
        found: QWidget | None = self.previousInFocusChain()
        while found is not None and (found.focusPolicy() == Qt.FocusPolicy.NoFocus or self.isAncestorOf(found)):
            found = None if found is self else found.previousInFocusChain()
        return found or self

    def _row(self, draft: BookingDraft, clock: Clock, now: Micros, privacy: bool) -> QWidget:
        holder = QWidget(self)
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(self.look.theme.metrics.xs)
        who = one_line(draft.who) or self.tr("nobody chosen yet")
        who = initials(who) if privacy and draft.who else who
        words = Elided(self.look, holder, style="strong")
        words.set_text(who)
        since = Text(self.look, moment_words(clock, draft.at, now), holder, style="small", colour="muted")
        go_on = button(self.tr("Resume"), holder, "", self.tr("Resume the booking of {0}").format(who))
        go_on.clicked.connect(lambda: self.resumed.emit(draft))
        drop = SmallButton(self.look, "trash", self.tr("Discard the booking of {0}").format(who), holder)
        drop.setToolTip(self.tr("Discard"))
        drop.clicked.connect(lambda: self.discarded.emit(draft))
        line.addWidget(words, 1)
        line.addWidget(since)
        line.addWidget(go_on)
        line.addWidget(drop)
        return holder

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self.look.theme
        tint = theme.statuses["requested"].tint
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_frame(painter, self.rect(), tint, tint, 0, theme.metrics.radius)
        painter.end()
