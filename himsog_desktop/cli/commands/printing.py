"""``print day``: the day on paper, also when no window can be opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from himsog_desktop.cli.answers import Answer, answered
from himsog_desktop.cli.groups import HouseGroup, command
from himsog_desktop.cli.parameters import DAY, FILE, word
from himsog_desktop.cli.tables import counted, plain

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from himsog_desktop.cli.invocation import Invocation
    from himsog_desktop.services.documents import PrintDoc


@command("day", "Write a day as PDF: a list for each provider, or all of them side by side. It needs no window.")
@click.option("--date", "day", type=DAY, help="The clinic date; today unless it is given.")
@click.option("--provider", "providers", metavar="ID", multiple=True, help="Id or key; may be given several times.")
@click.option("--sheet", is_flag=True, help="One sheet with a column for each provider, not a list for each.")
@click.option("--hide-names", is_flag=True, help="Initials alone: no name, birth date, phone or note.")
@click.option("--no-notes", is_flag=True, help="Leave the notes out.")
@click.option("--size", type=word(("a4", "letter")), default="a4", help="a4 (the default) or letter.")
@click.option("--orientation", type=word(("portrait", "landscape")), help="What suits the kind unless it is given.")
@click.option("--no-printed-line", is_flag=True, help="Do not say when it was printed.")
@click.option("-o", "--output", "out", required=True, type=FILE)
@click.pass_obj
def day(
    called: Invocation,
    day: date | None,
    providers: tuple[str, ...],
    sheet: bool,
    hide_names: bool,
    no_notes: bool,
    size: str,
    orientation: str | None,
    no_printed_line: bool,
    out: Path,
) -> Answer:
    """How many appointments on how many sheets, and the file."""
    from himsog_desktop.services import printing

    desk = called.desk
    choices = printing.PrintChoices(
        kind="sheet" if sheet else "list",
        hide_names=hide_names,
        notes=not no_notes,
        size=size,
        landscape=None if orientation is None else orientation == "landscape",
        printed_line=not no_printed_line,
    )
    wanted = desk.zone.date_of(desk.now()) if day is None else day
    return answered(printing.print_day(desk, wanted, out, choices, providers or None), _print_text)


def _print_text(found: PrintDoc) -> str:
    rows, pages = counted(found.rows, "appointment"), counted(found.pages, "sheet")
    return f"{rows} on {pages} written to {plain(found.file)}."


print_group = HouseGroup("print", commands={"day": day}, help="Write what goes on paper, as PDF.")
