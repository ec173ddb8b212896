"""Figures of a thousand acts at once, in the window that goes on living meanwhile."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer

from himsog_desktop.domain.appointment import Status, StatusAct
from himsog_desktop.services import lists
from himsog_desktop.ui.shell.pages import APPOINTMENTS

if TYPE_CHECKING:
    from himsog_desktop.ui.bench.figures import Taken
    from himsog_desktop.ui.bench.probe import Probe

MANY = 1_000
ROUNDS = 8
TICK_MS = 2
ACTIVE = (Status.PENDING, Status.CONFIRMED)


def bulk_1000(probe: Probe) -> Taken:
    """From the act to its answer: a thousand confirmed, on the disk, said. The floor is taken by who asked."""
    took, blocks, count = _rounds(probe, _coming(probe))
    return took, [], f"{count} from today on, {len(took)} times; the longest block {max(blocks):.0f} ms"


def bulk_1000_block(probe: Probe) -> Taken:
    """The longest time between two ticks of the event loop while a thousand are confirmed and repainted.

    The floor are the longest of as many stretches of the same window at rest.
    """
    ids = _coming(probe)
    rest = [_resting(probe) for _ in range(probe.rounds(ROUNDS))]
    took, on_day, count = _rounds(probe, ids)
    probe.workspace.open_page(APPOINTMENTS)
    probe.quiet(1.0)
    more, on_list, _ = _rounds(probe, ids)
    note = (
        f"{count} from today on; an act takes {statistics.median(took + more):.0f} ms; the day in view"
        f" {statistics.median(on_day):.1f} ms, the list {statistics.median(on_list):.1f} ms"
    )
    return on_day + on_list, rest, note


def bulk_fortnight(probe: Probe) -> Taken:
    """The same of what is active in the coming week: as many on a small profile as on a large one."""
    took, _, count = _rounds(probe, _coming(probe, days=6))
    return took, [], f"{count} of the coming week"


def _coming(probe: Probe, days: int | None = None) -> tuple[str, ...]:
    today = probe.workspace.day.day
    last = None if days is None else today + timedelta(days=days)
    desk = probe.program.backend.here if probe.program.backend is not None else None
    assert desk is not None
    return tuple(lists.ids(desk, lists.AppointmentFilter(today, last, None, ACTIVE), MANY))


def _rounds(probe: Probe, ids: tuple[str, ...]) -> tuple[list[float], list[float], int]:
    took, blocks = [], []
    for i in range(probe.rounds(ROUNDS) + 1):
        _act(probe, StatusAct.UNCONFIRM, ids)
        milliseconds, block = _act(probe, StatusAct.CONFIRM, ids)
        if i:
            took.append(milliseconds)
            blocks.append(block)
    return took, blocks, len(ids)


def _act(probe: Probe, act: StatusAct, ids: tuple[str, ...]) -> tuple[float, float]:
    """Milliseconds to the answer, and the longest block until everything is quiet again."""
    acts, ticks = probe.workspace.acts, Ticks()
    answered: list[float] = []
    acts.did.connect(lambda _: answered.append(time.perf_counter()))
    started = time.perf_counter()
    acts.set_status(act, ids)
    probe.until(lambda: bool(answered), "the act")
    probe.quiet(0.4)
    acts.did.disconnect()
    return (answered[0] - started) * 1000, ticks.stop()


def _resting(probe: Probe) -> float:
    ticks = Ticks()
    probe.quiet(0.6)
    return ticks.stop()


class Ticks:
    """Looks how long the event loop keeps a timer waiting."""

    def __init__(self) -> None:
        self._longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def stop(self) -> float:
        """The longest time between two ticks, in milliseconds."""
        self._timer.stop()
        return self._longest

    def _tick(self) -> None:
        now = time.perf_counter()
        self._longest = max(self._longest, (now - self._last) * 1000)
        self._last = now
