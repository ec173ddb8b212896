"""Every key of the window, once: what the keys do, what F1 shows, what the palette offers as commands.

A person may give any act other keys (Settings, Keys); her choices are words in ``settings.json`` and win over
the keys given here, also over those that a later release gives to something new. No key ever means two acts.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.ui.shell import chords
from himsog_desktop.ui.shell.pages import FACES

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

Chosen = tuple[tuple[str, tuple[str, ...]], ...]
"""What a person set: acts with the chords that they have now, none for an act without keys."""


class Key(NamedTuple):
    """One act. ``keys`` are chords; ``search`` says whether the palette offers it as a command.

    ``fixed`` keys can't be given away; ``also`` are chords that do the same and aren't shown. ``shared`` acts
    are there only where the profile has a server.
    """

    act: str
    keys: tuple[str, ...]
    words: str
    group: str
    search: bool = True
    fixed: bool = False
    also: tuple[str, ...] = ()
    shared: bool = False


DESK, DAY, CHOSEN, WINDOW = "At the desk", "The day", "The chosen appointment", "The window"
VIEWS = "Saved views"


def view_act(number: int) -> str:
    """The act that opens a saved view, counted from 0."""
    return f"view_{number + 1}"


KEYS: tuple[Key, ...] = (
    Key("book", ("Ctrl+N",), "New appointment", DESK),
    Key("search", ("Ctrl+K", "/"), "Find a patient, an appointment, a command", DESK, False),
    Key("undo", ("Ctrl+Z",), "Undo the last act", DESK),
    Key("redo", ("Ctrl+Shift+Z",), "Redo", DESK, also=("Ctrl+Y",)),
    Key("print", ("Ctrl+P",), "Print the day", DESK),
    Key("today", ("T",), "Go to today", DAY),
    Key("day_before", ("Alt+Left", "["), "The day before", DAY),
    Key("day_after", ("Alt+Right", "]"), "The day after", DAY),
    Key("week_before", ("Alt+PgUp",), "A week back", DAY),
    Key("week_after", ("Alt+PgDown",), "A week on", DAY),
    Key("go_to", ("G",), "Go to a date", DAY),
    Key("cursor", ("← ↑ → ↓",), "Move the cursor on the grid (Shift extends)", DAY, False, fixed=True),
    Key("open", ("Return",), "Open the appointment, or book there", DAY, False, fixed=True),
    Key("closer", ("Ctrl++",), "Closer: fewer minutes a row", DAY, also=("Ctrl+=",)),
    Key("farther", ("Ctrl+-",), "Farther: more minutes a row", DAY),
    *(Key(f"{face.page}_view", (face.key,), f"The {face.word.lower()} view", DAY) for face in FACES),
    Key("confirm", ("C",), "Confirm", CHOSEN),
    Key("complete", ("F",), "Complete", CHOSEN),
    Key("cancel", ("X",), "Cancel, with a reason", CHOSEN),
    Key("no_show", ("N",), "No-show", CHOSEN),
    Key("move", ("R",), "Move: arrows, Enter; Esc gives back", CHOSEN),
    Key("history", ("H",), "History", CHOSEN),
    Key("pin", ("B",), "Pin: carry it to another day", CHOSEN),
    Key("pins", ("Shift+B",), "The pinboard: arrows, Enter takes in hand, Del unpins", CHOSEN),
    Key("in_order", ("Ctrl+R",), "The list: in order again, with what changed", WINDOW),
    Key("card", ("I",), "Tell all of it (hover card)", CHOSEN),
    Key("privacy", ("P",), "Names on the screen: hide or show", WINDOW),
    Key("lock", ("L",), "Lock the screen", WINDOW),
    Key("panel", ("Esc",), "Close the panel", WINDOW, False, fixed=True),
    Key("page_today", ("1",), "Today", WINDOW),
    Key("page_appointments", ("2",), "Appointments: the list", WINDOW),
    Key("page_settings", ("3",), "Settings", WINDOW),
    Key("page_attention", ("4",), "Needs attention", WINDOW, shared=True),
    Key("connection", (), "Connection to the clinic's server", WINDOW, shared=True),
    Key("sync_now", (), "Sync now", WINDOW, shared=True),
    Key("sidebar", ("Ctrl+B",), "Sidebar: narrow or wide", WINDOW),
    Key("help", ("F1",), "This map", WINDOW, also=("?",)),
    Key("panel_wider", (), "Panel: wider", WINDOW),
    Key("panel_narrower", (), "Panel: narrower", WINDOW),
    Key("keys", (), "Other keys for acts", WINDOW),
    Key("performance", (), "Performance: how fast this window answers", WINDOW),
    Key("quit", ("Ctrl+Q",), "Quit", WINDOW),
    Key("save_view", (), "Save this view…", VIEWS),
    Key("by_rooms", (), "Columns: providers or rooms", VIEWS),
    *(Key(view_act(n), (f"F{n + 2}",), f"Saved view {n + 1}", VIEWS, False) for n in range(11)),
)


CARD_KEYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Keep what was wanted", ("K",)),
    ("Keep what is there", ("T",)),
    ("Take one of the next free times", ("1", "2", "3")),
    ("Call the patient: the number, large", ("P",)),
    ("Discard, with a reason", ("X",)),
    ("Open the appointment", ("Enter",)),
    ("The next card, the one before", ("↓", "↑")),
)
"""What the cards of Needs attention listen to while one of them has the keyboard."""
ATTENTION = "A card of Needs attention"


def keys_for(*, shared: bool) -> tuple[Key, ...]:
    """The acts of a profile: without a server there are none that are about one."""
    return tuple(key for key in KEYS if shared or not key.shared)


def words(key: Key) -> str:
    """What an act is called, in the language of the screen."""
    from PySide6.QtCore import QCoreApplication

    return QCoreApplication.translate("keys", key.words)


class Bindings:
    """The keys in force: the map with a person's choices over it."""

    def __init__(self, chosen: Chosen = (), keys: tuple[Key, ...] = KEYS) -> None:
        known = {key.act: key for key in keys}
        self._acts: dict[str, str] = {}
        self._keys: dict[str, list[str]] = {key.act: [] for key in keys}
        self.changed: set[str] = set()
        """Acts whose keys aren't the usual ones any more, by choice or because another took them."""
        own: dict[str, tuple[str, ...]] = {}
        for act, wanted in chosen:
            if act in known and not known[act].fixed and act not in own:
                own[act] = tuple(chord for chord in map(chords.normal, wanted) if chord and not chords.fixed(chord))
        for key in keys:
            if key.fixed:
                self._give(key.act, tuple(map(chords.normal, key.keys)))
        for act, wanted in sorted(own.items()):
            self._give(act, wanted)
        for key in keys:
            if key.act not in own and not key.fixed:
                self._give(key.act, tuple(map(chords.normal, (*key.keys, *key.also))))
            usual = [chords.normal(chord) for chord in (*key.keys, *key.also)]
            if not key.fixed and self._keys[key.act] != usual:
                self.changed.add(key.act)
        self._also = {key.act: {chords.normal(chord) for chord in key.also} for key in keys}
        self._fixed_words = {key.act: key.keys for key in keys if key.fixed}

    def _give(self, act: str, wanted: tuple[str, ...]) -> None:
        for chord in wanted:
            if chord and self._acts.setdefault(chord, act) == act and chord not in self._keys[act]:
                self._keys[act].append(chord)

    def act(self, chord: str) -> str:
        """What a chord does; "" for nothing."""
        return self._acts.get(chord, "")

    def of_event(self, event: QKeyEvent) -> str:
        """What a key press does; "" for nothing."""
        return self._acts.get(chords.of_event(event), "")

    def keys(self, act: str) -> tuple[str, ...]:
        """All chords of an act."""
        return tuple(self._keys.get(act, ()))

    def shown(self, act: str) -> tuple[str, ...]:
        """The chords of an act as screens write them, without those that are only understood."""
        if act in self._fixed_words:
            return tuple(chords.shown(chord) for chord in self._fixed_words[act])
        also = self._also.get(act, set()) if act not in self.changed else set()
        return tuple(chords.shown(chord) for chord in self._keys.get(act, ()) if chord not in also)

    def first(self, act: str) -> str:
        """The first chord of an act as screens write it; "" for an act without keys."""
        found = self.shown(act)
        return found[0] if found else ""

    def shortcuts(self) -> list[tuple[str, str]]:
        """Chords that work while typing too, with their acts; the window makes shortcuts of them."""
        return [(chord, act) for chord, act in self._acts.items() if chords.while_typing(chord)]


