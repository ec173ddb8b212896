"""Finding patients by name, phone, e-mail, in any spelling.

Two indexes over folded words (``domain.people.fold``): prefixes, which find two-letter names at once,
and trigrams, which find the end of a phone number or the middle of a name (design, section 3).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import shown_email
from himsog_desktop.domain.people import digits, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from himsog_desktop.domain.people import Patient
    from himsog_desktop.storage.connection import Raw

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_FEW = 3


def words_of(patient: Patient) -> tuple[str, str]:
    """What the prefix and the trigram index hold of a patient."""
    name = fold(patient.name)
    phone = digits(patient.phone or "")
    local = "0" + phone[2:] if phone.startswith("63") else phone
    mail = (shown_email(patient.email) or "").lower()
    prefix = " ".join([*_WORD.findall(name), *_WORD.findall(mail), phone, local, fold(patient.external_id or "")])
    parts = "\n".join(part for part in (name, phone, local if local != phone else "", mail) if part)
    return prefix, parts


def index_patients(raw: Raw, patients: Sequence[Patient], gone: Iterable[str] = ()) -> None:
    """Bring both indexes up to date for these patients; ``gone`` are ids of deleted ones."""
    for patient_id in gone:
        seq = _seq(raw, patient_id)
        if seq is not None:
            _forget(raw, seq)
            raw.execute("DELETE FROM patient_word WHERE seq = ?", (seq,))
    for patient in patients:
        seq = _seq(raw, patient.id)
        if seq is None:
            raw.execute("INSERT INTO patient_word (patient_id) VALUES (?)", (patient.id,))
            seq = _seq(raw, patient.id)
        else:
            _forget(raw, seq)
        prefix, parts = words_of(patient)
        raw.execute("INSERT INTO patient_prefix (rowid, words) VALUES (?, ?)", (seq, prefix))
        raw.execute("INSERT INTO patient_trigram (rowid, words) VALUES (?, ?)", (seq, parts))


def index_new(raw: Raw, patients: Sequence[Patient]) -> None:
    """The same for many patients that are known to be new."""
    first = raw.execute("SELECT coalesce(max(seq), 0) + 1 FROM patient_word").fetchone()[0]
    words = [(first + i, *words_of(patient)) for i, patient in enumerate(patients)]
    raw.executemany(
        "INSERT INTO patient_word (seq, patient_id) VALUES (?, ?)",
        [(seq, patient.id) for (seq, _, _), patient in zip(words, patients, strict=True)],
    )
    raw.executemany("INSERT INTO patient_prefix (rowid, words) VALUES (?, ?)", [(s, p) for s, p, _ in words])
    raw.executemany("INSERT INTO patient_trigram (rowid, words) VALUES (?, ?)", [(s, t) for s, _, t in words])


def _seq(raw: Raw, patient_id: str) -> int | None:
    found = raw.execute("SELECT seq FROM patient_word WHERE patient_id = ?", (patient_id,)).fetchone()
    return None if found is None else int(found[0])


def _forget(raw: Raw, seq: int) -> None:
    raw.execute("DELETE FROM patient_prefix WHERE rowid = ?", (seq,))
    raw.execute("DELETE FROM patient_trigram WHERE rowid = ?", (seq,))


def find_patients(raw: Raw, query: str, limit: int, offset: int = 0) -> list[str]:
    """Ids of patients, best first: every word begins a word of theirs; else every word is part of one.

    Those seen last come first. A query without a letter or digit finds nobody.
    """
    words = _words(query)
    if not words:
        return []
    match = " AND ".join(f"{word}*" for word in words)
    found = _ranked(raw, "patient_prefix", match, limit, offset)
    if len(found) < limit and any(len(word) >= _FEW for word in words):
        match = " AND ".join(f'"{word}"' for word in words if len(word) >= _FEW)
        have = set(found)
        found += [i for i in _ranked(raw, "patient_trigram", match, limit, offset) if i not in have]
    return found[:limit]


_RANKED = """
SELECT w.patient_id FROM {index} AS f JOIN patient_word AS w ON w.seq = f.rowid
 WHERE {index} MATCH ?
 ORDER BY (SELECT max(a.start_time) FROM appointments AS a WHERE a.user_id = w.patient_id) DESC NULLS LAST, w.seq
 LIMIT ? OFFSET ?"""


def _ranked(raw: Raw, index: str, match: str, limit: int, offset: int) -> list[str]:
    text = _RANKED.format(index=index)  # sql: identifiers only
    return [row[0] for row in raw.execute(text, (match, limit, offset))]


def _words(query: str) -> list[str]:
    """The words to look for: letters and digits only, so that nothing of a query is syntax."""
    typed = fold(query)
    number = digits(typed)
    if number and re.fullmatch(r"[\d\s()+./'-]+", typed):
        return [number[2:] if number.startswith("00") else number]
    return [word for word in _WORD.findall(typed) if word]
