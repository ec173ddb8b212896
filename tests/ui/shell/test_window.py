from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from himsog_desktop.domain.appointment import StatusAct
from himsog_desktop.domain.commands import Book, NewPatient, SetStatus
from himsog_desktop.domain.time import HOUR, MINUTE
from himsog_desktop.services import booking, openslots, states
from himsog_desktop.ui.calendar.labels import shown_name
from himsog_desktop.ui.shell.help import KeyMap
from himsog_desktop.ui.shell.keymap import bindings, keys_for
from tests.ui.conftest import NOW, Seat

TODAY = date(2026, 11, 20)
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def pending(seat: Seat) -> str:
    """A requested appointment that is still to come."""
    page = seat.workspace.day.view.page
    assert page is not None
    return next(t.id for t in page.tiles if t.status == "PENDING" and t.start > NOW)


def status(seat: Seat, tile_id: str) -> str:
    tile = seat.workspace.day.view.tile(tile_id)
    return tile.status if tile is not None else ""


def glowing(seat: Seat) -> dict[str, float]:
    return dict(seat.workspace.day.view.glow.strengths())


def test_the_window_opens_on_today_with_the_keyboard_on_the_day(seat: Seat) -> None:
    day = seat.workspace.day
    assert day.day == TODAY
    assert day.view.page is not None
    assert len(day.view.page.tiles) > 40
    assert day.view.state == "page"
    assert seat.focus() is day.view
    assert "Digos" in seat.window.windowTitle()
    assert "appointments" in seat.workspace.status.left.text()


def test_the_title_never_names_a_patient(seat: Seat) -> None:
    page = seat.workspace.day.view.page
    assert page is not None
    seat.workspace.open_details(page.tiles[0].id)
    assert all(t.name.split(",")[0] not in seat.window.windowTitle() for t in page.tiles)


def test_days_by_keys_are_read_ahead_and_show_at_once(seat: Seat) -> None:
    seat.press(Qt.Key.Key_Right, ALT)
    assert seat.workspace.day.day == date(2026, 11, 21)
    assert seat.workspace.day.view.page is not None
    assert seat.workspace.day.view.page.day == "2026-11-21"  # no waiting: it was there
    seat.press(Qt.Key.Key_BracketLeft)
    seat.press(Qt.Key.Key_BracketLeft)
    seat.wait(lambda: seat.workspace.day.view.page and seat.workspace.day.view.page.day == "2026-11-19")
    seat.press(Qt.Key.Key_T)
    assert seat.workspace.day.view.page is not None
    assert seat.workspace.day.view.page.day == "2026-11-20"


def test_a_typed_date_goes_there_and_nonsense_stays(seat: Seat) -> None:
    seat.press(Qt.Key.Key_G)
    field = seat.workspace.day.toolbar.field
    assert seat.focus() is field
    seat.type("blue moon")
    seat.press(Qt.Key.Key_Return)
    assert seat.workspace.day.day == TODAY
    assert "Not a date" in field.accessibleDescription()
    field.clear()
    seat.type("24 nov")
    seat.press(Qt.Key.Key_Return)
    seat.wait(lambda: seat.workspace.day.view.page and seat.workspace.day.view.page.day == "2026-11-24")
    assert seat.focus() is seat.workspace.day.view


def test_confirm_says_so_and_undo_takes_it_back_and_redo_again(seat: Seat) -> None:
    tile = pending(seat)
    assert seat.workspace.day.view.go_to(tile)
    seat.press(Qt.Key.Key_C)
    seat.wait(lambda: status(seat, tile) == "CONFIRMED")
    assert any("Confirmed" in text for text in seat.messages())
    toast = seat.workspace.messages.newest
    assert toast is not None
    assert toast.button is not None
    assert toast.button.text() == "Undo"
    QTest.mouseClick(toast.button, Qt.MouseButton.LeftButton)
    seat.wait(lambda: status(seat, tile) == "PENDING")
    seat.workspace.acts.redo()
    seat.wait(lambda: status(seat, tile) == "CONFIRMED")


def test_undo_by_key_takes_back_the_newest_act(seat: Seat) -> None:
    tile = pending(seat)
    seat.workspace.acts.set_status(StatusAct.CONFIRM, (tile,))
    seat.wait(lambda: status(seat, tile) == "CONFIRMED")
    seat.press(Qt.Key.Key_Z, CONTROL)
    seat.wait(lambda: status(seat, tile) == "PENDING")
    seat.press(Qt.Key.Key_Z, CONTROL | SHIFT)
    seat.wait(lambda: status(seat, tile) == "CONFIRMED")


