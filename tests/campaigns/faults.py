"""A disk that fails, fills up, stops or loses power at every Nth operation of the work of a profile.

    python -m tests.campaigns.faults                      every Nth of each workflow, all modes
    python -m tests.campaigns.faults --share 10           one point in ten
    python -m tests.campaigns.faults --only book,stage --modes power --seed 7
    python -m tests.campaigns.faults --control            synchronous=NORMAL: it must lose something

The storage code and the services run as they ship, over a file layer under the cipher (``support.faultdisk``). At
each point: what a person was told is saved is there, whole; what she was told is not saved is there whole or not at
all, and done again with the same request id it is there once; the file is sound; what waits and what is shown belong
together; and nothing but a sentence for people was raised. Prints points and points a second; exit 1 if anything
went wrong, or if the control lost nothing.

Long because each workflow stands beside what must be true of it.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from himsog_desktop.cli.problems import as_known
from himsog_desktop.domain.appointment import Appointment, StatusAct
from himsog_desktop.domain.commands import Book, Bulk, Move, NewPatient, SetStatus, Step, Undo, WriteNote
from himsog_desktop.domain.errors import HimsogError, Surroundings
from himsog_desktop.domain.people import Patient
from himsog_desktop.domain.time import DAY, MINUTE
from himsog_desktop.services import booking, bulk, states, undoing
from himsog_desktop.services.desk import Desk
from himsog_desktop.storage import backup, check, load, migrate
from himsog_desktop.storage.cache import REMOTE, Cache
from himsog_desktop.storage.connection import DATABASE_NAME, transaction
from himsog_desktop.storage.entities import KINDS
from himsog_desktop.storage.images import image_of
from himsog_desktop.storage.syncing import SqliteStore
from himsog_desktop.sync.repair import repair
from tests.storage.server import Server, meet
from tests.support.faultdisk import MODES, FaultDisk, Mode, abandon, driver
from tests.support.profiles import KEY, MANILA, TODAY, FixedClock, make_profile

NOW = MANILA.instant(TODAY, 8 * 60)
TABLES = {
    "clinic": "clinics",
    "staff": "staff",
    "provider": "providers",
    "service": "services",
    "patient": "user",
    "appointment": "appointments",
}
HISTORY_OF = "SELECT count(*) FROM history WHERE kind = ? AND entity_type = 'appointment'"


class Env:
    """One copy of the profile, and the server that it is in step with."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = folder
        self.server = server
        self.clock = FixedClock(NOW)
        self.cache = Cache(folder, KEY)

    @property
    def desk(self) -> Desk:
        staff = next(s for s in load.staff(self.cache.reader) if s.login == "owner")
        return Desk(self.cache, self.clock, staff, "campaign")

    @property
    def store(self) -> SqliteStore:
        return SqliteStore(self.cache, self.clock, "campaign")

    def ids(self) -> list[str]:
        """The appointments, in the order of their starts."""
        return [row[0] for row in self.cache.reader.execute("SELECT id FROM appointments ORDER BY start_time, id")]

    def one(self, place: int = 0) -> Appointment:
        """One of those that the profile began with."""
        return load.appointments(self.cache.reader, [FIRST[place]])[0]

    def count(self, text: str, *values: object) -> int:
        """What a counting statement answers."""
        return int(self.cache.reader.execute(text, values).fetchone()[0])

    def provider(self) -> str:
        """The provider under test."""
        return str(self.cache.reader.execute("SELECT provider_id FROM provider_desk WHERE key = 'cruz'").fetchone()[0])


FIRST: list[str] = []
"""Ids of the appointments that the profile begins with."""


@dataclass(frozen=True)
class Workflow:
    """Something that is done; ``done`` says how much of it is there: 0 nothing, 1 all of it, else it is torn.

    ``ready`` comes before, on a disk that works.
    """

    name: str
    run: Callable[[Env], object]
    done: Callable[[Env], float]
    ready: Callable[[Env], object] = lambda env: None


# ------------------------------------------------------------------------------------- workflows


def _book(env: Env) -> None:
    new = NewPatient("Nueva, Rosa", "rosa@example.com", "0917 555 0199")
    command = Book(env.provider(), MANILA.instant(TODAY, 16 * 60), new_patient=new, notes="the new one")
    booking.book(env.desk, command, "request-book")


