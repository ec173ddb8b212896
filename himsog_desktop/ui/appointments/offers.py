"""What can be booked, as the booking panel offers it: one row per service, whoever gives it. No Qt.

Platform services belong to one provider each; the same service of several is one entry here, found by
its catalogue (design, section 2, "Who is who").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from himsog_desktop.domain.clinic import Pricing, Provider, Service, ServiceKind
from himsog_desktop.domain.errors import Refused
from himsog_desktop.domain.money import shown
from himsog_desktop.domain.people import fold
from himsog_desktop.domain.prices import Quote, duration_of, price_of, quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from himsog_desktop.services.panels import Offers


@dataclass(frozen=True, slots=True)
class Item:
    """One service as several providers give it: ``by`` maps a provider's id to its own service."""

    key: str
    name: str
    by: dict[str, Service]

    @property
    def any(self) -> Service:
        """The first provider's."""
        return next(iter(self.by.values()))

    def of(self, provider_id: str | None) -> Service | None:
        """A provider's own, anybody's for None, None where it is not offered."""
        return self.any if provider_id is None else self.by.get(provider_id)


class Menu:
    """Everything that is offered, in the order of the first provider who has it."""

    def __init__(self, offers: Offers) -> None:
        self.offers = offers
        self.providers: dict[str, Provider] = {p.id: p for p in offers.providers}
        self._services = {s.id: s for s in offers.services}
        self._items: dict[str, Item] = {}
        self._of_service: dict[str, Item] = {}
        order = {p.id: i for i, p in enumerate(offers.providers)}
        for service in sorted(
            (s for s in offers.services if s.provider_id in order), key=lambda s: order[s.provider_id]
        ):
            key = service.catalogue or service.key or service.id
            item = self._items.get(key)
            if item is None or service.provider_id in item.by:
                key = key if item is None else service.id
                item = self._items[key] = Item(key, service.name, {})
            item.by[service.provider_id] = service
            self._of_service[service.id] = item

    @property
    def items(self) -> list[Item]:
        """Every entry."""
        return list(self._items.values())

    def item_of(self, service_id: str) -> Item | None:
        """The entry that a service of any provider belongs to."""
        return self._of_service.get(service_id)

    def find(self, typed: str, provider_id: str | None, chosen: Sequence[Item], most: int) -> list[Item]:
        """Entries of which every typed word begins a word, then those where each is a part.

        Only what the provider gives (None: anybody), without what is chosen already.
        """
        words = fold(typed).split()
        taken = {item.key for item in chosen}
        open_ = [i for i in self._items.values() if i.key not in taken and i.of(provider_id) is not None]
        if not words:
            return open_[:most]
        first, later = [], []
        for item in open_:
            name = fold(item.name)
            starts = name.replace("-", " ").replace("(", " ").split()
            if all(any(w.startswith(word) for w in (*starts, *name.split())) for word in words):
                first.append(item)
            elif all(word in name for word in words):
                later.append(item)
        return (first + later)[:most]

    def own(self, chosen: Sequence[Item], provider_id: str | None) -> tuple[str, ...]:
        """The ids to book: the provider's own; anybody's where the provider has none or is not chosen."""
        return tuple((item.of(provider_id) or item.any).id for item in chosen)

    def missing(self, chosen: Sequence[Item], provider_id: str | None) -> list[Item]:
        """What the provider does not give."""
        return [] if provider_id is None else [item for item in chosen if provider_id not in item.by]

    def price(self, chosen: Sequence[Item], provider_id: str | None, duration: int | None) -> Quote | None:
        """What the choice comes to at this provider, else at the first who gives all of it; None if nobody does."""
        candidates = [provider_id] if provider_id is not None else list(self.providers)
        for candidate in candidates:
            provider = self.providers.get(candidate)
            if provider is None or any(candidate not in item.by for item in chosen):
                continue
            try:
                return quote([item.by[candidate] for item in chosen], provider, self._services, duration=duration)
            except Refused:
                continue
        return None

    def parts(self, service: Service) -> list[str]:
        """The names of what a package holds."""
        if service.kind is not ServiceKind.PACKAGE:
            return []
        return [self._services[part].name for part in service.parts if part in self._services]

    def minutes(self, service: Service) -> int | None:
        """How long a service takes, None: as long as the provider's slot."""
        return duration_of(service, self._services)

    def price_words(self, service: Service) -> str:
        """``₱500.00``, ``₱600.00–₱2,500.00``, ``to be agreed``."""
        currency = self.offers.currency
        if service.pricing is Pricing.INQUIRE:
            return "to be agreed"
        if service.pricing is Pricing.RANGE and service.price_max > service.price_min:
            return f"{shown(service.price_min, currency)}–{shown(service.price_max, currency)}"
        return shown(price_of(service), currency)


def total_words(found: Quote, currency: str) -> str:
    """``₱650.00``, ``to be agreed``, or ``₱650.00 + to be agreed``."""
    if not found.to_be_agreed:
        return shown(found.total, currency)
    return f"{shown(found.total, currency)} + to be agreed" if found.total else "to be agreed"


def minutes_words(minutes: int) -> str:
    """``30 min``, ``1 h``, ``1 h 15``."""
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"
