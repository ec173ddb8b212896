"""``appointments``, ``appointment``, ``history``, ``act``: what is booked and what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from himsog_desktop.cli.answers import Answer, Stream, answered
from himsog_desktop.cli.groups import command
from himsog_desktop.cli.pages import SHOWN, more, page, page_options
from himsog_desktop.cli.parameters import DAY, one_of
from himsog_desktop.cli.words import act_text, appointment_text, appointments_text, history_text
from himsog_desktop.domain.appointment import Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from himsog_desktop.cli.invocation import Invocation


PART = 2_000
"""Appointments that are read at a time."""


def filter_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds ``--from``, ``--to``, ``--provider`` and ``--status``."""
    for option in (
        click.option("--status", "statuses", type=one_of(Status), multiple=True, help="May be given several times."),
        click.option("--provider", metavar="ID", help="Id, or key of the set-up document."),
        click.option("--to", "last", type=DAY, help="The last clinic date, included."),
        click.option("--from", "first", type=DAY, help="The first clinic date."),
    ):
        function = option(function)
    return function


@command("appointments", "Appointments that start on these days, by start.")
@filter_options
@click.option("--query", metavar="TEXT", help="Name, phone, e-mail or number, in any spelling.")
@page_options
@click.pass_obj
def appointments(
    called: Invocation,
    first: date | None,
    last: date | None,
    provider: str | None,
    statuses: tuple[Status, ...],
    query: str | None,
    limit: int | None,
    offset: int,
) -> Answer:
    """Appointments, all of them unless a page is asked for."""
    from himsog_desktop.services import lists

    desk = called.desk
    wanted = lists.AppointmentFilter(first, last, provider, statuses, query)
    if called.json:
        keys = lists.ids(desk, wanted, limit, offset)
        return Answer(Stream(lists.documents(desk, keys[i : i + PART]) for i in range(0, len(keys), PART)), str)
    found = lists.appointments(desk, wanted, SHOWN if limit is None else limit, offset)
    return answered(found, lambda _: appointments_text(found) + more(len(found), offset, lists.count(desk, wanted)))


@command("appointment", "Everything about one appointment.")
@click.argument("appointment", metavar="ID")
@click.pass_obj
def appointment(called: Invocation, appointment: str) -> Answer:
    """One appointment, by id or number."""
    from himsog_desktop.services import lists

    return answered(lists.appointment(called.desk, appointment), appointment_text)


@command("history", "What happened to an appointment or a patient: who, when, before and after.")
@click.argument("key", metavar="ID")
@page_options
@click.pass_obj
def history(called: Invocation, key: str, limit: int | None, offset: int) -> Answer:
    """Changes, oldest first."""
    from himsog_desktop.services import histories

    return answered(page(histories.history(called.desk, key), limit, offset), history_text)


@command("act", "One act: what it changed and what it was refused.")
@click.argument("act", metavar="ID")
@click.pass_obj
def act(called: Invocation, act: str) -> Answer:
    """An act."""
    from himsog_desktop.services import histories

    return answered(histories.act(called.desk, act), act_text)
