"""One table of a set-up document, with its place for the sentences."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.money import parse_money
from himsog_desktop.domain.time import parse_date, parse_wall
from himsog_desktop.services import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from enum import StrEnum

    E = TypeVar("E", bound=StrEnum)

T = TypeVar("T")

_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_DAY_OF = {word: i for i, day in enumerate(_DAYS) for word in (day, day[:3])}

DAY_NAMES = tuple(day[:3] for day in _DAYS)
"""How days are written, Sunday first."""


def fault(place: str, words: str) -> BadInput:
    """What is wrong, and where."""
    return BadInput("bad_value", f"{place}: {words}.")


class Fields:
    """The keys of one table. Every reader answers None for a key that is not there."""

    def __init__(self, value: object, place: str) -> None:
        if not isinstance(value, Mapping):
            raise fault(place or "The set-up document", "must be a table of keys and values")
        self._values: Mapping[str, object] = value
        self.place = place

    def path(self, name: str) -> str:
        """The place of a key."""
        return f"{self.place}.{name}" if self.place else name

    def has(self, name: str) -> bool:
        """Whether the key is there."""
        return name in self._values

    def raw(self, name: str) -> object:
        """The value as it came."""
        return self._values.get(name)

    def only(self, *names: str) -> None:
        """Raises BadInput for a key that nobody knows, so that a slip of the pen is not lost."""
        for name in self._values:
            if name not in names:
                raise fault(self.path(str(name)[:60]), f"is not known here; there are {', '.join(names)}")

    def checked(self, name: str, reader: Callable[[], T]) -> T:
        """What a reader makes of a value; its words with the place when it refuses."""
        try:
            return reader()
        except BadInput as problem:
            raise BadInput(problem.code, f"{self.path(name)}: {problem.message}") from None
        except ValueError as problem:
            raise fault(self.path(name), str(problem)) from None

    def text(self, name: str) -> str | None:
        """Text as it is."""
        value = self.raw(name)
        if value is None or isinstance(value, str):
            return value
        raise fault(self.path(name), "must be text in quotes")

    def name(self, name: str) -> str | None:
        """One line that is not empty, at most 200 characters."""
        value = self.text(name)
        return None if value is None else self.checked(name, lambda: texts.name(value, name.replace("_", " ")))

    def line(self, name: str) -> str | None:
        """One line; empty stays empty."""
        value = self.text(name)
        return value if value is None or not value.strip() else self.name(name)

    def key(self) -> str:
        """The table's own key."""
        found = self.name("key")
        if found is None:
            raise fault(self.path("key"), "is missing: each entry has a key of its own, by which it is known again")
        return found

    def number(self, name: str, least: int, most: int) -> int | None:
        """A whole number within bounds."""
        value = self.raw(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise fault(self.path(name), f"must be a whole number from {least} to {most}")
        return value

    def flag(self, name: str) -> bool | None:
        """True or false."""
        value = self.raw(name)
        if value is None or isinstance(value, bool):
            return value
        raise fault(self.path(name), "must be true or false")

    def choice(self, name: str, kinds: type[E]) -> E | None:
        """One of the words of an enum, in any case."""
        value = self.text(name)
        if value is None:
            return None
        for kind in kinds:
            if kind.value.casefold() == value.strip().casefold():
                return kind
        raise fault(self.path(name), f"must be one of {', '.join(kinds)}")

    def names(self, name: str) -> tuple[str, ...] | None:
        """A list of keys."""
        value = self.raw(name)
        if value is None:
            return None
        if not isinstance(value, list):
            raise fault(self.path(name), 'must be a list, such as ["one", "two"]')
        for i, item in enumerate(value):
            if not isinstance(item, str) or not item.strip():
                raise fault(f"{self.path(name)}[{i}]", "must be a key in quotes")
        return tuple(item.strip() for item in value)

    def table(self, name: str) -> Fields:
        """A table inside this one."""
        return Fields(self.raw(name), self.path(name))

    def tables(self, name: str, most: int) -> Iterator[Fields]:
        """A list of tables; none when the key is not there."""
        value = self.raw(name)
        if value is None:
            return
        if not isinstance(value, list):
            raise fault(self.path(name), f"must be a list: write [[{self.path(name)}]]")
        if len(value) > most:
            raise BadInput("too_long", f"{self.path(name)}: at most {most:,} entries.")
        for i, item in enumerate(value):
            yield Fields(item, f"{self.path(name)}[{i}]")

    def date(self, name: str) -> datetime.date | None:
        """A date, as text or as TOML's own."""
        value = self.raw(name)
        if value is None:
            return None
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value
        if isinstance(value, str):
            return self.checked(name, lambda: parse_date(value))
        raise fault(self.path(name), "must be a date such as 2026-12-25")

    def walls(self) -> tuple[int, int]:
        """``start`` and ``end`` in minutes of the day; an end may be ``24:00``."""
        start, end = self._wall("start"), self._wall("end", end=True)
        if end <= start:
            words = "ends before it starts" if end < start else "ends when it starts"
            raise fault(self.path("end"), f"{words}; what runs past midnight is two entries, to 24:00 and from 00:00")
        return start, end

    def _wall(self, name: str, *, end: bool = False) -> int:
        value = self.raw(name)
        if value is None:
            raise fault(self.path(name), 'is missing: a time such as "08:30"')
        if isinstance(value, datetime.time) and not value.second and not value.microsecond:
            return value.hour * 60 + value.minute
        if not isinstance(value, str):
            raise fault(self.path(name), 'must be a time such as "08:30"')
        return self.checked(name, lambda: parse_wall(value, end=end))

    def days(self) -> tuple[int, ...]:
        """``day``: a name, 0 (Sunday) to 6, or a list of them."""
        value = self.raw("day")
        if value is None:
            raise fault(self.path("day"), 'is missing: "mon", or a list such as ["mon", "tue"]')
        given = value if isinstance(value, list) else [value]
        found: dict[int, None] = {}
        for item in given:
            day = _DAY_OF.get(item.strip().lower()) if isinstance(item, str) else item
            if isinstance(day, bool) or not isinstance(day, int) or not 0 <= day <= 6:
                raise fault(self.path("day"), f"is one of {', '.join(DAY_NAMES)}, or 0 (Sunday) to 6")
            found[day] = None
        if not found:
            raise fault(self.path("day"), "names no day")
        return tuple(found)

    def pesos(self, name: str) -> int | None:
        """An amount in centavos that is whole, as the platform keeps prices of services."""
        value = self.raw(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise fault(self.path(name), 'must be an amount such as 500 or "500"')
        amount = self.checked(name, lambda: parse_money(str(value)))
        if amount < 0:
            raise fault(self.path(name), "can't be negative")
        if amount % 100:
            raise fault(self.path(name), "has centavos, and the platform keeps prices of services in whole pesos")
        return amount
