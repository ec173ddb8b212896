"""What is asked for on a grid of the calendar, a day or a week, is done: booked, moved, resized, explained."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from himsog_desktop.domain.day import rooms_in
from himsog_desktop.domain.errors import HimsogError
from himsog_desktop.domain.time import MINUTE, Micros
from himsog_desktop.ui.shell.day import GIVEN_BACK

if TYPE_CHECKING:
    from himsog_desktop.domain.commands import Move
    from himsog_desktop.ui.shell.day import Day
    from himsog_desktop.ui.shell.workspace import Workspace


class GridActs:
    """The acts of one session's grids. A column is a provider's or a room's."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def serve(self, grid: Day) -> None:
        """From now on do what is asked for there."""
        workspace = self._workspace
        grid.view.why_not = why_not = grid.asking(self.why_not)
        grid.view.explain = lambda provider_id, start, end: why_not(provider_id, start, end, None)
        grid.book_asked.connect(workspace.open_booking)
        grid.details_asked.connect(workspace.open_details)
        grid.move_asked.connect(self._move)
        grid.resize_asked.connect(self._resize)
        grid.view.day_requested.connect(self._open_day)
        grid.view.given_back.connect(self._given_back)

    def why_not(self, place: str, start: Micros, end: Micros, ignore: str | None) -> list[str]:
        """Why a stretch can't be booked, or the appointment ``ignore`` not stand there: every rule in words."""
        from himsog_desktop.services import booking, openslots

        here, rooms = self._workspace.ready.backend.here, rooms_in(place)
        try:
            if ignore is not None:
                found = booking.why_not_move(here, self._command(ignore, place, start, end))
            elif rooms is None:
                found = openslots.explain(here, place, start, end)
            else:
                found = openslots.explain_room(here, rooms, start, end)
        except HimsogError as error:
            return [error.message]
        return [reason.text for reason in found]

    def _move(self, tile_id: str, place: str, start: Micros, end: Micros) -> None:
        self._workspace.acts.move(self._command(tile_id, place, start, end))

    def _resize(self, tile_id: str, start: Micros, end: Micros) -> None:
        self._workspace.acts.move(self._command(tile_id, None, start, end))

    def _command(self, tile_id: str, place: str | None, start: Micros, end: Micros) -> Move:
        """A move to a column: a provider's, or a room's, which takes the place of the room it stands in."""
        from himsog_desktop.domain.commands import Move

        minutes = max((end - start) // MINUTE, 1)
        rooms = None if place is None else rooms_in(place)
        if rooms is None:
            return Move(tile_id, start, place, minutes)
        return Move(tile_id, start, None, minutes, room_ids=(*rooms, *self._workspace.day.rooms_beside(tile_id)))

    def _given_back(self) -> None:
        self._workspace.messages.say(self._workspace.tr(GIVEN_BACK))

    def _open_day(self, iso: str) -> None:
        """The day of a column of the week."""
        self._workspace.ready.go.into(date.fromisoformat(iso))
