"""Paints the month: names of weekdays, 42 grounds, what stands in them, and what lies over them.

Only the cells that a region touches are drawn, so that a step of a drag repaints two of them. What stands in a
cell is painted by ``month_rows``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QRegion

from himsog_desktop.ui.calendar import paint_overlay as over
from himsog_desktop.ui.calendar.layout import Box
from himsog_desktop.ui.calendar.month_geometry import COLUMNS, LINES, MonthGrid
from himsog_desktop.ui.calendar.paint_grid import hatch_brush, rects_of

if TYPE_CHECKING:
    from himsog_desktop.domain.month import MonthCell, MonthPage
    from himsog_desktop.ui.calendar.month_view import MonthView

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def paint_month(view: MonthView, painter: QPainter, region: QRegion) -> None:
    """Paint the parts of the widget that a region names."""
    view.use_ratio(painter.deviceTransform().m11())
    top = view.top
    whole = region.boundingRect()
    if whole.top() < top:
        _paint_weekdays(view, painter)
    painter.save()
    painter.setClipRect(QRect(0, top, view.width(), view.height() - top), Qt.ClipOperation.IntersectClip)
    painter.translate(0, top)
    rects = [rect.translated(0, -top) for rect in rects_of(region)]
    if view.state == "page" and view.page is not None:
        _paint_cells(view, painter, view.page, rects)
        hint = view.hint_lines()
        if hint:
            over.paint_hint(
                painter, QRect(0, 0, view.width(), view.grid.height), view.theme, hint, "calendar", view.ratio
            )
    elif view.state == "skeleton":
        _paint_skeleton(view, painter)
    else:
        painter.fillRect(QRect(0, 0, view.width(), view.height()), view.theme.canvas)
        if view.state == "error":
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            area = QRect(0, 0, view.width(), view.grid.height)
            over.paint_hint(
                painter, area, view.theme, view.error_lines(), "alert", view.ratio, view.theme.metrics.control
            )
    painter.restore()


def _paint_weekdays(view: MonthView, painter: QPainter) -> None:
    theme, grid = view.theme, view.grid
    painter.fillRect(QRect(0, 0, view.width(), view.top), theme.surface)
    painter.fillRect(QRect(0, view.top - 1, view.width(), 1), theme.line)
    painter.setPen(theme.muted)
    for column, words in enumerate(WEEKDAYS):
        left, right = grid.column_edges(column)
        pad = theme.metrics.xs + 2
        view.painter.words(painter, words, theme.small_strong, left + pad, right - pad, view.top / 2)


def _touched(view: MonthView, rects: list[QRect]) -> list[int]:
    found: list[int] = []
    for number in range(len(view.page.cells) if view.page is not None else 0):
        place = view.grid.cell(number)
        box = QRect(place.x, place.y, place.width, place.height)
        if any(box.intersects(rect) for rect in rects):
            found.append(number)
    return found


def _paint_cells(view: MonthView, painter: QPainter, page: MonthPage, rects: list[QRect]) -> None:
    theme, grid = view.theme, view.grid
    numbers = _touched(view, rects)
    month, today = page.month[:7], view.today.isoformat()
    painter.setBrushOrigin(QPoint(0, 0))
    closed = hatch_brush(theme.tokens.canvas, theme.tokens.hatch, view.ratio)
    for rect in rects:
        painter.fillRect(rect, theme.surface)
    for number in numbers:
        cell, place = page.cells[number], grid.cell(number)
        if not cell.open:
            painter.fillRect(QRect(place.x, place.y, place.width, place.height), closed)
        elif cell.day[:7] != month:
            painter.fillRect(QRect(place.x, place.y, place.width, place.height), theme.canvas)
    _paint_grid(grid, painter, theme.line)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number in numbers:
        cell = page.cells[number]
        _paint_cell(view, painter, number, cell, today=cell.day == today, dim=cell.day[:7] != month)
    _paint_attention(view, painter, page)
    _paint_ghost(view, painter)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_grid(grid: MonthGrid, painter: QPainter, colour: QColor) -> None:
    for line in range(LINES):
        painter.fillRect(QRect(0, grid.cell(line * COLUMNS).bottom - 1, grid.width, 1), colour)
    for column in range(COLUMNS):
        left, right = grid.column_edges(column)
        painter.fillRect(QRect(left if grid.rtl else right - 1, 0, 1, grid.height), colour)


def _paint_cell(view: MonthView, painter: QPainter, number: int, cell: MonthCell, *, today: bool, dim: bool) -> None:
    theme, grid, rows = view.theme, view.grid, view.painter
    rows.head(painter, grid.cell(number), cell, today=today, dim=dim, sizes=grid.sizes)
    rows.load(painter, grid.bar(number), cell)
    lifted = view.hand.lifted
    shown = view.shown(number)
    hovered = view.hand.hovered
    for row in range(shown):
        tile, place = cell.rows[row], grid.row(number, row)
        if tile.id in view.selected or hovered == (number, row):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.selected if tile.id in view.selected else theme.hover)
            painter.drawRoundedRect(QRectF(place.x, place.y, place.width, place.height), 4, 4)
        if tile.id == lifted:
            painter.setOpacity(0.4)
        rows.row(painter, place, tile, dim=dim)
        if tile.id == lifted:
            painter.setOpacity(1.0)
    more = grid.more(number, cell.standing)
    if more is not None:
        if hovered == (number, shown):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.hover)
            painter.drawRoundedRect(QRectF(more.x, more.y, more.width, more.height), 4, 4)
        rows.more(painter, more, cell.standing - shown)


def _paint_attention(view: MonthView, painter: QPainter, page: MonthPage) -> None:
    theme = view.theme
    for tile_id, strength in view.glow.strengths():
        place = view.place_of(tile_id)
        if place is not None:
            box = Box(place.y(), place.x(), place.width(), place.height(), 0, 0, False)
            over.paint_glow(painter, box, theme, strength)
    if view.hasFocus() or view.cursor_held:
        rect = QRectF(view.stop_rect(view.cursor))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ring = float(theme.metrics.ring)
        painter.setPen(QPen(theme.accent, ring, Qt.PenStyle.SolidLine if view.hasFocus() else Qt.PenStyle.DashLine))
        inner = rect.adjusted(ring / 2, ring / 2, -ring / 2 - 1, -ring / 2 - 1)
        radius = 4 if view.cursor.row >= 0 else theme.metrics.radius
        painter.drawRoundedRect(inner, radius, radius)
    del page


def _paint_ghost(view: MonthView, painter: QPainter) -> None:
    words = view.hand.ghost_words()
    if words is None:
        return
    box, lines = words
    area = QRect(0, 0, view.width(), view.grid.height)
    over.paint_ghost(painter, box, view.theme, view.hand.name(), lines, area, free=not view.hand.reasons)


def _paint_skeleton(view: MonthView, painter: QPainter) -> None:
    """Blocks of the size of what comes, at rest."""
    theme, grid = view.theme, view.grid
    painter.fillRect(QRect(0, 0, view.width(), grid.height), theme.surface)
    _paint_grid(grid, painter, theme.grid)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.hover)
    for number in range(6 * COLUMNS):
        place, style = grid.cell(number), theme.strong
        lead = place.right - 2 * style.line if grid.rtl else place.x + 6
        painter.drawRoundedRect(QRectF(lead, place.y + 6, style.line, style.ink), 4, 4)
        for row in range(min(grid.capacity(number), 3 + number % 2)):
            box = grid.row(number, row)
            painter.drawRoundedRect(QRectF(box.x, box.y + 2, box.width * (6 - row % 3) / 7, box.height - 4), 4, 4)
