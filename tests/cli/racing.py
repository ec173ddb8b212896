"""Real processes at one profile: two that race for a slot, one that is killed and asked again.

Shared by the short tests and by ``tests.campaigns.desk``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "himsog_desktop.cli"]


class Batch:
    """A running ``himsog batch``: a line in, a line out."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [*COMMAND, "batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(environment), cwd=ROOT
        )

    def send(self, *argv: str) -> None:
        """Ask, without waiting for the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"argv": argv}).encode() + b"\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        """The next answer."""
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def ask(self, *argv: str) -> Any:
        """Ask and wait."""
        self.send(*argv)
        return self.answer()

    def end(self) -> int:
        """Let it end; its exit code."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        return self._process.wait(60)


def free_starts(environment: Mapping[str, str], provider: str, first: str, days: int) -> list[str]:
    """The free slots of a provider."""
    command = ["--json", "slots", "--provider", provider, "--from", first, "--days", str(days), "--only-free"]
    done = subprocess.run([*COMMAND, *command], env=dict(environment), cwd=ROOT, capture_output=True, check=True)
    return [slot["start"] for slot in json.loads(done.stdout)]


def booking(provider: str, start: str, name: str, request_id: str) -> list[str]:
    """The arguments of a booking."""
    return ["book", "--provider", provider, "--start", start, "--patient-name", name, "--request-id", request_id]


def race(environment: Mapping[str, str], provider: str, starts: Sequence[str]) -> list[str]:
    """Two running processes book each of these slots at the same moment; what went wrong, a sentence each."""
    both = [Batch(environment), Batch(environment)]
    wrong = []
    try:
        for batch in both:
            batch.ask("profile", "info")
        for start in starts:
            for i, batch in enumerate(both):
                batch.send("book", "--provider", provider, "--start", start, "--patient-name", f"Racer, Number {i}")
            wrong += judged(start, [batch.answer() for batch in both])
    finally:
        for batch in both:
            batch.end()
    return wrong


