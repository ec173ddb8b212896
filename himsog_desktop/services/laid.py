"""Appointments as an act under way will leave them, laid over what is stored.

A bulk act is planned before anything is written: each verdict must see what the rows before it did. So a
preview needs no lock and no write, and the act itself writes once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.domain.time import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from himsog_desktop.domain.appointment import Appointment
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.storage.connection import Raw

Span = tuple[str, "Micros", "Micros"]
"""Id, start and end."""


WAYS_MOST = 200
"""More refusals than this nobody reads with three free times each; of the others only the rules are told."""


class Laid:
    """What was changed so far. What is stored of these appointments counts no more.

    ``ways_out`` is how many refusals are to name what is free instead, which takes far longer than to refuse.
    """

    __slots__ = ("_buffers", "_days", "_long", "_now", "_ways_out")

    def __init__(self, *, ways_out: int = WAYS_MOST) -> None:
        self._ways_out = ways_out
        self._now: dict[str, Appointment | None] = {}
        self._days: dict[tuple[str, int], dict[str, Appointment]] = {}
        self._long: dict[str, dict[str, Appointment]] = {}
        self._buffers: dict[str, tuple[int, int]] | None = None

    def put(self, key: str, now: Appointment | None) -> None:
        """The appointment is like this from now on; None is deleted."""
        before = self._now.get(key)
        if before is not None and before.active:
            for place in self._places(before):
                place.pop(key, None)
        self._now[key] = now
        if now is not None and now.active:
            for place in self._places(now):
                place[key] = now

    def get(self, key: str) -> Appointment | None:
        """The appointment as it was left, None when it was not touched or is gone."""
        return self._now.get(key)

    def way_out(self) -> bool:
        """Whether this refusal is still to name what is free instead."""
        self._ways_out -= 1
        return self._ways_out >= 0

    def hides(self, key: str) -> bool:
        """Whether what is stored of it counts no more."""
        return key in self._now

    def of_provider(self, provider_id: str, low: Micros, high: Micros) -> list[Appointment]:
        """Active ones of a provider that meet the range."""
        return list(self._meeting(f"provider {provider_id}", low, high))

    def of_patient(self, patient_id: str, low: Micros, high: Micros) -> list[Span]:
        """The same of a patient's."""
        return [(a.id, a.start, a.end) for a in self._meeting(f"patient {patient_id}", low, high)]

    def in_room(self, room_id: str, low: Micros, high: Micros) -> list[Span]:
        """The same of a room's."""
        return [(a.id, a.start, a.end) for a in self._meeting(f"room {room_id}", low, high)]

    def buffers(self, raw: Raw, a: Appointment) -> tuple[int, int]:
        """Minutes that its services keep free before and after it."""
        if self._buffers is None:
            rows = raw.execute("SELECT service_id, buffer_before, buffer_after FROM service_desk").fetchall()
            self._buffers = {row[0]: (row[1], row[2]) for row in rows}
        own = [self._buffers.get(b.service_id, (0, 0)) for b in a.services]
        return max((b for b, _ in own), default=0), max((b for _, b in own), default=0)

    def _places(self, a: Appointment) -> Iterator[dict[str, Appointment]]:
        owners = (f"provider {a.provider_id}", f"patient {a.patient_id}", *(f"room {r}" for r in a.resources))
        for owner in owners:
            if a.end - a.start > DAY:
                yield self._long.setdefault(owner, {})
            else:
                yield self._days.setdefault((owner, a.start // DAY), {})

    def _meeting(self, owner: str, low: Micros, high: Micros) -> Iterator[Appointment]:
        found = [self._days.get((owner, day), {}) for day in range(low // DAY - 1, high // DAY + 1)]
        for place in (*found, self._long.get(owner, {})):
            for a in place.values():
                if a.start < high and a.end > low:
                    yield a
