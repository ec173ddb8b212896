"""The program as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from himsog_desktop.domain.time import parse_instant
from himsog_desktop.services import demo
from himsog_desktop.system.clock import SystemClock
from himsog_desktop.system.single import OneWindow

pytestmark = pytest.mark.slow
NOW = "2026-11-20T10:10:00+08:00"
PASSPHRASE = "a demo for tests"


def run(*argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "HIMSOG_NOW": NOW, **environment}
    return subprocess.run(
        [sys.executable, "-m", "himsog_desktop", *argv],
        env=env,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scenario") / "profile"
    demo.create_demo(folder, SystemClock(parse_instant(NOW)), PASSPHRASE)
    return folder


def test_smoke_prints_nothing(profile: Path) -> None:
    done = run("--profile", str(profile), "--smoke", HIMSOG_PASSPHRASE=PASSPHRASE)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_smoke_of_a_locked_profile_and_of_none(profile: Path, tmp_path: Path) -> None:
    done = run("--profile", str(profile), "--smoke")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = run("--profile", str(tmp_path / "none"), "--smoke")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (tmp_path / "none").exists()


def test_smoke_of_the_demo_leaves_nothing(tmp_path: Path) -> None:
    done = run("--demo", "--smoke", TMPDIR=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_key_is_a_sentence_and_exit_4(profile: Path) -> None:
    done = run("--profile", str(profile), "--smoke", HIMSOG_PASSPHRASE="not this one")
    assert done.returncode == 4
    assert done.stderr.startswith("The passphrase does not fit")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "argv", [("--what",), ("--profile",), ("--scale", "many"), ("--demo", "--scale", "0"), ("--scale=٣",)]
)
def test_wrong_usage_is_a_sentence_and_exit_2(argv: tuple[str, ...]) -> None:
    done = run(*argv)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_a_wrong_moment_is_a_sentence_and_exit_2() -> None:
    done = run("--smoke", HIMSOG_NOW="2026-02-31T10:00:00+08:00")
    assert done.returncode == 2
    assert "HIMSOG_NOW" in done.stderr


def test_help_lists_the_options() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "--screenshot-tour" in done.stdout


def test_a_second_start_raises_the_first_and_ends(profile: Path) -> None:
    first = OneWindow(profile)
    assert first.claim()
    ear = first.listen()
    try:
        done = run("--profile", str(profile), HIMSOG_PASSPHRASE=PASSPHRASE)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert "raise" in ear.receive()
    finally:
        ear.close()
        first.release()
