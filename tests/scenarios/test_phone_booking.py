"""A receptionist with a phone at her ear: everything by keyboard, through the real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from himsog_desktop.ui.appointments.booking_panel import BookingPanel
from tests.ui.conftest import Seat

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_name_service_third_suggestion_booked_and_undone(busy_desk: Seat) -> None:
    seat = busy_desk
    seat.press(KEY.Key_N, CONTROL)
    panel = seat.workspace.host.panel
    assert isinstance(panel, BookingPanel)

    seat.type("reyes")
    seat.wait(lambda: len(panel.patient.results.rows) > 1)
    seat.press(KEY.Key_Return)
    seat.wait(lambda: panel.patient.patient is not None)
    patient = panel.patient.patient
    assert patient is not None
    assert "Reyes" in patient.name

    seat.type("check")
    seat.wait(lambda: bool(panel.services.results.rows))
    seat.press(KEY.Key_Return)
    seat.wait(lambda: bool(panel.services.chosen))
    seat.settle()

    seat.wait(lambda: len(panel.time.found) > 2)
    third = panel.time.found[2]
    seat.press(KEY.Key_Down)
    seat.press(KEY.Key_Down)
    seat.press(KEY.Key_Return)
    seat.wait(panel.do_book.hasFocus)
    seat.press(KEY.Key_Return)

    def booked() -> list[str]:
        page = seat.workspace.day.view.page
        return [
            t.id
            for t in (page.tiles if page is not None else ())
            if t.patient_id == patient.id and t.start == third.start and t.provider_id == third.provider_id
        ]

    seat.wait(lambda: len(booked()) == 1)
    assert any(text.startswith("Booked Reyes") for text in seat.messages())
    seat.settle()
    seat.workspace.day.take_keyboard()
    seat.press(KEY.Key_Z, CONTROL)
    seat.wait(lambda: not booked())
    assert any("Undone" in text for text in seat.messages())
