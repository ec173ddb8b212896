"""``--screenshot-tour``: demo clinics of a fixed date, a program for each pixel ratio, the contact sheet.

Two processes at once, one for 1x and one for 2x: Qt takes the pixel ratio of a screen when it starts, and
only so are icons and text at 2x what a screen of that kind shows.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from himsog_desktop.bootstrap.options import Options
from himsog_desktop.domain.errors import BadInput, HimsogError, Surroundings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QApplication

    from himsog_desktop.bootstrap.doors import Doors
    from himsog_desktop.ui.shell.program import Program

NOW = "2026-11-20T10:10:00+08:00"
"""A Friday at ten past ten: the day is under way."""

PASSPHRASE = "a tour of invented people"
SCALE = 20_000
README = {
    "day-full-light": "day-light",
    "day-full-dark": "day-dark",
    "booking-filled-light": "booking-light",
    "week-one-light": "week-light",
    "month-full-light": "month-light",
    "list-selected-light": "appointments-light",
    "attention-cards-light": "attention-light",
}
"""The pictures of the README, by the shots that they are."""

SCREEN = (1920, 1200)
PATIENCE = 600.0
"""Seconds that a process of the tour may take."""


def tour(folder: Path) -> int:
    """Take every picture into a folder, with ``index.html``. Raises HimsogError when that can't be."""
    from himsog_desktop.runtime.programs import begin_module
    from himsog_desktop.ui.tour.contact import write_index

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise Surroundings("disk", f"The folder {folder} can't be written.") from None
    with tempfile.TemporaryDirectory(prefix="himsog-tour-") as scratch:
        running = [
            begin_module(
                "himsog_desktop.bootstrap.tour",
                [str(folder), str(ratio)],
                environment=_screen(scratch, ratio),
                patience=PATIENCE,
            )
            for ratio in (1, 2)
        ]
        ended = [wait(PATIENCE) for wait in running]
    for ran in ended:
        if ran.exit_code:
            sys.stderr.write(ran.errors.decode("utf-8", "replace"))
            return ran.exit_code
    write_index(folder)
    return 0


def _screen(scratch: str, ratio: int) -> dict[str, str]:
    """Surroundings with a large enough screen of that pixel ratio, and no display."""
    screen = {
        "name": "tour",
        "x": 0,
        "y": 0,
        "width": SCREEN[0] * ratio,
        "height": SCREEN[1] * ratio,
        "logicalDpi": 96,
        "logicalBaseDpi": 96,
        "dpr": 1,
    }
    file = Path(scratch) / f"screen-{ratio}.json"
    wanted = {"synchronousWindowSystemEvents": False, "windowFrameMargins": False, "screens": [screen]}
    file.write_text(json.dumps(wanted), encoding="ascii")
    return {
        "QT_QPA_PLATFORM": f"offscreen:configfile={file}",
        "QT_SCALE_FACTOR": str(ratio),
        "LANG": "C.UTF-8",
        "TZ": "Asia/Manila",
        "HIMSOG_NOW": NOW,
        "HIMSOG_PASSPHRASE": PASSPHRASE,
        "HIMSOG_REDUCED_MOTION": "1",
    }


class World:
    """``ui.tour.run.World``: throw-away demo clinics."""

    def __init__(self, app: QApplication, folder: Path, scale: int = SCALE) -> None:
        from himsog_desktop.system.clock import system_clock

        self._app = app
        self._folder = folder
        self._scale = scale
        self._clock = system_clock(NOW)
        self._doors: Doors | None = None
        self._program: Program | None = None
        self._opened = 0

    def open(self, profile: str) -> Program:
        """See ``World``."""
        from himsog_desktop.bootstrap import compose
        from himsog_desktop.bootstrap.doors import Doors
        from himsog_desktop.system import vault

        self._opened += 1
        folder = self._folder / f"open-{self._opened}"
        key = None
        if profile != "none":
            shutil.copytree(self._made(profile), folder)
            key = vault.unlock(folder, PASSPHRASE)
        self._doors = Doors(Options(profile=str(folder), offline=True), self._clock)
        self._program = compose(self._app, self._doors)
        self._program.begin(key)
        return self._program

    def _made(self, profile: str) -> Path:
        from himsog_desktop.services import demo

        folder = self._folder / profile
        if not folder.exists():
            if profile in ("nobody", "unseeing"):
                from himsog_desktop.bootstrap import tour_shared
                from himsog_desktop.system import vault

                shutil.copytree(self._made("shared"), folder)
                change = tour_shared.leave if profile == "nobody" else tour_shared.unsee
                change(folder, vault.unlock(folder, PASSPHRASE))
            elif profile == "shared":
                from himsog_desktop.bootstrap.tour_shared import share
                from himsog_desktop.system import vault

                shutil.copytree(self._made("clinic"), folder)
                share(folder, vault.unlock(folder, PASSPHRASE), self._clock)
            else:
                demo.create_demo(folder, self._clock, PASSPHRASE, self._scale, twelve=profile == "twelve")
        return folder

    def close(self) -> None:
        """See ``World``."""
        program, doors = self._program, self._doors
        self._program = self._doors = None
        if program is not None:
            program.close_session()
            program.window.close()
            program.window.deleteLater()
            program.look.deleteLater()
            program.deleteLater()
            self._app.processEvents()
        if doors is not None:
            doors.close()


def main(argv: Sequence[str]) -> int:
    """One process of the tour: ``DIR RATIO [NAME…]``; or ``DIR readme`` for the pictures of the README."""
    from himsog_desktop.bootstrap import application
    from himsog_desktop.runtime import standstill
    from himsog_desktop.ui.tour.run import SHOTS, take

    standstill.watch()
    folder, what, *names = argv
    if what == "readme":
        return _readme(Path(folder))
    unknown = [name for name in names if not any(shot.name == name for shot in SHOTS)]
    if unknown:
        raise BadInput("bad_value", f"There is no picture {unknown[0]!r}.")
    shots = [shot for shot in SHOTS if not names or shot.name in names]
    with tempfile.TemporaryDirectory(prefix="himsog-tour-") as scratch:
        for _path in take(World(application(), Path(scratch)), Path(folder), f"{what}x", shots=shots):
            pass
    return 0


def _readme(folder: Path) -> int:
    """Packed tightly, under names of their own."""
    from himsog_desktop.bootstrap import application
    from himsog_desktop.ui.tour.run import SHOTS, take

    wanted = {name.rpartition("-")[0] for name in README}
    shots = [shot for shot in SHOTS if shot.name in wanted]
    with tempfile.TemporaryDirectory(prefix="himsog-tour-") as scratch:
        os.environ.update(_screen(scratch, 1))
        folder.mkdir(parents=True, exist_ok=True)
        for path in take(World(application(), Path(scratch)), Path(scratch), "1x", shots=shots, packed=0):
            name = README.get(path.name.partition("@")[0])
            if name is not None:
                shutil.copyfile(path, folder / f"{name}.png")
    return 0


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except HimsogError as error:
        sys.stderr.write(f"{error.message}\n")
        raise SystemExit(error.exit_code) from None
