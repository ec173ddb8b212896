"""A day of broken lines and dying programs: what the desks did is on the server once, and every cache agrees.

    python -m tests.campaigns.cable                          200 disturbances, 3 desks
    python -m tests.campaigns.cable --disturbances 20 --seed 7

Each desk has an agent that syncs through a proxy, and acts all the while through ``himsog batch``. Disturbances, at
random: the cable is pulled and put back, the line flaps, replies are swallowed, an agent is killed, the server is
stopped with ``pg_ctl stop -m immediate`` and started again (fsync and synchronous_commit on). Meanwhile the web
application books and deletes. After the last one everything heals: every outbox must drain within 120 s, every
digest must equal the server's, every acknowledged booking must be there exactly once or be in Needs attention.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import uuid
from collections import Counter
from pathlib import Path
from random import Random

import psycopg

from tests.campaigns import stations
from tests.cli.racing import Batch
from tests.support.proxy import Proxy

HEALED_WITHIN = 120.0
KINDS = ("cut", "flap", "swallow", "kill agent", "stop server")


def main() -> int:
    """Run the campaign; 1 when anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--disturbances", type=int, default=200)
    parser.add_argument("--desks", type=int, default=3)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--version", type=int, help="of PostgreSQL: 15 or 18")
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}")
    with (
        tempfile.TemporaryDirectory(prefix="himsog-campaign-") as folder,
        stations.campaign_server(wanted.version) as server,
        Proxy(server.address) as proxy,
    ):
        campaign = _Campaign(Path(folder), server, proxy, wanted.desks, Random(wanted.seed))
        wrong = campaign.run(wanted.disturbances)
    for sentence in wrong:
        print(f"WRONG: {sentence}")
    print("Something went wrong." if wrong else "All is well.")
    return 1 if wrong else 0


