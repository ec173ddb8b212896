"""What came from the server, written into the cache: images, deletions, history and cards.

Nothing older than what is here overwrites it. An aggregate that waits keeps what waits on top: the server's image
goes to ``base``, and the projection is made anew.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import msgspec

from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.domain.merge import too_many_gone
from himsog_desktop.storage import scope, unread
from himsog_desktop.storage.entities import KINDS, Entity
from himsog_desktop.storage.images import Image, compact, encode, record_of
from himsog_desktop.storage.outbox import WAITING, recompute

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from himsog_desktop.domain.intents import Card, Change, HistoryRow, Verdict
    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.write import Transaction

CARD = "card"
"""What an intent is about that answers a card; it is no aggregate of its own."""

ORDER = (
    Entity.CLINIC.value,
    Entity.STAFF.value,
    Entity.PROVIDER.value,
    Entity.SERVICE.value,
    Entity.PATIENT.value,
    Entity.BLOCK.value,
    Entity.APPOINTMENT.value,
)
"""What is named before what names it."""

TABLE = {
    Entity.CLINIC.value: "clinics",
    Entity.STAFF.value: "staff",
    Entity.PROVIDER.value: "providers",
    Entity.SERVICE.value: "services",
    Entity.PATIENT.value: "user",
    Entity.BLOCK.value: "blocks",
    Entity.APPOINTMENT.value: "appointments",
}
"""Where each kind has one row per aggregate."""


# ------------------------------------------------------------------------------------- one aggregate


def take(tx: Transaction, entity: str, key: str, ver: int, image: Image | object) -> bool:
    """The server's image of an aggregate, unless a later one is here; whether it was taken.

    What waits stays on top: the image goes to ``base`` then, and ``recompute`` does the rest.
    """
    have = tx.raw.execute("SELECT ver FROM synced WHERE entity_type = ? AND entity_id = ?", (entity, key)).fetchone()
    if ver <= (have[0] if have else 0):
        return False
    set_ver(tx.raw, entity, key, ver)
    tx.raw.execute("DELETE FROM departed WHERE entity_type = ? AND entity_id = ?", (entity, key))
    set_base(tx.raw, entity, key, cast("Image", image))
    return True


def set_ver(raw: Raw, entity: str, key: str, ver: int) -> None:
    """The version of what is here."""
    raw.execute(
        "INSERT INTO synced (entity_type, entity_id, ver) VALUES (?, ?, ?)"
        " ON CONFLICT (entity_type, entity_id) DO UPDATE SET ver = excluded.ver",
        (entity, key, ver),
    )


def set_base(raw: Raw, entity: str, key: str, image: Image) -> None:
    """The server's image of an aggregate that waits, or is about to be made anew."""
    raw.execute(
        "INSERT INTO base (entity_type, entity_id, image) VALUES (?, ?, ?)"
        " ON CONFLICT (entity_type, entity_id) DO UPDATE SET image = excluded.image",
        (entity, key, encode(dict(image))),
    )


def recompute_all(tx: Transaction, touched: Iterable[tuple[str, str]]) -> None:
    """Bring projections up to date, and let go what left the clinic once nothing waits for it."""
    by_kind: dict[str, list[str]] = {}
    for entity, key in touched:
        if entity in KINDS:
            by_kind.setdefault(entity, []).append(key)
    for entity in ORDER:
        keys = by_kind.get(entity)
        if not keys:
            continue
        for key, ver in tx.raw.execute(_FREE_TO_GO, (entity, json.dumps(keys))).fetchall():
            _goes(tx.raw, entity, key, ver)
        recompute(tx, entity, keys)
    patients = scope.free_patients(tx.raw)
    for key, ver in patients:
        _goes(tx.raw, Entity.PATIENT.value, key, ver)
    recompute(tx, Entity.PATIENT.value, [key for key, _ in patients])


