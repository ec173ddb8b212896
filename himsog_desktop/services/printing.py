"""Papers of a day: what is read for them, how they are laid out, and their PDF. Rights as on the screen.

Whoever may see a day may print it; a provider prints her own columns. Laying out needs neither Qt nor reportlab,
so that the window paints the same paper as a preview.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from himsog_desktop.interchange.fontfile import font_file
from himsog_desktop.interchange.output import new_file
from himsog_desktop.interchange.pdf_list import day_list
from himsog_desktop.interchange.pdf_pen import Faces
from himsog_desktop.interchange.pdf_rows import PrintChoices, PrintColumn, PrintDay, PrintRow
from himsog_desktop.interchange.pdf_sheet import provider_sheet
from himsog_desktop.services import day as days
from himsog_desktop.services import diaries
from himsog_desktop.services.documents import PrintDoc
from himsog_desktop.services.reach import seen_providers
from himsog_desktop.storage import load
from himsog_desktop.storage.connection import snapshot
from himsog_desktop.system.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from himsog_desktop.domain.day import DayPage, Tile
    from himsog_desktop.domain.paper import Paper
    from himsog_desktop.domain.time import Micros
    from himsog_desktop.services.desk import Desk

__all__ = ["Faces", "PrintChoices", "PrintDay", "faces", "lay_out", "print_day", "read_day", "write"]


def faces() -> Faces:
    """The two weights of the bundled font."""
    return Faces(
        font_file(Path(resource("fonts", "Inter-Regular.ttf"))),
        font_file(Path(resource("fonts", "Inter-SemiBold.ttf"))),
    )


def read_day(desk: Desk, day: date, providers: Sequence[str] | None = None, order: Iterable[str] = ()) -> PrintDay:
    """A whole day of these providers (ids or keys of the set-up document), in that order.

    None is everybody who works on that day or has something booked. Raises BadInput("not_found") for an
    unknown provider, NoAccess for a role that sees no patients or another's column.
    """
    only = seen_providers(desk)
    with snapshot(desk.reader):
        wanted = _wanted(desk, providers, only)
        page = days.day_page(desk.cache, day, order=wanted or order)
        rows = _rows(desk, page)
    found = [
        PrintColumn(c.id, c.name, c.specialty, c.open, c.spans, tuple(rows.get(c.id, ())))
        for c in page.columns
        if (c.id in wanted if wanted is not None else c.open or c.id in rows) and (only is None or c.id in only)
    ]
    return PrintDay(desk.clinic.name, desk.zone, day, page.start, page.end, tuple(found), desk.now())


def _wanted(desk: Desk, providers: Sequence[str] | None, only: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if providers is None:
        return None
    wanted = tuple(diaries.provider_of(desk.reader, key, desk.clinic).id for key in providers)
    if only is not None:
        return tuple(key for key in wanted if key in only)
    return wanted


def _rows(desk: Desk, page: DayPage) -> dict[str, list[PrintRow]]:
    people = load.patients(desk.reader, {tile.patient_id for tile in page.tiles}, desk.clinic.id)
    births = {person.id: person.birth_date for person in people}
    found: dict[str, list[PrintRow]] = {}
    for tile in page.tiles:
        found.setdefault(tile.provider_id, []).append(_row(tile, births.get(tile.patient_id)))
    return found


def _row(tile: Tile, birth_date: str | None) -> PrintRow:
    return PrintRow(
        tile.start,
        tile.end,
        tile.id,
        tile.name,
        birth_date,
        tile.phone,
        tile.services,
        tile.status,
        tile.visit,
        tile.visit_since,
        tile.note,
    )


def lay_out(day: PrintDay, choices: PrintChoices) -> Paper:
    """The pages of a day as they will be printed."""
    made = provider_sheet if choices.kind == "sheet" else day_list
    return made(day, choices, faces())


def write(paper: Paper, out: Path, printed: Micros) -> None:
    """Write a paper as PDF; a file of that name is replaced. Raises BadInput when it cannot be written."""
    from himsog_desktop.interchange.pdf_write import write_pdf

    with new_file(out) as stream:
        write_pdf(stream, paper.title, paper.pages, faces(), printed)


def print_day(
    desk: Desk, day: date, out: Path, choices: PrintChoices, providers: Sequence[str] | None = None
) -> PrintDoc:
    """Write the papers of a day as PDF. Raises as ``read_day`` and ``write`` do; no file is left then."""
    read = read_day(desk, day, providers)
    paper = lay_out(read, choices)
    write(paper, out, read.printed)
    return PrintDoc(sum(len(column.rows) for column in read.columns), len(paper.pages), str(out))
