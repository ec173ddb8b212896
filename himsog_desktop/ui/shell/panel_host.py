"""The room for one panel beside the day: 380 px, slides in, gives the keyboard back when it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from himsog_desktop.ui.shell.controls import IconButton, Surface, Text

if TYPE_CHECKING:
    from PySide6.QtCore import QPropertyAnimation
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent

    from himsog_desktop.ui.shell.panels import Panel
    from himsog_desktop.ui.theme.system import ThemeSource
    from himsog_desktop.ui.theme.theme import Theme

WIDTH, LEAST, DAY = 380, 320, 220
"""Width at scale 1 (look); the least where there is little room; what is left to the day before that."""
MOST, EDGE = 720, 5
"""The widest that a person may draw it, at scale 1; pixels of its left edge that can be taken hold of."""


class PanelHost(Surface):
    """Shows at most one panel. ``emptied`` follows when it went, so that the day takes the keyboard."""

    emptied = Signal()
    shown = Signal()
    widened = Signal(int)
    """A person drew the edge: the width that she wants, at scale 1."""

    def __init__(self, look: ThemeSource, parent: QWidget) -> None:
        super().__init__(look, parent, edges="l")
        self.panel: Panel | None = None
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        head = QWidget(self)
        self._head = QHBoxLayout(head)
        self._title = Text(look, "", head, style="section")
        close = IconButton(look, "cross", self.tr("Close panel"), head, keys="Esc")
        close.clicked.connect(self.ask_close)
        self._head.addWidget(self._title, 1)
        self._head.addWidget(close)
        self._column.addWidget(head)
        self._slide: QPropertyAnimation | None = None
        self._room = 0
        self._wanted = WIDTH
        self._edge = Edge(self)
        self.restyle(look.theme)
        self.hide()

    def show_panel(self, panel: Panel) -> None:
        """Put a panel here, in place of the one that stands here, and give it the keyboard."""
        self._take_away()
        self.panel = panel
        panel.setParent(self)
        self._column.addWidget(panel, 1)
        panel.closed.connect(self.close_panel)
        panel.title_changed.connect(self._title.setText)
        self._title.setText(panel.title)
        self.setAccessibleName(panel.title)
        panel.show()
        was_hidden = self.isHidden()
        self.show()
        if was_hidden:
            self._slide_in(panel)
        panel.focus_first()
        self.shown.emit()

    def ask_close(self) -> bool:
        """Close it if it lets us. Whether it is gone."""
        if self.panel is not None and not self.panel.may_close():
            return False
        self.close_panel()
        return True

    def close_panel(self) -> None:
        """Take the panel away."""
        if self.panel is None:
            return
        self._take_away()
        self.hide()
        self.emptied.emit()

    def _take_away(self) -> None:
        panel, self.panel = self.panel, None
        if self._slide is not None:
            self._slide.stop()
            self._slide = None
        if panel is not None:
            panel.closed.disconnect(self.close_panel)
            self._column.removeWidget(panel)
            panel.hide()
            # Its hundred parts are taken down after the day without it has been painted, not before.
            QTimer.singleShot(0, panel.deleteLater)

    @property
    def sliding(self) -> bool:
        """Whether the panel is still on its way in."""
        return self._slide is not None and self._slide.currentTime() < self._slide.duration()

    def _slide_in(self, panel: Panel) -> None:
        theme = self.look.theme
        if theme.reduced_motion or not self.isVisible():
            return
        from PySide6.QtCore import QEasingCurve, QPropertyAnimation

        self._column.activate()
        slide = QPropertyAnimation(panel, b"pos", self)
        slide.setDuration(theme.metrics.motion_ms)
        slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        slide.setStartValue(panel.pos() + QPoint(self.width(), 0))
        slide.setEndValue(panel.pos())
        slide.start(QPropertyAnimation.DeletionPolicy.KeepWhenStopped)
        self._slide = slide

    def set_room(self, room: int) -> None:
        """How many pixels the day and this have between them."""
        self._room = room
        self._fit()

    def set_wanted(self, width: int | None) -> None:
        """How wide a person wants it, at scale 1; None as usual."""
        self._wanted = min(max(width or WIDTH, LEAST), MOST)
        self._fit()

    def draw_to(self, width: int) -> None:
        """The edge is drawn: so many pixels wide."""
        scale = self.look.theme.metrics.scale
        self.set_wanted(round(width / scale))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._edge.setGeometry(0, 0, EDGE, self.height())
        self._edge.raise_()

    def _fit(self) -> None:
        px = self.look.theme.metrics.px
        width = px(self._wanted)
        if self._room:
            width = min(max(self._room - px(DAY), px(LEAST)), width, self._room)
        self.setFixedWidth(width)

    def restyle(self, theme: Theme) -> None:
        m = theme.metrics
        self._fit()
        self._column.setContentsMargins(m.line, 0, 0, 0)
        self._head.setContentsMargins(m.l, m.s, m.s, m.s)
        self.update()

    def wider(self, step: int) -> None:
        """Wider or narrower by a step, from the palette."""
        self.set_wanted(self._wanted + step)
        self.widened.emit(self._wanted)

    def edge_let_go(self) -> None:
        """The edge was drawn to where it is."""
        self.widened.emit(self._wanted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.ask_close()
            event.accept()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # The day under the panel must not get clicks that fall between its fields.
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
            event.accept()
            return True
        return super().event(event)


class Edge(QWidget):
    """The left edge of the panel: drawn, it makes the panel wider or narrower; a double click gives the usual width."""

    def __init__(self, host: PanelHost) -> None:
        super().__init__(host)
        self._host = host
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setAccessibleName(self.tr("Width of the panel"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of it."""
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw it."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            right = self._host.mapToGlobal(QPoint(self._host.width(), 0)).x()
            self._host.draw_to(right - event.globalPosition().toPoint().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of it."""
        self._host.edge_let_go()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """As usual."""
        self._host.set_wanted(None)
        self._host.edge_let_go()
        event.accept()
