"""``digest``, ``doctor``, ``backup``, ``restore``, ``bench``: looking after a profile."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from himsog_desktop.cli import problems
from himsog_desktop.cli.answers import Answer, answered
from himsog_desktop.cli.groups import command
from himsog_desktop.cli.invocation import Invocation, passphrase
from himsog_desktop.cli.parameters import FILE
from himsog_desktop.cli.tables import plain, table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from himsog_desktop.bench.measure import FigureDoc
    from himsog_desktop.services.backups import BackupDoc
    from himsog_desktop.services.documents import DigestDoc, HealthDoc


@command("digest", "A fingerprint of the profile's data: equal where the data are equal.")
@click.pass_obj
def digest(called: Invocation) -> Answer:
    """Rows and SHA-256 per table."""
    from himsog_desktop.services import digests

    return answered(digests.digest(called.onlooker), _digest_text)


def _digest_text(found: DigestDoc) -> str:
    return table(
        ("Table", "Rows", "SHA-256"),
        [(name, f"{t.rows:,}", t.sha256) for name, t in found.tables.items()],
        right=(1,),
    )


@command("doctor", "Look the profile over, and say what to do about each finding. Exit 1 when something is wrong.")
@click.option("--quick", is_flag=True, help="Leave out what takes long: telling the whole history again.")
@click.pass_obj
def doctor(called: Invocation, quick: bool) -> Answer:
    """Health."""
    from himsog_desktop.services import health

    called.unlock()
    try:
        found = health.doctor(called.onlooker, called.folder, thorough=not quick)
    except Exception as error:
        if not problems.is_damage(error):
            raise
        found = health.unreadable(called.folder)
    return answered(found, _health_text, 0 if found.ok else 1)


def _health_text(found: HealthDoc) -> str:
    signs = {"ok": "ok", "warning": "look", "error": "WRONG"}
    rows = [(signs.get(f.level, f.level), f"{plain(f.text)} {plain(f.todo)}".strip()) for f in found.findings]
    end = "All is well."
    if not found.ok:
        end = "Something is wrong: see the lines marked WRONG."
    elif any(one.level == "warning" for one in found.findings):
        end = "Nothing is wrong; look at the lines marked look."
    return f"{table(('', 'Finding'), rows)}\n{end}"


@command("backup", "Write an encrypted backup and prove that it opens. It opens with the profile's own keys.")
@click.option("-o", "--output", "out", required=True, type=FILE, help="A file that is not there yet.")
@click.pass_obj
def backup(called: Invocation, out: Path) -> Answer:
    """The file and what it holds."""
    from himsog_desktop.services import backups

    return answered(backups.backup(called.desk, called.folder, out), _backup_text)


@command("restore", "Put a backup into --profile DIR, which must not have a profile yet.")
@click.argument("file", type=FILE)
@click.pass_obj
def restore(called: Invocation, file: Path) -> Answer:
    """The file and what it holds."""
    from himsog_desktop.services import backups

    called.not_in_batch("restore")
    return answered(backups.restore(file, called.folder, passphrase()), _restored_text)


def _held(found: BackupDoc) -> str:
    rows = found.digest.tables.get("appointments")
    return f"{rows.rows if rows else 0:,} appointments, {found.bytes / 1024**2:,.1f} MB"


def _backup_text(found: BackupDoc) -> str:
    return f"The backup is written and was opened again: {plain(found.file)} ({_held(found)})."


def _restored_text(found: BackupDoc) -> str:
    return f"The backup is restored and agrees with its digest ({_held(found)})."


@command("bench", "Take the product's figures, or those that are named, each beside its floor.")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.pass_obj
def bench(called: Invocation, names: tuple[str, ...]) -> Answer:
    """One document a figure."""
    called.not_in_batch("bench")
    from himsog_desktop import bench as figures

    return answered(figures.run(names, _told), _figures_text)


def _told(name: str) -> None:
    sys.stderr.write(f"{name}\n")
    sys.stderr.flush()


def _figures_text(found: Sequence[FigureDoc]) -> str:
    def shown(value: float | None, unit: str = "") -> str:
        return "" if value is None else f"{value:,.4g} {unit}".strip()

    words = {None: "", True: "yes", False: "NO"}
    return table(
        ("Figure", "Value", "p95", "Floor", "Ratio", "Goal", "Holds"),
        [
            (
                f.name,
                shown(f.value, f.unit),
                shown(f.p95),
                shown(f.floor),
                shown(f.ratio),
                shown(f.goal),
                words[f.holds],
            )
            for f in found
        ],
        right=(1, 2, 3, 4, 5),
    )
