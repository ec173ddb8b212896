"""A window that pictures are taken of: its hands, its camera, and what a shot is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from himsog_desktop.ui.bench.probe import Probe

if TYPE_CHECKING:
    from himsog_desktop.ui.calendar.day_view import DayView
    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.day import Day
    from himsog_desktop.ui.shell.program import Program
    from himsog_desktop.ui.shell.workspace import Workspace
    from himsog_desktop.ui.theme.tokens import Scheme

USUAL = QSize(1366, 768)
SMALL = QSize(960, 600)
LARGE = QSize(1920, 1080)
QUIET = 0.06
"""Seconds without any work under way after which a screen is taken as it stands."""


class Stage:
    """One window on one profile."""

    def __init__(self, program: Program, scheme: Scheme) -> None:
        self.program = program
        self.scheme: Scheme = scheme
        self.hand = Probe(program)

    @property
    def workspace(self) -> Workspace:
        """The open session's screen."""
        return self.hand.workspace

    @property
    def context(self) -> DeskContext:
        """The parts of the open session."""
        return self.workspace.ready

    @property
    def day(self) -> Day:
        """The page Today."""
        return self.workspace.day

    @property
    def view(self) -> DayView:
        """The painted day."""
        return self.workspace.day.view

    # ------------------------------------------------------------------------------------ hands

    def settle(self, seconds: float = QUIET) -> None:
        """Until nothing is under way."""
        self.hand.quiet(seconds)

    def reset(self, size: QSize) -> None:
        """Back to today with nothing open, in a window of that size."""
        window = self.program.window
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        if window.size() != size:
            window.resize(size)
        workspace = window.workspace
        if workspace is None or workspace.context is None:
            self.settle()
            return
        workspace.host.close_panel()
        workspace.messages.clear()
        workspace.top.search.clear()
        workspace.top.search.put_away()
        workspace.prefs.set(workspace.prefs.now._replace(scheme=self.scheme, scale=1.0, narrow=False, zoom=15))
        workspace.sidebar.set_narrow(False)
        self.view.hand.cancel()
        self.view.set_selection(())
        self.view.pointer.hide_card()
        workspace.open_page("today")
        self.settle()

    def press(self, key: Qt.Key, text: str = "") -> None:
        """A key to whoever has the keyboard."""
        self.hand.key(key, text)

    def drag(self, start: QPoint, to: QPoint, over: DayView | None = None) -> None:
        """Take what is at a point of the day (or of another grid) and carry it to another, without letting go."""
        view = over or self.view
        self._mouse(view, QEvent.Type.MouseButtonPress, start, Qt.MouseButton.LeftButton)
        steps = 6
        for i in range(1, steps + 1):
            at = start + (to - start) * i / steps
            self._mouse(view, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton)

    def let_go(self) -> None:
        """Give back what is dragged."""
        self.view.hand.cancel()

    @staticmethod
    def _mouse(view: DayView, kind: QEvent.Type, at: QPoint, button: Qt.MouseButton) -> None:
        viewport = view.viewport()
        everywhere = QPointF(viewport.mapToGlobal(at))
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(kind, QPointF(at), everywhere, button, left, none)
        QCoreApplication.sendEvent(viewport, event)

    # ----------------------------------------------------------------------------------- camera

    def picture(self) -> QPixmap:
        """The window as it stands, with the menus over it."""
        window = self.program.window
        taken = window.grab()
        painter = QPainter(taken)
        for widget in QApplication.topLevelWidgets():
            if widget is not window and widget.isVisible() and _floats(widget):
                at = widget.mapToGlobal(QPoint(0, 0)) - window.mapToGlobal(QPoint(0, 0))
                painter.drawPixmap(at, widget.grab())
                painter.setPen(QColor(Qt.GlobalColor.transparent))
        painter.end()
        return taken


def _floats(widget: QWidget) -> bool:
    return widget.windowType() in (Qt.WindowType.Popup, Qt.WindowType.ToolTip, Qt.WindowType.Tool)


class Shot(NamedTuple):
    """One state: which profile it is on, how large the window is, what is done before and after the picture.

    ``sight`` is one of ``sight.SIGHTS``: how the picture looks to somebody who sees fewer colours.
    """

    name: str
    prepare: Callable[[Stage], None]
    size: QSize = USUAL
    profile: str = "clinic"
    tidy: Callable[[Stage], None] | None = None
    sight: str = "usual"
