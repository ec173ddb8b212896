"""Making a new, empty cache file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from himsog_desktop.schema.cache import INDEXES, SEARCH_DDL
from himsog_desktop.storage.cache import SCHEMA_HEAD
from himsog_desktop.storage.connection import DATABASE_NAME, open_raw, transaction
from himsog_desktop.storage.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_VERSION_TABLE = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,"
    " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)


def ddl() -> Iterator[str]:
    """Every statement that makes the schema of this version, in order."""
    dialect = sqlite.dialect()
    for table in metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect))
    for index in INDEXES:
        yield str(CreateIndex(index).compile(dialect=dialect))
    yield from SEARCH_DDL


def create_cache(profile_dir: Path, key: bytes, settings: dict[str, str]) -> None:
    """Make the file with its schema and settings; the folder is there."""
    path = profile_dir / DATABASE_NAME
    path.touch(mode=0o600)
    raw = open_raw(path, key, writer=True, create=True)
    try:
        with transaction(raw):
            for statement in ddl():
                raw.execute(statement)
            raw.execute(_VERSION_TABLE)
            raw.execute("INSERT INTO alembic_version VALUES (?)", (SCHEMA_HEAD,))
            raw.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", list(settings.items()))
    finally:
        raw.close()
