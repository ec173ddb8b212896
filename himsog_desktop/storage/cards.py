"""Cards of Needs attention: refused intents of everybody of the clinic, and a person's answer to one.

A card is there from the verdict on, on every desk. Only a person closes one; her answer is an intent of its own
(``intents.CARD``), so that it closes everywhere, and a row of history, so that it can be taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from himsog_desktop.domain.errors import Refused, not_found
from himsog_desktop.domain.intents import Card
from himsog_desktop.domain.resolution import CARD, Resolution
from himsog_desktop.storage import outbox
from himsog_desktop.storage.images import encode
from himsog_desktop.storage.outbox import Patch

if TYPE_CHECKING:
    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.images import Image
    from himsog_desktop.storage.write import Transaction

OPEN: Image = {"resolved": None, "reason": None}
"""What an open card says of its answer."""


def open_cards(raw: Raw) -> list[Card]:
    """What nobody has answered yet, in the order of the acts."""
    rows = raw.execute("SELECT body FROM card WHERE resolved IS NULL").fetchall()
    found = [msgspec.json.decode(row[0], type=Card) for row in rows]
    return sorted(found, key=lambda card: (card.intent.at, card.intent.id))


def count(raw: Raw) -> int:
    """How many nobody has answered yet."""
    return int(raw.execute("SELECT count(*) FROM card WHERE resolved IS NULL").fetchone()[0])


def open_card(raw: Raw, key: str) -> Card:
    """One that is open. Raises BadInput("not_found"), Refused("changed_meanwhile") when somebody has answered it."""
    row = raw.execute("SELECT body, resolved FROM card WHERE id = ?", (key.strip(),)).fetchone()
    if row is None:
        raise not_found("card", key)
    if row[1] is not None:
        raise Refused("changed_meanwhile", "Somebody has answered this card already.")
    return msgspec.json.decode(row[0], type=Card)


def answer(tx: Transaction, key: str, how: Resolution, reason: str | None) -> None:
    """A person's answer closes a card here, now, and everywhere with the next sync."""
    _change(tx, key, OPEN, {"resolved": how.value, "reason": reason})


def put_back(tx: Transaction, key: str, before: Image, after: Image, uid: str | None = None) -> bool:
    """Take an answer back, for undo and redo; False when somebody has answered otherwise since.

    ``uid`` is the intent that told of it: one that was never sent is withdrawn.
    """
    row = tx.raw.execute("SELECT resolved FROM card WHERE id = ?", (key,)).fetchone()
    if row is None or row[0] != after["resolved"]:
        return False
    withdrawn = uid is not None and outbox.withdrawable(tx.raw, uid)
    if uid is not None and withdrawn:
        outbox.withdraw(tx, [uid])
    _change(tx, key, after, before, sent=not withdrawn)
    return True


def _change(tx: Transaction, key: str, before: Image, after: Image, *, sent: bool = True) -> None:
    tx.raw.execute("UPDATE card SET resolved = ? WHERE id = ?", (after["resolved"], key))
    was, now = ("resolved", "refused") if after["resolved"] is None else ("refused", "resolved")
    tx.raw.execute("UPDATE outbox SET state = ? WHERE intent_id = ? AND state = ?", (now, key, was))
    uid = outbox.leave(tx, CARD, tx.kind, [(key, Patch(before, after), [])])[0] if tx.remote and sent else None
    tx.raw.execute(
        "INSERT INTO history (at, by_id, source, device, act_id, kind, entity_type, entity_id, before, after, uid)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (tx.at, tx.by_id, tx.source, tx.device, tx.act_id, tx.kind, CARD, key, encode(before), encode(after), uid),
    )
    about = tx.raw.execute(
        "SELECT json_extract(body, '$.intent.key') FROM card"
        " WHERE id = ? AND json_extract(body, '$.intent.entity') = 'appointment'",
        (key,),
    ).fetchall()
    tx.flags.touch(row[0] for row in about)
    tx.touch(CARD)
