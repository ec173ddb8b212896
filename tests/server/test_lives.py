"""A standby is no place to ask; a copy in another cluster, and a standby that took over, are another life."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from himsog_desktop.domain.errors import HimsogError, Surroundings
from himsog_desktop.domain.people import Role
from himsog_desktop.server import people
from himsog_desktop.server.connection import administrator
from himsog_desktop.sync.address import parse
from himsog_desktop.sync.remotes.postgres import PostgresRemote
from tests.support.postgres import KINDS, Database, Server, Servers, as_server, free_port, wait_for
from tests.support.web import MONDAY, Web

PASSWORD = "a password of tests"


def _desk(database: Database) -> tuple[PostgresRemote, str]:
    """A person of the only clinic that a provider of the web has, and that clinic."""
    with database.connect() as db:
        row = db.execute("SELECT id FROM desk.clinics").fetchone()
    assert row is not None
    login = f"liz-{database.name[-8:]}"
    people.add(database.url, people.Wanted(login, Role.MANAGER, (row[0],), password=PASSWORD))
    return PostgresRemote(parse(database.address), login, PASSWORD), row[0]


def _busy(database: Database) -> None:
    with database.connect() as db:
        web = Web(db)
        web.book(web.provider("Dr Only"), web.user("Ana Reyes"), MONDAY)


def _pulled(remote: PostgresRemote, clinic: str, cursor: str) -> tuple[int, str]:
    batches = list(remote.pull(clinic, cursor))
    return sum(len(batch.changes) for batch in batches), batches[-1].cursor or ""


def test_a_dump_restored_into_another_cluster_is_another_life(servers: Servers, shared_database: Database) -> None:
    others = [name for name in KINDS if name != shared_database.server.name]
    if not others:
        pytest.skip("there is one PostgreSQL on this machine")
    _busy(shared_database)
    remote, clinic = _desk(shared_database)
    first = remote.hello()
    old = list(remote.snapshot(clinic, None))[-1].cursor or ""
    remote.close()
    with shared_database.connect() as db:
        # Years of transactions: the other cluster has not come so far.
        db.execute("UPDATE desk.head SET xid = '900000000'")
    there = servers.get(others[-1])
    there.template()
    copy = there.create()
    try:
        text = shared_database.dump()
        newest = max(KINDS, key=lambda name: int(name) if name.isdecimal() else 0)
        subprocess.run(
            [str(KINDS[newest] / "psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-d", copy.url],
            # An older server does not know every setting that a newer program writes.
            input="\n".join(line for line in text.splitlines() if "transaction_timeout" not in line),
            text=True,
            check=True,
            capture_output=True,
            timeout=60,
        )
        with administrator(copy.url) as db:
            assert db.execute("SELECT home <> desk.home() FROM desk.meta").fetchone() == (True,)
        remote, clinic = _desk(copy)
        # Before anybody said hello nothing is told, and by nobody's old cursor afterwards.
        with pytest.raises(HimsogError, match="anew"):
            _pulled(remote, clinic, old)
        second = remote.hello()
        assert second.epoch != first.epoch
        with pytest.raises(HimsogError, match="anew"):
            _pulled(remote, clinic, old)
        cursor = list(remote.snapshot(clinic, None))[-1].cursor or ""
        assert _pulled(remote, clinic, cursor)[0] == 0
        assert remote.hello().epoch == second.epoch
        remote.close()
    finally:
        copy.drop()


@pytest.fixture
def standby(postgres: Server) -> Iterator[Server]:
    """A standby of the server of these tests."""
    assert postgres.programs is not None
    if postgres.given:
        pytest.skip("the server was given: it is not ours to copy")
    folder = Path(tempfile.mkdtemp(prefix="himsog-pg-"))
    who = _who(folder)
    copy = Server("standby", postgres.programs, folder, free_port())
    base = ["-h", str(postgres.folder), "-p", str(postgres.port), "-U", "postgres"]
    postgres.run("pg_basebackup", *base, "-D", str(folder / "data"), "-R", "-c", "fast", "-X", "stream", **who)
    options = f"-c port={copy.port} -c unix_socket_directories={folder} -c hot_standby=on"
    start = ["-D", str(folder / "data"), "-l", str(folder / "log"), "-o", options, "-w", "-t", "60", "start"]
    postgres.run("pg_ctl", *start, **who)
    yield copy
    copy.stop()


def _who(folder: Path) -> dict[str, Any]:
    who = as_server()
    if who:
        shutil.chown(folder, who["user"])
    folder.chmod(0o755)
    return who


def test_a_standby_is_refused_until_it_takes_over(shared_database: Database, standby: Server) -> None:
    _busy(shared_database)
    remote, clinic = _desk(shared_database)
    first = remote.hello()
    cursor = list(remote.snapshot(clinic, None))[-1].cursor or ""
    remote.close()
    copy = Database(standby, shared_database.name)
    wait_for(lambda: _caught_up(copy, first.epoch), 30)
    away = PostgresRemote(parse(copy.address), f"liz-{shared_database.name[-8:]}", PASSWORD)
    for call in (away.hello, lambda: _pulled(away, clinic, cursor), lambda: list(away.snapshot(clinic, None))):
        with pytest.raises(HimsogError) as refused:
            call()
        assert refused.value.code == "retry"
    with pytest.raises(Surroundings, match="standby"), administrator(copy.url):
        pass
    assert standby.folder is not None
    standby.run("pg_ctl", "-D", str(standby.folder / "data"), "-w", "promote", **_who(standby.folder))
    second = away.hello()
    assert second.epoch != first.epoch
    with pytest.raises(HimsogError, match="anew"):
        _pulled(away, clinic, cursor)
    away.close()


def _caught_up(copy: Database, epoch: str) -> bool:
    with suppress(Exception), copy.connect() as db:
        return bool(db.execute("SELECT epoch = %s::uuid FROM desk.meta", (epoch,)).fetchone() == (True,))
    return False
