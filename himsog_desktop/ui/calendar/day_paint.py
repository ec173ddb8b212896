"""Paints the day in order: ground, cursor, tiles, signs of attention, now, ghost, hints.

Only what a rectangle touches is drawn: a step of a drag repaints two small rectangles, not the day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QRegion

from himsog_desktop.ui.calendar import paint_overlay as over
from himsog_desktop.ui.calendar.layout import PADDING, Box, DayLayout
from himsog_desktop.ui.calendar.paint_grid import rects_of
from himsog_desktop.ui.calendar.paint_tile import BAR

if TYPE_CHECKING:
    from himsog_desktop.ui.calendar.day_view import DayView

_MOST_RECTS = 4


def paint_day(view: DayView, painter: QPainter, region: QRegion) -> None:
    """Paint the parts of the viewport that a region names."""
    view.use_ratio(painter.deviceTransform().m11())
    whole = region.boundingRect()
    few = region.rectCount() <= _MOST_RECTS and _area(region) < 0.6 * whole.width() * whole.height()
    rects = rects_of(region) if few else [whole]
    for rect in rects:
        painter.save()
        if len(rects) > 1:  # one is what Qt clips to anyway, and a second clip costs
            painter.setClipRect(rect)
        _paint_rect(view, painter, rect)
        painter.restore()


def _skeleton_rows(view: DayView) -> tuple[float, float]:
    """The height of the skeleton's rows and where the first begins, so that its lines are the axis's."""
    layout = view.scene.layout
    least = view.theme.metrics.px(20)
    if layout is None:
        return view.theme.metrics.px(28), 0.0
    row = next(layout.time.hour_px / parts for parts in (12, 6, 4, 3, 2, 1) if layout.time.hour_px / parts >= least)
    return row, -(view.offset()[1] % (2 * row))


def _area(region: QRegion) -> int:
    return sum(rect.width() * rect.height() for rect in rects_of(region))


def _paint_rect(view: DayView, painter: QPainter, rect: QRect) -> None:
    layout, grid = view.scene.layout, view.scene.grid
    viewport = QRect(0, 0, view.viewport().width(), view.viewport().height())
    if view.state in ("skeleton", "error", "nothing") or layout is None or grid is None:
        if view.state == "skeleton":
            over.paint_skeleton(painter, viewport, view.theme, view.column_edges(), *_skeleton_rows(view))
        else:
            painter.fillRect(rect, view.theme.canvas)
        if view.state == "error":
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            below = view.theme.metrics.control
            over.paint_hint(painter, viewport, view.theme, view.error_lines(), "alert", view.ratio, below)
        return
    x, y = view.offset()
    painter.translate(-x, -y)
    clip = rect.translated(x, y)
    grid.paint(painter, clip, y)
    columns = layout.columns.visible(clip.left(), clip.right() + 1)
    now = view.now_shown
    now_columns = [] if now is None else layout.columns_with(now)
    now_y = None if now is None or not now_columns else round(layout.times[now_columns[0]].y(now))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_free_cursor(view, painter, layout)
    if now_y is not None:
        spans = [(layout.columns.left(column), layout.columns.right(column)) for column in now_columns]
        over.paint_now(painter, spans, now_y, view.theme)
    for column in columns:
        _paint_column(view, painter, layout, column, clip)
    if now_y is not None:
        edges = [layout.columns.left(column) for column in columns if column in now_columns]
        over.paint_now(painter, [(x, x + PADDING + BAR) for x in edges], now_y, view.theme)
    _paint_attention(view, painter, layout)
    _paint_ghost(view, painter, layout, viewport.translated(x, y))
    painter.translate(x, y)
    hint = view.hint_lines()
    if hint:
        over.paint_hint(painter, viewport, view.theme, hint, "calendar", view.ratio)


def _paint_column(view: DayView, painter: QPainter, layout: DayLayout, column: int, clip: QRect) -> None:
    tiles, painter_of_tiles = layout.page.tiles, view.scene.tiles
    lifted = view.hand.lifted
    selection = view.selected
    now = view.now()
    for box in layout.visible(column, clip.top(), clip.bottom() + 1):
        tile = tiles[box.number]
        if tile.id == lifted:
            painter.setOpacity(0.4)
        painter_of_tiles.paint(painter, box, tile, now)
        if tile.id == lifted:
            painter.setOpacity(1.0)
        if tile.id in selection:
            over.paint_selected(painter, box, view.theme)
    for chip in layout.chips[column]:
        if chip.y < clip.bottom() + 1 and chip.y + chip.height > clip.top():
            painter_of_tiles.chips.paint(painter, chip)


def _paint_attention(view: DayView, painter: QPainter, layout: DayLayout) -> None:
    for tile_id, strength in view.glow.strengths():
        box = layout.by_id.get(tile_id)
        if box is not None:
            over.paint_glow(painter, box, view.theme, strength)
    cursor = view.cursor
    if cursor is not None and cursor.tile_id is not None and view.cursor_seen():
        rect = place_of(layout, cursor.tile_id)
        if rect is not None:
            over.paint_ring(painter, QRectF(rect), view.theme)


def place_of(layout: DayLayout, tile_id: str) -> QRect | None:
    """Where an appointment is seen: its tile, or the "+n" that it stands in."""
    place = layout.by_id.get(tile_id) or layout.hidden.get(tile_id)
    return None if place is None else QRect(place.x, place.y, place.width, place.height)


def _paint_free_cursor(view: DayView, painter: QPainter, layout: DayLayout) -> None:
    cursor = view.cursor
    if cursor is None or cursor.tile_id is not None or view.hand.gesture is not None:
        return
    if not (view.cursor_seen() or view.cursor_held):
        return
    start, end = view.cursor_range()
    box = layout.span(cursor.column, start, end)
    over.paint_cursor(painter, box, view.theme, view.clock.range(start, end), focused=view.cursor_seen())


def _paint_ghost(view: DayView, painter: QPainter, layout: DayLayout, seen: QRect) -> None:
    gesture = view.hand.gesture
    if gesture is None or not gesture.active:
        return
    box, lines = ghost_words(view, layout)
    over.paint_ghost(painter, box, view.theme, view.hand.name(), lines, seen, free=not view.hand.reasons)


def ghost_words(view: DayView, layout: DayLayout) -> tuple[Box, list[str]]:
    """The ghost's place and what its callout says: the new time, who with, why not."""
    gesture = view.hand.gesture
    assert gesture is not None
    ghost = gesture.ghost
    time = view.clock.range(ghost.start, ghost.end)
    lines = [time]
    column = layout.page.columns[ghost.column]
    if layout.page.of_days or (gesture.tile is not None and column.id != layout.page.column_of(gesture.tile)):
        lines.append(column.name)
    lines += view.hand.reasons[:4]
    return layout.span(ghost.column, ghost.start, ghost.end), lines


def ghost_region(view: DayView) -> QRegion:
    """What the ghost and its callout cover, in the viewport."""
    layout, gesture = view.scene.layout, view.hand.gesture
    if layout is None or gesture is None or not gesture.active:
        return QRegion()
    x, y = view.offset()
    seen = QRect(x, y, view.viewport().width(), view.viewport().height())
    box, lines = ghost_words(view, layout)
    rect = QRect(box.x, box.y, box.width, box.height)
    bubble = over.callout_rect(view.theme, lines, box, seen)
    grow = over.SHADOW + 2
    return QRegion(rect.united(bubble).adjusted(-grow, -grow, grow, grow).translated(-x, -y))
