"""Undo and redo: an act of its own that puts before-images back (design, section 2, "Undo").

Each change of the act goes back if nothing changed since, else it is refused, row by row; by its
author, within ten minutes, without the reopen right, slots checked again. Undoing a booking or an
import removes its rows, with a tombstone and history. Redo is the undo of an undo.

Long because an undo in one go, in chunks and after a crash puts back by the same rules.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from himsog_desktop.domain.appointment import Appointment
from himsog_desktop.domain.errors import Refused, not_found
from himsog_desktop.domain.ids import new_id
from himsog_desktop.domain.resolution import CARD
from himsog_desktop.domain.rules import Reason
from himsog_desktop.services.booking import act_document
from himsog_desktop.services.desk import exit_code
from himsog_desktop.services.diaries import Columns
from himsog_desktop.services.documents import ActDoc, RefusedDoc
from himsog_desktop.services.laid import Laid
from himsog_desktop.services.pacing import alone, chunks, long_work_lock
from himsog_desktop.services.render import reason as reason_doc
from himsog_desktop.services.states import check_place
from himsog_desktop.services.verdicts import STOOD_THERE, reasons_of
from himsog_desktop.storage import cards, ledger, outbox
from himsog_desktop.storage.entities import KINDS
from himsog_desktop.storage.external import still_used
from himsog_desktop.storage.images import changed, decode, image_of, record_of, whole
from himsog_desktop.storage.write import UNTOLD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from himsog_desktop.domain.commands import Undo
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.entities import Entity, Record
    from himsog_desktop.storage.images import Image
    from himsog_desktop.storage.ledger import ActRow
    from himsog_desktop.storage.write import Transaction

Pair = tuple["Record | None", "Record | None"]
HistoryRow = tuple[int, str, str, str, str, str | None]
"""Its number, the aggregate's kind and id, before and after, and the id of the intent that tells it to a server."""

IN_ONE_GO = 2_000
"""Acts up to this many rows are undone in one transaction; larger ones in chunks, like an import."""

ASKED_AS = "undo"
"""What a request id of an undo is kept with: the same for whatever is taken back."""

REFUSED_MOST = 1_000
"""So many refused rows are named in the answer of a large undo."""


def undo(
    desk: Desk,
    command: Undo,
    request_id: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    shown: int | None = None,
) -> ActDoc:
    """Take an act back: the named one, or this person's newest that is not undone.

    ``progress`` is told rows done and rows in all. Of more than ``shown`` rows the answer only counts
    them. Raises Refused("undo_refused") when the act is
    somebody else's, over ten minutes old, undone already, or has nothing left to put back; a bulk act
    lists the rows that changed meanwhile in its answer instead.
    """
    asked = command.act_id or ""
    if request_id is not None and (known := desk.answered(ASKED_AS, request_id, asked, ActDoc)) is not None:
        return known
    try:
        act = _wanted(desk, command)
    except Refused as refusal:
        if request_id is not None:
            # Asked again it must not take back what was done since.
            desk.keep_refusal(ASKED_AS, request_id, asked, refusal)
        raise
    total = _changes(desk.reader, act.id)
    if total > IN_ONE_GO:
        return _undo_in_chunks(desk, act, total, progress, request_id, asked)

    def work(tx: Transaction) -> ActDoc:
        fresh = _checked(desk, tx.raw, ledger.get(tx.raw, act.id), act.id)
        tx.quiet = _untold(tx.raw, act.id)
        ids, refused, done = _revert(desk, tx, tx.raw.execute(_HISTORY_BACKWARDS, (fresh.id, -1)).fetchall())
        if not done:
            raise Refused(
                "undo_refused",
                _nothing_went_back(refused),
                details=tuple(Reason(r.rule, r.text) for row in refused[:3] for r in row.rules),
            )
        ledger.mark_undone(tx.raw, fresh.id, tx.act_id)
        if fresh.undo_of is not None:
            # A redo: the act stands again and can be undone again.
            tx.raw.execute("UPDATE act SET undone_by = NULL WHERE id = ?", (fresh.undo_of,))
        return act_document(desk, tx, ids, refused, shown)

    return desk.act(_kind(act), work, ActDoc, request_id=request_id, asked_as=ASKED_AS, asked=asked, undo_of=act.id)


