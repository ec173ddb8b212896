"""An import is one act in many chunks: it is broken off, crashes, is undone, and bookings go on beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from himsog_desktop.domain.commands import Book, NewPatient, Undo, WriteNote
from himsog_desktop.domain.errors import BadInput, Refused
from himsog_desktop.services import booking, digests, importing, lists, pacing, patients, undoing
from himsog_desktop.services.desk import Desk
from himsog_desktop.services.documents import ActDoc, ImportDoc
from himsog_desktop.services.lists import AppointmentFilter
from himsog_desktop.storage import ledger
from tests.support.profiles import KEY, World
from tests.support.tables import Tables, row

CHILD = """
import sys, pathlib
from himsog_desktop.services import importing, profiles
from himsog_desktop.system.clock import system_clock
desk = profiles.open_desk(pathlib.Path(sys.argv[1]), bytes(range(32)), system_clock())
def told(done, total):
    print(done, flush=True)
table = pathlib.Path(sys.argv[2])
print(importing.import_appointments(desk, table, sys.argv[3], create_missing=True, progress=told).taken)
"""


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    folder = tmp_path / "tables"
    folder.mkdir()
    return Tables(folder)


def many(desk: Desk, tables: Tables, count: int, **more: object) -> ImportDoc:
    path = tables.many(count)
    return importing.import_appointments(desk, path, tables.map, create_missing=True, **more)  # type: ignore[arg-type]


def held(world: World) -> list[int]:
    return [world.count(table) for table in ("patients", "user", "patient_word", "appointments", "tile", "visit")]


def states(desk: Desk) -> list[str]:
    return [r[0] for r in desk.reader.execute("SELECT state FROM act WHERE kind LIKE '%import%' ORDER BY seq")]


def test_an_import_is_one_act_with_one_undo_and_one_redo(desk: Desk, world: World, tables: Tables) -> None:
    before, counts = digests.digest(desk), held(world)
    found = many(desk, tables, 3_000)
    assert (found.taken, found.created.patients) == (3_000, 750)
    after = digests.digest(desk)
    undone = undoing.undo(desk, Undo())
    assert (undone.kind, undone.refused) == ("undo.import.appointments", [])
    assert digests.digest(desk) == before
    assert held(world) == counts
    assert undoing.undo(desk, Undo(undone.act)).kind == "undo.undo"
    assert digests.digest(desk) == after
    assert patients.find(desk, "number 749", 5) != []


def test_chunks_are_short_and_no_larger_than_promised(
    desk: Desk, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    told = pacing.Pace.told

    def watched(self: pacing.Pace, rows: int, seconds: float) -> None:
        sizes.append(rows)
        told(self, rows, seconds)

    monkeypatch.setattr(pacing.Pace, "told", watched)
    many(desk, tables, 3_000)
    assert sum(sizes) == 3_000
    assert max(sizes) <= pacing.MOST_ROWS


@pytest.mark.parametrize("when", [0, 1, 3])
def test_stopped_half_way_nothing_is_left(desk: Desk, world: World, tables: Tables, when: int) -> None:
    before, counts = digests.digest(desk), held(world)
    looks = iter(range(100))
    with pytest.raises(Refused, match="stopped") as stopped:
        many(desk, tables, 3_000, cancelled=lambda: next(looks) >= when, request_id="r1")
    assert stopped.value.code == "cancelled"
    assert digests.digest(desk) == before
    assert held(world) == counts
    assert states(desk) == (["compensated", "compensated"] if when else [])
    with pytest.raises(Refused):
        undoing.undo(desk, Undo())
    assert many(desk, tables, 3_000, request_id="r1").taken == 3_000, "the same request may come again"


def test_any_error_in_the_middle_takes_back_what_was_written(desk: Desk, tables: Tables) -> None:
    before = digests.digest(desk)

    def fails(done: int, _: int) -> None:
        if done > 600:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        many(desk, tables, 2_000, progress=fails)
    assert digests.digest(desk) == before


def test_progress_ends_where_the_file_ends(desk: Desk, tables: Tables) -> None:
    told: list[tuple[int, int]] = []
    many(desk, tables, 2_000, progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == 2_000
    assert all(done <= total for done, total in told)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_the_same_request_gives_the_same_answer_and_acts_once(desk: Desk, tables: Tables) -> None:
    first = many(desk, tables, 300, request_id="r1")
    assert many(desk, tables, 300, request_id="r1") == first
    assert len(lists.ids(desk, AppointmentFilter())) == 300
    with pytest.raises(BadInput, match="already used"):
        many(desk, tables, 300, request_id="r1", dry_run=True)
    unchanged = many(desk, tables, 300, request_id="r2")
    assert many(desk, tables, 300, request_id="r2") == unchanged
    assert undoing.undo(desk, Undo()).kind == "undo.import.appointments", "an import of nothing is nothing to undo"


def test_a_large_undo_keeps_its_request(desk: Desk, tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "IN_ONE_GO", 50)
    act = many(desk, tables, 100).act
    answer = undoing.undo(desk, Undo(act), request_id="u1")
    assert undoing.undo(desk, Undo(act), request_id="u1") == answer
    assert lists.ids(desk, AppointmentFilter()) == []


def test_undo_keeps_who_has_later_appointments_and_what_was_changed(
    desk: Desk, world: World, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undoing, "IN_ONE_GO", 50)
    act = many(desk, tables, 100).act
    [ana] = patients.find(desk, "number 3", 1)
    keys = lists.ids(desk, AppointmentFilter())
    noted = keys[5]
    booking.write_note(desk, WriteNote(noted, "new"))
    later = booking.book(desk, Book(world.provider("cruz"), world.at("09:00"), patient_id=ana.id)).changed[0]
    undone = undoing.undo(desk, Undo(act))
    assert {(r.id, r.code) for r in undone.refused} >= {(ana.id, "in_use"), (noted, "changed_meanwhile")}
    assert set(lists.ids(desk, AppointmentFilter())) == {noted, later.id}
    assert desk.reader.execute(
        "SELECT count(*) FROM appointments WHERE user_id NOT IN (SELECT id FROM user)"
    ).fetchone() == (0,)


def test_undoing_an_import_keeps_a_provider_and_a_service_that_are_in_use(desk: Desk, tables: Tables) -> None:
    found = importing.import_appointments(
        desk, tables.appointments(row(doctor="Dr New", service="Scaling")), tables.map, create_missing=True
    )
    provider, service = desk.reader.execute("SELECT provider_id, id FROM services WHERE name = 'Scaling'").fetchone()
    later = tables.appointments(row(id="2", doctor="Dr New", service="Scaling", name="Cy Go", status="came"))
    importing.import_appointments(desk, later, tables.map, create_missing=True)
    undone = undoing.undo(desk, Undo(found.act))
    assert {r.id for r in undone.refused} == {provider, service}


# ------------------------------------------------------------------------------- two processes


@pytest.fixture
def child(world: World, tables: Tables) -> Iterator[subprocess.Popen[str]]:
    """Another process that imports 6,000 rows and says how far it is."""
    environment = {**os.environ, "HIMSOG_NOW": "2026-11-20T08:00:00+08:00", "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(world.path), str(tables.many(6_000)), tables.map],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    yield process
    process.kill()
    process.communicate()


def until(process: subprocess.Popen[str], rows: int) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= rows:
            return
    pytest.fail("the child ended before it got there")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is not of that system")
def test_killed_half_way_the_next_program_takes_it_back(
    world: World, tables: Tables, child: subprocess.Popen[str]
) -> None:
    desk = world.desk()
    before = digests.digest(desk)
    until(child, 1_500)
    assert undoing.finish_broken(desk) == 0, "a living import is left alone"
    with pytest.raises(Refused, match="under way"):
        many(desk, tables, 10)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert digests.digest(desk) != before
    assert len(ledger.open_acts(desk.reader)) == 1
    assert undoing.finish_broken(desk) == 1
    assert digests.digest(desk) == before
    assert undoing.finish_broken(desk) == 0
    assert states(desk) == ["compensated", "compensated"]


@pytest.mark.slow
def test_an_undo_that_was_killed_is_gone_on_with(desk: Desk, tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "IN_ONE_GO", 50)
    before = digests.digest(desk)
    act = many(desk, tables, 2_000).act

    class Killed(BaseException):
        pass

    def dies(done: int, _: int) -> None:
        if done > 700:
            raise Killed

    with pytest.raises(Killed):
        undoing.undo(desk, Undo(act), progress=dies)
    assert digests.digest(desk) != before
    assert undoing.finish_broken(desk) == 1
    assert digests.digest(desk) == before


@pytest.mark.slow
def test_bookings_go_on_beside_an_import(world: World, tables: Tables, child: subprocess.Popen[str]) -> None:
    desk = world.desk()
    until(child, 500)
    booked: list[ActDoc] = []
    waits: list[float] = []
    day = date(2026, 12, 1)
    while child.poll() is None and len(booked) < 60:
        if day.weekday() > 4:
            day += timedelta(days=7 - day.weekday())
        for wall in ("08:00", "09:00", "10:00", "11:00"):
            began = time.perf_counter()
            booked.append(
                booking.book(desk, Book(world.provider("cruz"), world.at(wall, day), new_patient=NewPatient("A B")))
            )
            waits.append(time.perf_counter() - began)
        day += timedelta(days=1)
    assert child.wait() == 0
    assert len(lists.ids(desk, AppointmentFilter())) == 6_000 + len(booked)
    assert len(booked) >= 4
    print(f"{len(booked)} bookings, the longest {max(waits) * 1000:.0f} ms")


def test_what_was_changed_while_a_batch_was_prepared_is_looked_at_again(
    desk: Desk, world: World, tables: Tables
) -> None:
    """Between reading and writing a chunk somebody takes the time: the import goes to a lane."""
    other = world.desk(initiator="other")
    path = tables.appointments(row(start="2026-11-23 09:00"))

    def first_somebody_books(_: int, __: int) -> None:
        if not lists.ids(other, AppointmentFilter()):
            world.book(other, "09:00", "Quick Q", day=date(2026, 11, 23))

    importing.import_appointments(desk, path, tables.map, create_missing=True, progress=first_somebody_books)
    lanes = [a.lane for a in lists.appointments(desk, AppointmentFilter())]
    assert sorted(lanes) == [0, 1]


def test_a_change_set_of_an_import_says_everything(desk: Desk, world: World, tables: Tables) -> None:
    follower = world.desk(initiator="window")
    follower.cache.poll()
    many(desk, tables, 40)
    changes = follower.cache.poll()
    assert changes is not None
    assert changes.everything
    assert desk.cache.key == KEY
