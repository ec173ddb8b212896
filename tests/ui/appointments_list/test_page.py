"""The list through the real window: what is in it, what keys and the mouse select, what a colleague does meanwhile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest

from himsog_desktop.domain.appointment import StatusAct
from himsog_desktop.domain.changes import ChangeSet
from himsog_desktop.domain.commands import Book, SetStatus, WriteNote
from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.domain.listing import Order
from himsog_desktop.services import booking, listing, openslots, states
from himsog_desktop.system.settings import SettingsFile
from himsog_desktop.ui.appointments_list.found import Place
from himsog_desktop.ui.appointments_list.shape import HEADING
from tests.ui.appointments_list.conftest import Listed
from tests.ui.conftest import Seat

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
KEY = Qt.Key


def test_every_section_holds_what_the_cache_holds(listed: Listed) -> None:
    found = listed.page.model.found
    assert [s.status for s in found.sections] == ["PENDING", "CONFIRMED", "COMPLETED", "CANCELLED", "NO_SHOW"]
    for section in found.sections:
        assert listed.ids(section.status)[: len(listed.stored(section.status))] == listed.stored(section.status)
        shown = listed.page.strip.buttons[section.status].accessibleName()
        assert shown.endswith(f" {section.total:,}")
    assert listed.seat.workspace.sidebar.buttons["appointments"].isChecked()


def test_keys_move_select_and_open(listed: Listed) -> None:
    ids = listed.ids()
    listed.press(KEY.Key_Home, KEY.Key_Space, KEY.Key_Down, KEY.Key_Down, KEY.Key_Space)
    assert set(listed.view.chosen) == {ids[0], ids[2]}
    assert listed.page.bulk.count.text() == "2 selected"
    listed.press(KEY.Key_Down, KEY.Key_Down, modifier=SHIFT)
    assert set(listed.view.chosen) == {ids[0], ids[2], ids[3], ids[4]}
    listed.press(KEY.Key_Up, modifier=SHIFT)
    assert set(listed.view.chosen) == {ids[0], ids[2], ids[3]}
    listed.press(KEY.Key_Escape)
    assert len(listed.view.chosen) == 0
    assert listed.page.bulk.isHidden()
    listed.press(KEY.Key_End)
    assert listed.view.current == ids[-1]
    listed.press(KEY.Key_Return)
    listed.seat.wait(lambda: listed.seat.workspace.host.panel is not None)
    panel = listed.seat.workspace.host.panel
    assert panel is not None
    assert panel.shows(ids[-1])
    assert listed.seat.workspace.pages.currentWidget() is listed.page


def test_select_all_takes_what_has_never_been_looked_at(listed: Listed) -> None:
    listed.press(KEY.Key_A, modifier=CONTROL)
    total = listed.page.model.found.total
    assert len(listed.view.chosen) == total > len(listed.page.model.lines)
    assert listed.page.bulk.count.text() == f"{total:,} selected"
    assert set(listed.page.chosen()) == set(listed.ids())


def test_select_all_is_of_the_list_that_was_asked_for(listed: Listed) -> None:
    """Also while the one before it is still in view; and what was meant of that one is not taken of the next."""
    page, everything = listed.page, listed.page.model.found.total
    page.set_state(replace(page.state, statuses=("PENDING",)))
    assert page.model.found.total == everything, "the answer has not come yet"
    listed.press(KEY.Key_A, modifier=CONTROL)
    assert len(listed.view.chosen) == 0
    listed.settle()
    pending = listed.ids("PENDING")
    assert 0 < len(pending) < everything
    assert set(listed.view.chosen) == set(pending)
    listed.view.clear_chosen()
    page.set_state(replace(page.state, statuses=("CONFIRMED",)))
    listed.press(KEY.Key_A, modifier=CONTROL)
    page.set_state(replace(page.state, statuses=("PENDING",)))
    listed.settle()
    assert len(listed.view.chosen) == 0


def test_the_mouse_selects_one_a_range_a_section(listed: Listed) -> None:
    ids = listed.ids()
    listed.click(Place(0, 1), x=15)
    assert set(listed.view.chosen) == {ids[1]}
    listed.click(Place(0, 4), SHIFT)
    assert set(listed.view.chosen) == set(ids[1:5])
    listed.click(Place(0, 2), CONTROL)
    assert set(listed.view.chosen) == {ids[1], ids[3], ids[4]}
    # A plain click says where the keyboard is; what is selected stays.
    listed.click(Place(0, 6))
    assert listed.view.current == ids[6]
    assert set(listed.view.chosen) == {ids[1], ids[3], ids[4]}
    box = QPoint(15, listed.view.heading_top(0, 0) + 10)
    QTest.mouseClick(listed.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, box)
    assert set(listed.view.chosen) == set(listed.ids("PENDING"))
    QTest.mouseClick(listed.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, box)
    assert len(listed.view.chosen) == 0
    QTest.mouseDClick(listed.view.viewport(), Qt.MouseButton.LeftButton, pos=listed.at(Place(0, 3)))
    listed.seat.wait(lambda: listed.seat.workspace.host.panel is not None)
    assert listed.seat.workspace.host.panel.shows(ids[3])


def test_the_heading_that_is_held_at_the_top_is_the_one_that_is_hit(listed: Listed) -> None:
    view = listed.view
    view.verticalScrollBar().setValue(view.rows.row * 7)
    assert view.spot(QPoint(100, 5)) == Place(0, HEADING)
    view.jump(1)
    assert view.spot(QPoint(100, 5)) == Place(1, HEADING)
    assert view.spot(QPoint(100, view.rows.heading + 2)) == Place(1, 0)


def test_what_a_colleague_changes_stays_where_it_is_and_glows_until_order_is_asked_for(listed: Listed) -> None:
    ids = listed.ids("PENDING")
    listed.press(KEY.Key_Home, *[KEY.Key_Down] * 12)
    listed.view.verticalScrollBar().setValue(listed.view.rows.row * 3)
    before = listed.seen()
    current = listed.view.current
    key = before[4][0]
    desk = listed.seat.other_process()
    states.set_status(desk, SetStatus(StatusAct.CONFIRM, (key,)))
    desk.cache.close()
    listed.seat.wait(lambda: listed.status(key) == "CONFIRMED")
    listed.settle()
    assert listed.seen() == before
    assert key in listed.view._glow
    assert listed.page.strip.stale.text() == "1 changed · Ctrl+R"
    assert listed.ids("PENDING") == ids

    listed.in_order()
    listed.seat.wait(lambda: not listed.page.model.stale)
    listed.settle()
    assert key not in listed.ids("PENDING")
    assert key in listed.ids("CONFIRMED")
    # What was at the top is still where it was.
    assert listed.seen()[0] == before[0]
    assert listed.view.current == current
    assert listed.page.strip.stale.isHidden()


def test_the_list_is_put_in_order_when_nobody_is_at_it(listed: Listed, monkeypatch: pytest.MonkeyPatch) -> None:
    key = listed.ids("PENDING")[3]
    listed.page.filters.words.setFocus()
    monkeypatch.setattr(listed.view, "busy_here", lambda: False)
    desk = listed.seat.other_process()
    states.set_status(desk, SetStatus(StatusAct.CONFIRM, (key,)))
    desk.cache.close()
    listed.seat.wait(lambda: key in listed.ids("CONFIRMED"))


def test_an_appointment_that_is_gone_keeps_its_place(listed: Listed) -> None:
    desk = listed.seat.other_process()
    slot = openslots.next_free(desk, (), (), None, 1)[0]
    patient = desk.reader.execute("SELECT id FROM user WHERE role = 'USER' LIMIT 1").fetchone()[0]
    made = booking.book(desk, Book(slot.provider or "", slot.start, patient_id=patient)).changed[0]
    listed.seat.wait(lambda: listed.page.model.stale)
    listed.in_order()
    listed.seat.wait(lambda: made.id in listed.ids())
    listed.settle()
    listed.view.go_to(made.id)
    listed.seat.wait(lambda: listed.status(made.id) == made.status)
    from himsog_desktop.domain.commands import Undo
    from himsog_desktop.services import undoing

    undoing.undo(desk, Undo(None))
    desk.cache.close()
    listed.seat.wait(lambda: made.id in listed.page.model.gone)
    listed.view.viewport().repaint()
    assert made.id in listed.ids()
    assert (listed.status(made.id) or "") == ""


def test_many_are_confirmed_by_one_key_and_taken_back_still_selected(listed: Listed) -> None:
    ids = listed.ids("PENDING")[:5]
    listed.press(KEY.Key_Home, KEY.Key_Space)
    listed.press(*[KEY.Key_Down] * 4, modifier=SHIFT)
    assert listed.page.chosen() == tuple(ids)
    top = listed.view.verticalScrollBar().value()
    listed.press(KEY.Key_C)
    listed.seat.wait(lambda: all(listed.status(key) == "CONFIRMED" for key in ids))
    assert listed.page.chosen() == tuple(ids)
    QTest.keyClick(listed.seat.focus(), KEY.Key_Z, CONTROL)
    listed.seat.wait(lambda: all(listed.status(key) == "PENDING" for key in ids))
    assert listed.page.chosen() == tuple(ids)
    assert listed.view.verticalScrollBar().value() == top


def test_what_is_selected_out_of_sight_is_asked_about_first(listed: Listed) -> None:
    """Selected in a longer list, then narrowed to one state: one key does not act on what cannot be seen."""
    page, seat = listed.page, listed.seat
    listed.press(KEY.Key_A, modifier=CONTROL)
    selected = len(listed.view.chosen)
    page.set_state(replace(page.state, statuses=("PENDING",)))
    seat.wait(lambda: page.elsewhere > 0)
    pending = listed.ids("PENDING")
    assert page.elsewhere == selected - len(pending)
    listed.press(KEY.Key_C)
    listed.settle()
    words = f"{selected:,} are selected, {selected - len(pending):,} of them not in this list."
    assert seat.messages()[-1].startswith(words)
    assert {listed.status(key) for key in pending} <= {"PENDING", None}
    # Another key is asked about anew; the same one again is meant.
    listed.press(KEY.Key_F)
    listed.press(KEY.Key_C)
    listed.settle()
    assert seat.messages()[-1].startswith(words)
    listed.press(KEY.Key_C)
    seat.wait(lambda: any(text.startswith("Confirmed") for text in seat.messages()), timeout=10_000)
    said = seat.messages()[-1]
    assert said.startswith(f"Confirmed {len(pending):,} appointments")
    # Each reason with its count, for not all are refused for the same.
    assert f"{selected - len(pending):,} could not be changed" in said
    assert said.count(": It is") >= 2


def test_words_days_states_and_providers_narrow_the_list(listed: Listed) -> None:
    page = listed.page
    line = page.model.lines[listed.ids("PENDING")[0]]
    family = line.tile.name.partition(",")[0]
    listed.seat.wait(lambda: page.filters.words.isVisible())
    page.filters.begin_typing()
    QTest.keyClicks(page.filters.words, family.lower())
    listed.seat.wait(lambda: page.query == family.lower())
    listed.settle()
    assert line.tile.id in listed.ids()
    assert listed.ids("PENDING") == listed.stored("PENDING")
    QTest.keyClick(page.filters.words, KEY.Key_Return)
    assert listed.view.hasFocus()
    page.filters.clear()
    listed.settle()

    page.set_state(replace(page.state, statuses=("PENDING",), providers=(line.tile.provider_id,)))
    listed.settle()
    assert [s.status for s in page.model.found.sections] == ["PENDING"]
    assert listed.ids() == listed.stored("PENDING")
    assert page.filters.who.text() == page.view.names[line.tile.provider_id]
    page.filters.clear()
    listed.settle()
    week = len(listed.ids("COMPLETED"))
    page.set_state(replace(page.state, range="all"))
    listed.settle()
    assert len(listed.ids("COMPLETED")) > week


def test_a_click_on_a_title_sorts_and_another_turns_round(listed: Listed) -> None:
    page = listed.page
    cell = next(c for c in page.view.cells if c.column.key == "patient")
    at = QPoint(cell.x + 10, 10)
    QTest.mouseClick(page.view.header, Qt.MouseButton.LeftButton, pos=at)
    listed.settle()
    assert page.state.order is Order.PATIENT
    first = listed.ids("PENDING")
    assert first[:256] == listed.stored("PENDING")
    QTest.mouseClick(page.view.header, Qt.MouseButton.LeftButton, pos=at)
    listed.settle()
    assert page.state.down
    assert listed.ids("PENDING")[:256] == listed.stored("PENDING") != first[:256]


def test_filters_are_remembered_and_what_was_searched_for_is_not(listed: Listed) -> None:
    page = listed.page
    page._find("reyes")
    page.set_state(replace(page.state, range="last_month", order=Order.CREATED, hidden=("phone",)))
    listed.settle()
    kept, _ = SettingsFile(listed.seat.folder).load()
    assert "range:last_month" in kept.listing
    assert "hidden:phone" in kept.listing
    assert "reyes" not in (listed.seat.folder / "settings.json").read_text()


def test_nothing_found_says_so_and_shows_everything_again(listed: Listed) -> None:
    page = listed.page
    total = page.model.found.total
    page.filters.words.setText("zzzzqq")
    page._find("zzzzqq")
    listed.seat.wait(lambda: page.notice.isVisible())
    assert page.notice.text.text() == "Nothing is like that."
    page.notice.again.click()
    listed.seat.wait(lambda: page.view.isVisible() and page.model.found.total == total)
    assert page.filters.words.text() == ""


def test_an_empty_section_invites(listed: Listed) -> None:
    page = listed.page
    desk = listed.seat.other_process()
    states.set_status(desk, SetStatus(StatusAct.CONFIRM, tuple(listed.ids("PENDING"))))
    free = listing.free_today(desk)
    desk.cache.close()
    listed.seat.wait(lambda: page.model.stale)
    listed.in_order()
    listed.seat.wait(lambda: page.free_today is not None)
    assert free > 1
    assert page._section_words("PENDING")[2] == f"No requests wait. {free} free slots today: find the next"
    y = listed.view.rows.top(Place(0, 0)) - listed.view.verticalScrollBar().value() + 8
    listed.view.verticalScrollBar().setValue(0)
    QTest.mouseClick(listed.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(120, max(y, 50)))
    listed.seat.wait(lambda: listed.seat.workspace.host.panel is not None)


def test_a_list_that_could_not_be_read_says_so_and_is_read_again(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise Surroundings("disk", "The disk failed. Nothing was lost.")

    with monkeypatch.context() as patch:
        patch.setattr(listing, "begin", broken)
        seat.press(KEY.Key_2)
        listed = Listed(seat)
        seat.wait(lambda: listed.page.notice.isVisible())
        assert listed.page.notice.text.text() == "The disk failed. Nothing was lost."
        seat.settle()
    listed.page.notice.again.click()
    seat.wait(lambda: listed.page.view.isVisible() and listed.page.model.ready)


def test_a_note_written_elsewhere_is_marked_without_anything_moving(listed: Listed) -> None:
    key = next(k for k, _ in listed.seen() if not listed.page.model.lines[k].tile.note)
    desk = listed.seat.other_process()
    booking.write_note(desk, WriteNote(key, "Brings X-rays"))
    desk.cache.close()
    listed.seat.wait(lambda: listed.page.model.lines[key].tile.note == "Brings X-rays")
    assert not listed.page.model.stale


def test_names_are_hidden_in_the_list_too(listed: Listed) -> None:
    listed.press(KEY.Key_P)
    assert listed.view.privacy
    listed.view.viewport().repaint()
    made = listed.view._row_painter()
    assert made is not None
    key = listed.seen()[0][0]
    family = listed.page.model.lines[key].tile.name.partition(",")[0]
    assert not [w for w in made._faces[key].words if family in w.text.text()]


def test_what_is_selected_is_written_to_a_table(listed: Listed, tmp_path: Path) -> None:
    from himsog_desktop.ui.appointments_list.export import Export

    ids = tuple(listed.ids("PENDING")[:7])
    out = tmp_path / "some.csv"
    Export(listed.seat.workspace.ready, ids, listed.page).write(out)
    listed.seat.wait(lambda: any("7 appointments written" in text for text in listed.seat.messages()))
    assert len(out.read_text(encoding="utf-8-sig").splitlines()) == 8
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.mark.parametrize(("width", "scale"), [(960, 1.0), (1366, 2.0), (1920, 1.0)])
def test_columns_give_way_and_nothing_is_wider_than_the_window(listed: Listed, width: int, scale: float) -> None:
    listed.seat.window.resize(width, 700)
    prefs = listed.seat.workspace.prefs
    prefs.set(prefs.now._replace(scale=scale))
    listed.press(KEY.Key_Home, KEY.Key_Space)
    listed.seat.settle()
    assert listed.seat.window.width() == width
    last = listed.view.cells[-1]
    assert last.x + last.width <= listed.view.viewport().width() + 1
    assert {"when", "patient"} <= {cell.column.key for cell in listed.view.cells}
    for button in listed.page.bulk.buttons.values():
        assert button.geometry().right() <= listed.page.bulk.width()
    assert listed.page.bulk.count.text() == "1 selected"
    # With a panel beside it there may be room for the figure alone: whole, and read out with its word.
    listed.press(KEY.Key_Return)
    listed.seat.settle()
    count = listed.page.bulk.count
    assert count.text() in ("1 selected", "1")
    assert count.width() >= count.sizeHint().width()
    assert count.accessibleName() == "1 selected"


def test_what_changes_while_the_list_is_read_is_still_known_to_stand_elsewhere(listed: Listed) -> None:
    key = listed.ids("PENDING")[3]
    listed.page.model.reload()
    # Between the reading and its answer; who wrote it may have been before the reading or after it.
    listed.page.context.backend.changed.emit(ChangeSet(frozenset((key,)), initiator="himsog"))
    listed.settle()
    assert listed.page.model.stale == {key}
    assert listed.page.strip.stale.text() == "1 changed · Ctrl+R"
