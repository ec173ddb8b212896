from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QRegion
from PySide6.QtWidgets import QApplication

from himsog_desktop.domain.day import SYNC_PENDING, SYNC_REFUSED, Span
from himsog_desktop.domain.time import zone
from himsog_desktop.ui.calendar.day_paint import paint_day
from himsog_desktop.ui.calendar.gestures import Gesture
from himsog_desktop.ui.calendar.labels import Clock
from himsog_desktop.ui.calendar.paint_grid import elided
from himsog_desktop.ui.calendar.paint_tile import Face, TilePainter
from himsog_desktop.ui.theme.theme import Theme, make_theme
from tests.support.days import MANILA, at, column, page, tile
from tests.ui.calendar.conftest import Bench

STATES = ("PENDING", "CONFIRMED", "COMPLETED", "CANCELLED", "NO_SHOW")


def painter_of(theme: Theme, *, privacy: bool = False) -> TilePainter:
    return TilePainter(theme, Clock(zone(MANILA)), privacy=privacy)


def lay_out(painter: TilePainter, width: int, height: int, **changes: object) -> Face:
    made = tile("a", 9)._replace(**changes)  # type: ignore[arg-type]
    return painter._lay_out(made, width, height, "12 min" if made.visit else "")


def words(face: Face) -> list[str]:
    return [text.text.text() for text in face.texts]


@pytest.fixture(scope="session")
def themes(qapp: QApplication) -> dict[float, Theme]:
    return {scale: make_theme("light", scale) for scale in (0.85, 1.0, 1.5, 2.0)}


@settings(max_examples=150)
@given(
    width=st.integers(1, 400),
    height=st.integers(1, 300),
    scale=st.sampled_from([0.85, 1.0, 1.5, 2.0]),
    status=st.sampled_from(STATES),
    flags=st.integers(0, 63),
    visit=st.none() | st.sampled_from(["arrived", "in_room", "with_provider"]),
    name=st.sampled_from(["Yap, A", "Dimaculangan-Macaraeg, Maria Corazon Benigna", "Ñ", "Reyes, Ana"]),
    note=st.none() | st.just("A long note about this person that goes on and on"),
)
def test_no_line_is_ever_cut(
    themes: dict[float, Theme],
    width: int,
    height: int,
    scale: float,
    status: str,
    flags: int,
    visit: str | None,
    name: str,
    note: str | None,
) -> None:
    painter = painter_of(themes[scale])
    face = lay_out(painter, width, height, name=name, status=status, flags=flags, visit=visit, note=note)
    lines = []
    for text in face.texts:
        baseline = text.y + text.style.ascent
        top, bottom = baseline - text.style.ink_ascent, baseline - text.style.ink_ascent + text.style.ink
        assert top >= -1
        assert bottom <= height + 1
        assert text.x >= 0
        assert text.x + text.style.metrics.horizontalAdvance(text.text.text()) <= width + 1
        lines.append((baseline, text.x))
    for sign in face.signs:
        side = sign.pixmap.width()
        assert sign.x >= 0
        assert sign.x + side <= width
        assert sign.y >= 0
        assert sign.y + side <= height
    if len(face.texts) > 1 and lines[0][0] != lines[1][0]:
        assert all(b[0] - a[0] >= painter.theme.small.ink - 1 for a, b in pairwise(lines))


@pytest.mark.parametrize(
    ("height", "wanted"),
    [
        (8, []),
        (11, []),
        (13, ["Reyes, Ana"]),
        (23, ["Reyes, Ana"]),
        (28, ["Reyes, Ana", "Check-up"]),
        (35, ["Reyes, Ana", "Check-up · 09:00"]),
        (53, ["Reyes, Ana", "Check-up · 09:00", "0917 555 0001"]),
        (71, ["Reyes, Ana", "Check-up · 09:00", "0917 555 0001", "Fasting"]),
        (300, ["Reyes, Ana", "Check-up · 09:00", "0917 555 0001", "Fasting"]),
    ],
)
def test_text_as_the_height_allows(theme: Theme, height: int, wanted: list[str]) -> None:
    assert words(lay_out(painter_of(theme), 220, height, note="Fasting")) == wanted


def test_names_are_shortened_by_sense(theme: Theme) -> None:
    painter = painter_of(theme)

    def shown(width: int) -> str:
        face = lay_out(painter, width, 16, name="Bautista, Benigno")
        return words(face)[0] if face.texts else ""

    assert shown(240) == "Bautista, Benigno"
    assert shown(105) == "Bautista, B."
    assert shown(88) == "Bautista"
    assert shown(54).endswith("…")


