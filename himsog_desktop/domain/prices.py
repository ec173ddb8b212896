"""What a booking costs, how long it takes and how much room it needs around it.

FIXED books its price, RANGE its minimum, INQUIRE nothing: "to be agreed" (design, section 2). A
package's price and length cover its parts: a part that is chosen beside its package is kept on the
list at no charge and takes no time, as the platform counts it only once (platform README, "Service
demand").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from himsog_desktop.domain.appointment import BookedService
from himsog_desktop.domain.clinic import Pricing, Provider, Service, ServiceKind
from himsog_desktop.domain.errors import Refused


@dataclass(frozen=True, slots=True)
class Quote:
    """What was chosen, priced: ``total`` in centavos, lengths in minutes.

    ``to_be_agreed`` says that a service has no price yet, so the total is not the last word.
    """

    services: tuple[BookedService, ...]
    total: int
    to_be_agreed: bool
    duration: int
    buffer_before: int
    buffer_after: int


def price_of(service: Service) -> int:
    """What a booking of the service costs now, in centavos; 0 when that is to be agreed."""
    return 0 if service.pricing is Pricing.INQUIRE else service.price_min


def contained(chosen: Iterable[Service], catalogue: Mapping[str, Service]) -> frozenset[str]:
    """The ids of everything inside the chosen packages, packages inside packages included."""
    inside: set[str] = set()
    waiting = [part for service in chosen if service.kind is ServiceKind.PACKAGE for part in service.parts]
    while waiting:
        part = waiting.pop()
        if part not in inside:
            inside.add(part)
            if part in catalogue and catalogue[part].kind is ServiceKind.PACKAGE:
                waiting.extend(catalogue[part].parts)
    return frozenset(inside)


def duration_of(service: Service, catalogue: Mapping[str, Service]) -> int | None:
    """Minutes of a service: its own, else for a package the sum of its parts; None when none is known."""
    return _duration(service, catalogue, frozenset({service.id}))


def _duration(service: Service, catalogue: Mapping[str, Service], above: frozenset[str]) -> int | None:
    if service.duration is not None or service.kind is not ServiceKind.PACKAGE:
        return service.duration
    # ``above`` ends the descent should a package ever hold itself.
    parts = [catalogue[part] for part in service.parts if part in catalogue and part not in above]
    lengths = [length for p in parts if (length := _duration(p, catalogue, above | {p.id})) is not None]
    return sum(lengths) if lengths else None


def quote(
    chosen: Sequence[Service],
    provider: Provider,
    catalogue: Mapping[str, Service] | None = None,
    *,
    duration: int | None = None,
) -> Quote:
    """Price a choice of services of one provider.

    ``catalogue`` finds the parts of packages by id. ``duration`` (asked for by hand) wins over the
    services' sum; services without a length add nothing, and when none has one it is the provider's
    slot. Buffers are the widest of the services' and the policy's. The same service twice counts once.

    Raises Refused (``service_not_offered``) for a service of another provider or an inactive one.
    """
    catalogue = catalogue or {}
    services = list({service.id: service for service in chosen}.values())
    for service in services:
        if service.provider_id != provider.id:
            raise Refused("service_not_offered", f"{provider.name} doesn't offer {service.name[:60]!r}.")
        if not service.active:
            raise Refused("service_not_offered", f"{service.name[:60]!r} is not offered at present.")
    inside = contained(services, catalogue)
    counted = [service for service in services if service.id not in inside] or services
    lines = tuple(BookedService(s.id, s.name, price_of(s) if s in counted else 0) for s in services)
    lengths = [length for s in counted if (length := duration_of(s, catalogue)) is not None]
    return Quote(
        services=lines,
        total=sum(line.price for line in lines),
        to_be_agreed=any(s.pricing is Pricing.INQUIRE for s in counted),
        duration=duration if duration is not None else sum(lengths) or provider.slot_minutes,
        buffer_before=max(provider.policy.buffer_before, *(s.buffer_before for s in services), 0),
        buffer_after=max(provider.policy.buffer_after, *(s.buffer_after for s in services), 0),
    )


def remap(booked: Iterable[Service], offered: Iterable[Service]) -> tuple[Service, ...]:
    """The same services at another provider, found by ``catalogue``, for a move between columns.

    Raises Refused (``service_not_offered``) when one of them has no active counterpart there.
    """
    by_catalogue: dict[str, Service] = {}
    own: dict[str, Service] = {}
    for service in offered:
        own[service.id] = service
        if service.active and service.catalogue is not None:
            by_catalogue.setdefault(service.catalogue, service)
    found = []
    for service in booked:
        match = own.get(service.id) or by_catalogue.get(service.catalogue or "")
        if match is None:
            raise Refused("service_not_offered", f"The other provider doesn't offer {service.name[:60]!r}.")
        found.append(match)
    return tuple(found)
