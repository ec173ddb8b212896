"""Paints what stands in a cell of the month: its head, its load, its rows, its "+n".

Lines of text are laid out once per appointment and width and kept, bar and shape of a row are one picture that
most rows share. Never half a line, never colour alone: each row has the bar and the shape of its state, each
load stands beside its count.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QStaticText

from himsog_desktop.domain.day import SYNC_CONFLICT, SYNC_PENDING, SYNC_REFUSED, Tile
from himsog_desktop.ui.calendar import paint_overlay as over
from himsog_desktop.ui.calendar.bars import WIDEST, pieces
from himsog_desktop.ui.calendar.labels import Clock, icon_of, one_line, shorter_names, shown_name, style_of
from himsog_desktop.ui.calendar.month_geometry import MonthSizes, Place
from himsog_desktop.ui.calendar.paint_grid import elided, plain_text
from himsog_desktop.ui.theme.icons import icon_pixmap
from himsog_desktop.ui.theme.theme import TextStyle, Theme

if TYPE_CHECKING:
    from himsog_desktop.domain.month import MonthCell

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
BAR = WIDEST
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
            self._bar(painter, width - BAR if self.rtl else 0, height, style)
            at = 0 if self.rtl else BAR + 4
            painter.drawPixmap(at, (height - self._icon) // 2, icon_pixmap(icon, self._icon, colour, ratio))
            painter.end()
            self._signs[key] = found
        return found

    def _bar(self, painter: QPainter, left: int, height: int, style: str) -> None:
        """The bar in the pattern of its state."""
        bar = self.theme.statuses[style].bar
        for piece in pieces(style, height - 4, BAR):
            across = BAR - piece.across - piece.width if self.rtl else piece.across
            painter.fillRect(QRect(left + across, piece.start + 2, piece.width, piece.length), bar)

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
