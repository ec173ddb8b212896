"""``himsog bench``: the budgets of the design, each measured beside its floor in the same run.

Figures of the window are taken by child processes of the real program (``himsog-desktop --bench NAME``),
start-up on whole processes, key presses as real events; floors by programs that do the least that could
be done (a bare window, a raw copy, a bare query). A budget that is a ratio is a ratio to that floor.
May import: ``services``, ``storage``, ``interchange``, ``system``, ``runtime``, ``domain``. Never ``ui``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from himsog_desktop.bench.measure import FigureDoc


def run(names: Iterable[str] = (), progress: Callable[[str], None] | None = None) -> list[FigureDoc]:
    """Take the named figures, or all. Raises BadInput for a name that is none."""
    from himsog_desktop.bench.catalogue import measure_all

    return measure_all(list(names), progress)
