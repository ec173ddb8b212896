"""Flat growth: the same on screen, with 1,000 or 100,000 appointments in all.

Each interaction is taken many times in a window on one profile and on the other, in turn, so that what else
the machine does meets both. What counts is the worst of the ratios (design, section 6: at most 1.3).
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from himsog_desktop.bench import fixtures, window
from himsog_desktop.bench.measure import Taken

if TYPE_CHECKING:
    from pathlib import Path

    from himsog_desktop.bench.fixtures import BenchClock

SMALL, LARGE = 1_000, 100_000
ROUNDS, STARTS = 5, 9
"""How often the two windows take their turns, each with its share of the figure's rounds; a window starts once."""

PARTS = {"book": 2}
"""Whose rounds take a larger share (half): of something that is done so few times a fifth says nothing."""

FORTNIGHT = 14
DAYS = {"week": 42, "month": 150}
"""Days that are the same on both: what is on screen, with the pages on either side that are shown or read ahead."""

INTERACTIONS = {
    "start": "start_first_paint",
    "day": "calendar_day_12_providers",
    "week": "calendar_week_switch_930",
    "month": "calendar_month_switch",
    "drag": "calendar_drag_frame",
    "list open": "list_fortnight",
    "list jump": "list_jump",
    "list step": "list_step",
    "search": "search_keystroke",
    "book": "book_commit",
    "bulk": "bulk_fortnight",
}
"""What it is called here, and the window's own figure for it."""


def flat_growth(clock: BenchClock) -> Taken:
    """The worst ratio of an interaction at 100,000 appointments to the same at 1,000; all of them in the note."""
    ratios = {word: _ratio(clock, word) for word in INTERACTIONS}
    told = ", ".join(f"{word} {ratio:.2f}" for word, ratio in sorted(ratios.items(), key=lambda r: -r[1]))
    return Taken([max(ratios.values())], [1.0], told)


def _ratio(clock: BenchClock, word: str) -> float:
    """The median of the rounds' ratios: a round in which the machine changed its pace counts once."""
    ratios = []
    for turn in range(STARTS if word == "start" else ROUNDS):
        taken: dict[int, float] = {}
        for scale in (LARGE, SMALL) if turn % 2 else (SMALL, LARGE):
            path = fixtures.same_days(clock, scale, DAYS.get(word, FORTNIGHT))
            name = INTERACTIONS[word]
            share = PARTS.get(word, ROUNDS)
            samples = _samples(clock, path, name if word == "start" else f"{name}/{share}")
            taken[scale] = statistics.median(samples)
        ratios.append(taken[LARGE] / taken[SMALL])
    return statistics.median(ratios)


def _samples(clock: BenchClock, path: Path, name: str) -> list[float]:
    copy = fixtures.copy_of(path)
    try:
        return window.child(clock, copy, name, seconds=300).samples
    finally:
        fixtures.removed(copy)
