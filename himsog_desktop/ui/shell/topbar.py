"""Across the top: the clinic, the search, where the data stands, who sits here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from himsog_desktop.ui.shell.controls import MenuButton, ShortText, Surface, Text
from himsog_desktop.ui.shell.search_box import SearchBox

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from himsog_desktop.domain.freshness import Part
    from himsog_desktop.ui.shell.freshness_mark import FreshnessMark
    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme


class Logo(QWidget):
    """The mark and the name; the mark alone when the sidebar is narrow."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.setAccessibleName("Himsog")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(self.width(), self.look.theme.metrics.control)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, m = self.look.theme, self.look.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = m.px(26)
        mark = QRect(m.s + m.xs + (m.icon_large - size) // 2, (self.height() - size) // 2, size, size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.accent)
        painter.drawRoundedRect(mark, m.radius, m.radius)
        pen = QPen(theme.on_accent, size / 9)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        left, right = mark.left() + size * 0.32, mark.left() + size * 0.68
        top, bottom, middle = mark.top() + size * 0.26, mark.top() + size * 0.74, mark.top() + size * 0.5
        painter.drawLine(int(left), int(top), int(left), int(bottom))
        painter.drawLine(int(right), int(top), int(right), int(bottom))
        painter.drawLine(int(left), int(middle), int(right), int(middle))
        if self.width() > m.px(100):
            painter.setFont(theme.section.font)
            painter.setPen(theme.text)
            rect = QRect(mark.right() + m.m, 0, self.width(), self.height())
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, "Himsog")
        painter.end()


class TopBar(Surface):
    """The bar across the top."""

    def __init__(self, look: ThemeSource, parent: QWidget, *, clinic: str, person: str, shared: bool = False) -> None:
        super().__init__(look, parent, edges="b")
        self._row = QHBoxLayout(self)
        self.logo = Logo(look, self)
        self.clinic = MenuButton(look, self.tr("Clinic"), self, strong=True)
        self.clinic.setText(clinic)
        self.clinic.setAccessibleName(self.tr("Clinic: {0}").format(clinic))
        self.clinic.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.search = SearchBox(look, self)
        self.state = Text(look, self.tr("On this computer"), self, style="small", colour="muted")
        if shared:
            self.state.setText("")  # whoever follows the server says it
        else:
            self.state.setToolTip(
                self.tr("This profile has no server: everything is kept, encrypted, on this computer.")
            )
        self.person = MenuButton(look, self.tr("You and this window"), self, glyph="person")
        self.person.setText(person)
        for widget in (self.logo, self.clinic):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        self._row.addWidget(self.search, 8)
        self._row.addStretch(1)
        self._row.addWidget(self.state)
        self._row.addWidget(self.person)
        # What does not fit is left out or shortened; it never makes the window wider.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.restyle(look.theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        px = self.look.theme.metrics.px
        self.state.setVisible(self.width() > px(700))
        self.search.setMinimumWidth(px(220 if self.width() > px(600) else 140))

    def set_sidebar_width(self, width: int) -> None:
        """Keep the mark above the pages."""
        self.logo.setFixedWidth(width - self.look.theme.metrics.s)

    def restyle(self, theme: Theme) -> None:
        m = theme.metrics
        self._row.setContentsMargins(m.s, m.s, m.m, m.s)
        self._row.setSpacing(m.m)
        self.search.setMaximumWidth(m.px(620))
        self._fit()
        self.setFixedHeight(m.control + 2 * m.s + m.xs)


class StatusBar(Surface):
    """Along the bottom: what the program is doing, and what the keyboard stands on."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(look, parent, edges="t")
        self._row = QHBoxLayout(self)
        self.left = ShortText(look, "", self, style="small", colour="muted")
        self.right = Text(look, "", self, style="small", colour="muted")
        self.mark: FreshnessMark | None = None
        self._row.addWidget(self.left, 1)
        self._row.addWidget(self.right)
        self.restyle(look.theme)

    def show_freshness(
        self, part: str, known: Part | None = None, now: int = 0, *, local: bool = True, as_of: str = ""
    ) -> FreshnessMark:
        """How fresh the part in view is; made after the first paint."""
        from himsog_desktop.domain.freshness import Part

        if self.mark is None:
            from himsog_desktop.ui.shell.freshness_mark import FreshnessMark

            self.mark = FreshnessMark(self.look, self, local=local)
            self._row.addWidget(self.mark)
        self.mark.show_part(part, known or Part(), now, as_of)
        return self.mark

    def add_first(self, widget: QWidget) -> None:
        """Something that stands before the words of the page: how it is with the server."""
        self._row.insertWidget(0, widget)

    def restyle(self, theme: Theme) -> None:
        m = theme.metrics
        self._row.setContentsMargins(m.l, 0, m.l, 0)
        self.setFixedHeight(theme.small.line + m.s + m.xs)
