"""The phone booking: keyboard alone, third suggestion, refusal, new patient, nothing carried over."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from himsog_desktop.domain.time import parse_instant
from tests.ui.appointments.rig import TODAY, Rig, at

ENTER, DOWN, ESC = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Escape
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_a_phone_booking_by_keyboard_alone(rig: Rig) -> None:
    panel = rig.book()
    rig.keys("rey")
    rig.settle()
    assert [row.title for row in panel.patient.results.rows] == ["Reyes, Ana", "Reyes, Andrea", "New patient “rey”"]
    assert [row.right for row in panel.patient.results.rows[:2]] == ["…0101", "…0202"]
    rig.press(DOWN, ENTER)
    card = panel.patient.card
    assert card.isVisible()
    assert card.name.whole == "Reyes, Andrea"
    assert "2 Jun 2019" in card.born.whole
    assert "0917 555 0202 · no e-mail" in card.contact.whole
    rig.keys("consul")
    rig.press(ENTER)
    assert [chip.name for chip in panel.services.chips] == ["Consultation"]
    assert panel.total.whole == "₱650.00"
    third = panel.time.found[2]
    rig.press(DOWN, DOWN, ENTER)
    assert (panel.time.provider_id, panel.time.start) == (third.provider_id, third.start)
    assert panel.do_book.hasFocus()
    rig.press(ENTER)
    rig.settle()
    (made,) = rig.appointments()
    assert made.patient.name == "Reyes, Andrea"
    assert (made.provider.id, parse_instant(made.start)) == (third.provider_id, third.start)
    assert [s.name for s in made.services] == ["Consultation"]
    assert rig.host.panel is None
    assert "Booked Reyes, Andrea" in rig.toasts.texts[-1]
    rig.acts.undo()
    rig.settle()
    assert rig.appointments() == []


def test_typing_ahead_of_every_answer_books_the_same(rig: Rig) -> None:
    """Each Enter waits for the answer to what was typed, and the arrows are counted until the times are there."""
    panel = rig.book()
    QTest.keyClicks(rig.focus, "ng")
    QTest.keyClick(rig.focus, ENTER)
    assert panel.patient.patient is None, "not answered yet"
    rig.settle()
    assert panel.patient.patient is not None
    assert panel.patient.patient.name == "Ng, Bo"
    QTest.keyClicks(rig.focus, "check")
    for key in (ENTER, DOWN, DOWN, ENTER):
        QTest.keyClick(rig.focus, key)
    assert panel.time.start is None, "not answered yet"
    rig.settle()
    assert panel.time.start == panel.time.found[2].start
    rig.press(ENTER)
    rig.settle()
    assert [a.patient.name for a in rig.appointments()] == ["Ng, Bo"]


def test_fourteen_of_one_name_are_told_apart_by_phone(rig: Rig) -> None:
    from himsog_desktop.services import patients

    for i in range(12):
        patients.add(rig.other, patients.PatientFields(f"Reyes, Ana {chr(65 + i)}", phone=f"0917 444 01{i:02d}"))
    panel = rig.book()
    rig.keys("rey")
    rig.settle()
    results = panel.patient.results
    assert len(results.rows) == 15
    assert results.height() == 8 * results.row_height(), "the list scrolls: the form below stays in reach"
    rig.press(Qt.Key.Key_Up)
    assert results.rows[results.current].title == "New patient “rey”", "one key from the first to the last"
    rig.press(DOWN, *[DOWN] * 13)
    assert results.current == 13
    rig.keys(" 0107")
    rig.settle()
    assert [row.right for row in results.rows] == ["…0107", ""]
    rig.press(ENTER)
    assert panel.patient.card.contact.whole.startswith("0917 444 0107")


def test_phone_digits_in_any_spelling_find_the_patient(rig: Rig) -> None:
    panel = rig.book()
    for typed in ("0917 555 0101", "+63 917-555-0101", "5550101"):
        panel.patient.field.clear()
        rig.keys(typed)
        rig.settle()
        assert panel.patient.results.rows[0].title == "Reyes, Ana", typed
        assert panel.patient.results.rows[-1].title.startswith("New patient")


def test_a_refused_booking_says_every_reason_and_offers_three_times(rig: Rig) -> None:
    panel = rig.book(provider_id=rig.people.cruz.id, start=at(11))
    rig.keys("reyes, ana")
    rig.press(ENTER)
    rig.keys("check")
    rig.press(ENTER)
    panel.note.setPlainText("Bring results")
    # Somebody else is quicker, and the window has not heard of it yet.
    rig.follower.stop()
    rig.booked(11, "Ng, Bo")
    rig.press(ENTER)
    assert panel.do_book.hasFocus()
    rig.press(ENTER)
    assert panel.refusal.isVisible()
    assert panel.refusal.notice.words == ["This time can't be booked:", "Already booked"]
    assert len(panel.refusal.others.rows) == 3
    assert panel.patient.patient is not None
    assert panel.note.toPlainText() == "Bring results"
    assert panel.refusal.others.hasFocus()
    rig.keys("2")
    rig.settle()
    assert panel.refusal.isHidden()
    assert panel.do_book.hasFocus()
    chosen = panel.time.start
    rig.press(ENTER)
    rig.settle()
    mine = next(a for a in rig.appointments() if a.patient.name == "Reyes, Ana")
    assert parse_instant(mine.start) == chosen
    assert mine.notes == "Bring results"


def test_overbooking_is_offered_with_a_reason_where_a_rule_allows(rig: Rig) -> None:
    rig.booked(11, "Ng, Bo")
    panel = rig.book(provider_id=rig.people.cruz.id, start=at(11), patient_id=rig.patient("Reyes, Ana").id)
    assert "Already booked" in panel.time.blocked.words
    rig.press(ENTER, ENTER) if panel.do_book.hasFocus() else panel.book()
    rig.settle()
    assert panel.refusal.anyway.isVisible()
    panel.refusal.anyway.click()
    rig.keys("Urgent")
    rig.press(ENTER)
    rig.settle()
    over = next(a for a in rig.appointments() if a.patient.name == "Reyes, Ana")
    assert (over.lane, over.overbook_reason) == (1, "Urgent")


def test_closed_time_is_not_offered_for_overbooking(rig: Rig) -> None:
    panel = rig.book(provider_id=rig.people.cruz.id, start=at(12), patient_id=rig.patient("Reyes, Ana").id)
    panel.book()
    rig.settle()
    assert any("Lunch" in words for words in panel.refusal.notice.words)
    assert not panel.refusal.anyway.isVisible()


def test_a_new_patient_is_the_last_row_and_is_typed_inline(rig: Rig) -> None:
    panel = rig.book()
    rig.keys("Dela Cruz, Jo")
    rig.settle()
    assert panel.patient.results.rows[-1].title == "New patient “Dela Cruz, Jo”"
    rig.press(ENTER)
    form = panel.patient.form
    assert form.isVisible()
    assert form.name.text() == "Dela Cruz, Jo"
    assert form.phone.hasFocus()
    rig.keys("0917 777 1234")
    rig.press(ENTER)
    rig.press(ENTER)
    rig.keys("14 mar 1985")
    rig.press(ENTER)
    assert panel.services.field.hasFocus()
    rig.keys("vacc")
    rig.press(ENTER, ENTER, ENTER)
    rig.settle()
    (made,) = rig.appointments()
    assert made.patient.name == "Dela Cruz, Jo"
    assert made.patient.phone == "+639177771234"
    assert made.patient.birth_date == "1985-03-14"
    assert made.patient.email is None


def test_a_new_patient_with_a_known_phone_is_pointed_out(rig: Rig) -> None:
    panel = rig.book()
    rig.keys("Reyes, Anna Marie")
    rig.press(ENTER)
    rig.keys("0917 555 0101")
    rig.press(ENTER)
    rig.settle()
    assert panel.patient.form.same.isVisible()
    assert panel.patient.form.same.rows[0].title == "Reyes, Ana"
    panel.patient.form.same.setFocus()
    rig.press(ENTER)
    assert panel.patient.patient is not None
    assert panel.patient.patient.name == "Reyes, Ana"


def test_a_bad_phone_of_a_new_patient_is_said_and_nothing_is_lost(rig: Rig) -> None:
    panel = rig.book(provider_id=rig.people.cruz.id, start=at(11))
    rig.keys("Abad, Zoe")
    rig.press(ENTER)
    rig.keys("12")
    panel.book()
    rig.settle()
    assert "phone number" in panel.problem.words[0]
    assert panel.patient.form.name.text() == "Abad, Zoe"
    assert rig.appointments() == []


def test_the_total_says_what_is_to_be_agreed_and_packages_show_their_parts(rig: Rig) -> None:
    panel = rig.book()
    panel.services.field.setFocus()
    rig.keys("minor")
    rig.press(ENTER)
    assert panel.total.whole == "to be agreed"
    rig.keys("health")
    rig.press(ENTER)
    assert panel.services.chips[1].facts == "Includes Check-up, Vaccination"
    assert panel.total.whole == "₱1,800.00 + to be agreed"
    assert panel.sum_words.whole == "2 h · 2 services"
    assert {s.provider_id for s in panel.time.found} == {rig.people.cruz.id}, "only Dr Cruz does minor procedures"
    rig.press(Qt.Key.Key_Backspace, Qt.Key.Key_Backspace)
    assert panel.services.chips == []


def test_a_typed_time_is_taken_with_a_provider_and_leads_the_suggestions_without(rig: Rig) -> None:
    panel = rig.book()
    panel.time.typed.setFocus()
    rig.keys("mon 2p")
    rig.settle()
    assert panel.time.understood.text() == "Mon 23 Nov 2026, 14:00"
    assert panel.time.start is None
    from datetime import date

    assert panel.time.found[0].start == at(14, date(2026, 11, 23))
    panel.time.provider.setCurrentIndex(1)
    rig.settle()
    assert panel.time.start == at(14, date(2026, 11, 23))
    assert panel.time.taken_line.whole == "Mon 23 Nov  14:00–14:30"


def test_the_part_of_the_day_narrows_the_suggestions(rig: Rig) -> None:
    panel = rig.book()
    panel.time.part.segments[2].click()
    rig.settle()
    hours = {parse_hour(s.start) for s in panel.time.found}
    assert hours <= {12, 13, 14, 15, 16}
    assert hours


def parse_hour(instant: int) -> int:
    from tests.ui.appointments.rig import MANILA

    return MANILA.minutes_of(instant) // 60


def test_suggestions_leave_out_when_the_patient_is_elsewhere(rig: Rig) -> None:
    rig.booked(10, "Reyes, Ana", provider=rig.people.lim)
    panel = rig.book(patient_id=rig.patient("Reyes, Ana").id)
    assert all(s.start != at(10) for s in panel.time.found)
    other = rig.book(patient_id=rig.patient("Ng, Bo").id)
    assert any(s.start == at(10) for s in other.time.found)


def test_a_blocked_patient_is_marked_and_refused(rig: Rig) -> None:
    panel = rig.book(provider_id=rig.people.cruz.id, start=at(11))
    rig.keys("santos")
    rig.settle()
    assert panel.patient.results.rows[0].detail.startswith("Blocked")
    rig.press(ENTER)
    assert panel.patient.card.blocked.isVisible()
    panel.book()
    rig.settle()
    assert "blocked" in panel.problem.words[0]
    assert rig.appointments() == []


def test_a_new_booking_carries_nothing_over(rig: Rig) -> None:
    panel = rig.book()
    rig.keys("reyes, ana")
    rig.press(ENTER)
    rig.keys("check")
    rig.press(ENTER, ENTER, ENTER)
    rig.settle()
    assert len(rig.appointments()) == 1
    again = rig.book()
    assert again is not panel
    assert again.patient.patient is None
    assert again.patient.field.text() == ""
    assert again.services.chips == []
    assert again.time.start is None
    assert again.offer.drafts == [], "what was booked is no draft"


def test_enter_held_down_does_not_book(rig: Rig) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    panel = rig.book(provider_id=rig.people.cruz.id, start=at(11), patient_id=rig.patient("Ng, Bo").id)
    panel.services.field.setFocus()
    held = QKeyEvent(QEvent.Type.KeyPress, ENTER, Qt.KeyboardModifier.NoModifier, "\r", True)
    QApplication.sendEvent(panel.services.field, held)
    rig.settle()
    assert not panel.do_book.hasFocus()
    assert rig.appointments() == []


def test_letters_beside_a_field_do_not_reach_the_window(rig: Rig) -> None:
    reached: list[int] = []
    rig.host.keyPressEvent = lambda event: reached.append(event.key())  # type: ignore[method-assign]
    panel = rig.book()
    panel.do_book.setFocus()
    rig.keys("cx")
    assert reached == []


def test_another_time_clicked_in_the_day_comes_into_what_is_typed(rig: Rig) -> None:
    panel = rig.book()
    rig.keys("ng")
    rig.press(ENTER)
    from himsog_desktop.ui.shell.panels import BookingRequest

    assert panel.take(BookingRequest(TODAY, rig.people.lim.id, at(15), 60))
    rig.settle()
    assert panel.time.taken_line.whole == "Today  15:00–16:00"
    assert panel.patient.patient is not None
    assert not panel.take(BookingRequest(TODAY, patient_id=rig.patient("Reyes, Ana").id)), (
        "never another patient's data"
    )


def test_a_proposal_is_shown_in_the_day_and_taken_away(rig: Rig) -> None:
    panel = rig.book()
    panel.time.free.setFocus()
    rig.press(DOWN, ENTER)
    proposed = rig.go.proposals[-1]
    assert proposed is not None
    assert proposed.start == panel.time.start
    rig.press(ESC)
    assert rig.go.proposals[-1] is None
    assert rig.host.panel is None


def test_a_suggestion_that_somebody_takes_meanwhile_is_struck_out(rig: Rig) -> None:
    panel = rig.book(provider_id=rig.people.cruz.id)
    panel.time.free.setFocus()
    first = panel.time.found[0]
    from himsog_desktop.domain.commands import Book
    from himsog_desktop.services import booking

    booking.book(rig.other, Book(first.provider_id, first.start, patient_id=rig.patient("Ng, Bo").id))
    rig.heard(lambda: panel.time.free.rows[0].gone)
    assert panel.time.found[0] == first, "nothing moves under the keyboard"
    rig.press(ENTER)
    assert panel.time.start is None, "what is gone can't be taken"


def test_confirm_follows_the_policy(rig: Rig) -> None:
    panel = rig.book(provider_id=rig.people.lim.id, start=at(11), patient_id=rig.patient("Ng, Bo").id)
    assert panel.confirm.isChecked()
    assert not panel.confirm.isEnabled()
    panel.book()
    rig.settle()
    assert rig.appointments()[0].status == "CONFIRMED"


def test_markup_in_a_name_stands_there_as_it_was_typed(rig: Rig) -> None:
    panel = rig.book()
    rig.keys("bold")
    rig.settle()
    assert panel.patient.results.rows[0].title == "<b>Bold</b> & Co"
    tip = panel.patient.results.rows_model.data(
        panel.patient.results.rows_model.index(0), Qt.ItemDataRole.ToolTipRole.value
    )
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; Co" in str(tip)
    rig.press(ENTER)
    assert panel.patient.card.name.text() == "<b>Bold</b> & Co"
    assert panel.patient.card.name.textFormat() is Qt.TextFormat.PlainText
    rig.keys("<i>")
    rig.settle()
    assert panel.services.results.words == "No service of that name is offered."


def test_where_another_time_was_chosen_no_suggestion_looks_chosen(rig: Rig) -> None:
    panel = rig.book()
    rig.heard(lambda: panel.time.found)
    assert panel.time.free.marks_current
    first = panel.time.found[0]
    panel.time.set_place(first.provider_id, first.start + 7 * 60 * 60_000_000, None)
    assert not panel.time.free.marks_current
    panel.time.set_place(first.provider_id, first.start, None)
    assert panel.time.free.marks_current
