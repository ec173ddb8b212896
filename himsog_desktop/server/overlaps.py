"""Appointments of the web that overlap: which they are, and which lane each has or would have. No patient data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from himsog_desktop.server.connection import Connection


class Overlap(NamedTuple):
    """An appointment on a lane beside lane 0, and the others at that time."""

    id: str
    provider: str
    lane: int
    others: tuple[str, ...]


_ACTIVE = """
WITH active AS (
    SELECT a.id, a.provider_id, a.start_time, a.end_time,
           max(a.end_time) OVER (laid ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
           lead(a.start_time) OVER laid AS after
      FROM public.appointments AS a
     WHERE a.status IN ('PENDING', 'CONFIRMED') AND isfinite(a.start_time) AND isfinite(a.end_time)
       AND a.start_time < a.end_time
    WINDOW laid AS (PARTITION BY a.provider_id ORDER BY a.start_time, a.id)
)
SELECT id, provider_id, start_time, end_time FROM active
 WHERE start_time < before OR end_time > after ORDER BY provider_id, start_time, id
"""
_LAID = """
SELECT d.appointment_id, m.resource, d.lane,
       ARRAY(SELECT o.owner FROM generate_series(0, d.lane + 1) AS l (lane),
                    desk.takers(m.resource, l.lane, m.during) AS o
              WHERE o.kind = 'appointment' AND o.owner <> d.appointment_id ORDER BY l.lane, lower(o.during), o.owner)
  FROM desk.appointment_desk AS d
  JOIN public.appointments AS a ON a.id = d.appointment_id
  JOIN desk.occupancy AS m ON m.kind = 'appointment' AND m.owner = d.appointment_id AND m.resource = a.provider_id
 WHERE d.lane > 0 AND d.source = 'web' ORDER BY a.provider_id, a.start_time, a.id
"""


def laid(db: Connection) -> list[Overlap]:
    """What the web made that stands on a lane of an attached database."""
    return [Overlap(key, provider, lane, tuple(others)) for key, provider, lane, others in db.execute(_LAID)]


def to_be(db: Connection) -> list[Overlap]:
    """What would be put on a lane, and on which: the lowest that is free, in order of start and id."""
    return list(lanes(db.execute(_ACTIVE)))


def lanes(rows: Iterable[tuple[str, str, datetime, datetime]]) -> Iterator[Overlap]:
    """Lanes of appointments (id, provider, start, end) that come by provider, start and id."""
    of: str | None = None
    open_: list[tuple[str, int, datetime]] = []
    for key, provider, start, end in rows:
        open_ = [one for one in open_ if provider == of and one[2] > start]
        of = provider
        taken = {lane for _, lane, _ in open_}
        lane = next(n for n in range(len(taken) + 1) if n not in taken)
        if lane:
            yield Overlap(key, provider, lane, tuple(other for other, _, _ in sorted(open_, key=lambda one: one[1])))
        open_.append((key, lane, end))
