"""The pinboard: appointments that a person carries from one day to another.

It holds ids and their order, nothing else: an appointment stays where it is until it is put somewhere, and what
the board shows is read anew from the cache each time. It is the person's own, lies encrypted in the cache beside
her drafts, and survives lock and restart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from himsog_desktop.domain.appointment import ACTIVE, SHOWN, Status
from himsog_desktop.domain.rights import Verb, allowed
from himsog_desktop.services.reach import seen_providers
from himsog_desktop.storage import drafts as stored
from himsog_desktop.storage import hot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from himsog_desktop.domain.day import Tile
    from himsog_desktop.services.desk import Desk

MOST = 24


class Pin(NamedTuple):
    """A pinned appointment as it is now, with the name of its provider."""

    tile: Tile
    provider: str


class Lost(NamedTuple):
    """One that can't be carried any more: its name where it is still known, and why."""

    id: str
    name: str
    why: str


class Board(NamedTuple):
    """What is pinned, in order, and what no longer can be."""

    pins: tuple[Pin, ...]
    lost: tuple[Lost, ...] = ()


def board(desk: Desk) -> Board:
    """This person's board as things are now. Who may not move appointments has an empty one."""
    ids = pinned(desk)
    if not ids or not allowed(desk.staff.role, Verb.MOVE):
        return Board(())
    raw, only = desk.reader, seen_providers(desk)
    starts = dict(
        raw.execute(
            "SELECT a.id, a.start_time FROM json_each(?) AS w JOIN appointments AS a ON a.id = w.value",
            (msgspec.json.encode(ids).decode(),),
        ).fetchall()
    )
    tiles = {tile.id: tile for tile in hot.tiles_of(raw, [(start, key) for key, start in starts.items()])}
    names = dict(raw.execute("SELECT id, healthcare_name FROM providers").fetchall())
    pins, lost = [], []
    for key in ids:
        tile = tiles.get(key)
        if tile is None or (only is not None and tile.provider_id not in only):
            lost.append(Lost(key, "", "it is not there any more"))
        elif Status(tile.status) not in ACTIVE:
            lost.append(Lost(key, tile.name, f"it is {SHOWN[Status(tile.status)].lower()} now"))
        else:
            pins.append(Pin(tile, names.get(tile.provider_id, "")))
    return Board(tuple(pins), tuple(lost))


def pinned(desk: Desk) -> list[str]:
    """The ids on this person's board, in order."""
    for row in stored.of(desk.reader, _key(desk)):
        try:
            return msgspec.json.decode(row.body, type=list[str])[:MOST]
        except msgspec.ValidationError:
            return []  # of a release that kept other things
    return []


def keep(desk: Desk, ids: Sequence[str]) -> None:
    """Pin these and no others. Without history, without a change set. Raises Surroundings."""
    key = _key(desk)
    wanted = list(dict.fromkeys(ids))[-MOST:]
    if not wanted:
        stored.drop(desk.cache, key)
        return
    body = msgspec.json.encode(wanted).decode()
    stored.put(desk.cache, stored.Kept(key, body, desk.now()), 1, key)


def _key(desk: Desk) -> str:
    return f"pins/{desk.staff.id}/"