@lru_cache(maxsize=8)
def bindings(chosen: Chosen = ()) -> Bindings:
    """The keys in force with a person's choices."""
    return Bindings(chosen)


def chosen_with(chosen: Chosen, act: str, keys: tuple[str, ...] | None) -> Chosen:
    """The choices with other keys for an act; None gives it its usual ones again."""
    rest = tuple(entry for entry in chosen if entry[0] != act)
    return rest if keys is None else tuple(sorted((*rest, (act, keys))))


def taken_from(chosen: Chosen, chord: str, by: str) -> str:
    """The act that would lose the chord if ``by`` took it; "" for none."""
    holder = bindings(chosen).act(chords.normal(chord))
    return "" if holder == by else holder


def take(chosen: Chosen, act: str, chord: str) -> Chosen:
    """The choices when ``act`` has this chord alone; whoever had it keeps its other ones. Raises ValueError."""
    chord = chords.normal(chord)
    if not chord or chords.fixed(chord):
        raise ValueError(chord)
    loser = taken_from(chosen, chord, act)
    if loser:
        left = tuple(key for key in bindings(chosen).keys(loser) if key != chord)
        chosen = chosen_with(chosen, loser, left)
    chosen = tuple((who, tuple(key for key in keys if chords.normal(key) != chord)) for who, keys in chosen)
    return chosen_with(chosen, act, (chord,))
