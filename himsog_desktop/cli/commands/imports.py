"""``import appointments``, ``import patients``, ``import ics``: what other programs wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from himsog_desktop.cli.answers import Answer, answered
from himsog_desktop.cli.groups import HouseGroup, command, request_id
from himsog_desktop.cli.parameters import FILE, INSTANT, word
from himsog_desktop.cli.progress import Interruptible, Progress, progress_option
from himsog_desktop.cli.tables import counted, fields, plain
from himsog_desktop.cli.words import status_word

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from himsog_desktop.cli.invocation import Invocation
    from himsog_desktop.services.documents import IcsImportDoc, ImportDoc

LINES_SHOWN = 20


def _table_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        request_id,
        progress_option,
        click.option("--create-missing", is_flag=True, help="Make providers, services and patients not known yet."),
        click.option("--dry-run", is_flag=True, help="Read and check everything, and change nothing."),
        click.option(
            "--map", "map_name", metavar="MAP.toml", help="A map, or a shipped one's name; else it is guessed."
        ),
        click.argument("file", type=FILE),
    ):
        function = option(function)
    return function


@command("appointments", "Import appointments from a table, through a map. One act, one undo.")
@_table_options
@click.pass_obj
def appointments(called: Invocation, /, **options: Any) -> Answer:
    """A report; exit 1 when any line was refused."""
    from himsog_desktop.services import importing

    return _taken_in(importing.import_appointments, called, **options)


@command("patients", "Import patients from a table, through a map. One act, one undo.")
@_table_options
@click.pass_obj
def patients(called: Invocation, /, **options: Any) -> Answer:
    """A report; exit 1 when any line was refused."""
    from himsog_desktop.services import importing

    return _taken_in(importing.import_patients, called, **options)


def _taken_in(
    service: Callable[..., ImportDoc],
    called: Invocation,
    file: Path,
    map_name: str | None,
    dry_run: bool,
    create_missing: bool,
    progress: bool | None,
    request_id: str | None,
) -> Answer:
    with Interruptible() as asked, Progress("lines", wanted=_shown(called, progress)) as shown:
        found = service(
            called.desk,
            file,
            map_name,
            dry_run=dry_run,
            create_missing=create_missing,
            request_id=request_id,
            progress=shown,
            cancelled=asked.cancelled,
        )
    return _reported(found)


@command(
    "ics",
    "Import a calendar file for a provider: as blocked time, or as appointments. "
    "Recurring entries give every occurrence in the window.",
)
@click.argument("file", type=FILE)
@click.option("--provider", required=True, metavar="ID", help="Id, or key of the set-up document.")
@click.option("--as", "kind", type=word(("blocks", "appointments")), default="blocks", help="Blocks by default.")
@click.option("--from", "low", type=INSTANT, help="The window's start.")
@click.option("--to", "high", type=INSTANT, help="The window's end.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, and change nothing.")
@progress_option
@request_id
@click.pass_obj
def ics(
    called: Invocation,
    file: Path,
    provider: str,
    kind: str,
    low: int | None,
    high: int | None,
    dry_run: bool,
    progress: bool | None,
    request_id: str | None,
) -> Answer:
    """A report; exit 1 when any entry was refused."""
    from himsog_desktop.services import importing

    with Interruptible() as asked, Progress("entries", wanted=_shown(called, progress)) as shown:
        found = importing.import_ics(
            called.desk,
            file,
            provider,
            kind=kind,
            dry_run=dry_run,
            low=low,
            high=high,
            request_id=request_id,
            progress=shown,
            cancelled=asked.cancelled,
        )
    return _reported(found)


def _shown(called: Invocation, progress: bool | None) -> bool | None:
    return False if called.in_batch else progress


def _reported(found: ImportDoc) -> Answer:
    return answered(found, _import_text, 1 if found.refused else 0)


def _import_text(found: ImportDoc) -> str:
    made = found.created
    created = [(made.patients, "patient"), (made.providers, "provider"), (made.services, "service")]
    states = ", ".join(f"{status_word(name)} {count:,}" for name, count in found.by_status.items() if count)
    lines = [
        _outcome(found),
        fields(
            [
                ("Read", f"{found.read:,}"),
                ("Taken", f"{found.taken:,}"),
                ("Unchanged", f"{found.unchanged:,}"),
                ("Refused", f"{found.refused:,}"),
                ("Warned", f"{found.warned:,}"),
                ("By state", states),
                ("Made", ", ".join(counted(count, one) for count, one in created if count)),
                ("Encoding", found.encoding),
            ]
        ),
    ]
    for issue in found.lines[:LINES_SHOWN]:
        lines.append(f"- line {issue.line}, {issue.outcome}: {plain(issue.text)}")
    left = len(found.lines) - LINES_SHOWN + found.lines_left_out
    if left > 0:
        lines.append(f"… and {counted(left, 'more line')}; --json lists more of them.")
    lines += _calendar_lines(found)
    if found.act:
        lines.append(f"Act {found.act}; undo it with: himsog undo {found.act}")
    return "\n".join(lines)


def _outcome(found: ImportDoc) -> str:
    if found.dry_run:
        return "Checked; nothing was changed."
    if found.taken:
        return "Imported."
    return "Everything is there already; nothing was changed." if found.unchanged else "Nothing was imported."


def _calendar_lines(found: ImportDoc | IcsImportDoc) -> list[str]:
    from himsog_desktop.services.documents import IcsImportDoc

    if not isinstance(found, IcsImportDoc):
        return []
    times = counted(len(found.occurrences), "occurrence")
    lines = [f"{counted(found.events, 'entry', 'entries')}, {times} in the window."]
    # What was left out is among the lines as well, where it has one.
    said = {issue.text for issue in found.lines}
    lines += [f"- left out: {plain(s.text)}" for s in found.skipped[:LINES_SHOWN] if s.text not in said]
    return lines


import_group = HouseGroup(
    "import",
    commands={"appointments": appointments, "patients": patients, "ics": ics},
    help="Take in what other programs wrote.",
)