def race_afresh(environment: Mapping[str, str], provider: str, start: str) -> list[str]:
    """Two commands started at the same moment book one slot."""
    command = ["--json", "book", "--provider", provider, "--start", start, "--patient-name", "Racer, Fresh"]
    both = [
        subprocess.Popen([*COMMAND, *command], env=dict(environment), cwd=ROOT, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    outs = [process.communicate(timeout=60)[0] for process in both]
    wrong = judged(start, [json.loads(out) for out in outs])
    if sorted(process.returncode for process in both) != [0, 1]:
        wrong.append(f"{start}: exit codes {[process.returncode for process in both]}")
    return wrong


def judged(start: str, answers: Sequence[Any]) -> list[str]:
    """Exactly one is booked, the other refused with the reason and three other times."""
    won = [a for a in answers if "act" in a]
    lost = [a["error"] for a in answers if "error" in a]
    if len(won) != 1 or len(lost) != 1:
        return [f"{start}: {len(won)} booked, {len(lost)} refused"]
    (refusal,) = lost
    rules = {detail["rule"] for detail in refusal["details"]}
    if refusal["code"] != "slot_unavailable" or "booked" not in rules or len(refusal["alternatives"]) != 3:
        return [f"{start}: refused as {refusal['code']} for {rules} with {len(refusal['alternatives'])} others"]
    if won[0]["changed"][0]["start"] != start:
        return [f"{start}: booked at {won[0]['changed'][0]['start']}"]
    return []


def acts(provider: str, starts: Sequence[str], count: int, random: Random) -> list[list[str]]:
    """Bookings, and every tenth command an undo of the one before; each with a request id of its own."""
    commands: list[list[str]] = []
    for i in range(count):
        request = str(UUID(int=random.getrandbits(128), version=4))
        if i % 10 == 9:
            commands.append(["undo", "--request-id", request])
        else:
            commands.append(booking(provider, starts[i], f"Patient, Number {i}", request))
    return commands


def mixed(known: Sequence[str], provider: str, starts: Sequence[str], count: int, random: Random) -> list[list[str]]:
    """Acts of every kind on appointments that are there, and new bookings; some will be refused by a rule.

    Undo names no act: it takes back the newest, so that one act done twice would shift all that follow.
    """
    commands: list[list[str]] = []
    for i in range(count):
        kind = random.choices(("book", "move", "status", "note", "undo", "many"), (30, 20, 15, 10, 15, 10))[0]
        key, start = random.choice(known), random.choice(starts)
        if kind == "book":
            command = ["book", "--provider", provider, "--start", start, "--patient-name", f"Patient, Number {i}"]
        elif kind == "move":
            command = ["move", key, "--start", start]
        elif kind == "status":
            act = random.choice(("confirm", "complete", "cancel", "no-show", "reopen", "unconfirm"))
            command = ["status", act, *random.sample(known, random.choice((1, 1, 3)))]
        elif kind == "many":
            command = ["reassign", *random.sample(known, 3), "--provider", random.choice((provider, "lim"))]
        elif kind == "note":
            command = ["note", key, f"note {i}"]
        else:
            command = ["undo"]
        commands.append([*command, "--request-id", str(UUID(int=random.getrandbits(128), version=4))])
    return commands


def run_batch(environment: Mapping[str, str], commands: Sequence[Sequence[str]]) -> list[Any]:
    """A batch that nobody disturbs; its answers."""
    content = b"".join(json.dumps({"argv": list(command)}).encode() + b"\n" for command in commands)
    done = subprocess.run([*COMMAND, "batch"], input=content, capture_output=True, env=dict(environment), cwd=ROOT)
    return [json.loads(line) for line in done.stdout.splitlines()]


def without_ids(answer: Any) -> Any:
    """An answer without what is drawn at random, so that those of two profiles compare."""
    if "error" in answer:
        return (answer["error"]["code"], answer["error"]["details"], answer["error"]["alternatives"])
    changed = [_seen(a) for a in answer["changed"]]
    return (answer["kind"], changed, [(r["code"], r["rules"]) for r in answer["refused"]])


def _seen(a: Any) -> tuple[Any, ...]:
    return (a["patient"]["name"], a["start"], a["end"], a["status"], a["notes"], a["lane"], a["cancelled"])


def all_seen(environment: Mapping[str, str]) -> tuple[list[Any], list[Any], list[str]]:
    """What a profile holds but for random ids: appointments, their histories, and what doctor finds wrong."""
    batch = Batch(environment)
    try:
        found = batch.ask("appointments")
        histories = [[(h["kind"], sorted(h["after"])) for h in batch.ask("history", a["id"])] for a in found]
        health = batch.ask("doctor")
    finally:
        batch.end()
    wrong = [finding["text"] for finding in health["findings"] if finding["level"] == "error"]
    return sorted(map(_seen, found), key=repr), sorted(histories), wrong


def killed_and_repeated(
    environment: Mapping[str, str],
    commands: Sequence[Sequence[str]],
    kills: int,
    random: Random,
    told: Callable[[str], None] = lambda _: None,
) -> list[Any]:
    """Run a batch, kill it after a random number of answers, run it whole again; the last run's answers.

    Answers that came before a kill have to come again, byte for byte.
    """
    given: dict[int, bytes] = {}
    content = b"".join(json.dumps({"argv": list(command)}).encode() + b"\n" for command in commands)
    path = Path(environment["HIMSOG_PROFILE"]).parent / "batch.jsonl"
    path.write_bytes(content)
    for number in range(kills):
        # From a file, so that it is killed while it acts and not while it waits for us.
        with path.open("rb") as commands_file:
            process = subprocess.Popen(
                [*COMMAND, "batch"], stdin=commands_file, stdout=subprocess.PIPE, env=dict(environment), cwd=ROOT
            )
        assert process.stdout is not None
        wanted = random.randrange(1, len(commands))
        for i in range(wanted):
            line = process.stdout.readline()
            assert given.setdefault(i, line) == line, f"answer {i} differs after a crash"
        # Somewhere inside the acts that follow.
        time.sleep(random.random() * 0.02)
        process.kill()
        rest = process.stdout.read().splitlines(keepends=True)
        for i, line in enumerate((line for line in rest if line.endswith(b"\n")), wanted):
            assert given.setdefault(i, line) == line, f"answer {i} differs after a crash"
        process.stdout.close()
        process.wait(60)
        told(f"kill {number + 1}: after {wanted + len(rest)} of {len(commands)} answers")
    done = subprocess.run([*COMMAND, "batch"], input=content, capture_output=True, env=dict(environment), cwd=ROOT)
    lines = done.stdout.splitlines(keepends=True)
    assert len(lines) == len(commands)
    for i, line in given.items():
        assert lines[i] == line, f"answer {i} differs after a crash"
    return [json.loads(line) for line in lines]


def agrees(environment: Mapping[str, str], answers: Sequence[Any]) -> list[str]:
    """After such a batch: each act is there once, in the data and in the history, and the file is sound."""
    wrong = [f"refused: {answer['error']['code']}" for answer in answers if "error" in answer]
    standing: list[str] = []
    told: dict[str, list[str]] = {}
    for act in (answer for answer in answers if "act" in answer):
        if act["kind"].startswith("undo."):
            told[standing.pop()].append(act["act"])
        else:
            standing.append(act["changed"][0]["id"])
            told[standing[-1]] = [act["act"]]
    batch = Batch(environment)
    try:
        found = [a["id"] for a in batch.ask("appointments", "--query", "Patient, Number")]
        if sorted(found) != sorted(standing):
            wrong.append(f"{len(standing)} appointments were booked and not undone, {len(found)} are there")
        for key, expected in told.items():
            history = [entry["act"] for entry in batch.ask("history", key)]
            if history != expected:
                wrong.append(f"{key}: {len(expected)} acts were answered, history has {len(history)}")
        health = batch.ask("doctor")
        wrong += [f"doctor: {f['text']}" for f in health["findings"] if f["level"] == "error"]
    finally:
        batch.end()
    return wrong
