"""The page "Print the day" in the real window: what it shows is what it saves and prints."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from himsog_desktop.domain.paper import Words
from himsog_desktop.services.printing import faces
from himsog_desktop.ui.paper.draw import SheetPainter
from himsog_desktop.ui.paper.job import PrintJob, prepare
from himsog_desktop.ui.paper.page import PrintPage
from himsog_desktop.ui.shell import commands
from tests.interchange import papers
from tests.support.pdf_reading import read_pdf
from tests.ui.conftest import Seat

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(seat: Seat) -> PrintPage:
    seat.workspace.day.take_keyboard()
    seat.press(Qt.Key.Key_P, CONTROL)
    found = seat.workspace.pages.currentWidget()
    assert isinstance(found, PrintPage)
    settle(seat, found)
    return found


def settle(seat: Seat, page: PrintPage) -> None:
    seat.wait(lambda: page.paper is not None)
    seat.settle()
    seat.wait(lambda: page.view.drawn)


def said(page: PrintPage) -> list[str]:
    paper = page.paper
    assert paper is not None
    return [item.text for each in paper.pages for item in each.items if isinstance(item, Words)]


def test_what_is_shown_is_what_is_saved(seat: Seat, page: PrintPage, tmp_path: Path) -> None:
    tiles = seat.workspace.day.view.page
    assert tiles is not None
    assert len([text for text in said(page) if text.startswith("Page 1 of")]) == len(tiles.columns)
    for tile in tiles.tiles:
        assert tile.name in said(page)
    out = tmp_path / "day.pdf"
    page.save(str(out))
    seat.wait(lambda: seat.messages() and "Saved day.pdf." in seat.messages()[-1])
    read = read_pdf(out.read_bytes())
    assert [text.text for each in read.pages for text in each.texts] == said(page)


def test_a_sheet_that_can_not_be_written_is_said(seat: Seat, page: PrintPage, tmp_path: Path) -> None:
    page.save(str(tmp_path / "nowhere" / "day.pdf"))
    seat.wait(lambda: any("cannot be written" in text for text in seat.messages()))


def test_choices_change_the_sheets_at_once(seat: Seat, page: PrintPage) -> None:
    names = {tile.name for tile in seat.workspace.day.view.page.tiles}  # type: ignore[union-attr]
    page.sheet.setChecked(True)
    settle(seat, page)
    assert page.paper is not None
    assert page.paper.pages[0].width > page.paper.pages[0].height
    page.hide_names.setChecked(True)
    settle(seat, page)
    assert not names & set(said(page))
    assert not page.notes.isEnabled()
    before = len(said(page))
    page.providers.item(0).setCheckState(Qt.CheckState.Unchecked)
    settle(seat, page)
    assert len(said(page)) < before
    page.turn_choice.taken.emit(False)
    settle(seat, page)
    assert page.paper.pages[0].width < page.paper.pages[0].height


def test_hidden_names_on_the_screen_are_hidden_on_paper(seat: Seat) -> None:
    commands.do(seat.workspace, "privacy")
    commands.do(seat.workspace, "print")
    page = seat.workspace.pages.currentWidget()
    assert isinstance(page, PrintPage)
    settle(seat, page)
    assert page.hide_names.isChecked()
    assert "Names are hidden" in " ".join(said(page))


def test_esc_leads_back_to_the_day_that_was_in_view(seat: Seat) -> None:
    workspace = seat.workspace
    other = workspace.day.today + timedelta(days=3)
    workspace.day.show_day(other)
    seat.settle()
    commands.do(workspace, "print")
    page = workspace.pages.currentWidget()
    assert isinstance(page, PrintPage)
    settle(seat, page)
    assert any(f"{other.day} November 2026" in text for text in said(page))
    seat.press(Qt.Key.Key_Escape)
    assert workspace.pages.currentWidget() is workspace.day
    assert workspace.day.day == other
    commands.do(workspace, "month_view")
    month = workspace.pages.currentWidget()
    commands.do(workspace, "print")
    settle(seat, page)
    seat.press(Qt.Key.Key_Escape)
    assert workspace.pages.currentWidget() is month


def test_what_another_program_books_comes_into_the_preview(seat: Seat, page: PrintPage) -> None:
    from himsog_desktop.domain.commands import Book, NewPatient
    from himsog_desktop.services import booking, directory

    desk = seat.other_process()
    try:
        provider = directory.providers(desk)[0].id
        start = desk.zone.instant(seat.workspace.day.today, 16 * 60 + 50)
        booking.book(desk, Book(provider, start, new_patient=NewPatient("Quirino, Late"), duration=5))
    finally:
        desk.cache.close()
    seat.wait(lambda: "Quirino, Late" in said(page))


def test_the_keyboard_goes_through_the_sheets_and_a_reader_hears_which(seat: Seat, page: PrintPage) -> None:
    view = page.view
    assert view.hasFocus()
    assert view.accessibleName().startswith(f"Preview, sheet 1 of {len(page.paper.pages)}: Dr ")  # type: ignore[union-attr]
    seat.press(Qt.Key.Key_PageDown)
    assert view.accessibleName().startswith("Preview, sheet 2 of ")
    heard = QAccessible.queryAccessibleInterface(view).text(QAccessible.Text.Description)
    assert "Patient; Services; Status" in heard
    seat.press(Qt.Key.Key_End)
    assert view.current == len(page.paper.pages) - 1  # type: ignore[union-attr]
    seat.press(Qt.Key.Key_Home)
    assert view.verticalScrollBar().value() == 0


def test_dialogs_are_open_while_the_window_lives_on(seat: Seat, page: PrintPage) -> None:
    page.ask_file()
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.isVisible()
    chosen = Path(dialog.selectedFiles()[0]).name
    assert chosen == f"day-{seat.workspace.day.today.isoformat()}.pdf"
    dialog.reject()
    seat.press(Qt.Key.Key_P, CONTROL)  # on this page the key means the printer
    printers = page.findChild(QPrintDialog)
    assert printers is not None
    assert printers.isVisible()
    printers.reject()
    seat.wait(lambda: not [d for d in page.findChildren(QDialog) if d.isVisible()])


def test_the_printer_gets_every_sheet_one_a_turn(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    paper = papers.list_of()
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    prepare(printer, paper)
    job = PrintJob(printer, paper, 1, 0, qapp)
    with qtbot.waitSignal(job.finished) as blocker:
        job.start()
    assert blocker.args == [True]
    job.deleteLater()
    data = (tmp_path / "printed.pdf").read_bytes()
    assert data.count(b"/Type /Page\n") == len(paper.pages)


def test_a_window_that_goes_in_the_middle_lets_go_of_the_printer(qapp: QApplication, tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    paper = papers.list_of()
    prepare(printer, paper)
    owner = QWidget()
    job = PrintJob(printer, paper, 1, 0, owner)
    job.start()
    assert printer.paintingActive()
    shiboken6.delete(owner)
    assert not printer.paintingActive()


@pytest.mark.parametrize("name", ["list", "sheet"])
def test_the_preview_has_its_ink_where_the_file_has_its_text(qapp: QApplication, name: str) -> None:
    page = papers.DOCUMENTS[name]().pages[0]
    scale = 2.0
    image = QImage(round(page.width * scale), round(page.height * scale), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    assert SheetPainter(faces()).paint(painter, page, scale) == len(page.items)
    painter.end()
    for item in page.items:
        if isinstance(item, Words):
            width = faces()[item.strong].width(item.text, item.size)
            assert _ink(image, item.x, item.y - item.size * 0.6, width, item.size * 0.6, scale), item
    # Nothing stands in the margins.
    assert not _ink(image, 0, 0, page.width, 20, scale)
    assert not _ink(image, 0, 0, 20, page.height, scale)


def _ink(image: QImage, x: float, y: float, width: float, height: float, scale: float) -> bool:
    part = image.copy(round(x * scale), round(y * scale), max(round(width * scale), 1), max(round(height * scale), 1))
    grey = part.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = [bytes(grey.constScanLine(row))[: grey.width()] for row in range(grey.height())]
    levels = {level for row in rows for level in row}
    return max(levels) - min(levels) > 60


def test_in_a_tall_window_drawing_comes_to_an_end(seat: Seat, page: PrintPage) -> None:
    """More sheets are in view than are kept else."""
    view = page.view
    paper = page.paper
    assert paper is not None
    view.show_paper(paper._replace(pages=paper.pages[:1] * 6))
    view.setParent(None)
    try:
        view.resize(250, 1600)
        view.show()
        seat.wait(lambda: view.viewport().width() < 300)
        seat.qtbot.wait(50)
        seat.wait(lambda: view.drawn)
        seat.qtbot.wait(50)
        assert view.drawn
    finally:
        view.setParent(page)


def test_what_is_saved_right_after_names_were_hidden_holds_none(seat: Seat, page: PrintPage, tmp_path: Path) -> None:
    tiles = seat.workspace.day.view.page
    assert tiles is not None
    page.hide_names.setChecked(True)
    out = tmp_path / "day.pdf"
    page.save(str(out))
    seat.wait(lambda: seat.messages() and "Saved day.pdf." in seat.messages()[-1])
    read = read_pdf(out.read_bytes())
    written = {text.text for each in read.pages for text in each.texts}
    assert written.isdisjoint(tile.name for tile in tiles.tiles)


def test_names_that_are_hidden_on_the_screen_leave_the_preview(seat: Seat, page: PrintPage) -> None:
    tiles = seat.workspace.day.view.page
    assert tiles is not None
    assert not set(said(page)).isdisjoint(tile.name for tile in tiles.tiles)
    prefs = seat.workspace.prefs
    prefs.set(prefs.now._replace(privacy=True))
    settle(seat, page)
    assert set(said(page)).isdisjoint(tile.name for tile in tiles.tiles)


def test_sheets_of_the_day_before_are_never_shown_as_those_of_another(seat: Seat, page: PrintPage) -> None:
    page.notes.setChecked(False)  # is laid out anew while another day is asked for
    other = seat.workspace.day.today + timedelta(days=4)
    page.begin(other)
    seat.wait(lambda: page.paper is not None)
    assert any(f"{other.day} November 2026" in text for text in said(page))


@pytest.mark.parametrize("scale", [1.0, 1.5, 1.75, 2.0])
def test_no_choice_of_printing_is_cut(seat: Seat, scale: float) -> None:
    seat.window.resize(1366, 768)
    prefs = seat.workspace.prefs
    prefs.set(prefs.now._replace(scale=scale))
    seat.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    seat.settle()
    page = seat.workspace.pages.currentWidget()
    assert isinstance(page, PrintPage)
    seat.wait(lambda: page.width() > 1000)
    for button in page.findChildren(QAbstractButton):
        if button.isVisible() and button.text():
            assert button.width() >= button.sizeHint().width(), button.text()
