"""The file is encrypted, the settings hold, and a wrong key or a busy file is said in a sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from himsog_desktop.domain.errors import NoAccess, Surroundings
from himsog_desktop.storage.connection import SQLITE_AT_LEAST, begin_immediate, open_raw
from tests.storage.conftest import Clinical


def test_sqlite_is_new_enough() -> None:
    assert dbapi2.sqlite_version_info >= SQLITE_AT_LEAST


def test_nothing_of_a_patient_is_readable_in_any_file(clinical: Clinical, tmp_path: Path) -> None:
    with clinical.write() as tx:
        tx.put(None, clinical.appointment(notes="Allergic to penicillin"))
    for path in tmp_path.rglob("*"):
        content = path.read_bytes()
        assert not content.startswith(b"SQLite format 3")
        for secret in ("Peña", "jose@example.com", "9175550101", "penicillin", "Cruz"):
            assert secret.encode() not in content, path.name


def test_a_wrong_key_is_refused(clinical: Clinical) -> None:
    with pytest.raises(NoAccess) as refusal:
        open_raw(clinical.cache.path, os.urandom(32))
    assert refusal.value.code == "wrong_key"


def test_a_reader_cannot_write(clinical: Clinical) -> None:
    with pytest.raises(dbapi2.OperationalError):
        clinical.cache.reader.execute("DELETE FROM appointments")


def test_settings_are_read_back(clinical: Clinical) -> None:
    raw = clinical.cache.writer
    assert raw.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert raw.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_a_busy_file_gives_a_sentence_and_saves_nothing(clinical: Clinical) -> None:
    other = open_raw(clinical.cache.path, clinical.cache.key, writer=True)
    begin_immediate(other)
    with pytest.raises(Surroundings) as trouble:
        begin_immediate(clinical.cache.writer, seconds=0.05)
    assert trouble.value.exit_code == 3
    other.execute("ROLLBACK")
    other.close()


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(Surroundings):
        open_raw(tmp_path / "cache.db", os.urandom(32))


def test_the_file_is_private(clinical: Clinical) -> None:
    assert clinical.cache.path.stat().st_mode & 0o077 == 0