def test_half_a_phone_number_is_no_number(theme: Theme) -> None:
    assert words(lay_out(painter_of(theme), 100, 90, note=None)) == ["Reyes, Ana", "Check-up"]


def test_markup_in_data_is_shown_as_it_is(theme: Theme) -> None:
    name = "<b>Reyes</b>, <img src=x>&amp;"
    face = lay_out(painter_of(theme), 400, 60, name=name, services="<i>x</i>", note="<h1>n</h1>")
    assert words(face)[0] == name
    assert words(face)[1].startswith("<i>x</i>")
    assert all(text.text.textFormat() == Qt.TextFormat.PlainText for text in face.texts)


def test_line_breaks_and_controls_become_spaces(theme: Theme) -> None:
    face = lay_out(painter_of(theme), 400, 60, name="Reyes,\r\n\tAna\x00 \u202eevil")
    assert words(face)[0] == "Reyes, Ana evil"


def test_privacy_shows_initials_and_neither_phone_nor_note(theme: Theme) -> None:
    face = lay_out(painter_of(theme, privacy=True), 300, 200, note="secret", name="Dela Cruz, Ana")
    assert words(face) == ["D. C. A.", "Check-up · 09:00"]


@pytest.mark.parametrize("status", STATES)
def test_every_state_has_its_own_icon(theme: Theme, status: str) -> None:
    signs = [sign.name for sign in lay_out(painter_of(theme), 220, 40, status=status).signs]
    assert signs == [
        {
            "PENDING": "hourglass",
            "CONFIRMED": "tick",
            "COMPLETED": "double-tick",
            "CANCELLED": "cross",
            "NO_SHOW": "person-crossed",
        }[status]
    ]


@pytest.mark.parametrize(
    ("visit", "icon"), [("arrived", "door"), ("in_room", "chair"), ("with_provider", "person"), ("checked_out", "exit")]
)
def test_a_visit_shows_where_the_patient_is_and_for_how_long(theme: Theme, visit: str, icon: str) -> None:
    face = lay_out(painter_of(theme), 260, 40, visit=visit)
    assert [sign.name for sign in face.signs] == [icon]
    assert words(face)[1].startswith("12 min · ")


def test_cancelled_names_are_struck_through(theme: Theme) -> None:
    assert lay_out(painter_of(theme), 220, 22, status="CANCELLED").struck is not None
    assert lay_out(painter_of(theme), 220, 22).struck is None


def test_signs_of_sync_are_drawn(theme: Theme) -> None:
    plain = lay_out(painter_of(theme), 260, 40)
    pending = lay_out(painter_of(theme), 260, 40, flags=SYNC_PENDING)
    refused = lay_out(painter_of(theme), 260, 40, flags=SYNC_REFUSED)
    assert [s.name for s in plain.signs] == ["tick"]
    assert "cloud" in [s.name for s in pending.signs]
    assert "bang" in [s.name for s in refused.signs]


def test_a_word_that_does_not_fit_is_cut_with_an_ellipsis_or_left_out(theme: Theme) -> None:
    style = theme.body
    assert elided("Reyes", style, 500) == "Reyes"
    cut = elided("Dimaculangan", style, 60)
    assert cut.endswith("…")
    assert style.metrics.horizontalAdvance(cut) <= 60
    assert elided("Dimaculangan", style, 3) == ""


# ------------------------------------------------------------------------------- on the picture


def picture(bench: Bench, region: QRegion | None = None, onto: QImage | None = None, ratio: float = 1.0) -> QImage:
    size: QSize = bench.view.viewport().size()
    image = QImage(onto) if onto is not None else QImage(size * ratio, QImage.Format.Format_RGB32)
    if onto is None:
        image.setDevicePixelRatio(ratio)
        image.fill(QColor("#ff00ff"))
    painter = QPainter(image)
    if region is not None:
        painter.setClipRegion(region)
    paint_day(bench.view, painter, region or QRegion(QRect(QPoint(0, 0), size)))
    painter.end()
    return image


