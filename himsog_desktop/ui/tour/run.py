"""Goes through all shots in both colour schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication

from himsog_desktop.domain.errors import Fault
from himsog_desktop.ui.theme.sight import repaint
from himsog_desktop.ui.tour import days, feel, gates, hands, lists, months, panels, papers, shared, weeks
from himsog_desktop.ui.tour.stage import Shot, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from himsog_desktop.ui.shell.program import Program
    from himsog_desktop.ui.theme.tokens import Scheme

SHOTS: tuple[Shot, ...] = (
    *gates.FIRST,
    *feel.GATES,
    *days.SHOTS,
    *hands.SHOTS,
    *weeks.SHOTS,
    *months.SHOTS,
    *lists.SHOTS,
    *panels.SHOTS,
    *papers.SHOTS,
    *feel.SHOTS,
    *shared.SHOTS,
    *gates.LAST,
    *feel.LAST,
)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
FASTER = 70
"""PNG packed less tightly: half the time, a tenth more bytes."""


class World(Protocol):
    """The profiles that the tour is taken on."""

    def open(self, profile: str) -> Program:
        """A window on a fresh copy of a profile: ``clinic``, ``twelve``, ``shared``, ``nobody``, ``unseeing``, ``none``.

        Begun, not yet shown.
        """
        ...

    def close(self) -> None:
        """Close the window that was opened last, and its profile."""
        ...


def take(
    world: World,
    folder: Path,
    scale: str,
    *,
    shots: Sequence[Shot] = SHOTS,
    schemes: Sequence[Scheme] = SCHEMES,
    packed: int = FASTER,
) -> Iterator[Path]:
    """Take the shots and write ``<screen>-<state>-<theme>@<scale>.png``, each path as it is there."""
    folder.mkdir(parents=True, exist_ok=True)
    QApplication.setCursorFlashTime(0)
    profiles = list(dict.fromkeys(shot.profile for shot in shots))
    for scheme in schemes:
        for profile in profiles:
            program = world.open(profile)
            try:
                stage = Stage(program, scheme)
                program.window.show()
                stage.settle()
                # Only now: that the look changes while the window is open is a part of what is shown.
                program.look.choose(scheme, 1.0)
                for shot in shots:
                    if shot.profile == profile:
                        yield _taken(stage, shot, folder / f"{shot.name}-{scheme}@{scale}.png", packed)
            finally:
                world.close()


def _taken(stage: Stage, shot: Shot, path: Path, packed: int) -> Path:
    stage.reset(shot.size)
    try:
        shot.prepare(stage)
        stage.settle()
    except Exception as error:
        raise Fault("internal", f"The picture {shot.name} could not be taken: {type(error).__name__} {error}") from error
    picture = stage.picture()
    if shot.tidy is not None:
        shot.tidy(stage)
    if shot.sight != "usual":
        picture = _as_seen(picture, shot.sight)
    if not picture.save(str(path), "PNG", packed):
        raise OSError(f"{path} can't be written")
    return path


def _as_seen(picture: QPixmap, sight: str) -> QPixmap:
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB32)
    repainted = QImage(
        repaint(bytes(image.constBits()), sight),
        image.width(),
        image.height(),
        image.bytesPerLine(),
        QImage.Format.Format_RGB32,
    )
    return QPixmap.fromImage(repainted.copy())
