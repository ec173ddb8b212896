"""Fifty desks book the same ten slots with the cable out, and come back beside a web application that also books.

    python -m tests.campaigns.many_desks                       50 desks, 10 slots, PostgreSQL of the system
    python -m tests.campaigns.many_desks --desks 8 --slots 4

Every desk is a process of its own with a profile of its own. The web-style writer reads, then inserts, with no
lock, as the platform does. Each slot must end with exactly one active appointment, every attempt of a desk that
lost must be in Needs attention, and no two active appointments may overlap at any commit: a second connection
looks all the while. Prints what went wrong; exit 1 if anything did.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import psycopg

from tests.campaigns import stations
from tests.cli.racing import Batch

OVERLAPS = """
SELECT count(*) FROM public.appointments AS a JOIN public.appointments AS b
    ON a.provider_id = b.provider_id AND a.id < b.id AND a.start_time < b.end_time AND b.start_time < a.end_time
 WHERE a.status IN ('PENDING', 'CONFIRMED') AND b.status IN ('PENDING', 'CONFIRMED')"""


def main() -> int:
    """Run the campaign; 1 when anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--desks", type=int, default=50)
    parser.add_argument("--slots", type=int, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--version", type=int, help="of PostgreSQL: 15 or 18")
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}")
    with (
        tempfile.TemporaryDirectory(prefix="himsog-campaign-") as folder,
        stations.campaign_server(wanted.version) as server,
    ):
        wrong = _campaign(Path(folder), server, wanted.desks, wanted.slots, Random(wanted.seed))
    for sentence in wrong:
        print(f"WRONG: {sentence}")
    print("Something went wrong." if wrong else "All is well.")
    return 1 if wrong else 0


