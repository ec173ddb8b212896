"""Shots of the page that prints: list and sheet, names hidden, large letters, no room, a day of nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from himsog_desktop.ui.paper import samples
from himsog_desktop.ui.paper.page import PrintPage
from himsog_desktop.ui.shell import commands
from himsog_desktop.ui.tour.stage import LARGE, SMALL, USUAL, Shot, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSize


def _open(stage: Stage) -> PrintPage:
    commands.do(stage.workspace, "print")
    page = stage.workspace.pages.currentWidget()
    assert isinstance(page, PrintPage)
    page.list.setChecked(True)
    page.hide_names.setChecked(False)
    stage.hand.until(lambda: page.paper is not None, "the paper")
    stage.settle()
    return page


def _sample(sample: samples.Sample) -> Callable[[Stage], None]:
    def prepare(stage: Stage) -> None:
        sample.prepare(_open(stage))
        stage.settle()

    return prepare


def _large_letters(stage: Stage) -> None:
    prefs = stage.workspace.prefs
    prefs.set(prefs.now._replace(scale=2.0))
    _open(stage)


def _nobody(stage: Stage) -> None:
    stage.day.show_day(stage.day.today + timedelta(days=2))
    stage.settle()
    _open(stage)


def _shot(sample: samples.Sample, size: QSize = USUAL, suffix: str = "") -> Shot:
    return Shot(f"print-{sample.name}{suffix}", _sample(sample), size)


SHOTS = (
    *(_shot(sample) for sample in samples.SAMPLES),
    _shot(samples.SAMPLES[0], SMALL, "_small"),
    _shot(samples.SAMPLES[3], LARGE, "_large"),
    Shot("print-text_200", _large_letters),
    Shot("print-nobody", _nobody),
)
