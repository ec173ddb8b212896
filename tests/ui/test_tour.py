"""The screenshot tour, a small part of it: real windows on a small demo clinic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from himsog_desktop.bootstrap import tour
from himsog_desktop.domain.errors import BadInput
from himsog_desktop.ui.tour.contact import write_index
from himsog_desktop.ui.tour.run import SHOTS, take

WANTED = ("gate-first_run", "day-full", "day-drag", "search-found", "booking-filled", "gate-locked")


@pytest.fixture
def world(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[tour.World]:
    quit_on_close = qapp.quitOnLastWindowClosed()
    qapp.setQuitOnLastWindowClosed(False)
    yield tour.World(qapp, tmp_path / "profiles", scale=1)
    qapp.setQuitOnLastWindowClosed(quit_on_close)
    qapp.setStyleSheet("")


def test_pictures_are_of_the_window_and_stand_on_the_sheet(world: tour.World, tmp_path: Path) -> None:
    folder = tmp_path / "tour"
    shots = [shot for shot in SHOTS if shot.name in WANTED]
    taken = list(take(world, folder, "1x", shots=shots, schemes=("light",)))
    assert sorted(path.name for path in taken) == sorted(f"{name}-light@1x.png" for name in WANTED)
    seen = set()
    for path in taken:
        picture = QImage(str(path))
        assert (picture.width(), picture.height()) == (1366, 768)
        seen.add(bytes(picture.constBits()))
    assert len(seen) == len(taken)
    assert write_index(folder) == len(taken)
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert all(f'src="{path.name}"' in page for path in taken)


def test_what_stands_before_a_profile_is_taken_in_one_round(world: tour.World, tmp_path: Path) -> None:
    shots = [shot for shot in SHOTS if shot.profile == "none"]
    taken = list(take(world, tmp_path / "gates", "1x", shots=shots, schemes=("light",)))
    assert len(taken) == len(shots) > 8


def test_the_same_picture_comes_out_the_same(world: tour.World, tmp_path: Path) -> None:
    shots = [shot for shot in SHOTS if shot.name == "day-full"]
    first, second = (
        next(take(world, tmp_path / name, "1x", shots=shots, schemes=("dark",))).read_bytes() for name in ("a", "b")
    )
    assert first == second


def test_names_are_unique_and_fit_the_contract() -> None:
    names = [shot.name for shot in SHOTS]
    assert len(set(names)) == len(names)
    assert all(name.partition("-")[2] and "@" not in name for name in names)
    assert {name.rpartition("-")[0] for name in tour.README} <= set(names)


def test_an_unknown_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        tour.main([str(tmp_path), "1", "no-such"])
