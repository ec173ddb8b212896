"""Paints what lies over the tiles: now, cursor, selection, glow, ghost, hints, skeleton."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from himsog_desktop.ui.calendar.layout import Box, Chip
from himsog_desktop.ui.calendar.paint_grid import elided
from himsog_desktop.ui.theme.theme import TextStyle, Theme

NOW_WEIGHT = 2
SHADOW = 10
"""How far the shadow of what floats reaches, in pixels."""


def faded(colour: QColor, strength: float) -> QColor:
    """A colour at a strength from 0 to 1."""
    made = QColor(colour)
    made.setAlphaF(min(max(strength, 0.0), 1.0))
    return made


def paint_text(painter: QPainter, style: TextStyle, colour: QColor, x: float, middle: float, text: str) -> None:
    """One plain line with the middle of its ink at ``middle``."""
    painter.setFont(style.font)
    painter.setPen(colour)
    painter.drawText(QPointF(round(x), round(middle + style.ink_ascent / 2)), text)


def paint_shadow(painter: QPainter, rect: QRectF, theme: Theme, radius: float) -> None:
    """A soft shadow below and around what floats, without an effect object."""
    painter.setPen(Qt.PenStyle.NoPen)
    steps = 4
    for step in range(steps, 0, -1):
        spread = SHADOW * step / steps
        painter.setBrush(faded(theme.shadow, (0.06 if not theme.dark else 0.14) * (1 - step / (steps + 1))))
        grown = rect.adjusted(-spread * 0.6, -spread * 0.3, spread * 0.6, spread)
        painter.drawRoundedRect(grown, radius + spread * 0.6, radius + spread * 0.6)


def paint_ring(painter: QPainter, rect: QRectF, theme: Theme, *, outside: float = 1.0) -> None:
    """The focus ring: 2 px of accent, a hair of air between it and what it rings."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = theme.metrics.radius
    painter.setPen(QPen(theme.surface, 1.0))
    painter.drawRoundedRect(rect.adjusted(-0.5, -0.5, 0.5, 0.5), radius, radius)
    painter.setPen(QPen(theme.accent, float(theme.metrics.ring)))
    grow = outside + theme.metrics.ring / 2
    painter.drawRoundedRect(rect.adjusted(-grow, -grow, grow, grow), radius + grow, radius + grow)


def paint_selected(painter: QPainter, box: Box, theme: Theme) -> None:
    """A selected tile: an accent line along its edge."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.accent, 2.0))
    radius = theme.metrics.radius - 1
    painter.drawRoundedRect(QRectF(box.x + 1, box.y + 1, box.width - 2, box.height - 2), radius, radius)


def paint_glow(painter: QPainter, box: Box, theme: Theme, strength: float) -> None:
    """Somebody else changed this: a soft rim that fades."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    rect = QRectF(box.x, box.y, box.width, box.height)
    for width, alpha in ((6.0, 0.18), (4.0, 0.28), (2.0, 0.55)):
        painter.setPen(QPen(faded(theme.accent, alpha * strength), width))
        painter.drawRoundedRect(rect, theme.metrics.radius, theme.metrics.radius)


def paint_chip(painter: QPainter, chip: Chip, theme: Theme) -> None:
    """The "+n" of a crowded group."""
    painter.setPen(QPen(theme.line, 1.0))
    painter.setBrush(theme.hover)
    rect = QRectF(chip.x + 1.5, chip.y + 0.5, chip.width - 2, chip.height - 1)
    painter.drawRoundedRect(rect, theme.metrics.radius - 1, theme.metrics.radius - 1)
    style = theme.small_strong
    text = f"+{len(chip.ids)}"
    if chip.height >= style.ink:
        width = style.width(text)
        middle = chip.y + min(chip.height / 2, style.line)
        paint_text(painter, style, theme.text, rect.center().x() - width / 2, middle, text)


