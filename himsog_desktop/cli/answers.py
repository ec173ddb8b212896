"""What a command answers: a document, how people read it, and the exit code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Answer:
    """A document of the contract and its text for people; ``exit`` is the exit code.

    ``text`` is made only when somebody reads it. ``is_error``: the text goes to standard error.
    ``is_printed``: the command wrote its answers itself, line by line.
    """

    document: object
    text: Callable[[], str]
    exit: int = 0
    is_error: bool = False
    is_printed: bool = False


def answered(document: D, text: Callable[[D], str], exit_code: int = 0) -> Answer:
    """The answer of a command that was done."""
    return Answer(document, lambda: text(document), exit_code)