def _booked(env: Env) -> float:
    found = env.count("SELECT count(*) FROM appointments WHERE notes = 'the new one'")
    patient = env.count("SELECT count(*) FROM user WHERE name = 'Nueva, Rosa'")
    waits = env.count("SELECT count(*) FROM outbox WHERE kind IN ('appointment.book', 'patient.add') AND NOT sent")
    told = env.count("SELECT count(*) FROM tile WHERE note = 'the new one'")
    return found if found == patient == told and waits == 2 * found else -1


def _book_alone(env: Env) -> None:
    _book(env)


def _booked_alone(env: Env) -> float:
    found = env.count("SELECT count(*) FROM appointments WHERE notes = 'the new one'")
    return found if found == env.count("SELECT count(*) FROM notice WHERE kind IS NOT NULL") else -1


def _alone(env: Env) -> None:
    with transaction(env.cache.writer):
        env.cache.writer.execute("UPDATE meta SET value = 'local' WHERE key = 'authority'")
    env.cache.forget()


def _move(env: Env) -> None:
    booking.move(env.desk, Move(FIRST[1], MANILA.instant(TODAY, 15 * 60)), "request-move")


def _moved(env: Env) -> float:
    there = float(env.one(1).start == MANILA.instant(TODAY, 15 * 60))
    return there if env.count(HISTORY_OF, "appointment.move") == there else -1


def _cancel(env: Env) -> None:
    states.set_status(env.desk, SetStatus(StatusAct.CANCEL, (FIRST[2],), "She called"), "request-cancel")


def _cancelled(env: Env) -> float:
    there = float(env.one(2).status.value == "CANCELLED")
    return there if env.count(HISTORY_OF, "appointment.cancel") == there else -1


def _note(env: Env) -> None:
    booking.write_note(env.desk, WriteNote(FIRST[3], "a note under way"), "request-note")


def _noted(env: Env) -> float:
    there = float(env.one(3).notes == "a note under way")
    return there if env.count("SELECT count(*) FROM tile WHERE note = 'a note under way'") == there else -1


def _to_undo(env: Env) -> None:
    booking.write_note(env.desk, WriteNote(FIRST[4], "to be undone"))
    booking.write_note(env.desk, WriteNote(FIRST[4], "to be undone too"))
    waiting = env.store.waiting(50)
    env.store.sending([waiting[0].intent.id])


def _undo(env: Env) -> None:
    # The first is withdrawn, of the second an intent tells that it goes back.
    undoing.undo(env.desk, Undo(), "request-undo-1")


def _undone(env: Env) -> float:
    found = {"to be undone too": 0.0, "to be undone": 1.0}.get(env.one(4).notes or "", -1)
    return found if env.count("SELECT count(*) FROM act WHERE undone_by IS NOT NULL") == found else -1


def _bulk(env: Env) -> None:
    bulk.carry_out(env.desk, Bulk((Step(tuple(FIRST[5:17]), StatusAct.CONFIRM),)), "request-bulk")


def _bulked(env: Env) -> float:
    confirmed = sum(a.status.value == "CONFIRMED" for a in load.appointments(env.cache.reader, FIRST[5:17]))
    return confirmed / 12


def _import(env: Env) -> None:
    """A chunk of an import: new patients and appointments of theirs."""
    if _imported(env):
        return
    old = env.one(0)
    with env.desk.write("import.appointments", source="import") as tx:
        tx.note_everything()
        patients = [
            Patient(f"import-patient-{i}", f"Imported {i}", f"i{i}@example.com", NOW, NOW, phone=f"+63917555{i:04d}")
            for i in range(20)
        ]
        tx.put_many([(None, patient) for patient in patients])
        made = [
            replace(
                old,
                id=f"import-{i}",
                number=f"APT9{i:04d}",
                patient_id=patient.id,
                start=old.start - 30 * DAY + i * 30 * MINUTE,
                end=old.end - 30 * DAY + i * 30 * MINUTE,
                external_system="old",
                external_id=str(i),
            )
            for i, patient in enumerate(patients)
        ]
        tx.put_many([(None, one) for one in made])


def _imported(env: Env) -> float:
    return env.count("SELECT count(*) FROM appointments WHERE id LIKE 'import-%'") / 20


def _to_settle(env: Env) -> None:
    _settle(env)
    booking.write_note(env.desk, WriteNote(FIRST[6], "for the server"))
    env.store.sending([w.intent.id for w in env.store.waiting(50)])


