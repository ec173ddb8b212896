"""The killable child: limits, answers, and that nothing of ours reaches it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from himsog_desktop.runtime import child, child_main
from himsog_desktop.runtime.child import ChildResult, run_child

WORK = """
import os, sys, time
def main(arguments, out):
    what = arguments[0]
    if what == "echo": out.write(" ".join(arguments[1:]).encode())
    if what == "environment": out.write("\\n".join(sorted(os.environ)).encode())
    if what == "spin":
        while True: pass
    if what == "sleep": time.sleep(600)
    if what == "hoard": x = bytearray(1 << 30); out.write(b"had it")
    if what == "flood":
        while True: out.write(b"x" * 65536)
    if what == "fail": print("secret"); raise RuntimeError("secret")
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module of the child's own, found through the path that its parent gives it."""
    package = tmp_path / "himsog_desktop"
    package.mkdir()
    real = Path(child.__file__).resolve().parents[1]
    (package / "__init__.py").write_text(f"__path__.append({str(real)!r})\n")
    (package / "childwork.py").write_text(WORK)
    before = child._environment
    monkeypatch.setattr(child, "_environment", lambda: before() | {"PYTHONPATH": str(tmp_path)})
    return "himsog_desktop.childwork"


def run(work: str, *arguments: str, cpu: float = 10, wall: float = 60, most: int = 1 << 20) -> ChildResult:
    return run_child(work, arguments, cpu_seconds=cpu, wall_seconds=wall, memory_bytes=256 << 20, max_output=most)


def test_its_answer_comes_back(work: str) -> None:
    result = run(work, "echo", "Peña", "2")
    assert (result.ended, result.output.decode()) == ("done", "Peña 2")


def test_none_of_our_secrets_reaches_it(work: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIMSOG_PASSPHRASE", "x")
    monkeypatch.setenv("PGPASSWORD", "x")
    names = run(work, "environment").output.decode().split("\n")
    assert "PATH" in names
    assert not {name for name in names if name.startswith(("HIMSOG", "PG"))}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of CPU time; the wall clock serves there")
def test_work_without_end_is_killed_at_its_cpu_time(work: str) -> None:
    assert run(work, "spin", cpu=0.5).ended == "cpu"


def test_waiting_without_end_is_killed_by_the_wall_clock(work: str) -> None:
    assert run(work, "sleep", wall=0.6).ended == "time"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of memory here")
def test_memory_beyond_the_bound_is_not_had(work: str) -> None:
    assert run(work, "hoard").ended == "crashed"


def test_an_answer_beyond_the_bound_is_cut(work: str) -> None:
    result = run(work, "flood", most=300_000)
    assert result.ended == "output"
    assert len(result.output) <= 300_000


def test_a_failure_says_nothing_of_what_it_read(work: str, capfd: pytest.CaptureFixture[str]) -> None:
    result = run(work, "fail")
    assert result.ended == "crashed"
    assert capfd.readouterr() == ("", "")


def test_it_can_be_stopped(work: str) -> None:
    asked = iter([False, True])
    result = run_child(
        work, ["sleep"], cpu_seconds=5, wall_seconds=60, memory_bytes=256 << 20, max_output=10,
        cancelled=lambda: next(asked),
    )  # fmt: skip
    assert result.ended == "cancelled"


def test_it_runs_modules_of_ours_only() -> None:
    assert child_main.main(["1", "1000000", "os", "x"]) == 2
    assert run_child(
        "json.tool", [], cpu_seconds=5, wall_seconds=60, memory_bytes=256 << 20, max_output=10
    ).ended == "crashed"  # fmt: skip


def test_a_frozen_program_is_its_own_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    command = child.child_command("himsog_desktop.x", ["a"], 2, 5)
    assert command == [sys.executable, "--run-child", "2.00", "5", "himsog_desktop.x", "a"]
    assert child_main.asked(command[1:])
    assert not child_main.asked(["book", "--run-child"])


def test_it_needs_no_installed_package() -> None:
    assert Path(child._environment()["PYTHONPATH"], "himsog_desktop", "runtime", "child.py").is_file()
    assert os.environ.get("PYTHONPATH") is None or child._environment()["PYTHONPATH"]
