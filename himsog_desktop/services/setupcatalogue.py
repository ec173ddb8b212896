"""The services of a set-up document: each entry of the catalogue, at each provider who offers it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from himsog_desktop.domain.clinic import Pricing, Service, ServiceKind
from himsog_desktop.domain.ids import new_id
from himsog_desktop.services.setupfields import fault
from himsog_desktop.services.setupmodel import either
from himsog_desktop.services.setupparts import UNSAID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from himsog_desktop.domain.clinic import Provider
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.setupmodel import Plan, Standing
    from himsog_desktop.services.setupparts import PricePart, ServicePart, SetupFile
    from himsog_desktop.services.setupplan import Providers


class Services:
    """Each entry of the catalogue becomes one service per provider, all of one catalogue id."""

    def __init__(self, standing: Standing, wanted: SetupFile, providers: Providers, at: Micros) -> None:
        self.clinic = standing.clinic
        self.wanted = wanted.services
        self.providers = providers
        self.at = at
        self.old = {s.id: s for s in standing.services}
        self.new: dict[str, Service] = dict(self.old)
        self._ids: dict[tuple[str, str], str] = {}
        for name in ("catalogue", "key", "id"):
            # What a service is known by; its id is surest, so it comes last and wins.
            for s in standing.services:
                known = getattr(s, name)
                if known:
                    self._ids[s.provider_id, known] = s.id

    def plan(self, made: Plan) -> None:
        """Note every change of a service."""
        touched: dict[str, ServicePart] = {}
        for part in self.wanted:
            owners = self._owners(part)
            catalogue = self._catalogue(part, owners)
            for owner, path in owners:
                service = self._service(part, owner, catalogue, path)
                if service.id in touched:
                    raise fault(path, f"{part.key[:60]!r} of this provider is said twice")
                touched[service.id] = part
                self.new[service.id] = service
            if catalogue is not None:
                made.catalogue[catalogue] = self.new[self._ids[owners[0][0].id, part.key]].name
        for key, part in touched.items():
            if part.parts is not None:
                self.new[key] = replace(self.new[key], parts=self._parts(self.new[key], part))
        for key, part in touched.items():
            self._check_package(self.new[key], part)
            made.add("service", part.key, self.old.get(key), self.new[key])

    def _owners(self, part: ServicePart) -> list[tuple[Provider, str]]:
        if part.providers is not None:
            if not part.providers:
                raise fault(f"{part.path}.providers", "names nobody; a service that ended gets active = false")
            return [
                (self.providers.named(key, f"{part.path}.providers[{i}]"), f"{part.path}.providers[{i}]")
                for i, key in enumerate(part.providers)
            ]
        there = [self.providers.new[owner] for owner, key in self._ids if key == part.key]
        if not there:
            raise fault(f"{part.path}.providers", "is missing: say who offers a new service")
        return [(owner, part.path) for owner in there]

    def _catalogue(self, part: ServicePart, owners: Sequence[tuple[Provider, str]]) -> str | None:
        """The id that groups the entry; one service alone that was made without one keeps none."""
        there = [self.old[key] for owner, _ in owners if (key := self._ids.get((owner.id, part.key))) in self.old]
        known = next((s.catalogue for s in self.old.values() if s.catalogue and part.key in (s.key, s.catalogue)), None)
        known = known or next((s.catalogue for s in there if s.catalogue), None)
        if known is not None:
            return known
        if len(owners) == 1 and there and there[0].key is None:
            return None
        return new_id()

    def _service(self, part: ServicePart, owner: Provider, catalogue: str | None, path: str) -> Service:
        known = self._ids.get((owner.id, part.key))
        if known is None:
            if part.name is None:
                raise fault(f"{part.path}.name", "is missing: a new service needs a name")
            if part.kind is ServiceKind.PACKAGE and not part.parts:
                raise fault(f"{part.path}.parts", "is missing: a package needs parts")
            old = Service(
                new_id(),
                owner.id,
                part.name,
                part.kind or ServiceKind.SINGLE,
                Pricing.INQUIRE,
                self.at,
                self.at,
                catalogue=catalogue,
                key=part.key,
            )
            self._ids[owner.id, part.key] = old.id
        else:
            old = self.new[known]
            becomes = part.kind is ServiceKind.PACKAGE and old.kind is not ServiceKind.PACKAGE
            if becomes and not part.parts:
                raise fault(f"{part.path}.parts", "is missing: a package needs parts")
        pricing, low, high = _price(old, part.price, part.path, new=known is None)
        kind = either(part.kind, old.kind)
        return replace(
            old,
            name=either(part.name, old.name),
            description=old.description if part.description is None else part.description or None,
            kind=kind,
            parts=old.parts if kind is ServiceKind.PACKAGE else (),
            pricing=pricing,
            price_min=low,
            price_max=high,
            duration=old.duration if part.duration is UNSAID else part.duration,
            buffer_before=either(part.buffer_before, old.buffer_before),
            buffer_after=either(part.buffer_after, old.buffer_after),
            max_per_day=old.max_per_day if part.max_per_day is UNSAID else part.max_per_day,
            active=either(part.active, old.active),
            catalogue=old.catalogue or catalogue,
            updated=self.at,
        )

    def _parts(self, package: Service, part: ServicePart) -> tuple[str, ...]:
        owner = self.providers.new[package.provider_id]
        found = []
        for i, key in enumerate(part.parts or ()):
            known = self._ids.get((owner.id, key))
            if known is None:
                raise fault(f"{part.path}.parts[{i}]", f"{owner.name} doesn't offer {key[:60]!r}")
            found.append(known)
        if len(set(found)) != len(found):
            raise fault(f"{part.path}.parts", "names a part twice")
        old = self.old.get(package.id)
        return old.parts if old is not None and set(old.parts) == set(found) else tuple(found)

    def _check_package(self, package: Service, part: ServicePart) -> None:
        seen: set[str] = set()
        waiting = list(package.parts)
        while waiting:
            key = waiting.pop()
            if key == package.id:
                raise fault(f"{part.path}.parts", "a package can't hold itself")
            if key not in seen and key in self.new:
                seen.add(key)
                waiting.extend(self.new[key].parts)


def _price(old: Service, said: PricePart, path: str, *, new: bool) -> tuple[Pricing, int, int]:
    """Pricing, least and most in centavos."""
    if not said.said:
        if new:
            raise fault(f"{path}.price", 'is missing: a price, price_min and price_max, or pricing = "INQUIRE"')
        return old.pricing, old.price_min, old.price_max
    ranged = said.price_min is not None or said.price_max is not None
    pricing = said.pricing or (Pricing.RANGE if ranged else Pricing.FIXED)
    if pricing is Pricing.INQUIRE:
        return pricing, 0, 0
    if pricing is Pricing.FIXED:
        amount = said.price
        if amount is None:
            if new or old.pricing is not Pricing.FIXED:
                raise fault(f"{path}.price", "is missing: FIXED has a price")
            amount = old.price_min
        return pricing, amount, amount
    kept = None if new or old.pricing is not Pricing.RANGE else old
    low = said.price_min if said.price_min is not None or kept is None else kept.price_min
    high = said.price_max if said.price_max is not None or kept is None else kept.price_max
    if low is None or high is None:
        raise fault(f"{path}.{'price_min' if low is None else 'price_max'}", "is missing: RANGE has both")
    if high < low:
        raise fault(f"{path}.price_max", "is less than price_min")
    return pricing, low, high
