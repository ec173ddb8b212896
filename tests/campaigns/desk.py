"""Races and kills at one profile, as often as you like.

    python -m tests.campaigns.desk                    200 races, 2,000 acts with 20 kills
    python -m tests.campaigns.desk --races 1000 --acts 5000 --kills 100 --seed 7

Two processes book the same slot at once: exactly one wins, the other is told why and what is free. A
batch of acts with request ids is killed (SIGKILL) at random moments and run again: every act is there
once, history and data agree, the file is sound. Prints what went wrong; exit 1 if anything did.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from tests.cli import racing
from tests.support.profiles import SETUP

NOW = "2026-11-20T08:00:00+08:00"
FRESH = 10
"""How many of the races are between commands that start afresh; the others are between running ones."""


def main() -> int:
    """Run the campaign; 1 when anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--races", type=int, default=200)
    parser.add_argument("--acts", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}")
    random = Random(wanted.seed)
    with tempfile.TemporaryDirectory(prefix="himsog-campaign-") as folder:
        environment = _profile(Path(folder))
        wrong = _races(environment, wanted.races)
        wrong += _kills(environment, wanted.acts, wanted.kills, random)
        wrong += _mixed(environment, wanted.acts, wanted.kills, random)
    for sentence in wrong:
        print(f"WRONG: {sentence}")
    print("Something went wrong." if wrong else "All is well.")
    return 1 if wrong else 0


def _profile(folder: Path) -> dict[str, str]:
    """A profile of the clinic under test; the environment of its commands."""
    environment = {
        **os.environ,
        "HIMSOG_PROFILE": str(folder / "profile"),
        "HIMSOG_PASSPHRASE": "a phrase for the campaign",
        "HIMSOG_NOW": NOW,
    }
    setup = folder / "clinic.toml"
    setup.write_text(SETUP, encoding="utf-8")
    create = ["profile", "create", str(folder / "profile"), "--clinic", "Campaign", "--timezone", "Asia/Manila"]
    for command in (create, ["setup", "apply", str(setup)]):
        subprocess.run([*racing.COMMAND, *command], env=environment, stdout=subprocess.DEVNULL, check=True)
    return environment


def _races(environment: dict[str, str], races: int) -> list[str]:
    starts = racing.free_starts(environment, "lim", NOW[:10], 366)[:races]
    began = time.monotonic()
    wrong = racing.race(environment, "lim", starts[FRESH:])
    for start in starts[:FRESH]:
        wrong += racing.race_afresh(environment, "lim", start)
    print(f"{len(starts)} races in {time.monotonic() - began:.1f} s")
    return wrong


def _kills(environment: dict[str, str], acts: int, kills: int, random: Random) -> list[str]:
    starts = racing.free_starts(environment, "cruz", NOW[:10], 366)
    commands = racing.acts("cruz", starts, min(acts, len(starts)), random)
    began = time.monotonic()
    answers = racing.killed_and_repeated(environment, commands, kills, random, print)
    wrong = racing.agrees(environment, answers)
    print(f"{len(commands)} acts with {kills} kills in {time.monotonic() - began:.1f} s")
    return wrong


def _mixed(environment: dict[str, str], acts: int, kills: int, random: Random) -> list[str]:
    """Acts of every kind, killed and repeated, against a copy of the profile where nothing was killed."""
    profile = Path(environment["HIMSOG_PROFILE"])
    starts = racing.free_starts(environment, "cruz", "2028-01-03", 120)[:600]
    bookings = [["book", "--provider", "cruz", "--start", s, "--patient-name", f"Known {s}"] for s in starts[::3]]
    known = [answer["changed"][0]["id"] for answer in racing.run_batch(environment, bookings)]
    commands = racing.mixed(known, "cruz", starts, acts, random)
    shutil.copytree(profile, profile.with_name("undisturbed"))
    undisturbed = {**environment, "HIMSOG_PROFILE": str(profile.with_name("undisturbed"))}
    expected = racing.run_batch(undisturbed, commands)
    began = time.monotonic()
    answers = racing.killed_and_repeated(environment, commands, kills, random, print)
    took = time.monotonic() - began
    wrong = [
        f"command {i} ({commands[i][0]}) was answered otherwise than undisturbed"
        for i, (one, other) in enumerate(zip(answers, expected, strict=True))
        if racing.without_ids(one) != racing.without_ids(other)
    ]
    there, expected_there = racing.all_seen(environment), racing.all_seen(undisturbed)
    for what, one, other in zip(("appointments", "histories"), there, expected_there, strict=False):
        if one != other:
            wrong.append(f"the {what} are not those of the undisturbed profile")
    done = Counter(
        command[0] if "act" in answer else "refused" for command, answer in zip(commands, answers, strict=True)
    )
    print(f"{len(commands)} mixed acts ({dict(done)}) with {kills} kills in {took:.1f} s")
    return wrong + [f"doctor: {text}" for text in there[2] + expected_there[2]]


if __name__ == "__main__":
    sys.exit(main())
