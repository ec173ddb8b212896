"""``patients`` and ``patient show|add|edit``: the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from himsog_desktop.cli.answers import Answer, answered
from himsog_desktop.cli.groups import HouseGroup, command, request_id
from himsog_desktop.cli.pages import SHOWN, page_options
from himsog_desktop.cli.tables import day, fields, table
from himsog_desktop.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from himsog_desktop.cli.invocation import Invocation
    from himsog_desktop.services.documents import PatientDoc
    from himsog_desktop.services.patients import PatientFields

EVERYBODY = 10_000_000


@command("patients", "Patients by name, or those that a query finds, best first.")
@click.option("--query", metavar="TEXT", help="Name, phone or e-mail, in any spelling.")
@page_options
@click.pass_obj
def patients(called: Invocation, query: str | None, limit: int | None, offset: int) -> Answer:
    """Patients, all of them unless a page is asked for."""
    from himsog_desktop.services import patients as register

    if limit is None:
        limit = EVERYBODY if called.json else SHOWN
    return answered(register.find(called.desk, query, limit, offset), lambda found: _patients_text(found, limit))


def _patients_text(found: Sequence[PatientDoc], limit: int) -> str:
    if not found:
        return "No patients."
    shown = table(
        ("Id", "Name", "Born", "Phone", "E-mail", "Status", "Bookings", "Last visit"),
        [
            (
                p.id,
                p.name,
                p.birth_date,
                p.phone,
                p.email,
                p.status,
                str(p.bookings),
                day(p.last_visit) if p.last_visit else "",
            )
            for p in found
        ],
        right=(6,),
    )
    return f"{shown}\n{limit:,} shown; --limit and --offset show others." if len(found) == limit else shown


def _patient_text(p: PatientDoc) -> str:
    consent = p.consent
    channels = [("e-mail", consent.email), ("SMS", consent.sms), ("push", consent.push), ("WhatsApp", consent.whatsapp)]
    return fields(
        [
            ("Id", p.id),
            ("Name", p.name),
            ("Born", p.birth_date),
            ("Sex", p.sex),
            ("Phone", p.phone),
            ("E-mail", p.email),
            ("Address", p.address),
            ("Status", p.status),
            ("Alerts", "; ".join(p.alerts)),
            ("Messages by", ", ".join(name for name, agreed in channels if agreed) or "none"),
            ("Bookings", str(p.bookings)),
            ("Last visit", day(p.last_visit) if p.last_visit else None),
            ("Private notes", p.private_notes),
            ("From", f"{p.external.system} {p.external.id}" if p.external else None),
        ]
    )


@command("show", "One patient.")
@click.argument("patient", metavar="ID")
@click.pass_obj
def show(called: Invocation, patient: str) -> Answer:
    """One patient, by id."""
    from himsog_desktop.services import patients as register

    return answered(register.show(called.desk, patient), _patient_text)


def _field_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--private-notes", metavar="TEXT", help="For this clinic only."),
        click.option("--favorite/--no-favorite", default=None),
        click.option("--blocked/--no-blocked", default=None, help="A blocked patient can't be booked."),
        click.option("--consent-whatsapp/--no-consent-whatsapp", default=None),
        click.option("--consent-push/--no-consent-push", default=None),
        click.option("--consent-sms/--no-consent-sms", default=None),
        click.option("--consent-email/--no-consent-email", default=None),
        click.option("--alert", "alerts", multiple=True, metavar="TEXT", help="Repeatable; replaces all alerts."),
        click.option("--address", metavar="TEXT"),
        click.option("--sex", metavar="SEX"),
        click.option("--birth-date", metavar="YYYY-MM-DD"),
        click.option("--phone", metavar="PHONE", help="In any spelling."),
        click.option("--email", metavar="EMAIL"),
    ):
        function = option(function)
    return function


def _said(alerts: tuple[str, ...], options: dict[str, Any]) -> PatientFields:
    from himsog_desktop.services.patients import PatientFields

    return PatientFields(alerts=alerts or None, **options)


@command("add", "Add a patient to the register.")
@click.option("--name", required=True, metavar="NAME")
@_field_options
@request_id
@click.pass_obj
def add(called: Invocation, /, request_id: str | None, alerts: tuple[str, ...], **options: Any) -> Answer:
    """The new patient."""
    from himsog_desktop.services import patients as register

    return answered(register.add(called.desk, _said(alerts, options), request_id), _patient_text)


@command("edit", "Correct a patient. What is not named stays; an empty text clears a field.")
@click.argument("patient", metavar="ID")
@click.option("--name", metavar="NAME")
@_field_options
@request_id
@click.pass_obj
def edit(
    called: Invocation, /, patient: str, request_id: str | None, alerts: tuple[str, ...], **options: Any
) -> Answer:
    """The patient as she is now."""
    from himsog_desktop.services import patients as register

    fields_said = _said(alerts, options)
    if fields_said == type(fields_said)():
        raise BadInput("usage", "Say what to change, like --phone '0917 555 0101'.")
    return answered(register.edit(called.desk, patient, fields_said, request_id), _patient_text)


patient = HouseGroup(
    "patient", commands={"show": show, "add": add, "edit": edit}, help="Look at, add or correct one patient."
)
