"""A list whose rows a person puts into another order: dragged, or with Alt and an arrow.

Not Qt's own drag and drop, which runs a nested event loop: the row follows the pointer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QListWidget, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent


class ReorderList(QListWidget):
    """Rows in an order of one's own."""

    moved = Signal()
    """The rows stand in another order now."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pressed: QPoint | None = None
        self._carried = False
        self._changed = False

    def move_current(self, step: int) -> None:
        """Move the chosen row."""
        if self._carry_to(self.currentRow() + step):
            self.moved.emit()

    def _carry_to(self, to: int) -> bool:
        row = self.currentRow()
        if row < 0 or to == row or not 0 <= to < self.count():
            return False
        self.blockSignals(True)
        self.insertItem(to, self.takeItem(row))
        self.setCurrentRow(to)
        self.blockSignals(False)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move_current(step)
            event.accept()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint() if event.button() == Qt.MouseButton.LeftButton else None
        self._carried = self._changed = False
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        if not self._carried:
            if abs(at.y() - self._pressed.y()) < QApplication.startDragDistance():
                return
            self._carried = True
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        row = self.indexAt(QPoint(4, min(max(at.y(), 0), self.viewport().height() - 1))).row()
        if row >= 0 and self._carry_to(row):
            self._changed = True
            self.scrollToItem(self.item(row))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        carried, self._carried, self._pressed = self._carried, False, None
        if not carried:
            super().mouseReleaseEvent(event)
            return
        # Not to Qt: to let go of a row is no click on its box.
        self.viewport().unsetCursor()
        self.setState(QListWidget.State.NoState)
        event.accept()
        if self._changed:
            self.moved.emit()
