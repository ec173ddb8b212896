"""What stands above the Book button when a booking was refused: every reason, three other times, overbooking.

Nothing that was typed is lost. A digit or Enter takes another time; Book books it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from himsog_desktop.services.panels import OVERBOOKABLE_WORDS
from himsog_desktop.ui.appointments.fields import Caption, EnterFilter, Notice, button, column, row
from himsog_desktop.ui.appointments.rows import Row, Rows
from himsog_desktop.ui.appointments.words import day_words
from himsog_desktop.ui.shell.toasts import announce

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtGui import QKeyEvent

    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.domain.slots import Slot
    from himsog_desktop.ui.calendar.labels import Clock
    from himsog_desktop.ui.theme.system import ThemeSource


class Refusal(QWidget):
    """Why not, and what else."""

    time_taken = Signal(object)
    """A ``Slot``: one of the alternatives."""
    overbooked = Signal(str)
    """Book all the same, for this reason."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        m = look.theme.metrics
        lines = column(self, m.s, (0, 0, 0, m.s))
        self._slots: tuple[Slot, ...] = ()
        self.notice = Notice(look, self, tone="danger")
        self.others = Rows(look, self.tr("Other free times"), self, two_lines=False, focus=True)
        self.caption = Caption(look, self.tr("Other free times: press 1, 2 or 3"), self.others, self)
        self.anyway = button(self.tr("Overbook…"), self, "quiet")
        self.why = QLineEdit(self)
        self.why.setPlaceholderText(self.tr("Reason for overbooking, then Enter"))
        self.why.setAccessibleName(self.tr("Reason for overbooking"))
        self.why.setMaxLength(400)
        for widget in (self.notice, self.caption, self.others):
            lines.addWidget(widget)
        last = row(m.s)
        last.addWidget(self.anyway)
        last.addWidget(self.why, 1)
        last.addStretch(0)
        lines.addLayout(last)
        self.others.taken.connect(self._taken)
        self.others.typed.connect(self._digit)
        self.anyway.clicked.connect(self._ask_why)
        EnterFilter(self.why).pressed.connect(self._overbook)
        self.hide()

    def say(self, error: HimsogError, clock: Clock, today: date, names: dict[str, str], *, may_overbook: bool) -> None:
        """Show a refusal."""
        reasons = [reason.text for reason in error.details] or [error.message]
        head = [self.tr("This time can't be booked:")] if error.details else []
        self.notice.say(*head, *reasons, strong_first=bool(head))
        self._slots = error.alternatives
        rows = []
        for i, slot in enumerate(self._slots, 1):
            when = f"{day_words(clock.zone.date_of(slot.start), today)}  {clock.time(slot.start)}"
            rows.append(Row(str(i), f"{i}   {when}", names.get(slot.provider or "", "")))
        self.others.show_rows(rows)
        for widget in (self.caption, self.others):
            widget.setVisible(bool(rows))
        blocked = {reason.rule for reason in error.details}
        self.anyway.setVisible(may_overbook and bool(blocked) and blocked <= OVERBOOKABLE_WORDS)
        self.why.clear()
        self.why.hide()
        self.show()
        announce(self, " ".join(self.notice.words), urgent=True)
        if rows:
            self.others.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.anyway.isVisible():
            self.anyway.setFocus(Qt.FocusReason.OtherFocusReason)

    def put_away(self) -> None:
        """The refusal is no longer about what stands in the form."""
        self.hide()
        self._slots = ()

    def _taken(self, at: int) -> None:
        if 0 <= at < len(self._slots):
            slot = self._slots[at]
            self.put_away()
            self.time_taken.emit(slot)

    def _digit(self, text: str) -> None:
        if text.isascii() and text.isdigit():
            self._taken(int(text) - 1)

    def _ask_why(self) -> None:
        self.anyway.hide()
        self.why.show()
        self.why.setFocus(Qt.FocusReason.OtherFocusReason)

    def _overbook(self) -> None:
        reason = self.why.text().strip()
        if reason:
            self.overbooked.emit(reason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isdigit() and not event.modifiers() and not self.why.hasFocus():
            self._digit(event.text())
            event.accept()
            return
        super().keyPressEvent(event)