def _goes(raw: Raw, entity: str, key: str, ver: int) -> None:
    """What left and is needed no more goes. What a later pull says of it is of a later version."""
    have = raw.execute("SELECT ver FROM synced WHERE entity_type = ? AND entity_id = ?", (entity, key)).fetchone()
    set_ver(raw, entity, key, max(ver, have[0] if have else 0))
    raw.execute("DELETE FROM departed WHERE entity_type = ? AND entity_id = ?", (entity, key))
    set_base(raw, entity, key, {})
    if scope.scope_of(meta(raw, "cursor")) is not None:
        scope.forget(raw, entity, key)


_FREE_TO_GO = f"""
SELECT d.entity_id, d.ver FROM json_each(?2) AS w CROSS JOIN departed AS d
    ON d.entity_type = ?1 AND d.entity_id = w.value
 WHERE ?1 <> 'patient' AND NOT EXISTS (SELECT 1 FROM outbox AS o INDEXED BY outbox_entity
                    WHERE o.entity_type = ?1 AND o.entity_id = d.entity_id AND o.{WAITING})"""


def keep_for_snapshot(tx: Transaction, entity: str, key: str) -> None:
    """A verdict that comes while a snapshot is staged is later than what is staged."""
    if meta(tx.raw, "staged") is not None:
        tx.raw.execute("INSERT INTO staging (kind, body) VALUES ('kept', ?)", (json.dumps([entity, key]),))


# ------------------------------------------------------------------------------------- a pull


def apply_changes(tx: Transaction, changes: Sequence[Change]) -> tuple[int, int]:
    """Apply changes in the order in which they name each other; how many came and how many went."""
    changed = deleted = 0
    partly = scope.scope_of(meta(tx.raw, "cursor")) is not None
    by_kind: dict[str, list[Change]] = {}
    skipped: list[tuple[str, str]] = []
    for change in changes:
        by_kind.setdefault(change.entity, []).append(change)
    # Of a kind that this version does not know there is nothing to show (an older program, a newer server).
    for entity in ORDER:
        taken = []
        for change in by_kind.get(entity, ()):
            if change.state == "live" and not readable(entity, change.image):
                skipped.append((entity, change.key))
                continue
            if change.state == "evicted" and scope.needed(tx.raw, entity, change.key):
                scope.depart(tx.raw, [(entity, change.key, change.ver)])
                continue
            image = change.image if change.state == "live" else {}
            if take(tx, entity, change.key, change.ver, image):
                taken.append(change.key)
                changed += change.state == "live"
                deleted += change.state != "live"
        recompute_all(tx, [(entity, key) for key in taken])
        for change in by_kind.get(entity, ()):
            if partly and change.state == "evicted" and not scope.needed(tx.raw, entity, change.key):
                scope.forget(tx.raw, entity, change.key)
        gone = [(entity, c.key, tx.at) for c in by_kind.get(entity, ()) if c.state == "deleted"]
        tx.raw.executemany(
            "INSERT INTO tombstones (entity_type, entity_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", gone
        )
    unread.note(tx.raw, skipped, {(change.entity, change.key) for change in changes})
    return changed, deleted


def readable(entity: str, image: Mapping[str, object]) -> bool:
    """Whether this version can read the image; one that it can't (a state of a newer server) stays as it was."""
    try:
        record_of(KINDS[entity].record, dict(image))
    except msgspec.ValidationError:
        return False
    return bool(image)


def still_departs(raw: Raw, verdict: Verdict) -> bool:
    """Whether it is not for here by now: then what the verdict says of it is not either.

    Should it have come back meanwhile, or come back by the intent itself, the next pull brings it: it is of a later
    version than that at which it left.
    """
    return bool(
        raw.execute(
            "SELECT EXISTS (SELECT 1 FROM departed WHERE entity_type = ? AND entity_id = ?)",
            (verdict.entity, verdict.key),
        ).fetchone()[0]
    )


