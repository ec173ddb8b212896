"""What a tile shows of sync: that its appointment waits, was refused, or overlaps another one.

Overlap is checked when a person acts, never when the server's rows are applied: then two rows may overlap in
the projection and are shown as a conflict (design, section 3). Flags are brought up to date once, at the end of a
write, of what it touched and of those it stood beside.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import Appointment
from himsog_desktop.domain.day import SYNC_CONFLICT, SYNC_PENDING, SYNC_REFUSED
from himsog_desktop.storage import hot
from himsog_desktop.storage.outbox import WAITING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from himsog_desktop.domain.time import Micros
    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.entities import Record

ALL = SYNC_PENDING | SYNC_REFUSED | SYNC_CONFLICT

_WANTED = f"""
SELECT t.start, t.id, t."end", t.provider_id, t.flags, t.lane, t.status IN ('PENDING', 'CONFIRMED'),
       EXISTS (SELECT 1 FROM outbox AS o INDEXED BY outbox_entity
                WHERE o.entity_type = 'appointment' AND o.entity_id = t.id AND o.{WAITING})
  FROM json_each(?) AS w CROSS JOIN appointments AS a INDEXED BY appointments_key ON a.id = w.value
 CROSS JOIN tile AS t ON t.start = a.start_time AND t.id = a.id"""
_REFUSED = """
SELECT json_extract(body, '$.intent.key') FROM card
 WHERE resolved IS NULL AND json_extract(body, '$.intent.entity') = 'appointment'"""


class Flags:
    """What has to be looked at when a write ends."""

    __slots__ = ("_ids", "_places")

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._places: set[tuple[str, Micros, Micros]] = set()

    def touch(self, ids: Iterable[str]) -> None:
        """These appointments began or ceased to wait, or to need attention."""
        self._ids.update(ids)

    def look(self, places: Iterable[tuple[str, Micros, Micros]]) -> None:
        """Whoever stands at these times (provider, start, end) may stand beside another."""
        self._places.update(places)

    def follow(self, pairs: Sequence[tuple[Record | None, Record | None]]) -> None:
        """These appointments changed: whoever they stood beside, and whoever they stand beside now, may too."""
        for old, new in pairs:
            before, after = _place(old), _place(new)
            self._ids.update(record.id for record in (old, new) if isinstance(record, Appointment))
            if before != after:
                self._places.update(place[:3] for place in (before, after) if place is not None)

    def refresh(self, raw: Raw) -> Iterator[tuple[str, Micros, Micros]]:
        """Write the flags that are not right; (id, start, end) of what changed."""
        for provider, start, end in self._places:
            self._ids.update(key for key, _, _ in hot.busy(raw, provider, start, end))
        if not self._ids:
            return
        refused = {row[0] for row in raw.execute(_REFUSED)}
        changes = []
        for start, key, end, provider, flags, lane, active, waits in raw.execute(
            _WANTED, (json.dumps(sorted(self._ids)),)
        ).fetchall():
            wanted = flags & ~ALL
            wanted |= SYNC_PENDING if waits else 0
            wanted |= SYNC_REFUSED if key in refused else 0
            if active and _overlaps(raw, key, provider, lane, start, end):
                wanted |= SYNC_CONFLICT
            if wanted != flags:
                changes.append((wanted, start, key))
                yield key, start, end
        raw.executemany("UPDATE tile SET flags = ? WHERE start = ? AND id = ?", changes)
        self._ids.clear()
        self._places.clear()


def _place(record: Record | None) -> tuple[str, Micros, Micros, int] | None:
    if not isinstance(record, Appointment) or not record.active:
        return None
    return record.provider_id, record.start, record.end, record.lane


def _overlaps(raw: Raw, key: str, provider: str, lane: int, start: Micros, end: Micros) -> bool:
    others = [other for other, _, _ in hot.busy(raw, provider, start, end) if other != key]
    if not others:
        return False
    found = raw.execute(
        "SELECT EXISTS (SELECT 1 FROM json_each(?) AS w LEFT JOIN appointment_desk AS d ON d.appointment_id = w.value"
        " WHERE coalesce(d.lane, 0) = ?)",
        (json.dumps(others), lane),
    ).fetchone()
    return bool(found[0])
