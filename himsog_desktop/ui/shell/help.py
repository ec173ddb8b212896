"""F1: the map of all keys, laid over the window; any key or click takes it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from himsog_desktop.ui.shell.keymap import KEYS, Key, bindings

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent

    from himsog_desktop.ui.shell.keymap import Chosen
    from himsog_desktop.ui.theme.system import ThemeSource


class KeyMap(QWidget):
    """The overlay. It covers its parent and goes with the next key."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self._under = parent
        self.setAccessibleName(self.tr("The map of keys"))
        self.set_keys(())
        self._before: QWidget | None = None
        parent.installEventFilter(self)
        self.hide()

    def set_keys(self, chosen: Chosen) -> None:
        """The keys that a person gave to acts."""
        self._keys = bindings(chosen)
        lines = [f"{key.words}: {' or '.join(self._keys.shown(key.act))}" for key in KEYS]
        self.setAccessibleDescription("; ".join(lines))
        self.update()

    def toggle(self) -> None:
        """Show it, or take it away."""
        if self.isVisible():
            self.close_map()
            return
        self._before = self.window().focusWidget()
        self.setGeometry(self._under.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def close_map(self) -> None:
        """Take it away and give the keyboard back to whoever had it, if she is still there."""
        before, self._before = self._before, None
        had = self.hasFocus()
        self.hide()
        if had and before is not None and shiboken6.isValid(before):
            before.setFocus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        # A key of the whole window (Ctrl+N) opened something: the map must not lie over it.
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self._before = None
            self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.close_map()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close_map()
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._under.rect())
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(theme.canvas)
        veil.setAlpha(225)
        painter.fillRect(self.rect(), veil)
        groups: dict[str, list[Key]] = {}
        for key in KEYS:
            groups.setdefault(key.group, []).append(key)
        row = m.px(26)
        columns = self._columns(list(groups.items()))
        # A heading, its keys and half a row of air for each group; none after the last.
        tall = max(sum(2 * len(keys) + 3 for _, keys in column) - 1 for column in columns) * row // 2
        width, height = m.px(860), m.px(56) + tall + m.l
        # All of it or nothing: with large letters in a small window it is drawn smaller, never cut.
        scale = min(1.0, (self.width() - 2 * m.l) / width, (self.height() - 2 * m.l) / height)
        painter.scale(scale, scale)
        left, top = round(self.width() / scale - width) // 2, round(self.height() / scale - height) // 2
        card = QRect(left, top, width, height)
        painter.setBrush(theme.raised)
        painter.setPen(QPen(theme.line, m.line))
        painter.drawRoundedRect(QRectF(card).adjusted(0.5, 0.5, -0.5, -0.5), m.radius, m.radius)
        painter.setPen(theme.text)
        painter.setFont(theme.title.font)
        painter.drawText(card.adjusted(m.xl, m.l, 0, 0), 0, self.tr("Keys"))
        each = (card.width() - m.xl) // len(columns)
        for number, column in enumerate(columns):
            left, top = card.left() + m.xl + number * each, card.top() + m.px(56)
            for group, keys in column:
                painter.setFont(theme.small_strong.font)
                painter.setPen(theme.muted)
                painter.drawText(QRect(left, top, each, row), Qt.AlignmentFlag.AlignVCenter, group)
                top += row
                for key in keys:
                    self._paint_key(painter, key, QRect(left, top, each - m.xl, row))
                    top += row
                top += row // 2
        painter.end()

    def _columns(self, groups: list[tuple[str, list[Key]]]) -> list[list[tuple[str, list[Key]]]]:
        """The groups in two columns of about the same height."""
        half = len(groups) // 2
        return [groups[:half], groups[half:]]

    def _paint_key(self, painter: QPainter, key: Key, rect: QRect) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter.setFont(theme.body.font)
        painter.setPen(theme.text)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, key.words)
        right = rect.right()
        painter.setFont(theme.small.font)
        for word in reversed(self._keys.shown(key.act)):
            width = round(theme.small.metrics.horizontalAdvance(word)) + 2 * m.s
            cap = QRect(right - width, rect.top() + 3, width, rect.height() - 6)
            painter.setPen(QPen(theme.line, m.line))
            painter.setBrush(theme.canvas)
            painter.drawRoundedRect(QRectF(cap).adjusted(0.5, 0.5, -0.5, -0.5), m.xs, m.xs)
            painter.setPen(theme.text)
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, word)
            right -= width + m.xs
