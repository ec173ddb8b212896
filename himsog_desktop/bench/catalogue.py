"""The figures by name, with their goals (design, section 6, column "first")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from himsog_desktop.bench import core, flat, window
from himsog_desktop.bench.fixtures import BenchClock
from himsog_desktop.bench.measure import FigureDoc, Taken, figure
from himsog_desktop.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Figure:
    """How a figure is taken, and its goal: a value, or a ratio to its floor."""

    unit: str
    goal: float | None
    measure: Callable[[BenchClock], Taken]
    floor_is: str
    ratio_goal: bool = False


def _sync(name: str) -> Callable[[BenchClock], Taken]:
    """A figure of sync: its module is loaded when it is taken, nothing of the network before."""

    def take(clock: BenchClock) -> Taken:
        from himsog_desktop.bench import sync

        found: Taken = getattr(sync, name)(clock)
        return found

    return take


FIGURES = {
    "start_first_paint": Figure("ms", 1.8, window.start_first_paint, "a bare window's first paint", True),
    "start_settled": Figure("ms", 2.6, window.start_settled, "a bare window's first paint", True),
    "vault_open": Figure("ms", None, core.vault_open, "Argon2id alone"),
    "memory_week": Figure("MiB", 120, window.memory_week, "a bare window"),
    "calendar_day_12_providers": Figure(
        "ms", 16, window.calendar_day_12_providers, "the same tiles painted as bare boxes"
    ),
    "calendar_week_switch_100": Figure(
        "ms", 16, window.calendar_week_switch_100, "the same tiles painted as bare boxes"
    ),
    "calendar_week_switch_930": Figure(
        "ms", 35, window.calendar_week_switch_930, "the same tiles painted as bare boxes"
    ),
    "calendar_drag_frame": Figure("ms", 4, window.calendar_drag_frame, "the tiles under the ghost as bare boxes"),
    "calendar_month_switch": Figure("ms", 30, window.calendar_month_switch, "the same rows painted as bare boxes"),
    "book_commit": Figure("ms", 20, window.book_commit, "one encrypted commit of the same size, synced"),
    "list_open": Figure("ms", 30, window.list_open, "the bare counts and rows, and a bare list painted"),
    "list_jump": Figure("ms", 20, window.list_jump, "the bare rows, and a bare list painted"),
    "list_step": Figure("ms", 6, window.list_step, "a bare list of the same rows painted"),
    "bulk_1000": Figure("ms", 300, window.bulk_1000, "the same rows by prepared statements, synced"),
    "bulk_1000_block": Figure("ms", 50, window.bulk_1000_block, "the same window at rest"),
    "slots_30_days": Figure("ms", 5, core.slots_30_days, "sorting the busy times"),
    "search_keystroke": Figure("ms", 16, window.search_keystroke, "the bare query and a painted list"),
    "flat_growth": Figure("x", 1.3, flat.flat_growth, "1,000 appointments in place of 100,000"),
    "import_csv_110k": Figure("s", 20, core.import_csv_110k, "the same rows by prepared inserts"),
    "import_ics_10k": Figure("s", 10, core.import_ics_10k, "reading the lines of the file"),
    "sync_initial_100k_direct": Figure(
        "s", 2.0, _sync("sync_initial_100k_direct"), "the same tables and indexes by COPY and prepared inserts", True
    ),
    "sync_week_usable": Figure("s", 0.5, _sync("sync_week_usable"), "the bare answer of the server"),
    "sync_delta_visible_direct": Figure(
        "ms", 30, _sync("sync_delta_visible_direct"), "a hint heard by another connection, and one question"
    ),
    "sync_stall": Figure("ms", 50, _sync("sync_stall"), "the same window at rest"),
    "memory_agent": Figure("MiB", 75, _sync("memory_agent"), "the agent at its start"),
    "agent_beside": Figure("x", 1.05, _sync("agent_beside"), "the same window without the agent"),
}
"""10 s for a calendar file is the limit of its own bounds: 2 s and 1 s per 1,000 components."""


def measure_all(names: list[str], progress: Callable[[str], None] | None = None) -> list[FigureDoc]:
    """Take these figures, or all, one after the other."""
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        raise BadInput("bad_value", f"There is no figure {unknown[0][:60]!r}. There are: {', '.join(FIGURES)}.")
    clock = BenchClock()
    found = []
    for name in names or FIGURES:
        if progress is not None:
            progress(name)
        one = FIGURES[name]
        found.append(
            figure(name, one.unit, one.measure(clock), one.goal, ratio_goal=one.ratio_goal, floor_is=one.floor_is)
        )
    return found
