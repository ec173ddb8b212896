"""A row that was imported before: what the file changed since goes in, what people changed stays.

Per-field compare and set (design, section 3, "Merge"): the base is what imports have said so far, so
that the same file again never takes back what was done at the desk meanwhile.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from himsog_desktop.domain.appointment import Appointment
from himsog_desktop.domain.clinic import Block
from himsog_desktop.domain.people import Patient
from himsog_desktop.storage.images import image_of, record_of

if TYPE_CHECKING:
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.storage.images import Image

T = TypeVar("T", Appointment, Patient, Block)

_UNITS: tuple[frozenset[str], ...] = (
    frozenset({"start", "end", "provider_id"}),
    frozenset({"status", "outcome_missing", "cancelled_at", "cancelled_by", "cancellation_reason"}),
    frozenset({"services", "total"}),
    frozenset({"patient_id", "patient_name", "patient_email", "patient_phone"}),
    frozenset({"email", "email_shared"}),
    frozenset({"external_system", "external_id"}),
)
"""Fields that change together or not at all."""


def merged(base: Image, wanted: T, now: T, at: Micros) -> tuple[T, list[str]]:
    """The record with what the file changed, and the fields that were changed here as well and stay.

    ``base`` empty: no import has said anything, so the file wins.
    """
    asked, old = image_of(wanted), image_of(now)
    differ = {name for name in asked if asked[name] != old[name] and name != "updated"}
    take: dict[str, object] = {}
    kept: list[str] = []
    for unit in _units(differ):
        fresh = {name for name in unit if not base or base.get(name) != asked[name]}
        if not fresh:
            continue
        if base and any(base.get(name) != old[name] for name in unit):
            kept.extend(sorted(fresh & differ))
        else:
            take.update((name, asked[name]) for name in unit)
    if not take:
        return now, kept
    made = record_of(type(now), {**old, **take})
    assert made is not None
    return replace(made, updated=at), kept


def _units(names: set[str]) -> list[frozenset[str]]:
    found = [unit for unit in _UNITS if unit & names]
    left = names.difference(*found) if found else names
    return found + [frozenset({name}) for name in left]
