"""What the month and the agenda share with the session: booking, moving, the day behind a cell, why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.domain.errors import HimsogError
from himsog_desktop.domain.time import MINUTE, Micros

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from himsog_desktop.domain.day import Tile
    from himsog_desktop.ui.calendar.day_view import WhyNot
    from himsog_desktop.ui.shell.context import DeskContext
    from himsog_desktop.ui.shell.session import Session


class Facing:
    """The acts of a face of the calendar."""

    def __init__(self, context: DeskContext, session: Session) -> None:
        self._context = context
        self._session = session

    def book(self, day: date, provider_id: str | None = None) -> None:
        """Open the booking panel for a day."""
        from himsog_desktop.ui.shell.panels import BookingRequest

        self._context.go.book(BookingRequest(day, provider_id))

    def open_day(self, day: date) -> None:
        """The face "Day" on that day."""
        self._context.go.day(day)

    def move(self, tile_id: str, provider_id: str, start: Micros, end: Micros) -> None:
        """Move an appointment that was let go somewhere."""
        from himsog_desktop.domain.commands import Move

        self._context.acts.move(Move(tile_id, start, provider_id, max((end - start) // MINUTE, 1)))

    def why_not(self, tile: Callable[[str], Tile | None]) -> WhyNot:
        """A way to ask why an appointment can't go somewhere; ``tile`` finds the one that is carried."""

        def ask(provider_id: str, start: Micros, end: Micros, ignore: str | None) -> list[str]:
            from himsog_desktop.services import openslots

            held = tile(ignore) if ignore else None
            patient = None if held is None else held.patient_id
            try:
                found = openslots.explain(
                    self._context.backend.here, provider_id, start, end, patient_id=patient, ignore=ignore
                )
            except HimsogError as error:
                return [error.message]
            return [reason.text for reason in found]

        return ask
