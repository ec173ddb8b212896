"""What the palette offers and in which order; and booking in one line through the real window."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from himsog_desktop.ui.appointments.booking_panel import BookingPanel
from himsog_desktop.ui.shell import palette
from himsog_desktop.ui.shell.keymap import KEYS
from himsog_desktop.ui.shell.palette import Entry
from tests.ui.conftest import Seat

CONTROL = Qt.KeyboardModifier.ControlModifier
COMMANDS = [Entry("command", key.act, key.words) for key in KEYS]
WORDS = st.text("abcdeéñ 12-", max_size=8)


def order(text: str, recent: tuple[str, ...] = ()) -> list[str]:
    return [entry.id for entry in palette.ranked(text, COMMANDS, recent)]


def test_beginnings_of_words_and_first_letters_find() -> None:
    assert order("go to to")[0] == "today"
    assert order("gtt") == ["today"]
    assert order("hist")[0] == "history"
    assert order("date go") == ["go_to"]
    assert order("istory") == []
    assert order("xyzzy") == []


def test_the_whole_is_before_a_beginning_and_that_before_the_rest() -> None:
    entries = [Entry("c", "1", "Show the day"), Entry("c", "2", "Day by day"), Entry("c", "3", "Day")]
    assert [e.id for e in palette.ranked("day", entries)] == ["3", "2", "1"]


def test_what_was_done_lately_comes_first_among_equals() -> None:
    assert order("the day")[:2] == ["day_before", "day_after"]
    assert order("the day", ("day_after",))[:2] == ["day_after", "day_before"]
    assert [e.id for e in palette.offered(COMMANDS, ("history",))][:2] == ["history", "book"]


@given(st.lists(st.builds(Entry, st.just("c"), WORDS, WORDS), max_size=12), WORDS, st.lists(WORDS).map(tuple))
def test_ranking_is_a_choice_of_what_fits_and_nothing_else(
    entries: list[Entry], query: str, recent: tuple[str, ...]
) -> None:
    found = palette.ranked(query, entries, recent, few=100)
    words = palette.split(query)
    assert sorted(found) == sorted(e for e in entries if palette.fit(words, e) is not None)
    fits = [palette.fit(words, e) for e in found]
    assert fits == sorted(fits, key=lambda f: -1 if f is None else f)
    assert found == palette.ranked(query, entries, recent, few=100)
    for entry in entries:  # a name finds itself, and so does each beginning of it
        own = palette.split(entry.words)
        assert not own or palette.fit(own, entry) == palette.WHOLE
        assert not own or palette.fit([*own[:-1], own[-1][:1]], entry) is not None


@given(st.lists(WORDS, max_size=30))
def test_what_is_remembered_is_the_latest_each_once(acts: list[str]) -> None:
    recent: tuple[str, ...] = ()
    for act in acts:
        recent = palette.remembered(recent, act)
    assert recent == tuple(dict.fromkeys(reversed(acts)))[: palette.MOST_RECENT]


def rows(seat: Seat) -> list[str]:
    return [row.title for row in seat.workspace.top.search.rows]


def test_with_nothing_typed_the_usual_commands_stand_there_and_escape_leaves(seat: Seat) -> None:
    seat.press(Qt.Key.Key_K, CONTROL)
    assert rows(seat)[:2] == ["New appointment", "Go to today"]
    assert seat.workspace.top.search.rows[0].detail == "Ctrl+N"
    seat.press(Qt.Key.Key_Escape)
    assert not rows(seat)
    assert seat.focus() is seat.workspace.day.view


def test_a_provider_is_a_place_to_go_to_even_when_her_column_is_hidden(seat: Seat) -> None:
    page = seat.workspace.day.view.page
    assert page is not None
    last = page.columns[-1]
    prefs = seat.workspace.prefs
    prefs.set(prefs.now._replace(hidden=(last.id,)))
    seat.settle()
    seat.press(Qt.Key.Key_K, CONTROL)
    seat.type(last.name)
    seat.wait(lambda: last.name in rows(seat))
    search = seat.workspace.top.search
    while search.rows[search.chosen_row].kind != "provider":
        seat.press(Qt.Key.Key_Down)
    seat.press(Qt.Key.Key_Return)

    def there() -> bool:
        view = seat.workspace.day.view
        return view.cursor is not None and view.page is not None and view.page.columns[view.cursor.column].id == last.id

    seat.wait(there)
    assert prefs.now.hidden == ()


def test_a_line_opens_the_booking_filled_and_books_nothing_by_itself(seat: Seat) -> None:
    page = seat.workspace.day.view.page
    assert page is not None
    provider = page.columns[0]
    desk = seat.other_process()
    before = desk.reader.execute("SELECT count(*) FROM appointments").fetchone()
    surname = provider.name.split()[-1]
    seat.press(Qt.Key.Key_K, CONTROL)
    line = f"zzyzx quux tue 3pm dr {surname} 45"
    seat.type(line)
    seat.wait(lambda: seat.workspace.top.search.answered == line)
    assert rows(seat) == ["Book new patient “zzyzx quux”"]
    assert seat.workspace.top.search.rows[0].detail == f"Tue 24 Nov 2026 15:00 · {provider.name} · 45 min"
    seat.press(Qt.Key.Key_Return)
    seat.settle()
    panel = seat.workspace.host.panel
    assert isinstance(panel, BookingPanel)
    zone = seat.workspace.session.opened.zone
    assert panel.time.provider_id == provider.id
    assert panel.time.start == zone.instant(date(2026, 11, 24), 15 * 60)
    assert panel.time.minutes == 45
    assert panel.patient.search == "zzyzx quux"
    assert desk.reader.execute("SELECT count(*) FROM appointments").fetchone() == before
    desk.cache.close()
