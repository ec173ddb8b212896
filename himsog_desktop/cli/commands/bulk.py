"""``bulk``, ``reassign`` and ``notices``: a hundred acts at once, and the messages that wait behind them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

import click
import msgspec

from himsog_desktop.cli.answers import Answer, answered
from himsog_desktop.cli.commands.acts import acted
from himsog_desktop.cli.groups import command, request_id
from himsog_desktop.cli.pages import page, page_options
from himsog_desktop.cli.progress import Interruptible, Progress, progress_option
from himsog_desktop.cli.words import notices_text, preview_text
from himsog_desktop.domain.appointment import CancelledBy, StatusAct
from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.time import parse_date

if TYPE_CHECKING:
    from himsog_desktop.cli.invocation import Invocation
    from himsog_desktop.domain.commands import Bulk, Step
    from himsog_desktop.services.documents import PreviewDoc

INPUT_MOST = 16 * 1024 * 1024
"""Bytes of all steps."""

LONGEST_SHIFT = 366 * 24 * 60


class StepLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step as it is typed: what happens to these appointments."""

    ids: list[str]
    act: StatusAct | None = None
    reason: str | None = None
    by: CancelledBy = CancelledBy.CLINIC
    provider: str | None = None
    day: str | None = None
    shift: int = 0


@command(
    "bulk",
    "Many acts at once from standard input, one step a line; one act, one undo. "
    'A step: {"ids": ["…"], "act": "cancel", "reason": "…", "by": "clinic"}, or {"ids": ["…"], "provider": "ID"}; '
    "also day (YYYY-MM-DD, the same time of day) and shift (minutes later), alone or with an act. "
    "Each row sees what the rows before it did. What a rule refuses is listed, the others are done; --dry-run tells "
    "every outcome, with what is free instead, and changes nothing. Ctrl+C stops it with nothing done.",
)
@click.option("--dry-run", is_flag=True, help="Tell every outcome, and change nothing.")
@progress_option
@request_id
@click.pass_obj
def bulk(called: Invocation, dry_run: bool, progress: bool | None, request_id: str | None) -> Answer:
    """A preview or an act; exit 1 when any was refused."""
    from himsog_desktop.domain.commands import Bulk

    called.not_in_batch("bulk")
    return performed(called, Bulk(tuple(_steps())), dry_run=dry_run, progress=progress, request_id=request_id)


@command(
    "reassign",
    "Give appointments to another provider, at the times they have and with the same services there. "
    "One act, one undo; what a rule refuses is listed, the others are done.",
)
@click.argument("appointments", metavar="ID...", nargs=-1, required=True)
@click.option("--provider", required=True, metavar="ID", help="Id, or key of the set-up document.")
@click.option("--dry-run", is_flag=True, help="Tell every outcome, and change nothing.")
@progress_option
@request_id
@click.pass_obj
def reassign(
    called: Invocation,
    appointments: tuple[str, ...],
    provider: str,
    dry_run: bool,
    progress: bool | None,
    request_id: str | None,
) -> Answer:
    """A preview or an act; exit 1 when any was refused."""
    from himsog_desktop.domain.commands import Bulk, Step

    wanted = Bulk((Step(appointments, provider_id=provider),))
    return performed(called, wanted, dry_run=dry_run, progress=progress, request_id=request_id)


@command(
    "notices",
    "Messages to patients that wait. Each is held for three minutes and goes with the undo of its act; "
    "a profile without a server sends nothing, so what is due stays listed.",
)
@page_options
@click.pass_obj
def notices(called: Invocation, limit: int | None, offset: int) -> Answer:
    """Notices, what may go first before."""
    from himsog_desktop.services import notices as waiting

    return answered(page(waiting.waiting(called.desk), limit, offset), notices_text)


def performed(
    called: Invocation, wanted: Bulk, *, dry_run: bool, progress: bool | None = None, request_id: str | None = None
) -> Answer:
    """The preview of a bulk act, or the act."""
    from himsog_desktop.services import bulk as service

    if dry_run:
        return previewed(service.preview(called.desk, wanted))
    told = progress if not called.in_batch else False
    with Interruptible() as asked, Progress("rows", wanted=told) as shown:
        return acted(service.carry_out(called.desk, wanted, request_id, shown, asked.cancelled))


def previewed(found: PreviewDoc) -> Answer:
    """A preview as an answer: exit 1 when something would be refused."""
    return answered(found, preview_text, 1 if found.refused else 0)


def _steps() -> list[Step]:
    read = sys.stdin.buffer.read(INPUT_MOST + 1)
    if len(read) > INPUT_MOST:
        raise BadInput("too_long", f"The steps are longer than {INPUT_MOST // 1024**2} MB.")
    return [_step(place, line) for place, line in enumerate(read.splitlines(), 1) if line.strip()]


def _step(place: int, line: bytes) -> Step:
    from himsog_desktop.domain.commands import Step

    def wrong(why: str) -> NoReturn:
        raise BadInput("bad_value", f"Step {place}: {why}.")

    try:
        said = msgspec.json.decode(line, type=StepLine)
    except msgspec.ValidationError as error:
        wrong(str(error).partition(" - ")[0])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise BadInput("usage", f'Step {place} is not one object like {{"ids": ["…"], "act": "confirm"}}.') from None
    if not said.ids:
        wrong("name at least one appointment")
    if abs(said.shift) > LONGEST_SHIFT:
        wrong("a shift is at most a year of minutes")
    try:
        day = None if said.day is None else parse_date(said.day)
    except ValueError as error:
        wrong(str(error))
    return Step(tuple(said.ids), said.act, said.reason, said.by, said.provider, day, said.shift)
