"""Shares of work in several children: their results in order, and none left behind by whoever stops reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from himsog_desktop.runtime import child
from himsog_desktop.runtime.children import run_shares

WORK = """
import time
def main(arguments, out):
    if arguments[0] == "wait": time.sleep(600)
    out.write(arguments[0].encode())
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    package = tmp_path / "himsog_desktop"
    package.mkdir()
    real = Path(child.__file__).resolve().parents[1]
    (package / "__init__.py").write_text(f"__path__.append({str(real)!r})\n")
    (package / "sharework.py").write_text(WORK)
    before = child._environment
    monkeypatch.setattr(child, "_environment", lambda: before() | {"PYTHONPATH": str(tmp_path)})
    return "himsog_desktop.sharework"


def test_results_come_in_the_order_of_the_shares(work: str) -> None:
    assert [r.output for r in run_shares(work, [["a"], ["b"], ["c"], ["d"]], seconds=10)] == [b"a", b"b", b"c", b"d"]


def test_whoever_stops_reading_ends_the_children(work: str) -> None:
    running = run_shares(work, [["a"], ["wait"], ["wait"], ["wait"]], seconds=10)
    assert next(running).output == b"a"
    running.close()
