"""Cancelling with a reason from the platform's list, by two keys: X, a digit or arrows, Enter.

Source: platform README, "Cancellation reasons are stored as their label, optionally ``label: notes``".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from himsog_desktop.domain.appointment import CancelledBy, StatusAct
from himsog_desktop.ui.shell.controls import Text
from himsog_desktop.ui.shell.panels import Panel

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QShowEvent

    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.services.documents import ActDoc
    from himsog_desktop.ui.shell.context import DeskContext

PATIENT_REASONS = (
    "Schedule conflict",
    "Feeling better",
    "Financial reasons",
    "Found another provider",
    "Transportation issues",
    "Personal emergency",
    "Other",
)
CLINIC_REASONS = (
    "Provider unavailable",
    "Emergency situation",
    "Scheduling error",
    "Facility issues",
    "Weather or safety concerns",
    "Other",
)


class ReasonList(QListWidget):
    """The reasons of both sides; a digit chooses, Enter goes on to cancel."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Reason"))
        self._add(self.tr("The patient cancels"), CancelledBy.PATIENT, PATIENT_REASONS)
        self._add(self.tr("The clinic cancels"), CancelledBy.CLINIC, CLINIC_REASONS)
        self.setCurrentRow(1)

    def _add(self, heading: str, by: CancelledBy, reasons: tuple[str, ...]) -> None:
        head = QListWidgetItem(heading, self)
        head.setFlags(Qt.ItemFlag.NoItemFlags)
        for digit, reason in enumerate(reasons, 1):
            key = f"{digit}" if by is CancelledBy.PATIENT else "\u2007"  # as wide as a figure
            item = QListWidgetItem(f"{key}   {reason}", self)
            item.setData(Qt.ItemDataRole.UserRole, (reason, by.value))

    def chosen(self) -> tuple[str, CancelledBy]:
        """The reason's label and who cancels."""
        reason, by = self.item(max(self.currentRow(), 1)).data(Qt.ItemDataRole.UserRole)
        return reason, CancelledBy(by)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # The rows were measured before the style sheet reached this list.
        self.doItemsLayout()
        self.scrollToTop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.key() - Qt.Key.Key_1
        if 0 <= digit < len(PATIENT_REASONS) and not event.modifiers():
            self.setCurrentRow(1 + digit)
            event.accept()
            return
        super().keyPressEvent(event)


class CancelPanel(Panel):
    """Cancel one or many appointments."""

    def __init__(self, context: DeskContext, ids: tuple[str, ...], who: str, when: str = "") -> None:
        """``who`` and ``when`` say which appointment it is; with names hidden, initials."""
        super().__init__("")
        self.set_title(self.tr("Cancel {0}").format(who))
        self._context = context
        self._ids = ids
        m = context.look.theme.metrics
        column = QVBoxLayout(self)
        column.setContentsMargins(m.l, m.s, m.l, m.l)
        column.setSpacing(m.m)
        if when:
            column.addWidget(Text(context.look, when, self, wrap=True))
        column.addWidget(Text(context.look, self.tr("Why? The slot is free again at once."), self, colour="muted"))
        self.reasons = ReasonList(self)
        self.reasons.itemActivated.connect(lambda _item: self.cancel_now())
        column.addWidget(self.reasons, 1)
        self.note = QLineEdit(self)
        self.note.setPlaceholderText(self.tr("A few words more, if needed"))
        self.note.setAccessibleName(self.tr("A few words more"))
        self.note.setMaxLength(400)
        self.note.returnPressed.connect(self.cancel_now)
        column.addWidget(self.note)
        self._error = Text(context.look, "", self, colour="danger", wrap=True)
        self._error.hide()
        column.addWidget(self._error)
        row = QHBoxLayout()
        self._do = QPushButton(self.tr("Cancel the appointment") if len(ids) == 1 else self.tr("Cancel them"), self)
        self._do.setProperty("primary", "true")
        self._do.clicked.connect(self.cancel_now)
        keep = QPushButton(self.tr("Keep"), self)
        keep.setToolTip("Esc")
        keep.clicked.connect(self.closed)
        row.addWidget(self._do, 1)
        row.addWidget(keep)
        column.addLayout(row)

    def focus_first(self) -> None:
        self.reasons.setFocus()

    def cancel_now(self) -> None:
        """Do it; a refusal is said here and nothing is changed."""
        if not self._do.isEnabled():
            return
        self._do.setEnabled(False)
        label, by = self.reasons.chosen()
        note = self.note.text().strip()
        self._context.acts.set_status(
            StatusAct.CANCEL,
            self._ids,
            reason=f"{label}: {note}" if note else label,
            cancelled_for=by,
            done=self._done,
            failed=self._failed,
        )

    def _done(self, _doc: ActDoc) -> None:
        self.closed.emit()

    def _failed(self, error: HimsogError) -> None:
        self._do.setEnabled(True)
        self._error.setText(error.message)
        self._error.show()
