"""Profiles that are damaged, incomplete or in the way: a sentence that helps, and nothing made worse."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from himsog_desktop.storage import sessions
from himsog_desktop.storage.cache import Cache
from himsog_desktop.storage.connection import DATABASE_NAME
from himsog_desktop.system import keyslots
from tests.cli.conftest import Himsog
from tests.support.profiles import KEY


def _health(asked: Himsog) -> dict[str, str]:
    answer = asked("doctor")
    assert answer.exit == 1
    document = answer.document
    assert document["ok"] is False
    assert all(f["todo"] for f in document["findings"] if f["level"] == "error")
    return {f["name"]: f["level"] for f in document["findings"]}


@pytest.mark.parametrize("kept", [0, 1, 100, 4096, 10_000, -4096, -1])
def test_doctor_says_what_to_do_about_a_file_that_was_cut_off(profile: Path, asked: Himsog, kept: int) -> None:
    cache = profile / DATABASE_NAME
    os.truncate(cache, kept if kept >= 0 else cache.stat().st_size + kept)
    assert _health(asked)["integrity"] == "error"
    # The damage is the file's, and never called a fault of ours or of the person who types.
    answer = asked("book", "--provider", "cruz", "--start", "2026-11-23T09:00:00+08:00", "--patient-name", "Ana Reyes")
    assert answer.exit in (3, 4)
    assert "passphrase" not in answer.error["message"]


@pytest.mark.parametrize("place", [0, 20, 5_000, 100_000])
def test_doctor_says_what_to_do_about_flipped_bytes(profile: Path, asked: Himsog, place: int) -> None:
    with (profile / DATABASE_NAME).open("r+b") as file:
        file.seek(place)
        file.write(bytes(64))
    assert _health(asked)["integrity"] == "error"


def test_doctor_of_a_profile_whose_cache_is_gone(profile: Path, asked: Himsog) -> None:
    (profile / DATABASE_NAME).unlink()
    assert _health(asked)["integrity"] == "error"
    assert [path.name for path in profile.iterdir()] == [keyslots.FILE]


def test_doctor_needs_a_key_all_the_same(profile: Path, asked: Himsog, monkeypatch: pytest.MonkeyPatch) -> None:
    (profile / DATABASE_NAME).unlink()
    monkeypatch.setenv("HIMSOG_PASSPHRASE", "not it")
    answer = asked("doctor")
    assert (answer.exit, answer.error["code"]) == (4, "wrong_key")


def test_a_lost_key_file_is_not_a_missing_profile(
    profile: Path, asked: Himsog, monkeypatch: pytest.MonkeyPatch
) -> None:
    (profile / keyslots.FILE).unlink()
    answer = asked("appointments")
    assert (answer.exit, answer.error["code"]) == (4, "no_key")
    before = (profile / DATABASE_NAME).read_bytes()
    monkeypatch.setenv("HIMSOG_PASSPHRASE", "another one")
    made = asked("profile", "create", profile, "--clinic", "New", "--timezone", "Asia/Manila")
    assert (made.exit, made.error["code"]) == (2, "bad_value")
    assert [path.name for path in profile.iterdir()] == [DATABASE_NAME]
    assert (profile / DATABASE_NAME).read_bytes() == before


def test_a_refused_restore_leaves_no_folders(asked: Himsog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup = tmp_path / "b.himsog"
    assert asked("backup", "-o", backup).exit == 0
    monkeypatch.setenv("HIMSOG_PASSPHRASE", "not it")
    answer = asked("restore", backup, "--profile", tmp_path / "a" / "b" / "c")
    assert answer.exit == 4
    assert not (tmp_path / "a").exists()
    monkeypatch.delenv("HIMSOG_PASSPHRASE")
    assert asked("restore", backup, "--profile", tmp_path / "a" / "b" / "c").exit == 0
    assert asked("--profile", tmp_path / "a" / "b" / "c", "digest").document == asked("digest").document


def test_restoring_where_nothing_can_be_made(asked: Himsog, tmp_path: Path) -> None:
    backup = tmp_path / "b.himsog"
    assert asked("backup", "-o", backup).exit == 0
    answer = asked("restore", backup, "--profile", backup / "in" / "a" / "file")
    assert (answer.exit, answer.error["code"]) == (2, "bad_value")


@pytest.mark.parametrize("name", ["localtime", "Factory", "posixrules", "posix/UTC", "right/Asia/Manila", ""])
def test_a_zone_is_a_place(asked: Himsog, tmp_path: Path, name: str) -> None:
    answer = asked("profile", "create", tmp_path / "new", "--clinic", "A", "--timezone", name)
    assert (answer.exit, answer.error["code"]) == (2, "bad_value")
    assert answer.error["message"].startswith("There is no time zone")
    assert not (tmp_path / "new").exists()


@pytest.fixture
def shut(tmp_path: Path) -> Iterator[Path]:
    """A folder that this user may not look into."""
    folder = tmp_path / "shut"
    folder.mkdir(mode=0o000)
    try:
        if os.access(folder, os.R_OK):
            pytest.skip("this user may look into every folder")
        yield folder
    finally:
        folder.chmod(0o700)


def test_folders_that_may_not_be_looked_into(
    asked: Himsog, tmp_path: Path, shut: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = tmp_path / "b.himsog"
    assert asked("backup", "-o", backup).exit == 0
    monkeypatch.setenv("HIMSOG_PASSPHRASE", "a passphrase")
    for argv in (
        ["profile", "create", shut / "new", "--clinic", "A", "--timezone", "Asia/Manila"],
        ["demo", "create", shut / "new"],
        ["restore", backup, "--profile", shut / "new"],
        ["backup", "-o", shut / "b.himsog"],
    ):
        assert asked(*argv).exit in (2, 4), argv


@pytest.mark.parametrize("argv", [("profile", "info"), ("digest",), ("doctor", "--quick")])
def test_a_shared_profile_says_what_it_is_before_anybody_signs_in(
    profile: Path, asked: Himsog, argv: tuple[str, ...]
) -> None:
    """Scripts of IT ask it for the clinic's id; of patients it says nothing."""
    before = asked(*argv).document
    with Cache(profile, KEY) as cache:
        sessions.remember(cache.writer, {"authority": "remote", "remote_url": "postgresql://server/himsog"})
    assert asked("providers").exit == 4
    answer = asked(*argv)
    assert answer.exit == 0
    if argv[0] == "profile":
        assert answer.document["clinic"] == before["clinic"]
        assert answer.document["remote"]["signed_in"] == []
    assert asked(*argv, "--as", "ana").exit == 4
