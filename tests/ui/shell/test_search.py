from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt

from himsog_desktop.domain.commands import Book, NewPatient
from himsog_desktop.services import booking, openslots
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.documents import AppointmentDoc
from himsog_desktop.ui.shell.search_list import FoundList
from tests.ui.conftest import Seat

CONTROL = Qt.KeyboardModifier.ControlModifier
TODAY = date(2026, 11, 20)


@pytest.fixture
def booked(seat: Seat) -> AppointmentDoc:
    """An appointment of somebody with a name of two letters."""
    desk = seat.other_process()
    page = seat.workspace.day.view.page
    assert page is not None
    provider = page.columns[1].id
    start = openslots.free_slots(desk, provider, date(2026, 11, 24))[0].start
    made = booking.book(desk, Book(provider, start, new_patient=NewPatient("Ng, Wiktoria", phone="0917 555 0199")))
    desk.cache.close()
    return made.changed[0]


def rows(seat: Seat) -> list[str]:
    return [row.title for row in seat.workspace.top.search.rows]


def test_two_letters_are_enough(seat: Seat, booked: AppointmentDoc) -> None:
    seat.press(Qt.Key.Key_K, CONTROL)
    seat.type("NG")
    seat.wait(lambda: any(row.startswith("Ng, ") for row in rows(seat)))


@pytest.mark.parametrize("typed", ["ng wik", "09175550199", "+63 917 555 0199"])
def test_names_and_phones_are_found_as_typed(seat: Seat, booked: AppointmentDoc, typed: str) -> None:
    seat.press(Qt.Key.Key_K, CONTROL)
    seat.type(typed)
    seat.wait(lambda: "Ng, Wiktoria" in rows(seat))


def test_enter_faster_than_the_answer_takes_the_answer_to_what_was_typed(seat: Seat, booked: AppointmentDoc) -> None:
    seat.press(Qt.Key.Key_Slash)
    seat.type("wiktoria")
    seat.press(Qt.Key.Key_Return)
    seat.wait(lambda: rows(seat)[:1] == ["Book for Ng, Wiktoria"])
    assert len(rows(seat)) == 2
    assert rows(seat)[1].startswith("Tue 24 Nov 2026")


def test_an_appointment_opens_on_its_day(seat: Seat, booked: AppointmentDoc) -> None:
    seat.press(Qt.Key.Key_K, CONTROL)
    seat.type("wiktoria")
    seat.wait(lambda: any("Nov" in row for row in rows(seat)))
    while seat.workspace.top.search.rows[seat.workspace.top.search.chosen_row].kind != "appointment":
        seat.press(Qt.Key.Key_Down)
    seat.press(Qt.Key.Key_Return)
    seat.wait(lambda: seat.workspace.day.day == date(2026, 11, 24))
    seat.wait(lambda: seat.workspace.host.panel is not None and seat.workspace.host.panel.shows(booked.id))
    seat.wait(lambda: seat.workspace.day.chosen() == (booked.id,))


def test_a_day_and_a_command_can_be_typed(seat: Seat) -> None:
    seat.press(Qt.Key.Key_K, CONTROL)
    seat.type("tomorrow")
    seat.wait(lambda: "Go to Sat 21 Nov 2026" in rows(seat))
    seat.press(Qt.Key.Key_Return)
    assert seat.workspace.day.day == date(2026, 11, 21)
    seat.press(Qt.Key.Key_K, CONTROL)
    seat.type("go to today")
    seat.wait(lambda: "Go to today" in rows(seat))
    seat.press(Qt.Key.Key_Return)
    seat.wait(lambda: seat.workspace.day.day == TODAY)


def test_escape_leads_back_step_by_step(seat: Seat, booked: AppointmentDoc) -> None:
    search = seat.workspace.top.search
    seat.press(Qt.Key.Key_K, CONTROL)
    seat.type("wiktoria")
    seat.press(Qt.Key.Key_Return)
    seat.wait(lambda: rows(seat)[:1] == ["Book for Ng, Wiktoria"])
    seat.press(Qt.Key.Key_Escape)
    seat.wait(lambda: rows(seat)[:1] == ["Ng, Wiktoria"])
    seat.press(Qt.Key.Key_Escape)
    assert not search.rows
    seat.press(Qt.Key.Key_Escape)
    assert search.text() == ""
    assert seat.focus() is seat.workspace.day.view


def test_nobody_of_that_name_may_be_booked_as_new(seat: Seat) -> None:
    seat.press(Qt.Key.Key_K, CONTROL)
    seat.type("zzyzx")
    seat.wait(lambda: any("New patient" in row for row in rows(seat)))


def test_markup_in_a_query_is_text(seat: Seat) -> None:
    seat.press(Qt.Key.Key_K, CONTROL)
    seat.type("<b>'; DROP")
    seat.wait(lambda: any("<b>'; DROP" in row for row in rows(seat)))


def test_a_search_that_fails_says_why_and_enter_tries_again(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    from himsog_desktop.domain.errors import Surroundings
    from himsog_desktop.services import finding

    real = finding.find
    broken = True

    def find(desk: Desk, query: str, few: int) -> finding.Hits:
        if broken:
            raise Surroundings("disk", "The disk failed. Nothing was lost.")
        return real(desk, query, few)

    monkeypatch.setattr(finding, "find", find)
    search = seat.workspace.top.search
    seat.press(Qt.Key.Key_K, CONTROL)
    seat.type("zzyzx")
    seat.wait(lambda: "The disk failed." in search.popup.empty)
    assert "Enter tries again" in search.popup.empty
    assert seat.messages() == []
    broken = False
    seat.press(Qt.Key.Key_Return)
    seat.wait(lambda: seat.workspace.host.panel is not None)  # what Enter was for: nobody of that name, so a new one


def test_its_ground_goes_with_the_colours(seat: Seat, booked: AppointmentDoc) -> None:
    """Also when the list was there before they changed: names must be read on it."""
    prefs = seat.workspace.prefs
    for scheme in ("light", "dark", "light"):
        prefs.set(prefs.now._replace(scheme=scheme))
        seat.press(Qt.Key.Key_K, CONTROL)
        seat.type("ng")
        seat.wait(lambda: any(row.startswith("Ng, ") for row in rows(seat)))
        shown = seat.window.findChild(FoundList)
        assert shown is not None
        picture = shown.view.viewport().grab().toImage()
        last = shown.view.visualRect(shown.model.index(len(shown.model.rows) - 1, 0))
        assert picture.pixelColor(last.left() + 1, last.center().y()) == seat.workspace.look.theme.raised
        for _ in range(2):
            seat.press(Qt.Key.Key_Escape)
        assert shown.isHidden()
        assert shown.model.rows == [], "no name stays behind where only assistive tools look"
