"""The desk comes to a platform of 100,000 appointments while its web application works, and goes away again.

    python -m tests.campaigns.attaching                                100,000 appointments, 200 overlaps
    python -m tests.campaigns.attaching --rows 5000 --version 18

The web application books, changes and deletes all the while, as fast as it is answered, and every act is timed: what
it waits for is what attaching costs it. In the end nothing may be missing beside the platform's rows, and a dump of
the schema must be what it was before. Prints the figures; exit 1 when anything was wrong.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from himsog_desktop.server.attach import attach
from himsog_desktop.server.check import check
from himsog_desktop.server.detach import detach
from tests.support import postgres
from tests.support.postgres import Database
from tests.support.web import MONDAY, Web, build, crowd

PAUSE_S = 0.01
"""Between two acts of the web application."""
FAR = timedelta(days=4000)
"""What it books meanwhile lies beyond everything that is there."""


@dataclass
class Acts:
    """What the web application did, in seconds each, and what went wrong with it."""

    took: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def main() -> int:
    """Run the campaign; 1 when anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--overlaps", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--version", default="", help="of PostgreSQL: 15 or 18")
    given = parser.parse_args()
    server = postgres.start(given.version or postgres.USUAL)
    try:
        wrong = run(server.create(), given.rows, given.overlaps, Random(given.seed))
    finally:
        server.stop()
    for line in wrong:
        print("WRONG", line)
    print("All is well." if not wrong else f"{len(wrong)} wrong.")
    return 1 if wrong else 0


def run(database: Database, rows: int, overlaps: int, chance: Random) -> list[str]:
    """What went wrong; prints the figures."""
    with database.connect() as db:
        build(db)
        crowd(db, rows)
        db.execute(
            "INSERT INTO appointments SELECT (jsonb_populate_record(a, jsonb_build_object('id', 'over' || a.id,"
            " 'appointment_number', 'X' || a.id, 'start_time', a.start_time + interval '10 minutes'))).*"
            " FROM appointments AS a WHERE a.status = 'CONFIRMED' ORDER BY a.id LIMIT %s",
            (overlaps,),
        )
        db.execute("ANALYZE")
    schema = database.dump("--schema-only")
    acts, stop = Acts(), threading.Event()
    web = threading.Thread(target=_web, args=(database, chance, acts, stop))
    web.start()
    try:
        began = time.monotonic()
        attach(database.url)
        attached = time.monotonic() - began
    finally:
        stop.set()
        web.join()
    wrong = acts.wrong + _whole(database)
    began = time.monotonic()
    detach(database.url, yes=True)
    gone = time.monotonic() - began
    if database.dump("--schema-only") != schema:
        wrong.append("the schema is not what it was")
    took = sorted(acts.took)
    print(
        f"{rows} appointments, {overlaps} overlaps: attached in {attached:.1f} s, detached in {gone:.1f} s;"
        f" {len(took)} acts of the web: median {statistics.median(took) * 1000:.0f} ms,"
        f" p99 {took[len(took) * 99 // 100] * 1000:.0f} ms, slowest {took[-1] * 1000:.0f} ms"
    )
    return wrong


def _whole(database: Database) -> list[str]:
    found = check(database.url)
    wrong = [f"check: {line}" for line in found.differences]
    with database.connect() as db:
        for what, text in (
            (
                "an appointment without a head",
                "SELECT count(*) FROM appointments AS a WHERE NOT EXISTS"
                " (SELECT 1 FROM desk.head AS h WHERE h.entity = 'appointment' AND h.key = a.id AND h.state = 'live')",
            ),
            (
                "an active appointment without its place",
                "SELECT count(*) FROM appointments AS a WHERE a.status IN ('PENDING', 'CONFIRMED') AND NOT EXISTS"
                " (SELECT 1 FROM desk.occupancy AS o WHERE o.owner = a.id)",
            ),
        ):
            row = db.execute(text.encode()).fetchone()
            if row is None or row[0]:
                wrong.append(f"{what}: {None if row is None else row[0]}")
    return wrong


def _web(database: Database, chance: Random, acts: Acts, stop: threading.Event) -> None:
    with database.connect() as db:
        web = Web(db)
        there: list[str] = []
        at = MONDAY + FAR
        patient, provider = web.user("Campaign"), web.provider("Campaign Clinic")
        while not stop.wait(PAUSE_S):
            began = time.monotonic()
            try:
                what = chance.random()
                if what < 0.5 or not there:
                    at += timedelta(hours=1)
                    there.append(web.book(provider, patient, at))
                elif what < 0.9:
                    web.change(chance.choice(there), status=chance.choice(["PENDING", "CONFIRMED"]))
                else:
                    web.delete("appointments", there.pop(chance.randrange(len(there))))
            except Exception as error:
                acts.wrong.append(f"the web application was refused: {type(error).__name__}")
                return
            acts.took.append(time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
