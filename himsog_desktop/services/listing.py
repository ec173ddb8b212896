"""The list of appointments on screen: sections by state, in any order, row by row.

A window asks for the beginning of each section, paints, and has the rest read behind it in pieces; rows come
by id, a screenful at a time. What the lists of the command line are is in ``lists``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.listing import ALWAYS, FIRST, PIECE, SECTIONS, Line, Opened, Order, Piece
from himsog_desktop.domain.rights import Verb, allowed
from himsog_desktop.services import openslots
from himsog_desktop.services.reach import seen_providers
from himsog_desktop.storage import listing as stored
from himsog_desktop.storage import load
from himsog_desktop.storage.connection import snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from himsog_desktop.services.desk import Desk


LONGEST = "COMPLETED"
"""The section that holds most of what is kept."""


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What the list shows. The days, both included, bound the sections of what is over (``ALWAYS`` says which not).

    Empty ``providers`` and ``statuses`` are all of them. ``source`` is the word of ``Source``.
    """

    from_day: date | None = None
    to_day: date | None = None
    providers: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    source: str | None = None
    missing: bool = False
    query: str = ""
    order: Order = Order.TIME
    down: bool = False

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections from top to bottom."""
        shown = tuple(s for s in SECTIONS if not self.statuses or s in self.statuses)
        return shown[::-1] if self.order is Order.STATUS and self.down else shown


class Opening(NamedTuple):
    """The beginning of a list: each section's, and the rows that are in view first."""

    sections: tuple[Opened, ...]
    lines: tuple[Line, ...]


def begin(desk: Desk, wanted: ListFilter, rows: int = 0) -> Opening:
    """The first ids of each section, and the first ``rows`` rows of all.

    Raises BadInput for dates the wrong way round, NoAccess for a role that sees no patients. A provider
    sees her own columns.
    """
    with snapshot(desk.reader):
        begun = {status: _ids(desk, wanted, status, limit=FIRST + 1) for status in wanted.sections}
        totals = _totals(desk, wanted, begun)
        found = [Opened(status, _piece(0, ids[:FIRST]), totals[status]) for status, ids in begun.items()]
        first = [key for section in found for key in section.piece.ids[:rows]][:rows]
        return Opening(tuple(found), tuple(stored.lines(desk.reader, first)))


def _totals(desk: Desk, wanted: ListFilter, begun: dict[str, list[str]]) -> dict[str, int]:
    """How many each section holds; those of everybody and all days are counted without their longest."""
    long = [status for status, ids in begun.items() if len(ids) > FIRST]
    found = {status: len(ids) for status, ids in begun.items() if status not in long}
    plain = replace(wanted, order=Order.TIME, down=False) == ListFilter() and seen_providers(desk) is None
    rest = LONGEST if plain and LONGEST in long else None
    found |= {status: count(desk, wanted, status) for status in long if status != rest}
    if rest is not None:
        found[rest] = stored.total(desk.reader) - sum(found.values())
    return found


def count(desk: Desk, wanted: ListFilter, status: str) -> int:
    """How many a section holds (APT-9)."""
    return stored.count(desk.reader, _section(desk, wanted, status))


def more(desk: Desk, wanted: ListFilter, status: str, first: int, after: str) -> Piece:
    """The next piece of a section: from place ``first`` on, behind the id ``after``.

    In order of time a piece is read by its key; another order is sorted anew, so it comes as one piece.
    """
    if wanted.order in (Order.TIME, Order.STATUS):
        return _piece(first, _ids(desk, wanted, status, limit=PIECE, after=after))
    return _piece(first, _ids(desk, wanted, status, skip=first))


def lines(desk: Desk, ids: Sequence[str]) -> list[Line]:
    """Rows by id; those that are gone, or not for this person's eyes, are left out."""
    only = seen_providers(desk)
    found = stored.lines(desk.reader, list(ids))
    return found if only is None else [line for line in found if line.tile.provider_id in only]


def _ids(
    desk: Desk, wanted: ListFilter, status: str, *, limit: int = -1, skip: int = 0, after: str | None = None
) -> list[str]:
    down = wanted.down and wanted.order is not Order.STATUS
    section = _section(desk, wanted, status)
    return stored.ids(desk.reader, section, wanted.order, down=down, limit=limit, skip=skip, after=after)


def _section(desk: Desk, wanted: ListFilter, status: str) -> stored.Section:
    only = seen_providers(desk)
    if wanted.from_day is not None and wanted.to_day is not None and wanted.to_day < wanted.from_day:
        raise BadInput("bad_value", "The last day lies before the first.")
    if wanted.providers:
        only = tuple(p for p in wanted.providers if only is None or p in only)
    ranged = status not in ALWAYS
    return stored.Section(
        status,
        low=desk.zone.day_bounds(wanted.from_day)[0] if ranged and wanted.from_day else None,
        high=desk.zone.day_bounds(wanted.to_day)[1] if ranged and wanted.to_day else None,
        providers=only,
        source=wanted.source,
        missing=wanted.missing,
        query=wanted.query.strip() or None,
    )


def _piece(first: int, ids: list[str]) -> Piece:
    return Piece(first, tuple(ids), {key: place for place, key in enumerate(ids, first)})


def free_today(desk: Desk) -> int:
    """How many slots of today can still be booked, over all who take bookings: what an empty list invites to."""
    if not allowed(desk.staff.role, Verb.BOOK):
        return 0
    today = desk.zone.date_of(desk.now())
    providers = [p for p in load.providers(desk.reader, desk.clinic.id) if p.bookable]
    return sum(len(openslots.free_slots(desk, p.id, today)) for p in providers)


def names(desk: Desk) -> list[tuple[str, str]]:
    """Ids and names of the providers that this person may see, in the order of their columns."""
    only = seen_providers(desk)
    found = stored.providers(desk.reader)
    return [(key, name) for key, name in found if only is None or key in only]


def export(desk: Desk, ids: Sequence[str], out: Path, progress: Callable[[int], None] | None = None) -> int:
    """Write these appointments to a table (EXP-1), in the order of their time; answers how many rows.

    Raises BadInput when the file cannot be written, NoAccess; no file is left then.
    """
    from himsog_desktop.interchange.csv_write import write_appointments_csv
    from himsog_desktop.services.exporting import rows_of

    desk.require(Verb.EXPORT)
    with snapshot(desk.reader):
        ordered = sorted(lines(desk, ids), key=lambda line: line.tile[:2])
        rows = rows_of(desk, [line.tile.id for line in ordered])
        return write_appointments_csv(out, rows, desk.zone, progress=progress)
