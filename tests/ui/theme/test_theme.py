from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QPalette, QRawFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from himsog_desktop.system.resources import resource
from himsog_desktop.ui.theme.fonts import FAMILY, FILES, font, load
from himsog_desktop.ui.theme.glyphs import GLYPHS
from himsog_desktop.ui.theme.high import DARK_HIGH
from himsog_desktop.ui.theme.icons import icon, icon_pixmap
from himsog_desktop.ui.theme.palette import palette, style_sheet
from himsog_desktop.ui.theme.system import ThemeSource, usual_points
from himsog_desktop.ui.theme.theme import make_theme
from himsog_desktop.ui.theme.tokens import DARK, LIGHT


@pytest.fixture(autouse=True)
def _app(qapp: QApplication) -> None:
    """Fonts need an application."""


def test_the_bundled_font_is_there_small_and_licensed() -> None:
    for name in FILES:
        assert Path(resource("fonts", name)).stat().st_size < 400_000
    assert "SIL OPEN FONT LICENSE" in Path(resource("fonts", "OFL.txt")).read_text(encoding="utf-8")
    with pytest.raises(FileNotFoundError, match=r"fonts/Comic\.ttf"):
        resource("fonts", "Comic.ttf")


def test_the_bundled_font_is_the_one_used() -> None:
    assert load() == FAMILY
    assert QFontInfo(font(13)).family() == FAMILY
    assert QFontInfo(font(13, strong=True)).weight() == 600


@pytest.mark.parametrize("strong", [False, True])
def test_figures_are_of_one_width_and_hyphens_are_not_widened(strong: bool) -> None:
    measure = QFontMetricsF(font(13, strong=strong))
    assert len({measure.horizontalAdvance(str(figure)) for figure in range(10)}) == 1
    assert measure.horizontalAdvance("-") < measure.horizontalAdvance("0")


@pytest.mark.parametrize("text", ["ÑñÁáÉéÜü", "Nguyễn Thị Ổn", "₱1,234.50", "Ωμέγα", "Жанна", "–—…→✓"])
def test_the_font_has_what_the_clinic_writes(text: str) -> None:
    raw = QRawFont.fromFont(font(13))
    assert raw.familyName() == FAMILY
    assert all(raw.supportsCharacter(ord(character)) for character in text)


def test_a_theme_is_frozen_and_known_by_its_serial() -> None:
    light, dark = make_theme("light"), make_theme("dark", 1.5)
    with pytest.raises(AttributeError, match="frozen"):
        light.text = QColor("#000000")
    assert light.serial != dark.serial
    assert (light.dark, dark.dark) == (False, True)
    assert dark.body.font.pixelSize() == 20
    assert light.statuses["confirmed"].bar == QColor(LIGHT.confirmed.bar)
    assert light.body.ink <= light.body.line


def test_the_palette_and_the_sheet_hold_the_tokens_only() -> None:
    dark = make_theme("dark")
    made = palette(dark)
    assert made.color(QPalette.ColorRole.Window) == QColor(DARK.canvas)
    assert made.color(QPalette.ColorRole.Text) == QColor(DARK.text)
    assert made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) != QColor(DARK.text)
    assert DARK.accent in style_sheet(dark)
    assert LIGHT.accent not in style_sheet(dark)


@pytest.mark.parametrize("name", sorted(GLYPHS))
def test_every_icon_draws_inside_its_field(name: str) -> None:
    image = icon_pixmap(name, 16, "#112233", 1.0).toImage()
    inked = [(x, y) for x in range(16) for y in range(16) if image.pixelColor(x, y).alpha() > 0]
    assert inked
    edge = [(x, y) for x, y in inked if x in (0, 15) or y in (0, 15)]
    assert all(image.pixelColor(x, y).alpha() < 160 for x, y in edge), "cut off at the edge"


def test_icons_are_kept_and_sharp() -> None:
    assert icon_pixmap("tick", 16, "#112233", 2.0).cacheKey() == icon_pixmap("tick", 16, "#112233", 2.0).cacheKey()
    assert icon_pixmap("tick", 16, "#112233", 2.0).width() == 32
    assert not icon("tick", "#112233", "#999999").isNull()
    with pytest.raises(KeyError):
        icon_pixmap("no such icon", 16, "#112233")


def test_the_source_follows_what_was_chosen(qapp: QApplication, qtbot: QtBot) -> None:
    before = (qapp.palette(), qapp.font(), qapp.styleSheet())
    source = ThemeSource(qapp, scheme="light", scale=1.0, follow=False)
    try:
        source.apply()
        assert qapp.font().pixelSize() == 13
        with qtbot.waitSignal(source.changed) as told:
            source.choose("dark", 2.0)
        assert told.args == [source.theme]
        assert source.theme.dark
        assert qapp.font().pixelSize() == 26
        assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.canvas)
    finally:
        source.deleteLater()
        qapp.setStyleSheet(before[2])
        qapp.setPalette(before[0])
        qapp.setFont(before[1])


def test_the_source_follows_the_system(qapp: QApplication, qtbot: QtBot) -> None:
    before = (qapp.palette(), qapp.font(), qapp.styleSheet())
    source = ThemeSource(qapp)
    hints = qapp.styleHints()
    try:
        with qtbot.waitSignal(source.changed):
            # The offscreen platform has one scheme only: the signal is all it can give.
            hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
        source.choose("light")
        with qtbot.assertNotEmitted(source.changed):
            hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    finally:
        hints.colorSchemeChanged.disconnect(source._system_changed)
        source.deleteLater()
        qapp.setStyleSheet(before[2])
        qapp.setPalette(before[0])
        qapp.setFont(before[1])


def test_contrast_and_motion_are_the_systems_until_somebody_chooses(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    from himsog_desktop.ui.theme import system

    before = (qapp.palette(), qapp.font(), qapp.styleSheet())
    monkeypatch.setattr(system, "system_contrast", lambda: True)
    monkeypatch.setattr(system, "reduced_motion", lambda: True)
    monkeypatch.delenv("HIMSOG_REDUCED_MOTION", raising=False)
    source = ThemeSource(qapp, quick=True, follow=False)
    try:
        assert (source.theme.high, source.theme.reduced_motion) == (False, False)  # not asked before the first paint
        source.settle()
        assert (source.theme.high, source.theme.reduced_motion) == (True, True)
        source.choose("dark", contrast=False, still=False)
        assert (source.theme.high, source.theme.reduced_motion) == (False, False)
        source.choose("dark", contrast=True, still=True)
        assert (source.theme.high, source.theme.reduced_motion) == (True, True)
        assert source.theme.tokens is DARK_HIGH
    finally:
        source.deleteLater()
        qapp.setStyleSheet(before[2])
        qapp.setPalette(before[0])
        qapp.setFont(before[1])


def test_an_unchanged_system_is_scale_one() -> None:
    assert usual_points("win32") == 9.0
    assert usual_points("darwin") == 13.0
    assert usual_points("linux", "ubuntu:GNOME") == 11.0
    assert usual_points("linux", "") == 9.0