def apply_history(raw: Raw, rows: Sequence[HistoryRow]) -> int:
    """Rows of history by the server's ids: ours of the same act become the server's."""
    raw.executemany(
        "INSERT INTO history (at, by_id, source, device, act_id, kind, entity_type, entity_id, before, after, uid)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (uid) WHERE uid IS NOT NULL DO UPDATE SET at = excluded.at,"
        " by_id = excluded.by_id, source = excluded.source, device = excluded.device, act_id = excluded.act_id,"
        " kind = excluded.kind, before = excluded.before, after = excluded.after",
        [
            (
                row.at,
                row.by_id,
                row.source,
                row.device,
                row.act,
                row.kind,
                row.entity,
                row.key,
                *_told(row),
                row.uid,
            )
            for row in rows
        ],
    )
    return len(rows)


def _told(row: HistoryRow) -> tuple[str, str]:
    before, after = dict(row.before), dict(row.after)
    if row.entity in KINDS and not (before and after):
        # A whole record is kept without what a new one says anyhow, as ours are.
        kind = KINDS[row.entity].record
        before, after = compact(kind, before), compact(kind, after)
    return encode(before), encode(after)


def put_card(tx: Transaction, card: Card) -> None:
    """A refused intent for people to look at, or their answer to it."""
    tx.raw.execute(
        "INSERT INTO card (id, body, resolved) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET body = excluded.body, resolved = excluded.resolved",
        (card.intent.id, msgspec.json.encode(card).decode(), card.resolved),
    )
    was, now = ("resolved", "refused") if card.resolved is None else ("refused", "resolved")
    tx.raw.execute("UPDATE outbox SET state = ? WHERE intent_id = ? AND state = ?", (now, card.intent.id, was))
    if card.intent.entity == Entity.APPOINTMENT.value:
        tx.flags.touch([card.intent.key])
    tx.touch(CARD)


def name_of(raw: Raw, author: str | None) -> str | None:
    """How an author is called."""
    found = raw.execute("SELECT name FROM staff WHERE id = ?", (author,)).fetchone()
    return None if found is None else str(found[0])


# ------------------------------------------------------------------------------------- too much goes


def going(raw: Raw, changes: Sequence[Change]) -> int:
    """How many of what is here would go."""
    gone: dict[str, list[str]] = {}
    for change in changes:
        if change.state != "live" and change.entity in TABLE:
            gone.setdefault(change.entity, []).append(change.key)
    return sum(present(raw, entity, keys) for entity, keys in gone.items())


def present(raw: Raw, entity: str, keys: Sequence[str]) -> int:
    """How many of these aggregates are here."""
    text = (
        f"SELECT count(*) FROM json_each(?) AS w JOIN {TABLE[entity]} AS t ON t.id = w.value"  # sql: identifiers only
    )
    return int(raw.execute(text, (json.dumps(list(keys)),)).fetchone()[0])


def count_all(raw: Raw) -> int:
    """How many aggregates are here."""
    texts = [f"SELECT count(*) FROM {name}" for name in TABLE.values()]
    return sum(int(raw.execute(text).fetchone()[0]) for text in texts)


def guard(raw: Raw, going: int) -> None:
    """Raises Surroundings("deletions") when so much would go that a person has to look first (complaint 7)."""
    if going < 20:
        return
    total = count_all(raw)
    if too_many_gone(going, total):
        raise Surroundings(
            "deletions",
            f"The server says that {going:,} of {total:,} records are gone. Nothing was deleted here. If that is right,"
            " run himsog sync --accept-deletions.",
        )


# ------------------------------------------------------------------------------------- settings


def meta(raw: Raw, name: str) -> str | None:
    """A setting of the profile as it is now."""
    found = raw.execute("SELECT value FROM meta WHERE key = ?", (name,)).fetchone()
    return None if found is None else str(found[0])


def set_meta(raw: Raw, **values: str | None) -> None:
    """Change settings of the profile; None takes one away."""
    for name, value in values.items():
        if value is None:
            raw.execute("DELETE FROM meta WHERE key = ?", (name,))
        else:
            raw.execute(
                "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (name, value),
            )
