"""The plans of the lists: each page comes from an index that is already in its order."""

from __future__ import annotations

import dataclasses

import pytest

from himsog_desktop.domain.ids import new_id
from himsog_desktop.storage import queries
from himsog_desktop.storage.queries import Wanted, number_prefix
from himsog_desktop.storage.tables import compiled
from tests.storage.conftest import NOW, Clinical

DAY = Wanted(low=NOW, high=NOW + 86_400_000_000)
CASES = {
    "everything": (Wanted(), "tile"),
    "a day": (DAY, "tile"),
    "a provider": (Wanted(providers=("p",)), "appointments_provider"),
    "a provider's day": (dataclasses.replace(DAY, providers=("p",)), "appointments_provider"),
    "providers": (dataclasses.replace(DAY, providers=("p", "q")), "appointments_provider"),
    "a state": (Wanted(statuses=("PENDING",)), "tile_status|tile"),
    "states of a day": (dataclasses.replace(DAY, statuses=("PENDING", "CONFIRMED")), "tile_status|tile"),
    "a provider's states": (Wanted(providers=("p",), statuses=("PENDING",)), "appointments_provider"),
    "a name": (Wanted(query="pena"), "appointments_patient"),
    "a number": (Wanted(query="APT123"), "appointments_number|appointments_patient"),
    "a number in a state": (Wanted(query="APT123", statuses=("PENDING",)), "appointments_number|appointments_patient"),
    "a name at a provider": (dataclasses.replace(DAY, query="pena", providers=("p",)), "appointments_patient"),
}


def plan(clinical: Clinical, wanted: Wanted) -> list[str]:
    found = queries.statement(clinical.cache.reader, wanted)
    assert found is not None
    text, values = compiled(queries.ordered(found, 50, 0))
    return [row[3] for row in clinical.cache.reader.execute("EXPLAIN QUERY PLAN " + text, values)]


@pytest.mark.parametrize("case", CASES)
def test_a_page_comes_from_its_index(clinical: Clinical, case: str) -> None:
    wanted, index = CASES[case]
    steps = plan(clinical, wanted)
    reads = [s for s in steps if "tile" in s or "appointments" in s]
    assert reads, steps
    assert {w for s in reads for w in s.split() if w.startswith(("appointments_", "tile"))} == set(index.split("|")), (
        steps
    )
    # Scanning the list itself in its own order is what a page of everything is.
    scans = [s for s in steps if s.startswith("SCAN") and "VIRTUAL TABLE" not in s]
    assert scans == (["SCAN tile"] if case == "everything" else []), steps


@pytest.mark.parametrize("case", ["everything", "a day", "a provider", "a provider's day", "a state"])
def test_a_page_is_not_sorted(clinical: Clinical, case: str) -> None:
    """At most those that start at the same moment are put in order of their ids."""
    sorts = [step for step in plan(clinical, CASES[case][0]) if "TEMP B-TREE" in step]
    assert all("LAST TERM" in step for step in sorts), sorts


def test_many_found_patients_are_read_in_the_lists_order(clinical: Clinical, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "FEW_PATIENTS", 0)
    steps = plan(clinical, dataclasses.replace(DAY, query="pena", statuses=("PENDING",)))
    assert any(s.startswith("SEARCH tile USING INDEX tile_status (status=? AND start>? AND start<?)") for s in steps), (
        steps
    )
    assert not [s for s in steps if "TEMP B-TREE" in s], steps


def test_nothing_is_found_of_nobody(clinical: Clinical) -> None:
    reader = clinical.cache.reader
    for wanted in (Wanted(providers=()), Wanted(statuses=()), Wanted(query="?!"), Wanted(query="")):
        assert queries.keys(reader, wanted) == []
        assert queries.count(reader, wanted) == 0


def test_the_range_is_half_open_and_ties_go_by_id(clinical: Clinical) -> None:
    low, high = NOW, NOW + 3_600_000_000
    ids = sorted(new_id() for _ in range(4))
    starts = {ids[0]: high - 1, ids[1]: low, ids[2]: low, ids[3]: high}
    made = [dataclasses.replace(clinical.appointment(), id=i, start=s, end=s + 60_000_000) for i, s in starts.items()]
    with clinical.write() as tx:
        tx.put_many([(None, a) for a in made])
    reader = clinical.cache.reader
    for more in ({}, {"providers": (clinical.provider.id,)}, {"statuses": ("PENDING",)}, {"query": "pena"}):
        wanted = Wanted(low=low, high=high, **more)
        assert queries.keys(reader, wanted) == [ids[1], ids[2], ids[0]], more
        assert queries.keys(reader, wanted, 1, 1) == [ids[2]], more
        assert queries.keys(reader, wanted, None, 2) == [ids[0]], more


@pytest.mark.parametrize(
    ("query", "prefix"),
    [
        ("APT12345678ABCD", "APT12345678ABCD"),
        (" apt123 ", "APT123"),
        ("apt", None),
        ("apt12", None),
        ("12345678ab", "APT12345678AB"),
        ("12345", "APT12345"),
        ("1234", None),
        ("apto", None),
        ("APT12345678ABCDE", None),
        ("+639175550101", None),
        ("reyes", None),
        ("１２３４５", None),
    ],
)
def test_what_may_be_the_beginning_of_a_number(query: str, prefix: str | None) -> None:
    assert number_prefix(query) == prefix