def test_every_pixel_is_painted_in_colours_of_the_theme(bench: Bench) -> None:
    lunch = Span(at(12), at(13), "break", "Lunch")
    bench.show(page(tile("a", 9), columns=(column(0, 8, 17, spans=(lunch,)), column(1, 0, 0))))
    image = picture(bench)
    t = bench.view.theme
    box = bench.layout.by_id["a"]
    _, y = bench.view.offset()
    left = bench.layout.columns.left(0)

    def colour(x: int, instant: int, dy: int = 8) -> QColor:
        return image.pixelColor(x, round(bench.layout.time.y(instant)) + dy - y)

    assert image.pixelColor(box.x + 1, box.y + 15 - y) == t.statuses["confirmed"].bar
    assert image.pixelColor(box.right - 30, box.bottom - 3 - y) == t.statuses["confirmed"].tint
    assert colour(left + 40, at(14)) == t.surface
    assert colour(left + 90, at(12), 20) == t.canvas
    assert image.pixelColor(left + 90, round(bench.layout.time.y(at(10.7))) - y) == t.now
    closed = {colour(bench.layout.columns.left(1) + 20 + dx, at(9)).name() for dx in range(16)}
    assert t.tokens.canvas.lower() in closed
    assert len(closed) > 1, "closed hours are hatched"
    assert not any(
        image.pixelColor(x, yy).name() == "#ff00ff"
        for x in range(0, image.width(), 7)
        for yy in range(0, image.height(), 5)
    )


def test_dark_is_painted_in_dark_colours(bench: Bench) -> None:
    dark = make_theme("dark")
    bench.view.set_theme(dark)
    bench.show(page(tile("a", 9)))
    image = picture(bench)
    box = bench.layout.by_id["a"]
    _, y = bench.view.offset()
    assert image.pixelColor(box.right - 30, box.bottom - 3 - y) == dark.statuses["confirmed"].tint


@pytest.mark.parametrize("dragging", [False, True])
def test_painting_a_part_again_changes_nothing(bench: Bench, dragging: bool) -> None:
    tiles = [tile(f"t{n}", 8 + n / 3, 40, f"p{n % 3}", STATES[n % 5], flags=n) for n in range(24)]
    bench.show(page(*tiles, tile("long", 9, 200, "p1"), tile("gone", 9.2, 60, "p1", "CANCELLED")))
    view = bench.view
    view.go_to("t4")
    view.set_selection(["t1", "t2"])
    if dragging:
        moved = next(t for t in view.page.tiles if t.status == "CONFIRMED")  # type: ignore[union-attr]
        number = bench.layout.numbers[moved.provider_id]
        gesture = Gesture("move", moved, number, 5, bench.layout.time.y(moved.start), bench.layout)
        gesture.travel(400, bench.layout.time.y(at(11)), bench.layout)
        view.hand.start(gesture)
    whole = picture(bench)
    for rect in (QRect(95, 33, 140, 61), QRect(0, 200, 500, 33), QRect(310, 120, 77, 300), QRect(1, 1, 3, 3)):
        again = picture(bench, QRegion(rect), whole)
        assert again == whole, rect


@pytest.mark.parametrize("ratio", [1.25, 1.5, 2.0])
def test_it_is_painted_sharply_at_other_pixel_ratios(bench: Bench, ratio: float) -> None:
    bench.show(page(tile("a", 9)))
    picture(bench, ratio=ratio)
    assert bench.view.ratio == ratio
    assert all(p.devicePixelRatio() == ratio for p in bench.view.scene.tiles._grounds.values())


def test_a_tile_painted_twice_is_laid_out_once(bench: Bench) -> None:
    bench.show(page(tile("a", 9)))
    picture(bench)
    ((key, known),) = bench.view.scene.tiles._faces.items()
    picture(bench)
    assert bench.view.scene.tiles._faces[key] is known
    bench.view.set_page(page(tile("a", 9)))  # read again, says the same
    picture(bench)
    assert bench.view.scene.tiles._faces[key] is known
    bench.view.set_page(page(tile("a", 9, name="Abad, Liza")))
    picture(bench)
    assert bench.view.scene.tiles._faces[key] is not known


def test_what_was_laid_out_is_forgotten_once_it_is_much(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.show(page(tile("a", 9)))
    picture(bench)
    bench.view.set_page(page(tile("b", 9)))
    assert any(key[0] == "a" for key in bench.view.scene.tiles._faces)
    monkeypatch.setattr("himsog_desktop.ui.calendar.paint_tile.MOST_FACES", 0)
    bench.view.set_page(page(tile("c", 9)))
    assert not bench.view.scene.tiles._faces
