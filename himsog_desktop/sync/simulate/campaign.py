"""Many seeds, one after the other. As a child's program (``runtime.children``) it does a share of them.

Source: reliability, section 3, F1 and F2. What comes out does not depend on how many processes did it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from himsog_desktop.sync.simulate.faults import Faults
from himsog_desktop.sync.simulate.world import Parts, World, run

SHARE: Final = 250
"""How many seeds a child does; a run of fewer is done in this process."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An oracle that a seed violates."""

    seed: int
    oracle: str
    text: str


def failures(first: int, count: int, faults: Faults | None = None, parts: Parts | None = None) -> list[Failure]:
    """What goes wrong in these seeds."""
    found: list[Failure] = []
    with _Uncollected():
        for seed in range(first, first + count):
            broken = run(seed, faults, parts)
            found += (Failure(seed, oracle, text) for oracle, text in sorted(broken.items()))
            if seed % 50 == 0:
                gc.collect()
    return found


def first_failure(
    first: int, count: int, faults: Faults | None = None, parts: Parts | None = None
) -> tuple[int, Failure] | None:
    """The first failure and how many seeds it took; None when there is none."""
    with _Uncollected():
        for number, seed in enumerate(range(first, first + count), 1):
            broken = run(seed, faults, parts)
            if broken:
                oracle = next(iter(broken))
                return number, Failure(seed, oracle, broken[oracle])
            if number % 50 == 0:
                gc.collect()
    return None


def share(first: int, count: int, mutant: str = "") -> list[Failure]:
    """What goes wrong in these seeds, or in a mutant under its own campaign."""
    if not mutant:
        return failures(first, count)
    from himsog_desktop.sync.simulate.mutants import MUTANTS

    return failures(first, count, MUTANTS[mutant].faults, MUTANTS[mutant].parts)


def trace(seed: int) -> list[str]:
    """What happens in a seed, a line each."""
    world = World(seed, trace=True)
    world.run()
    assert world.trace is not None
    return world.trace


def shares(first: int, count: int, mutant: str = "") -> list[tuple[str, ...]]:
    """The arguments of the children that do these seeds."""
    named = (mutant,) if mutant else ()
    return [(str(at), str(min(SHARE, first + count - at)), *named) for at in range(first, first + count, SHARE)]


def read(output: bytes) -> list[Failure]:
    """What a child found."""
    found = []
    for line in output.decode().splitlines():
        seed, oracle, text = line.split("\t", 2)
        found.append(Failure(int(seed), oracle, text))
    return found


def main(arguments: Sequence[str], out: BinaryIO) -> None:
    """A child: the seeds from the first argument on, as many as the second says, of the mutant that the third names."""
    first, count, *mutant = arguments
    for one in share(int(first), int(count), *mutant):
        text = " ".join(one.text.split())
        out.write(f"{one.seed}\t{one.oracle}\t{text}\n".encode())


class _Uncollected:
    """The collector's own rhythm costs a tenth: each run is one knot that is cut every fifty."""

    def __enter__(self) -> None:
        self._was: Callable[[], None] = gc.enable if gc.isenabled() else gc.disable
        gc.disable()

    def __exit__(self, *_: object) -> None:
        self._was()
