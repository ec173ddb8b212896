"""The details: acts by their keys, cancelling with a reason, the note, history, following others."""

from __future__ import annotations

from datetime import timedelta

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from himsog_desktop.domain.appointment import CancelledBy, StatusAct, VisitState
from himsog_desktop.domain.commands import Move, SetStatus, SetVisit, Undo, WriteNote
from himsog_desktop.services import booking, states, undoing
from tests.ui.appointments.rig import TODAY, Rig, at

ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape
CONTROL = Qt.KeyboardModifier.ControlModifier


def offered(panel) -> list[str]:
    """The acts that can be pressed."""
    buttons = [*panel.acts.buttons.values(), panel.acts.move_button]
    return [b.text() for b in buttons if b.isVisible()]


def test_everything_about_an_appointment(rig: Rig) -> None:
    rig.booked(14, day=TODAY + timedelta(days=3))
    rig.booked(10, day=TODAY + timedelta(days=4), provider=rig.people.lim)
    made = rig.booked(11, services=(rig.service("Check-up"), rig.service("Consultation")), notes="First visit")
    panel = rig.details(made.id)
    assert panel.card.name.whole == "Reyes, Ana"
    assert panel.card.born.whole == "14 Mar 1985 (41 y)"
    assert panel.card.alerts.words == ["Penicillin"]
    assert panel.day_line.whole == "Fri 20 Nov 2026, 11:00–11:45"
    assert panel.provider_line.whole == "Dr Elena Cruz · 45 min"
    assert panel.state.words == "Requested"
    assert panel.money.lines == [("Check-up", "₱500.00"), ("Consultation", "₱650.00")]
    assert panel.money.total == "₱1,150.00"
    assert panel.note.edit.toPlainText() == "First visit"
    assert [row.detail for row in panel.others.rows] == [
        "Dr Elena Cruz · Consultation · Requested",
        "Dr Ramon Lim · Consultation · Confirmed",
    ]
    assert offered(panel) == ["Confirm", "Cancel…", "Move…"]
    panel.others.setFocus()
    rig.press(ENTER)
    assert rig.go.opened == [(panel.others.rows[0].key, TODAY + timedelta(days=3))]


def test_the_keys_act_on_this_appointment(rig: Rig) -> None:
    made = rig.booked(11)
    panel = rig.details(made.id)
    rig.press(Qt.Key.Key_C)
    rig.heard(lambda: panel.state.words == "Confirmed")
    assert offered(panel) == ["Complete", "No-show", "Unconfirm", "Cancel…", "Move…"]
    rig.press(Qt.Key.Key_R)
    assert rig.go.moves == [(made.id, TODAY)]
    rig.press(Qt.Key.Key_F)
    rig.heard(lambda: panel.state.words == "Completed")
    assert offered(panel) == ["Reopen"]
    rig.acts.undo()
    rig.settle()
    rig.heard(lambda: panel.state.words == "Confirmed")


def test_cancelling_takes_a_reason_from_the_list(rig: Rig) -> None:
    made = rig.booked(11)
    panel = rig.details(made.id)
    rig.press(Qt.Key.Key_X)
    form = panel.cancel_form
    assert form.isVisible()
    assert form.reasons.hasFocus()
    assert [row.key for row in form.reasons.rows][:2] == ["Schedule conflict", "Feeling better"]
    rig.keys("5")
    form.more.setFocus()
    rig.keys("no ferry")
    rig.press(ENTER)
    rig.heard(lambda: panel.state.words == "Cancelled")
    (row,) = rig.appointments()
    assert (row.status, row.cancelled.by, row.cancelled.reason) == (
        "CANCELLED",
        "patient",
        "Transportation issues: no ferry",
    )
    assert panel.reason.words[0] == "Transportation issues: no ferry"
    assert panel.reason.words[1].startswith("By the patient, ")
    rig.acts.undo()
    rig.settle()
    rig.heard(lambda: panel.state.words == "Requested")


