"""Snapshots that take the place of everything while other processes read, search and write beside them.

    python -m tests.campaigns.exchange                    30 seconds, two processes beside the one that syncs
    python -m tests.campaigns.exchange --seconds 300 --beside 4

Each act that a process was told is saved has to wait in the outbox at the end, every search finds whom it has to
find all the time, and the file is sound. Prints how long an act had to wait at most; exit 1 if anything went wrong.
"""

from __future__ import annotations

import argparse
import dataclasses
import multiprocessing
import sys
import tempfile
import time
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

from himsog_desktop.storage import check, load, search
from himsog_desktop.storage.cache import REMOTE, Cache
from himsog_desktop.storage.images import image_of
from tests.storage.conftest import NOW, make
from tests.storage.server import server_of, store_of

APPOINTMENTS = 300
Told = tuple[list[str], list[str], float]


def beside(folder: Path, key: bytes, name: str, stop: Event, told: Queue[Told]) -> None:
    """Read, search and write until told to stop; the acts, what went wrong, the longest wait for an act."""
    acts: list[str] = []
    wrong: list[str] = []
    longest = 0.0
    with Cache(folder, key) as cache:
        while not stop.is_set():
            act = f"{name}-{len(acts)}"
            try:
                if not search.find_patients(cache.reader, "pena", 5):
                    wrong.append("nobody was found")
                rows = cache.reader.execute("SELECT count(*) FROM tile INDEXED BY tile_status").fetchone()[0]
                if rows < APPOINTMENTS:
                    wrong.append(f"only {rows} rows in the calendar")
                cache.poll()
                began = time.monotonic()
                with cache.write(act_id=act, at=NOW, by_id="owner", device=name, kind="test") as tx:
                    keys = [row[0] for row in tx.raw.execute("SELECT id FROM appointments ORDER BY id LIMIT 5")]
                    old = load.appointments(tx.raw, [keys[len(acts) % len(keys)]])[0]
                    tx.put(old, dataclasses.replace(old, notes=act))
                longest = max(longest, time.monotonic() - began)
                acts.append(act)
            except Exception as error:
                wrong.append(f"{type(error).__name__}: {error}")
    told.put((acts, wrong, longest))


def main() -> int:
    """Run the campaign; 1 when anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--beside", type=int, default=2)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="himsog-exchange-") as folder:
        remote = make(Path(folder), REMOTE)
        server = server_of(remote)
        for i in range(APPOINTMENTS):
            one = remote.appointment(480 + 40 * i)
            server.put("appointment", one.id, image_of(one))
        store = store_of(remote)
        store.apply(server.everything(), "life")
        stop, told = multiprocessing.Event(), multiprocessing.Queue()
        others = [
            multiprocessing.Process(target=beside, args=(Path(folder), remote.cache.key, f"p{n}", stop, told))
            for n in range(wanted.beside)
        ]
        for other in others:
            other.start()
        until, snapshots = time.monotonic() + wanted.seconds, 0
        while time.monotonic() < until:
            store.stage(server.snapshot(50), "life", lambda *_: None, fresh=True, accept_deletions=True)
            snapshots += 1
        stop.set()
        answers: list[Told] = [told.get() for _ in others]
        for other in others:
            other.join()
        raw = remote.cache.reader
        there = {row[0] for row in raw.execute("SELECT act_id FROM outbox")}
        wrong = [sentence for _, sentences, _ in answers for sentence in sentences]
        wrong += [f"{act} is lost" for acts, _, _ in answers for act in acts if act not in there]
        wrong += [f"{entity} {key} is not what waits" for entity, key in check.misfolded(raw, remote.clinic.id)]
        if check.wrong_tiles(raw) or check.wrong_search(raw):
            wrong.append("derived tables are wrong")
        if not check.file_is_sound(remote.cache.path, remote.cache.key, thorough=True):
            wrong.append("the file is not sound")
        remote.cache.close()
    for sentence in wrong[:50]:
        print(f"WRONG: {sentence}")
    acts = sum(len(acts) for acts, _, _ in answers)
    print(f"{snapshots} snapshots, {acts} acts beside, the longest took {max(a[2] for a in answers) * 1000:.0f} ms")
    print("Something went wrong." if wrong else "All is well.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
