"""What a person set for the window of a profile: ``settings.json``, readable, with no patient data.

By construction: every field is a number, a yes or no, a word of ours or an id; text that is neither
is not kept. What a newer release added to the file stays in it. A damaged file is set aside, never
overwritten, and said.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final, NamedTuple

from himsog_desktop.system.files import write_atomically
from himsog_desktop.system.paths import SETTINGS

SET_ASIDE: Final = "settings.damaged.json"
MOST_IDS: Final = 500
_NAMED: Final = "Esc Tab Backspace Return Ins Del Home End Left Up Right Down PgUp PgDown Menu Space"
KEY_NAMES: Final = frozenset((*_NAMED.split(), *(f"F{i}" for i in range(1, 13))))
"""Keys that write nothing, as ``ui.shell.chords`` names them."""
_MODIFIERS: Final = frozenset(("Ctrl", "Alt", "Shift", "Meta"))
_LONGEST_FILE = 1 << 20
_LONGEST_WORD = 32
_LONGEST_ID = 64
# Not regular expressions: compiling one costs half a millisecond before the first paint.
_WORD_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_.-")
_ID_LETTERS = _WORD_LETTERS | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ:")


class Geometry(NamedTuple):
    """A window's place in pixels of the desktop; ``maximised`` comes on top of it."""

    x: int
    y: int
    width: int
    height: int
    maximised: bool = False


class Settings(NamedTuple):
    """The settings in force.

    ``theme`` is ``light``, ``dark`` or None: as the system. ``scale`` multiplies the size of text, None:
    as the system. ``hour12`` None: as the locale. ``zoom`` is minutes of one row of the day. ``order``
    and ``hidden`` are ids of providers, ``rooms_order`` and ``rooms_hidden`` of rooms; ``columns`` is ``rooms`` where
    the day has a column for each. ``view`` is the last view's word, ``panel`` is pixels. ``listing`` are words
    and ids for the list's filters, order and columns.
    ``keys`` are acts (words) with the names of the keys that they have now. ``contrast`` (high) and ``still``
    (less motion) None: as the system. ``beside`` is a word or the id of what stood in the panel.
    """

    geometry: Geometry | None = None
    theme: str | None = None
    scale: float | None = None
    hour12: bool | None = None
    zoom: int = 15
    narrow: bool = False
    order: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    view: str | None = None
    panel: int | None = None
    listing: tuple[str, ...] = ()
    keys: tuple[tuple[str, tuple[str, ...]], ...] = ()
    contrast: bool | None = None
    still: bool | None = None
    measure: bool = True
    beside: str | None = None
    columns: str | None = None
    rooms_order: tuple[str, ...] = ()
    rooms_hidden: tuple[str, ...] = ()


DEFAULTS: Final = Settings()


class SettingsFile:
    """The settings of one profile. Used by one window at a time (``single``)."""

    def __init__(self, profile_dir: Path) -> None:
        self.path = profile_dir / SETTINGS
        self._kept: dict[str, object] = {}

    def load(self) -> tuple[Settings, str | None]:
        """The settings, and a sentence for the person when the file was damaged and set aside.

        Never raises: what cannot be read counts as not set. A single value that is none of ours becomes
        the default by itself.
        """
        self._kept = {}
        try:
            with self.path.open("rb") as file:
                content = file.read(_LONGEST_FILE + 1)
        except FileNotFoundError:
            return DEFAULTS, None
        except OSError:
            return DEFAULTS, f"Your settings can't be read, so the usual ones are used: {self.path}"
        try:
            found = json.loads(content) if len(content) <= _LONGEST_FILE else None
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            return DEFAULTS, self._set_aside()
        self._kept = found
        return _parsed(found), None

    def save(self, settings: Settings) -> str | None:
        """Keep the settings: whole, and flushed. A sentence when that fails, for the person."""
        document = dict(self._kept)
        for name, value in settings._asdict().items():
            if value == getattr(DEFAULTS, name):
                document.pop(name, None)
            else:
                document[name] = _written(name, value)
        content = json.dumps(document, indent=1, sort_keys=True).encode() + b"\n"
        try:
            write_atomically(self.path, content)
        except OSError:
            return f"Your settings can't be kept: {self.path} can't be written."
        self._kept = document
        return None

    def _set_aside(self) -> str:
        aside = self.path.with_name(SET_ASIDE)
        try:
            self.path.replace(aside)
        except OSError:
            return f"Your settings are damaged, so the usual ones are used: {self.path}"
        return f"Your settings were damaged, so the usual ones are used. The old file is {aside}"


