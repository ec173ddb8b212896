"""The parts of an import: look-ups in batches, the writer's settings, the pace, quick images."""

from __future__ import annotations

import dataclasses
import itertools

from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.appointment import Appointment, Status, Visit, VisitState
from himsog_desktop.domain.clinic import Block, Policy, Provider, ProviderStatus
from himsog_desktop.domain.people import Consent, Patient
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.pacing import FEWEST_ROWS, MOST_ROWS, SECONDS, Pace
from himsog_desktop.storage import external
from himsog_desktop.storage.bulk import bulk
from himsog_desktop.storage.entities import Entity
from himsog_desktop.storage.images import compact, compact_text, encode, image_of
from tests.support.profiles import World

PATIENT = Patient("p", "Ana", "a@example.com", 1, 2, consent=Consent(sms=False), alerts=("latex",))
RECORDS = [
    PATIENT,
    dataclasses.replace(PATIENT, consent=Consent(), alerts=(), phone="+639175550101"),
    Appointment("a", "N", "c", "pr", "p", 1, 2, Status.CANCELLED, "Ana", "a@example.com", 1, 2,
                visit=Visit(VisitState.ARRIVED, 5), cancellation_reason=""),
    Provider("pr", "u", "Dr", ProviderStatus.VERIFIED, 30, 1, 2, policy=Policy(max_per_day=3)),
    Block("b", "pr", 1, 2, "Away", 1, 2, all_day=True),
]  # fmt: skip


def test_the_quick_image_is_the_image() -> None:
    for record in RECORDS:
        assert compact_text(record) == encode(compact(type(record), image_of(record)))
    assert compact_text(None) == "{}"


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 50)), max_size=30), st.integers(0, 60))
def test_stretches_cover_every_span_and_stay_apart(spans: list[tuple[int, int]], gap: int) -> None:
    given_spans = [(start, start + length) for start, length in spans]
    made = external.stretches(given_spans, gap)
    assert all(any(low <= start and end <= high for low, high in made) for start, end in given_spans)
    assert all(second[0] - first[1] >= gap for first, second in itertools.pairwise(made))


def test_look_ups_answer_for_a_batch_and_leave_out_what_is_not_there(desk: Desk, world: World) -> None:
    made = world.book(desk, "09:00")
    raw = desk.reader
    assert external.missing_patients(raw, [made.patient.id, "nobody"]) == {"nobody"}
    assert external.taken_numbers(raw, [made.number, "APT00000000AAAA"]) == {made.number}
    assert external.lanes_of(raw, [made.id, "x"]) == {made.id: 0}
    assert external.appointment_ids(raw, "old", ["1"]) == {}
    assert external.still_used(raw, Entity.PATIENT, [made.patient.id, "x"]) == {made.patient.id}
    assert external.still_used(raw, Entity.PROVIDER, [made.provider.id, world.provider("tan"), "x"]) == {
        made.provider.id, world.provider("tan"),
    }  # fmt: skip
    assert external.still_used(raw, Entity.SERVICE, [world.service("vaccination"), world.service("procedure")]) == {
        world.service("vaccination")
    }, "a part of a package is in use"
    assert external.still_used(raw, Entity.CLINIC, ["x"]) == set()


def test_the_writers_settings_are_put_back(desk: Desk) -> None:
    def settings() -> list[int]:
        return [
            desk.cache.writer.execute(f"PRAGMA {name}").fetchone()[0] for name in ("cache_size", "wal_autocheckpoint")
        ]

    before = settings()
    with bulk(desk.cache) as settle:
        assert settings() != before
        settle()
    assert settings() == before


@given(st.lists(st.floats(0.0001, 2.0), min_size=1, max_size=50))
def test_a_slow_chunk_makes_the_next_one_fit_and_sizes_stay_in_bounds(times: list[float]) -> None:
    pace = Pace()
    for seconds in times:
        before = pace.size
        pace.told(before, seconds)
        assert FEWEST_ROWS <= pace.size <= MOST_ROWS
        if seconds > SECONDS:
            assert pace.size <= max(FEWEST_ROWS, before * SECONDS / seconds)
