"""``himsog simulate``: the document of the contract, and exit 1 when an oracle fails. It asks for no profile."""

from __future__ import annotations

from tests.cli.conftest import run_here


def test_seeds_without_a_failure() -> None:
    answered = run_here("simulate", "--seeds", "20", "--from", "5", "--json")
    assert (answered.exit, answered.document) == (0, {"seeds": 20, "failures": []})
    assert run_here("simulate", "--seeds", "2").text == "2 seeds, no failure.\n"


def test_failures_are_named_and_are_the_exit_code() -> None:
    answered = run_here("simulate", "--seeds", "3", "--mutant", "no_tombstone", "--json")
    assert answered.exit == 1
    assert answered.document["seeds"] == 3
    assert {"seed": 0, "oracle": "O3"} in answered.document["failures"]


def test_many_seeds_are_done_by_several_processes() -> None:
    answered = run_here("simulate", "--seeds", "251", "--mutant", "no_tombstone", "--json")
    seeds = [one["seed"] for one in answered.document["failures"]]
    assert seeds == sorted(seeds)
    assert seeds[-1] > 245


def test_a_seed_can_be_told() -> None:
    told = run_here("simulate", "--from", "7", "--trace").text
    assert "appointment.book" in told
    assert "healed" in told


def test_what_it_does_not_know() -> None:
    assert run_here("simulate", "--mutant", "nobody", "--json").error["code"] == "bad_value"
    assert run_here("simulate", "--seeds", "0", "--json").exit == 2
