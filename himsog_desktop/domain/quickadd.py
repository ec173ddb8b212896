"""A whole booking in one line: ``ana reyes tue 3pm checkup dr cruz 30``. Offline, and the same every time.

Days, times and lengths are ``quickparse``'s. Of the other words:

- ``dr``, ``dra``, ``doc`` or ``doctor`` before the beginning of a word of a provider's name is that provider, and
  so is a provider's whole name; a bare surname never is, because patients have surnames too;
- a bare number of minutes at the end (5 to 480, when no length is said otherwise) is the length;
- the longest run of words that is a service's name, or begins one with four letters or more, is that service;
  signs don't count (``checkup`` is ``Check-up``). It never takes the first word: that is whom it is for;
- what is left is the patient: a name, or a phone.

Nothing is guessed: a provider or service that could be two is none, and its words stay with the name.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from himsog_desktop.domain.quickparse import read_typed

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLES: Final = frozenset(("dr", "dra", "doc", "doctor"))
LEAST_LETTERS: Final = 4
SHORTEST, LONGEST_STAY = 5, 480
"""Minutes that a bare number at the end may mean."""
_JOINING: Final = frozenset(("with", "for", "at", "on", "and", "min", "mins", "minutes", "book"))


@dataclass(frozen=True, slots=True)
class Offer:
    """A provider or a service by id and name; ``by`` is the provider who offers a service."""

    id: str
    name: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class QuickBooking:
    """What was understood. ``who`` is what was typed for the patient, as it was typed."""

    who: str
    day: date | None = None
    minutes: int | None = None
    duration: int | None = None
    provider: str | None = None
    services: tuple[str, ...] = ()


def folded(text: str) -> str:
    """Letters and figures alone, without case and accents: how names are compared."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def read_booking(
    text: str, today: date, providers: Sequence[Offer] = (), services: Sequence[Offer] = (), *, day_first: bool = True
) -> QuickBooking | None:
    """The booking that a line means on the clinic date ``today``.

    None without a day or a time in it, without anybody that it could be for, and for a name and a day alone.
    """
    typed = read_typed(text, today, day_first=day_first)
    if typed is None or (typed.day is None and typed.minutes is None):
        return None
    words = _as_typed(text, typed.unread)
    duration = typed.duration
    if duration is None and len(words) > 1 and words[-1].isascii() and words[-1].isdigit():
        number = int(words[-1]) if len(words[-1]) < 4 else 0
        if SHORTEST <= number <= LONGEST_STAY:
            duration = number
            words = words[:-1]
    provider, words = _provider(words, providers)
    service, words = _service(words, [s for s in services if provider is None or s.by in ("", provider)])
    while words and words[0].casefold() == "book":
        words = words[1:]
    while words and words[-1].casefold() in _JOINING:
        words = words[:-1]
    who = " ".join(words)
    if typed.minutes is None and provider is None and not service and duration is None:
        return None  # "reyes tuesday" looks for her appointment, "go to today" for the day
    if not any(letter.isalnum() for letter in who):
        return None
    return QuickBooking(who, typed.day, typed.minutes, duration, provider, service)


def _as_typed(text: str, unread: tuple[str, ...]) -> list[str]:
    """The words left, in the letters that were typed: ``unread`` has them without capitals."""
    found = []
    at = 0
    low = text.casefold()
    for word in unread:
        start = low.find(word, at)
        if start < 0 or len(low) != len(text):
            found.append(word)
            continue
        at = start + len(word)
        found.append(text[start:at])
    return found


def _provider(words: list[str], providers: Sequence[Offer]) -> tuple[str | None, list[str]]:
    for at, word in enumerate(words):
        if folded(word) not in TITLES:
            continue
        for count in (3, 2, 1):  # "dr dela cruz" before "dr dela"
            named = [folded(w) for w in words[at + 1 : at + 1 + count]]
            if len(named) < count or not all(named):
                continue
            fits = [p for p in providers if _begins(named, p.name)]
            if len(fits) == 1:
                return fits[0].id, words[:at] + words[at + 1 + count :]
    whole = [folded(word) for word in words]
    for p in sorted(providers, key=lambda p: -len(p.name)):
        parts = [part for part in map(folded, p.name.split()) if part]
        for at in range(1, len(whole) - len(parts) + 1):
            if parts and whole[at : at + len(parts)] == parts:
                return p.id, words[:at] + words[at + len(parts) :]
    return None, words


def _begins(named: list[str], name: str) -> bool:
    """Whether the words begin words of a name that follow each other."""
    parts = [part for part in map(folded, name.split()) if part]
    return any(
        all(parts[start + i].startswith(word) for i, word in enumerate(named))
        for start in range(len(parts) - len(named) + 1)
    )


def _service(words: list[str], services: Sequence[Offer]) -> tuple[tuple[str, ...], list[str]]:
    names: dict[str, list[str]] = {}
    for s in services:
        names.setdefault(folded(s.name), []).append(s.id)
    for count in range(len(words) - 1, 0, -1):
        for at in range(1, len(words) - count + 1):
            run = "".join(folded(word) for word in words[at : at + count])
            if not run:
                continue
            fits = [run] if run in names else [n for n in names if len(run) >= LEAST_LETTERS and n.startswith(run)]
            if len(fits) == 1:
                return (names[fits[0]][0],), words[:at] + words[at + count :]
    return (), words
