"""Which table has which trigger. One statement each, so that ``attach`` can take one short lock a table.

Triggers run after each statement with all of its rows (COPY too), always: a replica that applies rows
fires them as well (reliability, P28).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from himsog_desktop.server.connection import Connection

PLATFORM = {
    "appointments": "on_appointments",
    "appointment_service": "on_appointment_services",
    "user": "on_users",
    "providers": "on_providers",
    "operating_hours": "on_hours",
    "break_times": "on_provider_parts",
    "services": "on_services",
    "service_packages": "on_service_packages",
}
"""The platform's tables that desks follow, with the function of the triggers on each."""

HISTORY = {
    "appointments": ("on_web_appointments", "insert update delete"),
    "appointment_service": ("on_web_services", "insert"),
}
"""What tells in history what the web does; after the others of the same table, by its name."""

DESK = {
    "clinics": "on_clinics",
    "rooms": "on_rooms",
    "clinic_providers": "on_clinic_providers",
    "provider_desk": "on_provider_parts",
    "hours_desk": "on_provider_parts",
    "overrides": "on_provider_parts",
    "service_desk": "on_service_desk",
    "patients": "on_patients",
    "patient_clinic": "on_patient_clinic",
    "appointment_desk": "on_appointment_desk",
    "appointment_rooms": "on_appointment_desk",
    "visit": "on_appointment_desk",
    "blocks": "on_blocks",
    "staff": "on_staff",
    "staff_clinic": "on_staff_clinic",
}
"""Ours, the same."""

_EVENTS = {
    "insert": "REFERENCING NEW TABLE AS new_rows",
    "update": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "REFERENCING OLD TABLE AS old_rows",
}
_THERE = """
SELECT t.tgname, p.proname, t.tgenabled::text
  FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
 WHERE t.tgrelid = to_regclass(%s) AND NOT t.tgisinternal AND p.pronamespace = 'desk'::regnamespace
"""


class Trigger(NamedTuple):
    """A trigger of ours: its table (qualified and quoted), its name, its function, what makes it."""

    table: str
    name: str
    function: str
    text: str


def triggers(schema: str, table: str) -> Iterator[Trigger]:
    """The triggers of one table."""
    function = (PLATFORM if schema == "public" else DESK)[table]
    place = f'{schema}."{table}"'
    for event, rows in _EVENTS.items():
        name = f"himsog_{event}"
        text = f"CREATE TRIGGER {name} AFTER {event.upper()} ON {place} {rows} FOR EACH STATEMENT"
        yield Trigger(place, name, function, f"{text} EXECUTE FUNCTION desk.{function}()")
    if schema == "public" and table in HISTORY:
        function, events = HISTORY[table]
        for event in events.split():
            name = f"himsog_web_{event}"
            text = f"CREATE TRIGGER {name} AFTER {event.upper()} ON {place} {_EVENTS[event]} FOR EACH STATEMENT"
            yield Trigger(place, name, function, f"{text} EXECUTE FUNCTION desk.{function}()")
    text = f"CREATE TRIGGER himsog_truncate BEFORE TRUNCATE ON {place} FOR EACH STATEMENT"
    yield Trigger(place, "himsog_truncate", "no_truncate", f"{text} EXECUTE FUNCTION desk.no_truncate()")


def tables() -> Iterator[tuple[str, str]]:
    """Every table with triggers of ours, ours first: what the platform's need is then there."""
    yield from (("desk", name) for name in DESK)
    yield from (("public", name) for name in PLATFORM)


def missing(db: Connection, schema: str, table: str) -> list[Trigger]:
    """The triggers that a table should have and has not, or not as they should be."""
    if db.execute("SELECT to_regclass(%s)", (f'{schema}."{table}"',)).fetchone() == (None,):
        return []
    there = {name: (function, on) for name, function, on in db.execute(_THERE, (f'{schema}."{table}"',))}
    return [t for t in triggers(schema, table) if there.get(t.name) != (t.function, "A")]


def install(db: Connection, schema: str, table: str) -> int:
    """Make what is missing on a table, inside a transaction of the caller; answers how many."""
    wanted = missing(db, schema, table)
    for trigger in wanted:
        db.execute(f"DROP TRIGGER IF EXISTS {trigger.name} ON {trigger.table}".encode())  # sql: identifiers only
        db.execute(trigger.text.encode())
        enable = f"ALTER TABLE {trigger.table} ENABLE ALWAYS TRIGGER {trigger.name}"
        db.execute(enable.encode())  # sql: identifiers only
    return len(wanted)


def remove(db: Connection, schema: str, table: str) -> None:
    """Take ours off a table, inside a transaction of the caller."""
    for trigger in triggers(schema, table):
        db.execute(f"DROP TRIGGER IF EXISTS {trigger.name} ON {trigger.table}".encode())  # sql: identifiers only
