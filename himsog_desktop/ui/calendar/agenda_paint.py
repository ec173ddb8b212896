"""Paints the agenda: headings that stay at the top, rows in columns, days that have none said in words.

Only the lines that are seen are drawn. A row has the bar of its state, its shape and its words; what there is
no room for goes in a fixed order: service, provider, the words of the state (their shape stays).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QRegion

from himsog_desktop.domain.day import OUTCOME_MISSING, PATIENT_ALERT, SYNC_CONFLICT, SYNC_PENDING, SYNC_REFUSED, Tile
from himsog_desktop.ui.calendar import paint_overlay as over
from himsog_desktop.ui.calendar.agenda_layout import EMPTY, HEADING, Line
from himsog_desktop.ui.calendar.bars import WIDEST, pieces
from himsog_desktop.ui.calendar.labels import (
    icon_of,
    one_line,
    service_of,
    shorter_names,
    shown_name,
    state_of,
    style_of,
    waited,
)
from himsog_desktop.ui.calendar.layout import Box
from himsog_desktop.ui.calendar.month_words import long_day
from himsog_desktop.ui.calendar.paint_grid import elided, hatch_brush, rects_of
from himsog_desktop.ui.theme.icons import icon_pixmap

if TYPE_CHECKING:
    from himsog_desktop.domain.agenda import AgendaDay
    from himsog_desktop.ui.calendar.agenda_layout import AgendaLayout
    from himsog_desktop.ui.calendar.agenda_view import AgendaView
    from himsog_desktop.ui.calendar.labels import Clock
    from himsog_desktop.ui.theme.theme import TextStyle

BAR = WIDEST
_GAP = 12
_ANY_DAY = date(2026, 1, 5)


class Columns(NamedTuple):
    """Where each column begins, from the leading edge, and how wide it is; 0 is left out."""

    time: tuple[int, int]
    icon: int
    name: tuple[int, int]
    service: tuple[int, int]
    provider: tuple[int, int]
    state: tuple[int, int]
    note: tuple[int, int]


def _widest_times(clock: Clock) -> tuple[str, str]:
    """Within a half of the day and across noon: what a 12-hour clock writes longest."""
    morning, noon, after = (clock.zone.instant(_ANY_DAY, minutes) for minutes in (10 * 60, 11 * 60 + 28, 12 * 60 + 48))
    return clock.range(morning, noon), clock.range(noon, after)


def columns_of(view: AgendaView) -> Columns:
    """The columns at the present width."""
    theme, px = view.theme, view.theme.metrics.px
    width = view.viewport().width()
    left = theme.metrics.l + BAR + 8
    time = round(max(theme.body.width(words) for words in _widest_times(view.clock))) + 2
    icon = left + time + _GAP
    begin = icon + px(16) + 8
    room = width - begin - theme.metrics.l
    state = px(150) if room > px(300) else 0
    provider = px(150) if room > px(520) else 0
    left_over = room - (state + _GAP if state else 0) - (provider + _GAP if provider else 0)
    service = min(left_over // 2, px(300)) if left_over > px(280) else 0
    name = max(left_over - (service + _GAP if service else 0), 0)
    name = min(name, px(320)) if service else name
    at = begin + name + _GAP
    service_at, at = at, at + (service + _GAP if service else 0)
    # On a wide window beside the rest, not at the far edge: the eye follows a row.
    state_at = min(at + (provider + _GAP if provider else 0) + _GAP, width - theme.metrics.l - state)
    note_at = state_at + state + 2 * _GAP
    note = width - theme.metrics.l - note_at
    return Columns(
        (left, time),
        icon,
        (begin, name),
        (service_at, service),
        (at, provider),
        (state_at, state),
        (note_at, note if note > px(160) else 0),
    )


class Band:
    """One line being painted: words at places from the leading edge, mirrored where one reads from the right."""

    def __init__(self, view: AgendaView, painter: QPainter, top: int, height: int) -> None:
        self._view = view
        self._painter = painter
        self.top = top
        self.height = height
        self._width = view.viewport().width()

    def x(self, left: float, width: float) -> float:
        """The left edge of something that begins ``left`` from the leading edge."""
        return self._width - left - width if self._view.isRightToLeft() else left

    def words(self, text: str, style: TextStyle, place: tuple[int, int], *, trailing: bool = False) -> float:
        """A line of text cut to its place; the width it took."""
        shown = elided(text, style, place[1]) if place[1] > 0 else ""
        if not shown:
            return 0.0
        width = style.width(shown)
        left = place[0] + place[1] - width if trailing else place[0]
        painter = self._painter
        painter.setFont(style.font)
        y = round(self.top + (self.height + style.ink_ascent) / 2)
        painter.drawText(QPoint(round(self.x(left, width)), y), shown)
        return width

    def icon(self, name: str, colour: str, left: float) -> None:
        """An icon in the middle of the line."""
        size = self._view.theme.metrics.px(16)
        pixmap = icon_pixmap(name, size, colour, self._view.ratio)
        self._painter.drawPixmap(round(self.x(left, size)), self.top + (self.height - size) // 2, pixmap)


def paint_agenda(view: AgendaView, painter: QPainter, region: QRegion) -> None:
    """Paint the parts of the viewport that a region names."""
    view.use_ratio(painter.deviceTransform().m11())
    theme, area = view.theme, view.viewport().rect()
    if view.state == "skeleton":
        _paint_skeleton(view, painter)
        return
    if view.state != "page":
        painter.fillRect(area, theme.canvas)
        if view.state == "error":
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            over.paint_hint(painter, area, theme, view.error_lines(), "alert", view.ratio, theme.metrics.control)
        return
    layout = view.layout_
    for rect in rects_of(region):
        painter.save()
        painter.setClipRect(rect)
        painter.fillRect(rect, theme.surface)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_lines(view, painter, layout, rect)
        painter.restore()
    hint = view.hint_lines()
    if hint:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        over.paint_hint(painter, area, theme, hint, "calendar", view.ratio)


def _paint_lines(view: AgendaView, painter: QPainter, layout: AgendaLayout, rect: QRect) -> None:
    y = view.offset()
    columns = columns_of(view)
    now = view.now()
    for line in layout.lines(rect.top() + y, rect.bottom() + 1 + y):
        top, bottom = layout.place(line)
        band = Band(view, painter, top - y, bottom - top)
        if line.row == HEADING:
            _paint_heading(view, painter, layout.days[line.day], band)
        elif line.row == EMPTY:
            _paint_empty(view, painter, layout, line, band)
        else:
            _paint_row(view, painter, layout, line, band, columns, now)
    _paint_now(view, painter, layout, y, now)
    _paint_attention(view, painter, layout, y)
    sticky = layout.sticky(y)
    if sticky is not None:
        day, push = sticky
        _paint_heading(view, painter, layout.days[day], Band(view, painter, push, layout.head))


def _paint_heading(view: AgendaView, painter: QPainter, day: AgendaDay, band: Band) -> None:
    theme, m = view.theme, view.theme.metrics
    width = view.viewport().width()
    painter.fillRect(QRect(0, band.top, width, band.height), theme.canvas)
    painter.fillRect(QRect(0, band.top + band.height - 1, width, 1), theme.line)
    painter.fillRect(QRect(0, band.top, width, 1), theme.line)
    date_ = date.fromisoformat(day.day)
    near = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}.get((date_ - view.today).days, "")
    words = long_day(date_)
    counts = heading_counts(day)
    counts_width = round(theme.small.width(counts)) + m.l if counts else 0
    room = width - 2 * m.l - counts_width
    if theme.strong.width(words) > room:
        words = f"{words.split(' ')[0][:3]} {date_.day} {words.split(' ')[2][:3]}"
    painter.setPen(theme.accent if near == "Today" else theme.text)
    taken = band.words(words, theme.strong, (m.l, room))
    if near:
        painter.setPen(theme.accent if near == "Today" else theme.muted)
        band.words(near, theme.body, (m.l + round(taken) + m.s, room - round(taken) - m.s))
    painter.setPen(theme.muted)
    if counts:
        band.words(counts, theme.small, (width - m.l - counts_width, counts_width), trailing=True)


def heading_counts(day: AgendaDay) -> str:
    """What stands at the other side of a heading: ``"12 appointments · 3 requested"``."""
    standing = day.standing
    if not day.tiles:
        return ""
    asked = sum(1 for tile in day.tiles if tile.status == "PENDING")
    words = f"{standing} appointment{'' if standing == 1 else 's'}"
    return f"{words} · {asked} requested" if asked else words


def empty_words(day: AgendaDay) -> str:
    """What is said in the place of appointments: closed and why, or how many times are free."""
    if not day.open:
        return f"Closed · {one_line(day.note)}" if day.note else "Closed"
    if day.free is None:
        return "No appointments"
    free = "nothing free" if not day.free else f"{day.free} free time{'' if day.free == 1 else 's'}"
    return f"No appointments · {free}"


def _paint_empty(view: AgendaView, painter: QPainter, layout: AgendaLayout, line: Line, band: Band) -> None:
    theme, m = view.theme, view.theme.metrics
    day = layout.days[line.day]
    width = view.viewport().width()
    if not day.open:
        painter.setBrushOrigin(QPoint(0, band.top))
        ground = hatch_brush(theme.tokens.canvas, theme.tokens.hatch, view.ratio)
        painter.fillRect(QRect(0, band.top, width, band.height), ground)
    _paint_ground(view, painter, line, band)
    painter.setPen(theme.muted)
    left = m.l + BAR + 8
    taken = band.words(empty_words(day), theme.body, (left, width - left - m.l))
    if day.free and view.cursor_line() == line and view.hasFocus():
        at = left + round(taken) + m.l
        painter.setPen(theme.accent)
        band.words("Enter books", theme.small, (at, max(width - at - m.l, 0)))


def _paint_ground(view: AgendaView, painter: QPainter, line: Line, band: Band, *, chosen: bool = False) -> None:
    theme = view.theme
    if not chosen and view.hand.hovered != line:
        return
    painter.fillRect(
        QRect(0, band.top, view.viewport().width(), band.height), theme.selected if chosen else theme.hover
    )


def _paint_row(
    view: AgendaView, painter: QPainter, layout: AgendaLayout, line: Line, band: Band, columns: Columns, now: int
) -> None:
    theme, m = view.theme, view.theme.metrics
    tile = layout.days[line.day].tiles[line.row]
    width = view.viewport().width()
    _paint_ground(view, painter, line, band, chosen=tile.id in view.selected)
    painter.fillRect(QRect(0, band.top + band.height - 1, width, 1), theme.grid)
    style = style_of(tile)
    colours = theme.statuses[style]
    quiet = style in ("completed", "cancelled", "no_show")
    _paint_bar(view, painter, band, style, m.l)
    painter.setPen(theme.muted if quiet else theme.text)
    band.words(view.clock.range(tile.start, tile.end), theme.body, columns.time)
    band.icon(icon_of(tile), colours.bar_name, columns.icon)
    name = _name(view, tile, theme.body if quiet else theme.strong, columns.name[1])
    taken = band.words(name, theme.body if quiet else theme.strong, columns.name)
    if style == "cancelled" and taken:
        painter.fillRect(
            QRect(round(band.x(columns.name[0], taken)), band.top + band.height // 2, round(taken), 1), theme.muted
        )
    painter.setPen(theme.muted)
    band.words(service_of(tile), theme.body, columns.service)
    band.words(one_line(view.providers.get(tile.provider_id, "")), theme.body, columns.provider)
    if tile.note and not view.privacy:
        band.words(one_line(tile.note), theme.small, columns.note)
    painter.setPen(colours.text)
    words, sign = _state(view, tile, now)
    left, room = columns.state
    if sign and room:
        band.icon(sign[0], sign[1], left + room - m.px(16))
        room -= m.px(16) + 6
    band.words(words, theme.small_strong, (left, room))


def _state(view: AgendaView, tile: Tile, now: int) -> tuple[str, tuple[str, str] | None]:
    """The words of the state and the gravest sign beside them."""
    theme = view.theme
    minutes = waited(tile, now)
    words = state_of(tile) + (f" · {minutes}" if minutes else "")
    text = theme.statuses[style_of(tile)].text_name
    for bit, sign, colour in (
        (SYNC_REFUSED | SYNC_CONFLICT, "bang", theme.tokens.danger),
        (PATIENT_ALERT, "alert", theme.tokens.danger),
        (SYNC_PENDING, "cloud", text),
        (OUTCOME_MISSING, "question", text),
    ):
        if tile.flags & bit:
            return words, (sign, colour)
    return words, None


def _name(view: AgendaView, tile: Tile, style: TextStyle, room: float) -> str:
    name = shown_name(tile, view.privacy)
    return next((text for text in shorter_names(name) if style.fits(text, room)), name)


def _paint_bar(view: AgendaView, painter: QPainter, band: Band, style: str, left: int) -> None:
    """The bar in the pattern of its state, at the leading edge."""
    bar = view.theme.statuses[style].bar
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for piece in pieces(style, band.height - 8, BAR):
        x = round(band.x(left + piece.across, piece.width))
        painter.fillRect(QRect(x, band.top + 4 + piece.start, piece.width, piece.length), bar)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _paint_now(view: AgendaView, painter: QPainter, layout: AgendaLayout, y: int, now: int) -> None:
    """A line between what has begun today and what is to come."""
    for number, day in enumerate(layout.days):
        if day.start <= now < day.end and day.tiles:
            coming = next((n for n, tile in enumerate(day.tiles) if tile.start > now), len(day.tiles))
            at = layout.top(number) + layout.head + coming * layout.row - y
            over.paint_now(painter, [(0, view.viewport().width())], at, view.theme)
            return


def _paint_attention(view: AgendaView, painter: QPainter, layout: AgendaLayout, y: int) -> None:
    for tile_id, strength in view.glow.strengths():
        line = layout.where.get(tile_id)
        if line is not None:
            top, bottom = layout.place(line)
            box = Box(top - y + 1, 3, view.viewport().width() - 6, bottom - top - 3, 0, 0, False)
            over.paint_glow(painter, box, view.theme, strength)
    line = view.cursor_line()
    if line is not None and (view.hasFocus() or view.cursor_held):
        top, bottom = layout.place(line)
        ring = float(view.theme.metrics.ring)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        kind = Qt.PenStyle.SolidLine if view.hasFocus() else Qt.PenStyle.DashLine
        painter.setPen(QPen(view.theme.accent, ring, kind))
        rect = QRectF(ring, top - y + ring / 2, view.viewport().width() - 2 * ring, bottom - top - ring - 1)
        painter.drawRoundedRect(rect, 4, 4)


def _paint_skeleton(view: AgendaView, painter: QPainter) -> None:
    """Headings and rows of the size of what comes, at rest."""
    theme, area = view.theme, view.viewport().rect()
    head, row = view.sizes()
    painter.fillRect(area, theme.surface)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    y, number = 0, 0
    while y < area.height():
        if number % 7 == 0:
            painter.fillRect(QRect(0, y, area.width(), head), theme.canvas)
        height = head if number % 7 == 0 else row
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.hover)
        band = Band(view, painter, y, height)
        width = area.width() * (3 + number * 5 % 4) / 12
        left = theme.metrics.l + (0 if number % 7 == 0 else BAR + 8)
        box = QRectF(band.x(left, width), y + height / 2 - theme.body.ink / 2, width, theme.body.ink)
        painter.drawRoundedRect(box, 4, 4)
        y += height
        number += 1
