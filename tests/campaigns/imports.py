"""A large import beside a desk that goes on booking, as large as you like.

    python -m tests.campaigns.imports                 110,000 appointments of 27,500 patients
    python -m tests.campaigns.imports --rows 20000 --limit 150

A file of the shape of a real clinic's is made. Then: a dry run; an import that is stopped half-way and one
that is killed, of which nothing is left; the import, while another process books without a pause; the same
file again, all unchanged; one undo, of which nothing is left. Prints the figures; exit 1 when anything was
left, refused, or made to wait for longer than ``--limit`` milliseconds.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random

from himsog_desktop.domain.commands import Book, NewPatient, Undo
from himsog_desktop.domain.errors import Refused
from himsog_desktop.services import booking, digests, importing, pacing, profiles, undoing
from himsog_desktop.services.desk import Desk
from tests.support.profiles import KEY, MANILA, FixedClock, make_profile

NOW = "2026-11-20T08:00:00+08:00"
HEADER = (
    "appointment_id,slot_id,scheduling_date,appointment_date,appointment_time,scheduling_interval,status,"
    "check_in_time,appointment_duration,start_time,end_time,waiting_time,patient_id,sex,age,age_group"
)
GIVEN = ("Ana", "José", "María", "Juan", "Luz", "Pedro", "Rosa", "Carlos")
FAMILY = ("Reyes", "Cruz", "Ng", "Uy", "Santos", "Peña", "Garcia", "Bautista")


def main() -> int:
    """Run the campaign; 1 when anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=110_000)
    parser.add_argument("--limit", type=float, default=150.0, help="milliseconds that a booking may wait")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--book", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--import", nargs=2, dest="child", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.book:
        return _books(Path(asked.book[0]), Path(asked.book[1]), int(asked.book[2]))
    if asked.child:
        return _imports(Path(asked.child[0]), Path(asked.child[1]))
    with tempfile.TemporaryDirectory(prefix="himsog-campaign-") as folder:
        wrong = Campaign(Path(folder), asked.rows, asked.limit, asked.seed).run()
    for sentence in wrong:
        print(f"WRONG: {sentence}")
    print("Something went wrong." if wrong else "All is well.")
    return 1 if wrong else 0


def write_clinic(folder: Path, rows: int, seed: int) -> tuple[Path, Path]:
    """Tables of patients and appointments of the shape of ``medscheduler``: one column, six to the hour."""
    random, patients = Random(seed), rows // 4
    people, table = folder / "patients.csv", folder / "appointments.csv"
    with people.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("patient_id", "name", "sex", "dob"))
        for i in range(patients):
            name = f"{random.choice(GIVEN)} {random.choice(GIVEN)} {random.choice(FAMILY)}"
            born = date(1940, 1, 1) + timedelta(days=random.randrange(29_000))
            out.writerow((f"{i:06d}", name, random.choice(("Female", "Male")), born))
    with table.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER.split(","))
        for number, line in zip(range(rows), _lines(random, patients), strict=False):
            out.writerow((f"{number:06d}", *line))
    return people, table


def _lines(random: Random, patients: int) -> Iterator[tuple[object, ...]]:
    today, day, slot = date(2026, 11, 20), date(2019, 1, 2), 0
    while True:
        for minute in (*range(480, 720, 10), *range(780, 1020, 10)) if day.weekday() < 6 else ():
            slot += 1
            for _ in range(1 if random.random() < 0.9 else 2):
                words, weights = ["attended", "cancelled", "did not attend", "unknown"], [77, 16, 6.5, 0.5]
                status = random.choices(words, weights)[0] if day < today else "scheduled"
                came = status == "attended"
                wall, booked = f"{minute // 60:02d}:{minute % 60:02d}:00", day - timedelta(random.randint(0, 30))
                ends = f"{(minute + 12) // 60:02d}:{(minute + 12) % 60:02d}:30"
                seen = (wall, 12.5, wall, ends, 3) if came else ("",) * 5
                yield (slot, booked, day, wall, (day - booked).days, status, *seen,
                       f"{random.randrange(patients):06d}", "Female", 40, "40-44")  # fmt: skip
        day += timedelta(days=1)


