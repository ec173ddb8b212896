"""``export appointments`` and ``export calendar``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from himsog_desktop.cli.answers import Answer, answered
from himsog_desktop.cli.commands.lists import filter_options
from himsog_desktop.cli.groups import HouseGroup, command
from himsog_desktop.cli.parameters import FILE, word
from himsog_desktop.cli.progress import Progress, progress_option
from himsog_desktop.cli.tables import counted, plain

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from himsog_desktop.cli.invocation import Invocation
    from himsog_desktop.domain.appointment import Status
    from himsog_desktop.services.documents import ExportDoc


@command(
    "appointments",
    "Write appointments to a table that spreadsheets read, or to a list for paper. A file of that name is replaced.",
)
@click.option("--format", "fmt", type=word(("csv", "pdf")), default="csv", help="csv (the default) or pdf.")
@click.option("-o", "--output", "out", required=True, type=FILE)
@filter_options
@progress_option
@click.pass_obj
def appointments(
    called: Invocation,
    fmt: str,
    out: Path,
    first: date | None,
    last: date | None,
    provider: str | None,
    statuses: tuple[Status, ...],
    progress: bool | None,
) -> Answer:
    """How many rows, and the file."""
    from himsog_desktop.services import exporting
    from himsog_desktop.services.lists import AppointmentFilter

    wanted = AppointmentFilter(first, last, provider, statuses)
    with Progress("rows", wanted=False if called.in_batch else progress) as shown:
        return answered(exporting.export_appointments(called.desk, out, fmt, wanted, shown), _export_text)


@command("calendar", "Write appointments to a calendar file. A file of that name is replaced.")
@click.option("-o", "--output", "out", required=True, type=FILE)
@filter_options
@progress_option
@click.pass_obj
def calendar(
    called: Invocation,
    out: Path,
    first: date | None,
    last: date | None,
    provider: str | None,
    statuses: tuple[Status, ...],
    progress: bool | None,
) -> Answer:
    """How many rows, and the file."""
    from himsog_desktop.services import exporting
    from himsog_desktop.services.lists import AppointmentFilter

    wanted = AppointmentFilter(first, last, provider, statuses)
    with Progress("rows", wanted=False if called.in_batch else progress) as shown:
        return answered(exporting.export_calendar(called.desk, out, wanted, shown), _export_text)


def _export_text(found: ExportDoc) -> str:
    return f"{counted(found.rows, 'row')} written to {plain(found.file)}."


export = HouseGroup(
    "export", commands={"appointments": appointments, "calendar": calendar}, help="Write data out for other programs."
)
