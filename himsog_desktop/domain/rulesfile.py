"""The rules file of the contract: slots of rules that stand in a document, without a profile.

Reads an already parsed JSON value. Every fault is a ``BadInput`` whose sentence names the field, such
as ``hours[2].end``. Unknown keys are left alone: keys may be added (contract, "Conventions").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from himsog_desktop.domain.clinic import Break, Hours, Override, OverrideKind
from himsog_desktop.domain.errors import BadInput
from himsog_desktop.domain.rules import Rule
from himsog_desktop.domain.slots import BUSY_KINDS, Busy, Diary, SlotRules
from himsog_desktop.domain.time import Micros, Zone, parse_date, parse_instant, parse_wall, zone

_T = TypeVar("_T")

MOST_MINUTES = 1440
"""The longest duration, step and buffer: a day."""

MOST_NOTICE = 2 * 366 * 1440
"""The longest minimum notice: two years, in minutes."""


class _Kind(StrEnum):
    """What a busy time of the file may be: the rules of ``BUSY_KINDS`` by name."""

    BOOKED = "booked"
    BLOCKED_TIME = "blocked_time"
    HELD = "held"
    RESOURCE_BUSY = "resource_busy"
    PATIENT_BUSY = "patient_busy"

    @property
    def rule(self) -> Rule:
        return next(rule for rule in BUSY_KINDS if rule.word == self.value)


@dataclass(frozen=True, slots=True)
class RulesFile:
    """What a rules file says; ``now`` is the file's, else the clock's."""

    rules: SlotRules
    busy: tuple[Busy, ...]
    now: Micros

    def diary(self) -> Diary:
        """The diary that lists the file's slots; its provider is None."""
        return Diary(self.rules, self.busy, now=self.now)


class _Fields:
    """One object of the file, with the path to it for the sentences."""

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, Mapping):
            raise _bad(path or "The rules file", "must be an object with named values")
        self._values = value
        self._path = path

    def path(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def raw(self, name: str) -> object:
        """The value of a key; None when it is absent or null."""
        return self._values.get(name)

    def text(self, name: str) -> str | None:
        value = self.raw(name)
        if value is not None and not isinstance(value, str):
            raise _bad(self.path(name), "must be text")
        return value

    def required(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise _bad(self.path(name), "is missing")
        return value

    def read(self, name: str, reader: Callable[[str], _T], code: str = "bad_value") -> _T:
        """A text made into something by a reader that raises ValueError in words."""
        text = self.required(name)
        try:
            return reader(text)
        except ValueError as problem:
            raise _bad(self.path(name), str(problem), colon=True, code=code) from None

    def number(self, name: str, *, least: int, most: int) -> int | None:
        value = self.raw(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise _bad(self.path(name), "must be a whole number")
        if not least <= value <= most:
            raise _bad(self.path(name), f"must be from {least} to {most}")
        return value

    def flag(self, name: str) -> bool | None:
        value = self.raw(name)
        if value is not None and not isinstance(value, bool):
            raise _bad(self.path(name), "must be true or false")
        return value

    def items(self, name: str, *, required: bool = False) -> Iterator[_Fields]:
        value = self.raw(name)
        if value is None and not required:
            return
        if not isinstance(value, (list, tuple)):
            raise _bad(self.path(name), "is missing" if value is None else "must be a list")
        for index, item in enumerate(value):
            yield _Fields(item, f"{self.path(name)}[{index}]")

    def walls(self) -> tuple[int, int]:
        """``start`` and ``end`` as minutes of the day; the end may be ``24:00``."""
        start = self.read("start", parse_wall)
        end = self.read("end", lambda text: parse_wall(text, end=True))
        if start >= end:
            raise _bad(self.path("end"), f"must be after {self.path('start')}")
        return start, end

    def weekday(self) -> int:
        day = self.number("day", least=0, most=6)
        if day is None:
            raise _bad(self.path("day"), "is missing: 0 is Sunday, 6 is Saturday")
        return day


def _bad(field: str, problem: str, *, colon: bool = False, code: str = "bad_value") -> BadInput:
    return BadInput(code, f"{field}{':' if colon else ''} {problem}.")


def rules_from_document(document: object, *, clock: Micros) -> RulesFile:
    """Read a rules file. ``clock`` is now where the file doesn't say.

    Required: ``timezone``, ``hours`` (may be empty), ``duration``. Raises BadInput with code
    ``bad_value``, or ``bad_instant`` for a moment that cannot be understood.
    """
    fields = _Fields(document, "")
    where: Zone = fields.read("timezone", zone)
    duration = fields.number("duration", least=1, most=MOST_MINUTES)
    if duration is None:
        raise _bad("duration", "is missing")
    rules = SlotRules(
        zone=where,
        duration=duration,
        hours=tuple(Hours("", item.weekday(), *item.walls()) for item in fields.items("hours", required=True)),
        overrides=tuple(_override(item) for item in fields.items("overrides")),
        breaks=tuple(Break(item.text("name") or "", item.weekday(), *item.walls()) for item in fields.items("breaks")),
        step=fields.number("step", least=1, most=MOST_MINUTES),
        notice=fields.number("notice_minutes", least=0, most=MOST_NOTICE) or 0,
        buffer_before=fields.number("buffer_before", least=0, most=MOST_MINUTES) or 0,
        buffer_after=fields.number("buffer_after", least=0, most=MOST_MINUTES) or 0,
        max_per_day=fields.number("max_per_day", least=0, most=100_000),
        provider_active=fields.flag("provider_active") is not False,
    )
    busy = tuple(_busy(item) for item in fields.items("busy"))
    now = clock if fields.raw("now") is None else fields.read("now", parse_instant, "bad_instant")
    return RulesFile(rules, busy, now)


def _override(item: _Fields) -> Override:
    day = item.read("date", parse_date)
    available = item.flag("available") or False
    kind = OverrideKind.CUSTOM_HOURS if available else OverrideKind.BLOCKED
    if item.raw("kind") is not None:
        kind = item.read("kind", _choice(OverrideKind))
    if item.raw("start") is None and item.raw("end") is None:
        if available:
            raise _bad(item.path("start"), "is missing: an available override needs start and end")
        return Override(day.isoformat(), available, None, None, kind, item.text("reason"))
    return Override(day.isoformat(), available, *item.walls(), kind, item.text("reason"))


def _busy(item: _Fields) -> Busy:
    start = item.read("start", parse_instant, "bad_instant")
    end = item.read("end", parse_instant, "bad_instant")
    if start >= end:
        raise _bad(item.path("end"), f"must be after {item.path('start')}")
    kind = _Kind.BOOKED if item.raw("kind") is None else item.read("kind", _choice(_Kind))
    return Busy(start, end, kind.rule, item.text("text") or "")


_Choice = TypeVar("_Choice", bound=StrEnum)


def _choice(kinds: type[_Choice]) -> Callable[[str], _Choice]:
    def read(text: str) -> _Choice:
        try:
            return kinds(text)
        except ValueError:
            raise ValueError(f"must be one of {', '.join(kinds)}") from None

    return read
