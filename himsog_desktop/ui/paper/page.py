"""The page "Print the day": what, of whom, how; beside it the sheets as they will be. Keeps ``pages.Page``.

Long because choices, preview, file and printer stand on one page.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from himsog_desktop.services import printing
from himsog_desktop.services.printing import PrintChoices, PrintDay
from himsog_desktop.ui.models.words import day_words
from himsog_desktop.ui.paper.preview import PaperView
from himsog_desktop.ui.shell.controls import Surface, Text
from himsog_desktop.ui.shell.settings_page import Choices

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from PySide6.QtGui import QKeyEvent, QResizeEvent
    from PySide6.QtPrintSupport import QPrinter

    from himsog_desktop.domain.changes import ChangeSet
    from himsog_desktop.domain.errors import HimsogError
    from himsog_desktop.domain.paper import Paper
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.ui.paper.job import PrintJob
    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.prefs import Prefs
    from himsog_desktop.ui.shell.session import Session
    from himsog_desktop.ui.theme.theme import Theme

SIDE = 300
"""Width of the choices at scale 1."""


class PrintPage(Surface):
    """Choices at the left, the preview at the right."""

    def __init__(self, context: DeskContext, session: Session, parent: QWidget) -> None:
        super().__init__(context.look, parent, token="canvas")
        self._context = context
        self._date = session.opened.day
        self._read: PrintDay | None = None
        self._job: PrintJob | None = None
        self._off: set[str] = set()
        """Providers who are not to be printed."""
        self._back: Callable[[], None] | None = None
        self._laying = False
        """Whether other sheets than those in view are on their way."""
        self._then: Callable[[], None] | None = None
        """What was asked for meanwhile."""
        self.view = PaperView(context.look, self)
        self._side = self._make_side()
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self._side)
        across.addWidget(self.view, 1)
        self.restyle(context.look.theme)
        context.backend.changed.connect(self._changed)
        context.prefs.changed.connect(self._prefs_changed)

    # --------------------------------------------------------------------------------- choices

    def _make_side(self) -> Surface:
        """The choices, which scroll where there is little room, and the buttons, which stay."""
        look, m = self.look, self.look.theme.metrics
        side = Surface(look, self, edges="r")
        scroll = QScrollArea(side)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = Surface(look, scroll)
        scroll.setWidget(body)
        inner = QVBoxLayout(body)
        inner.setContentsMargins(m.l, m.l, m.l, m.s)
        inner.setSpacing(m.s)
        self._fill_choices(body, inner)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, m.line, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        column.addLayout(self._make_buttons(side))
        return side

    def _fill_choices(self, body: QWidget, column: QVBoxLayout) -> None:
        look, m = self.look, self.look.theme.metrics
        column.addWidget(Text(look, self.tr("Print the day"), body, style="title"))
        self._day_words = Text(look, "", body, colour="muted")
        column.addWidget(self._day_words)
        column.addSpacing(m.xs)
        self.list = QRadioButton(self.tr("A list for each provider"), body)
        self.sheet = QRadioButton(self.tr("All providers on one sheet"), body)
        self.list.setChecked(True)
        self.list.toggled.connect(self._kind_changed)
        column.addWidget(self.list)
        column.addWidget(self.sheet)
        column.addSpacing(m.xs)
        column.addWidget(Text(look, self.tr("Providers"), body, style="strong"))
        self.providers = QListWidget(body)
        self.providers.setAccessibleName(self.tr("Providers to print"))
        self.providers.itemChanged.connect(self._provider_changed)
        column.addWidget(self.providers, 1)
        self.hide_names = self._box(body, self.tr("Hide names: initials alone"))
        self.notes = self._box(body, self.tr("With notes"), on=True)
        self.printed_line = self._box(body, self.tr("Say when it was printed"), on=True)
        for box in (self.hide_names, self.notes, self.printed_line):
            column.addWidget(box)
        sizes = (("a4", "A4"), ("letter", self.tr("Letter")))
        american = QLocale.system().measurementSystem() == QLocale.MeasurementSystem.ImperialUSSystem
        self._size: object = "letter" if american else "a4"
        self._landscape: object = None
        self.size_choice = Choices(look, self.tr("Sheet"), sizes, self._size, body)
        turns = ((None, self.tr("As suits it")), (False, self.tr("Upright")), (True, self.tr("On its side")))
        self.turn_choice = Choices(look, self.tr("Orientation"), turns, None, body)
        self.size_choice.taken.connect(self._take_size)
        self.turn_choice.taken.connect(self._take_turn)
        row = QHBoxLayout()
        row.setSpacing(m.s)
        for choice in (self.size_choice, self.turn_choice):
            choice.setMinimumWidth(0)
            row.addWidget(choice, 1)
        column.addLayout(row)

    def _make_buttons(self, side: QWidget) -> QVBoxLayout:
        look, m = self.look, self.look.theme.metrics
        column = QVBoxLayout()
        column.setContentsMargins(m.l, m.s, m.l, m.l)
        column.setSpacing(m.s)
        self._count = Text(look, "", side, style="small", colour="muted", wrap=True)
        column.addWidget(self._count)
        self.print_button = QPushButton(self.tr("Print…"), side)
        self.print_button.setProperty("primary", "true")
        self.print_button.setToolTip("Ctrl+P")
        self.print_button.clicked.connect(self.ask_printer)
        column.addWidget(self.print_button)
        self.save_button = QPushButton(self.tr("Save as PDF…"), side)
        self.save_button.clicked.connect(self.ask_file)
        close = QPushButton(self.tr("Close"), side)
        close.setToolTip("Esc")
        close.clicked.connect(self.leave)
        row = QHBoxLayout()
        row.setSpacing(m.s)
        row.addWidget(self.save_button, 1)
        row.addWidget(close)
        column.addLayout(row)
        return column

    def _box(self, body: QWidget, words: str, *, on: bool = False) -> QCheckBox:
        made = QCheckBox(words, body)
        made.setChecked(on)
        made.toggled.connect(self._lay_out)
        return made

    def restyle(self, theme: Theme) -> None:
        self.providers.setMinimumHeight(theme.metrics.px(92))
        self._fit_side()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_side()

    def _fit_side(self) -> None:
        """As wide as its words in their size, up to half of the page."""
        self._side.setFixedWidth(min(self.look.theme.metrics.px(SIDE), max(self.width() // 2, SIDE)))

    def choices(self) -> PrintChoices:
        """How to print, as it is chosen now."""
        return PrintChoices(
            kind="list" if self.list.isChecked() else "sheet",
            hide_names=self.hide_names.isChecked(),
            notes=self.notes.isChecked(),
            size=str(self._size),
            landscape=None if self._landscape is None else bool(self._landscape),
            hour12=self._context.prefs.now.hour12,
            printed_line=self.printed_line.isChecked(),
        )

    # ----------------------------------------------------------------------------------- page

    def begin(self, day: date) -> None:
        """A day is to be printed. Names that are hidden on the screen are hidden on paper, unless one says so."""
        prefs = self._context.prefs.now
        self._date = day
        self._day_words.setText(day_words(day))
        self._off = set(prefs.hidden)
        self._read = None
        self._laying, self._then = False, None
        if prefs.privacy:
            self.hide_names.setChecked(True)
        self.view.say("")
        self.view.verticalScrollBar().setValue(0)
        self._ready(on=False)
        self.read_again()

    def _prefs_changed(self, new: Prefs, old: Prefs) -> None:
        """Names are hidden on the screen: also those of the preview."""
        if new.privacy and not old.privacy:
            self.hide_names.setChecked(True)

    def come_from(self, back: Callable[[], None]) -> None:
        """How to go back to where it was called from."""
        self._back = back

    def leave(self) -> None:
        """Back to where it was called from."""
        if self._back is not None:
            self._back()

    def arrive(self) -> None:
        """It came into view."""
        self.view.setFocus()

    def chosen(self) -> tuple[str, ...]:
        """Nothing is chosen here."""
        return ()

    @property
    def paper(self) -> Paper | None:
        """What is shown and will be printed."""
        return self.view.paper

    def read_again(self) -> None:
        """Read the day anew."""
        day, order = self._date, self._context.prefs.now.order

        def read(desk: Desk) -> PrintDay:
            return printing.read_day(desk, day, order=order)

        self._context.backend.read(read, self._show_day, self._failed, key="print-day", owner=self)

    def _show_day(self, read: PrintDay) -> None:
        self._read = read
        self.providers.blockSignals(True)
        row = max(self.providers.currentRow(), 0)
        self.providers.clear()
        for column in read.columns:
            item = QListWidgetItem(f"{column.name}  ({len(column.rows)})", self.providers)
            item.setData(Qt.ItemDataRole.UserRole, column.id)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            on = column.id not in self._off
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.providers.setCurrentRow(min(row, self.providers.count() - 1))
        self.providers.blockSignals(False)
        self._lay_out()

    def _failed(self, error: HimsogError) -> None:
        self._read = None
        self._laying, self._then = False, None
        self._ready(on=False)
        self._count.setText("")
        self.view.say(error.message)

    def _changed(self, changes: ChangeSet) -> None:
        if self.isVisible() and (changes.everything or changes.days or changes.lists):
            self.read_again()

    def _provider_changed(self, item: QListWidgetItem) -> None:
        key = item.data(Qt.ItemDataRole.UserRole)
        if item.checkState() == Qt.CheckState.Checked:
            self._off.discard(key)
        else:
            self._off.add(key)
        self._lay_out()

    def _kind_changed(self) -> None:
        self.view.verticalScrollBar().setValue(0)
        self._lay_out()

    def _take_size(self, value: object) -> None:
        self._size = value
        self.size_choice.show_value(value)
        self._lay_out()

    def _take_turn(self, value: object) -> None:
        self._landscape = value
        self.turn_choice.show_value(value)
        self._lay_out()

    def _wanted(self) -> PrintDay | None:
        if self._read is None:
            return None
        return self._read._replace(columns=tuple(c for c in self._read.columns if c.id not in self._off))

    def _lay_out(self) -> None:
        """On the worker: the pages for what is chosen."""
        self.notes.setEnabled(not self.hide_names.isChecked())
        wanted, choices = self._wanted(), self.choices()
        if wanted is None:
            return
        self._laying = True

        def work(_desk: Desk) -> Paper:
            return printing.lay_out(wanted, choices)

        self._context.backend.read(work, self._show_paper, self._failed, key="print-paper", owner=self)

    def _show_paper(self, paper: Paper) -> None:
        wanted = self._wanted()
        if wanted is None:
            return  # sheets of the day before; those of this one are on their way
        rows = sum(len(column.rows) for column in wanted.columns)
        sheets = len(paper.pages)
        words = self.tr("1 sheet") if sheets == 1 else self.tr("{0} sheets").format(sheets)
        booked = self.tr("1 appointment") if rows == 1 else self.tr("{0} appointments").format(rows)
        self._count.setText(f"{words} · {booked}")
        self.view.show_paper(paper)
        self._ready(on=True)
        self._laying = False
        then, self._then = self._then, None
        if then is not None:
            then()

    def _waits(self, then: Callable[[], None]) -> bool:
        """Whether sheets as they were chosen are still on their way: what was asked for follows with them.

        Else names that were just hidden would be printed.
        """
        self._then = then if self._laying else None
        return self._laying

    def _ready(self, *, on: bool) -> None:
        for button in (self.print_button, self.save_button):
            button.setEnabled(on)

    # ------------------------------------------------------------------------------ file, printer

    def ask_file(self) -> None:
        """Where to; the file's name holds the date alone."""
        if self._waits(self.ask_file):
            return
        dialog = QFileDialog(self, self.tr("Save as PDF"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("PDF files (*.pdf)"))
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(f"day-{self._date.isoformat()}.pdf")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.save)
        dialog.open()

    def save(self, name: str) -> None:
        """Write the paper that is shown; what came of it is said."""
        if self._waits(lambda: self.save(name)):
            return
        paper, read = self.paper, self._read
        if paper is None or read is None or not name:
            return
        out = Path(name)

        def write(_desk: Desk) -> None:
            printing.write(paper, out, read.printed)

        def done(_nothing: None) -> None:
            self._context.messages.say(self.tr("Saved {0}.").format(out.name))

        self._context.backend.read(write, done, self._say_failed, owner=self)

    def _say_failed(self, error: HimsogError) -> None:
        self._context.messages.say(error.message, error=True)

    def ask_printer(self) -> None:
        """The system's own dialog; it is open while the window lives on."""
        if self._waits(self.ask_printer):
            return
        paper = self.paper
        if paper is None or self._job is not None:
            return
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        from himsog_desktop.ui.paper.job import prepare

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        prepare(printer, paper)
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle(self.tr("Print the day"))
        dialog.setMinMax(1, len(paper.pages))
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def answered(result: int) -> None:
            if result == QPrintDialog.DialogCode.Accepted:
                self.print_to(printer, paper)

        dialog.finished.connect(answered)
        QDialog.open(dialog)  # its own one wants a receiver

    def print_to(self, printer: QPrinter, paper: Paper) -> None:
        """Print on a printer that is chosen."""
        from himsog_desktop.ui.paper.job import PrintJob

        job = PrintJob(printer, paper, printer.fromPage() or 1, printer.toPage(), self)
        self._job = job
        job.finished.connect(self._printed)
        job.start()

    def _printed(self, done: bool) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.deleteLater()
        if done:
            self._context.messages.say(self.tr("Sent to the printer."))
        else:
            words = self.tr("The printer did not take it. Nothing was lost: print again, or save as PDF.")
            self._context.messages.say(words, error=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            event.accept()
            return
        super().keyPressEvent(event)
