"""connect, signin, signout, sync and agent as a script runs them: documents, exit codes, where passwords go."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.people import Role
from himsog_desktop.services import profiles
from himsog_desktop.sync import address
from himsog_desktop.sync.remotes import probe
from himsog_desktop.system import agentear
from himsog_desktop.system.clock import SystemClock
from tests.cli.conftest import COMMAND, PASSPHRASE, Answered, environment, run_here
from tests.support.postgres import Database, wait_for
from tests.support.profiles import MANILA, TODAY
from tests.support.stations import CLINIC, PASSWORD, Clinic, open_clinic

pytestmark = pytest.mark.timeout(200)


@pytest.fixture
def clinic(shared_database: Database, tmp_path: Path) -> Iterator[Clinic]:
    made = open_clinic(shared_database, tmp_path)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty profile that the environment names."""
    folder = tmp_path / "cli"
    monkeypatch.setenv("HIMSOG_PASSPHRASE", PASSPHRASE)
    clock = SystemClock(MANILA.instant(TODAY, 8 * 60))
    profiles.create(folder, profiles.NewProfile("Empty", "Asia/Manila"), clock, PASSPHRASE)
    monkeypatch.setenv("HIMSOG_PROFILE", str(folder))
    monkeypatch.setenv("HIMSOG_NOW", "2026-11-20T08:00:00+08:00")
    return folder


def ask(*argv: object, stdin: bytes = b"") -> Answered:
    return run_here("--json", *argv, stdin=stdin)


