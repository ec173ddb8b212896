"""What the least costs, for the bench: rows of a cache's tables by COPY, a hint, a bare question.

A figure of sync is told beside these; they know nothing of desks.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SCHEMA = "bare"


def keep(url: str, tables: Iterable[tuple[str, Sequence[tuple[object, ...]]]]) -> list[str]:
    """Put rows of these tables, every value as text, into a schema of their own; the tables' names."""
    names = []
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(SCHEMA)))  # sql: identifiers only
        db.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(SCHEMA)))  # sql: identifiers only
        for name, rows in tables:
            names.append(name)
            table = sql.Identifier(SCHEMA, name)
            columns = sql.SQL(", ").join(
                sql.SQL("{} text").format(sql.Identifier(f"c{i}")) for i in range(len(rows[0]))
            )
            db.execute(sql.SQL("CREATE TABLE {} ({})").format(table, columns))  # sql: identifiers only
            with db.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
                for row in rows:
                    copy.write_row([None if value is None else str(value) for value in row])
    return names


def rows_of(url: str, names: Sequence[str]) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """The rows of these tables by COPY, over one connection."""
    with psycopg.connect(url) as db:
        for name in names:
            with db.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(SCHEMA, name))) as copy:
                yield name, list(copy.rows())


def hints(url: str, times: int) -> list[float]:
    """Milliseconds from a committed NOTIFY to the moment another connection has heard it and asked one thing."""
    took = []
    with psycopg.connect(url, autocommit=True) as hears, psycopg.connect(url, autocommit=True) as says:
        hears.execute("LISTEN bare_hint")
        says.execute("CREATE TEMPORARY TABLE said (at timestamptz)")
        for i in range(times + 2):
            with says.transaction():
                says.execute("INSERT INTO said VALUES (now())")
                says.execute("NOTIFY bare_hint")
            started = time.perf_counter()
            for _ in hears.notifies(timeout=5, stop_after=1):
                pass
            hears.execute("SELECT 1").fetchone()
            if i >= 2:
                took.append((time.perf_counter() - started) * 1000)
    return took


def idle_agents(url: str) -> int:
    """How many agents are connected and have nothing under way."""
    with psycopg.connect(url, autocommit=True) as db:
        row = db.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'himsog agent' AND state = 'idle'"
            " AND now() - state_change > interval '300 ms'"
        ).fetchone()
        return 0 if row is None else int(row[0])
