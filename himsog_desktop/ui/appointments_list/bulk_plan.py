"""What a person has in mind for many at once: some moved, some cancelled, some left as they are. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from himsog_desktop.domain.appointment import CancelledBy, StatusAct
from himsog_desktop.domain.commands import Bulk, Step
from himsog_desktop.domain.time import MINUTE, parse_instant

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from himsog_desktop.domain.time import Micros, Zone
    from himsog_desktop.services.documents import OutcomeDoc, SlotDoc

MOVE, CANCEL, OUT = "move", "cancel", "out"


@dataclass(slots=True)
class BulkPlan:
    """Per id what becomes of it; ``picked`` are times that were chosen for single ones."""

    ids: tuple[str, ...]
    usual: str
    provider_id: str | None = None
    day: date | None = None
    shift: int = 0
    reason: str = ""
    by: CancelledBy = CancelledBy.CLINIC
    fate: dict[str, str] = field(default_factory=dict)
    picked: dict[str, SlotDoc] = field(default_factory=dict)
    starts: dict[str, Micros] = field(default_factory=dict)

    def of(self, key: str) -> str:
        """What becomes of one."""
        return self.fate.get(key, self.usual)

    def set(self, keys: Iterable[str], fate: str) -> None:
        """Something else for these."""
        for key in keys:
            self.fate[key] = fate
            self.picked.pop(key, None)

    def pick(self, outcome: OutcomeDoc, slot: SlotDoc) -> None:
        """Another time for one, from those that were offered."""
        self.fate[outcome.id] = MOVE
        self.picked[outcome.id] = slot
        self.starts[outcome.id] = parse_instant(outcome.before.start)

    def count(self, fate: str) -> int:
        """How many have this before them."""
        if not self.fate:
            return len(self.ids) if fate == self.usual else 0
        return sum(1 for key in self.ids if self.of(key) == fate)

    @property
    def moves_somewhere(self) -> bool:
        """Whether it has been said where to move to."""
        return self.provider_id is not None or self.day is not None or bool(self.shift)

    def command(self, zone: Zone) -> Bulk | None:
        """The act, None for nothing.

        Cancellations come first, so that their times are free for the others; then the times that were chosen
        one by one, so that no other row takes them.
        """
        steps = []
        cancelled = tuple(key for key in self.ids if self.of(key) == CANCEL)
        if cancelled:
            steps.append(Step(cancelled, StatusAct.CANCEL, reason=self.reason or None, cancelled_for=self.by))
        for key in self.ids:
            slot = self.picked.get(key)
            if slot is not None and self.of(key) == MOVE:
                to, was = parse_instant(slot.start), self.starts[key]
                day = zone.date_of(to)
                same = zone.instant(day, zone.minutes_of(was))
                steps.append(Step((key,), provider_id=slot.provider, day=day, shift=(to - same) // MINUTE))
        moved = tuple(key for key in self.ids if self.of(key) == MOVE and key not in self.picked)
        if moved and self.moves_somewhere:
            steps.append(Step(moved, provider_id=self.provider_id, day=self.day, shift=self.shift))
        return Bulk(tuple(steps)) if steps else None
