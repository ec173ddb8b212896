"""What is remembered of the list between two starts: words and ids, never what was searched for. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from himsog_desktop.domain.listing import SECTIONS, Order
from himsog_desktop.services.listing import ListFilter
from himsog_desktop.ui.appointments_list import ranges
from himsog_desktop.ui.appointments_list.shape import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable

_HIDEABLE = frozenset(column.key for column in COLUMNS if column.worth <= 8)


@dataclass(frozen=True, slots=True)
class State:
    """Filters, order and columns of the list. ``custom`` are the days of the range ``custom``."""

    range: str = ranges.USUAL
    custom: tuple[date, date] | None = None
    providers: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    source: str | None = None
    missing: bool = False
    order: Order = Order.TIME
    down: bool = False
    hidden: tuple[str, ...] = field(default=("created",))

    def days(self, today: date) -> ranges.Days:
        """The first and the last day of what is over."""
        if self.range == ranges.CUSTOM and self.custom is not None:
            return self.custom
        return ranges.days_of(self.range, today)

    def wanted(self, today: date, query: str) -> ListFilter:
        """What is asked of the services."""
        first, last = self.days(today)
        return ListFilter(
            first, last, self.providers, self.statuses, self.source, self.missing, query, self.order, self.down
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything but the range leaves rows out."""
        return bool(self.providers or self.statuses or self.source or self.missing)

    def words(self) -> tuple[str, ...]:
        """As words for the settings."""
        found = [f"range:{self.range}", f"order:{self.order.value}"]
        if self.custom is not None and self.range == ranges.CUSTOM:
            found += [f"from:{self.custom[0].isoformat()}", f"to:{self.custom[1].isoformat()}"]
        found += [f"provider:{key}" for key in self.providers]
        found += [f"status:{key}" for key in self.statuses]
        found += [f"source:{self.source}"] if self.source else []
        found += ["missing:yes"] if self.missing else []
        found += ["down:yes"] if self.down else []
        return (*found, *(f"hidden:{key}" for key in self.hidden))


def read(words: Iterable[str]) -> State:
    """What was kept; a word that means nothing (any more) is left out."""
    found: dict[str, list[str]] = {}
    for word in words:
        name, _, value = word.partition(":")
        if value:
            found.setdefault(name, []).append(value)
    if not found:
        return State()
    names = {name for name, _ in ranges.PRESETS}
    wanted = (found.get("range") or [ranges.USUAL])[0]
    custom = _custom(found)
    order = (found.get("order") or ["time"])[0]
    return State(
        range=ranges.CUSTOM if wanted == ranges.CUSTOM and custom else wanted if wanted in names else ranges.USUAL,
        custom=custom,
        providers=tuple(found.get("provider", ())),
        statuses=tuple(s for s in SECTIONS if s in found.get("status", ())),
        source=next((s for s in found.get("source", ()) if s in ("desk", "web", "import")), None),
        missing="missing" in found,
        order=Order(order) if order in set(Order) else Order.TIME,
        down="down" in found,
        hidden=tuple(key for key in found.get("hidden", ()) if key in _HIDEABLE),
    )


def _custom(found: dict[str, list[str]]) -> tuple[date, date] | None:
    try:
        first, last = date.fromisoformat(found["from"][0]), date.fromisoformat(found["to"][0])
    except (KeyError, ValueError):
        return None
    return (first, last) if first <= last else None
