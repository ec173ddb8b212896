"""The command as a process among others: races, kills, closed pipes, full disks, Ctrl+C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.cli import racing
from tests.cli.conftest import COMMAND, NOW, Himsog, environment
from tests.cli.test_acts import TEN

WINDOWS = sys.platform == "win32"


def test_a_day_from_the_shell(process: Himsog) -> None:
    act = process("--json", "book", "--provider", "cruz", "--start", TEN, "--patient-name", "Peña, José")
    assert (act.exit, act.err) == (0, "")
    key = act.document["changed"][0]["number"]
    assert process("status", "confirm", key).text.startswith("Confirmed: 1 appointment.")
    assert process("appointments", "--json").document[0]["status"] == "CONFIRMED"
    assert process("undo", "--json").exit == 0
    refused = process("book", "--provider", "cruz", "--start", TEN, "--patient-name", "Uy, An")
    assert (refused.exit, refused.out) == (1, b"")
    assert "Already booked" in refused.err


@pytest.mark.slow
def test_two_processes_book_one_slot(profile: Path) -> None:
    env = environment(profile)
    starts = racing.free_starts(env, "cruz", NOW[:10], 5)
    assert racing.race(env, "cruz", starts[1:21]) == []
    assert racing.race_afresh(env, "cruz", starts[0]) == []


@pytest.mark.slow
@pytest.mark.skipif(WINDOWS, reason="SIGKILL is POSIX")
def test_killed_at_any_moment_and_repeated_each_act_is_there_once(profile: Path) -> None:
    env, random = environment(profile), Random(20261120)
    starts = racing.free_starts(env, "cruz", NOW[:10], 10)
    commands = racing.acts("cruz", starts, 80, random)
    answers = racing.killed_and_repeated(env, commands, 3, random)
    assert len(answers) == 80
    assert racing.agrees(env, answers) == []


@pytest.mark.skipif(WINDOWS, reason="pipes break differently there")
def test_a_reader_that_goes_away(profile: Path) -> None:
    commands = json.dumps({"argv": ["providers"]}).encode() + b"\n"
    made = subprocess.Popen(
        [*COMMAND, "batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment(profile),
    )  # fmt: skip
    assert made.stdin is not None
    assert made.stdout is not None
    assert made.stderr is not None
    made.stdin.write(commands)
    made.stdin.flush()
    made.stdout.readline()
    made.stdout.close()
    made.stdin.write(commands)
    made.stdin.close()
    assert made.wait(30) == 1
    assert made.stderr.read() == b""
    made.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_an_answer_that_cannot_be_written(profile: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        made = subprocess.run(
            [*COMMAND, "--json", "providers"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(profile),
            check=False,
        )
    assert made.returncode == 3
    assert made.stderr.startswith(b"The answer could not be written: ")
    assert made.stderr.count(b"\n") == 1


@pytest.mark.skipif(WINDOWS, reason="SIGINT is sent differently there")
def test_ctrl_c_ends_a_batch_quietly(profile: Path) -> None:
    made = subprocess.Popen(
        [*COMMAND, "batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment(profile),
    )  # fmt: skip
    assert made.stdin is not None
    assert made.stdout is not None
    made.stdin.write(json.dumps({"argv": ["providers"]}).encode() + b"\n")
    made.stdin.flush()
    made.stdout.readline()
    made.send_signal(signal.SIGINT)
    _, err = made.communicate(timeout=30)
    assert (made.returncode, err) == (130, b"")


def test_arguments_that_are_no_text(profile: Path) -> None:
    made = subprocess.run(
        [*map(os.fsencode, COMMAND), b"--json", b"patients", b"--query", b"Pe\xf1a"],
        capture_output=True, env=environment(profile), check=False,
    )  # fmt: skip
    assert made.returncode == 2
    assert json.loads(made.stdout)["error"]["code"] == "bad_value"
    assert made.stderr == b""


def test_a_terminal_that_knows_no_letters_of_ours(profile: Path) -> None:
    env = {**environment(profile), "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    book = ["book", "--provider", "cruz", "--start", TEN, "--patient-name", "Pena"]
    made = subprocess.run([*COMMAND, *book], capture_output=True, env=env, check=False)
    assert made.returncode == 0
    assert b"10:00?10:30" in made.stdout
    made = subprocess.run([*COMMAND, "--json", "appointments"], capture_output=True, env=env, check=False)
    assert json.loads(made.stdout)[0]["start"] == TEN
