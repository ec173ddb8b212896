"""Cards on the screen: both sides, one key each, the keyboard goes on to the next card."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from himsog_desktop.domain.intents import Trouble
from himsog_desktop.services import attention
from himsog_desktop.ui.attention.card import CardView
from himsog_desktop.ui.attention.page import MOST, AttentionPage
from tests.ui.attention.conftest import Shared
from tests.ui.conftest import Seat

KEY = Qt.Key
Opened = Callable[[], Seat]


def page_of(seat: Seat, count: int) -> AttentionPage:
    """Open the page with its key, and wait for its cards."""
    seat.press(KEY.Key_4)
    page = seat.workspace.pages.currentWidget()
    assert isinstance(page, AttentionPage)
    seat.wait(lambda: page.known and len(page.cards) == count)
    seat.settle()
    return page


def test_a_taken_time_shows_both_and_the_next_three(shared: Shared, opened: Opened) -> None:
    shared.taken()
    seat = opened()
    page = page_of(seat, 1)
    card = page.cards[0]
    assert card.hasFocus()
    assert "is taken" in card.head.text()
    assert [made.isVisible() for made in card.times] == [True, True, True]
    assert not card.mine.isVisible(), "the place is not free"
    labels = [row.label for row in card.sides._rows]
    assert labels[:2] == ["Time", "Patient"]
    assert card.sides._rows[1].mine != card.sides._rows[1].theirs


def test_a_digit_takes_another_time_and_undo_brings_the_card_back(shared: Shared, opened: Opened) -> None:
    card_id = shared.taken()
    seat = opened()
    page = page_of(seat, 1)
    seat.press(KEY.Key_2)
    seat.wait(lambda: not page.cards)
    assert page.hasFocus() or page.empty.isVisible()
    assert seat.messages()[-1].startswith("Put at another time: ")
    assert attention.items(shared.desk) == []
    QTestUndo(seat)
    seat.wait(lambda: len(page.cards) == 1)
    assert attention.items(shared.desk)[0].id == card_id


def QTestUndo(seat: Seat) -> None:
    seat.press(KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    seat.settle()


def test_keys_go_from_card_to_card(shared: Shared, opened: Opened) -> None:
    shared.taken()
    shared.clash()
    seat = opened()
    page = page_of(seat, 2)
    first, second = page.cards
    seat.press(KEY.Key_Down)
    assert second.hasFocus()
    seat.press(KEY.Key_Up)
    assert first.hasFocus()
    seat.press(KEY.Key_T)
    seat.wait(lambda: page.cards == [second])
    assert second.hasFocus()
    assert "Note" in [row.label for row in second.sides._rows]
    seat.press(KEY.Key_K)
    seat.wait(lambda: not page.cards)
    assert page.empty.isVisible()
    assert QApplication.focusWidget() is page


def test_discarding_asks_why(shared: Shared, opened: Opened) -> None:
    shared.clash()
    seat = opened()
    page = page_of(seat, 1)
    card = page.cards[0]
    seat.press(KEY.Key_X)
    assert card.reason.field.hasFocus()
    seat.press(KEY.Key_Return)
    assert page.cards == [card], "not without a reason"
    seat.type("kxt")
    seat.press(KEY.Key_Escape)
    assert card.hasFocus()
    assert page.cards == [card]
    seat.press(KEY.Key_X)
    seat.type(" asked her")
    seat.press(KEY.Key_Return)
    seat.wait(lambda: not page.cards)


def test_the_phone_is_shown_large(shared: Shared, opened: Opened) -> None:
    shared.taken()
    seat = opened()
    card = page_of(seat, 1).cards[0]
    assert card.item is not None
    assert card.item.patient is not None
    assert not card.phone.isVisible()
    seat.press(KEY.Key_P)
    assert card.phone.isVisible()
    assert card.phone.number.text().replace(" ", "")[-7:] == (card.item.patient.phone or "")[-7:]
    assert card.phone.number.font().pixelSize() > 30
    seat.press(KEY.Key_P)
    assert not card.phone.isVisible()


def test_hidden_names_are_hidden_here_too(shared: Shared, opened: Opened) -> None:
    shared.taken()
    seat = opened()
    page = page_of(seat, 1)
    card = page.cards[0]
    assert card.item is not None
    assert card.item.patient is not None
    name = card.item.patient.name
    assert name in card.accessibleName()
    seat.workspace.prefs.set(seat.workspace.prefs.now._replace(privacy=True))
    assert name not in card.accessibleName() + card.accessibleDescription()
    assert name not in card.head.text() + card.sides.spoken
    assert name not in card.phone.who.text() + card.phone.accessibleName()


def test_words_of_a_way_keep_clear_of_its_key(shared: Shared, opened: Opened) -> None:
    shared.clash()
    shared.taken()
    seat = opened()
    for size, scale in ((1366, 1.0), (1366, 2.0), (960, 2.0), (960, 1.0), (1100, 1.5)):
        seat.window.resize(size, 700)
        seat.program.look.choose("light", scale)
        page = page_of(seat, 2)
        for _ in range(3):  # a look that was chosen lays out one turn later
            QApplication.processEvents()
        ways = [made for card in page.cards for made in (card.mine, card.theirs, card.call, card.discard)]
        seat.wait(lambda ways=ways: all(made.isHidden() or made.width() >= made.roomy for made in ways))


def test_enter_on_a_refused_booking_leads_to_its_day(shared: Shared, opened: Opened) -> None:
    shared.taken()
    seat = opened()
    card = page_of(seat, 1).cards[0]
    assert card.item is not None
    assert card.item.start is not None
    card.setFocus()
    seat.press(KEY.Key_Return)
    assert seat.workspace.pages.currentWidget() is seat.workspace.day
    assert seat.workspace.day.day.isoformat() == card.item.start[:10]


def test_a_new_card_is_said_and_takes_no_keyboard(shared: Shared, opened: Opened) -> None:
    seat = opened()
    button = seat.workspace.sidebar.buttons["attention"]
    held = seat.focus()
    assert button.count == 0
    shared.taken()
    seat.wait(lambda: button.count == 1)
    assert button.alarm, "it is today"
    assert any("is taken" in text for text in seat.messages())
    assert seat.focus() is held
    assert button.accessibleName() == "Needs attention, 1"
    page_of(seat, 1)
    seat.wait(lambda: not any("is taken" in text for text in seat.messages()))


def test_what_somebody_else_answered_goes(shared: Shared, opened: Opened) -> None:
    from himsog_desktop.domain.commands import AnswerCard
    from himsog_desktop.domain.resolution import Resolution
    from himsog_desktop.services import answering

    card_id = shared.clash()
    seat = opened()
    page = page_of(seat, 1)
    answering.answer(shared.desk, AnswerCard(card_id, Resolution.THEIRS))
    seat.doors._heard("changed")
    seat.wait(lambda: not page.cards)
    assert page.empty.isVisible()


def test_a_screen_reader_hears_the_card_and_its_keys(shared: Shared, opened: Opened) -> None:
    shared.taken()
    seat = opened()
    page = page_of(seat, 1)
    card = page.cards[0]
    heard = QAccessible.queryAccessibleInterface(card)
    assert heard.isValid()
    assert "is taken" in heard.text(QAccessible.Text.Name)
    described = heard.text(QAccessible.Text.Description)
    for words in ("Wanted", "who has it", "Leave it to them: T", "Discard…: X", "Take "):
        assert words.casefold() in described.casefold(), (words, described)
    for widget in page.findChildren(CardView)[0].findChildren(type(card.theirs)):
        assert widget.accessibleName()


def test_of_many_cards_the_rest_follow(shared: Shared, opened: Opened) -> None:
    first = shared.booked()
    for number in range(MOST + 3):
        shared.refusals.change(first, Trouble.FIELD, {"notes": f"version {number}"}, kind="appointment.note")
    seat = opened()
    page = page_of(seat, MOST)
    assert page.more.text() == "3 more follow when these are answered."
    seat.press(KEY.Key_T)
    seat.wait(lambda: page.more.text() == "2 more follow when these are answered.")
    seat.settle()
    assert len(page.cards) == MOST
    assert page.cards[0].hasFocus()
    seat.wait(lambda: page.cards[-1].theirs.isVisibleTo(page))
