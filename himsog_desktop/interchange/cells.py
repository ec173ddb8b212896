"""Cells of a table made into values: text, days, times, durations, money, states.

Each reader takes a non-empty text and gives a value or raises ``BadCell`` with the rule and a sentence.
Readers of columns with few distinct values remember what they read (``remember``): a column of
110,000 statuses is read once per status.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeVar

from himsog_desktop.domain.appointment import Status
from himsog_desktop.interchange.bounds import MAX_NAME, MAX_NOTES, MAX_SHORT_TEXT

T = TypeVar("T")

_REMEMBERED: Final = 20_000
GUARDED: Final = "=+-@\t\r\n＝＋－＠"
"""What a spreadsheet may take for a formula at the start of a cell (OWASP; reliability S34)."""

_GUARD: Final = re.compile(rf"'+[{re.escape(GUARDED)}]")
# C0 and C1 but tab and line breaks; and the marks that turn the direction of writing.
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACES: Final = re.compile(r"\s+")


class BadCell(ValueError):
    """One cell cannot be read. Never leaves this package: it becomes a ``LineIssue``."""

    def __init__(self, rule: str, text: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.text = text


def quoted(value: str) -> str:
    """A value as an issue may show it: 40 characters at most, on one line."""
    flat = _SPACES.sub(" ", _CONTROLS.sub("", value)).strip()
    return f"“{flat[:40]}…”" if len(flat) > 40 else f"“{flat}”"


def remember(read: Callable[[str], T]) -> Callable[[str], T]:
    """The same reader with a bounded memory of what it read; errors are not remembered."""
    known: dict[str, T] = {}

    def remembered(text: str) -> T:
        try:
            return known[text]
        except KeyError:
            pass
        value = read(text)
        if len(known) >= _REMEMBERED:
            known.clear()
        known[text] = value
        return value

    return remembered


def unguarded(text: str) -> str:
    """Text without the apostrophe that our exports put before what looks like a formula."""
    return text[1:] if text[0] == "'" and _GUARD.match(text) else text


def short_text(text: str) -> str | None:
    """One line of text: single spaces, no control characters. None when nothing is left."""
    return _one_line(text, MAX_SHORT_TEXT)


def name_text(text: str) -> str | None:
    """A person's name as written, on one line."""
    return _one_line(text, MAX_NAME)


def part_text(text: str) -> str | None:
    """One line of text that is a part of a cell: no guard of ours stands before it."""
    return _one_line(text, MAX_SHORT_TEXT, guard=False)


def _one_line(text: str, longest: int, *, guard: bool = True) -> str | None:
    if guard and text[0] == "'":
        text = unguarded(text)
    if not text.isprintable() or "  " in text:
        text = _SPACES.sub(" ", _CONTROLS.sub("", text))
    text = text.strip()
    if len(text) > longest:
        raise BadCell("too_long", f"{len(text):,} characters; at most {longest} can be taken here.")
    return text or None


