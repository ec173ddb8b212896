"""How many seeds each mutant of the sync protocol lives, from several first seeds on.

    python -m tests.campaigns.mutants                 every mutant from five places
    python -m tests.campaigns.mutants --from 0 700000 --within 10000 no_chain_repair chained

Prints a line a mutant: the median and the most seeds it took, and the oracle that noticed. Exit 1 when one lives.
"""

from __future__ import annotations

import argparse
import sys
from statistics import median

from himsog_desktop.sync.simulate.campaign import first_failure
from himsog_desktop.sync.simulate.mutants import MUTANTS

STARTS = (0, 100_000, 200_000, 300_000, 400_000)


def main(arguments: list[str]) -> int:
    """Run the mutants; 1 if one of them lives."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[[], *MUTANTS], default=[])
    parser.add_argument("--from", dest="starts", nargs="+", type=int, default=STARTS)
    parser.add_argument("--within", type=int, default=10_000)
    asked = parser.parse_args(arguments)
    alive = 0
    for name in asked.names or MUTANTS:
        mutant = MUTANTS[name]
        found = [first_failure(start, asked.within, mutant.faults, mutant.parts) for start in asked.starts]
        took = [one[0] for one in found if one is not None]
        oracles = " ".join(sorted({one[1].oracle for one in found if one is not None}))
        alive += len(took) < len(found)
        lives = "" if len(took) == len(found) else f"  LIVES in {len(found) - len(took)} of {len(found)}"
        print(f"{name:24} {median(took) if took else '-':>6} {max(took, default=0):>6}  {oracles}{lives}", flush=True)
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
