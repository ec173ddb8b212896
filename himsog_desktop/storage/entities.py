"""The kinds of aggregate: how each is loaded, turned into rows, and named in history."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from himsog_desktop.domain.appointment import Appointment
from himsog_desktop.domain.clinic import Block, Clinic, Provider, Service
from himsog_desktop.domain.people import Patient, Staff
from himsog_desktop.storage import load, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.rows import Rows

Record = Appointment | Patient | Provider | Service | Clinic | Block | Staff
R = TypeVar("R", Appointment, Patient, Provider, Service, Clinic, Block, Staff)


class Entity(StrEnum):
    """The units of merge, history and digest (design, section 2)."""

    APPOINTMENT = "appointment"
    PATIENT = "patient"
    PROVIDER = "provider"
    SERVICE = "service"
    CLINIC = "clinic"
    BLOCK = "block"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Kind(Generic[R]):
    """What storage needs to know of one kind of aggregate. The last argument is the home clinic."""

    entity: Entity
    record: type[R]
    rows: Callable[[R, str], Rows]
    load: Callable[[Raw, Iterable[str], str], list[R]]


APPOINTMENT = Kind(
    Entity.APPOINTMENT,
    Appointment,
    lambda record, _: rows.appointment_rows(record),
    lambda raw, ids, _: load.appointments(raw, ids),
)
PATIENT = Kind(Entity.PATIENT, Patient, rows.patient_rows, load.patients)
PROVIDER = Kind(
    Entity.PROVIDER,
    Provider,
    lambda record, _: rows.provider_rows(record),
    lambda raw, ids, clinic: _picked(load.providers(raw, clinic), ids),
)
SERVICE = Kind(
    Entity.SERVICE,
    Service,
    lambda record, _: rows.service_rows(record),
    lambda raw, ids, _: _picked(load.services(raw), ids),
)
CLINIC = Kind(
    Entity.CLINIC,
    Clinic,
    lambda record, _: rows.clinic_rows(record),
    lambda raw, ids, _: _picked(load.clinics(raw), ids),
)
BLOCK = Kind(Entity.BLOCK, Block, lambda record, _: rows.block_rows(record), lambda raw, ids, _: load.blocks(raw, ids))
STAFF = Kind(
    Entity.STAFF,
    Staff,
    lambda record, _: rows.staff_rows(record),
    lambda raw, ids, _: _picked(load.staff(raw), ids),
)

AnyKind = Kind[Appointment] | Kind[Patient] | Kind[Provider] | Kind[Service] | Kind[Clinic] | Kind[Block] | Kind[Staff]

KINDS: dict[str, AnyKind] = {
    kind.entity.value: kind for kind in (APPOINTMENT, PATIENT, PROVIDER, SERVICE, CLINIC, BLOCK, STAFF)
}

_BY_TYPE: dict[type, AnyKind] = {kind.record: kind for kind in KINDS.values()}


def entity_of(record: Record) -> Entity:
    """The kind of aggregate that a record is."""
    return _BY_TYPE[type(record)].entity


def rows_of(record: Record, clinic_id: str) -> Rows:
    """The rows of a record, at the home clinic."""
    make = cast("Callable[[Record, str], Rows]", _BY_TYPE[type(record)].rows)
    return make(record, clinic_id)


def _picked(records: list[R], ids: Iterable[str]) -> list[R]:
    by_id = {record.id: record for record in records}
    return [by_id[i] for i in ids if i in by_id]
