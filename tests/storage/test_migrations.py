"""Migrations: head is what the tables say, each step goes up and down, a filled file survives."""

from __future__ import annotations

import dataclasses
import os
import re
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from himsog_desktop.domain.appointment import Source
from himsog_desktop.domain.day import MADE_BITS, OUTCOME_MISSING
from himsog_desktop.domain.errors import NoAccess
from himsog_desktop.storage import migrate
from himsog_desktop.storage.cache import SCHEMA_HEAD, Cache
from himsog_desktop.storage.check import wrong_tiles
from himsog_desktop.storage.connection import DATABASE_NAME, open_raw
from himsog_desktop.storage.create import create_cache
from himsog_desktop.storage.digest import digests
from tests.storage.conftest import Clinical


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    return ScriptDirectory.from_config(config)


def _schema(path: Path, key: bytes) -> set[str]:
    raw = open_raw(path, key)
    found = raw.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    raw.close()
    return {re.sub(r"[\s\"']+", "", row[0]) for row in found}


def test_head_is_what_this_program_writes() -> None:
    assert _scripts().get_heads() == [SCHEMA_HEAD]


def test_head_equals_the_tables(tmp_path: Path) -> None:
    key = os.urandom(32)
    (tmp_path / "a").mkdir()
    create_cache(tmp_path / "a", key, {})
    migrate.upgrade(tmp_path / DATABASE_NAME, key)
    assert _schema(tmp_path / DATABASE_NAME, key) == _schema(tmp_path / "a" / DATABASE_NAME, key)


def test_each_step_goes_up_and_down(tmp_path: Path) -> None:
    key, path = os.urandom(32), tmp_path / DATABASE_NAME
    steps = [script.revision for script in _scripts().walk_revisions()][::-1]
    schemas = []
    for step in steps:
        migrate.upgrade(path, key, step)
        schemas.append(_schema(path, key))
    for place in range(len(steps) - 1, 0, -1):
        migrate.downgrade(path, key, steps[place - 1])
        assert _schema(path, key) == schemas[place - 1]
    migrate.downgrade(path, key, "base")
    migrate.upgrade(path, key)
    assert _schema(path, key) == schemas[-1]
    assert not list(tmp_path.glob("*.before-migration"))


def test_a_filled_file_survives_an_upgrade(clinical: Clinical) -> None:
    with clinical.write() as tx:
        tx.put(None, clinical.appointment())
    before = digests(clinical.cache.reader)
    clinical.cache.close()
    migrate.upgrade(clinical.cache.path, clinical.cache.key)
    assert digests(clinical.cache.reader) == before


def test_a_filled_file_of_each_old_release_opens_by_itself(clinical: Clinical) -> None:
    with clinical.write() as tx:
        tx.put(None, clinical.appointment())
    before = digests(clinical.cache.reader)
    path, key = clinical.cache.path, clinical.cache.key
    clinical.cache.close()
    for script in list(_scripts().walk_revisions())[1:]:
        migrate.downgrade(path, key, script.revision)
        opened = Cache(path.parent, key)
        assert digests(opened.reader) == before
        found = opened.reader.execute("SELECT version_num FROM alembic_version").fetchone()
        assert found == (SCHEMA_HEAD,)
        assert wrong_tiles(opened.reader) == 0
        opened.close()


def test_an_old_release_learns_who_made_each(clinical: Clinical) -> None:
    with clinical.write() as tx:
        tx.put_many([(None, clinical.appointment(600 + 60 * i, source=source)) for i, source in enumerate(Source)])
        tx.put(None, clinical.appointment(900, source=Source.WEB, outcome_missing=True))
    path, key = clinical.cache.path, clinical.cache.key
    before = clinical.cache.reader.execute("SELECT id, flags FROM tile ORDER BY start").fetchall()
    # What came from the web and was never touched here has no row of the desk's.
    web = before[[source.value for source in Source].index("web")][0]
    clinical.cache.writer.execute("DELETE FROM appointment_desk WHERE appointment_id = ?", (web,))
    clinical.cache.close()
    migrate.downgrade(path, key, "0004")
    raw = open_raw(path, key)
    assert [row[0] for row in raw.execute("SELECT flags FROM tile ORDER BY start")] == [0, 0, 0, OUTCOME_MISSING]
    raw.close()
    opened = Cache(path.parent, key)
    assert opened.reader.execute("SELECT id, flags FROM tile ORDER BY start").fetchall() == before
    assert [MADE_BITS[source] for source in Source] == [flags for _, flags in before[:3]]
    opened.close()


def test_what_waited_in_an_old_release_waits_on(remote: Clinical) -> None:
    made = remote.appointment()
    with remote.write() as tx:
        tx.put(None, made)
        tx.put(made, dataclasses.replace(made, notes="twice in one act"))
    question = (
        "SELECT o.seq, o.intent_id, o.patch, h.seq FROM outbox AS o JOIN history AS h ON h.uid = o.intent_id ORDER BY 1"
    )
    before = remote.cache.reader.execute(question).fetchall()
    path, key = remote.cache.path, remote.cache.key
    remote.cache.close()
    migrate.downgrade(path, key, "0005")
    opened = Cache(path.parent, key)
    assert opened.reader.execute(question).fetchall() == before
    assert len(before) == 4
    assert not any(opened.reader.execute("SELECT sent FROM outbox").fetchall()[0])
    opened.close()


def test_a_newer_file_is_refused_with_a_sentence(clinical: Clinical) -> None:
    clinical.cache.writer.execute("UPDATE alembic_version SET version_num = '9999'")
    clinical.cache.close()
    with pytest.raises(NoAccess) as refusal:
        _ = Cache(clinical.cache.path.parent, clinical.cache.key).reader
    assert refusal.value.code == "schema_newer"
