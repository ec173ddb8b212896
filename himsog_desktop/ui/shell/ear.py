"""What other threads have to say to the window: it arrives here, on the thread of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from himsog_desktop.ui.bridge import BUG

if TYPE_CHECKING:
    from himsog_desktop.ui.shell.program import Program


class Ear(QObject):
    """Turns words of other threads into acts of the window; ``said`` may be emitted from anywhere."""

    said = Signal(str)
    RAISE = "raise"
    BUG = "bug"

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._program = program
        self.said.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    @Slot(str)
    def _hear(self, word: str) -> None:
        program = self._program
        workspace = program.window.workspace
        if word == self.RAISE:
            program.window.bring_up()
        elif word == self.BUG and workspace is not None and workspace.context is not None:
            workspace.messages.say(BUG, error=True)
