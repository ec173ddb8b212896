"""A row of an imported file as an appointment of ours: how it should be, given how it is."""

from __future__ import annotations

import secrets
import time
from hashlib import blake2b
from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import (
    Appointment,
    BookedService,
    Location,
    Source,
    Status,
    Visit,
    VisitState,
)
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.money import MOST
from himsog_desktop.domain.numbers import is_number, new_number
from himsog_desktop.domain.people import fold
from himsog_desktop.domain.prices import price_of
from himsog_desktop.domain.time import DAY, MINUTE, weekday
from himsog_desktop.interchange.records import LineIssue

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from himsog_desktop.domain.clinic import Clinic, Provider, Room, Service
    from himsog_desktop.domain.time import Micros, Zone
    from himsog_desktop.interchange.records import AppointmentRow
    from himsog_desktop.services.importing_columns import Columns
    from himsog_desktop.storage.external import Registered

NINE = 9 * 60
NO_TIME = "The time of day is not known: placed at opening time."
"""Stands first in the notes of a day without a time (contract, "Map files")."""


class Chance:
    """Random numbers of the system's, fetched by the page: two draws a row would be two calls each."""

    def __init__(self) -> None:
        self._page = b""
        self._at = 0
        self._digits = self.below(10**8)

    def bits(self, count: int) -> int:
        """So many random bits, 64 at most."""
        if self._at >= len(self._page):
            self._page, self._at = secrets.token_bytes(8192), 0
        self._at += 8
        return int.from_bytes(self._page[self._at - 8 : self._at]) >> (64 - count)

    def below(self, bound: int) -> int:
        """A number below ``bound``, which is far below 2 to the 64."""
        return self.bits(64) % bound

    def number(self) -> str:
        """An appointment number. Its digits climb by random steps: a chunk then writes few pages of their index."""
        self._digits = (self._digits + 1 + self.bits(10)) % 10**8
        return new_number(lambda bound: self._digits if bound == 10**8 else self.below(bound))


class Refuse(Exception):
    """A row that cannot be taken; becomes a refused line."""

    def __init__(self, field: str, rule: str, text: str) -> None:
        super().__init__(rule)
        self.field, self.rule, self.text = field, rule, text


def derived_key(row: AppointmentRow) -> str:
    """What a row without an id is known by: whose, at whom, when."""
    who = f"k{row.patient_key}" if row.patient_key else f"n{fold(row.patient_name or '')}"
    whom = f"k{row.provider_key}" if row.provider_key else f"n{fold(row.provider or '')}"
    return "h:" + blake2b(f"{who}\n{whom}\n{row.start}".encode(), digest_size=15).hexdigest()


