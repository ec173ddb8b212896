"""Prints a paper: one sheet a turn, so that the window lives on meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSizeF, QTimer, Signal
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from himsog_desktop.services.printing import faces
from himsog_desktop.ui.paper.draw import SheetPainter

if TYPE_CHECKING:
    from himsog_desktop.domain.paper import Paper, PaperPage

POINTS = 72.0


def prepare(printer: QPrinter, paper: Paper) -> None:
    """Tell a printer which sheets come, and what the job is called."""
    printer.setDocName(paper.title)
    printer.setFullPage(True)
    _turn(printer, paper.pages[0])


def _turn(printer: QPrinter, page: PaperPage) -> None:
    upright = QSizeF(min(page.width, page.height), max(page.width, page.height))
    lying = page.width > page.height
    printer.setPageSize(QPageSize(upright, QPageSize.Unit.Point))
    printer.setPageOrientation(QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait)


class PrintJob(QObject):
    """One paper on its way to a printer. ``finished`` says whether it got there."""

    finished = Signal(bool)

    def __init__(self, printer: QPrinter, paper: Paper, first: int, last: int, parent: QObject) -> None:
        super().__init__(parent)
        self._printer = printer
        self._pages = paper.pages[first - 1 : last] if last else paper.pages
        self._sheets = SheetPainter(faces())
        self._next = 0
        self._painter: QPainter | None = None
        self._turns = QTimer(self)
        self._turns.setInterval(0)
        self._turns.timeout.connect(self._print_one)
        parent.destroyed.connect(self._let_go)

    def start(self) -> None:
        """Begin; ``finished`` follows."""
        painter = QPainter()
        if not self._pages or not painter.begin(self._printer):
            self.finished.emit(False)
            return
        self._painter = painter
        self._turns.start()

    def stop(self) -> None:
        """Give up what has not been printed."""
        self._end(done=False)

    def _print_one(self) -> None:
        painter = self._painter
        if painter is None:
            return
        if self._next and not self._printer.newPage():
            self._end(done=False)
            return
        self._sheets.paint(painter, self._pages[self._next], self._printer.resolution() / POINTS)
        self._next += 1
        if self._next == len(self._pages):
            self._end(done=True)

    def _end(self, *, done: bool) -> None:
        self._turns.stop()
        painter, self._painter = self._painter, None
        if painter is not None:
            if not done:
                self._printer.abort()
            painter.end()
            self.finished.emit(done)

    def _let_go(self) -> None:
        """The window goes, or is locked, in the middle: a printer that goes before its painter ends the program."""
        self._turns.stop()
        painter, self._painter = self._painter, None
        if painter is not None:
            self._printer.abort()
            painter.end()
