"""How it stands with the server, at the left of the status bar: a sign, a few words, a click to where it is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from himsog_desktop.ui.appointments.words import tip
from himsog_desktop.ui.shell.controls import paint_control
from himsog_desktop.ui.sync.words import ALARM, BETWEEN, BUSY, QUIET, WARN, Told

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import TextStyle

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
WIDEST = 240
"""What it keeps at least, at scale 1, of words longer than that."""
NOTHING = Told("", "", QUIET, "cloud", "")


class LinkMark(QAbstractButton):
    """The sign."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.told = NOTHING
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._restyled)

    def show_told(self, told: Told) -> None:
        """Other words."""
        if told == self.told:
            return
        self.told = told
        self.setText(told.words)
        self.setAccessibleName(self.tr("Server: {0}").format(told.words))
        self.setAccessibleDescription(told.tip)
        self.setToolTip(tip(told.tip))
        self._restyled()

    def _restyled(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme, m = self.look.theme, self.look.theme.metrics
        words = round(self._style().metrics.horizontalAdvance(self.text()))
        return QSize(m.px(14) + 3 * m.xs + words + m.s, theme.small.line + m.xs)

    def minimumSizeHint(self) -> QSize:
        # The words of the page give way first: whether the server is there is said whole where that can be.
        found = self.sizeHint()
        return QSize(min(found.width(), self.look.theme.metrics.px(WIDEST)), found.height())

    def _style(self) -> TextStyle:
        theme = self.look.theme
        return theme.small_strong if self.told.tone in (ALARM, WARN) else theme.small

    def _fitting(self, room: int) -> str:
        """Where there is no room for all of it, what waits is said before since when."""
        words, parts = self.text(), self.text().split(BETWEEN)
        if len(parts) == 3 and self._style().metrics.horizontalAdvance(words) > room:
            return BETWEEN.join((parts[0], parts[2]))
        return words

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_control(painter, theme, self.rect(), hover=self.underMouse(), focus=self.hasFocus())
        colour, name = {
            QUIET: (theme.muted, theme.tokens.muted),
            BUSY: (theme.accent, theme.tokens.accent),
            WARN: (theme.statuses["requested"].text, theme.tokens.requested.text),
            ALARM: (theme.danger, theme.tokens.danger),
        }[self.told.tone]
        size = m.px(14)
        top = (self.height() - size) // 2
        painter.drawPixmap(m.xs, top, theme.icon(self.told.glyph, name, self.devicePixelRatioF(), size))
        style = self._style()
        painter.setFont(style.font)
        painter.setPen(colour)
        room = QRect(2 * m.xs + size, 0, self.width() - size - 3 * m.xs, self.height())
        words = style.metrics.elidedText(self._fitting(room.width()), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _LEFT, words)
        painter.end()
