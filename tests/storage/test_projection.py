"""What is shown is what waits over what the server said, whatever happens in whatever order.

Acts, undo, what goes out, verdicts of both kinds, pulls and snapshots (also broken off), programs that die, and what
others change at the server meanwhile. In the end everything is sent, and both sides hold the same.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from himsog_desktop.domain.appointment import ACTIVE, Appointment, Status
from himsog_desktop.domain.commands import Undo
from himsog_desktop.domain.day import SYNC_CONFLICT, SYNC_PENDING, SYNC_REFUSED
from himsog_desktop.domain.errors import Refused, Surroundings
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.people import Patient
from himsog_desktop.domain.time import MINUTE
from himsog_desktop.services import undoing
from himsog_desktop.services.booking import act_document
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.documents import ActDoc
from himsog_desktop.storage import check, load, outbox
from himsog_desktop.storage.cache import REMOTE, Cache
from himsog_desktop.storage.entities import KINDS
from himsog_desktop.storage.images import image_of, whole
from himsog_desktop.storage.outbox import WAITING
from himsog_desktop.storage.write import Transaction
from himsog_desktop.sync.repair import repair
from tests.storage.conftest import NOW, make
from tests.storage.server import Still, push_all, server_of, store_of

T = TypeVar("T")
WHAT = (
    *("book", "book_new", "move", "note", "status", "visit", "delete", "rename", "undo", "undo_old"),
    *("send", "accept", "accept", "refuse", "pull", "broken_pull", "snapshot", "broken_snapshot", "resume"),
    *("theirs", "theirs_new", "theirs_gone", "die", "narrow", "widen"),
)
STEPS = st.lists(st.tuples(st.sampled_from(WHAT), st.integers(0, 11)), min_size=4, max_size=24)


class World:
    """A desk, a server, and the line between them."""

    def __init__(self, folder: Path) -> None:
        self.clinical = make(folder, REMOTE)
        self.server = server_of(self.clinical)
        self.store = store_of(self.clinical)
        self.staff = load.staff(self.clinical.cache.reader)[0]
        self.half = 0
        self.seen: dict[tuple[str, str], int] = {}
        self.clock = itertools.count(1)

    @property
    def desk(self) -> Desk:
        return Desk(self.clinical.cache, Still(), self.staff, "test")

    def _act(self, work) -> None:  # type: ignore[no-untyped-def]
        def done(tx: Transaction) -> ActDoc:
            work(tx)
            return act_document(self.desk, tx, [])

        self.desk.act("test", done, ActDoc)

    def _appointments(self) -> list[Appointment]:
        raw = self.clinical.cache.reader
        ids = [row[0] for row in raw.execute("SELECT id FROM appointments ORDER BY id")]
        return load.appointments(raw, ids)

    def do(self, what: str, value: int) -> None:
        there = self._appointments()
        one = there[value % len(there)] if there else None
        at = NOW + next(self.clock)
        if one is None and what in ("move", "note", "status", "visit", "delete"):
            what = "book"
        if what == "book" and not load.patients(self.clinical.cache.reader, [self.clinical.patient.id], ""):
            # Nobody books whom she does not see.
            what = "book_new"
        if what == "book":
            self._act(lambda tx: tx.put(None, self.clinical.appointment(480 + value * 15)))
        elif what == "book_new":
            patient = Patient(new_id(), f"New, Nina {value}", f"{new_id()}@example.com", at, at)
            made = self.clinical.appointment(480 + value * 15, patient_id=patient.id)
            self._act(lambda tx: (tx.put(None, patient), tx.put(None, made)))
        elif what in ("move", "note", "status", "visit", "delete"):
            assert one is not None
            by = (value % 4) * 15 * MINUTE
            new = {
                "move": lambda: dataclasses.replace(one, start=one.start + by, end=one.end + by, updated=at),
                "note": lambda: dataclasses.replace(one, notes="abc"[: value % 3] or None, updated=at),
                "status": lambda: dataclasses.replace(one, status=list(Status)[value % 5], updated=at),
                "visit": lambda: dataclasses.replace(one, activity_notes=str(value % 2), updated=at),
                "delete": lambda: None,
            }[what]()
            self._act(lambda tx: tx.put(one, new))
        elif what == "rename":
            raw = self.clinical.cache.reader
            old = load.patients(raw, [self.clinical.patient.id], self.clinical.clinic.id)
            if old:
                self._act(lambda tx: tx.put(old[0], dataclasses.replace(old[0], name=f"Ng, Uy {value}", updated=at)))
        elif what in ("undo", "undo_old"):
            acts = self.clinical.cache.reader.execute(
                "SELECT id FROM act WHERE undo_of IS NULL ORDER BY seq"
            ).fetchall()
            try:
                undoing.undo(self.desk, Undo(acts[value % len(acts)][0] if acts and what == "undo_old" else None))
            except Refused:
                return
        elif what == "send":
            self.store.sending([w.intent.id for w in self.store.waiting(1 + value)])
        elif what in ("accept", "refuse"):
            self._settle(value, refuse=what == "refuse")
        else:
            self._sync(what, value)

    def _settle(self, value: int, *, refuse: bool) -> None:
        waiting = self.store.waiting(50)
        first = {(w.intent.entity, w.intent.key): w for w in reversed(waiting)}
        ids = {w.intent.id for w in waiting}
        free = [w for w in first.values() if not ids.intersection(w.intent.needs) or w.doomed]
        if free:
            one = free[value % len(free)]
            self.store.sending([one.intent.id])
            self.store.settle(self.server.push(one.intent, refuse=refuse or one.doomed), repair)

    def _sync(self, what: str, value: int) -> None:
        server, store = self.server, self.store
        keys = [key for key in server.images if key[0] == "appointment"]
        if what == "pull":
            store.apply(server.everything(1 + value % 3), "life", accept_deletions=True)
        elif what == "broken_pull":
            _broken(lambda: store.apply(_cut(server.everything(3), 1 + value % 2), "life"))
        elif what == "snapshot":
            store.stage(server.snapshot(3), "life", _told, fresh=True, accept_deletions=True)
        elif what == "broken_snapshot":
            self.parts = list(server.snapshot(3))
            self.half = 1 + value % (len(self.parts) - 1)
            _broken(lambda: store.stage(iter(self.parts[: self.half]), "life", _told, fresh=True))
        elif what == "resume" and self.half and store.staged("life"):
            store.stage(iter(self.parts[self.half :]), "life", _told, fresh=False, accept_deletions=True)
            self.half = 0
        elif what in ("narrow", "widen"):
            # Who sees no patient takes over, or who sees all: the server asks for a snapshot then.
            server.nothing_private = what == "narrow"
            store.stage(server.snapshot(3), "life", _told, fresh=True)
            self.half = 0
        elif what == "theirs" and keys:
            key = keys[value % len(keys)]
            server.put(*key, {**server.images[key], "notes": f"theirs {value}"})
        elif what == "theirs_new":
            made = self.clinical.appointment(480 + value * 15)
            server.put("appointment", made.id, image_of(made))
        elif what == "theirs_gone" and keys:
            server.put(*keys[value % len(keys)], {}, "evicted" if value % 2 else "deleted")
        elif what == "die":
            cache = self.clinical.cache
            cache.close()
            self.clinical.cache = Cache(cache.path.parent, cache.key)
            self.store = store_of(self.clinical)

    # ----------------------------------------------------------------------------- what must hold

    def check(self) -> None:
        raw = self.clinical.cache.reader
        clinic = self.clinical.clinic.id
        based = set(raw.execute("SELECT entity_type, entity_id FROM base").fetchall())
        waiting = set(
            raw.execute("SELECT DISTINCT entity_type, entity_id FROM outbox WHERE state = 'pending'").fetchall()
        )
        gone = set(raw.execute("SELECT entity_type, entity_id FROM departed").fetchall())
        assert based == waiting
        for entity, key in based:
            kind = KINDS[entity]
            shown = kind.load(raw, [key], clinic)
            base = outbox.base_of(raw, entity, key)
            assert base is not None
            folded = outbox.fold(base, outbox.pending(raw, entity, key))
            assert image_of(shown[0] if shown else None) == whole(kind.record, folded)
        for entity, key, ver in raw.execute("SELECT entity_type, entity_id, ver FROM synced").fetchall():
            # Never back to an older one, and never another image than that version had.
            assert ver >= self.seen.get((entity, key), 0)
            self.seen[entity, key] = ver
            found = KINDS[entity].load(raw, [key], clinic)
            if self.server.unseen(entity):
                # Nothing of it is left but what waits, the patients of that, and what goes with the next pull.
                assert not found or (entity, key) in waiting | gone or self._needed(entity, key)
            elif (entity, key) not in based:
                assert image_of(found[0] if found else None) == self.server.past[(entity, key), ver]
        if self.server.nothing_private:
            for one in self._appointments():
                assert load.patients(raw, [one.patient_id], clinic)
        assert check.wrong_tiles(raw) == 0
        assert check.wrong_search(raw) == 0
        self._check_flags()

    def _needed(self, entity: str, key: str) -> bool:
        """Whether something waits for it or for an appointment that shows it, also what will be given up."""
        raw = self.clinical.cache.reader
        keys = [(entity, key), *(("appointment", one.id) for one in self._appointments() if one.patient_id == key)]
        text = f"SELECT 1 FROM outbox WHERE entity_type = ? AND entity_id = ? AND {WAITING}"
        return any(raw.execute(text, one).fetchone() for one in keys)

    def _check_flags(self) -> None:
        raw = self.clinical.cache.reader
        waits = {
            row[0]
            for row in raw.execute(f"SELECT entity_id FROM outbox WHERE entity_type = 'appointment' AND {WAITING}")
        }
        refused = {
            row[0] for row in raw.execute("SELECT json_extract(body, '$.intent.key') FROM card WHERE resolved IS NULL")
        }
        active = [a for a in self._appointments() if a.status in ACTIVE]
        flags = dict(raw.execute("SELECT id, flags FROM tile").fetchall())
        for one in self._appointments():
            clash = one.status in ACTIVE and any(
                other.id != one.id and other.start < one.end and one.start < other.end and other.lane == one.lane
                for other in active
            )
            wanted = (
                (SYNC_PENDING if one.id in waits else 0)
                | (SYNC_REFUSED if one.id in refused else 0)
                | (SYNC_CONFLICT if clash else 0)
            )
            assert flags[one.id] & (SYNC_PENDING | SYNC_REFUSED | SYNC_CONFLICT) == wanted

    def check_end(self) -> None:
        push_all(self.clinical, self.server)
        self.store.apply(self.server.everything(), "life", accept_deletions=True)
        self.check()
        if self.server.nothing_private:
            assert self.clinical.cache.reader.execute("SELECT count(*) FROM departed").fetchone() == (0,)
            self._sync("widen", 0)
            self.check()
        raw = self.clinical.cache.reader
        for entity in ("appointment", "patient"):
            table = {"appointment": "appointments", "patient": "user"}[entity]
            ids = [row[0] for row in raw.execute(f"SELECT id FROM {table}")]
            here = {r.id: image_of(r) for r in KINDS[entity].load(raw, ids, self.clinical.clinic.id)}
            assert here == {key: image for (e, key), image in self.server.images.items() if e == entity}


def _told(_done: int, _total: int) -> None:
    """Nobody looks."""


def _cut(parts: Iterator[T], after: int) -> Iterator[T]:
    for i, part in enumerate(parts):
        if i == after:
            raise Surroundings("offline", "cut")
        yield part


def _broken(work) -> None:  # type: ignore[no-untyped-def]
    try:
        work()
    except Surroundings as error:
        assert error.code == "offline"  # noqa: PT017


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_shown_is_what_waits_over_what_the_server_said(steps, tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    world = World(tmp_path_factory.mktemp("profile"))
    try:
        for what, value in steps:
            world.do(what, value)
            world.check()
        world.check_end()
        assert check.file_is_sound(world.clinical.cache.path, world.clinical.cache.key, thorough=True)
    finally:
        world.clinical.cache.close()
