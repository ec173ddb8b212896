"""Finding patients by name, phone, e-mail, in any spelling.

Two indexes over folded words (``domain.people.fold``): prefixes, which find two-letter names at once,
and trigrams, which find the end of a phone number or the middle of a name (design, section 3).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.appointment import shown_email
from himsog_desktop.domain.people import digits, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from himsog_desktop.domain.people import Patient
    from himsog_desktop.storage.connection import Raw

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_FEW = 3
_NUMBER = re.compile(r"(?:APT)?\d{5,8}[0-9A-Z]{0,4}|APT\d{3,4}", re.ASCII)


def words_of(patient: Patient) -> tuple[str, str]:
    """What the prefix and the trigram index hold of a patient."""
    return words(patient.name, patient.email, patient.phone, patient.external_id)


def words(called: str, email: str, number: str | None, external_id: str | None) -> tuple[str, str]:
    """The same of what a patient's rows say."""
    name = fold(called)
    phone = digits(number or "")
    local = "0" + phone[2:] if phone.startswith("63") else phone
    mail = (shown_email(email) or "").lower()
    prefix = " ".join([*_WORD.findall(name), *_WORD.findall(mail), phone, local, fold(external_id or "")])
    parts = "\n".join(part for part in (name, phone, local if local != phone else "", mail) if part)
    return prefix, parts


def index_patients(raw: Raw, patients: Sequence[Patient], gone: Iterable[str] = ()) -> None:
    """Bring both indexes up to date for these patients; ``gone`` are ids of deleted ones."""
    _remove(raw, gone)
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


def _remove(raw: Raw, gone: Iterable[str]) -> None:
    seqs = raw.execute(
        "SELECT w.seq FROM json_each(?) AS wanted JOIN patient_word AS w ON w.patient_id = wanted.value",
        (json.dumps(list(gone)),),
    ).fetchall()
    for text in (
        "DELETE FROM patient_prefix WHERE rowid = ?",
        "DELETE FROM patient_trigram WHERE rowid = ?",
        "DELETE FROM patient_word WHERE seq = ?",
    ):
        raw.executemany(text, seqs)


def _seq(raw: Raw, patient_id: str) -> int | None:
    found = raw.execute("SELECT seq FROM patient_word WHERE patient_id = ?", (patient_id,)).fetchone()
    return None if found is None else int(found[0])


def _forget(raw: Raw, seq: int) -> None:
    raw.execute("DELETE FROM patient_prefix WHERE rowid = ?", (seq,))
    raw.execute("DELETE FROM patient_trigram WHERE rowid = ?", (seq,))


def find_patients(
    raw: Raw, query: str, limit: int, offset: int = 0, providers: Sequence[str] | None = None
) -> list[str]:
    """Ids of patients: first those of whom every word begins a word, then those of whom each is a part.

    Those seen last come first, unless very many match. A query without a letter or digit finds nobody.
    ``providers`` leaves only patients with an appointment in those columns.
    """
    matches = matches_of(query)
    if matches is None or limit <= 0:
        return []
    bound: dict[str, object] = {"prefix": matches.prefix, "parts": matches.parts, "providers": _json(providers)}
    found = _page(raw, _PREFIX, bound, limit, offset)
    if len(found) < limit and matches.parts is not None:
        before = raw.execute(_PREFIX_COUNT, bound).fetchone()[0] if offset else 0
        found += _page(raw, _PARTS, bound, limit - len(found), max(offset - before, 0))
    return found


class Matches(NamedTuple):
    """What to ask the two indexes for; ``parts`` is None when a word is too short for trigrams."""

    prefix: str
    parts: str | None


def matches_of(query: str) -> Matches | None:
    """The query in the indexes' own terms, None when it has no letter or digit."""
    words = _words(query)
    if not words:
        return None
    parts = " AND ".join(f'"{word}"' for word in words) if all(len(word) >= _FEW for word in words) else None
    return Matches(" AND ".join(f"{word}*" for word in words), parts)


def number_prefix(query: str) -> str | None:
    """The query as the beginning of an appointment number, None when it is none.

    At least three digits, because one or two are the beginning of thousands; five without ``APT``.
    """
    bare = query.strip().upper()
    if _NUMBER.fullmatch(bare) is None:
        return None
    return bare if bare.startswith("APT") else "APT" + bare


RANKED_MOST = 500
"""Up to this many matches are put in the order in which they were seen last; more are not looked up."""

_SEEN = """(:providers IS NULL OR EXISTS (
  SELECT 1 FROM appointments AS a WHERE a.user_id = {patient}
     AND a.provider_id IN (SELECT value FROM json_each(:providers))))"""
_PREFIX = "SELECT rowid AS seq FROM patient_prefix WHERE patient_prefix MATCH :prefix"
_PARTS = f"SELECT rowid AS seq FROM patient_trigram WHERE patient_trigram MATCH :parts AND rowid NOT IN ({_PREFIX})"
_PREFIX_COUNT = f"""
SELECT count(*) FROM ({_PREFIX}) AS f JOIN patient_word AS w ON w.seq = f.seq
 WHERE {_SEEN.format(patient="w.patient_id")}"""
_MANY = "SELECT count(*) FROM (SELECT 1 FROM ({hits}) LIMIT " + str(RANKED_MOST + 1) + ")"
_ORDERED = f"""
SELECT w.patient_id FROM ({{hits}}) AS f JOIN patient_word AS w ON w.seq = f.seq
 WHERE {_SEEN.format(patient="w.patient_id")}
 ORDER BY {{order}} LIMIT :limit OFFSET :offset"""
_LAST_SEEN = "(SELECT max(a.start_time) FROM appointments AS a WHERE a.user_id = w.patient_id) DESC NULLS LAST, w.seq"


def _page(raw: Raw, hits: str, bound: dict[str, object], limit: int, offset: int) -> list[str]:
    counting = _MANY.format(hits=hits)
    many = raw.execute(counting, bound).fetchone()[0] > RANKED_MOST
    text = _ORDERED.format(hits=hits, order="f.seq" if many else _LAST_SEEN)
    return [row[0] for row in raw.execute(text, {**bound, "limit": limit, "offset": offset})]


def by_name(raw: Raw, limit: int, offset: int = 0, providers: Sequence[str] | None = None) -> list[str]:
    """Ids of patients in the order of their names."""
    rows = raw.execute(_BY_NAME, {"providers": _json(providers), "limit": limit, "offset": offset})
    return [row[0] for row in rows]


_BY_NAME = f"""
SELECT u.id FROM user AS u WHERE u.role = 'USER' AND {_SEEN.format(patient="u.id")}
 ORDER BY u.name COLLATE NOCASE, u.id LIMIT :limit OFFSET :offset"""


def is_seen_by(raw: Raw, patient_id: str, providers: Sequence[str]) -> bool:
    """Whether the patient has an appointment in one of these columns."""
    found = raw.execute(
        "SELECT EXISTS (SELECT 1 FROM appointments WHERE user_id = ? AND provider_id IN"
        " (SELECT value FROM json_each(?)))",
        (patient_id, _json(providers)),
    ).fetchone()
    return bool(found[0])


def _json(providers: Sequence[str] | None) -> str | None:
    return None if providers is None else json.dumps(list(providers))


def _words(query: str) -> list[str]:
    """The words to look for: letters and digits only, so that nothing of a query is syntax."""
    typed = fold(query)
    number = digits(typed)
    if number and re.fullmatch(r"[\d\s()+./'-]+", typed):
        return [number[2:] if number.startswith("00") else number]
    return [word for word in _WORD.findall(typed) if word]