def long_text(text: str) -> str | None:
    """Notes: line breaks stay, as newlines."""
    text = _CONTROLS.sub("", unguarded(text).replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > MAX_NOTES:
        raise BadCell("too_long", f"{len(text):,} characters; at most {MAX_NOTES:,} can be taken here.")
    return text or None


# ----------------------------------------------------------------------------------------- numbers

_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?")
_WORDS = re.compile(
    r"(?:(\d+(?:[.,]\d+)?)\s*h(?:(?:ou)?rs?|rs?)?\.?)?[\s,]*(?:and\s+)?"
    r"(?:(\d+(?:[.,]\d+)?)\s*m(?:in(?:ute)?s?)?\.?)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_UNITS = {"seconds": 1 / 60, "minutes": 1.0, "hours": 60.0}


def duration_reader(unit: str = "minutes") -> Callable[[str], int]:
    """A reader of lengths in whole minutes: ``30min``, ``1h 30min``, ``00:45:00``, ``14.8``.

    ``unit`` is what a bare number means. Rounds to the nearest minute, at least one.
    """
    scale = _UNITS[unit]

    def read(text: str) -> int:
        text = text.strip().lstrip("'")
        if found := _CLOCK.fullmatch(text):
            minutes = int(found[1]) * 60 + int(found[2]) + int(found[3] or 0) / 60
        elif _NUMBER.fullmatch(text):
            minutes = float(text.replace(",", ".")) * scale
        elif (found := _WORDS.fullmatch(text)) and (found[1] or found[2]):
            minutes = float((found[1] or "0").replace(",", ".")) * 60 + float((found[2] or "0").replace(",", "."))
        else:
            raise BadCell("bad_duration", f"{quoted(text)} is not a length such as 30, 45 min or 1h 30min.")
        if not 0 < minutes <= 366 * 1440:
            raise BadCell("bad_duration", f"{quoted(text)} is no length that an appointment can have.")
        return max(1, round(minutes))

    return remember(read)


_MONEY = re.compile(r"\d[\d.,'\u00a0\u202f ]*")


def money_reader(decimal: str | None = None) -> Callable[[str], int]:
    """A reader of prices in centavos: ``1,500.00``, ``₱1 500``, ``1.500,00``, ``80``.

    ``decimal`` is the mark before the centavos; None guesses it per cell: the last mark, if two
    digits or one follow it.
    """

    def read(text: str) -> int:
        text = text.strip().lstrip("'")
        found = _MONEY.search(text)
        if found is None:
            raise BadCell("bad_number", f"{quoted(text)} is not a price.")
        around = text[: found.start()] + text[found.end() :]
        if "-" in around or "−" in around or "(" in around:
            raise BadCell("bad_number", f"{quoted(text)} is less than nothing.")
        if any(c.isdigit() for c in around):
            raise BadCell("bad_number", f"{quoted(text)} is more than one number.")
        digits = re.sub(r"['\s\u00a0\u202f]", "", found[0]).rstrip(".,")
        mark = decimal
        if mark is None:
            last = max(digits.rfind("."), digits.rfind(","))
            mark = digits[last] if last >= 0 and 1 <= len(digits) - last - 1 <= 2 else ""
        whole, _, cents = digits.rpartition(mark) if mark and mark in digits else (digits, "", "")
        whole = re.sub(r"[.,]", "", whole)
        if not re.fullmatch(r"\d{0,9}", whole) or not re.fullmatch(r"\d{0,4}", cents):
            raise BadCell("bad_number", f"{quoted(text)} is not a price.")
        return int(whole or "0") * 100 + int((cents + "00")[:2])

    return remember(read)


# ------------------------------------------------------------------------------------------ states

UNKNOWN: Final = "UNKNOWN"
"""What a map says for: nobody noted the outcome."""

StatusRead = tuple[Status, bool, str | None]
"""The state, whether its outcome is missing, and the word if nobody knew it."""

_KNOWN: dict[str, tuple[str, ...]] = {
    "PENDING": ("pending", "requested", "unconfirmed", "not confirmed", "tentative",
                "awaiting confirmation", "waitlist"),
    "CONFIRMED": (
        "confirmed", "booked", "scheduled", "new", "accepted", "approved", "open", "active", "upcoming", "rescheduled",
        "reminder sent", "arrived", "checked in", "check in", "started", "in progress", "in room", "waiting", "late",
    ),
    "COMPLETED": (
        "completed", "complete", "attended", "checked out", "check out", "done", "finished", "fulfilled", "seen",
        "show", "closed", "kept", "departed", "paid",
    ),
    "CANCELLED": (
        "cancelled", "canceled", "cancel", "deleted", "declined", "rejected", "void", "late cancel",
        "late cancelled", "late canceled", "cancelled by client", "canceled by client", "cancelled by patient",
        "canceled by patient", "cancelled by clinic", "canceled by clinic", "patient cancelled", "patient canceled",
        "office cancelled", "office canceled", "uta",
    ),
    "NO_SHOW": (
        "no show", "noshow", "did not attend", "did not arrive", "dna", "fta", "failed to attend", "missed", "absent",
        "not attended", "broken", "did not show",
    ),
    UNKNOWN: ("unknown", "none", "n/a", "-", "?", "not set"),
}  # fmt: skip
_BY_WORD = {word: state for state, words in _KNOWN.items() for word in words}


def same_word(text: str) -> str:
    """A status as it is compared: no case, hyphens and underscores as spaces."""
    return _SPACES.sub(" ", re.sub(r"(?<=\w)[-_](?=\w)", " ", text.strip().casefold()))


def status_of(word: str) -> StatusRead | None:
    """What a name of a state or ``UNKNOWN`` means; None when it means nothing."""
    if word == UNKNOWN:
        return Status.CONFIRMED, True, None
    return (Status(word), False, None) if word in Status.__members__ else None


def status_reader(values: dict[str, str], default: str | None) -> Callable[[str], StatusRead]:
    """A reader of states: the map's own values, then the words that any system uses, then the default.

    A word that nobody knows is an unknown outcome, or the map's default, and is handed on to be named.
    """
    own = {same_word(key): value for key, value in values.items()}

    def read(text: str) -> StatusRead:
        word = same_word(text)
        found = status_of(own.get(word) or _BY_WORD.get(word, ""))
        if found is not None:
            return found
        status, missing, _ = status_of(default or UNKNOWN) or (Status.CONFIRMED, True, None)
        return status, missing, text

    return remember(read)


_SEXES = dict.fromkeys(("f", "female", "woman", "w"), "female") | dict.fromkeys(("m", "male", "man"), "male")


@remember
def sex_text(text: str) -> str | None:
    """``female`` or ``male`` for the usual spellings, else as given in small letters."""
    plain = text.strip().casefold()
    return _SEXES.get(plain, plain[:40]) or None


@remember
def email_text(text: str) -> str | None:
    """An e-mail address in one piece; raises for what cannot be one."""
    plain = unguarded(text).strip().removeprefix("mailto:")
    if not plain:
        return None
    name, at, host = plain.rpartition("@")
    if not at or not name or not host or " " in plain or len(plain) > 254 or not plain.isprintable():
        raise BadCell("bad_value", f"{quoted(plain)} is not an e-mail address.")
    return plain
