"""The pages at the left: icons and words, or icons alone. Only pages that work stand here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from himsog_desktop.ui.shell.controls import Surface, paint_control

if TYPE_CHECKING:
    from PySide6.QtGui import QEnterEvent, QPaintEvent

    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme

WIDE, NARROW = 200, 56
"""Widths at scale 1 (look)."""


class Entry(NamedTuple):
    """One page: its name in code, its icon, its word, the key that opens it."""

    page: str
    glyph: str
    word: str
    key: str


class NavButton(QAbstractButton):
    """One page in the sidebar."""

    hovered = Signal(str)

    def __init__(self, look: ThemeSource, entry: Entry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.entry = entry
        self.narrow = False
        self.count = 0
        self.alarm = False
        self.setCheckable(entry.page != "")
        self.setAutoExclusive(entry.page != "")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setText(entry.word)
        self.setAccessibleName(entry.word)
        self.setToolTip(f"{entry.word}  {entry.key}".strip())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def shown_keys(self) -> str:
        """The key that it shows."""
        return self.entry.key

    def show_keys(self, keys: str) -> None:
        """Another key: a person gave it to the page."""
        self.entry = self.entry._replace(key=keys)
        self.update()

    def show_count(self, count: int, *, alarm: bool) -> None:
        """How many of the page wait for a person, in place of its key; in alarm colours when it is urgent."""
        if (count, alarm) != (self.count, self.alarm):
            self.count, self.alarm = count, alarm
            self.setAccessibleName(f"{self.entry.word}, {count}" if count else self.entry.word)
            self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.hovered.emit(self.entry.page)

    def sizeHint(self) -> QSize:
        m = self.look.theme.metrics
        return QSize(m.px(NARROW if self.narrow else WIDE) - 2 * m.s, m.row)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        paint_control(painter, theme, self.rect(), hover=self.underMouse(), focus=self.hasFocus(), on=on)
        colour = theme.accent if on else theme.text
        size = m.icon_large
        left = (self.width() - size) // 2 if self.narrow else m.s + m.xs
        name = theme.tokens.accent if on else theme.tokens.muted
        painter.drawPixmap(
            left, (self.height() - size) // 2, theme.icon(self.entry.glyph, name, self.devicePixelRatioF(), size)
        )
        if not self.narrow:
            painter.setFont(theme.strong.font if on else theme.body.font)
            painter.setPen(colour)
            left += size + m.m
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRect(left, 0, self.width() - left - m.s, self.height()), middle, self.entry.word)
            if self.entry.key and not self.count:
                painter.setFont(theme.small.font)
                painter.setPen(theme.muted)
                # A key cap, as in the map of keys: a bare figure would be read as a count.
                side = m.px(18)
                cap = QRect(self.width() - m.s - side, (self.height() - side) // 2, side, side)
                painter.setPen(QPen(theme.line, m.line))
                painter.setBrush(theme.canvas)
                painter.drawRoundedRect(QRectF(cap).adjusted(0.5, 0.5, -0.5, -0.5), m.xs, m.xs)
                painter.setPen(theme.muted)
                painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self.entry.key)
        if self.count:
            self._paint_count(painter)
        painter.end()

    def _paint_count(self, painter: QPainter) -> None:
        """A pill at the right; on the corner of the icon where that stands alone."""
        theme, m = self.look.theme, self.look.theme.metrics
        words = str(self.count) if self.count < 100 else "99+"
        painter.setFont(theme.small_strong.font)
        height = theme.small.line if not self.narrow else theme.small.line - 2
        width = max(round(theme.small_strong.metrics.horizontalAdvance(words)) + m.s, height)
        top = (self.height() - height) // 2 if not self.narrow else 1
        right = self.width() - (m.s if not self.narrow else 1)
        pill = QRectF(right - width, top, width, height)
        requested = theme.statuses["requested"]
        painter.setPen(Qt.PenStyle.NoPen if self.alarm else QPen(requested.bar, m.line))
        painter.setBrush(theme.danger if self.alarm else requested.tint)
        painter.drawRoundedRect(pill.adjusted(0.5, 0.5, -0.5, -0.5), height / 2, height / 2)
        painter.setPen(theme.on_danger if self.alarm else requested.text)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)


class Sidebar(Surface):
    """All pages, and at the bottom the button that makes the bar narrow."""

    chosen = Signal(str)
    hovered = Signal(str)
    narrow_toggled = Signal(bool)

    def __init__(
        self,
        look: ThemeSource,
        entries: tuple[Entry, ...],
        *,
        narrow: bool,
        parent: QWidget,
        last: tuple[Entry, ...] = (),
    ) -> None:
        """``last`` are pages at the bottom."""
        super().__init__(look, parent, edges="r")
        self._wanted = narrow
        self._tight = False
        self.setAccessibleName(self.tr("Pages"))
        self.buttons: dict[str, NavButton] = {}
        self._layout = QVBoxLayout(self)
        for entry in entries:
            self._add(entry)
        self._layout.addStretch(1)
        for entry in last:
            self._add(entry)
        self._fold = NavButton(look, Entry("", "chevron-left", self.tr("Narrow"), ""), self)
        self._fold.clicked.connect(lambda: self.set_narrow(not self.narrow))
        self._layout.addWidget(self._fold)
        self._apply()

    def _add(self, entry: Entry) -> None:
        button = NavButton(self.look, entry, self)
        button.clicked.connect(lambda _on=False, page=entry.page: self.chosen.emit(page))
        button.hovered.connect(self.hovered)
        self.buttons[entry.page] = button
        self._layout.addWidget(button)

    def show_page(self, page: str) -> None:
        """Mark the page that is in view; none for one that the bar has not."""
        button = self.buttons.get(page)
        if button is not None:
            button.setChecked(True)
            return
        for other in self.buttons.values():
            other.setAutoExclusive(False)
            other.setChecked(False)
            other.setAutoExclusive(True)

    @property
    def narrow(self) -> bool:
        """Whether icons stand alone: a person wants it so, or there is no room for words."""
        return self._wanted or self._tight

    def set_narrow(self, narrow: bool) -> None:
        """Icons alone, or with words."""
        if narrow != self._wanted:
            self._wanted = narrow
            self._apply()
            self.narrow_toggled.emit(narrow)

    def set_tight(self, tight: bool) -> None:
        """Whether there is no room for words; what a person wants is kept for when there is."""
        if tight != self._tight:
            self._tight = tight
            self._apply()

    def restyle(self, theme: Theme) -> None:
        self._apply()

    def _apply(self) -> None:
        m = self.look.theme.metrics
        self._layout.setContentsMargins(m.s, m.m, m.s, m.s)
        self._layout.setSpacing(m.xs)
        self.setFixedWidth(m.px(NARROW if self.narrow else WIDE))
        word = self.tr("Widen") if self.narrow else self.tr("Narrow")
        self._fold.entry = Entry("", "chevron-right" if self.narrow else "chevron-left", word, "")
        self._fold.setAccessibleName(self.tr("Widen the sidebar") if self.narrow else self.tr("Narrow the sidebar"))
        self._fold.setToolTip(self._fold.accessibleName())
        self._fold.setVisible(not self._tight)
        for button in (*self.buttons.values(), self._fold):
            button.narrow = self.narrow
            button.updateGeometry()
            button.update()
