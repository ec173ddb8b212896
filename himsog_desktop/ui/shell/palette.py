"""What the palette offers besides patients and appointments, and in which order: pure, without Qt.

A query fits an entry when each of its words begins a word of it (``vi we`` is "The week view"), or when its
letters are the first letters of the words one after the other (``gtt`` is "Go to today"). Nothing else fits:
whoever types three letters of a patient's name is not shown commands that hold them somewhere.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

WHOLE, BEGINS, IN_ORDER, ANY_ORDER, INITIALS = range(5)
"""How well an entry fits, best first."""
FEW = 6
"""Entries shown beside patients and appointments."""
MOST_RECENT = 8
USUAL = ("book", "today", "go_to", "undo", "page_appointments", "page_settings", "help")
"""Offered before anything was typed, after what was done lately."""


class Entry(NamedTuple):
    """One thing to choose: what it is and does, what it is called, what stands beside it, other words for it."""

    kind: str
    id: str
    words: str
    detail: str = ""
    also: str = ""


def split(text: str) -> list[str]:
    """The words of a text as they are compared: letters and figures, without case and accents."""
    return list(_split(text))


@lru_cache(maxsize=1024)
def _split(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(letter if letter.isalnum() else "" if unicodedata.combining(letter) else " " for letter in plain)
    return tuple(kept.split())


def fit(query: list[str], entry: Entry) -> int | None:
    """How well words fit an entry; None: not at all."""
    if not query:
        return None
    words = split(entry.words)
    if query == words:
        return WHOLE
    if len(query) <= len(words) and all(w.startswith(q) for q, w in zip(query, words, strict=False)):
        return BEGINS
    every = [*words, *split(entry.also)]
    if _in_order(query, every):
        return IN_ORDER
    if _each_once(query, every):
        return ANY_ORDER
    if len(query) == 1 and len(query[0]) > 1 and "".join(word[0] for word in words).startswith(query[0]):
        return INITIALS
    return None


def _in_order(query: list[str], words: list[str]) -> bool:
    rest = iter(words)
    return all(any(word.startswith(q) for word in rest) for q in query)


def _each_once(query: list[str], words: list[str]) -> bool:
    """Whether every word of the query begins a word of its own (the longest first takes what it needs)."""
    left = list(words)
    for q in sorted(query, key=len, reverse=True):
        found = next((word for word in left if word.startswith(q)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def ranked(text: str, entries: Iterable[Entry], recent: tuple[str, ...] = (), few: int = FEW) -> list[Entry]:
    """The entries that fit, best first; of equal ones what was done lately, then the order that they came in."""
    query = split(text)
    found = []
    for at, entry in enumerate(entries):
        how = fit(query, entry)
        if how is not None:
            late = recent.index(entry.id) if entry.id in recent else len(recent)
            found.append((how, late, at, entry))
    return [entry for _how, _late, _at, entry in sorted(found, key=lambda f: f[:3])[:few]]


def offered(entries: Iterable[Entry], recent: tuple[str, ...]) -> list[Entry]:
    """What stands there before anything was typed: what was done lately, then what is usual."""
    by_id = {entry.id: entry for entry in entries}
    wanted = dict.fromkeys((*recent, *USUAL))
    return [by_id[act] for act in wanted if act in by_id][: MOST_RECENT + 2]


def remembered(recent: tuple[str, ...], act: str) -> tuple[str, ...]:
    """What was done lately, with this first."""
    return (act, *(other for other in recent if other != act))[:MOST_RECENT]
