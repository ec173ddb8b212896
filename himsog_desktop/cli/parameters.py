"""Kinds of options and arguments, each refusing what makes no sense in the words of the contract."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar, cast

import click

from himsog_desktop.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from enum import StrEnum

T = TypeVar("T")
E = TypeVar("E", bound="StrEnum")


class Kind(click.ParamType[T], Generic[T]):
    """A kind of value read by a function that raises ValueError in words; ``code`` is the error's."""

    def __init__(self, name: str, read: Callable[[str], T], code: str = "bad_value") -> None:
        self.name = name
        self._read = read
        self._code = code

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """As it is written: the words of a choice are lower case."""
        return self.name

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> T:
        """The value of a text. Raises BadInput."""
        if not isinstance(value, str):  # a default that is one already
            return cast("T", value)
        try:
            return self._read(value)
        except ValueError as problem:
            raise BadInput(self._code, f"{_called(param)}: {problem}.") from None


def _called(param: click.Parameter | None) -> str:
    """How a person calls the parameter."""
    if param is None:
        return "The value"
    if isinstance(param, click.Argument):
        return param.human_readable_name
    return param.opts[0]


def _day(text: str) -> date:
    from himsog_desktop.domain.time import parse_date

    return parse_date(text)


def _instant(text: str) -> int:
    from himsog_desktop.domain.time import parse_instant

    return parse_instant(text)


def _request_id(text: str) -> str:
    from himsog_desktop.domain.ids import is_id

    found = text.strip().lower()
    if not is_id(found):
        raise ValueError("not a UUID like 0190b2a4-7c1e-7f00-8000-3f2a5b6c7d8e")
    return found


DAY: Kind[date] = Kind("YYYY-MM-DD", _day)
INSTANT: Kind[int] = Kind("INSTANT", _instant, "bad_instant")
UUID: Kind[str] = Kind("UUID", _request_id)
FOLDER: Kind[Path] = Kind("DIR", lambda text: _path(text))
FILE: Kind[Path] = Kind("FILE", lambda text: _path(text))


def _path(text: str) -> Path:
    if not text.strip():
        raise ValueError("the name is empty")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise ValueError("there is no such user's folder") from None


def whole(least: int, most: int) -> Kind[int]:
    """A whole number within bounds."""

    def read(text: str) -> int:
        bare = text.strip()
        if not bare.lstrip("+-").isdecimal() or not bare.isascii():
            raise ValueError("not a whole number")
        found = int(bare) if len(bare) < 20 else None
        if found is None or not least <= found <= most:
            raise ValueError(f"must be from {least:,} to {most:,}")
        return found

    return Kind("N", read)


def one_of(values: type[E]) -> Kind[E]:
    """A member of an enum, whatever its case, with dashes or underscores."""

    def read(text: str) -> E:
        wanted = text.strip().casefold().replace("-", "_").replace(" ", "_")
        for value in values:
            if value.value.casefold().replace("-", "_") == wanted:
                return value
        raise ValueError(f"must be one of {', '.join(values)}")

    return Kind("|".join(values), read)


def word(values: Sequence[str]) -> Kind[str]:
    """One of these words, whatever its case."""

    def read(text: str) -> str:
        wanted = text.strip().casefold()
        if wanted in values:
            return wanted
        raise ValueError(f"must be one of {', '.join(values)}")

    return Kind("|".join(values), read)
