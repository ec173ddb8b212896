"""What a profile holds comes back from the server as it went in: images, pages of a snapshot, changes."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from himsog_desktop.domain.errors import HimsogError
from himsog_desktop.domain.intents import Rows
from himsog_desktop.storage.entities import KINDS, Record, rows_of
from himsog_desktop.storage.images import image_of, record_of
from himsog_desktop.storage.shapes import SHAPES
from tests.server.conftest import Filled

KEYS = {
    "clinic": "SELECT id FROM clinics",
    "staff": "SELECT id FROM staff",
    "provider": "SELECT id FROM providers",
    "service": "SELECT id FROM services",
    "patient": "SELECT user_id FROM patients",
    "appointment": "SELECT id FROM appointments",
    "block": "SELECT id FROM blocks",
}


def everything(filled: Filled) -> dict[tuple[str, str], dict[str, Any]]:
    """Every aggregate of the profile, as far as the platform's columns can hold it: milliseconds."""
    raw, found = filled.desk.reader, {}
    for entity, text in KEYS.items():
        ids = [row[0] for row in raw.execute(text)]
        for record in KINDS[entity].load(raw, ids, filled.clinic):
            found[entity, record.id] = _cut(entity, image_of(record))
    return found


def _cut(entity: str, image: dict[str, Any]) -> dict[str, Any]:
    def whole(value: Any) -> Any:
        return value - value % 1000 if isinstance(value, int) and value > 10**12 else value

    made = {name: value if name in ("start", "end") else whole(value) for name, value in image.items()}
    if entity == "appointment":
        made["visit"] = {name: whole(value) for name, value in image["visit"].items()}
    return made


def test_the_image_of_every_aggregate_is_that_of_its_record(filled: Filled) -> None:
    with filled.database.connect() as db:
        for (entity, key), image in everything(filled).items():
            row = db.execute("SELECT desk.image(%s, %s, %s)", (entity, key, filled.clinic)).fetchone()
            assert row == (image,), entity
        assert db.execute("SELECT desk.image('appointment', 'nobody')").fetchone() == (None,)


def test_there_is_one_live_head_for_each(filled: Filled) -> None:
    with filled.database.connect() as db:
        heads = db.execute("SELECT entity, key, clinic_id, state FROM desk.head").fetchall()
    assert {(entity, key) for entity, key, _, _ in heads} == set(everything(filled))
    assert {(clinic, state) for _, _, clinic, state in heads} == {(filled.clinic, "live")}
    assert len(heads) == len(everything(filled))


def test_the_pages_of_a_snapshot_are_the_rows_of_the_records(filled: Filled) -> None:
    wanted: dict[str, set[str]] = {}
    images = everything(filled)
    for (entity, _), image in images.items():
        record = record_of(KINDS[entity].record, image)
        assert record is not None
        for table, row in rows_of(_as_record(record), filled.clinic):
            wanted.setdefault(table, set()).add(json.dumps(row))
    remote = filled.person()
    found: dict[str, list[tuple[object, ...]]] = {}
    last: Rows | None = None
    for part in remote.snapshot(filled.clinic, None):
        last = part
        found.setdefault(part.table, []).extend(part.rows)
        assert all(len(row) == len(SHAPES[part.table][0].split()) for row in part.rows)
        assert part.done <= part.total
    remote.close()
    assert last is not None
    assert last.cursor is not None
    # The profile has no rows for what only the platform knows, and its people have no login.
    for table in set(wanted) - {"user", "providers", "staff"}:
        assert {json.dumps(row) for row in found[table]} == wanted[table], table
    assert {row[0] for row in found["user"]} == {key for entity, key in images if entity == "patient"}
    synced = {(row[0], row[1]) for row in found["synced"]}
    assert synced >= set(images)
    assert len(synced) == len(found["synced"])


def _as_record(record: object) -> Record:
    return record  # type: ignore[return-value]


def test_a_snapshot_goes_on_where_it_broke_off(filled: Filled) -> None:
    remote = filled.person()
    whole = list(remote.snapshot(filled.clinic, None))
    broken = whole[len(whole) // 2]
    rest = list(remote.snapshot(filled.clinic, broken.place))
    remote.close()
    assert [p.table for p in rest] == [p.table for p in whole[len(whole) // 2 + 1 :]]
    assert [p.rows for p in rest] == [p.rows for p in whole[len(whole) // 2 + 1 :]]
    assert rest[-1].cursor == whole[-1].cursor


def test_a_snapshot_that_is_left_leaves_nothing_on_the_line(filled: Filled) -> None:
    remote = filled.person()
    left = remote.snapshot(filled.clinic, None)
    next(left)
    left.close()  # type: ignore[attr-defined]
    assert remote.hello().person.login == "maria"
    with pytest.raises(HimsogError) as refused:
        list(remote.snapshot(filled.clinic, '{"i": 1}'))
    assert refused.value.code == "snapshot_needed"
    assert remote.hello().person.login == "maria"
    remote.close()


def test_small_pages_tell_the_same_as_large_ones(filled: Filled) -> None:
    filled.person().close()
    with filled.database.person("maria", "a long password of a test") as db:

        def all_of(most: int) -> dict[str, list[str]]:
            found: dict[str, list[str]] = {}
            place = None
            while True:
                row = db.execute(
                    "SELECT tbl, body, next, cursor FROM desk.snapshot_v1(%s, %s, %s)", (filled.clinic, place, most)
                ).fetchone()
                assert row is not None
                table, body, place, cursor = row
                found.setdefault(table, []).extend(json.dumps(one) for one in msgspec.json.decode(body or "[]"))
                if cursor is not None:
                    return {name: sorted(set(rows)) for name, rows in found.items()}

        assert all_of(7) == all_of(4000)
