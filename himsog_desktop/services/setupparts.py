"""What a set-up document can say, as values; ``setupfile`` reads it. None is what it does not say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from himsog_desktop.domain.clinic import Break, Override, Pricing, ProviderStatus, ServiceKind
    from himsog_desktop.domain.people import Role


class Unsaid(Enum):
    """What a document does not say, where None already means something."""

    UNSAID = "unsaid"


UNSAID: Final = Unsaid.UNSAID


@dataclass(frozen=True, slots=True)
class ClinicPart:
    """``[clinic]``."""

    key: str | None = None
    name: str | None = None
    timezone: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class RoomPart:
    """One of ``[[rooms]]``."""

    path: str
    key: str
    name: str | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class StaffPart:
    """One of ``[[staff]]``; the key is the login. An empty ``email`` takes it away."""

    path: str
    key: str
    name: str | None
    role: Role | None
    email: str | None
    active: bool | None
    provider: str | None


@dataclass(frozen=True, slots=True)
class OpenTime:
    """One open block of a weekday (0 = Sunday), in minutes of the day."""

    day: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PolicyPart:
    """``[providers.policy]``."""

    notice_minutes: int | None
    cancel_hours: int | None
    auto_confirm: bool | None
    max_per_day: int | Unsaid | None
    buffer_before: int | None
    buffer_after: int | None
    overbook_lanes: int | None


@dataclass(frozen=True, slots=True)
class ProviderPart:
    """One of ``[[providers]]``. Lists that are there replace what there was."""

    path: str
    key: str
    name: str | None
    specialty: str | None
    slot_minutes: int | None
    status: ProviderStatus | None
    hours: tuple[OpenTime, ...] | None
    breaks: tuple[Break, ...] | None
    overrides: tuple[Override, ...] | None
    policy: PolicyPart | None


@dataclass(frozen=True, slots=True)
class PricePart:
    """What a service says about its price, in centavos."""

    pricing: Pricing | None
    price: int | None
    price_min: int | None
    price_max: int | None

    @property
    def said(self) -> bool:
        """Whether anything is said."""
        return not (self.pricing is None and self.price is None and self.price_min is None and self.price_max is None)


@dataclass(frozen=True, slots=True)
class ServicePart:
    """One of ``[[services]]``: a catalogue entry and who offers it (None: who does already)."""

    path: str
    key: str
    name: str | None
    description: str | None
    providers: tuple[str, ...] | None
    kind: ServiceKind | None
    parts: tuple[str, ...] | None
    price: PricePart
    duration: int | Unsaid | None
    buffer_before: int | None
    buffer_after: int | None
    max_per_day: int | Unsaid | None
    active: bool | None


@dataclass(frozen=True, slots=True)
class SetupFile:
    """A whole document."""

    clinic: ClinicPart = ClinicPart()
    rooms: tuple[RoomPart, ...] = ()
    staff: tuple[StaffPart, ...] = ()
    providers: tuple[ProviderPart, ...] = ()
    services: tuple[ServicePart, ...] = ()
