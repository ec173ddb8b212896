"""The main window: a frame that shows a gate or an open session, remembers itself, and owns the shortcuts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import QMainWindow, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QShortcut

    from himsog_desktop.ui.shell.gates import Gate
    from himsog_desktop.ui.shell.help import KeyMap
    from himsog_desktop.ui.shell.keymap import Chosen
    from himsog_desktop.ui.shell.workspace import Workspace
    from himsog_desktop.ui.theme.system import ThemeSource

PRODUCT = "Himsog Desktop"
LEAST = (960, 600)
USUAL = (1366, 768)
FRAME = 48
"""What a frame and a title may take."""


class Place(NamedTuple):
    """A window's place in pixels of the desktop; ``maximised`` comes on top of it."""

    x: int
    y: int
    width: int
    height: int
    maximised: bool = False


class MainWindow(QMainWindow):
    """The frame. The window's title never holds a patient's name."""

    painted = Signal()
    """The first paint is on the screen; everything that can wait begins now."""
    closing = Signal()
    quit_asked = Signal()
    help_asked = Signal()

    def __init__(self, look: ThemeSource) -> None:
        super().__init__()
        self.look = look
        self.workspace: Workspace | None = None
        self.gate: Gate | None = None
        self._map: KeyMap | None = None
        self._told_painted = False
        self._keys: Chosen | None = None
        self._shortcuts: list[QShortcut] = []
        self.setObjectName("window")
        self.setWindowTitle(PRODUCT)
        self.setMinimumSize(*LEAST)
        self._first_place()

    # ------------------------------------------------------------------------------ content

    def show_workspace(self, workspace: Workspace, clinic: str) -> None:
        """An open profile."""
        self._replace(workspace)
        self.workspace = workspace
        self.setWindowTitle(f"{clinic} – {PRODUCT}")
        workspace.help_asked.connect(self.toggle_help)
        workspace.quit_asked.connect(self.close)

    def show_gate(self, gate: Gate) -> None:
        """A page that stands before a profile."""
        self._replace(gate)
        self.gate = gate
        self.setWindowTitle(PRODUCT)
        gate.focus_first()

    def _replace(self, content: QWidget) -> None:
        self._map = None
        self.workspace = None
        self.gate = None
        old = self.takeCentralWidget()
        if old is not None:
            old.hide()
            old.deleteLater()
        self.setCentralWidget(content)

    def toggle_help(self) -> None:
        """F1."""
        if self._map is None:
            from himsog_desktop.ui.shell.help import KeyMap

            shared = self.workspace is not None and self.workspace.session.opened.shared
            self._map = KeyMap(self.look, self.centralWidget() or self, shared=shared)
            self._map.print_asked.connect(self._print_map)
        self._map.set_keys(self._keys or ())
        self._map.toggle()

    def _print_map(self) -> None:
        from himsog_desktop.ui.shell.key_print import ask_and_print

        if self._map is not None:
            ask_and_print(self._map.keys, self, shared=self._map.shared)

    def add_shortcuts(self) -> None:
        """Keys that work while typing too; after the first paint."""
        from PySide6.QtWidgets import QApplication

        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
        self.set_keys(self._keys or ())

    def set_keys(self, chosen: Chosen) -> None:
        """The keys that a person gave to acts; from the first paint on they are listened to."""
        from PySide6.QtGui import QKeySequence, QShortcut

        from himsog_desktop.ui.shell.keymap import bindings

        if chosen == self._keys and self._shortcuts:
            return
        self._keys = chosen
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        self._shortcuts = []
        for keys, act in bindings(chosen).shortcuts():
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setAutoRepeat(act in ("undo", "redo", "closer", "farther"))
            shortcut.activated.connect(lambda act=act: self._pressed(act))
            self._shortcuts.append(shortcut)

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        """Listen to the field that has the keyboard, and to no other."""
        from PySide6.QtWidgets import QLineEdit

        if isinstance(old, QLineEdit) and shiboken6.isValid(old):
            old.removeEventFilter(self)
        if isinstance(new, QLineEdit) and new.window() is self:
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A field takes Ctrl+Z for itself also when it has nothing to undo; then the last act is meant.
        if event.type() != QEvent.Type.ShortcutOverride:
            return False
        from PySide6.QtGui import QKeyEvent, QKeySequence
        from PySide6.QtWidgets import QLineEdit

        if not isinstance(watched, QLineEdit) or not isinstance(event, QKeyEvent):
            return False
        undo = event.matches(QKeySequence.StandardKey.Undo) and not watched.isUndoAvailable()
        redo = event.matches(QKeySequence.StandardKey.Redo) and not watched.isRedoAvailable()
        return undo or redo

    def _pressed(self, act: str) -> None:
        from himsog_desktop.ui.shell.commands import do

        if act == "quit":
            self.close()
        elif act == "help":
            self.toggle_help()
        elif self.workspace is not None and self.workspace.context is not None:
            do(self.workspace, act)

    # ------------------------------------------------------------------------------- itself

    def _first_place(self) -> None:
        """The usual size; all of a screen that has not room for it with a frame around it (1366x768)."""
        from PySide6.QtGui import QGuiApplication

        self.resize(*USUAL)
        room = QGuiApplication.primaryScreen().availableGeometry()
        usable = room.width() >= LEAST[0] and room.height() >= LEAST[1]
        if usable and (room.width() < USUAL[0] + FRAME or room.height() < USUAL[1] + FRAME):
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def place(self) -> Place:
        """Where it stands, to keep between starts."""
        rect = self.normalGeometry() if self.isMaximized() else self.geometry()
        return Place(rect.x(), rect.y(), rect.width(), rect.height(), self.isMaximized())

    def restore(self, place: Place) -> None:
        """Take up size and place again, inside the screens that are there now."""
        from PySide6.QtGui import QGuiApplication

        rect = QRect(place.x, place.y, max(place.width, LEAST[0]), max(place.height, LEAST[1]))
        screen = QGuiApplication.screenAt(rect.center()) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        rect.setSize(rect.size().boundedTo(room.size()).expandedTo(self.minimumSize()))
        rect.moveLeft(max(min(rect.x(), room.right() - rect.width()), room.x()))
        rect.moveTop(max(min(rect.y(), room.bottom() - rect.height()), room.y()))
        self.setGeometry(rect)
        self.setWindowState(Qt.WindowState.WindowMaximized if place.maximised else Qt.WindowState.WindowNoState)

    def bring_up(self) -> None:
        """Another start of the program asked for this window."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._told_painted:
            self._told_painted = True
            # The children are painted in this same round; a timer of no length comes after it.
            QTimer.singleShot(0, self.painted.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Nobody has the keyboard, as after a click beside everything: the keys of the window still work.
        if self.workspace is not None and self.focusWidget() is None:
            self.workspace.keyPressEvent(event)
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        event.accept()
