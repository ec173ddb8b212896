"""The map of keys on paper: one A4 page in two columns, to a printer or a PDF. Loaded when somebody prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QMarginsF, QSizeF, Qt
from PySide6.QtGui import (
    QFont,
    QPageLayout,
    QPageSize,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextLength,
    QTextTableFormat,
)
from PySide6.QtPrintSupport import QPrintDialog, QPrinter

from himsog_desktop.ui.shell.help import in_columns, lines_of
from himsog_desktop.ui.theme.fonts import FAMILY

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from himsog_desktop.ui.shell.help import Lines
    from himsog_desktop.ui.shell.keymap import Bindings

POINTS, TITLE_POINTS = 9, 15
MARGIN_MM = 14.0
COLUMNS = 2
AIR = 10
"""Above a group that is not the first of its column."""


def sheet(keys: Bindings, *, shared: bool = False) -> QTextDocument:
    """The map as a document: groups in two columns, black on white."""
    made = QTextDocument()
    made.setDocumentMargin(0)
    made.setDefaultFont(QFont(FAMILY, POINTS))
    cursor = QTextCursor(made)
    cursor.insertText(QCoreApplication.translate("keys", "Keys of Himsog Desktop"), _letters(TITLE_POINTS, strong=True))
    cursor.insertBlock()
    outer = cursor.insertTable(1, COLUMNS, _frame(COLUMNS, 8))
    for at, groups in enumerate(in_columns(lines_of(keys, shared=shared), COLUMNS)):
        _write_column(outer.cellAt(0, at).firstCursorPosition(), groups)
    return made


def _write_column(cursor: QTextCursor, groups: Lines) -> None:
    right = QTextBlockFormat()
    right.setAlignment(Qt.AlignmentFlag.AlignRight)
    for group, acts in groups:
        air = QTextBlockFormat()
        air.setTopMargin(AIR if group != groups[0][0] else 0)
        cursor.setBlockFormat(air)
        cursor.insertText(group, _letters(POINTS + 1, strong=True))
        table = cursor.insertTable(len(acts), 2, _frame(2, 1))
        for row, (says, shown) in enumerate(acts):
            table.cellAt(row, 0).firstCursorPosition().insertText(says, _letters(POINTS))
            place = table.cellAt(row, 1).firstCursorPosition()
            place.setBlockFormat(right)
            place.insertText(" or ".join(shown) or "–", _letters(POINTS, strong=True))
        cursor = table.lastCursorPosition()
        cursor.movePosition(QTextCursor.MoveOperation.NextBlock)


def _letters(points: int, *, strong: bool = False) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setFont(QFont(FAMILY, points, QFont.Weight.DemiBold if strong else QFont.Weight.Normal))
    return made


def _frame(columns: int, padding: float) -> QTextTableFormat:
    made = QTextTableFormat()
    made.setBorder(0)
    made.setCellPadding(padding)
    made.setCellSpacing(0)
    made.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    shares = (100 // columns,) * columns if padding > 1 else (62, 38)
    made.setColumnWidthConstraints([QTextLength(QTextLength.Type.PercentageLength, share) for share in shares])
    return made


def set_page(printer: QPrinter) -> None:
    """A4, upright, with margins that any printer can keep."""
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    page = QPageSize(QPageSize.PageSizeId.A4)
    printer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter))
    printer.setDocName(QCoreApplication.translate("keys", "Keys of Himsog Desktop"))


def write(keys: Bindings, printer: QPrinter, *, shared: bool = False) -> int:
    """Print it; how many pages that took."""
    made = sheet(keys, shared=shared)
    made.setPageSize(QSizeF(printer.pageRect(QPrinter.Unit.Point).size()))
    made.print_(printer)
    return made.pageCount()


def ask_and_print(keys: Bindings, window: QWidget, *, shared: bool = False) -> QPrintDialog:
    """The system's dialog, without a nested loop; prints when it is accepted."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    set_page(printer)
    dialog = QPrintDialog(printer, window)
    dialog.accepted.connect(lambda: write(keys, printer, shared=shared))
    dialog.finished.connect(dialog.deleteLater)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.show()
    return dialog
