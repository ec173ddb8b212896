"""What a desk and the shared database say to each other: intents, verdicts, changes. Pure data.

Source: reliability, sections 2.2 and 2.3, in the design's words (section 3). An image holds every field
of an aggregate's frozen record by name: instants as integer microseconds, money as integer centavos.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from himsog_desktop.domain.time import Micros

PROTOCOL = 1
"""The version of the function API that this program speaks."""

Image = Mapping[str, object]
"""An aggregate by field; empty: not there."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What a person wants changed in one aggregate, under an id of its own for good.

    ``before`` and ``after`` are the fields that differ, as they were seen and as they are wanted; a creation
    has an empty ``before``, a deletion an empty ``after`` (then the other holds the whole image). ``author``
    is an id of staff. ``at`` is the workstation's clock: told, never decided by. ``needs`` are ids of intents
    without which this one makes no sense (the patient of a booking). ``supersedes``: the refused one that a
    person answers with it.
    """

    id: str
    act: str
    kind: str
    version: int
    entity: str
    key: str
    before: Image
    after: Image
    author: str | None
    device: str
    at: Micros
    needs: tuple[str, ...] = ()
    supersedes: str | None = None

    @property
    def creates(self) -> bool:
        """Whether it makes the aggregate."""
        return not self.before

    @property
    def deletes(self) -> bool:
        """Whether it removes it."""
        return not self.after


class Trouble(StrEnum):
    """Why an intent was refused: the kind of its card in Needs attention (contract, ``attention``)."""

    SLOT = "slot"
    FIELD = "field"
    STATUS = "status"
    DELETED = "deleted"
    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Told:
    """A rule by its word and the sentence for it."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Theirs:
    """Who gave the aggregate what stands there now: a person's name, None when it was the web's doing."""

    by: str | None = None
    at: Micros | None = None
    source: str = "desk"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The server's first and last word on an intent, and the aggregate as it stands after it.

    ``accepted`` (also when it was merged), ``noop`` (it was so already) or ``refused``; then ``trouble``,
    ``fields`` (those that clash) and ``rules`` say why. ``image`` is empty when the aggregate is not there.
    ``ver`` is its version, 0 when there never was one.
    """

    id: str
    verdict: Literal["accepted", "noop", "refused"]
    entity: str
    key: str
    ver: int
    image: Image
    trouble: Trouble | None = None
    fields: tuple[str, ...] = ()
    rules: tuple[Told, ...] = ()
    theirs: Theirs = Theirs()

    @property
    def refused(self) -> bool:
        """Whether a person has to look at it."""
        return self.verdict == "refused"


@dataclass(frozen=True, slots=True)
class Change:
    """An aggregate as the server has it now.

    ``live`` with its image, ``deleted`` (a tombstone) or ``evicted``: no longer of this clinic.
    """

    entity: str
    key: str
    ver: int
    state: Literal["live", "deleted", "evicted"]
    image: Image
    theirs: Theirs = Theirs()


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A row of history: ``uid`` is the intent's id, or one that the server drew."""

    uid: str
    at: Micros
    by_id: str | None
    source: str
    device: str
    act: str
    kind: str
    entity: str
    key: str
    before: Image
    after: Image


@dataclass(frozen=True, slots=True)
class Card:
    """A refused intent of anybody of the clinic, as every desk sees it. ``resolved``: a ``Resolution``, None: open."""

    intent: Intent
    verdict: Verdict
    author_name: str | None
    resolved: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """A part of a pull; all parts are of one moment. Only the last has ``cursor``: without it nothing counts."""

    changes: tuple[Change, ...] = ()
    history: tuple[HistoryRow, ...] = ()
    cards: tuple[Card, ...] = ()
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A part of an initial snapshot: rows of one table of the cache, in the order of its columns.

    ``place`` is where to go on after it when the line breaks; only the last part has ``cursor``.
    """

    table: str
    rows: tuple[tuple[object, ...], ...]
    place: str
    done: int = 0
    total: int = 0
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the staff as the server knows the session."""

    id: str
    login: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the server says of itself. ``epoch`` names its life: another one after a restore."""

    protocol_min: int
    protocol_max: int
    schema: str
    epoch: str
    person: Person
    clinics: tuple[tuple[str, str], ...]
    now: Micros
