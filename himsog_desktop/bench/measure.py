"""A figure: what was measured, its floor, its goal."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class FigureDoc(msgspec.Struct, frozen=True):
    """One figure of the contract.

    ``value`` is the median, ``ratio`` value / floor. ``goal`` is in ``unit``, or a ratio when
    ``goal_kind`` says so; ``holds`` also asks the 95th percentile to stay under twice the goal (design,
    section 6); null where there is no goal.
    """

    name: str
    value: float
    unit: str
    p95: float
    floor: float | None
    ratio: float | None
    goal: float | None
    holds: bool | None
    goal_kind: str = "value"
    floor_is: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """Samples of a figure and of its floor, taken in turn."""

    samples: Sequence[float]
    floor: Sequence[float] = ()
    note: str = ""


def figure(
    name: str, unit: str, taken: Taken, goal: float | None, *, ratio_goal: bool = False, floor_is: str = ""
) -> FigureDoc:
    """A figure of its samples."""
    value = statistics.median(taken.samples)
    worst = percentile(taken.samples, 95)
    floor = statistics.median(taken.floor) if taken.floor else None
    ratio = value / floor if floor else None
    holds = None
    if goal is not None:
        limit = goal * floor if ratio_goal and floor else goal
        holds = value <= limit and worst <= 2 * limit
    return FigureDoc(
        name=name,
        value=_short(value),
        unit=unit,
        p95=_short(worst),
        floor=None if floor is None else _short(floor),
        ratio=None if ratio is None else round(ratio, 2),
        goal=goal,
        holds=holds,
        goal_kind="ratio" if ratio_goal else "value",
        floor_is=floor_is,
        note=taken.note,
    )


def percentile(samples: Sequence[float], percent: int) -> float:
    """The sample that so many percent do not exceed."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, max(0, -(-len(ordered) * percent // 100) - 1))]


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def milliseconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def in_turn(times: int, work: Callable[[], float], floor: Callable[[], float], warm: int = 1) -> Taken:
    """Take a figure and its floor A B A B, so that a slow moment of the machine meets both."""
    for _ in range(warm):
        work()
        floor()
    pairs = [(work(), floor()) for _ in range(times)]
    return Taken([a for a, _ in pairs], [b for _, b in pairs])
