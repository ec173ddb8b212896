"""The figures that are taken inside the window."""

from __future__ import annotations

import gc
import statistics
import time
from datetime import date, timedelta
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QListView

from himsog_desktop.ui.bench.boxes import Boxes
from himsog_desktop.ui.bench.probe import Probe
from himsog_desktop.ui.floors import proportional_mib

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from himsog_desktop.ui.shell.day import Day

Taken = tuple[list[float], list[float], str]
NAMES = ("san", "rey", "cru", "dela", "uy", "ng", "mar", "oca", "tan", "0917")
"""What is typed in the search, letter by letter (``himsog_desktop.bench`` asks the bare file for the same).

Every third fills the answer on a small profile as well, whatever the date: those are typed where two are compared.
"""

ROUNDS = 4
BOOKINGS = 24


def calendar_day_12_providers(probe: Probe) -> Taken:
    """From the key to the last pixel of another day of twelve columns, over the full days of this week.

    Half of the days were read ahead (the day after or before), half were not (Enter in the field for the
    date, on a day that is not beside the one in view and not in memory).
    """
    probe.program.window.resize(1600, 900)
    probe.quiet(0.5)
    day = probe.workspace.day
    bare = Boxes(probe.program.window)
    ahead, cold, floor, tiles, columns = [], [], [], 0, 0
    monday = day.day - timedelta(days=day.day.weekday())
    week = [monday + timedelta(days=i) for i in range(6)]
    for i in range(probe.rounds(ROUNDS) + 1):
        for start, steps in ((week[0], 5), (week[5], -5)):
            _go(probe, day, week[2])
            cold.append(_go(probe, day, start, fresh=True))
            cold.append(_go(probe, day, start + timedelta(days=2 if steps > 0 else -2), fresh=True))
            _go(probe, day, start)
            for _ in range(abs(steps)):
                ahead.append(_step(probe, day, 1 if steps > 0 else -1))
                page = day.view.page
                assert page is not None
                tiles, columns = max(tiles, len(page.tiles)), len(page.columns)
                floor.append(bare.paint_of(page))
        if not i:
            ahead, cold, floor = [], [], []
    bare.deleteLater()
    note = (
        f"{len(ahead)} days read ahead {statistics.median(ahead):.1f} ms, {len(cold)} others"
        f" {statistics.median(cold):.1f} ms; up to {tiles} tiles, {columns} columns, 1600x900"
    )
    return ahead + cold, floor, note


def _step(probe: Probe, day: Day, by: int) -> float:
    """Milliseconds from ``]`` or ``[`` to the day after or before on the screen."""
    wanted = (day.day + timedelta(days=by)).isoformat()
    key = Qt.Key.Key_BracketRight if by > 0 else Qt.Key.Key_BracketLeft
    started = time.perf_counter()
    probe.key(key, "]" if by > 0 else "[")
    probe.until_painted(day.view.viewport(), lambda: _shown(day) == wanted, f"the day {wanted}")
    taken = (time.perf_counter() - started) * 1000
    probe.quiet()
    return taken


def _go(probe: Probe, day: Day, wanted: date, *, fresh: bool = False) -> float:
    """Milliseconds from Enter in the field for the date to that day on the screen; ``fresh``: read anew."""
    if fresh:
        day.retry()
        probe.quiet()
    if day.day == wanted:
        return 0.0
    probe.key(Qt.Key.Key_G, "g")
    probe.type(wanted.isoformat())
    started = time.perf_counter()
    probe.key(Qt.Key.Key_Return, "\r")
    probe.until_painted(day.view.viewport(), lambda: _shown(day) == wanted.isoformat(), f"the day {wanted}")
    taken = (time.perf_counter() - started) * 1000
    probe.quiet()
    return taken


def _shown(day: Day) -> str:
    return "" if day.view.page is None else day.view.page.day


def search_keystroke(probe: Probe) -> Taken:
    """From a letter typed in the search to the answer to it on the screen.

    The floor here is a bare list of the same rows painted; the bare query is added by who asked.
    """
    search = probe.workspace.top.search
    bare = QListView(probe.program.window)
    bare.setModel(QStringListModel(bare))
    names = NAMES if probe.part == 1 else NAMES[::3]
    samples, floor = [], []
    for i, name in enumerate((*names, *names)):
        search.begin()
        probe.quiet()
        for at in range(len(name)):
            wanted = name[: at + 1]
            started = time.perf_counter()
            probe.type(name[at])
            shown = search.popup.view.viewport()
            probe.until_painted(shown, lambda wanted=wanted: search.answered == wanted, "the answer")  # type: ignore[misc]
            samples.append((time.perf_counter() - started) * 1000)
            floor.append(_bare_list(bare, [f"{row.title} {row.detail}" for row in search.rows], search.popup))
            probe.quiet(0.1)
        for _ in range(2):
            probe.key(Qt.Key.Key_Escape)
        probe.quiet()
        if i == len(names) - 1:
            samples, floor = [], []  # the first round brings the file's pages into memory
    bare.deleteLater()
    return samples, floor, f"{len(samples)} keys of {len(names)} names and numbers"


