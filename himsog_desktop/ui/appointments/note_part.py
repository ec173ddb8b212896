"""The note of an appointment, edited where it stands: saved by Ctrl+Enter or by leaving it, undone like any act.

What is half typed is never overwritten: when somebody else changes the note meanwhile, both are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from himsog_desktop.services.texts import NOTE_MOST
from himsog_desktop.ui.appointments.fields import Caption, Notice, button, column, is_enter, row
from himsog_desktop.ui.shell.controls import Text

if TYPE_CHECKING:
    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.ui.theme.system import ThemeSource


class NotePart(QWidget):
    """The note. ``saved`` carries the new text."""

    saved = Signal(str)

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self._stored = ""
        self._sent: str | None = None
        m = look.theme.metrics
        lines = column(self, m.xs)
        head = row(m.s)
        self.edit = QPlainTextEdit(self)
        self.edit.setTabChangesFocus(True)
        self.edit.setPlaceholderText(self.tr("Add a note"))
        self.edit.setAccessibleName(self.tr("Note"))
        self.edit.installEventFilter(self)
        head.addWidget(Caption(look, self.tr("N&ote"), self.edit, self), 1)
        self.hint = Text(look, "", self, style="small", colour="muted")
        head.addWidget(self.hint)
        self.meanwhile = Notice(look, self, tone="warn", glyph="info")
        self.theirs = button(self.tr("Take theirs"), self.meanwhile, "quiet")
        self.theirs.clicked.connect(self._take_theirs)
        self.meanwhile.body.addWidget(self.theirs, 0, Qt.AlignmentFlag.AlignLeft)
        self.problem = Notice(look, self, tone="danger")
        lines.addLayout(head)
        lines.addWidget(self.edit)
        lines.addWidget(self.meanwhile)
        lines.addWidget(self.problem)
        self.edit.textChanged.connect(self._changed)
        look.changed.connect(self._fit)
        self._fit()

    @property
    def dirty(self) -> bool:
        """Whether something is typed that is not saved."""
        return self.edit.toPlainText().strip() != self._stored.strip()

    @property
    def too_long(self) -> bool:
        """Whether more is typed than a note can hold."""
        return self.dirty and len(self.edit.toPlainText().strip()) > NOTE_MOST

    def show_note(self, text: str | None, *, may_edit: bool) -> None:
        """The note as it is stored now."""
        new = text or ""
        self.edit.setReadOnly(not may_edit)
        mine = self.edit.toPlainText()
        typed = self.dirty
        before, self._stored = self._stored, new
        if self._sent is not None and self._sent.strip() == new.strip():
            self._sent = None
        if not typed:
            if mine != new:
                # What is typed stays in place of the cursor; the undo of the field is not the undo of the act.
                at = self.edit.textCursor().position()
                self.edit.setPlainText(new)
                cursor = self.edit.textCursor()
                cursor.setPosition(min(at, len(new)))
                self.edit.setTextCursor(cursor)
            self.meanwhile.say()
        elif new.strip() != before.strip() and new.strip() != mine.strip():
            shown = new.strip() or self.tr("(empty)")
            self.meanwhile.say(self.tr("Somebody changed this note meanwhile. It now says:"), shown[:400])
        elif new.strip() == mine.strip():
            self.meanwhile.say()
        self._changed()

    def save(self) -> None:
        """Save what was typed, if it is another text."""
        text = self.edit.toPlainText().strip()
        if self.edit.isReadOnly() or not self.dirty or text == self._sent:
            return
        self._sent = text
        self.problem.say()
        self.meanwhile.say()
        self.hint.setText(self.tr("Saving…"))
        self.saved.emit(text)

    def was_saved(self, text: str) -> None:
        """It stands there now. Said by the act itself: whoever undoes it at once may leave no reading between."""
        self._stored = text
        if self._sent == text:
            self._sent = None
        self._changed()

    def failed(self, error: HimsogError) -> None:
        """It was not saved; the text stays."""
        self._sent = None
        self.problem.say(error.message)
        self._changed()

    def _take_theirs(self) -> None:
        self.edit.setPlainText(self._stored)
        self.meanwhile.say()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _changed(self) -> None:
        if self.too_long:
            typed = len(self.edit.toPlainText().strip())
            self.hint.setText(self.tr("{0} of {1} characters").format(f"{typed:,}", f"{NOTE_MOST:,}"))
        else:
            self.hint.setText(self.tr("Ctrl+Enter saves") if self.dirty else "")
        self._fit()

    def _fit(self) -> None:
        m = self.look.theme.metrics
        lines = min(max(self.edit.document().blockCount(), len(self.edit.toPlainText()) // 44 + 1, 2), 8)
        self.edit.setFixedHeight(lines * self.look.theme.body.line + 2 * m.s + 2 * m.line)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit:
            if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                if is_enter(event) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                    self.save()
                    return True
            elif event.type() is QEvent.Type.FocusOut:
                self.save()
        return super().eventFilter(watched, event)
