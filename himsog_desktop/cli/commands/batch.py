"""``batch``: many commands in one process, as JSON lines."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING

import click
import msgspec

from himsog_desktop.cli.answers import Answer, write_document
from himsog_desktop.cli.groups import command
from himsog_desktop.cli.invocation import Invocation
from himsog_desktop.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE_MOST = 16 * 1024 * 1024
"""Bytes of one line."""


class Line(msgspec.Struct, frozen=True):
    """One line of a batch: the arguments of one command."""

    argv: list[str]


@command(
    "batch",
    'Run commands from standard input, one a line: {"argv": ["book", "--provider", "…"]}. '
    "Each is answered by one line, its document or its error, written before the next is read. "
    "A line that can't be understood is answered by an error, and the batch goes on. "
    "The profile is opened once, and each act is one transaction: after a crash, repeat the batch with the same "
    "--request-id's. Exit code: the highest of all lines.",
)
@click.pass_obj
def batch(called: Invocation) -> Answer:
    """Answers as JSON lines."""
    called.not_in_batch("batch")
    called.json = True
    worst = 0
    for line in _lines(sys.stdin.buffer):
        if isinstance(line, bytes) and not line.strip():
            continue
        answer = _answer(line, called)
        write_document(called.out, answer.document)
        worst = max(worst, answer.exit)
    return Answer(None, str, worst, is_printed=True)


def _answer(line: bytes | None, called: Invocation) -> Answer:
    from himsog_desktop.cli import problems
    from himsog_desktop.cli.program import perform

    if line is None:
        return problems.answer_to(BadInput("too_long", f"A line has more than {LINE_MOST // 1024**2} MB."), None)
    try:
        asked = msgspec.json.decode(line, type=Line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        error = BadInput("usage", 'A line of a batch is one object like {"argv": ["appointment", "ID"]}.')
        return problems.answer_to(error, None)
    return perform(asked.argv, Invocation(called.opened, called))


def _lines(source: IO[bytes]) -> Iterator[bytes | None]:
    """The lines as they come; None for one that is too long, which is read over."""
    while line := source.readline(LINE_MOST + 1):
        if len(line) <= LINE_MOST:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = source.readline(LINE_MOST)
        yield None