def _campaign(folder: Path, server: stations.CampaignServer, count: int, slots: int, random: Random) -> list[str]:
    url = server.url()
    first = stations.clinic(folder)
    clinic_id = stations.share(first, server.admin)
    logins = [f"desk{i:02}" for i in range(count)]
    stations.staff(first.environment, server.admin, clinic_id, logins, "receptionist")
    one = stations.station(folder / logins[0], url, clinic_id, logins[0])
    desks = [one] + [one.copy(folder / login, login) for login in logins[1:]]
    starts = [
        slot["start"]
        for slot in one.run("slots", "--provider", "cruz", "--from", "2026-11-23", "--days", "3", "--only-free")
    ][:slots]
    print(f"{count} desks, {len(starts)} slots")
    batches = _signed_in(desks)
    wrong: list[str] = []
    refused_early = 0
    for start in starts:  # the cable is out: nobody sees the others' bookings
        for i, batch in enumerate(batches):
            batch.send(*_booking(start, i))
        for batch in batches:
            answer = batch.answer()
            if "act" not in answer:
                refused_early += 1
                wrong.append(f"{start}: refused offline: {answer['error']['message']}")
    for batch in batches:
        batch.end()
    watch, web = _Watch(server.admin), _Web(server.admin, starts, random)
    began = time.monotonic()
    order = list(desks)
    random.shuffle(order)
    with watch, web:
        coming = [desk.start("sync") for desk in order]
        for process in coming:
            process.communicate(timeout=600)
    # What others did meanwhile.
    answers = [desk.sync() for desk in order]
    took = time.monotonic() - began
    for answer in answers:
        if answer.get("state") != "done" or answer["waiting"]:
            wrong.append(f"a desk did not drain: {answer}")
    won = _active(server.admin, starts)
    for start, holders in won.items():
        if len(holders) != 1:
            wrong.append(f"{start}: {len(holders)} active appointments")
    ours = sum(1 for holders in won.values() for source in holders if source != "web")
    refused = _refused(server.admin)
    if refused != count * len(starts) - ours:
        wrong.append(f"{count * len(starts)} attempts, {ours} won, but {refused} refused on the server")
    sums = {str(desk.run("digest")["tables"]) for desk in desks[:: max(1, count // 8)]}
    if len(sums) != 1:
        wrong.append("digests of desks differ")
    shown = {desk.run("profile", "info")["counts"]["attention"] for desk in desks[:: max(1, count // 8)]}
    if shown != {refused}:
        wrong.append(f"Needs attention shows {shown}, refused are {refused}")
    if watch.worst:
        wrong.append(f"{watch.worst} overlaps were seen at a commit")
    by = Counter("web" if "web" in holders else "desk" for holders in won.values())
    print(
        f"{count * len(starts)} attempts, {ours} won, {refused} in Needs attention, slots went to {dict(by)}; "
        f"the web tried {web.tried}, won {web.won}, was refused by the constraint {web.refused}; "
        f"{watch.looks} looks; all synced in {took:.1f} s"
    )
    return wrong


def _booking(start: str, number: int) -> list[str]:
    name = f"Racer, Number {number}"
    return ["book", "--provider", "cruz", "--start", start, "--patient-name", name, "--request-id", str(uuid.uuid4())]


def _signed_in(desks: list[stations.Station]) -> list[Batch]:
    """A running program at each, everybody as herself; a few at a time, because each is a whole program."""
    batches = []
    for i, desk in enumerate(desks):
        if i:
            desk.run("signout", desks[0].login)
            desk.run("signin", desk.login)
        batch = desk.batch()
        batch.ask("profile", "info")
        batches.append(batch)
    return batches


def _active(url: str, starts: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with psycopg.connect(url) as connection:
        for start in starts:
            rows = connection.execute(
                "SELECT coalesce(d.source, 'web') FROM public.appointments AS a"
                " LEFT JOIN desk.appointment_desk AS d ON d.appointment_id = a.id"
                " WHERE a.start_time = %s AND a.status IN ('PENDING', 'CONFIRMED')",
                (start,),
            ).fetchall()
            found[start] = [row[0] for row in rows]
    return found


def _refused(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM desk.ledger WHERE verdict->>'verdict' = 'refused'").fetchone()
    assert row is not None
    return int(row[0])


class _Watch:
    """Looks for overlaps as fast as it can."""

    def __init__(self, url: str) -> None:
        self.worst = self.looks = 0
        self._url, self._ending = url, threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    def _look(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            while not self._ending.is_set():
                row = connection.execute(OVERLAPS).fetchone()
                assert row is not None
                self.worst = max(self.worst, row[0])
                self.looks += 1


class _Web:
    """Books as the web application does: looks whether it is free, then inserts, with no lock.

    Until the first desk is heard it wants half of the places only: fifty programs take a while to start, and who
    comes first would have them all.
    """

    def __init__(self, url: str, starts: list[str], random: Random) -> None:
        self.tried = self.won = self.refused = 0
        self._url, self._starts, self._random = url, starts, random
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._book)

    def __enter__(self) -> _Web:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    def _book(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            provider = connection.execute("SELECT provider_id FROM desk.provider_desk WHERE key = 'cruz'").fetchone()
            assert provider is not None
            user = str(uuid.uuid4())
            connection.execute(
                'INSERT INTO public."user" (id, name, email, "updatedAt") VALUES (%s, %s, %s, now())',
                (user, "Web, Patient", f"{user}@example.com"),
            )
            heard = False
            while not self._ending.is_set():
                heard = heard or connection.execute("SELECT 1 FROM desk.ledger LIMIT 1").fetchone() is not None
                wanted = self._starts if heard else self._starts[::2]
                start = datetime.fromisoformat(self._random.choice(wanted))
                end = start + timedelta(minutes=30)
                busy = connection.execute(
                    "SELECT 1 FROM public.appointments WHERE provider_id = %s AND status IN ('PENDING', 'CONFIRMED')"
                    " AND start_time < %s AND end_time > %s",
                    (provider[0], end, start),
                ).fetchone()
                self.tried += 1
                if busy is not None:
                    time.sleep(0.005)
                    continue
                # Between looking and inserting others come in; and a person thinks before the next booking.
                time.sleep(self._random.random() * 0.5)
                number = f"APT{self._random.randrange(10**8):08}WEB{self._random.randrange(10)}"
                try:
                    connection.execute(
                        "INSERT INTO public.appointments (id, appointment_number, user_id, provider_id, start_time,"
                        " end_time, status, total_price, patient_name, patient_email, updated_at)"
                        " VALUES (%s, %s, %s, %s, %s, %s, 'PENDING', 500, %s, %s, now())",
                        (str(uuid.uuid4()), number, user, provider[0], start, end, "Web, Patient", "web@example.com"),
                    )
                    self.won += 1
                except psycopg.errors.ExclusionViolation:
                    self.refused += 1
                time.sleep(self._random.random() * 4)


if __name__ == "__main__":
    sys.exit(main())
