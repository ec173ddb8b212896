"""A program that stands still says where it stands, and ends before whoever waits for it gives up."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from himsog_desktop.runtime import standstill
from himsog_desktop.runtime.programs import Ran, run_module

CHILD = """
import ctypes, sys, threading
from himsog_desktop.runtime import standstill
def waits():
    threading.Event().wait()
def keeps_the_interpreter():
    ctypes.PyDLL(None).pause()
standstill.watch()
if sys.argv[1] == "wait":
    threading.Thread(target=waits, daemon=True).start()
    waits()
elif sys.argv[1] == "keep":
    keeps_the_interpreter()
print("done")
"""


def run(tmp_path: Path, what: str, seconds: float) -> Ran:
    (tmp_path / "standing.py").write_text(CHILD)
    return run_module("standing", [what], environment={"PYTHONPATH": str(tmp_path)}, seconds=seconds)


def test_a_child_that_waits_for_ever_says_where(tmp_path: Path) -> None:
    ran = run(tmp_path, "wait", 8)
    assert (ran.exit_code, ran.output) == (1, b"")
    told = standstill.told(ran.errors.decode())
    assert told.count("standing.py:5 waits") == 2
    assert told.count("; ") == 1
    assert str(tmp_path) not in told


@pytest.mark.skipif(sys.platform == "win32", reason="pause(2) is POSIX")
def test_also_when_a_thread_keeps_the_interpreter(tmp_path: Path) -> None:
    ran = run(tmp_path, "keep", 8)
    assert (ran.exit_code, ran.output) == (1, b"")
    assert "standing.py:7 keeps_the_interpreter" in standstill.told(ran.errors.decode())


def test_a_child_that_gets_on_says_nothing(tmp_path: Path) -> None:
    ran = run(tmp_path, "end", 60)
    assert (ran.exit_code, ran.output.strip(), ran.errors) == (0, b"done", b"")
    assert standstill.told("TimeoutError: the tiles") == ""


def test_nobody_waits_nothing_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    for patience in ("", "0"):
        monkeypatch.setenv(standstill.PATIENCE, patience)
        standstill.watch()


def test_where_the_other_threads_stand() -> None:
    go, there = threading.Event(), threading.Event()

    def stands_here() -> None:
        there.set()
        go.wait()

    thread = threading.Thread(target=stands_here, name="a-name")
    thread.start()
    try:
        there.wait()
        told = standstill.elsewhere()
    finally:
        go.set()
        thread.join()
    row = next(row for row in told.split("; ") if row.startswith("a-name: "))
    assert "test_standstill.py" in row
    assert " stands_here" in row
    assert "/" not in row
    assert "test_where_the_other_threads_stand" not in told
