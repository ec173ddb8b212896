"""Acts and their answers: the same request id gives the same answer and acts once.

Source: contract, "Conventions" (``--request-id``); reliability, decision 4: the first verdict is kept
for good, refusals too.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.errors import BadInput

if TYPE_CHECKING:
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.storage.connection import Raw


class Answer(NamedTuple):
    """A stored answer: the exit code and the JSON document."""

    exit_code: int
    document: bytes


class ActRow(NamedTuple):
    """One act of the ledger. ``state``: open, done, refused or compensated."""

    id: str
    kind: str
    at: Micros
    by_id: str | None
    state: str
    undo_of: str | None
    undone_by: str | None
    answer: bytes | None


_ACT = "SELECT id, kind, at, by_id, state, undo_of, undone_by, answer FROM act"


def request_hash(command: str) -> bytes:
    """What a request asked for, so that its id cannot be used for another one."""
    return hashlib.sha256(command.encode()).digest()


def answered(raw: Raw, request_id: str, asked: bytes) -> Answer | None:
    """The answer that this request got before, None for a new one.

    Raises BadInput when the id was used for another request.
    """
    found = raw.execute(
        "SELECT request_hash, exit_code, answer FROM act WHERE request_id = ?", (request_id,)
    ).fetchone()
    if found is None:
        return None
    if found[0] != asked:
        raise BadInput("bad_value", "This request id was already used for another command; use a new one.")
    if found[2] is None:
        return None
    return Answer(found[1], found[2])


def add(
    raw: Raw,
    *,
    act_id: str,
    kind: str,
    at: Micros,
    by_id: str | None,
    state: str = "done",
    request_id: str | None = None,
    asked: bytes | None = None,
    undo_of: str | None = None,
    answer: Answer | None = None,
) -> None:
    """Write an act into the ledger."""
    raw.execute(
        "INSERT INTO act (id, request_id, request_hash, kind, at, by_id, state, undo_of, exit_code, answer)"
        " VALUES (?,?,?,?,?,?,?,?,?,?)",
        (
            act_id,
            request_id,
            asked,
            kind,
            at,
            by_id,
            state,
            undo_of,
            answer.exit_code if answer else None,
            answer.document if answer else None,
        ),
    )


def close(raw: Raw, act_id: str, state: str, answer: Answer | None = None) -> None:
    """End an open act, with its answer."""
    raw.execute(
        "UPDATE act SET state = ?, exit_code = ?, answer = ? WHERE id = ?",
        (state, answer.exit_code if answer else None, answer.document if answer else None, act_id),
    )


def finished(raw: Raw, act_id: str, at: Micros, answer: Answer) -> None:
    """A long act came to its end at that moment."""
    raw.execute(
        "UPDATE act SET state = 'done', at = ?, exit_code = ?, answer = ? WHERE id = ?",
        (at, answer.exit_code, answer.document, act_id),
    )


def compensated(raw: Raw, act_id: str, undo_id: str) -> None:
    """An act that was broken off has been taken back: it counts no more, and its request may come again."""
    raw.execute(
        "UPDATE act SET state = 'compensated', undone_by = ?, request_id = NULL, request_hash = NULL WHERE id = ?",
        (undo_id, act_id),
    )


def get(raw: Raw, act_id: str) -> ActRow | None:
    """An act by its id."""
    found = raw.execute(_ACT + " WHERE id = ?", (act_id,)).fetchone()  # sql: identifiers only
    return None if found is None else ActRow(*found)


_LAST_UNDOABLE = (
    _ACT + " WHERE by_id = ? AND at >= ? AND state = 'done' AND undone_by IS NULL AND undo_of IS NULL"
    " AND EXISTS (SELECT 1 FROM history WHERE act_id = act.id) ORDER BY seq DESC LIMIT 1"
)


def last_undoable(raw: Raw, by_id: str, since: Micros) -> ActRow | None:
    """The newest act of a person since then that changed something and is neither undone nor an undo."""
    found = raw.execute(_LAST_UNDOABLE, (by_id, since)).fetchone()
    return None if found is None else ActRow(*found)


def mark_undone(raw: Raw, act_id: str, undo_id: str) -> None:
    """An undone act remembers its undo."""
    raw.execute("UPDATE act SET undone_by = ? WHERE id = ?", (undo_id, act_id))


def open_acts(raw: Raw) -> list[ActRow]:
    """Acts that were begun and not ended: an import under way, or one whose program died."""
    return [ActRow(*row) for row in raw.execute(_ACT + " WHERE state = 'open' ORDER BY seq")]  # sql: identifiers only
