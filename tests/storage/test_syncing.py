"""What the server says, in the cache: verdicts, pulls, snapshots; each whole or not at all.

Long because they are told apart by what they leave of each other.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import pytest

from himsog_desktop.domain.day import SYNC_CONFLICT, SYNC_PENDING, SYNC_REFUSED
from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.intents import Batch, Change, HistoryRow
from himsog_desktop.domain.people import Patient
from himsog_desktop.domain.time import HOUR
from himsog_desktop.storage import check, load, outbox, search
from himsog_desktop.storage.cache import Cache
from himsog_desktop.storage.connection import open_raw
from himsog_desktop.storage.images import image_of
from himsog_desktop.storage.received import meta
from himsog_desktop.storage.sessions import ACCEPT, remember
from himsog_desktop.sync.repair import repair
from tests.storage.conftest import NOW, Clinical
from tests.storage.server import Server, push_all, server_of, store_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def _flags(remote: Clinical, key: str) -> int:
    row = remote.cache.reader.execute("SELECT flags FROM tile WHERE id = ?", (key,)).fetchone()
    return row[0] & (SYNC_PENDING | SYNC_REFUSED | SYNC_CONFLICT)


def _booked(remote: Clinical, server: Server, start: int = 600, **fields: object):
    made = remote.appointment(start, **fields)
    with remote.write() as tx:
        tx.put(None, made)
    push_all(remote, server)
    return made


def test_the_server_s_row_stands_after_it_accepted(remote: Clinical) -> None:
    server = server_of(remote)
    made = remote.appointment()
    with remote.write() as tx:
        tx.put(None, made)
    assert _flags(remote, made.id) == SYNC_PENDING
    store = store_of(remote)
    one = store.waiting(1)[0].intent
    verdict = server.push(one)
    canonical = dataclasses.replace(made, notes="as the server wrote it")
    store.settle(dataclasses.replace(verdict, image=image_of(canonical)), repair)
    assert load.appointments(remote.cache.reader, [made.id]) == [canonical]
    assert outbox.pending(remote.cache.reader, "appointment", made.id) == []
    assert _flags(remote, made.id) == 0
    assert store.settled(0)[-1:] == [one]
    # The same verdict once more changes nothing.
    store.settle(verdict, repair)
    assert load.appointments(remote.cache.reader, [made.id]) == [canonical]


def test_a_refused_intent_falls_out_and_is_a_card_for_people(remote: Clinical) -> None:
    server = server_of(remote)
    made = _booked(remote, server)
    moved = dataclasses.replace(made, start=made.start + HOUR, end=made.end + HOUR)
    with remote.write() as tx:
        tx.put(made, moved)
    store = store_of(remote)
    one = store.waiting(1)[0].intent
    store.settle(server.push(one, refuse=True), repair)
    assert load.appointments(remote.cache.reader, [made.id]) == [made]
    assert _flags(remote, made.id) == SYNC_REFUSED
    raw = remote.cache.reader
    assert raw.execute("SELECT id, resolved FROM card").fetchall() == [(one.id, None)]
    assert raw.execute("SELECT count(*) FROM history WHERE uid = ?", (one.id,)).fetchone() == (0,)


def test_what_stood_on_a_refused_booking_falls_with_it(remote: Clinical) -> None:
    server = server_of(remote)
    patient = Patient(new_id(), "New, Nina", "nina@example.com", NOW, NOW)
    made = remote.appointment(patient_id=patient.id)
    with remote.write() as tx:
        tx.put(None, patient)
        tx.put(None, made)
    store = store_of(remote)
    first = store.waiting(5)[0].intent
    store.settle(server.push(first, refuse=True), repair)
    assert [one.doomed for one in store.waiting(5)] == [True]
    assert load.appointments(remote.cache.reader, [made.id]) == []
    store.settle(server.push(store.waiting(5)[0].intent, refuse=True), repair)
    assert store.waiting(5) == []
    assert remote.cache.reader.execute("SELECT count(*) FROM card").fetchone() == (2,)


def test_an_older_image_never_overwrites(remote: Clinical) -> None:
    server = server_of(remote)
    made = _booked(remote, server)
    old = server.change("appointment", made.id)
    server.put("appointment", made.id, {**old.image, "notes": "new"})
    store = store_of(remote)
    store.apply(iter([Batch((server.change("appointment", made.id),), cursor="b")]), "life")
    store.apply(iter([Batch((old,), cursor="c")]), "life")
    assert load.appointments(remote.cache.reader, [made.id])[0].notes == "new"
    assert store.cursor() == "c"


def test_a_pull_that_breaks_off_leaves_nothing(remote: Clinical) -> None:
    server = server_of(remote)
    made = _booked(remote, server)
    server.put("appointment", made.id, {**server.images["appointment", made.id], "notes": "new"})
    before = store_of(remote).cursor()
    with pytest.raises(Surroundings):
        store_of(remote).apply(iter([Batch((server.change("appointment", made.id),))]), "life")
    assert load.appointments(remote.cache.reader, [made.id])[0].notes is None
    assert store_of(remote).cursor() == before


def test_a_change_goes_under_what_waits(remote: Clinical) -> None:
    server = server_of(remote)
    made = _booked(remote, server)
    with remote.write() as tx:
        tx.put(made, dataclasses.replace(made, notes="mine"))
    server.put("appointment", made.id, {**server.images["appointment", made.id], "activity_notes": "theirs"})
    store_of(remote).apply(server.everything(), "life")
    found = load.appointments(remote.cache.reader, [made.id])[0]
    assert (found.notes, found.activity_notes) == ("mine", "theirs")
    base = outbox.base_of(remote.cache.reader, "appointment", made.id)
    assert base is not None
    assert (base["notes"], base["activity_notes"]) == (None, "theirs")


def test_what_leaves_the_clinic_stays_until_what_waits_is_settled(remote: Clinical) -> None:
    server = server_of(remote)
    made = _booked(remote, server)
    with remote.write() as tx:
        tx.put(made, dataclasses.replace(made, notes="mine"))
    store = store_of(remote)
    ver = server.vers["appointment", made.id] + 1
    gone = Change("appointment", made.id, ver, "evicted", {})
    store.apply(iter([Batch((gone,), cursor="x")]), "life")
    assert load.appointments(remote.cache.reader, [made.id])[0].notes == "mine"
    one = store.waiting(1)[0].intent
    store.settle(dataclasses.replace(server.push(one), ver=ver + 1), repair)
    assert load.appointments(remote.cache.reader, [made.id]) == []
    assert check.wrong_tiles(remote.cache.reader) == 0


def test_history_comes_by_the_server_s_ids(remote: Clinical) -> None:
    server = server_of(remote)
    made = _booked(remote, server)
    uid = remote.cache.reader.execute("SELECT uid FROM history WHERE entity_id = ?", (made.id,)).fetchone()[0]
    rows = (
        HistoryRow(
            uid, NOW + 5, "owner", "desk", "pc-1", "act", "appointment.book", "appointment", made.id, {}, {"id": "x"}
        ),
        HistoryRow("other", NOW + 6, None, "web", "", "act2", "web.update", "appointment", made.id, {"a": 1}, {"a": 2}),
    )
    for _ in range(2):
        store_of(remote).apply(iter([Batch(history=rows, cursor="h")]), "life")
    found = remote.cache.reader.execute(
        "SELECT uid, at, source FROM history WHERE entity_id = ? ORDER BY seq", (made.id,)
    ).fetchall()
    assert found == [(uid, NOW + 5, "desk"), ("other", NOW + 6, "web")]


def test_two_at_one_time_are_shown_as_a_conflict_until_one_goes(remote: Clinical) -> None:
    server = server_of(remote)
    mine = remote.appointment(600)
    with remote.write() as tx:
        tx.put(None, mine)
    theirs = remote.appointment(610)
    server.put("appointment", theirs.id, image_of(theirs))
    store = store_of(remote)
    store.apply(server.everything(), "life")
    assert (_flags(remote, mine.id), _flags(remote, theirs.id)) == (SYNC_CONFLICT | SYNC_PENDING, SYNC_CONFLICT)
    store.settle(server.push(store.waiting(1)[0].intent, refuse=True), repair)
    assert _flags(remote, theirs.id) == 0


def test_two_at_one_time_of_a_snapshot_are_shown_as_a_conflict(remote: Clinical) -> None:
    server = server_of(remote)
    both = [remote.appointment(600), remote.appointment(610), remote.appointment(700)]
    for one in both:
        server.put("appointment", one.id, image_of(one))
    store_of(remote).stage(server.snapshot(), "life", lambda *_: None, fresh=True)
    assert [_flags(remote, one.id) for one in both] == [SYNC_CONFLICT, SYNC_CONFLICT, 0]


def test_very_much_going_at_once_waits_for_a_person(remote: Clinical) -> None:
    server = server_of(remote)
    made = [remote.appointment(480 + i) for i in range(30)]
    with remote.write() as tx:
        tx.put_many([(None, one) for one in made])
    push_all(remote, server)
    for one in made:
        server.put("appointment", one.id, {})
    store = store_of(remote)
    before = store.cursor()
    with pytest.raises(Surroundings, match="30 of") as held:
        store.apply(server.everything(), "life")
    assert held.value.code == "deletions"
    assert (store.cursor(), len(load.appointments(remote.cache.reader, [a.id for a in made]))) == (before, 30)
    remember(remote.cache.writer, {ACCEPT: "1"})
    with pytest.raises(Surroundings):
        store.apply(iter(list(server.everything(2))[:1]), "life", accept_deletions=True)
    assert meta(remote.cache.writer, ACCEPT) == "1"
    assert store.apply(server.everything(), "life", accept_deletions=True).deleted == 30
    assert meta(remote.cache.writer, ACCEPT) is None


def test_a_large_pull_is_staged_and_comes_whole(remote: Clinical) -> None:
    server = server_of(remote)
    made = [remote.appointment(480 + i) for i in range(700)]
    for one in made:
        server.put("appointment", one.id, image_of(one))
    store = store_of(remote)
    batches = list(server.everything(parts=5))
    with pytest.raises(Surroundings):
        store.apply(iter(batches[:-1]), "life")
    assert load.appointments(remote.cache.reader, [made[0].id]) == []
    assert store.apply(iter(batches), "life").changed >= 700
    assert len(load.appointments(remote.cache.reader, [one.id for one in made])) == 700
    assert store.cursor() == batches[-1].cursor
    raw = remote.cache.reader
    assert raw.execute("SELECT count(*) FROM staging").fetchone() == (0,)
    assert check.wrong_tiles(raw) == 0


def test_a_program_that_dies_while_it_applies_a_large_pull_begins_again(remote: Clinical, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from himsog_desktop.storage import staged_pull

    server = server_of(remote)
    made = [remote.appointment(480 + i) for i in range(600)]
    for one in made:
        server.put("appointment", one.id, image_of(one))
    store, before = store_of(remote), store_of(remote).cursor()
    applied = staged_pull.apply_changes
    calls = []

    def dying(*args: object) -> tuple[int, int]:
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("killed")
        return applied(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(staged_pull, "apply_changes", dying)
    with pytest.raises(RuntimeError):
        store.apply(server.everything(), "life")
    assert store.cursor() == before
    monkeypatch.setattr(staged_pull, "apply_changes", applied)
    store.apply(server.everything(), "life")
    assert len(load.appointments(remote.cache.reader, [one.id for one in made])) == 600
    assert store.cursor() == f"c{server.moment}"


# ------------------------------------------------------------------------------------- snapshots


def _schema(remote: Clinical) -> list[tuple[str, str]]:
    raw = open_raw(remote.cache.path, remote.cache.key)
    try:
        found = raw.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").fetchall()
        return [(name, re.sub(r"\s+", " ", text)) for name, text in found]
    finally:
        raw.close()


def _filled(remote: Clinical, count: int = 50) -> Server:
    server = server_of(remote)
    for i in range(count):
        one = remote.appointment(480 + i * 40)
        server.put("appointment", one.id, image_of(one))
    return server


def test_a_snapshot_takes_the_place_of_what_was_there_beneath_what_waits(remote: Clinical) -> None:
    server = _filled(remote)
    old = _booked(remote, server, 5000)
    server.put("appointment", old.id, {})
    mine, renamed = remote.appointment(6000), dataclasses.replace(remote.patient, name="Peña, Josefina")
    with remote.write() as tx:
        tx.put(None, mine)
        tx.put(remote.patient, renamed)
    schema, told = _schema(remote), []
    with Cache(remote.cache.path.parent, remote.cache.key) as window:
        window.poll()
        assert search.find_patients(window.reader, "pena jose", 5) == [remote.patient.id]
        found = store_of(remote).stage(server.snapshot(7), "life", lambda *at: told.append(at), fresh=True)
        assert window.poll() is not None
        assert search.find_patients(window.reader, "josefina", 5) == [remote.patient.id]
        assert window.reader.execute("SELECT count(*) FROM tile INDEXED BY tile_status").fetchone() == (51,)
    assert (found.deleted, told[-1][0]) == (1, told[-1][1])
    assert _schema(remote) == schema
    raw = remote.cache.reader
    assert load.appointments(raw, [old.id, mine.id]) == [mine]
    assert _flags(remote, mine.id) == SYNC_PENDING
    assert (check.wrong_tiles(raw), check.wrong_search(raw)) == (0, 0)
    assert check.file_is_sound(remote.cache.path, remote.cache.key, thorough=True)
    assert store_of(remote).cursor() == f"c{server.moment}"
    push_all(remote, server)
    assert server.images["appointment", mine.id]["id"] == mine.id
    # And one more over the last one.
    store_of(remote).stage(server.snapshot(), "life", lambda *_: None, fresh=True)
    assert _schema(remote) == schema
    assert check.file_is_sound(remote.cache.path, remote.cache.key, thorough=True)


def test_a_snapshot_goes_on_where_it_broke_off(remote: Clinical) -> None:
    server = _filled(remote)
    store, parts = store_of(remote), list(server.snapshot(7))
    before = store.cursor()
    half = len(parts) // 2
    with pytest.raises(Surroundings):
        store.stage(iter(parts[:half]), "life", lambda *_: None, fresh=True)
    assert (store.cursor(), store.staged("life"), store.staged("other")) == (before, parts[half - 1].place, None)
    assert remote.cache.reader.execute("SELECT count(*) FROM appointments").fetchone() == (0,)
    remote.cache.close()
    store.stage(iter(parts[half:]), "life", lambda *_: None, fresh=False)
    assert remote.cache.reader.execute("SELECT count(*) FROM appointments").fetchone() == (50,)
    assert (store.staged("life"), check.wrong_tiles(remote.cache.reader)) == (None, 0)


def test_a_pull_that_is_applied_makes_a_broken_off_snapshot_void(remote: Clinical) -> None:
    server = _filled(remote)
    store, parts = store_of(remote), list(server.snapshot(7))
    with pytest.raises(Surroundings):
        store.stage(iter(parts[:4]), "life", lambda *_: None, fresh=True)
    store.apply(server.everything(), "life")
    assert store.staged("life") is None
    store.stage(server.snapshot(), "life", lambda *_: None, fresh=False)
    assert remote.cache.reader.execute("SELECT count(*) FROM appointments").fetchone() == (50,)


def test_a_snapshot_that_broke_off_is_forgotten_once_a_pull_came(remote: Clinical) -> None:
    server = _filled(remote)
    store, parts = store_of(remote), list(server.snapshot(7))
    with pytest.raises(Surroundings):
        store.stage(iter(parts[:3]), "life", lambda *_: None, fresh=True)
    assert store.staged("life") is not None
    store.apply(server.everything(), "life")
    assert store.staged("life") is None
    assert remote.cache.reader.execute("SELECT name FROM sqlite_schema WHERE name = 'new_user'").fetchone() is None


def test_a_pull_of_another_life_of_the_server_is_not_for_us(remote: Clinical) -> None:
    server = server_of(remote)
    made = remote.appointment()
    server.put("appointment", made.id, image_of(made))
    before = store_of(remote).cursor()
    assert store_of(remote).apply(server.everything(), "another life").changed == 0
    assert (store_of(remote).cursor(), store_of(remote).epoch()) == (before, "life")
    assert load.appointments(remote.cache.reader, [made.id]) == []


@pytest.mark.parametrize("count", [1, 600])
def test_a_pull_that_comes_when_a_snapshot_is_needed_by_now_is_not_for_us(remote: Clinical, count: int) -> None:
    # What had no place in it would be missed for ever: its cursor says that all of that is here.
    server = server_of(remote)
    store = store_of(remote)
    for i in range(count):
        one = remote.appointment(480 + i)
        server.put("appointment", one.id, image_of(one))
    store.again((), "life")
    assert store.apply(server.everything(), "life") == (0, 0, 0)
    assert (store.cursor(), store.epoch()) == (None, "life")
    store.stage(server.snapshot(), "life", lambda *_: None, fresh=True)

    def put_in_question() -> Iterator[Batch]:
        store.again((), "life")
        yield from server.everything()

    # The same if that is found out while it is read.
    assert store.apply(put_in_question(), "life") == (0, 0, 0)
    assert store.cursor() is None
    assert remote.cache.reader.execute("SELECT count(*) FROM staging").fetchone() == (0,)


def test_a_large_pull_ends_where_a_snapshot_is_needed_by_now(remote: Clinical, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from himsog_desktop.storage import staged_pull

    server = server_of(remote)
    for i in range(600):
        one = remote.appointment(480 + i)
        server.put("appointment", one.id, image_of(one))
    store = store_of(remote)
    with monkeypatch.context() as between:
        between.setattr(staged_pull.time, "sleep", lambda _: store.again((), "life"))
        assert 0 < store.apply(server.everything(), "life").changed < 600
    assert store.cursor() is None
    assert remote.cache.reader.execute("SELECT count(*) FROM staging").fetchone() == (0,)
    store.stage(server.snapshot(), "life", lambda *_: None, fresh=True)
    assert remote.cache.reader.execute("SELECT count(*) FROM appointments").fetchone() == (600,)


def test_a_verdict_that_comes_while_a_snapshot_is_staged_is_not_forgotten(remote: Clinical) -> None:
    server = _filled(remote)
    parts = list(server.snapshot(7))
    mine = remote.appointment(6000)
    with remote.write() as tx:
        tx.put(None, mine)
    store = store_of(remote)
    with pytest.raises(Surroundings):
        store.stage(iter(parts[:3]), "life", lambda *_: None, fresh=True)
    push_all(remote, server)
    store.stage(iter(parts[3:]), "life", lambda *_: None, fresh=False)
    assert load.appointments(remote.cache.reader, [mine.id]) == [mine]
    assert _flags(remote, mine.id) == 0
    # An old pull does not take it away.
    store.apply(iter([Batch((Change("appointment", mine.id, 0, "deleted", {}),), cursor="y")]), "life")
    assert load.appointments(remote.cache.reader, [mine.id]) == [mine]


def test_a_snapshot_without_very_much_of_what_is_here_waits_for_a_person(remote: Clinical) -> None:
    server = _filled(remote)
    store = store_of(remote)
    store.apply(server.everything(), "life")
    for entity, key in list(server.images):
        if entity == "appointment":
            server.put(entity, key, {})
    with pytest.raises(Surroundings):
        store.stage(server.snapshot(), "life", lambda *_: None, fresh=True)
    assert remote.cache.reader.execute("SELECT count(*) FROM appointments").fetchone() == (50,)
    store.stage(iter(list(server.snapshot())[-1:]), "life", lambda *_: None, fresh=False, accept_deletions=True)
    assert remote.cache.reader.execute("SELECT count(*) FROM appointments").fetchone() == (0,)


def test_what_a_snapshot_replaced_does_not_stay_behind(remote: Clinical, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from himsog_desktop.storage.staging import Staging

    server, schema = _filled(remote), _schema(remote)
    store = store_of(remote)
    with monkeypatch.context() as broken:
        # The program dies before it sweeps.
        broken.setattr(Staging, "_sweep", lambda _: None)
        store.stage(server.snapshot(), "life", lambda *_: None, fresh=True)
    assert _schema(remote) != schema
    store.apply(server.everything(), "life")
    assert _schema(remote) == schema
    assert check.file_is_sound(remote.cache.path, remote.cache.key, thorough=True)


def test_a_row_of_the_web_is_an_appointment_like_any_other(remote: Clinical) -> None:
    server = _filled(remote, 1)
    parts = [part for part in server.snapshot() if part.table != "appointment_desk"]
    store_of(remote).stage(iter(parts), "life", lambda *_: None, fresh=True)
    raw = remote.cache.reader
    key = raw.execute("SELECT id FROM appointments").fetchone()[0]
    found = load.appointments(raw, [key])[0]
    assert (found.clinic_id, found.source.value, found.location.value, found.lane) == (
        remote.clinic.id,
        "web",
        "in_person",
        0,
    )
    assert check.wrong_tiles(raw) == 0
    with remote.write() as tx:
        tx.put(found, dataclasses.replace(found, notes="seen"))
    assert check.wrong_tiles(raw) == 0


def test_what_a_restored_server_lost_waits_again(remote: Clinical) -> None:
    server = server_of(remote)
    restored = Server(remote.clinic.id)
    restored.images, restored.vers = dict(server.images), dict(server.vers)
    made = _booked(remote, server)
    store = store_of(remote)
    lost = [one.id for one in store.settled(0) if one.key == made.id]
    store.again(lost, "another life")
    assert (store.cursor(), store.epoch()) == (None, "another life")
    assert [one.intent.id for one in store.waiting(5)] == lost
    store.stage(restored.snapshot(), "another life", lambda *_: None, fresh=True)
    assert load.appointments(remote.cache.reader, [made.id]) == [made]
    push_all(remote, restored)
    assert restored.images["appointment", made.id]["id"] == made.id
    assert _flags(remote, made.id) == 0
