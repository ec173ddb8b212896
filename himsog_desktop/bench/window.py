"""Figures of the window: child processes of the real program, and bare windows as floors."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from himsog_desktop.bench import fixtures
from himsog_desktop.bench.floors import bare_commits, bare_list, bare_searches, bare_thousand
from himsog_desktop.bench.measure import Taken
from himsog_desktop.domain.errors import Fault
from himsog_desktop.runtime import standstill
from himsog_desktop.runtime.programs import run_module
from himsog_desktop.system import vault
from himsog_desktop.system.paths import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from himsog_desktop.bench.fixtures import BenchClock
    from himsog_desktop.runtime.programs import Ran

WINDOW = "himsog_desktop"
FLOORS = "himsog_desktop.ui.floors"
STARTS = 9
SEARCHES = ("san", "rey", "cru", "dela", "uy", "ng", "mar", "oca", "tan", "0917")
"""What the child types in the search (``ui.bench.figures.NAMES``)."""


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
    """Proportional set size in MiB after a scripted hour with the full week open; floor: a bare window."""
    with _copy(clock) as path:
        said = _window(clock, path, "memory_week", seconds=300)
    return Taken(said.samples, _floor(clock, "memory").samples, said.note)


def calendar_day_12_providers(clock: BenchClock) -> Taken:
    """From the key to the last pixel of another day of twelve columns; floor: its tiles as bare boxes."""
    said = _window(clock, fixtures.profile(clock, twelve=True), "calendar_day_12_providers", seconds=300)
    return Taken(said.samples, said.floor, said.note)


def calendar_week_switch_100(clock: BenchClock) -> Taken:
    """From the key to the last pixel of the next week of one provider; floor: its tiles as bare boxes."""
    said = _window(clock, fixtures.profile(clock), "calendar_week_switch_100", seconds=300)
    return Taken(said.samples, said.floor, said.note)


def calendar_week_switch_930(clock: BenchClock) -> Taken:
    """The same of the full week of everybody."""
    said = _window(clock, fixtures.profile(clock), "calendar_week_switch_930", seconds=300)
    return Taken(said.samples, said.floor, said.note)


def calendar_drag_frame(clock: BenchClock) -> Taken:
    """From a movement of the pointer to the ghost painted; floor: the boxes under it, bare."""
    said = _window(clock, fixtures.profile(clock), "calendar_drag_frame", seconds=300)
    return Taken(said.samples, said.floor, said.note)


def calendar_month_switch(clock: BenchClock) -> Taken:
    """From the key to the last pixel of another month of some 4,000; floor: its rows as bare boxes."""
    said = _window(clock, fixtures.months(clock), "calendar_month_switch", seconds=300)
    return Taken(said.samples, said.floor, said.note)


def search_keystroke(clock: BenchClock) -> Taken:
    """From a letter in the search to its answer painted; floor: the bare queries and a bare list."""
    path = fixtures.profile(clock)
    said = _window(clock, path, "search_keystroke", seconds=300)
    queries = bare_searches(path, vault.unlock(path, fixtures.PASSPHRASE), SEARCHES)
    return Taken(said.samples, [a + b for a, b in zip(said.floor, queries, strict=True)], said.note)


def book_commit(clock: BenchClock) -> Taken:
    """From Enter to booked, durable and visible; floor: one encrypted commit of the same size, synced."""
    with _copy(clock) as path:
        said = _window(clock, path, "book_commit", seconds=300)
        pages, floor = bare_commits(path, clock, len(said.samples))
    return Taken(said.samples, floor, f"{said.note}; {pages} pages a commit")


def list_open(clock: BenchClock) -> Taken:
    """From the key to the list of all appointments painted; floor: the bare counts and rows, and a bare list."""
    return _list(clock, "list_open", counts=True)


def list_jump(clock: BenchClock) -> Taken:
    """From the scroll bar put elsewhere to its rows painted; floor: the bare rows, and a bare list."""
    return _list(clock, "list_jump", counts=False)


def list_step(clock: BenchClock) -> Taken:
    """From a step of the wheel to its rows painted; floor: a bare list of the same rows."""
    with _copy(clock) as path:
        said = child(clock, path, "list_step", seconds=300)
    return Taken(said.samples, said.floor, said.note)


def _list(clock: BenchClock, name: str, *, counts: bool) -> Taken:
    # A copy: what is listed is remembered in the settings.
    with _copy(clock) as path:
        said = child(clock, path, name, seconds=300)
        bare = bare_list(path, vault.unlock(path, fixtures.PASSPHRASE), counts=counts)
    return Taken(said.samples, [bare + painted for painted in said.floor], said.note)


def bulk_1000(clock: BenchClock) -> Taken:
    """1,000 confirmed at once in the window, to the answer; floor: the same rows by prepared statements, synced."""
    with _copy(clock) as path:
        said = child(clock, path, "bulk_1000", seconds=300)
        return Taken(said.samples, bare_thousand(path, len(said.samples)), said.note)


def bulk_1000_block(clock: BenchClock) -> Taken:
    """The longest block of the window meanwhile; floor: the same window at rest."""
    with _copy(clock) as path:
        said = child(clock, path, "bulk_1000_block", seconds=300)
    return Taken(said.samples, said.floor, said.note)


@contextmanager
def _copy(clock: BenchClock) -> Iterator[Path]:
    path = fixtures.copy_of(fixtures.profile(clock))
    try:
        yield path
    finally:
        fixtures.removed(path)


def child(clock: BenchClock, path: Path, name: str, seconds: float = 60) -> Said:
    """Take one of the window's own figures in a window on a profile."""
    # A window comes back as it was left: each begins as on the first day, whatever was measured before it.
    (path / SETTINGS).unlink(missing_ok=True)
    return _run(clock, WINDOW, ["--profile", str(path), "--bench", name], seconds)


_window = child


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
    return heard(ran)


def heard(ran: Ran) -> Said:
    """What a measuring child said. Raises Fault, with its last words, when that is no figure."""
    try:
        return msgspec.json.decode(ran.output, type=Said)
    except msgspec.DecodeError:
        errors = ran.errors.decode("utf-8", "replace").strip()
        stood = standstill.told(errors)
        if stood:
            raise Fault("internal", f"The measured window stood still, at {stood}.") from None
        last = errors.splitlines()[-1] if errors else f"exit code {ran.exit_code}"
        raise Fault("internal", f"The measured window failed: {last}") from None
