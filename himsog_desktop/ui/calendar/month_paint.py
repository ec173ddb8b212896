"""Paints the month: names of weekdays, 42 grounds, in each its figures and rows, and what lies over them.

Only the cells that a region touches are drawn, so that a step of a drag repaints two of them. Lines of text
are laid out once per appointment and width (``MonthPainter`` keeps them). Never half a line, never colour
alone: each row has the bar of its state and its shape, each bar of a load stands beside its count.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QRegion, QStaticText

from himsog_desktop.domain.day import SYNC_CONFLICT, SYNC_PENDING, SYNC_REFUSED, Tile
from himsog_desktop.ui.calendar import paint_overlay as over
from himsog_desktop.ui.calendar.labels import Clock, icon_of, one_line, shorter_names, shown_name, style_of
from himsog_desktop.ui.calendar.layout import Box
from himsog_desktop.ui.calendar.month_geometry import COLUMNS, LINES, MonthGrid, MonthSizes, Place
from himsog_desktop.ui.calendar.paint_grid import elided, hatch_brush, plain_text, rects_of
from himsog_desktop.ui.theme.icons import icon_pixmap
from himsog_desktop.ui.theme.theme import TextStyle, Theme

if TYPE_CHECKING:
    from himsog_desktop.domain.month import MonthCell, MonthPage
    from himsog_desktop.ui.calendar.month_view import MonthView

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
BAR = 3
"""Width of a row's bar."""
NAME_FIRST = 56
"""Width at scale 1 that a name keeps before the time may take any."""
MOST_FACES = 3000


def sizes_of(theme: Theme) -> MonthSizes:
    """What the type of a look needs in a cell."""
    m = theme.metrics
    return MonthSizes(
        head=theme.strong.line + m.px(6), bar=m.px(3) + m.xs, row=theme.small.line + 2, pad=m.xs, least_width=m.px(72)
    )


class _Face(NamedTuple):
    """One row laid out: its lines of text with their places, its bar and shape as one picture, and its place."""

    texts: tuple[tuple[QStaticText, int, int], ...]
    sign: QPixmap
    sign_x: int
    quiet: bool


