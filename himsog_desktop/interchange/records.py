"""What comes out of a table: one record per line that could be read, one issue per thing to be said.

Instants are ``domain.time.Micros``; absent is None. Names, phones and the like are as the file has
them but for surrounding space, control characters and our own formula guard: services normalise
phones and find patients and providers.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from himsog_desktop.domain.appointment import Location, Status
from himsog_desktop.domain.time import Micros

Outcome = Literal["refused", "warned"]
Kind = Literal["appointments", "patients"]


class LineIssue(NamedTuple):
    """One thing to tell a person about one line (the import document's ``lines``).

    ``line`` is the physical line on which the record starts, from 1. ``refused``: the record is not
    taken. ``rule`` is one of: encoding quotes too_long columns nul missing skipped bad_date bad_time
    bad_number bad_duration bad_status bad_value ends_before_start no_length. ``text`` may
    repeat up to 40 characters of the value: for the person's screen, never for a log.
    """

    line: int
    outcome: Outcome
    field: str | None
    rule: str
    text: str


class AppointmentRow(NamedTuple):
    """One appointment of the other system.

    ``end`` None: neither an end nor a duration is known (the provider's slot decides). ``day_only``:
    the file has a day and no time; ``start`` is that day's midnight, and the service places it at
    opening time if it is past. ``outcome_missing``: the file says that nobody noted the outcome;
    ``status`` is then CONFIRMED. ``provider`` is a name, ``provider_key`` the other system's id;
    ``patient_key`` likewise. ``price`` is centavos. ``check_in``, ``real_start`` and ``real_end``
    belong to the visit. ``booked_on`` and ``cancelled_at`` are instants (a day is its midnight).
    """

    line: int
    external_id: str | None
    number: str | None
    start: Micros
    end: Micros | None
    day_only: bool
    status: Status
    outcome_missing: bool
    provider: str | None
    provider_key: str | None
    patient_key: str | None
    patient_name: str | None
    patient_email: str | None
    patient_phone: str | None
    patient_birth_date: str | None
    patient_sex: str | None
    patient_address: str | None
    services: tuple[str, ...]
    price: int | None
    notes: str | None
    location: Location | None
    room: str | None
    type: str | None
    booked_on: Micros | None
    cancelled_at: Micros | None
    cancellation_reason: str | None
    check_in: Micros | None
    real_start: Micros | None
    real_end: Micros | None


class PatientRow(NamedTuple):
    """One patient of the other system. ``birth_date`` is ``YYYY-MM-DD``, ``sex`` female, male or as given."""

    line: int
    external_id: str | None
    name: str
    email: str | None
    phone: str | None
    birth_date: str | None
    sex: str | None
    address: str | None
    notes: str | None
    alerts: tuple[str, ...]


Record = AppointmentRow | PatientRow
