"""Which columns the day shows, and in what order: a checkable list with its buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidgetItem, QVBoxLayout, QWidget

from himsog_desktop.ui.shell.controls import IconButton, Text
from himsog_desktop.ui.shell.prefs import PROVIDERS, ROOMS
from himsog_desktop.ui.shell.reorder_list import ReorderList

if TYPE_CHECKING:
    from himsog_desktop.ui.theme.system import ThemeSource


class Choice(NamedTuple):
    """One provider or room: shown or not."""

    id: str
    name: str
    shown: bool


class ProviderList(ReorderList):
    """The list: Space shows or hides, Alt with an arrow or a drag moves a column."""

    arranged = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Columns of the day"))
        self.itemChanged.connect(lambda _item: self.arranged.emit())
        self.moved.connect(self.arranged)

    def show_choices(self, choices: list[Choice]) -> None:
        """Fill it. The row that had the keyboard keeps it."""
        if choices == [Choice(i, self.item(n).text(), shown) for n, (i, shown) in enumerate(self._states())]:
            return
        row = self.currentRow()
        kept = self.item(row).data(Qt.ItemDataRole.UserRole) if row >= 0 else ""
        self.blockSignals(True)
        self.clear()
        for choice in choices:
            item = QListWidgetItem(choice.name, self)
            item.setData(Qt.ItemDataRole.UserRole, choice.id)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if choice.shown else Qt.CheckState.Unchecked)
        self.blockSignals(False)
        if choices:
            self.setCurrentRow(next((n for n, choice in enumerate(choices) if choice.id == kept), 0))

    def check_all(self, on: bool) -> None:
        """Show every column, or none."""
        self.blockSignals(True)
        for row in range(self.count()):
            self.item(row).setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.blockSignals(False)
        self.viewport().update()
        self.arranged.emit()

    def hidden_ids(self) -> tuple[str, ...]:
        """Who has no column."""
        return tuple(i for i, shown in self._states() if not shown)

    def order(self) -> tuple[str, ...]:
        """Everybody, in the order of the columns."""
        return tuple(i for i, _ in self._states())

    def _states(self) -> list[tuple[str, bool]]:
        items = [self.item(row) for row in range(self.count())]
        return [(i.data(Qt.ItemDataRole.UserRole), i.checkState() == Qt.CheckState.Checked) for i in items]


class ProviderChooser(QWidget):
    """The list with its buttons; ``arranged`` carries the hidden ids and the order.

    ``kinds`` offers the choice between providers and rooms, which ``kind_chosen`` carries.
    """

    arranged = Signal(tuple, tuple)
    kind_chosen = Signal(str)

    def __init__(self, look: ThemeSource, parent: QWidget | None = None, *, kinds: bool = False) -> None:
        super().__init__(parent)
        m = look.theme.metrics
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(m.s)
        self.kinds = None
        if kinds:
            from himsog_desktop.ui.appointments.choices import Segments

            offered = ((PROVIDERS, self.tr("Providers"), "people"), (ROOMS, self.tr("Rooms"), "home"))
            self.kinds = Segments(look, self.tr("A column for each of the"), offered, self)
            self.kinds.chosen.connect(self.kind_chosen)
            self.column.addWidget(self.kinds)
        self.list = ProviderList(self)
        self.list.setMinimumWidth(m.px(280))
        self.list.arranged.connect(lambda: self.arranged.emit(self.list.hidden_ids(), self.list.order()))
        self.column.addWidget(self.list, 1)
        row = QHBoxLayout()
        row.setSpacing(m.xs)
        every = IconButton(look, "", self.tr("Show every column"), self, words=self.tr("All"), kind="plain")
        none = IconButton(look, "", self.tr("Show no column"), self, words=self.tr("None"), kind="plain")
        up = IconButton(look, "chevron-up", self.tr("Move column to the left"), self, keys="Alt+↑")
        down = IconButton(look, "chevron-down", self.tr("Move column to the right"), self, keys="Alt+↓")
        every.clicked.connect(lambda: self.list.check_all(True))
        none.clicked.connect(lambda: self.list.check_all(False))
        up.clicked.connect(lambda: self.list.move_current(-1))
        down.clicked.connect(lambda: self.list.move_current(1))
        for button in (every, none):
            row.addWidget(button)
        row.addStretch(1)
        for button in (up, down):
            row.addWidget(button)
        self.column.addLayout(row)
        words = self.tr("Space shows or hides; drag, or Alt and an arrow, moves")
        self.hint = Text(look, words, self, style="small", colour="muted")
        self.list.setToolTip(words)
        self.column.addWidget(self.hint)

    def show_kind(self, kind: str) -> None:
        """What the columns are at present."""
        if self.kinds is not None:
            self.kinds.choose(kind)