class Maker:
    """Makes appointments of rows. ``fields`` are those that the map gives; the others stay as they are."""

    def __init__(
        self,
        clinic: Clinic,
        zone: Zone,
        columns: Columns,
        *,
        system: str,
        fields: Collection[str],
        at: Micros,
    ) -> None:
        self._clinic, self._zone, self._columns, self._system, self._at = clinic, zone, columns, system, at
        self._rooms: dict[str, Room] = {fold(room.name): room for room in clinic.rooms}
        self._unknown_rooms: set[str] = set()
        self._chance = Chance()
        self._fields = frozenset(fields)
        self._today = zone.date_of(at)

    def check(self, row: AppointmentRow) -> None:
        """Raises Refuse for a row that says too little, before anybody is added for it."""
        if row.day_only and self._zone.date_of(row.start) >= self._today:
            raise Refuse("start", "time_missing", "Has a day and no time, and is not past: book it with a time.")
        if row.patient_key is None and row.patient_name is None:
            raise Refuse("patient_name", "missing", "Names no patient.")

    def make(
        self,
        row: AppointmentRow,
        key: str,
        provider: Provider,
        patient: Registered | None,
        old: Appointment | None,
        said: list[LineIssue],
    ) -> Appointment:
        """The appointment as the row has it; ``patient`` None keeps whom ``old`` has.

        What there is to say about it goes to ``said``. Raises Refuse, ``columns.Unknown``.
        """
        status = row.status
        services, total = self._services(row, provider, old)
        start, end = self._when(row, provider, services, old, said)
        missing = row.outcome_missing and start < self._at
        if old is not None and start >= old.updated and status is old.status:
            # It has only become past since it was imported.
            missing = old.outcome_missing
        if missing:
            text = "Nobody noted how it ended: kept as confirmed, to be settled."
            said.append(LineIssue(row.line, "warned", "status", "outcome_missing", text))
        if old is None:
            assert patient is not None
            return Appointment(
                id=new_id(time.time_ns(), self._chance.bits),
                number=row.number if row.number and is_number(row.number) else self._chance.number(),
                clinic_id=self._clinic.id,
                provider_id=provider.id,
                patient_id=patient.id,
                start=start,
                end=end,
                status=status,
                patient_name=patient.name,
                patient_email=patient.email,
                created=self._at if row.booked_on is None else row.booked_on,
                updated=self._at,
                patient_phone=patient.phone,
                notes=self._notes(row),
                services=services,
                total=total,
                location=row.location or Location.IN_PERSON,
                type=row.type,
                resources=self._room(row, said),
                source=Source.IMPORT,
                external_system=self._system,
                external_id=key,
                outcome_missing=missing,
                cancelled_at=row.cancelled_at if status is Status.CANCELLED else None,
                cancellation_reason=row.cancellation_reason if status is Status.CANCELLED else None,
                visit=_visit(row, status),
            )
        given = self._fields
        cancelled = status is Status.CANCELLED
        return Appointment(
            id=old.id,
            number=old.number,
            clinic_id=old.clinic_id,
            provider_id=provider.id,
            patient_id=old.patient_id if patient is None else patient.id,
            start=start,
            end=end,
            status=status,
            patient_name=old.patient_name if patient is None else patient.name,
            patient_email=old.patient_email if patient is None else patient.email,
            created=old.created if row.booked_on is None else row.booked_on,
            updated=old.updated,
            patient_phone=old.patient_phone if patient is None else patient.phone,
            notes=self._notes(row) if "notes" in given or row.day_only else old.notes,
            activity_notes=old.activity_notes,
            services=services,
            total=total,
            location=row.location or old.location,
            type=row.type if "type" in given else old.type,
            resources=self._room(row, said) if "room" in given else old.resources,
            lane=old.lane,
            overbook_reason=old.overbook_reason,
            source=old.source,
            external_system=old.external_system,
            external_id=old.external_id,
            outcome_missing=missing,
            cancelled_at=(row.cancelled_at if "cancelled_at" in given else old.cancelled_at) if cancelled else None,
            cancelled_by=old.cancelled_by if cancelled else None,
            cancelled_by_id=old.cancelled_by_id,
            cancellation_reason=(
                (row.cancellation_reason if "cancellation_reason" in given else old.cancellation_reason)
                if cancelled
                else None
            ),
            visit=_visit(row, status) if given & {"check_in", "real_start", "real_end"} else old.visit,
        )

    # -------------------------------------------------------------------------------------- parts

    def _when(
        self,
        row: AppointmentRow,
        provider: Provider,
        services: tuple[BookedService, ...],
        old: Appointment | None,
        said: list[LineIssue],
    ) -> tuple[Micros, Micros]:
        start, end = row.start, row.end
        if row.day_only:
            day = self._zone.date_of(row.start)
            said.append(LineIssue(row.line, "warned", "start", "day_only", NO_TIME))
            if old is not None and self._zone.date_of(old.start) == day:
                return old.start, old.end
            length = end - start if end is not None and end - start < DAY else None
            start = self._zone.instant(day, self._opening(provider, day))
            end = None if length is None else start + length
        if end is None:
            if old is not None and (old.provider_id, old.services) == (provider.id, services):
                return start, start + (old.end - old.start)
            end = start + self._minutes(provider, services) * MINUTE
        elif end - start > DAY:
            text = f"Lasts {(end - start) / DAY:.1f} days: check that the end is right."
            said.append(LineIssue(row.line, "warned", "end", "long_stay", text))
        return start, end

    @staticmethod
    def _opening(provider: Provider, day: date) -> int:
        hours = [h.start for h in provider.hours if h.day == weekday(day)]
        return min(hours) if hours else NINE

    def _minutes(self, provider: Provider, services: tuple[BookedService, ...]) -> int:
        lengths = [self._columns.minutes(s.service_id) for s in services]
        known = [length for length in lengths if length]
        return sum(known) or provider.slot_minutes

    def _services(
        self, row: AppointmentRow, provider: Provider, old: Appointment | None
    ) -> tuple[tuple[BookedService, ...], int]:
        """What is booked and what it comes to; a price of the file wins over ours."""
        price = row.price if row.price is not None and row.price <= MOST else None
        if old is not None and old.provider_id == provider.id:
            same = "services" not in self._fields or (
                [fold(s.name) for s in old.services] == list(dict.fromkeys(fold(name) for name in row.services))
            )
            if same:
                return self._at_price(old.services, price), old.total if price is None else price
        chosen: list[Service] = self._columns.services(provider, row)
        booked = tuple(BookedService(s.id, s.name, price_of(s)) for s in chosen)
        booked = self._at_price(booked, price)
        return booked, sum(s.price for s in booked) if price is None else price

    @staticmethod
    def _at_price(booked: tuple[BookedService, ...], price: int | None) -> tuple[BookedService, ...]:
        if price is None or len(booked) != 1 or booked[0].price == price:
            return booked
        return (BookedService(booked[0].service_id, booked[0].name, price),)

    @staticmethod
    def _notes(row: AppointmentRow) -> str | None:
        if not row.day_only:
            return row.notes
        return f"{NO_TIME}\n{row.notes}" if row.notes else NO_TIME

    def _room(self, row: AppointmentRow, said: list[LineIssue]) -> tuple[str, ...]:
        if row.room is None:
            return ()
        name = fold(row.room)
        found = self._rooms.get(name)
        if found is None and name not in self._unknown_rooms:
            # Said once of each room: a file has it on every line.
            self._unknown_rooms.add(name)
            text = "The clinic has no room of this name; it is left out, here and below."
            said.append(LineIssue(row.line, "warned", "room", "room_unknown", text))
        return () if found is None else (found.id,)


def _visit(row: AppointmentRow, status: Status) -> Visit:
    """Check-in and real times belong to the visit."""
    if row.check_in is None and row.real_start is None and row.real_end is None:
        return Visit()
    state: VisitState | None = None
    if status is Status.COMPLETED or (status is Status.CONFIRMED and row.real_end is not None):
        state = VisitState.CHECKED_OUT
    elif status is Status.CONFIRMED:
        state = VisitState.WITH_PROVIDER if row.real_start is not None else VisitState.ARRIVED
    if state is None and row.check_in is None and row.real_start is None:
        return Visit()
    return Visit(state=state, arrived_at=row.check_in, with_provider_at=row.real_start, checked_out_at=row.real_end)