def test_undo_by_key_is_meant_also_in_a_field_with_nothing_to_undo(seat: Seat) -> None:
    tile = pending(seat)
    seat.workspace.acts.set_status(StatusAct.CONFIRM, (tile,))
    seat.wait(lambda: status(seat, tile) == "CONFIRMED")
    seat.press(Qt.Key.Key_K, CONTROL)
    seat.type("ab")
    seat.press(Qt.Key.Key_Z, CONTROL)  # the field's own
    assert seat.workspace.top.search.text() == ""
    assert status(seat, tile) == "CONFIRMED"
    seat.press(Qt.Key.Key_Z, CONTROL)
    seat.wait(lambda: status(seat, tile) == "PENDING")


def test_what_another_process_books_shows_within_300_ms_and_glows(seat: Seat) -> None:
    desk = seat.other_process()
    page = seat.workspace.day.view.page
    assert page is not None
    provider = page.columns[0].id
    start = openslots.free_slots(desk, provider, TODAY)[-1].start
    made = booking.book(desk, Book(provider, start, new_patient=NewPatient("Uy, Ng"))).changed[0].id
    seat.wait(lambda: seat.workspace.day.view.tile(made), timeout=300)
    assert made in glowing(seat)
    desk.cache.close()


def test_own_acts_do_not_glow(seat: Seat) -> None:
    tile = pending(seat)
    seat.workspace.acts.set_status(StatusAct.CONFIRM, (tile,))
    seat.wait(lambda: status(seat, tile) == "CONFIRMED")
    assert tile not in glowing(seat)


def test_a_refused_move_says_why_and_nothing_moves(seat: Seat) -> None:
    page = seat.workspace.day.view.page
    assert page is not None
    one = next(t for t in page.tiles if t.status == "CONFIRMED" and t.start > NOW + HOUR)
    other = next(t for t in page.tiles if t.status == "CONFIRMED" and t.start > NOW + HOUR and t.id != one.id)
    seat.workspace.day.view.move_requested.emit(
        one.id, other.provider_id, other.start, other.start + one.end - one.start
    )
    seat.wait(seat.messages)
    assert any("can't be booked" in text or "doesn't offer" in text for text in seat.messages())
    still = seat.workspace.day.view.tile(one.id)
    assert still is not None
    assert (still.start, still.provider_id) == (one.start, one.provider_id)


def test_a_move_by_hand_moves_and_can_be_undone(seat: Seat) -> None:
    page = seat.workspace.day.view.page
    assert page is not None
    desk = seat.other_process()
    one = next(t for t in page.tiles if t.status == "CONFIRMED" and t.start > NOW + HOUR)
    minutes = (one.end - one.start) // MINUTE
    start = openslots.free_slots(desk, one.provider_id, TODAY, duration=minutes)[-1].start
    desk.cache.close()
    seat.workspace.day.view.move_requested.emit(one.id, one.provider_id, start, start + one.end - one.start)

    def at() -> int:
        tile = seat.workspace.day.view.tile(one.id)
        return tile.start if tile is not None else 0

    seat.wait(lambda: at() == start)
    assert any(text.startswith("Moved") for text in seat.messages())
    seat.press(Qt.Key.Key_Z, CONTROL)
    seat.wait(lambda: at() == one.start)


def test_why_a_time_is_not_free_is_answered_here(seat: Seat) -> None:
    page = seat.workspace.day.view.page
    assert page is not None
    tile = next(t for t in page.tiles if t.status == "CONFIRMED" and t.start > NOW)
    explain = seat.workspace.day.view.explain
    assert explain is not None
    assert explain(tile.provider_id, tile.start, tile.end)
    assert explain("nobody", tile.start, tile.end)


def test_the_reason_for_cancelling_is_asked_beside_the_day(seat: Seat) -> None:
    tile = pending(seat)
    seat.workspace.day.view.go_to(tile)
    seat.press(Qt.Key.Key_X)
    panel = seat.workspace.host.panel
    assert panel is not None
    assert panel.title.startswith("Cancel")
    seat.press(Qt.Key.Key_2)
    seat.press(Qt.Key.Key_Return)
    seat.wait(lambda: status(seat, tile) == "CANCELLED")
    seat.wait(lambda: seat.workspace.host.panel is None)
    assert seat.focus() is seat.workspace.day.view
    desk = seat.other_process()
    reason = desk.reader.execute("SELECT cancellation_reason FROM appointments WHERE id = ?", (tile,)).fetchone()[0]
    desk.cache.close()
    assert reason == "Feeling better"


