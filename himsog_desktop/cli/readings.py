"""Files that a person names, read within bounds, with a sentence for each way this can fail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from himsog_desktop.domain.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT_MOST = 16 * 1024 * 1024
"""Bytes of a rules file or a set-up document."""


def text_of(path: Path, what: str, most: int = DOCUMENT_MOST) -> str:
    """The text of a small file. Raises BadInput."""
    try:
        with path.open("rb") as file:
            read = file.read(most + 1)
    except FileNotFoundError:
        raise BadInput("not_found", f"There is no file {str(path)[:200]!r}.") from None
    except OSError as error:
        raise BadInput("bad_value", f"The {what} can't be read: {error.strerror or 'disk error'}.") from None
    if len(read) > most:
        raise BadInput("too_long", f"The {what} has more than {most // 1024**2} MB.")
    try:
        return read.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("bad_value", f"The {what} is not UTF-8 text. Save it as UTF-8.") from None


def json_of(path: Path, what: str) -> object:
    """What a JSON file says. Raises BadInput."""
    try:
        found: object = json.loads(text_of(path, what))
    except (ValueError, RecursionError) as error:
        raise BadInput("bad_value", f"The {what} is not valid JSON: {_place(error)}.") from None
    return found


def _place(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, line {error.lineno}, column {error.colno}"
    return "it is nested too deeply, or holds a number that is none"


def write_text(path: Path, text: str, what: str) -> None:
    """Write a file for its owner only, whole or not at all. Raises BadInput."""
    from himsog_desktop.system.files import write_atomically

    try:
        write_atomically(path, text.encode())
    except OSError as error:
        raise BadInput("bad_value", f"The {what} can't be written: {error.strerror or 'disk error'}.") from None
