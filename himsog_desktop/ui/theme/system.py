"""Follows the system: light or dark, size of text, less motion. Tells the window when to change."""

from __future__ import annotations

import os
import sys

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAccessibilityHints, QGuiApplication
from PySide6.QtWidgets import QApplication

from himsog_desktop.ui.theme.fonts import font
from himsog_desktop.ui.theme.metrics import scale_of
from himsog_desktop.ui.theme.palette import palette, style_sheet
from himsog_desktop.ui.theme.theme import Theme, make_theme
from himsog_desktop.ui.theme.tokens import Scheme

_USUAL_POINTS = {"win32": 9.0, "darwin": 13.0}
_USUAL_DESKTOPS = (("GNOME", 11.0), ("UNITY", 11.0), ("CINNAMON", 10.0), ("MATE", 10.0), ("XFCE", 10.0), ("KDE", 10.0))


def usual_points(platform: str = sys.platform, desktop: str = "") -> float:
    """The size of the interface font on a system that nobody changed, in points."""
    if platform in _USUAL_POINTS:
        return _USUAL_POINTS[platform]
    names = desktop.upper()
    return next((points for name, points in _USUAL_DESKTOPS if name in names), 9.0)


class ThemeSource(QObject):
    """The theme in force. ``scheme`` and ``scale`` of None follow the system.

    ``changed`` carries the new Theme. Make it before any widget, call ``apply()`` once; it keeps the
    application's palette, font and style sheet in step from then on.

    ``quick`` is for the start of the program, where ``QStyle`` with its many enums would cost a tenth of the
    first paint: the application was made with the style Fusion, and whether less motion is wanted is asked
    by ``settle()``, after the first paint.
    """

    changed = Signal(object)

    def __init__(
        self,
        app: QApplication,
        *,
        scheme: Scheme | None = None,
        scale: float | None = None,
        follow: bool = True,
        quick: bool = False,
    ) -> None:
        super().__init__(app)
        self._quick = quick
        self._app = app
        self._scheme = scheme
        self._scale = scale
        self._contrast: bool | None = None
        self._still: bool | None = None
        # The system's own font, before apply() puts ours in its place.
        self._system_points = app.font().pointSizeF()
        self._theme = self._make()
        self._follow = follow
        if follow:
            app.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def theme(self) -> Theme:
        """The theme in force."""
        return self._theme

    def choose(
        self,
        scheme: Scheme | None,
        scale: float | None = None,
        *,
        contrast: bool | None = None,
        still: bool | None = None,
    ) -> None:
        """What the person chose in the settings, high contrast and less motion too; None follows the system."""
        self._scheme, self._scale, self._contrast, self._still = scheme, scale, contrast, still
        self._refresh()

    def apply(self) -> None:
        """Give the application Fusion, the palette, the font and the style sheet."""
        if not self._quick and self._app.style().objectName() != "fusion":
            self._app.setStyle("Fusion")
        self._app.setPalette(palette(self._theme))
        self._app.setFont(font(self._theme.metrics.body))
        self._app.setStyleSheet(style_sheet(self._theme))

    def settle(self) -> None:
        """Ask what could wait; ``changed`` only when less motion or more contrast is wanted."""
        self._quick = False
        if self._follow:
            _accessibility().contrastPreferenceChanged.connect(self._contrast_changed)
        if (self._high(), self._less()) != (self._theme.high, self._theme.reduced_motion):
            self._refresh()

    def _system_changed(self) -> None:
        if self._scheme is None:
            self._refresh()

    def _contrast_changed(self) -> None:
        if self._contrast is None:
            self._refresh()

    def _high(self) -> bool:
        if self._contrast is not None or self._quick:
            return bool(self._contrast)
        return system_contrast()

    def _less(self) -> bool:
        if asked_for_less() or self._still is not None:
            return asked_for_less() or bool(self._still)
        return False if self._quick else reduced_motion()

    def _refresh(self) -> None:
        self._theme = self._make()
        self.apply()
        self.changed.emit(self._theme)

    def _make(self) -> Theme:
        scheme = self._scheme or system_scheme()
        scale = self._scale or self._system_scale()
        return make_theme(scheme, scale, high=self._high(), reduced_motion=self._less())

    def _system_scale(self) -> float:
        usual = usual_points(desktop=os.environ.get("XDG_CURRENT_DESKTOP", ""))
        screen = QGuiApplication.primaryScreen()
        usual_dpi = 72.0 if sys.platform == "darwin" else 96.0
        dpi = screen.logicalDotsPerInch()
        return scale_of(self._system_points, usual, dpi, usual_dpi)


def system_scheme() -> Scheme:
    """What the system asks for; light when it does not say."""
    return "dark" if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


def system_contrast() -> bool:
    """Whether the system asks for high contrast, as far as Qt is told."""
    return _accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast


_held: list[QObject] = []


def _accessibility() -> QAccessibilityHints:
    """What the system says of it. Held with its parent: PySide 6.11 takes it for deleted when that is let go."""
    if not _held or not all(shiboken6.isValid(part) for part in _held):
        hints = QGuiApplication.styleHints()
        _held[:] = [hints, hints.accessibility()]
    found = _held[1]
    assert isinstance(found, QAccessibilityHints)
    return found


def asked_for_less() -> bool:
    """Whether less motion is asked for by ``HIMSOG_REDUCED_MOTION``."""
    return os.environ.get("HIMSOG_REDUCED_MOTION") == "1"


def reduced_motion() -> bool:
    """Whether the system asks for less motion: no effects, or animations of no length."""
    if asked_for_less():
        return True
    from PySide6.QtWidgets import QStyle  # its many enums cost 9 ms: not before somebody asks

    return QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0
