"""Everything that a profile holds, as rows for a shared database that is made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.storage.shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from himsog_desktop.storage.connection import Raw

# What is the desk's own goes before the platform's rows that it belongs to: their triggers read it.
TABLES = (
    "clinics", "rooms", "catalogue", "clinic_providers", "provider_desk", "hours_desk", "overrides", "service_desk",
    "patients", "appointment_desk", "appointment_rooms", "user", "providers", "operating_hours", "break_times",
    "services", "service_packages", "appointments", "appointment_service", "visit", "patient_clinic", "blocks",
    "staff",
)  # fmt: skip

_ORDERED = {
    # The order of services and of parts is kept a microsecond apart here, a millisecond apart on the platform.
    "appointment_service": (
        "SELECT appointment_id, service_id, price_at_booking, min(created_at) OVER who + 1000 *"
        " (row_number() OVER (PARTITION BY appointment_id ORDER BY created_at, service_id) - 1), updated_at"
        " FROM appointment_service WINDOW who AS (PARTITION BY appointment_id)"
    ),
    "service_packages": (
        "SELECT parent_package_id, child_service_id, min(created_at) OVER who + 1000 *"
        " (row_number() OVER (PARTITION BY parent_package_id ORDER BY created_at) - 1)"
        " FROM service_packages WINDOW who AS (PARTITION BY parent_package_id)"
    ),
}


class TableRows(NamedTuple):
    """The rows of a table, in the order of ``columns``."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[object, ...]]


def tables(raw: Raw) -> Iterator[TableRows]:
    """Each table in an order in which a shared database takes them."""
    for name in TABLES:
        columns = tuple(SHAPES[name][0].split())
        listed = ", ".join(f'"{column}"' for column in columns)
        text = _ORDERED.get(name, f'SELECT {listed} FROM "{name}"')  # sql: identifiers only
        yield TableRows(name, columns, raw.execute(text))


_HISTORY = "uid", "at", "by_id", "source", "device", "act_id", "kind", "entity_type", "entity_id", "before", "after"


def history(raw: Raw) -> TableRows:
    """Every row of history; those without an id of their own have one by their place."""
    return TableRows(
        "history",
        _HISTORY,
        raw.execute(
            "SELECT coalesce(uid, printf('%s/%d', act_id, seq)), at, by_id, source, device, act_id, kind, entity_type,"
            " entity_id, before, after FROM history ORDER BY seq"
        ),
    )


def patients(raw: Raw) -> list[str]:
    """Ids of all patients."""
    return [row[0] for row in raw.execute("SELECT id FROM user ORDER BY id")]


NAME_HISTORY = "UPDATE history SET uid = printf('%s/%d', act_id, seq) WHERE uid IS NULL"
"""Gives rows of history the ids under which ``history`` handed them over."""
