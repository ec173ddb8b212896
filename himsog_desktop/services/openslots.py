"""Open times: the slots of a provider, the next ones of several, and why a time is not free."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from himsog_desktop.domain.errors import BadInput, Refused
from himsog_desktop.domain.openings import ONE_DAY
from himsog_desktop.domain.rules import Reason
from himsog_desktop.domain.rulesfile import rules_from_document
from himsog_desktop.domain.search import HORIZON_DAYS, PartOfDay
from himsog_desktop.domain.search import next_available as next_of
from himsog_desktop.domain.time import MINUTE
from himsog_desktop.services import diaries, render
from himsog_desktop.services.booking import offer, rooms_of
from himsog_desktop.services.verdicts import Wanted, judge
from himsog_desktop.storage import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from himsog_desktop.domain.clinic import Provider, Service
    from himsog_desktop.domain.prices import Quote
    from himsog_desktop.domain.slots import Slot
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.ports import Clock
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import SlotDoc
    from himsog_desktop.storage.connection import Raw

MOST_DAYS = 366
MOST_FOUND = 200
_CHUNK_DAYS = 7
"""Diaries are read a week at a time: an answer that lies near costs one."""


def slots(
    desk: Desk,
    provider: str,
    first: date,
    days: int = 1,
    service_ids: Sequence[str] = (),
    duration: int | None = None,
    only_free: bool = False,
) -> list[SlotDoc]:
    """The grid of a provider from the clinic date ``first``, each slot with every rule that blocks it.

    Services and duration (minutes) as for a booking. Raises BadInput for unknown ids and for more than
    a year of days, Refused("service_not_offered").
    """
    found = day_slots(desk, provider, first, days, service_ids, duration)
    return [render.slot(slot, desk.zone) for slot in found if slot.available or not only_free]


def free_slots(
    desk: Desk,
    provider: str,
    first: date,
    days: int = 1,
    service_ids: Sequence[str] = (),
    duration: int | None = None,
) -> list[Slot]:
    """The slots that can be booked, as values. Raises as ``slots`` does."""
    return [slot for slot in day_slots(desk, provider, first, days, service_ids, duration) if slot.available]


def day_slots(
    desk: Desk,
    provider: str,
    first: date,
    days: int = 1,
    service_ids: Sequence[str] = (),
    duration: int | None = None,
) -> list[Slot]:
    """The whole grid as values; the words of a reason are made when asked for. Raises as ``slots`` does."""
    _check_days(days)
    raw = desk.reader
    found = diaries.provider_of(raw, provider, desk.clinic)
    chosen, quote = offer(raw, found, service_ids, duration)
    return _listed(desk, raw, found, chosen, quote, first, days)


def _listed(
    desk: Desk, raw: Raw, provider: Provider, chosen: Sequence[Service], quote: Quote, first: date, days: int
) -> list[Slot]:
    low, high = diaries.bounds(desk.zone, first, first + timedelta(days=days - 1))
    diary = diaries.diary(
        raw,
        provider,
        desk.clinic,
        desk.zone,
        low,
        high,
        now=desk.now(),
        duration=quote.duration,
        buffers=(quote.buffer_before, quote.buffer_after),
        services=chosen,
    )
    return diary.slots(first, days)


def _check_days(days: int) -> None:
    if not 1 <= days <= MOST_DAYS:
        raise BadInput("bad_value", f"Ask for 1 to {MOST_DAYS} days.")


def next_available(
    desk: Desk,
    providers: Sequence[str] = (),
    service_ids: Sequence[str] = (),
    part: PartOfDay | str | None = None,
    count: int = 1,
    first: date | None = None,
    duration: int | None = None,
) -> list[SlotDoc]:
    """The next free slots as documents; see ``next_free``."""
    found = next_free(desk, providers, service_ids, part, count, first, duration)
    return [render.slot(slot, desk.zone) for slot in found]


def next_free(
    desk: Desk,
    providers: Sequence[str] = (),
    service_ids: Sequence[str] = (),
    part: PartOfDay | str | None = None,
    count: int = 1,
    first: date | None = None,
    duration: int | None = None,
    since: Micros | None = None,
) -> list[Slot]:
    """The next free slots of several providers (by default all who take bookings), earliest first.

    Services of one provider are found at the others by their catalogue; who does not offer them is left
    out. Looks two months ahead from ``first`` (today), and leaves out what starts before ``since``.
    Raises BadInput for unknown ids, Refused ("service_not_offered") when none of the providers offers
    them.
    """
    if not 1 <= count <= MOST_FOUND:
        raise BadInput("bad_value", f"Ask for 1 to {MOST_FOUND} slots.")
    wanted = _part(part)
    raw, zone = desk.reader, desk.zone
    today = zone.date_of(desk.now())
    start = today if first is None else max(first, today)
    calendars = [
        _Ahead(desk, raw, provider, chosen, quote, start)
        for provider, chosen, quote in _offering(desk, raw, providers, service_ids, duration)
    ]
    return next_of([c.day for c in calendars], start, zone, part=wanted, count=count, days=HORIZON_DAYS, since=since)


def _part(part: PartOfDay | str | None) -> PartOfDay | None:
    if part is None:
        return None
    try:
        return PartOfDay(part)
    except ValueError:
        raise BadInput("bad_value", f"The part of the day is one of {', '.join(PartOfDay)}.") from None


class _Ahead:
    """The coming days of one provider, read in chunks as they are asked for."""

    def __init__(
        self, desk: Desk, raw: Raw, provider: Provider, chosen: Sequence[Service], quote: Quote, first: date
    ) -> None:
        self._desk, self._raw, self._provider = desk, raw, provider
        self._chosen, self._quote, self._first = chosen, quote, first
        self._chunk = -1
        self._slots: dict[date, list[Slot]] = {}

    def day(self, day: date) -> list[Slot]:
        """The slots of a clinic date."""
        chunk = (day - self._first).days // _CHUNK_DAYS
        if chunk != self._chunk:
            self._chunk = chunk
            begin = self._first + ONE_DAY * (chunk * _CHUNK_DAYS)
            self._slots = {}
            for slot in _listed(self._desk, self._raw, self._provider, self._chosen, self._quote, begin, _CHUNK_DAYS):
                self._slots.setdefault(self._desk.zone.date_of(slot.start), []).append(slot)
        return self._slots.get(day, [])


def _offering(
    desk: Desk, raw: Raw, named: Sequence[str], service_ids: Sequence[str], duration: int | None
) -> list[tuple[Provider, list[Service], Quote]]:
    """The providers to look at, each with its own services and what they come to."""
    if named:
        chosen = list({p.id: p for p in (diaries.provider_of(raw, key, desk.clinic) for key in named)}.values())
    else:
        chosen = [p for p in load.providers(raw, desk.clinic.id) if p.bookable]
    everything = load.services(raw)
    found = []
    refusal: Refused | None = None
    for provider in chosen:
        try:
            own = own_services(raw, provider, service_ids, everything)
            found.append((provider, *offer(raw, provider, own, duration)))
        except Refused as no:
            refusal = no
    if refusal is not None and not found:
        raise refusal if len(chosen) == 1 else Refused("service_not_offered", "No provider offers these services.")
    return found


def own_services(
    raw: Raw, provider: Provider, service_ids: Sequence[str], everything: Sequence[Service] | None = None
) -> list[str]:
    """The ids of a provider's services for ids, keys or catalogue entries of anybody's.

    What has no counterpart stays as it was named, so that ``booking.offer`` says what is wrong.
    """
    if not service_ids:
        return []
    everything = load.services(raw) if everything is None else everything
    mine = [s for s in everything if s.provider_id == provider.id]
    found = []
    for wanted in service_ids:
        named = next((s for s in mine if wanted in (s.id, s.key, s.catalogue)), None)
        if named is None:
            other = next((s for s in everything if wanted in (s.id, s.key, s.catalogue)), None)
            if other is not None:
                named = next((s for s in mine if s.active and _same(s, other)), None)
        found.append(wanted if named is None else named.id)
    return found


def _same(one: Service, other: Service) -> bool:
    """Whether two providers' services are one entry of the catalogue."""
    if one.catalogue is not None and other.catalogue is not None:
        return one.catalogue == other.catalogue
    return one.key is not None and one.key == other.key


