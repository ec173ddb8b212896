"""Undo and redo: an act of its own that puts before-images back (design, section 2, "Undo").

Each change of the act goes back if nothing changed since, else it is refused, row by row; by its
author, within ten minutes, without the reopen right, slots checked again. Undoing a booking or an
import removes its rows, with a tombstone and history. Redo is the undo of an undo.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import Appointment
from himsog_desktop.domain.errors import Refused, not_found
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.rules import Reason
from himsog_desktop.services import diaries
from himsog_desktop.services.booking import act_document, wanted_for
from himsog_desktop.services.documents import ActDoc, RefusedDoc
from himsog_desktop.services.render import reason as reason_doc
from himsog_desktop.services.verdicts import reasons_of, verdict
from himsog_desktop.storage import ledger, load
from himsog_desktop.storage.entities import KINDS
from himsog_desktop.storage.images import changed, decode, image_of, record_of, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from himsog_desktop.domain.commands import Undo
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.entities import Record
    from himsog_desktop.storage.images import Image
    from himsog_desktop.storage.ledger import ActRow
    from himsog_desktop.storage.write import Transaction

Pair = tuple["Record | None", "Record | None"]

IN_ONE_GO = 2_000
"""Acts up to this many rows are undone in one transaction; larger ones in chunks, like an import."""

CHUNK = 500


def undo(
    desk: Desk,
    command: Undo,
    request_id: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ActDoc:
    """Take an act back: the named one, or this person's newest that is not undone.

    ``progress`` is told rows done and rows in all. Raises Refused("undo_refused") when the act is
    somebody else's, over ten minutes old, undone already, or has nothing left to put back; a bulk act
    lists the rows that changed meanwhile in its answer instead.
    """
    act = _wanted(desk, command)
    total = desk.reader.execute("SELECT count(*) FROM history WHERE act_id = ?", (act.id,)).fetchone()[0]
    if total > IN_ONE_GO and request_id is None:
        return _undo_in_chunks(desk, act, total, progress)

    def work(tx: Transaction) -> ActDoc:
        fresh = _checked(desk, tx.raw, ledger.get(tx.raw, act.id), act.id)
        ids, refused, done = _revert(desk, tx, tx.raw.execute(_HISTORY_BACKWARDS, (fresh.id, -1)).fetchall())
        if not done:
            raise Refused(
                "undo_refused",
                "Nothing of this act can be put back: it was changed meanwhile.",
                details=tuple(Reason(r.rule, r.text) for row in refused[:3] for r in row.rules),
            )
        ledger.mark_undone(tx.raw, fresh.id, tx.act_id)
        if fresh.undo_of is not None:
            # A redo: the act stands again and can be undone again.
            tx.raw.execute("UPDATE act SET undone_by = NULL WHERE id = ?", (fresh.undo_of,))
        return act_document(desk, tx, ids, refused)

    return desk.act(_kind(act), work, ActDoc, request_id=request_id, asked=command.act_id or "", undo_of=act.id)


_HISTORY_BACKWARDS = (
    "SELECT seq, entity_type, entity_id, before, after FROM history WHERE act_id = ? ORDER BY seq DESC LIMIT ?"
)


def _kind(act: ActRow) -> str:
    return "undo." + act.kind.removeprefix("undo.") if act.undo_of is None else "undo.undo"


def _wanted(desk: Desk, command: Undo) -> ActRow:
    raw = desk.reader
    if command.act_id is None:
        now = desk.now()
        found = ledger.last_undoable(raw, desk.staff.id, now - (desk.undoable_until(now) - now))
        if found is None:
            raise Refused("undo_refused", "There is nothing of yours from the last ten minutes to undo.")
        return found
    found = ledger.get(raw, command.act_id)
    if found is None or found.state == "refused":
        raise not_found("act", command.act_id)
    return found


def _checked(desk: Desk, raw: Raw, act: ActRow | None, act_id: str) -> ActRow:
    """The act, if this person may still undo it."""
    if act is None:
        raise not_found("act", act_id)
    if act.by_id != desk.staff.id:
        raise Refused("undo_refused", "Only the person who did it can undo it.")
    if act.undone_by is not None or act.state != "done":
        raise Refused("undo_refused", "It is undone already.")
    if desk.now() > desk.undoable_until(act.at):
        raise Refused("undo_refused", "It is more than ten minutes old. Change it by hand instead.")
    return act


def _revert(
    desk: Desk, tx: Transaction, rows: Sequence[tuple[int, str, str, str, str]]
) -> tuple[list[str], list[RefusedDoc], int]:
    """Put the rows back, newest first. Answers ids of appointments, refusals, and how many went back."""
    ids: list[str] = []
    refused: list[RefusedDoc] = []
    done = 0
    for entity, run in _runs(rows):
        kind = KINDS[entity]
        now: dict[str, Record] = {r.id: r for r in kind.load(tx.raw, [row[2] for row in run], tx.clinic_id)}
        pairs: list[Pair] = []
        for _, _, key, before, after in run:
            current = now.get(key)
            try:
                wanted = _back(kind.record, current, decode(before), decode(after))
                if isinstance(wanted, Appointment) and wanted.active:
                    _check_place(desk, tx, current, wanted)
            except Refused as refusal:
                refused.append(RefusedDoc(key, refusal.code, [reason_doc(r) for r in reasons_of(refusal)]))
                continue
            if isinstance(wanted, Appointment) and wanted.active:
                tx.put(current, wanted)
            else:
                pairs.append((current, wanted))
            if entity == "appointment":
                ids.append(key)
            done += 1
        tx.put_many(pairs)
    return ids, refused, done


def _runs(rows: Sequence[tuple[int, str, str, str, str]]) -> Iterator[tuple[str, list[tuple[int, str, str, str, str]]]]:
    """Neighbouring rows of one entity type, each aggregate once in a run, so that order is kept."""
    run: list[tuple[int, str, str, str, str]] = []
    seen: set[str] = set()
    for row in rows:
        if run and (row[1] != run[0][1] or row[2] in seen):
            yield run[0][1], run
            run, seen = [], set()
        run.append(row)
        seen.add(row[2])
    if run:
        yield run[0][1], run


def _back(kind: type[Record], current: Record | None, before: Image, after: Image) -> Record | None:
    """The record with the change taken back. Raises Refused when somebody changed it since."""
    image = image_of(current)
    if not before:
        after = whole(kind, after)
    if not after:
        if current is not None:
            raise Refused("changed_meanwhile", "It is there again.")
        return record_of(kind, before)
    # Every field that the act set must still say so; ``updated`` only tells when.
    if not image or any(image.get(name) != value for name, value in after.items() if name != "updated"):
        raise Refused("changed_meanwhile", "It was changed since; nothing was put back.")
    if not before:
        if changed({**image, "updated": 0}, {**after, "updated": 0})[0]:
            raise Refused("changed_meanwhile", "It was changed since; nothing was put back.")
        return None
    return record_of(kind, {**image, **before})


def _check_place(desk: Desk, tx: Transaction, current: Record | None, wanted: Appointment) -> None:
    """A time that is taken again is checked again."""
    if isinstance(current, Appointment) and current.active:
        same = (current.provider_id, current.start, current.end) == (wanted.provider_id, wanted.start, wanted.end)
        if same:
            return
    provider = diaries.provider_of(tx.raw, wanted.provider_id, desk.clinic)
    services = [s for s in load.services(tx.raw, provider.id) if any(s.id == b.service_id for b in wanted.services)]
    place = wanted_for(wanted, provider, wanted.start, max(wanted.minutes, 1), services)
    if not wanted.lane:
        verdict(desk, tx.raw, place, taken_only=True)


def _undo_in_chunks(desk: Desk, act: ActRow, total: int, progress: Callable[[int, int], None] | None) -> ActDoc:
    """A large import goes back in chunks that a booking can get in between.

    The act is marked undone first; a crash in the middle leaves the undo open, and the next program
    that opens the profile goes on with it (``importing.finish_broken``).
    """
    undo_id = new_id()
    with desk.write(_kind(act), act_id=undo_id) as tx:
        _checked(desk, tx.raw, ledger.get(tx.raw, act.id), act.id)
        ledger.add(tx.raw, act_id=undo_id, kind=_kind(act), at=tx.at, by_id=desk.staff.id, state="open", undo_of=act.id)
        ledger.mark_undone(tx.raw, act.id, undo_id)
    return remove_in_chunks(desk, act.id, undo_id, _kind(act), total, progress)


def remove_in_chunks(
    desk: Desk,
    act_id: str,
    undo_id: str,
    kind: str,
    total: int,
    progress: Callable[[int, int], None] | None = None,
    state: str = "done",
) -> ActDoc:
    """Put every change of an act back, chunk by chunk, in the name of ``undo_id``."""
    refused: list[RefusedDoc] = []
    last: int | None = None
    done = 0
    while True:
        with desk.write(kind, act_id=undo_id) as tx:
            rows = tx.raw.execute(
                "SELECT seq, entity_type, entity_id, before, after FROM history"
                " WHERE act_id = ? AND (?2 IS NULL OR seq < ?2) ORDER BY seq DESC LIMIT ?3",
                (act_id, last, CHUNK),
            ).fetchall()
            # What a broken run put back before stays back.
            gone = _gone(tx.raw, undo_id, rows)
            fresh = [row for row in rows if (row[1], row[2]) not in gone]
            refused += _revert(desk, tx, fresh)[1]
            if not rows:
                ledger.close(tx.raw, undo_id, state)
                return act_document(desk, tx, [], refused)
        last = rows[-1][0]
        done += len(rows)
        if progress is not None:
            progress(done, total)


def _gone(raw: Raw, undo_id: str, rows: Sequence[tuple[int, str, str, str, str]]) -> set[tuple[str, str]]:
    return {
        (row[0], row[1])
        for row in raw.execute(
            "SELECT h.entity_type, h.entity_id FROM json_each(?) AS w JOIN history AS h ON h.entity_id = w.value"
            " WHERE h.act_id = ?",
            (json.dumps([row[2] for row in rows]), undo_id),
        )
    }
