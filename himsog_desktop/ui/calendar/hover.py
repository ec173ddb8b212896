"""The hover card: everything an appointment knows, or every reason why a time is not free.

A painted child of the window: no window of its own, no nested loop, the pointer goes through it.
Text is plain, whatever it holds.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from himsog_desktop.ui.calendar.labels import Fact
from himsog_desktop.ui.calendar.paint_overlay import SHADOW, paint_shadow, paint_text
from himsog_desktop.ui.theme.theme import TextStyle, Theme

WIDEST = 340
GAP = 8
MOST_LINES = 6
"""Lines that one fact may run over: a note of a megabyte is still a card."""


class Row(NamedTuple):
    """One painted line."""

    text: str
    style: TextStyle
    colour: QColor
    y: float
    indent: int
    icon: str


class HoverCard(QWidget):
    """Shown beside what it explains."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._theme = theme
        self._rows: list[Row] = []
        self._bar: QColor | None = None
        self.facts: list[Fact] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def show_beside(self, facts: list[Fact], target: QRect, style: str | None) -> None:
        """Lay the facts out and appear to the right of ``target`` (window coordinates), else left."""
        self.facts = facts
        self._bar = self._theme.statuses[style].bar if style is not None else None
        width, height = self._lay_out(facts, style)
        window = self.parentWidget() or self
        x = target.right() + 1 + GAP
        if x + width > window.width() - GAP:
            x = target.left() - GAP - width
        if x < GAP:
            x = max(min(target.left() + GAP, window.width() - GAP - width), GAP)
        y = max(min(target.top(), window.height() - GAP - height), GAP)
        self.setGeometry(QRect(x - SHADOW, y - SHADOW, width + 2 * SHADOW, height + 2 * SHADOW))
        self.raise_()
        self.show()
        self.update()

    def _lay_out(self, facts: list[Fact], style: str | None) -> tuple[int, int]:
        theme = self._theme
        m = theme.metrics
        widest = m.px(WIDEST) - 2 * m.m
        colours = {
            "title": theme.text,
            "state": theme.statuses[style].text if style is not None else theme.muted,
            "fact": theme.text,
            "note": theme.muted,
            "warning": theme.danger,
        }
        self._rows = []
        y, width = float(m.s), 0.0
        for number, fact in enumerate(facts):
            used = theme.section if fact.kind == "title" else theme.strong if fact.kind == "state" else theme.body
            icon = {"warning": "alert", "note": "note"}.get(fact.kind, "")
            indent = m.icon + m.s if icon else 0
            for line_number, line in enumerate(wrapped(fact.text, used, widest - indent)):
                shown = icon if line_number == 0 else ""
                self._rows.append(Row(line, used, colours[fact.kind], y + used.line / 2, indent, shown))
                width = max(width, indent + used.width(line))
                y += used.line
            if number == 0 or (fact.kind == "state"):
                y += 2
        return round(width) + 2 * m.m + 4, round(y) + m.s

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        m = theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        paint_shadow(painter, card, theme, m.radius)
        painter.setBrush(theme.raised)
        painter.setPen(QPen(theme.line, 1.0))
        painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), m.radius, m.radius)
        if self._bar is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._bar)
            painter.drawRoundedRect(QRectF(card.x(), card.y() + m.s, 3, card.height() - 2 * m.s), 1.5, 1.5)
        for row in self._rows:
            x = card.x() + m.m
            middle = card.y() + row.y
            if row.icon:
                colour = theme.tokens.danger if row.icon == "alert" else theme.tokens.muted
                pixmap = theme.icon(row.icon, colour, self.devicePixelRatioF())
                painter.drawPixmap(QPointF(round(x), round(middle - m.icon / 2)), pixmap)
            paint_text(painter, row.style, row.colour, x + row.indent, middle, row.text)
        painter.end()


def wrapped(text: str, style: TextStyle, width: float) -> list[str]:
    """The text in lines of at most that width, by words, a long word by letters; a few lines only."""
    measure = style.width
    text = text[: 200 * MOST_LINES]
    lines: list[str] = []
    line = ""
    for word in text.split():
        wider = f"{line} {word}" if line else word
        if measure(wider) <= width:
            line = wider
            continue
        if line:
            lines.append(line)
        line = word
        while measure(line) > width and len(line) > 1:
            fits = max(len(style.metrics.elidedText(line, Qt.TextElideMode.ElideRight, width)) - 1, 1)
            lines.append(line[:fits])
            line = line[fits:]
    if line:
        lines.append(line)
    if len(lines) > MOST_LINES:
        lines = lines[:MOST_LINES]
        lines[-1] = style.metrics.elidedText(lines[-1] + " …", Qt.TextElideMode.ElideRight, width)
    return lines or [""]
