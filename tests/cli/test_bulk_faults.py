"""A bulk act that is stopped or killed leaves nothing or is done; asked again it is done once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from tests.cli.conftest import COMMAND, Himsog, environment
from tests.cli.test_imports import table

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent differently there")
VISITS = 1_500


@pytest.fixture
def steps(asked: Himsog, tmp_path: Path) -> Path:
    """A file of steps that reopen many past visits, each slot checked again, and cancel some of them."""
    assert asked(*table(tmp_path, VISITS)).exit == 0
    ids = [a["id"] for a in asked("appointments").document]
    path = tmp_path / "steps.jsonl"
    lines = [{"ids": ids, "act": "reopen"}, {"ids": ids[::3], "act": "cancel", "reason": "all of it at once"}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def running(profile: Path, steps: Path, *more: str) -> subprocess.Popen[str]:
    with steps.open("rb") as source:
        return subprocess.Popen(
            [*COMMAND, "--json", "bulk", "--progress", *more],
            stdin=source, env=environment(profile), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle_nothing_is_kept(
    asked: Himsog, profile: Path, steps: Path, number: signal.Signals
) -> None:
    before = asked("digest").document
    made = running(profile, steps)
    assert made.stderr is not None
    next(made.stderr)
    made.send_signal(number)
    out, _ = made.communicate(timeout=60)
    assert (made.returncode, json.loads(out)["error"]["code"]) == (1, "cancelled")
    assert asked("digest").document == before


@pytest.mark.slow
def test_killed_at_any_moment_it_is_done_whole_or_not_at_all(asked: Himsog, profile: Path, steps: Path) -> None:
    before, random, seen = asked("digest").document, Random(20261127), set[str]()
    request = str(uuid4())
    for kill in range(4):
        made = running(profile, steps, "--request-id", request)
        assert made.stderr is not None
        # Further on each time: while it plans, while it writes, near the end.
        for _ in range(1 + kill + random.randrange(2)):
            if not made.stderr.readline():
                break
        made.kill()
        made.communicate(timeout=60)
        seen.add(_state(asked, before))
        assert asked("doctor").document["ok"]
    done = running(profile, steps, "--request-id", request)
    answer = json.loads(done.communicate(timeout=60)[0])
    assert (done.returncode, answer["count"], answer["refused"]) == (0, VISITS, [])
    assert _state(asked, before) == "done"
    assert seen <= {"nothing", "done"}
    acts = {entry["act"] for entry in asked("history", answer["changed"][0]["id"]).document}
    assert answer["act"] in acts
    assert len(acts) == 2, "the import, and this act once"


def _state(asked: Himsog, before: Any) -> str:
    if asked("digest").document == before:
        return "nothing"
    found = [a["status"] for a in asked("appointments").document]
    return "done" if (found.count("CONFIRMED"), found.count("CANCELLED")) == (1_000, 500) else "half"
