"""The laws of the key map: no key means two acts, and what a person chose wins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from himsog_desktop.system import settings
from himsog_desktop.ui.shell import chords
from himsog_desktop.ui.shell.commands import _acts
from himsog_desktop.ui.shell.keymap import KEYS, Bindings, Chosen, bindings, keys_for, take, taken_from
from himsog_desktop.ui.shell.keys_part import KeysPart
from tests.ui.conftest import Seat

FREE = [key.act for key in KEYS if not key.fixed]
modifiers = st.sets(st.sampled_from(chords.MODIFIERS))
key_names = st.sampled_from([*"ABCXZ1290/[]?;.", "F3", "F12", "PgUp", "Left", "Home", "Space", "Return", "Esc"])
any_chord = st.builds(lambda mods, key: "+".join([*sorted(mods), key]), modifiers, key_names)
choices = st.lists(
    st.tuples(st.sampled_from([*FREE, "no_such_act", "panel"]), st.lists(any_chord, max_size=3).map(tuple)),
    max_size=8,
    unique_by=lambda c: c[0],
).map(tuple)


@given(choices)
def test_no_key_means_two_acts_and_every_shown_key_does_what_it_says(chosen: Chosen) -> None:
    found = Bindings(chosen)
    held = [chord for key in KEYS for chord in found.keys(key.act)]
    assert len(held) == len(set(held))
    for key in KEYS:
        assert all(found.act(chord) == key.act for chord in found.keys(key.act))


@given(choices, st.sampled_from(FREE), any_chord)
def test_taking_a_key_gives_it_to_that_act_alone_and_to_nobody_else_anything(
    chosen: Chosen, act: str, chord: str
) -> None:
    name = chords.normal(chord)
    before = bindings(chosen)
    if not name or chords.fixed(name):
        with pytest.raises(ValueError, match=r".*"):
            take(chosen, act, chord)
        return
    loser = taken_from(chosen, chord, act)
    after = bindings(take(chosen, act, chord))
    assert after.keys(act) == (name,)
    for key in KEYS:
        if key.act == loser:
            assert set(after.keys(loser)) <= set(before.keys(loser)) - {name}
        elif key.act != act:
            assert set(after.keys(key.act)) >= set(before.keys(key.act))


@given(any_chord)
def test_a_chord_has_one_spelling_and_settings_keep_it(chord: str) -> None:
    name = chords.normal(chord)
    assert chords.normal(name) == name
    assert chords.normal(chords.shown(name)) == name
    assert settings._keys({"book": [name]}) == (("book", (name,)),)


def test_names_of_keys_are_the_same_in_settings_and_on_screen() -> None:
    assert set(chords.NAMES) == set(settings.KEY_NAMES)
    assert settings._keys({"book": ["Maria Reyes", "Ctrl+Reyes", "0917 555 0199"], "Maria Reyes": ["A"]}) == (
        ("book", ()),
    )


@pytest.mark.parametrize(
    ("key", "modifier", "name"),
    [
        (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, "Ctrl+Shift+Z"),
        (Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier, "?"),
        (Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, "Ctrl++"),
        (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, "Return"),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier, "Alt+Left"),
        (Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier, "F5"),
        (Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier, ""),
    ],
)
def test_a_key_press_has_its_name(key: Qt.Key, modifier: Qt.KeyboardModifier, name: str) -> None:
    assert chords.pressed(key.value, modifier.value) == name


def test_qt_reads_every_shortcut_as_it_is_meant() -> None:
    for chord, _act in bindings().shortcuts():
        sequence = QKeySequence(chord)
        assert sequence.count() == 1, chord
        assert chords.normal(sequence.toString(QKeySequence.SequenceFormat.PortableText)) == chord


def test_every_act_of_the_map_can_be_done(seat: Seat) -> None:
    acts = _acts(seat.workspace)
    assert {key.act for key in keys_for(shared=False)} - set(acts) == {"cursor", "open"}


def test_other_keys_are_honoured_at_once_and_kept(seat: Seat) -> None:
    prefs = seat.workspace.prefs
    chosen = take(take(prefs.now.keys, "privacy", "Ctrl+Shift+P"), "day_after", "X")
    prefs.set(prefs.now._replace(keys=chosen))
    day = seat.workspace.day.day
    seat.press(Qt.Key.Key_X)
    assert (seat.workspace.day.day - day).days == 1  # and nothing was cancelled
    seat.press(Qt.Key.Key_P)
    assert not prefs.now.privacy
    seat.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert prefs.now.privacy
    kept, trouble = settings.SettingsFile(seat.folder).load()
    assert trouble is None
    assert kept.keys == chosen


def _settings(seat: Seat) -> KeysPart:
    seat.workspace.open_page("settings")
    seat.settle()
    page = seat.workspace.settings
    assert page is not None
    page.show_keys()
    return page.keys


def _row(part: KeysPart, act: str) -> None:
    acts = part.list.acts
    part.list.setCurrentIndex(acts.index([key.act for key in acts.rows].index(act), 0))


def test_a_key_is_set_by_pressing_it_and_who_loses_it_is_said_first(seat: Seat) -> None:
    part, prefs = _settings(seat), seat.workspace.prefs
    _row(part, "lock")
    seat.press(Qt.Key.Key_Return)
    seat.press(Qt.Key.Key_Down)  # the grid's: nobody's to give away
    assert "belongs to the grid" in part.says.text()
    seat.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)  # a shortcut of the window: not obeyed, asked about
    assert "“New appointment”" in part.says.text()
    assert prefs.now.keys == ()
    assert seat.workspace.host.panel is None
    seat.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    found = bindings(prefs.now.keys)
    assert found.keys("lock") == ("Ctrl+N",)
    assert found.keys("book") == ()
    assert "Ctrl+N" not in seat.workspace.day.toolbar.book.toolTip()
    part.reset_all()
    assert prefs.now.keys == ()
    assert seat.workspace.day.toolbar.book.toolTip() == "New appointment  Ctrl+N"


def test_one_act_gets_its_usual_key_back_from_whoever_has_it(seat: Seat) -> None:
    part, prefs = _settings(seat), seat.workspace.prefs
    _row(part, "today")
    seat.press(Qt.Key.Key_Return)
    seat.press(Qt.Key.Key_C)
    seat.press(Qt.Key.Key_C)
    assert bindings(prefs.now.keys).act("C") == "today"
    _row(part, "confirm")
    part.reset()
    assert bindings(prefs.now.keys).act("C") == "confirm"
    assert bindings(prefs.now.keys).keys("today") == ()
    _row(part, "today")
    seat.press(Qt.Key.Key_Return)
    seat.press(Qt.Key.Key_Escape)  # leaves it as it is
    assert bindings(prefs.now.keys).keys("today") == ()
    assert seat.workspace.pages.currentWidget() is seat.workspace.settings


def test_the_sidebar_and_the_palette_name_the_keys_in_force(seat: Seat) -> None:
    prefs = seat.workspace.prefs
    prefs.set(prefs.now._replace(keys=take((), "page_settings", "9")))
    assert seat.workspace.sidebar.buttons["settings"].shown_keys == "9"
    seat.press(Qt.Key.Key_9)
    assert seat.workspace.pages.currentWidget() is seat.workspace.settings
