"""`himsog database attach|detach|check|upgrade`: documents, words and exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.cli.conftest import Himsog
from tests.support.postgres import Database, Server
from tests.support.web import MONDAY, Web, build


@pytest.fixture
def platform(postgres: Server) -> Iterator[Database]:
    made = postgres.create()
    with made.connect() as db:
        build(db)
        web = Web(db)
        provider, patient = web.provider("Cruz Clinic"), web.user("Secret Name")
        web.book(provider, patient, MONDAY)
        web.book(provider, patient, MONDAY + timedelta(minutes=5))
    yield made
    made.drop()


def test_the_documents_of_a_desk_that_comes_and_goes(platform: Database, asked: Himsog) -> None:
    url = platform.url
    dry = asked("database", "attach", url, "--dry-run").document
    assert (dry["state"], dry["changed"], dry["dry_run"]) == ("would attach", False, True)
    assert dry["steps"][0].keys() == {"name", "text"}
    found = asked("database", "attach", url).document
    assert found["changed"] is True
    assert found["clinics"] == dry["clinics"]
    assert [(c["name"], c["providers"]) for c in found["clinics"]] == [("Cruz Clinic", 1)]
    assert found["overlaps"] == dry["overlaps"]
    (over,) = found["overlaps"]
    assert (over["lane"], len(over["beside"]), found["overlaps_total"]) == (1, 1, 1)
    again = asked("database", "attach", url)
    assert (again.exit, again.document["state"], again.document["changed"]) == (0, "already", False)
    checked = asked("database", "check", url)
    assert (checked.exit, checked.document["ok"], checked.document["state"]) == (0, True, "ready")
    assert asked("database", "upgrade", url, "--dry-run").document["state"] == "would upgrade"
    assert asked("database", "upgrade", url).document["state"] == "upgraded"
    assert asked("database", "detach", url, "--dry-run").document["lost"] == []
    gone = asked("database", "detach", url)
    assert (gone.exit, gone.document["state"]) == (0, "detached")
    assert asked("database", "detach", url).document["changed"] is False


def test_what_people_read_says_what_matters_and_no_patient(platform: Database, himsog: Himsog) -> None:
    url = platform.url
    told = [himsog("database", word, url) for word in ("check", "attach", "attach", "check", "upgrade")]
    assert [one.exit for one in told] == [0] * 5
    for one, word in zip(
        told, ("without a desk", "is attached", "attached already", "as it should", "up to"), strict=True
    ):
        assert word in one.text
        assert "Secret Name" not in one.text
    with platform.connect() as db:
        db.execute("DROP TRIGGER himsog_insert ON services")
        db.execute("INSERT INTO desk.rooms VALUES ('r', 'c', 'Room 1', 'room', NULL, 0)")
    wrong = himsog("database", "check", url)
    assert wrong.exit == 1
    assert "Trigger himsog_insert on services is missing" in wrong.text
    kept = himsog("database", "detach", url)
    assert kept.exit == 1
    assert "rooms and devices: 1" in kept.text
    assert "--yes" in kept.text
    assert himsog("database", "detach", url, "--yes").exit == 0


def test_a_database_that_is_none_is_refused_in_words(empty_database: Database, asked: Himsog) -> None:
    found = asked("database", "attach", empty_database.url)
    assert found.exit == 1
    assert "database create" in found.document["differences"][0]
    assert asked("database", "attach", "nonsense").error["code"] == "usage"
    away = asked("database", "check", "postgresql://postgres:s3cret@127.0.0.1:1/x")
    assert (away.exit, away.error["code"]) == (3, "offline")
    assert "127.0.0.1, port 1" in away.error["message"]
    assert b"s3cret" not in away.out
    gone = asked("database", "check", empty_database.server.url("no_such_database"))
    assert (gone.exit, gone.error["code"]) == (2, "not_found")
    for words in (
        ("staff", "list", "--database", empty_database.url),
        ("staff", "disable", "mara", "--database", empty_database.url),
        ("staff", "add", "mara", "--role", "it", "--clinic", "c", "--database", empty_database.url),
        ("database", "digest", empty_database.url, "--clinic", "c"),
    ):
        found = asked(*words)
        assert (found.exit, found.error["code"]) == (1, "in_use"), words
        assert "himsog database attach" in found.error["message"]
