"""Intents that wait for a server's verdict, over the server's images that they touched.

The invariant, property-tested: projection == fold(pending intents, base). Only a profile with a
server has anything here; one that is its own authority gets each verdict at once (design, section 3).
What comes from the server is written by ``syncing``.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, cast

import msgspec

from himsog_desktop.storage.entities import KINDS, Entity
from himsog_desktop.storage.images import Image, changed, decode, encode, image_of, record_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from himsog_desktop.domain.intents import Intent
    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.entities import Record
    from himsog_desktop.storage.write import Transaction

VERSION = 1
WAITING = "state IN ('pending', 'doomed')"
"""What has no verdict yet, in the words of the index ``outbox_waiting``."""


class Patch(msgspec.Struct, frozen=True):
    """What an intent changes: per field the value seen and the value wanted, a place always whole.

    A creation has an empty ``before``, a deletion an empty ``after``.
    """

    before: Image
    after: Image


_BASE = "INSERT INTO base (entity_type, entity_id, image) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_INTENT = (
    "INSERT INTO outbox (intent_id, act_id, kind, version, entity_type, entity_id, patch, author, device, at, state,"
    " supersedes, needs) VALUES (?,?,?,?,?,?,?,?,?,?,'pending',?,?)"
)


def append(tx: Transaction, entity: str, kind: str, pairs: Sequence[tuple[Record | None, Record | None]]) -> list[str]:
    """Leave an intent for each change in the outbox and answer their ids.

    The first one on an aggregate keeps the server's image.
    """
    from himsog_desktop.domain.merge import whole_units  # the shapes of sync are not needed before the first paint

    bases, patches = [], []
    for old, new in pairs:
        seen, wanted = image_of(old), image_of(new)
        record = new if new is not None else old
        key = "" if record is None else record.id
        bases.append((entity, key, encode(seen)))
        before, after = whole_units(entity, seen, wanted, *changed(seen, wanted))
        patches.append((key, Patch(dict(before), dict(after))))
    tx.raw.executemany(_BASE, bases)
    needs = _needs(tx.raw, entity, patches, tx.clinic_id)
    return leave(tx, entity, kind, [(*patch, needed) for patch, needed in zip(patches, needs, strict=True)])


def leave(tx: Transaction, entity: str, kind: str, patches: Sequence[tuple[str, Patch, list[str]]]) -> list[str]:
    """Intents of these keys, patches and needs; their ids."""
    rows = [
        (
            str(uuid.uuid4()),
            tx.act_id,
            kind,
            VERSION,
            entity,
            key,
            msgspec.json.encode(patch).decode(),
            tx.by_id,
            tx.device,
            tx.at,
            tx.supersedes,
            json.dumps(needed) if needed else None,
        )
        for key, patch, needed in patches
    ]
    tx.raw.executemany(_INTENT, rows)
    return [row[0] for row in rows]


_POINTS = {
    "patient_id": Entity.PATIENT.value,
    "provider_id": Entity.PROVIDER.value,
    "service_id": Entity.SERVICE.value,
    "parts": Entity.SERVICE.value,
    "clinics": Entity.CLINIC.value,
    "clinic_id": Entity.CLINIC.value,
}
"""Fields that name another aggregate."""

_MAKERS = f"""
SELECT o.entity_id, o.intent_id FROM json_each(?2) AS w
 CROSS JOIN outbox AS o INDEXED BY outbox_entity ON o.entity_type = ?1 AND o.entity_id = w.value
 WHERE o.{WAITING} AND (?1 = 'clinic' OR substr(o.patch, 1, 13) = '{{"before":{{}},')"""
"""What makes an aggregate; of the clinic any change, because rooms are named that came with one."""


def _needs(raw: Raw, entity: str, patches: Sequence[tuple[str, Patch]], clinic_id: str) -> list[list[str]]:
    """Per patch the ids of intents without which it makes no sense: those that make what it names."""
    named = [_named(entity, patch.after, clinic_id) for _, patch in patches]
    wanted: dict[str, set[str]] = {}
    for one in named:
        for kind, key in one:
            wanted.setdefault(kind, set()).add(key)
    makers: dict[tuple[str, str], list[str]] = {}
    for kind, keys in wanted.items():
        for key, intent in raw.execute(_MAKERS, (kind, json.dumps(sorted(keys)))):
            makers.setdefault((kind, key), []).append(intent)
    if not makers:
        return [[] for _ in patches]
    return [[intent for point in one for intent in makers.get(point, ())] for one in named]


def _named(entity: str, after: Image, clinic_id: str) -> list[tuple[str, str]]:
    found: dict[tuple[str, str], None] = {}
    for name, value in after.items():
        if name == "services" and isinstance(value, list):
            found.update(((_POINTS["service_id"], str(service["service_id"])), None) for service in value)
        elif name == "resources" and value:
            found[Entity.CLINIC.value, clinic_id] = None
        elif name in _POINTS and value and (_POINTS[name] != entity or name == "parts"):
            for key in value if isinstance(value, list) else [value]:
                found[_POINTS[name], str(key)] = None
    return list(found)


# ------------------------------------------------------------------------------------- projection


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


def recompute(tx: Transaction, entity: str, keys: Iterable[str]) -> None:
    """Bring the projection of aggregates to what waits over the server's image; the image goes when nothing does."""
    kind = KINDS[entity]
    wanted = json.dumps(sorted(set(keys)))
    bases = {
        key: decode(image)
        for key, image in tx.raw.execute(
            "SELECT b.entity_id, b.image FROM json_each(?2) AS w CROSS JOIN base AS b"
            " ON b.entity_type = ?1 AND b.entity_id = w.value",
            (entity, wanted),
        )
    }
    if not bases:
        return
    waiting: dict[str, list[Patch]] = {}
    rows = tx.raw.execute(
        "SELECT o.entity_id, o.patch FROM json_each(?2) AS w CROSS JOIN outbox AS o INDEXED BY outbox_entity"
        " ON o.entity_type = ?1 AND o.entity_id = w.value WHERE o.state = 'pending' ORDER BY o.seq",
        (entity, wanted),
    )
    for key, patch in rows:
        waiting.setdefault(key, []).append(msgspec.json.decode(patch, type=Patch))
    now: dict[str, Record] = {r.id: r for r in kind.load(tx.raw, list(bases), tx.clinic_id)}
    pairs: list[tuple[Record | None, Record | None]] = []
    for key, base in bases.items():
        shown = cast("Record | None", record_of(kind.record, fold(base, waiting.get(key, ()))))
        found = now.get(key)
        if image_of(found) != image_of(shown):
            pairs.append((found, shown))
    tx.bring(pairs)
    if entity == Entity.APPOINTMENT.value:
        tx.flags.touch(bases)
    settled = [(entity, key) for key in bases if key not in waiting]
    tx.raw.executemany("DELETE FROM base WHERE entity_type = ? AND entity_id = ?", settled)


