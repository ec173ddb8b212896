"""``himsog staff``: people of a profile of its own, and of a shared database with the administrator's URL."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from tests.cli.conftest import Himsog
from tests.support.postgres import Database


def test_people_of_a_profile(asked: Himsog) -> None:
    made = asked("staff", "add", "lea", "--role", "receptionist", "--name", "Lea Cruz").document
    assert (made["login"], made["role"], made["active"], made["signs_in"]) == ("lea", "receptionist", True, False)
    assert made["id"] in {one["id"] for one in asked("staff", "list").document}
    again = asked("staff", "add", "lea", "--role", "manager").document
    assert (again["id"], again["name"], again["role"]) == (made["id"], "Lea Cruz", "manager")
    assert asked("staff", "disable", "lea").document["active"] is False
    assert asked("staff", "disable", "nobody").exit == 2
    assert asked("staff", "add", "x", "--role", "king").exit == 2


def test_somebody_manages(asked: Himsog) -> None:
    managers = [one for one in asked("staff", "list").document if one["role"] == "manager" and one["active"]]
    answers = [asked("staff", "disable", one["login"]) for one in managers]
    assert answers[-1].exit == 1
    assert answers[-1].error["code"] == "in_use"


def test_a_profile_is_given_to_a_server_by_somebody_alone(asked: Himsog, profile: Path) -> None:
    """Where several people use it and none is the owner, nobody acts for them unnamed."""
    assert asked("staff", "add", "mia", "--role", "manager").exit == 0
    assert asked("staff", "add", "lea", "--role", "it").exit == 0
    assert asked("staff", "disable", "owner").exit == 0
    found = asked("database", "create", "postgresql://127.0.0.1:9/himsog", "--from-profile", profile)
    assert (found.exit, found.error["code"]) == (4, "signed_out")
    assert "--as" in found.error["message"]


def test_people_of_a_shared_database(asked: Himsog, shared_database: Database) -> None:
    """Their password goes by stdin and comes back nowhere."""
    url, login = shared_database.url, f"lea-{shared_database.name[-8:]}"
    with shared_database.connect() as db:
        db.execute("INSERT INTO desk.clinics (id, name, timezone, currency) VALUES ('c', 'C', 'Asia/Manila', 'PHP')")
        words = ("staff", "add", login, "--role", "manager", "--clinic", "c", "--database", url, "--password-stdin")
        try:
            made = asked(*words, stdin=b"a long secret\n").document
            assert made["clinics"] == [{"id": "c", "name": "C"}]
            assert "secret" not in str(made)
            for table in ("login", "staff_clinic", "staff"):
                db.execute(f"DELETE FROM desk.{table}".encode())
            assert asked(*words, stdin=b"a long secret\n").document["id"] == made["id"], "also after a restore"
            with shared_database.person(login, "a long secret") as hers:
                assert hers.execute("SELECT desk.cards_v1('c')").fetchall() == []
            assert asked("staff", "add", login, "--role", "it", "--clinic", "d", "--database", url).exit == 2
            assert asked("staff", "add", "postgres", "--role", "it", "--clinic", "c", "--database", url).exit == 1
            assert asked("staff", "disable", login, "--database", url).document["active"] is False
            with pytest.raises(psycopg.OperationalError):
                shared_database.person(login, "a long secret")
        finally:
            db.execute(f'DROP OWNED BY "{login}"'.encode())
            db.execute(f'DROP ROLE "{login}"'.encode())