def _settle(env: Env) -> None:
    for one in env.store.waiting(50):
        env.store.settle(env.server.push(one.intent), repair)


def _settled(env: Env) -> float:
    waits = env.count("SELECT count(*) FROM outbox WHERE state = 'pending'")
    done = env.count("SELECT count(*) FROM outbox WHERE state = 'done'") - 1
    based = env.count("SELECT count(*) FROM base")
    flags = env.count("SELECT count(*) FROM tile WHERE flags & 1")
    return float(done) if waits == based == flags == 1 - done else -1


def _refuse(env: Env) -> None:
    for one in env.store.waiting(50):
        env.store.settle(env.server.push(one.intent, refuse=True), repair)


def _refused(env: Env) -> float:
    cards = env.count("SELECT count(*) FROM card WHERE resolved IS NULL")
    kept = env.count("SELECT count(*) FROM outbox WHERE state = 'refused'")
    flags = env.count("SELECT count(*) FROM tile WHERE flags & 2")
    note = env.one(6).notes == "for the server"
    return float(cards) if cards == kept == flags == 1 - note else -1


def _changed(server: Server, count: int) -> None:
    for i in range(count):
        key = ("appointment", FIRST[i % len(FIRST)])
        server.put(*key, {**server.images[key], "notes": "by a colleague"})
    server.put("appointment", FIRST[-1], {})


def _pull(env: Env) -> None:
    env.store.apply(env.server.everything(), "life")


def _pulled(env: Env) -> float:
    new = env.count("SELECT count(*) FROM appointments WHERE notes = 'by a colleague'")
    gone = 1 - env.count("SELECT count(*) FROM appointments WHERE id = ?", FIRST[-1])
    cursor = float(env.store.cursor() == f"c{env.server.moment}")
    return cursor if new == (len(FIRST) - 2) * cursor and gone == cursor else -1


def _large(env: Env) -> None:
    old = env.server.images["appointment", FIRST[0]]
    for i in range(230):
        start = NOW + 40 * DAY + i * 30 * MINUTE
        made = {**old, "id": f"many-{i}", "number": f"APT8{i:04d}", "start": start, "end": start + 30 * MINUTE}
        env.server.put("appointment", f"many-{i}", made)


def _pulled_large(env: Env) -> float:
    """Chunks of a whole pull may be there before its cursor is."""
    if env.store.cursor() == f"c{env.server.moment}":
        return env.count("SELECT count(*) FROM appointments WHERE id LIKE 'many-%'") / 230
    return 0.0


def _to_stage(env: Env) -> None:
    booking.write_note(env.desk, WriteNote(FIRST[7], "waits meanwhile"))
    _changed(env.server, len(FIRST))


def _stage(env: Env) -> None:
    env.store.stage(env.server.snapshot(40), "life", lambda *_: None, fresh=True)


def _staged(env: Env) -> float:
    if env.one(7).notes != "waits meanwhile" or env.count("SELECT count(*) FROM outbox WHERE state = 'pending'") != 2:
        return -1
    new = env.count("SELECT count(*) FROM appointments WHERE notes = 'by a colleague'")
    cursor = float(env.store.cursor() == f"c{env.server.moment}")
    gone = 1 - env.count("SELECT count(*) FROM appointments WHERE id = ?", FIRST[-1])
    return cursor if new == (len(FIRST) - 3) * cursor and gone == cursor else -1


def _old(env: Env) -> None:
    booking.write_note(env.desk, WriteNote(FIRST[8], "from the old release"))
    env.cache.close()
    migrate.downgrade(env.folder / DATABASE_NAME, KEY, "0005")
    env.cache = Cache(env.folder, KEY)


def _migrate(env: Env) -> None:
    env.cache.close()
    env.cache = Cache(env.folder, KEY)
    _ = env.cache.reader


def _migrated(env: Env) -> float:
    # Looking opens it, which brings it up: then what was in it is there.
    return float(env.one(8).notes == "from the old release" and len(env.store.waiting(9)) == 2)


def _backup(env: Env) -> None:
    target = env.folder / "copy.db"
    target.unlink(missing_ok=True)
    backup.copy_to(env.cache.writer, target)
    backup.prove(target, KEY)


