"""``attention`` and ``resolve``: the contract's documents and exit codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from himsog_desktop.domain.intents import Told
from himsog_desktop.services import profiles
from himsog_desktop.services.desk import Desk
from himsog_desktop.system.clock import system_clock
from tests.cli.conftest import Himsog
from tests.cli.test_documents import ACT, conforms
from tests.support.profiles import KEY
from tests.support.refusals import Refusals, settle_all, share

TEN, FREE = "2026-11-20T10:00:00+08:00", "2026-11-20T11:00:00+08:00"
ITEM = {
    "id": str, "kind": str, "entity": dict, "mine": dict, "theirs": dict, "base": dict, "rules": list, "ways": list,
    "alternatives": list,
}  # fmt: skip


@pytest.fixture
def desk(profile: Path) -> Any:
    made = profiles.open_desk(profile, KEY, system_clock())
    share(made)
    yield made
    made.cache.close()


@pytest.fixture
def card(desk: Desk, asked: Himsog) -> str:
    """A booking that was refused: somebody else has the time."""
    mine = book(asked, TEN, "Reyes, Ana")
    settle_all(desk)
    made = Refusals(desk).booking(mine, rules=(Told("booked", "Somebody has it."),))
    book(asked, TEN, "Lim, Ben")
    settle_all(desk)
    return made


def book(asked: Himsog, start: str, name: str) -> str:
    answer = asked("--as", "owner", "book", "--provider", "cruz", "--start", start, "--patient-name", name)
    assert answer.exit == 0, answer.out
    return str(answer.document["changed"][0]["id"])


def resolve(asked: Himsog, *argv: str) -> Any:
    return asked("--as", "owner", "resolve", *argv)


def test_a_profile_without_a_server(asked: Himsog) -> None:
    answer = asked("attention")
    assert (answer.exit, answer.document) == (0, [])
    assert resolve(asked, "any", "--keep", "mine").error["code"] == "not_found"


def test_the_document(asked: Himsog, card: str) -> None:
    (item,) = asked("--as", "owner", "attention").document
    assert item.keys() >= ITEM.keys()
    assert item["id"] == card
    assert item["entity"]["type"] == "appointment"
    assert item["mine"].keys() == {"kind", "by", "at", "device", "values"}
    assert item["theirs"].keys() == {"by", "at", "source", "values"}
    assert item["rules"] == [{"rule": "booked", "text": "Somebody has it."}]
    assert item["ways"] == ["theirs", "slot", "discard"]
    assert len(item["alternatives"]) == 3
    assert all(slot["available"] for slot in item["alternatives"])


def test_another_time(asked: Himsog, card: str) -> None:
    answer = resolve(asked, card, "--slot", FREE)
    assert answer.exit == 0
    conforms(answer.document, ACT)
    assert answer.document["changed"][0]["start"] == FREE
    assert answer.document["changed"][0]["sync"] == "pending"
    assert asked("--as", "owner", "attention").document == []
    assert resolve(asked, card, "--keep", "theirs").error["code"] == "changed_meanwhile"
    assert asked("--as", "owner", "undo", answer.document["act"]).exit == 0
    assert len(asked("--as", "owner", "attention").document) == 1


def test_a_taken_time_is_refused_with_three_others(asked: Himsog, card: str) -> None:
    answer = resolve(asked, card, "--slot", TEN)
    assert (answer.exit, answer.error["code"], len(answer.error["alternatives"])) == (1, "slot_unavailable", 3)
    assert resolve(asked, card, "--keep", "mine").exit == 1
    assert len(asked("--as", "owner", "attention").document) == 1


@pytest.mark.parametrize(
    "argv", [(), ("--keep", "mine", "--slot", FREE), ("--discard",), ("--keep", "both"), ("--slot", "tomorrow")]
)
def test_what_makes_no_sense(asked: Himsog, card: str, argv: tuple[str, ...]) -> None:
    assert resolve(asked, card, *argv).exit == 2


def test_discarded_with_a_reason(asked: Himsog, card: str) -> None:
    assert resolve(asked, card, "--discard", "--reason", "She will call again").exit == 0
    assert asked("--as", "owner", "attention").document == []


def test_for_people(himsog: Himsog, asked: Himsog, card: str) -> None:
    text = himsog("--as", "owner", "attention").text
    for words in (
        "is taken",
        "Reyes, Ana",
        "Lim, Ben",
        "--slot 2026-11-20T10:30:00+08:00",
        "Ways: theirs, slot, discard",
    ):
        assert words in text
