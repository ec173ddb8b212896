"""Whatever goes wrong, as an answer: a code, a sentence, what to do, an exit code. Never a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from himsog_desktop.cli.answers import Answer
from himsog_desktop.domain.errors import BadInput, Fault, HimsogError, Surroundings

if TYPE_CHECKING:
    from himsog_desktop.domain.time import Zone
    from himsog_desktop.services.documents import ErrorDoc

MESSAGE_MOST = 600
"""Characters of a usage error: it may quote an argument, and an argument may be megabytes."""


def answer_to(error: Exception, zone: Zone | None) -> Answer:
    """The answer for an error. ``zone`` is the clinic's, for alternatives, when a profile is open.

    An error that nobody expected becomes ``internal``; the caller keeps its record.
    """
    from himsog_desktop.services.desk import Replayed
    from himsog_desktop.services.render import error_document

    if isinstance(error, Replayed):
        return _answer(error.document, error.code_of_exit)
    known = as_known(error)
    return _answer(error_document(known, zone), known.exit_code)


def as_known(error: Exception) -> HimsogError:
    """The error as one of ours; a ``Fault`` for what nobody expected."""
    if isinstance(error, HimsogError):
        return error
    if isinstance(error, click.ClickException):
        return BadInput("usage", _usage(error))
    if type(error).__module__.partition(".")[0] == "sqlcipher3":
        from himsog_desktop.storage.connection import disk_trouble

        return disk_trouble(error)
    return Fault(
        "internal",
        "Something went wrong that is our fault, and it was not done. Try again; if it stays, run himsog doctor.",
    )


def is_damage(error: Exception) -> bool:
    """Whether an error on opening an unlocked profile means that its cache file is damaged or missing."""
    known = as_known(error)
    return known.code == "wrong_key" or (isinstance(known, Surroundings) and known.code in ("disk", "not_found"))


def _usage(error: click.ClickException) -> str:
    """A usage error in a sentence, with where to read on."""
    message = error.format_message().strip()
    if isinstance(error, click.NoSuchOption):
        message += " Put -- before a text that begins with a dash."
    if len(message) > MESSAGE_MOST:
        message = message[:MESSAGE_MOST] + "…"
    if not message.endswith((".", "?", "!", "…")):
        message += "."
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"{message} See {context.command_path} --help." if context is not None else message


def _answer(document: ErrorDoc, code: int) -> Answer:
    from himsog_desktop.cli.words import error_text

    return Answer(document, lambda: error_text(document), code, is_error=True)
