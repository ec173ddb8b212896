"""Messages to patients that wait: written with the act that they tell of, gone with its undo.

One row per appointment: what the patient was last told, and what she is owed since. Every write of
appointments comes through ``follow``. What is released later takes its row away.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.appointment import NO_MAIL_DOMAIN, Appointment
from himsog_desktop.domain.notices import HOLD, KEEP, Known, NoticeKind, owed
from himsog_desktop.storage import sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from himsog_desktop.domain.time import Micros
    from himsog_desktop.storage.connection import Raw
    from himsog_desktop.storage.entities import Record
    from himsog_desktop.storage.write import Transaction

_KEPT = """
SELECT n.appointment_id, n.told_start, n.told_provider, n.told_status
  FROM json_each(?) AS wanted JOIN notice AS n ON n.appointment_id = wanted.value"""
_MAIL = "coalesce(p.corrected_email, u.email)"
_BY_MAIL = f"coalesce(p.consent_email, 1) AND {_MAIL} <> '' AND lower({_MAIL}) NOT LIKE '%@{NO_MAIL_DOMAIN}'"
_CHANNELS = (
    f" {_BY_MAIL},"
    " coalesce(p.consent_sms, 1) AND p.phone IS NOT NULL,"
    " coalesce(p.consent_whatsapp, 0) AND p.phone IS NOT NULL"
)
"""Whether a patient can be written to by e-mail, text message, WhatsApp: an address, and consent."""
CHANNELS = ("email", "sms", "whatsapp")
_PHONED = """
SELECT p.user_id FROM json_each(?) AS wanted JOIN patients AS p ON p.user_id = wanted.value
 WHERE p.phone IS NOT NULL AND (p.consent_sms OR p.consent_whatsapp)"""
_MAILED = f"""
SELECT u.id FROM json_each(?) AS wanted JOIN user AS u ON u.id = wanted.value
  LEFT JOIN patients AS p ON p.user_id = u.id WHERE {_BY_MAIL}"""
_WAITING = f"""
SELECT n.appointment_id, n.kind, n.due, n.act_id, a.appointment_number, a.start_time, a.provider_id, pr.healthcare_name,
       coalesce(p.corrected_name, u.name, a.patient_name), {_CHANNELS}
  FROM notice AS n JOIN appointments AS a ON a.id = n.appointment_id
  LEFT JOIN providers AS pr ON pr.id = a.provider_id
  LEFT JOIN user AS u ON u.id = a.user_id LEFT JOIN patients AS p ON p.user_id = a.user_id
 WHERE n.kind IS NOT NULL
 ORDER BY n.due, n.appointment_id LIMIT ? OFFSET ?"""


class Waiting(NamedTuple):
    """A message that waits; ``due`` is when it may go, ``channels`` by which ways."""

    appointment_id: str
    kind: str
    due: Micros
    act_id: str
    number: str
    start: Micros
    provider_id: str
    provider: str
    patient: str
    channels: tuple[str, ...]


def follow(tx: Transaction, pairs: Sequence[tuple[Record | None, Record | None]]) -> None:
    """Bring what patients are owed up to date with these changes of appointments.

    Imports and demos make no new messages; what waited already is kept true.
    """
    tells = tx.tells
    if not tells:
        # Of what an import brings in nobody has been told anything.
        pairs = [(old, new) for old, new in pairs if old is not None]
    seen = [(old, new) for old, new in pairs if _known(old) != _known(new)]
    if not seen:
        return
    kept = _kept(tx.raw, [old.id for old, _ in seen if old is not None])
    wanted: list[tuple[str, str, Known | None, NoticeKind | None]] = []
    gone: list[tuple[str]] = []
    for old, new in seen:
        record = new if new is not None else old
        if not isinstance(record, Appointment) or not (tells or record.id in kept):
            continue
        told, now = kept.get(record.id, _known(old)), _known(new)
        kind = owed(told, now, tx.at)
        # An unconfirmed one may be confirmed again by undo: she knows that it is.
        unsaid = now is not None and told != now and (record.id in kept or record.active)
        if kind is not None or unsaid:
            wanted.append((record.id, record.patient_id, told, kind))
        elif record.id in kept:
            gone.append((record.id,))
    reached = _reached(tx.raw, {patient for _, patient, _, _ in wanted}) if wanted else set()
    rows: list[sql.Row] = []
    for key, patient, told, kind in wanted:
        if patient in reached:
            due = tx.at + HOLD
            rows.append((key, tx.act_id, kind.value if kind else None, due, *(told or (None, None, None))))
        elif key in kept:
            gone.append((key,))
    if tells:
        tx.raw.execute("DELETE FROM notice WHERE kind IS NULL AND due < ?", (tx.at - KEEP,))
    if gone:
        tx.raw.executemany(sql.delete_text("notice"), gone)
    if rows:
        tx.raw.executemany(sql.upsert_text("notice"), rows)


def waiting(raw: Raw, limit: int | None = None, offset: int = 0) -> list[Waiting]:
    """What waits, what may go first before."""
    found = []
    for row in raw.execute(_WAITING, (-1 if limit is None else limit, offset)):
        channels = tuple(name for name, can in zip(CHANNELS, row[9:], strict=True) if can)
        found.append(Waiting._make((*row[:9], channels)))
    return found


def count(raw: Raw, now: Micros) -> tuple[int, int]:
    """How many are held still, and how many are due."""
    total, due = raw.execute(
        "SELECT count(*), count(CASE WHEN due <= ? THEN 1 END) FROM notice WHERE kind IS NOT NULL", (now,)
    ).fetchone()
    return total - due, due


def _known(record: Record | None) -> Known | None:
    if not isinstance(record, Appointment):
        return None
    return Known(record.start, record.provider_id, record.status.value)


def _kept(raw: Raw, ids: list[str]) -> dict[str, Known | None]:
    """What the patients of waiting messages were last told."""
    if not ids or raw.execute("SELECT 1 FROM notice LIMIT 1").fetchone() is None:
        return {}
    return {
        key: None if start is None else Known(start, provider, status)
        for key, start, provider, status in raw.execute(_KEPT, (json.dumps(ids),))
    }


def _reached(raw: Raw, patients: Iterable[str]) -> set[str]:
    """Those of the patients who can be written to in any way. Most have a phone: then no other page is read."""
    wanted = set(patients)
    found = {row[0] for row in raw.execute(_PHONED, (json.dumps(list(wanted)),))}
    rest = list(wanted - found)
    return found | {row[0] for row in raw.execute(_MAILED, (json.dumps(rest),))} if rest else found
