"""Importing the tables of other systems: appointments and patients, through maps.

A row is known by the other system's id, or by one made of whose, at whom and when; so the same file
again changes nothing, and a later one only what it says differently. No slot rules apply, no messages
are sent; what overlaps goes to lanes (design, section 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.rights import Verb
from himsog_desktop.interchange.maps import find_map, guess_map, shipped_maps
from himsog_desktop.interchange.tables import Table, open_table, read_header
from himsog_desktop.services.documents import ImportDoc
from himsog_desktop.services.importing_appointments import AppointmentJob
from himsog_desktop.services.importing_calendar import import_ics
from himsog_desktop.services.importing_patients import PatientJob
from himsog_desktop.services.importing_report import Report
from himsog_desktop.services.importing_run import Asked, run
from himsog_desktop.services.undoing import finish_broken

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from himsog_desktop.interchange.map_model import ImportMap
    from himsog_desktop.interchange.records import Kind, LineIssue, Record
    from himsog_desktop.services.desk import Desk

__all__ = ["finish_broken", "import_appointments", "import_ics", "import_patients"]


class TableSource:
    """A table with its map, as the job of importing appointments reads it."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.system = table.plan.system
        self.fields: Collection[str] = table.plan.fields
        self.inferred_minutes = table.inferred_minutes

    @property
    def bytes_total(self) -> int:
        """The size of the file."""
        return self._table.bytes_total

    @property
    def bytes_read(self) -> int:
        """How much of it has been read."""
        return self._table.bytes_read

    def rows(self) -> Iterator[Record | LineIssue]:
        """Records and issues in the order of the file."""
        return self._table.rows()


def import_appointments(
    desk: Desk,
    path: Path,
    map_name: str | None = None,
    *,
    dry_run: bool = False,
    create_missing: bool = False,
    request_id: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportDoc:
    """Import a table of appointments through a map (a shipped name or a file; None guesses by the header).

    ``create_missing`` adds patients, providers and services that are not there; else their rows are
    refused. ``progress`` is told rows done and, roughly, rows in all. Raises BadInput for a file or map
    that can't be used, Refused("cancelled"), Refused("in_use"), NoAccess; then nothing was kept.
    """
    desk.require(Verb.IMPORT)
    asked = Asked("import.appointments", ImportDoc, request_id, f"{path}\n{map_name}\n{dry_run}\n{create_missing}")
    if (known := asked.answered(desk)) is not None:
        return known
    table = _open(desk, path, map_name, "appointments")
    report = Report()
    job = AppointmentJob(desk, TableSource(table), report, create=create_missing)

    def document(act: str | None) -> ImportDoc:
        return report.document("appointments", dry_run=dry_run, act=act, encoding=table.encoding)

    return run(desk, job, asked, document, dry_run=dry_run, progress=progress, cancelled=cancelled)


def import_patients(
    desk: Desk,
    path: Path,
    map_name: str | None = None,
    *,
    dry_run: bool = False,
    create_missing: bool = True,
    request_id: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportDoc:
    """Import a table of patients: who is not there is added, who is there is brought up to date.

    ``create_missing`` makes no difference here. Otherwise as ``import_appointments``.
    """
    desk.require(Verb.IMPORT)
    asked = Asked("import.patients", ImportDoc, request_id, f"{path}\n{map_name}\n{dry_run}")
    if (known := asked.answered(desk)) is not None:
        return known
    table = _open(desk, path, map_name, "patients")
    report = Report()
    job = PatientJob(desk, table, report)

    def document(act: str | None) -> ImportDoc:
        return report.document("patients", dry_run=dry_run, act=act, encoding=table.encoding)

    return run(desk, job, asked, document, dry_run=dry_run, progress=progress, cancelled=cancelled)


def _open(desk: Desk, path: Path, map_name: str | None, kind: Kind) -> Table:
    plan: ImportMap | None
    if map_name is not None:
        plan = find_map(map_name)
        if plan.kind != kind:
            raise BadInput("usage", f"The map {plan.name!r} is for {plan.kind}, not for {kind}.")
    else:
        plan = guess_map(read_header(path), kind)
        if plan is None:
            raise BadInput(
                "usage", f"No map fits the columns of this file. Name one with --map: {', '.join(shipped_maps())}."
            )
    return open_table(path, plan, zone=desk.zone, today=desk.zone.date_of(desk.now()))
