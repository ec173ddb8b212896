"""``Theme``: tokens and metrics as Qt objects, made once and handed to everything that paints."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPixmap

from himsog_desktop.ui.theme.fonts import font
from himsog_desktop.ui.theme.icons import icon_pixmap
from himsog_desktop.ui.theme.metrics import LINE_HEIGHT, Metrics, metrics
from himsog_desktop.ui.theme.tokens import DARK, LIGHT, STYLES, Scheme, Tokens


class TextStyle(NamedTuple):
    """One size and weight of type with what painters ask of it, in pixels.

    ``line`` is the height of a line of running text; ``ink`` the height from the top of an ``l`` to
    the bottom of a ``g``: the least room in which no letter is cut.
    """

    font: QFont
    metrics: QFontMetricsF
    line: int
    ascent: float
    ink_ascent: float
    ink: float


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

    def __init__(self, tokens: Tokens, sizes: Metrics, *, reduced_motion: bool = False) -> None:
        Theme._count += 1
        self.serial: int = Theme._count
        self.tokens = tokens
        self.metrics = sizes
        self.scheme: Scheme = tokens.scheme
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
        self.body = _style(font(sizes.body))
        self.strong = _style(font(sizes.body, strong=True))
        self.small = _style(font(sizes.small))
        self.small_strong = _style(font(sizes.small, strong=True))
        self.section = _style(font(sizes.section, strong=True))
        self.title = _style(font(sizes.title, strong=True))
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


def _style(made: QFont) -> TextStyle:
    measured = QFontMetricsF(made)
    ascent = measured.ascent()
    # The bounds of the ink, with the accents of ordinary capitals (Ñ, É) left to the padding.
    top = -measured.tightBoundingRect("l").top()
    bottom = measured.tightBoundingRect("g").bottom()
    return TextStyle(
        font=made,
        metrics=measured,
        line=round(made.pixelSize() * LINE_HEIGHT),
        ascent=ascent,
        ink_ascent=top,
        ink=top + bottom,
    )


def make_theme(scheme: Scheme, scale: float = 1.0, *, reduced_motion: bool = False) -> Theme:
    """The theme of a colour scheme at a scale of text. Needs a QGuiApplication (for the fonts)."""
    return Theme(DARK if scheme == "dark" else LIGHT, metrics(scale), reduced_motion=reduced_motion)
