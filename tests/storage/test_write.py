"""One transaction holds all of a write; derived tables and history follow every change."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from himsog_desktop.domain.appointment import BookedService, Status, Visit, VisitState
from himsog_desktop.domain.changes import ChangeSet
from himsog_desktop.domain.clinic import Pricing, Service, ServiceKind
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.time import HOUR, MINUTE
from himsog_desktop.storage import check, hot, load
from himsog_desktop.storage.cache import Cache
from tests.storage.conftest import NOW, Clinical, make


def test_what_was_put_is_read_back_whole(clinical: Clinical) -> None:
    full = clinical.appointment(
        services=(BookedService("b", "Second", 100), BookedService("a", "First", 50000)),
        total=50100,
        notes="Call first",
        visit=Visit(VisitState.ARRIVED, NOW),
        resources=("r1", "r2"),
        lane=2,
        overbook_reason="urgent",
        external_system="old",
        external_id="17",
    )
    with clinical.write() as tx:
        tx.put(None, full)
    read = load.appointments(clinical.cache.reader, [full.id])[0]
    # Names of services come from their rows, which this test did not make.
    assert dataclasses.replace(read, services=full.services) == full
    assert [s.service_id for s in read.services] == ["b", "a"]
    assert load.patients(clinical.cache.reader, [clinical.patient.id], clinical.clinic.id) == [clinical.patient]
    assert load.providers(clinical.cache.reader, clinical.clinic.id) == [clinical.provider]


def test_an_error_inside_leaves_nothing(clinical: Clinical) -> None:
    made = clinical.appointment()

    def broken() -> None:
        with clinical.write() as tx:
            tx.put(None, made)
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        broken()
    assert load.appointments(clinical.cache.reader, [made.id]) == []
    assert check.wrong_tiles(clinical.cache.reader) == 0


def test_a_new_name_shows_on_the_tiles_and_is_found(clinical: Clinical) -> None:
    from himsog_desktop.storage.search import find_patients

    made = clinical.appointment()
    with clinical.write() as tx:
        tx.put(None, made)
    renamed = dataclasses.replace(clinical.patient, name="Ng, Uy", alerts=("Latex",), phone=None)
    with clinical.write() as tx:
        tx.put(clinical.patient, renamed)
    tile = hot.tiles(clinical.cache.reader, made.start, made.end)[0]
    assert (tile.name, tile.phone) == ("Ng, Uy", None)
    assert check.wrong_tiles(clinical.cache.reader) == 0
    assert find_patients(clinical.cache.reader, "ng", 5) == [renamed.id]
    assert find_patients(clinical.cache.reader, "peña", 5) == []


def test_a_renamed_service_is_called_so_on_the_tiles(clinical: Clinical) -> None:
    service = Service(
        new_id(), clinical.provider.id, "Check", ServiceKind.SINGLE, Pricing.FIXED, NOW, NOW, 50000, 50000
    )
    made = clinical.appointment(services=(BookedService(service.id, "Check", 50000),))
    with clinical.write() as tx:
        tx.put(None, service)
        tx.put(None, made)
    with clinical.write() as tx:
        tx.put(service, dataclasses.replace(service, name="Check-up"))
        assert tx.changes.everything
    assert hot.tiles(clinical.cache.reader, made.start, made.end)[0].services == "Check-up"
    assert check.wrong_tiles(clinical.cache.reader) == 0


def test_other_connections_are_told_what_changed(clinical: Clinical) -> None:
    with Cache(clinical.cache.path.parent, clinical.cache.key) as other:
        assert other.poll() is None
        made = clinical.appointment()
        with clinical.write() as tx:
            tx.put(None, made)
        told = other.poll()
        assert told is not None
        assert told == ChangeSet(
            appointments=frozenset({made.id}),
            days=frozenset({"2026-11-20"}),
            patients=frozenset({clinical.patient.id}),
            providers=frozenset({clinical.provider.id}),
            lists=frozenset({"appointment"}),
        )
        assert other.poll() is None


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["book", "move", "state", "note", "delete", "visit", "services"]),
        st.integers(0, 7),
        st.integers(0, 40),
    ),
    max_size=14,
)


@given(acts=ACTS)
@settings(max_examples=25, deadline=None)
def test_history_leads_to_the_data_whatever_was_done(acts: list[tuple[str, int, int]], tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    clinical = make(tmp_path_factory.mktemp("profile"))
    try:
        there: list[str] = []
        for step, (what, which, value) in enumerate(acts):
            with clinical.write(at=NOW + step * MINUTE) as tx:
                if what == "book" or not there:
                    made = clinical.appointment(480 + value * 10)
                    tx.put(None, made)
                    there.append(made.id)
                    continue
                old = load.appointments(tx.raw, [there[which % len(there)]])[0]
                new = {
                    "move": lambda o=old, v=value: dataclasses.replace(
                        o, start=o.start + v * MINUTE, end=o.end + v * HOUR
                    ),
                    "state": lambda o=old, v=value: dataclasses.replace(o, status=list(Status)[v % 5]),
                    "note": lambda o=old, v=value: dataclasses.replace(o, notes="x" * v or None),
                    "delete": lambda: None,
                    "visit": lambda o=old, v=value: dataclasses.replace(o, visit=Visit(VisitState.ARRIVED, NOW + v)),
                    "services": lambda o=old, v=value: dataclasses.replace(
                        o, services=tuple(BookedService(str(i), "", i) for i in range(v % 3))
                    ),
                }[what]()
                tx.put(old, new)
                if new is None:
                    there.remove(old.id)
        raw = clinical.cache.reader
        assert list(check.astray(raw, clinical.clinic.id)) == []
        assert check.wrong_tiles(raw) == 0
        assert {row[0] for row in raw.execute("SELECT id FROM appointments")} == set(there)
    finally:
        clinical.cache.close()
