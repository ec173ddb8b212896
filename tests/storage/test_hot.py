"""The hot reads, written by hand, against the plainest form in SQLAlchemy Core on random data.

The hand-written ones split a range into short stays by start and long ones by an index of their own; the
Core forms say only what is meant. Stays of no length, of exactly a day, of weeks.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, Select, case, func, select

from himsog_desktop.domain.appointment import Appointment, BookedService, Status
from himsog_desktop.domain.clinic import Block, Pricing, Service, ServiceKind
from himsog_desktop.domain.time import DAY, MINUTE
from himsog_desktop.schema import desk as d
from himsog_desktop.schema import platform as p
from himsog_desktop.schema.cache import tile
from himsog_desktop.storage import hot, rows, sql, tables
from himsog_desktop.storage.connection import transaction
from tests.storage.conftest import Clinical, make

PROVIDERS, PATIENTS, ROOMS = ("p1", "p2"), ("u1", "u2"), ("r1", "r2")
BASE = 1_795_000_000_000_000
BUFFERS = {"s0": (0, 0), "s5": (5, 0), "s20": (0, 20), "s7": (7, 3)}
ACTIVE = ("PENDING", "CONFIRMED")


class Row(NamedTuple):
    start: int
    length: int
    status: Status
    provider: str
    patient: str
    rooms: tuple[str, ...]
    services: tuple[str, ...]


minutes = st.integers(0, 12 * 1440)
lengths = st.one_of(st.integers(0, 90), st.sampled_from([1439, 1440, 1441, 2 * 1440, 9 * 1440]))
found = st.builds(
    Row,
    minutes,
    lengths,
    st.sampled_from(list(Status)),
    st.sampled_from(PROVIDERS),
    st.sampled_from(PATIENTS),
    st.sets(st.sampled_from(ROOMS)).map(lambda s: tuple(sorted(s))),
    st.lists(st.sampled_from(sorted(BUFFERS)), unique=True, max_size=3).map(tuple),
)
ranges = st.tuples(minutes, st.integers(1, 5 * 1440)).map(lambda r: (at(r[0]), at(r[0] + r[1])))


def at(minute: int) -> int:
    return BASE + minute * MINUTE


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("hot")
    made = make(folder)
    with made.write() as tx:
        for key, (before, after) in BUFFERS.items():
            service = Service(key, "p1", key, ServiceKind.SINGLE, Pricing.FIXED, 1, 1)
            tx.put(None, dataclasses.replace(service, buffer_before=before, buffer_after=after))
    yield made
    made.cache.close()


def fill(clinic: Clinical, data: list[Row], blocks: list[tuple[int, int]] = ()) -> None:
    """These appointments and blocks and no others."""
    writer = clinic.cache.writer
    with transaction(writer):
        for table in ("appointments", "appointment_desk", "appointment_service", "appointment_rooms", "tile", "blocks"):
            writer.execute(f"DELETE FROM {table}")
        for n, row in enumerate(data):
            made = dataclasses.replace(
                clinic.appointment(),
                id=f"a{n}",
                provider_id=row.provider,
                patient_id=row.patient,
                start=at(row.start),
                end=at(row.start + row.length),
                status=row.status,
                resources=row.rooms,
                services=tuple(BookedService(key, key, 0) for key in row.services),
            )
            for name, values in [*rows.appointment_rows(made), _tile(made)]:
                writer.execute(sql.upsert_text(name), values)
        for n, (start, length) in enumerate(blocks):
            block = Block(f"b{n}", PROVIDERS[n % 2], at(start), at(start + length), "Closed", 1, 1)
            for name, values in rows.block_rows(block):
                writer.execute(sql.upsert_text(name), values)


def _tile(a: Appointment) -> tuple[str, tuple[object, ...]]:
    return rows.tile_row(a, a.patient_name, a.patient_phone, 0)


def core(clinic: Clinical, statement: Select[object]) -> list[tuple[object, ...]]:
    text, values = tables.compiled(statement)
    return [tuple(row) for row in clinic.cache.reader.execute(text, values)]


def meets(start: ColumnElement[int], end: ColumnElement[int], low: int, high: int) -> ColumnElement[bool]:
    """What is meant by a range: the stay begins before its end and ends after its start."""
    return (start < high) & (end > low)


a = p.appointments.c


@given(data=st.lists(found, max_size=14), span=ranges)
def test_tiles(clinic: Clinical, data: list[Row], span: tuple[int, int]) -> None:
    fill(clinic, data)
    plain = select(*tile.columns).where(meets(tile.c.start, tile.c.end, *span)).order_by(tile.c.start, tile.c.id)
    got = hot.tiles(clinic.cache.reader, *span)
    assert [tuple(t) for t in got] == core(clinic, plain)
    assert hot.tiles_of(clinic.cache.reader, [(t.start, t.id) for t in got]) == list(got)
    assert hot.tiles_of(clinic.cache.reader, [(t.start + 1, t.id) for t in got]) == []


@given(
    data=st.lists(found, max_size=20), first=minutes, limit=st.integers(1, 5), some=st.sets(st.sampled_from(PROVIDERS))
)
def test_a_month(clinic: Clinical, data: list[Row], first: int, limit: int, some: set[str]) -> None:
    """Of each day the first rows, and how much stands on it: what starts in it, whoever is shown, not cancelled."""
    fill(clinic, data)
    reader, shown = clinic.cache.reader, json.dumps(sorted(some))
    days = [(at(first + n * 1440), at(first + (n + 1) * 1440)) for n in range(6)]
    loads = hot.loads(reader, days, shown)
    for number, (low, high) in enumerate(days):
        t = tile.c
        stands = (t.start >= low) & (t.start < high) & (t.status != "CANCELLED") & t.provider_id.in_(sorted(some))
        rows_ = core(clinic, select(*tile.columns).where(stands).order_by(t.start, t.id))
        assert [tuple(row) for row in hot.first_of_day(reader, low, high, shown, limit)] == rows_[:limit]
        asked = func.sum(case((a.status == "PENDING", 1), else_=0))
        held = (a.start_time >= low) & (a.start_time < high) & (a.status != "CANCELLED")
        plain = select(func.count(), asked, func.sum(a.end_time - a.start_time)).where(
            held, a.provider_id.in_(sorted(some))
        )
        count, requested, length = core(clinic, plain)[0]
        assert loads.get(number, (0, None, None)) == (count, requested, length)
        every = select(*tile.columns).where(t.start >= low, t.start < high).order_by(t.start, t.id)
        assert [tuple(row) for row in hot.starting(reader, low, high)] == core(clinic, every)


@given(data=st.lists(found, max_size=14), span=ranges)
def test_busy(clinic: Clinical, data: list[Row], span: tuple[int, int]) -> None:
    fill(clinic, data)
    reader = clinic.cache.reader
    chosen = select(a.id, a.start_time, a.end_time).where(meets(a.start_time, a.end_time, *span), a.status.in_(ACTIVE))
    for provider in PROVIDERS:
        plain = core(clinic, chosen.where(a.provider_id == provider))
        assert sorted(hot.busy(reader, provider, *span)) == sorted(plain)
    for patient in PATIENTS:
        plain = core(clinic, chosen.where(a.user_id == patient))
        assert sorted(hot.patient_busy(reader, patient, *span)) == sorted(plain)
    for room in ROOMS:
        used = select(d.appointment_rooms.c.appointment_id).where(d.appointment_rooms.c.room_id == room)
        plain = core(clinic, chosen.where(a.id.in_(used)))
        assert sorted(hot.room_busy(reader, room, *span)) == sorted(plain)


@given(data=st.lists(found, max_size=14), span=ranges)
def test_rooms_used(clinic: Clinical, data: list[Row], span: tuple[int, int]) -> None:
    fill(clinic, data)
    r = d.appointment_rooms.c
    plain = (
        select(tile.c.id, r.room_id)
        .join_from(tile, d.appointment_rooms, r.appointment_id == tile.c.id)
        .where(meets(tile.c.start, tile.c.end, *span))
    )
    assert sorted(hot.rooms_used(clinic.cache.reader, *span)) == sorted(core(clinic, plain))


@given(blocks=st.lists(st.tuples(minutes, lengths), max_size=10), span=ranges)
def test_blocks(clinic: Clinical, blocks: list[tuple[int, int]], span: tuple[int, int]) -> None:
    fill(clinic, [], blocks)
    b = d.blocks.c
    for provider in PROVIDERS:
        plain = select(b.id, b.provider_id, b.start_time, b.end_time, b.title).where(
            b.provider_id == provider, meets(b.start_time, b.end_time, *span)
        )
        assert sorted(hot.blocks(clinic.cache.reader, provider, *span)) == sorted(core(clinic, plain))


@given(data=st.lists(found, max_size=10))
@settings(max_examples=30)
def test_service_buffers(clinic: Clinical, data: list[Row]) -> None:
    fill(clinic, data)
    booked, service = p.appointment_service.c, d.service_desk.c
    before, after = func.max(service.buffer_before), func.max(service.buffer_after)
    ids = [f"a{n}" for n in range(0, len(data), 2)]
    plain = (
        select(booked.appointment_id, before, after)
        .join_from(p.appointment_service, d.service_desk, booked.service_id == service.service_id)
        .where(booked.appointment_id.in_(ids))
        .group_by(booked.appointment_id)
        .having((before > 0) | (after > 0))
    )
    expected = {key: (low, high) for key, low, high in core(clinic, plain)}
    assert hot.service_buffers(clinic.cache.reader, ids) == expected


PLANS = {
    "tiles": (hot.TILES, {"low": BASE, "high": BASE + DAY}),
    "busy": (hot.BUSY, {"provider": "p1", "low": BASE, "high": BASE + DAY}),
    "patient": (hot.PATIENT_BUSY, {"patient": "u1", "low": BASE, "high": BASE + DAY}),
    "room": (hot.ROOM_BUSY, {"room": "r1", "low": BASE, "high": BASE + DAY}),
    "rooms": (hot.ROOMS_USED, {"low": BASE, "high": BASE + DAY}),
    "blocks": (hot.BLOCKS, {"provider": "p1", "low": BASE, "high": BASE + DAY}),
    "starting": (hot.STARTING, (BASE, BASE + DAY)),
    "first of day": (hot.FIRST_OF_DAY, {"low": BASE, "high": BASE + DAY, "providers": '["p1"]', "limit": 5}),
    "loads": (hot.LOADS, {"providers": '["p1"]', "days": f"[[{BASE}, {BASE + DAY}]]"}),
}


@pytest.mark.parametrize("name", PLANS)
def test_no_hot_read_looks_at_a_whole_table(clinic: Clinical, name: str) -> None:
    """Flat growth (design, section 6): every table is reached by an index, and nothing is sorted but a day."""
    text, values = PLANS[name]
    plan = [row[3] for row in clinic.cache.reader.execute("EXPLAIN QUERY PLAN " + text, values)]
    assert plan
    # What was asked for comes as a list of its own (JSON): that is no table.
    assert not [step for step in plan if step.startswith("SCAN") and "VIRTUAL TABLE" not in step], plan
