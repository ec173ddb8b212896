"""The window that is measured ends by itself, whatever comes of the figure and whoever has gone meanwhile."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from himsog_desktop.bench import window
from himsog_desktop.domain.errors import Fault
from himsog_desktop.runtime.programs import Ran
from himsog_desktop.ui.bench import probe as probes
from himsog_desktop.ui.bench import run as runs
from himsog_desktop.ui.bench.probe import Probe
from himsog_desktop.ui.bench.run import Run
from tests.ui.conftest import PASSPHRASE, Seat


@pytest.mark.parametrize("figure", ["start_first_paint", "calendar_drag_frame/160", "no_such_figure"])
@pytest.mark.skipif(sys.platform == "win32", reason="pipes break differently there")
def test_it_ends_when_nobody_reads_its_answer(
    demo_profile: tuple[Path, bytes], window_program: dict[str, str], tmp_path: Path, figure: str
) -> None:
    shutil.copytree(demo_profile[0], tmp_path / "profile")
    measured = subprocess.Popen(
        [sys.executable, "-m", "himsog_desktop", "--profile", str(tmp_path / "profile"), "--bench", figure],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=window_program | {"HIMSOG_PASSPHRASE": PASSPHRASE, "PYTHONUNBUFFERED": "1"},
    )
    try:
        for pipe in (measured.stdout, measured.stderr):
            assert pipe is not None
            pipe.close()
        assert measured.wait(60) != 0
    finally:
        measured.kill()
        measured.wait()


def test_a_window_without_a_session_is_no_figure(
    closed_seat: Seat, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runs, "RESTLESS_NS", 200_000_000)
    measured = Run("start_settled", 0)
    assert not measured.begun
    measured.attach(closed_seat.program, qapp)
    closed_seat.open(None)
    closed_seat.wait(lambda: measured.failed)
    assert "did not come to rest (no session)" in capsys.readouterr().err


def test_what_does_not_come_tells_where_the_worker_stands(seat: Seat) -> None:
    with pytest.raises(TimeoutError, match=r"the tiles in 0\.1 s, \d+\.\d s of the processor; .*himsog-cache: .*_next"):
        Probe(seat.program).until(lambda: False, "the tiles", patience=0.1)


def test_a_paint_that_does_not_come_is_waited_for_so_long(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "PATIENCE", 0.1)
    view = seat.workspace.day.view.viewport()
    with pytest.raises(TimeoutError, match="the ghost in"):
        Probe(seat.program).until_painted(view, lambda: False, "the ghost")


def test_a_second_window_of_a_profile_measures_nothing(
    seat: Seat, window_program: dict[str, str], demo_profile: tuple[Path, bytes]
) -> None:
    assert seat.doors.claim()
    ran = subprocess.run(
        [sys.executable, "-m", "himsog_desktop", "--profile", str(seat.folder), "--bench", "start_settled"],
        capture_output=True,
        env=window_program | {"HIMSOG_PASSPHRASE": PASSPHRASE},
        check=False,
        timeout=60,
    )
    assert ran.returncode != 0
    assert ran.stdout == b""
    assert b"Another window has this profile open" in ran.stderr


def test_who_asked_is_told_where_the_window_stood() -> None:
    stacks = (
        b"a warning\nTimeout (0:04:55)!\nThread 0x00007f0000000001 (most recent call first):\n"
        b'  File "/a/himsog_desktop/storage/hot.py", line 118 in tiles\n'
        b'  File "/a/himsog_desktop/runtime/worker.py", line 190 in _run\n\n'
        b"Thread 0x00007f0000000002 (most recent call first):\n"
        b'  File "/usr/lib/python3.11/threading.py", line 320 in wait\n'
    )
    with pytest.raises(Fault) as raised:
        window.heard(Ran(1, b"", stacks, 0))
    assert raised.value.message == (
        "The measured window stood still, at storage/hot.py:118 tiles < runtime/worker.py:190 _run; "
        "threading.py:320 wait."
    )
    with pytest.raises(Fault, match="failed: TimeoutError: the day"):
        window.heard(Ran(1, b"", b"a warning\nTimeoutError: the day\n", 0))
    assert window.heard(Ran(0, b'{"samples": [1.5]}', b"", 0)).samples == [1.5]
