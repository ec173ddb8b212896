"""Intents, verdicts and changes as JSON, the same for every transport."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from himsog_desktop.domain.intents import Batch, Card, Change, HistoryRow, Intent, Rows, Verdict, Welcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_encode = msgspec.json.Encoder().encode
_verdict = msgspec.json.Decoder(Verdict).decode
_verdicts = msgspec.json.Decoder(list[Verdict]).decode
_welcome = msgspec.json.Decoder(Welcome).decode
_change = msgspec.json.Decoder(Change).decode
_history = msgspec.json.Decoder(HistoryRow).decode
_rows = msgspec.json.Decoder(tuple[tuple[Any, ...], ...]).decode
_card = msgspec.json.Decoder(Card).decode


def intent(given: Intent, clinic: str | None) -> str:
    """An intent as the server takes it: with the clinic that it is for."""
    return _encode(_of(given, clinic)).decode()


def intents(given: Sequence[Intent], clinic: str | None) -> str:
    """Several of them."""
    return _encode([_of(one, clinic) for one in given]).decode()


def _of(given: Intent, clinic: str | None) -> dict[str, object]:
    fields: dict[str, object] = msgspec.to_builtins(given)
    return fields if clinic is None else {**fields, "clinic": clinic}


def verdict(text: str) -> Verdict:
    """What the server said of an intent."""
    return _verdict(text)


def verdicts(text: str) -> list[Verdict]:
    """What the server said of several."""
    return _verdicts(text)


def welcome(text: str) -> Welcome:
    """What the server says of itself."""
    return _welcome(text)


def batch(rows: Iterable[tuple[str, str]]) -> Batch:
    """A part of a pull: rows of a kind (change, history, card, cursor) and a body."""
    changes: list[Change] = []
    history: list[HistoryRow] = []
    cards: list[Card] = []
    cursor: str | None = None
    for kind, body in rows:
        if kind == "change":
            changes.append(_change(body))
        elif kind == "history":
            history.append(_history(body))
        elif kind == "card":
            cards.append(_card(body))
        elif kind == "cursor":
            cursor = body
    return Batch(tuple(changes), tuple(history), tuple(cards), cursor)


def rows(table: str, body: str | None, place: str, done: int, total: int, cursor: str | None) -> Rows:
    """A page of a snapshot: rows as a JSON array of arrays, nothing where a table has none."""
    return Rows(table, _rows(body) if body else (), place, done, total, cursor)
