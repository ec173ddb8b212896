"""Commands and groups with the options that every command takes, loaded when they are called."""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any

import click

from himsog_desktop.cli.invocation import Invocation
from himsog_desktop.cli.parameters import FOLDER, UUID

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def _called(context: click.Context) -> Invocation:
    found = context.find_object(Invocation)
    assert found is not None, "program makes every context with an invocation"
    return found


def _json(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        _called(context).json = True


def _profile(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        _called(context).profile = value


def _person(context: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        _called(context).person = value


def everywhere() -> list[click.Parameter]:
    """The options that may stand before the command and after it."""
    return [
        click.Option(["--profile"], type=FOLDER, callback=_profile, expose_value=False, help="The profile's folder."),
        click.Option(["--json"], is_flag=True, callback=_json, expose_value=False, help="Answer one JSON document."),
        click.Option(
            ["--as"], metavar="STAFF", callback=_person, expose_value=False, help="Act as: id, login or e-mail."
        ),
    ]


class HouseCommand(click.Command):
    """A command that also takes ``--profile``, ``--json`` and ``--as``, unless it has its own of that name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {name for parameter in self.params for name in parameter.opts}
        self.params = [*self.params, *(option for option in everywhere() if not own.intersection(option.opts))]


class HouseGroup(click.Group):
    """A group whose commands are imported when they are called.

    ``lazy`` names, per command, the module that defines it and its name there.
    """

    command_class = HouseCommand

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params = [*self.params, *everywhere()]
        self.lazy = dict(lazy or {})
        # Without a name there is nothing to do: a usage error, said by ``program``.
        self.no_args_is_help = False

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the contract."""
        return [*self.lazy, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        place = self.lazy.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, name = place
        found = getattr(importlib.import_module(f"himsog_desktop.cli.commands.{module}"), name)
        assert isinstance(found, click.Command)
        return found


def _short(text: str) -> str:
    """The beginning of a help text, for the list of commands."""
    return re.split(r"[.;:] ", text, maxsplit=1)[0].rstrip(".") + "."


def command(name: str, help_text: str) -> Callable[[Callable[..., Any]], HouseCommand]:
    """Makes a function that answers an ``Answer`` a command."""
    return click.command(name, cls=HouseCommand, help=help_text, short_help=_short(help_text))


request_id = click.option(
    "--request-id", type=UUID, default=None, help="Same id, same answer: the act is done once, also after a crash."
)
"""The option of every command that writes."""
