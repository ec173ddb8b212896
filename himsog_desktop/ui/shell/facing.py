"""What the month and the agenda share with the session: booking, moving, the day behind a cell, why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.domain.errors import HimsogError
from himsog_desktop.domain.time import MINUTE, Micros

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtGui import QKeyEvent

    from himsog_desktop.ui.shell.context import DeskContext


class Facing:
    """The acts of a face of the calendar."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def book(self, day: date, provider_id: str | None = None) -> None:
        """Open the booking panel for a day."""
        from himsog_desktop.ui.shell.panels import BookingRequest

        self._context.go.book(BookingRequest(day, provider_id))

    def open_day(self, day: date) -> None:
        """The face "Day" on that day."""
        self._context.go.into(day)

    def move(self, tile_id: str, provider_id: str, start: Micros, end: Micros) -> None:
        """Move an appointment that was let go somewhere."""
        from himsog_desktop.domain.commands import Move

        self._context.acts.move(Move(tile_id, start, provider_id, max((end - start) // MINUTE, 1)))

    def why_not(self, provider_id: str, start: Micros, end: Micros, ignore: str | None) -> list[str]:
        """Why an appointment can't go somewhere, every rule in words; empty when it can."""
        from himsog_desktop.domain.commands import Move
        from himsog_desktop.services import booking

        if ignore is None:
            return []
        minutes = max((end - start) // MINUTE, 1)
        try:
            found = booking.why_not_move(self._context.backend.here, Move(ignore, start, provider_id, minutes))
        except HimsogError as error:
            return [error.message]
        return [reason.text for reason in found]

    def meaning(self, event: QKeyEvent) -> str:
        """What a key means that a person may give away: ``move``, ``card``."""
        from himsog_desktop.ui.shell.keymap import bindings

        return bindings(self._context.prefs.now.keys).of_event(event)
