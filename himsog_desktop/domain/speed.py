"""How fast the window answers: counts of milliseconds per kind of interaction, and what is good and poor.

Only words of ours and numbers: no patient, no time of the day. Kept as counts in bands, so that what is kept does not
grow with use; percentiles are exact to their band.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final

EDGES: Final = (1, 2, 4, 8, 12, 16, 24, 33, 50, 75, 100, 150, 200, 300, 500, 1000, 2000, 5000)
"""Upper ends of the bands in milliseconds; one more band holds what took longer."""
GOOD, FAIR, POOR = "good", "needs improvement", "poor"
GOOD_MS, FAIR_MS = 50.0, 150.0
BLOCK = "block"
"""The kind under which stretches are counted in which the window answered nobody."""
MOST_KINDS: Final = 80
MOST_COUNT: Final = 200_000
ENOUGH: Final = 50
"""Interactions under which nothing is said of a profile as a whole."""
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


def rating(ms: float) -> str:
    """Good up to 50 ms, poor above 150."""
    return GOOD if ms <= GOOD_MS else FAIR if ms <= FAIR_MS else POOR


@dataclass(slots=True)
class Gauge:
    """One kind: how many fell in each band, and the longest."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(EDGES) + 1))
    longest: float = 0.0

    @property
    def count(self) -> int:
        """How many there were."""
        return sum(self.counts)

    def add(self, ms: float) -> None:
        """Count one."""
        ms = max(ms, 0.0)
        self.counts[bisect_left(EDGES, ms)] += 1
        self.longest = max(self.longest, ms)
        if self.count > MOST_COUNT:  # the old counts for half: what is slow now is seen
            self.counts = [(n + 1) // 2 for n in self.counts]

    def percentile(self, share: float) -> float:
        """Milliseconds that this share (0 to 1) of them did not exceed, evenly spread within a band; 0 for none."""
        wanted, seen = share * self.count, 0
        for band, n in enumerate(self.counts):
            if n and seen + n >= wanted:
                low = EDGES[band - 1] if band else 0
                high = min(EDGES[band], self.longest) if band < len(EDGES) else self.longest
                return low + (max(high, low) - low) * max(wanted - seen, 0) / n
            seen += n
        return self.longest

    def with_other(self, other: Gauge) -> Gauge:
        """Both together."""
        counts = [a + b for a, b in zip(self.counts, other.counts, strict=True)]
        return Gauge(counts, max(self.longest, other.longest))


class Speeds:
    """All kinds."""

    def __init__(self, kinds: dict[str, Gauge] | None = None) -> None:
        self.kinds: dict[str, Gauge] = kinds or {}

    def add(self, kind: str, ms: float) -> None:
        """Count an interaction of a kind, which is a word of ours."""
        gauge = self.kinds.get(kind)
        if gauge is None:
            if len(self.kinds) >= MOST_KINDS or not _LETTERS.issuperset(kind):
                kind = "other"
            gauge = self.kinds.setdefault(kind, Gauge())
        gauge.add(ms)

    @property
    def total(self) -> Gauge:
        """All interactions together, without the blocks."""
        found = Gauge()
        for kind, gauge in self.kinds.items():
            if kind != BLOCK:
                found = found.with_other(gauge)
        return found

    @property
    def longest_block(self) -> float:
        """The longest stretch in which the window answered nobody, in milliseconds."""
        return self.kinds[BLOCK].longest if BLOCK in self.kinds else 0.0

    def with_other(self, other: Speeds) -> Speeds:
        """Both together, kind by kind."""
        made = Speeds({kind: gauge.with_other(Gauge()) for kind, gauge in self.kinds.items()})
        for kind, gauge in other.kinds.items():
            made.kinds[kind] = made.kinds.get(kind, Gauge()).with_other(gauge)
        return made

    def as_document(self) -> dict[str, object]:
        """As it is written down."""
        return {
            kind: {"counts": list(gauge.counts), "longest": round(gauge.longest, 1)}
            for kind, gauge in sorted(self.kinds.items())
        }


def read_document(found: object) -> Speeds:
    """What was written down; what is none of ours is left out."""
    made = Speeds()
    if not isinstance(found, dict):
        return made
    for kind, entry in list(found.items())[:MOST_KINDS]:
        if not isinstance(kind, str) or not 1 <= len(kind) <= 32 or not _LETTERS.issuperset(kind):
            continue
        counts = entry.get("counts") if isinstance(entry, dict) else None
        longest = entry.get("longest") if isinstance(entry, dict) else None
        if not isinstance(counts, list) or len(counts) != len(EDGES) + 1 or not all(map(_is_count, counts)):
            continue
        if isinstance(longest, int | float) and 0 <= longest <= 1e9:
            made.kinds[kind] = Gauge(list(counts), float(longest))
    return made


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10 * MOST_COUNT
