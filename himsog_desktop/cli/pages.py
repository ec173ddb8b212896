"""Pages of lists: ``--limit`` and ``--offset``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from himsog_desktop.cli.parameters import whole

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
MOST = 10_000_000

SHOWN = 200
"""Rows that people are shown unless they ask for more. Documents are whole unless ``--limit`` says otherwise."""


def page_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds ``--limit`` and ``--offset``."""
    limit = click.option("--limit", type=whole(0, MOST), help="At most this many.")
    offset = click.option("--offset", type=whole(0, MOST), default=0, help="Leave out this many first.")
    return limit(offset(function))


def page(rows: list[T], limit: int | None, offset: int) -> list[T]:
    """The page of a list that is read whole."""
    return rows[offset:] if limit is None else rows[offset : offset + limit]


def more(shown: int, offset: int, total: int) -> str:
    """What to say below a page that is not all."""
    if shown + offset >= total:
        return ""
    return f"\n{shown:,} of {total:,} shown; --limit and --offset show others."
