"""What happened: the history of one row, and one act with what it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from himsog_desktop.domain.appointment import shown_email
from himsog_desktop.domain.errors import BadInput, not_found
from himsog_desktop.domain.money import decimal
from himsog_desktop.services import render
from himsog_desktop.services.booking import appointment_of
from himsog_desktop.services.documents import ActDoc, HistoryDoc, Named
from himsog_desktop.services.reach import seen_providers
from himsog_desktop.storage import ledger, load
from himsog_desktop.storage.entities import KINDS
from himsog_desktop.storage.images import decode, whole

if TYPE_CHECKING:
    from himsog_desktop.domain.time import Zone
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import RefusedDoc
    from himsog_desktop.storage.images import Image
    from himsog_desktop.storage.ledger import ActRow

_INSTANTS = frozenset(
    {
        *("start", "end", "created", "updated", "cancelled_at"),
        *("arrived_at", "in_room_at", "with_provider_at", "checked_out_at"),
    }
)
_WALLS = frozenset({"hours", "breaks", "overrides"})
"""Fields whose ``start`` and ``end`` are minutes of the day, not instants."""

_MONEY = frozenset({"total", "price", "price_min", "price_max"})
_MAIL = frozenset({"email", "patient_email"})


def history(desk: Desk, key: str) -> list[HistoryDoc]:
    """Every change of a row, oldest first: an appointment by id or number, anything else by id.

    Rows that were deleted keep their history by id. ``before`` and ``after`` hold the fields that
    changed, a creation and a deletion all of them; instants are ISO 8601 in the clinic's zone and money
    decimal strings. Raises BadInput("not_found") for what never was.
    """
    only = seen_providers(desk)
    raw, zone = desk.reader, desk.zone
    bare = key.strip()
    rows = raw.execute(_HISTORY, (bare,)).fetchall()
    if not rows:
        try:
            bare = appointment_of(raw, bare).id
        except BadInput:
            bare = _number_in_history(desk, bare)
        rows = raw.execute(_HISTORY, (bare,)).fetchall()
    if only is not None and not _concerns(rows, only):
        raise not_found("appointment", key)
    people = {s.id: s.name for s in load.staff(raw)}
    return [
        HistoryDoc(
            seq=seq,
            at=zone.iso(at),
            by=None if by is None else Named(by, people.get(by, "")),
            source=source,
            device=device,
            act=act_id,
            kind=kind,
            before=shown(entity, decode(before), zone, full=after == _NOTHING),
            after=shown(entity, decode(after), zone, full=before == _NOTHING),
        )
        for seq, at, by, source, device, act_id, kind, before, after, entity in rows
    ]


_HISTORY = (
    "SELECT seq, at, by_id, source, device, act_id, kind, before, after, entity_type FROM history"
    " WHERE entity_id = ? ORDER BY seq"
)
_NOTHING = "{}"
"""The image of what is not there."""


def _number_in_history(desk: Desk, number: str) -> str:
    """The id of a deleted appointment of that number."""
    wanted = number.upper()
    found = desk.reader.execute(
        "SELECT h.entity_id FROM tombstones AS t JOIN history AS h ON h.entity_id = t.entity_id"
        " WHERE t.entity_type = 'appointment' AND json_extract(h.before, '$.number') = ? LIMIT 1",
        (wanted,),
    ).fetchone()
    if found is None:
        raise not_found("appointment", number)
    return str(found[0])


def _concerns(rows: list[tuple[object, ...]], providers: tuple[str, ...]) -> bool:
    """Whether a row ever stood in one of these columns."""
    return any(
        image.get("provider_id") in providers for row in rows for image in (decode(str(row[7])), decode(str(row[8])))
    )


def shown(entity: str, image: Image, zone: Zone, *, full: bool) -> dict[str, object]:
    """A stored image as documents write it; ``full``: it is a whole one, kept compact."""
    if full:
        # Whole records are kept without the fields that say the usual.
        image = whole(KINDS[entity].record, image)
    return {name: _value(name, value, zone) for name, value in image.items()}


def _value(name: str, value: object, zone: Zone, *, wall: bool = False) -> object:
    """A stored value as documents write it."""
    if isinstance(value, dict):
        return {str(k): _value(str(k), v, zone, wall=wall) for k, v in value.items()}
    if isinstance(value, list):
        return [_value(name, v, zone, wall=wall or name in _WALLS) for v in value]
    if isinstance(value, int) and not isinstance(value, bool):
        if name in _INSTANTS and not wall:
            return zone.iso(value)
        if name in _MONEY:
            return decimal(value)
    if isinstance(value, str) and name in _MAIL:
        return shown_email(value)
    return value


def act(desk: Desk, act_id: str) -> ActDoc:
    """An act: who did it and when, its appointments as they are now, and what it was refused.

    ``undoable_until`` is null when it can't be undone any more. Raises BadInput("not_found") for an
    unknown act, and for a refused one, which changed nothing.
    """
    only = seen_providers(desk)
    raw, zone = desk.reader, desk.zone
    found = ledger.get(raw, act_id.strip())
    if found is None or found.state == "refused":
        raise not_found("act", act_id)
    changed = [
        row[0]
        for row in raw.execute(
            "SELECT entity_id FROM history WHERE act_id = ? AND entity_type = 'appointment'"
            " GROUP BY entity_id ORDER BY min(seq)",
            (found.id,),
        )
    ]
    records = [a for a in load.appointments(raw, changed) if only is None or a.provider_id in only]
    by = found.by_id
    return ActDoc(
        act=found.id,
        kind=found.kind,
        at=zone.iso(found.at),
        by=None if by is None else Named(by, {s.id: s.name for s in load.staff(raw)}.get(by, "")),
        undoable_until=zone.iso(desk.undoable_until(found.at)) if _undoable(desk, found) else None,
        changed=render.appointments(raw, records, desk.clinic),
        refused=_refused(found),
        count=len(records),
    )


def _undoable(desk: Desk, found: ActRow) -> bool:
    return found.state == "done" and found.undone_by is None and desk.now() <= desk.undoable_until(found.at)


def _refused(found: ActRow) -> list[RefusedDoc]:
    """The rows that a bulk act was refused, where its answer was kept."""
    if found.answer is None:
        return []
    try:
        return msgspec.json.decode(found.answer, type=ActDoc).refused
    except msgspec.ValidationError:
        # The answer of another kind of act: a patient, an import.
        return []
