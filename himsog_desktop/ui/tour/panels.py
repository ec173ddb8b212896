"""Shots of what stands beside the day: booking, details, the reasons for cancelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.ui.appointments import samples
from himsog_desktop.ui.appointments.factory import Appointments
from himsog_desktop.ui.tour.stage import SMALL, USUAL, Shot, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSize

_PANELS = Appointments()


def _facts(stage: Stage) -> samples.Facts:
    found: list[samples.Facts] = []
    stage.context.backend.read(samples.facts, found.append)
    stage.hand.until(lambda: bool(found), "the day's facts")
    return found[0]


def _sample(sample: samples.Sample) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        facts = _facts(stage)
        panel = sample.open(_PANELS, stage.context, facts)
        stage.workspace.show_panel(panel)
        stage.view.cursor_held = False  # as when the key opens it: no time is meant yet
        for step in sample.steps:
            stage.settle(0.15)
            step(panel, facts)
        # A panel says after a moment that it is still reading; what it shows then is what stays.
        stage.settle(0.2)
        stage.workspace.messages.clear()

    return prepare


def _cancel(stage: Stage) -> None:
    stage.workspace.open_cancel((_facts(stage).confirmed,))


def _cancel_many(stage: Stage) -> None:
    facts = _facts(stage)
    stage.workspace.open_cancel((facts.confirmed, facts.requested))


def _shot(sample: samples.Sample, size: QSize = USUAL, suffix: str = "") -> Shot:
    screen, _, state = sample.name.partition("-")
    return Shot(f"{screen}-{state.replace('-', '_')}{suffix}", _sample(sample), size)


_BY_NAME = {sample.name: sample for sample in samples.SAMPLES}

SHOTS = (
    *(_shot(sample) for sample in samples.SAMPLES),
    _shot(_BY_NAME["booking-filled"], SMALL, "_small"),
    _shot(_BY_NAME["details-confirmed"], SMALL, "_small"),
    Shot("cancel-reasons", _cancel),
    Shot("cancel-several", _cancel_many),
)