def _backed_up(env: Env) -> float:
    return float(len(env.ids()) == len(FIRST))


WORKFLOWS = (
    Workflow("book", _book, _booked),
    Workflow("book_alone", _book_alone, _booked_alone, _alone),
    Workflow("move", _move, _moved),
    Workflow("cancel", _cancel, _cancelled),
    Workflow("note", _note, _noted),
    Workflow("undo", _undo, _undone, _to_undo),
    Workflow("bulk", _bulk, _bulked),
    Workflow("import", _import, _imported),
    Workflow("settle", _settle, _settled, _to_settle),
    Workflow("refuse", _refuse, _refused, _to_settle),
    Workflow("pull", _pull, _pulled, lambda env: _changed(env.server, len(FIRST))),
    Workflow("large_pull", _pull, _pulled_large, _large),
    Workflow("stage", _stage, _staged, _to_stage),
    Workflow("migrate", _migrate, _migrated, _old),
    Workflow("backup", _backup, _backed_up),
)
READS_ALWAYS = {"backup", "migrate"}
"""What is there all the time: it may be told to have failed, and then is there all the same."""


# ------------------------------------------------------------------------------------- the loop


class Campaign:
    """The template, the disk, and what went wrong."""

    def __init__(self, folder: Path, seed: int, *, synchronous: int | None = None) -> None:
        self.folder = folder
        self.random = Random(seed)
        self.synchronous = synchronous
        self.disk = FaultDisk()
        self.points: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.template = folder / "template"
        with driver(self.disk, synchronous=synchronous):
            self.template.mkdir()
            make_profile(self.template)
            self._fill()

    def _fill(self) -> None:
        FIRST.clear()
        cache = Cache(self.template, KEY)
        env = Env(self.template, Server(""))
        env.cache = cache
        for i in range(18):
            start = MANILA.instant(TODAY, 0) + (3 + i // 6) * DAY + (8 * 60 + 30 * (i % 6)) * MINUTE
            command = Book(env.provider(), start, new_patient=NewPatient(f"Patient, Of {i}", f"p{i}@example.com"))
            FIRST.append(booking.book(env.desk, command).changed[0].id)
        with transaction(cache.writer):
            cache.writer.execute("UPDATE meta SET value = ? WHERE key = 'authority'", (REMOTE,))
            cache.writer.execute("DELETE FROM notice")
        cache.forget()
        self._server = self._of(cache)
        meet(env.store)
        env.store.apply(self._server.everything(), "life")
        # Everything is in one file: it is what each run begins with.
        cache.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        cache.close()

    def server(self) -> Server:
        """A server that has what the profile has."""
        server = Server(self._server.clinic_id)
        server.images, server.vers = dict(self._server.images), dict(self._server.vers)
        server.moment = self._server.moment
        return server

    def _of(self, cache: Cache) -> Server:
        server = Server(cache.clinic.id)
        for entity, table in TABLES.items():
            ids = [row[0] for row in cache.reader.execute(f"SELECT id FROM {table}")]  # sql: identifiers only
            for record in KINDS[entity].load(cache.reader, ids, cache.clinic.id):
                server.put(entity, record.id, image_of(record))
        return server

    def run(self, workflow: Workflow, mode: Mode, share: int = 1) -> int:
        """Fail at every Nth operation; how many points that were."""
        points = 0
        at = self.random.randrange(share) + 1
        while True:
            reached = self._point(workflow, mode, at)
            points += 1
            if not reached:
                # One more behind the end: what was told is saved, and then the power goes.
                self.points[f"{workflow.name}/{mode}"] += points
                return points
            at += share

    def _point(self, workflow: Workflow, mode: Mode, at: int) -> bool:
        folder = self.folder / "run"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.template, folder)
        self.disk.forget()
        with driver(self.disk, synchronous=self.synchronous):
            env = Env(folder, self.server())
            acknowledged = raised = None
            try:
                booking.write_note(env.desk, WriteNote(FIRST[0], "acknowledged"))
                workflow.ready(env)
                self.disk.arm(mode, at)
                try:
                    workflow.run(env)
                    acknowledged = True
                except Exception as error:
                    raised = error
                reached = self.disk.count >= at
                died = mode in ("kill", "power") and (self.disk.dead or mode == "power")
                if died:
                    self.disk.dead = True
                    self._gone(env)
                    if mode == "power":
                        self.disk.cut_power(self.random)
                self.disk.forget()
                self._judge(workflow, f"{workflow.name}/{mode}/{at}", env, bool(acknowledged), raised, died=died)
            finally:
                self.disk.forget()
                self._gone(env)
        return reached

    def _gone(self, env: Env) -> None:
        for name in (DATABASE_NAME, "copy.db"):
            abandon(env.folder / name)
        env.cache = Cache(env.folder, KEY)

    def _judge(
        self, workflow: Workflow, where: str, env: Env, acknowledged: bool, raised: Exception | None, *, died: bool
    ) -> None:
        if raised is not None and not died and not isinstance(as_known(raised), Surroundings):
            self.wrong.append(f"{where}: raised {type(raised).__name__}: {raised}")
        try:
            if not died:
                # The program goes on: what it shows is what the file says.
                self._look(workflow, where + " going on", env, acknowledged)
            self._gone(env)
            self._look(workflow, where, env, acknowledged)
            self._sound(where, env)
            workflow.run(env)
            if workflow.done(env) != 1:
                self.wrong.append(f"{where}: done again it is there {workflow.done(env)} times")
        except (HimsogError, LookupError, IndexError, AssertionError) as error:
            self.wrong.append(f"{where}: {type(error).__name__}: {error}")

    def _look(self, workflow: Workflow, where: str, env: Env, acknowledged: bool) -> None:
        found = workflow.done(env)
        if found not in (0, 1):
            self.wrong.append(f"{where}: torn ({found})")
        if acknowledged and found != 1:
            self.wrong.append(f"{where}: LOST what was acknowledged")
        if env.one(0).notes != "acknowledged" and env.server.images["appointment", FIRST[0]].get("notes") is None:
            self.wrong.append(f"{where}: LOST what was acknowledged before")

    def _sound(self, where: str, env: Env) -> None:
        raw = env.cache.reader
        if raw.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            self.wrong.append(f"{where}: the file is not sound")
        if check.wrong_tiles(raw) or check.wrong_search(raw):
            self.wrong.append(f"{where}: derived tables are wrong")
        if list(check.misfolded(raw, env.cache.clinic.id)):
            self.wrong.append(f"{where}: what is shown is not what waits")
        lone = env.count(
            "SELECT count(*) FROM outbox AS o WHERE state = 'pending'"
            " AND NOT EXISTS (SELECT 1 FROM history AS h WHERE h.uid = o.intent_id)"
        )
        # A pull that comes while it waits brings the server's rows, never takes ours away.
        if lone:
            self.wrong.append(f"{where}: {lone} intents without their history")


