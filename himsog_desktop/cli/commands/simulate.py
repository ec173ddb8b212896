"""``simulate``: the protocol of sync under every fault, on seeds. It touches no profile and no network."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from himsog_desktop.cli.answers import Answer, answered
from himsog_desktop.cli.groups import command
from himsog_desktop.cli.invocation import Invocation
from himsog_desktop.cli.tables import table
from himsog_desktop.domain.errors import BadInput

if TYPE_CHECKING:
    from himsog_desktop.services.simulating import SimulationDoc


@command("simulate", "Run the sync protocol through every fault, a seed at a time. Exit 1 when an oracle fails.")
@click.option("--seeds", type=click.IntRange(1, 10_000_000), default=2000, show_default=True, help="How many.")
@click.option("--from", "first", type=click.IntRange(0), default=0, show_default=True, help="The first seed.")
@click.option("--trace", is_flag=True, hidden=True, help="Tell what happens in the first seed.")
@click.option("--mutant", default="", hidden=True, help="Run a mutant of the protocol under its own faults.")
@click.pass_obj
def simulate(called: Invocation, seeds: int, first: int, trace: bool, mutant: str) -> Answer:
    """Seeds and failures."""
    called.not_in_batch("simulate")
    from himsog_desktop.services import simulating

    if mutant and mutant not in simulating.mutants():
        raise BadInput("bad_value", f"There is no such mutant; there are: {', '.join(simulating.mutants())}.")
    if trace:
        lines = list(simulating.trace(first))
        return answered(lines, "\n".join)
    found = simulating.simulate(first, seeds, _told, mutant)
    return answered(found, _text, 1 if found.failures else 0)


def _told(done: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done:,}")
        sys.stderr.flush()


def _text(found: SimulationDoc) -> str:
    if not found.failures:
        return f"{found.seeds:,} seeds, no failure."
    rows = [(str(one.seed), one.oracle) for one in found.failures[:50]]
    return f"{table(('Seed', 'Oracle'), rows)}\n{len(found.failures):,} failures in {found.seeds:,} seeds."
