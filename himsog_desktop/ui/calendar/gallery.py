"""Renders the states of the day to pictures, to be looked at: ``python -m …calendar.gallery OUT_DIR``.

Off screen, without services or data: what is seen is the widget alone, on invented days.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from himsog_desktop.domain.day import DayPage
from himsog_desktop.domain.time import Micros, zone
from himsog_desktop.ui.calendar import samples

_NOW_MINUTES = 10 * 60 + 42


def _now() -> Micros:
    return zone(samples.TIMEZONE).instant(samples.DAY, _NOW_MINUTES)


def render(folder: Path, only: str = "") -> Iterator[Path]:
    """Render every state into a folder; ``only`` names a part of a state's name."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QPointF, QSize, Qt
    from PySide6.QtGui import QColor, QImage
    from PySide6.QtWidgets import QApplication

    from himsog_desktop.ui.calendar.day_view import DayView
    from himsog_desktop.ui.calendar.gestures import Gesture
    from himsog_desktop.ui.calendar.layout import DayLayout
    from himsog_desktop.ui.theme.palette import palette, style_sheet
    from himsog_desktop.ui.theme.theme import make_theme

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    app.setStyle("Fusion")
    folder.mkdir(parents=True, exist_ok=True)

    def busy(view: DayView) -> None:
        view.set_page(samples.full_day(6))

    def laid_out(view: DayView) -> DayLayout:
        assert view.scene.layout is not None
        return view.scene.layout

    def drag(view: DayView, why: list[str]) -> None:
        view.set_page(samples.full_day(6))
        view.why_not = lambda *_: why
        layout = laid_out(view)
        tile = next(t for t in layout.page.tiles if t.status == "PENDING")
        column = layout.numbers[tile.provider_id]
        y = layout.time.y(tile.start)
        gesture = Gesture("move", tile, column, layout.columns.left(column) + 5, y + 4, layout)
        view.hand.start(gesture)
        to = 3 if column != 3 else 4
        gesture.travel(layout.columns.left(to) + 5, layout.time.y(_now()) + 200, layout)
        view.hand.moved(None)

    def hover(view: DayView) -> None:
        view.set_page(samples.full_day(6))
        tile = next(t for t in laid_out(view).page.tiles if t.note and t.visit)
        view.go_to(tile.id)
        view.pointer.show_card_at_cursor()

    def reasons(view: DayView) -> None:
        view.set_page(samples.full_day(6))
        view.explain = lambda *_: [
            "Booked: 11:00–11:30 is taken.",
            "Break: Lunch, 12:00–13:00.",
            "Outside Dr Lim's hours (08:00–17:00) on Fridays; the day before is open.",
        ]
        layout = laid_out(view)
        assert view.scene.stops is not None
        view.move_cursor(view.scene.stops.at(1, zone(samples.TIMEZONE).instant(samples.DAY, 12 * 60)))
        view.pointer.show_card_at_cursor()
        assert layout is view.scene.layout

    def chosen(view: DayView) -> None:
        view.set_page(samples.full_day(6), glow=[t.id for t in samples.full_day(6).tiles if t.visit][:2])
        ids = [t.id for t in laid_out(view).page.tiles if t.start > _now()][:5]
        view.set_selection(ids)
        view.go_to(ids[1])

    def stretched(view: DayView) -> None:
        view.set_page(samples.empty_day(6))
        assert view.scene.stops is not None
        stops = view.scene.stops
        first = stops.at(2, zone(samples.TIMEZONE).instant(samples.DAY, 9 * 60))
        view.move_cursor(first)
        view.move_cursor(stops.along(first, 2), extend=True)

    def failed(view: DayView) -> None:
        view.set_error("The file of this clinic is in use by another program.\nNothing was lost.")

    def waiting(view: DayView) -> None:
        view.set_page(samples.full_day(6))
        view._show_skeleton()

    def zoomed(minutes: int) -> Callable[[DayView], None]:
        def apply(view: DayView) -> None:
            view.set_page(samples.full_day(6))
            view.set_zoom(minutes)

        return apply

    def twelve_hours(view: DayView) -> None:
        view.set_hour12(True)
        view.set_page(samples.full_day(6))

    def private(view: DayView) -> None:
        view.set_privacy(True)
        view.set_page(samples.full_day(6))

    def right_to_left(view: DayView) -> None:
        view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        view.set_page(samples.full_day(6))

    def page(made: DayPage, minutes: int = 30) -> Callable[[DayView], None]:
        def apply(view: DayView) -> None:
            view.zoom = minutes
            view.set_page(made)

        return apply

    small, wide, large = (1166, 640), (1544, 860), (1720, 940)
    scenes: list[tuple[str, tuple[int, int], Callable[[DayView], None], float]] = [
        ("busy-6", small, busy, 1.0),
        ("busy-12", small, page(samples.full_day(12)), 1.0),
        ("busy-12-wide", wide, page(samples.full_day(12)), 1.0),
        ("busy-1", small, page(samples.full_day(1)), 1.0),
        ("states", large, page(samples.states_day()), 1.0),
        ("states-close", large, page(samples.states_day(), 15), 1.0),
        ("crowded", small, page(samples.crowded_day()), 1.0),
        ("drag-free", small, lambda view: drag(view, []), 1.0),
        (
            "drag-refused",
            small,
            lambda view: drag(view, ["Booked: Lumibao, Ana 13:30–14:00", "Outside Dr Aquino's hours"]),
            1.0,
        ),
        ("hover", small, hover, 1.0),
        ("hover-reasons", small, reasons, 1.0),
        ("chosen", small, chosen, 1.0),
        ("stretched", small, stretched, 1.0),
        ("empty", small, page(samples.empty_day(6)), 1.0),
        ("loading", small, waiting, 1.0),
        ("error", small, failed, 1.0),
        ("zoom-5", small, zoomed(5), 1.0),
        ("zoom-15", small, zoomed(15), 1.0),
        ("zoom-60", small, zoomed(60), 1.0),
        ("hour12", small, twelve_hours, 1.0),
        ("private", small, private, 1.0),
        ("rtl", small, right_to_left, 1.0),
        ("text-150", small, busy, 1.5),
        ("text-200", small, busy, 2.0),
    ]
    for name, (width, height), prepare, scale in scenes:
        if only not in name:
            continue
        for scheme in ("light", "dark"):
            theme = make_theme(scheme, scale)
            app.setPalette(palette(theme))
            app.setFont(theme.body.font)
            app.setStyleSheet(style_sheet(theme))
            for ratio in (1, 2):
                view = DayView(theme)
                view.now = _now
                view.resize(QSize(width, height))
                view.show()
                view.activateWindow()
                view.setFocus(Qt.FocusReason.TabFocusReason)
                app.processEvents()
                prepare(view)
                app.processEvents()
                image = QImage(width * ratio, height * ratio, QImage.Format.Format_RGB32)
                image.setDevicePixelRatio(ratio)
                image.fill(QColor(theme.tokens.canvas))
                view.render(image, QPointF(0, 0).toPoint())
                path = folder / f"{name}-{scheme}@{ratio}x.png"
                image.save(str(path))
                yield path
                view.hide()
                view.deleteLater()
                app.processEvents()


def main(arguments: list[str]) -> int:
    """Render into the folder that is named; a second word picks states by a part of their name."""
    if not arguments:
        sys.stderr.write("name a folder for the pictures\n")
        return 2
    for path in render(Path(arguments[0]), arguments[1] if len(arguments) > 1 else ""):
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
