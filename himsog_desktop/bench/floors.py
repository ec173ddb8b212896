"""Floors that need the file itself: the bare queries of a search, a bare commit of a booking's size."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from himsog_desktop.bench import fixtures
from himsog_desktop.domain.commands import Book
from himsog_desktop.storage.connection import DATABASE_NAME, open_raw, transaction
from himsog_desktop.storage.search import matches_of
from himsog_desktop.system import vault

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from himsog_desktop.bench.fixtures import BenchClock

_FOUND = "SELECT rowid FROM patient_prefix WHERE patient_prefix MATCH ? LIMIT 6"
_COMING = """
SELECT a.id FROM patient_prefix AS p JOIN patient_word AS w ON w.seq = p.rowid
  JOIN appointments AS a ON a.user_id = w.patient_id
 WHERE patient_prefix MATCH ? LIMIT 6"""
_ROW = "SELECT t.* FROM appointments AS a JOIN tile AS t ON t.start = a.start_time AND t.id = a.id WHERE a.id = ?"
_WAL_HEAD, _FRAME_HEAD = 32, 24


def bare_searches(path: Path, key: bytes, names: Sequence[str]) -> list[float]:
    """Milliseconds of the bare look-ups for each beginning of each name: who, and what they have."""
    raw = open_raw(path / DATABASE_NAME, key)
    try:
        took = []
        for warm in (True, False):
            for name in names:
                for at in range(len(name)):
                    matches = matches_of(name[: at + 1])
                    assert matches is not None
                    started = time.perf_counter()
                    raw.execute(_FOUND, (matches.prefix,)).fetchall()
                    raw.execute(_COMING, (matches.prefix,)).fetchall()
                    if not warm:
                        took.append((time.perf_counter() - started) * 1000)
        return took
    finally:
        raw.close()


def bare_list(path: Path, key: bytes, *, counts: bool) -> float:
    """Milliseconds of the bare look-ups behind a list: how many of each state, and a screen of rows by id."""
    raw = open_raw(path / DATABASE_NAME, key)
    try:
        ids = [row[0] for row in raw.execute("SELECT id FROM tile ORDER BY start DESC LIMIT 24")]
        took = []
        for _ in range(9):
            started = time.perf_counter()
            if counts:
                raw.execute("SELECT status, count(*) FROM tile INDEXED BY tile_status GROUP BY status").fetchall()
            for one in ids:
                raw.execute(_ROW, (one,)).fetchall()
            took.append((time.perf_counter() - started) * 1000)
        return sorted(took)[len(took) // 2]
    finally:
        raw.close()


def bare_commits(path: Path, clock: BenchClock, times: int) -> tuple[int, list[float]]:
    """How many pages a booking writes, and the milliseconds of commits of as many and nothing else."""
    pages = _pages_of_a_booking(path, clock)
    raw = open_raw(path / DATABASE_NAME, vault.unlock(path, fixtures.PASSPHRASE), writer=True)
    try:
        size = int(raw.execute("PRAGMA page_size").fetchone()[0])
        row = size - 300
        raw.execute("CREATE TABLE bench_floor (id INTEGER PRIMARY KEY, body BLOB)")
        raw.executemany("INSERT INTO bench_floor VALUES (?, ?)", [(i, os.urandom(row)) for i in range(pages)])
        took = []
        for i in range(times + 2):
            rows = [(os.urandom(row), n) for n in range(pages)]
            started = time.perf_counter()
            with transaction(raw):
                raw.executemany("UPDATE bench_floor SET body = ? WHERE id = ?", rows)
            if i >= 2:
                took.append((time.perf_counter() - started) * 1000)
        return pages, took
    finally:
        raw.close()


def bare_thousand(path: Path, times: int) -> list[float]:
    """Milliseconds to write what the last bulk act on this file wrote, by prepared statements in one commit.

    Back and forth, so that every time rows change: two tables, what patients are owed, and history.
    """
    raw = open_raw(path / DATABASE_NAME, vault.unlock(path, fixtures.PASSPHRASE), writer=True)
    try:
        act = raw.execute("SELECT id FROM act ORDER BY seq DESC LIMIT 1").fetchone()[0]
        past = raw.execute("SELECT * FROM history WHERE act_id = ? ORDER BY seq", (act,)).fetchall()
        owed = raw.execute("SELECT * FROM notice WHERE act_id = ?", (act,)).fetchall()
        keys = raw.execute(
            "SELECT t.start, t.id FROM history AS h JOIN appointments AS a ON a.id = h.entity_id"
            " JOIN tile AS t ON t.start = a.start_time AND t.id = a.id WHERE h.act_id = ?",
            (act,),
        ).fetchall()
        took = []
        for i in range(times + 1):
            status = "CONFIRMED" if i % 2 else "PENDING"
            started = time.perf_counter()
            with transaction(raw):
                raw.executemany("UPDATE appointments SET status = ? WHERE id = ?", [(status, key) for _, key in keys])
                raw.executemany("UPDATE tile SET status = ? WHERE start = ? AND id = ?", [(status, *k) for k in keys])
                raw.executemany("INSERT OR REPLACE INTO notice VALUES (?,?,?,?,?,?,?)", owed)
                raw.executemany(
                    "INSERT INTO history (at, by_id, source, device, act_id, kind, entity_type, entity_id, before,"
                    " after) VALUES (?,?,?,?,?,?,?,?,?,?)",
                    [row[1:11] for row in past],
                )
            if i:
                took.append((time.perf_counter() - started) * 1000)
        return took
    finally:
        raw.close()


def _pages_of_a_booking(path: Path, clock: BenchClock) -> int:
    from himsog_desktop.services import booking, openslots

    desk = fixtures.desk_of(path, clock)
    with desk.cache:
        patient = desk.reader.execute("SELECT id FROM user WHERE role = 'USER' LIMIT 1").fetchone()[0]
        slot = openslots.next_free(desk, (), (), None, 1)[0]
        desk.cache.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        size = int(desk.reader.execute("PRAGMA page_size").fetchone()[0])
        booking.book(desk, Book(slot.provider or "", slot.start, patient_id=patient, duration=5))
        written = (path / f"{DATABASE_NAME}-wal").stat().st_size
    return max(1, (written - _WAL_HEAD) // (size + _FRAME_HEAD))
