"""What a command answers: a document, how people read it, and the exit code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import IO, TypeVar

D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Answer:
    """A document of the contract and its text for people; ``exit`` is the exit code.

    ``text`` is made only when somebody reads it. ``is_error``: the text goes to standard error.
    ``is_help``: it is about the command, which did not run. ``is_printed``: the command wrote its answers
    itself, line by line.
    """

    document: object
    text: Callable[[], str]
    exit: int = 0
    is_error: bool = False
    is_help: bool = False
    is_printed: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """A list that is too long to hold: its rows, a part at a time."""

    parts: Iterable[Sequence[object]]


def answered(document: D, text: Callable[[D], str], exit_code: int = 0) -> Answer:
    """The answer of a command that was done."""
    return Answer(document, lambda: text(document), exit_code)


def write_document(out: IO[bytes], document: object) -> None:
    """Write a document as one line of JSON, and have it leave the process."""
    import msgspec

    encode = msgspec.json.Encoder().encode
    if isinstance(document, Stream):
        between = b"["
        for part in document.parts:
            if part:
                out.write(between + encode(part)[1:-1])
                between = b","
        out.write(b"[]\n" if between == b"[" else b"]\n")
    else:
        out.write(encode(document) + b"\n")
    out.flush()
