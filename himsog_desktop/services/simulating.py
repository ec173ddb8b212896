"""``himsog simulate``: seeds of the sync simulator, in as many processes as there are processors."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from himsog_desktop.domain.errors import Fault
from himsog_desktop.runtime.children import run_shares
from himsog_desktop.sync.simulate import campaign
from himsog_desktop.sync.simulate.campaign import Failure

_MODULE = "himsog_desktop.sync.simulate.campaign"
_SECONDS = 120.0
"""A share takes four on a usual machine; beyond this something never ends."""


class FailureDoc(msgspec.Struct, frozen=True):
    """A seed and the oracle that it violates."""

    seed: int
    oracle: str


class SimulationDoc(msgspec.Struct, frozen=True):
    """How many seeds were run, and what failed (contract, ``simulate``)."""

    seeds: int
    failures: list[FailureDoc]


def mutants() -> Sequence[str]:
    """The names of the protocol's mutants: what is wrong on purpose, so that the oracles are seen to notice."""
    from himsog_desktop.sync.simulate.mutants import MUTANTS

    return list(MUTANTS)


def simulate(first: int, count: int, told: Callable[[int], None], mutant: str = "") -> SimulationDoc:
    """Run the seeds; ``told`` hears how many are done."""
    found: list[Failure] = []
    if count <= campaign.SHARE:
        found = campaign.share(first, count, mutant)
    else:
        done, shares = 0, campaign.shares(first, count, mutant)
        for share, result in zip(shares, run_shares(_MODULE, shares, seconds=_SECONDS), strict=True):
            if result.ended != "done":
                raise Fault("internal", f"The seeds from {share[0]} on did not end by themselves ({result.ended}).")
            found += campaign.read(result.output)
            done += int(share[1])
            told(done)
    return SimulationDoc(count, [FailureDoc(one.seed, one.oracle) for one in found])


def trace(seed: int) -> Sequence[str]:
    """What happens in a seed, a line each."""
    return campaign.trace(seed)
