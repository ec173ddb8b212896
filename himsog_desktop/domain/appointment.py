"""Appointments: their states, the visit, and what may follow what.

States are the platform's enum; the flow of the visit is ours. Source of the transitions: design,
section 2, "Appointment states".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from himsog_desktop.domain.time import MINUTE, Micros


class Status(StrEnum):
    """The platform's ``AppointmentStatus``. PENDING is shown as "Requested"."""

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    NO_SHOW = "NO_SHOW"


class VisitState(StrEnum):
    """Where the patient is; None (no visit yet) is not a member."""

    ARRIVED = "arrived"
    IN_ROOM = "in_room"
    WITH_PROVIDER = "with_provider"
    CHECKED_OUT = "checked_out"


class Location(StrEnum):
    """How the visit takes place."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    PHONE = "phone"


class Source(StrEnum):
    """Who made the appointment: this desk, the web platform or an import."""

    DESK = "desk"
    WEB = "web"
    IMPORT = "import"


class CancelledBy(StrEnum):
    """On whose behalf an appointment was cancelled."""

    PATIENT = "patient"
    CLINIC = "clinic"
    SYSTEM = "system"


ACTIVE = frozenset({Status.PENDING, Status.CONFIRMED})
"""The states that occupy time; nothing else does."""


class StatusAct(StrEnum):
    """What a person does to a state, as the command line names it."""

    CONFIRM = "confirm"
    COMPLETE = "complete"
    CANCEL = "cancel"
    NO_SHOW = "no-show"
    REOPEN = "reopen"
    UNCONFIRM = "unconfirm"

    @property
    def target(self) -> Status:
        """The state that the act leads to."""
        return _TARGET[self]


_TARGET = {
    StatusAct.CONFIRM: Status.CONFIRMED,
    StatusAct.COMPLETE: Status.COMPLETED,
    StatusAct.CANCEL: Status.CANCELLED,
    StatusAct.NO_SHOW: Status.NO_SHOW,
    StatusAct.REOPEN: Status.CONFIRMED,
    StatusAct.UNCONFIRM: Status.PENDING,
}
_ALLOWED: dict[StatusAct, frozenset[Status]] = {
    StatusAct.CONFIRM: frozenset({Status.PENDING}),
    StatusAct.COMPLETE: frozenset({Status.CONFIRMED}),
    StatusAct.CANCEL: ACTIVE,
    StatusAct.NO_SHOW: frozenset({Status.CONFIRMED}),
    StatusAct.UNCONFIRM: frozenset({Status.CONFIRMED}),
    StatusAct.REOPEN: frozenset({Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW}),
}


def may(act: StatusAct, status: Status) -> bool:
    """Whether the state machine allows the act from that state."""
    return status in _ALLOWED[act]


def allowed_acts(status: Status) -> tuple[StatusAct, ...]:
    """The acts that a screen offers for an appointment in that state."""
    return tuple(act for act in StatusAct if may(act, status))


SHOWN = {
    Status.PENDING: "Requested",
    Status.CONFIRMED: "Confirmed",
    Status.COMPLETED: "Completed",
    Status.CANCELLED: "Cancelled",
    Status.NO_SHOW: "No-show",
}
"""How a state is called on screen."""

NO_MAIL_DOMAIN = "patients.invalid"
"""A reserved domain (RFC 2606): addresses of patients without e-mail. Nothing is ever sent there."""


def shown_email(address: str | None) -> str | None:
    """The address as a person may see it: None for a placeholder."""
    if not address or address.lower().endswith("@" + NO_MAIL_DOMAIN):
        return None
    return address


@dataclass(frozen=True, slots=True)
class BookedService:
    """A service as it was booked; ``price`` in centavos."""

    service_id: str
    name: str
    price: int


@dataclass(frozen=True, slots=True)
class Visit:
    """The flow of the visit; instants are None until they happen."""

    state: VisitState | None = None
    arrived_at: Micros | None = None
    in_room_at: Micros | None = None
    with_provider_at: Micros | None = None
    checked_out_at: Micros | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """One appointment with its services, desk extension and visit: one aggregate.

    ``start`` and ``end`` are a half-open range. ``total`` is centavos. ``patient_email`` may be a
    placeholder (``shown_email``). ``lane`` is 0 but for deliberate overbooking. ``resources`` are
    ids of rooms.
    """

    id: str
    number: str
    clinic_id: str
    provider_id: str
    patient_id: str
    start: Micros
    end: Micros
    status: Status
    patient_name: str
    patient_email: str
    created: Micros
    updated: Micros
    patient_phone: str | None = None
    notes: str | None = None
    activity_notes: str | None = None
    services: tuple[BookedService, ...] = ()
    total: int = 0
    location: Location = Location.IN_PERSON
    type: str | None = None
    resources: tuple[str, ...] = ()
    lane: int = 0
    overbook_reason: str | None = None
    source: Source = Source.DESK
    external_system: str | None = None
    external_id: str | None = None
    outcome_missing: bool = False
    cancelled_at: Micros | None = None
    cancelled_by: CancelledBy | None = None
    cancelled_by_id: str | None = None
    cancellation_reason: str | None = None
    visit: Visit = Visit()

    @property
    def active(self) -> bool:
        """Whether it occupies its time."""
        return self.status in ACTIVE

    @property
    def minutes(self) -> int:
        """Its length in whole minutes, rounded down."""
        return (self.end - self.start) // MINUTE
