"""The list's prepared statements against the plainest form in SQLAlchemy Core, and where they read from."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, func, select

from himsog_desktop.domain.appointment import Source, Status
from himsog_desktop.domain.day import OUTCOME_MISSING, Tile
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.listing import Line, Order
from himsog_desktop.domain.time import MINUTE
from himsog_desktop.schema import desk as d
from himsog_desktop.schema import platform as p
from himsog_desktop.schema.cache import tile
from himsog_desktop.storage import listing
from himsog_desktop.storage.listing import Section
from himsog_desktop.storage.tables import compiled
from tests.storage.conftest import NOW, Clinical, make

NAMES = ("Reyes, Ana", "reyes, ana", "Peña, José", "Uy, Li")
HOUR = 60 * MINUTE


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory):
    """Sixty appointments: equal starts, equal names in another spelling, every state and source."""
    folder: Path = tmp_path_factory.mktemp("listing")
    made = make(folder)
    others = [
        dataclasses.replace(made.provider, id=f"p{i}", user_id=f"v{i}", name=name)
        for i, name in enumerate(("Dr Lim", "dr abad"))
    ]
    patients = [
        dataclasses.replace(made.patient, id=f"u{i}", name=name, email=f"u{i}@example.com")
        for i, name in enumerate(NAMES)
    ]
    with made.write() as tx:
        for one in (*others, *patients):
            tx.put(None, one)
        pairs = []
        for i in range(60):
            patient = patients[i % 4]
            start = NOW + (i % 7) * HOUR
            pairs.append(
                (
                    None,
                    made.appointment(
                        id=new_id(),
                        patient_id=patient.id,
                        patient_name=patient.name,
                        provider_id=(made.provider.id, "p0", "p1")[i % 3],
                        start=start,
                        end=start + 30 * MINUTE,
                        status=list(Status)[i % 5],
                        source=list(Source)[i % 3 if i % 2 else 0],
                        outcome_missing=i % 4 == 1,
                        created=NOW - (i % 11) * HOUR,
                    ),
                )
            )
        tx.put_many(pairs)
    yield made
    made.cache.close()


_TERMS = {
    Order.TIME: (),
    Order.STATUS: (),
    Order.PATIENT: (tile.c.name.collate("NOCASE"),),
    Order.PROVIDER: (p.providers.c.healthcare_name.collate("NOCASE"),),
    Order.CREATED: (p.appointments.c.created_at,),
}


def core(wanted: Section, order: Order, down: bool) -> Select:
    """What is meant, in the plainest form."""
    found = (
        select(tile.c.id)
        .join(p.appointments, p.appointments.c.id == tile.c.id)
        .join(p.providers, p.providers.c.id == tile.c.provider_id)
        .join(d.appointment_desk, d.appointment_desk.c.appointment_id == tile.c.id, isouter=True)
        .where(tile.c.status == wanted.status)
    )
    if wanted.low is not None:
        found = found.where(tile.c.start >= wanted.low)
    if wanted.high is not None:
        found = found.where(tile.c.start < wanted.high)
    if wanted.providers is not None:
        found = found.where(tile.c.provider_id.in_(wanted.providers))
    if wanted.source is not None:
        found = found.where(func.coalesce(d.appointment_desk.c.source, "web") == wanted.source)
    if wanted.missing:
        found = found.where(tile.c.flags.op("&")(OUTCOME_MISSING) != 0)
    if wanted.query is not None:
        named = [f"u{i}" for i, name in enumerate(NAMES) if wanted.query in name.lower().replace("ñ", "n")]
        found = found.where(tile.c.patient_id.in_(named))
    terms = (*_TERMS[order], tile.c.start, tile.c.id)
    return found.order_by(*(term.desc() if down else term for term in terms))


sections = st.builds(
    Section,
    st.sampled_from([s.value for s in Status]),
    st.sampled_from([None, NOW, NOW + HOUR]),
    st.sampled_from([None, NOW + 2 * HOUR, NOW + 6 * HOUR]),
    st.sampled_from([None, (), ("p0",), ("p0", "p1")]),
    st.sampled_from([None, *(s.value for s in Source)]),
    st.booleans(),
    st.sampled_from([None, "reyes", "pena", "uy"]),
)


@settings(max_examples=150, deadline=None)
@given(sections, st.sampled_from(list(Order)), st.booleans(), st.sampled_from([500, 0]))
def test_ids_and_count_equal_the_core_form(
    clinic: Clinical, wanted: Section, order: Order, down: bool, few: int
) -> None:
    raw = clinic.cache.reader
    text, values = compiled(core(wanted, order, down))
    expected = [row[0] for row in raw.execute(text, values)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listing, "FEW_PATIENTS", few)
        assert listing.ids(raw, wanted, order, down=down) == expected
        assert listing.ids(raw, wanted, order, down=down, limit=3, skip=2) == expected[2:5]
        assert listing.count(raw, wanted) == len(expected)
        if order is Order.TIME and expected:
            middle = len(expected) // 2
            assert listing.ids(raw, wanted, order, down=down, after=expected[middle]) == expected[middle + 1 :]


def test_lines_equal_the_core_form(clinic: Clinical) -> None:
    raw = clinic.cache.reader
    ids = [row[0] for row in raw.execute("SELECT id FROM tile ORDER BY id")][::-1]
    columns = [tile.c[name] for name in Tile._fields]
    statement = (
        select(*columns, d.appointment_desk.c.source, p.appointments.c.created_at)
        .join(p.appointments, p.appointments.c.id == tile.c.id)
        .join(d.appointment_desk, d.appointment_desk.c.appointment_id == tile.c.id)
        .order_by(tile.c.id.desc())
    )
    text, values = compiled(statement)
    rows = raw.execute(text, values).fetchall()
    expected = [Line(Tile._make(row[:15]), row[16]) for row in rows]
    found = listing.lines(raw, ids)
    assert found == expected
    assert [line.source for line in found] == [row[15] for row in rows]
    assert {line.source for line in found} == set(Source)
    assert listing.lines(raw, ["nobody", ids[0]]) == expected[:1]


def test_a_row_is_found_by_one_index_and_read_from_its_tile(clinic: Clinical) -> None:
    steps = [row[3] for row in clinic.cache.reader.execute("EXPLAIN QUERY PLAN " + listing.LINES, ("[]",))]
    found = [step for step in steps if step.startswith("SEARCH")]
    assert found == [
        "SEARCH a USING COVERING INDEX appointments_key (id=?)",
        "SEARCH t USING PRIMARY KEY (start=? AND id=?)",
    ]


@pytest.mark.parametrize("down", [False, True])
def test_in_order_of_time_nothing_is_sorted_and_the_rows_are_not_read(clinic: Clinical, down: bool) -> None:
    raw = clinic.cache.reader
    wanted = Section("COMPLETED", low=NOW, high=NOW + HOUR, providers=("p0",), missing=True)
    found, values = listing._bound(raw, wanted)
    text = listing._keys(listing._shape(wanted, found, Order.TIME, down, True))
    values |= {"limit": 10, "skip": 0, "after_start": NOW, "after_id": "x"}
    steps = [row[3] for row in raw.execute("EXPLAIN QUERY PLAN " + text, values)]
    assert any("USING COVERING INDEX tile_status (status=? AND start>? AND start<?)" in step for step in steps), steps
    assert not [step for step in steps if "TEMP B-TREE" in step], steps


def test_a_number_and_a_name_find_each_once(clinic: Clinical) -> None:
    raw = clinic.cache.reader
    number, status = raw.execute("SELECT appointment_number, status FROM appointments LIMIT 1").fetchone()
    found = listing.ids(raw, Section(status, query=number))
    assert len(found) == 1
    assert listing.ids(raw, Section(status, query="?!")) == []