def paint_now(painter: QPainter, spans: Iterable[tuple[int, int]], y: int, theme: Theme) -> None:
    """The line of the present moment: under the tiles right across, over them at the edges only.

    A line through a name would look like one that is cancelled.
    """
    for left, right in spans:
        painter.fillRect(QRect(left, y - NOW_WEIGHT // 2, right - left, NOW_WEIGHT), theme.now)


def paint_cursor(painter: QPainter, box: Box, theme: Theme, text: str, *, focused: bool) -> None:
    """The keyboard's free row or range, with its time."""
    rect = QRectF(box.x + 3, box.y + 2, box.width - 7, max(box.height - 3, 4))
    radius = theme.metrics.radius - 1
    painter.setPen(Qt.PenStyle.NoPen if focused else QPen(theme.accent, 1.0, Qt.PenStyle.DashLine))
    painter.setBrush(theme.selected)
    painter.drawRoundedRect(rect if focused else rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    if focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.accent, float(theme.metrics.ring)))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
    style = theme.small_strong
    if rect.height() >= style.ink + 4:
        shown = elided(text, style, rect.width() - 2 * theme.metrics.s)
        middle = rect.y() + min(rect.height() / 2, style.line / 2 + 4)
        paint_text(painter, style, theme.accent, rect.x() + theme.metrics.s, middle, shown)


def callout_rect(theme: Theme, lines: Sequence[str], box: Box, view: QRect) -> QRect:
    """Where the words of a ghost float: below it, above where there is no room, inside the view."""
    pad = theme.metrics.s
    widths = [theme.strong.width(lines[0])]
    widths += [theme.small.width(line) for line in lines[1:]]
    width = min(round(max(widths)) + 2 * pad + 1, max(view.width() - 2 * pad, 40))
    height = theme.strong.line + theme.small.line * (len(lines) - 1) + pad
    x = min(max(box.x, view.left() + pad), max(view.right() + 1 - width - pad, view.left()))
    y = box.bottom + 6
    if y + height > view.bottom():
        y = max(box.y - height - 6, view.top() + 2)
    return QRect(x, y, width, height)


def paint_ghost(
    painter: QPainter, box: Box, theme: Theme, name: str, lines: Sequence[str], view: QRect, *, free: bool
) -> None:
    """Where it would go, and the new time; why not, in words, where it can't."""
    edge, ground = (theme.accent, theme.selected) if free else (theme.danger, theme.danger_tint)
    rect = QRectF(box.x + 3, box.y + 1, box.width - 7, max(box.height - 2, 6))
    radius = theme.metrics.radius
    painter.setBrush(ground)
    painter.setPen(QPen(edge, 2.0, Qt.PenStyle.SolidLine if free else Qt.PenStyle.DashLine))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
    style = theme.strong if rect.height() >= theme.strong.ink + 6 else theme.small_strong
    if name and rect.height() >= style.ink + 2:
        shown = elided(name, style, rect.width() - 2 * theme.metrics.s)
        middle = rect.y() + min(rect.height() / 2, style.line / 2 + 4)
        paint_text(painter, style, edge, rect.x() + theme.metrics.s, middle, shown)
    bubble = QRectF(callout_rect(theme, lines, box, view))
    paint_shadow(painter, bubble, theme, radius)
    painter.setBrush(theme.raised)
    painter.setPen(QPen(theme.line if free else edge, 1.0))
    painter.drawRoundedRect(bubble.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    x = bubble.x() + theme.metrics.s
    y = bubble.y() + theme.metrics.xs
    room = bubble.width() - 2 * theme.metrics.s + 1
    paint_text(painter, theme.strong, edge, x, y + theme.strong.line / 2, elided(lines[0], theme.strong, room))
    y += theme.strong.line
    for line in lines[1:]:
        paint_text(painter, theme.small, theme.text, x, y + theme.small.line / 2, elided(line, theme.small, room))
        y += theme.small.line


def hint_rect(view: QRect, theme: Theme, lines: Sequence[str], below: int = 0) -> QRect:
    """Where a hint of these lines floats, with room for something ``below`` pixels tall under them."""
    m = theme.metrics
    widths = [theme.section.width(lines[0])]
    widths += [theme.body.width(line) for line in lines[1:]]
    width = min(round(max(widths)) + 2 * m.xl, max(view.width() - 2 * m.s, 40))
    height = m.icon_large + m.s + theme.section.line + theme.body.line * (len(lines) - 1) + 2 * m.l
    height += below + m.m if below else 0
    top = view.top() + max(round(view.height() * 0.36 - height / 2), m.s)
    return QRect(view.left() + (view.width() - width) // 2, top, width, height)


def paint_hint(
    painter: QPainter, view: QRect, theme: Theme, lines: Sequence[str], icon: str, ratio: float, below: int = 0
) -> None:
    """A few words in the middle of the view that take nothing away: the grid below stays usable."""
    m = theme.metrics
    box = QRectF(hint_rect(view, theme, lines, below))
    paint_shadow(painter, box, theme, m.radius)
    painter.setBrush(theme.raised)
    painter.setPen(QPen(theme.line, 1.0))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), m.radius, m.radius)
    size = m.icon_large
    place = QPointF(round(box.center().x() - size / 2), box.y() + m.l)
    painter.drawPixmap(place, theme.icon(icon, theme.tokens.muted, ratio, size))
    y = box.y() + m.l + size + m.s
    for number, line in enumerate(lines):
        style = theme.body if number else theme.section
        shown = elided(line, style, box.width() - 2 * m.m)
        x = box.center().x() - style.width(shown) / 2
        paint_text(painter, style, theme.muted if number else theme.text, x, y + style.line / 2, shown)
        y += style.line


def paint_skeleton(
    painter: QPainter, view: QRect, theme: Theme, edges: Iterable[tuple[int, int]], row: float, first: float = 0.0
) -> None:
    """Blocks of the size of what comes, at rest: no shimmer."""
    painter.fillRect(view, theme.surface)
    pattern = ((0, 2), (3, 1), (5, 2), (8, 1), (9, 1), (12, 2), (15, 1))
    painter.setPen(Qt.PenStyle.NoPen)
    y = first
    while y < view.height():
        painter.fillRect(QRect(0, round(y), view.width(), 1), theme.grid)
        y += 2 * row
    for number, (left, right) in enumerate(edges):
        painter.setBrush(theme.hover)
        for start, length in (
            (s + again, n) for again in range(0, round(view.height() / row) + 1, 17) for s, n in pattern
        ):
            top = round(first + (start + number * 2 % 3) * row) + 1
            if top < view.height():
                rect = QRectF(left + 4, top, right - left - 16, round(length * row) - 3)
                painter.drawRoundedRect(rect, theme.metrics.radius - 1, theme.metrics.radius - 1)
        painter.fillRect(QRect(right - 1, 0, 1, view.height()), theme.line)