class _Campaign:
    def __init__(self, folder: Path, server: stations.CampaignServer, proxy: Proxy, count: int, random: Random) -> None:
        self.server, self.proxy, self.random = server, proxy, random
        self.admin = server.admin
        first = stations.clinic(folder)
        self.clinic_id = stations.share(first, self.admin)
        logins = [f"desk{i}" for i in range(count)]
        stations.staff(first.environment, self.admin, self.clinic_id, logins, "receptionist")
        url = server.url(proxy.port)
        self.desks = [stations.station(folder / login, url, self.clinic_id, login) for login in logins]
        self.starts = [
            slot["start"]
            for slot in self.desks[0].run(
                "slots", "--provider", "cruz", "--from", "2026-11-23", "--days", "365", "--only-free"
            )
        ]
        self.booked: dict[str, str] = {}
        """Patient's name to the appointment's id, of every booking that was acknowledged."""
        self.undone: set[str] = set()
        self.acts = Counter[str]()
        self.number = 0

    def run(self, disturbances: int) -> list[str]:
        """Disturb, heal, compare."""
        began = time.monotonic()
        batches = [desk.batch() for desk in self.desks]
        for desk in self.desks:
            desk.agent = desk.start("agent")
        done = Counter[str]()
        try:
            for _ in range(disturbances):
                for _ in range(self.random.randrange(1, 4)):
                    self._act(self.random.choice(batches))
                kind = self.random.choice(KINDS)
                self._disturb(kind)
                done[kind] += 1
                self._web()
        finally:
            for batch in batches:
                batch.end()
        unlost = self.proxy.heal()
        healed = time.monotonic()
        wrong = self._drained()
        took = time.monotonic() - healed
        for desk in self.desks:
            assert desk.agent is not None
            stations.kill(desk.agent)
            desk.sync()
        for desk in self.desks:
            desk.sync()
        print(
            f"{disturbances} disturbances {dict(done)}, {self.proxy.swallowed} replies lost ({unlost} not any more), "
            f"acts {dict(self.acts)}; "
            f"drained {took:.1f} s after healing; {time.monotonic() - began:.0f} s in all",
            flush=True,
        )
        return wrong + self._compared()

    def _act(self, batch: Batch) -> None:
        what = self.random.choice(("book", "book", "book", "move", "cancel", "confirm", "note", "undo"))
        request = ["--request-id", str(uuid.UUID(int=self.random.getrandbits(128), version=4))]
        known = [i for i in self.booked.values() if i not in self.undone]
        if what == "undo":
            answer = batch.ask("undo", *request)
            if "act" in answer:
                self.acts["undo"] += 1
                # What an undo removed is no longer there to be counted.
                there = {one["id"] for one in batch.ask("appointments", "--from", "2026-11-01", "--to", "2027-12-31")}
                self.undone |= {i for i in known if i not in there}
            return
        if what == "book" or not known:
            self.number += 1
            name = f"Cable, Number {self.number}"
            start = self.starts[self.random.randrange(min(len(self.starts), 400))]
            command = ["book", "--provider", "cruz", "--start", start, "--patient-name", name, *request]
            answer = batch.ask(*command)
            if "act" in answer:
                self.booked[name] = answer["changed"][0]["id"]
                self.acts["book"] += 1
            return
        one = self.random.choice(known)
        argv = {
            "move": ["move", one, "--start", self.random.choice(self.starts[:400])],
            "cancel": ["status", "cancel", one, "--reason", "Scheduling error"],
            "confirm": ["status", "confirm", one],
            "note": ["note", one, f"Note {self.random.randrange(1000)}"],
        }[what]
        if "act" in batch.ask(*argv, *request):
            self.acts[what] += 1

    def _disturb(self, kind: str) -> None:
        if kind == "cut":
            self.proxy.cut()
            time.sleep(self.random.random())
            self.proxy.mend()
        elif kind == "flap":
            for _ in range(3):
                self.proxy.flap()
                time.sleep(self.random.random() * 0.1)
        elif kind == "swallow":
            self.proxy.swallow(self.random.randrange(1, 3))
            time.sleep(self.random.random() * 0.3)
        elif kind == "kill agent":
            desk = self.random.choice(self.desks)
            assert desk.agent is not None
            stations.kill(desk.agent)
            desk.agent = desk.start("agent")
            time.sleep(self.random.random() * 0.5)
        else:
            self.server.stop_immediately()
            time.sleep(self.random.random() * 0.3)
            self.server.begin()

    def _web(self) -> None:
        """The web application books, cancels or deletes outright."""
        with psycopg.connect(self.admin, autocommit=True) as connection:
            one = connection.execute("SELECT id FROM public.appointments ORDER BY random() LIMIT 1").fetchone()
            if one is None:
                return
            chance = self.random.random()
            if chance < 0.1:
                connection.execute(
                    "UPDATE public.appointments SET status = 'CANCELLED', cancelled_at = now(), updated_at = now()"
                    " WHERE id = %s",
                    one,
                )
                self.acts["web cancel"] += 1
            elif chance < 0.15:
                connection.execute("DELETE FROM public.appointments WHERE id = %s", one)
                self.undone.add(one[0])
                self.acts["web delete"] += 1

    def _drained(self) -> list[str]:
        def nothing_waits() -> bool:
            return all(desk.run("profile", "info")["counts"]["pending"] == 0 for desk in self.desks)

        try:
            stations.eventually("every outbox is empty", nothing_waits, HEALED_WITHIN)
        except AssertionError as error:
            return [str(error)]
        return []

    def _compared(self) -> list[str]:
        wrong = []
        server = self.desks[0].run("database", "digest", self.admin, "--clinic", self.clinic_id)["tables"]
        for desk in self.desks:
            mine = desk.run("digest")["tables"]
            wrong += [f"{desk.login}: {name} differs from the server" for name in server if mine[name] != server[name]]
        with psycopg.connect(self.admin) as connection:
            there = Counter(row[0] for row in connection.execute("SELECT patient_name FROM public.appointments"))
        parked = {item["entity"]["id"] for desk in self.desks for item in desk.run("attention")}
        for name, key in self.booked.items():
            if there[name] > 1:
                wrong.append(f"{name} is there {there[name]} times")
            if not there[name] and key not in parked and key not in self.undone:
                wrong.append(f"{name} ({key}) is lost: neither on the server nor in Needs attention")
        return wrong


if __name__ == "__main__":
    sys.exit(main())
