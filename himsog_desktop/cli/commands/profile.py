"""``profile create``, ``profile info``, ``demo create``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from himsog_desktop.cli.answers import Answer, answered
from himsog_desktop.cli.groups import HouseGroup, command
from himsog_desktop.cli.invocation import Invocation, passphrase
from himsog_desktop.cli.parameters import FOLDER, whole
from himsog_desktop.cli.progress import Progress, progress_option
from himsog_desktop.cli.tables import fields

if TYPE_CHECKING:
    from pathlib import Path

    from himsog_desktop.services.documents import CreatedDoc, ProfileDoc

LARGEST_DEMO = 2_000_000


@command("create", "Make an empty profile in DIR. The recovery key is shown this once: write it down.")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--clinic", required=True, metavar="NAME", help="The clinic's name.")
@click.option("--timezone", required=True, metavar="ZONE", help="The clinic's zone, like Asia/Manila.")
@click.option("--currency", default="PHP", show_default=True, help="Three letters.")
@click.pass_obj
def create(called: Invocation, folder: Path, clinic: str, timezone: str, currency: str) -> Answer:
    """A passphrase slot where HIMSOG_PASSPHRASE is set, else the keyring's, else exit 4."""
    from himsog_desktop.services import profiles

    called.not_in_batch("profile create")
    new = profiles.NewProfile(clinic, timezone, currency)
    return answered(profiles.create(folder, new, called.clock, passphrase()), _created_text)


def _created_text(made: CreatedDoc) -> str:
    return (
        f"The profile is made.\n\nRecovery key: {made.recovery_key}\n\n"
        "Write it down and keep it away from this computer. It is shown this once, and it opens the profile "
        "when the passphrase or the keyring is lost."
    )


@command("info", "Say what the profile is and how much it holds.")
@click.pass_obj
def info(called: Invocation) -> Answer:
    """The profile document."""
    from himsog_desktop.services import profiles

    return answered(profiles.info(called.onlooker, called.folder), _info_text)


def _info_text(found: ProfileDoc) -> str:
    counts = found.counts
    return fields(
        [
            ("Clinic", f"{found.clinic.name} ({found.clinic.timezone}, {found.clinic.currency})"),
            ("Folder", found.path),
            ("Id", found.id),
            ("Patients", f"{counts.patients:,}"),
            ("Appointments", f"{counts.appointments:,}"),
            ("Waiting", f"{counts.pending:,} to be sent, {counts.attention:,} need attention"),
            ("Opens by", ", ".join(found.key)),
            ("Server", "none" if found.remote is None else found.remote.url),
            ("Schema", found.schema),
        ]
    )


@command("create", "Make a profile in DIR, filled with the demo clinic. N=1 is a small clinic.")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--scale", type=whole(1, LARGEST_DEMO), default=1, help="How many appointments; 1: a small clinic.")
@progress_option
@click.pass_obj
def demo_create(called: Invocation, folder: Path, scale: int, progress: bool | None) -> Answer:
    """Same seed and date, same data."""
    from himsog_desktop.services import demo

    called.not_in_batch("demo create")
    with Progress("appointments", wanted=progress) as shown:
        made = demo.create_demo(folder, called.clock, passphrase(), scale, progress=shown)
    return answered(made, _created_text)


profile = HouseGroup("profile", commands={"create": create, "info": info}, help="Make a profile, or look at one.")
demo = HouseGroup("demo", commands={"create": demo_create}, help="Make a profile with invented data.")