def test_escape_keeps_the_appointment(seat: Seat) -> None:
    tile = pending(seat)
    seat.workspace.day.view.go_to(tile)
    seat.press(Qt.Key.Key_X)
    seat.press(Qt.Key.Key_Escape)
    seat.wait(lambda: seat.workspace.host.panel is None)
    assert status(seat, tile) == "PENDING"


def test_a_state_key_without_an_appointment_says_what_to_do(seat: Seat) -> None:
    view = seat.workspace.day.view
    page = view.page
    assert page is not None
    view.go_to_time(page.columns[0].id, page.end - HOUR, page.end)
    seat.press(Qt.Key.Key_C)
    assert "Choose an appointment first" in seat.messages()[-1]


def test_a_refused_act_by_somebody_else_meanwhile_is_said(seat: Seat) -> None:
    tile = pending(seat)
    desk = seat.other_process()
    states.set_status(desk, SetStatus(StatusAct.CANCEL, (tile,)))
    desk.cache.close()
    seat.workspace.acts.set_status(StatusAct.CONFIRM, (tile,))
    seat.wait(seat.messages)
    newest = seat.workspace.messages.newest
    assert newest is not None
    assert newest.error


def test_privacy_hides_names_on_the_day_and_in_messages(seat: Seat) -> None:
    seat.press(Qt.Key.Key_P)
    assert seat.workspace.day.view.privacy
    tile = pending(seat)
    name = seat.workspace.day.view.tile(tile)
    assert name is not None
    seat.workspace.acts.set_status(StatusAct.CONFIRM, (tile,))
    seat.wait(lambda: status(seat, tile) == "CONFIRMED")
    assert all(name.name not in text for text in seat.messages())


def test_columns_can_be_hidden_and_ordered(seat: Seat) -> None:
    page = seat.workspace.day.view.page
    assert page is not None
    names = [c.id for c in page.columns]
    prefs = seat.workspace.prefs
    prefs.set(prefs.now._replace(hidden=(names[0],), order=tuple(reversed(names))))
    wanted = list(reversed(names[1:]))

    def columns() -> list[str]:
        now = seat.workspace.day.view.page
        return [c.id for c in now.columns] if now is not None else []

    seat.wait(lambda: columns() == wanted)
    seat.wait(lambda: "of" in seat.workspace.day.toolbar.providers.text())


def test_undo_and_redo_say_what_they_took_back_on_any_page_and_nobodys_name_while_hidden(seat: Seat) -> None:
    chosen = pending(seat)
    seat.workspace.acts.set_status(StatusAct.CONFIRM, (chosen,))
    seat.wait(lambda: seat.messages() and seat.messages()[-1].startswith("Confirmed "))
    said = seat.messages()[-1]
    seat.workspace.open_page("appointments")
    seat.settle()
    seat.press(Qt.Key.Key_Z, CONTROL)
    seat.wait(lambda: seat.messages()[-1] == f"Undone: {said}")
    seat.workspace.open_page("settings")
    seat.settle()
    seat.press(Qt.Key.Key_Z, CONTROL | SHIFT)
    seat.wait(lambda: seat.messages()[-1] == f"Done again: {said}")
    prefs = seat.workspace.prefs
    prefs.set(prefs.now._replace(privacy=True))
    seat.workspace.acts.undo()
    seat.wait(lambda: seat.messages()[-1] == "Undone. Everything is as it was.")


def test_the_map_of_keys_finds_by_typing_and_gives_the_keyboard_back(seat: Seat) -> None:
    seat.press(Qt.Key.Key_F1)
    field = seat.focus()
    over = field.parentWidget()
    assert isinstance(over, KeyMap)
    assert over.accessibleName() == "The map of keys"
    assert "Undo the last act: Ctrl+Z" in over.accessibleDescription()
    seat.type("ctrl+z")
    assert over.sheet.lines == [("At the desk", [("Undo the last act", ("Ctrl+Z",))])]
    seat.press(Qt.Key.Key_Escape)
    assert not over.isVisible()
    assert seat.focus() is seat.workspace.day.view
    seat.press(Qt.Key.Key_F1)
    seat.press(Qt.Key.Key_F1)
    assert not over.isVisible()
    seat.press(Qt.Key.Key_F1)
    seat.press(Qt.Key.Key_N, CONTROL)  # a key of the whole window: the map does not lie over what it opens
    assert not over.isVisible()
    assert seat.workspace.host.panel is not None