def points(
    campaign: Campaign, only: Sequence[str] = (), modes: Sequence[Mode] = MODES, share: int = 1
) -> Iterator[tuple[str, int]]:
    """Run what is wanted; (workflow/mode, points) as they are done."""
    for workflow in WORKFLOWS:
        if only and workflow.name not in only:
            continue
        for mode in modes:
            yield f"{workflow.name}/{mode}", campaign.run(workflow, mode, share)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign; 1 when anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--modes", default=",".join(MODES))
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--control", action="store_true")
    wanted = parser.parse_args(arguments)
    print(f"seed {wanted.seed}")
    modes = ["power"] if wanted.control else wanted.modes.split(",")
    began, total = time.monotonic(), 0
    with tempfile.TemporaryDirectory(prefix="himsog-faults-", dir=_memory()) as folder:
        campaign = Campaign(Path(folder), wanted.seed, synchronous=1 if wanted.control else None)
        for name, count in points(campaign, [w for w in wanted.only.split(",") if w], modes, wanted.share):
            total += count
            print(f"{name}: {count} points, {len(campaign.wrong)} wrong so far", flush=True)
    for sentence in campaign.wrong[:50]:
        print(f"WRONG: {sentence}")
    seconds = time.monotonic() - began
    print(f"{total} points, {total / seconds:.0f} a second, {len(campaign.wrong)} wrong")
    if wanted.control:
        lost = sum("LOST" in sentence for sentence in campaign.wrong)
        print(f"The control lost what was acknowledged {lost} times.")
        return 0 if lost else 1
    return 1 if campaign.wrong else 0


def _memory() -> str | None:
    """Power and disk are played: memory is quicker than any disk."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


if __name__ == "__main__":
    sys.exit(main())
