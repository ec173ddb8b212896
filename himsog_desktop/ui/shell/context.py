"""What a page or a panel of an open session is given. Handed in; nobody fetches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from datetime import date

    from himsog_desktop.domain.time import Zone
    from himsog_desktop.ports import Clock
    from himsog_desktop.ui.bridge import Backend
    from himsog_desktop.ui.shell.acts import Acts
    from himsog_desktop.ui.shell.panels import BookingRequest, Proposal
    from himsog_desktop.ui.shell.prefs import PrefsStore
    from himsog_desktop.ui.shell.toasts import Toasts
    from himsog_desktop.ui.theme.system import ThemeSource


class Go(Protocol):
    """Where a panel may send the window."""

    def day(self, day: date) -> None:
        """Show a day."""

    def into(self, day: date) -> None:
        """Leave the face in view for the day itself."""

    def details(self, appointment_id: str, day: date | None = None) -> None:
        """Show an appointment, on its day."""

    def book(self, request: BookingRequest) -> None:
        """Open the booking panel."""

    def cancel(self, ids: tuple[str, ...]) -> None:
        """Ask for the reason for cancelling, in a panel."""

    def move(self, appointment_id: str, day: date) -> None:
        """Give the keyboard to the day with this appointment in hand: arrows, Enter; Esc gives it back."""

    def move_many(self, ids: tuple[str, ...]) -> None:
        """Ask where many go to, and show what will happen to each, in a panel."""

    def propose(self, proposal: Proposal | None) -> None:
        """Show the time that a panel is about to take; None takes it away."""

    def close_panel(self) -> None:
        """Take the panel away."""


class DeskContext(NamedTuple):
    """The parts of an open session."""

    backend: Backend
    acts: Acts
    messages: Toasts
    look: ThemeSource
    prefs: PrefsStore
    zone: Zone
    clock: Clock
    go: Go
    shared: bool = False
    """Whether the profile has a server."""
