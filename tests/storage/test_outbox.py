"""With a server: projection == fold(intents that wait, server's images), whatever happens."""

from __future__ import annotations

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st

from himsog_desktop.domain.appointment import Appointment, Status
from himsog_desktop.domain.time import HOUR, MINUTE
from himsog_desktop.storage import load, outbox
from himsog_desktop.storage.cache import REMOTE
from himsog_desktop.storage.images import image_of, whole
from tests.storage.conftest import NOW, Clinical, make


def test_a_refused_intent_falls_out_and_is_kept_for_a_person(remote: Clinical) -> None:
    made = remote.appointment()
    with remote.write() as tx:
        tx.put(None, made)
    moved = dataclasses.replace(made, start=made.start + HOUR, end=made.end + HOUR)
    with remote.write() as tx:
        tx.put(made, moved)
    intent = remote.cache.writer.execute(
        "SELECT intent_id FROM outbox WHERE entity_id = ? ORDER BY seq DESC", (made.id,)
    ).fetchone()[0]
    with remote.write() as tx:
        outbox.refuse(tx, intent, "slot")
    assert load.appointments(remote.cache.reader, [made.id]) == [made]
    kept = remote.cache.reader.execute("SELECT state, reason FROM outbox WHERE intent_id = ?", (intent,)).fetchone()
    assert kept == ("refused", "slot")


def test_an_act_that_was_never_sent_is_withdrawn_whole(remote: Clinical) -> None:
    made = remote.appointment()
    with remote.write() as tx:
        tx.put(None, made)
        act = tx.act_id
    with remote.write() as tx:
        assert outbox.withdraw(tx, act) == 1
    assert load.appointments(remote.cache.reader, [made.id]) == []
    assert outbox.base_of(remote.cache.reader, "appointment", made.id) is None


def test_the_server_s_row_stands_after_it_accepted(remote: Clinical) -> None:
    made = remote.appointment()
    with remote.write() as tx:
        tx.put(None, made)
    canonical = dataclasses.replace(made, notes="as the server wrote it")
    intent = remote.cache.writer.execute("SELECT intent_id FROM outbox WHERE entity_id = ?", (made.id,)).fetchone()[0]
    with remote.write() as tx:
        outbox.settle(tx, intent, image_of(canonical))
    assert load.appointments(remote.cache.reader, [made.id]) == [canonical]
    assert outbox.pending(remote.cache.reader, "appointment", made.id) == []


STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "move", "note", "status", "delete", "settle", "refuse"]), st.integers(0, 30)),
    max_size=16,
)


@given(steps=STEPS)
@settings(max_examples=25, deadline=None)
def test_projection_is_the_fold_of_what_waits_over_the_base(steps: list[tuple[str, int]], tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    remote = make(tmp_path_factory.mktemp("profile"), REMOTE)
    try:
        made = remote.appointment()
        for step, (what, value) in enumerate(steps):
            with remote.write(at=NOW + step) as tx:
                found = load.appointments(tx.raw, [made.id])
                now = found[0] if found else None
                waiting = tx.raw.execute(
                    "SELECT intent_id FROM outbox WHERE state = 'pending' AND entity_id = ? ORDER BY seq", (made.id,)
                ).fetchall()
                if what in ("settle", "refuse"):
                    if waiting and what == "settle":
                        first = outbox.pending(tx.raw, "appointment", made.id)[0]
                        base = outbox.base_of(tx.raw, "appointment", made.id) or {}
                        outbox.settle(tx, waiting[0][0], outbox.fold(base, [first]))
                    elif waiting:
                        outbox.refuse(tx, waiting[value % len(waiting)][0], "slot")
                elif now is None:
                    tx.put(None, made)
                else:
                    new = {
                        "put": now,
                        "move": dataclasses.replace(
                            now, start=now.start + value * MINUTE, end=now.end + value * MINUTE
                        ),
                        "note": dataclasses.replace(now, notes=str(value)),
                        "status": dataclasses.replace(now, status=list(Status)[value % 5]),
                        "delete": None,
                    }[what]
                    tx.put(now, new)
            raw = remote.cache.reader
            base = outbox.base_of(raw, "appointment", made.id)
            if base is not None:
                expected = outbox.fold(base, outbox.pending(raw, "appointment", made.id))
                shown = load.appointments(raw, [made.id])
                assert image_of(shown[0] if shown else None) == whole(Appointment, expected)
    finally:
        remote.cache.close()
