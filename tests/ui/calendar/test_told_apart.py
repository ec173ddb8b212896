"""Statuses are told apart without their colours: by people who see fewer, in grey, and on paper.

Two proofs for the day's tiles. With every state given the same colours, what still differs is shape alone. And in
the real colours, seen through each kind of eyes, what stands out from a tile's ground differs from state to state.
"""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from himsog_desktop.domain.appointment import Status, VisitState
from himsog_desktop.domain.marks import MARK_OF
from himsog_desktop.domain.time import zone
from himsog_desktop.services.printing import faces
from himsog_desktop.ui.calendar.bars import WIDEST, pieces
from himsog_desktop.ui.calendar.labels import Clock, style_of
from himsog_desktop.ui.calendar.layout import Box
from himsog_desktop.ui.calendar.paint_tile import TilePainter
from himsog_desktop.ui.paper.draw import SheetPainter
from himsog_desktop.ui.theme.high import DARK_HIGH, LIGHT_HIGH
from himsog_desktop.ui.theme.metrics import metrics
from himsog_desktop.ui.theme.sight import SIGHTS, repaint, seen, seer
from himsog_desktop.ui.theme.theme import Theme
from himsog_desktop.ui.theme.tokens import DARK, LIGHT, STYLES, Tokens, contrast
from tests.interchange import papers
from tests.support.days import MANILA, tile

SCHEMES = {"light": LIGHT, "dark": DARK, "light high": LIGHT_HIGH, "dark high": DARK_HIGH}
STATES: dict[str, tuple[str, str | None]] = {
    **{status.value: (status.value, None) for status in Status},
    **{visit.value: ("CONFIRMED", visit.value) for visit in VisitState},
}
"""Every state, and the states of the visit: status, visit."""
SIZES = {
    "four lines": (180, 76),
    "two lines": (140, 40),
    "one line": (120, 24),
    "low": (120, 15),
    "narrow": (48, 40),
    "one of four in a week": (30, 40),
    "a bar lying": (120, 9),
    "the least that lies": (40, 4),
    "a sliver": (8, 40),
}
LEAST = 6
"""Pixels that must differ."""
FROM_GROUND = 2.0
"""Contrast from which a pixel counts as ink."""


def drawn(theme: Theme, state: str, size: tuple[int, int]) -> QImage:
    status, visit = STATES[state]
    width, height = size
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(theme.surface)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    made = tile("a", 9, status=status, visit=visit)
    tiles = TilePainter(theme, Clock(zone(MANILA)))
    tiles.paint(painter, Box(0, 0, width, height, 0, 0, width < 12), made, 0)
    painter.end()
    return image


def pixels(image: QImage) -> memoryview:
    return memoryview(bytes(image.constBits())).cast("I")  # a copy: the image goes


def theme_of(tokens: Tokens, scale: float = 1.0) -> Theme:
    return Theme(tokens, metrics(scale))


def without_colours(tokens: Tokens) -> Tokens:
    return tokens._replace(**dict.fromkeys(STYLES, tokens.confirmed))  # type: ignore[arg-type]


def style(state: str) -> str:
    status, visit = STATES[state]
    return style_of(tile("a", 9, status=status, visit=visit))


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_shape_alone_tells_every_state_at_every_size(qapp: QApplication, size: tuple[int, int], scale: float) -> None:
    theme = theme_of(without_colours(LIGHT), scale)
    images = {state: pixels(drawn(theme, state, size)) for state in STATES}
    eye = seer("greyscale")
    with_icons = size[0] >= 140 and size[1] >= 40 and scale == 1.0
    for one, other in combinations(STATES, 2):
        differ = sum(
            a != b and max(eye(a), eye(b)) + 0.05 >= FROM_GROUND * (min(eye(a), eye(b)) + 0.05)
            for a, b in zip(images[one], images[other], strict=True)
        )
        # Without room for an icon the steps of the visit look alike, and have one colour: nothing is told by it.
        if style(one) != style(other) or with_icons:
            assert differ >= LEAST, (one, other, differ)


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_every_pair_of_eyes_sees_what_differs(qapp: QApplication, sight: str, name: str) -> None:
    tokens = SCHEMES[name]
    theme, eye = theme_of(tokens), seer(sight)
    for size in ("two lines", "one line", "one of four in a week", "a bar lying"):
        inks: dict[str, list[bool]] = {}
        for state in STATES:
            ground = eye(int(tokens.status(style(state)).tint[1:], 16)) + 0.05
            image = pixels(drawn(theme, state, SIZES[size]))
            inks[state] = [max(eye(p) + 0.05, ground) >= FROM_GROUND * min(eye(p) + 0.05, ground) for p in image]
        for one, other in combinations(STATES, 2):
            differ = sum(a != b for a, b in zip(inks[one], inks[other], strict=True))
            if style(one) != style(other) or size == "two lines":
                assert differ >= LEAST, (size, one, other, differ)


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_text_stays_readable_and_bars_stay_seen(sight: str, name: str) -> None:
    tokens = SCHEMES[name]

    def ratio(ink: str, ground: str) -> float:
        return contrast(seen(sight, ink), seen(sight, ground))

    surfaces = [tokens.canvas, tokens.surface, tokens.raised]
    for each in STYLES:
        status = tokens.status(each)
        assert all(ratio(status.text, ground) >= 4.5 for ground in (status.tint, *surfaces)), each
        assert all(ratio(status.bar, ground) >= 3.0 for ground in (status.tint, *surfaces)), each
    for ink in (tokens.text, tokens.muted, tokens.danger):
        assert all(ratio(ink, ground) >= 4.5 for ground in (*surfaces, tokens.hover, tokens.selected)), ink
    pairs = (
        (tokens.on_accent, tokens.accent),
        (tokens.on_danger, tokens.danger),
        (tokens.on_now, tokens.now),
        (tokens.danger, tokens.danger_tint),
        (tokens.accent, tokens.surface),
        (tokens.accent, tokens.canvas),
    )
    assert all(ratio(ink, ground) >= 4.5 for ink, ground in pairs)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("length", [1, 4, 9, 12, 13, 40, 400])