# ------------------------------------------------------------------------------------- an act never sent


_BEHIND = f"""
SELECT patch FROM outbox INDEXED BY outbox_entity
 WHERE entity_type = ? AND entity_id = ? AND seq > ? AND {WAITING}"""


_NEEDED = f"SELECT EXISTS (SELECT 1 FROM outbox WHERE needs LIKE ? AND {WAITING})"


def withdrawable(raw: Raw, intent_id: str) -> bool:
    """Whether an intent was never sent, and nothing that waits behind it on the same aggregate stands on it."""
    found = raw.execute(
        "SELECT seq, entity_type, entity_id, patch FROM outbox WHERE intent_id = ? AND state = 'pending' AND NOT sent",
        (intent_id,),
    ).fetchone()
    if found is None:
        return False
    seq, entity, key, text = found
    if entity == Entity.CLINIC.value and raw.execute(_NEEDED, (f"%{intent_id}%",)).fetchone()[0]:
        # A room that is booked already; what else may not go is still used (``external.still_used``).
        return False
    patch = msgspec.json.decode(text, type=Patch)
    fields = {name for name in (patch.after or patch.before) if name != "updated"}
    for (other,) in raw.execute(_BEHIND, (entity, key, seq)):
        later = msgspec.json.decode(other, type=Patch)
        if not patch.before or not patch.after or fields & (later.after or later.before).keys():
            return False
    return True


def withdraw(tx: Transaction, intent_ids: Sequence[str]) -> None:
    """Take intents back that were never sent; the projection is made anew without them."""
    ids = json.dumps(list(intent_ids))
    touched: dict[str, list[str]] = {}
    for entity, key in tx.raw.execute(
        "SELECT o.entity_type, o.entity_id FROM json_each(?) AS w JOIN outbox AS o ON o.intent_id = w.value", (ids,)
    ):
        touched.setdefault(entity, []).append(key)
    gone = [(one,) for one in intent_ids]
    tx.raw.executemany("DELETE FROM outbox WHERE intent_id = ? AND NOT sent", gone)
    # What history tells of them is told here alone.
    tx.raw.executemany("UPDATE history SET uid = NULL WHERE uid = ?", gone)
    for entity, keys in touched.items():
        if entity in KINDS:
            recompute(tx, entity, keys)


# ------------------------------------------------------------------------------------- reading


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


INTENT = "intent_id, act_id, kind, version, entity_type, entity_id, patch, author, device, at, needs, supersedes"
"""The columns that ``intent_of`` reads."""


def intent_of(row: Sequence[object]) -> Intent:
    """The intent of a row of the outbox."""
    from himsog_desktop.domain.intents import Intent

    one, act, kind, version, entity, key, patch, author, device, at, needs, supersedes = row
    told = msgspec.json.decode(cast("str", patch), type=Patch)
    return Intent(
        id=cast("str", one),
        act=cast("str", act),
        kind=cast("str", kind),
        version=cast("int", version),
        entity=cast("str", entity),
        key=cast("str", key),
        before=told.before,
        after=told.after,
        author=cast("str | None", author),
        device=cast("str", device),
        at=cast("int", at),
        needs=tuple(json.loads(cast("str", needs))) if needs else (),
        supersedes=cast("str | None", supersedes),
    )
