"""The bundled family: Inter, two weights, with figures of one width.

Inter 4.1 (SIL Open Font License 1.1, ``resources/fonts/OFL.txt``), TrueType, cut down to Latin with
Vietnamese, Greek, Cyrillic, currency and signs, and to the features kern, tnum, case, ccmp, locl,
mark, mkmk. Bundled so that a machine without fonts still shows text, and every machine the same.
"""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase

from himsog_desktop.system.resources import resource

FAMILY = "Inter"
FILES = ("Inter-Regular.ttf", "Inter-SemiBold.ttf")

_loaded: list[str] = []


def load() -> str:
    """Load the bundled family once and return its name; ``""`` (the system's font) where that fails."""
    if not _loaded:
        try:
            ids = [QFontDatabase.addApplicationFont(resource("fonts", name)) for name in FILES]
        except FileNotFoundError:
            ids = [-1]
        _loaded.append("" if -1 in ids else FAMILY)
    return _loaded[0]


def font(pixels: int, *, strong: bool = False) -> QFont:
    """The bundled font in a size, with tabular figures: columns of times and money line up."""
    family = load()
    made = QFont(family) if family else QFont()
    made.setPixelSize(pixels)
    if strong:
        made.setWeight(QFont.Weight.DemiBold)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made
