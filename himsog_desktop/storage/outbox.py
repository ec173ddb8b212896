"""Intents that wait for a server's verdict, over the server's images that they touched.

The invariant, property-tested: projection == fold(pending intents, base). Only a profile with a
server has anything here; one that is its own authority gets each verdict at once (design, section 3).
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, cast

import msgspec

from himsog_desktop.storage.entities import KINDS
from himsog_desktop.storage.images import Image, decode, encode, image_of, record_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.entities import Record
    from himsog_desktop.storage.write import Transaction

VERSION = 1


class Patch(msgspec.Struct, frozen=True):
    """What an intent changes: per field the value seen and the value wanted.

    A creation has an empty ``before``, a deletion an empty ``after``.
    """

    before: Image
    after: Image


def append(tx: Transaction, entity: str, entity_id: str, kind: str, seen: Image, before: Image, after: Image) -> None:
    """Leave an intent in the outbox; the first one on an aggregate keeps the server's image."""
    tx.raw.execute(
        "INSERT INTO base (entity_type, entity_id, image) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (entity, entity_id, encode(seen)),
    )
    patch = msgspec.json.encode(Patch(before, after)).decode()
    tx.raw.execute(
        "INSERT INTO outbox (intent_id, act_id, kind, version, entity_type, entity_id, patch, author, device, at,"
        " state) VALUES (?,?,?,?,?,?,?,?,?,?,'pending')",
        (str(uuid.uuid4()), tx.act_id, kind, VERSION, entity, entity_id, patch, tx.by_id, tx.device, tx.at),
    )


def fold(base: Image, patches: Iterable[Patch]) -> Image:
    """The image that a screen shows: the server's, with what waits laid over it in order.

    A patch of fields that are not there any more changes nothing: its refusal is on its way.
    """
    image = dict(base)
    for patch in patches:
        if not patch.after:
            image = {}
        elif not patch.before:
            image = dict(patch.after)
        elif image:
            image.update(patch.after)
    return image


def settle(tx: Transaction, intent_id: str, canonical: Image) -> None:
    """The server accepted: its row becomes the base, the intent leaves, the projection follows."""
    entity, entity_id = _taken(tx.raw, intent_id)
    tx.raw.execute("DELETE FROM outbox WHERE intent_id = ?", (intent_id,))
    tx.raw.execute(
        "UPDATE base SET image = ? WHERE entity_type = ? AND entity_id = ?", (encode(canonical), entity, entity_id)
    )
    _recompute(tx, entity, entity_id)


def refuse(tx: Transaction, intent_id: str, reason: str) -> None:
    """The server refused: the intent is kept for a person and falls out of the projection."""
    entity, entity_id = _taken(tx.raw, intent_id)
    tx.raw.execute("UPDATE outbox SET state = 'refused', reason = ? WHERE intent_id = ?", (reason, intent_id))
    _recompute(tx, entity, entity_id)


def withdraw(tx: Transaction, act_id: str) -> int:
    """Take back an act that was never sent; answers how many intents left the outbox."""
    waiting = tx.raw.execute(
        "SELECT DISTINCT entity_type, entity_id FROM outbox WHERE act_id = ? AND state = 'pending'", (act_id,)
    ).fetchall()
    gone = tx.raw.execute("DELETE FROM outbox WHERE act_id = ? AND state = 'pending'", (act_id,)).rowcount
    for entity, entity_id in waiting:
        _recompute(tx, entity, entity_id)
    return int(gone)


def pending(raw: Raw, entity: str, entity_id: str) -> list[Patch]:
    """The patches that wait for an aggregate, in order."""
    return [
        msgspec.json.decode(row[0], type=Patch)
        for row in raw.execute(
            "SELECT patch FROM outbox WHERE entity_type = ? AND entity_id = ? AND state = 'pending' ORDER BY seq",
            (entity, entity_id),
        )
    ]


def base_of(raw: Raw, entity: str, entity_id: str) -> Image | None:
    """The server's image that is kept, None when nothing has touched the aggregate."""
    found = raw.execute(
        "SELECT image FROM base WHERE entity_type = ? AND entity_id = ?", (entity, entity_id)
    ).fetchone()
    return None if found is None else decode(found[0])


def _taken(raw: Raw, intent_id: str) -> tuple[str, str]:
    found = raw.execute("SELECT entity_type, entity_id FROM outbox WHERE intent_id = ?", (intent_id,)).fetchone()
    if found is None:
        raise LookupError("no such intent")
    return found[0], found[1]


def _recompute(tx: Transaction, entity: str, entity_id: str) -> None:
    kind = KINDS[entity]
    base = base_of(tx.raw, entity, entity_id)
    waiting = pending(tx.raw, entity, entity_id)
    if base is None:
        return
    shown = cast("Record | None", record_of(kind.record, fold(base, waiting)))
    found = kind.load(tx.raw, [entity_id], tx.clinic_id)
    now = found[0] if found else None
    if image_of(now) != image_of(shown):
        tx.project([(now, shown)])
    if not waiting:
        tx.raw.execute("DELETE FROM base WHERE entity_type = ? AND entity_id = ?", (entity, entity_id))
