"""``setup apply`` and ``setup export``: the clinic as one document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from himsog_desktop.cli.answers import Answer, answered
from himsog_desktop.cli.groups import HouseGroup, command, request_id
from himsog_desktop.cli.parameters import FILE
from himsog_desktop.cli.readings import text_of, write_text
from himsog_desktop.cli.tables import clock, counted, plain, table

if TYPE_CHECKING:
    from pathlib import Path

    from himsog_desktop.cli.invocation import Invocation
    from himsog_desktop.services.documents import SetupDoc


@command(
    "apply",
    "Bring the clinic to what a TOML document says: clinic, rooms, staff, providers, services. "
    "The same document again changes nothing.",
)
@click.argument("file", metavar="FILE.toml", type=FILE)
@click.option("--dry-run", is_flag=True, help="Check it and say what would change.")
@request_id
@click.pass_obj
def apply(called: Invocation, file: Path, dry_run: bool, request_id: str | None) -> Answer:
    """An act."""
    from himsog_desktop.services import setup as setting_up
    from himsog_desktop.services import setupfile

    document = setupfile.parse(text_of(file, "set-up document"))
    return answered(setting_up.apply(called.desk, document, dry_run, request_id), _setup_text)


def _setup_text(found: SetupDoc) -> str:
    if not found.setup:
        return "The clinic is as the document says; nothing changes."
    verb = "Would change" if found.dry_run else "Changed"
    rows = [(c.entity, c.key, c.change, ", ".join(c.fields)) for c in found.setup]
    lines = [f"{verb}: {counted(len(found.setup), 'entry', 'entries')}.", table(("", "Key", "", "Fields"), rows)]
    if found.act is not None:
        until = f"; can be undone until {clock(found.undoable_until)}" if found.undoable_until else ""
        lines.append(f"Act {found.act}{until}.")
    return "\n".join(lines)


@command("export", "Write the clinic's set-up as a TOML document that setup apply reads.")
@click.option("-o", "--output", "out", required=True, type=FILE, help="The file; one that is there is replaced.")
@click.pass_obj
def export(called: Invocation, out: Path) -> Answer:
    """The file."""
    from himsog_desktop.services import setup as setting_up

    text = setting_up.export(called.desk)
    write_text(out, text, "set-up document")
    return answered({"file": str(out)}, lambda _: f"The set-up is written to {plain(str(out))}.")


setup = HouseGroup(
    "setup", commands={"apply": apply, "export": export}, help="Describe the clinic in one document, or write it out."
)
