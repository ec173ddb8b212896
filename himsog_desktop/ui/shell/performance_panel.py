"""The panel "Performance": how fast this window answers, for ourselves and for whoever helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from himsog_desktop.domain.speed import BLOCK, EDGES, FAIR, GOOD, Gauge, Speeds, rating
from himsog_desktop.ui.shell.controls import IconButton, Text
from himsog_desktop.ui.shell.keymap import KEYS, words
from himsog_desktop.ui.shell.panels import Panel

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QColor, QPaintEvent

    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme

_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_SIGNS = {GOOD: "●", FAIR: "▲"}
"""Beside the colour, a shape: poor is a square."""


def kind_words(kind: str) -> str:
    """What a kind of interaction is called."""
    own = {"typing": "Typing in a field", "search": "Typing in the search", "cursor": "Moving the cursor"}
    own |= {"click": "A click", "wheel": "Scrolling", "key": "Another key", "other": "Other", BLOCK: "Longest blocks"}
    if kind in own:
        return QCoreApplication.translate("keys", own[kind])
    return next((words(key) for key in KEYS if key.act == kind), kind.replace("_", " "))


def as_text(speeds: Speeds) -> str:
    """The table as text, to send to whoever helps."""
    lines = ["kind\tcount\tmedian ms\t95 % ms\tlongest ms\trating"]
    for kind, gauge in rows_of(speeds):
        at95 = gauge.percentile(0.95)
        facts = (f"{gauge.percentile(0.5):.0f}", f"{at95:.0f}", f"{gauge.longest:.0f}", rating(at95))
        lines.append("\t".join((kind, str(gauge.count), *facts)))
    return "\n".join(lines)


def rows_of(speeds: Speeds) -> list[tuple[str, Gauge]]:
    """The kinds, the most frequent first, blocks last."""
    return sorted(speeds.kinds.items(), key=lambda row: (row[0] == BLOCK, -row[1].count, row[0]))


class Table(QWidget):
    """The kinds, painted: name, bands as small bars, how many, median and 95 %, and how good that is."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.rows: list[tuple[str, Gauge]] = []
        look.changed.connect(self._fit)

    def show_speeds(self, speeds: Speeds) -> None:
        """Other counts."""
        self.rows = rows_of(speeds)
        told = [
            f"{kind_words(kind)}: {gauge.count}, {gauge.percentile(0.5):.0f} and {gauge.percentile(0.95):.0f} ms, "
            f"{rating(gauge.percentile(0.95))}"
            for kind, gauge in self.rows
        ]
        self.setAccessibleName(self.tr("How fast the window answers"))
        self.setAccessibleDescription("; ".join(told))
        self._fit()
        self.update()

    def _row(self) -> int:
        theme = self.look.theme
        return theme.body.line + theme.small.line + theme.metrics.m

    def _fit(self) -> None:
        self.setMinimumHeight(max(len(self.rows), 1) * self._row())

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self.look.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.surface)
        if not self.rows:
            painter.setFont(theme.body.font)
            painter.setPen(theme.muted)
            painter.drawText(self.rect(), _MIDDLE, self.tr("Nothing was counted yet. Work on, and look again."))
        for at, (kind, gauge) in enumerate(self.rows):
            self._paint_row(painter, kind, gauge, QRect(0, at * self._row(), self.width(), self._row()))
        painter.end()

    def _paint_row(self, painter: QPainter, kind: str, gauge: Gauge, rect: QRect) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        at95 = gauge.percentile(0.95)
        how = rating(at95)
        top = QRect(rect.left(), rect.top(), rect.width(), theme.body.line)
        painter.setFont(theme.strong.font)
        painter.setPen(theme.text)
        chart = m.px(96)
        name = theme.strong.metrics.elidedText(
            kind_words(kind), Qt.TextElideMode.ElideRight, rect.width() - chart - m.m
        )
        painter.drawText(top, _MIDDLE, name)
        _paint_bars(painter, theme, gauge, QRect(rect.right() - chart, rect.top() + 2, chart, theme.body.line - 4))
        low = QRect(rect.left(), top.bottom() + 1, rect.width(), theme.small.line)
        painter.setFont(theme.small.font)
        painter.setPen(theme.muted)
        facts = self.tr("{0} · half {1} ms · 95 % {2} ms").format(
            gauge.count, f"{gauge.percentile(0.5):.0f}", f"{at95:.0f}"
        )
        sign = f"{_SIGNS.get(how, '■')} {how}"
        room = rect.width() - round(theme.small_strong.width(sign)) - m.m
        painter.drawText(low, _MIDDLE, theme.small.metrics.elidedText(facts, Qt.TextElideMode.ElideRight, room))
        painter.setFont(theme.small_strong.font)
        painter.setPen(_colour(theme, how))
        painter.drawText(low, _RIGHT, sign)


def _colour(theme: Theme, how: str) -> QColor:
    if how == GOOD:
        return theme.statuses["completed"].text
    return theme.statuses["requested"].text if how == FAIR else theme.danger


def _paint_bars(painter: QPainter, theme: Theme, gauge: Gauge, rect: QRect) -> None:
    """The bands from fast to slow, each in the colour of how good it is."""
    most = max(gauge.counts) or 1
    each = rect.width() / len(gauge.counts)
    for band, n in enumerate(gauge.counts):
        if n:
            tall = max(2.0, rect.height() * n / most)
            edge = EDGES[band] if band < len(EDGES) else EDGES[-1] + 1
            bar = QRectF(rect.left() + band * each, rect.bottom() + 1 - tall, max(each - 1, 1), tall)
            painter.fillRect(bar, _colour(theme, rating(edge)))
    painter.fillRect(QRect(rect.left(), rect.bottom() + 1, rect.width(), theme.metrics.line), theme.line)


class PerformancePanel(Panel):
    """The table, Copy and Clear."""

    def __init__(self, look: ThemeSource, read: Callable[[], Speeds], clear: Callable[[], None]) -> None:
        super().__init__("")
        self.set_title(self.tr("Performance"))
        self._read, self._clear = read, clear
        m = look.theme.metrics
        column = QVBoxLayout(self)
        column.setContentsMargins(m.l, 0, m.l, m.l)
        column.setSpacing(m.m)
        self.says = Text(look, "", self, colour="muted", wrap=True)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table = Table(look, area)
        area.setWidget(self.table)
        self.copy = IconButton(look, "", self.tr("Copy the table"), self, words=self.tr("Copy"), kind="plain")
        self.renew = IconButton(look, "retry", self.tr("Count again what is there now"), self)
        self.forget = IconButton(look, "", self.tr("Begin counting anew"), self, words=self.tr("Clear"), kind="plain")
        buttons = QHBoxLayout()
        for made in (self.copy, self.forget, self.renew):
            buttons.addWidget(made)
        buttons.addStretch(1)
        column.addWidget(self.says)
        column.addWidget(area, 1)
        column.addLayout(buttons)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(as_text(self._read())))
        self.renew.clicked.connect(self.show_now)
        self.forget.clicked.connect(self._begin_anew)
        self.show_now()

    def focus_first(self) -> None:
        self.copy.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_now(self) -> None:
        """Read the counts."""
        speeds = self._read()
        total = speeds.total
        self.says.setText(
            self.tr(
                "From a key or click to the paint that shows its effect. Good is up to 50 ms, poor above 150 ms. "
                "{0} counted; the longest block was {1} ms. Only names of acts and milliseconds are kept."
            ).format(total.count, f"{speeds.longest_block:.0f}")
        )
        self.table.show_speeds(speeds)

    def _begin_anew(self) -> None:
        self._clear()
        self.show_now()
