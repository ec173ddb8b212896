"""Figures of the list of appointments: opened, jumped about in, turned by the wheel."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QStringListModel, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QListView

from himsog_desktop.ui.appointments_list.page import AppointmentsPage
from himsog_desktop.ui.calendar.labels import state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from himsog_desktop.ui.appointments_list.view import ListView
    from himsog_desktop.ui.bench.probe import Probe

    Taken = tuple[list[float], list[float], str]

OPENS, JUMPS, STEPS = 20, 60, 120


def list_open(probe: Probe) -> Taken:
    """From the key 2 to the list of all dates painted: every count exact, every row in view there.

    The floor, the bare counts and rows, is added by who asked; here it is a bare list of the same rows painted.
    """
    return _opens(probe, "all", OPENS)


def list_fortnight(probe: Probe) -> Taken:
    """The same with the days of this week: as much to show on a small profile as on a large one."""
    return _opens(probe, "this_week", OPENS)


def list_jump(probe: Probe) -> Taken:
    """From the scroll bar put somewhere else to every row there painted. Floor: as above."""
    page, bare = _page(probe, "all"), _Bare(probe)
    bar, chance = page.view.verticalScrollBar(), random.Random(7)
    samples, floor = [], []
    for _ in range(probe.rounds(JUMPS) + 3):
        to = chance.randrange(bar.maximum())
        # Rows not seen before, also of a list that would soon be known by heart: only what is in view now is
        # laid out, and nothing is in memory.
        page.view.refresh()
        probe.quiet(0.02)
        page.model.lines.clear()
        samples.append(_painted(probe, page, lambda to=to: bar.setValue(to)))  # type: ignore[misc]
        floor.append(bare.paint(page.view))
        probe.quiet(0.02)
    bare.end()
    return samples[3:], floor[3:], f"{len(samples) - 3} places of {page.model.found.total:,} rows"


def list_step(probe: Probe) -> Taken:
    """From a step of the wheel to every row painted. Floor: as above."""
    page, bare = _page(probe, "all"), _Bare(probe)
    view = page.view
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 3)
    probe.quiet(0.2)
    samples, floor = [], []
    for _ in range(probe.rounds(STEPS) + 3):
        samples.append(_painted(probe, page, lambda: _wheel(view)))
        floor.append(bare.paint(view))
        probe.quiet(0.02)
    bare.end()
    return samples[3:], floor[3:], f"{len(samples) - 3} steps of {page.model.found.total:,} rows"


def _page(probe: Probe, days: str) -> AppointmentsPage:
    probe.program.window.resize(1600, 900)
    probe.workspace.open_page("appointments")
    page = probe.workspace.pages.currentWidget()
    assert isinstance(page, AppointmentsPage)
    page.set_state(replace(page.state, range=days))
    probe.quiet(0.3)
    probe.until(lambda: page.model.ready, "every id")
    return page


def _opens(probe: Probe, days: str, times: int) -> Taken:
    page, bare = _page(probe, days), _Bare(probe)
    samples, floor = [], []
    for _ in range(probe.rounds(times) + 2):
        probe.workspace.open_page("today")
        probe.quiet(0.1)
        page.forget()
        started = time.perf_counter()
        probe.key(Qt.Key.Key_2, "2")
        view = page.view
        probe.until_painted(view.viewport(), lambda view=view: _there(view), "the list")  # type: ignore[misc]
        samples.append((time.perf_counter() - started) * 1000)
        floor.append(bare.paint(view))
        probe.quiet(0.2)
    bare.end()
    return samples[2:], floor[2:], f"{page.model.found.total:,} rows"


def _there(view: ListView) -> bool:
    """Whether every row in view is known."""
    y, model = view.verticalScrollBar().value(), view.model
    seen = [p for p in view.rows.seen(y, y + view.viewport().height()) if p.at >= 0]
    return bool(seen) and all(model.found.id_at(place) in model.lines for place in seen)


def _painted(probe: Probe, page: AppointmentsPage, act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    probe.until_painted(page.view.viewport(), lambda: _there(page.view), "the rows")
    return (time.perf_counter() - started) * 1000


def _wheel(view: ListView) -> None:
    at = QPointF(view.viewport().rect().center())
    turned = QPoint(0, -120)
    event = QWheelEvent(
        at,
        QPointF(view.viewport().mapToGlobal(at.toPoint())),
        QPoint(),
        turned,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QCoreApplication.sendEvent(view.viewport(), event)


class _Bare:
    """A bare list of as many lines with the same words, as a floor."""

    def __init__(self, probe: Probe) -> None:
        self._list = QListView(probe.program.window)
        self._model = QStringListModel(self._list)
        self._list.setModel(self._model)
        self._list.hide()

    def paint(self, view: ListView) -> float:
        """Milliseconds to show the rows in view."""
        y, model = view.verticalScrollBar().value(), view.model
        seen = [model.found.id_at(p) for p in view.rows.seen(y, y + view.viewport().height()) if p.at >= 0]
        tiles = [model.lines[key].tile for key in seen if key is not None and key in model.lines]
        words = [f"{t.name} {t.phone} {t.services} {state_of(t)} {view.names.get(t.provider_id)}" for t in tiles]
        self._list.setGeometry(view.geometry())
        started = time.perf_counter()
        self._model.setStringList(words)
        self._list.show()
        self._list.raise_()
        self._list.viewport().repaint()
        taken = (time.perf_counter() - started) * 1000
        self._list.hide()
        return taken

    def end(self) -> None:
        """Take it away."""
        self._list.deleteLater()
