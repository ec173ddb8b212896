"""What a person asks for: one frozen dataclass per act. A gesture, a key and a script make the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from himsog_desktop.domain.appointment import CancelledBy, Location, StatusAct, VisitState
from himsog_desktop.domain.resolution import Resolution
from himsog_desktop.domain.time import Micros


@dataclass(frozen=True, slots=True)
class NewPatient:
    """A patient who is not in the register yet."""

    name: str
    email: str | None = None
    phone: str | None = None
    birth_date: str | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """Book an appointment. ``duration`` in minutes overrides the services' sum.

    Exactly one of ``patient_id`` and ``new_patient``. ``overbook`` is the reason to double-book on
    purpose. ``confirm`` books it CONFIRMED instead of asking the policy. ``room_ids`` are what it takes place in.
    """

    provider_id: str
    start: Micros
    patient_id: str | None = None
    new_patient: NewPatient | None = None
    service_ids: tuple[str, ...] = ()
    duration: int | None = None
    notes: str | None = None
    confirm: bool = False
    overbook: str | None = None
    location: Location = Location.IN_PERSON
    type: str | None = None
    room_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """Move or resize an appointment, also to other rooms; None keeps what it has. ``duration`` in minutes."""

    appointment_id: str
    start: Micros
    provider_id: str | None = None
    duration: int | None = None
    overbook: str | None = None
    room_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class SetStatus:
    """Do one status act on one or many appointments."""

    act: StatusAct
    appointment_ids: tuple[str, ...]
    reason: str | None = None
    cancelled_for: CancelledBy = CancelledBy.CLINIC


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a bulk act: what happens to these appointments, in the order they are named.

    Each is moved first (``provider_id``, ``day`` at the same wall time, ``shift`` in minutes later), then
    ``act`` is done on it. ``reason`` and ``cancelled_for`` belong to a cancellation.
    """

    ids: tuple[str, ...]
    act: StatusAct | None = None
    reason: str | None = None
    cancelled_for: CancelledBy = CancelledBy.CLINIC
    provider_id: str | None = None
    day: date | None = None
    shift: int = 0

    @property
    def moves(self) -> bool:
        """Whether it moves anything."""
        return self.provider_id is not None or self.day is not None or bool(self.shift)


@dataclass(frozen=True, slots=True)
class Bulk:
    """A hundred acts at once: one act, one undo. Each step sees what the steps before it did."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class SetVisit:
    """Say where the patient is; None takes the visit back to "not arrived"."""

    appointment_id: str
    state: VisitState | None


@dataclass(frozen=True, slots=True)
class WriteNote:
    """Replace the note of an appointment."""

    appointment_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Take an act back; None is the newest one of this person."""

    act_id: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """Answer a card of Needs attention. ``start`` is the other time of ``SLOT``, ``reason`` why it is discarded."""

    card_id: str
    how: Resolution
    start: Micros | None = None
    reason: str | None = None
