"""``database attach|detach|check|upgrade``: the desk on the web platform's own database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from himsog_desktop.cli.answers import Answer, answered
from himsog_desktop.cli.groups import command
from himsog_desktop.cli.progress import Progress, progress_option
from himsog_desktop.cli.tables import plain, table
from himsog_desktop.domain.wording import counted

if TYPE_CHECKING:
    from himsog_desktop.cli.invocation import Invocation
    from himsog_desktop.services.attaching import AttachDoc, CheckDoc, DetachDoc, OverlapDoc, UpgradeDoc

SHOWN = 20
dry_run = click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")


@command(
    "attach",
    "Put the desk beside the web platform's own tables, which stay as they are. The web application goes on meanwhile.",
)
@click.argument("url")
@dry_run
@progress_option
@click.pass_obj
def attach(called: Invocation, url: str, dry_run: bool, progress: bool | None) -> Answer:
    """What was done or would be; exit 1 where the database is not as it must be."""
    from himsog_desktop.services import attaching

    called.not_in_batch("database")
    with Progress("appointments", wanted=progress) as shown:
        found = attaching.attach(url, dry_run=dry_run, progress=shown)
    return answered(found, _attach_text, 1 if found.differences else 0)


def _attach_text(found: AttachDoc) -> str:
    if found.differences:
        return "Nothing was done. This database is not as the desk needs it:\n" + _items(found.differences)
    lines = {
        "already": ["The desk is attached already. Nothing was changed."],
        "attached": ["The desk is attached.", _items([one.text for one in found.steps])],
        "would attach": ["Nothing was done. This would be:", _items([one.text for one in found.steps])],
    }[found.state]
    if found.overlaps_total:
        stand = "would stand" if found.dry_run else "stand"
        lines += _overlap_lines(found.overlaps, found.overlaps_total, stand)
    lines += ["", table(("Clinic", "Id", "Providers"), [(c.name, c.id, str(c.providers)) for c in found.clinics])]
    if found.state == "attached":
        lines.append("Next: himsog staff add LOGIN --role R --clinic ID --database URL")
    return "\n".join(lines)


def _overlap_lines(found: list[OverlapDoc], total: int, stand: str) -> list[str]:
    rows = [(one.id, str(one.lane), ", ".join(one.beside)) for one in found[:SHOWN]]
    overlap = "overlaps" if total == 1 else "overlap"
    stand = "stands" if total == 1 and stand == "stand" else stand
    lines = [
        f"\n{counted(total, 'appointment')} {overlap} another and {stand} on a lane beside it:",
        table(("Appointment", "Lane", "Beside"), rows),
    ]
    if total > SHOWN:
        lines.append(f"… and {total - SHOWN:,} more (--json names them).")
    return lines


@command("detach", "Take the desk away from the platform's database again: its schema, triggers, grants and roles.")
@click.argument("url")
@click.option("--yes", is_flag=True, help="Also when something that only the desk holds is lost with it.")
@dry_run
@click.pass_obj
def detach(called: Invocation, url: str, yes: bool, dry_run: bool) -> Answer:
    """What was done or would be; exit 1 where something would be lost and nobody said yes."""
    from himsog_desktop.services import attaching

    called.not_in_batch("database")
    found = attaching.detach(url, yes=yes, dry_run=dry_run)
    return answered(found, _detach_text, 1 if found.state == "refused" else 0)


def _detach_text(found: DetachDoc) -> str:
    if found.state == "not attached":
        return "There is no desk in this database."
    lines = []
    if found.state == "detached":
        lines.append("The desk is gone. The platform's tables are as they were.")
    else:
        lines.append("Nothing was done." + (" This would be:" if found.dry_run else ""))
    if found.state != "refused":
        lines.append(_items([one.text for one in found.steps]))
    if found.lost:
        was = "Lost with it" if found.state == "detached" else "Only the desk holds this, and it would be lost"
        lines.append(f"{was}:\n" + _items([f"{one.what}: {one.count:,}" for one in found.lost]))
    if found.state == "refused":
        lines.append(
            "Have every workstation sync first; what was not sent yet is not counted here. Make a backup (pg_dump),"
            " then say --yes."
        )
    if found.kept:
        lines.append(_items(found.kept))
    return "\n".join(lines)


@command(
    "check", "Look the database over, the platform's before attaching or a shared one. Exit 1 when something is wrong."
)
@click.argument("url")
@click.option("--dry-run", is_flag=True, hidden=True, help="A check never changes anything.")
@click.pass_obj
def check(called: Invocation, url: str, dry_run: bool) -> Answer:
    """Every difference, in plain words."""
    from himsog_desktop.services import attaching

    called.not_in_batch("database")
    found = attaching.check(url)
    return answered(found, _check_text, 0 if found.ok else 1)


def _check_text(found: CheckDoc) -> str:
    words = {
        "empty": "An empty database",
        "platform": "The platform's database, without a desk",
        "filling": "A desk that is not finished",
        "ready": "A shared database",
    }[found.state]
    lines = [f"{words}, on PostgreSQL {found.version}."]
    if found.differences:
        lines.append("WRONG:\n" + _items(found.differences))
    elif found.state == "platform":
        lines.append("It is as the desk needs it: himsog database attach URL.")
    else:
        lines.append("Everything is as it should be.")
    if found.advice:
        lines.append("Look at:\n" + _items(found.advice))
    if found.overlaps_total:
        stand = "would stand" if found.state == "platform" else "stand"
        lines += _overlap_lines(found.overlaps, found.overlaps_total, stand)
    return "\n".join(lines)


@command("upgrade", "Bring a shared database to what this version needs: tables, functions, triggers, grants.")
@click.argument("url")
@dry_run
@click.pass_obj
def upgrade(called: Invocation, url: str, dry_run: bool) -> Answer:
    """What was done or would be."""
    from himsog_desktop.services import attaching

    called.not_in_batch("database")
    return answered(attaching.upgrade(url, dry_run=dry_run), _upgrade_text)


def _upgrade_text(found: UpgradeDoc) -> str:
    head = "Nothing was done. This would be:" if found.dry_run else "The shared database is up to date."
    return f"{head}\n{_items([one.text for one in found.steps])}"


def _items(texts: list[str]) -> str:
    return "\n".join(f"  {plain(text)}" for text in texts)
