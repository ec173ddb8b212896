"""Intents, verdicts and changes as JSON, the same for every transport."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from himsog_desktop.domain.intents import Batch, Card, Change, HistoryRow, Intent, Verdict, Welcome

if TYPE_CHECKING:
    from collections.abc import Sequence

_encode = msgspec.json.Encoder().encode
_verdict = msgspec.json.Decoder(Verdict).decode
_welcome = msgspec.json.Decoder(Welcome).decode
_change = msgspec.json.Decoder(Change).decode
_history = msgspec.json.Decoder(HistoryRow).decode
_card = msgspec.json.Decoder(Card).decode


def intent(given: Intent) -> str:
    """An intent as the server takes it."""
    return _encode(given).decode()


def verdict(text: str) -> Verdict:
    """What the server said of an intent."""
    return _verdict(text)


def welcome(text: str) -> Welcome:
    """What the server says of itself."""
    return _welcome(text)


def batch(rows: Sequence[tuple[str, str]]) -> Batch:
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
