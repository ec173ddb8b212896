"""Figures of the window: child processes of the real program, and bare windows as floors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from himsog_desktop.bench import fixtures
from himsog_desktop.bench.measure import Taken
from himsog_desktop.domain.errors import Fault
from himsog_desktop.runtime.programs import run_module

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from himsog_desktop.bench.fixtures import BenchClock

WINDOW = "himsog_desktop"
FLOORS = "himsog_desktop.ui.floors"
STARTS = 9


class Said(msgspec.Struct, frozen=True):
    """What a measuring child prints as its only line."""

    samples: list[float]
    floor: list[float] = []
    note: str = ""


def start_first_paint(clock: BenchClock) -> Taken:
    """Process start to today painted with real data, less the time the vault took (key in hand)."""
    return _starts(clock, "start_first_paint")


def start_settled(clock: BenchClock) -> Taken:
    """Process start to nothing moving any more."""
    return _starts(clock, "start_settled")


def _starts(clock: BenchClock, name: str) -> Taken:
    path = fixtures.profile(clock)
    samples, floor = [], []
    for i in range(STARTS + 1):
        taken, bare = _window(clock, path, name).samples[0], _floor(clock, "start").samples[0]
        if i:
            samples.append(taken)
            floor.append(bare)
    return Taken(samples, floor)


def memory_week(clock: BenchClock) -> Taken:
    """Proportional set size in MiB after a scripted hour with the day open; floor: a bare window."""
    said = _window(clock, fixtures.profile(clock), "memory_week", seconds=300)
    return Taken(said.samples, _floor(clock, "memory").samples, said.note)


def in_window(name: str, *, twelve: bool = False, writes: bool = False) -> Callable[[BenchClock], Taken]:
    """A figure that a child takes whole, floor and all."""

    def measure(clock: BenchClock) -> Taken:
        path = fixtures.profile(clock, twelve=twelve)
        if writes:
            path = fixtures.copy_of(path)
        try:
            said = _window(clock, path, name, seconds=300)
        finally:
            if writes:
                fixtures.removed(path)
        return Taken(said.samples, said.floor, said.note)

    return measure


def _window(clock: BenchClock, path: Path, name: str, seconds: float = 60) -> Said:
    return _run(clock, WINDOW, ["--profile", str(path), "--bench", name], seconds)


def _floor(clock: BenchClock, name: str) -> Said:
    return _run(clock, FLOORS, [name], 60)


def _run(clock: BenchClock, module: str, arguments: list[str], seconds: float) -> Said:
    environment = {
        "QT_QPA_PLATFORM": "offscreen",
        "LANG": "C.UTF-8",
        "HIMSOG_NOW": clock.text,
        "HIMSOG_PASSPHRASE": fixtures.PASSPHRASE,
    }
    ran = run_module(module, arguments, environment=environment, seconds=seconds)
    try:
        return msgspec.json.decode(ran.output, type=Said)
    except msgspec.DecodeError:
        words = ran.errors.decode("utf-8", "replace").strip().splitlines()
        last = words[-1] if words else f"exit code {ran.exit_code}"
        raise Fault("internal", f"The measured window failed: {last}") from None