def test_the_panel_may_be_gone_before_the_answer_of_a_cancelling(rig: Rig) -> None:
    panel = rig.details(rig.booked(11).id)
    panel.begin_cancel()
    panel.cancel_form.cancelled.emit("Schedule conflict", CancelledBy.PATIENT)
    rig.host.close_panel()
    rig.until(lambda: not shiboken6.isValid(panel))
    rig.settle()
    rig.until(lambda: rig.appointments()[0].status == "CANCELLED")


def test_the_clinic_cancels_with_its_own_reasons_and_esc_keeps_it(rig: Rig) -> None:
    panel = rig.details(rig.booked(11).id)
    panel.begin_cancel()
    panel.cancel_form.who.segments[1].click()
    assert panel.cancel_form.reasons.rows[0].key == "Provider unavailable"
    panel.cancel_form.reasons.setFocus()
    rig.press(ESC)
    assert panel.cancel_form.isHidden()
    assert rig.host.panel is panel
    panel.begin_cancel()
    rig.press(ENTER, ENTER)
    rig.heard(lambda: panel.state.words == "Cancelled")
    assert rig.appointments()[0].cancelled.by == "clinic"


def test_the_visit_goes_on_step_by_step(rig: Rig) -> None:
    made = rig.booked(11, confirm=True)
    panel = rig.details(made.id)
    panel.visit.steps[VisitState.ARRIVED].click()
    rig.settle()
    rig.heard(lambda: panel.state.words.startswith("Arrived"))
    rig.clock.at += 12 * 60_000_000
    panel._show_state()
    assert panel.state.words == "Arrived · 12 min"
    assert panel.visit.steps[VisitState.ARRIVED].isChecked()
    panel.visit.steps[VisitState.ARRIVED].click()
    rig.settle()
    rig.heard(lambda: panel.state.words == "Confirmed")


def test_the_note_is_saved_by_leaving_it_and_undone(rig: Rig) -> None:
    made = rig.booked(11)
    panel = rig.details(made.id)
    panel.note.edit.setFocus()
    rig.keys("Brings a cx letter")
    assert panel.note.dirty
    rig.press(ENTER, modifier=CONTROL)
    rig.heard(lambda: not panel.note.dirty)
    assert rig.appointments()[0].notes == "Brings a cx letter"
    rig.keys(" today")
    panel.acts.move_button.setFocus()
    rig.settle()
    rig.heard(lambda: rig.appointments()[0].notes == "Brings a cx letter today")
    rig.acts.undo()
    rig.settle()
    rig.heard(lambda: panel.note.edit.toPlainText() == "Brings a cx letter")


def test_a_note_that_is_too_long_is_said_in_view_and_not_lost(rig: Rig) -> None:
    made = rig.booked(11)
    panel = rig.details(made.id)
    panel.note.edit.setFocus()
    panel.note.edit.insertPlainText("x" * 15_000)
    assert panel.note.hint.text() == "15,000 of 10,000 characters"
    rig.press(ENTER, modifier=CONTROL)
    rig.settle()
    rig.heard(lambda: not panel.note.problem.visibleRegion().isEmpty())
    assert "10,000 are the most" in panel.note.problem.words[0]
    # The first Esc leaves it there, the second one goes, and says so with the text at hand.
    rig.press(ESC)
    rig.settle()
    assert rig.host.panel is panel
    assert len(panel.note.edit.toPlainText()) == 15_000
    rig.press(ESC)
    assert rig.host.panel is None
    rig.settle()
    rig.heard(lambda: rig.toasts.texts)
    assert rig.toasts.texts[0].startswith("The note was not saved. The note has 15,000 characters")
    copy = rig.toasts.newest.button
    assert copy is not None
    copy.click()
    assert QGuiApplication.clipboard().text() == "x" * 15_000
    QGuiApplication.clipboard().clear()


