"""Every key of the window, once: what the keys do, what F1 shows, what the search offers as commands."""

from __future__ import annotations

from typing import NamedTuple

from himsog_desktop.ui.shell.pages import FACES


class Key(NamedTuple):
    """One act. ``keys`` are as they are shown; ``search`` says whether the search offers it as a command."""

    act: str
    keys: tuple[str, ...]
    words: str
    group: str
    search: bool = True


DESK, DAY, CHOSEN, WINDOW = "At the desk", "The day", "The chosen appointment", "The window"

KEYS: tuple[Key, ...] = (
    Key("book", ("Ctrl+N",), "New appointment", DESK),
    Key("search", ("Ctrl+K", "/"), "Find a patient, an appointment, a command", DESK, False),
    Key("undo", ("Ctrl+Z",), "Undo the last act", DESK),
    Key("redo", ("Ctrl+Shift+Z",), "Redo", DESK),
    Key("today", ("T",), "Go to today", DAY),
    Key("day_before", ("Alt+←", "["), "The day before", DAY),
    Key("day_after", ("Alt+→", "]"), "The day after", DAY),
    Key("week_before", ("Alt+PgUp",), "A week back", DAY),
    Key("week_after", ("Alt+PgDn",), "A week on", DAY),
    Key("go_to", ("G",), "Go to a date", DAY),
    Key("cursor", ("← ↑ → ↓",), "Move the cursor on the grid (Shift extends)", DAY, False),
    Key("open", ("Enter",), "Open the appointment, or book there", DAY, False),
    Key("closer", ("Ctrl++",), "Closer: fewer minutes a row", DAY),
    Key("farther", ("Ctrl+−",), "Farther: more minutes a row", DAY),
    *(Key(f"{face.page}_view", (face.key,), f"The {face.word.lower()} view", DAY) for face in FACES),
    Key("confirm", ("C",), "Confirm", CHOSEN, False),
    Key("complete", ("F",), "Complete", CHOSEN, False),
    Key("cancel", ("X",), "Cancel, with a reason", CHOSEN, False),
    Key("no_show", ("N",), "No-show", CHOSEN, False),
    Key("move", ("R",), "Move: arrows, Enter; Esc gives back", CHOSEN, False),
    Key("history", ("H",), "History", CHOSEN, False),
    Key("privacy", ("P",), "Names on the screen: hide or show", WINDOW),
    Key("lock", ("L",), "Lock the screen", WINDOW),
    Key("panel", ("Esc",), "Close the panel", WINDOW, False),
    Key("page_1", ("1",), "Today", WINDOW),
    Key("page_2", ("2",), "Settings", WINDOW),
    Key("sidebar", ("Ctrl+B",), "Sidebar: narrow or wide", WINDOW),
    Key("help", ("F1",), "This map", WINDOW),
    Key("quit", ("Ctrl+Q",), "Quit", WINDOW),
)