def _written(name: str, value: object) -> object:
    if isinstance(value, Geometry):
        return value._asdict()
    return dict(value) if name == "keys" and isinstance(value, tuple) else value


# --- reading: each answers None for a value that is none of ours -------------------------------------


def _parsed(found: dict[str, object]) -> Settings:
    usual = DEFAULTS
    zoom, narrow = _whole(found.get("zoom"), 5, 60), _flag(found.get("narrow"))
    return Settings(
        geometry=_geometry(found.get("geometry")),
        theme=_theme(found.get("theme")),
        scale=_scale(found.get("scale")),
        hour12=_flag(found.get("hour12")),
        zoom=usual.zoom if zoom is None else zoom,
        narrow=usual.narrow if narrow is None else narrow,
        order=_ids(found.get("order")),
        hidden=_ids(found.get("hidden")),
        view=_word(found.get("view")),
        panel=_whole(found.get("panel"), 200, 4_000),
        listing=_ids(found.get("listing")),
        columns=_word(found.get("columns")),
        rooms_order=_ids(found.get("rooms_order")),
        rooms_hidden=_ids(found.get("rooms_hidden")),
        keys=_keys(found.get("keys")),
        contrast=_flag(found.get("contrast")),
        still=_flag(found.get("still")),
        measure=_flag(found.get("measure")) is not False,
        beside=next(iter(_ids([found.get("beside")])), None),
    )


def _geometry(value: object) -> Geometry | None:
    if not isinstance(value, dict):
        return None
    x, y, width, height = (_whole(value.get(name), -100_000, 100_000) for name in ("x", "y", "width", "height"))
    if x is None or y is None or width is None or height is None or width < 1 or height < 1:
        return None
    return Geometry(x, y, width, height, value.get("maximised") is True)


def _whole(value: object, low: int, high: int) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high else None


def _theme(value: object) -> str | None:
    return value if value in ("light", "dark") and isinstance(value, str) else None


def _scale(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0.5 <= value <= 4 else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _ids(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    found = [
        entry
        for entry in value[:MOST_IDS]
        if isinstance(entry, str) and 1 <= len(entry) <= _LONGEST_ID and _ID_LETTERS.issuperset(entry)
    ]
    return tuple(dict.fromkeys(found))


def _keys(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Acts with the names of keys: each a word, a sign or a few joined by +."""
    if not isinstance(value, dict):
        return ()
    found = []
    for act, keys in list(value.items())[:MOST_IDS]:
        if _word(act) is not None and isinstance(keys, list):
            names = [key for key in keys[:8] if isinstance(key, str) and _is_key(key)]
            found.append((act, tuple(names)))
    return tuple(sorted(found))


def _is_key(name: str) -> bool:
    """A name of a key: one sign, or words of ours joined by +; never a sentence, never somebody's name."""
    *modifiers, last = name.split("+") if not name.endswith("+") else [*name[:-1].rstrip("+").split("+"), "+"]
    modifiers = [word for word in modifiers if word]
    return len(name) <= _LONGEST_WORD and (len(last) == 1 or last in KEY_NAMES) and set(modifiers) <= _MODIFIERS


def _word(value: object) -> str | None:
    if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST_WORD:
        return None
    return value if _WORD_LETTERS.issuperset(value) else None