def test_the_whole_way(clinic: Clinic, empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    login = clinic.person(Role.RECEPTIONIST)
    url = clinic.database.address
    found = ask("connect", url, "--clinic", CLINIC)
    assert found.exit == 0
    assert {k: found.document[k] for k in ("url", "kind", "clinic", "reachable")} == {
        "url": url,
        "kind": "postgres",
        "clinic": CLINIC,
        "reachable": True,
    }
    assert ask("sync").error["code"] == "signed_out"
    assert ask("signin", login, "--password-stdin", stdin=b"not the password\n").error["code"] == "signed_out"
    found = ask("signin", login, "--password-stdin", stdin=PASSWORD.encode() + b"\n")
    assert (found.exit, found.document["login"], found.document["clinic"]) == (0, login, CLINIC)
    found = ask("sync")
    assert found.exit == 0
    assert set(found.document) == {
        *("state", "reason", "mode", "pushed", "pulled", "refused", "waiting", "oldest_waiting_s", "duration_ms"),
        "unread",
    }
    assert (found.document["state"], found.document["mode"], found.document["waiting"]) == ("done", "full", 0)
    cruz = next(p["id"] for p in ask("providers").document if p["name"] == "Dr Elena Cruz")
    booked = ask("book", "--provider", cruz, "--start", "2026-11-20T09:00:00+08:00", "--patient-name", "Reyes, Ana")
    assert (booked.exit, booked.document["changed"][0]["sync"]) == (0, "pending")
    found = ask("sync")
    assert (found.document["state"], found.document["mode"], found.document["pushed"]) == ("done", "delta", 2)
    assert [one["sync"] for one in ask("appointments").document] == ["synced"]
    remote = ask("profile", "info").document["remote"]
    assert remote == {"url": url, "kind": "postgres", "signed_in": [login], "last_sync": "2026-11-20T08:00:00+08:00"}
    assert "In step with the server." in run_here("sync").text
    monkeypatch.setenv("HIMSOG_PASSWORD", PASSWORD)
    second = clinic.person(Role.MANAGER)
    assert ask("signin", second).document["signed_in"] == [second, login]
    # With two signed in a writing command has to be told who acts.
    refused = ask("note", booked.document["changed"][0]["id"], "hello")
    assert (refused.exit, refused.error["code"]) == (4, "signed_out")
    assert ask("--as", login, "note", booked.document["changed"][0]["id"], "hello").exit == 0
    found = ask("signout", second)
    assert (found.exit, found.document["signed_in"], found.document["waiting"]) == (0, [login], 0)
    assert ask("signout", second).exit == 2


def test_without_a_server_what_is_done_waits(clinic: Clinic, empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIMSOG_PASSWORD", PASSWORD)
    assert ask("connect", clinic.database.address).exit == 0
    assert ask("signin", clinic.person()).exit == 0
    assert ask("sync").exit == 0
    away = ask("connect", "postgresql://127.0.0.1:9/himsog")
    assert (away.exit, away.document["reachable"]) == (3, False)
    assert away.document["findings"][-1]["todo"]
    cruz = next(p["id"] for p in ask("providers").document if p["name"] == "Dr Elena Cruz")
    booked = ask("book", "--provider", cruz, "--start", "2026-11-20T09:00:00+08:00", "--patient-name", "Reyes, Ana")
    assert (booked.exit, booked.document["changed"][0]["sync"]) == (0, "pending")
    found = ask("sync")
    assert (found.exit, found.document["state"], found.document["waiting"]) == (3, "offline", 2)
    assert found.document["reason"]


def test_what_stops_sync_is_said_with_what_to_do(clinic: Clinic, empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIMSOG_PASSWORD", PASSWORD)
    login = clinic.person()
    assert ask("connect", clinic.database.address, "--clinic", "mistyped").exit == 0
    found = ask("signin", login)
    assert (found.exit, found.error["code"]) == (4, "forbidden")
    assert CLINIC in found.error["message"]
    assert ask("connect", clinic.database.address).exit == 0
    assert ask("signin", login).exit == 0
    assert ask("sync").exit == 0

    def health() -> tuple[str, str]:
        found = next(one for one in ask("doctor", "--quick").document["findings"] if one["name"] == "server")
        return found["level"], found["text"]

    assert health()[0] == "ok"
    with clinic.database.connect() as db:
        db.execute("UPDATE desk.meta SET protocol_min = 99, protocol_max = 99")
    walked = probe.probe(address.parse(clinic.database.address), login, PASSWORD)[-1]
    assert (walked.what, walked.level) == ("version", "error"), "the test of a connection finds it too"
    assert "himsog database upgrade" in walked.todo
    found = ask("sync")
    assert (found.exit, found.document["state"]) == (1, "held")
    assert "Update Himsog Desktop" in found.document["reason"]
    assert health() == ("warning", found.document["reason"].rstrip(".") + ".")
    assert "Nothing is wrong; look at" in run_here("doctor", "--quick").text
    with clinic.database.connect() as db:
        db.execute("UPDATE desk.meta SET protocol_min = 1, protocol_max = 1")
        db.execute("UPDATE desk.staff SET active = false WHERE login = %s", (login,))
    text = run_here("sync").text
    assert text.count("taken away") == 1
    assert health()[0] == "warning"
    assert ask("signout", login).exit == 0
    assert run_here("sync").text.startswith(
        "Signed out. Nobody is signed in on this profile. Sign in: himsog signin LOGIN. 0"
    )
    assert health()[1].startswith("Nobody is signed in")
    again = ask("database", "create", clinic.database.address, "--from-profile", empty)
    assert (again.exit, again.error["code"]) == (1, "in_use")


@pytest.mark.parametrize(
    "url",
    ["postgresql://nurse:s3cret@db/himsog", "postgresql://db/himsog?sslmode=require", "postgresql://db", "db"],
)
def test_an_address_that_is_none_is_usage(empty: Path, url: str) -> None:
    found = ask("connect", url)
    assert (found.exit, found.error["code"]) == (2, "bad_value")
    assert b"s3cret" not in found.out


@pytest.mark.parametrize("clinic", ["", "  ", "two\nlines", "x" * 101, "nul\0"])
def test_what_can_be_no_clinic_is_refused_before_the_address_is_kept(empty: Path, clinic: str) -> None:
    if "\0" in clinic:
        # No shell can give that; the window can.
        from himsog_desktop.services import sessions

        with pytest.raises(BadInput):
            sessions._clinic_id(clinic)
        return
    found = ask("connect", "postgresql://127.0.0.1:9/himsog", "--clinic", clinic)
    assert (found.exit, found.error["code"]) == (2, "too_long" if clinic[0:1] == "x" else "bad_value")
    assert ask("profile", "info").document["remote"] is None


def test_a_clinic_that_a_login_has_to_tell_is_said_to_be_one(clinic: Clinic, empty: Path) -> None:
    found = ask("connect", clinic.database.address, "--clinic", "nonsense")
    assert (found.exit, found.document["reachable"]) == (0, True)
    assert (found.document["findings"][-1]["what"], found.document["findings"][-1]["level"]) == ("clinic", "warning")
    assert "nonsense" in found.document["findings"][-1]["text"]
    refused = ask("signin", clinic.person(), "--password-stdin", stdin=PASSWORD.encode() + b"\n")
    assert (refused.exit, refused.error["code"]) == (4, "forbidden")
    assert CLINIC in refused.error["message"]
    # Named better, the same profile is taken.
    assert ask("connect", clinic.database.address, "--clinic", f" {CLINIC} ").document["clinic"] == CLINIC


def test_a_profile_with_data_is_not_connected(profile: Path) -> None:
    found = ask("connect", "postgresql://127.0.0.1:9/himsog")
    assert (found.exit, found.error["code"]) == (1, "in_use")
    assert "--from-profile" in found.error["message"]
    assert ask("sync").exit == 4
    assert ask("signin", "nurse", "--password-stdin", stdin=b"x\n").exit == 2


def _somebody_pushes(folder: Path) -> bool:
    lock = agentear.pusher_lock(folder)
    if lock.try_acquire():
        lock.release()
        return False
    return True


def test_the_agent_runs_until_it_is_stopped(clinic: Clinic, empty: Path) -> None:
    assert ask("connect", clinic.database.address).exit == 0
    found = ask("signin", clinic.person(), "--password-stdin", stdin=PASSWORD.encode())
    assert found.exit == 0
    running = subprocess.Popen([*COMMAND, "agent"], env=environment(empty), stdin=subprocess.DEVNULL)
    try:
        # Whoever comes first syncs: the command has to find the agent at it.
        wait_for(lambda: _somebody_pushes(empty), 60)
        # It fills the profile; the command has it do the next round.
        assert ask("sync").document["state"] == "done"
        second = subprocess.run(
            [*COMMAND, "agent"], env=environment(empty), capture_output=True, check=False, timeout=60
        )
        assert (second.returncode, b"already" in second.stderr) == (3, True)
    finally:
        running.terminate()
    assert running.wait(20) == 0
