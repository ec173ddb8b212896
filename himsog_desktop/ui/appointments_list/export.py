"""Writing what is selected to a table: where to is asked without holding up the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

if TYPE_CHECKING:
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.ui.shell.context import DeskContext

NAME = "appointments.csv"
"""What is offered: no name of a file says who is in it."""


class Export(QObject):
    """One export, from the question to the message."""

    def __init__(self, context: DeskContext, ids: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._ids = ids

    def begin(self) -> QFileDialog:
        """Ask where to."""
        parent = self.parent()
        assert isinstance(parent, QWidget)
        dialog = QFileDialog(parent, self.tr("Export {0} appointments").format(f"{len(self._ids):,}"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Tables (*.csv)"))
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(NAME)
        dialog.fileSelected.connect(lambda path: self.write(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def write(self, path: Path) -> None:
        """Write it, and say so."""
        ids = self._ids

        def work(desk: Desk) -> int:
            from himsog_desktop.services import listing

            return listing.export(desk, ids, path)

        def done(rows: int) -> None:
            self._context.messages.say(self.tr("{0} appointments written to {1}.").format(f"{rows:,}", path.name))
            self.deleteLater()

        self._context.backend.read(work, done, owner=self)
