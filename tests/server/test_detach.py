"""Detaching leaves no trace: a schema-only dump is what it was, and our roles are gone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from himsog_desktop.domain.people import Role
from himsog_desktop.server import detach as module
from himsog_desktop.server import people
from himsog_desktop.server.attach import attach
from himsog_desktop.server.detach import detach
from tests.support.postgres import KINDS, Database, Server, start
from tests.support.web import MONDAY, Web, build

_ROLES = "SELECT rolname FROM pg_roles WHERE rolname NOT LIKE 'pg\\_%' ORDER BY 1"


@pytest.fixture(scope="module", params=list(KINDS) or [""])
def lonely(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server with no other desk on it: there our roles can go."""
    if not request.param:
        pytest.skip("no PostgreSQL on this machine")
    server = start(request.param)
    yield server
    server.stop()


@pytest.fixture
def used(lonely: Server) -> Iterator[Database]:
    made = lonely.create()
    with made.connect() as db:
        build(db)
        web = Web(db)
        provider = web.provider("Cruz Clinic")
        web.book(provider, web.user("Ana"), MONDAY, service=web.service(provider, "Check-up"))
    yield made
    made.drop()


def _roles(database: Database) -> list[str]:
    with database.connect() as db:
        return [name for (name,) in db.execute(_ROLES)]


def _all_of_it(database: Database) -> str:
    return database.dump("--schema-only", "--create")


def test_nothing_is_left_of_the_desk(used: Database) -> None:
    schema, rows, roles = _all_of_it(used), used.dump("--data-only"), _roles(used)
    clinic = attach(used.url).clinics[0].id
    assert _all_of_it(used) != schema
    people.add(used.url, people.Wanted("jo", Role.RECEPTIONIST, [clinic], password="correct horse"))
    assert _roles(used) != roles
    found = detach(used.url)
    assert found.state == "refused"
    assert [(one.what, one.rows) for one in found.lost] == [("people of the staff", 1)]
    assert attach(used.url).state == "already"
    found = detach(used.url, yes=True)
    assert (found.state, found.kept) == ("detached", [])
    assert _all_of_it(used) == schema
    assert used.dump("--data-only") == rows
    assert _roles(used) == roles
    assert detach(used.url).state == "not attached"


def test_a_dry_run_of_detaching_changes_nothing(used: Database) -> None:
    attach(used.url)
    before = _all_of_it(used)
    found = detach(used.url, dry_run=True)
    assert found.state == "would detach"
    assert "triggers off appointments" in " ".join(step.text for step in found.steps)
    assert _all_of_it(used) == before
    detach(used.url)


def test_where_another_database_has_a_desk_the_roles_stay(used: Database) -> None:
    other = used.server.create()
    try:
        with other.connect() as db:
            build(db)
            Web(db).provider("Reyes Clinic")
        clinic = attach(other.url).clinics[0].id
        people.add(other.url, people.Wanted("jo", Role.MANAGER, [clinic]))
        schema = _all_of_it(used)
        attach(used.url)
        found = detach(used.url)
        assert _all_of_it(used) == schema
        assert len(found.kept) == 3
        assert all(other.name in text for text in found.kept)
        assert {"jo", "himsog_desk", "himsog_owner"} <= set(_roles(used))
        assert attach(other.url).state == "already"
        assert detach(other.url, yes=True).kept == []
    finally:
        other.drop()


@pytest.mark.parametrize("place", ["_close", "_untrigger", "_drop"])
def test_what_broke_off_is_gone_on_with(used: Database, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    schema, roles = _all_of_it(used), _roles(used)
    attach(used.url)
    real = getattr(module, place)
    calls = []

    def broken(*args: object) -> object:
        calls.append(args)
        if len(calls) == (2 if place == "_untrigger" else 1):
            raise RuntimeError("broke off")
        return real(*args)

    monkeypatch.setattr(module, place, broken)
    with pytest.raises(RuntimeError):
        detach(used.url)
    monkeypatch.undo()
    detach(used.url)
    assert _all_of_it(used) == schema
    assert _roles(used) == roles
