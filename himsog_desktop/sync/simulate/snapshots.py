"""The server's side of a snapshot: pages by key, behind a cursor that was taken before the first of them.

It also says what is no more: else a profile could not know whether what it holds is older or newer than that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from himsog_desktop.domain.intents import Rows
from himsog_desktop.sync.simulate.clinic import Problem

if TYPE_CHECKING:
    from himsog_desktop.sync.simulate.server import Server

_PAGE: Final = 5


def snapshot(server: Server, clinic: str, place: str | None) -> list[Rows]:
    """The pages that are left from that place on."""
    cursor, after = (server.cursor(), "") if place is None else place.split("#")
    server.since(cursor)  # of another life: begin anew
    if after == "end":
        raise Problem("snapshot_needed")
    heads = sorted(
        (f"{entity}/{key}", entity, key, head.ver, head.image)
        for (entity, key), head in server.data.heads[clinic].items()
        if f"{entity}/{key}" > after
    )
    parts = [
        Rows("heads", tuple(row[1:] for row in page), f"{cursor}#{page[-1][0]}")
        for page in (heads[at : at + _PAGE] for at in range(0, len(heads), _PAGE))
    ]
    last = parts[-1].place if parts else f"{cursor}#{after}"
    history = tuple((row.uid,) for row, _, where in server.data.history if where == clinic)
    cards = tuple((card,) for card, _, where in server.data.cards.values() if where == clinic)
    return [*parts, Rows("history", history, last), Rows("cards", cards, last, cursor=cursor)]
