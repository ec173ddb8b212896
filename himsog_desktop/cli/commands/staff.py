"""``staff add|list|disable``: who works here, and with ``--database`` who may come in at the shared database."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from himsog_desktop.cli.answers import Answer, answered
from himsog_desktop.cli.groups import HouseGroup, command, request_id
from himsog_desktop.cli.tables import fields, table
from himsog_desktop.domain.people import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from himsog_desktop.cli.invocation import Invocation
    from himsog_desktop.services.staffing import StaffDoc

database = click.option(
    "--database", "url", metavar="URL", help="At a shared database; the URL's own credentials are the administrator's."
)


@command(
    "add",
    "Make a person of the staff, or change one: role, clinics, name, password. A person who was disabled may come in "
    "again.",
)
@click.argument("login")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What the person may do.")
@click.option("--clinic", "clinics", metavar="ID", multiple=True, help="Where the person works; once for each clinic.")
@click.option("--name", metavar="N", help="The name as others see it.")
@click.option("--email", metavar="E", help="The person's e-mail address.")
@click.option("--provider", metavar="ID", help="With --role provider: whose column is this person's own.")
@click.option("--password-stdin", is_flag=True, help="Read the new password from standard input.")
@database
@request_id
@click.pass_obj
def add(
    called: Invocation,
    login: str,
    role: str,
    clinics: tuple[str, ...],
    name: str | None,
    email: str | None,
    provider: str | None,
    password_stdin: bool,
    url: str | None,
    request_id: str | None,
) -> Answer:
    """The person."""
    from himsog_desktop.services import staffing

    password = sys.stdin.readline(4096).rstrip("\r\n") if password_stdin else None
    person = staffing.Person(login, Role(role), name, email, clinics, provider, password)
    if url is not None:
        return answered(staffing.add_there(url, person), lambda made: _one(made) + _no_password(password))
    return answered(staffing.add(called.desk, person, request_id), _one)


@command("list", "Everybody of the staff, by login.")
@database
@click.pass_obj
def list_(called: Invocation, url: str | None) -> Answer:
    """People."""
    from himsog_desktop.services import staffing

    return answered(staffing.list_there(url) if url is not None else staffing.everybody(called.desk), _all)


@command("disable", "Let a person in no more, at once. What she did stays hers.")
@click.argument("login")
@database
@request_id
@click.pass_obj
def disable(called: Invocation, login: str, url: str | None, request_id: str | None) -> Answer:
    """The person."""
    from himsog_desktop.services import staffing

    if url is not None:
        return answered(staffing.disable_there(url, login), _one)
    return answered(staffing.disable(called.desk, login, request_id), _one)


def _one(found: StaffDoc) -> str:
    return fields(
        [
            ("Login", found.login),
            ("Name", found.name),
            ("Role", found.role),
            ("Clinics", ", ".join(c.name for c in found.clinics)),
            ("", None if found.active else "disabled"),
        ]
    )


def _no_password(password: str | None) -> str:
    """A person who is new has none, and does not get in."""
    return "" if password else "\nThe password stays as it is; a new person has none yet: --password-stdin gives one."


def _all(found: Sequence[StaffDoc]) -> str:
    from himsog_desktop.services import staffing

    return table(("Login", "Name", "Role", "Clinics", ""), staffing.names(found)) if found else "Nobody."


staff = HouseGroup(
    "staff", commands={"add": add, "list": list_, "disable": disable}, help="Who works here and what they may do."
)
