"""The sign of how fresh the part in view is: a tick, a turning arrow, a clock to press, a mark of failure to press.

A profile without a server shows the tick always; nothing turns there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from himsog_desktop.domain.freshness import Part, State, policy_of, state
from himsog_desktop.ui.shell.controls import paint_control

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from himsog_desktop.ui.theme.system import ThemeSource

_GLYPHS = {State.FRESH: "tick", State.FETCHING: "retry", State.STALE: "clock", State.FAILED: "bang"}
_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class FreshnessMark(QAbstractButton):
    """One part's sign. ``asked`` follows a press on what is stale or failed."""

    asked = Signal(str)

    def __init__(self, look: ThemeSource, parent: QWidget, *, local: bool = True) -> None:
        super().__init__(parent)
        self.look = look
        self.part = "calendar"
        self.state = State.FRESH
        self._local = local
        self._as_of = ""
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._pressed)
        look.changed.connect(self._restyled)
        self._say()

    def show_part(self, part: str, known: Part, now: int, as_of: str = "") -> None:
        """The part in view and what is known of it; ``as_of`` is when that was so, in words."""
        found = state(policy_of(part), known, now, local=self._local)
        if (part, found, as_of) != (self.part, self.state, self._as_of):
            self.part, self.state, self._as_of = part, found, as_of
            self._say()

    def _say(self) -> None:
        words = {
            State.FRESH: self.tr("Up to date"),
            State.FETCHING: self.tr("Reading again"),
            State.STALE: self.tr("As of {0}: press to read again").format(self._as_of)
            if self._as_of
            else self.tr("Older: press to read again"),
            State.FAILED: self.tr("Could not be read: try again"),
        }[self.state]
        self.setText(words)
        self.setAccessibleName(words)
        local = self.tr("Everything is kept on this computer, so this is always up to date.")
        self.setToolTip(local if self._local else words)
        can = self.state in (State.STALE, State.FAILED)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if can else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if can else Qt.CursorShape.ArrowCursor)
        self.updateGeometry()
        self.update()

    def _pressed(self) -> None:
        if self.state in (State.STALE, State.FAILED):
            self.asked.emit(self.part)

    def _restyled(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme, m = self.look.theme, self.look.theme.metrics
        words = round(theme.small.metrics.horizontalAdvance(self.text()))
        return QSize(m.px(12) + m.xs + words + 2 * m.xs + 1, theme.small.line + m.xs)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        can = self.state in (State.STALE, State.FAILED)
        paint_control(painter, theme, self.rect(), hover=can and self.underMouse(), focus=self.hasFocus())
        colour, name = {
            State.FRESH: (theme.muted, theme.tokens.muted),
            State.FETCHING: (theme.accent, theme.tokens.accent),
            State.STALE: (theme.statuses["requested"].text, theme.tokens.requested.text),
            State.FAILED: (theme.danger, theme.tokens.danger),
        }[self.state]
        size = m.px(12)
        painter.drawPixmap(
            m.xs,
            (self.height() - size) // 2,
            theme.icon(_GLYPHS[self.state], name, self.devicePixelRatioF(), size),
        )
        painter.setFont(theme.small.font)
        painter.setPen(colour)
        painter.drawText(QRect(2 * m.xs + size, 0, self.width(), self.height()), _MIDDLE, self.text())
        painter.end()
