"""What comes out of a calendar file: shared by the child that reads it and the parent that asked.

Instants are ``domain.time.Micros``. A day-long entry runs from midnight to midnight of the clinic.
"""

from __future__ import annotations

import msgspec

from himsog_desktop.domain.time import Micros


class Occurrence(msgspec.Struct, frozen=True):
    """One time that an entry takes place.

    ``uid`` is the entry's; ``key`` is the same each time the file is read, and differs between the
    occurrences of one entry. ``start`` may equal ``end`` (a moment without length; it is warned of).
    ``tentative`` and ``free`` (time shown as free) are as the calendar says. ``line`` is where the
    entry begins in the file.
    """

    uid: str
    key: str
    start: Micros
    end: Micros
    all_day: bool
    summary: str | None
    line: int
    tentative: bool = False
    free: bool = False


class Skipped(msgspec.Struct, frozen=True):
    """An entry that is not taken, as a whole.

    ``rule``: missing bad_value ends_before_start cancelled too_many too_often too_long takes_too_long
    broken not_supported.
    """

    uid: str
    rule: str
    text: str
    line: int


class Warned(msgspec.Struct, frozen=True):
    """Something to know about an entry that is taken. ``rule``: zone no_length encoding broken_line empty."""

    uid: str | None
    field: str | None
    rule: str
    text: str
    line: int


class CalendarContent(msgspec.Struct, frozen=True):
    """All of a calendar file. ``events`` are its VEVENT components; ``outside`` those with nothing in the window.

    ``ignored`` counts the components that are no events (VTODO, VJOURNAL, VFREEBUSY).
    """

    encoding: str
    components: int
    events: int
    outside: int
    occurrences: list[Occurrence]
    skipped: list[Skipped]
    warned: list[Warned]
    ignored: dict[str, int]


class Unreadable(msgspec.Struct, frozen=True):
    """The file as a whole cannot be taken: ``code`` is of the contract, ``text`` a sentence."""

    code: str
    text: str


class ChildAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the child says: one of the two."""

    content: CalendarContent | None = None
    unreadable: Unreadable | None = None