def test_a_note_that_is_too_long_is_not_lost_when_another_appointment_is_opened(rig: Rig) -> None:
    made, other = rig.booked(11), rig.booked(14)
    panel = rig.details(made.id)
    panel.note.edit.setFocus()
    panel.note.edit.insertPlainText("x" * 10_001)
    rig.details(other.id)
    rig.settle()
    rig.heard(lambda: rig.toasts.texts)
    assert "10,001 characters" in rig.toasts.texts[0]


def test_a_note_undone_before_anything_was_read_again_is_gone_from_the_field(rig: Rig) -> None:
    made = rig.booked(11)
    panel = rig.details(made.id)
    panel.note.edit.setFocus()
    rig.keys("Brings a letter")
    panel.note.save()
    rig.acts.undo()
    rig.settle()
    rig.heard(lambda: panel.note.edit.toPlainText() == "")
    assert not panel.note.dirty
    assert not rig.appointments()[0].notes


def test_half_typed_text_stays_when_a_colleague_changes_the_appointment(rig: Rig) -> None:
    made = rig.booked(11)
    panel = rig.details(made.id)
    panel.note.edit.setFocus()
    rig.keys("half a sen")
    rig.do(lambda desk: states.set_status(desk, SetStatus(StatusAct.CONFIRM, (made.id,))))
    rig.do(lambda desk: booking.move(desk, Move(made.id, at(15))))
    rig.heard(lambda: panel.day_line.whole == "Fri 20 Nov 2026, 15:00–15:30")
    assert panel.state.words == "Confirmed"
    assert panel.note.edit.hasFocus()
    assert panel.note.edit.toPlainText() == "half a sen"
    assert panel.note.edit.textCursor().position() == len("half a sen")
    rig.do(lambda desk: booking.write_note(desk, WriteNote(made.id, "Theirs")))
    rig.heard(lambda: bool(panel.note.meanwhile.words))
    assert panel.note.meanwhile.words[1] == "Theirs"
    assert panel.note.edit.toPlainText() == "half a sen"
    panel.note.theirs.click()
    assert panel.note.edit.toPlainText() == "Theirs"
    assert not panel.note.dirty


def test_what_is_deleted_says_so_and_keeps_what_was_typed(rig: Rig) -> None:
    made = rig.booked(11)
    panel = rig.details(made.id)
    panel.note.edit.setFocus()
    rig.keys("not lost")
    rig.do(lambda desk: undoing.undo(desk, Undo(None)))
    rig.heard(lambda: panel.gone and "Owner" in panel.trouble.words[0])
    assert panel.trouble.words[0].startswith("This appointment was deleted: Owner, 09:10")
    assert panel.note.isVisible()
    assert panel.note.edit.toPlainText() == "not lost"
    assert not panel.acts.isVisible()
    assert panel.title == "Deleted appointment"


def test_history_is_told_in_sentences(rig: Rig) -> None:
    made = rig.booked(10)
    rig.do(lambda desk: booking.move(desk, Move(made.id, at(10.5))))
    rig.do(lambda desk: booking.move(desk, Move(made.id, at(11, TODAY + timedelta(days=3)), rig.people.lim.id)))
    rig.do(lambda desk: states.set_status(desk, SetStatus(StatusAct.CONFIRM, (made.id,))))
    rig.do(lambda desk: states.set_visit(desk, SetVisit(made.id, VisitState.ARRIVED)))
    rig.do(lambda desk: booking.write_note(desk, WriteNote(made.id, "<b>x</b>")))
    rig.do(
        lambda desk: states.set_status(
            desk, SetStatus(StatusAct.CANCEL, (made.id,), "Feeling better", CancelledBy.PATIENT)
        )
    )
    rig.do(lambda desk: undoing.undo(desk, Undo(None)))
    panel = rig.details(made.id)
    rig.press(Qt.Key.Key_H)
    rig.settle()
    assert [sentence for sentence, _ in panel.history.shown] == [
        "Undone: reopened",
        "Cancelled by the patient: Feeling better",
        "Note added",
        "Arrived",
        "Confirmed",
        "Moved from Fri 20 Nov 10:30 to Mon 23 Nov 11:00 with Dr Ramon Lim",
        "Moved from Fri 20 Nov 10:00 to 10:30",
        "Booked for Fri 20 Nov 10:00 with Dr Elena Cruz",
    ]
    assert {who for _, who in panel.history.shown} == {"Owner, 09:10 · front-desk"}
    rig.do(lambda desk: booking.write_note(desk, WriteNote(made.id, "y")))
    rig.heard(lambda: panel.history.shown[0][0] == "Note changed")
    rig.press(Qt.Key.Key_H)
    assert not any(entry.isVisible() for entry in panel.history.entries)