def slots_from_rules(document: object, first: date, days: int, clock: Clock) -> list[SlotDoc]:
    """The slots of a rules file (contract, "Documents"), without a profile; provider null.

    Raises BadInput naming the field that can't be understood.
    """
    _check_days(days)
    rules = rules_from_document(document, clock=clock.now())
    return [render.slot(slot, rules.rules.zone) for slot in rules.diary().slots(first, days)]


def explain_room(desk: Desk, room_ids: Sequence[str], start: Micros, end: Micros) -> tuple[Reason, ...]:
    """Why nobody can be booked in these rooms then: what every provider meets, none when one of them is free."""
    providers = [p for p in load.providers(desk.reader, desk.clinic.id) if p.bookable]
    met = [explain(desk, p.id, start, end, room_ids=room_ids) for p in providers]
    if not met or not all(met):
        return ()
    common = tuple(r for r in met[0] if all(any(r.rule == other.rule for other in rest) for rest in met[1:]))
    return common or (Reason("booked", "Nobody is free then"),)


def free_provider(desk: Desk, start: Micros, minutes: int | None = None) -> str | None:
    """The first provider who is free from then on for so long (by default her own slot), else the first of all."""
    providers = [p for p in load.providers(desk.reader, desk.clinic.id) if p.bookable]
    for provider in providers:
        if not explain(desk, provider.id, start, start + (minutes or provider.slot_minutes) * MINUTE):
            return provider.id
    return providers[0].id if providers else None


def explain(
    desk: Desk,
    provider_id: str,
    start: Micros,
    end: Micros,
    *,
    service_ids: Sequence[str] = (),
    patient_id: str | None = None,
    ignore: str | None = None,
    room_ids: Sequence[str] = (),
) -> tuple[Reason, ...]:
    """Every rule that blocks a stretch of a provider's time, none when it is free; for hovers and drags.

    ``ignore`` is the appointment that is being moved. Raises BadInput for unknown ids and for an end
    that is not after its start.
    """
    if end <= start:
        raise BadInput("bad_value", "The end must be after the start.")
    raw = desk.reader
    provider = diaries.provider_of(raw, provider_id, desk.clinic)
    minutes = max((end - start) // MINUTE, 1)
    if service_ids:
        chosen, quote = offer(raw, provider, service_ids, None)
        buffers = (quote.buffer_before, quote.buffer_after)
    else:
        chosen, buffers = [], (provider.policy.buffer_before, provider.policy.buffer_after)
    wanted = Wanted(
        provider,
        start,
        start + minutes * MINUTE,
        buffers,
        chosen,
        patient_id=patient_id,
        room_ids=rooms_of(desk, room_ids),
        ignore=ignore,
    )
    return judge(desk, raw, wanted).reasons
