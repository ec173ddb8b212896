"""The figures of the week, and of one frame of a drag."""

from __future__ import annotations

import statistics
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent

from himsog_desktop.ui.bench.boxes import Boxes
from himsog_desktop.ui.shell.week import Week

if TYPE_CHECKING:
    from himsog_desktop.domain.day import DayPage
    from himsog_desktop.ui.bench.probe import Probe
    from himsog_desktop.ui.calendar.day_view import DayView

Taken = tuple[list[float], list[float], str]
ROUNDS = 12
ONE_WEEK = timedelta(days=7)
FRAMES = 160


def calendar_week_switch_100(probe: Probe) -> Taken:
    """From the key to the last pixel of the next week of one provider."""
    return _switch(probe, one=True)


def calendar_week_switch_930(probe: Probe) -> Taken:
    """From the key to the last pixel of the full week of all providers, from the week before and the one after."""
    return _switch(probe, one=False)


def _switch(probe: Probe, *, one: bool) -> Taken:
    """Half of the weeks were read ahead, half are read when they are asked for."""
    probe.program.window.resize(1600, 900)
    probe.quiet(0.5)
    probe.key(Qt.Key.Key_W, "w")
    week = probe.workspace.pages.currentWidget()
    assert isinstance(week, Week)
    probe.until(lambda: week.view.page is not None, "a week")
    probe.quiet()
    first = _page(week)
    if one:
        week.choose(first.names[0][0])
        probe.quiet()
    this = date.fromisoformat(first.day)
    bare = Boxes(probe.program.window)
    ahead, cold, floor, tiles = [], [], [], []
    for i in range(probe.rounds(ROUNDS) + 1):
        for by in (1, -1):
            _go(probe, week, this - by * ONE_WEEK)
            ahead.append(_step(probe, week, by))
            tiles.append(len(_page(week).tiles))
            floor.append(bare.paint_of(_page(week)))
            if one:  # the week beside it is as full as any
                ahead.append(_step(probe, week, by))
                tiles.append(len(_page(week).tiles))
                floor.append(bare.paint_of(_page(week)))
            _go(probe, week, this - 20 * by * ONE_WEEK)
            cold.append(_go(probe, week, this, fresh=True))
            tiles.append(len(_page(week).tiles))
            floor.append(bare.paint_of(_page(week)))
        if not i:
            ahead, cold, floor, tiles = [], [], [], []
    bare.deleteLater()
    note = (
        f"{len(ahead)} weeks read ahead {statistics.median(ahead):.1f} ms, {len(cold)} others"
        f" {statistics.median(cold):.1f} ms; {statistics.mean(tiles):.0f} tiles in the mean, at most {max(tiles)}"
    )
    return ahead + cold, floor, note


def _page(week: Week) -> DayPage:
    page = week.view.page
    assert page is not None
    return page


def _step(probe: Probe, week: Week, by: int) -> float:
    """Milliseconds from ``]`` or ``[`` to the week after or before on the screen."""
    wanted = (week.first + by * ONE_WEEK).isoformat()
    started = time.perf_counter()
    probe.key(Qt.Key.Key_BracketRight if by > 0 else Qt.Key.Key_BracketLeft, "]" if by > 0 else "[")
    probe.until_painted(week.view.viewport(), lambda: _page(week).day == wanted, f"the week of {wanted}")
    taken = (time.perf_counter() - started) * 1000
    probe.quiet()
    return taken


def _go(probe: Probe, week: Week, wanted: date, *, fresh: bool = False) -> float:
    """Milliseconds from Enter in the field for the date to that week on the screen; ``fresh``: read anew."""
    if fresh:
        week.retry()
        probe.quiet()
    if week.first == wanted:
        return 0.0
    probe.key(Qt.Key.Key_G, "g")
    probe.type(wanted.isoformat())
    started = time.perf_counter()
    probe.key(Qt.Key.Key_Return, "\r")
    probe.until_painted(week.view.viewport(), lambda: _page(week).day == wanted.isoformat(), f"the week {wanted}")
    taken = (time.perf_counter() - started) * 1000
    probe.quiet()
    return taken


def calendar_drag_frame(probe: Probe) -> Taken:
    """From a movement of the pointer to the ghost painted where it is now, with the reasons against it.

    The floor: the boxes under the same part of the view, painted bare.
    """
    probe.program.window.resize(1600, 900)
    probe.quiet(0.5)
    view = probe.workspace.day.view
    page, layout = view.page, view.scene.layout
    assert page is not None
    assert layout is not None
    x, y = view.offset()
    seen = QRect(x, y, view.viewport().width(), view.viewport().height()).adjusted(0, 80, 0, -80)
    movable = [t for t in page.tiles if t.status in ("PENDING", "CONFIRMED") and t.id in layout.by_id]
    inside = [layout.by_id[t.id] for t in movable]
    box = next(b for b in inside if seen.contains(QRect(b.x, b.y, b.width, b.height)))
    at = QPoint(box.x - x + 12, box.y - y + min(box.height // 2, 10))
    _mouse(view, QEvent.Type.MouseButtonPress, at, Qt.MouseButton.LeftButton)
    _mouse(view, QEvent.Type.MouseMove, at + QPoint(0, 14), Qt.MouseButton.NoButton)
    probe.quiet()
    samples, places = [], []
    room = view.viewport().rect().adjusted(40, 60, -40, -60)
    for frame in range(probe.rounds(FRAMES)):
        before = view.hand.gesture.ghost if view.hand.gesture is not None else None
        to = QPoint(
            room.left() + (at.x() - room.left() + frame * 37) % room.width(),
            room.top() + (at.y() - room.top() + frame * 23) % room.height(),
        )
        started = time.perf_counter()
        _mouse(view, QEvent.Type.MouseMove, to, Qt.MouseButton.NoButton)
        gesture = view.hand.gesture
        assert gesture is not None
        if gesture.ghost == before:
            continue  # the ghost stays in its slot: there is nothing to paint
        probe.until_painted(view.viewport(), lambda: True, "the ghost")
        samples.append((time.perf_counter() - started) * 1000)
        places.append(QRect(to, to + QPoint(260, 160)))
        probe.quiet(0.016)  # as often as a pointer moves
    view.hand.cancel()
    probe.quiet()
    bare = Boxes(probe.program.window)
    floor = bare.paint_parts(page, places)
    bare.deleteLater()
    return samples, floor, f"{len(samples)} frames over {len(page.tiles)} tiles, 1600x900"


def _mouse(view: DayView, kind: QEvent.Type, at: QPoint, button: Qt.MouseButton) -> None:
    viewport = view.viewport()
    event = QMouseEvent(
        kind, QPointF(at), QPointF(viewport.mapToGlobal(at)), button, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QCoreApplication.sendEvent(viewport, event)