@pytest.mark.parametrize(("width", "height", "scale"), [(1366, 768, 1.0), (1366, 768, 2.0), (960, 600, 2.0)])
def test_the_map_of_keys_is_scrolled_and_never_drawn_smaller(seat: Seat, width: int, height: int, scale: float) -> None:
    seat.window.resize(width, height)
    seat.program.look.choose("light", scale)
    seat.press(Qt.Key.Key_F1)
    over = seat.focus().parentWidget()
    assert isinstance(over, KeyMap)
    seat.settle()
    columns = over.sheet._columns()
    each = over.sheet.width() // len(columns)
    assert len(columns) == 1 or each >= seat.program.look.theme.metrics.px(380)
    bar = over.area.verticalScrollBar()
    assert over.sheet.height() <= over.area.viewport().height() + bar.maximum()
    assert over.rect().contains(over.area.geometry())
    assert (bar.maximum() > 0) == (scale == 2.0)


def test_the_map_of_keys_on_paper_is_one_page(seat: Seat, tmp_path: Path) -> None:
    from PySide6.QtPrintSupport import QPrinter

    from himsog_desktop.ui.shell import key_print

    printer = QPrinter()
    key_print.set_page(printer)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "keys.pdf"))
    assert key_print.write(bindings(), printer) == 1
    assert (tmp_path / "keys.pdf").read_bytes().startswith(b"%PDF")
    text = key_print.sheet(bindings()).toPlainText()
    assert all(
        key.words in text for key in keys_for(shared=False) if not key.act.startswith("view_")
    )  # one line for all views


def test_the_sidebar_folds_and_pages_open_by_number(seat: Seat) -> None:
    wide = seat.workspace.sidebar.width()
    seat.press(Qt.Key.Key_B, CONTROL)
    assert seat.workspace.sidebar.width() < wide
    seat.press(Qt.Key.Key_3)
    assert seat.workspace.pages.currentWidget() is seat.workspace.settings
    seat.press(Qt.Key.Key_Escape)
    assert seat.workspace.pages.currentWidget() is seat.workspace.day


def test_the_theme_changes_at_run_time(seat: Seat) -> None:
    before = seat.program.look.theme.serial
    seat.workspace.scheme_asked.emit("dark")
    assert seat.program.look.theme.dark
    assert seat.workspace.day.view.theme.dark
    assert seat.program.look.theme.serial != before


def test_every_control_has_a_name(seat: Seat) -> None:
    from PySide6.QtWidgets import QAbstractButton, QLineEdit

    for control in [*seat.window.findChildren(QAbstractButton), *seat.window.findChildren(QLineEdit)]:
        assert control.accessibleName() or control.text(), control


@pytest.mark.parametrize("privacy", [False, True])
def test_who_is_cancelled_is_said_where_it_is_asked_why(seat: Seat, privacy: bool) -> None:
    tile_id = pending(seat)
    tile = seat.workspace.day.view.tile(tile_id)
    assert tile is not None
    if privacy:
        seat.press(Qt.Key.Key_P)
    seat.workspace.day.view.go_to(tile_id)
    seat.press(Qt.Key.Key_X)
    panel = seat.workspace.host.panel
    assert panel is not None
    words = [panel.title, *(label.text() for label in panel.findChildren(QLabel))]
    assert shown_name(tile, privacy) in words[0]
    time = seat.workspace.day.view.clock.range(tile.start, tile.end)
    assert any(time in text for text in words)
    assert privacy is not any(tile.name in text for text in words)


def test_r_on_several_asks_where_all_of_them_go(seat: Seat) -> None:
    view = seat.workspace.day.view
    page = view.page
    assert page is not None
    several = [t.id for t in page.tiles if t.status == "CONFIRMED" and t.start > NOW][:3]
    view.go_to(several[0])
    view.set_selection(several)
    seat.press(Qt.Key.Key_R)
    panel = seat.workspace.host.panel
    assert panel is not None
    assert panel.title == "Move 3 appointments"
    assert view.hand.gesture is None
