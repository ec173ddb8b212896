"""What the papers of a day are made of: frozen rows, and what whoever prints has chosen. No Qt, no cache."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from himsog_desktop.domain.day import Span
from himsog_desktop.domain.marks import MARK_OF
from himsog_desktop.domain.time import Micros, Zone

STATES = {
    "PENDING": "Requested",
    "CONFIRMED": "Confirmed",
    "COMPLETED": "Completed",
    "NO_SHOW": "No-show",
    "CANCELLED": "Cancelled",
}
"""The states in words, in the order in which they are counted."""
VISITS = {"arrived": "Arrived", "in_room": "In room", "with_provider": "With provider", "checked_out": "Checked out"}
GONE = frozenset({"CANCELLED", "NO_SHOW"})
"""The states that have a section of their own: nobody comes."""
ACTIVE = frozenset({"PENDING", "CONFIRMED"})


class PrintRow(NamedTuple):
    """One appointment. ``birth_date`` is ``YYYY-MM-DD``; ``services`` are names joined by ``"; "``."""

    start: Micros
    end: Micros
    id: str
    name: str
    birth_date: str | None
    phone: str | None
    services: str
    status: str
    visit: str | None
    visit_since: Micros | None
    note: str | None

    @property
    def gone(self) -> bool:
        """Whether it stands in the section of those who do not come."""
        return self.status in GONE

    @property
    def in_visit(self) -> bool:
        """Whether the patient is in the house now."""
        return self.visit is not None and self.status in ACTIVE

    @property
    def mark(self) -> str:
        """The drawing of its state, as on the screen: of the visit once the patient is in the house."""
        return MARK_OF.get((self.visit or "") if self.in_visit else self.status, "question")


class PrintColumn(NamedTuple):
    """A provider's day: open stretches, what lies in the way, the appointments by start and id."""

    id: str
    name: str
    specialty: str | None
    open: tuple[tuple[Micros, Micros], ...]
    spans: tuple[Span, ...]
    rows: tuple[PrintRow, ...]


class PrintDay(NamedTuple):
    """A clinic day of the chosen providers, with the moment at which it was read."""

    clinic: str
    zone: Zone
    day: date
    low: Micros
    high: Micros
    columns: tuple[PrintColumn, ...]
    printed: Micros


class PrintChoices(NamedTuple):
    """How to print. With hidden names nothing that tells who somebody is stands on the paper.

    ``kind`` is ``list`` (a part per provider) or ``sheet`` (all providers side by side); ``landscape`` None is
    what suits the kind.
    """

    kind: str = "list"
    hide_names: bool = False
    notes: bool = True
    size: str = "a4"
    landscape: bool | None = None
    hour12: bool = False
    printed_line: bool = True

    @property
    def lying(self) -> bool:
        """Whether the sheet lies on its side."""
        return self.kind == "sheet" if self.landscape is None else self.landscape
