"""Lists of appointments as SQLAlchemy Core selects: filtered and in order, by index, never by sorting all.

A page is asked for as keys, (start, id), and its rows are loaded by ``load``. Each filter has one index
that is already in the order of the list (start, then id), so that a page costs what lies before it and
no more (design, section 6, "flat growth"; ``tests/storage/test_queries.py`` reads the plans).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import String, column, func, literal_column, select, table, union, union_all
from sqlalchemy import literal as bound

from himsog_desktop.schema.cache import patient_word, tile
from himsog_desktop.schema.platform import appointments
from himsog_desktop.storage import search
from himsog_desktop.storage.search import number_prefix
from himsog_desktop.storage.tables import compiled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, CompoundSelect, FromClause, Select

    from himsog_desktop.domain.time import Micros
    from himsog_desktop.storage.connection import Raw

    Keys = Select[tuple[Micros, str]] | CompoundSelect[tuple[Micros, str]]

FEW_PATIENTS = 500
"""Up to this many found patients their appointments are looked up; beyond, the list is read in order."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which appointments: starting in [low, high), of these providers, in these states, found by words.

    None is no restriction; an empty ``providers`` finds nothing.
    """

    low: Micros | None = None
    high: Micros | None = None
    providers: tuple[str, ...] | None = None
    statuses: tuple[str, ...] | None = None
    query: str | None = None


def keys(raw: Raw, wanted: Wanted, limit: int | None = None, offset: int = 0) -> list[str]:
    """Ids of the page, in the order of start and id."""
    found = statement(raw, wanted)
    if found is None:
        return []
    text, values = compiled(ordered(found, limit, offset))
    return [row[1] for row in raw.execute(text, values)]


def count(raw: Raw, wanted: Wanted) -> int:
    """How many there are in all."""
    if wanted == Wanted():
        # Of everything, the narrowest index is counted; a clustered table holds whole rows.
        found: Keys | None = _from_appointments(wanted, "appointments_number")
    else:
        found = statement(raw, wanted)
    if found is None:
        return 0
    text, values = compiled(select(func.count()).select_from(found.subquery()))
    return int(raw.execute(text, values).fetchone()[0])


def ordered(found: Keys, limit: int | None = None, offset: int = 0) -> Keys:
    """A page of the keys by start and id."""
    page = found.order_by(*(literal_column(f'"{c.name}"') for c in found.selected_columns))
    return page if limit is None and not offset else page.limit(-1 if limit is None else limit).offset(offset)


def statement(raw: Raw, wanted: Wanted) -> Keys | None:
    """The keys that are wanted, unordered; None when nothing can be found."""
    if wanted.providers == () or wanted.statuses == ():
        return None
    if wanted.query is not None:
        return _found(raw, wanted, wanted.query)
    # One arm per provider or state: each is in order already, and SQLite merges them.
    if wanted.providers is not None:
        parts = [replace(wanted, providers=(one,)) for one in wanted.providers]
        return _arms([_from_appointments(part, "appointments_provider") for part in parts])
    if wanted.statuses is not None:
        parts = [replace(wanted, statuses=(one,)) for one in wanted.statuses]
        return _arms([_from_states(part) for part in parts])
    return _from_tiles(wanted)


def _arms(arms: Sequence[Select[tuple[Micros, str]]]) -> Keys:
    return arms[0] if len(arms) == 1 else union_all(*arms)


def _from_tiles(wanted: Wanted) -> Select[tuple[Micros, str]]:
    """The list in its own order: ``tile`` is clustered by start and id."""
    return _restricted(select(tile.c.start, tile.c.id), tile, tile.c.start, wanted)


def _from_states(wanted: Wanted) -> Select[tuple[Micros, str]]:
    """The list of one state, by an index in the same order."""
    chosen = select(tile.c.start, tile.c.id).with_hint(tile, "INDEXED BY tile_status", "sqlite")
    return _restricted(chosen, tile, tile.c.start, wanted)


def _from_appointments(wanted: Wanted, index: str) -> Select[tuple[Micros, str]]:
    """The list by an index; named, because without statistics SQLite can't know which filter is narrow."""
    chosen = select(appointments.c.start_time, appointments.c.id).with_hint(
        appointments, f"INDEXED BY {index}", "sqlite"
    )
    return _restricted(chosen, appointments, appointments.c.start_time, wanted)


def _restricted(
    chosen: Select[tuple[Micros, str]], of: FromClause, start: ColumnElement[Micros], wanted: Wanted
) -> Select[tuple[Micros, str]]:
    if wanted.low is not None:
        chosen = chosen.where(start >= wanted.low)
    if wanted.high is not None:
        chosen = chosen.where(start < wanted.high)
    if wanted.providers is not None:
        chosen = chosen.where(_any_of(of.c.provider_id, wanted.providers))
    if wanted.statuses is not None:
        chosen = chosen.where(_any_of(of.c.status, wanted.statuses))
    return chosen


def _any_of(of: ColumnElement[str], values: tuple[str, ...]) -> ColumnElement[bool]:
    return of == values[0] if len(values) == 1 else of.in_(values)


# --------------------------------------------------------------------------------- by words


def _found(raw: Raw, wanted: Wanted, query: str) -> Keys | None:
    arms: list[Select[tuple[Micros, str]]] = []
    matches = search.matches_of(query)
    if matches is not None:
        arms.append(_of_patients(raw, wanted, matches))
    number = number_prefix(query)
    if number is not None:
        # A half-open range of the index; the sign after Z ends it.
        among = appointments.c.appointment_number
        arms.append(_from_appointments(wanted, "appointments_number").where(among >= number, among < number + "["))
    if not arms:
        return None
    return arms[0] if len(arms) == 1 else union(*arms)


def _of_patients(raw: Raw, wanted: Wanted, matches: search.Matches) -> Select[tuple[Micros, str]]:
    ids = _patients(raw, matches)
    if ids is None:
        return _from_tiles(wanted).where(tile.c.patient_id.in_(_matching(matches)))
    listed = func.json_each(bound(json.dumps(ids), String)).table_valued("value")
    return _from_appointments(wanted, "appointments_patient").where(appointments.c.user_id.in_(select(listed.c.value)))


def _patients(raw: Raw, matches: search.Matches) -> list[str] | None:
    """Ids of the patients that match, None when they are too many to list."""
    text, values = compiled(_matching(matches).limit(FEW_PATIENTS + 1))
    ids = [row[0] for row in raw.execute(text, values)]
    return ids if len(ids) <= FEW_PATIENTS else None


def _matching(matches: search.Matches) -> Select[tuple[str]]:
    hits = _hits("patient_prefix", matches.prefix)
    seqs: Select[int] | CompoundSelect[int] = hits
    if matches.parts is not None:
        seqs = union(hits, _hits("patient_trigram", matches.parts))
    return select(patient_word.c.patient_id).where(patient_word.c.seq.in_(seqs))


def _hits(index: str, words: str) -> Select[int]:
    rowid: ColumnElement[int] = column("rowid")
    return select(rowid).select_from(table(index)).where(literal_column(index).op("MATCH")(bound(words, String)))
