"""The feed beside many writers: not a row is missed, whoever commits in whichever order (reliability, P1 to P3).

    python -m tests.campaigns.feed                       5,000 rows, 16 writers, transactions of up to 300 ms
    python -m tests.campaigns.feed --rows 500 --seed 7 --version 18

The web application books, changes and deletes in transactions that stay open for up to 300 ms; one in twenty is
rolled back. All the while a desk pulls. In the end what it heard must be what is there, each version once.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from himsog_desktop.domain.people import Role
from himsog_desktop.server import people
from himsog_desktop.sync.address import parse
from himsog_desktop.sync.remotes.postgres import PostgresRemote
from tests.support import postgres
from tests.support.postgres import Database
from tests.support.web import MONDAY, Web

PASSWORD = "a password of campaigns"


@dataclass
class Heard:
    """What a desk was told, and what was wrong with it."""

    notes: dict[str, str | None] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    vers: dict[str, int] = field(default_factory=dict)
    pulls: int = 0
    changes: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)


def main() -> int:
    """Run the campaign; 1 when anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--version", default="", help="of PostgreSQL: 15 or 18")
    given = parser.parse_args()
    server = postgres.start(given.version or postgres.USUAL)
    try:
        began = time.monotonic()
        heard, there = run(server.create(server.template()), given.rows, given.writers, given.seed)
        print(
            f"seed {given.seed}: {len(there)} rows there, {heard.changes} changes in {heard.pulls} pulls"
            f" (the slowest {heard.slowest * 1000:.0f} ms), {len(heard.gone)} gone, {time.monotonic() - began:.1f} s"
        )
        for text in heard.wrong[:20]:
            print(f"  {text}")
        return 1 if heard.wrong else 0
    finally:
        server.stop()


def run(database: Database, rows: int, writers: int, seed: int) -> tuple[Heard, dict[str, str | None]]:
    """Let them write, and a desk pull; what was heard (``wrong`` in it) and what is there."""
    with database.connect() as db:
        web = Web(db)
        patient = web.user("Patient")
        providers = [web.provider(f"Dr {i}") for i in range(writers)]
        db.execute("INSERT INTO desk.clinics VALUES ('all', 'All', 'Asia/Manila', 'PHP', NULL)")
        db.execute("UPDATE desk.clinic_providers SET clinic_id = 'all'")
    login = f"feed-{database.name[-8:]}"
    people.add(database.url, people.Wanted(login, Role.MANAGER, ("all",), password=PASSWORD))
    remote = PostgresRemote(parse(database.address), login, PASSWORD, clinic="all")
    try:
        remote.hello()
        cursor = list(remote.snapshot("all", None))[-1].cursor
        assert cursor is not None
        heard = Heard()
        threads = [
            threading.Thread(target=_write, args=(database, provider, patient, rows // writers, Random(seed + i)))
            for i, provider in enumerate(providers)
        ]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            cursor = _pull(remote, cursor, heard)
        for thread in threads:
            thread.join()
        cursor = _pull(remote, cursor, heard)
        before = heard.changes
        _pull(remote, cursor, heard)
        if heard.changes != before:
            heard.wrong.append("what was heard was told again when nothing had changed")
    finally:
        remote.close()
    with database.connect() as db:
        there: dict[str, str | None] = dict(db.execute("SELECT id, notes FROM appointments").fetchall())
    _compare(heard, there)
    return heard, there


def _write(database: Database, provider: str, patient: str, rows: int, random: Random) -> None:
    start, mine = MONDAY, []
    with database.connect() as db:
        web = Web(db)
        while rows > 0:
            made: list[str] = []
            try:
                with db.transaction():
                    for _ in range(random.randint(1, 4)):
                        made.append(web.book(provider, patient, start))
                        start += timedelta(minutes=30)
                        if mine and random.random() < 0.5:
                            web.change(random.choice(mine), notes=str(random.random()))
                    if mine and random.random() < 0.1:
                        gone = random.choice(mine)
                        web.delete("appointments", gone)
                        mine.remove(gone)
                    # How long a transaction stays open is what this is about.
                    db.execute("SELECT pg_sleep(%s)", (random.random() ** 3 * 0.3,))
                    if random.random() < 0.05:
                        raise _Withdrawn
            except _Withdrawn:
                mine = [row[0] for row in db.execute("SELECT id FROM appointments WHERE provider_id = %s", (provider,))]
                continue
            rows -= len(made)
            mine += made


class _Withdrawn(Exception):
    """The web application rolls back."""


def _pull(remote: PostgresRemote, cursor: str, heard: Heard) -> str:
    began = time.monotonic()
    found: str | None = None
    for batch in remote.pull("all", cursor):
        for change in batch.changes:
            if change.entity != "appointment":
                continue
            heard.changes += 1
            if change.ver <= heard.vers.get(change.key, 0):
                heard.wrong.append(f"{change.key} was told in version {change.ver} again or after a later one")
            heard.vers[change.key] = change.ver
            if change.state == "live":
                heard.gone.discard(change.key)
                heard.notes[change.key] = _text(change.image.get("notes"))
            else:
                heard.notes.pop(change.key, None)
                heard.gone.add(change.key)
        found = batch.cursor
    assert found is not None
    heard.pulls += 1
    heard.slowest = max(heard.slowest, time.monotonic() - began)
    return found


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _compare(heard: Heard, there: dict[str, str | None]) -> None:
    heard.wrong += [f"{key} was never told" for key in there if key not in heard.notes]
    heard.wrong += [f"{key} is not there" for key in heard.notes if key not in there]
    heard.wrong += [
        f"{key} was told as it was before" for key, notes in there.items() if heard.notes.get(key, notes) != notes
    ]


if __name__ == "__main__":
    sys.exit(main())
