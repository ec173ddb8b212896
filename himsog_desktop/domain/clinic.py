"""Clinics, providers with their hours and policies, rooms, services and blocked time.

Hours and breaks are wall time: minutes of the day in the clinic's zone, ``day`` 0 = Sunday.
Prices are centavos. Source: platform README, inventory AVL, SVC, POL.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from himsog_desktop.domain.time import Micros


class ProviderStatus(StrEnum):
    """The platform's ``ProviderStatus``; a SUSPENDED provider takes no bookings."""

    PENDING = "PENDING"
    VERIFIED = "VERIFIED"
    SUSPENDED = "SUSPENDED"
    REJECTED = "REJECTED"


class ServiceKind(StrEnum):
    """The platform's ``ServiceType``."""

    SINGLE = "SINGLE"
    PACKAGE = "PACKAGE"


class Pricing(StrEnum):
    """The platform's ``PricingModel``."""

    FIXED = "FIXED"
    RANGE = "RANGE"
    INQUIRE = "INQUIRE"


class OverrideKind(StrEnum):
    """Why a date differs from the usual hours (AVL-4)."""

    VACATION = "vacation"
    HOLIDAY = "holiday"
    SICK_LEAVE = "sick_leave"
    CONFERENCE = "conference"
    CUSTOM_HOURS = "custom_hours"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Hours:
    """One open block of a weekday: several may stand in a day. ``end`` is up to 1440."""

    clinic_id: str
    day: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Break:
    """A pause of a weekday."""

    name: str
    day: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Override:
    """A date (``YYYY-MM-DD``) that differs from the usual hours.

    Available ones replace the date's hours. An unavailable one closes the whole day, or with times
    takes that part out.
    """

    date: str
    available: bool
    start: int | None = None
    end: int | None = None
    kind: OverrideKind = OverrideKind.CUSTOM_HOURS
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What a provider's bookings obey (POL-1). ``max_per_day`` None is unlimited; minutes."""

    notice_minutes: int = 0
    cancel_hours: int = 24
    auto_confirm: bool = False
    max_per_day: int | None = None
    buffer_before: int = 0
    buffer_after: int = 0
    overbook_lanes: int = 0


@dataclass(frozen=True, slots=True)
class Provider:
    """One column of the day view, with hours, breaks, overrides and policy: one aggregate."""

    id: str
    user_id: str
    name: str
    status: ProviderStatus
    slot_minutes: int
    created: Micros
    updated: Micros
    clinics: tuple[str, ...] = ()
    hours: tuple[Hours, ...] = ()
    breaks: tuple[Break, ...] = ()
    overrides: tuple[Override, ...] = ()
    policy: Policy = Policy()
    specialty: str | None = None
    key: str | None = None
    position: int = 0

    @property
    def bookable(self) -> bool:
        """Whether the provider may take bookings at all."""
        return self.status not in (ProviderStatus.SUSPENDED, ProviderStatus.REJECTED)


@dataclass(frozen=True, slots=True)
class Service:
    """One service of one provider; ``catalogue`` groups the same service of several.

    ``price_min`` and ``price_max`` are centavos: equal for FIXED, both 0 for INQUIRE. ``duration``
    in minutes, None: the provider's slot. ``parts`` are ids of the services of a package.
    """

    id: str
    provider_id: str
    name: str
    kind: ServiceKind
    pricing: Pricing
    created: Micros
    updated: Micros
    price_min: int = 0
    price_max: int = 0
    duration: int | None = None
    buffer_before: int = 0
    buffer_after: int = 0
    max_per_day: int | None = None
    active: bool = True
    description: str | None = None
    parts: tuple[str, ...] = ()
    catalogue: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """A room or piece of equipment that an appointment may need."""

    id: str
    clinic_id: str
    name: str
    kind: str = "room"
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Clinic:
    """A clinic: a zone, a currency, rooms."""

    id: str
    name: str
    timezone: str
    currency: str = "PHP"
    rooms: tuple[Room, ...] = ()
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Time of a provider that takes no bookings: blocked by hand or by a calendar file."""

    id: str
    provider_id: str
    start: Micros
    end: Micros
    title: str
    created: Micros
    updated: Micros
    all_day: bool = False
    external_system: str | None = None
    external_id: str | None = None
