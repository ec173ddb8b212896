from __future__ import annotations

import pytest

from himsog_desktop.ui.theme.high import DARK_HIGH, LIGHT_HIGH
from himsog_desktop.ui.theme.metrics import metrics, scale_of
from himsog_desktop.ui.theme.tokens import DARK, LIGHT, STYLES, Tokens, contrast

SURFACES = ("canvas", "surface", "raised", "hover", "selected")
ALL = (LIGHT, DARK, LIGHT_HIGH, DARK_HIGH)
BOTH = pytest.mark.parametrize("tokens", ALL, ids=["light", "dark", "light high", "dark high"])
HIGH = pytest.mark.parametrize("tokens", [LIGHT_HIGH, DARK_HIGH], ids=["light", "dark"])


def test_contrast_is_that_of_the_rule() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#336699", "#336699") == 1.0


@BOTH
@pytest.mark.parametrize("ink", ["text", "muted", "danger"])
@pytest.mark.parametrize("surface", SURFACES)
def test_text_is_readable_on_every_surface(tokens: Tokens, ink: str, surface: str) -> None:
    assert contrast(getattr(tokens, ink), getattr(tokens, surface)) >= 4.5


@BOTH
def test_text_on_colour_is_readable(tokens: Tokens) -> None:
    for ink, ground in (
        (tokens.on_accent, tokens.accent),
        (tokens.on_danger, tokens.danger),
        (tokens.on_now, tokens.now),
        (tokens.danger, tokens.danger_tint),
        (tokens.accent, tokens.surface),
        (tokens.accent, tokens.canvas),
    ):
        assert contrast(ink, ground) >= 4.5, (ink, ground)


@BOTH
@pytest.mark.parametrize("style", STYLES)
def test_a_tile_is_readable(tokens: Tokens, style: str) -> None:
    status = tokens.status(style)
    assert contrast(status.text, status.tint) >= 4.5
    # Times beside the tile and words in the hover card use the same ink.
    assert contrast(status.text, tokens.surface) >= 4.5
    assert contrast(status.text, tokens.canvas) >= 4.5


@BOTH
@pytest.mark.parametrize("style", STYLES)
def test_a_bar_stands_out(tokens: Tokens, style: str) -> None:
    status = tokens.status(style)
    for ground in (tokens.surface, tokens.canvas, tokens.raised):
        assert contrast(status.bar, ground) >= 3.0, ground


@BOTH
def test_marks_stand_out_where_they_are_drawn(tokens: Tokens) -> None:
    for ground in (tokens.surface, tokens.canvas):
        assert contrast(tokens.now, ground) >= 3.0
        assert contrast(tokens.accent, ground) >= 3.0
    for style in STYLES:
        tint = tokens.status(style).tint
        assert contrast(tokens.now, tint) >= 3.0, style
        assert contrast(tokens.accent, tint) >= 3.0, style


@HIGH
def test_high_contrast_is_seven_to_one_for_text_and_more_than_usual_for_the_rest(tokens: Tokens) -> None:
    for ink in (tokens.text, tokens.muted, tokens.danger):
        for surface in SURFACES:
            assert contrast(ink, getattr(tokens, surface)) >= 7, (ink, surface)
    pairs = [
        (tokens.on_accent, tokens.accent),
        (tokens.on_danger, tokens.danger),
        (tokens.on_now, tokens.now),
        (tokens.danger, tokens.danger_tint),
        (tokens.accent, tokens.surface),
    ]
    for style in STYLES:
        status = tokens.status(style)
        pairs += [(status.text, ground) for ground in (status.tint, tokens.surface, tokens.canvas)]
    for ink, ground in pairs:
        assert contrast(ink, ground) >= 7, (ink, ground)
    lines = [tokens.line, tokens.now, tokens.accent, *(tokens.status(style).bar for style in STYLES)]
    grounds = [tokens.surface, tokens.canvas, tokens.raised]
    for line in lines:
        assert all(contrast(line, ground) >= 4.5 for ground in grounds), line


def test_high_contrast_has_thicker_lines_and_rings_and_the_same_room() -> None:
    usual, high = metrics(1.5), metrics(1.5, high=True)
    assert high.line > usual.line
    assert high.ring > usual.ring
    assert high._replace(line=usual.line, ring=usual.ring) == usual


def test_every_colour_is_six_digits() -> None:
    for tokens in ALL:
        flat = [v for v in tokens[1:] if isinstance(v, str)]
        flat += [colour for style in STYLES for colour in tokens.status(style)]
        assert all(len(c) == 7 and c[0] == "#" and int(c[1:], 16) >= 0 for c in flat)


def test_type_grows_with_the_scale_and_spaces_stay() -> None:
    one, two = metrics(1.0), metrics(2.0)
    assert (one.body, one.small, one.section, one.title) == (13, 12, 15, 20)
    assert (two.body, two.small, two.section, two.title) == (26, 24, 30, 40)
    assert (two.xs, two.s, two.m, two.l, two.xl, two.radius, two.line) == (4, 8, 12, 16, 24, 6, 1)
    assert metrics(9.0) == two
    assert metrics(0.1).scale == 0.85


@pytest.mark.parametrize(
    ("points", "usual", "dpi", "usual_dpi", "scale"),
    [
        (9.0, 9.0, 96.0, 96.0, 1.0),
        (11.0, 11.0, 96.0, 96.0, 1.0),
        (13.75, 11.0, 96.0, 96.0, 1.25),
        (9.0, 9.0, 192.0, 96.0, 2.0),
        (13.0, 13.0, 72.0, 72.0, 1.0),
        (90.0, 9.0, 96.0, 96.0, 2.0),
        (-1.0, 9.0, 96.0, 96.0, 1.0),
        (9.0, 9.0, 0.0, 96.0, 1.0),
    ],
)
def test_the_scale_follows_the_system(points: float, usual: float, dpi: float, usual_dpi: float, scale: float) -> None:
    assert scale_of(points, usual, dpi, usual_dpi) == scale
