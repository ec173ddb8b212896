"""Pages beside the one in view, made ready while nobody waits: laid out, their texts set.

A little at a time, between two turns of the window's loop: what is under way is never held up.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from himsog_desktop.ui.calendar.layout import DayLayout

if TYPE_CHECKING:
    from himsog_desktop.domain.day import DayPage
    from himsog_desktop.ui.calendar.day_view import DayView

TURN_S = 0.003
"""How long one turn works."""
PAUSE_MS = 8
"""Between two turns: what a person does comes first."""
KEPT = 3
"""Layouts that are kept: the one in view, and those beside it."""

Shape = tuple[object, ...]
"""All that a layout depends on beside its page."""


class Ahead:
    """Layouts of one view, by page."""

    def __init__(self, view: DayView) -> None:
        self._view = view
        self._kept: list[tuple[Shape, DayLayout]] = []
        self._wanted: list[DayPage] = []
        self._work: Iterator[None] | None = None
        self._timer = QTimer(view)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._turn)

    def want(self, page: DayPage) -> None:
        """Make a page ready when there is time."""
        self._wanted = [page, *(known for known in self._wanted if known.day != page.day)][:2]
        if self._view.isVisible():
            self._timer.start()

    def layout(self, page: DayPage, shape: Shape) -> DayLayout | None:
        """The layout of a page, if it was made ready for that shape."""
        found = next((kept for kept in self._kept if kept[1].page is page and kept[0] == shape), None)
        if found is None:
            return None
        self._kept.remove(found)
        self._kept.insert(0, found)
        return found[1]

    def keep(self, layout: DayLayout, shape: Shape) -> None:
        """Remember a layout: going back needs no other."""
        self._kept = [(shape, layout), *(k for k in self._kept if k[1].page.day != layout.page.day)][:KEPT]

    def ids(self) -> set[str]:
        """The appointments of all pages that are kept."""
        return {tile.id for _, layout in self._kept for tile in layout.page.tiles}

    def rest(self) -> None:
        """The view is hidden, or looks otherwise: nothing is under way any more."""
        self._timer.stop()
        self._work = None

    def _turn(self) -> None:
        if self._work is None:
            if not self._wanted:
                return
            self._work = self._prepare(self._wanted.pop(0))
        until = time.perf_counter() + TURN_S
        for _ in self._work:
            if time.perf_counter() > until:
                break
        else:
            self._work = None
        if self._work is not None or self._wanted:
            self._timer.start()

    def _prepare(self, page: DayPage) -> Iterator[None]:
        view = self._view
        yield
        layout = view.lay_out(page)
        yield
        top, tiles, now = view.opening(layout), view.scene.tiles, view.now()
        bottom = top + view.viewport().height()
        for column in range(len(page.columns)):
            for box in layout.visible(column, top, bottom):
                tiles.prepare(box, page.tiles[box.number], now)
                yield