def _bare_list(bare: QListView, rows: list[str], like: QWidget) -> float:
    started = time.perf_counter()
    model = bare.model()
    assert isinstance(model, QStringListModel)
    model.setStringList(rows)
    bare.setGeometry(like.geometry())
    bare.show()
    bare.raise_()
    bare.viewport().repaint()
    taken = (time.perf_counter() - started) * 1000
    bare.hide()
    return taken


def book_commit(probe: Probe) -> Taken:
    """From Enter on Book to booked (on the disk) and painted. Each booking is undone again.

    The floor, a commit of the same size, is taken by who asked.
    """
    from himsog_desktop.ui.bench.desk import Receptionist

    desk = Receptionist(probe)
    samples = []
    names = NAMES[:9] if probe.part == 1 else NAMES[:9:3]  # somebody of that name is there
    for i in range(probe.rounds(BOOKINGS) + 2):
        samples.append(desk.book(names[i % len(names)], "c", i % 4))
        desk.undo()
    return samples[2:], [], f"{len(samples) - 2} bookings through the panel, each undone"


def memory_week(probe: Probe) -> Taken:
    """Proportional set size in MiB after an hour's work, the full week open: days, searches, panels, bookings."""
    from himsog_desktop.ui.bench.desk import Receptionist

    day, search = probe.workspace.day, probe.workspace.top.search
    desk = Receptionist(probe)
    at_first = proportional_mib()
    for i in range(120):
        probe.type("]" if i % 12 < 6 else "[")
        probe.quiet(0.02)
    for name in NAMES * 2:
        search.begin()
        for letter in name:
            probe.type(letter)
            probe.quiet(0.02)
        probe.key(Qt.Key.Key_Escape)
        probe.key(Qt.Key.Key_Escape)
    for i in range(10):
        desk.book(NAMES[i % 9], "c", i % 4)
        desk.undo()
    day.go_today()
    probe.quiet(0.2)
    page = day.view.page
    for tile in (page.tiles if page is not None else ())[:40]:
        probe.workspace.open_details(tile.id)
        probe.quiet(0.03)
    probe.workspace.host.close_panel()
    day.go_today()
    probe.quiet(0.2)
    probe.key(Qt.Key.Key_W, "w")
    for i in range(24):
        probe.type("]" if i % 12 < 6 else "[")
        probe.quiet(0.1)
    probe.quiet(0.5)
    gc.collect()
    did = f"120 days, 24 weeks, {len(NAMES) * 2} searches, 10 bookings undone, 40 appointments opened"
    note = f"{did}; {at_first:.1f} at first"
    return [proportional_mib()], [], note


def _of(module: str, name: str) -> Callable[[Probe], Taken]:
    """A figure of another module, which is loaded when it is taken: memory is measured in this process as well."""

    def take(probe: Probe) -> Taken:
        found: Taken = getattr(import_module(f"himsog_desktop.ui.bench.{module}"), name)(probe)
        return found

    return take


FIGURES: dict[str, Callable[[Probe], Taken]] = {
    "calendar_day_12_providers": calendar_day_12_providers,
    "calendar_week_switch_100": _of("weeks", "calendar_week_switch_100"),
    "calendar_week_switch_930": _of("weeks", "calendar_week_switch_930"),
    "calendar_drag_frame": _of("weeks", "calendar_drag_frame"),
    "search_keystroke": search_keystroke,
    "book_commit": book_commit,
    "memory_week": memory_week,
    "list_open": _of("listing", "list_open"),
    "list_jump": _of("listing", "list_jump"),
    "list_step": _of("listing", "list_step"),
    "list_fortnight": _of("listing", "list_fortnight"),
    "calendar_month_switch": _of("months", "calendar_month_switch"),
    "bulk_1000": _of("many", "bulk_1000"),
    "sync_delta_visible": _of("syncing", "sync_delta_visible"),
    "sync_stall": _of("syncing", "sync_stall"),
    "bulk_1000_block": _of("many", "bulk_1000_block"),
    "bulk_fortnight": _of("many", "bulk_fortnight"),
}
