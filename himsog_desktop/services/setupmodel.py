"""What stands, what is to change: shared by the two halves of the set-up plan."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from himsog_desktop.domain.clinic import Clinic, Provider, Service

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeVar

    from himsog_desktop.domain.people import Staff

    T = TypeVar("T")
    Setting = Clinic | Staff | Provider | Service


def either(said: T | None, there: T) -> T:
    """What the document says, else what is there."""
    return there if said is None else said


class Standing(NamedTuple):
    """The set-up as it stands."""

    clinic: Clinic
    staff: Sequence[Staff]
    providers: Sequence[Provider]
    services: Sequence[Service]


class Change(NamedTuple):
    """One record as it is (None: new) and as it is to be, with the key it goes by."""

    entity: str
    key: str
    old: Setting | None
    new: Setting


@dataclass(slots=True)
class Plan:
    """Changes in the order in which they are written, and names of the catalogue's entries by id."""

    changes: list[Change] = field(default_factory=list)
    catalogue: dict[str, str] = field(default_factory=dict)

    def add(self, entity: str, key: str, old: Setting | None, new: Setting) -> None:
        """Note a change, if it is one; a moment of change alone is none."""
        if old is not None and isinstance(old, Provider | Service) and isinstance(new, Provider | Service):
            if replace(new, updated=old.updated) == old:
                return
        elif old == new:
            return
        self.changes.append(Change(entity, key, old, new))
