"""``attention`` and ``resolve``: what the server refused, and a person's answer to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from himsog_desktop.cli.answers import Answer, answered
from himsog_desktop.cli.commands.acts import acted
from himsog_desktop.cli.groups import command, request_id
from himsog_desktop.cli.pages import page, page_options
from himsog_desktop.cli.parameters import INSTANT, word
from himsog_desktop.cli.words import attention_text
from himsog_desktop.domain.errors import BadInput

if TYPE_CHECKING:
    from himsog_desktop.cli.invocation import Invocation


@command(
    "attention",
    "What the server refused and a person has to look at: both values, who and when, and the ways out. "
    "A profile without a server has nothing here.",
)
@page_options
@click.pass_obj
def attention(called: Invocation, limit: int | None, offset: int) -> Answer:
    """Cards, the nearest appointment first."""
    from himsog_desktop.services import attention as service

    return answered(page(service.items(called.desk), limit, offset), attention_text)


@command(
    "resolve",
    "Answer a card of Needs attention: keep what was wanted, keep what stands there now, take another time, or "
    "discard it with a reason. One act, one undo.",
)
@click.argument("card", metavar="ID")
@click.option("--keep", type=word(("mine", "theirs")), help="Which of the two sides stands.")
@click.option("--slot", type=INSTANT, help="Another time, like 2026-11-20T09:00:00+08:00.")
@click.option("--discard", is_flag=True, help="Neither: with --reason.")
@click.option("--reason", metavar="TEXT")
@request_id
@click.pass_obj
def resolve(
    called: Invocation,
    card: str,
    keep: str | None,
    slot: int | None,
    discard: bool,
    reason: str | None,
    request_id: str | None,
) -> Answer:
    """An act; exit 1 when a rule refuses it, and the card stays."""
    from himsog_desktop.domain.commands import AnswerCard
    from himsog_desktop.domain.resolution import Resolution
    from himsog_desktop.services import answering

    if (keep is not None) + (slot is not None) + discard != 1:
        raise BadInput("usage", "Say one of --keep mine, --keep theirs, --slot INSTANT, --discard --reason TEXT.")
    if discard and reason is None:
        raise BadInput("usage", "Discarding takes a reason: --reason TEXT.")
    how = Resolution(keep) if keep else Resolution.SLOT if slot is not None else Resolution.DISCARDED
    return acted(answering.answer(called.desk, AnswerCard(card, how, slot, reason), request_id))
