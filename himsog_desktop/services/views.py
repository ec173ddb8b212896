"""Views of the calendar that a person gave a name: which face, which columns in which order, how close.

They lie encrypted in the cache and not in ``settings.json``: a name is the person's own words, and may be a
patient's ("Reyes, follow-ups"). What is in force at the moment stands in the settings, as ids and words, so that
the first paint has it without opening anything more. They are the person's own, as her drafts are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from himsog_desktop.domain.ids import new_id
from himsog_desktop.services import texts
from himsog_desktop.storage import drafts as stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from himsog_desktop.services.desk import Desk

MOST = 11
"""As many as there are keys for them: F2 to F12."""
NAME_MOST = 40


class SavedView(msgspec.Struct, frozen=True):
    """One view. ``columns`` is ``providers`` or ``rooms``, ``hidden`` and ``order`` are their ids.

    ``zoom`` is minutes of a row.
    """

    name: str
    face: str = "today"
    columns: str = "providers"
    hidden: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    zoom: int = 15
    id: str = ""

    def shows_as(self, other: SavedView) -> bool:
        """Whether both show the same, whatever they are called."""
        mine, theirs = (msgspec.structs.replace(one, name="", id="") for one in (self, other))
        return mine == theirs


def named(view: SavedView, name: str, view_id: str = "") -> SavedView:
    """The view under another name, with an id. Raises BadInput for a name that is none."""
    made = texts.name(name)[:NAME_MOST].strip()
    return msgspec.structs.replace(view, name=made, id=view_id or view.id or new_id())


def kept(desk: Desk) -> list[SavedView]:
    """This person's views, in the order of their keys."""
    for row in stored.of(desk.reader, _key(desk)):
        try:
            return msgspec.json.decode(row.body, type=list[SavedView])[:MOST]
        except msgspec.ValidationError:
            return []  # of a release that kept other things
    return []


def keep(desk: Desk, views: Sequence[SavedView]) -> None:
    """Keep these and no others. Without history, without a change set. Raises Surroundings."""
    key = _key(desk)
    if not views:
        stored.drop(desk.cache, key)
        return
    body = msgspec.json.encode(list(views[:MOST])).decode()
    stored.put(desk.cache, stored.Kept(key, body, desk.now()), 1, key)


def _key(desk: Desk) -> str:
    return f"views/{desk.staff.id}/"
