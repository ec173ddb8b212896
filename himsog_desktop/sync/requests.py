"""What the engine may ask for, one at a time; ``exchange`` carries it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from himsog_desktop.domain.intents import Intent


@dataclass(frozen=True, slots=True)
class Hello:
    """Ask the server who it is."""


@dataclass(frozen=True, slots=True)
class Push:
    """Ask for verdicts."""

    intents: tuple[Intent, ...]


@dataclass(frozen=True, slots=True)
class Abandon:
    """Give up on intents; the server's word decides, and settles them as any verdict does."""

    intents: tuple[Intent, ...]


@dataclass(frozen=True, slots=True)
class Park:
    """An id that stands for another payload (a cloned profile): refuse the intent here, it can never arrive."""

    intent: Intent


@dataclass(frozen=True, slots=True)
class Reoffer:
    """The server has another life than the store knows: offer it again what it lost, and take that life's name."""

    epoch: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Fetch everything; ``place`` None: from the start."""

    clinic: str
    epoch: str
    place: str | None
    accept_deletions: bool = False


@dataclass(frozen=True, slots=True)
class Pull:
    """Fetch what changed."""

    clinic: str
    epoch: str
    cursor: str
    accept_deletions: bool = False


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing to do until then (monotonic seconds; infinite: until ``resume``), or a new act, or a hint."""

    until: float
    why: Literal["done", "waiting", "pause", "stopped"]


Request = Hello | Push | Abandon | Park | Reoffer | Snapshot | Pull | Idle
