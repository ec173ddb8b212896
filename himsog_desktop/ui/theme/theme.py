"""``Theme``: tokens and metrics as Qt objects, made once and handed to everything that paints."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPixmap

from himsog_desktop.ui.theme.fonts import font
from himsog_desktop.ui.theme.icons import icon_pixmap
from himsog_desktop.ui.theme.metrics import LINE_HEIGHT, Metrics, metrics
from himsog_desktop.ui.theme.tokens import DARK, LIGHT, STYLES, Scheme, Tokens


class TextStyle:
    """One size and weight of type with what painters ask of it, in pixels.

    ``line`` is the height of a line of running text; ``ink`` the height from the top of an ``l`` to
    the bottom of a ``g``: the least room in which no letter is cut.
    """

    __slots__ = ("_texts", "_widths", "ascent", "font", "ink", "ink_ascent", "line", "metrics")

    def __init__(self, made: QFont) -> None:
        measured = QFontMetricsF(made)
        # The bounds of the ink, with the accents of ordinary capitals (Ñ, É) left to the padding.
        self.font = made
        self.metrics = measured
        self.line = round(made.pixelSize() * LINE_HEIGHT)
        self.ascent = measured.ascent()
        self.ink_ascent = -measured.tightBoundingRect("l").top()
        self.ink = self.ink_ascent + measured.tightBoundingRect("g").bottom()
        self._widths: dict[str, float] = {}
        self._texts: dict[str, float] = {}

    def width(self, text: str) -> float:
        """The width of a line of text: by letters already measured, exactly where they may join or stack.

        Ten times as fast as shaping the text, and off by its kerning only (a pixel or two).
        """
        found = self._texts.get(text)
        if found is None:
            if len(self._texts) > _MOST_TEXTS:
                self._texts.clear()
            found = self._texts[text] = self._measured(text)
        return found

    def _measured(self, text: str) -> float:
        widths = self._widths
        try:
            return sum([widths[letter] for letter in text])
        except KeyError:
            if not text.isascii() and any(letter >= "\u0300" and letter not in _SIMPLE for letter in text):
                return self.metrics.horizontalAdvance(text)
            for letter in text:
                if letter not in widths:
                    widths[letter] = self.metrics.horizontalAdvance(letter)
            return sum([widths[letter] for letter in text])

    def fits(self, text: str, room: float) -> bool:
        """Whether a line of text needs no more than that width."""
        rough = self.width(text)
        if rough <= room - _KERNING:
            return True
        return rough <= room + _KERNING and self.metrics.horizontalAdvance(text) <= room


_SIMPLE = frozenset("–—…·₱€→")
_KERNING = 2.0
_MOST_TEXTS = 4000


class StatusColours(NamedTuple):
    """The colours of one state, and their names for icons."""

    tint: QColor
    text: QColor
    bar: QColor
    text_name: str
    bar_name: str


class Theme:
    """One look, frozen: change the scheme or the scale by making another.

    ``serial`` differs between any two themes; caches key on it.
    """

    __slots__ = (
        "_sealed",
        "accent",
        "body",
        "canvas",
        "danger",
        "danger_tint",
        "grid",
        "hatch",
        "high",
        "hover",
        "line",
        "metrics",
        "muted",
        "now",
        "on_accent",
        "on_danger",
        "on_now",
        "raised",
        "reduced_motion",
        "scheme",
        "section",
        "selected",
        "serial",
        "shadow",
        "small",
        "small_strong",
        "statuses",
        "strong",
        "surface",
        "text",
        "title",
        "tokens",
    )  # fmt: skip

    _count = 0

    def __init__(self, tokens: Tokens, sizes: Metrics, *, high: bool = False, reduced_motion: bool = False) -> None:
        Theme._count += 1
        self.serial: int = Theme._count
        self.tokens = tokens
        self.metrics = sizes
        self.scheme: Scheme = tokens.scheme
        self.high = high
        self.reduced_motion = reduced_motion
        self.canvas = QColor(tokens.canvas)
        self.surface = QColor(tokens.surface)
        self.raised = QColor(tokens.raised)
        self.hover = QColor(tokens.hover)
        self.selected = QColor(tokens.selected)
        self.line = QColor(tokens.line)
        self.grid = QColor(tokens.grid)
        self.hatch = QColor(tokens.hatch)
        self.text = QColor(tokens.text)
        self.muted = QColor(tokens.muted)
        self.accent = QColor(tokens.accent)
        self.on_accent = QColor(tokens.on_accent)
        self.danger = QColor(tokens.danger)
        self.on_danger = QColor(tokens.on_danger)
        self.danger_tint = QColor(tokens.danger_tint)
        self.now = QColor(tokens.now)
        self.on_now = QColor(tokens.on_now)
        self.shadow = QColor(tokens.shadow)
        self.statuses: dict[str, StatusColours] = {
            style: StatusColours(QColor(s.tint), QColor(s.text), QColor(s.bar), s.text, s.bar)
            for style, s in ((style, tokens.status(style)) for style in STYLES)
        }
        self.body = TextStyle(font(sizes.body))
        self.strong = TextStyle(font(sizes.body, strong=True))
        self.small = TextStyle(font(sizes.small))
        self.small_strong = TextStyle(font(sizes.small, strong=True))
        self.section = TextStyle(font(sizes.section, strong=True))
        self.title = TextStyle(font(sizes.title, strong=True))
        self._sealed = True

    def __setattr__(self, name: str, value: object) -> None:
        if hasattr(self, "_sealed"):
            raise AttributeError(f"a theme is frozen: {name} can't be set")
        object.__setattr__(self, name, value)

    @property
    def dark(self) -> bool:
        """Whether it is light on dark."""
        return self.scheme == "dark"

    def icon(self, name: str, colour: str, ratio: float, size: int = 0) -> QPixmap:
        """An icon of this theme's size (16 px at scale 1, or ``size``) in a colour ``#RRGGBB``, kept."""
        return icon_pixmap(name, size or self.metrics.icon, colour, ratio)


def make_theme(scheme: Scheme, scale: float = 1.0, *, high: bool = False, reduced_motion: bool = False) -> Theme:
    """The theme of a colour scheme at a scale of text. Needs a QGuiApplication (for the fonts)."""
    tokens = DARK if scheme == "dark" else LIGHT
    if high:
        from himsog_desktop.ui.theme.high import DARK_HIGH, LIGHT_HIGH

        tokens = DARK_HIGH if scheme == "dark" else LIGHT_HIGH
    return Theme(tokens, metrics(scale, high=high), high=high, reduced_motion=reduced_motion)
