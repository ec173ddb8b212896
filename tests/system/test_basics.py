"""Folders, the clock and the workstation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.time import parse_instant
from himsog_desktop.ports import Clock
from himsog_desktop.system import clock, device, files, paths

# ------------------------------------------------------------------------------------------- paths


def test_the_argument_goes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIMSOG_PROFILE", str(tmp_path / "env"))
    assert paths.profile_folder(tmp_path / "arg") == tmp_path / "arg"
    assert paths.profile_folder() == tmp_path / "env"
    assert list(tmp_path.iterdir()) == []


def test_without_either_it_is_the_users_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HIMSOG_PROFILE", raising=False)
    found = paths.profile_folder()
    assert found.is_absolute()
    assert found.name == "profile"
    assert found.parent.name == "himsog-desktop"
    assert not found.exists()
    monkeypatch.setenv("HIMSOG_PROFILE", "")
    assert paths.profile_folder() == found


def test_folders_are_absolute_and_home_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert paths.profile_folder("here/../there") == tmp_path / "there"
    assert paths.profile_folder("~/x") == Path.home() / "x"
    monkeypatch.undo()


@pytest.mark.parametrize("name", ["", "a\0b", "~nobody-of-that-name/x"])
def test_a_folder_that_cannot_be_is_said(name: str) -> None:
    with pytest.raises(BadInput):
        paths.profile_folder(name)


def test_platformdirs_is_imported_only_when_needed() -> None:
    code = (
        "import sys; from himsog_desktop.system import paths; paths.profile_folder('x');"
        "sys.exit('platformdirs' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# ------------------------------------------------------------------------------------------- clock


def test_the_clock_runs() -> None:
    real: Clock = clock.system_clock("")
    before = time.time_ns() // 1000
    assert before <= real.now() <= time.time_ns() // 1000
    assert real.monotonic() <= real.monotonic()


def test_a_fixed_clock_stands_and_the_monotonic_one_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIMSOG_NOW", "2026-11-20T09:00:00+08:00")
    fixed = clock.system_clock()
    assert fixed.now() == fixed.now() == parse_instant("2026-11-20T01:00:00Z")
    first = fixed.monotonic()
    while fixed.monotonic() == first:
        pass
    assert fixed.monotonic() > first


@pytest.mark.parametrize("said", ["2026-11-20T09:00:00", "yesterday", "2026-02-31T09:00:00Z", "0", " "])
def test_a_moment_that_is_none_is_said(said: str) -> None:
    with pytest.raises(BadInput, match="HIMSOG_NOW") as error:
        clock.system_clock(said)
    assert error.value.code == "bad_instant"


# ------------------------------------------------------------------------------------------ device


def test_a_workstation_keeps_its_id(tmp_path: Path) -> None:
    first = device.device(tmp_path)
    assert device.device(tmp_path) == first
    assert first.name
    assert len(first.name) <= 60


def test_a_copied_profile_is_another_device(tmp_path: Path) -> None:
    here = device.device(tmp_path, "machine-one").id
    there = device.device(tmp_path, "machine-two").id
    assert here != there
    assert device.device(tmp_path, "machine-two").id == there
    assert b"machine" not in (tmp_path / device.FILE).read_bytes().replace(b'"machine"', b"")


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"id": 5}', b"[" * 50_000])
def test_a_damaged_device_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / device.FILE).write_bytes(content)
    made = device.device(tmp_path)
    assert device.device(tmp_path) == made
    assert set(json.loads((tmp_path / device.FILE).read_text())) == {"id", "machine"}


# ------------------------------------------------------------------------------------------- files


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    files.write_atomically(path, b"old")

    def fail(handle: int) -> None:
        raise OSError(5, "no")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="no"):
        files.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_exclusive_write_takes_nothing_away(tmp_path: Path) -> None:
    path = tmp_path / "x"
    files.write_atomically(path, b"old", exclusive=True)
    with pytest.raises(FileExistsError):
        files.write_atomically(path, b"new", exclusive=True)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_exclusive_write_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(source: object, target: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    files.write_atomically(tmp_path / "x", b"old", exclusive=True)
    with pytest.raises(FileExistsError):
        files.write_atomically(tmp_path / "x", b"new", exclusive=True)
    assert (tmp_path / "x").read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [tmp_path / "x"]
