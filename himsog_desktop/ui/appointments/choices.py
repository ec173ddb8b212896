"""Choosing one of a few: a list that opens, and segments in a row. Both by arrows alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QComboBox, QHBoxLayout, QSizePolicy, QWidget

from himsog_desktop.ui.appointments.fields import is_enter
from himsog_desktop.ui.appointments.painting import paint_frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QEnterEvent, QPaintEvent, QWheelEvent

    from himsog_desktop.ui.theme.system import ThemeSource

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class Choice(QComboBox):
    """A choice of a few: the arrows change it, typing finds. It never changes under the wheel."""

    def __init__(self, look: ThemeSource, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._restyled)

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer these (key, words), keeping what is chosen where it is still there."""
        kept = self.key
        self.blockSignals(True)
        self.clear()
        for key, words in choices:
            self.addItem(words, key)
        found = self.findData(kept)
        self.setCurrentIndex(max(found, 0))
        self.blockSignals(False)

    @property
    def key(self) -> str:
        """The key of what is chosen."""
        return str(self.currentData() or "")

    def choose(self, key: str) -> None:
        """Choose one, without a signal; the first where there is none of that key."""
        self.blockSignals(True)
        self.setCurrentIndex(max(self.findData(key), 0))
        self.blockSignals(False)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.theme.metrics.px(120), self.look.theme.metrics.control)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.theme.metrics.px(72), self.look.theme.metrics.control)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling the panel must not change what will be booked.
        event.ignore()

    def _restyled(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_frame(painter, self.rect(), theme.surface, theme.accent if self.hasFocus() else theme.line, self._pen())
        right = self.width() - m.s - m.icon
        painter.drawPixmap(
            right,
            (self.height() - m.icon) // 2,
            theme.icon("chevron-down", theme.tokens.muted, self.devicePixelRatioF()),
        )
        painter.setFont(theme.body.font)
        painter.setPen(theme.text if self.isEnabled() else theme.muted)
        room = right - m.xs - m.s
        words = theme.body.metrics.elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(m.s, 0, room, self.height()), _LEFT, words)
        painter.end()

    def _pen(self) -> int:
        m = self.look.theme.metrics
        return m.ring if self.hasFocus() else m.line


class Segment(QAbstractButton):
    """One of a few that exclude each other."""

    def __init__(self, look: ThemeSource, text: str, key: str, parent: QWidget, glyph: str = "") -> None:
        super().__init__(parent)
        self.look = look
        self.key = key
        self.framed = False
        """Whether it stands alone, with a line of its own around it."""
        self._glyph = glyph
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        theme, m = self.look.theme, self.look.theme.metrics
        style = theme.small if m.scale > 1.3 else theme.body
        icon = m.icon + m.xs if self._glyph else 0
        return QSize(round(style.metrics.horizontalAdvance(self.text())) + icon + 2 * m.s, m.px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.theme.metrics.px(28), self.sizeHint().height())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) and not event.modifiers():
            self.click()
            event.accept()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = self.rect().adjusted(1, 1, -1, -1)
        if self.isChecked():
            paint_frame(painter, inner, theme.selected, theme.accent, m.line, m.radius - 1)
        elif self.underMouse():
            paint_frame(painter, inner, theme.hover, theme.hover, 0, m.radius - 1)
        if self.framed and not self.isChecked():
            fill = theme.hover if self.underMouse() else theme.surface
            paint_frame(painter, self.rect(), fill, theme.line, m.line)
        if self.hasFocus():
            paint_frame(
                painter, self.rect(), theme.selected if self.isChecked() else theme.surface, theme.accent, m.ring
            )
        style = theme.body
        icon = m.icon + m.xs if self._glyph else 0
        words = style.metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - icon - 2 * m.xs)
        width = round(style.metrics.horizontalAdvance(words)) + icon
        left = max((self.width() - width) // 2, m.xs)
        colour = theme.tokens.text if self.isEnabled() else theme.tokens.muted
        if self._glyph:
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(left, (self.height() - m.icon) // 2, theme.icon(self._glyph, colour, ratio))
        painter.setFont(style.font)
        painter.setPen(theme.text if self.isEnabled() else theme.muted)
        painter.drawText(QRect(left + icon, 0, self.width() - left - icon, self.height()), _LEFT, words)
        painter.end()


class Segments(QWidget):
    """A row of segments in one frame; left and right choose."""

    chosen = Signal(str)

    def __init__(self, look: ThemeSource, name: str, choices: Sequence[tuple[str, str, str]], parent: QWidget) -> None:
        """``choices`` are (key, words, icon or nothing)."""
        super().__init__(parent)
        self.look = look
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        line = QHBoxLayout(self)
        line.setContentsMargins(1, 1, 1, 1)
        line.setSpacing(0)
        self.segments: list[Segment] = []
        for key, words, glyph in choices:
            made = Segment(look, words, key, self, glyph)
            made.setAccessibleName(f"{name}: {words}")
            self._group.addButton(made)
            self.segments.append(made)
            line.addWidget(made)
        self.segments[0].setChecked(True)
        self._group.buttonToggled.connect(self._toggled)
        look.changed.connect(self._restyled)

    @property
    def key(self) -> str:
        """What is chosen."""
        found = self._group.checkedButton()
        return found.key if isinstance(found, Segment) else ""

    def choose(self, key: str) -> None:
        """Choose without a signal."""
        for segment in self.segments:
            if segment.key == key:
                self._group.blockSignals(True)
                segment.setChecked(True)
                self._group.blockSignals(False)

    def _toggled(self, segment: QAbstractButton, on: bool) -> None:
        if on and isinstance(segment, Segment):
            self.chosen.emit(segment.key)

    def _restyled(self) -> None:
        for segment in self.segments:
            segment.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self.look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_frame(painter, self.rect(), theme.surface, theme.line, theme.metrics.line)
        painter.end()
