"""``providers`` and ``services``: what the clinic is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from himsog_desktop.cli.answers import Answer, answered
from himsog_desktop.cli.groups import command
from himsog_desktop.cli.pages import page, page_options
from himsog_desktop.cli.tables import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from himsog_desktop.cli.invocation import Invocation
    from himsog_desktop.services.documents import ProviderDoc, ServiceDoc

_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


@command("providers", "The clinic's providers, with hours, breaks and policy.")
@page_options
@click.pass_obj
def providers(called: Invocation, limit: int | None, offset: int) -> Answer:
    """Providers in the order of their columns."""
    from himsog_desktop.services import directory

    return answered(page(directory.providers(called.desk), limit, offset), _providers_text)


def _providers_text(found: Sequence[ProviderDoc]) -> str:
    if not found:
        return "No providers. Describe the clinic in a file and run: himsog setup apply FILE.toml"
    return table(
        ("Id", "Name", "Status", "Slot", "Hours"),
        [(p.id, p.name, p.status.capitalize(), f"{p.slot_minutes} min", _hours(p)) for p in found],
    )


def _hours(provider: ProviderDoc) -> str:
    """``Mon–Fri 08:00–17:00, Sat 08:00–12:00``."""
    blocks: dict[int, list[str]] = {}
    for h in provider.hours:
        blocks.setdefault(h.day, []).append(f"{h.start}–{h.end}")
    runs: list[tuple[int, int, str]] = []
    for weekday in (1, 2, 3, 4, 5, 6, 0):
        text = " ".join(blocks.get(weekday, []))
        if runs and runs[-1][2] == text and (runs[-1][1] + 1) % 7 == weekday:
            runs[-1] = (runs[-1][0], weekday, text)
        else:
            runs.append((weekday, weekday, text))
    return ", ".join(
        f"{_DAYS[first]}{'' if first == last else '–' + _DAYS[last]} {text}" for first, last, text in runs if text
    )


@command("services", "What the clinic offers.")
@click.option("--provider", metavar="ID", help="Of one provider: id, or key of the set-up document.")
@page_options
@click.pass_obj
def services(called: Invocation, provider: str | None, limit: int | None, offset: int) -> Answer:
    """Services, inactive ones too."""
    from himsog_desktop.services import directory

    return answered(page(directory.services(called.desk, provider), limit, offset), _services_text)


def _services_text(found: Sequence[ServiceDoc]) -> str:
    if not found:
        return "No services."
    return table(
        ("Id", "Name", "Kind", "Minutes", "Price", "Active", "Provider"),
        [
            (
                s.id,
                s.name,
                s.kind.capitalize(),
                "" if s.duration_minutes is None else str(s.duration_minutes),
                _price(s),
                "yes" if s.active else "no",
                s.provider,
            )
            for s in found
        ],
        right=(3, 4),
    )


def _price(service: ServiceDoc) -> str:
    if service.pricing == "INQUIRE":
        return "to be agreed"
    return service.price_min if service.pricing == "FIXED" else f"{service.price_min}–{service.price_max}"