@pytest.mark.parametrize("width", [1, 3, WIDEST])
def test_a_bar_stays_inside_and_is_never_nothing(style: str, length: int, width: int) -> None:
    found = pieces(style, length, width)
    assert found
    for piece in found:
        assert piece.start >= 0
        assert piece.length > 0
        assert piece.width > 0
        assert piece.start + piece.length <= length
        assert piece.across + piece.width <= width


# ------------------------------------------------------------------------------------------ on paper


def printed(status: str, visit: str | None, hide: bool) -> QImage:
    """The tile of one appointment on the sheet of all providers, 300 dots an inch, and nothing around it."""
    one = papers.row("a", 10, 30, status=status, visit=visit)
    page = papers.sheet_of(papers.day(papers.column("p", "Dr P", [one])), hide_names=hide).pages[0]
    marked = [item for item in page.items if getattr(item, "name", "") == one.mark]
    scale = 300 / 72
    image = QImage(round(page.width * scale), round(page.height * scale), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    SheetPainter(faces()).paint(painter, page, scale)
    painter.end()
    y = marked[0].y
    return image.copy(0, round((y - 10) * scale), image.width(), round(30 * scale))


@pytest.mark.parametrize("hide", [False, True], ids=["names", "initials"])
def test_the_sheet_tells_every_state_in_black_and_white(qapp: QApplication, hide: bool) -> None:
    """After the hardest that a printer can do: black or white, nothing between."""
    coming = {key: value for key, value in STATES.items() if key not in ("CANCELLED", "NO_SHOW")}
    black = {}
    for state, (status, visit) in coming.items():
        image = printed(status, visit, hide)
        black[state] = [(pixel & 0xFF) < 0x80 for pixel in pixels(image)]
    for one, other in combinations(coming, 2):
        assert sum(a != b for a, b in zip(black[one], black[other], strict=True)) >= 60, (one, other)


def test_the_marks_of_all_states_are_drawings_of_their_own() -> None:
    assert len(set(MARK_OF.values())) == len(STATES)
    assert set(MARK_OF) == set(STATES)


def test_all_text_on_paper_is_readable_in_grey() -> None:
    from himsog_desktop.domain.paper import Block, Words

    def hexed(value: float) -> str:
        return "#" + f"{round(value * 255):02X}" * 3

    for name, make in papers.DOCUMENTS.items():
        for page in make().pages:
            blocks = [item for item in page.items if isinstance(item, Block) and item.fill is not None]
            for item in page.items:
                if isinstance(item, Words):
                    x, y = item.x + 1, item.y - item.size / 3
                    under = [b for b in blocks if b.x <= x < b.x + b.width and b.y <= y < b.y + b.height]
                    ground = under[-1].fill if under else 1.0
                    assert ground is not None
                    assert contrast(hexed(item.grey), hexed(ground)) >= 4.5, (name, item, ground)


def test_a_picture_is_repainted_colour_by_colour() -> None:
    from array import array

    pixels = array("I", [0xFFFF0000, 0xFF00FF00, 0xFFFFFFFF, 0xFF000000]).tobytes()
    assert repaint(pixels, "usual") == pixels
    grey = array("I", repaint(pixels, "greyscale"))
    assert all(p & 0xFF == p >> 8 & 0xFF == p >> 16 & 0xFF for p in grey)
    assert grey[2:] == array("I", [0xFFFFFFFF, 0xFF000000])
    assert grey[0] < grey[1]
    red, green = array("I", repaint(pixels, "deuteranopia"))[:2]
    assert red & 0xFF < 0x20
    assert green >> 16 & 0xFF > 0xC0  # green looks yellow
    assert [seen(sight, "#808080") for sight in SIGHTS] == ["#808080"] * len(SIGHTS)
