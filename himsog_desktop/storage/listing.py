"""The hot reads of the list of appointments as prepared SQL: how many, which ids in order, their rows.

In order of time everything comes from one covering index, ``tile_status``; the other orders sort what that
index finds. A row is looked up by its id in another, ``appointments_key``, and read from ``tile`` alone.
Ids come as one JSON text a statement: SQLite makes it without holding up the window.
Tested equal to the plain form in SQLAlchemy Core in ``tests/storage/test_listing.py``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from himsog_desktop.domain.day import MADE, MADE_BITS, OUTCOME_MISSING, Tile
from himsog_desktop.domain.listing import Line, Order
from himsog_desktop.storage import search

if TYPE_CHECKING:
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.storage.connection import Raw

FEW_PATIENTS = 500
"""Up to so many found patients their appointments are looked up; beyond, the section is gone through."""

_BY_INDEX = "tile AS t INDEXED BY tile_status"
_BY_PATIENT = (
    "json_each(:patients) AS f CROSS JOIN appointments AS a ON a.user_id = f.value"
    " CROSS JOIN tile AS t ON t.start = a.start_time AND t.id = a.id"
)
_BY_NUMBER = (
    "appointments AS n INDEXED BY appointments_number CROSS JOIN tile AS t ON t.start = n.start_time AND t.id = n.id"
)
_MATCHED = (
    "SELECT w.patient_id FROM patient_word AS w WHERE w.seq IN"
    " (SELECT rowid FROM patient_prefix WHERE patient_prefix MATCH :prefix"
    " UNION SELECT rowid FROM patient_trigram WHERE patient_trigram MATCH :parts)"
)
_MATCHED_START = (
    "SELECT w.patient_id FROM patient_word AS w WHERE w.seq IN"
    " (SELECT rowid FROM patient_prefix WHERE patient_prefix MATCH :prefix)"
)
_ORDERS = {
    Order.TIME: ("t.start", "t.id"),
    Order.STATUS: ("t.start", "t.id"),
    Order.PATIENT: ("t.name COLLATE NOCASE", "t.start", "t.id"),
    Order.PROVIDER: ("v.healthcare_name COLLATE NOCASE", "t.start", "t.id"),
    Order.CREATED: ("b.created_at", "t.start", "t.id"),
}
_JOINS = {
    Order.PROVIDER: " JOIN providers AS v ON v.id = t.provider_id",
    Order.CREATED: " CROSS JOIN appointments AS b INDEXED BY appointments_key ON b.id = t.id",
}
LINES = """
SELECT t.start, t.id, t."end", t.provider_id, t.status, t.patient_id, t.name, t.phone, t.services, t.note, t.visit,
       t.visit_since, t.location, t.lane, t.flags, a.created_at
  FROM json_each(?) AS wanted CROSS JOIN appointments AS a INDEXED BY appointments_key ON a.id = wanted.value
 CROSS JOIN tile AS t ON t.start = a.start_time AND t.id = a.id
 ORDER BY wanted.key"""
"""Rows by id, in the order asked for."""


@dataclass(frozen=True, slots=True)
class Section:
    """Which appointments of one state: starting in [low, high), of these providers, made by, found by words.

    None is no restriction. ``missing``: only those whose outcome is missing.
    """

    status: str
    low: Micros | None = None
    high: Micros | None = None
    providers: tuple[str, ...] | None = None
    source: str | None = None
    missing: bool = False
    query: str | None = None


@dataclass(frozen=True, slots=True)
class _Shape:
    """All that decides the text of a statement; everything else is a parameter."""

    ranged: bool
    providers: bool
    source: bool
    missing: bool
    found: str
    order: Order
    down: bool
    after: bool


@lru_cache(maxsize=256)
def _keys(shape: _Shape) -> str:
    """Ids in order, from :skip on, at most :limit."""
    arms = shape.found.split("+")
    if len(arms) == 1:
        source, where = _arm(shape, arms[0])
    else:
        # Found as a patient or by a number: each once.
        inner = " UNION ".join(f"SELECT t.start, t.id FROM {s} WHERE {w}" for s, w in (_arm(shape, a) for a in arms))
        source = f"({inner}) AS u CROSS JOIN tile AS t ON t.start = u.start AND t.id = u.id"  # sql: identifiers only
        where = "1"
    source += _JOINS.get(shape.order, "")
    if shape.after:
        where += f" AND (t.start, t.id) {'<' if shape.down else '>'} (:after_start, :after_id)"
    order = ", ".join(f"{term} DESC" if shape.down else term for term in _ORDERS[shape.order])
    chosen = f"SELECT t.id AS id FROM {source} WHERE {where}"  # sql: identifiers only
    return f"{chosen} ORDER BY {order} LIMIT :limit OFFSET :skip"


def _arm(shape: _Shape, found: str) -> tuple[str, str]:
    source = {"": _BY_INDEX, "many": _BY_INDEX, "start": _BY_INDEX, "few": _BY_PATIENT, "number": _BY_NUMBER}[found]
    where = ["t.status = :status"]
    if shape.ranged:
        where.append("t.start >= :low AND t.start < :high")
    if shape.providers:
        where.append("t.provider_id IN (SELECT value FROM json_each(:providers))")
    if shape.missing:
        where.append(f"t.flags & {OUTCOME_MISSING}")
    if shape.source:
        where.append(f"t.flags & {MADE} = :made")
    if found == "number":
        where.append("n.appointment_number >= :number AND n.appointment_number < :number_end")
    elif found in ("many", "start"):
        where.append(f"t.patient_id IN ({_MATCHED if found == 'many' else _MATCHED_START})")
    return source, " AND ".join(where)


_EVER = 1 << 62


def ids(
    raw: Raw,
    wanted: Section,
    order: Order = Order.TIME,
    *,
    down: bool = False,
    limit: int = -1,
    skip: int = 0,
    after: str | None = None,
) -> list[str]:
    """Ids of a section in order. ``after``, an id, goes on behind it; in the order of time alone.

    Nothing when ``after`` is no longer there.
    """
    bound = _bound(raw, wanted)
    if bound is None:
        return []
    found, values = bound
    values |= {"limit": limit, "skip": skip}
    if after is not None:
        row = raw.execute("SELECT start_time FROM appointments WHERE id = ?", (after,)).fetchone()
        if row is None:
            return []
        values |= {"after_start": row[0], "after_id": after}
    text = _keys(_shape(wanted, found, order, down, after is not None))
    listed = raw.execute(f"SELECT json_group_array(id) FROM ({text})", values).fetchone()[0]  # sql: identifiers only
    return msgspec.json.decode(listed, type=list[str])


def count(raw: Raw, wanted: Section) -> int:
    """How many a section holds."""
    bound = _bound(raw, wanted)
    if bound is None:
        return 0
    found, values = bound
    text = _keys(_shape(wanted, found, Order.TIME, False, False))
    values |= {"limit": -1, "skip": 0}
    return int(raw.execute(f"SELECT count(*) FROM ({text})", values).fetchone()[0])  # sql: identifiers only


def total(raw: Raw) -> int:
    """How many there are of all: SQLite knows without looking at them."""
    return int(raw.execute("SELECT count(*) FROM tile").fetchone()[0])


def providers(raw: Raw) -> list[tuple[str, str]]:
    """Ids and names in the order of their columns."""
    return raw.execute(
        "SELECT p.id, p.healthcare_name FROM providers AS p LEFT JOIN provider_desk AS d ON d.provider_id = p.id"
        " ORDER BY coalesce(d.position, 0), p.healthcare_name, p.id"
    ).fetchall()


def lines(raw: Raw, wanted: list[str]) -> list[Line]:
    """The rows of these ids, in that order; those that are gone are left out."""
    return [Line(Tile._make(row[:15]), row[15]) for row in raw.execute(LINES, (json.dumps(wanted),))]


def _shape(wanted: Section, found: str, order: Order, down: bool, after: bool) -> _Shape:
    ranged = wanted.low is not None or wanted.high is not None
    return _Shape(
        ranged, wanted.providers is not None, wanted.source is not None, wanted.missing, found, order, down, after
    )


def _bound(raw: Raw, wanted: Section) -> tuple[str, dict[str, object]] | None:
    """How what was typed is found (``few+number`` …) and the parameters; None when nothing can be."""
    if wanted.providers == ():
        return None
    values: dict[str, object] = {
        "status": wanted.status,
        "low": -_EVER if wanted.low is None else wanted.low,
        "high": _EVER if wanted.high is None else wanted.high,
        "providers": json.dumps(wanted.providers),
        "made": None if wanted.source is None else MADE_BITS[wanted.source],
    }
    if wanted.query is None:
        return "", values
    ways = []
    matches = search.matches_of(wanted.query)
    if matches is not None:
        values |= {"prefix": matches.prefix, "parts": matches.parts}
        text = _MATCHED_START if matches.parts is None else _MATCHED
        text = f"{text} LIMIT :most"
        few = [row[0] for row in raw.execute(text, {**values, "most": FEW_PATIENTS + 1})]
        if len(few) <= FEW_PATIENTS:
            values["patients"] = json.dumps(few)
            ways.append("few")
        else:
            ways.append("start" if matches.parts is None else "many")
    number = search.number_prefix(wanted.query)
    if number is not None:
        values |= {"number": number, "number_end": number + "["}
        ways.append("number")
    return ("+".join(ways), values) if ways else None