class Campaign:
    """One profile, one file, and what went wrong."""

    def __init__(self, folder: Path, rows: int, limit: float, seed: int) -> None:
        self.folder, self.rows, self.limit = folder, rows, limit
        self.people, self.table = write_clinic(folder, rows, seed)
        self.profile = folder / "profile"
        self.profile.mkdir()
        make_profile(self.profile)
        self.desk = _desk(self.profile)
        self.wrong: list[str] = []
        self.longest = 0.0
        told = pacing.Pace.told

        def watched(pace: pacing.Pace, rows: int, seconds: float) -> None:
            self.longest = max(self.longest, seconds)
            told(pace, rows, seconds)

        pacing.Pace.told = watched  # type: ignore[method-assign]

    def run(self) -> list[str]:
        """All of it."""
        with self.desk.cache:
            with self._timed("patients"):
                importing.import_patients(self.desk, self.people)
            before = digests.digest(self.desk)
            with self._timed("dry run"):
                dry = importing.import_appointments(self.desk, self.table, create_missing=True, dry_run=True)
            self._same(before, "a dry run")
            self._stopped(self.rows // 2)
            self._same(before, "an import that was stopped")
            self._killed()
            self._same(before, "an import that was killed")
            with self._booked_beside(), self._timed("import, with bookings beside it"):
                made = importing.import_appointments(self.desk, self.table, create_missing=True)
            self._expect((made.taken, made.by_status) == (dry.taken, dry.by_status), "the dry run said otherwise")
            self._expect(made.taken == self.rows, f"{made.taken:,} of {self.rows:,} rows were taken")
            with self._timed("the same again"):
                again = importing.import_appointments(self.desk, self.table)
            self._expect(again.unchanged == self.rows, f"{again.unchanged:,} of {self.rows:,} rows were unchanged")
            with self._timed("undo"):
                undone = undoing.undo(self.desk, Undo(made.act))
            self._expect(not undone.refused, f"{len(undone.refused)} rows were not undone")
            left = self.desk.reader.execute("SELECT count(*) FROM appointments WHERE user_id NOT IN"
                                            " (SELECT id FROM user)").fetchone()[0]  # fmt: skip
            self._expect(left == 0, f"{left} appointments of nobody")
            imported = "SELECT count(*) FROM appointment_desk WHERE source = 'import'"
            self._expect(self.desk.reader.execute(imported).fetchone()[0] == 0, "imported rows are left")
        return self.wrong

    def _stopped(self, half: int) -> None:
        done = 0

        def told(rows: int, _: int) -> None:
            nonlocal done
            done = rows

        with self._timed("stopped half-way"):
            try:
                importing.import_appointments(
                    self.desk, self.table, create_missing=True, progress=told, cancelled=lambda: done >= half
                )
                self.wrong.append("the import did not stop")
            except Refused as refused:
                self._expect(refused.code == "cancelled", refused.message)

    def _killed(self) -> None:
        child = _child("--import", str(self.profile), str(self.table))
        assert child.stdout is not None
        for line in child.stdout:
            if int(line) >= self.rows // 2:
                break
        child.send_signal(signal.SIGKILL)
        child.communicate()
        with self._timed("taking back what was killed"):
            self._expect(undoing.finish_broken(self.desk) == 1, "the broken import was not found")

    @contextmanager
    def _booked_beside(self) -> Iterator[None]:
        stop = self.folder / "stop"
        child = _child("--book", str(self.profile), str(stop), str(self.rows))
        assert child.stdout is not None
        child.stdout.readline()
        try:
            yield
        finally:
            stop.touch()
            answer = json.loads(child.communicate()[0])
        waits = sorted(answer["waits"])
        middle, most = waits[len(waits) // 2], waits[len(waits) * 95 // 100]
        print(f"{len(waits):,} bookings: median {middle:.1f} ms, 95 % {most:.1f} ms, longest {waits[-1]:.1f} ms")
        self._expect(waits[-1] <= self.limit, f"a booking waited {waits[-1]:.0f} ms")
        self._expect(not answer["refused"], f"{answer['refused']} bookings were refused")

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        self.longest = 0.0
        began, spent = time.perf_counter(), time.process_time()
        yield
        wall, spent = time.perf_counter() - began, time.process_time() - spent
        print(f"{what}: {wall:.1f} s ({spent:.1f} s of the processor); longest chunk {self.longest * 1000:.0f} ms")

    def _same(self, before: object, what: str) -> None:
        self._expect(digests.digest(self.desk) == before, f"{what} left something")

    def _expect(self, holds: bool, sentence: str) -> None:
        if not holds:
            self.wrong.append(sentence)


def _desk(profile: Path) -> Desk:
    return profiles.open_desk(profile, KEY, FixedClock(MANILA.instant(date(2026, 11, 20), 8 * 60)))


def _child(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.campaigns.imports", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def _imports(profile: Path, table: Path) -> int:
    desk = _desk(profile)
    importing.import_appointments(desk, table, create_missing=True, progress=lambda done, _: print(done, flush=True))
    return 0


def _books(profile: Path, stop: Path, _: int) -> int:
    """Book one appointment after the other, each a new patient's, until told to stop."""
    desk = _desk(profile)
    provider = desk.reader.execute("SELECT provider_id FROM provider_desk WHERE key = 'cruz'").fetchone()[0]
    waits: list[float] = []
    refused = 0
    free = _times()
    book: Callable[[], object] = lambda: booking.book(  # noqa: E731
        desk, Book(provider, next(free), new_patient=NewPatient(f"Beside {len(waits)}"))
    )
    book()
    print("ready", flush=True)
    while not stop.exists():
        began = time.perf_counter()
        try:
            book()
        except Refused:
            refused += 1
        waits.append((time.perf_counter() - began) * 1000)
        # A person types for a moment; two desks book at most every tenth of a second.
        time.sleep(0.03)
    print(json.dumps({"waits": waits, "refused": refused}))
    return 0


def _times() -> Iterator[int]:
    day = date(2027, 1, 4)
    while True:
        if day.weekday() < 5:
            for minute in (480, 510, 540, 570, 600, 630, 660, 690, 780, 810, 840, 870, 900, 930, 960):
                yield MANILA.instant(day, minute)
        day += timedelta(days=1)


if __name__ == "__main__":
    sys.exit(main())
