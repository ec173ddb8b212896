"""What ``himsog database create`` makes is the platform's schema, exactly as the platform has it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from himsog_desktop.domain.errors import Refused
from himsog_desktop.schema import desk, platform
from himsog_desktop.server.create import create
from tests.support.postgres import Database

_COLUMNS = """
SELECT a.attname, replace(format_type(a.atttypid, a.atttypmod), 'public.', ''), NOT a.attnotnull,
       replace(pg_get_expr(d.adbin, d.adrelid), 'public.', '')
  FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum
"""
_INDEXES = """
SELECT i.indisprimary, i.indisunique,
       ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY AS k(n, place)
               JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.n ORDER BY k.place)
  FROM pg_index AS i WHERE i.indrelid = %s::regclass
"""
_KEYS = """
SELECT ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY AS k(n, place)
               JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.place),
       f.relname,
       ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY AS k(n, place)
               JOIN pg_attribute AS a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY k.place),
       c.confdeltype, c.confupdtype
  FROM pg_constraint AS c JOIN pg_class AS f ON f.oid = c.confrelid
 WHERE c.conrelid = %s::regclass AND c.contype = 'f'
"""
_DOES = {"c": "CASCADE", "n": "SET NULL", "r": "RESTRICT", "a": "NO ACTION"}


@pytest.fixture(scope="session")
def known() -> dict[str, Any]:
    """The platform's schema as facts; kept beside the repository."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "platform" / "schema.json"
    file = Path(os.environ.get("HIMSOG_TEST_PLATFORM", beside))
    if not file.is_file():
        pytest.skip(f"the platform's schema is not there: {file} (HIMSOG_TEST_PLATFORM names another)")
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def _catalog(database: Database, table: str) -> dict[str, Any]:
    name = f'public."{table}"'
    with database.connect() as db:
        columns = [
            {"name": n, "type": t, "nullable": nullable, **({"default": default} if default else {})}
            for n, t, nullable, default in db.execute(_COLUMNS, (name,))
        ]
        indexes = db.execute(_INDEXES, (name,)).fetchall()
        keys = db.execute(_KEYS, (name,)).fetchall()
    return {
        "columns": columns,
        "primary_key": next((c for primary, _, c in indexes if primary), []),
        "unique": sorted(c for primary, unique, c in indexes if unique and not primary),
        "indexes": sorted(c for primary, unique, c in indexes if not unique and not primary),
        "foreign_keys": sorted(
            (
                {
                    "columns": c,
                    "references": other,
                    "referenced_columns": theirs,
                    "on_delete": _DOES[deleted],
                    "on_update": _DOES[updated],
                }
                for c, other, theirs, deleted, updated in keys
            ),
            key=lambda key: key["columns"],
        ),
    }


def test_every_table_is_as_the_platform_has_it(each_shared_database: Database, known: dict[str, Any]) -> None:
    for table, facts in known["tables"].items():
        wanted = {
            **facts,
            "unique": sorted(facts["unique"]),
            "indexes": sorted(facts["indexes"]),
            "foreign_keys": sorted(facts["foreign_keys"], key=lambda key: key["columns"]),
        }
        assert _catalog(each_shared_database, table) == wanted, table
    with each_shared_database.connect() as db:
        tables = db.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )
        assert {name for (name,) in tables} == set(known["tables"])


def test_every_enum_is_as_the_platform_has_it(shared_database: Database, known: dict[str, Any]) -> None:
    with shared_database.connect() as db:
        found = db.execute(
            "SELECT t.typname, array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum AS e"
            " JOIN pg_type AS t ON t.oid = e.enumtypid GROUP BY 1"
        ).fetchall()
    assert dict(found) == known["enums"]


_HISTORY = {"at": "timestamp with time zone", "before": "jsonb", "after": "jsonb"}


def test_the_desk_has_the_columns_that_the_cache_has(shared_database: Database) -> None:
    from sqlalchemy.dialects import postgresql

    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    own = {name: t for name, t in platform.metadata.tables.items() if t in vars(desk).values()}
    with shared_database.connect() as db:
        there = {
            name for (name,) in db.execute("SELECT relname FROM pg_class WHERE relnamespace = 'desk'::regnamespace")
        }
        for name, table in own.items():
            if name not in there or name == "history":  # the feed makes the cache's history from the server's
                continue
            found = {row[0]: (row[1], row[2]) for row in db.execute(_COLUMNS, (f"desk.{name}",))}
            for column in table.columns:
                kind, nullable = found[column.name]
                assert column.nullable or not nullable, (name, column.name)
                wanted = column.type.compile(dialect).lower()
                # History keeps a person's own moment to the microsecond, and images that can be looked into.
                wanted = _HISTORY.get(column.name, wanted) if name == "history" else wanted
                assert _same(wanted, kind), (name, column.name, wanted, kind)


def _same(wanted: str, kind: str) -> bool:
    spelled = re.sub(r"(timestamp)\(\d\)", r"\1", kind).replace("character varying", "varchar")
    return spelled == wanted or {spelled, wanted} in ({"text", "varchar"}, {"integer", "bigint"})


def _tables(db: Any, schema: str) -> set[str]:
    text = "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r'"
    return {name for (name,) in db.execute(text, (schema,))}


def test_a_database_with_something_in_it_is_refused(shared_database: Database) -> None:
    with pytest.raises(Refused, match="not empty") as refused:
        create(shared_database.url)
    assert refused.value.code == "in_use"


def test_nothing_is_left_of_one_that_broke_off(empty_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("broke off")

    monkeypatch.setattr("himsog_desktop.server.create.make_schema", broken)
    with pytest.raises(RuntimeError):
        create(empty_database.url)
    assert "CREATE TABLE" not in empty_database.dump("--schema-only")
