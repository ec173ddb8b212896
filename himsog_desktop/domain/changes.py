"""What an act changed, so that each screen re-reads just that (design, section 1)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """The ids and clinic dates that a write transaction touched.

    ``days`` are ``YYYY-MM-DD``. ``everything`` says that the sets would be too long to list (an
    import, a demo, a restore) and that a screen should re-read what it shows. ``initiator`` names the
    screen or program that asked, so that it can tell its own echo.
    """

    appointments: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()
    patients: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    everything: bool = False
    initiator: str = ""
    act: str = field(default="", compare=False)

    def __or__(self, other: ChangeSet) -> ChangeSet:
        return ChangeSet(
            self.appointments | other.appointments,
            self.days | other.days,
            self.patients | other.patients,
            self.providers | other.providers,
            self.services | other.services,
            self.lists | other.lists,
            self.everything or other.everything,
            self.initiator if self.initiator == other.initiator else "",
            other.act,
        )

    @property
    def empty(self) -> bool:
        """Whether nothing changed."""
        return not (
            self.everything
            or self.appointments
            or self.days
            or self.patients
            or self.providers
            or self.services
            or self.lists
        )