def _changes(raw: Raw, act_id: str) -> int:
    return int(raw.execute("SELECT count(*) FROM history WHERE act_id = ?", (act_id,)).fetchone()[0])


_HISTORY_BACKWARDS = (
    "SELECT seq, entity_type, entity_id, before, after, uid FROM history WHERE act_id = ? ORDER BY seq DESC LIMIT ?"
)


def _kind(act: ActRow) -> str:
    return "undo." + act.kind.removeprefix("undo.") if act.undo_of is None else "undo.undo"


def meant(desk: Desk, command: Undo) -> str:
    """The id of the act that an undo would take back now. Raises as ``undo`` does when there is none."""
    return _wanted(desk, command).id


def _untold(raw: Raw, act_id: str) -> bool:
    """Whether patients heard nothing of the act that this, undone and done again, comes from."""
    act = ledger.get(raw, act_id)
    while act is not None and act.undo_of is not None:
        act = ledger.get(raw, act.undo_of)
    return act is not None and act.kind.startswith(UNTOLD)


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
    if act.state == "open":
        raise Refused("undo_refused", "It is still under way.")
    if act.undone_by is not None or act.state != "done":
        raise Refused("undo_refused", "It is undone already.")
    if desk.now() > desk.undoable_until(act.at):
        raise Refused("undo_refused", "It is more than ten minutes old. Change it by hand instead.")
    return act


def _revert(desk: Desk, tx: Transaction, rows: Sequence[HistoryRow]) -> tuple[list[str], list[RefusedDoc], int]:
    """Put the rows back, newest first. Answers ids of appointments, refusals, and how many went back.

    What was never sent to the server is withdrawn; of the rest an intent tells that it goes back.
    """
    ids: list[str] = []
    refused: list[RefusedDoc] = []
    done = 0
    columns = Columns(tx.raw, desk.clinic)
    for entity, run in _runs(rows):
        if entity == CARD:
            done += sum(cards.put_back(tx, row[2], decode(row[3]), decode(row[4]), row[5]) for row in run)
            continue
        kind = KINDS[entity]
        now: dict[str, Record] = {r.id: r for r in kind.load(tx.raw, [row[2] for row in run], tx.clinic_id)}
        pairs: list[Pair] = []
        withdrawn: list[tuple[Record | None, Record | None, str]] = []
        # A time that a row before gave back is free again, before anything is written.
        laid = Laid(ways_out=0)
        used = _still_used(tx.raw, kind.entity, run)
        for _, _, key, before, after, uid in run:
            current = now.get(key)
            try:
                wanted = _back(kind.record, current, decode(before), decode(after))
                if wanted is None and key in used:
                    raise Refused("in_use", "It has other appointments by now; it was kept.")
                if isinstance(wanted, Appointment) and wanted.active and not _sits_there(current, wanted):
                    check_place(desk, tx.raw, wanted, columns, laid, pardon=STOOD_THERE)
            except Refused as refusal:
                refused.append(RefusedDoc(key, refusal.code, [reason_doc(r) for r in reasons_of(refusal)]))
                continue
            if uid is not None and outbox.withdrawable(tx.raw, uid):
                withdrawn.append((current, wanted, uid))
            else:
                pairs.append((current, wanted))
            if entity == "appointment":
                laid.put(key, wanted if isinstance(wanted, Appointment) else None)
                ids.append(key)
            done += 1
        tx.withdraw(withdrawn)
        tx.put_many(pairs)
    return ids, refused, done


