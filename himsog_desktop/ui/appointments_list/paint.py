"""Paints rows, headings and the boxes to tick. Texts are laid out once per row and width, then only blitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QStaticText

from himsog_desktop.domain.day import SYNC_CONFLICT, SYNC_PENDING, SYNC_REFUSED
from himsog_desktop.ui.appointments_list import shape
from himsog_desktop.ui.calendar.labels import icon_of, one_line, phone_words, service_of, shown_name, state_of, style_of
from himsog_desktop.ui.calendar.paint_grid import elided, plain_text
from himsog_desktop.ui.models.words import short_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from himsog_desktop.domain.listing import Line
    from himsog_desktop.ui.calendar.labels import Clock
    from himsog_desktop.ui.theme.theme import TextStyle, Theme

SOURCES = {"desk": "Desk", "web": "Web", "import": "Import"}
MOST_KEPT = 1_500
BAR = 4
_SKELETON = (0.72, 0.55, 0.8, 0.6, 0.7, 0.5, 0.0, 0.5, 0.6)


class Word(NamedTuple):
    """A laid out text and its place from the row's corner."""

    text: QStaticText
    x: int
    y: int
    style: TextStyle
    muted: bool
    width: float = 0


class Face(NamedTuple):
    """Everything that one row shows."""

    line: Line
    style: str
    words: tuple[Word, ...]
    chip: tuple[QPixmap, int, int] | None
    signs: tuple[tuple[QPixmap, int, int], ...]
    struck: tuple[int, int, int] | None


