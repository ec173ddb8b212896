"""Whose column and which services a row of an imported file means: found, or added where asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.domain.clinic import Pricing, Provider, ProviderStatus, Service, ServiceKind
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.money import MOST
from himsog_desktop.domain.people import fold
from himsog_desktop.domain.time import MINUTES_A_DAY
from himsog_desktop.services.importing_people import plain_title
from himsog_desktop.storage import load

if TYPE_CHECKING:
    from himsog_desktop.domain.clinic import Clinic
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.interchange.records import AppointmentRow
    from himsog_desktop.storage.connection import Raw

_NAME_MOST = 200
_SLOT = 30
_NO_NAME = 'Names no provider, and there is not exactly one to take. Add provider = {{ constant = "…" }} to the map{}.'


class Unknown(Exception):
    """A provider or service that is not there; becomes a refused line."""

    def __init__(self, field: str, rule: str, text: str) -> None:
        super().__init__(rule)
        self.field, self.rule, self.text = field, rule, text


class Columns:
    """Providers and their services as an import sees them. ``added_*`` wait to be written."""

    def __init__(self, raw: Raw, clinic: Clinic, system: str, at: Micros, *, create: bool, slot: int | None) -> None:
        self._clinic, self._system, self._at, self._create = clinic, system, at, create
        self._slot = slot or _SLOT
        self.added_providers: list[Provider] = []
        self.added_services: list[Service] = []
        self._providers = {p.id: p for p in load.providers(raw, clinic.id)}
        self._alone = next(iter(self._providers.values())) if len(self._providers) == 1 else None
        self._by_key: dict[str, Provider] = {}
        self._by_name: dict[str, Provider] = {}
        for provider in self._providers.values():
            self._know(provider)
        self._services: dict[str, dict[str, Service]] = {}
        self._lengths: dict[str, int | None] = {}
        for service in load.services(raw):
            self._lengths[service.id] = service.duration
            self._services.setdefault(service.provider_id, {}).setdefault(fold(service.name), service)
        self._meant: dict[tuple[str | None, str | None], Provider] = {}

    def _know(self, provider: Provider) -> None:
        if provider.key:
            self._by_key.setdefault(provider.key, provider)
        self._by_name.setdefault(fold(provider.name), provider)
        self._by_name.setdefault(plain_title(provider.name), provider)

    def get(self, provider_id: str) -> Provider | None:
        """The provider of that id."""
        return self._providers.get(provider_id)

    def of(self, row: AppointmentRow) -> Provider:
        """The provider of a row. Raises Unknown."""
        meant = (row.provider_key, row.provider)
        found = self._meant.get(meant)
        if found is None:
            found = self._meant[meant] = self._find(*meant)
        return found

    def _find(self, key: str | None, name: str | None) -> Provider:
        if key is None and name is None:
            if self._alone is not None:
                return self._alone
            if not self._create:
                raise Unknown("provider", "provider_unknown", _NO_NAME.format(", or use --create-missing"))
            # A clinic that books as one; beside others a column of its own.
            key, name = "column", f"Imported: {self._system}" if self._providers else self._clinic.name
        if key is not None:
            found = self._by_key.get(f"{self._system}:{key}") or self._by_key.get(key) or self._providers.get(key)
            if found is not None:
                return found
        if name is not None:
            found = self._by_name.get(fold(name)) or self._by_name.get(plain_title(name))
            if found is not None:
                return found
        if not self._create:
            text = "No provider has this key or name. Set the provider up first, or use --create-missing."
            raise Unknown("provider_key" if name is None else "provider", "provider_unknown", text)
        return self._add(key, name)

    def _add(self, key: str | None, name: str | None) -> Provider:
        provider = Provider(
            id=new_id(),
            user_id=new_id(),
            name=(name or f"Provider {(key or '')[:8]}")[:_NAME_MOST],
            status=ProviderStatus.VERIFIED,
            slot_minutes=self._slot,
            created=self._at,
            updated=self._at,
            clinics=(self._clinic.id,),
            key=f"{self._system}:{key}" if key else None,
            position=max((p.position for p in self._providers.values()), default=-1) + 1,
        )
        self._providers[provider.id] = provider
        self._know(provider)
        self.added_providers.append(provider)
        return provider

    def minutes(self, service_id: str) -> int | None:
        """How long a service takes, None when that is not known."""
        return self._lengths.get(service_id)

    def services(self, provider: Provider, row: AppointmentRow) -> list[Service]:
        """The services that a row names, each once. Raises Unknown."""
        offered = self._services.setdefault(provider.id, {})
        found: dict[str, Service] = {}
        for name in row.services:
            plain = fold(name)
            service = offered.get(plain)
            if service is None:
                if not self._create:
                    text = "The provider offers no service of this name. Add it first, or use --create-missing."
                    raise Unknown("services", "service_unknown", text)
                service = offered[plain] = self._service(provider, name, row)
                self._lengths[service.id] = service.duration
                self.added_services.append(service)
            found[service.id] = service
        return list(found.values())

    def _service(self, provider: Provider, name: str, row: AppointmentRow) -> Service:
        """A new service, priced and as long as the row that names it first, if it names nothing else."""
        pricing, low, high, duration = Pricing.INQUIRE, 0, 0, None
        if len(row.services) == 1:
            if row.price and row.price <= MOST:
                # The platform keeps whole pesos.
                low, high = row.price // 100 * 100, -(-row.price // 100) * 100
                pricing = Pricing.FIXED if low == high else Pricing.RANGE
            if row.end is not None and not row.day_only:
                minutes = (row.end - row.start) // 60_000_000
                duration = minutes if 1 <= minutes <= MINUTES_A_DAY else None
        return Service(
            id=new_id(),
            provider_id=provider.id,
            name=name[:_NAME_MOST],
            kind=ServiceKind.SINGLE,
            pricing=pricing,
            created=self._at,
            updated=self._at,
            price_min=low,
            price_max=high,
            duration=duration,
        )
