"""Stretches of time: half-open (start, end) pairs of instants, merged, cut and clipped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from himsog_desktop.domain.time import Micros

Stretch = tuple[Micros, Micros]
"""A half-open range of instants, start before end."""


def merge(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Sorted stretches without overlaps; those that touch become one, empty ones are dropped."""
    merged: list[Stretch] = []
    for start, end in sorted(stretches):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def cut(stretches: Iterable[Stretch], holes: Sequence[Stretch]) -> list[Stretch]:
    """What is left of merged ``stretches`` without the ``holes`` (in any order)."""
    left = list(stretches)
    for hole_start, hole_end in holes:
        if hole_start >= hole_end:
            continue
        pieces: list[Stretch] = []
        for start, end in left:
            if hole_end <= start or end <= hole_start:
                pieces.append((start, end))
                continue
            if start < hole_start:
                pieces.append((start, hole_start))
            if hole_end < end:
                pieces.append((hole_end, end))
        left = pieces
    return left


def clip(stretches: Iterable[Stretch], start: Micros, end: Micros) -> list[Stretch]:
    """The parts of the stretches between ``start`` and ``end``."""
    return [(max(a, start), min(b, end)) for a, b in stretches if a < end and start < b]


def meets(stretches: Iterable[Stretch], start: Micros, end: Micros) -> bool:
    """Whether any stretch overlaps the range; touching is not overlapping."""
    return any(a < end and start < b for a, b in stretches)
