"""What a newer server says and this version can't read: remembered, told, and fetched by the version that can."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.domain.intents import Batch, Change, Rows, Verdict
from himsog_desktop.storage import check, load, unread
from himsog_desktop.sync.repair import repair
from tests.storage.conftest import Clinical
from tests.storage.server import Server, push_all, server_of, store_of


def _filled(remote: Clinical, count: int) -> tuple[Server, list[str]]:
    server = server_of(remote)
    made = [remote.appointment(480 + 30 * i) for i in range(count)]
    with remote.write() as tx:
        tx.put_many([(None, one) for one in made])
    push_all(remote, server)
    return server, [one.id for one in made]


def _newer(server: Server, key: str) -> Change:
    """A state that this version does not know."""
    entity = "appointment", key
    server.vers[entity] += 1
    server.images[entity] = {**server.images[entity], "status": "RESCHEDULED"}
    return server.change(*entity)


def _snapshot(server: Server, newer: list[str], rows: int = 1000) -> Iterator[Rows]:
    """A snapshot where these are in that state."""
    for part in server.snapshot(rows):
        if part.table == "appointments":
            part = dataclasses.replace(
                part, rows=tuple((*r[:6], "RESCHEDULED", *r[7:]) if r[0] in newer else r for r in part.rows)
            )
        yield part


def _ids(remote: Clinical) -> set[str]:
    return {row[0] for row in remote.cache.reader.execute("SELECT id FROM tile")}


def test_what_cannot_be_read_is_remembered_until_a_version_comes_that_can(
    remote: Clinical, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, (first, second) = _filled(remote, 2)
    store = store_of(remote)
    server.put("appointment", second, {**server.images["appointment", second], "notes": "new"})
    found = (_newer(server, first), server.change("appointment", second))
    assert store.apply(iter([Batch(found, cursor="next")]), "life").changed == 1
    # The rest goes on; what can't be read stays as it was, and is known to be something else.
    assert store.cursor() == "next"
    assert [one.notes for one in load.appointments(remote.cache.reader, [first, second])] == [None, "new"]
    assert unread.unread(remote.cache.reader).keys == (("appointment", first),)
    store.apply(iter([Batch(cursor="later")]), "life")
    assert store.cursor() == "later"
    monkeypatch.setattr(unread, "PROGRAM", "another")
    assert store.cursor() is None
    # That version reads it, from a snapshot: nothing else brings it again.
    server.images["appointment", first]["status"] = "NO_SHOW"
    store.stage(server.snapshot(), "life", lambda *_: None, fresh=True)
    assert load.appointments(remote.cache.reader, [first])[0].status.value == "NO_SHOW"
    assert (store.cursor() is None, unread.unread(remote.cache.reader).keys) == (False, ())


@pytest.mark.parametrize("gone", [False, True])
def test_what_becomes_readable_or_goes_is_left_out_no_more(remote: Clinical, gone: bool) -> None:
    server, (key,) = _filled(remote, 1)
    store = store_of(remote)
    image = server.images["appointment", key]
    store.apply(iter([Batch((_newer(server, key),), cursor="a")]), "life")
    assert unread.unread(remote.cache.reader).keys
    server.put("appointment", key, {} if gone else {**image, "notes": "new"})
    store.apply(iter([Batch((server.change("appointment", key),), cursor="b")]), "life")
    assert not unread.unread(remote.cache.reader).keys
    assert [one.notes for one in load.appointments(remote.cache.reader, [key])] == ([] if gone else ["new"])


def test_a_snapshot_leaves_out_what_cannot_be_read_also_when_it_breaks_off(
    remote: Clinical, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, keys = _filled(remote, 30)
    store = store_of(remote)
    parts = list(_snapshot(server, keys[:25], 5))
    late = next(at for at, part in enumerate(parts) if part.table == "synced")
    with pytest.raises(Surroundings):
        store.stage(iter(parts[:late]), "life", lambda *_: None, fresh=True)
    # So many are no deletions that a person has to look at: they are there.
    store_of(remote).stage(iter(parts[late:]), "life", lambda *_: None, fresh=False)
    raw = remote.cache.reader
    assert _ids(remote) == set(keys[25:])
    assert {key for _, key in unread.unread(raw).keys} == set(keys[:25])
    assert check.wrong_tiles(raw) == 0
    assert store.cursor() is not None
    monkeypatch.setattr(unread, "PROGRAM", "another")
    assert store.cursor() is None
    # One that can't read it either does not fetch everything again and again.
    store.stage(_snapshot(server, keys[:1]), "life", lambda *_: None, fresh=True)
    assert store.cursor() is not None
    assert _ids(remote) == set(keys[1:])


def test_what_waits_for_it_stays_and_its_verdict_is_taken(remote: Clinical) -> None:
    server, (key,) = _filled(remote, 1)
    old = load.appointments(remote.cache.reader, [key])[0]
    with remote.write() as tx:
        tx.put(old, dataclasses.replace(old, notes="mine"))
    store = store_of(remote)
    store.stage(_snapshot(server, [key]), "life", lambda *_: None, fresh=True)
    _newer(server, key)
    assert load.appointments(remote.cache.reader, [key])[0].notes == "mine"
    one = store.waiting(5)[0].intent
    image = {**server.images["appointment", key], "notes": "mine"}
    store.settle(Verdict(one.id, "accepted", one.entity, key, 99, image), repair)
    assert store.waiting(5) == []
    assert unread.unread(remote.cache.reader).keys == (("appointment", key),)


def test_a_verdict_that_cannot_be_read_is_one_all_the_same(remote: Clinical) -> None:
    server, (key,) = _filled(remote, 1)
    old = load.appointments(remote.cache.reader, [key])[0]
    with remote.write() as tx:
        tx.put(old, dataclasses.replace(old, notes="mine"))
    store = store_of(remote)
    one = store.waiting(5)[0].intent
    image = {**server.images["appointment", key], "status": "RESCHEDULED"}
    store.settle(Verdict(one.id, "accepted", one.entity, key, 99, image), repair)
    assert store.waiting(5) == []
    assert load.appointments(remote.cache.reader, [key]) == [old]
    assert unread.unread(remote.cache.reader).keys == (("appointment", key),)
