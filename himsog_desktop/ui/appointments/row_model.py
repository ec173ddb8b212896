"""The rows of an inline list as plain values, and the model that a view asks."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from himsog_desktop.ui.appointments.words import tip


class Row(NamedTuple):
    """One row: what it stands for, its words left and right, a second line, an icon, and a sign before it.

    ``gone``: struck through and not to be taken. ``colour`` is one of the theme's status styles for the icon.
    """

    key: str
    title: str
    right: str = ""
    detail: str = ""
    glyph: str = ""
    strong: bool = False
    gone: bool = False
    warn: bool = False
    colour: str = ""

    @property
    def spoken(self) -> str:
        """The row as it is read out."""
        parts = [self.title, self.detail, self.right, "taken meanwhile" if self.gone else ""]
        return ", ".join(p for p in parts if p)


class RowModel(QAbstractListModel):
    """The rows in view."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def show(self, rows: list[Row]) -> None:
        """Other rows; as many rows as before are changed in place, so that nothing jumps."""
        if len(rows) == len(self.rows):
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == _DISPLAY:
            return row.title
        if role == _ACCESSIBLE:
            return row.spoken
        if role == _TIP:
            return tip(row.spoken)
        return None


_DISPLAY = Qt.ItemDataRole.DisplayRole.value
_ACCESSIBLE = Qt.ItemDataRole.AccessibleTextRole.value
_TIP = Qt.ItemDataRole.ToolTipRole.value
