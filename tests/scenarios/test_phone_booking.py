"""The phone rings: everything by keyboard, through the real window, on the clinic with 100,000 appointments."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from himsog_desktop.domain.commands import Book
from himsog_desktop.domain.errors import BadInput
from himsog_desktop.services import booking
from tests.scenarios.hands import CONTROL, KEY, Hands, no_mouse
from tests.ui.conftest import Seat

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
def hands(busy_desk: Seat) -> Iterator[Hands]:
    """At the keyboard, with no mouse on the desk."""
    with no_mouse():
        yield Hands(busy_desk)


def test_name_service_third_suggestion_booked_and_undone(hands: Hands) -> None:
    seat = hands.seat
    panel = hands.patient_and_service("rey", "check")
    patient = panel.patient.patient
    assert patient is not None
    assert "Reyes" in patient.name
    third = panel.time.found[2]
    hands.keys(KEY.Key_Down, KEY.Key_Down, KEY.Key_Return)
    assert panel.do_book.hasFocus()
    hands.keys(KEY.Key_Return)

    found = hands.tile(lambda t: t.patient_id == patient.id and t.start == third.start)
    assert found is not None
    assert found.provider_id == third.provider_id
    assert seat.workspace.host.panel is None
    assert seat.messages()[-1].startswith(f"Booked {patient.name}")
    kept = hands.kept(found.id)
    assert (kept.patient.id, kept.provider.id, kept.status) == (patient.id, third.provider_id, "PENDING")
    assert [service.name for service in kept.services] == ["Check-up"]
    assert [entry.kind for entry in hands.history(found.id)] == ["appointment.book"]

    assert seat.focus() is seat.workspace.day.view
    hands.keys(KEY.Key_Z, modifier=CONTROL)
    assert hands.tile(lambda t: t.id == found.id) is None
    with pytest.raises(BadInput):
        hands.kept(found.id)
    assert [entry.kind for entry in hands.history(found.id)] == ["appointment.book", "undo.appointment.book"]


def test_control_enter_books_from_anywhere_in_the_panel(hands: Hands) -> None:
    panel = hands.patient_and_service()
    patient = panel.patient.patient
    assert patient is not None
    hands.keys(KEY.Key_Down, KEY.Key_Return)
    panel.note.setFocus()
    hands.type("Brings X-rays")
    hands.keys(KEY.Key_Return, modifier=CONTROL)
    found = hands.tile(lambda t: t.patient_id == patient.id and bool(t.note))
    assert found is not None
    assert hands.kept(found.id).notes == "Brings X-rays"


def test_a_new_patient_is_typed_in_place(hands: Hands) -> None:
    panel = hands.new_booking()
    hands.type("Quisumbing, Maria Zenaida")
    assert [row.title for row in panel.patient.results.rows] == ["New patient “Quisumbing, Maria Zenaida”"]
    hands.keys(KEY.Key_Return)
    hands.type("0917 555 0199")
    hands.keys(KEY.Key_Return)
    hands.keys(KEY.Key_Return)  # no e-mail
    hands.type("14 mar 1985")
    hands.keys(KEY.Key_Return)
    hands.type("consul")
    hands.keys(KEY.Key_Return, KEY.Key_Down, KEY.Key_Return, KEY.Key_Return)
    found = hands.tile(lambda t: t.name == "Quisumbing, Maria Zenaida")
    assert found is not None
    kept = hands.kept(found.id).patient
    assert (kept.phone, kept.email, kept.birth_date) == ("+639175550199", None, "1985-03-14")


def test_a_time_that_somebody_took_meanwhile_offers_others(hands: Hands) -> None:
    panel = hands.patient_and_service()
    patient = panel.patient.patient
    assert patient is not None
    hands.keys(KEY.Key_Down, KEY.Key_Return)
    provider, start = panel.time.provider_id, panel.time.start
    assert provider is not None
    assert start is not None
    panel.note.setFocus()
    hands.type("typed before")
    with hands.desk() as desk:
        other = next(t for t in hands.tiles() if t.patient_id != patient.id).patient_id
        booking.book(desk, Book(provider, start, patient_id=other))
    hands.keys(KEY.Key_Return, modifier=CONTROL)
    assert panel.refusal.isVisible()
    assert "Already booked" in " ".join(panel.refusal.notice.words)
    assert len(panel.refusal.others.rows) == 3
    assert panel.patient.patient == patient
    hands.keys(KEY.Key_2)
    chosen = panel.time.start
    assert chosen != start
    hands.keys(KEY.Key_Return)
    hands.seat.wait(lambda: hands.seat.workspace.host.panel is None)
    page = hands.seat.workspace.day.view.page
    assert page is not None
    hands.seat.wait(lambda: hands.tile(lambda t: t.patient_id == patient.id and t.start == chosen) is not None)
    found = hands.tile(lambda t: t.patient_id == patient.id and t.start == chosen)
    assert found is not None
    assert hands.kept(found.id).notes == "typed before"


def test_an_interrupted_booking_is_resumed_and_nothing_of_it_slips_into_another(hands: Hands) -> None:
    first = hands.patient_and_service("rey", "check")
    patient = first.patient.patient
    assert patient is not None
    hands.keys(KEY.Key_Escape)
    assert hands.seat.workspace.host.panel is None

    second = hands.new_booking()
    assert second is not first
    assert second.patient.patient is None
    assert second.services.chosen == []
    assert (second.patient.search, second.note.toPlainText()) == ("", "")
    assert second.time.start is None
    assert [draft.who for draft in second.offer.drafts] == [patient.name]

    hands.keys(KEY.Key_Backtab, KEY.Key_Backtab)
    assert hands.seat.focus().accessibleName() == f"Resume the booking of {patient.name}"
    hands.keys(KEY.Key_Return)
    assert second.patient.patient is not None
    assert second.patient.patient.id == patient.id
    assert [item.name for item in second.services.chosen] == ["Check-up"]
    hands.seat.wait(lambda: len(second.time.found) > 1)
    hands.keys(KEY.Key_Down, KEY.Key_Return, KEY.Key_Return)
    assert hands.tile(lambda t: t.patient_id == patient.id and t.status == "PENDING") is not None

    third = hands.new_booking()
    assert third.offer.drafts == []
    assert third.patient.patient is None


def test_a_patient_is_found_by_the_tail_of_her_phone_and_booked(hands: Hands) -> None:
    known = hands.tile(lambda t: len(t.phone) > 8)
    assert known is not None
    hands.keys(KEY.Key_Slash)
    search = hands.seat.workspace.top.search
    hands.type(known.phone[-7:])
    hands.seat.wait(lambda: any(row.id == known.patient_id for row in search.rows))
    at = next(i for i, row in enumerate(search.rows) if row.id == known.patient_id)
    hands.keys(*[KEY.Key_Down] * at, KEY.Key_Return)
    hands.seat.wait(lambda: search.rows and search.rows[0].title.startswith("Book for"))
    hands.keys(KEY.Key_Return)
    panel = hands.panel()
    assert panel.patient.patient is not None
    assert panel.patient.patient.id == known.patient_id
    assert hands.seat.focus() is panel.services.field
