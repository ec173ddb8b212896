"""SQL text made once from the tables: insert, upsert and delete of whole rows as tuples.

Rows travel as tuples in the order of ``table.columns``; the text is compiled from SQLAlchemy Core, so
the tables are written down once, and executed by the database library directly, which is three times
as fast for many rows (feasibility, section 7).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast

from sqlalchemy import insert
from sqlalchemy.dialects import sqlite

# The three modules name every table of the cache; importing them fills ``metadata``.
from himsog_desktop.schema import cache, desk, platform
from himsog_desktop.schema.platform import metadata

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.sql import ClauseElement
    from sqlalchemy.sql.compiler import SQLCompiler

__all__ = ["cache", "compiled", "delete_text", "desk", "key_of", "metadata", "platform", "table", "upsert_text"]

_DIALECT = sqlite.dialect(paramstyle="qmark")

Row = tuple[object, ...]


def table(name: str) -> Table:
    """The table of that name."""
    return metadata.tables[name]


@lru_cache
def _key_columns(name: str) -> tuple[int, ...]:
    return tuple(i for i, column in enumerate(table(name).columns) if column.primary_key)


def key_of(name: str, row: Row) -> Row:
    """The primary key of a row."""
    return tuple(row[i] for i in _key_columns(name))


@lru_cache
def upsert_text(name: str) -> str:
    """Insert a whole row, or bring the row of that key to these values."""
    found = table(name)
    text = str(insert(found).compile(dialect=_DIALECT))
    keys = [_DIALECT.identifier_preparer.quote(c.name) for c in found.primary_key.columns]
    rest = [_DIALECT.identifier_preparer.quote(c.name) for c in found.columns if not c.primary_key]
    if not rest:
        return f"{text} ON CONFLICT ({', '.join(keys)}) DO NOTHING"
    sets = ", ".join(f"{c} = excluded.{c}" for c in rest)
    return f"{text} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sets}"


@lru_cache
def insert_text(name: str) -> str:
    """Insert a whole row that is known to be new."""
    return str(insert(table(name)).compile(dialect=_DIALECT))


@lru_cache
def delete_text(name: str) -> str:
    """Delete the row of a key."""
    found = table(name)
    quote = _DIALECT.identifier_preparer.quote
    where = " AND ".join(f"{quote(c.name)} = ?" for c in found.primary_key.columns)
    return f"DELETE FROM {quote(found.name)} WHERE {where}"


def compiled(statement: ClauseElement) -> tuple[str, list[object]]:
    """A Core statement as text with its parameters in order, for the database library."""
    made = cast("SQLCompiler", statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True}))
    return str(made), [made.params[name] for name in made.positiontup or []]