def test_a_refused_act_says_why(rig: Rig) -> None:
    made = rig.booked(11)
    panel = rig.details(made.id)
    rig.follower.stop()
    rig.do(lambda desk: states.set_status(desk, SetStatus(StatusAct.CANCEL, (made.id,), "Other")))
    rig.press(Qt.Key.Key_C)
    assert panel.problem.words == ["It is cancelled and can't be confirmed. Reopen it first."]


def test_only_what_the_role_allows_is_offered(qapp, tmp_path) -> None:
    rig = Rig(qapp, tmp_path, "joel")
    try:
        panel = rig.details(rig.booked(11).id)
        assert offered(panel) == []
        assert panel.note.edit.isReadOnly()
        assert not panel.visit.isVisible()
        assert not panel.book_more.isVisible()
    finally:
        rig.close()


def test_a_receptionist_is_not_offered_what_only_a_manager_may(mara: Rig) -> None:
    made = mara.booked(11, day=TODAY + timedelta(days=2))
    mara.do(lambda desk: states.set_status(desk, SetStatus(StatusAct.CANCEL, (made.id,), "Other")))
    panel = mara.details(made.id)
    assert offered(panel) == [], "reopening on another day is a manager's"


def test_another_booking_for_this_patient_starts_from_here(rig: Rig) -> None:
    made = rig.booked(11)
    panel = rig.details(made.id)
    panel.book_more.click()
    assert [(b.day, b.patient_id) for b in rig.go.bookings] == [(TODAY, made.patient.id)]
    booking_panel = rig.book(patient_id=made.patient.id)
    assert booking_panel.patient.card.isVisible()
    assert booking_panel.services.field.hasFocus()


def test_the_number_is_copied(rig: Rig) -> None:
    made = rig.booked(11)
    rig.details(made.id).number.click()
    assert QGuiApplication.clipboard().text() == made.number


def test_names_are_hidden_with_privacy(rig: Rig) -> None:
    made = rig.booked(11, notes="secret")
    panel = rig.details(made.id)
    rig.prefs.set(rig.prefs.now._replace(privacy=True))
    assert panel.card.name.whole == "R. A."
    assert not panel.note.isVisible()
    assert not panel.others_box.isVisible()
    for label in (panel.card.born, panel.card.contact):
        assert not label.isVisible()
    rig.prefs.set(rig.prefs.now._replace(privacy=False))
    assert panel.card.name.whole == "Reyes, Ana"


def test_an_error_offers_to_try_again(rig: Rig) -> None:
    from himsog_desktop.domain.errors import Surroundings

    made = rig.booked(11)
    panel = rig.details(made.id)
    panel.show_error(Surroundings("disk", "The disk failed. Nothing was lost."))
    assert panel.trouble.words == ["The disk failed. Nothing was lost."]
    panel.retry.click()
    rig.settle()
    assert panel.trouble.isHidden()
    assert panel.content.isVisible()


def test_markup_in_the_data_is_shown_as_it_is(rig: Rig) -> None:
    made = rig.booked(11, "<b>Bold</b> & Co", services=(rig.service("X-ray & scan"),), notes="<i>note</i>")
    panel = rig.details(made.id)
    assert panel.card.name.text() == "<b>Bold</b> & Co"
    assert panel.note.edit.toPlainText() == "<i>note</i>"
    assert panel.money.lines[0][0] == "X-ray & scan"
