"""What was interrupted is kept, offered with its owner's name, and never filled in unasked."""

from __future__ import annotations

from PySide6.QtCore import Qt

from himsog_desktop.services import drafts
from tests.ui.appointments.rig import Rig, at

ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape


def interrupted(rig: Rig) -> None:
    """A booking that got as far as the service, then Esc."""
    rig.book()
    rig.keys("reyes, ana")
    rig.press(ENTER)
    rig.keys("check")
    rig.press(ENTER)
    rig.press(ESC)
    assert rig.host.panel is None


def test_an_interrupted_booking_is_offered_and_resumed(rig: Rig) -> None:
    interrupted(rig)
    panel = rig.book()
    assert [d.who for d in panel.offer.drafts] == ["Reyes, Ana"]
    assert panel.offer.isVisible()
    assert panel.patient.patient is None, "a new booking starts empty"
    panel.resume(panel.offer.drafts[0])
    rig.settle()
    assert panel.patient.card.name.whole == "Reyes, Ana"
    assert [chip.name for chip in panel.services.chips] == ["Check-up"]
    assert panel.time.free.hasFocus(), "the keyboard stands where the booking was left"
    rig.press(ENTER, ENTER)
    rig.settle()
    assert [a.patient.name for a in rig.appointments()] == ["Reyes, Ana"]
    assert drafts.kept(rig.other) == []


def test_everything_typed_comes_back(rig: Rig) -> None:
    panel = rig.book(provider_id=rig.people.lim.id, start=at(14), duration=45)
    rig.keys("Dela Cruz, Jo")
    rig.press(ENTER)
    rig.keys("0917 777 1234")
    rig.press(ENTER)
    panel.note.setPlainText("Comes with her mother")
    panel.location.segments[2].click()
    panel.type.setCurrentIndex(2)
    rig.press(ESC)
    again = rig.book()
    again.resume(again.offer.drafts[0])
    rig.settle()
    assert again.patient.form.typed.name == "Dela Cruz, Jo"
    assert again.patient.form.phone.text() == "0917 777 1234"
    assert again.note.toPlainText() == "Comes with her mother"
    assert again.location.key == "video"
    assert again.type.key == "Follow-up Visit"
    assert (again.time.provider_id, again.time.start, again.time.minutes) == (rig.people.lim.id, at(14), 45)


def test_a_pause_keeps_it_without_anybody_closing_the_panel(rig: Rig) -> None:
    panel = rig.book()
    rig.keys("ng")
    rig.press(ENTER)
    rig.until(lambda: bool(drafts.kept(rig.other)))
    assert drafts.kept(rig.other)[0].patient_name == "Ng, Bo"
    panel.patient.search_again()
    panel.patient.field.clear()
    panel.keep_draft()
    rig.settle()
    assert drafts.kept(rig.other) == [], "what was emptied is no draft"


def test_a_draft_makes_no_history_and_no_change_set(rig: Rig) -> None:
    heard: list[object] = []
    rig.settle()
    rig.backend.changed.connect(heard.append)
    before = rig.other.reader.execute("SELECT count(*) FROM history").fetchone()
    interrupted(rig)
    rig.until(lambda: bool(drafts.kept(rig.other)))
    rig.settle()
    assert rig.other.reader.execute("SELECT count(*) FROM history").fetchone() == before
    assert heard == []
    assert rig.other.reader.execute("SELECT count(*) FROM outbox").fetchone() == (0,)


def test_a_draft_is_nowhere_in_plain_text(rig: Rig) -> None:
    interrupted(rig)
    rig.until(lambda: bool(drafts.kept(rig.other)))
    for path in rig.folder.iterdir():
        if path.is_file():
            assert b"Reyes" not in path.read_bytes(), path.name


def test_a_draft_is_its_authors_own(mara: Rig) -> None:
    interrupted(mara)
    mara.until(lambda: bool(drafts.kept(mara.desk("check", "mara"))))
    assert drafts.kept(mara.other) == []


def test_resuming_keeps_what_stood_there_as_a_draft_of_its_own(rig: Rig) -> None:
    interrupted(rig)
    panel = rig.book()
    rig.keys("ng")
    rig.press(ENTER)
    panel.resume(panel.offer.drafts[0])
    rig.settle()
    assert panel.patient.card.name.whole == "Reyes, Ana"
    assert {d.patient_name for d in drafts.kept(rig.other)} == {"Reyes, Ana", "Ng, Bo"}


def test_three_are_kept_and_an_old_one_makes_room(rig: Rig) -> None:
    for i in range(5):
        rig.clock.at += 1_000_000
        drafts.keep(rig.other, drafts.BookingDraft(f"d{i}", typed=f"name {i}"))
    assert [d.typed for d in drafts.kept(rig.other)] == ["name 4", "name 3", "name 2"]
    rig.clock.at += 8 * 24 * 3_600_000_000
    assert drafts.kept(rig.other) == [], "a week later nobody comes back to them"


def test_discarding_forgets_it(rig: Rig) -> None:
    interrupted(rig)
    panel = rig.book()
    panel.offer.discarded.emit(panel.offer.drafts[0])
    rig.settle()
    assert panel.offer.isHidden()
    assert drafts.kept(rig.other) == []
