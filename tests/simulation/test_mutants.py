"""Every wrong decision is noticed, and only those: what each campaign raises does no harm to the protocol as it is."""

from __future__ import annotations

import pytest

from himsog_desktop.sync.simulate.campaign import failures, first_failure
from himsog_desktop.sync.simulate.mutants import MUTANTS
from himsog_desktop.sync.simulate.oracles import MEANING
from himsog_desktop.sync.simulate.world import run

WITHIN = 1000
"""Ten times fewer than the protocol is held to; the slowest takes about a hundred and fifty."""

# For each oracle a mutant that it is red for, and the seeds that it takes at most.
RED = {
    "O1": "drop_conflict",
    "O2": "check_then_insert",
    "O3": "no_tombstone",
    "O4": "version_rebase",
    "O5": "ack_no_image",
    "O6": "poison_blocks",
    "O7": "sent_twice",
    "O8": "no_place_order",
    "O9": "no_audit",
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_dies(name: str) -> None:
    mutant = MUTANTS[name]
    assert first_failure(0, WITHIN, mutant.faults, mutant.parts) is not None, mutant.about


@pytest.mark.parametrize("name", MUTANTS)
def test_its_campaign_alone_kills_nothing(name: str) -> None:
    assert failures(0, 10, MUTANTS[name].faults) == []


@pytest.mark.parametrize("oracle", MEANING)
def test_an_oracle_is_red_for_what_it_is_about(oracle: str) -> None:
    mutant = MUTANTS[RED[oracle]]
    assert any(oracle in run(seed, mutant.faults, mutant.parts) for seed in range(60))


def test_there_are_as_many_as_the_source_asks_for_and_each_says_what_it_is_about() -> None:
    assert len(MUTANTS) >= 25
    assert all(mutant.about for mutant in MUTANTS.values())
