"""Many commands in one process: a line in, a line out, whatever the line."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from himsog_desktop.cli.commands import batch
from tests.cli.conftest import Himsog
from tests.cli.test_acts import TEN


def lines(*commands: list[str]) -> bytes:
    return b"".join(json.dumps({"argv": command}).encode() + b"\n" for command in commands)


def run(asked: Himsog, stdin: bytes) -> tuple[int, list[Any]]:
    answer = asked("batch", stdin=stdin)
    return answer.exit, [json.loads(line) for line in answer.out.splitlines()]


def test_each_line_is_answered_as_the_command_would(asked: Himsog) -> None:
    book = ["book", "--provider", "cruz", "--start", TEN, "--patient-name", "Peña, José", "--request-id", str(uuid4())]
    code, (act, again, listed, providers) = run(
        asked, lines(book, book, ["appointments", "--json"], ["providers", "--limit", "1"])
    )
    assert code == 0
    assert act == again
    assert listed == act["changed"]
    assert len(providers) == 1
    assert asked(*book).document == act


def test_a_bad_line_is_answered_and_the_batch_goes_on(asked: Himsog) -> None:
    good = lines(["profile", "info"])
    stdin = good + b'\n  \nnot json\n[]\n{"argv": "book"}\n{"argv": [1]}\n\xff\n' + b"[" * 5000 + b"\n" + good
    code, answers = run(asked, stdin)
    assert code == 2
    assert [a.get("error", {}).get("code") for a in answers] == [None, *["usage"] * 6, None]


@pytest.mark.parametrize(
    ("command", "worst"),
    [
        (["profile", "info"], 0),
        (["book", "--provider", "cruz", "--start", "2026-11-20T03:00:00+08:00", "--patient-name", "A"], 1),
        (["appointment", "nobody"], 2),
        (["--as", "nobody", "providers"], 4),
    ],
)
def test_the_exit_code_is_the_highest(asked: Himsog, command: list[str], worst: int) -> None:
    assert run(asked, lines(["providers"], command, ["services"]))[0] == worst


@pytest.mark.parametrize(
    "command",
    [
        ["batch"],
        ["profile", "create", "x", "--clinic", "A", "--timezone", "UTC"],
        ["demo", "create", "x"],
        ["restore", "x"],
        ["bench", "slots_30_days"],
        ["note", "x", "-"],
        ["--profile", "/elsewhere", "providers"],
    ],
)
def test_what_makes_no_sense_inside(asked: Himsog, command: list[str]) -> None:
    code, answers = run(asked, lines(["providers"], command, ["providers"]))
    assert (code, answers[1]["error"]["code"]) == (2, "usage")
    assert answers[0] == answers[2]


def test_other_people_act_in_one_batch(asked: Himsog) -> None:
    book = ["book", "--provider", "cruz", "--start", TEN, "--patient-name", "Uy, An"]
    code, (refused, act) = run(asked, lines(["--as", "rea", *book], ["--as", "ana", *book]))
    assert code == 4
    assert refused["error"]["code"] == "forbidden"
    assert act["by"]["name"] == "Ana at the desk"


def test_help_is_a_line_too(asked: Himsog) -> None:
    code, (helped, version) = run(asked, lines(["book", "--help"], ["--version"]))
    assert code == 0
    assert helped["help"].startswith("Usage: himsog book")
    assert "\n" not in version["help"]


def test_the_set_up_may_change_on_the_way(asked: Himsog, tmp_path: Any) -> None:
    path = tmp_path / "clinic.toml"
    path.write_text('[clinic]\nname = "Renamed"\n')
    code, answers = run(asked, lines(["profile", "info"], ["setup", "apply", str(path)], ["profile", "info"]))
    assert code == 0
    assert answers[2]["clinic"]["name"] == "Renamed"


def test_nothing_to_do(asked: Himsog) -> None:
    assert run(asked, b"") == (0, [])


def test_a_line_without_an_end_counts(asked: Himsog) -> None:
    assert run(asked, lines(["providers"]).rstrip())[0] == 0


def test_a_line_that_is_too_long(asked: Himsog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "LINE_MOST", 1000)
    code, answers = run(asked, lines(["note", "x", "y" * 5000], ["providers"], ["note", "x", "y" * 5000]))
    assert code == 2
    assert [type(a) for a in answers] == [dict, list, dict]
    assert answers[0]["error"]["code"] == "too_long"


def test_ten_megabytes_of_note(asked: Himsog) -> None:
    code, (answer,) = run(asked, lines(["note", "x", "y" * 10_000_000]))
    assert (code, answer["error"]["code"]) == (2, "too_long")
