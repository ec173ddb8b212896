"""Several killable children at once, for work that falls into shares: one share a child, in order."""

from __future__ import annotations

import os
import threading
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor

from himsog_desktop.runtime.child import ChildResult, run_child

MEMORY = 1 << 30


def run_shares(
    module: str, shares: Sequence[Sequence[str]], *, seconds: float, max_output: int = 1 << 20
) -> Generator[ChildResult, None, None]:
    """Run ``main`` of that module for each share's arguments, as many at once as there are processors.

    The results come in the order of the shares. ``seconds`` is each child's CPU time; by the wall clock it may
    take ten times that. Whoever stops reading, by an error too, ends the children that are left.
    """
    stopped = threading.Event()

    def one(arguments: Sequence[str]) -> ChildResult:
        return run_child(
            module,
            arguments,
            cpu_seconds=seconds,
            wall_seconds=10 * seconds,
            memory_bytes=MEMORY,
            max_output=max_output,
            cancelled=stopped.is_set,
        )

    pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="shares")
    try:
        yield from pool.map(one, shares)
    finally:
        stopped.set()
        pool.shutdown(cancel_futures=True)