class MonthPainter:
    """Draws cells and rows and keeps what it laid out. Make another for another theme, clock or privacy."""

    def __init__(self, theme: Theme, clock: Clock, *, privacy: bool, ratio: float, rtl: bool) -> None:
        self.theme = theme
        self.clock = clock
        self.privacy = privacy
        self.ratio = ratio
        self.rtl = rtl
        self._icon = theme.metrics.px(12)
        self._time_width = max(theme.small.width(clock.wall(wall)) for wall in (8 * 60 + 48, 20 * 60 + 48))
        self._faces: dict[tuple[str, int], tuple[Tile, _Face]] = {}
        self._words: dict[tuple[str, int], QStaticText] = {}
        self._signs: dict[tuple[str, str, str, int], QPixmap] = {}

    # ---------------------------------------------------------------------------------- rows

    def row(self, painter: QPainter, place: Place, tile: Tile, *, dim: bool) -> None:
        """One appointment as a line: bar, shape, time, name."""
        theme = self.theme
        key = (tile.id, place.width)
        known = self._faces.get(key)
        if known is None or (known[0] is not tile and known[0] != tile):
            if len(self._faces) > MOST_FACES:
                self._faces.clear()
            known = self._faces[key] = (tile, self._laid_out(tile, place.width, place.height))
        face = known[1]
        x, y = place.x, place.y
        painter.drawPixmap(x + face.sign_x, y, face.sign)
        painter.setFont(theme.small.font)
        painter.setPen(theme.muted if dim or face.quiet else theme.text)
        for text, left, top in face.texts:
            painter.drawStaticText(x + left, y + top, text)

    def warm(self, tile: Tile, width: int, height: int) -> None:
        """Lay a row out before it is painted."""
        key = (tile.id, width)
        known = self._faces.get(key)
        if known is None or known[0] != tile:
            self._faces[key] = (tile, self._laid_out(tile, width, height))

    def _sign(self, style: str, icon: str, colour: str, height: int) -> QPixmap:
        """The bar and the shape of a row as one picture: most rows of a month share a few."""
        key = (style, icon, colour, height)
        found = self._signs.get(key)
        if found is None:
            ratio, width = self.ratio, BAR + 4 + self._icon
            found = QPixmap(math.ceil(width * ratio), math.ceil(height * ratio))
            found.setDevicePixelRatio(ratio)
            found.fill(Qt.GlobalColor.transparent)
            painter = QPainter(found)
            self._bar(painter, Place(0, 0, width, height), style)
            at = 0 if self.rtl else BAR + 4
            painter.drawPixmap(at, (height - self._icon) // 2, icon_pixmap(icon, self._icon, colour, ratio))
            painter.end()
            self._signs[key] = found
        return found

    def _bar(self, painter: QPainter, place: Place, style: str) -> None:
        bar = self.theme.statuses[style].bar
        width = BAR - 1 if style == "completed" else BAR
        x = place.right - width if self.rtl else place.x
        top, bottom = place.y + 2, place.bottom - 2
        if style != "requested":
            painter.fillRect(QRect(x, top, width, bottom - top), bar)
            return
        while top < bottom:
            painter.fillRect(QRect(x, top, width, min(3, bottom - top)), bar)
            top += 5

    def _laid_out(self, tile: Tile, width: int, height: int) -> _Face:
        theme, small = self.theme, self.theme.small
        style = style_of(tile)
        colour, icon = theme.statuses[style].bar_name, icon_of(tile)
        if tile.flags & (SYNC_REFUSED | SYNC_CONFLICT):
            colour, icon = theme.tokens.danger, "bang"
        elif tile.flags & SYNC_PENDING:
            icon = "cloud"
        left = BAR + 4 + self._icon + 4
        y = round((height + small.ink_ascent) / 2) - round(small.ascent)
        texts: list[tuple[QStaticText, int, int]] = []
        room = width - left
        time_room = self._time_width + theme.metrics.xs + 1
        if room - time_room >= theme.metrics.px(NAME_FIRST):
            texts.append(self._placed(self.clock.time(tile.start), left, y, width))
            left += round(time_room)
            room -= round(time_room)
        name = self._name(tile, small, room)
        if name:
            texts.append(self._placed(name, left, y, width))
        sign = self._sign(style, icon, colour, height)
        sign_x = width - BAR - 4 - self._icon if self.rtl else 0
        return _Face(tuple(texts), sign, sign_x, style in ("completed", "no_show"))

    def _placed(self, words: str, left: int, y: int, width: int) -> tuple[QStaticText, int, int]:
        style = self.theme.small
        x = width - left - style.width(words) if self.rtl else left
        return (self._text(words, style), round(x), y)

    def _text(self, words: str, style: TextStyle) -> QStaticText:
        key = (words, id(style))
        found = self._words.get(key)
        if found is None:
            if len(self._words) > MOST_FACES:
                self._words.clear()
            found = self._words[key] = plain_text(words, style)
        return found

    def _name(self, tile: Tile, style: TextStyle, room: float) -> str:
        name = shown_name(tile, self.privacy)
        short = next((text for text in shorter_names(name) if style.fits(text, room)), None)
        return elided(name, style, room) if short is None else short

    # --------------------------------------------------------------------------------- heads

    def words(self, painter: QPainter, text: str, style: TextStyle, left: float, right: float, middle: float) -> float:
        """A line between two edges, from the leading one; returns the width it took."""
        shown = elided(text, style, right - left)
        if not shown:
            return 0.0
        width = style.width(shown)
        x = right - width if self.rtl else left
        laid = self._text(shown, style)
        painter.setFont(style.font)
        painter.drawStaticText(QPointF(round(x), round(middle + style.ink_ascent / 2) - style.ascent), laid)
        return width

    def head(
        self, painter: QPainter, place: Place, cell: MonthCell, *, today: bool, dim: bool, sizes: MonthSizes
    ) -> None:
        """The number of the day, today's on a disc; at the other side how many come and how many only ask."""
        theme, m = self.theme, self.theme.metrics
        number = cell.day[8:].lstrip("0")
        if number == "1":
            number = f"1 {MONTHS[int(cell.day[5:7]) - 1]}"
        middle = place.y + sizes.head / 2 + 1
        style = theme.strong
        width = style.width(number)
        pad = m.xs + 2
        lead = place.right - pad - width if self.rtl else place.x + pad
        if today:
            side = style.line + 2
            disc = QRectF(
                lead + width / 2 - max(side, width + m.s) / 2, middle - side / 2, max(side, width + m.s), side
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.accent)
            painter.drawRoundedRect(disc, side / 2, side / 2)
            painter.setPen(theme.on_accent)
        else:
            painter.setPen(theme.muted if dim else theme.text)
        laid = self._text(number, style)
        painter.setFont(style.font)
        painter.drawStaticText(QPointF(round(lead), round(middle + style.ink_ascent / 2) - style.ascent), laid)
        room = place.width - width - 3 * pad - m.s
        if cell.standing:
            self._counts(painter, place, cell, middle, pad, room, dim=dim)
        elif not cell.open:
            self._closed(painter, place, cell, middle, pad, room)

    def _counts(
        self, painter: QPainter, place: Place, cell: MonthCell, middle: float, pad: int, room: float, *, dim: bool
    ) -> None:
        theme, m = self.theme, self.theme.metrics
        count, style = str(cell.standing), theme.small_strong
        width = style.width(count)
        if width > room:
            return
        trail = place.x + pad if self.rtl else place.right - pad - width
        painter.setPen(theme.muted if dim else theme.text)
        painter.setFont(style.font)
        y = round(middle + style.ink_ascent / 2) - style.ascent
        painter.drawStaticText(QPointF(round(trail), y), self._text(count, style))
        asked = str(cell.requested)
        icon, gap = self._icon, m.xs
        needed = width + m.s + style.width(asked) + 2 + icon
        if not cell.requested or needed > room:
            return
        colours = theme.statuses["requested"]
        painter.setPen(colours.text)
        x = trail + width + m.s if self.rtl else trail - m.s - style.width(asked)
        painter.drawStaticText(QPointF(round(x), y), self._text(asked, style))
        at = x + style.width(asked) + gap - 2 if self.rtl else x - gap + 2 - icon
        pixmap = icon_pixmap("hourglass", icon, colours.bar_name, self.ratio)
        painter.drawPixmap(round(at), round(middle - icon / 2), pixmap)

    def _closed(self, painter: QPainter, place: Place, cell: MonthCell, middle: float, pad: int, room: float) -> None:
        style = self.theme.small
        shown = elided(one_line(cell.note) or "Closed", style, room)
        if shown:
            x = place.x + pad if self.rtl else place.right - pad - style.width(shown)
            over.paint_text(painter, style, self.theme.muted, x, middle, shown)

    def load(self, painter: QPainter, place: Place, cell: MonthCell) -> None:
        """Booked minutes against open ones; what goes beyond them is said by colour and by a notch."""
        if not (cell.open or cell.booked):
            return
        theme = self.theme
        height = theme.metrics.px(3)
        track = QRect(place.x, place.y, place.width, height)
        painter.fillRect(track, theme.line)
        full = round(place.width * min(cell.booked / cell.open, 1.0)) if cell.open else place.width
        if cell.booked:
            full = max(full, 2)
        x = place.right - full if self.rtl else place.x
        beyond = cell.booked > cell.open
        painter.fillRect(QRect(x, place.y, full, height), theme.danger if beyond else theme.accent)
        if beyond:
            notch = place.right - 2 * height if not self.rtl else place.x + height
            painter.fillRect(QRect(notch, place.y, height // 2 + 1, height), theme.surface)

    def more(self, painter: QPainter, place: Place, count: int) -> None:
        """The "+n" that leads to the day."""
        painter.setPen(self.theme.accent)
        inset = BAR + 4 + self._icon + 4  # where the times begin
        left, right = (place.x, place.right - inset) if self.rtl else (place.x + inset, place.right)
        self.words(painter, f"+{count}", self.theme.small_strong, left, right, place.y + place.height / 2)


# ------------------------------------------------------------------------------------ the whole


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
