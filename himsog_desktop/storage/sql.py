"""SQL text made once per table: insert, upsert and delete of whole rows as tuples.

Rows travel as tuples in the order of the table's columns, executed by the database library directly,
which is three times as fast for many rows as SQLAlchemy (feasibility, section 7). The columns come from
``shapes``, so that nothing here loads SQLAlchemy: that alone takes longer than a booking.
"""

from __future__ import annotations

from functools import lru_cache

from himsog_desktop.storage.shapes import SHAPES

Row = tuple[object, ...]


@lru_cache
def _columns(name: str) -> tuple[str, ...]:
    return tuple(f'"{column}"' for column in SHAPES[name][0].split())


def key_of(name: str, row: Row) -> Row:
    """The primary key of a row."""
    return tuple(row[i] for i in SHAPES[name][1])


@lru_cache
def upsert_text(name: str) -> str:
    """Insert a whole row, or bring the row of that key to these values."""
    columns, places = _columns(name), SHAPES[name][1]
    keys = ", ".join(columns[i] for i in places)
    sets = ", ".join(f"{c} = excluded.{c}" for i, c in enumerate(columns) if i not in places)
    return f"{insert_text(name)} ON CONFLICT ({keys}) DO {f'UPDATE SET {sets}' if sets else 'NOTHING'}"


@lru_cache
def insert_text(name: str) -> str:
    """Insert a whole row that is known to be new."""
    columns = _columns(name)
    return f'INSERT INTO "{name}" ({", ".join(columns)}) VALUES ({", ".join("?" * len(columns))})'


@lru_cache
def update_text(name: str, places: tuple[int, ...]) -> str:
    """Bring these columns of the row of a key to new values; indexes without any of them stay untouched."""
    columns = _columns(name)
    sets = ", ".join(f"{columns[i]} = ?" for i in places)
    where = " AND ".join(f"{columns[i]} = ?" for i in SHAPES[name][1])
    return f'UPDATE "{name}" SET {sets} WHERE {where}'


@lru_cache
def delete_text(name: str) -> str:
    """Delete the row of a key."""
    columns = _columns(name)
    where = " AND ".join(f"{columns[i]} = ?" for i in SHAPES[name][1])
    return f'DELETE FROM "{name}" WHERE {where}'
