"""What somebody found who worked at the window for a day: each test is a fault that was there once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from himsog_desktop.domain.time import MINUTE
from himsog_desktop.ui.appointments.booking_panel import BookingPanel
from himsog_desktop.ui.shell.gates import Unlock
from himsog_desktop.ui.shell.toasts import Button
from tests.ui.conftest import NOW, Seat

CONTROL = Qt.KeyboardModifier.ControlModifier


def whole(field: QLineEdit) -> bool:
    """Whether all of a field's height is on the screen."""
    return field.visibleRegion().boundingRect().height() >= field.fontMetrics().height() + 12


@pytest.mark.parametrize("width", [960, 1366, 1920])
def test_the_field_of_the_lock_is_not_cut_off(closed_seat: Seat, width: int) -> None:
    closed_seat.open(None)
    gate = closed_seat.program.window.gate
    assert isinstance(gate, Unlock)
    closed_seat.window.resize(width, 600)
    closed_seat.wait(lambda: whole(gate.words))
    gate.wrong("The passphrase does not fit this profile. Check it, or use the recovery key instead.")
    closed_seat.wait(lambda: whole(gate.words))


def test_hiding_names_takes_messages_that_name_somebody_away(seat: Seat) -> None:
    seat.workspace.messages.say("Confirmed Reyes, Ana.", Button("Undo", "Ctrl+Z", lambda: None))
    seat.press(Qt.Key.Key_P)
    assert seat.messages() == ["Names are hidden. P shows them again."]
    seat.press(Qt.Key.Key_P)
    assert seat.messages() == ["Names are shown again."]


def test_a_long_message_is_read_to_its_end(seat: Seat) -> None:
    toast = seat.workspace.messages.say("Confirmed " + "Wolfeschlegelsteinhausenbergerdorff, Maximiliana " * 4)
    label = next(w for w in toast.findChildren(QLabel) if w.text())
    seat.wait(
        lambda: label.height() >= label.heightForWidth(label.width()) and label.visibleRegion().contains(label.rect())
    )


def test_a_booking_without_a_time_marks_none_on_the_grid(seat: Seat) -> None:
    view = seat.workspace.day.view
    cursor = view.ensure_cursor()
    assert cursor is not None
    assert cursor.start < NOW  # the row that now is in began in the past
    seat.press(Qt.Key.Key_N, CONTROL)
    assert isinstance(seat.focus(), QLineEdit)
    assert not view.cursor_held


def test_the_map_of_keys_does_not_lie_over_what_a_key_opened(seat: Seat) -> None:
    seat.press(Qt.Key.Key_F1)
    shown = seat.focus()
    assert shown.accessibleName() == "Find in the map of keys"
    seat.press(Qt.Key.Key_N, CONTROL)
    assert not shown.isVisible()
    assert isinstance(seat.focus(), QLineEdit)
    seat.press(Qt.Key.Key_Escape)
    seat.press(Qt.Key.Key_F1)
    seat.press(Qt.Key.Key_F1)
    assert seat.focus() is seat.workspace.day.view


def test_the_map_of_keys_survives_who_had_the_keyboard(seat: Seat) -> None:
    seat.press(Qt.Key.Key_N, CONTROL)
    seat.press(Qt.Key.Key_F1)
    seat.workspace.host.close_panel()
    seat.settle()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    seat.press(Qt.Key.Key_F1)
    seat.press(Qt.Key.Key_F1)
    assert seat.focus() is seat.workspace.day.view


def test_the_same_message_twice_stands_there_once(seat: Seat) -> None:
    seat.press(Qt.Key.Key_Z, CONTROL)
    seat.wait(seat.messages)
    seat.press(Qt.Key.Key_Z, CONTROL)
    seat.settle()
    assert seat.messages() == ["There is nothing of yours from the last ten minutes to undo."]


@pytest.mark.parametrize(("width", "height"), [(960, 600), (1366, 768)])
def test_twice_as_large_letters_cut_nothing_off(seat: Seat, width: int, height: int) -> None:
    seat.window.resize(width, height)
    prefs = seat.workspace.prefs
    prefs.set(prefs.now._replace(scale=2.0))
    seat.press(Qt.Key.Key_N, CONTROL)
    seat.settle()
    panel = seat.workspace.host.panel
    assert isinstance(panel, BookingPanel)
    seat.wait(lambda: not seat.workspace.host.sliding)
    whole = seat.window.rect()
    for shown in (seat.workspace.host, panel.do_book, panel.patient.field, seat.workspace.top.person):
        corner = shown.mapTo(seat.window, QPoint(0, 0))
        assert whole.contains(QRect(corner, shown.size())), shown
    seat.press(Qt.Key.Key_Escape)
    assert seat.window.size() == QSize(width, height)
    assert seat.workspace.sidebar.narrow
    assert not prefs.now.narrow


def test_larger_letters_keep_the_time_in_view(seat: Seat) -> None:
    view = seat.workspace.day.view

    def top() -> int:
        layout = view.scene.layout
        assert layout is not None
        return round(layout.time.instant(view.verticalScrollBar().value()))

    before = top()
    prefs = seat.workspace.prefs
    prefs.set(prefs.now._replace(scale=1.5))
    assert abs(top() - before) < 5 * MINUTE
