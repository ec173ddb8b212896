"""The arithmetic of how fast the window answers."""

from __future__ import annotations

import json
import math

from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.speed import (
    BLOCK,
    EDGES,
    FAIR,
    GOOD,
    MOST_KINDS,
    POOR,
    Gauge,
    Speeds,
    rating,
    read_document,
)

MS = st.floats(0, 20_000, allow_nan=False)
KIND = st.sampled_from(["book", "confirm", "typing", BLOCK])
SAMPLES = st.lists(st.tuples(KIND, MS), max_size=60)


def filled(samples: list[tuple[str, float]]) -> Speeds:
    speeds = Speeds()
    for kind, ms in samples:
        speeds.add(kind, ms)
    return speeds


def band(ms: float) -> int:
    return next((i for i, edge in enumerate(EDGES) if ms <= edge), len(EDGES))


@given(st.lists(MS, min_size=1, max_size=80), st.floats(0.01, 1.0))
def test_a_percentile_lies_in_the_band_of_the_true_one(samples: list[float], share: float) -> None:
    gauge = Gauge()
    for ms in samples:
        gauge.add(ms)
    true = sorted(samples)[max(math.ceil(share * len(samples)) - 1, 0)]
    found = gauge.percentile(share)
    low = EDGES[band(true) - 1] if band(true) else 0
    assert low <= found <= max(gauge.longest, low)
    assert band(found) in (band(true), band(true) - 1)  # the lower end of a band counts to the one below
    assert gauge.percentile(0.5) <= gauge.percentile(0.95) <= gauge.longest
    assert gauge.count == len(samples)


@given(SAMPLES, SAMPLES)
def test_two_days_together_are_as_if_counted_on_one(one: list[tuple[str, float]], two: list[tuple[str, float]]) -> None:
    together = filled(one).with_other(filled(two))
    assert together.as_document() == filled([*one, *two]).as_document()


@given(SAMPLES)
def test_what_is_written_down_is_read_back(samples: list[tuple[str, float]]) -> None:
    document = filled(samples).as_document()
    assert read_document(json.loads(json.dumps(document))).as_document() == document


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.dictionaries(st.text(), s)))
def test_nonsense_in_the_file_counts_nothing(found: object) -> None:
    assert read_document(found).total.count == 0


def test_blocks_are_no_interactions_and_names_are_words() -> None:
    speeds = filled([(BLOCK, 90.0), ("book", 10.0)])
    assert speeds.total.count == 1
    assert speeds.longest_block == 90.0
    speeds.add("Maria Reyes", 5.0)
    assert set(speeds.kinds) == {BLOCK, "book", "other"}
    for i in range(2 * MOST_KINDS):
        speeds.add(f"kind_{i}", 1.0)
    assert len(speeds.kinds) <= MOST_KINDS + 1


def test_what_is_good_and_what_is_poor() -> None:
    assert [rating(ms) for ms in (0, 50, 50.1, 150, 150.1)] == [GOOD, GOOD, FAIR, FAIR, POOR]
