"""``database create|attach|…|digest``: the shared database, with the administrator's own URL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from himsog_desktop.cli.answers import Answer, answered
from himsog_desktop.cli.groups import HouseGroup, command
from himsog_desktop.cli.progress import Progress, progress_option
from himsog_desktop.cli.tables import fields, table
from himsog_desktop.domain.errors import NoAccess

if TYPE_CHECKING:
    from himsog_desktop.cli.invocation import Invocation
    from himsog_desktop.services.desk import Desk
    from himsog_desktop.services.documents import DigestDoc
    from himsog_desktop.services.sharing import DatabaseDoc


@command(
    "create",
    "Make a shared database on an empty one: the platform's tables and the desk's. URL is an administrator's.",
)
@click.argument("url")
@click.option(
    "--from-profile",
    "source",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Put everything of this profile into it; from then on it is one of the desks there.",
)
@progress_option
@click.pass_obj
def create(called: Invocation, url: str, source: Path | None, progress: bool | None) -> Answer:
    """The clinics that are there then."""
    from himsog_desktop.services import sharing

    called.not_in_batch("database")
    if source is None:
        return answered(sharing.create(url), _database_text)
    with Progress("rows", wanted=progress) as shown:
        found = sharing.create_from(_desk(called, source), url, shown)
    return answered(found, _database_text)


def _desk(called: Invocation, source: Path) -> Desk:
    """The desk of whoever gives the profile away. One that has a server is told so, also where nobody is signed in."""
    from himsog_desktop.services import sharing

    try:
        return called.opened.desk(source, called.person)
    except NoAccess as error:
        if error.code == "signed_out":
            sharing.refuse_shared(called.opened.onlooker(source))
        raise


_NO_CLINIC = """\
No clinic yet. Each provider who signs up at the web application that uses this database gets one.
A desk's own clinic comes into an empty database with: himsog database create URL --from-profile DIR"""


def _database_text(found: DatabaseDoc) -> str:
    rows = [(clinic.name, clinic.id, str(clinic.providers)) for clinic in found.clinics]
    if not rows:
        return f"The shared database is made.\n\n{_NO_CLINIC}"
    said = table(("Clinic", "Id", "Providers"), rows)
    filled = f"\n{found.rows:,} rows were put into it." if found.rows else ""
    next_ = "Next: himsog staff add LOGIN --role R --clinic ID --database URL"
    if found.connected is not None:
        next_ += f", then himsog signin LOGIN: this profile is one of its desks now, at {found.connected}"
    return f"The shared database is made.{filled}\n\n{said}\n{next_}"


@command("digest", "The fingerprint of what a clinic's desks hold, at the server.")
@click.argument("url")
@click.option("--clinic", metavar="ID", required=True, help="Which clinic.")
@click.pass_obj
def digest(called: Invocation, url: str, clinic: str) -> Answer:
    """Equal to ``himsog digest`` of a profile that is in step."""
    from himsog_desktop.services import sharing

    called.not_in_batch("database")
    return answered(sharing.digest(url, clinic), _digest_text)


def _digest_text(found: DigestDoc) -> str:
    return fields([(name, f"{one.sha256}  {one.rows:,} rows") for name, one in found.tables.items()])


database = HouseGroup(
    "database",
    commands={"create": create, "digest": digest},
    lazy={name: ("attaching", name) for name in ("attach", "detach", "check", "upgrade")},
    help="The shared database of many desks. URL carries the administrator's credentials; none is kept.",
)
