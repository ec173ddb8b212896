"""Running one command: arguments in, one document or text out, an exit code back."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING

import click

from himsog_desktop.cli import problems
from himsog_desktop.cli.answers import Answer, write_document
from himsog_desktop.cli.groups import HouseGroup
from himsog_desktop.cli.invocation import Invocation, OpenProfile
from himsog_desktop.domain.errors import BadInput, Fault, HimsogError, Surroundings

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAM = "himsog"
INTERRUPTED = 130

COMMANDS = {
    "profile": ("profile", "profile"),
    "demo": ("profile", "demo"),
    "setup": ("setup", "setup"),
    "providers": ("directory", "providers"),
    "services": ("directory", "services"),
    "patients": ("people", "patients"),
    "patient": ("people", "patient"),
    "staff": ("staff", "staff"),
    "slots": ("times", "slots"),
    "next-available": ("times", "next_available"),
    "book": ("acts", "book"),
    "move": ("acts", "move"),
    "status": ("acts", "status"),
    "bulk": ("bulk", "bulk"),
    "reassign": ("bulk", "reassign"),
    "note": ("acts", "note"),
    "undo": ("acts", "undo"),
    "appointments": ("lists", "appointments"),
    "appointment": ("lists", "appointment"),
    "notices": ("bulk", "notices"),
    "attention": ("attention", "attention"),
    "resolve": ("attention", "resolve"),
    "history": ("lists", "history"),
    "act": ("lists", "act"),
    "connect": ("sharing", "connect"),
    "signin": ("sharing", "signin"),
    "signout": ("sharing", "signout"),
    "sync": ("sharing", "sync"),
    "agent": ("sharing", "agent"),
    "database": ("database", "database"),
    "import": ("imports", "import_group"),
    "export": ("exports", "export"),
    "print": ("printing", "print_group"),
    "batch": ("batch", "batch"),
    "digest": ("upkeep", "digest"),
    "doctor": ("upkeep", "doctor"),
    "backup": ("upkeep", "backup"),
    "restore": ("upkeep", "restore"),
    "bench": ("upkeep", "bench"),
    "simulate": ("simulate", "simulate"),
}
"""Every command, with the module of ``cli.commands`` that has it and its name there."""

_HELP = (
    "Himsog Desktop without a window: the clinic's appointments, patients and providers, for"
    " administrators, scripts and agents.\n\n"
    "The profile is --profile, else HIMSOG_PROFILE, else the user's data folder. HIMSOG_PASSPHRASE unlocks"
    " one that has a passphrase. HIMSOG_NOW (an instant) fixes the clock.\n\n"
    "Exit codes: 0 done; 1 refused by a rule; 2 wrong usage or input; 3 disk or server trouble;"
    " 4 locked, no key or not allowed; 5 a fault of ours."
)


def _version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        from himsog_desktop import __version__

        click.echo(f"{PROGRAM} {__version__}")
        context.exit()


ROOT = HouseGroup(
    PROGRAM,
    lazy=COMMANDS,
    help=_HELP,
    params=[
        click.Option(
            ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Say the version."
        )
    ],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command, print its answer, and give its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    opened = OpenProfile()
    try:
        try:
            invocation = Invocation(opened)
            answer = perform(arguments, invocation)
            try:
                emit(answer, invocation, as_json=invocation.json or _asked_for_json(arguments, answer))
            except (HimsogError, OSError):
                raise
            except Exception as error:
                _keep_record(error, invocation)
                raise Fault("internal", "The answer broke off: a fault of ours.") from None
        finally:
            opened.close()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our answer is gone; the interpreter must not try to flush to them at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except HimsogError as error:
        sys.stderr.write(f"{error.message}\n")
        return error.exit_code
    except OSError as error:
        # The answer could not be written (a full disk); what was done is done.
        sys.stderr.write(f"The answer could not be written: {error.strerror or 'disk error'}.\n")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Surroundings.exit_code
    return answer.exit


def perform(arguments: Sequence[str], invocation: Invocation) -> Answer:
    """The answer of one command. Raises KeyboardInterrupt and BrokenPipeError only."""
    said = StringIO()
    try:
        _check_text(arguments)
        # Only click prints while a command runs: its help. Our answers go to ``invocation.out``.
        with redirect_stdout(said), ROOT.make_context(PROGRAM, list(arguments), obj=invocation) as context:
            found = ROOT.invoke(context)
    except click.exceptions.Exit as end:
        return _said(said.getvalue().rstrip("\n"), end.exit_code)
    except BrokenPipeError:
        raise
    except click.Abort:
        raise KeyboardInterrupt from None
    except Exception as error:
        if isinstance(problems.as_known(error), Fault):
            _keep_record(error, invocation)
        return problems.answer_to(error, invocation.opened.zone)
    if not isinstance(found, Answer):
        raise TypeError(f"a command answered {type(found).__name__}")
    return found


def _keep_record(error: Exception, invocation: Invocation) -> None:
    """Keep in the profile's log where a fault of ours happened: types and frames, no words and no values."""
    from himsog_desktop.system.logs import open_log

    open_log(invocation.opened.folder).exception("uncaught.command", error)


def _said(text: str, code: int) -> Answer:
    """Help, or the version."""
    return Answer({"help": text}, lambda: text, code, is_help=True)


def _check_text(arguments: Sequence[str]) -> None:
    """Raises BadInput for what no command could store or show."""
    for place, argument in enumerate(arguments, 1):
        if "\0" in argument:
            raise BadInput("bad_value", f"Argument {place} has a NUL character in it. Leave it out.")
        try:
            argument.encode()
        except UnicodeEncodeError:
            raise BadInput("bad_value", f"Argument {place} is not valid UTF-8 text. Check its encoding.") from None


def _asked_for_json(arguments: Sequence[str], answer: Answer) -> bool:
    """Whether ``--json`` stands among the options, where help or an error came before it was read."""
    if not (answer.is_error or answer.is_help):
        return False
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in options


def emit(answer: Answer, invocation: Invocation, *, as_json: bool) -> None:
    """Print an answer: JSON as one line of UTF-8, text for people in the terminal's encoding."""
    if answer.is_printed:
        return
    if as_json:
        write_document(invocation.out, answer.document)
        return
    stream = sys.stderr if answer.is_error else sys.stdout
    text = answer.text()
    if text:
        encoding = stream.encoding or "utf-8"
        stream.buffer.write((text + "\n").encode(encoding, "replace"))
    stream.flush()
