"""What a key press is called: ``Ctrl+Shift+Z``, ``Alt+Left``, ``[``. Words, without Qt: settings keep them.

A chord is its modifiers in a fixed order and one key. Letters are capitals; a sign or a figure is what the
keyboard wrote, so Shift is no part of it (``?`` is ``?`` wherever it lies).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

MODIFIERS: Final = ("Ctrl", "Alt", "Shift", "Meta")
_FLAGS: Final = {"Ctrl": 0x04000000, "Alt": 0x08000000, "Shift": 0x02000000, "Meta": 0x10000000}
_NAMED: Final = {
    0x01000000: "Esc",
    0x01000001: "Tab",
    0x01000002: "Tab",  # back with Shift
    0x01000003: "Backspace",
    0x01000004: "Return",
    0x01000005: "Return",  # of the number pad
    0x01000006: "Ins",
    0x01000007: "Del",
    0x01000010: "Home",
    0x01000011: "End",
    0x01000012: "Left",
    0x01000013: "Up",
    0x01000014: "Right",
    0x01000015: "Down",
    0x01000016: "PgUp",
    0x01000017: "PgDown",
    0x01000055: "Menu",
    0x20: "Space",
    **{0x01000030 + i: f"F{i + 1}" for i in range(12)},
}
"""Qt's numbers of the keys that write nothing."""

NAMES: Final = frozenset(_NAMED.values())
_SIGNS: Final = {"←": "Left", "→": "Right", "↑": "Up", "↓": "Down", "−": "-", "Enter": "Return", "PgDn": "PgDown"}
_SHOWN: Final = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "-": "−", "Return": "Enter", "PgDown": "PgDn"}
_BY_NAME: Final = {name.casefold(): name for name in NAMES}
LONGEST: Final = 32

_GRID: Final = ("Left", "Right", "Up", "Down", "Home", "End", "PgUp", "PgDown", "Space", "Return")
_FIXED: Final = frozenset(
    [
        *("+", "-", "=", "_", "Esc", "Tab", "Shift+Tab", "Menu", "Backspace", "Del"),
        *(f"{shift}{key}" for key in _GRID for shift in ("", "Shift+", "Ctrl+", "Ctrl+Shift+")),
        *(f"Ctrl+{key}" for key in ("A", "C", "V", "X", "Backspace", "Del", "Tab", "Ins")),
        *("Ctrl+Shift+Tab", "Shift+Ins", "Shift+Del", "Alt+F4", "Alt+Tab", "Shift+F10"),
    ]
)
"""Keys of the grid, of fields and of the system: nobody's to give away."""


def normal(text: str) -> str:
    """The chord in its one spelling, whatever way it was written; "" when it is none."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        return ""
    parts, key = ([*text[:-2].split("+"), "+"] if text.endswith("++") else text.split("+")), ""
    if text == "+":
        parts = ["+"]
    *found, key = parts
    wanted = {word.strip().capitalize() for word in found}
    if not wanted <= set(MODIFIERS):
        return ""
    key = _key(key.strip() or "")
    if not key:
        return ""
    if len(key) == 1 and not key.isalpha():
        wanted.discard("Shift")
    return "+".join([*(word for word in MODIFIERS if word in wanted), key])


def _key(text: str) -> str:
    text = _SIGNS.get(text, text)
    if len(text) == 1:
        return text.upper() if text.isprintable() and not text.isspace() and len(text.upper()) == 1 else ""
    return _BY_NAME.get(text.casefold(), "")


def shown(chord: str) -> str:
    """As screens write it: ``Alt+←``, ``Ctrl+−``."""
    head, plus, key = ("", "", chord) if len(chord) == 1 else chord.rpartition("+")
    if not key:  # a chord that ends in the sign itself
        head, plus, key = chord[:-2], "+", "+"
    return f"{head}{plus}{_SHOWN.get(key, key)}"


def fixed(chord: str) -> bool:
    """Whether the chord belongs to the grid, to fields or to the system."""
    return chord in _FIXED


def while_typing(chord: str) -> bool:
    """Whether it works in the middle of a field too: what writes nothing there."""
    head, _, key = chord.rpartition("+")
    return "Ctrl" in head or "Meta" in head or (len(key) > 1 and key[0] == "F" and key[1:].isdigit())


def pressed(key: int, modifiers: int) -> str:
    """The chord of a key press, from Qt's two numbers; "" for a modifier alone and for what has no name."""
    name = _NAMED.get(key, "")
    if not name and 0x20 < key < 0x01000000:
        letter = chr(key)
        name = letter.upper() if letter.isprintable() else ""
    if not name or (len(name) > 1 and name not in NAMES):
        return ""
    return normal("+".join([*(word for word in MODIFIERS if modifiers & _FLAGS[word]), name]))


def of_event(event: QKeyEvent) -> str:
    """The chord of a key event."""
    return pressed(event.key(), event.modifiers().value)