class RowPainter:
    """Draws rows of one look and one width. Make another when either changes.

    ``cells`` are the columns as they stand; ``names`` those of the providers by id; ``mirrored``: right to left.
    """

    def __init__(
        self,
        theme: Theme,
        clock: Clock,
        cells: tuple[shape.Cell, ...],
        names: Mapping[str, str],
        *,
        width: int,
        height: int,
        year: int,
        privacy: bool = False,
        ratio: float = 1.0,
        mirrored: bool = False,
    ) -> None:
        self.theme = theme
        self.clock = clock
        self.cells = cells
        self.names = names
        self.width, self.height = width, height
        self._year = year
        self._privacy = privacy
        self._ratio = ratio
        self._mirrored = mirrored
        self._faces: dict[str, Face] = {}
        self._chips: dict[tuple[str, str, str, int], QPixmap] = {}
        self._texts: dict[tuple[str, int, int], tuple[str, QStaticText, float]] = {}

    # -------------------------------------------------------------------------------- a row

    def paint(self, painter: QPainter, top: int, line: Line, *, selected: bool, hovered: bool) -> None:
        """Draw a row at a height of the viewport."""
        theme = self.theme
        rect = QRect(0, top, self.width, self.height)
        if selected or hovered:
            painter.fillRect(rect, theme.selected if selected else theme.hover)
        painter.fillRect(QRect(0, top + self.height - 1, self.width, 1), theme.grid)
        face = self._faces.get(line.tile.id)
        if face is None or face.line is not line:
            if len(self._faces) > MOST_KEPT:
                self._faces.clear()
            face = self._faces[line.tile.id] = self._lay_out(line)
        self._paint_bar(painter, top, face.style)
        style: TextStyle | None = None
        muted: bool | None = None
        for word in face.words:
            if word.style is not style:
                style = word.style
                painter.setFont(style.font)
            if word.muted is not muted:
                muted = word.muted
                painter.setPen(theme.muted if muted else theme.text)
            painter.drawStaticText(QPointF(word.x, top + word.y), word.text)
        if face.struck is not None:
            x, width, y = face.struck
            painter.fillRect(QRect(x, top + y, width, 1), theme.muted)
        if face.chip is not None:
            painter.drawPixmap(face.chip[1], top + face.chip[2], face.chip[0])
        for pixmap, x, y in face.signs:
            painter.drawPixmap(x, top + y, pixmap)

    def paint_skeleton(self, painter: QPainter, top: int, *, selected: bool, shown: bool) -> None:
        """The place of a row that is still being read; for the first moment it is empty."""
        theme = self.theme
        if selected:
            painter.fillRect(QRect(0, top, self.width, self.height), theme.selected)
        painter.fillRect(QRect(0, top + self.height - 1, self.width, 1), theme.grid)
        if not shown:
            return
        high = theme.metrics.px(8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.hover if not selected else theme.line)
        for number, cell in enumerate(self.cells):
            wide = int((cell.width - theme.metrics.m) * _SKELETON[number % len(_SKELETON)])
            if wide > 0:
                x = self.x_of(cell.x, wide)
                painter.drawRoundedRect(QRectF(x, top + (self.height - high) / 2, wide, high), 4, 4)

    def x_of(self, x: int, width: float) -> int:
        """The left edge of something that stands so far from the leading edge."""
        return round(self.width - x - width) if self._mirrored else x

    def _paint_bar(self, painter: QPainter, top: int, style: str) -> None:
        """The bar of the state at the leading edge: dashed for a request, narrow for what is over."""
        bar = self.theme.statuses[style].bar
        quiet = style in ("completed", "cancelled")
        wide = BAR - 1 if quiet else BAR
        x = self.x_of(0, wide)
        if style != "requested":
            painter.fillRect(QRect(x, top + 1, wide, self.height - 3), bar)
            return
        y, bottom = top + 2, top + self.height - 3
        while y < bottom:
            painter.fillRect(QRect(x, y, wide, min(5, bottom - y)), bar)
            y += 8

    # ------------------------------------------------------------------------------ laying out

    def _lay_out(self, line: Line) -> Face:
        tile, theme = line.tile, self.theme
        style = style_of(tile)
        words: list[Word] = []
        signs: list[tuple[QPixmap, int, int]] = []
        chip = struck = None
        for cell in self.cells:
            key, room = cell.column.key, cell.width - theme.metrics.m
            if key == shape.WHEN:
                day = self.clock.zone.date_of(tile.start)
                date = short_day(day, year=day.year != self._year)
                half = theme.metrics.px(98)
                words.append(self._word(date, theme.body, cell.x, min(half, room), muted=True))
                when = self.clock.range(tile.start, tile.end) if room - half >= theme.metrics.px(74) else ""
                left = room - half
                if not theme.body.fits(when, left):
                    when = self.clock.time(tile.start)
                words.append(self._word(when, theme.body, cell.x + half, left))
            elif key == shape.PATIENT:
                name = theme.strong if style not in ("completed", "cancelled") else theme.body
                sync = _sync_sign(theme, tile.flags)
                if sync:
                    room -= theme.metrics.icon + theme.metrics.xs
                    signs.append(self._sign(sync[0], cell.x + room + theme.metrics.xs, sync[1]))
                made = self._word(shown_name(tile, self._privacy), name, cell.x, room)
                words.append(made)
                if style == "cancelled" and made.width:
                    struck = (made.x, round(made.width), made.y + round(name.ascent - name.ink_ascent * 0.38))
            elif key == shape.PHONE:
                phone = "" if self._privacy else phone_words(tile.phone or "")
                words.append(self._word(phone, theme.body, cell.x, room, whole=True, muted=True))
            elif key == shape.PROVIDER:
                words.append(self._word(one_line(self.names.get(tile.provider_id, "")), theme.body, cell.x, room))
            elif key == shape.SERVICES:
                words.append(self._word(service_of(tile), theme.body, cell.x, room))
            elif key == shape.STATUS:
                chip = self._chip(style, icon_of(tile), state_of(tile), cell.x, room)
            elif key == shape.NOTE and tile.note:
                signs.append(self._sign("note", cell.x + theme.metrics.xs))
            elif key == shape.SOURCE:
                words.append(self._word(SOURCES.get(line.source, line.source), theme.small, cell.x, room, muted=True))
            elif key == shape.CREATED:
                day = self.clock.zone.date_of(line.created)
                text = short_day(day, year=day.year != self._year)
                words.append(self._word(text, theme.small, cell.x, room, muted=True))
        kept = tuple(sorted((w for w in words if w.width), key=lambda w: (id(w.style), w.muted)))
        return Face(line, style, kept, chip, tuple(signs), struck)

    def _word(
        self, text: str, style: TextStyle, x: int, room: int, *, whole: bool = False, muted: bool = False
    ) -> Word:
        """A text in its column, elided; ``whole``: left out where it has no room (half a number is no number)."""
        key = (text, id(style), room)
        found = self._texts.get(key)
        if found is None:
            if len(self._texts) > 4 * MOST_KEPT:
                self._texts.clear()
            shown = elided(text, style, room) if not whole or style.fits(text, room) else ""
            made = plain_text(shown, style)
            # It knows its width from being laid out: to measure the text would shape it once more.
            found = self._texts[key] = (shown, made, made.size().width() if shown else 0.0)
        y = round((self.height - 1 + style.ink_ascent) / 2 - style.ascent)
        return Word(found[1], self.x_of(x, found[2]), y, style, muted, found[2])

    def _sign(self, icon: str, x: int, colour: str = "") -> tuple[QPixmap, int, int]:
        size = self.theme.metrics.icon
        pixmap = self.theme.icon(icon, colour or self.theme.tokens.muted, self._ratio)
        return pixmap, self.x_of(x, size), (self.height - size) // 2

    def _chip(self, style: str, icon: str, word: str, x: int, room: int) -> tuple[QPixmap, int, int]:
        """Icon and word on the tint of the state; the icon alone where there is no room."""
        theme, m = self.theme, self.theme.metrics
        size = m.px(14)
        if not theme.small.fits(word, room - size - 2 * m.s):
            word = ""
        key = (style, icon, word, room if word else 0)
        found = self._chips.get(key)
        high = min(self.height - 6, m.px(22))
        wide = size + m.s * 2 + (round(theme.small_strong.width(word)) + m.xs if word else 0)
        if found is None:
            ratio = self._ratio
            colours = theme.statuses[style]
            found = QPixmap(round(wide * ratio), round(high * ratio))
            found.setDevicePixelRatio(ratio)
            found.fill(Qt.GlobalColor.transparent)
            painter = QPainter(found)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.tint)
            painter.drawRoundedRect(QRectF(0, 0, wide, high), high / 2, high / 2)
            at = wide - m.s - size if self._mirrored and word else m.s
            painter.drawPixmap(at, (high - size) // 2, theme.icon(icon, colours.text_name, ratio, size))
            if word:
                painter.setPen(colours.text)
                painter.setFont(theme.small_strong.font)
                left = m.s if self._mirrored else m.s + size + m.xs
                painter.drawText(QRect(left, 0, wide - left, high), Qt.AlignmentFlag.AlignVCenter, word)
            painter.end()
            self._chips[key] = found
        return found, self.x_of(x, wide), (self.height - high) // 2


def _sync_sign(theme: Theme, flags: int) -> tuple[str, str] | None:
    """The sign of how a row stands with the server and its colour; nothing mostly."""
    if flags & (SYNC_REFUSED | SYNC_CONFLICT):
        return "bang", theme.tokens.danger
    return ("cloud", theme.tokens.muted) if flags & SYNC_PENDING else None


# ------------------------------------------------------------------------------ boxes, headings


def paint_box(painter: QPainter, theme: Theme, rect: QRect, state: int, ratio: float) -> None:
    """A box to tick: 0 empty, 1 some, 2 all."""
    m = theme.metrics
    side = m.px(15)
    box = QRectF(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2, side, side)
    if state:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.accent)
        painter.drawRoundedRect(box, 3, 3)
        icon = m.px(12)
        name = "tick" if state == 2 else "minus"
        pixmap = theme.icon(name, theme.tokens.on_accent, ratio, icon)
        painter.drawPixmap(QPointF(box.x() + (side - icon) / 2, box.y() + (side - icon) / 2), pixmap)
        return
    painter.setPen(QPen(theme.muted, m.line))
    painter.setBrush(theme.surface)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)


def paint_ring(painter: QPainter, theme: Theme, rect: QRect, *, strong: bool) -> None:
    """The row that the keyboard is on."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(theme.accent if strong else theme.muted, theme.metrics.ring if strong else theme.metrics.line)
    painter.setPen(pen)
    inset = pen.widthF() / 2
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset - 1), 4, 4)


def paint_glow(painter: QPainter, theme: Theme, rect: QRect, strength: float) -> None:
    """What a colleague changed just now."""
    colour = QColor(theme.accent)
    colour.setAlphaF(0.16 * strength)
    painter.fillRect(rect, colour)
    colour.setAlphaF(0.8 * strength)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 2))
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -2), 4, 4)
