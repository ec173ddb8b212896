"""Filling a shared database that was just made from everything that one profile holds, in one transaction."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from himsog_desktop.domain.errors import Refused
from himsog_desktop.domain.time import to_datetime
from himsog_desktop.schema import desk, platform
from himsog_desktop.schema.types import Instant, Money
from himsog_desktop.server.connection import administrator
from himsog_desktop.server.create import make_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Column

    from himsog_desktop.server.connection import Connection

Told = "Callable[[str, int], None]"
Rows = tuple[str, tuple[str, ...], "Iterable[tuple[object, ...]]"]
"""Name of the table in the cache, its columns, its rows."""

PLATFORM = frozenset(
    ("user", "providers", "operating_hours", "break_times", "services", "service_packages", "appointments",
     "appointment_service")
)  # fmt: skip


def create_filled(
    url: str,
    tables: Iterable[Rows],
    history: Rows,
    patients: Sequence[str],
    clinic: str,
    progress: Callable[[str, int], None] | None = None,
) -> int:
    """Make the database and put everything into it; how many rows that were.

    All or nothing. ``progress`` is told each table's name and rows so far. Raises Refused ``in_use`` when there is
    something in the database, or when two active appointments of the profile share one place.
    """
    done = 0
    try:
        with administrator(url) as db, db.transaction():
            make_all(db)
            # It brings its own history: nothing of this is the web's doing.
            db.execute("SELECT set_config('desk.source', 'import', true)")
            for name, columns, rows in tables:
                if name == "providers":
                    rows = _with_users(db, columns, rows)
                done += _copy(db, name, columns, rows)
                if name == "appointments":
                    # What follows is looked up by the thousand: the planner has to know how many there are.
                    db.execute("ANALYZE desk.head, public.appointments")
                if progress is not None:
                    progress(name, done)
            db.execute("SELECT desk.admit(%s, %s::text[])", (clinic, list(patients)))
            db.execute(
                "INSERT INTO desk.staff_clinic (staff_id, clinic_id)"
                " SELECT s.id, coalesce(s.clinic_id, %s) FROM desk.staff AS s ON CONFLICT DO NOTHING",
                (clinic,),
            )
            done += _history(db, history, clinic)
            db.execute("ANALYZE")
    except psycopg.errors.ExclusionViolation:
        raise Refused(
            "in_use",
            "Two active appointments of this profile take the same place. Move one of them (himsog doctor names such"
            " pairs), then try again.",
        ) from None
    return done


def _with_users(
    db: Connection, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]
) -> list[tuple[object, ...]]:
    """A provider needs a user of the platform, which a profile of its own never had."""
    found = list(rows)
    user, name = columns.index("user_id"), columns.index("healthcare_name")
    for row in found:
        db.execute("SELECT desk.provider_user(%s, %s)", (row[user], row[name]))
    return found


def _copy(db: Connection, name: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> int:
    table = (platform if name in PLATFORM else desk).metadata.tables[name]
    values = [_value(table.columns[column]) for column in columns]
    schema = "public" if name in PLATFORM else "desk"
    text = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(schema, name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    count = 0
    with db.cursor() as cursor, cursor.copy(text) as copy:
        for row in rows:
            copy.write_row([None if v is None else make(v) for make, v in zip(values, row, strict=True)])
            count += 1
    return count


def _value(column: Column[object]) -> Callable[[object], object]:
    """How a value of the cache is written on PostgreSQL."""
    kind = column.type
    if isinstance(kind, Instant):
        # The platform keeps milliseconds: what is finer is cut off, as ``desk.utc`` does.
        return _zoned if kind.zoned else _utc
    if isinstance(kind, Money):
        return _pesos
    if kind.python_type is bool:
        return bool
    return lambda value: value


def _zoned(value: object) -> object:
    assert isinstance(value, int)
    return to_datetime(value)


def _utc(value: object) -> object:
    assert isinstance(value, int)
    return to_datetime(value - value % 1000).replace(tzinfo=None)


def _pesos(value: object) -> object:
    assert isinstance(value, int)
    return Decimal(value) / 100


def _history(db: Connection, history: Rows, clinic: str) -> int:
    _, columns, rows = history
    text = sql.SQL("COPY desk.history (clinic_id, {}) FROM STDIN").format(
        sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    at, images = columns.index("at"), (columns.index("before"), columns.index("after"))
    count = 0
    with db.cursor() as cursor, cursor.copy(text) as copy:
        for row in rows:
            values = list(row)
            values[at] = _zoned(values[at])
            for place in images:
                # A zero character, which PostgreSQL's jsonb refuses, can come from an old import only.
                values[place] = json.dumps(json.loads(str(values[place]))).replace("\\u0000", "")
            copy.write_row([clinic, *values])
            count += 1
    return count
