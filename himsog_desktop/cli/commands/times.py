"""``slots`` (also of a rules file) and ``next-available``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from himsog_desktop.cli.answers import Answer, answered
from himsog_desktop.cli.groups import command
from himsog_desktop.cli.pages import page, page_options
from himsog_desktop.cli.parameters import DAY, FILE, whole, word
from himsog_desktop.cli.words import next_text, slots_text
from himsog_desktop.domain.errors import BadInput

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from himsog_desktop.cli.invocation import Invocation

MINUTES = whole(1, 24 * 60)


@command(
    "slots",
    "The slots of a provider, each with every rule that blocks it; or those of a rules file, without a profile.",
)
@click.option("--provider", metavar="ID", help="Id, or key of the set-up document.")
@click.option("--rules", type=FILE, help="Rules as JSON, in place of a provider of the profile.")
@click.option("--from", "first", type=DAY, required=True, help="The first clinic date.")
@click.option("--days", type=whole(1, 366), default=1, help="How many days; 1 by default.")
@click.option("--service", "services", multiple=True, metavar="ID", help="May be given several times.")
@click.option("--duration", type=MINUTES, metavar="MIN", help="Minutes; else the services' sum, else the grid's.")
@click.option("--only-free", is_flag=True, help="Leave out what can't be booked.")
@page_options
@click.pass_obj
def slots(
    called: Invocation,
    provider: str | None,
    rules: Path | None,
    first: date,
    days: int,
    services: tuple[str, ...],
    duration: int | None,
    only_free: bool,
    limit: int | None,
    offset: int,
) -> Answer:
    """Slots, by start."""
    from himsog_desktop.services import openslots

    if (provider is None) == (rules is None):
        raise BadInput("usage", "Say whose slots: --provider ID, or --rules FILE.json.")
    if provider is not None:
        found = openslots.slots(called.desk, provider, first, days, services, duration, only_free)
        return answered(page(found, limit, offset), slots_text)
    assert rules is not None
    if services or duration is not None:
        raise BadInput("usage", "A rules file has its own duration: leave out --service and --duration.")
    from himsog_desktop.cli.readings import json_of

    found = openslots.slots_from_rules(json_of(rules, "rules file"), first, days, called.clock)
    wanted = [slot for slot in found if slot.available or not only_free]
    return answered(page(wanted, limit, offset), slots_text)


@command("next-available", "The next free times, earliest first, at any of several providers.")
@click.option("--provider", "providers", multiple=True, metavar="ID", help="Several may be named; all by default.")
@click.option("--service", "services", multiple=True, metavar="ID", help="May be given several times.")
@click.option(
    "--part",
    type=word(("morning", "afternoon", "evening")),
    help="Morning ends at 12:00, afternoon at 17:00.",
)
@click.option("--count", type=whole(1, 200), default=1, help="How many; 1 by default.")
@click.option("--from", "first", type=DAY, help="Not before this clinic date; today by default.")
@click.option("--duration", type=MINUTES, metavar="MIN", help="Minutes; else the services' sum.")
@click.pass_obj
def next_available(
    called: Invocation,
    providers: tuple[str, ...],
    services: tuple[str, ...],
    part: str | None,
    count: int,
    first: date | None,
    duration: int | None,
) -> Answer:
    """Free slots."""
    from himsog_desktop.services import openslots

    found = openslots.next_available(called.desk, providers, services, part, count, first, duration)
    return answered(found, next_text)