def _nothing_went_back(refused: Sequence[RefusedDoc]) -> str:
    """Why, in a sentence: somebody changed it, or has its time by now."""
    taken = next((row for row in refused if row.code != "changed_meanwhile" and row.rules), None)
    if taken is None:
        return "Nothing of this act can be put back: it was changed meanwhile."
    return f"Nothing of this act can be put back. {taken.rules[0].text.rstrip('.')}."


def _runs(rows: Sequence[HistoryRow]) -> Iterator[tuple[str, list[HistoryRow]]]:
    """Neighbouring rows of one entity type, each aggregate once in a run, so that order is kept."""
    run: list[HistoryRow] = []
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


_PLACE = ("provider_id", "start", "end", "resources")
"""What of an appointment takes a time, a provider's or a room's."""


def _sits_there(current: Record | None, wanted: Appointment) -> bool:
    """Whether it has that time now; one that is taken again is checked again."""
    standing = isinstance(current, Appointment) and current.active
    return standing and all(getattr(current, name) == getattr(wanted, name) for name in _PLACE)


def _still_used(raw: Raw, entity: Entity, run: Sequence[HistoryRow]) -> set[str]:
    made = [row[2] for row in run if row[3] == "{}"]
    return still_used(raw, entity, made) if made else set()


def _undo_in_chunks(
    desk: Desk,
    act: ActRow,
    total: int,
    progress: Callable[[int, int], None] | None,
    request_id: str | None,
    asked: str,
) -> ActDoc:
    """A large import goes back in chunks that a booking can get in between.

    The act is marked undone first; a crash in the middle leaves the undo open, and the next program
    that opens the profile goes on with it (``finish_broken``).
    """
    undo_id = new_id()
    with alone(desk):
        try:
            with desk.write(_kind(act), act_id=undo_id) as tx:
                _checked(desk, tx.raw, ledger.get(tx.raw, act.id), act.id)
                ledger.add(
                    tx.raw,
                    act_id=undo_id,
                    kind=_kind(act),
                    at=tx.at,
                    by_id=desk.staff.id,
                    state="open",
                    request_id=request_id,
                    asked=ledger.request_hash(f"{ASKED_AS}\n{asked}") if request_id else None,
                    undo_of=act.id,
                )
                ledger.mark_undone(tx.raw, act.id, undo_id)
        except Refused as refusal:
            if request_id is not None:
                desk.keep_refusal(ASKED_AS, request_id, asked, refusal)
            raise
        return _go_on(desk, act, undo_id, total, progress)


def _go_on(
    desk: Desk, act: ActRow, undo_id: str, total: int, progress: Callable[[int, int], None] | None = None
) -> ActDoc:
    def finish(tx: Transaction) -> None:
        if act.undo_of is not None:
            # A redo: the act stands again and can be undone again.
            tx.raw.execute("UPDATE act SET undone_by = NULL WHERE id = ?", (act.undo_of,))

    return remove_in_chunks(desk, act.id, undo_id, _kind(act), total, progress, finish=finish)


def remove_in_chunks(
    desk: Desk,
    act_id: str,
    undo_id: str,
    kind: str,
    total: int,
    progress: Callable[[int, int], None] | None = None,
    *,
    state: str = "done",
    finish: Callable[[Transaction], None] | None = None,
) -> ActDoc:
    """Put every change of an act back, chunk by chunk, in the name of ``undo_id``.

    The caller holds the lock (``pacing.alone``). ``finish`` is called in the last transaction.
    """
    refused: list[RefusedDoc] = []
    last = 1 << 62
    done = 0
    # What a broken run put back before stays back; what this one does is not looked at again.
    begun = _last_seq(desk.reader, undo_id)
    passed: Counter[tuple[str, str]] = Counter()
    quiet = _untold(desk.reader, act_id)
    with chunks(desk, kind, undo_id) as work:
        while True:
            with work.next() as tx:
                tx.quiet = quiet
                rows = tx.raw.execute(
                    "SELECT seq, entity_type, entity_id, before, after, uid FROM history"
                    " WHERE act_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
                    (act_id, last, work.pace.size),
                ).fetchall()
                work.count(len(rows))
                fresh = _unpassed(rows, _gone(tx.raw, undo_id, rows, begun), passed) if begun else rows
                refused += _revert(desk, tx, fresh)[1][: max(0, REFUSED_MOST - len(refused))]
                if not rows:
                    answer = act_document(desk, tx, [], refused)
                    ledger.close(tx.raw, undo_id, state, ledger.Answer(exit_code(answer), msgspec.json.encode(answer)))
                    if finish is not None:
                        finish(tx)
                    return answer
            last = rows[-1][0]
            done += len(rows)
            if progress is not None:
                progress(done, total)


