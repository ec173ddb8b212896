"""What stands beside the day: the panel's base class and the seam to whoever makes panels."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from datetime import date

    from himsog_desktop.domain.time import Micros
    from himsog_desktop.ui.shell.context import DeskContext


class BookingRequest(NamedTuple):
    """Where a booking begins: the day in view, and what is known already.

    ``duration`` in minutes, from a drag over the grid; ``typed`` is a name or phone typed in the search,
    ``services`` ids of services said with it, ``when`` a day and time in words where no provider was said;
    ``room_ids`` are where it is to take place.
    """

    day: date
    provider_id: str | None = None
    start: Micros | None = None
    duration: int | None = None
    patient_id: str | None = None
    typed: str = ""
    services: tuple[str, ...] = ()
    when: str = ""
    room_ids: tuple[str, ...] = ()


class Proposal(NamedTuple):
    """The time that a panel is about to take."""

    provider_id: str
    start: Micros
    end: Micros
    text: str = ""
    room_id: str = ""


class Panel(QWidget):
    """One panel. ``title`` stands above it and is its accessible name."""

    closed = Signal()
    """It is done, or was given up: the window takes it away."""
    title_changed = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.setAccessibleName(title)

    @property
    def title(self) -> str:
        """What stands above the panel."""
        return self._title

    def set_title(self, title: str) -> None:
        """Change what stands above it."""
        self._title = title
        self.setAccessibleName(title)
        self.title_changed.emit(title)

    def focus_first(self) -> None:
        """Put the keyboard where typing begins."""
        self.setFocus()

    def may_close(self) -> bool:
        """Whether Esc and the close button may take it away now; a panel keeps its draft itself."""
        return True

    def take(self, request: BookingRequest) -> bool:
        """Take over another time into what is being typed; False: this panel can't."""
        return False

    def shows(self, appointment_id: str) -> bool:
        """Whether these details are of that appointment."""
        return False

    def show_history(self) -> None:
        """The key H: bring the history into view."""


class PanelFactory(Protocol):
    """Makes the panels of one open session."""

    def booking(self, context: DeskContext, request: BookingRequest) -> Panel:
        """The panel that books."""
        ...

    def details(self, context: DeskContext, appointment_id: str) -> Panel:
        """The panel that shows one appointment."""
        ...
