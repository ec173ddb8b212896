"""Where a panel or a page may send the window: the ``go`` of its ``DeskContext``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from himsog_desktop.ui.shell.panels import BookingRequest, Proposal
    from himsog_desktop.ui.shell.workspace import Workspace


class Going:
    """Where a panel may send the window."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def day(self, day: date) -> None:
        """Show a day."""
        self._workspace.to_calendar().show_day(day)

    def into(self, day: date) -> None:
        """Leave the face in view for the day itself."""
        self._workspace.show_calendar()
        self._workspace.day.show_day(day)
        self._workspace.day.take_keyboard()

    def details(self, appointment_id: str, day: date | None = None) -> None:
        """Show an appointment, on its day."""
        if day is not None:
            face = self._workspace.to_calendar()
            getattr(face, "open_at", lambda day, _key: face.show_day(day))(day, appointment_id)
        self._workspace.open_details(appointment_id)

    def book(self, request: BookingRequest) -> None:
        """Open the booking panel."""
        self._workspace.open_booking(request)

    def cancel(self, ids: tuple[str, ...]) -> None:
        """Ask for the reason for cancelling."""
        self._workspace.open_cancel(ids)

    def move_many(self, ids: tuple[str, ...]) -> None:
        """Ask where many go to."""
        self._workspace.open_many(ids, "move")

    def move(self, appointment_id: str, day: date) -> None:
        """Give the keyboard to the day with this appointment in hand."""
        self._workspace.start_move(appointment_id, day)

    def propose(self, proposal: Proposal | None) -> None:
        """Show the time that a panel is about to take."""
        self._workspace.propose(proposal)

    def close_panel(self) -> None:
        """Take the panel away."""
        self._workspace.host.close_panel()