def compensate(desk: Desk, act: ActRow, progress: Callable[[int, int], None] | None = None) -> None:
    """Take back what an import wrote that will not be finished; its request id may be used again.

    The caller holds the lock. May itself be broken off and called again.
    """
    begun = desk.reader.execute("SELECT id FROM act WHERE undo_of = ? AND state = 'open'", (act.id,)).fetchone()
    undo_id = begun[0] if begun else new_id()
    if not begun:
        with desk.write(_kind(act), act_id=undo_id) as tx:
            ledger.add(
                tx.raw,
                act_id=undo_id,
                kind=_kind(act),
                at=tx.at,
                by_id=desk.staff.id,
                state="open",
                undo_of=act.id,
            )

    def finish(tx: Transaction) -> None:
        ledger.compensated(tx.raw, act.id, undo_id)

    total = _changes(desk.reader, act.id)
    remove_in_chunks(desk, act.id, undo_id, _kind(act), total, progress, state="compensated", finish=finish)


def finish_broken(desk: Desk) -> int:
    """Bring to an end what a program that died left half done; answers how many acts that were.

    Called when a profile is opened. Half an import is taken back, half a large undo is gone on with;
    those of a living program are left alone.
    """
    if not ledger.open_acts(desk.reader):
        return 0
    lock = long_work_lock(desk)
    if not lock.try_acquire():
        return 0
    try:
        # Looked at again: whoever held the lock may have finished just now.
        begun = ledger.open_acts(desk.reader)
        imports = {act.id: act for act in begun if act.undo_of is None}
        undone = [act for act in begun if act.undo_of is not None and act.undo_of not in imports]
        for act in imports.values():
            compensate(desk, act)
        for undo_act in undone:
            target = ledger.get(desk.reader, undo_act.undo_of or "")
            if target is not None:
                _go_on(desk, target, undo_act.id, _changes(desk.reader, target.id))
        return len(imports) + len(undone)
    finally:
        lock.release()


def _last_seq(raw: Raw, act_id: str) -> int:
    """The newest change of an act, 0 for none."""
    text = "SELECT coalesce(max(seq), 0) FROM history WHERE act_id = ?"
    return int(raw.execute(text, (act_id,)).fetchone()[0])


def _unpassed(
    rows: Sequence[HistoryRow], gone: Counter[tuple[str, str]], passed: Counter[tuple[str, str]]
) -> list[HistoryRow]:
    """The rows that were not put back yet. An act may have changed one twice: its newest changes went back first."""
    fresh = []
    for row in rows:
        key = (row[1], row[2])
        if passed[key] < gone[key]:
            passed[key] += 1
        else:
            fresh.append(row)
    return fresh


def _gone(raw: Raw, undo_id: str, rows: Sequence[HistoryRow], begun: int) -> Counter[tuple[str, str]]:
    """How many changes of each of these went back by ``begun``."""
    return Counter(
        (row[0], row[1])
        for row in raw.execute(
            "SELECT h.entity_type, h.entity_id FROM json_each(?) AS w"
            " CROSS JOIN history AS h INDEXED BY history_entity ON h.entity_id = w.value"
            " WHERE h.act_id = ? AND h.seq <= ?",
            (json.dumps(list({row[2] for row in rows})), undo_id, begun),
        )
    )
