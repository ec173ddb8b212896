"""A provider's diary as it stands in the cache: rules, busy times, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.domain.errors import not_found
from himsog_desktop.domain.rules import Rule
from himsog_desktop.domain.slots import Busy, DayLimit, Diary, rules_for
from himsog_desktop.domain.time import DAY, MINUTE
from himsog_desktop.storage import hot, load

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from himsog_desktop.domain.appointment import Appointment
    from himsog_desktop.domain.clinic import Clinic, Provider, Service
    from himsog_desktop.domain.time import Micros, Zone
    from himsog_desktop.services.laid import Laid, Span
    from himsog_desktop.storage.connection import Raw


def provider_of(raw: Raw, provider_id: str, clinic: Clinic) -> Provider:
    """The provider; also found by the key of a set-up document. Raises BadInput("not_found")."""
    found = load.providers(raw, clinic.id, provider_id)
    if found:
        return found[0]
    keyed = raw.execute("SELECT provider_id FROM provider_desk WHERE key = ?", (provider_id,)).fetchone()
    if keyed is None:
        raise not_found("provider", provider_id)
    return load.providers(raw, clinic.id, keyed[0])[0]


class Columns:
    """Providers with their services, each read once: for acts on many rows."""

    __slots__ = ("_clinic", "_found", "_raw")

    def __init__(self, raw: Raw, clinic: Clinic) -> None:
        self._raw = raw
        self._clinic = clinic
        self._found: dict[str, tuple[Provider, list[Service]]] = {}

    def of(self, provider_id: str) -> tuple[Provider, list[Service]]:
        """The provider and what she offers. Raises BadInput("not_found")."""
        found = self._found.get(provider_id)
        if found is None:
            provider = provider_of(self._raw, provider_id, self._clinic)
            found = self._found[provider_id] = (provider, load.services(self._raw, provider.id))
        return found


def diary(
    raw: Raw,
    provider: Provider,
    clinic: Clinic,
    zone: Zone,
    low: Micros,
    high: Micros,
    *,
    now: Micros,
    duration: int,
    buffers: tuple[int, int],
    step: int | None = None,
    services: Iterable[Service] = (),
    patient_id: str | None = None,
    room_ids: Iterable[str] = (),
    ignore: str | None = None,
    laid: Laid | None = None,
) -> Diary:
    """The diary of a provider around the range [low, high).

    ``buffers`` are minutes before and after. Existing appointments keep their own buffers free as well:
    the widest of their services' and the policy's (contract, "Slots"). ``ignore`` is the appointment being
    moved. ``services`` bring their limits per day; ``patient_id`` and ``room_ids`` their own busy times.
    ``laid`` are changes that count as if they were stored.
    """
    rules = rules_for(
        provider,
        clinic.id,
        zone,
        duration=duration,
        step=step,
        buffer_before=buffers[0],
        buffer_after=buffers[1],
    )
    low, high = low - 2 * DAY, high + 2 * DAY
    taken = _others(hot.busy(raw, provider.id, low, high), ignore, laid)
    own = hot.service_buffers(raw, [row[0] for row in taken]) if taken else {}
    over = [] if laid is None else [a for a in laid.of_provider(provider.id, low, high) if a.id != ignore]
    if laid is not None:
        taken += [(a.id, a.start, a.end) for a in over]
        own.update((a.id, laid.buffers(raw, a)) for a in over)
    policy = provider.policy
    busy = []
    for key, start, end in taken:
        before, after = own.get(key, (0, 0))
        busy.append(Busy(start, end, Rule.BOOKED))
        busy.append(Busy(start - max(before, policy.buffer_before) * MINUTE, start, Rule.BUFFER))
        busy.append(Busy(end, end + max(after, policy.buffer_after) * MINUTE, Rule.BUFFER))
    busy += [
        Busy(start, end, Rule.BLOCKED_TIME, text) for _, _, start, end, text in hot.blocks(raw, provider.id, low, high)
    ]
    if patient_id is not None:
        visits = _others(hot.patient_busy(raw, patient_id, low, high), ignore, laid)
        if laid is not None:
            visits += [span for span in laid.of_patient(patient_id, low, high) if span[0] != ignore]
        busy += [Busy(start, end, Rule.PATIENT_BUSY) for _, start, end in visits]
    for room in room_ids:
        uses = _others(hot.room_busy(raw, room, low, high), ignore, laid)
        if laid is not None:
            uses += [span for span in laid.in_room(room, low, high) if span[0] != ignore]
        name = next((r.name for r in clinic.rooms if r.id == room), "")
        busy += [Busy(start, end, Rule.RESOURCE_BUSY, name) for _, start, end in uses]
    return Diary(
        rules,
        busy,
        now=now,
        provider=provider.id,
        starts=[start for _, start, _ in taken],
        limits=[
            _limit(raw, service, low, high, ignore, laid, over)
            for service in services
            if service.max_per_day is not None
        ],
    )


def _others(found: list[Span], ignore: str | None, laid: Laid | None) -> list[Span]:
    """Without the one that moves and those that an act under way has changed."""
    if laid is None:
        return [row for row in found if row[0] != ignore]
    return [row for row in found if row[0] != ignore and not laid.hides(row[0])]


def _limit(
    raw: Raw,
    service: Service,
    low: Micros,
    high: Micros,
    ignore: str | None,
    laid: Laid | None,
    over: Iterable[Appointment],
) -> DayLimit:
    found = raw.execute(
        "SELECT a.start_time, a.id FROM appointments AS a JOIN appointment_service AS b ON b.appointment_id = a.id"
        " WHERE a.provider_id = ? AND a.start_time >= ? AND a.start_time < ? AND b.service_id = ?"
        " AND a.status IN ('PENDING', 'CONFIRMED') AND a.id IS NOT ?",
        (service.provider_id, low, high, service.id, ignore),
    ).fetchall()
    starts = [start for start, key in found if laid is None or not laid.hides(key)]
    starts += [a.start for a in over if any(b.service_id == service.id for b in a.services)]
    return DayLimit(service.max_per_day or 0, tuple(starts), service.name)


def bounds(zone: Zone, first: date, last: date) -> tuple[Micros, Micros]:
    """The range of whole clinic days."""
    return zone.day_bounds(first)[0], zone.day_bounds(last)[1]
