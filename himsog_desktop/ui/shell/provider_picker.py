"""Which columns the day shows, and in what order: a checkable list with two buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from himsog_desktop.ui.shell.controls import IconButton, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from himsog_desktop.ui.theme.system import ThemeSource


class Choice(NamedTuple):
    """One provider: shown or not."""

    id: str
    name: str
    shown: bool


class ProviderList(QListWidget):
    """The list: Space shows or hides, Alt with an arrow moves a column."""

    arranged = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Columns of the day"))
        self.itemChanged.connect(lambda _item: self.arranged.emit())

    def show_choices(self, choices: list[Choice]) -> None:
        """Fill it."""
        self.blockSignals(True)
        self.clear()
        for choice in choices:
            item = QListWidgetItem(choice.name, self)
            item.setData(Qt.ItemDataRole.UserRole, choice.id)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if choice.shown else Qt.CheckState.Unchecked)
        self.blockSignals(False)
        if choices:
            self.setCurrentRow(0)

    def hidden_ids(self) -> tuple[str, ...]:
        """Who has no column."""
        return tuple(i for i, shown in self._states() if not shown)

    def order(self) -> tuple[str, ...]:
        """Everybody, in the order of the columns."""
        return tuple(i for i, _ in self._states())

    def _states(self) -> list[tuple[str, bool]]:
        items = [self.item(row) for row in range(self.count())]
        return [(i.data(Qt.ItemDataRole.UserRole), i.checkState() == Qt.CheckState.Checked) for i in items]

    def move_current(self, step: int) -> None:
        """Move the chosen column."""
        row = self.currentRow()
        to = row + step
        if row < 0 or not 0 <= to < self.count():
            return
        self.blockSignals(True)
        self.insertItem(to, self.takeItem(row))
        self.setCurrentRow(to)
        self.blockSignals(False)
        self.arranged.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move_current(step)
            event.accept()
            return
        super().keyPressEvent(event)


class ProviderChooser(QWidget):
    """The list with its buttons; ``arranged`` carries the hidden ids and the order."""

    arranged = Signal(tuple, tuple)

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        m = look.theme.metrics
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(m.s)
        self.list = ProviderList(self)
        self.list.setMinimumWidth(m.px(260))
        self.list.arranged.connect(lambda: self.arranged.emit(self.list.hidden_ids(), self.list.order()))
        column.addWidget(self.list, 1)
        row = QHBoxLayout()
        row.setSpacing(m.xs)
        up = IconButton(look, "chevron-up", self.tr("Move column to the left"), self, keys="Alt+↑")
        down = IconButton(look, "chevron-down", self.tr("Move column to the right"), self, keys="Alt+↓")
        up.clicked.connect(lambda: self.list.move_current(-1))
        down.clicked.connect(lambda: self.list.move_current(1))
        hint = Text(look, self.tr("Space shows or hides a column"), self, style="small", colour="muted")
        row.addWidget(hint, 1)
        row.addWidget(up)
        row.addWidget(down)
        column.addLayout(row)
