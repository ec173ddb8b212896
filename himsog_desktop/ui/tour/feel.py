"""Shots of the palette, the keys, the window's own figures; all of it at 200 % text, and in high contrast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt

from himsog_desktop.domain.speed import BLOCK
from himsog_desktop.ui.tour import days, gates, panels
from himsog_desktop.ui.tour.stage import USUAL, Shot, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    Prepare = Callable[[Stage], None]

SMALLEST = QSize(1366, 768)
QUICK = "ana reyes tue 3pm checkup dr elena 30"


def _typed(text: str) -> Prepare:
    def prepare(stage: Stage) -> None:
        search = stage.workspace.top.search
        search.begin()
        search.setText(text)
        search._typed(text)
        if text:
            stage.hand.until(lambda: search.answered == text, "an answer")

    return prepare


def _keys(stage: Stage) -> None:
    stage.workspace.open_page("settings")
    assert stage.workspace.settings is not None
    stage.settle()
    stage.workspace.settings.show_keys()


def _asked(stage: Stage) -> None:
    """Another act's key was pressed."""
    _keys(stage)
    assert stage.workspace.settings is not None
    part = stage.workspace.settings.keys
    part.list.setCurrentIndex(part.list.acts.index(8, 0))
    part.begin()
    stage.press(Qt.Key.Key_C, "c")


def _leave_keys(stage: Stage) -> None:
    assert stage.workspace.settings is not None
    stage.workspace.settings.keys.give_up()


def _figures(stage: Stage) -> None:
    """Figures as after a day: most good, one that needs improvement, one poor."""
    stage.workspace.measure()
    monitor = stage.workspace.monitor
    assert monitor is not None
    for kind, base, count in (("typing", 4, 420), ("day_after", 9, 160), ("confirm", 11, 90), ("book", 14, 41)):
        for i in range(count):
            monitor.speeds.add(kind, base + (i * i) % (2 * base))
    for i in range(20):
        monitor.speeds.add("month_view", 60 + 5 * i)
        monitor.speeds.add("print", 180 + 11 * i)
        monitor.speeds.add(BLOCK, 8 + i)
    stage.workspace.show_performance()


def _forget(stage: Stage) -> None:
    if stage.workspace.monitor is not None:
        stage.workspace.monitor.take()


def _nothing(_stage: Stage) -> None:
    """As it opens."""


def _page(page: str) -> Prepare:
    return lambda stage: stage.workspace.open_page(page)


def large(prepare: Prepare) -> Prepare:
    """The same at 200 % text."""

    def at_200(stage: Stage) -> None:
        workspace = stage.program.window.workspace
        if workspace is None:
            stage.program.look.choose(stage.scheme, 2.0)
        else:
            workspace.prefs.set(workspace.prefs.now._replace(scale=2.0))
        stage.settle()
        prepare(stage)

    return at_200


def _usual_text(stage: Stage) -> None:
    if stage.program.window.workspace is None:
        stage.program.look.choose(stage.scheme, 1.0)


def high(prepare: Prepare) -> Prepare:
    """The same in high contrast."""

    def in_contrast(stage: Stage) -> None:
        workspace = stage.workspace
        workspace.prefs.set(workspace.prefs.now._replace(contrast=True))
        stage.settle()
        prepare(stage)

    return in_contrast


def _usual_contrast(stage: Stage) -> None:
    stage.workspace.prefs.set(stage.workspace.prefs.now._replace(contrast=None))


_BY_NAME = {shot.name: shot for shot in (*days.SHOTS, *panels.SHOTS)}
_LARGE = (
    "search-found",
    "search-patient",
    "toast-undo",
    "toast-refused",
    "menu-providers",
    "menu-person",
    "menu-appointment",
    "day-hover",
    "day-error",
    "day-empty",
    "booking-filled",
    "booking-new_patient",
    "details-confirmed",
    "details-history",
    "cancel-reasons",
    "cancel-several",
)
_HIGH = ("day-full", "day-flags", "day-selected", "search-found", "booking-filled", "details-confirmed", "settings-page")


def _again(name: str, kind: str, how: Callable[[Prepare], Prepare], then: Prepare) -> Shot:
    shot = _BY_NAME[name]

    def tidy(stage: Stage) -> None:
        if shot.tidy is not None:
            shot.tidy(stage)
        then(stage)

    return shot._replace(name=f"{name}_{kind}", prepare=how(shot.prepare), tidy=tidy)


SHOTS = (
    Shot("palette-usual", _typed("")),
    Shot("palette-quick", _typed(QUICK)),
    Shot("palette-commands", _typed(">view")),
    Shot("palette-usual_200", large(_typed("")), USUAL),
    Shot("palette-quick_200", large(_typed(QUICK)), USUAL),
    Shot("settings-keys", _keys),
    Shot("settings-keys_asked", _asked, tidy=_leave_keys),
    Shot("settings-keys_200", large(_keys), USUAL),
    Shot("settings-page_200", large(_page("settings")), USUAL),
    Shot("performance-figures", _figures, tidy=_forget),
    Shot("performance-figures_200", large(_figures), USUAL, tidy=_forget),
    Shot("day-text_200", large(_nothing), USUAL),
    Shot("appointments-text_200", large(_page("appointments")), USUAL),
    Shot("help-keys_200", large(days._help), USUAL, tidy=days._help),
    *(_again(name, "200", large, _nothing) for name in _LARGE if name in _BY_NAME),
    *(_again(name, "contrast", high, _usual_contrast) for name in _HIGH if name in _BY_NAME),
)
GATES = tuple(
    shot._replace(name=f"{shot.name}_200", prepare=large(shot.prepare), tidy=_usual_text) for shot in gates.FIRST[:7]
)
LAST = tuple(
    shot._replace(name=f"{shot.name}_200", prepare=large(shot.prepare), tidy=_usual_text) for shot in gates.LAST
)
"""After the gates of the clinic's own profile."""
