"""How many appointments each section holds, in one line above the list: a click goes there (DSH-3, APT-9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy

from himsog_desktop.ui.calendar.labels import STATES
from himsog_desktop.ui.shell.controls import IconButton, Surface, paint_control

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme

STYLES = {
    "PENDING": ("requested", "hourglass"),
    "CONFIRMED": ("confirmed", "tick"),
    "COMPLETED": ("completed", "double-tick"),
    "CANCELLED": ("cancelled", "cross"),
    "NO_SHOW": ("no_show", "person-crossed"),
}


class CountButton(QAbstractButton):
    """The icon of a state, its number, and its word while there is room."""

    def __init__(self, look: ThemeSource, status: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.status = status
        self.count = ""
        self.wordless = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_count(self, count: str) -> None:
        """So many."""
        if count != self.count:
            self.count = count
            self.setAccessibleName(f"{STATES[self.status]} {count}")
            self.setToolTip(self.accessibleName())
            self.updateGeometry()
            self.update()

    def wide(self) -> int:
        """The width with the word."""
        return self._width(STATES[self.status])

    def _width(self, word: str) -> int:
        theme, m = self.look.theme, self.look.theme.metrics
        text = round(theme.strong.width(self.count)) + (round(theme.body.width(word)) + m.xs if word else 0)
        return m.px(14) + m.xs + text + 2 * m.s + 2

    def sizeHint(self) -> QSize:
        m = self.look.theme.metrics
        return QSize(self._width("" if self.wordless else STATES[self.status]), m.px(28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_control(painter, theme, self.rect(), hover=self.underMouse(), focus=self.hasFocus(), down=self.isDown())
        style, glyph = STYLES[self.status]
        size = m.px(14)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        middle = Qt.AlignmentFlag.AlignVCenter

        def place(x: int, width: int) -> int:
            return self.width() - x - width if mirrored else x

        colours = theme.statuses[style]
        icon = theme.icon(glyph, colours.bar_name, self.devicePixelRatioF(), size)
        painter.drawPixmap(place(m.s, size), (self.height() - size) // 2, icon)
        x = m.s + size + m.xs
        width = round(theme.strong.metrics.horizontalAdvance(self.count)) + 1
        painter.setFont(theme.strong.font)
        painter.setPen(theme.text)
        painter.drawText(QRect(place(x, width), 0, width, self.height()), middle, self.count)
        if not self.wordless:
            x += width + m.xs
            word = STATES[self.status]
            width = round(theme.body.metrics.horizontalAdvance(word)) + 1
            painter.setFont(theme.body.font)
            painter.setPen(theme.muted)
            painter.drawText(QRect(place(x, width), 0, width, self.height()), middle, word)
        painter.end()


class SectionStrip(Surface):
    """The buttons of all sections, and at the end what asks for order again."""

    section_asked = Signal(str)
    order_asked = Signal()

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(look, parent, edges="b")
        self.buttons = {status: CountButton(look, status, self) for status in STYLES}
        self._row = QHBoxLayout(self)
        for status, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, status=status: self.section_asked.emit(status))
            self._row.addWidget(button)
        self._row.addStretch(1)
        self.stale = IconButton(look, "retry", self.tr("Put the list in order again"), self, words=" ", keys="Ctrl+R")
        self.stale.clicked.connect(self.order_asked)
        self.stale.hide()
        self._row.addWidget(self.stale)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.restyle(look.theme)

    def show_counts(self, counts: Sequence[tuple[str, str]]) -> None:
        """The sections that are shown, with their numbers."""
        shown = dict(counts)
        for status, button in self.buttons.items():
            button.setVisible(status in shown)
            button.show_count(shown.get(status, ""))
        self._fit()

    def show_stale(self, changed: int) -> None:
        """So many rows stand elsewhere by now."""
        self.stale.setVisible(bool(changed))
        if changed:
            self.stale.set_words(self.tr("{0} changed · Ctrl+R").format(f"{changed:,}"))
        self._fit()

    def restyle(self, theme: Theme) -> None:
        m = theme.metrics
        self._row.setContentsMargins(m.m, m.xs, m.m, m.xs)
        self._row.setSpacing(m.xs)
        self.setFixedHeight(m.px(28) + 2 * m.xs)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        m = self.look.theme.metrics
        shown = [button for button in self.buttons.values() if not button.isHidden()]
        room = self.width() - 2 * m.m - (self.stale.sizeHint().width() if not self.stale.isHidden() else 0)
        wordless = sum(button.wide() + m.xs for button in shown) > room
        for button in shown:
            if button.wordless != wordless:
                button.wordless = wordless
                button.updateGeometry()
                button.update()
